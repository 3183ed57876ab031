package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Result is what a search found.
type Result struct {
	Hits     *xcontent.Object // as the answer shows them
	Total    int
	Failures []Failure
}

// Failure is an index that could not be searched.
type Failure struct {
	Index string
	Err   *eserr.Error
}

// hit is a document that was found.
type hit struct {
	shard *shard
	doc   int
	score float32
	ranks []rank
	names []string
}

// Run searches indices; now is the time that dates are reckoned from.
func (q *Request) Run(indices []Index, now time.Time) Result {
	var result Result
	var hits []hit
	for _, ix := range indices {
		found, total, err := q.shard(newShard(ix, now))
		if err != nil {
			result.Failures = append(result.Failures, Failure{ix.Name, err})
			continue
		}
		hits = append(hits, found...)
		result.Total += total
	}
	slices.SortStableFunc(hits, q.order)
	best := q.best(hits)
	hits = hits[min(q.From, len(hits)):]
	hits = hits[:min(q.Size, len(hits))]
	result.Hits = q.show(hits, result.Total, best, len(indices) == 0)
	return result
}

// shard finds the hits of one index that come after those that the request
// goes on from, and how many there are in all.
func (q *Request) shard(sh *shard) (hits []hit, total int, err *eserr.Error) {
	match, err := q.query.on(sh, 1)
	if err != nil {
		return nil, 0, err
	}
	filter, err := q.filter.on(sh, 1)
	if err != nil {
		return nil, 0, err
	}
	rankers, after, err := q.rankers(sh)
	if err != nil {
		return nil, 0, err
	}
	names, err := q.names(sh)
	if err != nil {
		return nil, 0, err
	}
	for doc := range sh.Docs {
		score, found := match(doc)
		if _, passes := filter(doc); !found || !passes || q.MinScore != nil && score < *q.MinScore {
			continue
		}
		total++
		h := hit{shard: sh, doc: doc, score: score, names: names(doc)}
		for _, r := range rankers {
			h.ranks = append(h.ranks, r(doc, score))
		}
		if after == nil || before(after, h.ranks, q.sort) < 0 {
			hits = append(hits, h)
		}
	}
	return hits, total, nil
}

// rankers are those of the keys that hits are sorted by, and the ranks to go
// on from.
func (q *Request) rankers(sh *shard) (rankers []ranker, after []rank, err *eserr.Error) {
	for _, k := range q.sort {
		r, err := sh.ranker(k)
		if err != nil {
			return nil, nil, err
		}
		rankers = append(rankers, r)
	}
	switch {
	case q.after == nil:
		return rankers, nil, nil
	case q.scoresOnly():
		return nil, nil, eserr.IllegalArgument("Sort must contain at least one field.")
	case len(q.sort) != len(q.after):
		return nil, nil, eserr.IllegalArgument("search_after has %d value(s) but sort has %d.", len(q.after), len(q.sort))
	}
	for i, k := range q.sort {
		r, err := sh.afterRank(k, q.after[i])
		if err != nil {
			return nil, nil, err
		}
		after = append(after, r)
	}
	return rankers, after, nil
}

// afterRank reads a rank to go on from.
func (sh *shard) afterRank(k sortKey, v any) (rank, *eserr.Error) {
	f, _ := sh.field(k.field)
	kind := cmp.Or(f.Kind, k.unmapped)
	switch {
	case k.field == byScore:
		n, err := parseNumber(v)
		return rank{value: n.float}, err
	case v == nil && kind != Keyword:
		return k.absent(kind)
	case v == nil:
		return rank{}, nil
	case kind == Keyword:
		return rank{value: textOf(v)}, nil
	case kind == Date && !isNumber(v):
		format := k.format
		if format.IsZero() {
			format = estime.Default
		}
		t, err := format.Math(textOf(v), sh.now, time.UTC, false)
		return rank{value: t.UnixMilli()}, err
	}
	n, err := parseNumber(v)
	switch {
	case err != nil:
		return rank{}, eserr.IllegalArgument("Failed to parse search_after value for field [%s].", k.field).CausedBy(err)
	case kind == Float:
		return rank{value: n.float}, nil
	}
	return rank{value: n.whole}, nil
}

// names tells by the names of which queries a document is found.
func (q *Request) names(sh *shard) (func(doc int) []string, *eserr.Error) {
	matchers := make([]matcher, len(q.named))
	for i, n := range q.named {
		var err *eserr.Error
		if matchers[i], err = n.query.on(sh, 1); err != nil {
			return nil, err
		}
	}
	return func(doc int) (names []string) {
		for i, m := range matchers {
			if _, found := m(doc); found {
				names = append(names, q.named[i].name)
			}
		}
		return names
	}, nil
}

// scoresOnly reports whether hits come in the order of their scores alone.
func (q *Request) scoresOnly() bool {
	return len(q.sort) == 0 || len(q.sort) == 1 && q.sort[0].field == byScore && q.sort[0].desc
}

// order says which of two hits comes first.
func (q *Request) order(a, b hit) int {
	if q.scoresOnly() {
		return cmp.Compare(b.score, a.score)
	}
	return before(a.ranks, b.ranks, q.sort)
}

// scored reports whether hits have scores.
func (q *Request) scored() bool {
	return q.scoresOnly() || q.TrackScores || slices.ContainsFunc(q.sort, func(k sortKey) bool { return k.field == byScore })
}

// best is the best score, nil where nobody asked for it.
func (q *Request) best(hits []hit) any {
	if len(hits) == 0 || q.Size == 0 || !q.scoresOnly() && !q.TrackScores {
		return nil
	}
	return scoreNumber(slices.MaxFunc(hits, func(a, b hit) int { return cmp.Compare(a.score, b.score) }).score)
}

// show writes the hits as an answer does.
func (q *Request) show(hits []hit, total int, best any, nowhere bool) *xcontent.Object {
	out := xcontent.NewObject()
	if !q.Untracked {
		relation := "eq"
		if total > q.Track {
			total, relation = q.Track, "gte"
		}
		out.Set("total", xcontent.NewObject("value", integer(int64(total)), "relation", relation))
	}
	if nowhere {
		best = scoreNumber(0)
	}
	out.Set("max_score", best)
	list := []any{}
	for _, h := range hits {
		list = append(list, q.showHit(h))
	}
	return out.Set("hits", list)
}

func (q *Request) showHit(h hit) *xcontent.Object {
	d := h.shard.Docs[h.doc]
	out := xcontent.NewObject("_index", h.shard.Name, "_id", d.ID)
	if q.Version {
		out.Set("_version", integer(d.Version))
	}
	if q.SeqNo {
		out.Set("_seq_no", integer(d.SeqNo)).Set("_primary_term", integer(1))
	}
	var score any
	if q.scored() {
		score = scoreNumber(h.score)
	}
	out.Set("_score", score)
	if !q.Source.Hidden {
		out.Set("_source", q.Source.Filter(d.Source))
	}
	if !q.scoresOnly() {
		values := []any{}
		for _, r := range h.ranks {
			values = append(values, r.shown)
		}
		out.Set("sort", values)
	}
	if h.names != nil {
		names := []any{}
		for _, n := range h.names {
			names = append(names, n)
		}
		out.Set("matched_queries", names)
	}
	return out
}

// scoreNumber writes a score as Java writes a float.
func scoreNumber(score float32) xcontent.Number {
	text := strconv.FormatFloat(float64(score), 'f', -1, 32)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return xcontent.Number(text)
}

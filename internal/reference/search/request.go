package search

import (
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Request is a search.
type Request struct {
	From, Size     int
	Source         Source
	Version, SeqNo bool // hits tell them
	TrackScores    bool
	Track          int // the count of hits is exact up to this one
	Untracked      bool
	MinScore       *float32
	query, filter  Query
	sort           []sortKey
	after          []any
	named          []named
}

// trackAll makes the count of hits exact.
const trackAll = 1<<31 - 1

// NewRequest returns a search for everything.
func NewRequest() *Request {
	return &Request{Size: 10, Track: 10_000, query: Query{boost: 1, build: all}, filter: Query{boost: 1, build: all}}
}

// ParseBody reads the body of a search.
func (q *Request) ParseBody(p *xcontent.Parser) *eserr.Error {
	r := &reader{Parser: p}
	t, err := r.Next()
	if err != nil {
		return err
	}
	if t != xcontent.StartObject {
		return r.parsing("Expected [START_OBJECT] but found [%s]", t)
	}
	if err := r.members(func(name string) *eserr.Error { return q.member(r, name) }); err != nil {
		return err
	}
	q.named = r.named
	if t, err = r.Next(); err == nil && t != xcontent.None {
		err = r.parsing("Unexpected token [%s] found after the main object.", t)
	}
	return err
}

// otherMembers are members of a search that Elasticsearch knows, too.
var otherMembers = []string{
	"aggregations", "aggs", "collapse", "docvalue_fields", "explain", "ext", "fields", "highlight", "indices_boost", "knn", "pit",
	"profile", "rank", "rescore", "retriever", "runtime_mappings", "script_fields", "slice", "stats", "stored_fields", "suggest",
	"terminate_after",
}

// member reads one member of a search.
func (q *Request) member(r *reader, name string) (err *eserr.Error) {
	value, object, list := r.isValue(), r.Token() == xcontent.StartObject, r.Token() == xcontent.StartArray
	flags := map[string]*bool{"version": &q.Version, "seq_no_primary_term": &q.SeqNo, "track_scores": &q.TrackScores}
	switch {
	case value && flags[name] != nil:
		*flags[name], err = r.Boolean()
		return err
	case value && name == "from":
		return r.int(q.SetFrom)
	case value && name == "size":
		return r.int(q.SetSize)
	case value && name == "track_total_hits":
		text, err := r.Text()
		if err != nil {
			return err
		}
		return q.SetTrack(text)
	case value && name == "min_score":
		score, err := r.float()
		q.MinScore = &score
		return err
	case value && name == "timeout":
		text, err := r.Text()
		if err != nil {
			return err
		}
		return CheckTime("timeout", text)
	case value && r.Token() == xcontent.Bool && (name == "explain" || name == "profile"):
		on, err := r.Boolean()
		if on {
			err = Unsupported("[" + name + "] of a search")
		}
		return err
	case (value || object || list) && name == "sort":
		q.sort, err = r.sorts()
		return err
	case (value || object || list) && name == "_source":
		q.Source, err = r.source()
		return err
	case object && name == "query":
		q.query, err = r.query()
		return err
	case object && name == "post_filter":
		q.filter, err = r.query()
		return err
	case list && name == "search_after":
		q.after, err = r.after()
		return err
	case r.Token() != xcontent.Null && slices.Contains(otherMembers, name):
		return Unsupported("[" + name + "] of a search")
	}
	return r.parsing("Unknown key for a %s in [%s].", r.Token(), name)
}

// int reads an int for a setter.
func (r *reader) int(set func(int) *eserr.Error) *eserr.Error {
	if r.Token() == xcontent.String {
		text, err := r.Text()
		if err != nil {
			return err
		}
		n, err := atoi(text)
		if err != nil {
			return err
		}
		return set(n)
	}
	n, err := r.Int()
	if err != nil {
		return err
	}
	return set(int(n))
}

// SetFrom sets how many hits are passed over.
func (q *Request) SetFrom(n int) *eserr.Error {
	if n < 0 {
		return eserr.IllegalArgument("[from] parameter cannot be negative but was [%d]", n)
	}
	q.From = n
	return nil
}

// SetSize sets how many hits are wanted.
func (q *Request) SetSize(n int) *eserr.Error {
	if n < 0 {
		return eserr.IllegalArgument("[size] parameter cannot be negative, found [%d]", n)
	}
	q.Size = n
	return nil
}

// SetTrack sets up to where hits are counted: a boolean or a number.
func (q *Request) SetTrack(text string) *eserr.Error {
	q.Untracked = text == "false"
	switch text {
	case "true", "":
		q.Track = trackAll
		return nil
	case "false":
		return nil
	}
	n, err := atoi(text)
	switch {
	case err != nil:
		return err
	case n < -1:
		return eserr.IllegalArgument("[track_total_hits] parameter must be positive or equals to -1, got %d", n)
	case n == -1:
		n = trackAll
	}
	q.Track = n
	return nil
}

// SetSort sets what to sort by as the parameter of that name tells it:
// "field" or "field:order". What has another order is passed over.
func (q *Request) SetSort(list []string) {
	for _, text := range list {
		at := strings.LastIndex(text, ":")
		if at < 0 {
			q.sort = append(q.sort, newSortKey(text))
			continue
		}
		if order := text[at+1:]; order == "asc" || order == "desc" {
			q.sort = append(q.sort, sortKey{field: text[:at], desc: order == "desc"})
		}
	}
}

// Validate says what is wrong with a request that could be read.
func (q *Request) Validate() []string {
	if q.after != nil && q.From > 0 {
		return []string{"[from] parameter must be set to 0 when [search_after] is used"}
	}
	return nil
}

// after reads where to go on.
func (r *reader) after() ([]any, *eserr.Error) {
	var values []any
	for {
		t, err := r.Next()
		switch {
		case err != nil:
			return nil, err
		case t == xcontent.EndArray && values == nil:
			return nil, eserr.IllegalArgument("Values must contains at least one value.")
		case t == xcontent.EndArray:
			return values, nil
		case t != xcontent.Null && !r.isValue():
			return nil, r.parsing("Expected [VALUE_STRING] or [VALUE_NUMBER] or [VALUE_BOOLEAN] or [VALUE_NULL] but found [%s] inside search_after.", t)
		}
		v, err := r.Value()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
}

// CheckTime refuses what is no duration.
func CheckTime(name, text string) *eserr.Error {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	unit := text[len(number):]
	if text == "-1" || text == "0" {
		return nil
	}
	if !slices.Contains([]string{"nanos", "micros", "ms", "s", "m", "h", "d"}, unit) {
		return eserr.IllegalArgument("failed to parse setting [%s] with value [%s] as a time value: unit is missing or unrecognized", name, text)
	}
	if _, err := strconv.ParseInt(number, 10, 64); err != nil {
		return eserr.IllegalArgument("failed to parse [%s]", text)
	}
	return nil
}

// ParseQuery reads the body of a request that takes a query alone, such as a
// count.
func (q *Request) ParseQuery(p *xcontent.Parser) *eserr.Error {
	r := &reader{Parser: p}
	t, err := r.Next()
	if err != nil {
		return err
	}
	if t != xcontent.StartObject {
		if t == xcontent.None {
			return nil
		}
		return r.parsing("Expected [START_OBJECT] but found [%s]", t)
	}
	for {
		t, err := r.Next()
		if err != nil || t == xcontent.EndObject {
			return err
		}
		at, name := r.Location(), r.Name()
		if name != "query" {
			return parsingAt(at, "request does not support [%s]", name)
		}
		if _, err := r.Next(); err != nil {
			return err
		}
		if r.Token() != xcontent.StartObject {
			return r.parsing("[_na] query malformed, must start with start_object")
		}
		if q.query, err = r.query(); err != nil {
			return err
		}
	}
}

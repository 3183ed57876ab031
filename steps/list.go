package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

var listSteps = chapter{noun: "list", family: connectorAPI, rows: []row{
	{`Given a connector of its own with these sync jobs, created one after the other:`,
		"Creates a connector and sync jobs of it: a table of name, job type, and status. The names stand for them in the steps about lists, and in braces.",
		"Given a connector of its own with these sync jobs, created one after the other:\n  | a | full        | pending  |\n  | b | incremental | canceled |", (*lists).connectorWithJobs},
	{`Given <number> sync jobs of the connector are created at once`,
		"Creates that many sync jobs at the same time.",
		"Given 8 sync jobs of the connector are created at once", (*lists).createAtOnce},
	{`When the sync jobs of the connector are listed`,
		"Reads the list of the connector's sync jobs.",
		"", (*lists).list},
	{`When the sync jobs of the connector are listed with "<text>"`,
		"Reads the list of the connector's sync jobs with further query parameters.",
		`When the sync jobs of the connector are listed with "status=pending&size=2"`, (*lists).listWith},
	{`When all sync jobs are listed with "<text>"`,
		"Reads the list of sync jobs of any connector with query parameters; {connector} stands for its id.",
		`When all sync jobs are listed with "status=pending"`, (*lists).listAny},
	{`Then the list holds exactly "<text>"`,
		"Demands a list of these sync jobs (names separated by commas) in any order, which counts them.",
		`Then the list holds exactly "a, b"`, (*lists).listHolds},
	{`Then the list counts <number> sync jobs and shows "<text>"`,
		"Demands this count and these sync jobs in this order; fewer are shown than are counted where the list is a part of a longer one.",
		`Then the list counts 3 sync jobs and shows "c, b"`, (*lists).listCountsAndShows},
	{`Then the list counts <number> sync jobs and shows <number>`,
		"Demands this count and this many sync jobs, whatever is shown of them.",
		"Then the list counts 3 sync jobs and shows 1", (*lists).listCountsAndShowsSome},
	{`Then the list shows "<text>", but not "<text>"`,
		"Demands a list with these sync jobs among others, whatever those are, and without others.",
		`Then the list shows "a, b", but not "c"`, (*lists).listShowsBut},
	{`Then the list is in the order of creation, (newest|oldest) first`,
		"Demands that created_at never rises, or never falls, from one sync job to the next, in milliseconds.",
		"Then the list is in the order of creation, newest first", (*lists).listInOrder},
	{"Then the list of sync jobs shows it as it is stored",
		"Reads the list of the connector's sync jobs at once and compares.",
		"", (*lists).listShows},
	{"Then a search of the index finds it as it is stored",
		"Searches the index at once, without asking for a refresh, and compares.",
		"", (*lists).searchFinds},
	{`Then each listed sync job is shown as it is stored`,
		"Reads each sync job of the list and compares.",
		"", (*lists).listedAsStored},
}}

// lists reads lists of sync jobs, and searches for them.
type lists struct{ *jobs }

func (l *lists) connectorWithJobs(ctx context.Context, t *godog.Table) error {
	c, err := l.newConnector(ctx, nil)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		if len(row.Cells) != 3 {
			return fmt.Errorf("read the table of sync jobs: a row has %d cells, want name, job type and status", len(row.Cells))
		}
		name, kind, status := row.Cells[0].Value, row.Cells[1].Value, row.Cells[2].Value
		if !isName(name) {
			return fmt.Errorf("name a sync job %q: a name begins with a small letter and has small letters, digits, - and _", name)
		}
		job, err := l.newJob(ctx, "", c.id, map[string]any{"job_type": kind})
		if err != nil {
			return err
		}
		l.saved[name] = job.id
		if status != "pending" {
			if err := l.bring(ctx, job, status); err != nil {
				return err
			}
		}
		if err := pause(ctx, betweenJobs); err != nil {
			return err
		}
	}
	return nil
}

func (l *lists) createAtOnce(ctx context.Context, c theConnector, n int) error {
	return l.createMany(ctx, "sync_job", n, resource.New{Of: map[string]string{"connector": c.id}})
}

func (l *lists) list(ctx context.Context, c theConnector) error { return l.listWith(ctx, c, "") }

func (l *lists) listWith(ctx context.Context, c theConnector, query string) error {
	if query != "" {
		query = "&" + query
	}
	return l.readList(ctx, "connector_id="+url.QueryEscape(c.id)+query)
}

func (l *lists) listAny(ctx context.Context, query filled) error {
	return l.readList(ctx, string(query))
}

func (l *lists) readList(ctx context.Context, query string) (err error) {
	if query != "" {
		query = "?" + query
	}
	l.last, err = l.do(ctx, wire.Request{Method: http.MethodGet, Path: jobsPath + query})
	return err
}

// listed returns the last answer as a list of whole sync jobs and what it
// counts.
func (l *lists) listed() (res *wire.Response, count int, results []any, err error) {
	if res, count, results, err = l.partlyListed(); err != nil {
		return nil, 0, nil, err
	}
	doc, err := jsonBody(res, theList)
	if err == nil {
		err = l.listMatches(res, doc)
	}
	return res, count, results, err
}

const theList = "the list of sync jobs"

// partlyListed returns the last answer as a list of parts of sync jobs, as
// filter_path leaves them, and what it counts.
func (l *lists) partlyListed() (res *wire.Response, count int, results []any, err error) {
	if res, err = l.answered(); err != nil {
		return nil, 0, nil, err
	}
	doc, err := l.document(res, theList, http.StatusOK, "")
	if err != nil {
		return nil, 0, nil, err
	}
	v, _ := jsonval.Pointer(doc, "/results")
	results, isList := v.([]any)
	if !isList {
		return nil, 0, nil, CheckAnswer.failf(res, "/results with sync jobs", answer(res), "the list has no results")
	}
	n, _ := jsonval.Pointer(doc, "/count")
	if count, err = strconv.Atoi(fmt.Sprint(n)); err != nil {
		return nil, 0, nil, CheckAnswer.failf(res, "/count with a whole number", fmt.Sprint("/count ", n), "the list has no count")
	}
	return res, count, results, nil
}

// named returns the ids of sync jobs by their names.
func (l *lists) named(names several) ([]string, error) {
	var out []string
	for _, name := range names {
		id, ok := l.saved[name]
		if !ok {
			return nil, fmt.Errorf("no sync job is named %q; name it in an earlier step", name)
		}
		out = append(out, id)
	}
	return out, nil
}

// nicknames writes ids as the names that the scenario gave them.
func (l *lists) nicknames(ids []string) string {
	out := slices.Clone(ids)
	for i := range out {
		for name, id := range l.saved {
			if id == ids[i] && name != jobName {
				out[i] = name
			}
		}
	}
	return strings.Join(out, ", ")
}

func (l *lists) listHolds(names several) error {
	want, err := l.named(names)
	if err != nil {
		return err
	}
	res, count, results, err := l.listed()
	if err != nil {
		return err
	}
	got := ids(results)
	if !sameSet(got, want) {
		return CheckListed.failf(res, l.nicknames(want), l.nicknames(got), "the list holds other sync jobs")
	}
	if count != len(want) {
		return CheckListCount.failf(res, fmt.Sprint("/count ", len(want)), fmt.Sprint("/count ", count), "the list counts another number of sync jobs")
	}
	return nil
}

func (l *lists) listCountsAndShows(n int, names several) error {
	want, err := l.named(names)
	if err != nil {
		return err
	}
	res, count, results, err := l.listed()
	if err != nil {
		return err
	}
	got := ids(results)
	if count == n && slices.Equal(got, want) {
		return nil
	}
	about := CheckListCount
	if !slices.Equal(got, want) {
		about = CheckListed
	}
	return about.failf(res, fmt.Sprintf("/count %d and %s", n, l.nicknames(want)), fmt.Sprintf("/count %d and %s", count, l.nicknames(got)), "the list shows something else")
}

func (l *lists) listCountsAndShowsSome(n, shown int) error {
	res, count, results, err := l.partlyListed()
	if err != nil {
		return err
	}
	if count != n || len(results) != shown {
		about := CheckListCount
		if len(results) != shown {
			about = CheckListed
		}
		return about.failf(res, fmt.Sprintf("/count %d and %d results", n, shown), fmt.Sprintf("/count %d and %d results", count, len(results)), "the list shows another number of sync jobs")
	}
	return nil
}

func (l *lists) listShowsBut(names, others several) error {
	want, err := l.named(names)
	if err != nil {
		return err
	}
	unwanted, err := l.named(others)
	if err != nil {
		return err
	}
	// What other users of the target have stored is not held against it.
	res, v, _, err := l.at("/results")
	if err != nil {
		return err
	}
	results, isList := v.([]any)
	if !isList {
		return CheckAnswer.failf(res, "/results with sync jobs", answer(res), "the list has no results")
	}
	got := ids(results)
	for _, id := range want {
		if !slices.Contains(got, id) {
			return CheckListed.failf(res, l.nicknames([]string{id})+" in the list", fmt.Sprintf("%d other sync jobs", len(got)), "the list does not show the sync job")
		}
	}
	for _, id := range unwanted {
		if slices.Contains(got, id) {
			return CheckListed.failf(res, "a list without "+l.nicknames([]string{id}), l.nicknames([]string{id})+" is in it", "the list shows a sync job that it has to leave out")
		}
	}
	return nil
}

func (l *lists) listInOrder(first string) error {
	res, _, results, err := l.partlyListed()
	if err != nil {
		return err
	}
	var times []time.Time
	for i, r := range results {
		v, _ := jsonval.Pointer(r, "/created_at")
		at, err := writtenInstant(v)
		if err != nil {
			return CheckAnswer.failf(res, fmt.Sprintf("/results/%d/created_at with an instant", i), fmt.Sprint(v), "created_at cannot be read")
		}
		times = append(times, at.Truncate(time.Millisecond))
	}
	if len(times) < 2 {
		return failf(res, "at least two sync jobs", fmt.Sprintf("%d sync jobs", len(times)), "the list is too short to be in any order")
	}
	for i := 1; i < len(times); i++ {
		step := times[i].Compare(times[i-1])
		if first == "newest" && step > 0 || first == "oldest" && step < 0 {
			return CheckListOrder.failf(res, first+" first", fmt.Sprintf("/results/%d/created_at %s, and then %s", i-1, written(times[i-1]), written(times[i])), "the list is in another order")
		}
	}
	return nil
}

func (l *lists) listedAsStored(ctx context.Context) error {
	res, _, results, err := l.listed()
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return failf(res, "sync jobs in the list", "none", "the list shows nothing to compare")
	}
	r, err := l.resourceNamed("sync job")
	if err != nil {
		return err
	}
	for _, shown := range results {
		id, _ := jsonval.Pointer(shown, "/id")
		text, _ := id.(string)
		after, err := l.look(ctx, l.known(r, text))
		if err != nil {
			return err
		}
		if diff := jsonval.Diff(after.doc, withoutID(shown, r)); len(diff) > 0 {
			return CheckListShows.failf(res, sides(diff, false), sides(diff, true), "the list shows a sync job as something else than what is stored")
		}
	}
	return nil
}

// known returns the thing of the scenario that has an id, or one that is none
// of it.
func (l *lists) known(r *family.Resource, id string) *thing {
	for _, th := range l.order {
		if th.res == r && th.id == id {
			return th
		}
	}
	return &thing{res: r, id: id}
}

func (l *lists) listShows(ctx context.Context, c theConnector, job theJob) error {
	// The list comes first: a read of the sync job must not be what makes the
	// update visible.
	res, results, err := l.listJobs(ctx, c)
	if err != nil {
		return err
	}
	i := slices.Index(ids(results), job.id)
	if i < 0 {
		return CheckListed.failf(res, "the sync job "+job.id, fmt.Sprint(ids(results)), "the list does not show the sync job")
	}
	return l.shownAsStored(ctx, job.thing, res, "the list", withoutID(results[i], job.res))
}

func (l *lists) searchFinds(ctx context.Context, c theConnector, job theJob) error {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if err := l.searchByFinds(ctx, method, c, job); err != nil {
			return err
		}
	}
	return nil
}

func (l *lists) searchByFinds(ctx context.Context, method string, c theConnector, job theJob) error {
	query := jsonval.Encode(map[string]any{"query": map[string]any{"term": map[string]any{"connector.id": c.id}}})
	res, err := l.deps.Session.Do(ctx, wire.Request{Method: method, Path: jobsIndex + "/_search", Body: query})
	if err != nil {
		return err
	}
	if res.Status == http.StatusForbidden {
		return &SkipError{Reason: "needs an account that may read the index " + jobsIndex[1:]}
	}
	hits, err := hits(res)
	if err != nil {
		return err
	}
	for _, h := range hits {
		hit, _ := h.(map[string]any)
		source, isObject := hit["_source"].(map[string]any)
		if hit["_id"] == job.id && isObject {
			return l.shownAsStored(ctx, job.thing, res, "the search", source)
		}
	}
	return failf(res, "a hit with _id "+job.id, fmt.Sprintf("%d other hits", len(hits)), "the search does not find the sync job")
}

package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

func listSteps() []Definition {
	const noun = "list"
	return []Definition{
		define(noun, `a connector of its own with these sync jobs, created one after the other:`,
			"Creates a connector and sync jobs of it: a table of name, job type, and status. The names stand for them in the steps about lists, and in braces.",
			"Given a connector of its own with these sync jobs, created one after the other:\n  | a | full        | pending  |\n  | b | incremental | canceled |",
			func(w *World) any { return w.connectorWithJobs }),
		define(noun, number+` sync jobs of the connector are created at once`,
			"Creates that many sync jobs at the same time.",
			"Given 8 sync jobs of the connector are created at once",
			func(w *World) any { return w.createAtOnce }),
		define(noun, `the sync jobs of the connector are listed`,
			"Reads the list of the connector's sync jobs.",
			"When the sync jobs of the connector are listed",
			func(w *World) any { return w.list }),
		define(noun, `the sync jobs of the connector are listed with `+quoted,
			"Reads the list of the connector's sync jobs with further query parameters.",
			`When the sync jobs of the connector are listed with "status=pending&size=2"`,
			func(w *World) any { return w.listWith }),
		define(noun, `all sync jobs are listed with `+quoted,
			"Reads the list of sync jobs of any connector with query parameters; {connector} stands for its id.",
			`When all sync jobs are listed with "status=pending"`,
			func(w *World) any { return w.listAll }),
		define(noun, `the list holds exactly `+quoted,
			"Demands a list of these sync jobs (names separated by commas) in any order, which counts them.",
			`Then the list holds exactly "a, b"`,
			func(w *World) any { return w.listHolds }),
		define(noun, `the list counts `+number+` sync jobs and shows `+quoted,
			"Demands this count and these sync jobs in this order; fewer are shown than are counted where the list is a part of a longer one.",
			`Then the list counts 3 sync jobs and shows "c, b"`,
			func(w *World) any { return w.listCountsAndShows }),
		define(noun, `the list counts `+number+` sync jobs and shows `+number,
			"Demands this count and this many sync jobs, whatever is shown of them.",
			"Then the list counts 3 sync jobs and shows 1",
			func(w *World) any { return w.listCountsAndShowsSome }),
		define(noun, `the list shows `+quoted+`, but not `+quoted,
			"Demands a list with these sync jobs among others, whatever those are, and without others.",
			`Then the list shows "a, b", but not "c"`,
			func(w *World) any { return w.listShowsBut }),
		define(noun, `the list is in the order of creation, `+`(newest|oldest)`+` first`,
			"Demands that created_at never rises, or never falls, from one sync job to the next, in milliseconds.",
			"Then the list is in the order of creation, newest first",
			func(w *World) any { return w.listInOrder }),
		define(noun, `each listed sync job is shown as it is stored`,
			"Reads each sync job of the list and compares.",
			"Then each listed sync job is shown as it is stored",
			func(w *World) any { return w.listedAsStored }),
	}
}

// betweenJobs keeps the creation times of two sync jobs apart: lists are
// ordered by milliseconds.
const betweenJobs = 2 * time.Millisecond

func (w *World) connectorWithJobs(ctx context.Context, t *godog.Table) error {
	id, err := w.deps.Scope.Create(ctx, "connector", resource.New{})
	if err != nil {
		return err
	}
	w.useConnector(id)
	for _, row := range t.Rows {
		if len(row.Cells) != 3 {
			return fmt.Errorf("read the table of sync jobs: a row has %d cells, want name, job type and status", len(row.Cells))
		}
		name, kind, status := row.Cells[0].Value, row.Cells[1].Value, row.Cells[2].Value
		if !placeholder.MatchString("{" + name + "}") {
			return fmt.Errorf("name a sync job %q: a name begins with a small letter and has small letters, digits, - and _", name)
		}
		if err := w.useNewJob(ctx, map[string]any{"job_type": kind}); err != nil {
			return err
		}
		w.saved[name] = w.job.id
		if status != "pending" {
			if err := w.reach(ctx, status); err != nil {
				return err
			}
		}
		if err := pause(ctx, betweenJobs); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) createAtOnce(ctx context.Context, n int) error {
	if w.connector == nil {
		return errNoConnector
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			_, errs[i] = w.deps.Scope.Create(ctx, "sync_job", resource.New{Of: map[string]string{"connector": w.connector.id}})
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *World) list(ctx context.Context) error { return w.listWith(ctx, "") }

func (w *World) listWith(ctx context.Context, query string) error {
	if w.connector == nil {
		return errNoConnector
	}
	if query != "" {
		query = "&" + query
	}
	return w.readList(ctx, "connector_id="+url.QueryEscape(w.connector.id)+query)
}

func (w *World) listAll(ctx context.Context, query string) error {
	query, err := w.expand(query)
	if err != nil {
		return err
	}
	return w.readList(ctx, query)
}

func (w *World) readList(ctx context.Context, query string) error {
	if query != "" {
		query = "?" + query
	}
	res, err := w.do(ctx, wire.Request{Method: http.MethodGet, Path: jobsPath + query})
	if err != nil {
		return err
	}
	w.last = res
	return nil
}

// listed returns the last answer as a list of whole sync jobs and what it
// counts.
func (w *World) listed() (res *wire.Response, count int, results []any, err error) {
	if res, count, results, err = w.partlyListed(); err != nil {
		return nil, 0, nil, err
	}
	doc, err := jsonBody(res, theList)
	if err == nil && len(w.foreign) == 0 {
		err = w.matches(res, "sync-job-list", doc)
	}
	return res, count, results, err
}

const theList = "the list of sync jobs"

// partlyListed returns the last answer as a list of parts of sync jobs, as
// filter_path leaves them, and what it counts.
func (w *World) partlyListed() (res *wire.Response, count int, results []any, err error) {
	if res, err = w.answered(); err != nil {
		return nil, 0, nil, err
	}
	if err := wantStatus(res, theList, http.StatusOK); err != nil {
		return nil, 0, nil, err
	}
	doc, err := jsonBody(res, theList)
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
func (w *World) named(names string) ([]string, error) {
	var out []string
	for _, name := range list(names) {
		id, ok := w.saved[name]
		if !ok {
			return nil, fmt.Errorf("no sync job is named %q; name it in an earlier step", name)
		}
		out = append(out, id)
	}
	return out, nil
}

// nicknames writes ids as the names that the scenario gave them.
func (w *World) nicknames(ids []string) string {
	out := slices.Clone(ids)
	for i := range out {
		for name, id := range w.saved {
			if id == ids[i] && name != "sync_job" {
				out[i] = name
			}
		}
	}
	return strings.Join(out, ", ")
}

func (w *World) listHolds(names string) error {
	want, err := w.named(names)
	if err != nil {
		return err
	}
	res, count, results, err := w.listed()
	if err != nil {
		return err
	}
	got := ids(results)
	if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, slices.Sorted(slices.Values(want))) {
		return CheckListed.failf(res, names, w.nicknames(got), "the list holds other sync jobs")
	}
	if count != len(want) {
		return CheckListCount.failf(res, fmt.Sprint("/count ", len(want)), fmt.Sprint("/count ", count), "the list counts another number of sync jobs")
	}
	return nil
}

func (w *World) listCountsAndShows(n int, names string) error {
	want, err := w.named(names)
	if err != nil {
		return err
	}
	res, count, results, err := w.listed()
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
	return about.failf(res, fmt.Sprintf("/count %d and %s", n, names), fmt.Sprintf("/count %d and %s", count, w.nicknames(got)), "the list shows something else")
}

func (w *World) listCountsAndShowsSome(n, shown int) error {
	res, count, results, err := w.partlyListed()
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

func (w *World) listShowsBut(names, others string) error {
	want, err := w.named(names)
	if err != nil {
		return err
	}
	unwanted, err := w.named(others)
	if err != nil {
		return err
	}
	// What other users of the target have stored is not held against it.
	res, v, _, err := w.at("/results")
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
			return CheckListed.failf(res, w.nicknames([]string{id})+" in the list", fmt.Sprintf("%d other sync jobs", len(got)), "the list does not show the sync job")
		}
	}
	for _, id := range unwanted {
		if slices.Contains(got, id) {
			return CheckListed.failf(res, "a list without "+w.nicknames([]string{id}), w.nicknames([]string{id})+" is in it", "the list shows a sync job that it has to leave out")
		}
	}
	return nil
}

func (w *World) listInOrder(first string) error {
	res, _, results, err := w.partlyListed()
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

func (w *World) listedAsStored(ctx context.Context) error {
	res, _, results, err := w.listed()
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return failf(res, "sync jobs in the list", "none", "the list shows nothing to compare")
	}
	for _, r := range results {
		shown := shallow(r.(map[string]any))
		id, _ := shown["id"].(string)
		delete(shown, "id")
		after, err := w.readJob(ctx, id)
		if err != nil {
			return err
		}
		if diff := jsonval.Diff(after.source, shown); len(diff) > 0 {
			return CheckListShows.failf(res, sides(diff, false), sides(diff, true), "the list shows a sync job as something else than what is stored")
		}
	}
	return nil
}

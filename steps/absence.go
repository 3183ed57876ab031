package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// What is gone has to be gone wherever somebody may look.

func absenceSteps() []Definition {
	const noun = "view"
	return []Definition{
		define(noun, `the sync jobs `+quoted+` are in every view`,
			"Looks for each sync job (names separated by commas) by its id, in the lists of its connector, of its status and of its job type, in the index, and with a search of the index.",
			`Given the sync jobs "a, b" are in every view`,
			func(w *World) any { return w.inEveryView }),
		define(noun, `the sync jobs `+quoted+` are in no view`,
			"Looks for each sync job (names separated by commas) by its id, in the lists of its connector, of each status and of each job type, in the index, and with a search of the index.",
			`Then the sync jobs "a, b" are in no view`,
			func(w *World) any { return w.inNoView }),
	}
}

// Where lists can be filtered by, in the words of the API.
var (
	statusFilters  = []string{"pending", "in_progress", "canceling", "canceled", "completed", "suspended", "error"}
	jobTypeFilters = []string{"full", "incremental", "access_control"}
)

func (w *World) inEveryView(ctx context.Context, names string) error {
	ids, err := w.namedOfConnector(names)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := w.readJob(ctx, id) // by its id, both ways
		if err != nil {
			return err
		}
		filters := []string{"", "status=" + fmt.Sprint(s.source["status"])}
		if w.knows(sinceConnectorFilters) {
			filters = append(filters, "job_type="+fmt.Sprint(s.source["job_type"]))
		}
		for _, filter := range filters {
			res, shown, err := w.listIDs(ctx, filter)
			if err != nil {
				return err
			}
			if !slices.Contains(shown, id) {
				return CheckListed.failf(res, w.nicknames([]string{id})+" in the list", w.nicknames(shown), "the list does not show the sync job")
			}
		}
	}
	res, found, err := w.searchIDs(ctx)
	if err != nil || res == nil {
		return err
	}
	for _, id := range ids {
		if !slices.Contains(found, id) {
			return failf(res, w.nicknames([]string{id})+" among the hits", w.nicknames(found), "the search does not find the sync job")
		}
	}
	return nil
}

func (w *World) inNoView(ctx context.Context, names string) error {
	gone, err := w.namedOfConnector(names)
	if err != nil {
		return err
	}
	filters := []string{""}
	for _, status := range statusFilters {
		filters = append(filters, "status="+status)
	}
	if w.knows(sinceConnectorFilters) {
		for _, kind := range jobTypeFilters {
			filters = append(filters, "job_type="+kind)
		}
	}
	for _, filter := range filters {
		res, shown, err := w.listIDs(ctx, filter)
		if err != nil {
			return err
		}
		if err := w.without(res, gone, shown, "a list"); err != nil {
			return err
		}
	}
	res, found, err := w.searchIDs(ctx)
	if err != nil {
		return err
	}
	if res != nil {
		if err := w.without(res, gone, found, "a search of the index"); err != nil {
			return err
		}
	}
	for _, id := range gone {
		if err := w.absent(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) namedOfConnector(names string) ([]string, error) {
	if w.connector == nil {
		return nil, errNoConnector
	}
	return w.named(names)
}

// without demands that none of the sync jobs is shown.
func (w *World) without(res *wire.Response, gone, shown []string, where string) error {
	for _, id := range gone {
		if slices.Contains(shown, id) {
			return CheckAbsent.failf(res, "no "+w.nicknames([]string{id}), w.nicknames(shown), "%s shows a sync job that is gone", where)
		}
	}
	return nil
}

// listIDs lists the ids of the connector's sync jobs that a filter leaves. What
// the list counts has to be what it shows.
func (w *World) listIDs(ctx context.Context, filter string) (*wire.Response, []string, error) {
	query := "connector_id=" + url.QueryEscape(w.connector.id) + "&filter_path=count,results.id"
	if filter != "" {
		query += "&" + filter
	}
	if err := w.readList(ctx, query); err != nil {
		return nil, nil, err
	}
	res, v, _, err := w.at("/results") // filter_path leaves out an empty list
	if err != nil {
		return nil, nil, err
	}
	if err := wantStatus(res, theList, http.StatusOK); err != nil {
		return nil, nil, err
	}
	results, _ := v.([]any)
	if _, n, _, err := w.at("/count"); err != nil || fmt.Sprint(n) != fmt.Sprint(len(results)) {
		return nil, nil, CheckListCount.failf(res, fmt.Sprint("/count ", len(results)), fmt.Sprint("/count ", n), "the list counts other sync jobs than it shows")
	}
	return res, ids(results), nil
}

// searchIDs searches the index for the sync jobs of the connector. The answer
// is nil where the account may not.
func (w *World) searchIDs(ctx context.Context) (*wire.Response, []string, error) {
	query := jsonval.Encode(map[string]any{"query": map[string]any{"term": map[string]any{"connector.id": w.connector.id}}, "_source": false, "size": 100})
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: http.MethodPost, Path: jobsIndex + "/_search", Body: query})
	if err != nil || res.Status == http.StatusForbidden {
		return nil, nil, err
	}
	hits, err := hitIDs(res)
	return res, hits, err
}

// hitIDs returns the ids of the hits of a search, in their order.
func hitIDs(res *wire.Response) ([]string, error) {
	const what = "the search"
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, err
	}
	v, _ := jsonval.Pointer(doc, "/hits/hits")
	hits, isList := v.([]any)
	if !isList {
		return nil, failf(res, "/hits/hits with a list", answer(res), "the search has no hits")
	}
	out := make([]string, len(hits))
	for i, h := range hits {
		id, _ := jsonval.Pointer(h, "/_id")
		out[i], _ = id.(string)
	}
	return out, nil
}

// absent demands that there is no sync job of an id, neither for the API nor in
// the index.
func (w *World) absent(ctx context.Context, id string) error {
	res, err := w.get(ctx, jobPath(id))
	if err != nil {
		return err
	}
	if err := wantAbsent(res, "reading a sync job that is gone"); err != nil {
		return err
	}
	if res, err = w.askDirect(ctx, jobsIndex, id); res == nil || err != nil {
		return err
	}
	return wantAbsent(res, "reading the stored document of a sync job that is gone")
}

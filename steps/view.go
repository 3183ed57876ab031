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

var viewSteps = chapter{noun: "view", family: connectorAPI, rows: []row{
	{`Given the sync jobs "<text>" are in every view`,
		"Looks for each sync job (names separated by commas) by its id, in the lists of its connector, of its status and of its job type, in the index, and with a search of the index.",
		`Given the sync jobs "a, b" are in every view`, (*lists).inEveryView},
	{`Then the sync jobs "<text>" are in no view`,
		"Looks for each sync job (names separated by commas) by its id, in the lists of its connector, of each status and of each job type, in the index, and with a search of the index.",
		`Then the sync jobs "a, b" are in no view`, (*lists).inNoView},
}}

// Where lists can be filtered by, in the words of the API.
var (
	statusFilters  = []string{"pending", "in_progress", "canceling", "canceled", "completed", "suspended", "error"}
	jobTypeFilters = []string{"full", "incremental", "access_control"}
)

func (l *lists) inEveryView(ctx context.Context, c theConnector, names several) error {
	ids, err := l.named(names)
	if err != nil {
		return err
	}
	return l.idsInEveryView(ctx, c, ids)
}

func (l *lists) idsInEveryView(ctx context.Context, c theConnector, ids []string) error {
	r, err := l.resourceNamed("sync job")
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := l.look(ctx, l.known(r, id)) // by its id, both ways
		if err != nil {
			return err
		}
		filters := []string{"", "status=" + fmt.Sprint(s.fields()["status"])}
		if kind, typed := s.fields()["job_type"]; typed && l.knows(sinceConnectorFilters) {
			filters = append(filters, "job_type="+fmt.Sprint(kind))
		}
		for _, filter := range filters {
			res, shown, err := l.listIDs(ctx, c, filter)
			if err != nil {
				return err
			}
			if !slices.Contains(shown, id) {
				return CheckListed.failf(res, l.nicknames([]string{id})+" in the list", l.nicknames(shown), "the list does not show the sync job")
			}
		}
	}
	res, found, err := l.searchIDs(ctx, c)
	if err != nil || res == nil {
		return err
	}
	for _, id := range ids {
		if !slices.Contains(found, id) {
			return failf(res, l.nicknames([]string{id})+" among the hits", l.nicknames(found), "the search does not find the sync job")
		}
	}
	return nil
}

func (l *lists) inNoView(ctx context.Context, c theConnector, names several) error {
	gone, err := l.named(names)
	if err != nil {
		return err
	}
	filters := []string{""}
	for _, status := range statusFilters {
		filters = append(filters, "status="+status)
	}
	if l.knows(sinceConnectorFilters) {
		for _, kind := range jobTypeFilters {
			filters = append(filters, "job_type="+kind)
		}
	}
	for _, filter := range filters {
		res, shown, err := l.listIDs(ctx, c, filter)
		if err != nil {
			return err
		}
		if err := l.without(res, gone, shown, "a list"); err != nil {
			return err
		}
	}
	res, found, err := l.searchIDs(ctx, c)
	if err != nil {
		return err
	}
	if res != nil {
		if err := l.without(res, gone, found, "a search of the index"); err != nil {
			return err
		}
	}
	r, err := l.resourceNamed("sync job")
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := l.gone(ctx, l.known(r, id)); err != nil {
			return err
		}
	}
	return nil
}

// without demands that none of the sync jobs is shown.
func (l *lists) without(res *wire.Response, gone, shown []string, where string) error {
	for _, id := range gone {
		if slices.Contains(shown, id) {
			return CheckAbsent.failf(res, "no "+l.nicknames([]string{id}), l.nicknames(shown), "%s shows a sync job that is gone", where)
		}
	}
	return nil
}

// listIDs lists the ids of the connector's sync jobs that a filter leaves. What
// the list counts has to be what it shows.
func (l *lists) listIDs(ctx context.Context, c theConnector, filter string) (*wire.Response, []string, error) {
	query := "connector_id=" + url.QueryEscape(c.id) + "&filter_path=count,results.id"
	if filter != "" {
		query += "&" + filter
	}
	if err := l.readList(ctx, query); err != nil {
		return nil, nil, err
	}
	res, v, _, err := l.at("/results") // filter_path leaves out an empty list
	if err != nil {
		return nil, nil, err
	}
	if err := wantStatus(res, theList, http.StatusOK); err != nil {
		return nil, nil, err
	}
	results, _ := v.([]any)
	if _, n, _, err := l.at("/count"); err != nil || fmt.Sprint(n) != fmt.Sprint(len(results)) {
		return nil, nil, CheckListCount.failf(res, fmt.Sprint("/count ", len(results)), fmt.Sprint("/count ", n), "the list counts other sync jobs than it shows")
	}
	return res, ids(results), nil
}

// searchIDs searches the index for the sync jobs of the connector. The answer
// is nil where the account may not.
func (l *lists) searchIDs(ctx context.Context, c theConnector) (*wire.Response, []string, error) {
	query := jsonval.Encode(map[string]any{"query": map[string]any{"term": map[string]any{"connector.id": c.id}}, "_source": false, "size": 100})
	res, err := l.deps.Session.Do(ctx, wire.Request{Method: http.MethodPost, Path: jobsIndex + "/_search", Body: query})
	if err != nil || res.Status == http.StatusForbidden {
		return nil, nil, err
	}
	hits, err := hits(res)
	return res, hitIDs(hits), err
}

// hits returns the hits of a search, in their order.
func hits(res *wire.Response) ([]any, error) {
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
	return hits, nil
}

func hitIDs(hits []any) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		id, _ := jsonval.Pointer(h, "/_id")
		out[i], _ = id.(string)
	}
	return out
}

package steps

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func connectorSteps() []Definition {
	return []Definition{
		define("connector", `the connector is unchanged`,
			"Compares the whole connector, read through the API and straight from its index, with what it was when the scenario began.",
			"Then the connector is unchanged",
			func(w *World) any { return w.connectorUnchanged }),
		define("connector", `the connector has `+number+` sync jobs?`,
			"Counts the sync jobs in the list of the connector.",
			"Then the connector has 1 sync job",
			func(w *World) any { return w.connectorHasJobs }),
		define("connector", `the connector is brought into the status `+quoted,
			"Makes the calls that lead a new connector into a status.",
			`Given the connector is brought into the status "configured"`,
			func(w *World) any { return w.connectorInStatus }),
		define("connector", `the stored connector is marked as deleted`,
			"Reads the connector straight from its index.",
			"Then the stored connector is marked as deleted",
			func(w *World) any { return w.connectorMarked }),
	}
}

// connectorState is a connector as the API and its index show it.
type connectorState struct {
	viaAPI any
	direct *stored // nil where it may not be read
	read   *wire.Response
}

func (w *World) readConnector(ctx context.Context, id string) (*connectorState, error) {
	what := "reading the connector"
	res, err := w.get(ctx, "/_connector/"+url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	if res.Status == http.StatusNotFound {
		return nil, CheckPresent.failf(res, "status 200", answer(res), "the connector is not there any more")
	}
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, err
	}
	fields, ok := doc.(map[string]any)
	if !ok || fields["id"] != id {
		return nil, failf(res, fmt.Sprintf("/id %q", id), answer(res), "the API handed back another connector")
	}
	direct, err := w.readDirect(ctx, connectorsIndex, id, "")
	if err != nil {
		return nil, err
	}
	if direct != nil {
		viaAPI := maps.Clone(fields)
		delete(viaAPI, "id")
		if err := w.sameAsStored(res, direct, viaAPI); err != nil {
			return nil, err
		}
	}
	return &connectorState{viaAPI: doc, direct: direct, read: res}, nil
}

func (w *World) connectorUnchanged(ctx context.Context) error {
	if w.connector == nil || w.connector.before == nil {
		return errNoConnector
	}
	after, err := w.readConnector(ctx, w.connector.id)
	if err != nil {
		return err
	}
	before := w.connector.before
	if diff := jsonval.Diff(before.viaAPI, after.viaAPI); len(diff) > 0 {
		return CheckBystander.failf(after.read, sides(diff, false), sides(diff, true), "the connector was changed")
	}
	if before.direct == nil || after.direct == nil {
		return nil
	}
	return unchanged(CheckBystander, "the stored connector", before.direct, after.direct)
}

func (w *World) connectorMarked(ctx context.Context) error {
	if w.connector == nil {
		return errNoConnector
	}
	s, err := w.readDirect(ctx, connectorsIndex, w.connector.id, "")
	if err != nil {
		return err
	}
	if s == nil {
		return &SkipError{Reason: "needs an account that may read the index " + connectorsIndex[1:]}
	}
	if s.source["deleted"] != true {
		return failf(s.read, "/_source/deleted true", fmt.Sprintf("/_source/deleted %v", s.source["deleted"]), "the stored connector is not marked as deleted")
	}
	return nil
}

// statusWays holds the statuses that lead a new connector into one (measured).
var statusWays = map[string][]string{
	"created":             {},
	"needs_configuration": {"needs_configuration"},
	"configured":          {"needs_configuration", "configured"},
	"connected":           {"needs_configuration", "configured", "connected"},
	"error":               {"error"},
}

func (w *World) connectorInStatus(ctx context.Context, status string) error {
	if w.connector == nil {
		return errNoConnector
	}
	way, ok := statusWays[status]
	if !ok {
		return fmt.Errorf("no way leads a connector into the status %q; statuses are %s", status, strings.Join(slices.Sorted(maps.Keys(statusWays)), ", "))
	}
	path := "/_connector/" + w.connector.id
	for _, next := range way {
		if err := w.setUp(ctx, http.MethodPut, path+"/_status", fmt.Sprintf(`{"status":%q}`, next), "200"); err != nil {
			return err
		}
	}
	s, err := w.readConnector(ctx, w.connector.id)
	if err != nil {
		return err
	}
	if got, _ := jsonval.Pointer(s.viaAPI, "/status"); got != status {
		return setupFailed(s.read, "bring the connector into the status "+status, "status "+status)
	}
	return nil
}

// connectorListed demands that the list of connectors shows a connector as it
// is read by its id.
func (w *World) connectorListed(ctx context.Context, as *connectorState) error {
	const what = "listing the connector"
	name, _ := jsonval.Pointer(as.viaAPI, "/index_name")
	res, err := w.get(ctx, "/_connector?index_name="+url.QueryEscape(fmt.Sprint(name)))
	if err != nil {
		return err
	}
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return err
	}
	shown, _ := jsonval.Pointer(doc, "/results/0")
	if diff := jsonval.Diff(as.viaAPI, shown); len(diff) > 0 {
		return failf(res, sides(diff, false), sides(diff, true), "the list shows the connector as something else than what is stored")
	}
	return nil
}

// listJobs returns the list of the connector's sync jobs.
func (w *World) listJobs(ctx context.Context) (*wire.Response, []any, error) {
	if w.connector == nil {
		return nil, nil, errNoConnector
	}
	what := "listing the sync jobs of the connector"
	res, err := w.get(ctx, "/_connector/_sync_job?connector_id="+url.QueryEscape(w.connector.id))
	if err != nil {
		return nil, nil, err
	}
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return nil, nil, err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, nil, err
	}
	if len(w.foreign) == 0 {
		if err := w.matches(res, "sync-job-list", doc); err != nil {
			return nil, nil, err
		}
	}
	list, _ := doc.(map[string]any)
	results, isList := list["results"].([]any)
	if !isList {
		return nil, nil, failf(res, "/results with sync jobs", answer(res), "the list has no results")
	}
	if fmt.Sprint(list["count"]) != strconv.Itoa(len(results)) {
		return nil, nil, CheckListCount.failf(res, fmt.Sprint("/count ", len(results)), fmt.Sprint("/count ", list["count"]), "the list counts other sync jobs than it shows")
	}
	return res, results, nil
}

func (w *World) connectorHasJobs(ctx context.Context, n int) error {
	res, results, err := w.listJobs(ctx)
	if err != nil {
		return err
	}
	if len(results) != n {
		return CheckCount.failf(res, strconv.Itoa(n)+" in the list", strconv.Itoa(len(results))+": "+strings.Join(ids(results), ", "), "the connector has another number of sync jobs")
	}
	return nil
}

func ids(results []any) []string {
	out := make([]string, len(results))
	for i, r := range results {
		id, _ := jsonval.Pointer(r, "/id")
		out[i], _ = id.(string)
	}
	return out
}

package steps

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

func syncJobSteps() []Definition {
	const noun = "sync job"
	return []Definition{
		define(noun, `a connector with a pending sync job`,
			"Creates a sync job of a connector that the scenarios of a run share.",
			"Given a connector with a pending sync job",
			func(w *World) any { return w.sharedConnectorWithJob }),
		define(noun, `a connector of its own with a pending sync job`,
			"Creates a connector and a sync job that no other scenario uses, for scenarios that look at the connector or at lists.",
			"Given a connector of its own with a pending sync job",
			func(w *World) any { return w.ownConnectorWithJob }),
		define(noun, `a connector of the fixture `+quoted+` with a pending sync job`,
			"Creates a connector with a file of fixtures/connectors as its body, and a sync job of it.",
			`Given a connector of the fixture "described.json" with a pending sync job`,
			func(w *World) any { return w.fixtureConnectorWithJob }),
		define(noun, `a connector with a sync job in the status `+quoted,
			"Creates a sync job and brings it into a status: by API calls where there are any, otherwise by writing the stored document.",
			`Given a connector with a sync job in the status "in_progress"`,
			func(w *World) any { return w.jobInStatus }),
		define(noun, `a connector with a sync job created with:`,
			"Creates a sync job with further fields: a table of names and JSON values.",
			"Given a connector with a sync job created with:\n  | job_type | \"incremental\" |",
			func(w *World) any { return w.jobCreatedWith }),
		define(noun, `another sync job of the same connector`,
			"Creates a second sync job and remembers how it is stored.",
			"And another sync job of the same connector",
			func(w *World) any { return w.siblingJob }),
		define(noun, `a sync job of another connector`,
			"Creates a connector with a sync job and remembers how that is stored.",
			"And a sync job of another connector",
			func(w *World) any { return w.jobOfOtherConnector }),
		define(noun, `an id that no sync job has`,
			"Makes up an id for the requests that follow.",
			"Given an id that no sync job has",
			func(w *World) any { return w.unknownJob }),
		define(noun, `the sync job is deleted`,
			"Deletes the sync job; the requests that follow go on using its id.",
			"Given the sync job is deleted",
			func(w *World) any { return w.deleteJob }),
		define(noun, `the id of the connector in place of a sync job's`,
			"Uses the connector's id in the requests that follow.",
			"Given the id of the connector in place of a sync job's",
			func(w *World) any { return w.connectorIDAsJob }),
		define(noun, `the stored sync job carries the field `+quoted+` as `+anyJSON,
			"Writes a field into the stored document past the API.",
			`Given the stored sync job carries the field "x_unknown" as 1`,
			func(w *World) any { return w.carryField }),
		define(noun, `the other sync job is unchanged`,
			"Compares the whole other sync job with what it was when it was created.",
			"Then the other sync job is unchanged",
			func(w *World) any { return w.otherUnchanged }),
		define(noun, `there is still no such sync job`,
			"Reads the id through the API and straight from the index, and demands that neither has it.",
			"Then there is still no such sync job",
			func(w *World) any { return w.stillAbsent }),
	}
}

func (w *World) sharedConnectorWithJob(ctx context.Context) error {
	return w.sharedConnectorWith(ctx, nil)
}

func (w *World) sharedConnectorWith(ctx context.Context, extra map[string]any) error {
	id, err := w.deps.Shared.connector(ctx)
	if err != nil {
		return err
	}
	w.useConnector(id)
	return w.useNewJob(ctx, extra)
}

func (w *World) useConnector(id string) {
	w.connector = &connector{id: id}
	w.saved["connector"] = id
}

func (w *World) useNewJob(ctx context.Context, extra map[string]any) error {
	j, err := w.newJob(ctx, w.connector.id, extra)
	if err != nil {
		return err
	}
	w.useJob(j)
	return nil
}

func (w *World) useJob(j *job) {
	w.job = j
	w.saved["sync_job"] = j.id
}

func (w *World) newJob(ctx context.Context, connectorID string, extra map[string]any) (*job, error) {
	j := &job{connector: connectorID, creationSent: time.Now()}
	id, err := w.deps.Scope.Create(ctx, "sync_job", resource.New{Of: map[string]string{"connector": connectorID}, Extra: extra})
	j.id, j.creationAnswered = id, time.Now()
	return j, err
}

func (w *World) ownConnectorWithJob(ctx context.Context) error {
	return w.newConnectorWithJob(ctx, nil)
}

func (w *World) fixtureConnectorWithJob(ctx context.Context, name string) error {
	raw, err := fs.ReadFile(w.deps.Fixtures, path.Join("connectors", name))
	if err != nil {
		return fmt.Errorf("read the fixture %s: %w", name, err)
	}
	w.saved["index"] = w.deps.Scope.NewID()
	return w.newConnectorWithJob(ctx, w.expandBody(string(raw)))
}

// newConnectorWithJob creates a connector with this body, nil for the usual
// one, and remembers it as it is once it has a sync job.
func (w *World) newConnectorWithJob(ctx context.Context, body any) error {
	id, err := w.deps.Scope.Create(ctx, "connector", resource.New{Body: body})
	if err != nil {
		return err
	}
	w.useConnector(id)
	if err := w.useNewJob(ctx, nil); err != nil {
		return err
	}
	w.connector.before, err = w.readConnector(ctx, id)
	return err
}

func (w *World) jobCreatedWith(ctx context.Context, fields *godog.Table) error {
	extra := map[string]any{}
	for _, f := range tableFields(fields) {
		v, err := jsonval.Decode([]byte(f.raw))
		if err != nil {
			return fmt.Errorf("read the value %s of %s: %w", f.raw, f.name, err)
		}
		extra[f.name] = v
	}
	return w.sharedConnectorWith(ctx, extra)
}

// call is an API call that changes a sync job.
type call struct{ action, body string }

// ways holds the calls that bring a pending sync job into a status (measured;
// a claim is there since 8.15). Statuses without an entry are reached by no
// call: a connector service writes them into the index itself.
var ways = map[string][]call{
	"pending":     {},
	"in_progress": {claim},
	"canceling":   {claim, {action: "_cancel"}},
	"error":       {claim, {action: "_error", body: `{"error":"set up by esconform"}`}},
	"canceled":    {{action: "_cancel"}},
}

var claim = call{action: "_claim", body: `{"worker_hostname":"esconform"}`}

func (w *World) jobInStatus(ctx context.Context, status string) error {
	if err := w.sharedConnectorWithJob(ctx); err != nil {
		return err
	}
	return w.reach(ctx, status)
}

// reach brings the scenario's sync job, which is pending, into a status.
func (w *World) reach(ctx context.Context, status string) error {
	calls, ok := ways[status]
	if !ok || !w.knows(sinceMetadata) {
		return w.writeDirectly(ctx, map[string]any{"status": status})
	}
	for _, c := range calls {
		if err := w.setUp(ctx, http.MethodPut, jobPath(w.job.id)+"/"+c.action, c.body, "200"); err != nil {
			return err
		}
	}
	return w.confirmStatus(ctx, status)
}

// confirmStatus makes sure that the scenario starts from what it says.
func (w *World) confirmStatus(ctx context.Context, status string) error {
	s, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	if s.source["status"] != status {
		return setupFailed(s.read, "bring the sync job into the status "+status, "status "+status)
	}
	return nil
}

// setUp sends a request that the scenario needs to have succeeded.
func (w *World) setUp(ctx context.Context, method, target, body, want string) error {
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: method, Path: target, Body: []byte(body)})
	if err != nil {
		return err
	}
	if res.Status/100 != 2 {
		return setupFailed(res, method+" "+target, want)
	}
	return nil
}

// writeDirectly changes the stored document past the API, as a connector
// service does. Not every account may do that.
func (w *World) writeDirectly(ctx context.Context, fields map[string]any) error {
	if w.job == nil {
		return errNoJob
	}
	body := jsonval.Encode(map[string]any{"doc": fields})
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: http.MethodPost, Path: jobsIndex + "/_update/" + w.job.id + "?refresh=true", Body: body})
	if err != nil {
		return err
	}
	switch res.Status {
	case http.StatusOK:
		w.job.current = nil
		return nil
	case http.StatusForbidden:
		return &SkipError{Reason: "needs an account that may write the index " + jobsIndex[1:]}
	}
	return setupFailed(res, "write the stored sync job", "200")
}

func (w *World) siblingJob(ctx context.Context) error {
	if w.connector == nil {
		return errNoConnector
	}
	return w.remember(ctx, w.connector.id)
}

func (w *World) jobOfOtherConnector(ctx context.Context) error {
	id, err := w.deps.Scope.Create(ctx, "connector", resource.New{})
	if err != nil {
		return err
	}
	return w.remember(ctx, id)
}

func (w *World) remember(ctx context.Context, connectorID string) error {
	j, err := w.newJob(ctx, connectorID, nil)
	if err != nil {
		return err
	}
	w.other = j
	if j.before, err = w.readJob(ctx, j.id); err != nil {
		return err
	}
	w.saved["other_sync_job"] = j.id
	return nil
}

func (w *World) otherUnchanged(ctx context.Context) error {
	if w.other == nil || w.other.before == nil {
		return errNoOther
	}
	after, err := w.readJob(ctx, w.other.id)
	if err != nil {
		return err
	}
	return unchanged(CheckBystander, "the other sync job", w.other.before, after)
}

func (w *World) unknownJob() error {
	w.other = w.job
	w.useJob(&job{id: fmt.Sprintf("esconform-no-such-%012x", w.rand.Int63n(1<<48)), absent: true})
	return nil
}

func (w *World) connectorIDAsJob() error {
	if w.connector == nil {
		return errNoConnector
	}
	w.useJob(&job{id: w.connector.id, absent: true})
	return nil
}

func (w *World) carryField(ctx context.Context, name, raw string) error {
	v, err := jsonval.Decode([]byte(raw))
	if err != nil {
		return fmt.Errorf("read the value %s: %w", raw, err)
	}
	return w.writeDirectly(ctx, map[string]any{name: v})
}

func (w *World) stillAbsent(ctx context.Context) error {
	if w.job == nil {
		return errNoJob
	}
	res, err := w.get(ctx, jobPath(w.job.id))
	if err != nil {
		return err
	}
	if res.Status == http.StatusOK {
		w.deps.Scope.Track("sync_job", w.job.id)
	}
	if err := wantAbsent(res, "reading a sync job"); err != nil {
		return err
	}
	if res, err = w.askDirect(ctx, jobsIndex, w.job.id); res == nil || err != nil {
		return err
	}
	return wantAbsent(res, "reading the stored document of a sync job")
}

package steps

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func creationSteps() []Definition {
	const noun = "creation"
	return []Definition{
		define(noun, `a sync job is requested with the body `+anyJSON,
			"Asks for a new sync job; {connector} stands for the connector's id. The connector is looked at first.",
			`When a sync job is requested with the body {"id":"{connector}"}`,
			func(w *World) any { return w.requestJob }),
		define(noun, `a sync job is requested without a body`,
			"Asks for a new sync job without saying of which connector.",
			"When a sync job is requested without a body",
			func(w *World) any { return w.requestJobWithNothing }),
		define(noun, `the sync job is created`,
			"Demands status 201 and exactly an id; the steps that follow are about the new sync job.",
			"Then the sync job is created",
			func(w *World) any { return w.jobCreated }),
		define(noun, `the new sync job is stored with a copy of its connector and exactly:`,
			"Compares the whole stored document: the part of the connector that sync jobs copy, as it was before the request, and the fields of the table. \"the time of the creation\" stands for one time for all fields that have it.",
			"Then the new sync job is stored with a copy of its connector and exactly:\n  | status | \"pending\" |",
			func(w *World) any { return w.storedAsNew }),
		define(noun, `the copy of the connector holds at `+quoted+` the value `+anyJSON,
			"Demands a JSON value at a JSON pointer into the copy of the connector in the stored sync job; {connector} and {index} stand for names.",
			`Then the copy of the connector holds at "/language" the value "fr"`,
			func(w *World) any { return w.copyHolds }),
		define(noun, `the copy of the connector holds nothing at `+quoted,
			"Demands that there is nothing at a JSON pointer into the copy of the connector in the stored sync job.",
			`Then the copy of the connector holds nothing at "/pipeline"`,
			func(w *World) any { return w.copyLacks }),
	}
}

const jobsPath = "/_connector/_sync_job"

func (w *World) requestJob(ctx context.Context, body string) error {
	return w.requestNewJob(ctx, w.expandBody(body))
}

func (w *World) requestJobWithNothing(ctx context.Context) error { return w.requestNewJob(ctx, nil) }

// requestNewJob looks at the scenario's connector and job first: a rejected
// request must not touch them, and a new job copies the connector.
func (w *World) requestNewJob(ctx context.Context, body []byte) error {
	if w.connector == nil {
		return errNoConnector
	}
	before, err := w.readConnector(ctx, w.connector.id)
	if err != nil {
		return err
	}
	w.connector.copied = before
	w.requested = &job{connector: w.connector.id, creationSent: time.Now()}
	if w.job != nil {
		if err := w.baseline(ctx, w.job); err != nil {
			return err
		}
	}
	res, err := w.do(ctx, wire.Request{Method: http.MethodPost, Path: jobsPath, Body: body})
	if err != nil {
		return err
	}
	w.requested.creationAnswered = time.Now()
	w.last, w.sent = res, body
	return nil
}

func (w *World) jobCreated() error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if w.requested == nil {
		return errNoUpdate
	}
	const what = "the creation of a sync job"
	if err := wantStatus(res, what, http.StatusCreated); err != nil {
		return err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return err
	}
	if err := w.matches(res, "created", doc); err != nil {
		return err
	}
	fields := doc.(map[string]any)
	if len(fields) != 1 {
		return CheckAnswer.failf(res, "nothing but an id", string(jsonval.Encode(doc)), "the creation of a sync job is answered with more than its id")
	}
	w.requested.id = fields["id"].(string)
	if w.job != nil && w.requested.id == w.job.id {
		return failf(res, "an id of its own", "/id "+w.job.id, "the creation of a sync job is answered with the id of one that was there before")
	}
	w.useJob(w.requested)
	return nil
}

// timeOfCreation stands for a time in tables.
const timeOfCreation = "the time of the creation"

func (w *World) storedAsNew(ctx context.Context, t *godog.Table) error {
	if w.connector == nil || w.connector.copied == nil {
		return errNoConnector
	}
	after, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	expected := map[string]any{}
	for _, f := range tableFields(t) {
		if f.raw == timeOfCreation {
			expected[f.name] = after.source["created_at"]
			continue
		}
		if expected[f.name], err = jsonval.Decode([]byte(f.raw)); err != nil {
			return fmt.Errorf("read the value %s of %s: %w", f.raw, f.name, err)
		}
	}
	doc, _ := w.connector.copied.viaAPI.(map[string]any)
	expected["connector"] = CopyOf(doc, w.connector.id, expected["job_type"])
	if diff := jsonval.Diff(expected, after.source); len(diff) > 0 {
		return CheckField(diff[0].Pointer).failf(after.read, sides(diff, false), sides(diff, true), "the new sync job is stored as something else")
	}
	return nil
}

// copiedFields are what a sync job copies of its connector as it is
// (measured). Fields that the connector does not have are left out.
var copiedFields = []string{"language", "pipeline", "service_type", "configuration"}

// CopyOf returns the part of a connector that a new sync job of this type
// holds: its id, the active rules of its first filtering, the name of its
// index, which for access control is that of another one, and a few fields as
// they are (measured).
func CopyOf(doc map[string]any, id string, jobType any) map[string]any {
	out := map[string]any{"id": id}
	if filtering, ok := jsonval.Pointer(doc, "/filtering/0/active"); ok {
		out["filtering"] = filtering
	}
	if name, ok := doc["index_name"].(string); ok {
		if jobType == "access_control" {
			name = ".search-acl-filter-" + name
		}
		out["index_name"] = name
	}
	for _, name := range copiedFields {
		if v, ok := doc[name]; ok && v != nil {
			out[name] = v
		}
	}
	return out
}

func (w *World) copyAt(ctx context.Context, pointer string) (*stored, any, bool, error) {
	after, err := w.now(ctx, w.job)
	if err != nil {
		return nil, nil, false, err
	}
	v, ok := jsonval.Pointer(after.source["connector"], pointer)
	return after, v, ok, nil
}

func (w *World) copyHolds(ctx context.Context, pointer, raw string) error {
	want, err := jsonval.Decode(w.expandBody(raw))
	if err != nil {
		return fmt.Errorf("read the expected value %s: %w", raw, err)
	}
	after, got, ok, err := w.copyAt(ctx, pointer)
	if err != nil {
		return err
	}
	if !ok || !jsonval.Equal(want, got) {
		return CheckField("/connector").failf(after.read, "/connector"+pointer+" "+string(jsonval.Encode(want)), "/connector"+pointer+" "+string(jsonval.Encode(got)), "the sync job holds another copy of the connector")
	}
	return nil
}

func (w *World) copyLacks(ctx context.Context, pointer string) error {
	after, got, ok, err := w.copyAt(ctx, pointer)
	if err != nil {
		return err
	}
	if ok {
		return CheckField("/connector").failf(after.read, "nothing at /connector"+pointer, "/connector"+pointer+" "+string(jsonval.Encode(got)), "the sync job's copy of the connector has something at %s", pointer)
	}
	return nil
}

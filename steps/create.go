package steps

import (
	"context"
	"net/http"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

var creationSteps = chapter{noun: "creation", family: connectorAPI, rows: []row{
	{"When a sync job is requested with the body <json>",
		"Asks for a new sync job; {connector} stands for the connector's id. The connector is looked at first.",
		`When a sync job is requested with the body {"id":"{connector}"}`, (*jobs).requestJob},
	{"When a sync job is requested without a body",
		"Asks for a new sync job without saying of which connector.",
		"", (*jobs).requestJobWithNothing},
	{"Then a new sync job is created",
		"Demands status 201 and exactly an id; the steps that follow are about the new sync job.",
		"", (*jobs).jobCreated},
	{"Then the new sync job is stored with a copy of its connector and exactly:",
		"Compares the whole stored document: the part of the connector that sync jobs copy, as it was before the request, and the fields of the table. \"the time of the creation\" stands for one time for all fields that have it.",
		"Then the new sync job is stored with a copy of its connector and exactly:\n  | status | \"pending\" |", (*jobs).storedAsNew},
	{`Then the copy of the connector holds at "<text>" the value <json>`,
		"Demands a JSON value at a JSON pointer into the copy of the connector in the stored sync job; {connector} and {index} stand for names.",
		`Then the copy of the connector holds at "/language" the value "fr"`, (*jobs).copyHolds},
	{`Then the copy of the connector holds nothing at "<text>"`,
		"Demands that there is nothing at a JSON pointer into the copy of the connector in the stored sync job.",
		`Then the copy of the connector holds nothing at "/pipeline"`, (*jobs).copyLacks},
}}

// requestJob looks at the scenario's connector and job first: a rejected
// request must not touch them, and a new job copies the connector.
func (j *jobs) requestJob(ctx context.Context, c theConnector, body template) error {
	return j.requestNewJob(ctx, c, []byte(body))
}

func (j *jobs) requestJobWithNothing(ctx context.Context, c theConnector) error {
	return j.requestNewJob(ctx, c, nil)
}

func (j *jobs) requestNewJob(ctx context.Context, c theConnector, body []byte) error {
	r, err := j.resourceNamed("sync job")
	if err != nil {
		return err
	}
	if j.copied, err = j.look(ctx, c.thing); err != nil {
		return err
	}
	j.requested = &thing{res: r}
	return j.requested.created.around(j.deps.Session.Now, func() error {
		_, err := j.write(ctx, wire.Request{Method: http.MethodPost, Path: jobsPath, Body: body})
		return err
	})
}

func (j *jobs) jobCreated(res *wire.Response) error {
	if j.requested == nil {
		return errNoUpdate
	}
	const what = "the creation of a sync job"
	doc, err := j.document(res, what, http.StatusCreated, "created")
	if err != nil {
		return err
	}
	fields := doc.(map[string]any)
	if len(fields) != 1 {
		return CheckAnswer.failf(res, "nothing but an id", string(jsonval.Encode(doc)), "the creation of a sync job is answered with more than its id")
	}
	j.requested.id = fields["id"].(string)
	if job, err := j.job(); err == nil && j.requested.id == job.id {
		return failf(res, "an id of its own", "/id "+job.id, "the creation of a sync job is answered with the id of one that was there before")
	}
	return j.name(j.requested, "")
}

// timeOfCreation stands for a time in tables.
const timeOfCreation = "the time of the creation"

func (j *jobs) storedAsNew(ctx context.Context, job theJob, c theConnector, t *godog.Table) error {
	if j.copied == nil {
		return errNoConnector
	}
	after, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	expected := map[string]any{}
	for _, f := range tableFields(t) {
		if f.raw == timeOfCreation {
			expected[f.name] = after.fields()["created_at"]
			continue
		}
		if expected[f.name], err = j.wanted(f.raw); err != nil {
			return err
		}
	}
	expected["connector"] = j.copyOf(j.copied, c.id, expected["job_type"])
	if diff := jsonval.Diff(expected, after.doc); len(diff) > 0 {
		return CheckField(diff[0].Pointer).failf(after.read, sides(diff, false), sides(diff, true), "the new sync job is stored as something else")
	}
	return nil
}

// copiedFields are what a sync job copies of its connector as it is
// (measured). Fields that the connector does not have are left out.
var copiedFields = []string{"language", "pipeline", "service_type", "configuration"}

// copyOf returns the part of a connector that a new sync job of this type
// holds: its id, the active rules of its first filtering, the name of its
// index, which for access control is that of another one, and a few fields as
// they are (measured). The first versions copied the whole filtering, and the
// name of the index as it is (Elasticsearch's pull requests).
func (j *jobs) copyOf(of *state, id string, jobType any) map[string]any {
	doc, _ := of.shown.(map[string]any)
	out := map[string]any{"id": id}
	filtering := "/filtering"
	if j.knows(sinceActiveFiltering) {
		filtering = "/filtering/0/active"
	}
	if v, ok := jsonval.Pointer(of.shown, filtering); ok {
		out["filtering"] = v
	}
	if name, ok := doc["index_name"].(string); ok {
		if jobType == "access_control" && j.knows(sinceAccessControlIndex) {
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

func (j *jobs) copyHolds(ctx context.Context, job theJob, pointer string, want value) error {
	return j.copyIs(ctx, job, pointer, want.v, true)
}

func (j *jobs) copyLacks(ctx context.Context, job theJob, pointer string) error {
	return j.copyIs(ctx, job, pointer, nil, false)
}

func (j *jobs) copyIs(ctx context.Context, job theJob, pointer string, want any, wanted bool) error {
	after, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	got, there := jsonval.Pointer(after.fields()["connector"], pointer)
	if there == wanted && (!wanted || jsonval.Equal(want, got)) {
		return nil
	}
	expected := "/connector" + pointer + " " + string(jsonval.Encode(want))
	if !wanted {
		expected = "nothing at /connector" + pointer
	}
	return CheckField("/connector").failf(after.read, expected, "/connector"+pointer+" "+string(jsonval.Encode(got)), "the sync job holds another copy of the connector")
}

package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// connectorAPI is the family of the steps below: they say of connectors and
// sync jobs what those for any resource do not.
const connectorAPI = "connector"

var syncJobSteps = chapter{noun: "sync job", family: connectorAPI, rows: []row{
	{"Given a connector of its own with a pending sync job",
		"Creates a connector and a sync job that no other scenario uses, for scenarios that look at the connector or at lists.",
		"", (*jobs).ownConnectorWithJob},
	{`Given a connector of the fixture "<text>" with a pending sync job`,
		"Creates a connector with a file of fixtures/connectors as its body, and a sync job of it.",
		`Given a connector of the fixture "described.json" with a pending sync job`, (*jobs).fixtureConnectorWithJob},
	{"Given another sync job of the same connector",
		"Creates a second sync job, saved as other_sync_job, and remembers how it is stored.",
		"", (*jobs).siblingJob},
	{"Given a sync job of another connector",
		"Creates a connector with a sync job, saved as other_sync_job, and remembers how that is stored.",
		"", (*jobs).jobOfOtherConnector},
	{"Given the id of the connector in place of a sync job's",
		"Uses the connector's id in the requests that follow.",
		"", (*jobs).connectorIDAsJob},
	{"Then the sync job is reported as not found",
		"Demands status 404 and resource_not_found_exception that names the id, and no word of another sync job.",
		"", (*jobs).notFound},
	{`Then the times "<text>" of the stored sync job are the same`,
		"Demands that these fields (separated by commas) hold one and the same instant.",
		`Then the times "canceled_at, completed_at" of the stored sync job are the same`, (*jobs).sameTimes},
	{`Then the times "<text>" of the stored sync job have moved`,
		"Demands other values of these fields (separated by commas) than before the last request.",
		`Then the times "started_at, last_seen" of the stored sync job have moved`, (*jobs).timesMoved},
	{"Then last_seen lies between the creation of the sync job and a check-in that follows",
		"Checks the sync job in and compares last_seen with the times that the server has set itself, allowing for 1 s between clocks of nodes.",
		"", (*jobs).lastSeenBetween},
	{"Then last_seen has moved",
		"Demands another last_seen than before the last request.",
		"", (*jobs).lastSeenMoved},
	{"Then the API hands it back as it is stored",
		"Reads the sync job through the API and straight from its index, and compares; needs an account that may do both.",
		"", (*jobs).sameBothWays},
}}

var connectorSteps = chapter{noun: "connector", family: connectorAPI, rows: []row{
	{"Then the connector has <number> sync job(s)",
		"Counts the sync jobs in the list of the connector.",
		"Then the connector has 1 sync job", (*jobs).connectorHasJobs},
	{`Given the connector is brought into the status "<text>"`,
		"Makes the calls that lead a new connector into a status.",
		`Given the connector is brought into the status "configured"`, (*jobs).connectorInStatus},
	{"Then the stored connector is marked as deleted",
		"Reads the connector straight from its index.",
		"", (*jobs).connectorMarked},
	{"Then the connector is read and listed as it is stored",
		"Reads the connector through the API, by its id and in the list of connectors, and straight from its index, and compares.",
		"", (*jobs).connectorAsStored},
}}

// jobs are the connectors and sync jobs of a scenario.
type jobs struct {
	*things
	requested *thing // the sync job that the last request for one is to create
	copied    *state // of its connector, as it was before
	sentField []byte // JSON of the field whose size the last step chose
}

// The names of the scenario's own.
const (
	jobName       = "sync_job"
	otherJob      = "other_sync_job"
	connectorName = "connector"
	jobsPath      = "/_connector/_sync_job"
	jobsIndex     = "/.elastic-connectors-sync-jobs"
)

// theJob and theConnector are those that the scenario is about.
type (
	theJob       struct{ *thing }
	theConnector struct{ *thing }
)

var (
	errNoJob       = errors.New(`there is no sync job yet; begin the scenario with "Given a sync job"`)
	errNoUpdate    = errors.New(`no request was sent yet that is remembered; put a step such as "the complete stats are set" before this one`)
	errNoConnector = errors.New(`there is no connector to look at; begin the scenario with "Given a connector of its own with a pending sync job"`)
)

func (j *jobs) job() (theJob, error) {
	if th := j.byName[jobName]; th != nil {
		return theJob{th}, nil
	}
	return theJob{}, errNoJob
}

func (j *jobs) connector() (theConnector, error) {
	if th := j.byName[connectorName]; th != nil {
		return theConnector{th}, nil
	}
	return theConnector{}, errNoConnector
}

// use makes a thing the one of its kind that the scenario is about.
func (j *jobs) use(kind, id string) (*thing, error) {
	r, err := j.resourceNamed(kind)
	if err != nil {
		return nil, err
	}
	th := &thing{res: r, id: id, bystander: kind == connectorName}
	return th, j.name(th, "")
}

func jobPath(id string) string { return jobsPath + "/" + url.PathEscape(id) }

func (t *theJob) path(call string) string { return jobPath(t.id) + "/" + call }

// newConnector creates a connector with this body, nil for the usual one.
func (j *jobs) newConnector(ctx context.Context, body any) (*thing, error) {
	id, err := j.deps.Scope.Create(ctx, "connector", resource.New{Body: body})
	if err != nil {
		return nil, err
	}
	return j.use("connector", id)
}

// newJob creates a sync job of a connector under a name.
func (j *jobs) newJob(ctx context.Context, name, connector string, extra map[string]any) (*thing, error) {
	return j.make(ctx, "sync job", name, resource.New{Of: map[string]string{"connector": connector}, Extra: extra}, nil)
}

func (j *jobs) ownConnectorWithJob(ctx context.Context) error { return j.newConnectorWithJob(ctx, nil) }

func (j *jobs) fixtureConnectorWithJob(ctx context.Context, name string) error {
	j.saved["index"] = j.deps.Scope.NewID()
	body, err := j.fixture("connectors", name)
	if err != nil {
		return err
	}
	return j.newConnectorWithJob(ctx, body)
}

// newConnectorWithJob creates a connector with this body, and remembers it as it
// is once it has a sync job.
func (j *jobs) newConnectorWithJob(ctx context.Context, body any) error {
	c, err := j.newConnector(ctx, body)
	if err != nil {
		return err
	}
	if _, err := j.newJob(ctx, "", c.id, nil); err != nil {
		return err
	}
	return j.remember(ctx, c)
}

// remember takes down how a thing is that no request is about.
func (j *jobs) remember(ctx context.Context, th *thing) (err error) {
	th.bystander = true
	th.before, err = j.look(ctx, th)
	return err
}

func (j *jobs) siblingJob(ctx context.Context, c theConnector) error { return j.otherOf(ctx, c.id) }

func (j *jobs) jobOfOtherConnector(ctx context.Context) error {
	id, err := j.deps.Scope.Create(ctx, "connector", resource.New{})
	if err != nil {
		return err
	}
	return j.otherOf(ctx, id)
}

func (j *jobs) otherOf(ctx context.Context, connector string) error {
	other, err := j.newJob(ctx, otherJob, connector, nil)
	if err != nil {
		return err
	}
	return j.remember(ctx, other)
}

func (j *jobs) connectorIDAsJob(c theConnector) error {
	th, err := j.use("sync job", c.id)
	if err == nil {
		th.absent = true
	}
	return err
}

func (j *jobs) notFound(job theJob, res *wire.Response) error {
	r, err := j.rejected(res, http.StatusNotFound, "resource_not_found_exception")
	if err != nil {
		return err
	}
	if !mentions(r.reason, job.id) {
		return CheckErrorReason.failf(r.res, "/error/reason that names "+job.id, "/error/reason "+r.reason, "the answer does not name the sync job")
	}
	for _, other := range []*thing{job.former, j.byName[otherJob]} {
		if other != nil && mentions(string(r.res.Body), other.id) {
			return CheckErrorTells.failf(r.res, "no word of "+other.id, answer(r.res), "the answer tells of another sync job")
		}
	}
	return nil
}

func (j *jobs) sameTimes(ctx context.Context, job theJob, fields several) error {
	after, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	for _, name := range fields {
		first, is := after.fields()[fields[0]], after.fields()[name]
		if was, err := writtenInstant(first); err != nil || !sameInstant(written(was), is) {
			return CheckSameTime.failf(after.read, fmt.Sprintf("/%s %v, as /%s", name, first, fields[0]), fmt.Sprintf("/%s %v", name, is), "%s and %s are different times", fields[0], name)
		}
	}
	return nil
}

func (j *jobs) timesMoved(ctx context.Context, job theJob, fields several) error {
	before, after, err := j.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	for _, name := range fields {
		if was, is := before.fields()[name], after.fields()[name]; jsonval.Equal(was, is) {
			return CheckMoved(name).failf(after.read, fmt.Sprintf("another /%s than %v", name, was), fmt.Sprintf("/%s %v", name, is), "%s has not moved", name)
		}
	}
	return nil
}

func (j *jobs) lastSeenMoved(ctx context.Context, job theJob) error {
	if err := j.timesMoved(ctx, job, several{"last_seen"}); err != nil {
		return err
	}
	after, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	return job.checkUpdateTime(after, "last_seen")
}

func (j *jobs) lastSeenBetween(ctx context.Context, job theJob) error {
	after, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	res, err := j.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: job.path("_check_in")})
	if err != nil {
		return err
	}
	if err := j.updateResult(res, "updated"); err != nil {
		return err
	}
	job.current = nil
	checkedIn, err := j.now(ctx, job.thing)
	if err != nil {
		return err
	}
	createdAt, lastSeen, nextSeen := after.fields()["created_at"], after.fields()["last_seen"], checkedIn.fields()["last_seen"]
	created, err1 := writtenInstant(createdAt)
	seen, err2 := writtenInstant(lastSeen)
	next, err3 := writtenInstant(nextSeen)
	if err1 != nil || err2 != nil || err3 != nil || seen.Before(created.Add(-clockTolerance)) || seen.After(next.Add(clockTolerance)) {
		return CheckTime("last_seen").failf(after.read,
			fmt.Sprintf("/last_seen at or after created_at (%v) and before the check-in that followed (%v)", createdAt, nextSeen),
			fmt.Sprintf("/last_seen %v", lastSeen), "last_seen is not the time of the update")
	}
	return nil
}

func (j *jobs) sameBothWays(ctx context.Context, job theJob) error {
	after, err := j.now(ctx, job.thing) // compares both
	if err != nil {
		return err
	}
	return after.needDirect(job.thing)
}

func (j *jobs) connectorMarked(ctx context.Context, c theConnector) error {
	s, err := j.readDirect(ctx, c.thing)
	if err != nil {
		return err
	}
	if s == nil {
		return (&state{}).needDirect(c.thing)
	}
	if s.fields()["deleted"] != true {
		return failf(s.read, "/_source/deleted true", fmt.Sprintf("/_source/deleted %v", s.fields()["deleted"]), "the stored connector is not marked as deleted")
	}
	return nil
}

func (j *jobs) connectorInStatus(ctx context.Context, c theConnector, status string) error {
	return j.bring(ctx, c.thing, status)
}

// connectorAsStored demands that the list of connectors shows a connector as it
// is read by its id.
func (j *jobs) connectorAsStored(ctx context.Context, c theConnector) error {
	s, err := j.look(ctx, c.thing) // compares both ways
	if err != nil {
		return err
	}
	const what = "listing the connector"
	res, err := j.get(ctx, "/_connector?index_name="+url.QueryEscape(fmt.Sprint(s.fields()["index_name"])))
	if err != nil {
		return err
	}
	doc, err := j.document(res, what, http.StatusOK, "")
	if err != nil {
		return err
	}
	shown, _ := jsonval.Pointer(doc, "/results/0")
	if diff := jsonval.Diff(s.shown, shown); len(diff) > 0 {
		return failf(res, sides(diff, false), sides(diff, true), "the list shows the connector as something else than what is stored")
	}
	return nil
}

// listJobs returns the list of the connector's sync jobs.
func (j *jobs) listJobs(ctx context.Context, c theConnector) (*wire.Response, []any, error) {
	what := "listing the sync jobs of the connector"
	res, err := j.get(ctx, jobsPath+"?connector_id="+url.QueryEscape(c.id))
	if err != nil {
		return nil, nil, err
	}
	doc, err := j.document(res, what, http.StatusOK, "")
	if err != nil {
		return nil, nil, err
	}
	if err := j.listMatches(res, doc); err != nil {
		return nil, nil, err
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

// listMatches checks the shape of a list, unless another program has stored
// something that may be in it.
func (j *jobs) listMatches(res *wire.Response, doc any) error {
	for _, th := range j.order {
		if th.foreign {
			return nil
		}
	}
	return j.matches(res, "sync-job-list", doc)
}

func (j *jobs) connectorHasJobs(ctx context.Context, c theConnector, n int) error {
	res, results, err := j.listJobs(ctx, c)
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

var foreignSteps = chapter{noun: "document of another program", family: connectorAPI, rows: []row{
	{`Given a sync job that another program has stored as the fixture "<text>"`,
		"Stores a file of fixtures/documents, or a document of a lineage as \"8.8/completed\", past the API, as a sync job of a connector of its own that has another one, which the API made. {connector} and {index} stand for names, {created_at} for the time at which that other one was created, {created_at_offset} for the same with +00:00 in place of Z.",
		`Given a sync job that another program has stored as the fixture "sync-job-kibana.json"`, (*jobs).foreignJob},
	{`Given a connector that another program has stored as the fixture "<text>"`,
		"Stores a file of fixtures/documents, or a document of a lineage, past the API, as a connector.",
		`Given a connector that another program has stored as the fixture "connector-kibana.json"`, (*jobs).foreignConnector},
}}

// foreignJob stores a sync job past the API. One that the API made is there
// beside it: its times are the server's own.
func (j *jobs) foreignJob(ctx context.Context, name string) error {
	if err := j.ownConnectorWithJob(ctx); err != nil {
		return err
	}
	made := j.byName[jobName]
	s, err := j.now(ctx, made)
	if err != nil {
		return err
	}
	created, err := writtenInstant(s.fields()["created_at"])
	if err != nil {
		return failf(s.read, "/created_at with an instant", fmt.Sprint("/created_at ", s.fields()["created_at"]), "created_at cannot be read")
	}
	j.saved["index"] = j.deps.Scope.NewID()
	j.saved["created_at"] = written(created)
	j.saved["created_at_offset"] = strings.Replace(written(created), "Z", "+00:00", 1)
	body, err := j.foreignBody(name)
	if err != nil {
		return err
	}
	res, err := j.storeDirectly(ctx, http.MethodPost, made.res, "/_doc", body)
	if err != nil {
		return err
	}
	stored, err := j.use("sync job", stringAt(res, "/_id"))
	if err != nil {
		return err
	}
	stored.foreign, stored.created = true, made.created
	made.bystander, made.before = true, s
	return j.name(made, otherJob)
}

func (j *jobs) foreignConnector(ctx context.Context, name string) error {
	j.saved["index"] = j.deps.Scope.NewID()
	body, err := j.foreignBody(name)
	if err != nil {
		return err
	}
	c, err := j.use("connector", j.deps.Scope.NewID())
	if err != nil {
		return err
	}
	if _, err := j.storeDirectly(ctx, http.MethodPut, c.res, "/_create/"+c.id, body); err != nil {
		return err
	}
	c.foreign = lineage.Has(name) // the others have the shape of today
	return j.remember(ctx, c)
}

// foreignBody is a file of documents, or a document of a lineage.
func (j *jobs) foreignBody(name string) ([]byte, error) {
	if !lineage.Has(name) {
		return j.fixture("documents", name)
	}
	d, err := lineage.Find(name)
	if err != nil {
		return nil, err
	}
	return j.body(string(d.MadeAt(j.saved["created_at_offset"])))
}

// storeDirectly stores a new document past the API, so that a search finds it.
func (j *jobs) storeDirectly(ctx context.Context, method string, r *family.Resource, where string, body []byte) (*wire.Response, error) {
	res, err := j.deps.Scope.Do(ctx, wire.Request{Method: method, Path: r.StoredIn() + where + "?refresh=true", Body: body})
	if err != nil {
		return nil, err
	}
	switch res.Status {
	case http.StatusCreated:
		return res, nil
	case http.StatusForbidden:
		return nil, &SkipError{Reason: "needs an account that may write the index " + r.StoredIn()[1:]}
	}
	return nil, setupFailed(res, "store a document as another program does", "201")
}

// update makes a call that changes the sync job. What it is answered is for
// other steps to judge.
func (j *jobs) update(ctx context.Context, job theJob, call string, body []byte) error {
	_, err := j.write(ctx, wire.Request{Method: http.MethodPut, Path: job.path(call), Body: body})
	return err
}

// betweenJobs keeps the creation times of two sync jobs apart: lists are
// ordered by milliseconds.
const betweenJobs = 2 * time.Millisecond

package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func callSteps() []Definition {
	const noun = "call"
	return []Definition{
		define(noun, `the call `+quoted+` is made`,
			"Sends a call that changes the sync job and takes no body.",
			`When the call "_check_in" is made`,
			func(w *World) any { return w.makeCall }),
		define(noun, `the call `+quoted+` is made with the body `+anyJSON,
			"Sends a call that changes the sync job; the body is sent as it is written.",
			`When the call "_claim" is made with the body {"worker_hostname":"worker-1"}`,
			func(w *World) any { return w.makeCallWith }),
		define(noun, `the call `+quoted+` is made with the method `+method,
			"Sends a call with another method than PUT and no body.",
			`When the call "_cancel" is made with the method POST`,
			func(w *World) any { return w.makeCallBy }),
		define(noun, `the path `+quoted+` is called with `+method,
			"Sends a request without a body, and remembers how the sync job was stored before it; {sync_job} and {connector} stand for ids.",
			`When the path "/_connector/_sync_job/{sync_job}/_cancel/" is called with PUT`,
			func(w *World) any { return w.callPath }),
		define(noun, `the path `+quoted+` is called with `+method+` and the body `+anyJSON,
			"Sends a request, and remembers how the sync job was stored before it; {sync_job} and {connector} stand for ids.",
			`When the path "/_connector/_sync_job//_error" is called with PUT and the body {"error":"boom"}`,
			func(w *World) any { return w.callPathWith }),
		define(noun, `an id of `+number+` bytes that no sync job has`,
			"Makes up an id of that length for the requests that follow.",
			"Given an id of 513 bytes that no sync job has",
			func(w *World) any { return w.unknownLongID }),
		define(noun, `the sync job is read`,
			"Asks the API for the sync job.",
			"When the sync job is read",
			func(w *World) any { return w.read }),
		define(noun, `the answer is the sync job as it is stored`,
			"Demands status 200, the shape of a sync job, and exactly what is stored, with the id.",
			"Then the answer is the sync job as it is stored",
			func(w *World) any { return w.readAsStored }),
		define(noun, `the deletion of the sync job is requested`,
			"Asks the API to delete the sync job.",
			"When the deletion of the sync job is requested",
			func(w *World) any { return w.requestDeletion }),
		define(noun, `the deletion is acknowledged`,
			`Demands status 200 and exactly {"acknowledged":true}.`,
			"Then the deletion is acknowledged",
			func(w *World) any { return w.deletionAcknowledged }),
		define(noun, `the times `+quoted+` of the stored sync job are the same`,
			"Demands that these fields (separated by commas) hold one and the same instant.",
			`Then the times "canceled_at, completed_at" of the stored sync job are the same`,
			func(w *World) any { return w.sameTimes }),
		define(noun, `the times `+quoted+` of the stored sync job have moved`,
			"Demands other values of these fields (separated by commas) than before the last request.",
			`Then the times "started_at, last_seen" of the stored sync job have moved`,
			func(w *World) any { return w.timesMoved }),
		define(noun, number+` workers claim the sync job at once`,
			"Sends that many claims at the same time, each with a worker of its own.",
			"When 8 workers claim the sync job at once",
			func(w *World) any { return w.claimAtOnce }),
		define(noun, `the sync job belongs to exactly one of the successful workers`,
			"Compares the whole stored document with what a single successful claim makes of it.",
			"Then the sync job belongs to exactly one of the successful workers",
			func(w *World) any { return w.oneWorkerHasIt }),
		define(noun, `the sync job is set up with the calls:`,
			"Makes calls one after the other, each of which has to succeed: a table of calls and bodies.",
			"Given the sync job is set up with the calls:\n  | _claim  | {\"worker_hostname\":\"worker-1\"} |\n  | _cancel |                                |",
			func(w *World) any { return w.setUpCalls }),
	}
}

func (w *World) makeCall(ctx context.Context, action string) error {
	return w.callJob(ctx, http.MethodPut, action, nil)
}

func (w *World) makeCallWith(ctx context.Context, action, body string) error {
	return w.callJob(ctx, http.MethodPut, action, []byte(body))
}

func (w *World) makeCallBy(ctx context.Context, action, method string) error {
	return w.callJob(ctx, method, action, nil)
}

func (w *World) callPath(ctx context.Context, path, method string) error {
	return w.requestPath(ctx, method, path, nil)
}

func (w *World) callPathWith(ctx context.Context, path, method, body string) error {
	return w.requestPath(ctx, method, path, w.expandBody(body))
}

// requestPath sends a request to any path, beside which the scenario's sync
// job is looked at.
func (w *World) requestPath(ctx context.Context, method, path string, body []byte) error {
	path, err := w.expand(path)
	if err != nil {
		return err
	}
	if w.job == nil {
		return errNoJob
	}
	return w.updateAt(ctx, method, path, body)
}

func (w *World) unknownLongID(n int) error {
	w.other = w.job
	w.useJob(&job{id: strings.Repeat("x", n), absent: true})
	return nil
}

func (w *World) read(ctx context.Context) error {
	if w.job == nil {
		return errNoJob
	}
	res, err := w.do(ctx, wire.Request{Method: http.MethodGet, Path: jobPath(w.job.id)})
	if err != nil {
		return err
	}
	w.last = res
	return nil
}

func (w *World) readAsStored(ctx context.Context) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if w.job == nil {
		return errNoJob
	}
	const what = "reading the sync job"
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return err
	}
	if err := w.matches(res, "sync-job", doc); err != nil {
		return err
	}
	shown := shallow(doc.(map[string]any))
	if shown["id"] != w.job.id {
		return failf(res, fmt.Sprintf("/id %q", w.job.id), fmt.Sprintf("/id %q", shown["id"]), "the API handed back another sync job")
	}
	delete(shown, "id")
	w.job.current = nil
	return w.shownAsStored(ctx, res, "the API", shown)
}

func (w *World) requestDeletion(ctx context.Context) error {
	if w.job == nil {
		return errNoJob
	}
	if err := w.updateAt(ctx, http.MethodDelete, jobPath(w.job.id), nil); err != nil {
		return err
	}
	if w.last.Status == http.StatusOK {
		w.job.absent = true
	}
	return nil
}

func (w *World) deletionAcknowledged() error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	const what = "the deletion"
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return err
	}
	return w.matches(res, "acknowledged", doc)
}

func (w *World) sameTimes(ctx context.Context, names string) error {
	after, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	fields := list(names)
	for _, name := range fields {
		first, is := after.source[fields[0]], after.source[name]
		if was, err := writtenInstant(first); err != nil || !sameInstant(written(was), is) {
			return CheckSameTime.failf(after.read, fmt.Sprintf("/%s %v, as /%s", name, first, fields[0]), fmt.Sprintf("/%s %v", name, is), "%s and %s are different times", fields[0], name)
		}
	}
	return nil
}

func (w *World) timesMoved(ctx context.Context, names string) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	for _, name := range list(names) {
		if was, is := before.source[name], after.source[name]; jsonval.Equal(was, is) {
			return CheckMoved(name).failf(after.read, fmt.Sprintf("another /%s than %v", name, was), fmt.Sprintf("/%s %v", name, is), "%s has not moved", name)
		}
	}
	return nil
}

func (w *World) claimAtOnce(ctx context.Context, n int) error {
	return w.compete(ctx, n, "_claim", func(i int) map[string]any {
		return map[string]any{"worker_hostname": fmt.Sprintf("worker-%d", i), "sync_cursor": map[string]any{"worker": i}}
	})
}

func (w *World) oneWorkerHasIt(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	closest := failf(after.read, "the claim of one worker", "no claim was successful", "the sync job belongs to nobody")
	for _, wr := range w.winners() {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		expected := jsonval.Clone(before.source).(map[string]any)
		expected["status"], expected["worker_hostname"] = "in_progress", body["worker_hostname"]
		expected["connector"].(map[string]any)["sync_cursor"] = body["sync_cursor"]
		got := shallow(after.source)
		for _, name := range []string{"started_at", "last_seen"} {
			delete(expected, name)
			delete(got, name)
		}
		if closest = holds(expected, got, after.read); closest == nil {
			break
		}
	}
	if closest != nil {
		return closest
	}
	for _, name := range []string{"started_at", "last_seen"} {
		if err := w.job.checkUpdateTime(after, name); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) setUpCalls(ctx context.Context, t *godog.Table) error {
	if w.job == nil {
		return errNoJob
	}
	for _, f := range tableFields(t) {
		if err := w.setUp(ctx, http.MethodPut, jobPath(w.job.id)+"/"+f.name, f.raw, "200"); err != nil {
			return err
		}
	}
	w.job.current = nil
	return nil
}

func (w *World) deleteJob(ctx context.Context) error {
	if w.job == nil {
		return errNoJob
	}
	res, err := w.deps.Scope.Do(ctx, wire.Request{Method: http.MethodDelete, Path: jobPath(w.job.id)})
	if err != nil {
		return err
	}
	if res.Status != http.StatusOK {
		return setupFailed(res, "delete the sync job", "200")
	}
	w.job.absent = true
	return nil
}

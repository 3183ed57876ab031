package reference

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobReadFaults are defects of reading and deleting sync jobs.
func jobReadFaults() []Fault { return slices.Concat(getFaults(), deleteFaults()) }

// ofFirst says that a job is of the first connector of a run: runs begin with
// a look at whether the target works at all, which is not what a fault is to
// show in.
func ofFirst(d store.Doc) bool { return strings.HasSuffix(connectorOf(d), "-1") }

func getFaults() []Fault {
	f := func(id, sentence, requirement string, edit func(*Fault)) Fault {
		fault := Fault{ID: "sync-job.get." + id, Sentence: sentence, Requirements: req("sync-job.get." + requirement), ops: []string{"get-job"}}
		edit(&fault)
		return fault
	}
	requests := func(hook requestHook) func(*Fault) { return func(f *Fault) { f.request = hook } }
	answers := func(hook answerHook) func(*Fault) { return func(f *Fault) { f.answer = hook } }
	shows := func(edit func(o *xcontent.Object)) func(*Fault) {
		return func(f *Fault) {
			f.read = func(_ *call, _ *activeFault, index, _ string, d store.Doc, found bool) (store.Doc, bool) {
				if found && index == jobIndex && !ofFirst(d) {
					d.Source = d.Source.Clone()
					edit(d.Source)
				}
				return d, found
			}
		}
	}
	jobsAnswer := func(edit func(o *xcontent.Object)) func(*Fault) {
		return answers(respond(200, func(c *call, r *response) *response {
			d, _ := c.server.store.Get(jobIndex, c.vars[jobParam])
			if o, ok := r.body.(*xcontent.Object); ok && d.Source != nil && !ofFirst(d) {
				edit(o)
			}
			return r
		}))
	}
	return []Fault{
		f("another", "Reading answers another sync job of the connector where there is one.", "id-first", requests(func(c *call) *response {
			job, found := c.server.store.Get(jobIndex, c.vars[jobParam])
			for _, d := range c.server.store.All(jobIndex) {
				if found && c.method == http.MethodGet && d.ID != job.ID && connectorOf(d) == connectorOf(job) {
					c.path = "/_connector/_sync_job/" + d.ID
				}
			}
			return nil
		})),
		f("id-lower-case", "The id is answered in lower case.", "id-first", jobsAnswer(func(o *xcontent.Object) { o.Set("id", strings.ToLower(o.String("id"))) })),
		f("summary", "Reading answers id and status alone.", "route", jobsAnswer(func(o *xcontent.Object) {
			for _, k := range slices.Clone(o.Keys()) {
				if k != "id" && k != "status" {
					o.Delete(k)
				}
			}
		})),
		f("example-201", "Reading is answered with 201.", "example", answers(func(c *call, r *response) *response {
			if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && !ofFirst(d) {
				return restatus(200, 201)(c, r)
			}
			return r
		})),
		f("created-at-lost", "Reading leaves out created_at.", "whole", shows(func(o *xcontent.Object) { o.Delete("created_at") })),
		f("metadata-lost", "Reading leaves out empty metadata.", "whole", shows(func(o *xcontent.Object) {
			if m := o.Object("metadata"); m != nil && m.Len() == 0 {
				o.Delete("metadata")
			}
		})),
		f("status-in-capitals", "Reading answers the status in capitals.", "whole", shows(func(o *xcontent.Object) { o.Set("status", strings.ToUpper(o.String("status"))) })),
		f("unknown-hidden", "Reading leaves out fields that the API does not know.", "unknown-fields", shows(func(o *xcontent.Object) { o.Delete("x_unknown") })),
		f("unknown-as-text", "Reading answers large numbers as texts.", "unknown-fields", shows(func(o *xcontent.Object) {
			if n, ok := o.Get("x_unknown").(xcontent.Number); ok {
				o.Set("x_unknown", string(n))
			}
		})),
		f("checks-in", "Reading moves last_seen.", "changes-nothing", func(f *Fault) {
			f.after = onJob(func(r *response) bool { return r.status == 200 }, func(_ *call, o *xcontent.Object) { o.Set("last_seen", moved(o.String("last_seen"), 1)) })
		}),
		f("code-404-as-200", "An unknown sync job is answered with 200 and an empty object.", "code.404", answers(func(c *call, r *response) *response {
			if !jobExists(c) && strings.HasPrefix(c.vars[jobParam], "esconform-no-such") && r.status == 404 {
				return newResponse(200, xcontent.NewObject())
			}
			return r
		})),
		f("code-404-as-410", "An unknown sync job is answered with 410.", "code.404", answers(func(c *call, r *response) *response {
			if strings.HasPrefix(c.vars[jobParam], "esconform-no-such") {
				return restatus(404, 410)(c, r)
			}
			return r
		})),
		f("not-found-type", "An unknown sync job is reported as document_missing_exception.", "not-found", answers(retype(404, "", "document_missing_exception"))),
		f("not-found-unnamed", "The report of an unknown sync job does not name it.", "not-found", answers(editReason(404, func(string) string { return "not found" }))),
		f("not-found-wordy", "The report of an unknown sync job says more than its id.", "not-found", answers(editReason(404, func(id string) string { return "sync job " + id }))),
		f("put-as-get", "PUT is taken for GET.", "routing.methods", requests(methodAs(http.MethodPut, http.MethodGet))),
		f("post-as-get", "POST is taken for GET.", "routing.methods", requests(methodAs(http.MethodPost, http.MethodGet))),
		f("allow-get", "The refusal of a method allows GET alone.", "routing.methods", answers(setHeader(func(r *response) bool { return r.status == 405 }, "Allow", "GET"))),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", requests(ignoreParameters)),
		f("human-refused", "The query parameter human is rejected.", "routing.common-parameters", requests(refuseParameter("human"))),
		f("filter-path-ignored", "The query parameter filter_path is passed over.", "routing.common-parameters", requests(func(c *call) *response {
			delete(c.query, "filter_path")
			return nil
		})),
		f("slash-404", "A slash at the end of the path is answered with 404.", "routing.trailing-slash", requests(func(c *call) *response {
			if id := c.vars[jobParam]; strings.HasSuffix(c.path, "/") {
				return errorResponse(c, eserr.NotFound("%s", id))
			}
			return nil
		})),
		f("body-ignored", "A body is passed over.", "body", requests(ignoreBody)),
		f("id-not-decoded", "A percent-encoded id is not decoded.", "id.percent-encoded", requests(notDecoded)),
		f("unproduced", "The report of an unknown sync job has no product header.", "headers", answers(setHeader(unsuccessful, "X-Elastic-Product", ""))),
		f("text", "Sync jobs are sent as text/plain.", "headers", answers(setHeader(successful, "Content-Type", "text/plain; charset=UTF-8"))),
	}
}

func deleteFaults() []Fault {
	f := func(id, sentence, requirement string, edit func(*Fault)) Fault {
		fault := Fault{ID: "sync-job.delete." + id, Sentence: sentence, Requirements: req("sync-job.delete." + requirement), ops: []string{"delete-job"}}
		edit(&fault)
		return fault
	}
	requests := func(hook requestHook) func(*Fault) {
		return func(f *Fault) {
			f.request = func(c *call) *response {
				if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && ofFirst(d) {
					return nil
				}
				return hook(c)
			}
		}
	}
	answers := func(hook answerHook) func(*Fault) { return func(f *Fault) { f.answer = hook } }
	// withJob has the fault remember the job, which is gone afterwards.
	withJob := func(then func(c *call, job store.Doc)) func(*Fault) {
		return func(f *Fault) {
			f.request = func(c *call) *response {
				if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && !ofFirst(d) {
					c.memo = d
				}
				return nil
			}
			f.after = func(c *call, r *response) {
				if d, ok := c.memo.(store.Doc); ok && r.status == 200 {
					then(c, d)
				}
			}
		}
	}
	acknowledge := func(is func(d store.Doc) bool) requestHook {
		return func(c *call) *response {
			if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && c.method == http.MethodDelete && is(d) {
				return acknowledged()
			}
			return nil
		}
	}
	all := func(store.Doc) bool { return true }
	back := f("updates-bring-back", "A call for a deleted sync job creates it again.", "final", func(f *Fault) {
		f.ops = []string{"cancel", "check-in", "claim", "error", "stats"}
		f.after = func(c *call, r *response) {
			if id := c.vars[jobParam]; r.status == 404 && len(id) == generatedID {
				_, _ = c.server.store.Put(jobIndex, id, xcontent.NewObject("status", "pending"), store.Absent)
			}
		}
	})
	return []Fault{
		back,
		f("acknowledged-only", "A deletion is acknowledged, but not made.", "route", requests(acknowledge(all))),
		f("example-extra", "The answer to a deletion has a result.", "example", answers(func(c *call, r *response) *response {
			if o, ok := r.body.(*xcontent.Object); ok && r.status == 200 {
				o.Set("result", "deleted")
			}
			return r
		})),
		f("answer-202", "A deletion is answered with 202.", "answer", requests(func(c *call) *response {
			if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && c.method == http.MethodDelete && len(c.query) == 0 && len(c.body) == 0 {
				_, _, _ = c.server.store.Delete(jobIndex, d.ID, store.Any)
				return newResponse(202, xcontent.NewObject("acknowledged", true))
			}
			return nil
		})),
		f("answer-unacknowledged", "A deletion is answered as not acknowledged.", "answer", withAnswer(xcontent.NewObject("acknowledged", false))),
		f("in-progress-kept", "A sync job in progress is not deleted.", "every-status", requests(acknowledge(func(d store.Doc) bool { return d.Source.String("status") == "in_progress" }))),
		f("ended-kept", "A sync job that has completed is not deleted.", "every-status", requests(acknowledge(func(d store.Doc) bool { return d.Source.String("status") == "completed" }))),
		f("code-404-as-200", "Deleting an unknown sync job is acknowledged.", "code.404", answers(both(restatus(404, 200), rebody(200, xcontent.NewObject("acknowledged", true))))),
		f("not-found-type", "Deleting an unknown sync job is reported as document_missing_exception.", "not-found", answers(retype(404, "", "document_missing_exception"))),
		f("not-found-wordy", "The report of an unknown sync job says more than its id.", "not-found", answers(editReason(404, func(id string) string { return "sync job " + id }))),
		f("takes-siblings", "A deletion takes the other sync jobs of the connector with it.", "siblings", withJob(func(c *call, job store.Doc) {
			for _, d := range c.server.store.All(jobIndex) {
				if connectorOf(d) == connectorOf(job) {
					_, _, _ = c.server.store.Delete(jobIndex, d.ID, store.Any)
				}
			}
		})),
		f("touches-connector", "A deletion touches the connector.", "connector", withJob(func(c *call, job store.Doc) {
			c.server.force(connectorIndex, connectorOf(job), func(o *xcontent.Object) { o.Set("sync_now", true) })
		})),
		f("list-late", "The list shows a deleted sync job once more.", "list", func(f *Fault) {
			f.ops = []string{"list-jobs"}
			f.answer = respond(200, func(_ *call, r *response) *response {
				if o, ok := r.body.(*xcontent.Object); ok {
					results, _ := o.Get("results").([]any)
					if len(results) > 0 {
						ghost := xcontent.CloneValue(results[0]).(*xcontent.Object).Set("id", strings.Repeat("A", generatedID))
						o.Set("count", number(len(results)+1)).Set("results", append(results, any(ghost)))
					}
				}
				return r
			})
		}),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", requests(ignoreParameters)),
		f("hard-accepted", "The query parameter hard is accepted.", "routing.unknown-parameter", requests(func(c *call) *response {
			c.param("hard")
			return nil
		})),
		f("slash-404", "A slash at the end of the path is answered with 404.", "routing.trailing-slash", requests(func(c *call) *response {
			if strings.HasSuffix(c.path, "/") {
				return errorResponse(c, eserr.NotFound("%s", c.vars[jobParam]))
			}
			return nil
		})),
		f("body-ignored", "A body is passed over.", "body", requests(ignoreBody)),
		f("id-not-decoded", "A percent-encoded id is not decoded.", "id.percent-encoded", requests(notDecoded)),
		f("unproduced", "The report of an unknown sync job has no product header.", "headers", answers(setHeader(unsuccessful, "X-Elastic-Product", ""))),
		f("text", "The report of an unknown sync job is sent as text/plain.", "headers", answers(setHeader(unsuccessful, "Content-Type", "text/plain; charset=UTF-8"))),
	}
}

// withAnswer replaces the body of successful answers, but not of those about
// a run's first connector.
func withAnswer(body *xcontent.Object) func(*Fault) {
	return func(f *Fault) {
		f.request = func(c *call) *response {
			if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && !ofFirst(d) {
				c.memo = true
			}
			return nil
		}
		f.answer = func(c *call, r *response) *response {
			if c.memo == true {
				return rebody(200, body)(c, r)
			}
			return r
		}
	}
}

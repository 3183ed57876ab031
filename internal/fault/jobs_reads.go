package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobReadFaults are defects of reading and deleting sync jobs.
func jobReadFaults() []Fault { return slices.Concat(getFaults(), deleteFaults()) }

// ofLater holds for jobs of all but the first connector of a run: runs begin
// with a look at whether the target works at all, which is not what a fault is
// to show in.
func ofLater(d doc) bool { return !strings.HasSuffix(connectorOf(d), "-1") }

// noSuchJob holds for calls with an id that the suite knows nobody has.
func noSuchJob(c *call) bool { return strings.HasPrefix(jobID(c), "esconform-no-such") }

// wordy has a report of an unknown sync job say more than its id.
var wordy = rereason(404, func(_ *call, id string) string { return "sync job " + id })

// bareNotFound is the error of reads, which is the bare id.
func bareNotFound(c *call) *failure { return eserr.NotFound("%s", jobID(c)) }

func getFaults() []Fault {
	f := jobs("get", "get-job").fault
	shown := func(id, what, req string, change func(o *object)) Fault {
		return f(id, what, req, shows(ofLater, change))
	}
	answered := func(id, what, req string, change func(o *object)) Fault {
		return f(id, what, req, when(jobIs(ofLater), editAnswer(200, func(o *object) { change(o) })))
	}
	another := edit(func(c *call) {
		for _, d := range siblings(c) {
			c.Path = "/_connector/_sync_job/" + d.ID
		}
	})
	return []Fault{
		f("another", "Reading answers another sync job of the connector where there is one.", "id-first", when(method(http.MethodGet), another)),
		answered("id-lower-case", "The id is answered in lower case.", "id-first", turn("id", strings.ToLower)),
		answered("summary", "Reading answers id and status alone.", "route", keep(func(k string, _ any) bool { return k == "id" || k == "status" })),
		f("example-201", "Reading is answered with 201.", "example", when(jobIs(ofLater), restatus(200, 201))),
		shown("created-at-lost", "Reading leaves out created_at.", "whole", unset("created_at")),
		shown("metadata-lost", "Reading leaves out empty metadata.", "whole", func(o *object) {
			if m := o.Object("metadata"); m != nil && m.Len() == 0 {
				o.Delete("metadata")
			}
		}),
		shown("status-in-capitals", "Reading answers the status in capitals.", "whole", turn("status", strings.ToUpper)),
		shown("unknown-hidden", "Reading leaves out fields that the API does not know.", "unknown-fields", unset("x_unknown")),
		shown("unknown-as-text", "Reading answers large numbers as texts.", "unknown-fields", func(o *object) {
			if n, ok := o.Get("x_unknown").(xcontent.Number); ok {
				o.Set("x_unknown", string(n))
			}
		}),
		f("checks-in", "Reading moves last_seen.", "changes-nothing", onJob(status(200), seenLater)),
		f("code-404-as-200", "An unknown sync job is answered with 200 and an empty object.", "code.404",
			when(all(noSuchJob, not(jobExists)), instead(404, 200, xcontent.NewObject()))),
		f("code-404-as-410", "An unknown sync job is answered with 410.", "code.404", when(noSuchJob, restatus(404, 410))),
		f("not-found-type", "An unknown sync job is reported as document_missing_exception.", "not-found", retype(404, "", "document_missing_exception")),
		f("not-found-unnamed", "The report of an unknown sync job does not name it.", "not-found", reasonIs(404, "not found")),
		f("not-found-wordy", "The report of an unknown sync job says more than its id.", "not-found", wordy),
		f("put-as-get", "PUT is taken for GET.", "routing.methods", as(http.MethodPut, http.MethodGet)),
		f("post-as-get", "POST is taken for GET.", "routing.methods", as(http.MethodPost, http.MethodGet)),
		f("allow-get", "The refusal of a method allows GET alone.", "routing.methods", sends(status(405), "Allow", "GET")),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("human-refused", "The query parameter human is rejected.", "routing.common-parameters", refuseParameter("human")),
		f("filter-path-ignored", "The query parameter filter_path is passed over.", "routing.common-parameters", query("filter_path", to(""))),
		f("slash-404", "A slash at the end of the path is answered with 404.", "routing.trailing-slash", when(trailingSlash, fails(bareNotFound))),
		f("body-ignored", "A body is passed over.", "body", ignoreBody),
		f("id-not-decoded", "A percent-encoded id is not decoded.", "id.percent-encoded", notDecoded),
		f("unproduced", "The report of an unknown sync job has no product header.", "headers", productIs(unsuccessful, "")),
		f("text", "Sync jobs are sent as text/plain.", "headers", typeIs(successful, plainText)),
	}
}

func deleteFaults() []Fault {
	f := jobs("delete", "delete-job").fault
	deletion := method(http.MethodDelete)
	acknowledged := xcontent.NewObject("acknowledged", true)
	saysDone := says(200, "acknowledged", true)
	// requests are defects that do not show in how a run begins.
	requests := func(id, what, req string, e effect) Fault {
		early := jobIs(func(d doc) bool { return !ofLater(d) })
		return f(id, what, req, when(not(early), e))
	}
	skipped := func(id, what, status string) Fault {
		return requests(id, what, "every-status", when(all(deletion, jobIs(in(status))), saysDone))
	}
	// deleted has something come of the deletion of a sync job.
	deleted := func(do func(c *call, job doc)) effect {
		return func(c *call, h hooks, l *live) hooks {
			job, found := job(c)
			if !found || !ofLater(job) {
				return h
			}
			return respond(200, func(c *call, _ *response) { do(c, job) })(c, h, l)
		}
	}
	ghost := editAnswer(200, func(o *object) {
		if results, _ := o.Get("results").([]any); len(results) > 0 {
			ghost := xcontent.CloneValue(results[0]).(*object).Set("id", strings.Repeat("A", generatedID))
			o.Set("count", number(int64(len(results)+1))).Set("results", append(results, any(ghost)))
		}
	})
	bare := func(c *call) bool { return len(c.Query) == 0 && noBody(c) }
	generated := func(c *call) bool { return len(jobID(c)) == generatedID }
	return []Fault{
		f("updates-bring-back", "A call for a deleted sync job creates it again.", "final", when(generated, addsMissing)).
			on("cancel", "check-in", "claim", "error", "stats"),
		requests("acknowledged-only", "A deletion is acknowledged, but not made.", "route", when(all(deletion, jobExists), saysDone)),
		f("example-extra", "The answer to a deletion has a result.", "example", editAnswer(200, set("result", "deleted"))),
		requests("answer-202", "A deletion is answered with 202.", "answer", when(all(deletion, jobExists, bare), request(func(c *call) *response {
			remove(c.Server, reference.JobIndex, jobID(c))
			return reference.NewResponse(202, acknowledged)
		}))),
		f("answer-unacknowledged", "A deletion is answered as not acknowledged.", "answer", when(jobIs(ofLater), rebody(200, xcontent.NewObject("acknowledged", false)))),
		skipped("in-progress-kept", "A sync job in progress is not deleted.", "in_progress"),
		skipped("ended-kept", "A sync job that has completed is not deleted.", "completed"),
		f("code-404-as-200", "Deleting an unknown sync job is acknowledged.", "code.404", restatus(404, 200), rebody(200, acknowledged)),
		f("not-found-type", "Deleting an unknown sync job is reported as document_missing_exception.", "not-found", retype(404, "", "document_missing_exception")),
		f("not-found-wordy", "The report of an unknown sync job says more than its id.", "not-found", wordy),
		f("takes-siblings", "A deletion takes the other sync jobs of the connector with it.", "siblings",
			deleted(func(c *call, job doc) { removeJobs(c.Server, ofConnector(connectorOf(job))) })),
		f("touches-connector", "A deletion touches the connector.", "connector", deleted(func(c *call, job doc) { askToSync(c, connectorOf(job)) })),
		f("list-late", "The list shows a deleted sync job once more.", "list", ghost).on("list-jobs"),
		requests("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		requests("hard-accepted", "The query parameter hard is accepted.", "routing.unknown-parameter", accept("hard")),
		requests("slash-404", "A slash at the end of the path is answered with 404.", "routing.trailing-slash", when(trailingSlash, fails(bareNotFound))),
		requests("body-ignored", "A body is passed over.", "body", ignoreBody),
		requests("id-not-decoded", "A percent-encoded id is not decoded.", "id.percent-encoded", notDecoded),
		f("unproduced", "The report of an unknown sync job has no product header.", "headers", productIs(unsuccessful, "")),
		f("text", "The report of an unknown sync job is sent as text/plain.", "headers", typeIs(unsuccessful, plainText)),
	}
}

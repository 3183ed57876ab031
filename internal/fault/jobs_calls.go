package fault

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobCall is a call that changes one sync job, for the faults that each of
// them can have alike.
type jobCall struct {
	op, what string
	field    string // the one that its body needs, "" where it takes none
}

var jobCalls = []jobCall{
	{op: "cancel", what: "a cancellation"},
	{op: "check-in", what: "a check-in"},
	{op: "claim", what: "a claim", field: "worker_hostname"},
	{op: "error", what: "a report of an error", field: "error"},
}

// jobCallFaults are defects of cancel, check-in, claim and error.
func jobCallFaults() []Fault {
	var faults []Fault
	for _, jc := range jobCalls {
		faults = slices.Concat(faults, jc.faults())
	}
	return slices.Concat(faults, []Fault{
		jobCalls[1].fault("long-id-404", "An id of more than 512 bytes is answered with 404 by CALL.", "id.too-long", when(longID, notFound)),
		jobCalls[1].fault("at-once", "Sync jobs that are checked in twice at once are taken for failed.", "concurrent", step{merge: func(c *call, old doc, partial *object, plain merged) (*object, bool, *failure) {
			time.Sleep(crowdPause)
			if same, _ := c.Server.InFlight(old.ID); same > 1 {
				partial.Set("status", "error")
			}
			return plain()
		}}.effect),
	}, claimFaults(), errorFaults())
}

// fault is one of the call's, which requirements of the same call catch.
func (jc jobCall) fault(id, what, reqs string, effects ...effect) Fault {
	return jobs(jc.op, jc.op).fault(id, strings.ReplaceAll(what, "CALL", jc.what), reqs, effects...)
}

func (jc jobCall) faults() []Fault {
	f := jc.fault
	put := method(http.MethodPut)
	alike := []Fault{
		f("answered-only", "Nothing comes of CALL that is answered with success.", "route example", when(all(put, jobExists), saysUpdated)),
		f("code-201", "The answer to CALL has the status 201.", "code.200", restatus(200, 201)),
		f("code-404-as-400", "An unknown sync job is answered with 400 by CALL.", "code.404", restatus(404, 400)),
		f("answer-acknowledged", `The answer to CALL is {"acknowledged":true}.`, "answer", rebody(200, xcontent.NewObject("acknowledged", true))),
		f("answer-extra", "The answer to CALL has a member that nobody knows.", "answer", rebody(200, updated().Set("took", number(1)))),
		f("not-found-type", "An unknown sync job is reported as document_missing_exception by CALL.", "not-found", retype(404, "", "document_missing_exception")),
		f("not-found-unnamed", "The report of an unknown sync job by CALL does not name it.", "not-found", reasonIs(404, "not found")),
		f("not-found-creates", "An unknown sync job is created by CALL that is answered with 404.", "not-found", addsMissing),
		f("touches-siblings", "Other sync jobs of the connector are touched by CALL.", "siblings", after(touchSiblings)),
		f("touches-connector", "The connector is touched by CALL.", "connector", after(touchConnector)),
		f("unproduced", "The answer to CALL has no product header.", "headers", productIs(anyAnswer, "")),
		f("text", "The rejection of CALL is sent as text/plain.", "headers", typeIs(unsuccessful, plainText)),
		f("post-accepted", "POST is taken for PUT by CALL.", "routing.methods", as(http.MethodPost, http.MethodPut)),
		f("get-accepted", "GET is taken for PUT by CALL.", "routing.methods", as(http.MethodGet, http.MethodPut)),
		f("allow-missing", "The refusal of a method by CALL has no Allow header.", "routing.methods", sends(status(405), "Allow", "")),
		f("options-405", "OPTIONS is refused by CALL.", "routing.options", optionsRefused),
		f("parameter-ignored", "Unknown query parameters are passed over by CALL.", "routing.unknown-parameter", ignoreParameters),
		f("pretty-refused", "The query parameter pretty is rejected by CALL.", "routing.common-parameters", refuseParameter("pretty")),
		f("pretty-undone", "Nothing comes of CALL with the query parameter pretty.", "routing.common-parameters", when(all(given("pretty"), jobExists), saysUpdated)),
		f("slash-undone", "Nothing comes of CALL with a slash at the end of the path.", "routing.trailing-slash", when(all(trailingSlash, jobExists), saysUpdated)),
		f("slash-404", "A slash at the end of the path is answered with 404 by CALL.", "routing.trailing-slash", when(trailingSlash, notFound)),
		f("empty-id-404", "An empty id is answered with 404 by CALL.", "id.empty", when(emptyID, notFound)),
		f("id-not-decoded", "A percent-encoded id is not decoded by CALL.", "id.percent-encoded", notDecoded),
	}
	if jc.field == "" {
		return append(alike, f("body-ignored", "A body is passed over by CALL.", "body", ignoreBody))
	}
	return append(alike,
		f("none-accepted", "A request without a body is answered by CALL as one that changes nothing.", "body.required", when(all(noBody, put), says(200, "result", "noop"))),
		f("array-as-first", "A body that is an array is taken for its first element by CALL.", "body.object", arrayAsFirst),
		f("malformed-completed", "A body that is cut off is read as far as it goes by CALL.", "body.well-formed", completeBody),
		f("unknown-dropped", "Unknown fields are passed over by CALL.", "body.unknown-field", dropUnknown(jc.field, "sync_cursor")),
		f("last-of-two", "The last of two values of a field counts for CALL.", "body.duplicate-key", lastOfTwo),
		f("text-accepted", "A body sent as text/plain is read as JSON by CALL.", "headers.media-type", anyTypeAsJSON),
		f("number-as-text", "Other values are taken for texts by CALL.", "type", editField(jc.field, inPlaceOf(isNoText, "text"))),
		f("before-body", "An unknown sync job is reported by CALL before the body is looked at.", "not-found.body-first",
			when(all(put, not(emptyID), not(noBody), not(jobExists)), notFound)),
	)
}

// touchSiblings changes the other jobs of a call's connector after a success.
func touchSiblings(c *call, r *response) {
	if !successful(r) {
		return
	}
	for _, d := range siblings(c) {
		force(c.Server, reference.JobIndex, d.ID, seenLater)
	}
}

// touchConnector changes the connector of a call's job after a success.
func touchConnector(c *call, r *response) {
	if job, found := job(c); found && successful(r) {
		askToSync(c, connectorOf(job))
	}
}

func askToSync(c *call, connector string) {
	force(c.Server, reference.ConnectorIndex, connector, set("sync_now", true))
}

// claimFaults are defects of claims alone.
func claimFaults() []Fault {
	f := group{"sync-job.claim.", "sync-job.", []string{"claim"}}.fault
	worker := func(id, what string, change func(string) string) Fault {
		return f(id, what, "claim.worker-kept", stores(turn("worker_hostname", change)))
	}
	// cursor does something with the copy of the connector and the cursor that
	// was sent, nil for none.
	cursor := func(change func(next, connector *object, cursor any)) effect {
		return storesFrom(func(c *call, _ doc, next *object) {
			if connector := next.Object("connector"); connector != nil {
				change(next, connector.Clone(), sent(c, "sync_cursor"))
			}
		})
	}
	taken := jobIs(func(d doc) bool { return d.Source.Has("worker_hostname") })
	return []Fault{
		worker("worker-lower-case", "The name of a worker is stored in lower case.", strings.ToLower),
		worker("worker-trimmed", "The name of a worker is stored without blanks around it.", strings.TrimSpace),
		f("worker-empty-refused", "An empty name of a worker is rejected.", "claim.worker-empty",
			refuse(has(isEmpty, "worker_hostname"), "action_request_validation_exception", "Validation Failed: 1: [worker_hostname] cannot be empty;")),
		f("cursor-dropped", "A given sync_cursor is not stored.", "claim.cursor", without("sync_cursor", isObject)),
		f("cursor-cleared", "A claim without sync_cursor removes the stored one.", "claim.cursor", cursor(func(next, connector *object, cursor any) {
			if cursor == nil {
				connector.Delete("sync_cursor")
				next.Set("connector", connector)
			}
		})),
		f("cursor-on-top", "sync_cursor is stored beside the copy of the connector.", "claim.cursor", cursor(func(next, _ *object, cursor any) {
			next.SetIf("sync_cursor", cursor)
		})),
		f("cursor-replaced", "A further sync_cursor replaces the stored one.", "claim.cursor-merged", cursor(func(next, connector *object, cursor any) {
			if cursor != nil {
				next.Set("connector", connector.Set("sync_cursor", cursor))
			}
		})),
		f("cursor-wrapped", "A sync_cursor that is no object is wrapped in one.", "claim.cursor-object", editField("sync_cursor", where(isNoObject, wrapped))),
		f("cursor-null-dropped", "A sync_cursor of null is passed over.", "claim.cursor-object", without("sync_cursor", isNull)),
		f("taken-ignored", "A claim of a sync job that has a worker is answered, but not made.", "life.takeover", when(taken, saysUpdated)),
		f("taken-refused", "A claim of a sync job that has a worker is answered with 409.", "life.takeover",
			when(taken, failsWith(forbiddenFrom("in_progress")), restatus(400, 409))),
		f("started-at-kept", "A second claim does not restart the time.", "life.takeover", updates(func(old, next *object) {
			next.SetIf("started_at", old.Get("started_at"))
		})),
		f("clears-the-end", "A claim removes the times of an earlier end.", "life.takeover", stores(unset("canceled_at", "completed_at", "cancelation_requested_at"))),
		f("clears-the-error", "A claim removes an earlier error.", "life.takeover", stores(unset("error"))),
		f("torn", "A claim is written field by field.", "claim.concurrent", torn),
	}
}

// errorFaults are defects of reports of errors alone.
func errorFaults() []Fault {
	f := jobs("error", "error").fault
	kept := func(id, what string, change func(string) string) Fault {
		return f(id, what, "text-kept", storeField("error", func(v any) any { return change(text(v)) }))
	}
	return []Fault{
		f("without-error", "A report without error is accepted.", "required", orElse("error", "unknown")),
		f("required-unnamed", "The rejection of a report without error does not name it.", "required", reword(400, "Required [error]", "Required []")),
		f("empty-accepted", "An empty error is accepted.", "not-empty", editField("error", inPlaceOf(isEmpty, "unknown"))),
		f("empty-type", "An empty error is reported as illegal_argument_exception.", "not-empty", retype(400, "action_request_validation_exception", "illegal_argument_exception")),
		kept("text-cut", "The text of an error is cut to 256 letters.", func(s string) string { return s[:min(len(s), 256)] }),
		kept("text-one-line", "The text of an error is stored without line breaks.", func(s string) string { return strings.ReplaceAll(s, "\n", " ") }),
		kept("text-trimmed", "The text of an error is stored without blanks around it.", strings.TrimSpace),
		kept("text-ascii", "The text of an error is stored in ASCII.", ascii),
	}
}

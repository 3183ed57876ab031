package reference

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
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
		faults = slices.Concat(faults, jc.answerFaults(), jc.routingFaults(), jc.bodyFaults())
	}
	long := jobCalls[1].fault("long-id-404", "An id of more than 512 bytes is answered with 404 by CALL.", "id.too-long")
	long.request = func(c *call) *response {
		if id := c.vars[jobParam]; len(id) > maxID {
			return errorResponse(c, jobNotFound(id))
		}
		return nil
	}
	return slices.Concat(faults, []Fault{long}, claimFaults(), errorFaults())
}

// fault is one of the call's, which the requirement of the same call catches.
func (jc jobCall) fault(id, sentence, requirement string) Fault {
	return Fault{
		ID: "sync-job." + jc.op + "." + id, Sentence: strings.ReplaceAll(sentence, "CALL", jc.what),
		Requirements: req("sync-job." + jc.op + "." + requirement), ops: []string{jc.op},
	}
}

func jobExists(c *call) bool {
	_, found := c.server.store.Get(jobIndex, c.vars[jobParam])
	return found
}

// answerFaults answer wrongly, or change what is not the call's.
func (jc jobCall) answerFaults() []Fault {
	with := func(f Fault, edit func(f *Fault)) Fault {
		edit(&f)
		return f
	}
	f := jc.fault
	page := "sync-job." + jc.op + ".example"
	return []Fault{
		with(f("answered-only", "Nothing comes of CALL that is answered with success.", "route"), func(f *Fault) {
			f.Requirements = append(f.Requirements, page)
			f.request = func(c *call) *response {
				if c.method == http.MethodPut && jobExists(c) {
					return ok("result", "updated")
				}
				return nil
			}
		}),
		with(f("code-201", "The answer to CALL has the status 201.", "code.200"), func(f *Fault) { f.answer = restatus(200, 201) }),
		with(f("code-404-as-400", "An unknown sync job is answered with 400 by CALL.", "code.404"), func(f *Fault) { f.answer = restatus(404, 400) }),
		with(f("answer-acknowledged", `The answer to CALL is {"acknowledged":true}.`, "answer"), func(f *Fault) {
			f.answer = rebody(200, xcontent.NewObject("acknowledged", true))
		}),
		with(f("answer-extra", "The answer to CALL has a member that nobody knows.", "answer"), func(f *Fault) {
			f.answer = rebody(200, xcontent.NewObject("result", "updated", "took", number(1)))
		}),
		with(f("not-found-type", "An unknown sync job is reported as document_missing_exception by CALL.", "not-found"), func(f *Fault) {
			f.answer = retype(404, "", "document_missing_exception")
		}),
		with(f("not-found-unnamed", "The report of an unknown sync job by CALL does not name it.", "not-found"), func(f *Fault) {
			f.answer = editReason(404, func(string) string { return "not found" })
		}),
		with(f("not-found-creates", "An unknown sync job is created by CALL that is answered with 404.", "not-found"), func(f *Fault) {
			f.after = func(c *call, r *response) {
				if r.status == 404 {
					_, _ = c.server.store.Put(jobIndex, c.vars[jobParam], xcontent.NewObject("status", "pending"), store.Absent)
				}
			}
		}),
		with(f("touches-siblings", "Other sync jobs of the connector are touched by CALL.", "siblings"), func(f *Fault) { f.after = touchSiblings }),
		with(f("touches-connector", "The connector is touched by CALL.", "connector"), func(f *Fault) { f.after = touchConnector }),
		with(f("unproduced", "The answer to CALL has no product header.", "headers"), func(f *Fault) {
			f.answer = setHeader(anyAnswer, "X-Elastic-Product", "")
		}),
		with(f("text", "The rejection of CALL is sent as text/plain.", "headers"), func(f *Fault) {
			f.answer = setHeader(unsuccessful, "Content-Type", "text/plain; charset=UTF-8")
		}),
	}
}

// touchSiblings changes the other jobs of a call's connector after a success.
func touchSiblings(c *call, r *response) {
	job, found := c.server.store.Get(jobIndex, c.vars[jobParam])
	if !found || !successful(r) {
		return
	}
	for _, d := range c.server.store.All(jobIndex) {
		if d.ID != job.ID && connectorOf(d) == connectorOf(job) {
			c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("last_seen", moved(o.String("last_seen"), 1)) })
		}
	}
}

// touchConnector changes the connector of a call's job after a success.
func touchConnector(c *call, r *response) {
	if job, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && successful(r) {
		c.server.force(connectorIndex, connectorOf(job), func(o *xcontent.Object) { o.Set("sync_now", true) })
	}
}

// routingFaults take methods, paths and parameters wrongly.
func (jc jobCall) routingFaults() []Fault {
	f := jc.fault
	requests := func(f Fault, hook requestHook) Fault {
		f.request = hook
		return f
	}
	answers := func(f Fault, hook answerHook) Fault {
		f.answer = hook
		return f
	}
	return []Fault{
		requests(f("post-accepted", "POST is taken for PUT by CALL.", "routing.methods"), methodAs(http.MethodPost, http.MethodPut)),
		requests(f("get-accepted", "GET is taken for PUT by CALL.", "routing.methods"), methodAs(http.MethodGet, http.MethodPut)),
		answers(f("allow-missing", "The refusal of a method by CALL has no Allow header.", "routing.methods"),
			setHeader(func(r *response) bool { return r.status == 405 }, "Allow", "")),
		answers(f("options-405", "OPTIONS is refused by CALL.", "routing.options"), func(c *call, r *response) *response {
			if c.method == http.MethodOptions {
				return restatus(200, 405)(c, r)
			}
			return r
		}),
		requests(f("parameter-ignored", "Unknown query parameters are passed over by CALL.", "routing.unknown-parameter"), ignoreParameters),
		requests(f("pretty-refused", "The query parameter pretty is rejected by CALL.", "routing.common-parameters"), refuseParameter("pretty")),
		requests(f("pretty-undone", "Nothing comes of CALL with the query parameter pretty.", "routing.common-parameters"), func(c *call) *response {
			if _, given := c.query["pretty"]; given && jobExists(c) {
				return ok("result", "updated")
			}
			return nil
		}),
		requests(f("slash-undone", "Nothing comes of CALL with a slash at the end of the path.", "routing.trailing-slash"), func(c *call) *response {
			if strings.HasSuffix(c.path, "/") && jobExists(c) {
				return ok("result", "updated")
			}
			return nil
		}),
		requests(f("slash-404", "A slash at the end of the path is answered with 404 by CALL.", "routing.trailing-slash"), func(c *call) *response {
			if strings.HasSuffix(c.path, "/") {
				return errorResponse(c, jobNotFound(c.vars[jobParam]))
			}
			return nil
		}),
		requests(f("empty-id-404", "An empty id is answered with 404 by CALL.", "id.empty"), func(c *call) *response {
			if c.vars[jobParam] == "" {
				return errorResponse(c, jobNotFound(""))
			}
			return nil
		}),
		requests(f("id-not-decoded", "A percent-encoded id is not decoded by CALL.", "id.percent-encoded"), notDecoded),
	}
}

func methodAs(from, to string) requestHook {
	return func(c *call) *response {
		if c.method == from {
			c.method = to
		}
		return nil
	}
}

func ignoreParameters(c *call) *response {
	for name := range c.query {
		c.consumed[name] = true
	}
	return nil
}

func refuseParameter(name string) requestHook {
	return func(c *call) *response {
		if _, given := c.query[name]; given {
			return errorResponse(c, c.unrecognized([]string{name}))
		}
		return nil
	}
}

func notDecoded(c *call) *response {
	c.path = strings.ReplaceAll(c.path, "%", "%25")
	return nil
}

func ignoreBody(c *call) *response {
	c.body = nil
	return nil
}

// bodyFaults read the body wrongly.
func (jc jobCall) bodyFaults() []Fault {
	f := func(id, sentence, requirement string, hook requestHook) Fault {
		fault := jc.fault(id, sentence, requirement)
		fault.request = hook
		return fault
	}
	if jc.field == "" {
		return []Fault{f("body-ignored", "A body is passed over by CALL.", "body", ignoreBody)}
	}
	known := []string{jc.field, "sync_cursor"}
	return []Fault{
		f("none-accepted", "A request without a body is answered by CALL as one that changes nothing.", "body.required", func(c *call) *response {
			if len(c.body) == 0 && c.method == http.MethodPut {
				return ok("result", "noop")
			}
			return nil
		}),
		f("array-as-first", "A body that is an array is taken for its first element by CALL.", "body.object", arrayAsFirst),
		f("malformed-completed", "A body that is cut off is read as far as it goes by CALL.", "body.well-formed", completeBody),
		f("unknown-dropped", "Unknown fields are passed over by CALL.", "body.unknown-field", dropUnknown(known)),
		f("last-of-two", "The last of two values of a field counts for CALL.", "body.duplicate-key", reencode),
		f("text-accepted", "A body sent as text/plain is read as JSON by CALL.", "headers.media-type", readAsJSON),
		f("number-as-text", "Other values are taken for texts by CALL.", "type", editField(jc.field, func(v any) any {
			if _, is := v.(string); is {
				return v
			}
			return "text"
		})),
		f("before-body", "An unknown sync job is reported by CALL before the body is looked at.", "not-found.body-first", func(c *call) *response {
			if id := c.vars[jobParam]; c.method == http.MethodPut && id != "" && len(c.body) > 0 && !jobExists(c) {
				return errorResponse(c, jobNotFound(id))
			}
			return nil
		}),
	}
}

func arrayAsFirst(c *call) *response {
	if trimmed := bytes.TrimSpace(c.body); len(trimmed) > 2 && trimmed[0] == '[' {
		c.body = trimmed[1 : len(trimmed)-1]
	}
	return nil
}

// completeBody closes an object that was not closed.
func completeBody(c *call) *response {
	if p := bytes.TrimRight(bytes.TrimSpace(c.body), ","); len(p) > 0 && p[0] == '{' {
		if _, complete := rawFields(c.body); !complete {
			c.body = append(bytes.Clone(p), '}')
		}
	}
	return nil
}

func dropUnknown(known []string) requestHook {
	return editBody(func(_ *call, body *xcontent.Object) {
		for _, k := range slices.Clone(body.Keys()) {
			if !contains(known, k) {
				body.Delete(k)
			}
		}
	})
}

func readAsJSON(c *call) *response {
	if len(c.body) > 0 {
		c.header = c.header.Clone()
		c.header.Set("Content-Type", "application/json")
	}
	return nil
}

// claimFaults are defects of claims alone.
func claimFaults() []Fault {
	f := func(id, sentence, requirement string) Fault {
		return Fault{ID: "sync-job.claim." + id, Sentence: sentence, Requirements: req(requirement), ops: []string{"claim"}}
	}
	writes := func(f Fault, edit func(c *call, old, next *xcontent.Object)) Fault {
		f.write = func(c *call, old store.Doc, next *xcontent.Object) {
			if old.Source != nil {
				edit(c, old.Source, next)
			}
		}
		return f
	}
	requests := func(f Fault, hook requestHook) Fault {
		f.request = hook
		return f
	}
	setCursor := func(next *xcontent.Object, cursor any) {
		if connector := next.Object("connector"); connector != nil {
			next.Set("connector", connector.Clone().Set("sync_cursor", cursor))
		}
	}
	taken := func(c *call) bool {
		d, found := c.server.store.Get(jobIndex, c.vars[jobParam])
		return found && d.Source.Has("worker_hostname")
	}
	torn := f("torn", "A claim is written field by field.", "sync-job.claim.concurrent")
	torn.torn = true
	return []Fault{
		writes(f("worker-lower-case", "The name of a worker is stored in lower case.", "sync-job.claim.worker-kept"), func(_ *call, _, next *xcontent.Object) {
			next.Set("worker_hostname", strings.ToLower(next.String("worker_hostname")))
		}),
		writes(f("worker-trimmed", "The name of a worker is stored without blanks around it.", "sync-job.claim.worker-kept"), func(_ *call, _, next *xcontent.Object) {
			next.Set("worker_hostname", strings.TrimSpace(next.String("worker_hostname")))
		}),
		requests(f("worker-empty-refused", "An empty name of a worker is rejected.", "sync-job.claim.worker-empty"),
			refuse(has("worker_hostname", func(v any) bool { return v == "" }), "action_request_validation_exception", "Validation Failed: 1: [worker_hostname] cannot be empty;")),
		requests(f("cursor-dropped", "A given sync_cursor is not stored.", "sync-job.claim.cursor"), without("sync_cursor", isObject)),
		writes(f("cursor-cleared", "A claim without sync_cursor removes the stored one.", "sync-job.claim.cursor"), func(c *call, _, next *xcontent.Object) {
			if connector := next.Object("connector"); connector != nil && sent(c, "sync_cursor") == nil {
				connector = connector.Clone()
				connector.Delete("sync_cursor")
				next.Set("connector", connector)
			}
		}),
		writes(f("cursor-on-top", "sync_cursor is stored beside the copy of the connector.", "sync-job.claim.cursor"), func(c *call, _, next *xcontent.Object) {
			if cursor := sent(c, "sync_cursor"); cursor != nil {
				next.Set("sync_cursor", cursor)
			}
		}),
		writes(f("cursor-replaced", "A further sync_cursor replaces the stored one.", "sync-job.claim.cursor-merged"), func(c *call, _, next *xcontent.Object) {
			if cursor := sent(c, "sync_cursor"); cursor != nil {
				setCursor(next, cursor)
			}
		}),
		requests(f("cursor-wrapped", "A sync_cursor that is no object is wrapped in one.", "sync-job.claim.cursor-object"), editField("sync_cursor", func(v any) any {
			if isObject(v) {
				return v
			}
			return xcontent.NewObject("value", v)
		})),
		requests(f("cursor-null-dropped", "A sync_cursor of null is passed over.", "sync-job.claim.cursor-object"), without("sync_cursor", isNull)),
		requests(f("taken-ignored", "A claim of a sync job that has a worker is answered, but not made.", "sync-job.life.takeover"), func(c *call) *response {
			if taken(c) {
				return ok("result", "updated")
			}
			return nil
		}),
		requests(f("taken-refused", "A claim of a sync job that has a worker is answered with 409.", "sync-job.life.takeover"), func(c *call) *response {
			if taken(c) {
				return restatus(400, 409)(c, errorResponse(c, checkTransition("error", "in_progress")))
			}
			return nil
		}),
		writes(f("started-at-kept", "A second claim does not restart the time.", "sync-job.life.takeover"), func(_ *call, old, next *xcontent.Object) {
			next.SetIf("started_at", old.Get("started_at"))
		}),
		writes(f("clears-the-end", "A claim removes the times of an earlier end.", "sync-job.life.takeover"), func(_ *call, _, next *xcontent.Object) {
			for _, field := range []string{"canceled_at", "completed_at", "cancelation_requested_at"} {
				next.Delete(field)
			}
		}),
		writes(f("clears-the-error", "A claim removes an earlier error.", "sync-job.life.takeover"), func(_ *call, _, next *xcontent.Object) { next.Delete("error") }),
		torn,
	}
}

// errorFaults are defects of reports of errors alone.
func errorFaults() []Fault {
	f := func(id, sentence, requirement string, edit func(*Fault)) Fault {
		fault := Fault{ID: "sync-job.error." + id, Sentence: sentence, Requirements: req("sync-job.error." + requirement), ops: []string{"error"}}
		edit(&fault)
		return fault
	}
	text := func(edit func(string) string) func(*Fault) {
		return func(f *Fault) {
			f.update = storeField("error", func(v any) any {
				s, _ := v.(string)
				return edit(s)
			})
		}
	}
	return []Fault{
		f("without-error", "A report without error is accepted.", "required", func(f *Fault) {
			f.request = editBody(func(_ *call, body *xcontent.Object) {
				if !body.Has("error") {
					body.Set("error", "unknown")
				}
			})
		}),
		f("required-unnamed", "The rejection of a report without error does not name it.", "required", func(f *Fault) {
			f.answer = reword(400, "Required [error]", "Required []")
		}),
		f("empty-accepted", "An empty error is accepted.", "not-empty", func(f *Fault) {
			f.request = editField("error", inPlaceOf(func(v any) bool { return v == "" }, "unknown"))
		}),
		f("empty-type", "An empty error is reported as illegal_argument_exception.", "not-empty", func(f *Fault) {
			f.answer = retype(400, "action_request_validation_exception", "illegal_argument_exception")
		}),
		f("text-cut", "The text of an error is cut to 256 letters.", "text-kept", text(func(s string) string { return s[:min(len(s), 256)] })),
		f("text-one-line", "The text of an error is stored without line breaks.", "text-kept", text(func(s string) string { return strings.ReplaceAll(s, "\n", " ") })),
		f("text-trimmed", "The text of an error is stored without blanks around it.", "text-kept", text(strings.TrimSpace)),
		f("text-ascii", "The text of an error is stored in ASCII.", "text-kept", text(func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > 127 {
					return '?'
				}
				return r
			}, s)
		})),
	}
}

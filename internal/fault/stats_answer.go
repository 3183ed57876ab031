package fault

import (
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// saysUpdatedFor answers what has a status as if it had been done.
func saysUpdatedFor(status int) effect { return both(restatus(status, 200), rebody(200, updated())) }

// answerFaults answer wrongly what is otherwise done right.
func answerFaults() []Fault {
	f := stats.fault
	result := func(id, what string, body any) Fault {
		return f("answer."+id, what, "answer.updated", rebody(200, body))
	}
	faults := []Fault{
		f("code.201", "A successful update is answered with 201.", "code.200", restatus(200, 201)),
		f("code.202", "A successful update is answered with 202.", "code.200", restatus(200, 202)),
		f("code.204", "A successful update is answered with 204 and no body.", "code.200", restatus(200, 204), rebody(204, nil)),
		f("code.500-for-200", "A successful update is stored, but answered with 500.", "code.200", restatus(200, 500)),
		f("code.404-as-200", "An unknown sync job is answered as if it had been updated.", "code.404", saysUpdatedFor(404)),
		f("code.404-as-400", "An unknown sync job is answered with 400.", "code.404", restatus(404, 400)),
		f("code.404-as-410", "An unknown sync job is answered with 410.", "code.404", restatus(404, 410)),
		f("code.404-as-500", "An unknown sync job is answered with 500.", "code.404", restatus(404, 500)),
		f("code.400-as-422", "A missing field is answered with 422.", "required.error answer.error-shape", restatus(400, 422)),
		f("code.400-as-500", "Whatever is rejected is answered with 500.", "required.error answer.error-shape", restatus(400, 500)),
		f("code.400-as-200", "A rejected update is answered as if it had been made.",
			"required.deleted-document-count required.indexed-document-count required.indexed-document-volume", saysUpdatedFor(400)),
		result("empty-object", "A successful update is answered with an empty object.", xcontent.NewObject()),
		result("acknowledged", `A successful update is answered with {"acknowledged":true}.`, xcontent.NewObject("acknowledged", true)),
		result("result-in-capitals", "The result of a successful update is written in capitals.", xcontent.NewObject("result", "UPDATED")),
		result("created", `The result of a successful update is "created".`, xcontent.NewObject("result", "created")),
		result("extra-member", "The answer to a successful update has a member that nobody knows.", updated().Set("took", number(1))),
		result("array", "The answer to a successful update is wrapped in an array.", []any{updated()}),
		result("text", "The answer to a successful update is a bare text.", "updated"),
		result("always-noop", `Every successful update is answered with "noop".`, xcontent.NewObject("result", "noop")),
		f("answer.document", "A successful update is answered with the whole stored document.", "answer.updated",
			respond(200, func(c *call, r *response) {
				if d, found := job(c); found {
					r.Body = view(d)
				}
			})),
		result("none", "A successful update is answered with 200 and no body.", nil),
		f("stores-nothing", "A successful update is answered, but nothing is stored.", "route field.deleted-document-count update.always", dropAll, rebody(200, updated())),
		f("route.wrong-job", "An update changes the newest other sync job, not the one in the path.", "route", edit(toNewestOther)),
		f("noop.says-updated", `An update that changes nothing is answered with "updated".`, "answer.noop", rebody(200, updated())),
		f("noop.writes", "An update that changes nothing is written again.", "answer.noop", writesAgain).on(), // whatever is updated
		f("noop.writes-silently", `An update that changes nothing is written again, but answered with "noop".`, "answer.noop", touchJob(resultIs("noop"))),
	}
	for _, field := range statsFields {
		faults = append(faults, f("noop.ignores-"+slug(field), "An update that changes only "+field+" is taken for one that changes nothing.",
			"answer.not-noop", updates(func(old, next *object) {
				if old.Has(field) && xcontent.Equal(next.Clone().Set(field, old.Get(field)), old) {
					next.Set(field, old.Get(field))
				}
			})))
	}
	return append(faults, errorShapeFaults()...)
}

// view is a sync job as the API shows it.
func view(d doc) *object {
	o := xcontent.NewObject("id", d.ID)
	o.Merge(d.Source)
	return o
}

// toNewestOther turns an update to the newest job but the one that is meant.
func toNewestOther(c *call) {
	var newest doc
	for _, d := range c.Server.Store().All(reference.JobIndex) {
		if d.ID != jobID(c) && (newest.Source == nil || isBefore(newest.Source.String("created_at"), d.Source.String("created_at"))) {
			newest = d
		}
	}
	if newest.Source != nil {
		toJob(c, newest.ID)
	}
}

// errorShapeFaults answer rejections in another form.
func errorShapeFaults() []Fault {
	whole := func(id, what string, do change) Fault {
		return stats.fault("error."+id, what, "answer.error-shape", editAnswer(400, do), editAnswer(404, do))
	}
	shape := func(id, what string, do change) Fault {
		return whole(id, what, func(body *object) {
			if e := body.Object("error"); e != nil {
				do(e)
			}
		})
	}
	return []Fault{
		shape("no-type", "A rejection has no error.type.", unset("type")),
		shape("no-reason", "A rejection has no error.reason.", unset("reason")),
		shape("no-root-cause", "A rejection has no error.root_cause.", unset("root_cause")),
		shape("empty-root-cause", "error.root_cause of a rejection is empty.", func(e *object) { e.Set("root_cause", []any{}) }),
		shape("root-cause-object", "error.root_cause of a rejection is an object.", func(e *object) {
			if errors := withCauses(e); len(errors) > 1 {
				e.Set("root_cause", errors[1])
			}
		}),
		whole("no-status", "The body of a rejection has no status.", unset("status")),
		whole("other-status", "The status in the body of a rejection is not that of the answer.", set("status", number(500))),
		whole("status-text", "The status in the body of a rejection is a text.", turnAny(asText, "status")),
		whole("flat", "A rejection is an error text in place of an object.", func(body *object) {
			if e := body.Object("error"); e != nil {
				body.Set("error", e.String("reason"))
			}
		}),
	}
}

// orElseStored gives a field of the body the stored value where it has none.
func orElseStored(field string) effect {
	return func(c *call, h hooks, l *live) hooks {
		d, found := job(c)
		if !found {
			return h
		}
		return orElse(field, d.Source.Get(field))(c, h, l)
	}
}

// requiredFaults take required fields for optional ones and the reverse, or
// report them wrongly.
func requiredFaults() []Fault {
	f := stats.fault
	var faults []Fault
	for _, field := range requiredCounts {
		faults = append(faults,
			f("required."+slug(field)+"-optional", "A missing "+field+" is taken for 0.", "required."+slug(field), orElse(field, number(0))),
			f("required."+slug(field)+"-kept", "A missing "+field+" leaves the stored one as it is.", "required."+slug(field),
				orElseStored(field)))
	}
	const missing = "illegal_argument_exception"
	for _, field := range statsFields[len(requiredCounts):] {
		faults = append(faults, f("optional."+slug(field)+"-required", "A missing "+field+" is rejected.", "optional."+slug(field),
			refuse(lacks(field), missing, "Required ["+field+"]")))
	}
	names := func(id, what, req string, change func(names []string) []string) Fault {
		return f("required.names-"+id, what, "required."+req, rereason(400, func(_ *call, reason string) string {
			list, ok := strings.CutPrefix(reason, "Required [")
			if !ok {
				return reason
			}
			return "Required [" + strings.Join(change(strings.Split(strings.TrimSuffix(list, "]"), ", ")), ", ") + "]"
		}))
	}
	return append(faults,
		f("required.type", "A missing required field is reported as x_content_parse_exception.", "required.error", retype(400, missing, "x_content_parse_exception")),
		f("required.type-validation", "A missing required field is reported as action_request_validation_exception.", "required.error",
			retype(400, missing, "action_request_validation_exception")),
		f("required.names-none", "The rejection of a missing required field does not name it.", "required.error",
			refuse(lacks(requiredCounts...), missing, "a required field is missing")),
		names("another", "The rejection of a missing required field names another one.", "error", func(names []string) []string {
			if names[0] == requiredCounts[0] {
				return requiredCounts[1:2]
			}
			return requiredCounts[:1]
		}),
		names("first", "Of several missing required fields only the first is named.", "all-named", func(names []string) []string { return names[:1] }),
		names("last", "Of several missing required fields only the last is named.", "all-named", func(names []string) []string { return names[len(names)-1:] }),
		names("all", "The rejection of a missing required field names all required fields.", "all-named", func([]string) []string { return requiredCounts }),
	)
}

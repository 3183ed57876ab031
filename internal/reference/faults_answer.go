package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// answerFaults answer wrongly what is otherwise done right.
func answerFaults() []Fault {
	object := func(namesAndValues ...any) *xcontent.Object { return xcontent.NewObject(namesAndValues...) }
	result := func(id, sentence string, body any) Fault {
		return Fault{ID: "stats.answer." + id, Sentence: sentence, Requirements: req("stats.answer.updated"),
			ops: onStats, answer: rebody(200, body)}
	}
	faults := []Fault{
		{ID: "stats.code.201", Sentence: "A successful update is answered with 201.",
			Requirements: req("stats.code.200"), ops: onStats, answer: restatus(200, 201)},
		{ID: "stats.code.202", Sentence: "A successful update is answered with 202.",
			Requirements: req("stats.code.200"), ops: onStats, answer: restatus(200, 202)},
		{ID: "stats.code.204", Sentence: "A successful update is answered with 204 and no body.",
			Requirements: req("stats.code.200"), ops: onStats, answer: both(restatus(200, 204), rebody(204, nil))},
		{ID: "stats.code.500-for-200", Sentence: "A successful update is stored, but answered with 500.",
			Requirements: req("stats.code.200"), ops: onStats, answer: restatus(200, 500)},
		{ID: "stats.code.404-as-200", Sentence: "An unknown sync job is answered as if it had been updated.",
			Requirements: req("stats.code.404"), ops: onStats, answer: both(restatus(404, 200), rebody(200, object("result", "updated")))},
		{ID: "stats.code.404-as-400", Sentence: "An unknown sync job is answered with 400.",
			Requirements: req("stats.code.404"), ops: onStats, answer: restatus(404, 400)},
		{ID: "stats.code.404-as-410", Sentence: "An unknown sync job is answered with 410.",
			Requirements: req("stats.code.404"), ops: onStats, answer: restatus(404, 410)},
		{ID: "stats.code.404-as-500", Sentence: "An unknown sync job is answered with 500.",
			Requirements: req("stats.code.404"), ops: onStats, answer: restatus(404, 500)},
		{ID: "stats.code.400-as-422", Sentence: "A missing field is answered with 422.",
			Requirements: req("stats.required.error", "stats.answer.error-shape"), ops: onStats, answer: restatus(400, 422)},
		{ID: "stats.code.400-as-500", Sentence: "Whatever is rejected is answered with 500.",
			Requirements: req("stats.required.error", "stats.answer.error-shape"), ops: onStats, answer: restatus(400, 500)},
		{ID: "stats.code.400-as-200", Sentence: "A rejected update is answered as if it had been made.",
			Requirements: req("stats.required.deleted-document-count", "stats.required.indexed-document-count",
				"stats.required.indexed-document-volume"),
			ops: onStats, answer: both(restatus(400, 200), rebody(200, object("result", "updated")))},
		result("empty-object", "A successful update is answered with an empty object.", object()),
		result("acknowledged", `A successful update is answered with {"acknowledged":true}.`, object("acknowledged", true)),
		result("result-in-capitals", "The result of a successful update is written in capitals.", object("result", "UPDATED")),
		result("created", `The result of a successful update is "created".`, object("result", "created")),
		result("extra-member", "The answer to a successful update has a member that nobody knows.",
			object("result", "updated", "took", number(1))),
		result("array", "The answer to a successful update is wrapped in an array.", []any{object("result", "updated")}),
		result("text", "The answer to a successful update is a bare text.", "updated"),
		result("always-noop", `Every successful update is answered with "noop".`, object("result", "noop")),
		{ID: "stats.answer.document", Sentence: "A successful update is answered with the whole stored document.",
			Requirements: req("stats.answer.updated"), ops: onStats, answer: respond(200, func(c *call, r *response) *response {
				if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found {
					r.body = jobView(d)
				}
				return r
			})},
		{ID: "stats.answer.none", Sentence: "A successful update is answered with 200 and no body.",
			Requirements: req("stats.answer.updated"), ops: onStats, answer: rebody(200, nil)},
		{ID: "stats.stores-nothing", Sentence: "A successful update is answered, but nothing is stored.",
			Requirements: req("stats.route", "stats.field.deleted-document-count", "stats.update.always"), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) { empty(partial) },
			answer: rebody(200, object("result", "updated"))},
		{ID: "stats.route.wrong-job", Sentence: "An update changes the newest other sync job, not the one in the path.",
			Requirements: req("stats.route"), ops: onStats, request: toNewestOther},
		{ID: "stats.noop.says-updated", Sentence: `An update that changes nothing is answered with "updated".`,
			Requirements: req("stats.answer.noop"), ops: onStats, answer: rebody(200, object("result", "updated"))},
		{ID: "stats.noop.writes", Sentence: "An update that changes nothing is written again.",
			Requirements: req("stats.answer.noop"), ops: onStats, changes: func(bool) bool { return true }},
		{ID: "stats.noop.writes-silently", Sentence: `An update that changes nothing is written again, but answered with "noop".`,
			Requirements: req("stats.answer.noop"), ops: onStats, after: func(c *call, r *response) {
				if o, ok := r.body.(*xcontent.Object); ok && o.String("result") == "noop" {
					c.server.force(jobIndex, c.vars[jobParam], func(*xcontent.Object) {})
				}
			}},
	}
	for _, field := range append(allCountsAnd("last_seen"), "metadata") {
		faults = append(faults, Fault{
			ID: "stats.noop.ignores-" + slug(field), Sentence: "An update that changes only " + field + " is taken for one that changes nothing.",
			Requirements: req("stats.answer.not-noop"), ops: onStats,
			write: func(c *call, old store.Doc, next *xcontent.Object) {
				if old.Source == nil || !old.Source.Has(field) {
					return
				}
				probe := next.Clone().Set(field, old.Source.Get(field))
				if xcontent.Equal(probe, old.Source) {
					next.Set(field, old.Source.Get(field))
				}
			},
		})
	}
	return append(faults, errorShapeFaults()...)
}

// allCountsAnd lists the counts and one field more.
func allCountsAnd(field string) []string {
	return append(append([]string{}, allCounts...), field)
}

// empty removes all keys of an object.
func empty(o *xcontent.Object) {
	for _, k := range append([]string{}, o.Keys()...) {
		o.Delete(k)
	}
}

// toNewestOther turns an update to the newest job but the one that is meant.
func toNewestOther(c *call) *response {
	jobs := c.server.store.All(jobIndex)
	c.server.sortJobs(jobs)
	for _, d := range jobs {
		if d.ID != c.vars[jobParam] {
			c.path = "/_connector/_sync_job/" + d.ID + "/_stats"
			return nil
		}
	}
	return nil
}

// errorShapeFaults answer rejections in another form.
func errorShapeFaults() []Fault {
	shape := func(id, sentence string, edit func(e *xcontent.Object)) Fault {
		return Fault{ID: "stats.error." + id, Sentence: sentence, Requirements: req("stats.answer.error-shape"),
			ops: onStats, answer: both(editError(400, edit), editError(404, edit))}
	}
	whole := func(id, sentence string, edit func(body *xcontent.Object)) Fault {
		change := func(_ *call, r *response) *response {
			if body, ok := r.body.(*xcontent.Object); ok {
				edit(body)
			}
			return r
		}
		return Fault{ID: "stats.error." + id, Sentence: sentence, Requirements: req("stats.answer.error-shape"),
			ops: onStats, answer: both(respond(400, change), respond(404, change))}
	}
	return []Fault{
		shape("no-type", "A rejection has no error.type.", func(e *xcontent.Object) { e.Delete("type") }),
		shape("no-reason", "A rejection has no error.reason.", func(e *xcontent.Object) { e.Delete("reason") }),
		shape("no-root-cause", "A rejection has no error.root_cause.", func(e *xcontent.Object) { e.Delete("root_cause") }),
		shape("empty-root-cause", "error.root_cause of a rejection is empty.", func(e *xcontent.Object) { e.Set("root_cause", []any{}) }),
		shape("root-cause-object", "error.root_cause of a rejection is an object.", func(e *xcontent.Object) {
			if roots := rootCauses(e); len(roots) > 0 {
				e.Set("root_cause", roots[0])
			}
		}),
		whole("no-status", "The body of a rejection has no status.", func(body *xcontent.Object) { body.Delete("status") }),
		whole("other-status", "The status in the body of a rejection is not that of the answer.",
			func(body *xcontent.Object) { body.Set("status", number(500)) }),
		whole("status-text", "The status in the body of a rejection is a text.",
			func(body *xcontent.Object) { body.Set("status", preview(body.Get("status"))) }),
		whole("flat", "A rejection is an error text in place of an object.", func(body *xcontent.Object) {
			if e := body.Object("error"); e != nil {
				body.Set("error", e.String("reason"))
			}
		}),
	}
}

// unavailable answers as a server does in which something broke.
func unavailable(c *call) *response {
	return errorResponse(c, eserr.JavaError("null_pointer_exception", "Cannot invoke method on null"))
}

package reference

import (
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// lifecycleFaults are defects of the calls around the stats.
func lifecycleFaults() []Fault {
	return append(createFaults(), changeFaults()...)
}

// createFaults are defects of creating, deleting and listing.
func createFaults() []Fault {
	created := func(id, sentence, requirement string, edit func(c *call, next *xcontent.Object)) Fault {
		return Fault{ID: "sync-job.create." + id, Sentence: sentence, Requirements: req(requirement), ops: []string{"create-job"},
			write: func(c *call, _ store.Doc, next *xcontent.Object) { edit(c, next) }}
	}
	set := func(field string, value any) func(*call, *xcontent.Object) {
		return func(_ *call, next *xcontent.Object) { next.Set(field, value) }
	}
	version := func(id, sentence, emulate, requirement string, change func(f *features)) Fault {
		return Fault{ID: id, Sentence: sentence, Requirements: req(requirement), Emulate: emulate, features: change}
	}
	const create = "sync-job.create."
	byName := []string{"full", "on_demand"}
	return []Fault{
		{ID: create + "answer-extra", Sentence: "The answer to the creation of a sync job has a result.", Requirements: req(create + "answer"),
			ops: []string{"create-job"}, answer: respond(201, func(_ *call, r *response) *response {
				if o, ok := r.body.(*xcontent.Object); ok {
					o.Set("result", "created")
				}
				return r
			})},
		created("default-type", "A new sync job is incremental where no type is given.", create+"defaults", func(c *call, next *xcontent.Object) {
			if sent(c, "job_type") == nil {
				next.Set("job_type", "incremental")
			}
		}),
		created("default-trigger", "A new sync job is scheduled where no trigger method is given.", create+"defaults", func(c *call, next *xcontent.Object) {
			if sent(c, "trigger_method") == nil {
				next.Set("trigger_method", "scheduled")
			}
		}),
		created("default-last-seen", "last_seen of a new sync job lies an hour before its creation.", create+"defaults", func(_ *call, next *xcontent.Object) {
			next.Set("last_seen", moved(next.String("created_at"), -3600))
		}),
		created("default-count", "indexed_document_count of a new sync job is 1.", create+"defaults", set("indexed_document_count", number(1))),
		created("type-ignored", "A given job_type is not stored.", create+"fields", set("job_type", byName[0])),
		created("trigger-ignored", "A given trigger_method is not stored.", create+"fields", set("trigger_method", byName[1])),
		{ID: create + "unknown-connector-type", Sentence: "A sync job for an unknown connector is reported as document_missing_exception.",
			Requirements: req(create + "unknown-connector"), ops: []string{"create-job"}, answer: retype(404, "", "document_missing_exception")},
		{ID: create + "unknown-connector-as-400", Sentence: "A sync job for an unknown connector is answered with 400.",
			Requirements: req(create + "unknown-connector"), ops: []string{"create-job"}, answer: restatus(404, 400)},
		{ID: create + "unknown-type-full", Sentence: "An unknown job_type is taken for full.", Requirements: req(create + "rejects-unknown-kinds"),
			ops: []string{"create-job"}, request: editField("job_type", func(v any) any {
				if s, _ := v.(string); !contains(jobTypes, s) {
					return jobTypes[0]
				}
				return v
			})},
		{ID: create + "unknown-trigger-dropped", Sentence: "An unknown trigger_method is passed over.", Requirements: req(create + "rejects-unknown-kinds"),
			ops: []string{"create-job"}, request: without("trigger_method", func(v any) bool { s, _ := v.(string); return !contains(triggerMethods, s) })},
		version(create+"service-type-optional", "A sync job is created for a connector without a service type.", "", create+"needs-service-type",
			func(f *features) { f.serviceType = false }),
		version(create+"service-type-too-early", "8.14 asks for a service type, as 8.15 does.", "8.14.0", create+"without-service-type",
			func(f *features) { f.serviceType = true }),
		version("sync-job.list.backwards", "The list of sync jobs begins with the oldest, as in 8.12.", "", "sync-job.list.newest-first",
			func(f *features) { f.newestFirst = false }),
		version("sync-job.list.too-early", "8.12 lists sync jobs with the newest first, as 8.13 does.", "8.12.0", "sync-job.list.oldest-first",
			func(f *features) { f.newestFirst = true }),
		{ID: "sync-job.delete.kept", Sentence: "A deleted sync job stays in the index, marked as deleted.", Requirements: req("sync-job.delete"),
			ops: []string{"delete-job"}, request: func(c *call) *response {
				if _, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found {
					c.memo = true
				}
				return nil
			}, after: func(c *call, r *response) {
				if c.memo == true && r.status == 200 {
					// Only what a scenario deletes comes back, and only once.
					if _, _, err := c.server.store.Delete(jobIndex, c.vars[jobParam], store.Any); err == nil {
						_, _ = c.server.store.Put(jobIndex, c.vars[jobParam], xcontent.NewObject("deleted", true), store.Absent)
					}
				}
			}},
		{ID: "sync-job.delete.again-200", Sentence: "Deleting a sync job again is answered with 200.", Requirements: req("sync-job.delete"),
			ops: []string{"delete-job"}, answer: both(restatus(404, 200), rebody(200, xcontent.NewObject("acknowledged", true)))},
		{ID: "connector.delete.for-real", Sentence: "A plain delete removes the document of a connector.", Requirements: req("connector.delete.soft"),
			ops: []string{"delete-connector"}, after: func(c *call, r *response) {
				if r.status == 200 {
					_, _, _ = c.server.store.Delete(connectorIndex, c.vars[connectorParam], store.Any)
				}
			}},
		{ID: "connector.delete.unmarked", Sentence: "A plain delete does not mark the document of a connector.", Requirements: req("connector.delete.soft"),
			ops: []string{"delete-connector"}, update: drop("deleted"), answer: rebody(200, xcontent.NewObject("acknowledged", true))},
	}
}

// changeFaults are defects of check-in, claim, cancel and error.
func changeFaults() []Fault {
	change := func(op, id, sentence string, edit func(next *xcontent.Object)) Fault {
		requirement := "sync-job." + op
		return Fault{ID: requirement + "." + id, Sentence: sentence, Requirements: req(requirement), ops: []string{op},
			write: func(_ *call, old store.Doc, next *xcontent.Object) {
				if old.Source != nil {
					edit(next)
				}
			}}
	}
	keep := func(op, id, sentence, field string) Fault {
		requirement := "sync-job." + op
		return Fault{ID: requirement + "." + id, Sentence: sentence, Requirements: req(requirement), ops: []string{op}, update: drop(field),
			answer: rebody(200, updatedBody)}
	}
	statusIs := func(is ...string) func(*call) bool {
		return func(c *call) bool {
			d, found := c.server.store.Get(jobIndex, c.vars[jobParam])
			return found && contains(is, d.Source.String("status"))
		}
	}
	forbidden := statusIs("canceled", "completed", "error")
	ends := []string{"cancel", "error"}
	return []Fault{
		keep("check-in", "does-nothing", "A check-in does not move last_seen.", "last_seen"),
		change("check-in", "hour-ahead", "A check-in sets last_seen an hour ahead.", func(next *xcontent.Object) {
			next.Set("last_seen", moved(next.String("last_seen"), 3600))
		}),
		change("check-in", "starts", "A check-in sets the status to in_progress.", func(next *xcontent.Object) { next.Set("status", "in_progress") }),
		change("check-in", "resets-counts", "A check-in sets the counts to 0.", func(next *xcontent.Object) { next.Set("indexed_document_count", number(0)) }),
		keep("claim", "status-kept", "A claim does not change the status.", "status"),
		keep("claim", "worker-lost", "A claim does not store the worker.", "worker_hostname"),
		keep("claim", "unstarted", "A claim does not set started_at.", "started_at"),
		keep("claim", "last-seen-kept", "A claim does not move last_seen.", "last_seen"),
		change("claim", "resets-counts", "A claim sets the counts to 0.", func(next *xcontent.Object) { next.Set("indexed_document_count", number(0)) }),
		{ID: "sync-job.claim.without-worker", Sentence: "A claim without worker_hostname is accepted.", Requirements: req("sync-job.claim.required"),
			ops: []string{"claim"}, request: editBody(func(_ *call, body *xcontent.Object) {
				if !body.Has("worker_hostname") {
					body.Set("worker_hostname", "unknown")
				}
			})},
		{ID: "sync-job.claim.required-type", Sentence: "A claim without worker_hostname is reported as parse_exception.", Requirements: req("sync-job.claim.required"),
			ops: []string{"claim"}, answer: retype(400, "illegal_argument_exception", "parse_exception")},
		{ID: "sync-job.claim.too-early", Sentence: "8.14 knows claims, as 8.15 does.", Requirements: req("sync-job.claim.unknown-before-8-15"),
			Emulate: "8.14.0", features: func(f *features) { f.claim = true }},
		change("cancel", "never-at-once", "Cancelling a pending sync job only asks it to stop.", func(next *xcontent.Object) {
			next.Set("status", "canceling")
		}),
		change("cancel", "at-once", "Cancelling a sync job in progress ends it at once.", func(next *xcontent.Object) { next.Set("status", "canceled") }),
		keep("cancel", "request-unnoted", "Cancelling does not set cancelation_requested_at.", "cancelation_requested_at"),
		keep("cancel", "end-unnoted", "Cancelling a pending sync job does not set completed_at.", "completed_at"),
		change("cancel", "moves-last-seen", "Cancelling moves last_seen.", func(next *xcontent.Object) {
			next.Set("last_seen", moved(next.String("last_seen"), 1))
		}),
		keep("error", "unstored", "A reported error is not stored.", "error"),
		keep("error", "status-kept", "Reporting an error does not change the status.", "status"),
		change("error", "completes", "Reporting an error sets completed_at.", func(next *xcontent.Object) {
			next.Set("completed_at", next.Get("created_at"))
		}),
		{ID: "sync-job.transitions.free", Sentence: "A sync job that has ended can be canceled and can fail.", Requirements: req("sync-job.transitions"),
			ops: ends, request: func(c *call) *response {
				if forbidden(c) {
					return ok("result", "updated")
				}
				return nil
			}},
		{ID: "sync-job.transitions.pending-fails", Sentence: "A pending sync job can fail.", Requirements: req("sync-job.transitions"),
			ops: []string{"error"}, request: func(c *call) *response {
				if statusIs("pending")(c) {
					c.server.force(jobIndex, c.vars[jobParam], func(o *xcontent.Object) { o.Set("status", "in_progress") })
				}
				return nil
			}},
		{ID: "sync-job.transitions.type", Sentence: "A forbidden change of status is reported as illegal_argument_exception.",
			Requirements: req("sync-job.transitions"), ops: ends, answer: retype(400, "status_exception", "illegal_argument_exception")},
		{ID: "sync-job.transitions.as-409", Sentence: "A forbidden change of status is answered with 409.",
			Requirements: req("sync-job.transitions"), ops: ends, answer: restatus(400, 409)},
		{ID: "sync-job.transitions.unnamed", Sentence: "The rejection of a change of status does not name the statuses.",
			Requirements: req("sync-job.transitions"), ops: ends,
			answer: editReason(400, func(string) string { return "Invalid transition attempt." })},
		{ID: "stats.example.refused", Sentence: "An update of all counts and last_seen without metadata is rejected.",
			Requirements: req("stats.example"), ops: onStats, request: refuse(func(o *xcontent.Object) bool {
				return o.Has(totalCount) && o.Has("last_seen") && !o.Has("metadata")
			}, "illegal_argument_exception", "Required [metadata]")},
		{ID: "stats.example.round-numbers", Sentence: "Counts that are round numbers are stored divided by ten.",
			Requirements: req("stats.example"), ops: onStats, update: storeNumbers(func(n int64) int64 {
				if n >= 10 && n < 5000 && n%10 == 0 {
					return n / 10
				}
				return n
			})},
	}
}

package fault

import (
	"slices"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobs makes faults of calls on sync jobs that are no updates of stats.
func jobs(id string, ops ...string) group {
	return alike("sync-job."+id+".", ops...)
}

// ofOne makes faults of calls that one requirement is about.
func ofOne(id, req string, ops ...string) func(id, what string, effects ...effect) Fault {
	return func(f, what string, effects ...effect) Fault {
		return group{id + ".", "", ops}.fault(f, what, req, effects...)
	}
}

// lifecycleFaults are defects of the calls around the stats.
func lifecycleFaults() []Fault { return slices.Concat(createFaults(), changeFaults()) }

// createFaults are defects of creating, deleting and listing.
func createFaults() []Fault {
	f := jobs("create", "create-job").fault
	notGiven := func(field string) cond { return func(c *call) bool { return sent(c, field) == nil } }
	in := func(list []string) func(any) bool {
		return func(v any) bool { s, _ := v.(string); return slices.Contains(list, s) }
	}
	lists, deletes := jobs("list").fault, ofOne("sync-job.delete", "sync-job.delete", "delete-job")
	plainly := ofOne("connector.delete", "connector.delete.soft", "delete-connector")
	acknowledged := xcontent.NewObject("acknowledged", true)
	return []Fault{
		f("answer-extra", "The answer to the creation of a sync job has a result.", "answer", editAnswer(201, set("result", "created"))),
		f("default-type", "A new sync job is incremental where no type is given.", "defaults", when(notGiven("job_type"), stores(set("job_type", "incremental")))),
		f("default-trigger", "A new sync job is scheduled where no trigger method is given.", "defaults", when(notGiven("trigger_method"), stores(set("trigger_method", "scheduled")))),
		f("default-last-seen", "last_seen of a new sync job lies an hour before its creation.", "defaults", stores(func(next *object) {
			next.Set("last_seen", moved(next.String("created_at"), -3600))
		})),
		f("default-count", "indexed_document_count of a new sync job is 1.", "defaults", stores(set("indexed_document_count", number(1)))),
		f("type-ignored", "A given job_type is not stored.", "fields", stores(set("job_type", "full"))),
		f("trigger-ignored", "A given trigger_method is not stored.", "fields", stores(set("trigger_method", "on_demand"))),
		f("unknown-connector-type", "A sync job for an unknown connector is reported as document_missing_exception.", "unknown-connector",
			retype(404, "", "document_missing_exception")),
		f("unknown-connector-as-400", "A sync job for an unknown connector is answered with 400.", "unknown-connector", restatus(404, 400)),
		f("unknown-type-full", "An unknown job_type is taken for full.", "rejects-unknown-kinds", editField("job_type", func(v any) any {
			if in(jobTypes)(v) {
				return v
			}
			return jobTypes[0]
		})),
		f("unknown-trigger-dropped", "An unknown trigger_method is passed over.", "rejects-unknown-kinds",
			without("trigger_method", func(v any) bool { return !in(triggerMethods)(v) })),
		f("service-type-optional", "A sync job is created for a connector without a service type.", "needs-service-type").on().
			believing(func(f *reference.Features) { f.ServiceType = false }),
		f("service-type-too-early", "8.14 asks for a service type, as 8.15 does.", "without-service-type").on().emulating("8.14.0").
			believing(func(f *reference.Features) { f.ServiceType = true }),
		lists("backwards", "The list of sync jobs begins with the oldest, as in 8.12.", "newest-first").
			believing(func(f *reference.Features) { f.NewestFirst = false }),
		lists("too-early", "8.12 lists sync jobs with the newest first, as 8.13 does.", "oldest-first").emulating("8.12.0").
			believing(func(f *reference.Features) { f.NewestFirst = true }),
		deletes("kept", "A deleted sync job stays in the index, marked as deleted.", when(jobExists, respond(200, func(c *call, _ *response) {
			remove(c.Server, reference.JobIndex, jobID(c))
			addJob(c, jobID(c), xcontent.NewObject("deleted", true))
		}))),
		deletes("again-200", "Deleting a sync job again is answered with 200.", restatus(404, 200), rebody(200, acknowledged)),
		plainly("for-real", "A plain delete removes the document of a connector.", respond(200, func(c *call, _ *response) {
			remove(c.Server, reference.ConnectorIndex, c.Vars[reference.ConnectorParam])
		})),
		plainly("unmarked", "A plain delete does not mark the document of a connector.", drop("deleted"), rebody(200, acknowledged)),
	}
}

// changeFaults are defects of check-in, claim, cancel and error.
func changeFaults() []Fault {
	of := func(op string) func(id, what string, effects ...effect) Fault {
		return ofOne("sync-job."+op, "sync-job."+op, op)
	}
	checkIn, claim, cancel, report := of("check-in"), of("claim"), of("cancel"), of("error")
	// keeps answers as usual, but does not store a field.
	keeps := func(field string) effect { return both(drop(field), rebody(200, updated())) }
	noCount := stores(set("indexed_document_count", number(0)))
	claims, life := jobs("claim", "claim").fault, ofOne("sync-job.transitions", "sync-job.transitions", "cancel", "error")
	example := ofOne("stats.example", "stats.example", "stats")
	return []Fault{
		checkIn("does-nothing", "A check-in does not move last_seen.", keeps("last_seen")),
		checkIn("hour-ahead", "A check-in sets last_seen an hour ahead.", stores(turn("last_seen", later(3600)))),
		checkIn("starts", "A check-in sets the status to in_progress.", stores(set("status", "in_progress"))),
		checkIn("resets-counts", "A check-in sets the counts to 0.", noCount),
		claim("status-kept", "A claim does not change the status.", keeps("status")),
		claim("worker-lost", "A claim does not store the worker.", keeps("worker_hostname")),
		claim("unstarted", "A claim does not set started_at.", keeps("started_at")),
		claim("last-seen-kept", "A claim does not move last_seen.", keeps("last_seen")),
		claim("resets-counts", "A claim sets the counts to 0.", noCount),
		claims("without-worker", "A claim without worker_hostname is accepted.", "required", orElse("worker_hostname", "unknown")),
		claims("required-type", "A claim without worker_hostname is reported as parse_exception.", "required", retype(400, "illegal_argument_exception", "parse_exception")),
		claims("too-early", "8.14 knows claims, as 8.15 does.", "unknown-before-8-15").on().emulating("8.14.0").
			believing(func(f *reference.Features) { f.Claim = true }),
		cancel("never-at-once", "Cancelling a pending sync job only asks it to stop.", stores(set("status", "canceling"))),
		cancel("at-once", "Cancelling a sync job in progress ends it at once.", stores(set("status", "canceled"))),
		cancel("request-unnoted", "Cancelling does not set cancelation_requested_at.", keeps("cancelation_requested_at")),
		cancel("end-unnoted", "Cancelling a pending sync job does not set completed_at.", keeps("completed_at")),
		cancel("moves-last-seen", "Cancelling moves last_seen.", stores(seenLater)),
		report("unstored", "A reported error is not stored.", keeps("error")),
		report("status-kept", "Reporting an error does not change the status.", keeps("status")),
		report("completes", "Reporting an error sets completed_at.", updates(func(_, next *object) { next.Set("completed_at", next.Get("created_at")) })),
		life("free", "A sync job that has ended can be canceled and can fail.", when(jobIs(in("canceled", "completed", "error")), saysUpdated)),
		life("pending-fails", "A pending sync job can fail.", when(jobIs(in("pending")), forces(set("status", "in_progress")))).on("error"),
		life("type", "A forbidden change of status is reported as illegal_argument_exception.", retype(400, "status_exception", "illegal_argument_exception")),
		life("as-409", "A forbidden change of status is answered with 409.", restatus(400, 409)),
		life("unnamed", "The rejection of a change of status does not name the statuses.", reasonIs(400, "Invalid transition attempt.")),
		example("refused", "An update of all counts and last_seen without metadata is rejected.", refuse(func(o *object) bool {
			return o.Has(totalCount) && o.Has("last_seen") && !o.Has("metadata")
		}, "illegal_argument_exception", "Required [metadata]")),
		example("round-numbers", "Counts that are round numbers are stored divided by ten.", storeCounts(func(n int64) int64 {
			if n >= 10 && n < 5000 && n%10 == 0 {
				return n / 10
			}
			return n
		})),
	}
}

// jobStateFaults are defects of the state machine and of whole lives.
func jobStateFaults() []Fault {
	f := func(id, what, req, op string, effects ...effect) Fault {
		return alike("sync-job.", op).fault(id, what, req, effects...)
	}
	refused := func(statuses ...string) effect {
		return when(jobIs(in(statuses...)), fails(func(c *call) *failure {
			d, _ := job(c)
			return forbiddenFrom(d.Source.String("status"))
		}))
	}
	aSecondOn := func(field string) effect { return storeField(field, texts(later(1))) }
	tooEarly := func(op, what string) Fault {
		return f(op+".too-early", what, op+".any-status", op).on().emulating("8.13.0").
			believing(func(f *reference.Features) { f.StateMachine = true })
	}
	return []Fault{
		f("cancel.two-times", "completed_at of a sync job that is canceled at once lies a second after canceled_at.", "cancel.one-time", "cancel", aSecondOn("completed_at")),
		f("cancel.requested-later", "cancelation_requested_at of a sync job that is canceled at once lies a second after canceled_at.", "cancel.one-time", "cancel",
			aSecondOn("cancelation_requested_at")),
		tooEarly("cancel", "8.13 looks at the status before it cancels, as 8.14 does."),
		tooEarly("error", "8.13 looks at the status before it takes an error, as 8.14 does."),
		f("transitions.suspended-stays", "Cancelling a suspended sync job leaves it suspended.", "cancel", "cancel", setsStatus("suspended", "suspended")),
		f("transitions.error-of-canceling", "An error of a sync job that is being canceled cancels it.", "error", "error", setsStatus("canceled", "canceling")),
		f("transitions.claim-completed", "A completed sync job that is claimed stays completed.", "claim", "claim", setsStatus("completed", "completed")),
		f("transitions.claim-canceled-refused", "A canceled sync job cannot be claimed.", "claim", "claim", refused("canceled")),
		f("transitions.uncaused", "The rejection of a change of status has no cause.", "transitions", "cancel", errorLacks(400, "caused_by")),
		f("check-in.resumes", "A check-in of a suspended sync job resumes it.", "check-in", "check-in", setsStatus("in_progress", "suspended")),
		f("check-in.canceled-refused", "A check-in of a canceled sync job is rejected.", "check-in", "check-in", refused("canceled", "completed", "error")),
		f("stats.starts", "A stats update of a pending sync job starts it.", "stats.any-status", "stats", setsStatus("in_progress", "pending")),
		f("stats.completes", "A stats update of a sync job that is being canceled cancels it.", "stats.any-status", "stats", setsStatus("canceled", "canceling")),
		f("stats.completed-refused", "A stats update of a completed sync job is rejected.", "stats.any-status", "stats", refused("completed")),
		f("life.check-in-forgets-start", "A check-in removes started_at.", "life.told", "check-in", stores(unset("started_at"))),
		f("life.error-forgets-worker", "A reported error removes worker_hostname.", "life.told", "error", stores(unset("worker_hostname"))),
		f("life.cancel-forgets-worker", "Cancelling removes worker_hostname.", "life.told", "cancel", stores(unset("worker_hostname"))),
		f("life.stats-forget-start", "A stats update removes started_at.", "life.told", "stats", stores(unset("started_at"))),
		f("life.error-resets-stats", "A reported error sets the counts to 0.", "life.told", "error", stores(set("indexed_document_count", number(0)))),
		f("life.stats-refused-after-end", "A stats update of a sync job that has failed is rejected.", "life.after-end", "stats", refused("error")),
		f("life.check-in-refused-after-end", "A check-in of a sync job that was canceled is rejected.", "life.after-end", "check-in", refused("canceled")),
		f("life.stats-reopen", "A stats update puts a failed sync job in progress.", "life.after-end", "stats", setsStatus("in_progress", "error")),
		f("life.stats-forget-error", "A stats update removes the error.", "life.after-end", "stats", stores(unset("error"))),
	}
}

package fault

import (
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// kindFaults are rules that hold for some kinds of sync jobs only.
func kindFaults() []Fault {
	f := jobs("create", "create-job").fault
	// passes creates the sync job all the same where it is refused for a reason.
	passes := func(reason string) effect {
		return answer(func(c *call, r *response) *response {
			if !tells(r.Status, reason)(r) {
				return r
			}
			id, job := newJobID(c), c.Server.NewJob(xcontent.NewObject("id", sent(c, "id")), sentText(c, "job_type"), sentText(c, "trigger_method"))
			if !addJob(c, id, job) {
				return r
			}
			return reference.NewResponse(201, xcontent.NewObject("id", id))
		})
	}
	const incremental, accessControl = "incremental", "access_control"
	const noIndex, noType, noConnector = "no index attached", "[service_type] not defined", "does not exist"
	asksIncremental, asksAccess, asksScheduled := asks("job_type", incremental), asks("job_type", accessControl), asks("trigger_method", "scheduled")
	emptyType := connectorIs(func(o *object) bool { return o.Get("service_type") == "" })
	// needs has a connector in a status get no sync job of a type.
	needs := func(id, what, status, jobType string) Fault {
		is := connectorIs(func(o *object) bool { return o.String("status") == status })
		return f("any-connector-status."+id, what, "any-connector-status", when(all(is, asks("job_type", jobType)), failsWith(forbiddenFrom("pending"))))
	}
	// life changes what a call stores of one kind of sync jobs.
	life := func(id, what, req, op, field, value string, change func(old, next *object)) Fault {
		return group{"sync-job.kinds.", "", []string{op}}.fault(id, what, req, updates(func(old, next *object) {
			if old.String(field) == value {
				change(old, next)
			}
		}))
	}
	keeps := func(fields ...string) func(old, next *object) {
		return func(old, next *object) {
			for _, f := range fields {
				if next.Delete(f); old.Has(f) {
					next.Set(f, old.Get(f))
				}
			}
		}
	}
	becomes := func(status string) func(old, next *object) {
		return func(_, next *object) { next.Set("status", status) }
	}
	pendingIncremental := jobIs(func(d doc) bool { return in("pending")(d) && d.Source.String("job_type") == incremental })
	return []Fault{
		f("needs-index.not-incremental", "An incremental sync job needs no index.", "needs-index", when(asksIncremental, passes(noIndex))),
		f("needs-index.not-scheduled", "A scheduled sync job needs no index.", "needs-index", when(asksScheduled, passes(noIndex))),
		f("needs-service-type.not-incremental", "An incremental sync job needs no service type.", "needs-service-type", when(asksIncremental, passes(noType))),
		f("needs-service-type.not-access-control", "An access control sync job needs no service type.", "needs-service-type", when(asksAccess, passes(noType))),
		f("needs-service-type.not-scheduled", "A scheduled full sync job needs no service type.", "needs-service-type",
			when(all(asks("job_type", "full"), asksScheduled), passes(noType))),
		f("needs-service-type.empty", "An empty service type is one.", "needs-service-type", when(emptyType, passes(noType))),
		f("unknown-connector.access-control", "An access control sync job needs no connector.", "unknown-connector", when(asksAccess, passes(noConnector))),
		needs("error", "A connector in the status error gets no full sync job.", "error", "full"),
		needs("needs-configuration", "A connector that needs configuration gets no incremental sync job.", "needs_configuration", incremental),
		needs("access-control", "A connector in the status error gets no access control sync job.", "error", accessControl),
		life("cancel-access-control", "A pending access control sync job is only asked to stop.", "sync-job.cancel", "cancel", "job_type", accessControl, func(old, next *object) {
			if old.String("status") == "pending" {
				keeps("canceled_at", "completed_at")(old, next.Set("status", "canceling"))
			}
		}),
		life("cancel-scheduled", "A scheduled sync job in progress is canceled at once.", "sync-job.cancel", "cancel", "trigger_method", "scheduled", func(old, next *object) {
			if old.String("status") == "in_progress" {
				next.Set("status", "canceled")
			}
		}),
		life("claim-incremental", "A claim of an incremental sync job sets no started_at.", "sync-job.claim", "claim", "job_type", incremental, keeps("started_at")),
		life("claim-scheduled", "A claim of a scheduled sync job names no worker.", "sync-job.claim", "claim", "trigger_method", "scheduled", keeps("worker_hostname")),
		life("error-access-control", "An access control sync job keeps no error.", "sync-job.error", "error", "job_type", accessControl, keeps("error")),
		life("stats-incremental", "An incremental sync job deletes nothing.", "stats.every-kind", "stats", "job_type", incremental, keeps("deleted_document_count")),
		life("stats-access-control", "Stats of an access control sync job end it.", "stats.every-kind", "stats", "job_type", accessControl, becomes("completed")),
		life("check-in-access-control", "A check-in of an access control sync job begins it.", "sync-job.check-in", "check-in", "job_type", accessControl, becomes("in_progress")),
		ofOne("sync-job.kinds", "sync-job.transitions", "error")("error-incremental", "A pending incremental sync job can fail.", when(pendingIncremental, saysUpdated, edit(func(c *call) {
			forceJob(c, func(o *object) { o.Set("status", "error").Set("error", sent(c, "error")) })
		}))),
	}
}

package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// kindFaults are rules that hold for some kinds of sync jobs only.
func kindFaults() []Fault {
	creation := func(id, sentence, requirement string, part Fault) Fault {
		return named("sync-job.create."+id, sentence, "sync-job.create."+requirement, part, "create-job")
	}
	asks := func(field, value string) func(*call) bool {
		return func(c *call) bool { return sent(c, field) == value }
	}
	// passes creates the sync job all the same where the request is of a kind.
	passes := func(when func(*call) bool, reason string) Fault {
		return Fault{answer: func(c *call, r *response) *response {
			if !when(c) || !strings.Contains(preview(r.body), reason) {
				return r
			}
			jobType, _ := sent(c, "job_type").(string)
			trigger, _ := sent(c, "trigger_method").(string)
			job := c.server.newJob(xcontent.NewObject("id", sent(c, "id")), jobType, trigger)
			d, err := c.server.store.Put(jobIndex, c.server.newID(generatedID), job, store.Absent)
			if err != nil {
				return r
			}
			return newResponse(201, xcontent.NewObject("id", d.ID))
		}}
	}
	both := func(a, b func(*call) bool) func(*call) bool { return func(c *call) bool { return a(c) && b(c) } }
	emptyType := func(c *call) bool {
		id, _ := sent(c, "id").(string)
		d, found := c.server.store.Get(connectorIndex, id)
		return found && d.Source.Get("service_type") == ""
	}
	// needs has a connector in a status get no sync job of a type.
	needs := func(status, jobType string) Fault {
		return Fault{request: func(c *call) *response {
			id, _ := sent(c, "id").(string)
			d, found := c.server.store.Get(connectorIndex, id)
			if found && d.Source.String("status") == status && sent(c, "job_type") == jobType {
				return errorResponse(c, checkTransition("error", "pending"))
			}
			return nil
		}}
	}
	// life changes what a call stores of one kind of sync jobs.
	life := func(id, sentence, requirement, op, field, value string, edit func(old, next *xcontent.Object)) Fault {
		return named("sync-job.kinds."+id, sentence, requirement, Fault{write: func(_ *call, old store.Doc, next *xcontent.Object) {
			if old.Source != nil && old.Source.String(field) == value {
				edit(old.Source, next)
			}
		}}, op)
	}
	keeps := func(fields ...string) func(old, next *xcontent.Object) {
		return func(old, next *xcontent.Object) {
			for _, f := range fields {
				if next.Delete(f); old.Has(f) {
					next.Set(f, old.Get(f))
				}
			}
		}
	}
	const incremental, accessControl = "incremental", "access_control"
	return []Fault{
		creation("needs-index.not-incremental", "An incremental sync job needs no index.", "needs-index", passes(asks("job_type", incremental), "no index attached")),
		creation("needs-index.not-scheduled", "A scheduled sync job needs no index.", "needs-index", passes(asks("trigger_method", "scheduled"), "no index attached")),
		creation("needs-service-type.not-incremental", "An incremental sync job needs no service type.", "needs-service-type", passes(asks("job_type", incremental), "[service_type] not defined")),
		creation("needs-service-type.not-access-control", "An access control sync job needs no service type.", "needs-service-type", passes(asks("job_type", accessControl), "[service_type] not defined")),
		creation("needs-service-type.not-scheduled", "A scheduled full sync job needs no service type.", "needs-service-type",
			passes(both(asks("job_type", "full"), asks("trigger_method", "scheduled")), "[service_type] not defined")),
		creation("needs-service-type.empty", "An empty service type is one.", "needs-service-type", passes(emptyType, "[service_type] not defined")),
		creation("unknown-connector.access-control", "An access control sync job needs no connector.", "unknown-connector", passes(asks("job_type", accessControl), "does not exist")),
		creation("any-connector-status.error", "A connector in the status error gets no full sync job.", "any-connector-status", needs("error", "full")),
		creation("any-connector-status.needs-configuration", "A connector that needs configuration gets no incremental sync job.", "any-connector-status", needs("needs_configuration", incremental)),
		creation("any-connector-status.access-control", "A connector in the status error gets no access control sync job.", "any-connector-status", needs("error", accessControl)),
		life("cancel-access-control", "A pending access control sync job is only asked to stop.", "sync-job.cancel", "cancel", "job_type", accessControl, func(old, next *xcontent.Object) {
			if old.String("status") == "pending" {
				keeps("canceled_at", "completed_at")(old, next.Set("status", "canceling"))
			}
		}),
		life("cancel-scheduled", "A scheduled sync job in progress is canceled at once.", "sync-job.cancel", "cancel", "trigger_method", "scheduled", func(old, next *xcontent.Object) {
			if old.String("status") == "in_progress" {
				next.Set("status", "canceled")
			}
		}),
		life("claim-incremental", "A claim of an incremental sync job sets no started_at.", "sync-job.claim", "claim", "job_type", incremental, keeps("started_at")),
		life("claim-scheduled", "A claim of a scheduled sync job names no worker.", "sync-job.claim", "claim", "trigger_method", "scheduled", keeps("worker_hostname")),
		life("error-access-control", "An access control sync job keeps no error.", "sync-job.error", "error", "job_type", accessControl, keeps("error")),
		life("stats-incremental", "An incremental sync job deletes nothing.", "stats.every-kind", "stats", "job_type", incremental, keeps("deleted_document_count")),
		life("stats-access-control", "Stats of an access control sync job end it.", "stats.every-kind", "stats", "job_type", accessControl, func(_, next *xcontent.Object) { next.Set("status", "completed") }),
		life("check-in-access-control", "A check-in of an access control sync job begins it.", "sync-job.check-in", "check-in", "job_type", accessControl, func(_, next *xcontent.Object) {
			next.Set("status", "in_progress")
		}),
		named("sync-job.kinds.error-incremental", "A pending incremental sync job can fail.", "sync-job.transitions", Fault{request: func(c *call) *response {
			if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && d.Source.String("job_type") == incremental && d.Source.String("status") == "pending" {
				c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("status", "error").Set("error", sent(c, "error")) })
				return ok("result", "updated")
			}
			return nil
		}}, "error"),
	}
}

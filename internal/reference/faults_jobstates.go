package reference

import (
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobStateFaults are defects of the state machine and of whole lives.
func jobStateFaults() []Fault {
	status := func(c *call) string {
		d, _ := c.server.store.Get(jobIndex, c.vars[jobParam])
		if d.Source == nil {
			return ""
		}
		return d.Source.String("status")
	}
	f := func(id, sentence, requirement, op string, edit func(*Fault)) Fault {
		fault := Fault{ID: id, Sentence: sentence, Requirements: req(requirement), ops: []string{op}}
		edit(&fault)
		return fault
	}
	// setsStatus has a call write a status for jobs in another one.
	setsStatus := func(from, to string) func(*Fault) {
		return func(f *Fault) {
			f.write = func(_ *call, old store.Doc, next *xcontent.Object) {
				if old.Source != nil && old.Source.String("status") == from {
					next.Set("status", to)
				}
			}
		}
	}
	loses := func(field string) func(*Fault) {
		return func(f *Fault) {
			f.write = func(_ *call, _ store.Doc, next *xcontent.Object) { next.Delete(field) }
		}
	}
	refuses := func(status func(*call) string, statuses ...string) func(*Fault) {
		return func(f *Fault) {
			f.request = func(c *call) *response {
				if s := status(c); contains(statuses, s) {
					return errorResponse(c, checkTransition("error", s))
				}
				return nil
			}
		}
	}
	moves := func(field string) func(*Fault) {
		return func(f *Fault) {
			f.update = func(_ *call, _ store.Doc, partial *xcontent.Object) {
				if v := partial.String(field); v != "" {
					partial.Set(field, moved(v, 1))
				}
			}
		}
	}
	earlier := func(f *Fault) {
		f.Emulate, f.ops = "8.13.0", nil
		f.features = func(f *features) { f.stateMachine = true }
	}
	const life = "sync-job.life."
	return []Fault{
		f("sync-job.cancel.two-times", "completed_at of a sync job that is canceled at once lies a second after canceled_at.", "sync-job.cancel.one-time", "cancel", moves("completed_at")),
		f("sync-job.cancel.requested-later", "cancelation_requested_at of a sync job that is canceled at once lies a second after canceled_at.", "sync-job.cancel.one-time", "cancel", moves("cancelation_requested_at")),
		f("sync-job.cancel.too-early", "8.13 looks at the status before it cancels, as 8.14 does.", "sync-job.cancel.any-status", "cancel", earlier),
		f("sync-job.error.too-early", "8.13 looks at the status before it takes an error, as 8.14 does.", "sync-job.error.any-status", "error", earlier),
		f("sync-job.transitions.suspended-stays", "Cancelling a suspended sync job leaves it suspended.", "sync-job.cancel", "cancel", setsStatus("suspended", "suspended")),
		f("sync-job.transitions.error-of-canceling", "An error of a sync job that is being canceled cancels it.", "sync-job.error", "error", setsStatus("canceling", "canceled")),
		f("sync-job.transitions.claim-completed", "A completed sync job that is claimed stays completed.", "sync-job.claim", "claim", setsStatus("completed", "completed")),
		f("sync-job.transitions.claim-canceled-refused", "A canceled sync job cannot be claimed.", "sync-job.claim", "claim", refuses(status, "canceled")),
		f("sync-job.transitions.uncaused", "The rejection of a change of status has no cause.", "sync-job.transitions", "cancel", func(f *Fault) {
			f.answer = editError(400, func(e *xcontent.Object) { e.Delete("caused_by") })
		}),
		f("sync-job.check-in.resumes", "A check-in of a suspended sync job resumes it.", "sync-job.check-in", "check-in", setsStatus("suspended", "in_progress")),
		f("sync-job.check-in.canceled-refused", "A check-in of a canceled sync job is rejected.", "sync-job.check-in", "check-in", refuses(status, "canceled", "completed", "error")),
		f("sync-job.stats.starts", "A stats update of a pending sync job starts it.", "sync-job.stats.any-status", "stats", setsStatus("pending", "in_progress")),
		f("sync-job.stats.completes", "A stats update of a sync job that is being canceled cancels it.", "sync-job.stats.any-status", "stats", setsStatus("canceling", "canceled")),
		f("sync-job.stats.completed-refused", "A stats update of a completed sync job is rejected.", "sync-job.stats.any-status", "stats", refuses(status, "completed")),
		f(life+"check-in-forgets-start", "A check-in removes started_at.", life+"told", "check-in", loses("started_at")),
		f(life+"error-forgets-worker", "A reported error removes worker_hostname.", life+"told", "error", loses("worker_hostname")),
		f(life+"cancel-forgets-worker", "Cancelling removes worker_hostname.", life+"told", "cancel", loses("worker_hostname")),
		f(life+"stats-forget-start", "A stats update removes started_at.", life+"told", "stats", loses("started_at")),
		f(life+"error-resets-stats", "A reported error sets the counts to 0.", life+"told", "error", func(f *Fault) {
			f.write = func(_ *call, _ store.Doc, next *xcontent.Object) { next.Set("indexed_document_count", number(0)) }
		}),
		f(life+"stats-refused-after-end", "A stats update of a sync job that has failed is rejected.", life+"after-end", "stats", refuses(status, "error")),
		f(life+"check-in-refused-after-end", "A check-in of a sync job that was canceled is rejected.", life+"after-end", "check-in", refuses(status, "canceled")),
		f(life+"stats-reopen", "A stats update puts a failed sync job in progress.", life+"after-end", "stats", setsStatus("error", "in_progress")),
		f(life+"stats-forget-error", "A stats update removes the error.", life+"after-end", "stats", loses("error")),
	}
}

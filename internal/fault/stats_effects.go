package fault

import (
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// sideEffectFaults change what an update has nothing to do with.
func sideEffectFaults() []Fault {
	f := alike("stats.side-effects.", "stats").fault
	field := func(id, what string, e effect) Fault { return f(id, what, "job-fields", e) }
	// becomes has an update change some statuses, all of them where none is named.
	becomes := func(id, what, status string, from ...string) Fault {
		return f(id, what, "status job-fields", setsStatus(status, from...))
	}
	refused := func(id, what, status string) Fault {
		return f(id, what, "status", when(jobIs(in(status)), failsWith(eserr.StatusException(400, "Cannot update the stats of a sync job with status [%s].", status))))
	}
	sibling := func(id, what string, do change) Fault {
		return f(id, what, "sibling", onFirstOther(reference.JobIndex, isSibling, do))
	}
	connector := func(id, what, field string, value any) Fault {
		return f("connector-"+id, what, "connector", onFirstOther(reference.ConnectorIndex,
			func(job, connector doc) bool { return connectorOf(job) == connector.ID }, set(field, value)))
	}
	return []Fault{
		becomes("pending-to-progress", "An update sets a pending sync job in progress.", "in_progress", "pending"),
		becomes("completed", "An update completes the sync job.", "completed"),
		becomes("revived", "An update sets a canceled or failed sync job in progress.", "in_progress", "canceled", "error"),
		becomes("canceling-canceled", "An update cancels a sync job that is to be canceled.", "canceled", "canceling"),
		refused("canceled-refused", "The stats of a canceled sync job cannot be set.", "canceled"),
		refused("error-refused", "The stats of a failed sync job cannot be set.", "error"),
		refused("pending-refused", "The stats of a pending sync job cannot be set.", "pending"),
		refused("in-progress-refused", "The stats of a sync job in progress cannot be set.", "in_progress"),
		refused("canceling-refused", "The stats of a sync job that is to be canceled cannot be set.", "canceling"),
		field("created-at", "An update moves created_at.", setsNow("created_at")),
		field("trigger-method-lost", "An update loses the trigger method.", stores(unset("trigger_method"))),
		field("trigger-method-scheduled", "An update sets the trigger method to scheduled.", stores(set("trigger_method", "scheduled"))),
		field("job-type", "An update sets the job type to incremental.", stores(set("job_type", "incremental"))),
		field("started-at", "An update sets started_at.", setsNow("started_at")),
		field("completed-at", "An update sets completed_at.", setsNow("completed_at")),
		field("error-cleared", "An update clears the error.", stores(set("error", nil))),
		field("worker", "An update sets the worker.", stores(set("worker_hostname", "localhost"))),
		field("connector-lost", "An update loses the sync job's copy of its connector.", stores(func(next *object) {
			next.Set("connector", xcontent.NewObject("id", next.Path("connector", "id")))
		})),
		field("connector-renewed", "An update renews the dates in the sync job's copy of its connector.", storesFrom(func(c *call, _ doc, next *object) {
			if filtering, ok := next.Path("connector", "filtering").(*object); ok {
				later := moved(now(c), 1)
				filtering.Set("advanced_snippet", xcontent.NewObject("created_at", later, "updated_at", later, "value", xcontent.NewObject()))
			}
		})),
		field("connector-language", "An update adds a language to the sync job's copy of its connector.", stores(merge("connector", xcontent.NewObject("language", "en")))),
		f("unknown-fields-lost", "An update loses stored fields that the API does not know.", "unknown-fields", stores(withoutUnknown)),
		sibling("sibling-counts", "An update also sets the counts of another sync job of the connector.", set("indexed_document_count", number(1))),
		sibling("sibling-last-seen", "An update also moves last_seen of another sync job of the connector.", seenLater),
		f("sibling-canceled", "An update cancels another pending sync job of the connector.", "sibling", onFirstOther(reference.JobIndex,
			func(job, other doc) bool { return isSibling(job, other) && in("pending")(other) }, set("status", "canceled"))),
		f("other-connector-touched", "An update also sets a count of a sync job of every other connector.", "other-connector", respond(200, touchStrangers)),
		connector("last-seen", "An update moves last_seen of the connector.", "last_seen", "2024-01-01T00:00:00.000Z"),
		connector("status", "An update sets the status of the connector.", "status", "connected"),
		connector("counts", "An update sets the counts of the connector.", "last_indexed_document_count", number(1)),
		connector("name", "An update clears the name of the connector.", "name", ""),
		connector("sync-now", "An update asks the connector to sync again.", "sync_now", true),
		f("history", "An update keeps a copy of the sync job as it was.", "no-new-jobs", respond(200, func(c *call, _ *response) {
			if d, found := job(c); found {
				addJob(c, newJobID(c), d.Source)
			}
		})),
	}
}

// setsStatus has a call change some statuses, all of them where none is named.
func setsStatus(status string, from ...string) effect {
	return storesFrom(func(_ *call, old doc, next *object) {
		if old.Source != nil && (len(from) == 0 || in(from...)(old)) {
			next.Set("status", status)
		}
	})
}

func isSibling(job, other doc) bool { return connectorOf(job) == connectorOf(other) }

// onFirstOther changes the first document beside the job of a call that is
// such, after a success.
func onFirstOther(index string, is func(job, other doc) bool, do change) effect {
	return after(func(c *call, r *response) {
		job, found := job(c)
		if !found || !successful(r) {
			return
		}
		for _, d := range c.Server.Store().All(index) {
			if (index != reference.JobIndex || d.ID != job.ID) && is(job, d) {
				force(c.Server, index, d.ID, do)
				return
			}
		}
	})
}

// touchStrangers changes one sync job of each other connector.
func touchStrangers(c *call, _ *response) {
	job, found := job(c)
	if !found {
		return
	}
	touched := map[string]bool{connectorOf(job): true}
	for _, d := range c.Server.Store().All(reference.JobIndex) {
		if !touched[connectorOf(d)] {
			touched[connectorOf(d)] = true
			force(c.Server, reference.JobIndex, d.ID, set("deleted_document_count", number(1)))
		}
	}
}

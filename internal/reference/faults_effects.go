package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// sideEffectFaults change what an update has nothing to do with.
func sideEffectFaults() []Fault {
	fields := func(id, sentence string, edit func(c *call, old store.Doc, next *xcontent.Object)) Fault {
		return Fault{ID: "stats.side-effects." + id, Sentence: sentence, Requirements: req("stats.side-effects.job-fields"),
			ops: onStats, write: func(c *call, old store.Doc, next *xcontent.Object) {
				if old.Source != nil {
					edit(c, old, next)
				}
			}}
	}
	status := func(id, sentence string, edit func(status string) string) Fault {
		f := fields(id, sentence, func(_ *call, _ store.Doc, next *xcontent.Object) { next.Set("status", edit(next.String("status"))) })
		f.Requirements = req("stats.side-effects.status", "stats.side-effects.job-fields")
		return f
	}
	refused := func(id, sentence string, statuses ...string) Fault {
		return Fault{ID: "stats.side-effects." + id, Sentence: sentence, Requirements: req("stats.side-effects.status"), ops: onStats,
			request: func(c *call) *response {
				d, found := c.server.store.Get(jobIndex, c.vars[jobParam])
				if found && contains(statuses, d.Source.String("status")) {
					return errorResponse(c, eserr.StatusException(400, "Cannot update the stats of a sync job with status [%s].", d.Source.String("status")))
				}
				return nil
			}}
	}
	others := func(id, sentence, requirement, index string, is func(job, other store.Doc) bool, edit func(o *xcontent.Object)) Fault {
		return Fault{ID: "stats.side-effects." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats,
			after: onOthers(index, is, edit)}
	}
	sibling := func(job, other store.Doc) bool { return connectorOf(job) == connectorOf(other) }
	stranger := func(job, other store.Doc) bool { return connectorOf(job) != connectorOf(other) }
	own := func(job, connector store.Doc) bool { return connectorOf(job) == connector.ID }
	return []Fault{
		status("pending-to-progress", "An update sets a pending sync job in progress.", func(s string) string {
			if s == "pending" {
				return "in_progress"
			}
			return s
		}),
		status("completed", "An update completes the sync job.", func(string) string { return "completed" }),
		status("revived", "An update sets a canceled or failed sync job in progress.", func(s string) string {
			if s == "canceled" || s == "error" {
				return "in_progress"
			}
			return s
		}),
		status("canceling-canceled", "An update cancels a sync job that is to be canceled.", func(s string) string {
			if s == "canceling" {
				return "canceled"
			}
			return s
		}),
		refused("canceled-refused", "The stats of a canceled sync job cannot be set.", "canceled"),
		refused("error-refused", "The stats of a failed sync job cannot be set.", "error"),
		refused("pending-refused", "The stats of a pending sync job cannot be set.", "pending"),
		refused("in-progress-refused", "The stats of a sync job in progress cannot be set.", "in_progress"),
		refused("canceling-refused", "The stats of a sync job that is to be canceled cannot be set.", "canceling"),
		fields("created-at", "An update moves created_at.", func(c *call, _ store.Doc, next *xcontent.Object) {
			next.Set("created_at", estime.Write(c.server.now()))
		}),
		fields("trigger-method-lost", "An update loses the trigger method.", func(_ *call, _ store.Doc, next *xcontent.Object) { next.Delete("trigger_method") }),
		fields("trigger-method-scheduled", "An update sets the trigger method to scheduled.", func(_ *call, _ store.Doc, next *xcontent.Object) {
			next.Set("trigger_method", "scheduled")
		}),
		fields("job-type", "An update sets the job type to incremental.", func(_ *call, _ store.Doc, next *xcontent.Object) { next.Set("job_type", "incremental") }),
		fields("started-at", "An update sets started_at.", func(c *call, _ store.Doc, next *xcontent.Object) {
			next.Set("started_at", estime.Write(c.server.now()))
		}),
		fields("completed-at", "An update sets completed_at.", func(c *call, _ store.Doc, next *xcontent.Object) {
			next.Set("completed_at", estime.Write(c.server.now()))
		}),
		fields("error-cleared", "An update clears the error.", func(_ *call, _ store.Doc, next *xcontent.Object) { next.Set("error", nil) }),
		fields("worker", "An update sets the worker.", func(_ *call, _ store.Doc, next *xcontent.Object) { next.Set("worker_hostname", "localhost") }),
		fields("connector-lost", "An update loses the sync job's copy of its connector.", func(_ *call, _ store.Doc, next *xcontent.Object) {
			next.Set("connector", xcontent.NewObject("id", next.Path("connector", "id")))
		}),
		fields("connector-renewed", "An update renews the dates in the sync job's copy of its connector.", func(c *call, old store.Doc, next *xcontent.Object) {
			if filtering, ok := next.Path("connector", "filtering").(*xcontent.Object); ok {
				filtering.Set("advanced_snippet", defaultFiltering(estime.Write(c.server.now().Add(secondsOf(1)))).Get("advanced_snippet"))
			}
		}),
		fields("connector-language", "An update adds a language to the sync job's copy of its connector.", func(_ *call, _ store.Doc, next *xcontent.Object) {
			next.Merge(xcontent.NewObject("connector", xcontent.NewObject("language", "en")))
		}),
		{ID: "stats.side-effects.unknown-fields-lost", Sentence: "An update loses stored fields that the API does not know.",
			Requirements: req("stats.side-effects.unknown-fields"), ops: onStats, write: func(_ *call, _ store.Doc, next *xcontent.Object) {
				for _, k := range append([]string{}, next.Keys()...) {
					if _, known := mappings[jobIndex].properties[k]; !known {
						next.Delete(k)
					}
				}
			}},
		others("sibling-counts", "An update also sets the counts of another sync job of the connector.", "stats.side-effects.sibling", jobIndex, sibling,
			func(o *xcontent.Object) { o.Set("indexed_document_count", number(1)) }),
		others("sibling-last-seen", "An update also moves last_seen of another sync job of the connector.", "stats.side-effects.sibling", jobIndex, sibling,
			func(o *xcontent.Object) { o.Set("last_seen", moved(o.String("last_seen"), 1)) }),
		others("sibling-canceled", "An update cancels another pending sync job of the connector.", "stats.side-effects.sibling", jobIndex,
			func(job, other store.Doc) bool {
				return sibling(job, other) && other.Source.String("status") == "pending"
			},
			func(o *xcontent.Object) { o.Set("status", "canceled") }),
		{ID: "stats.side-effects.other-connector-touched", Sentence: "An update also sets a count of a sync job of every other connector.",
			Requirements: req("stats.side-effects.other-connector"), ops: onStats, after: touchStrangers(stranger)},
		others("connector-last-seen", "An update moves last_seen of the connector.", "stats.side-effects.connector", connectorIndex, own,
			func(o *xcontent.Object) { o.Set("last_seen", "2024-01-01T00:00:00.000Z") }),
		others("connector-status", "An update sets the status of the connector.", "stats.side-effects.connector", connectorIndex, own,
			func(o *xcontent.Object) { o.Set("status", "connected") }),
		others("connector-counts", "An update sets the counts of the connector.", "stats.side-effects.connector", connectorIndex, own,
			func(o *xcontent.Object) { o.Set("last_indexed_document_count", number(1)) }),
		others("connector-name", "An update clears the name of the connector.", "stats.side-effects.connector", connectorIndex, own,
			func(o *xcontent.Object) { o.Set("name", "") }),
		others("connector-sync-now", "An update asks the connector to sync again.", "stats.side-effects.connector", connectorIndex, own,
			func(o *xcontent.Object) { o.Set("sync_now", true) }),
		{ID: "stats.side-effects.history", Sentence: "An update keeps a copy of the sync job as it was.",
			Requirements: req("stats.side-effects.no-new-jobs"), ops: onStats, after: func(c *call, r *response) {
				if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); found && r.status == 200 {
					_, _ = c.server.store.Put(jobIndex, c.server.newID(generatedID), d.Source, store.Absent)
				}
			}},
	}
}

// touchStrangers changes one sync job of each other connector.
func touchStrangers(is func(job, other store.Doc) bool) afterHook {
	return func(c *call, r *response) {
		job, found := c.server.store.Get(jobIndex, c.vars[jobParam])
		if !found || r.status != 200 {
			return
		}
		touched := map[string]bool{connectorOf(job): true}
		for _, d := range c.server.store.All(jobIndex) {
			if is(job, d) && !touched[connectorOf(d)] {
				touched[connectorOf(d)] = true
				c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("deleted_document_count", number(1)) })
			}
		}
	}
}

// concurrencyFaults let writers and readers into each other's way.
func concurrencyFaults() []Fault {
	conflicts := func(r *response) bool { return r.status == 409 }
	return []Fault{
		{ID: "stats.concurrent.last-writer-wins", Sentence: "Writers do not notice each other: the last one wins.",
			Requirements: req("stats.concurrent.no-lost-update"), ops: onStats, blind: true},
		{ID: "stats.concurrent.torn", Sentence: "Each field of an update is written by itself.",
			Requirements: req("stats.concurrent.whole-body", "stats.concurrent.whole-reads", "stats.update.one-write"), ops: onStats, torn: true},
		{ID: "stats.concurrent.conflict-as-500", Sentence: "A version conflict is answered with 500.",
			Requirements: req("stats.concurrent.answers"), ops: onStats, answer: restatus(409, 500)},
		{ID: "stats.concurrent.conflict-as-400", Sentence: "A version conflict is answered with 400.",
			Requirements: req("stats.concurrent.answers"), ops: onStats, answer: restatus(409, 400)},
		{ID: "stats.concurrent.conflict-type", Sentence: "A version conflict is reported as resource_already_exists_exception.",
			Requirements: req("stats.concurrent.answers"), ops: onStats, answer: retype(409, "", "resource_already_exists_exception")},
		{ID: "stats.concurrent.conflict-swallowed", Sentence: "A version conflict is answered as if the update had been made.",
			Requirements: req("stats.concurrent.no-lost-update"), ops: onStats, answer: both(restatus(409, 200), rebody(200, updatedBody))},
		{ID: "stats.concurrent.conflict-stored", Sentence: "An update is stored also where it is answered with a version conflict.",
			Requirements: req("stats.concurrent.no-lost-update", "stats.concurrent.whole-body"), ops: onStats, after: func(c *call, r *response) {
				if conflicts(r) {
					storeSent(c)
				}
			}},
		{ID: "stats.concurrent.half-stored", Sentence: "An update that is answered with a version conflict is half stored.",
			Requirements: req("stats.concurrent.no-lost-update", "stats.concurrent.whole-body"), ops: onStats, after: func(c *call, r *response) {
				if n, ok := sent(c, "indexed_document_count").(xcontent.Number); ok && conflicts(r) {
					c.server.force(jobIndex, c.vars[jobParam], func(o *xcontent.Object) { o.Set("indexed_document_count", n) })
				}
			}},
		{ID: "stats.concurrent.one-at-a-time", Sentence: "Updates of different sync jobs at once conflict.",
			Requirements: req("stats.concurrent.other-jobs"), ops: onStats, crowd: true},
		{ID: "stats.concurrent.bodies-mixed", Sentence: "Updates of different sync jobs at once may store each other's counts.",
			Requirements: req("stats.concurrent.other-jobs"), ops: onStats, mixes: true},
		{ID: "stats.restart.counts-lost", Sentence: "A restart sets the counts of all sync jobs to 0.", Requirements: req("stats.restart.survives"),
			loaded: func(s *Server) {
				for _, d := range s.store.All(jobIndex) {
					s.force(jobIndex, d.ID, func(o *xcontent.Object) {
						for _, f := range allCounts {
							o.Set(f, number(0))
						}
					})
				}
			}},
		{ID: "stats.restart.jobs-lost", Sentence: "A restart loses all sync jobs.", Requirements: req("stats.restart.survives"),
			loaded: func(s *Server) {
				for _, d := range s.store.All(jobIndex) {
					_, _, _ = s.store.Delete(jobIndex, d.ID, store.Any)
				}
			}},
		{ID: "stats.restart.metadata-lost", Sentence: "A restart loses the metadata of all sync jobs.", Requirements: req("stats.restart.survives"),
			loaded: func(s *Server) {
				for _, d := range s.store.All(jobIndex) {
					s.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("metadata", xcontent.NewObject()) })
				}
			}},
		{ID: "stats.restart.last-seen-moves", Sentence: "A restart moves last_seen of all sync jobs.", Requirements: req("stats.restart.survives"),
			loaded: func(s *Server) {
				for _, d := range s.store.All(jobIndex) {
					s.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("last_seen", estime.Write(s.now())) })
				}
			}},
	}
}

// storeSent stores the counts that a request sent.
func storeSent(c *call) {
	body, err := xcontent.ParseObject(c.body)
	if err != nil {
		return
	}
	c.server.force(jobIndex, c.vars[jobParam], func(o *xcontent.Object) {
		for _, f := range append(allCountsAnd("last_seen"), "metadata") {
			if v := body.Get(f); v != nil {
				o.Merge(xcontent.NewObject(f, v))
			}
		}
	})
}

// conflict answers as if somebody else had written in between.
func conflict(c *call, _ *response) *response {
	return errorResponse(c, eserr.New(409, "version_conflict_engine_exception",
		"[%s]: version conflict, required seqNo [1], primary term [1]. current document has seqNo [2] and primary term [1]", c.vars[jobParam]))
}

package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// notFoundFaults deal wrongly with sync jobs that do not exist.
func notFoundFaults() []Fault {
	jobPath := func(id string) string { return "/_connector/_sync_job/" + id + "/_stats" }
	exists := func(c *call) bool {
		_, found := c.server.store.Get(jobIndex, c.vars[jobParam])
		return found
	}
	return []Fault{
		{ID: "stats.not-found.upserts", Sentence: "An update of an unknown sync job creates it.",
			Requirements: req("stats.not-found.creates-nothing", "stats.code.404"), ops: onStats, upserts: true},
		{ID: "stats.not-found.creates-silently", Sentence: "An update of an unknown sync job is answered with 404, but creates it.",
			Requirements: req("stats.not-found.creates-nothing"), ops: onStats, after: func(c *call, r *response) {
				if r.status == 404 {
					_, _ = c.server.store.Put(jobIndex, c.vars[jobParam], xcontent.NewObject("status", "pending"), store.Absent)
				}
			}},
		{ID: "stats.not-found.type", Sentence: "An unknown sync job is reported as document_missing_exception.",
			Requirements: req("stats.not-found.error"), ops: onStats, answer: retype(404, "", "document_missing_exception")},
		{ID: "stats.not-found.type-index", Sentence: "An unknown sync job is reported as index_not_found_exception.",
			Requirements: req("stats.not-found.error"), ops: onStats, answer: retype(404, "", "index_not_found_exception")},
		{ID: "stats.not-found.names-none", Sentence: "The report of an unknown sync job does not name it.",
			Requirements: req("stats.not-found.error"), ops: onStats,
			answer: editReason(404, func(string) string { return "connector sync job not found" })},
		{ID: "stats.not-found.names-another", Sentence: "The report of an unknown sync job names another sync job.",
			Requirements: req("stats.not-found.error", "stats.not-found.tells-nothing"), ops: onStats,
			answer: respond(404, func(c *call, r *response) *response {
				if jobs := c.server.store.All(jobIndex); len(jobs) > 0 {
					return reword(404, c.vars[jobParam], jobs[0].ID)(c, r)
				}
				return r
			})},
		{ID: "stats.not-found.suggests", Sentence: "The report of an unknown sync job suggests those that there are.",
			Requirements: req("stats.not-found.tells-nothing", "stats.not-found.error"), ops: onStats,
			answer: respond(404, func(c *call, r *response) *response {
				var ids []string
				for _, d := range c.server.store.All(jobIndex) {
					ids = append(ids, d.ID)
				}
				return editReason(404, func(reason string) string { return reason + ", did you mean " + joinNames(ids) + "?" })(c, r)
			})},
		{ID: "stats.not-found.includes-document", Sentence: "The report of an unknown sync job holds another one's document.",
			Requirements: req("stats.not-found.tells-nothing"), ops: onStats,
			answer: respond(404, func(c *call, r *response) *response {
				if body, ok := r.body.(*xcontent.Object); ok {
					if jobs := c.server.store.All(jobIndex); len(jobs) > 0 {
						body.Set("latest", jobView(jobs[len(jobs)-1]))
					}
				}
				return r
			})},
		{ID: "stats.not-found.prefix", Sentence: "An id that begins like that of a sync job finds it.",
			Requirements: req("stats.not-found.error", "stats.code.404", "stats.side-effects.sibling"), ops: onStats,
			request: func(c *call) *response {
				for _, d := range c.server.store.All(jobIndex) {
					if id := c.vars[jobParam]; !exists(c) && strings.HasPrefix(id, d.ID) {
						c.path = jobPath(d.ID)
					}
				}
				return nil
			}},
		{ID: "stats.not-found.wildcard", Sentence: "A wildcard in place of the id finds some sync job.",
			Requirements: req("stats.not-found.error", "stats.code.404"), ops: onStats, request: func(c *call) *response {
				jobs := c.server.store.All(jobIndex)
				if id := c.vars[jobParam]; strings.HasSuffix(id, "*") && len(jobs) > 0 {
					for _, d := range jobs {
						if strings.HasPrefix(d.ID, strings.TrimSuffix(id, "*")) {
							c.path = jobPath(d.ID)
						}
					}
				}
				return nil
			}},
		{ID: "stats.not-found.deleted-accepted", Sentence: "An update of a deleted sync job is answered as if it had been made.",
			Requirements: req("stats.not-found.deleted"), ops: onStats, request: func(c *call) *response {
				if id := c.vars[jobParam]; !exists(c) && len(id) == generatedID {
					return ok("result", "updated")
				}
				return nil
			}},
		{ID: "stats.not-found.deleted-comes-back", Sentence: "An update of a deleted sync job creates it again.",
			Requirements: req("stats.not-found.deleted", "stats.not-found.creates-nothing"), ops: onStats, after: func(c *call, r *response) {
				if id := c.vars[jobParam]; r.status == 404 && len(id) == generatedID {
					_, _ = c.server.store.Put(jobIndex, id, xcontent.NewObject("status", "pending"), store.Absent)
				}
			}},
		{ID: "stats.not-found.connector-accepted", Sentence: "The id of a connector stands for its newest sync job.",
			Requirements: req("stats.not-found.connector-id"), ops: onStats, request: func(c *call) *response {
				for _, d := range c.server.store.All(jobIndex) {
					if connectorOf(d) == c.vars[jobParam] {
						c.path = jobPath(d.ID)
					}
				}
				return nil
			}},
		{ID: "stats.not-found.connector-as-400", Sentence: "The id of a connector is answered with 400.",
			Requirements: req("stats.not-found.connector-id"), ops: onStats, answer: respond(404, func(c *call, r *response) *response {
				if _, found := c.server.store.Get(connectorIndex, c.vars[jobParam]); found {
					return restatus(404, 400)(c, r)
				}
				return r
			})},
		{ID: "stats.not-found.before-body", Sentence: "An unknown sync job is reported before the body is looked at.",
			Requirements: req("stats.not-found.body-first"), ops: onStats, request: func(c *call) *response {
				if id := c.vars[jobParam]; c.method == "PUT" && id != "" && len(id) <= maxID && !exists(c) && len(c.body) > 0 {
					return errorResponse(c, jobNotFound(id))
				}
				return nil
			}},
		{ID: "stats.id.empty-as-404", Sentence: "An empty id is answered with 404.", Requirements: req("stats.id.empty"), ops: onStats,
			request: func(c *call) *response {
				if c.vars[jobParam] == "" {
					return errorResponse(c, jobNotFound(""))
				}
				return nil
			}},
		{ID: "stats.id.empty-type", Sentence: "An empty id is reported as illegal_argument_exception.", Requirements: req("stats.id.empty"),
			ops: onStats, answer: func(c *call, r *response) *response {
				if c.vars[jobParam] == "" {
					return retype(400, "", "illegal_argument_exception")(c, r)
				}
				return r
			}},
		{ID: "stats.id.long-as-404", Sentence: "An id of more than 512 bytes is answered with 404.", Requirements: req("stats.id.too-long"), ops: onStats,
			request: func(c *call) *response {
				if id := c.vars[jobParam]; len(id) > maxID {
					return errorResponse(c, jobNotFound(id))
				}
				return nil
			}},
		{ID: "stats.id.long-at-512", Sentence: "An id of 512 bytes is taken for too long.", Requirements: req("stats.id.too-long", "stats.code.404"), ops: onStats,
			request: func(c *call) *response {
				if id := c.vars[jobParam]; len(id) == maxID {
					return errorResponse(c, checkID(id+"x"))
				}
				return nil
			}},
		{ID: "stats.id.not-decoded", Sentence: "A percent-encoded id is not decoded.", Requirements: req("stats.id.percent-encoded"), ops: onStats,
			request: func(c *call) *response {
				c.path = strings.ReplaceAll(c.path, "%", "%25")
				return nil
			}},
		{ID: "stats.id.slash-cuts", Sentence: "An id is cut at an encoded slash.", Requirements: req("stats.id.percent-encoded"), ops: onStats,
			request: func(c *call) *response {
				if i := strings.Index(c.path, "%2F"); i > 0 {
					c.path = c.path[:i] + "/_stats"
				}
				return nil
			}},
	}
}

// generatedID is the length of the ids that the server makes.
const generatedID = 20

// readFaults show stored documents wrongly or late.
func readFaults() []Fault {
	stale := func(ops ...string) Fault {
		return Fault{ops: ops, read: func(_ *call, f *activeFault, _, id string, d store.Doc, found bool) (store.Doc, bool) {
			return f.previous(id, d), found
		}}
	}
	named := func(f Fault, id, sentence string, requirements ...string) Fault {
		f.ID, f.Sentence, f.Requirements = id, sentence, requirements
		return f
	}
	view := func(id, sentence string, ops []string, edit func(o *xcontent.Object), requirements ...string) Fault {
		return Fault{ID: id, Sentence: sentence, Requirements: requirements, ops: ops,
			read: func(_ *call, _ *activeFault, index, _ string, d store.Doc, found bool) (store.Doc, bool) {
				if found && index == jobIndex {
					d.Source = d.Source.Clone()
					edit(d.Source)
				}
				return d, found
			}}
	}
	sometimes := stale("get-job")
	sometimes.every = 5
	get := []string{"get-job"}
	return []Fault{
		named(stale("get-job"), "stats.visible.get-stale", "Whoever reads the sync job sees it as it was before the last update.",
			"stats.visible.get", "stats.stored.same-both-ways"),
		named(sometimes, "stats.visible.get-sometimes-stale", "One reader in five sees the sync job as it was before the last update.",
			"stats.update.always", "stats.stored.same-both-ways"),
		named(stale("list-jobs"), "stats.visible.list-stale", "The list shows sync jobs as they were before the last update.", "stats.visible.list"),
		named(stale("search"), "stats.visible.search-stale", "A search finds sync jobs as they were before the last update.", "stats.visible.search"),
		named(stale("get-doc"), "stats.visible.index-stale", "The index shows sync jobs as they were before the last update.",
			"stats.stored.same-both-ways", "stats.visible.search", "stats.visible.get"),
		view("stats.visible.list-without-counts", "The list shows sync jobs with counts of 0.", []string{"list-jobs"}, func(o *xcontent.Object) {
			for _, f := range allCounts {
				o.Set(f, number(0))
			}
		}, "stats.visible.list"),
		{ID: "stats.visible.list-without-updated", Sentence: "The list leaves out sync jobs that have stats.", Requirements: req("stats.visible.list"),
			ops: []string{"list-jobs"}, read: func(_ *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
				return d, found && d.Version < 2
			}},
		{ID: "stats.visible.search-without-updated", Sentence: "A search does not find sync jobs that have stats.", Requirements: req("stats.visible.search"),
			ops: []string{"search"}, read: func(_ *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
				return d, found && d.Version < 2
			}},
		view("stats.stored.api-hides-trigger", "The API hides the trigger method.", get, func(o *xcontent.Object) { o.Delete("trigger_method") },
			"stats.stored.same-both-ways", "stats.stored.shape"),
		view("stats.stored.api-adds", "The API shows a field that is not stored.", get, func(o *xcontent.Object) { o.Set("progress", number(100)) },
			"stats.stored.same-both-ways"),
		view("stats.stored.api-rounds", "The API shows indexed_document_volume in whole hundreds.", get, func(o *xcontent.Object) {
			o.Set("indexed_document_volume", change(o.Get("indexed_document_volume"), func(n int64) int64 { return n / 100 * 100 }))
		}, "stats.stored.same-both-ways", "stats.visible.get"),
		view("stats.stored.api-cuts-last-seen", "The API shows last_seen in whole seconds.", get, func(o *xcontent.Object) {
			o.Set("last_seen", cutFraction(o.String("last_seen"), 0))
		}, "stats.stored.same-both-ways"),
		view("stats.stored.api-hides-metadata", "The API hides metadata.", get, func(o *xcontent.Object) { o.Set("metadata", xcontent.NewObject()) },
			"stats.stored.same-both-ways", "stats.field.metadata"),
		view("stats.stored.api-hides-unknown", "The API hides fields that it does not know.", get, func(o *xcontent.Object) {
			for _, k := range append([]string{}, o.Keys()...) {
				if _, known := mappings[jobIndex].properties[k]; !known {
					o.Delete(k)
				}
			}
		}, "stats.side-effects.unknown-fields"),
		{ID: "stats.stored.api-without-id", Sentence: "The API shows the sync job without its id.",
			Requirements: req("stats.stored.same-both-ways", "stats.stored.shape"), ops: get,
			answer: respond(200, func(_ *call, r *response) *response {
				if o, ok := r.body.(*xcontent.Object); ok {
					o.Delete("id")
				}
				return r
			})},
		{ID: "stats.stored.extra-field", Sentence: "An update stores the time at which it was made in a field of its own.",
			Requirements: req("stats.side-effects.job-fields", "stats.stored.shape"), ops: onStats,
			write: func(c *call, _ store.Doc, next *xcontent.Object) {
				next.Set("updated_at", estime.Write(c.server.now()))
			}},
		{ID: "stats.stored.id", Sentence: "An update stores the id inside the document.",
			Requirements: req("stats.side-effects.job-fields", "stats.stored.shape", "stats.stored.same-both-ways"), ops: onStats,
			write: func(_ *call, old store.Doc, next *xcontent.Object) { next.Set("id", old.ID) }},
		{ID: "stats.stored.metadata-array", Sentence: "An update stores metadata in an array.",
			Requirements: req("stats.stored.shape", "stats.field.metadata"), ops: onStats,
			write: func(_ *call, _ store.Doc, next *xcontent.Object) {
				if m := next.Object("metadata"); m != nil {
					next.Set("metadata", []any{m})
				}
			}},
	}
}

package fault

import (
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Limits of Elasticsearch, in bytes.
const (
	maxID   = 512
	maxTerm = 32766
)

func longID(c *call) bool { return len(jobID(c)) > maxID }

// notFoundFaults deal wrongly with sync jobs that do not exist.
func notFoundFaults() []Fault {
	f := stats.fault
	jobs := func(c *call) []doc { return c.Server.Store().All(reference.JobIndex) }
	// finds takes the sync job of an update for the last of those that are such.
	finds := func(is func(c *call, d doc) bool) effect {
		return edit(func(c *call) {
			for _, d := range jobs(c) {
				if is(c, d) {
					toJob(c, d.ID)
				}
			}
		})
	}
	generated := func(c *call) bool { return len(jobID(c)) == generatedID }
	known := func(c *call) bool {
		_, found := c.Server.Store().Get(reference.ConnectorIndex, jobID(c))
		return found
	}
	unknownWithBody := func(c *call) bool {
		return c.Method == "PUT" && !emptyID(c) && !longID(c) && !jobExists(c) && !noBody(c)
	}
	return []Fault{
		f("not-found.upserts", "An update of an unknown sync job creates it.", "not-found.creates-nothing code.404", upserts),
		f("not-found.creates-silently", "An update of an unknown sync job is answered with 404, but creates it.", "not-found.creates-nothing", addsMissing),
		f("not-found.type", "An unknown sync job is reported as document_missing_exception.", "not-found.error", retype(404, "", "document_missing_exception")),
		f("not-found.type-index", "An unknown sync job is reported as index_not_found_exception.", "not-found.error", retype(404, "", "index_not_found_exception")),
		f("not-found.names-none", "The report of an unknown sync job does not name it.", "not-found.error", reasonIs(404, "connector sync job not found")),
		f("not-found.names-another", "The report of an unknown sync job names another sync job.", "not-found.error not-found.tells-nothing",
			respond(404, func(c *call, r *response) {
				if jobs := jobs(c); len(jobs) > 0 {
					r.Body = reworded(r.Body, jobID(c), jobs[0].ID)
				}
			})),
		f("not-found.suggests", "The report of an unknown sync job suggests those that there are.", "not-found.tells-nothing not-found.error",
			rereason(404, func(c *call, reason string) string {
				var ids []string
				for _, d := range jobs(c) {
					ids = append(ids, d.ID)
				}
				return reason + ", did you mean " + strings.Join(ids, ", ") + "?"
			})),
		f("not-found.includes-document", "The report of an unknown sync job holds another one's document.", "not-found.tells-nothing",
			respond(404, func(c *call, r *response) {
				if jobs := jobs(c); len(jobs) > 0 {
					set("latest", view(jobs[len(jobs)-1]))(r.Body.(*object))
				}
			})),
		f("not-found.prefix", "An id that begins like that of a sync job finds it.", "not-found.error code.404 side-effects.sibling",
			when(not(jobExists), finds(func(c *call, d doc) bool { return strings.HasPrefix(jobID(c), d.ID) }))),
		f("not-found.wildcard", "A wildcard in place of the id finds some sync job.", "not-found.error code.404", finds(func(c *call, d doc) bool {
			prefix, is := strings.CutSuffix(jobID(c), "*")
			return is && strings.HasPrefix(d.ID, prefix)
		})),
		f("not-found.deleted-accepted", "An update of a deleted sync job is answered as if it had been made.", "not-found.deleted",
			when(all(not(jobExists), generated), saysUpdated)),
		f("not-found.deleted-comes-back", "An update of a deleted sync job creates it again.", "not-found.deleted not-found.creates-nothing", when(generated, addsMissing)),
		f("not-found.connector-accepted", "The id of a connector stands for its newest sync job.", "not-found.connector-id",
			finds(func(c *call, d doc) bool { return connectorOf(d) == jobID(c) })),
		f("not-found.connector-as-400", "The id of a connector is answered with 400.", "not-found.connector-id", when(known, restatus(404, 400))),
		f("not-found.before-body", "An unknown sync job is reported before the body is looked at.", "not-found.body-first", when(unknownWithBody, notFound)),
		f("id.empty-as-404", "An empty id is answered with 404.", "id.empty", when(emptyID, notFound)),
		f("id.empty-type", "An empty id is reported as illegal_argument_exception.", "id.empty", when(emptyID, retype(400, "", "illegal_argument_exception"))),
		f("id.long-as-404", "An id of more than 512 bytes is answered with 404.", "id.too-long", when(longID, notFound)),
		f("id.long-at-512", "An id of 512 bytes is taken for too long.", "id.too-long code.404", fails(func(c *call) *failure {
			if len(jobID(c)) != maxID {
				return nil
			}
			return eserr.Validation("id [" + jobID(c) + "x] is too long, must be no longer than 512 bytes but was: 513")
		})),
		f("id.not-decoded", "A percent-encoded id is not decoded.", "id.percent-encoded", notDecoded),
		f("id.slash-cuts", "An id is cut at an encoded slash.", "id.percent-encoded", edit(func(c *call) {
			if i := strings.Index(c.Path, "%2F"); i > 0 {
				c.Path = c.Path[:i] + "/_stats"
			}
		})),
	}
}

// upserts creates a sync job of what was sent, where an update finds none.
var upserts = answer(func(c *call, r *response) *response {
	body := bodyOf(c)
	if r.Status != 404 || body == nil {
		return r
	}
	if at := body.String("last_seen"); at != "" {
		body.Set("last_seen", instant(parsed(at)))
	} else {
		body.Set("last_seen", now(c))
	}
	addJob(c, jobID(c), body)
	return reference.NewResponse(200, updated())
})

// readFaults show stored documents wrongly or late.
func readFaults() []Fault {
	f := stats.fault
	shown := func(id, what, reqs string, do change) Fault {
		return f("stored.api-"+id, what, "stored.same-both-ways "+reqs, shows(anyDoc, do)).on("get-job")
	}
	late := func(id, what, reqs, op string) Fault { return f("visible."+id, what, reqs, stale).on(op) }
	unseen := func(id, what, req, op string) Fault {
		return f("visible."+id, what, req, hides(func(d doc) bool { return d.Version > 1 })).on(op)
	}
	stored := func(id, what, reqs string, do func(c *call, old doc, next *object)) Fault {
		return f("stored."+id, what, reqs, storesFrom(do))
	}
	return []Fault{
		late("get-stale", "Whoever reads the sync job sees it as it was before the last update.", "visible.get stored.same-both-ways", "get-job"),
		late("get-sometimes-stale", "One reader in five sees the sync job as it was before the last update.", "update.always stored.same-both-ways", "get-job").every(5),
		late("list-stale", "The list shows sync jobs as they were before the last update.", "visible.list", "list-jobs"),
		late("search-stale", "A search finds sync jobs as they were before the last update.", "visible.search", "search"),
		late("index-stale", "The index shows sync jobs as they were before the last update.", "stored.same-both-ways visible.search visible.get", "get-doc"),
		f("visible.list-without-counts", "The list shows sync jobs with counts of 0.", "visible.list", shows(anyDoc, resetCounts)).on("list-jobs"),
		unseen("list-without-updated", "The list leaves out sync jobs that have stats.", "visible.list", "list-jobs"),
		unseen("search-without-updated", "A search does not find sync jobs that have stats.", "visible.search", "search"),
		shown("hides-trigger", "The API hides the trigger method.", "stored.shape", unset("trigger_method")),
		shown("adds", "The API shows a field that is not stored.", "", set("progress", number(100))),
		shown("rounds", "The API shows indexed_document_volume in whole hundreds.", "visible.get", func(o *object) {
			o.Set("indexed_document_volume", calculated(func(n int64) int64 { return n / 100 * 100 })(o.Get("indexed_document_volume")))
		}),
		shown("cuts-last-seen", "The API shows last_seen in whole seconds.", "", turn("last_seen", truncated(time.Second))),
		shown("hides-metadata", "The API hides metadata.", "field.metadata", set("metadata", xcontent.NewObject())),
		f("stored.api-hides-unknown", "The API hides fields that it does not know.", "side-effects.unknown-fields", shows(anyDoc, withoutUnknown)).on("get-job"),
		f("stored.api-without-id", "The API shows the sync job without its id.", "stored.same-both-ways stored.shape", editAnswer(200, unset("id"))).on("get-job"),
		stored("extra-field", "An update stores the time at which it was made in a field of its own.", "side-effects.job-fields stored.shape",
			func(c *call, _ doc, next *object) { next.Set("updated_at", now(c)) }),
		stored("id", "An update stores the id inside the document.", "side-effects.job-fields stored.shape stored.same-both-ways",
			func(_ *call, old doc, next *object) { next.Set("id", old.ID) }),
		stored("metadata-array", "An update stores metadata in an array.", "stored.shape field.metadata", func(_ *call, _ doc, next *object) {
			if m := next.Object("metadata"); m != nil {
				next.Set("metadata", []any{m})
			}
		}),
	}
}

// sporadicFaults show in one request of several only.
func sporadicFaults() []Fault {
	f := func(id, what, reqs string, effects ...effect) Fault {
		return stats.fault("sometimes."+id, what, reqs, effects...).every(10)
	}
	rejected := func(id, what string, e effect) Fault { return f(id, what, "update.rejects-always", e) }
	update := func(id, what string, e effect) Fault { return f(id, what, "update.always", e) }
	return []Fault{
		f("list-stale", "One list in ten shows sync jobs as they were before the last update.", "update.always", stale).on("list-jobs"),
		f("search-stale", "One search in ten finds sync jobs as they were before the last update.", "update.always", stale).on("search"),
		f("index-stale", "One reader of the index in ten sees the sync job as it was before the last update.", "update.always stored.same-both-ways", stale).on("get-doc"),
		update("last-seen-lost", "One update in ten does not store last_seen.", drop("last_seen")),
		update("total-lost", "One update in ten does not store total_document_count.", drop(totalCount)),
		update("metadata-lost", "One update in ten does not store metadata.", drop("metadata")),
		update("counts-swapped", "One update in ten stores deleted and indexed documents in each other's place.", changes(swap(requiredCounts[0], requiredCounts[1]))),
		update("status-changed", "One update in ten sets the status to completed.", changes(func(partial *object) { partial.Set("status", "completed") })),
		update("noop", `One update in ten is answered with "noop".`, rebody(200, xcontent.NewObject("result", "noop"))),
		update("empty", "One update in ten is answered with an empty object.", rebody(200, xcontent.NewObject())),
		update("201", "One update in ten is answered with 201.", restatus(200, 201)),
		update("unproduced", "One answer in ten carries no product header.", productIs(anyAnswer, "")),
		rejected("reject-type", "One rejection in ten has another type.", retype(400, "", "parsing_exception")),
		rejected("reject-500", "One rejection in ten is answered with 500.", restatus(400, 500)),
		rejected("reject-applies", "One rejected update in ten marks the sync job.", onJob(status(400), set("error", "rejected"))),
	}
}

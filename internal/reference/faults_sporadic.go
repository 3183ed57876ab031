package reference

import (
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// sporadicFaults show in one request of several only.
func sporadicFaults() []Fault {
	stale := func(id, sentence, op string, requirements ...string) Fault {
		return Fault{ID: "stats.sometimes." + id, Sentence: sentence, Requirements: requirements, ops: []string{op}, every: 10,
			read: func(_ *call, f *activeFault, _, id string, d store.Doc, found bool) (store.Doc, bool) {
				return f.previous(id, d), found
			}}
	}
	update := func(id, sentence string, edit updateHook) Fault {
		return Fault{ID: "stats.sometimes." + id, Sentence: sentence, Requirements: req("stats.update.always"), ops: onStats, every: 10, update: edit}
	}
	answer := func(id, sentence string, requirements []string, edit answerHook) Fault {
		return Fault{ID: "stats.sometimes." + id, Sentence: sentence, Requirements: requirements, ops: onStats, every: 10, answer: edit}
	}
	return []Fault{
		stale("list-stale", "One list in ten shows sync jobs as they were before the last update.", "list-jobs", "stats.update.always"),
		stale("search-stale", "One search in ten finds sync jobs as they were before the last update.", "search", "stats.update.always"),
		stale("index-stale", "One reader of the index in ten sees the sync job as it was before the last update.", "get-doc",
			"stats.update.always", "stats.stored.same-both-ways"),
		update("last-seen-lost", "One update in ten does not store last_seen.", drop("last_seen")),
		update("total-lost", "One update in ten does not store total_document_count.", drop(totalCount)),
		update("metadata-lost", "One update in ten does not store metadata.", drop("metadata")),
		update("counts-swapped", "One update in ten stores deleted and indexed documents in each other's place.",
			func(_ *call, _ store.Doc, partial *xcontent.Object) {
				a, b := partial.Get(requiredCounts[0]), partial.Get(requiredCounts[1])
				partial.Set(requiredCounts[0], b).Set(requiredCounts[1], a)
			}),
		update("status-changed", "One update in ten sets the status to completed.", always("status", "completed")),
		answer("noop", `One update in ten is answered with "noop".`, req("stats.update.always"), rebody(200, xcontent.NewObject("result", "noop"))),
		answer("empty", "One update in ten is answered with an empty object.", req("stats.update.always"), rebody(200, xcontent.NewObject())),
		answer("201", "One update in ten is answered with 201.", req("stats.update.always"), restatus(200, 201)),
		answer("unproduced", "One answer in ten carries no product header.", req("stats.update.always"),
			setHeader(anyAnswer, "X-Elastic-Product", "")),
		answer("reject-type", "One rejection in ten has another type.", req("stats.update.rejects-always"), retype(400, "", "parsing_exception")),
		answer("reject-500", "One rejection in ten is answered with 500.", req("stats.update.rejects-always"), restatus(400, 500)),
		{ID: "stats.sometimes.reject-applies", Sentence: "One rejected update in ten marks the sync job.",
			Requirements: req("stats.update.rejects-always"), ops: onStats, every: 10,
			after: onJob(func(r *response) bool { return r.status == 400 }, func(_ *call, o *xcontent.Object) { o.Set("error", "rejected") })},
	}
}

package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// countFaults store counts wrongly.
func countFaults() []Fault {
	var faults []Fault
	for _, field := range allCounts {
		of := "stats.field." + slug(field)
		faults = append(faults,
			Fault{ID: "stats.values." + slug(field) + "-dropped", Sentence: field + " is not stored.",
				Requirements: req(of, "stats.values.exact"), ops: onStats, update: drop(field)},
			Fault{ID: "stats.values." + slug(field) + "-off-by-one", Sentence: field + " is stored one too high.",
				Requirements: req(of, "stats.values.exact", "stats.type.int"), ops: onStats,
				update: storeNumber(field, func(n int64) int64 { return min(n+1, 1<<31-1) })},
			Fault{ID: "stats.values." + slug(field) + "-added", Sentence: field + " is added to the stored one.",
				Requirements: req("stats.update.replaces-counts"), ops: onStats,
				update: func(_ *call, old store.Doc, partial *xcontent.Object) {
					if n, ok := integers(old.Source.Get(field)); ok && partial.Has(field) {
						partial.Set(field, change(partial.Get(field), func(i int64) int64 { return min(i+n, 1<<31-1) }))
					}
				}},
			Fault{ID: "stats.values." + slug(field) + "-as-text", Sentence: field + " is stored as a text.",
				Requirements: req("stats.stored.shape", "stats.values.exact", of), ops: onStats,
				update: storeField(field, func(v any) any { return preview(v) })},
			Fault{ID: "stats.values." + slug(field) + "-negative-accepted", Sentence: "A negative " + field + " is accepted.",
				Requirements: req("stats.values.rejects-negative"), ops: onStats,
				request: func(c *call) *response {
					if v := sent(c, field); isNegative(v) {
						c.memo = v
						return editField(field, func(any) any { return number(0) })(c)
					}
					return nil
				},
				update: func(c *call, _ store.Doc, partial *xcontent.Object) {
					if c.memo != nil {
						partial.Set(field, c.memo)
					}
				}})
	}
	for i, field := range allCounts {
		other := allCounts[(i+1)%len(allCounts)]
		faults = append(faults, Fault{
			ID: "stats.values." + slug(field) + "-swapped", Sentence: field + " and " + other + " are stored in each other's place.",
			Requirements: req("stats.values.exact", "stats.field."+slug(field)), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				if a, b := partial.Get(field), partial.Get(other); a != nil && b != nil {
					partial.Set(field, b).Set(other, a)
				}
			},
		}, Fault{
			ID: "stats.values." + slug(field) + "-zero-ignored", Sentence: "A " + field + " of 0 leaves the stored one as it is.",
			Requirements: req("stats.update.zero-replaces"), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				if n, ok := integers(partial.Get(field)); ok && n == 0 {
					partial.Delete(field)
				}
			},
		})
	}
	all := func(id, sentence string, by func(int64) int64, requirements ...string) Fault {
		return Fault{ID: "stats.values." + id, Sentence: sentence, Requirements: requirements, ops: onStats, update: storeNumbers(by)}
	}
	return append(faults,
		all("16-bits", "Counts are cut to 16 bits.", func(n int64) int64 { return n & 0xffff }, "stats.type.int", "stats.values.exact"),
		all("24-bits", "Counts are kept with the precision of a 32-bit float.", func(n int64) int64 { return min(int64(float32(n)), 1<<31-1) },
			"stats.values.exact"),
		all("hundreds", "Counts are rounded to hundreds.", func(n int64) int64 { return min((n+50)/100*100, 1<<31-1) }, "stats.values.exact", "stats.type.int"),
		all("at-most-a-million", "Counts above a million are stored as a million.", func(n int64) int64 { return min(n, 1_000_000) },
			"stats.type.int", "stats.values.exact"),
		all("kilobytes", "Counts are divided by 1024.", func(n int64) int64 { return n / 1024 }, "stats.values.exact", "stats.type.int"),
		Fault{ID: "stats.values.never-lower", Sentence: "A count that is lower than the stored one is not stored.",
			Requirements: req("stats.update.replaces-counts"), ops: onStats,
			update: func(_ *call, old store.Doc, partial *xcontent.Object) {
				for _, f := range allCounts {
					have, _ := integers(old.Source.Get(f))
					if n, ok := integers(partial.Get(f)); ok && n < have {
						partial.Delete(f)
					}
				}
			}},
		Fault{ID: "stats.values.first-wins", Sentence: "A count that was set once is never changed again.",
			Requirements: req("stats.update.replaces-counts"), ops: onStats,
			update: func(_ *call, old store.Doc, partial *xcontent.Object) {
				for _, f := range allCounts {
					if have, ok := integers(old.Source.Get(f)); ok && have != 0 {
						partial.Delete(f)
					}
				}
			}},
		Fault{ID: "stats.values.zero-rejected", Sentence: "A count of 0 is rejected.",
			Requirements: req("stats.type.int"), ops: onStats, request: refuse(func(o *xcontent.Object) bool {
				return o.Get("indexed_document_count") == xcontent.Number("0")
			}, "action_request_validation_exception", "Validation Failed: 1: [indexed_document_count] must be positive.;")},
		Fault{ID: "stats.values.maximum-rejected", Sentence: "A count of 2147483647 is rejected.",
			Requirements: req("stats.type.int"), ops: onStats, request: refuse(func(o *xcontent.Object) bool {
				return o.Get("indexed_document_volume") == xcontent.Number("2147483647")
			}, "document_parsing_exception", "failed to parse field [indexed_document_volume] of type [integer]")},
		Fault{ID: "stats.values.total-reset", Sentence: "An update without total_document_count sets it to 0.",
			Requirements: req("stats.update.keeps-total"), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				if !partial.Has(totalCount) {
					partial.Set(totalCount, number(0))
				}
			}},
		Fault{ID: "stats.values.total-computed", Sentence: "An update without total_document_count sets it to the indexed less the deleted documents.",
			Requirements: req("stats.update.keeps-total", "stats.optional.total-document-count"), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				indexed, _ := integers(partial.Get("indexed_document_count"))
				deleted, _ := integers(partial.Get("deleted_document_count"))
				if !partial.Has(totalCount) {
					partial.Set(totalCount, number(indexed-deleted))
				}
			}},
		Fault{ID: "stats.update.order-matters", Sentence: "Fields that come in another order than in the documentation are mixed up.",
			Requirements: req("stats.update.field-order"), ops: onStats,
			request: editBody(func(_ *call, body *xcontent.Object) {
				if keys := body.Keys(); len(keys) > 2 && keys[0] != requiredCounts[0] {
					a, b := body.Get(requiredCounts[0]), body.Get(requiredCounts[1])
					if a != nil && b != nil {
						body.Set(requiredCounts[0], b).Set(requiredCounts[1], a)
					}
				}
			})},
		Fault{ID: "stats.update.last-field-lost", Sentence: "A required field that comes last in the body is not stored.",
			Requirements: req("stats.update.field-order"), ops: onStats,
			update: func(c *call, _ store.Doc, partial *xcontent.Object) {
				if body, err := xcontent.ParseObject(c.body); err == nil && body.Len() > 3 {
					if last := body.Keys()[body.Len()-1]; strings.HasPrefix(last, "indexed_") || strings.HasPrefix(last, "deleted_") {
						partial.Delete(last)
					}
				}
			}},
		Fault{ID: "stats.update.two-writes", Sentence: "A successful update writes the document twice.",
			Requirements: req("stats.update.one-write"), ops: onStats, after: func(c *call, r *response) {
				if o, ok := r.body.(*xcontent.Object); ok && o.String("result") == "updated" {
					c.server.force(jobIndex, c.vars[jobParam], func(*xcontent.Object) {})
				}
			}},
		Fault{ID: "stats.update.sometimes-lost", Sentence: "One update in ten is answered, but not stored.",
			Requirements: req("stats.update.always"), ops: onStats, every: 10,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) { empty(partial) },
			answer: rebody(200, xcontent.NewObject("result", "updated"))},
		Fault{ID: "stats.update.sometimes-wrong", Sentence: "One update in ten stores indexed_document_count one too high.",
			Requirements: req("stats.update.always"), ops: onStats, every: 10,
			update: storeNumber("indexed_document_count", func(n int64) int64 { return min(n+1, 1<<31-1) })},
		Fault{ID: "stats.update.sometimes-500", Sentence: "One update in ten is answered with 500.",
			Requirements: req("stats.update.always"), ops: onStats, every: 10,
			request: func(c *call) *response { return unavailable(c) }},
		Fault{ID: "stats.update.sometimes-conflict", Sentence: "One update in ten is answered with a version conflict that nobody caused.",
			Requirements: req("stats.update.always"), ops: onStats, every: 10, answer: respond(200, conflict)},
		Fault{ID: "stats.update.sometimes-404", Sentence: "One update in ten does not find its sync job.",
			Requirements: req("stats.update.always"), ops: onStats, every: 10,
			request: func(c *call) *response { return errorResponse(c, jobNotFound(c.vars[jobParam])) }},
		Fault{ID: "stats.update.sometimes-accepts", Sentence: "One faulty update in ten is answered as if it had been made.",
			Requirements: req("stats.update.rejects-always"), ops: onStats, every: 10,
			answer: both(restatus(400, 200), rebody(200, xcontent.NewObject("result", "updated")))},
	)
}

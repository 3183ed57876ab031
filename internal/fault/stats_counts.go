package fault

import (
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// countFaults store counts wrongly.
func countFaults() []Fault {
	f := stats.fault
	var faults []Fault
	for _, field := range allCounts {
		id, of := "values."+slug(field), "field."+slug(field)
		faults = append(faults,
			f(id+"-dropped", field+" is not stored.", of+" values.exact", drop(field)),
			f(id+"-off-by-one", field+" is stored one too high.", of+" values.exact type.int", storeField(field, calculated(plusOne))),
			f(id+"-added", field+" is added to the stored one.", "update.replaces-counts", changesFrom(func(_ *call, old doc, partial *object) {
				if n, ok := integer(old.Source.Get(field)); ok && partial.Has(field) {
					partial.Set(field, calculated(func(i int64) int64 { return min(i+n, maxInt) })(partial.Get(field)))
				}
			})),
			f(id+"-as-text", field+" is stored as a text.", "stored.shape values.exact "+of, storeField(field, asText)),
			f(id+"-negative-accepted", "A negative "+field+" is accepted.", "values.rejects-negative", negativeAccepted(field)))
	}
	for i, field := range allCounts {
		other := allCounts[(i+1)%len(allCounts)]
		faults = append(faults,
			f("values."+slug(field)+"-swapped", field+" and "+other+" are stored in each other's place.", "values.exact field."+slug(field), changes(swap(field, other))),
			f("values."+slug(field)+"-zero-ignored", "A "+field+" of 0 leaves the stored one as it is.", "update.zero-replaces",
				changes(unsetIf(isZero, field))))
	}
	counts := func(id, what, reqs string, by func(int64) int64) Fault {
		return f("values."+id, what, reqs, storeCounts(by))
	}
	// kept keeps the stored count where something holds for it and for the new
	// one.
	kept := func(id, what string, stays func(have, next int64) bool) Fault {
		return f("values."+id, what, "update.replaces-counts", changesFrom(func(_ *call, old doc, partial *object) {
			for _, field := range allCounts {
				have, _ := integer(old.Source.Get(field))
				if next, ok := integer(partial.Get(field)); ok && stays(have, next) {
					partial.Delete(field)
				}
			}
		}))
	}
	withoutTotal := func(id, what, reqs string, total func(partial *object) int64) Fault {
		return f("values."+id, what, reqs, changes(func(partial *object) {
			if !partial.Has(totalCount) {
				partial.Set(totalCount, number(total(partial)))
			}
		}))
	}
	refused := func(id, what, field, value, typ, reason string) Fault {
		is := func(v any) bool { return v == xcontent.Number(value) }
		return f("values."+id, what, "type.int", refuse(has(is, field), typ, reason))
	}
	sometimes := func(id, what, req string, effects ...effect) Fault {
		return f("update.sometimes-"+id, what, "update."+req, effects...).every(10)
	}
	return append(faults,
		counts("16-bits", "Counts are cut to 16 bits.", "type.int values.exact", func(n int64) int64 { return n & 0xffff }),
		counts("24-bits", "Counts are kept with the precision of a 32-bit float.", "values.exact", func(n int64) int64 { return min(int64(float32(n)), maxInt) }),
		counts("hundreds", "Counts are rounded to hundreds.", "values.exact type.int", func(n int64) int64 { return min((n+50)/100*100, maxInt) }),
		counts("at-most-a-million", "Counts above a million are stored as a million.", "type.int values.exact", func(n int64) int64 { return min(n, 1_000_000) }),
		counts("kilobytes", "Counts are divided by 1024.", "values.exact type.int", func(n int64) int64 { return n / 1024 }),
		kept("never-lower", "A count that is lower than the stored one is not stored.", func(have, next int64) bool { return next < have }),
		kept("first-wins", "A count that was set once is never changed again.", func(have, _ int64) bool { return have != 0 }),
		refused("zero-rejected", "A count of 0 is rejected.", "indexed_document_count", "0",
			"action_request_validation_exception", "Validation Failed: 1: [indexed_document_count] must be positive.;"),
		refused("maximum-rejected", "A count of 2147483647 is rejected.", "indexed_document_volume", "2147483647",
			"document_parsing_exception", "failed to parse field [indexed_document_volume] of type [integer]"),
		withoutTotal("total-reset", "An update without total_document_count sets it to 0.", "update.keeps-total", func(*object) int64 { return 0 }),
		withoutTotal("total-computed", "An update without total_document_count sets it to the indexed less the deleted documents.",
			"update.keeps-total optional.total-document-count", func(partial *object) int64 {
				indexed, _ := integer(partial.Get("indexed_document_count"))
				deleted, _ := integer(partial.Get("deleted_document_count"))
				return indexed - deleted
			}),
		f("update.order-matters", "Fields that come in another order than in the documentation are mixed up.", "update.field-order",
			editBody(func(body *object) {
				if keys := body.Keys(); len(keys) > 2 && keys[0] != requiredCounts[0] {
					swap(requiredCounts[0], requiredCounts[1])(body)
				}
			})),
		f("update.last-field-lost", "A required field that comes last in the body is not stored.", "update.field-order",
			changesFrom(func(c *call, _ doc, partial *object) {
				if body := bodyOf(c); body != nil && body.Len() > 3 {
					if last := body.Keys()[body.Len()-1]; strings.HasPrefix(last, "indexed_") || strings.HasPrefix(last, "deleted_") {
						partial.Delete(last)
					}
				}
			})),
		f("update.two-writes", "A successful update writes the document twice.", "update.one-write", touchJob(resultIs("updated"))),
		sometimes("lost", "One update in ten is answered, but not stored.", "always", dropAll, rebody(200, updated())),
		sometimes("wrong", "One update in ten stores indexed_document_count one too high.", "always", storeField("indexed_document_count", calculated(plusOne))),
		sometimes("500", "One update in ten is answered with 500.", "always", failsWith(eserr.JavaError("null_pointer_exception", "Cannot invoke method on null"))),
		sometimes("conflict", "One update in ten is answered with a version conflict that nobody caused.", "always", respondError(200, conflict)),
		sometimes("404", "One update in ten does not find its sync job.", "always", notFound),
		sometimes("accepts", "One faulty update in ten is answered as if it had been made.", "rejects-always", saysUpdatedFor(400)),
	)
}

// negativeAccepted keeps a negative count from the server's eyes and stores it.
func negativeAccepted(field string) effect {
	return func(c *call, h hooks, l *live) hooks {
		v := sent(c, field)
		if !isNegative(v) {
			return h
		}
		h = editField(field, always(number(0)))(c, h, l)
		return changes(func(partial *object) { partial.Set(field, v) })(c, h, l)
	}
}

// conflict is what a call answers when somebody else has written in between.
func conflict(c *call) *failure {
	return eserr.New(409, "version_conflict_engine_exception",
		"[%s]: version conflict, required seqNo [1], primary term [1]. current document has seqNo [2] and primary term [1]", c.Vars[reference.JobParam])
}

// coercionFaults take, refuse or report values of other kinds wrongly.
func coercionFaults() []Fault {
	f := alike("stats.values.", "stats").fault
	zero := number(0)
	values := func(id, what, req string, change mapping) Fault {
		return f(id, what, req, editBody(turnAny(change, allCounts...)))
	}
	// asSent stores counts that are such as they were sent.
	asSent := func(id, what, req string, are kind) Fault {
		return f(id, what, req, changesFrom(func(c *call, _ doc, partial *object) {
			for _, field := range allCounts {
				if v := sent(c, field); are(v) {
					partial.Set(field, v)
				}
			}
		}))
	}
	const parse, validation, illegal = "x_content_parse_exception", "action_request_validation_exception", "illegal_argument_exception"
	return []Fault{
		values("null-as-zero", "A count of null is taken for 0.", "rejects-null", inPlaceOf(isNull, zero)),
		f("null-total-ignored", "A total_document_count of null is taken for none.", "rejects-null", without(totalCount, isNull)),
		values("word-as-zero", "A count that is a word is taken for 0.", "rejects-word", inPlaceOf(isWord, zero)),
		f("word-total-ignored", "A total_document_count that is a word is taken for none.", "rejects-word", without(totalCount, isWord)),
		values("boolean-as-number", "A count of true is taken for 1, one of false for 0.", "rejects-boolean", asNumber),
		values("object-as-zero", "A count that is an object is taken for 0.", "rejects-object", inPlaceOf(isObject, zero)),
		values("array-as-first", "A count that is an array is taken for its first element.", "rejects-array", func(v any) any {
			if list, ok := v.([]any); ok {
				return append(list, zero)[0]
			}
			return v
		}),
		values("negative-as-zero", "A negative count is taken for 0.", "rejects-negative", inPlaceOf(isNegative, zero)),
		values("negative-sign-lost", "A negative count loses its sign.", "rejects-negative", where(isNumber, func(v any) any { return xcontent.Number(strings.TrimPrefix(text(v), "-")) })),
		f("negative-type", "A negative count is reported as illegal_argument_exception.", "rejects-negative", retype(400, validation, illegal)),
		f("parse-type", "A count of another kind is reported as illegal_argument_exception.", "rejects-word", retype(400, parse, illegal)),
		f("parse-type-parsing", "A count of another kind is reported as parsing_exception.", "rejects-boolean", retype(400, parse, "parsing_exception")),
		f("parse-type-validation", "A count of another kind is reported as action_request_validation_exception.", "rejects-object", retype(400, parse, validation)),
		f("integer-type", "A count beyond the integers is reported as x_content_parse_exception.", "rejects-beyond-integer", retype(400, "document_parsing_exception", parse)),
		f("negative-names-first", "Of several negative counts only the first is named.", "negative-all-named",
			reasonOf("Validation Failed", func(reason string) string {
				first, _, _ := strings.Cut(reason, "2: [")
				return first
			})),
		f("negative-names-another", "The rejection of a negative count names another field.", "rejects-negative",
			reasonOf("[deleted_document_count] cannot", func(reason string) string {
				return strings.ReplaceAll(reason, "[deleted_document_count] cannot", "[indexed_document_count] cannot")
			})),
		f("negative-names-none", "The rejection of a negative count names no field.", "rejects-negative",
			reasonOf("Validation Failed", to("Validation Failed: 1: a value cannot be negative.;"))),
		f("parse-names-another", "The rejection of a count of another kind names another field.", "rejects-array rejects-word",
			reasonOf("connector_sync_job_update_ingestion_stats", func(reason string) string {
				return strings.ReplaceAll(reason, "deleted_document_count", "indexed_document_count")
			})),
		f("parse-names-none", "The rejection of a count of another kind names no field.", "rejects-object rejects-word",
			reasonOf("doesn't support values", to("a field cannot be read")), reasonOf("failed to parse field", to("a field cannot be read"))),
		f("beyond-integer-stored", "A count beyond the integers is stored.", "rejects-beyond-integer", unmapped),
		f("beyond-integer-wraps", "A count beyond the integers is cut to 32 bits.", "rejects-beyond-integer", storeCounts(func(n int64) int64 { return int64(int32(n)) })),
		f("beyond-integer-capped", "A count beyond the integers is stored as the greatest integer.", "rejects-beyond-integer",
			storeCounts(func(n int64) int64 { return min(n, maxInt) })),
		f("beyond-integer-dropped", "A count beyond the integers is passed over.", "rejects-beyond-integer", changes(unsetIf(isBeyondInt, allCounts...))),
		values("beyond-long-capped", "A count beyond the longs is stored as the greatest integer.", "rejects-beyond-long", inPlaceOf(isBeyondLong, number(maxInt))),
		values("beyond-long-wraps", "A count beyond the longs is reported as one beyond the integers.", "rejects-beyond-long", inPlaceOf(isBeyondLong, number(1<<63-1))),
		f("string-rejected", "A count given as a string of digits is rejected.", "numeric-string", refuse(has(isDigits, allCounts...), parse,
			"[1:1] [connector_sync_job_update_ingestion_stats] doesn't support values of type: VALUE_STRING")),
		values("string-as-zero", "A count given as a string of digits is stored as 0.", "numeric-string", inPlaceOf(isDigits, zero)),
		asSent("string-kept", "A count given as a string of digits is stored as a text.", "numeric-string", is[string]),
		f("decimal-rejected", "A count with a fraction is rejected.", "decimal-truncated", refuse(has(isDecimal, allCounts...), parse, "Numeric value has a fraction")),
		values("decimal-rounded", "A count with a fraction is rounded.", "decimal-truncated", func(v any) any {
			if isDecimal(v) {
				whole, fraction, _ := strings.Cut(text(v), ".")
				if i, _ := integer(xcontent.Number(whole)); fraction[0] >= '5' {
					return number(i + 1)
				}
			}
			return v
		}),
		asSent("decimal-kept", "A count with a fraction is stored with it.", "decimal-truncated", isDecimal),
	}
}

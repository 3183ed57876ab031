package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// coercionFaults take, refuse or report values of other kinds wrongly.
func coercionFaults() []Fault {
	zero := number(0)
	kind := func(id, sentence, requirement string, request requestHook) Fault {
		return Fault{ID: "stats.values." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats, request: request}
	}
	type0 := func(id, sentence, requirement, from, to string) Fault {
		return Fault{ID: "stats.values." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats,
			answer: retype(400, from, to)}
	}
	absent := func(is func(any) bool) requestHook {
		return editBody(func(_ *call, body *xcontent.Object) {
			if body.Has(totalCount) && is(body.Get(totalCount)) {
				body.Delete(totalCount)
			}
		})
	}
	const parse, validation = "x_content_parse_exception", "action_request_validation_exception"
	beyond := func(v any) bool { n, ok := integers(v); return ok && (n > 1<<31-1) }
	return []Fault{
		kind("null-as-zero", "A count of null is taken for 0.", "stats.values.rejects-null", editCounts(inPlaceOf(isNull, zero))),
		kind("null-total-ignored", "A total_document_count of null is taken for none.", "stats.values.rejects-null", absent(isNull)),
		kind("word-as-zero", "A count that is a word is taken for 0.", "stats.values.rejects-word", editCounts(inPlaceOf(isWord, zero))),
		kind("word-total-ignored", "A total_document_count that is a word is taken for none.", "stats.values.rejects-word", absent(isWord)),
		kind("boolean-as-number", "A count of true is taken for 1, one of false for 0.", "stats.values.rejects-boolean",
			editCounts(func(v any) any {
				if b, ok := v.(bool); ok {
					return map[bool]any{true: number(1), false: zero}[b]
				}
				return v
			})),
		kind("object-as-zero", "A count that is an object is taken for 0.", "stats.values.rejects-object", editCounts(inPlaceOf(isObject, zero))),
		kind("array-as-first", "A count that is an array is taken for its first element.", "stats.values.rejects-array",
			editCounts(func(v any) any {
				if list, ok := v.([]any); ok {
					return append(list, zero)[0]
				}
				return v
			})),
		kind("negative-as-zero", "A negative count is taken for 0.", "stats.values.rejects-negative", editCounts(inPlaceOf(isNegative, zero))),
		kind("negative-sign-lost", "A negative count loses its sign.", "stats.values.rejects-negative", editCounts(func(v any) any {
			if n, ok := v.(xcontent.Number); ok {
				return xcontent.Number(strings.TrimPrefix(string(n), "-"))
			}
			return v
		})),
		type0("negative-type", "A negative count is reported as illegal_argument_exception.", "stats.values.rejects-negative",
			validation, "illegal_argument_exception"),
		type0("parse-type", "A count of another kind is reported as illegal_argument_exception.", "stats.values.rejects-word",
			parse, "illegal_argument_exception"),
		type0("parse-type-parsing", "A count of another kind is reported as parsing_exception.", "stats.values.rejects-boolean",
			parse, "parsing_exception"),
		type0("parse-type-validation", "A count of another kind is reported as action_request_validation_exception.",
			"stats.values.rejects-object", parse, validation),
		type0("integer-type", "A count beyond the integers is reported as x_content_parse_exception.",
			"stats.values.rejects-beyond-integer", "document_parsing_exception", parse),
		{ID: "stats.values.negative-names-first", Sentence: "Of several negative counts only the first is named.",
			Requirements: req("stats.values.negative-all-named"), ops: onStats, answer: editReason(400, func(reason string) string {
				if i := strings.Index(reason, "2: ["); i > 0 && strings.HasPrefix(reason, "Validation Failed") {
					return reason[:i]
				}
				return reason
			})},
		{ID: "stats.values.negative-names-another", Sentence: "The rejection of a negative count names another field.",
			Requirements: req("stats.values.rejects-negative"), ops: onStats, answer: editReason(400, func(reason string) string {
				return strings.ReplaceAll(reason, "[deleted_document_count] cannot", "[indexed_document_count] cannot")
			})},
		{ID: "stats.values.negative-names-none", Sentence: "The rejection of a negative count names no field.",
			Requirements: req("stats.values.rejects-negative"), ops: onStats, answer: editReason(400, func(reason string) string {
				if strings.HasPrefix(reason, "Validation Failed") {
					return "Validation Failed: 1: a value cannot be negative.;"
				}
				return reason
			})},
		{ID: "stats.values.parse-names-another", Sentence: "The rejection of a count of another kind names another field.",
			Requirements: req("stats.values.rejects-array", "stats.values.rejects-word"), ops: onStats,
			answer: editReason(400, func(reason string) string {
				if strings.Contains(reason, "connector_sync_job_update_ingestion_stats") {
					return strings.ReplaceAll(reason, "deleted_document_count", "indexed_document_count")
				}
				return reason
			})},
		{ID: "stats.values.parse-names-none", Sentence: "The rejection of a count of another kind names no field.",
			Requirements: req("stats.values.rejects-object", "stats.values.rejects-word"), ops: onStats,
			answer: editReason(400, func(reason string) string {
				if strings.Contains(reason, "doesn't support values") || strings.Contains(reason, "failed to parse field") {
					return "a field cannot be read"
				}
				return reason
			})},
		{ID: "stats.values.beyond-integer-stored", Sentence: "A count beyond the integers is stored.",
			Requirements: req("stats.values.rejects-beyond-integer"), ops: onStats, unmapped: true},
		{ID: "stats.values.beyond-integer-wraps", Sentence: "A count beyond the integers is cut to 32 bits.",
			Requirements: req("stats.values.rejects-beyond-integer"), ops: onStats,
			update: storeNumbers(func(n int64) int64 { return int64(int32(n)) })},
		{ID: "stats.values.beyond-integer-capped", Sentence: "A count beyond the integers is stored as the greatest integer.",
			Requirements: req("stats.values.rejects-beyond-integer"), ops: onStats,
			update: storeNumbers(func(n int64) int64 { return min(n, 1<<31-1) })},
		{ID: "stats.values.beyond-integer-dropped", Sentence: "A count beyond the integers is passed over.",
			Requirements: req("stats.values.rejects-beyond-integer"), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				for _, f := range allCounts {
					if beyond(partial.Get(f)) {
						partial.Delete(f)
					}
				}
			}},
		kind("beyond-long-capped", "A count beyond the longs is stored as the greatest integer.", "stats.values.rejects-beyond-long",
			editCounts(func(v any) any {
				if n, ok := v.(xcontent.Number); ok {
					if _, fits := n.Long(); !fits {
						return number(1<<31 - 1)
					}
				}
				return v
			})),
		kind("beyond-long-wraps", "A count beyond the longs is reported as one beyond the integers.", "stats.values.rejects-beyond-long",
			editCounts(func(v any) any {
				if n, ok := v.(xcontent.Number); ok {
					if _, fits := n.Long(); !fits {
						return number(int64(1<<63 - 1))
					}
				}
				return v
			})),
		kind("string-rejected", "A count given as a string of digits is rejected.", "stats.values.numeric-string",
			refuse(anyCount(func(v any) bool { _, ok := v.(string); return ok && !isWord(v) }), parse,
				"[1:1] [connector_sync_job_update_ingestion_stats] doesn't support values of type: VALUE_STRING")),
		kind("string-as-zero", "A count given as a string of digits is stored as 0.", "stats.values.numeric-string",
			editCounts(func(v any) any {
				if _, ok := v.(string); ok && !isWord(v) {
					return zero
				}
				return v
			})),
		{ID: "stats.values.string-kept", Sentence: "A count given as a string of digits is stored as a text.",
			Requirements: req("stats.values.numeric-string"), ops: onStats,
			update: func(c *call, _ store.Doc, partial *xcontent.Object) {
				for _, f := range allCounts {
					if s, ok := sent(c, f).(string); ok {
						partial.Set(f, s)
					}
				}
			}},
		kind("decimal-rejected", "A count with a fraction is rejected.", "stats.values.decimal-truncated",
			refuse(anyCount(isDecimal), parse, "Numeric value has a fraction")),
		kind("decimal-rounded", "A count with a fraction is rounded.", "stats.values.decimal-truncated", editCounts(func(v any) any {
			if n, ok := v.(xcontent.Number); ok && isDecimal(v) {
				whole, fraction, _ := strings.Cut(string(n), ".")
				if i, _ := integers(xcontent.Number(whole)); fraction[0] >= '5' {
					return number(i + 1)
				}
			}
			return v
		})),
		{ID: "stats.values.decimal-kept", Sentence: "A count with a fraction is stored with it.",
			Requirements: req("stats.values.decimal-truncated"), ops: onStats,
			update: func(c *call, _ store.Doc, partial *xcontent.Object) {
				for _, f := range allCounts {
					if v := sent(c, f); isDecimal(v) {
						partial.Set(f, v)
					}
				}
			}},
	}
}

// isDecimal reports a number with a fraction.
func isDecimal(v any) bool {
	n, ok := v.(xcontent.Number)
	return ok && strings.Contains(string(n), ".") && !strings.ContainsAny(string(n), "eE")
}

// anyCount holds for bodies in which some count has such a value.
func anyCount(is func(v any) bool) func(*xcontent.Object) bool {
	return func(o *xcontent.Object) bool {
		for _, f := range allCounts {
			if o.Has(f) && is(o.Get(f)) {
				return true
			}
		}
		return false
	}
}

// editReason changes the reason of an error and of its root cause.
func editReason(status int, edit func(reason string) string) answerHook {
	return editError(status, func(e *xcontent.Object) {
		e.Set("reason", edit(e.String("reason")))
		for _, root := range rootCauses(e) {
			root.Set("reason", edit(root.String("reason")))
		}
	})
}

package reference

import (
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// requiredFaults take required fields for optional ones and the reverse, or
// report them wrongly.
func requiredFaults() []Fault {
	var faults []Fault
	for _, field := range requiredCounts {
		faults = append(faults,
			Fault{ID: "stats.required." + slug(field) + "-optional", Sentence: "A missing " + field + " is taken for 0.",
				Requirements: req("stats.required." + slug(field)), ops: onStats,
				request: editBody(func(_ *call, body *xcontent.Object) {
					if !body.Has(field) {
						body.Set(field, number(0))
					}
				})},
			Fault{ID: "stats.required." + slug(field) + "-kept", Sentence: "A missing " + field + " leaves the stored one as it is.",
				Requirements: req("stats.required." + slug(field)), ops: onStats,
				request: editBody(func(c *call, body *xcontent.Object) {
					if d, found := c.server.store.Get(jobIndex, c.vars[jobParam]); !body.Has(field) && found {
						body.Set(field, d.Source.Get(field))
					}
				})})
	}
	for _, field := range []string{totalCount, "last_seen", "metadata"} {
		faults = append(faults, Fault{
			ID: "stats.optional." + slug(field) + "-required", Sentence: "A missing " + field + " is rejected.",
			Requirements: req("stats.optional." + slug(field)), ops: onStats,
			request: refuse(lacks(field), "illegal_argument_exception", "Required ["+field+"]"),
		})
	}
	const missing = "illegal_argument_exception"
	lacking := func(o *xcontent.Object) bool {
		for _, f := range requiredCounts {
			if !o.Has(f) {
				return true
			}
		}
		return false
	}
	return append(faults,
		Fault{ID: "stats.required.type", Sentence: "A missing required field is reported as x_content_parse_exception.",
			Requirements: req("stats.required.error"), ops: onStats, answer: retype(400, missing, "x_content_parse_exception")},
		Fault{ID: "stats.required.type-validation", Sentence: "A missing required field is reported as action_request_validation_exception.",
			Requirements: req("stats.required.error"), ops: onStats, answer: retype(400, missing, "action_request_validation_exception")},
		Fault{ID: "stats.required.names-none", Sentence: "The rejection of a missing required field does not name it.",
			Requirements: req("stats.required.error"), ops: onStats, request: refuse(lacking, missing, "a required field is missing")},
		Fault{ID: "stats.required.names-another", Sentence: "The rejection of a missing required field names another one.",
			Requirements: req("stats.required.error"), ops: onStats, answer: editRequired(func(names []string) []string {
				return []string{map[bool]string{true: requiredCounts[1], false: requiredCounts[0]}[names[0] == requiredCounts[0]]}
			})},
		Fault{ID: "stats.required.names-first", Sentence: "Of several missing required fields only the first is named.",
			Requirements: req("stats.required.all-named"), ops: onStats,
			answer: editRequired(func(names []string) []string { return names[:1] })},
		Fault{ID: "stats.required.names-last", Sentence: "Of several missing required fields only the last is named.",
			Requirements: req("stats.required.all-named"), ops: onStats,
			answer: editRequired(func(names []string) []string { return names[len(names)-1:] })},
		Fault{ID: "stats.required.names-all", Sentence: "The rejection of a missing required field names all required fields.",
			Requirements: req("stats.required.all-named"), ops: onStats,
			answer: editRequired(func([]string) []string { return requiredCounts })},
	)
}

// editRequired changes the fields that a rejection says are missing.
func editRequired(edit func(names []string) []string) answerHook {
	return editError(400, func(e *xcontent.Object) {
		names, ok := listIn(e.String("reason"), "Required [")
		if !ok {
			return
		}
		reason := "Required [" + joinNames(edit(names)) + "]"
		e.Set("reason", reason)
		for _, root := range rootCauses(e) {
			root.Set("reason", reason)
		}
	})
}

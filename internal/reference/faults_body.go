package reference

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

var updatedBody = xcontent.NewObject("result", "updated")

// bodyFaults read the body of a request wrongly.
func bodyFaults() []Fault {
	fault := func(id, sentence, requirement string, request requestHook) Fault {
		return Fault{ID: "stats.body." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats, request: request}
	}
	known := append(allCountsAnd("last_seen"), "metadata")
	unknown := func(body *xcontent.Object) []string {
		var names []string
		for _, k := range body.Keys() {
			if !contains(known, k) {
				names = append(names, k)
			}
		}
		return names
	}
	const parse = "x_content_parse_exception"
	return []Fault{
		fault("none-accepted", "A request without a body is answered as an update that changes nothing.", "stats.body.required", func(c *call) *response {
			if len(c.body) == 0 && c.method == http.MethodPut {
				return ok("result", "noop")
			}
			return nil
		}),
		fault("none-as-empty", "A request without a body is taken for one with an empty object.", "stats.body.required", func(c *call) *response {
			if len(c.body) == 0 && c.method == http.MethodPut {
				c.body = []byte("{}")
				c.header = c.header.Clone()
				c.header.Set("Content-Type", "application/json")
			}
			return nil
		}),
		{ID: "stats.body.required-type", Sentence: "A request without a body is reported as illegal_argument_exception.",
			Requirements: req("stats.body.required"), ops: onStats, answer: retype(400, "parse_exception", "illegal_argument_exception")},
		{ID: "stats.body.required-reason", Sentence: "The rejection of a request without a body does not say that it is required.",
			Requirements: req("stats.body.required"), ops: onStats, answer: reword(400, "request body is required", "unexpected end of input")},
		fault("array-as-first", "A body that is an array is taken for its first element.", "stats.body.object", func(c *call) *response {
			if trimmed := bytes.TrimSpace(c.body); len(trimmed) > 2 && trimmed[0] == '[' {
				c.body = trimmed[1 : len(trimmed)-1]
			}
			return nil
		}),
		fault("other-accepted", "A body that is no object is answered as an update that changes nothing.", "stats.body.object", func(c *call) *response {
			if trimmed := bytes.TrimSpace(c.body); len(trimmed) > 0 && !strings.ContainsAny(string(trimmed[:1]), "{-") && c.method == http.MethodPut {
				return ok("result", "noop")
			}
			return nil
		}),
		{ID: "stats.body.object-type", Sentence: "A body that is no object is reported as parsing_exception.",
			Requirements: req("stats.body.object"), ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "Expected START_OBJECT") {
					e.Set("type", "parsing_exception")
				}
			})},
		fault("truncated-completed", "A body that is cut off is read as far as it goes.", "stats.body.well-formed", func(c *call) *response {
			if p := bytes.TrimRight(bytes.TrimSpace(c.body), ","); len(p) > 0 && p[0] == '{' && p[len(p)-1] != '}' && c.request.name == "" {
				if _, complete := rawFields(c.body); !complete {
					c.body = append(bytes.Clone(p), '}')
				}
			}
			return nil
		}),
		fault("unquoted-names", "Names without quotes are read.", "stats.body.well-formed", func(c *call) *response {
			for _, f := range known {
				c.body = bytes.ReplaceAll(c.body, []byte("{"+f+":"), []byte(`{"`+f+`":`))
			}
			return nil
		}),
		fault("comma-too-many", "A comma too many is passed over.", "stats.body.well-formed", func(c *call) *response {
			c.body = bytes.ReplaceAll(c.body, []byte(",,"), []byte(","))
			return nil
		}),
		{ID: "stats.body.malformed-as-500", Sentence: "A body that is no JSON is answered with 500.", Requirements: req("stats.body.well-formed"),
			ops: onStats, answer: func(c *call, r *response) *response {
				if _, complete := rawFields(c.body); !complete && len(c.body) > 1 && c.body[0] == '{' {
					return restatus(400, 500)(c, r)
				}
				return r
			}},
		fault("unknown-ignored", "Unknown fields are passed over.", "stats.body.unknown-field", editBody(func(_ *call, body *xcontent.Object) {
			for _, k := range unknown(body) {
				body.Delete(k)
			}
		})),
		{ID: "stats.body.unknown-stored", Sentence: "Unknown fields are stored.", Requirements: req("stats.body.unknown-field"), ops: onStats,
			request: editBody(func(c *call, body *xcontent.Object) {
				extra := xcontent.NewObject()
				for _, k := range unknown(body) {
					extra.Set(k, body.Get(k))
					body.Delete(k)
				}
				c.memo = extra
			}),
			after: onJob(successful, func(c *call, o *xcontent.Object) {
				if extra, ok := c.memo.(*xcontent.Object); ok && extra.Len() > 0 {
					o.Merge(extra)
				}
			})},
		fault("unknown-similar", "A field whose name differs only in case or an ending s is taken for the one it is like.", "stats.body.unknown-field",
			editBody(func(_ *call, body *xcontent.Object) {
				for _, k := range unknown(body) {
					if alike := strings.TrimSuffix(strings.ToLower(k), "s"); contains(known, alike) {
						body.Set(alike, body.Get(k))
						body.Delete(k)
					}
				}
			})),
		{ID: "stats.body.unknown-unnamed", Sentence: "The rejection of an unknown field does not name it.", Requirements: req("stats.body.unknown-field"),
			ops: onStats, answer: editReason(400, func(reason string) string {
				if i := strings.Index(reason, "unknown field"); i >= 0 {
					return reason[:i] + "unknown field"
				}
				return reason
			})},
		{ID: "stats.body.unknown-type", Sentence: "An unknown field is reported as illegal_argument_exception.", Requirements: req("stats.body.unknown-field"),
			ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "unknown field") {
					e.Set("type", "illegal_argument_exception")
				}
			})},
		fault("duplicate-last-wins", "Of a field given twice the last value counts.", "stats.body.duplicate-key", func(c *call) *response {
			if _, err := xcontent.ParseObject(c.body); err != nil && strings.Contains(err.Reason, "Duplicate field") {
				return reencode(c)
			}
			return nil
		}),
		{ID: "stats.body.duplicate-type", Sentence: "A field given twice is reported as parsing_exception.", Requirements: req("stats.body.duplicate-key"),
			ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "Duplicate field") {
					e.Set("type", "parsing_exception")
				}
			})},
		{ID: "stats.body.duplicate-unnamed", Sentence: "The rejection of a field given twice does not name it.", Requirements: req("stats.body.duplicate-key"),
			ops: onStats, answer: editReason(400, func(reason string) string {
				if strings.Contains(reason, "Duplicate field") {
					return "[1:1] Duplicate field"
				}
				return reason
			})},
		fault("trailing-rejected", "What follows a complete object is rejected.", "stats.body.trailing-ignored", func(c *call) *response {
			trimmed := bytes.TrimSpace(c.body)
			if _, complete := rawFields(trimmed); complete && trimmed[len(trimmed)-1] != '}' {
				return errorResponse(c, &eserr.Error{Type: parse, Reason: "[1:1] trailing content", Status: 400, Family: eserr.Java})
			}
			return nil
		}),
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// atomicityFaults half apply what they reject.
func atomicityFaults() []Fault {
	fault := func(id, sentence string, edit func(c *call, o *xcontent.Object)) Fault {
		return Fault{ID: "stats.atomic." + id, Sentence: sentence, Requirements: req("stats.atomic"), ops: onStats,
			after: onJob(func(r *response) bool { return r.status == 400 || r.status == 406 }, edit)}
	}
	counts := func(c *call, fields []string, o *xcontent.Object) {
		body, ok := rawFields(c.body)
		for _, f := range fields {
			if n, isNumber := body[f].(interface{ String() string }); ok && isNumber && isPlainCount(n.String()) {
				o.Set(f, xcontent.Number(n.String()))
			}
		}
	}
	return []Fault{
		fault("counts-stored", "A rejected update stores the counts that were fine.", func(c *call, o *xcontent.Object) { counts(c, allCounts, o) }),
		fault("first-count-stored", "A rejected update stores deleted_document_count where it was fine.",
			func(c *call, o *xcontent.Object) { counts(c, requiredCounts[:1], o) }),
		fault("last-seen-moved", "A rejected update moves last_seen.", func(c *call, o *xcontent.Object) {
			o.Set("last_seen", moved(o.String("last_seen"), 1))
		}),
		fault("status-error", "A rejected update sets the status to error.", func(_ *call, o *xcontent.Object) { o.Set("status", "error") }),
		fault("error-noted", "A rejected update notes the error in the sync job.", func(_ *call, o *xcontent.Object) { o.Set("error", "rejected stats") }),
		fault("metadata-stored", "A rejected update marks the metadata.", func(_ *call, o *xcontent.Object) {
			o.Merge(xcontent.NewObject("metadata", xcontent.NewObject("rejected", true)))
		}),
		fault("counts-reset", "A rejected update sets the counts to 0.", func(_ *call, o *xcontent.Object) {
			for _, f := range allCounts {
				o.Set(f, number(0))
			}
		}),
		{ID: "stats.atomic.deletes", Sentence: "A rejected update deletes the sync job.", Requirements: req("stats.atomic"), ops: onStats,
			after: func(c *call, r *response) {
				if r.status == 400 {
					_, _, _ = c.server.store.Delete(jobIndex, c.vars[jobParam], store.Any) // without a condition nothing can fail
				}
			}},
	}
}

func isPlainCount(s string) bool {
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

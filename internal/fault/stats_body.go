package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// bodyFaults read the body of a request wrongly.
func bodyFaults() []Fault {
	f := alike("stats.body.", "stats").fault
	saysNoop, put := says(200, "result", "noop"), method(http.MethodPut)
	noObject := func(c *call) bool {
		b := bytes.TrimSpace(c.Body)
		return len(b) > 0 && b[0] != '{' && b[0] != '-'
	}
	malformed := func(c *call) bool { return len(c.Body) > 1 && c.Body[0] == '{' && !isJSON(c.Body) }
	twice := func(c *call) bool {
		_, err := xcontent.ParseObject(c.Body)
		return err != nil && strings.Contains(err.Reason, "Duplicate field")
	}
	trailing := func(c *call) bool {
		b := bytes.TrimSpace(c.Body)
		return isJSON(b) && b[len(b)-1] != '}'
	}
	const parsing, illegal = "parsing_exception", "illegal_argument_exception"
	return []Fault{
		f("none-accepted", "A request without a body is answered as an update that changes nothing.", "required", when(all(noBody, put), saysNoop)),
		f("none-as-empty", "A request without a body is taken for one with an empty object.", "required", when(put, noneAsEmpty)),
		f("required-type", "A request without a body is reported as illegal_argument_exception.", "required", retype(400, "parse_exception", illegal)),
		f("required-reason", "The rejection of a request without a body does not say that it is required.", "required",
			reword(400, "request body is required", "unexpected end of input")),
		f("array-as-first", "A body that is an array is taken for its first element.", "object", arrayAsFirst),
		f("other-accepted", "A body that is no object is answered as an update that changes nothing.", "object", when(all(noObject, put), saysNoop)),
		f("object-type", "A body that is no object is reported as parsing_exception.", "object", retypeOf("Expected START_OBJECT", parsing)),
		f("truncated-completed", "A body that is cut off is read as far as it goes.", "well-formed", edit(func(c *call) {
			if b := bytes.TrimRight(bytes.TrimSpace(c.Body), ","); len(b) > 0 && b[0] == '{' && b[len(b)-1] != '}' && !isJSON(c.Body) {
				c.Body = append(bytes.Clone(b), '}')
			}
		})),
		f("unquoted-names", "Names without quotes are read.", "well-formed", edit(func(c *call) {
			for _, name := range statsFields {
				c.Body = bytes.ReplaceAll(c.Body, []byte("{"+name+":"), []byte(`{"`+name+`":`))
			}
		})),
		f("comma-too-many", "A comma too many is passed over.", "well-formed", edit(func(c *call) { c.Body = bytes.ReplaceAll(c.Body, []byte(",,"), []byte(",")) })),
		f("malformed-as-500", "A body that is no JSON is answered with 500.", "well-formed", when(malformed, restatus(400, 500))),
		f("unknown-ignored", "Unknown fields are passed over.", "unknown-field", dropUnknown(statsFields...)),
		f("unknown-stored", "Unknown fields are stored.", "unknown-field", storeUnknown),
		f("unknown-similar", "A field whose name differs only in case or an ending s is taken for the one it is like.", "unknown-field",
			editBody(func(body *object) {
				for _, k := range slices.Clone(body.Keys()) {
					if alike := strings.TrimSuffix(strings.ToLower(k), "s"); alike != k && slices.Contains(statsFields, alike) {
						body.Set(alike, body.Get(k)).Delete(k)
					}
				}
			})),
		f("unknown-unnamed", "The rejection of an unknown field does not name it.", "unknown-field", reasonOf("unknown field", func(reason string) string {
			before, _, _ := strings.Cut(reason, "unknown field")
			return before + "unknown field"
		})),
		f("unknown-type", "An unknown field is reported as illegal_argument_exception.", "unknown-field", retypeOf("unknown field", illegal)),
		f("duplicate-last-wins", "Of a field given twice the last value counts.", "duplicate-key", when(twice, lastOfTwo)),
		f("duplicate-type", "A field given twice is reported as parsing_exception.", "duplicate-key", retypeOf("Duplicate field", parsing)),
		f("duplicate-unnamed", "The rejection of a field given twice does not name it.", "duplicate-key", reasonOf("Duplicate field", to("[1:1] Duplicate field"))),
		f("trailing-rejected", "What follows a complete object is rejected.", "trailing-ignored", when(trailing, failsWith(&eserr.Error{Type: "x_content_parse_exception", Reason: "[1:1] trailing content", Status: 400, Family: eserr.Java}))),
	}
}

// storeUnknown hides unknown fields from the server, and stores them after a
// success.
func storeUnknown(c *call, h hooks, l *live) hooks {
	body := bodyOf(c)
	if body == nil {
		body = xcontent.NewObject()
	}
	keep(func(k string, _ any) bool { return !slices.Contains(statsFields, k) })(body)
	h = dropUnknown(statsFields...)(c, h, l)
	return onJob(successful, func(o *object) { o.Merge(body) })(c, h, l)
}

// atomicityFaults half apply what they reject.
func atomicityFaults() []Fault {
	atomic := func(id, what string, effects ...effect) Fault {
		return stats.fault("atomic."+id, what, "atomic", effects...)
	}
	f := func(id, what string, do change) Fault { return atomic(id, what, onJob(status(400, 406), do)) }
	counts := func(id, what string, fields []string) Fault {
		return atomic(id, what, after(func(c *call, r *response) {
			if body, _ := rawFields(c.Body); status(400, 406)(r) {
				forceJob(c, func(o *object) {
					for _, f := range fields {
						if n, isNumber := body[f].(json.Number); isNumber && isPlainCount(n.String()) {
							o.Set(f, xcontent.Number(n))
						}
					}
				})
			}
		}))
	}
	return []Fault{
		counts("counts-stored", "A rejected update stores the counts that were fine.", allCounts),
		counts("first-count-stored", "A rejected update stores deleted_document_count where it was fine.", requiredCounts[:1]),
		f("last-seen-moved", "A rejected update moves last_seen.", seenLater),
		f("status-error", "A rejected update sets the status to error.", set("status", "error")),
		f("error-noted", "A rejected update notes the error in the sync job.", set("error", "rejected stats")),
		f("metadata-stored", "A rejected update marks the metadata.", merge("metadata", xcontent.NewObject("rejected", true))),
		f("counts-reset", "A rejected update sets the counts to 0.", resetCounts),
		atomic("deletes", "A rejected update deletes the sync job.", respond(400, func(c *call, _ *response) { remove(c.Server, reference.JobIndex, jobID(c)) })),
	}
}

func isPlainCount(s string) bool {
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

package operation

import (
	"maps"
	"regexp"
	"slices"

	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/docs/openapi"
)

// change makes the document describe what an answer was; nil where that is not
// certain.
func (o *observed) change() *jsonpatch.Change {
	switch o.how {
	case misfitMissing:
		return o.member.Optional()
	case misfitNull:
		return o.schema.Null()
	case misfitUnknown:
		return o.schema.Describe(o.members())
	}
	return nil
}

// members are the descriptions of those that are not described: the one that
// has the name of the misfit, or all of an object of which nothing is said. None
// of them where one is not certain.
func (o *observed) members() map[string]any {
	if !o.schema.There() {
		return nil
	}
	seen := map[string][]any{}
	if o.member.Name != "" {
		seen[o.member.Name] = o.values
	} else {
		for _, v := range o.values {
			object, _ := v.(map[string]any)
			for name, member := range object {
				seen[name] = append(seen[name], member)
			}
		}
	}
	out := map[string]any{}
	objects := 0
	for name, values := range seen {
		kind := shape(values)
		if kind == nil || !memberName.MatchString(name) {
			return nil
		}
		if kind["type"] == "object" {
			objects++
		}
		out[name] = kind
	}
	if o.member.Name == "" && objects == len(out) { // their names may be those of what there is
		return nil
	}
	return out
}

// memberName is what members are called that an API names, and not who uses it.
var memberName = regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9]*$`)

// shape describes values of one JSON type; nil where they are of several, or
// where nothing but null was seen.
func shape(values []any) map[string]any {
	kinds := map[string]bool{}
	var items []any
	for _, v := range values {
		kinds[kindOf(v)] = true
		if list, isList := v.([]any); isList {
			items = append(items, list...)
		}
	}
	if len(kinds) != 1 || kinds["null"] {
		return nil
	}
	kind := slices.Collect(maps.Keys(kinds))[0]
	out := map[string]any{"type": kind}
	if kind == "array" {
		out["items"] = map[string]any{} // anything
		if item := shape(items); item != nil {
			out["items"] = item
		}
	}
	return out
}

// insteadOf is the status that is had where one is documented that never is, if
// that is clear: one success is documented, and another is all that was had.
func (b *bench) insteadOf(res openapi.Response) (int, bool) {
	success := func(status int) bool { return status >= 200 && status < 300 }
	documented := slices.DeleteFunc(slices.Clone(b.op.responses), func(r openapi.Response) bool { return r.Status != 0 && !success(r.Status) })
	had := slices.DeleteFunc(slices.Collect(maps.Keys(b.codes)), func(status int) bool { return !success(status) })
	if len(documented) != 1 || len(had) != 1 || documented[0].Status != res.Status {
		return 0, false
	}
	return had[0], true
}

// refusals are the statuses that say something of an operation, and not of the
// state of a server or of who asks.
var refusals = []int{400, 404, 409}

// statusChange adds a status that was had; nil where the document has nothing to
// describe it by, or where it goes into the place of another.
func (b *bench) statusChange(status int) *jsonpatch.Change {
	if slices.Contains(refusals, status) {
		return b.op.Fails(status, func(s openapi.Schema) bool {
			return s.There() && !slices.ContainsFunc(b.codes[status], func(c *call) bool { return c.doc == nil || len(misfits(s, c.doc)) > 0 })
		})
	}
	like, known := b.described(status)
	if !known || status >= 300 {
		return nil
	}
	instead, only := b.insteadOf(like)
	return b.op.Answers(status, like, only && instead == status && len(b.codes[like.Status]) == 0)
}

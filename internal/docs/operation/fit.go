package operation

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
)

// The ways in which a value does not fit its schema.
const (
	misfitUnknown = "unknown" // a member that is not described
	misfitMissing = "missing" // a required member that is not there
	misfitType    = "type"
	misfitNull    = "null"
	misfitValue   = "value" // none of those that are listed
	misfitAny     = "any"   // the schema says object and nothing more, where other values stand
)

// misfit is a place where a value is not what the document says.
type misfit struct {
	how      string
	name     string // dotted, with [] for elements and * for the members of a map
	at       claim.At
	want, is string
	// What the document would have to say otherwise: the schema, where there is
	// but one, and of what is missing the member. values are those that were seen.
	schema openapi.Schema
	member openapi.Property
	values []any
}

// fitting compares one value with a schema.
type fitting struct {
	seen  map[string]bool
	steps int
}

const (
	maxSteps = 20000 // values that are looked at
	maxItems = 20    // elements of one list
)

// misfits are the places at which a value is not what its schema says, each
// once.
func misfits(s openapi.Schema, v any) []misfit {
	f := &fitting{seen: map[string]bool{}}
	return f.any(s, v, s.At(), "")
}

// any holds a value against the alternatives of a schema: that which fits best
// counts.
func (f *fitting) any(s openapi.Schema, v any, at claim.At, name string) []misfit {
	alts := s.Alternatives()
	if f.steps++; len(alts) == 0 || f.steps > maxSteps {
		return nil
	}
	if v == nil {
		if s.Nullable() || slices.ContainsFunc(alts, func(a openapi.Schema) bool { return len(a.Kinds()) == 0 }) {
			return nil
		}
		return []misfit{{how: misfitNull, name: name, at: at, want: s.Type(), is: "null", schema: s}}
	}
	var best []misfit
	for i, alt := range alts {
		found := f.one(alt, v, at, name)
		if len(found) == 0 {
			return nil
		}
		if i == 0 || weight(found, name) < weight(best, name) {
			best = found
		}
	}
	if len(alts) > 1 && best[0].name == name {
		best[0].want = s.Type()
	}
	for i := range best {
		if len(alts) > 1 { // which of them would have to say otherwise is not known
			best[i].schema, best[i].member = openapi.Schema{}, openapi.Property{}
		}
	}
	return best
}

// weight is how badly a value of that name fits: what is wrong about the value
// itself weighs more than what is inside of it.
func weight(found []misfit, name string) int {
	n := 0
	for _, m := range found {
		w := 20
		if m.how == misfitType || m.how == misfitAny {
			w = 60
		}
		n += 1 + w/(1+max(0, depth(m.name)-depth(name)))
	}
	return n
}

// depth is how far inside a name is.
func depth(name string) int {
	if name == "" {
		return 0
	}
	return 1 + strings.Count(name, ".") + strings.Count(name, "[]")
}

func (f *fitting) one(s openapi.Schema, v any, at claim.At, name string) []misfit {
	kinds := s.Kinds()
	if len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return is(k, v) }) {
		how := misfitType
		if s.Bare() {
			how = misfitAny
		}
		return []misfit{{how: how, name: name, at: at, want: s.Type(), is: kindOf(v) + " " + text(v)}}
	}
	if own := s.Own(); len(own) > 0 && !slices.Contains(own, asText(v)) {
		return []misfit{{how: misfitValue, name: name, at: at, want: "one of " + strings.Join(own, ", "), is: text(v)}}
	}
	switch v := v.(type) {
	case map[string]any:
		return f.object(s, v, at, name)
	case []any:
		var out []misfit
		for i, item := range v {
			if i == maxItems {
				break
			}
			out = once(append(out, f.any(s.Items(), item, s.Items().At(), name+"[]")...))
		}
		return out
	}
	return nil
}

func (f *fitting) object(s openapi.Schema, v map[string]any, at claim.At, name string) []misfit {
	var out []misfit
	known := map[string]bool{}
	props := s.Properties()
	v = nested(props, v)
	for _, p := range props {
		known[p.Name] = true
		member, has := v[p.Name]
		inner := strings.TrimPrefix(name+"."+p.Name, ".")
		switch {
		case has:
			out = append(out, f.any(p.Schema, member, p.At, inner)...)
		case p.Required:
			out = append(out, misfit{how: misfitMissing, name: inner, at: p.At, want: "it is required", is: "it is not there", member: p})
		}
	}
	extra, open := s.Open()
	for _, member := range slices.Sorted(maps.Keys(v)) {
		switch {
		case known[member]:
		case !open:
			out = append(out, misfit{
				how: misfitUnknown, name: strings.TrimPrefix(name+"."+member, "."), at: at, want: "nothing", is: kindOf(v[member]) + " " + text(v[member]),
				schema: s, member: openapi.Property{Name: member}, values: []any{v[member]},
			})
		case extra.There():
			out = append(out, f.any(extra, v[member], extra.At(), name+".*")...)
		}
	}
	return once(out)
}

// nested has members with dots in their names inside of those that are described,
// as settings are written in either way.
func nested(props []propertyOf, v map[string]any) map[string]any {
	out := maps.Clone(v)
	for name, member := range v {
		outer, rest, dotted := strings.Cut(name, ".")
		is := func(of string) func(propertyOf) bool { return func(p propertyOf) bool { return p.Name == of } }
		if !dotted || slices.ContainsFunc(props, is(name)) || !slices.ContainsFunc(props, is(outer)) {
			continue
		}
		inner, _ := out[outer].(map[string]any)
		inner = maps.Clone(inner)
		if inner == nil {
			inner = map[string]any{}
		}
		inner[rest] = member
		out[outer] = inner
		delete(out, name)
	}
	return out
}

// once are the misfits, each place once.
func once(list []misfit) []misfit {
	var out []misfit
	for _, m := range list {
		i := slices.IndexFunc(out, func(have misfit) bool { return have.how == m.how && have.name == m.name })
		if i < 0 {
			out = append(out, m)
			continue
		}
		out[i].values = append(out[i].values, m.values...)
	}
	return out
}

// is reports whether a value is of a JSON type.
func is(kind string, v any) bool {
	switch kind {
	case "integer":
		n, isNumber := v.(json.Number)
		r, read := new(big.Rat).SetString(n.String())
		return isNumber && read && r.IsInt()
	case "":
		return true
	}
	return kindOf(v) == kind
}

// say is the misfit in words.
func (m misfit) say() string {
	name := m.name
	if name == "" {
		name = "the whole"
	}
	switch m.how {
	case misfitUnknown:
		return fmt.Sprintf("%s is not described; it is %s", name, m.is)
	case misfitMissing:
		return name + " is required, and is not there"
	}
	return fmt.Sprintf("%s is %s", name, m.is)
}

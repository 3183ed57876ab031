package probe

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

// The samples: what kinds of values are tried for a field.
const (
	SampleOwn      = "own" // the value that the working request has
	SampleWord     = "word"
	SampleInteger  = "integer"
	SampleDigits   = "digits" // a number as a string
	SampleDecimal  = "decimal"
	SampleBoolean  = "boolean"
	SampleFalse    = "false"
	SampleObject   = "object"
	SampleArray    = "array"
	SampleInstant  = "instant" // ISO 8601 with zone
	SampleMillis   = "millis"  // epoch milliseconds as a number
	SampleDuration = "duration"
)

type sample struct {
	name  string
	value any
}

// samples returns the values to try. The word is a new one each time, since
// some values have to be unique.
func (b *bench) samples() []sample {
	word := strings.ToLower(b.registry.NewID())
	return []sample{
		{SampleWord, word},
		{SampleInteger, json.Number("7")},
		{SampleDigits, "8"},
		{SampleDecimal, json.Number("7.5")},
		{SampleBoolean, true},
		{SampleFalse, false},
		{SampleObject, map[string]any{word: "a"}},
		{SampleArray, []any{word}},
		{SampleInstant, "2023-02-03T04:05:06Z"},
		{SampleMillis, json.Number("1700000000000")},
		{SampleDuration, "30s"},
	}
}

// A dotted name leads through lists to their first items, and where it has a
// placeholder, as <alias>, to the first member of any name.

// inside returns the object that a value is, or that is the first of a list.
func inside(v any) (map[string]any, bool) {
	if list, isList := v.([]any); isList && len(list) > 0 {
		v = list[0]
	}
	m, ok := v.(map[string]any)
	return m, ok
}

// member is the name of the member that a part of a dotted name leads to.
func member(m map[string]any, part string) string {
	name, isPlaceholder := strings.CutPrefix(part, "<")
	if !isPlaceholder {
		return part
	}
	for _, k := range sortedKeys(m) {
		return k
	}
	return strings.TrimSuffix(name, ">")
}

// set puts a value at a dotted name.
func set(body map[string]any, name string, v any) {
	parts := strings.Split(name, ".")
	for _, p := range parts[:len(parts)-1] {
		k := member(body, p)
		next, ok := inside(body[k])
		if !ok {
			next = map[string]any{}
			if _, isList := body[k].([]any); isList {
				body[k] = []any{next}
			} else {
				body[k] = next
			}
		}
		body = next
	}
	body[member(body, parts[len(parts)-1])] = v
}

// unset removes a dotted name and reports whether it was there.
func unset(body map[string]any, name string) bool {
	parts := strings.Split(name, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := inside(body[member(body, p)])
		if !ok {
			return false
		}
		body = next
	}
	last := member(body, parts[len(parts)-1])
	_, ok := body[last]
	delete(body, last)
	return ok
}

// lookup returns what is at a dotted name.
func lookup(doc any, name string) (any, bool) {
	for part := range strings.SplitSeq(name, ".") {
		m, ok := inside(doc)
		if !ok {
			return nil, false
		}
		if doc, ok = m[member(m, part)]; !ok {
			return nil, false
		}
	}
	return doc, true
}

func clone(body map[string]any) map[string]any {
	if body == nil {
		return map[string]any{}
	}
	return jsonval.Clone(any(body)).(map[string]any)
}

// find looks for where a field is kept in a stored resource: under its own
// name, at any depth, the shallowest first.
func find(doc any, name string) (any, bool) {
	if v, ok := lookup(doc, name); ok {
		return v, true
	}
	parent, leaf := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		parent, leaf = name[:i], name[i+1:]
	}
	if outer, ok := lookup(doc, parent); ok && parent != "" {
		if _, isObject := inside(outer); isObject {
			return nil, false // its own place is there, and does not have it
		}
	}
	level := []any{doc}
	for len(level) > 0 {
		var next []any
		for _, n := range level {
			m, ok := n.(map[string]any)
			if !ok {
				continue
			}
			if v, ok := m[leaf]; ok {
				return v, true
			}
			for _, k := range sortedKeys(m) {
				next = append(next, m[k])
			}
		}
		level = next
	}
	return nil, false
}

// findValue is find, or else any place that holds just that value.
func findValue(doc any, name string, v any) (any, bool) {
	got, ok := find(doc, name)
	if ok && jsonval.Equal(got, v) {
		return got, true
	}
	if s, isText := v.(string); isText && len(s) > 8 && holds(doc, v) {
		return v, true
	}
	return got, ok
}

func holds(doc, v any) bool {
	switch d := doc.(type) {
	case map[string]any:
		for _, e := range d {
			if holds(e, v) {
				return true
			}
		}
	case []any:
		for _, e := range d {
			if holds(e, v) {
				return true
			}
		}
	default:
		return jsonval.Equal(doc, v)
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// bodyOf decodes the body of an example's request; nil where it is none.
func bodyOf(r claim.Request) map[string]any {
	if r.Body == "" {
		return nil
	}
	doc, err := jsonval.Decode([]byte(r.Body))
	if err != nil {
		return nil
	}
	m, _ := doc.(map[string]any)
	return m
}

// guesses returns values that a field may take, the likeliest first: what the
// page's example has, what the page says, and one of every kind.
func (b *bench) guesses(m *claim.Model, name string) []any {
	var out []any
	for _, x := range m.Examples {
		for _, r := range x.Requests {
			if v, ok := lookup(bodyOf(r), name); ok {
				out = append(out, v)
			}
		}
	}
	if whole, ok := b.whole(m, name); ok {
		out = append(out, whole)
	}
	if f, ok := m.Field(claim.InBody, name); ok {
		if queryType.MatchString(f.Type) {
			out = append(out, map[string]any{"match_all": map[string]any{}})
		}
		if f.Default != nil {
			out = append(out, literal(*f.Default, f.Type))
		}
		for _, v := range f.Values {
			out = append(out, v)
		}
		if s := sampleFor(f.Type); s != "" {
			for _, c := range b.samples() {
				if c.name == s {
					out = append(out, c.value)
				}
			}
		}
	}
	for _, c := range b.samples() {
		out = append(out, c.value)
	}
	return append(out, map[string]any{}, []any{})
}

// queryType are types that only a query fits.
var queryType = regexp.MustCompile(`(?i)\bquery\b.*\bobject\b`)

// whole is a value made of the parts of a field that a document describes: of
// those that it calls required, or of all where it calls none so.
func (b *bench) whole(m *claim.Model, name string) (any, bool) {
	var parts, required []claim.Field
	for _, f := range m.In(claim.InBody) {
		if f.Parent() != name {
			continue
		}
		parts = append(parts, f)
		if f.Required != nil && *f.Required {
			required = append(required, f)
		}
	}
	if len(parts) == 0 {
		return nil, false
	}
	if len(required) > 0 {
		parts = required
	}
	out := map[string]any{}
	for _, f := range parts {
		out[member(out, f.Leaf())] = b.guesses(m, f.Name)[0]
	}
	f, _ := m.Field(claim.InBody, name)
	if sampleFor(f.Type) == SampleArray {
		return []any{out}, true
	}
	return out, true
}

// literal is a default as a JSON value of the documented type.
func literal(text, typ string) any {
	switch sampleFor(typ) {
	case SampleInteger, SampleDecimal, SampleBoolean, SampleObject, SampleArray:
		if v, err := jsonval.Decode([]byte(text)); err == nil {
			return v
		}
	}
	return text
}

// sampleFor is the sample that a documented type suggests.
func sampleFor(typ string) string {
	t := strings.ToLower(typ)
	if _, isList := claim.ItemType(claim.Alternatives(t)[0]); isList {
		return SampleArray
	}
	for _, c := range []struct{ has, sample string }{
		{"int", SampleInteger}, {"long", SampleInteger}, {"number", SampleInteger}, {"double", SampleDecimal}, {"float", SampleDecimal},
		{"bool", SampleBoolean}, {"instant", SampleInstant}, {"date", SampleInstant}, {"timestamp", SampleInstant},
		{"duration", SampleDuration}, {"time unit", SampleDuration}, {"object", SampleObject}, {"array", SampleArray}, {"list", SampleArray}, {"string", SampleWord},
	} {
		if strings.Contains(t, c.has) {
			return c.sample
		}
	}
	return ""
}

package probe

import (
	"encoding/json"
	"maps"
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

// set puts a value at a dotted name.
func set(body map[string]any, name string, v any) {
	parts := strings.Split(name, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := body[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			body[p] = next
		}
		body = next
	}
	body[parts[len(parts)-1]] = v
}

// unset removes a dotted name and reports whether it was there.
func unset(body map[string]any, name string) bool {
	parts := strings.Split(name, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := body[p].(map[string]any)
		if !ok {
			return false
		}
		body = next
	}
	last := parts[len(parts)-1]
	_, ok := body[last]
	delete(body, last)
	return ok
}

// lookup returns what is at a dotted name.
func lookup(doc any, name string) (any, bool) {
	ptr := ""
	for _, p := range strings.Split(name, ".") {
		ptr += "/" + jsonval.Escape(p)
	}
	return jsonval.Pointer(doc, ptr)
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
	leaf := name[strings.LastIndexByte(name, '.')+1:]
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
	if f, ok := m.Field(claim.InBody, name); ok {
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
	for _, c := range []struct{ has, sample string }{
		{"int", SampleInteger}, {"long", SampleInteger}, {"number", SampleInteger}, {"double", SampleDecimal}, {"float", SampleDecimal},
		{"bool", SampleBoolean}, {"instant", SampleInstant}, {"date", SampleInstant}, {"timestamp", SampleInstant},
		{"duration", SampleDuration}, {"object", SampleObject}, {"array", SampleArray}, {"list", SampleArray}, {"string", SampleWord},
	} {
		if strings.Contains(t, c.has) {
			return c.sample
		}
	}
	return ""
}

package operation

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
)

// sample is a value that is tried, and what kind of value it is.
type sample struct {
	kind  string
	value any
}

// named are the types that stand for more than their JSON type says: what each
// takes, the first being the usual one.
var named = map[string][]sample{
	"duration":            {{"duration", "30s"}, {"duration", "1d"}},
	"datetime":            {{"instant", "2023-02-03T04:05:06Z"}, {"millis", number("1700000000000")}},
	"datestring":          {{"instant", "2023-02-03T04:05:06Z"}},
	"epochtimeunitmillis": {{"millis", number("1700000000000")}},
	"bytesize":            {{"size", "1kb"}},
	"percentage":          {{"percentage", "50%"}},
	"stringifiedboolean":  {{"boolean", true}},
	"stringifiedinteger":  {{"integer", number("1")}},
}

// maxNesting is how deep values stand in each other.
const maxNesting = 5

// values are what the document says that a value may be, one of each kind;
// never none.
func (b *bench) values(s openapi.Schema) []sample {
	if known := named[s.Name()]; known != nil {
		return known
	}
	if b.nesting++; b.nesting > maxNesting { // a schema may hold itself in any way
		b.nesting--
		return []sample{{"string", b.name()}}
	}
	defer func() { b.nesting-- }()
	var out []sample
	seen := map[string]bool{}
	for _, alt := range s.Alternatives() {
		for _, v := range b.plainValues(alt) {
			if key := v.kind + string(jsonval.Encode(v.value)); !seen[key] && (!seen[v.kind] || v.kind == "value") {
				seen[key], seen[v.kind] = true, true
				out = append(out, v)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, sample{"string", b.name()})
	}
	return out
}

// plainValues are those of a schema without alternatives.
func (b *bench) plainValues(s openapi.Schema) []sample {
	if known := named[s.Name()]; known != nil {
		return known
	}
	if own := s.Own(); len(own) > 0 {
		var out []sample
		for _, v := range own {
			out = append(out, sample{"value", literal(v, s)})
		}
		return out
	}
	var out []sample
	for _, kind := range s.Kinds() {
		switch kind {
		case "string":
			if s.Format() == "date-time" {
				out = append(out, named["datestring"]...)
				continue
			}
			out = append(out, sample{kind, b.name()})
		case "number", "integer":
			out = append(out, sample{kind, number("1")})
		case "boolean":
			out = append(out, sample{kind, true}, sample{"false", false})
		case "array":
			items := []any{}
			if item := s.Items(); item.There() && !slices.Contains(item.Kinds(), "object") {
				items = append(items, b.values(item)[0].value)
			}
			out = append(out, sample{kind, items})
		case "object":
			out = append(out, sample{kind, b.least(s, 1)})
		}
	}
	return out
}

// literal is a value of an enumeration.
func literal(text string, s openapi.Schema) any {
	if slices.Contains(s.Kinds(), "number") || slices.Contains(s.Kinds(), "integer") || slices.Contains(s.Kinds(), "boolean") {
		if v, err := jsonval.Decode([]byte(text)); err == nil {
			return v
		}
	}
	return text
}

// maxLeast is how deep what is required goes.
const maxLeast = 4

// least is the least that a schema asks for.
func (b *bench) least(s openapi.Schema, depth int) any {
	out := map[string]any{}
	alts := s.Alternatives()
	if len(alts) == 0 || depth > maxLeast {
		return out
	}
	if kinds := alts[0].Kinds(); !slices.Contains(kinds, "object") && len(kinds) > 0 && len(alts[0].Properties()) == 0 {
		return b.plainValues(alts[0])[0].value
	}
	for _, p := range alts[0].Properties() {
		if !p.Required {
			continue
		}
		if inner := p.Schema.Alternatives(); len(inner) > 0 && slices.Contains(inner[0].Kinds(), "object") && named[p.Schema.Name()] == nil {
			out[p.Name] = b.least(inner[0], depth+1)
			continue
		}
		out[p.Name] = b.values(p.Schema)[0].value
	}
	if extra, open := alts[0].Open(); open && extra.There() && depth > 0 {
		out[b.name()] = b.least(extra, depth+1)
	}
	return out
}

// asText is a value as it stands in a query.
func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, asText(item))
		}
		return strings.Join(parts, ",")
	}
	return string(jsonval.Encode(v))
}

// text shows a value in a few characters.
func text(v any) string {
	s := string(jsonval.Encode(v))
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// kindOf is the JSON type of a value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number"
}

// pointers lead to every member and element of a value, outer ones first.
func pointers(v any, at string) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, at+"/"+jsonval.Escape(name))
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, pointers(v[name], at+"/"+jsonval.Escape(name))...)
		}
	case []any:
		for i, item := range v {
			element := fmt.Sprintf("%s/%d", at, i)
			out = append(append(out, element), pointers(item, element)...)
		}
	}
	return out
}

// last is the last part of a pointer.
func last(ptr string) string { return jsonval.Unescape(ptr[strings.LastIndexByte(ptr, '/')+1:]) }

// parent is the value that a pointer's last part stands in.
func parent(doc any, ptr string) (any, bool) {
	return jsonval.Pointer(doc, before(ptr))
}

// put sets what a pointer leads to; objects on the way are made.
func put(doc map[string]any, ptr string, v any) {
	var in any = doc
	parts := strings.Split(strings.TrimPrefix(ptr, "/"), "/")
	for i, part := range parts {
		part = jsonval.Unescape(part)
		final := i == len(parts)-1
		switch at := in.(type) {
		case map[string]any:
			if final {
				at[part] = v
				return
			}
			switch at[part].(type) {
			case map[string]any, []any:
			default:
				at[part] = map[string]any{}
			}
			in = at[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(at) {
				return
			}
			if final {
				at[n] = v
				return
			}
			in = at[n]
		default:
			return
		}
	}
}

// remove takes away what a pointer leads to, out of an object.
func remove(doc any, ptr string) {
	in, ok := parent(doc, ptr)
	if members, isObject := in.(map[string]any); ok && isObject {
		delete(members, last(ptr))
	}
}

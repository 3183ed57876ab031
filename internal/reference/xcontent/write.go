package xcontent

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// JSON writes a value on one line.
func JSON(v any) []byte { return appendJSON(make([]byte, 0, textBytes(v)), v) }

// textBytes is about how many bytes a value has when it is written: growing
// costs much where texts have megabytes.
func textBytes(v any) int {
	n := 2
	switch v := v.(type) {
	case string:
		n += len(v)
	case []any:
		for _, e := range v {
			n += textBytes(e) + 1
		}
	case *Object:
		for _, k := range v.keys {
			n += len(k) + textBytes(v.vals[k]) + 4
		}
	}
	return n
}

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case Number:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case *Object:
		b = append(b, '{')
		for i, k := range v.keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, k), ':')
			b = appendJSON(b, v.vals[k])
		}
		return append(b, '}')
	}
	return appendString(b, fmt.Sprint(v))
}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for len(s) > 0 { // whole runs of plain letters: texts may have megabytes
		plain := 0
		for plain < len(s) && s[plain] >= 0x20 && s[plain] < utf8.RuneSelf && s[plain] != '"' && s[plain] != '\\' {
			plain++
		}
		b, s = append(b, s[:plain]...), s[plain:]
		if s == "" {
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < 0x20:
			b = fmt.Appendf(b, "\\u%04X", r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// PrettyJSON writes a value over several lines, as ?pretty asks for.
func PrettyJSON(v any) []byte { return append(appendPretty(nil, v, ""), '\n') }

func appendPretty(b []byte, v any, indent string) []byte {
	inner := indent + "  "
	switch v := v.(type) {
	case *Object:
		if v.Len() == 0 {
			return append(b, "{ }"...)
		}
		b = append(b, '{')
		for i, k := range v.keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, '\n'), inner...)
			b = append(appendString(b, k), " : "...)
			b = appendPretty(b, v.vals[k], inner)
		}
		return append(append(append(b, '\n'), indent...), '}')
	case []any:
		if len(v) == 0 {
			return append(b, "[ ]"...)
		}
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, '\n'), inner...)
			b = appendPretty(b, e, inner)
		}
		return append(append(append(b, '\n'), indent...), ']')
	}
	return appendJSON(b, v)
}

// YAML writes a value as a YAML document, as Accept: application/yaml asks
// for.
func YAML(v any) []byte {
	b := []byte("---")
	switch v := v.(type) {
	case *Object:
		if v.Len() > 0 {
			return appendYAMLObject(append(b, '\n'), v, "", false)
		}
	case []any:
		if len(v) > 0 {
			return appendYAMLArray(append(b, '\n'), v, "")
		}
	}
	return append(appendYAMLScalar(append(b, ' '), v), '\n')
}

// appendYAMLObject writes the members of an object. Where inline is set, the
// first one goes on the line that is already begun.
func appendYAMLObject(b []byte, o *Object, indent string, inline bool) []byte {
	for i, k := range o.keys {
		if i > 0 || !inline {
			b = append(b, indent...)
		}
		b = append(append(b, yamlKey(k)...), ':')
		switch v := o.vals[k].(type) {
		case *Object:
			if v.Len() > 0 {
				b = appendYAMLObject(append(b, '\n'), v, indent+"  ", false)
				continue
			}
		case []any:
			if len(v) > 0 {
				b = appendYAMLArray(append(b, '\n'), v, indent)
				continue
			}
		}
		b = append(appendYAMLScalar(append(b, ' '), o.vals[k]), '\n')
	}
	return b
}

func appendYAMLArray(b []byte, a []any, indent string) []byte {
	for _, e := range a {
		b = append(append(b, indent...), "- "...)
		switch v := e.(type) {
		case *Object:
			if v.Len() > 0 {
				b = appendYAMLObject(b, v, indent+"  ", true)
				continue
			}
		}
		b = append(appendYAMLScalar(b, e), '\n')
	}
	return b
}

func appendYAMLScalar(b []byte, v any) []byte { return appendJSON(b, v) }

// yamlKey quotes a key that is no plain word.
func yamlKey(k string) string {
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-", r) }
	if k == "" || strings.ContainsFunc(k, func(r rune) bool { return !plain(r) }) {
		return string(appendString(nil, k))
	}
	return k
}

package jsonval

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode writes a document compactly, keys sorted, numbers as they were read,
// <, > and & as themselves. A value that JSON cannot hold is written as the
// string that fmt makes of it.
func Encode(v any) []byte { return encode(v, "") }

// Indent writes a document for people: like Encode, indented by two spaces.
func Indent(v any) string { return string(encode(v, "  ")) }

func encode(v any, indent string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return encode(fmt.Sprint(v), indent)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Clone returns a copy that shares no object and no array with v.
func Clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, member := range v {
			out[key] = Clone(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = Clone(member)
		}
		return out
	}
	return v
}

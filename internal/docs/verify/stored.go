package verify

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// keeps reports whether what is stored is what was sent, as far as a server may
// write it otherwise: more members, instants in another form, and, inside of
// objects, what keepsMember says.
func keeps(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		have, isObject := got.(map[string]any)
		for _, k := range keys(want) {
			if !isObject || !keepsMember(have, k, want[k]) {
				return false
			}
		}
		return isObject
	case []any:
		have, isList := got.([]any)
		if !isList || len(have) != len(want) {
			return false
		}
		for i := range want {
			if !keeps(have[i], want[i]) {
				return false
			}
		}
		return true
	}
	return jsonval.Equal(got, want) || sameInstant(got, want)
}

// keepsMember reports whether an object keeps a member: under its name, inside
// of "index" as settings are, or in the members that it is short for, as
// routing is for index_routing and search_routing. Settings are stored as texts.
func keepsMember(have map[string]any, name string, want any) bool {
	got, there := have[name]
	if !there {
		if settings, nested := have["index"].(map[string]any); nested {
			return keepsMember(settings, strings.TrimPrefix(name, "index."), want)
		}
		long := 0
		for k, v := range have {
			if strings.HasSuffix(k, "_"+name) {
				if !keeps(v, want) {
					return false
				}
				long++
			}
		}
		return long > 1
	}
	return keeps(got, want) || asText(got, want)
}

// asText reports whether a text says the same as a number or a boolean.
func asText(got, want any) bool {
	s, isText := got.(string)
	switch want := want.(type) {
	case json.Number:
		return isText && s == want.String()
	case bool:
		return isText && s == strconv.FormatBool(want)
	}
	return false
}

// bareRef is a reference of a TESTRESPONSE that stands for a value of any type.
var bareRef = regexp.MustCompile(`(:\s*)(\$(?:body|_path)[\w.$]*)`)

// resolved replaces references into the answer, as "$body._id", by what the
// answer has there. "$_path" is the place of the value itself.
func resolved(want, here, answer any) any {
	switch want := want.(type) {
	case map[string]any:
		out := map[string]any{}
		object, _ := here.(map[string]any)
		for k, v := range want {
			inner, there := object[k]
			if s, isText := v.(string); isText && strings.HasPrefix(s, "$") && !there {
				continue // whatever the answer has there: nothing, too
			}
			out[k] = resolved(v, inner, answer)
		}
		return out
	case []any:
		out := make([]any, len(want))
		items, _ := here.([]any)
		for i, v := range want {
			var inner any
			if i < len(items) {
				inner = items[i]
			}
			out[i] = resolved(v, inner, answer)
		}
		return out
	case string:
		switch {
		case strings.HasSuffix(want, "$_path"):
			return here
		case strings.HasPrefix(want, "$body."):
			pointer := "/" + strings.ReplaceAll(strings.TrimPrefix(want, "$body."), ".", "/")
			if v, ok := jsonval.Pointer(answer, pointer); ok {
				return v
			}
			return fmt.Sprintf("what is at %s", pointer)
		}
	}
	return want
}

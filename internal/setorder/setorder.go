// Package setorder knows the texts of Elasticsearch that write down a set. Java
// picks the order of a small set anew at each start, so two servers, or one
// before and after a restart, say the same thing in another order.
package setorder

import (
	"regexp"
	"slices"
	"strings"
)

// sets are the texts that end in a set: what stands before it, and the set in
// brackets. An error names the headers that disagree by Set.of (source:
// MediaTypeHeaderException; measured, both orders).
var sets = []struct {
	hint    string
	pattern *regexp.Regexp
}{
	{"Invalid media-type value on headers [", regexp.MustCompile(`(Invalid media-type value on headers \[)([^]]*)\]`)},
}

// Sorted returns a text with each set in it in alphabetical order.
func Sorted(text string) string {
	for _, s := range sets {
		if !strings.Contains(text, s.hint) {
			continue
		}
		text = s.pattern.ReplaceAllStringFunc(text, func(match string) string {
			parts := s.pattern.FindStringSubmatch(match)
			members := strings.Split(parts[2], ", ")
			slices.Sort(members)
			return parts[1] + strings.Join(members, ", ") + "]"
		})
	}
	return text
}

// SortedValue returns a JSON value with Sorted applied to each text in it. A
// value without a set is returned as it is.
func SortedValue(v any) any {
	switch v := v.(type) {
	case string:
		return Sorted(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = SortedValue(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = SortedValue(v[k])
		}
		return out
	}
	return v
}

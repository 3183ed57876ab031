package resttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// stash holds what a test put aside, and the last answer as "body". A nil stash
// leaves what refers to it as it is written.
type stash map[string]any

// bodyKey is the name of the last answer in the stash.
const bodyKey = "body"

// StashError says that a test refers to something that it never put aside.
type StashError struct{ Key string }

// Error returns one line.
func (e *StashError) Error() string {
	return fmt.Sprintf("nothing was put aside as %q", e.Key)
}

var embedded = regexp.MustCompile(`\$\{([^}]+)\}`)

// refers reports whether a text names something in the stash.
func refers(s string) bool {
	return len(s) > 1 && s[0] == '$' || embedded.MatchString(s)
}

// text resolves what a text refers to: "$x" and "${x}" are the value itself,
// "a${x}b" holds its text.
func (s stash) text(t string) (any, error) {
	switch {
	case s == nil || !refers(t):
		return t, nil
	case t[0] == '$' && t[1] != '{':
		return s.get(t[1:])
	}
	if whole := embedded.FindStringSubmatch(t); whole[0] == t {
		return s.get(whole[1])
	}
	var failed error
	out := embedded.ReplaceAllStringFunc(t, func(m string) string {
		v, err := s.get(m[2 : len(m)-1])
		if err != nil {
			failed = err
		}
		return plain(v)
	})
	return out, failed
}

func (s stash) get(name string) (any, error) {
	v, ok := walk(map[string]any(s), split(name))
	if !ok {
		return nil, &StashError{name}
	}
	return v, nil
}

// resolve replaces what a document refers to, in values and in keys.
func (s stash) resolve(doc any) (any, error) {
	switch doc := doc.(type) {
	case string:
		return s.text(doc)
	case []any:
		out := make([]any, len(doc))
		for i, item := range doc {
			v, err := s.resolve(item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(doc))
		for _, key := range slices.Sorted(maps.Keys(doc)) {
			k, err := s.text(key)
			if err != nil {
				return nil, err
			}
			if out[plain(k)], err = s.resolve(doc[key]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return doc, nil
}

var quoted = regexp.MustCompile(`"\$(\{[^}"]+\}|[A-Za-z_][\w.]*)"`)

// raw resolves what JSON that is written as text refers to: whole strings, and
// placeholders in braces.
func (s stash) raw(t string) (string, error) {
	if s == nil {
		return t, nil
	}
	t = quoted.ReplaceAllStringFunc(t, func(m string) string {
		v, err := s.get(strings.Trim(m[2:len(m)-1], "{}"))
		if err != nil {
			return m // it may be meant as it is
		}
		return string(jsonval.Encode(v))
	})
	if !embedded.MatchString(t) {
		return t, nil
	}
	v, err := s.text(" " + t)
	return strings.TrimPrefix(plain(v), " "), err
}

// find returns what a path of dots leads to: in the stash where it begins with
// "$", in the last answer otherwise. The second result is false where there is
// nothing.
func (s stash) find(path string) (any, bool, error) {
	if strings.HasPrefix(path, "$") && len(path) > 1 && path[1] != '{' {
		v, ok := walk(map[string]any(s), split(path[1:]))
		if name := split(path[1:])[0]; !ok {
			if _, known := s[name]; !known {
				return nil, false, &StashError{name}
			}
		}
		return v, ok, nil
	}
	if path == "" {
		return s[bodyKey], s[bodyKey] != nil, nil
	}
	keys := split(path)
	for i, key := range keys {
		v, err := s.text(key)
		if err != nil {
			return nil, false, err
		}
		keys[i] = plain(v)
	}
	v, ok := walk(s[bodyKey], keys)
	return v, ok, nil
}

// arbitrary stands for any key of an object; its value is that key.
const arbitrary = "_arbitrary_key_"

func walk(doc any, keys []string) (any, bool) {
	for _, key := range keys {
		switch node := doc.(type) {
		case map[string]any:
			v, ok := node[key]
			if !ok && key == arbitrary && len(node) > 0 {
				v, ok = slices.Min(slices.Collect(maps.Keys(node))), true
			}
			if !ok {
				return nil, false
			}
			doc = v
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			doc = node[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// split cuts a path at its dots, but for those behind a backslash and those in
// braces.
func split(path string) []string {
	var keys []string
	var key strings.Builder
	braces := false
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '\\' && i+1 < len(path) && path[i+1] == '.':
			key.WriteByte('.')
			i++
		case c == '.' && !braces:
			keys = append(keys, key.String())
			key.Reset()
		default:
			braces = c == '{' && strings.HasSuffix(key.String(), "$") || braces && c != '}'
			key.WriteByte(c)
		}
	}
	return append(keys, key.String())
}

// plain is a value as it stands inside of a text.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return string(jsonval.Encode(v))
}

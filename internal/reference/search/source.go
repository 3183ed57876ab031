package search

import (
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Source says what of a document is shown.
type Source struct {
	Hidden             bool
	Includes, Excludes []string // patterns with *; no Includes stand for all
}

// Filter returns what is shown of a document.
func (s Source) Filter(doc *xcontent.Object) *xcontent.Object {
	if s.Includes == nil && s.Excludes == nil {
		return doc
	}
	return s.filter("", doc)
}

func (s Source) filter(prefix string, o *xcontent.Object) *xcontent.Object {
	out := xcontent.NewObject()
	for _, key := range o.Keys() {
		name := key
		if prefix != "" {
			name = prefix + "." + key
		}
		if s.covers(s.Excludes, name) {
			continue
		}
		included := s.Includes == nil || s.covers(s.Includes, name)
		inner := s
		if included {
			inner.Includes = nil // with everything in it
		}
		v := inner.value(name, o.Get(key))
		switch {
		case !included && isEmpty(v):
		case v == nil:
			out.Set(key, o.Get(key))
		default:
			out.Set(key, v)
		}
	}
	return out
}

// value filters what is in an object or a list; nil for anything else.
func (s Source) value(name string, v any) any {
	switch v := v.(type) {
	case *xcontent.Object:
		return s.filter(name, v)
	case []any:
		out := []any{}
		for _, e := range v {
			filtered := s.value(name, e)
			switch {
			case s.Includes != nil && isEmpty(filtered):
				continue
			case filtered == nil:
				filtered = e
			}
			out = append(out, filtered)
		}
		return out
	}
	return nil
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case *xcontent.Object:
		return v.Len() == 0
	case []any:
		return len(v) == 0
	}
	return v == nil
}

// covers reports whether a pattern fits a path, or the path of something that
// it is in.
func (s Source) covers(patterns []string, name string) bool {
	for _, pattern := range patterns {
		fit := s.fits(pattern)
		for end := range len(name) + 1 {
			if (end == len(name) || name[end] == '.') && fit(name[:end]) {
				return true
			}
		}
	}
	return false
}

// fits compiles a pattern. In it * stands for a part of one name; where names
// are excluded by patterns, for any part of a path.
func (s Source) fits(pattern string) func(string) bool {
	everywhere := strings.Contains(pattern, "**") || slices.ContainsFunc(s.Excludes, func(p string) bool { return strings.Contains(p, "*") })
	if everywhere {
		return fits(strings.NewReplacer(`\`, `\\`, "?", `\?`).Replace(pattern))
	}
	quoted := strings.NewReplacer(`\`, `\\`, "?", `\?`, "[", `\[`, ".", "/").Replace(pattern)
	return func(name string) bool {
		match, err := path.Match(quoted, strings.ReplaceAll(name, ".", "/"))
		return match && err == nil
	}
}

// ParseSource reads what of documents to show from a value.
func ParseSource(v any) (Source, *eserr.Error) {
	r := &reader{Parser: xcontent.NewParser(xcontent.JSON(v))}
	if _, err := r.Next(); err != nil {
		return Source{}, err
	}
	return r.source()
}

// source reads what of documents to show.
func (r *reader) source() (s Source, err *eserr.Error) {
	switch r.Token() {
	case xcontent.Bool:
		shown, err := r.Boolean()
		return Source{Hidden: !shown}, err
	case xcontent.String:
		name, err := r.Text()
		return Source{Includes: []string{name}}, err
	case xcontent.StartArray:
		s.Includes, err = r.names()
		return s, err
	case xcontent.StartObject:
		return s, r.members(func(name string) (err *eserr.Error) {
			into := map[string]*[]string{"includes": &s.Includes, "include": &s.Includes, "excludes": &s.Excludes, "exclude": &s.Excludes}[name]
			switch {
			case into != nil && r.Token() == xcontent.StartArray:
				*into, err = r.names()
				return err
			case into != nil && r.Token() == xcontent.String:
				one, err := r.Text()
				*into = []string{one}
				return err
			}
			return r.parsing("Unknown key for a %s in [%s].", r.Token(), name)
		})
	}
	return s, r.parsing("Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [%s]", r.Token())
}

// names reads a list of names; an empty one is none.
func (r *reader) names() (names []string, err *eserr.Error) {
	for {
		t, err := r.Next()
		if err != nil || t == xcontent.EndArray {
			return names, err
		}
		name, err := r.text()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
}

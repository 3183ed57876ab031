package search

import (
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
	// Elasticsearch filters in two ways. The one for patterns that exclude lets
	// * stand for any part of a path, and leaves objects that become empty.
	f := sourceFilter{crosses: slices.ContainsFunc(s.Excludes, func(p string) bool { return strings.Contains(p, "*") })}
	for _, p := range s.Excludes {
		f.excludes = append(f.excludes, paths(p, f.crosses))
	}
	for _, p := range s.Includes {
		f.includes = append(f.includes, paths(p, f.crosses))
	}
	return f.object("", doc)
}

// sourceFilter chooses members by their paths; no includes stand for all.
type sourceFilter struct {
	includes, excludes []pattern
	crosses            bool
}

func (f sourceFilter) object(prefix string, o *xcontent.Object) *xcontent.Object {
	out := xcontent.NewObject()
	for _, key := range o.Keys() {
		name := prefix + key
		if covered(f.excludes, name) {
			continue
		}
		inner := f
		if covered(f.includes, name) {
			inner.includes = nil // with everything in it
		}
		if v, kept := inner.value(name, o.Get(key), inner.includes == nil && f.crosses); kept {
			out.Set(key, v)
		}
	}
	return out
}

// value returns what is left of a value, and whether it is shown: one that
// becomes empty only where it may.
func (f sourceFilter) value(name string, v any, mayBeEmpty bool) (left any, kept bool) {
	below := func(p pattern) bool { return p.begins(name + ".") }
	if f.includes == nil && !slices.ContainsFunc(f.excludes, below) {
		return v, true
	}
	switch v := v.(type) {
	case *xcontent.Object:
		o := f.object(name+".", v)
		return o, o.Len() > 0 || mayBeEmpty
	case []any:
		list := []any{}
		for _, e := range v {
			if e, kept := f.value(name, e, false); kept {
				list = append(list, e)
			}
		}
		return list, len(list) > 0 || mayBeEmpty
	}
	return v, f.includes == nil
}

// covered reports whether a pattern fits a path, or the path of something that
// it is in.
func covered(patterns []pattern, name string) bool {
	for end := range len(name) + 1 {
		if end < len(name) && name[end] != '.' {
			continue
		}
		if slices.ContainsFunc(patterns, func(p pattern) bool { return p.fits(name[:end]) }) {
			return true
		}
	}
	return false
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

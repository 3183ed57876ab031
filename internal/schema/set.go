// Package schema checks JSON documents against the suite's JSON Schemas.
// Schemas are compiled once; nothing is ever fetched from a network.
package schema

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/xeipuuv/gojsonschema"

	"github.com/esconform/esconform/internal/jsonval"
)

// Problem is one place where a document does not match a schema.
type Problem struct {
	Pointer string // RFC 6901, "" for the whole document
	Message string
}

// String returns the problem on one line.
func (p Problem) String() string {
	if p.Pointer == "" {
		return "the document: " + p.Message
	}
	return p.Pointer + ": " + p.Message
}

// Set is a set of compiled schemas. It is safe for concurrent use.
type Set struct {
	byName map[string]*gojsonschema.Schema
}

// Load compiles every .json file in the root of fsys. A file that Lint
// complains of is an error: the library would silently ignore what it does
// not know.
func Load(fsys fs.FS) (*Set, error) {
	files, err := read(fsys)
	if err != nil {
		return nil, err
	}
	if problems := lint(files); len(problems) > 0 {
		return nil, fmt.Errorf("read the schemas: %s", problems[0])
	}
	pool := gojsonschema.NewSchemaLoader()
	pool.Draft, pool.AutoDetect, pool.Validate = gojsonschema.Draft7, false, true
	loaders := make([]gojsonschema.JSONLoader, 0, len(files))
	for _, f := range files {
		loaders = append(loaders, gojsonschema.NewRawLoader(f.doc))
	}
	if err := pool.AddSchemas(loaders...); err != nil {
		return nil, fmt.Errorf("read the schemas: %s", oneLine(err))
	}
	set := &Set{byName: map[string]*gojsonschema.Schema{}}
	for _, f := range files {
		compiled, err := pool.Compile(gojsonschema.NewReferenceLoader(f.id()))
		if err != nil {
			return nil, fmt.Errorf("compile schema %s: %s", f.name, oneLine(err))
		}
		set.byName[strings.TrimSuffix(f.name, ".json")] = compiled
	}
	return set, nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// With returns both sets in one. Names are unique.
func (s *Set) With(more *Set) (*Set, error) {
	out := &Set{byName: maps.Clone(s.byName)}
	for name, compiled := range more.byName {
		if out.byName[name] != nil {
			return nil, fmt.Errorf("schema %s: there is one of that name already; give it another", name)
		}
		out.byName[name] = compiled
	}
	return out, nil
}

// Names returns the names of all schemas, sorted.
func (s *Set) Names() []string {
	names := make([]string, 0, len(s.byName))
	for n := range s.byName {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Has reports whether there is a schema of this name.
func (s *Set) Has(name string) bool { return s.byName[name] != nil }

// Validate checks a document as jsonval.Decode returns it. The problems are
// sorted; none means that the document matches. A name that no schema has is
// a problem, too.
func (s *Set) Validate(name string, doc any) []Problem {
	compiled := s.byName[name]
	if compiled == nil {
		return []Problem{{"", fmt.Sprintf("there is no schema %q; there are %s", name, strings.Join(s.Names(), ", "))}}
	}
	res, err := compiled.Validate(gojsonschema.NewRawLoader(doc))
	if err != nil {
		return []Problem{{"", "cannot be checked: " + oneLine(err)}}
	}
	problems := make([]Problem, 0, len(res.Errors()))
	for _, e := range res.Errors() {
		problems = append(problems, Problem{pointer(e), e.Description()})
	}
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(problems)
}

// pointer turns the library's context, joined by a character that no key has,
// into a JSON pointer.
func pointer(e gojsonschema.ResultError) string {
	const sep = "\x1f"
	parts := strings.Split(e.Context().String(sep), sep)
	var b strings.Builder
	for _, p := range parts[1:] {
		b.WriteString("/" + jsonval.Escape(p))
	}
	return b.String()
}

// file is one schema as it is written.
type file struct {
	name string
	doc  any
}

func (f file) id() string {
	id, _ := jsonval.Pointer(f.doc, "/$id")
	text, _ := id.(string)
	return text
}

func read(fsys fs.FS) ([]file, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read the schemas: %w", err)
	}
	var files []file
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".json" {
			continue
		}
		raw, err := fs.ReadFile(fsys, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read schema %s: %w", e.Name(), err)
		}
		doc, err := jsonval.Decode(raw)
		if err != nil {
			return nil, fmt.Errorf("read schema %s: %w", e.Name(), err)
		}
		files = append(files, file{e.Name(), doc})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the schemas: there is no .json file")
	}
	return files, nil
}

// Package resttest runs Elasticsearch's YAML REST tests: it reads their
// language, plans their requests by the REST specification, judges the answers,
// and knows what a test makes, so that nothing of it stays.
package resttest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/restspec"
)

// Part says which section of a file a step comes from.
type Part string

// The sections. Conditions stand before everything else.
const (
	Condition Part = "condition"
	Setup     Part = "setup"
	Body      Part = "test"
	Teardown  Part = "teardown"
)

// Step is one entry of a section.
type Step struct {
	Part Part
	Line int
	Word string
	action
}

// Keyword is the step's word, behind the section that it comes from where that
// is not the test itself.
func (s Step) Keyword() string {
	if s.Part == Setup || s.Part == Teardown {
		return string(s.Part) + ": " + s.Word
	}
	return s.Word
}

// Test is one test of a file, with the steps in the order in which they run:
// conditions, setup, the test's own, teardown.
type Test struct {
	ID     string // "rest/indices/exists/alias-exists"
	FileID string // "rest/indices/exists"
	File   string // as reports show it
	Path   string // within the folder
	Name   string
	Line   int
	// Steps are never none: one that cannot be read stands for a test that
	// cannot.
	Steps []Step
	APIs  []string // that it calls, sorted
	// Touches says what it shares with other tests.
	Touches Touches

	spec *restspec.Spec
}

// IDPrefix begins the id of every test.
const IDPrefix = "rest/"

// Load reads every test in a folder, in the order of its files. dir is its name
// in reports. A file or a test that cannot be read becomes a test that says so
// when it runs.
func Load(dir string, fsys fs.FS, spec *restspec.Spec) ([]*Test, error) {
	var tests []*Test
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yml" && path.Ext(name) != ".yaml" {
			return err
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		tests = append(tests, parse(dir, name, raw, spec)...)
		return nil
	})
	if err == nil && len(tests) == 0 {
		err = errors.New("no .yml file there")
	}
	if err != nil {
		return nil, fmt.Errorf("read REST tests in %s: %w", dir, err)
	}
	return tests, nil
}

// section is a list of entries under a name.
type section struct {
	name  string
	line  int
	steps []Step
	err   error
}

// parse reads the tests of one file.
func parse(dir, name string, raw []byte, spec *restspec.Spec) []*Test {
	file := &file{
		path: name,
		id:   IDPrefix + strings.TrimSuffix(name, path.Ext(name)), name: path.Join(dir, name), spec: spec, used: map[string]int{},
	}
	docs, err := documents(raw)
	for _, doc := range docs {
		all, broken := entries(doc)
		err = errors.Join(err, broken)
		for _, e := range all {
			file.add(e)
		}
	}
	if err == nil && len(file.tests) == 0 {
		err = errors.New("there is no test in it")
	}
	if err != nil {
		file.tests = append(file.tests, section{name: "(the whole file)", line: 1, err: err})
	}
	var tests []*Test
	for _, s := range file.tests {
		tests = append(tests, file.test(s))
	}
	return tests
}

// file is a file that is being read.
type file struct {
	id, name, path  string
	spec            *restspec.Spec
	conditions      []Step
	setup, teardown section
	tests           []section
	used            map[string]int // slugs
}

func (f *file) add(e entry) {
	switch e.key.Value {
	case "requires": // the file's own; it has no steps
		act, err := readFlavours(e.value)
		f.setup.err = errors.Join(f.setup.err, err)
		f.conditions = append(f.conditions, Step{Part: Condition, Line: e.key.Line, Word: "requires", action: act})
	case "setup":
		f.setup = joined(f.setup, f.section(e, Setup))
	case "teardown":
		f.teardown = joined(f.teardown, f.section(e, Teardown))
	default:
		f.tests = append(f.tests, f.section(e, Body))
	}
}

func joined(a, b section) section {
	return section{b.name, b.line, slices.Concat(a.steps, b.steps), errors.Join(a.err, b.err)}
}

func (f *file) section(e entry, part Part) section {
	s := section{name: e.key.Value, line: e.key.Line}
	if e.value.Kind != yaml.SequenceNode {
		s.err = wrong(e.value, "want a list of steps, not %s", short(e.value))
		return s
	}
	for _, n := range e.value.Content {
		st, err := readStep(n, part)
		if err != nil {
			s.err = errors.Join(s.err, err)
			continue
		}
		if d, is := st.action.(*do); is {
			s.err = errors.Join(s.err, d.bind(f.spec))
		}
		s.steps = append(s.steps, st)
	}
	if part == Body && len(s.steps) == 0 && s.err == nil {
		s.err = wrong(e.value, "the test has no steps, so it proves nothing")
	}
	return s
}

// test puts a test together out of its own section and those of the file.
func (f *file) test(s section) *Test {
	t := &Test{ID: f.id + "/" + f.slug(s.name), FileID: f.id, File: f.name, Path: f.path, Name: s.name, Line: s.line, Steps: slices.Clone(f.conditions), spec: f.spec}
	err := errors.Join(f.setup.err, s.err, f.teardown.err)
	if err != nil {
		line := s.line
		var language *LanguageError
		if errors.As(err, &language) && language.Line > 0 {
			line = language.Line
		}
		t.Steps = append(t.Steps, Step{Part: Condition, Line: line, Word: "read", action: unreadable{err}})
		return t
	}
	var rest []Step
	for _, st := range slices.Concat(f.setup.steps, s.steps, f.teardown.steps) {
		if _, is := st.action.(*conditions); is {
			st.Part = Condition
			t.Steps = append(t.Steps, st)
			continue
		}
		rest = append(rest, st)
	}
	t.Steps = append(t.Steps, rest...)
	for _, d := range t.calls() {
		t.APIs = append(t.APIs, d.api.Name)
	}
	slices.Sort(t.APIs)
	t.APIs = slices.Compact(t.APIs)
	t.Touches = t.touches()
	return t
}

// calls lists the requests of a test.
func (t *Test) calls() []*do {
	var calls []*do
	for _, st := range t.Steps {
		if d, is := st.action.(*do); is {
			calls = append(calls, d)
		}
	}
	return calls
}

// Problem is what is wrong with how the test is written, or nil.
func (t *Test) Problem() error {
	if u, is := t.Steps[len(t.Steps)-1].action.(unreadable); is {
		return u
	}
	return nil
}

const maxSlug = 60

// slug makes a part of an id of a name, unique in the file.
func (f *file) slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= maxSlug:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if s == "" {
		s = "test"
	}
	f.used[s]++
	if n := f.used[s]; n > 1 {
		return s + "-" + strconv.Itoa(n)
	}
	return s
}

// unreadable stands for a test that is not written in the language.
type unreadable struct{ error }

func (u unreadable) Error() string                         { return strings.ReplaceAll(u.error.Error(), "\n", "; ") }
func (u unreadable) String() string                        { return "the test" }
func (u unreadable) run(context.Context, *Execution) error { return &LanguageError{Text: u.Error()} }

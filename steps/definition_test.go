package steps_test

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/steps"
)

var (
	contextType   = reflect.TypeFor[context.Context]()
	errorType     = reflect.TypeFor[error]()
	docStringType = reflect.TypeFor[*godog.DocString]()
	tableType     = reflect.TypeFor[*godog.Table]()
)

// handler is what a step's function takes.
type handler struct {
	groups            int
	docString, table  bool
	returnsErrorAlone bool
}

func handlerOf(t *testing.T, d steps.Definition) handler {
	t.Helper()
	typ := reflect.TypeOf(d.Bind(steps.NewWorld(steps.Deps{})))
	if typ.Kind() != reflect.Func {
		t.Fatalf("%s is bound to a %s, want a func", d.Text, typ)
	}
	h := handler{returnsErrorAlone: typ.NumOut() == 0 || typ.NumOut() == 1 && typ.Out(0) == errorType}
	for i := range typ.NumIn() {
		switch in := typ.In(i); {
		case in == contextType && i == 0:
		case in == docStringType && i == typ.NumIn()-1:
			h.docString = true
		case in == tableType && i == typ.NumIn()-1:
			h.table = true
		case in.Kind() == reflect.String:
			h.groups++
		default:
			t.Errorf("%s takes a %s, which steps cannot give it", d.Text, in)
		}
	}
	return h
}

// godog drops surplus groups and ignores a docstring that nobody takes, so
// this has to be seen here.
func TestEachPatternFitsItsFunction(t *testing.T) {
	t.Parallel()
	for _, d := range steps.Definitions() {
		h := handlerOf(t, d)
		if got := d.Pattern.NumSubexp(); got != h.groups {
			t.Errorf("%s has %d groups, its function takes %d", d.Text, got, h.groups)
		}
		if !h.returnsErrorAlone {
			t.Errorf("%s returns something else than an error", d.Text)
		}
		if strings.HasSuffix(d.Text, ":") != (h.docString || h.table) {
			t.Errorf("%s: a step takes a docstring or a table if, and only if, it ends in a colon", d.Text)
		}
	}
}

func TestEachDefinitionIsDocumented(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range steps.Definitions() {
		if d.Noun == "" || !strings.HasSuffix(d.Doc, ".") {
			t.Errorf("%s has no noun or no sentence that explains it", d.Text)
		}
		if seen[d.Text] {
			t.Errorf("%s is defined twice", d.Text)
		}
		seen[d.Text] = true
		line, _, _ := strings.Cut(d.Example, "\n")
		keyword, text, _ := strings.Cut(line, " ")
		if !strings.Contains("Given When Then And But", keyword) || !d.Pattern.MatchString(text) {
			t.Errorf("the example of %s is none: %q", d.Text, d.Example)
		}
	}
}

func loadSuite(t *testing.T) *suite.Suite {
	t.Helper()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFeaturesAndDefinitionsAgree(t *testing.T) {
	t.Parallel()
	s := loadSuite(t)
	for _, p := range s.Check() {
		t.Error(p)
	}
	defs := steps.Definitions()
	used := make([]bool, len(defs))
	seen := map[suite.CaseStep]bool{}
	for _, c := range s.Cases {
		for _, st := range c.Steps {
			like := suite.CaseStep{Text: st.Text, HasDoc: st.HasDoc, HasTable: st.HasTable}
			if seen[like] {
				continue
			}
			seen[like] = true
			for i, d := range defs {
				if !d.Pattern.MatchString(st.Text) {
					continue
				}
				used[i] = true
				if h := handlerOf(t, d); h.docString != st.HasDoc || h.table != st.HasTable {
					t.Errorf("%s:%d: %q has another argument than its definition takes", c.File, st.Line, st.Text)
				}
			}
		}
	}
	for i, d := range defs {
		if !used[i] && !d.Generic {
			t.Errorf("no feature uses %s, and it is not marked as generic", d.Text)
		}
	}
}

// A rejection proves nothing unless the same request without the fault is
// accepted: in the scenario itself, or elsewhere in its feature.
func TestEachRejectionHasAPositiveControl(t *testing.T) {
	t.Parallel()
	accepts := map[string]bool{}
	cases := loadSuite(t).Cases
	has := func(c *suite.Case, words ...string) bool {
		for _, st := range c.Steps {
			for _, w := range words {
				if strings.Contains(st.Text, w) {
					return true
				}
			}
		}
		return false
	}
	for _, c := range cases {
		if has(c, "then accepted", "update is accepted", "response status is 20", "job is created", "is acknowledged", "job as it is stored", "the list ") {
			accepts[c.Feature] = true
		}
	}
	for _, c := range cases {
		if has(c, "is rejected as", "is refused", "not found") && !accepts[c.Feature] {
			t.Errorf("%s:%d: scenario %s has no positive control in its feature", c.File, c.Line, c.ID)
		}
	}
}

// Whoever may not write the stored documents leaves out what needs it by the
// tag.
func TestDirectWritesAreTagged(t *testing.T) {
	t.Parallel()
	direct := regexp.MustCompile(`in the state "(completed|suspended)"|carries the field|another program has stored|\| (completed|suspended) +\||sends (POST|PUT) "/\.elastic-connectors[^"]*/_(doc|create|update)`)
	for _, c := range loadSuite(t).Cases {
		for _, st := range c.Steps {
			if direct.MatchString(st.Text+"\n"+st.Argument) && !slices.Contains(c.Tags, "@direct-write") {
				t.Errorf("%s:%d: scenario %s writes stored documents and is not tagged @direct-write", c.File, c.Line, c.ID)
			}
		}
	}
}

func TestSuiteIsLarge(t *testing.T) {
	t.Parallel()
	if n := len(loadSuite(t).Cases); n < 850 {
		t.Errorf("%d scenarios, want at least 850", n)
	}
}

// A step that comes too early says so; it does not panic.
func TestEachStepSurvivesAnEmptyScenario(t *testing.T) {
	t.Parallel()
	tgt, err := target.Embedded(context.Background(), target.EmbeddedConfig{Limits: patient()})
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(context.Background())
	set, err := schema.Published()
	if err != nil {
		t.Fatal(err)
	}
	families, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range steps.Definitions() {
		session := tgt.Client.Session()
		scope := resource.NewRegistry("t").Scope(session)
		w := steps.NewWorld(steps.Deps{
			Families: families, Steps: steps.Definitions(), Target: tgt, Version: tgt.Version, Session: session, Scope: scope, Shared: steps.NewShared(scope), Schemas: set, Fixtures: fixtures.FS,
		})
		f := reflect.ValueOf(d.Bind(w))
		var args []reflect.Value
		line, _, _ := strings.Cut(d.Example, "\n")
		_, text, _ := strings.Cut(line, " ")
		groups := d.Pattern.FindStringSubmatch(text)[1:]
		for i := range f.Type().NumIn() {
			switch in := f.Type().In(i); in {
			case contextType:
				args = append(args, reflect.ValueOf(context.Background()))
			case docStringType:
				args = append(args, reflect.ValueOf(&godog.DocString{Content: "{}"}))
			case tableType:
				args = append(args, reflect.ValueOf(&godog.Table{}))
			default:
				args, groups = append(args, reflect.ValueOf(groups[0])), groups[1:]
			}
		}
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s panics in an empty scenario: %v", d.Text, r)
				}
			}()
			f.Call(args)
		}()
		if err := scope.Cleanup(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatStandsBelowAStepHasToFit(t *testing.T) {
	t.Parallel()
	for _, d := range steps.Definitions() {
		line, _, _ := strings.Cut(d.Example, "\n")
		_, text, _ := strings.Cut(line, " ")
		takes := handlerOf(t, d)
		for _, doc := range []*godog.DocString{nil, {}} {
			for _, table := range []*godog.Table{nil, {}} {
				if takes.docString == (doc != nil) && takes.table == (table != nil) {
					continue
				}
				err := d.Perform(context.Background(), &steps.World{}, text, doc, table)
				if err == nil || !strings.Contains(err.Error(), "a docstring or a table is missing") {
					t.Errorf("%s: got %v with docstring %t and table %t below", d.Text, err, doc != nil, table != nil)
				}
			}
		}
	}
}

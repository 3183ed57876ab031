package suite

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/internal/requirement"
)

const testCatalogue = `
since: 8.12.0
requirements:
  - id: a.one
    statement: One MUST hold.
    profile: documented
    sources: [measured]
  - id: a.two
    statement: Two MUST hold.
    profile: contract
    sources: [measured]
    since: 8.15.0
`

// load reads features from a map of file names to contents.
func load(t *testing.T, files map[string]string) (*Suite, error) {
	t.Helper()
	fsys := fstest.MapFS{requirement.File: {Data: []byte(testCatalogue)}}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return Load(Source{Name: "features", FS: fsys})
}

const outline = `@documented @since:8.13.0
Feature: Rules
  Background:
    Given a connector
  @id:rows
  Scenario Outline: <field> is <what>
    Then "<field>" is <what>
    @req:a.one
    Examples:
      | field | what |
      | x     | 1    |
      | y     | 1    |
    @req:a.two @until:9.0.0
    Examples:
      | field | what |
      | y     | 2    |
      | é!    | 3    |
`

func TestLoad(t *testing.T) {
	t.Parallel()
	s, err := load(t, map[string]string{"api/rules.feature": outline})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.Cases {
		got = append(got, strings.Join([]string{c.ID, c.Name, c.Profile, strings.Join(c.Requirements, "+"), c.Versions.String(), c.Steps[1].Text}, " | "))
	}
	want := []string{
		`rows/x-1 | x is 1 | documented | a.one | since 8.13.0 | "x" is 1`,
		`rows/y-1 | y is 1 | documented | a.one | since 8.13.0 | "y" is 1`,
		`rows/y-2 | y is 2 | documented | a.two | since 8.13.0, until 9.0.0 | "y" is 2`,
		`rows/empty-3 | é! is 3 | documented | a.two | since 8.13.0, until 9.0.0 | "é!" is 3`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if c := s.Cases[3]; c.File != "features/api/rules.feature" || c.Line != 17 || c.Outline != "rows" {
		t.Errorf("the last row stands at %s:%d in outline %q", c.File, c.Line, c.Outline)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	scenario := func(tags string) string {
		return "Feature: F\n  " + tags + "\n  Scenario: S\n    Then x\n"
	}
	for name, tc := range map[string]struct{ feature, want string }{
		"no id":               {scenario("@req:a.one @contract"), "features/f.feature:3: scenario \"S\": has no @id: tag"},
		"two ids":             {scenario("@id:a @id:b @req:a.one @contract"), "has two ids"},
		"no profile":          {scenario("@id:a @req:a.one"), "has no profile"},
		"two profiles":        {scenario("@id:a @req:a.one @contract @security"), "has two profiles"},
		"no requirement":      {scenario("@id:a @contract"), "proves no requirement"},
		"unknown requirement": {scenario("@id:a @contract @req:a.on"), `requirement "a.on" is not in any requirements.yaml, did you mean "a.one"?`},
		"unknown tag":         {scenario("@id:a @contract @req:a.one @slow"), "unknown tag @slow"},
		"bad version":         {scenario("@id:a @contract @req:a.one @since:9"), `tag @since:9: read version "9"`},
		"no steps":            {"Feature: F\n  @id:a @contract @req:a.one\n  Scenario: S\n", "has no steps"},
		"only Given":          {"Feature: F\n  @id:a @contract @req:a.one\n  Scenario: S\n    Given x\n    And y\n", "has no Then step"},
		"no Examples":         {"Feature: F\n  @id:a @contract @req:a.one\n  Scenario Outline: S\n    Then <x>\n", "features/f.feature:3: outline \"S\" has no Examples"},
		"empty Examples":      {"Feature: F\n  @id:a @contract @req:a.one\n  Scenario Outline: S\n    Then <x>\n    Examples:\n      | x |\n", "features/f.feature:5: the Examples of \"S\" have no rows"},
		"in a rule":           {"Feature: F\n  Rule: R\n    @id:a @contract @req:a.one\n    Scenario Template: S\n      Then <x>\n", "has no Examples"},
		"no feature":          {"# nothing\n", "there is no Feature in it"},
		"not gherkin":         {"Feature: F\n  @id:a\n  nonsense:\n  Scenario: S\n    Whatever\n", "read feature features/f.feature"},
	} {
		_, err := load(t, map[string]string{"f.feature": tc.feature})
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want one line with %q", name, err, tc.want)
		}
	}
	if _, err := load(t, map[string]string{"f.feature": scenario("@id:a @contract @req:a.one"), "g.feature": scenario("@id:a @contract @req:a.one")}); err == nil || !strings.Contains(err.Error(), "already taken by features/f.feature:3") {
		t.Errorf("two scenarios with one id: %v", err)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	s, err := load(t, map[string]string{"f.feature": outline})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		sel  Selection
		want string
	}{
		"everything":  {Selection{}, "rows/x-1 rows/y-1 rows/y-2 rows/empty-3"},
		"profile":     {Selection{Profiles: []string{"documented"}}, "rows/x-1 rows/y-1 rows/y-2 rows/empty-3"},
		"tags":        {Selection{Tags: "not @req:a.one"}, "rows/y-2 rows/empty-3"},
		"requirement": {Selection{IDs: []string{"a.two"}}, "rows/y-2 rows/empty-3"},
		"outline":     {Selection{IDs: []string{"rows"}}, "rows/x-1 rows/y-1 rows/y-2 rows/empty-3"},
		"scenario":    {Selection{IDs: []string{"rows/y-1"}}, "rows/y-1"},
		"first shard": {Selection{Shard: Shard{1, 3}}, "rows/x-1 rows/empty-3"},
		"last shard":  {Selection{Shard: Shard{3, 3}}, "rows/y-2"},
	} {
		cases, err := s.Select(tc.sel)
		var got []string
		for _, c := range cases {
			got = append(got, c.ID)
		}
		if err != nil || strings.Join(got, " ") != tc.want {
			t.Errorf("%s: got %v, %v; want %s", name, got, err, tc.want)
		}
	}
	for name, sel := range map[string]Selection{
		"unknown profile": {Profiles: []string{"document"}},
		"empty profile":   {Profiles: []string{"security"}},
		"unknown tag":     {Tags: "@x"},
		"unfinished":      {Tags: "@documented and"},
		"unknown id":      {IDs: []string{"row"}},
		"empty shard":     {Shard: Shard{5, 5}},
	} {
		if cases, err := s.Select(sel); err == nil {
			t.Errorf("%s: selects %d scenarios, want an error", name, len(cases))
		}
	}
}

func TestParseShard(t *testing.T) {
	t.Parallel()
	if s, err := ParseShard("2/3"); err != nil || s != (Shard{2, 3}) {
		t.Errorf("2/3: %v, %v", s, err)
	}
	for _, text := range []string{"0/3", "4/3", "1", "1/", "/3", "1/3/5", "-1/3", "a/b", "1/3 x", "1/0"} {
		if s, err := ParseShard(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, s)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(outline)
	f.Add("Feature: F\n  Rule: R\n    Background:\n      Given x\n    Scenario: S\n      * y\n      | a |\n")
	f.Add("Feature: F\n  Scenario Outline: S\n    Given \"\"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		fsys := fstest.MapFS{requirement.File: {Data: []byte(testCatalogue)}, "f.feature": {Data: []byte(text)}}
		if s, err := Load(Source{Name: "features", FS: fsys, User: true}); err == nil {
			_ = s.Check()
		}
	})
}

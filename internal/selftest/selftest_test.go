package selftest

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// A fault that no requirement catches survives, and its requirement is weak.
func TestSurvivors(t *testing.T) {
	t.Parallel()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	all := fault.All()
	i := slices.IndexFunc(all, func(f fault.Fault) bool { return f.ID == "stats.code.404-as-400" })
	if i < 0 {
		t.Fatal("the fault that this test is about is gone")
	}
	killed, missed := all[i], all[i]
	missed.Requirements = []string{"stats.route"} // which has nothing to do with it
	m, err := Run(t.Context(), Config{Suite: s, Faults: []fault.Fault{killed, missed}, Parallel: 2, Limits: limits.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Rows[0].Killed || m.Rows[1].Killed || m.Rows[1].Note == "" || len(m.Survivors()) != 1 {
		t.Errorf("rows are %+v", m.Rows)
	}
	if len(m.Rows[0].Missed) > 0 || !slices.Equal(m.Rows[1].Missed, missed.Requirements) {
		t.Errorf("missed are %v and %v", m.Rows[0].Missed, m.Rows[1].Missed)
	}
	if m.Verdict != result.Nonconformant || !slices.Contains(m.Weak(), "stats.route") || slices.Contains(m.Weak(), "stats.code.404") {
		t.Errorf("verdict %s: %s", m.Verdict, m.Reason)
	}
}

// A requirement that fails without being named or excepted makes a fault
// inexact, and so does one that is named and has no failed scenario.
func TestExact(t *testing.T) {
	t.Parallel()
	cat, err := requirement.Parse([]byte(`
since: 8.12.0
requirements:
  - {id: r.a, statement: It MUST, profile: contract, sources: [x]}
  - {id: r.b, statement: It MUST, profile: contract, sources: [x]}
  - {id: r.also, statement: It MUST, profile: contract, sources: [x]}
  - {id: r.sum, statement: It MUST, profile: contract, sources: [x], sums-up: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	except := []exception{{Because: "so", Faults: []string{"f.*"}, Requirements: []string{"r.also"}}}
	for name, tc := range map[string]struct {
		named, shaken, failed []string
		killed                bool
		beside, missed        []string
	}{
		"exactly":            {[]string{"r.a"}, nil, []string{"r.a"}, true, nil, nil},
		"with an exception":  {[]string{"r.a"}, nil, []string{"r.a", "r.also"}, true, nil, nil},
		"with a sum":         {[]string{"r.a"}, nil, []string{"r.a", "r.sum"}, true, nil, nil},
		"only the exception": {[]string{"r.a"}, []string{"r.a"}, []string{"r.also"}, true, nil, nil},
		"another, too":       {[]string{"r.a"}, nil, []string{"r.a", "r.b"}, true, []string{"r.b"}, nil},
		"one unproven":       {[]string{"r.a", "r.b"}, []string{"r.b"}, []string{"r.a"}, true, nil, nil},
		"one less":           {[]string{"r.a", "r.b"}, nil, []string{"r.a"}, true, nil, []string{"r.b"}},
		"only another":       {[]string{"r.a"}, nil, []string{"r.b"}, false, []string{"r.b"}, []string{"r.a"}},
		"nothing":            {[]string{"r.a"}, nil, nil, false, nil, []string{"r.a"}},
	} {
		run := &result.Run{Scenarios: []result.Scenario{{Outcome: result.Failed, Requirements: slices.Concat(tc.shaken, tc.failed), Blames: tc.failed}}}
		for _, r := range cat.All() {
			run.Requirements = append(run.Requirements, result.Requirement{ID: r.ID})
		}
		if len(tc.failed) > 0 {
			run.Requirements = blame.Weigh(run.Requirements, run.Scenarios)
		}
		row := Row{Fault: "f.one", Requirements: tc.named}
		row.judge(run, cat, except)
		if row.Killed != tc.killed || !slices.Equal(row.Beside, tc.beside) || !slices.Equal(row.Missed, tc.missed) {
			t.Errorf("%s: got %+v", name, row)
		}
	}
}

func TestOutdated(t *testing.T) {
	t.Parallel()
	m := &Matrix{
		Rows:     []Row{{Fault: "a.b", Sentence: "It is | wrong.", Killed: true, By: []string{"r.one", "r.two"}}},
		Strength: []Strength{{Requirement: "r.one", Kills: 1}, {Requirement: "r.two", Kills: 1}},
	}
	var buf bytes.Buffer
	if err := m.Markdown(&buf); err != nil {
		t.Fatal(err)
	}
	text := "# Title\n\n" + buf.String()
	if p := m.Outdated(text); len(p) > 0 {
		t.Errorf("its own text is outdated: %v", p)
	}
	m.Rows[0].By, m.Strength[1].Kills = []string{"r.one"}, 0
	if p := m.Outdated(text); len(p) > 0 {
		t.Errorf("luck counts: %v", p)
	}
	for name, change := range map[string]func(){
		"another sentence":  func() { m.Rows[0].Sentence = "It is odd." },
		"another fault":     func() { m.Rows[0].Fault = "a.c" },
		"a new requirement": func() { m.Strength = append(m.Strength, Strength{Requirement: "r.three"}) },
		"one less":          func() { m.Strength = m.Strength[:1] },
	} {
		before := *m
		before.Rows = slices.Clone(m.Rows)
		change()
		if p := m.Outdated(text); len(p) == 0 {
			t.Errorf("%s: not noticed", name)
		}
		*m = before
	}
	if !strings.Contains(text, `It is \| wrong.`) {
		t.Error("a bar in a sentence breaks the table")
	}
}

// A noop that is called an update breaks the requirement of noops. Scenarios
// about headers meet it, too, and prove nothing of headers then.
func TestHeadersAreNotBlamedForANoop(t *testing.T) {
	t.Parallel()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.Embedded(t.Context(), target.EmbeddedConfig{Fault: "stats.noop.says-updated"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tgt.Close(t.Context()) }()
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Target: tgt, Selection: suite.Selection{
		IDs: []string{"stats.headers.noop", "stats.headers.success", "stats.update.noop", "stats.update.noop-required"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]result.Outcome{"stats.answer.noop": result.Failed, "stats.headers.product": result.Passed, "stats.headers.content-type": result.Passed}
	for _, r := range run.Requirements {
		if o, asked := want[r.ID]; asked && o != r.Outcome {
			t.Errorf("%s is %s, want %s", r.ID, r.Outcome, o)
		}
		if _, asked := want[r.ID]; !asked && r.Outcome == result.Failed {
			t.Errorf("%s failed, too", r.ID)
		}
	}
	if run.Verdict != result.Nonconformant {
		t.Errorf("the verdict is %s", run.Verdict)
	}
}

package matrix

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files")

func run(version string, outcomes ...result.Outcome) *result.Run {
	r := &result.Run{
		Suite: result.Suite{Version: "0.1.0", Digest: "0123456789ab"}, Verdict: result.Conformant, Reason: "all is well",
		Target: result.Target{Kind: "container", Version: version, IsElasticsearch: true}, Counts: map[result.Outcome]int{},
	}
	for i, o := range outcomes {
		id := []string{"stats.field.metadata", "stats.required.error", "stats.restart.survives"}[i]
		r.Requirements = append(r.Requirements, result.Requirement{
			ID: id, Statement: "It MUST keep " + id + ".", Profile: []string{"documented", "contract", "resilience"}[i], Outcome: o,
		})
		r.Counts[o]++
		if o == result.Failed {
			r.Verdict, r.Reason = result.Nonconformant, "1 scenario did not get what is required"
		}
	}
	return r
}

func notStarted(version string) *result.Run {
	r := run(version, result.NotRun, result.NotRun, result.NotRun)
	r.Verdict, r.Reason, r.CutShort = result.Inconclusive, "the run was cut short: the image cannot be pulled", "the image cannot be pulled"
	return r
}

func sample() *Matrix {
	return Build([]*result.Run{
		run("8.14.0", result.Skipped, result.Passed, result.Passed),
		notStarted("8.15.0"),
		run("8.19.21", result.Passed, result.Failed, result.Passed),
		run("9.5.3", result.Passed, result.Passed, result.Passed),
	})
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*Matrix, *bytes.Buffer) error{
		"text.golden.txt":    func(m *Matrix, b *bytes.Buffer) error { return m.Text(b, false) },
		"markdown.golden.md": func(m *Matrix, b *bytes.Buffer) error { return m.Markdown(b) },
		"matrix.golden.json": func(m *Matrix, b *bytes.Buffer) error { return m.JSON(b) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := write(sample(), &got); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("differs from %s (go test -update writes it):\n%s", path, got.String())
			}
		})
	}
}

func TestChangesPassOverVersionsWithoutAnOutcome(t *testing.T) {
	t.Parallel()
	m := sample()
	if got := strings.Join(m.Rows[0].Changes, " "); got != "8.19.21" {
		t.Errorf("metadata changed in %q, want 8.19.21", got)
	}
	if got := strings.Join(m.Rows[1].Changes, " "); got != "8.19.21 9.5.3" {
		t.Errorf("the error changed in %q, want 8.19.21 9.5.3", got)
	}
}

func TestWhatIsTheSameEverywhereIsCountedAndNotListed(t *testing.T) {
	t.Parallel()
	m := Build([]*result.Run{
		run("8.14.0", result.Skipped, result.Passed, result.Failed),
		run("9.5.3", result.Skipped, result.Passed, result.Failed),
		notStarted("9.6.0"),
	})
	for _, tc := range []struct {
		all  bool
		want []string
		not  []string
	}{
		{false, []string{"stats.restart.survives", "passed on every version that ran, and not listed without --all: 1", "apply to none of these targets, and not listed without --all: 1"}, []string{"stats.field.metadata", "stats.required.error"}},
		{true, []string{"stats.restart.survives", "stats.field.metadata", "stats.required.error"}, []string{"not listed"}},
	} {
		var b bytes.Buffer
		if err := m.Text(&b, tc.all); err != nil {
			t.Fatal(err)
		}
		for _, want := range tc.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("all %t: %q is missing in:\n%s", tc.all, want, b.String())
			}
		}
		for _, not := range tc.not {
			if strings.Contains(b.String(), not) {
				t.Errorf("all %t: %q stands in:\n%s", tc.all, not, b.String())
			}
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	good, bad, open := run("9.0.0", result.Passed), run("9.1.0", result.Failed), notStarted("9.2.0")
	for _, tc := range []struct {
		runs []*result.Run
		want result.Verdict
		code int
	}{
		{[]*result.Run{good, good}, result.Conformant, 0},
		{[]*result.Run{good, open}, result.Inconclusive, 3},
		{[]*result.Run{open, bad}, result.Nonconformant, 1},
		{nil, result.Inconclusive, 3},
	} {
		if m := Build(tc.runs); m.Verdict != tc.want || m.ExitCode != tc.code {
			t.Errorf("got %s (%d), want %s (%d)", m.Verdict, m.ExitCode, tc.want, tc.code)
		}
	}
}

func TestHTMLNeedsNothingAndTrustsNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Build([]*result.Run{testruns.Passing(), testruns.Hostile()}).HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, bad := range []string{"<script", "<img", "http://", "https://", "url("} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"stats.example", "Content-Security-Policy", "Changed in"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
}

// Reports of one version that agree are one column; one that deviates is held
// against its own version, not against the one before.
func TestReportsThatAgreeAreOneColumn(t *testing.T) {
	t.Parallel()
	good := []result.Outcome{result.Passed, result.Passed, result.Passed}
	bad := []result.Outcome{result.Passed, result.Failed, result.Passed}
	old := []result.Outcome{result.Skipped, result.Passed, result.Passed}
	var b Builder
	for _, r := range []struct {
		report, version string
		outcomes        []result.Outcome
	}{{"c-1", "9.5.3", bad}, {"c-2", "9.5.3", good}, {"c-3", "8.14.0", old}, {"c-4", "9.5.3", good}, {"c-5", "8.14.0", old}, {"c-6", "9.6.0", good}} {
		run := run(r.version, r.outcomes...)
		b.Add(run, r.report, func() (*observe.Set, error) { return observe.Of(run), nil })
	}
	m := b.Matrix()
	var names []string
	for _, c := range m.Columns {
		names = append(names, c.Name())
	}
	if got, want := strings.Join(names, ", "), "8.14.0 (2), 9.5.3 (2), 9.5.3 c-1, 9.6.0"; got != want {
		t.Errorf("the columns are %s, want %s", got, want)
	}
	if got := strings.Join(m.Rows[0].Changes, ", "); got != "9.5.3 (2)" {
		t.Errorf("metadata changed in %s", got)
	}
	if got := strings.Join(m.Rows[1].Changes, ", "); got != "9.5.3 c-1" {
		t.Errorf("the error changed in %s", got)
	}
	var steps []string
	for _, s := range m.Steps {
		steps = append(steps, s.From+" to "+s.To)
	}
	if got, want := strings.Join(steps, ", "), "8.14.0 (2) to 9.5.3 (2), 9.5.3 (2) to 9.5.3 c-1, 9.5.3 (2) to 9.6.0"; got != want {
		t.Errorf("the steps are %s, want %s", got, want)
	}
	if m.Reason != "nonconformant on 9.5.3 c-1" || strings.Join(m.Columns[1].Reports, " ") != "c-2 c-4" {
		t.Errorf("got %s, and %v agree", m.Reason, m.Columns[1].Reports)
	}
}

// However many runs of a version were killed, one that came to outcomes is what
// the version says.
func TestReportsWithoutOutcomesDecideNothing(t *testing.T) {
	t.Parallel()
	var b Builder
	for i, r := range []*result.Run{
		run("8.14.0", result.Skipped), notStarted("8.15.0"), notStarted("8.15.0"), run("8.15.0", result.Passed), run("9.5.3", result.Passed),
	} {
		b.Add(r, string(rune('a'+i)), func() (*observe.Set, error) { return observe.Of(r), nil })
	}
	m := b.Matrix()
	if got := strings.Join(m.Rows[0].Changes, ", "); got != "8.15.0" {
		t.Errorf("changed in %s", got)
	}
	if len(m.Steps) != 2 || m.Steps[1].From != "8.15.0" {
		t.Errorf("the steps are %v", m.Steps)
	}
	if m.Reason != "no verdict on 8.15.0 b (2)" {
		t.Errorf("got %s", m.Reason)
	}
}

// Runs that were killed have no requirements, wherever they stand.
func TestReportsOfKilledRunsAgree(t *testing.T) {
	t.Parallel()
	var b Builder
	for i, r := range []*result.Run{run("8.15.0"), run("8.15.0", result.Passed), run("8.15.0")} {
		b.Add(r, string(rune('a'+i)), func() (*observe.Set, error) { return observe.Of(r), nil })
	}
	if m := b.Matrix(); len(m.Columns) != 2 || m.Columns[1].Name() != "8.15.0 a (2)" {
		t.Errorf("got %+v", m.Columns)
	}
}

// Whatever of the run a column shows keeps two reports apart.
func TestReportsThatDisagreeInAnythingAreTwoColumns(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*result.Run){
		"version": func(r *result.Run) { r.Target.Version = "9.5.4" }, "kind": func(r *result.Run) { r.Target.Kind = "url" },
		"is Elasticsearch": func(r *result.Run) { r.Target.IsElasticsearch = false },
		"verdict":          func(r *result.Run) { r.Verdict = result.Inconclusive }, "reason": func(r *result.Run) { r.Reason = "another" },
		"counts": func(r *result.Run) { r.Counts = map[result.Outcome]int{result.Passed: 9} }, "outcome": func(r *result.Run) { r.Requirements[0].Outcome = result.Skipped },
	} {
		var b Builder
		for i, report := range []string{"a", "b", "c"} {
			run := run("9.5.3", result.Passed)
			if i == 2 {
				change(run)
			}
			b.Add(run, report, func() (*observe.Set, error) { return observe.Of(run), nil })
		}
		if m := b.Matrix(); len(m.Columns) != 2 || len(m.Columns[0].Reports) != 2 {
			t.Errorf("%s: got %+v", name, m.Columns)
		}
	}
}

// A step that could not be compared says so, and why.
func TestStepInALine(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Step{
		"a to b: not compared (cut off)":                   {From: "a", To: "b", Doubt: "cut off"},
		"a to b: no unexpected change":                     {From: "a", To: "b"},
		"a to b: no unexpected change; 2 expected":         {From: "a", To: "b", Expected: 2},
		"a to b: unexpected changes: 1 BREAKING (doubted)": {From: "a", To: "b", Unexpected: map[compare.Class]int{compare.Breaking: 1}, Doubt: "doubted"},
	} {
		if got := s.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Versions that each are conformant, but cannot be compared, are no conformant
// matrix: nobody has seen what changed.
func TestDoubtLeavesTheVerdictOpen(t *testing.T) {
	t.Parallel()
	m := &Matrix{
		Columns: []Column{{Version: "8.19.21", Verdict: result.Conformant}, {Version: "9.5.3", Verdict: result.Conformant}},
		Steps:   []Step{{From: "8.19.21", To: "9.5.3", Doubt: "the selections differ"}},
	}
	m.decide()
	if want := "conformant on each version, but 8.19.21 and 9.5.3 cannot be compared: the selections differ"; m.Verdict != result.Inconclusive || m.Reason != want || m.ExitCode != 3 {
		t.Errorf("%s, %q, exit code %d", m.Verdict, m.Reason, m.ExitCode)
	}
}

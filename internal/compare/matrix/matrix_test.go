package matrix

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

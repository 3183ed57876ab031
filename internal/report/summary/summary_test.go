package summary

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files anew")

func write(t *testing.T, run *result.Run) string {
	t.Helper()
	var buf bytes.Buffer
	run.Causes = cause.Of(run)
	if err := Write(&buf, run); err != nil {
		t.Fatal(err)
	}
	if buf.Len() > Limit {
		t.Errorf("%d bytes, more than %d", buf.Len(), Limit)
	}
	return buf.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]*result.Run{
		"passing": testruns.Passing(), "failing": testruns.Failing(),
		"inconclusive": testruns.Inconclusive(), "hostile": testruns.Hostile(),
		"waiver": {Verdict: result.Conformant, Reason: "12 scenarios passed", ExitCode: result.ExitWaiver},
		"empty":  {Verdict: result.Inconclusive, Reason: "nothing ran"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := write(t, run)
			file := filepath.Join("testdata", name+".md")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s differs (run with -update if that is right):\n%s", file, diff)
			}
		})
	}
}

// Requirements that no selected scenario belongs to are none of its business,
// and what has one cause is told once.
func TestSelectionAndCauses(t *testing.T) {
	t.Parallel()
	run := testruns.Large(1000)
	run.Requirements = append(run.Requirements, result.Requirement{ID: "stats.not-selected", Profile: "elsewhere", Outcome: result.NotRun})
	got := write(t, run)
	for _, absent := range []string{"stats.not-selected", "elsewhere"} {
		if strings.Contains(got, absent) {
			t.Errorf("the summary speaks of %s", absent)
		}
	}
	for text, times := range map[string]int{"**20 scenarios**: the count is wrong": 1, "<b>stats.large.case-": 1, "and 17 more.": 1, "- and 1 more requirement\n": 1} {
		if n := strings.Count(got, text); n != times {
			t.Errorf("%q stands there %d times, want %d", text, n, times)
		}
	}
}

// TestBounded gives the writer more of everything than fits.
func TestBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 100, 1500} {
		run := testruns.Large(n)
		for i := range run.Scenarios {
			s := &run.Scenarios[i]
			s.Outcome = result.Failed
			at := 0
			s.Failure = &result.Failure{Message: strings.Repeat("m<", 9000), Expected: strings.Repeat("`", 99999), Actual: strings.Repeat("é", 99999), Exchange: &at}
		}
		for i := range run.Requirements {
			run.Requirements[i].Outcome = result.Failed
			run.Requirements[i].Statement = strings.Repeat("<&", 5000)
			run.Requirements[i].Profile = strings.Repeat("<", 200) + fmt.Sprint(i)
		}
		for i := range n {
			run.Waivers = append(run.Waivers, result.WaiverUse{ID: strings.Repeat("*", 5000), Reason: strings.Repeat("<", 5000), Line: i})
			run.Resources.Leftovers = append(run.Resources.Leftovers, result.Leftover{ID: strings.Repeat("x", 5000), Command: strings.Repeat("`", 5000)})
		}
		run.Reason, run.CutShort = strings.Repeat("<", 9999), strings.Repeat("&", 9999)
		run.Target.ClusterName, run.Target.Version = strings.Repeat("<", 9999), strings.Repeat("<", 9999)
		got := write(t, run)
		if !strings.Contains(got, "more") || !strings.Contains(got, "exit code 1") {
			t.Errorf("%d scenarios: neither what was left out nor the foot is there", n)
		}
	}
}

func TestEscapes(t *testing.T) {
	t.Parallel()
	got := write(t, testruns.Hostile())
	fence := ""
	for i, line := range strings.Split(got, "\n") {
		trimmed := strings.TrimLeft(line, "`")
		ticks := line[:len(line)-len(trimmed)]
		switch {
		case fence == "" && len(ticks) >= 3 && trimmed == "":
			fence = ticks
		case fence != "" && line == fence:
			fence = ""
		case fence == "":
			outside := line
			for _, part := range strings.Split(line, "``") { // spans of code
				outside = strings.Replace(outside, "``"+part+"``", "", 1)
			}
			for _, bad := range []string{"<script", "<img", "@everyone"} {
				if strings.Contains(outside, bad) {
					t.Errorf("line %d holds %s: %s", i+1, bad, line)
				}
			}
		}
		if strings.ContainsAny(line, "\x00\x1b\u2028") {
			t.Errorf("line %d holds a control character: %q", i+1, line)
		}
	}
	if fence != "" {
		t.Error("a block of code does not end")
	}
}

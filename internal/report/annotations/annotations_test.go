package annotations

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

func annotate(t *testing.T, run *result.Run) []string {
	t.Helper()
	var buf bytes.Buffer
	run.Causes = cause.Of(run)
	if err := Annotate(&buf, run, "waivers.yaml"); err != nil {
		t.Fatal(err)
	}
	if buf.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(buf.String(), "\n"), "\n")
}

func TestAnnotate(t *testing.T) {
	t.Parallel()
	const file = "file=features/sync_job_stats/stats.feature,"
	for _, tt := range []struct {
		name string
		run  *result.Run
		want []string
	}{
		{"passing", testruns.Passing(), nil},
		{"failing", testruns.Failing(), []string{
			"::error " + file + "line=22,title=stats.last-seen.defaults-to-now::last_seen is not the time of the update%0Aexpected: /last_seen at or after /created_at (2026-11-23T10:00:01.120Z) and before the next check-in (10:00:01.164Z)%0Aactual: /last_seen 2023-01-02T10:00:00.000Z",
			"::error " + file + `line=22,title=stats.update.whole-document::the stored sync job changed where it must not%0Aexpected: {%0A  "deleted_document_count": 10,%0A  "indexed_document_count": 20,%0A  "status": "pending"%0A}%0Aactual: {%0A  "deleted_document_count": 20,%0A  "indexed_document_count": 10,%0A  "status": "pending"%0A}`,
			"::error " + file + `line=22,title=stats.concurrency.eight-writers::the stored sync job is a mix of two bodies%0Aexpected: {"deleted_document_count":3,"indexed_document_count":3}%0Aactual: {"deleted_document_count":3,"indexed_document_count":5}`,
			"::warning " + file + `line=9,title=stats.search.visible-at-once::create connector esconform-7f3a-9: got 429 {"error":"too many requests"}, want 201 with an id`,
			"::error file=waivers.yaml,line=9,title=esconform%3A waiver stale::waiver of stats.example is stale: its scenario passes now: remove it",
		}},
		{"inconclusive", testruns.Inconclusive(), []string{"::error title=esconform%3A inconclusive::the run was cut short: interrupted"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, annotate(t, tt.run)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnnotateIsBounded(t *testing.T) {
	t.Parallel()
	run := testruns.Large(1000) // 20 of them failed
	run.Verdict = result.Inconclusive
	for i := range run.Scenarios {
		s := &run.Scenarios[i]
		if s.Failure != nil { // each for a cause of its own
			s.Failure.Call = "GET /" + s.ID
		}
		if i%50 == 0 && i < 15*50 {
			s.Outcome, s.Reason = result.Error, "error of "+s.ID
		}
	}
	for range 3 {
		run.Waivers = append(run.Waivers, result.WaiverUse{State: "expired"})
	}
	kinds := map[string]int{}
	lines := annotate(t, run)
	for _, l := range lines {
		kind, _, _ := strings.Cut(l, " ")
		kinds[kind]++
	}
	if kinds["::error"] != maxAnnotations || kinds["::warning"] != maxAnnotations {
		t.Errorf("%v, want %d of each", kinds, maxAnnotations)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{"15 more causes of failures", "6 more causes of errors"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

// What has one cause is one annotation, which says how much there is.
func TestAnnotateCauses(t *testing.T) {
	t.Parallel()
	lines := annotate(t, testruns.Large(1000))
	if len(lines) != 1 || !strings.Contains(lines[0], "title=stats.large.case-") || !strings.HasSuffix(lines[0], "%0Athe same in 19 more scenarios") {
		t.Errorf("got %s", lines)
	}
}

// TestAnnotateHostile gives texts that try to be commands of their own.
func TestAnnotateHostile(t *testing.T) {
	t.Parallel()
	lines := annotate(t, testruns.Hostile())
	if len(lines) != 2 {
		t.Fatalf("%d commands, want 2:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "::error file=") || strings.ContainsAny(l, "\r\x1b\x00") || strings.Contains(l, "x%0A]]") {
			t.Errorf("not escaped: %q", l)
		}
	}
}

func TestActive(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"true": true, "": false, "false": false} {
		if got := Active(func(string) string { return value }); got != want {
			t.Errorf("GITHUB_ACTIONS=%q: %v", value, got)
		}
	}
}

func TestAppendSummary(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(file, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"GITHUB_STEP_SUMMARY": file}[name] }
	if err := AppendSummary(env, testruns.Passing()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(got), "before\n") || !strings.Contains(string(got), "Conformant") {
		t.Errorf("summary is %q", got)
	}
	if err := AppendSummary(func(string) string { return "" }, testruns.Passing()); err != nil {
		t.Errorf("without the variable: %v", err)
	}
	bad := func(string) string { return filepath.Join(file, "no", "folder") }
	if err := AppendSummary(bad, testruns.Passing()); err == nil || !strings.Contains(err.Error(), "summary of the job") {
		t.Errorf("got %v", err)
	}
}

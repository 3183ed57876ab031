package fleet

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/esconform/esconform/internal/merge"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

func base(t *testing.T) *Base {
	t.Helper()
	dir := t.TempDir()
	if err := report.Write(dir, testruns.Passing()); err != nil {
		t.Fatal(err)
	}
	b, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is made are reports as runs write them: merge takes all of the shards.
func TestShardsAreMerged(t *testing.T) {
	t.Parallel()
	b, dir := base(t), t.TempDir()
	if err := b.Shards(dir, 3); err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for n := range 3 {
		dirs = append(dirs, filepath.Join(dir, fmt.Sprintf("part-%d", n)))
	}
	run, err := merge.Merge(dirs)
	if err != nil || run.Verdict != b.run.Verdict || !maps.Equal(run.Counts, b.run.Counts) || len(run.Requirements) != len(b.run.Requirements) {
		t.Errorf("got %+v, %v", run, err)
	}
}

func TestClusters(t *testing.T) {
	t.Parallel()
	b := base(t)
	for bad := range 3 {
		dir := filepath.Join(t.TempDir(), "cluster")
		if err := b.Cluster(dir, bad, "9.5.2", bad, rand.New(rand.NewPCG(1, 1))); err != nil {
			t.Fatal(err)
		}
		run, err := report.Head(dir)
		if err != nil {
			t.Fatal(err)
		}
		set, err := observe.ReadFile(filepath.Join(dir, observe.File))
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, sc := range set.Scenarios {
			if sc.Outcome == result.Failed {
				failed++
			}
		}
		if run.CutShort != "" || run.Target.Version != "9.5.2" || run.Counts[result.Failed] != bad || failed != bad || (run.Verdict == result.Conformant) != (bad == 0) {
			t.Errorf("%d bad: %s, %v, %d are observed to have failed; cut short: %q", bad, run.Verdict, run.Counts, failed, run.CutShort)
		}
	}
}

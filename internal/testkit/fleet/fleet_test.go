package fleet

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// The simulation sends what the run sent, whatever it is spread over, and is
// the same every time.
func TestSimulation(t *testing.T) {
	t.Parallel()
	b := base(t)
	b.run.Traffic = result.Traffic{}
	for i := range b.run.Scenarios {
		b.run.Scenarios[i].Sent = result.Sent{Requests: 10, Writes: 4}
		b.run.Traffic.Add(b.run.Scenarios[i])
	}
	b.run.Traffic.Outside = result.Sent{Requests: 9, Writes: 5}
	n := len(b.run.Scenarios)
	for _, tc := range []struct {
		m                Model
		requests, writes int
	}{
		{Model{Clusters: 3, Shards: 1, Pods: 2, Slots: 8}, 10*n + 9 + fixed, 4*n + 5 + fixed/4},
		{Model{Clusters: 3, Shards: 2, Pods: 2, Slots: 1}, 10*n + 9 + 2*fixed, 4*n + 5 + 2*(fixed/4)},
		{Model{Clusters: 1, Shards: 1, Pods: 100, Slots: 1, Slow: 2}, 10*n + 9 + fixed, 4*n + 5 + fixed/4},
	} {
		tc.m.Read, tc.m.Write, tc.m.Start = time.Millisecond, 10*time.Millisecond, time.Second
		var got, again strings.Builder
		b.Simulate(&got, tc.m)
		b.Simulate(&again, tc.m)
		want := fmt.Sprintf("a cluster gets %d requests, %d of them writes", tc.requests, tc.writes)
		if !strings.Contains(got.String(), want) || got.String() != again.String() || !strings.Contains(got.String(), "; 0 pods lost") {
			t.Errorf("%+v: want %s, twice; got\n%s%s", tc.m, want, got.String(), again.String())
		}
	}
	var got strings.Builder
	b.Simulate(&got, Model{Clusters: 40, Shards: 1, Pods: 1, Slots: 1, Lost: 1, Read: 1, Write: 1, Start: 1})
	if !strings.Contains(got.String(), "; 40 pods lost") {
		t.Errorf("every pod is to be lost once: %s", got.String())
	}
}

// Costs are found again where they explain all of the time.
func TestCosts(t *testing.T) {
	t.Parallel()
	b := base(t)
	for i := range b.run.Scenarios {
		sc := &b.run.Scenarios[i]
		sc.Sent = result.Sent{Requests: 5 + i, Writes: 2 + i%2}
		sc.ServerMS = 2*float64(sc.Requests-sc.Writes) + 20*float64(sc.Writes)
	}
	read, write := b.Costs()
	if read.Round(time.Microsecond) != 2*time.Millisecond || write.Round(time.Microsecond) != 20*time.Millisecond {
		t.Errorf("a read takes %v, a write %v, want 2 and 20 ms", read, write)
	}
}

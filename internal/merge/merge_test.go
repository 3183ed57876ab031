package merge

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

// whole is a run as one process would have made it.
func whole() *result.Run {
	run := testruns.Large(40)
	for i := range run.Scenarios {
		run.Scenarios[i].File = fmt.Sprintf("features/f%d/a.feature", i/10)
		run.Scenarios[i].Line = i + 1
	}
	Conclude(run)
	return run
}

// split deals the scenarios of a run out to shards.
func split(run *result.Run, count int) []*result.Run {
	shards := make([]*result.Run, count)
	for s := range shards {
		part := *run
		part.RunID = fmt.Sprintf("7f3%d", s)
		part.Selection.Shard = fmt.Sprintf("%d/%d", s+1, count)
		part.Started = run.Started.Add(time.Duration(s) * time.Second)
		part.DurationMS = 1000
		part.Resources = result.Resources{Created: 10, Deleted: 10}
		part.Scenarios = nil
		for i, sc := range run.Scenarios {
			if i%count == s {
				part.Scenarios = append(part.Scenarios, sc)
			}
		}
		Conclude(&part)
		shards[s] = &part
	}
	return shards
}

// write writes reports and journals as shards leave them.
func write(t *testing.T, runs []*result.Run) []string {
	t.Helper()
	dirs := make([]string, len(runs))
	for i, run := range runs {
		dirs[i] = filepath.Join(t.TempDir(), fmt.Sprintf("shard-%d", i+1))
		if err := os.MkdirAll(dirs[i], 0o755); err != nil {
			t.Fatal(err)
		}
		if err := report.Write(dirs[i], run); err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(filepath.Join(dirs[i], report.JournalFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := report.NewJournal(file, *run).End(run); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dirs
}

func TestShardsMakeTheReportOfOneRun(t *testing.T) {
	t.Parallel()
	want := whole()
	dirs := write(t, split(want, 4))
	slices.Reverse(dirs) // the order in which they are given says nothing
	got, err := Merge(dirs)
	if err != nil {
		t.Fatal(err)
	}
	if got.RunID != "7f30,7f31,7f32,7f33" || got.Selection.Shard != "" || got.DurationMS != 4000 || got.Resources.Created != 40 {
		t.Errorf("got run %s, shard %q, %v ms, %d created", got.RunID, got.Selection.Shard, got.DurationMS, got.Resources.Created)
	}
	got.RunID, got.DurationMS, got.Resources = want.RunID, want.DurationMS, want.Resources
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the merged report differs:\n%s", diff)
	}
}

// Shards have only a part of the exchanges in their reports. What was observed
// in all of them stands beside, and is the merged run's.
func TestShardsOfCappedEvidence(t *testing.T) {
	t.Parallel()
	full := whole()
	for i := range full.Scenarios {
		sc := &full.Scenarios[i]
		sc.Exchanges = slices.Repeat(sc.Exchanges, 2)
		sc.Sent = result.Sent{Requests: len(sc.Exchanges), Writes: 1}
	}
	runs := split(full, 2)
	for _, run := range runs {
		run.Traffic = result.Traffic{Sent: result.Sent{Requests: 7, Writes: 3}}
		o := observe.NewObserver(run.RunID, run.Started)
		for i, sc := range run.Scenarios {
			run.Scenarios[i] = sc.Capped()
			run.Scenarios[i].Observed = o.Observe(&sc)
		}
		run.Masked = o.Masked()
	}
	dirs := write(t, runs)
	got, err := Merge(dirs)
	if err != nil {
		t.Fatal(err)
	}
	if got.Traffic.Requests != 14 || got.Traffic.Writes != 6 {
		t.Errorf("sent %+v", got.Traffic)
	}
	full.RunID = got.RunID
	var all, merged bytes.Buffer
	if err := errors.Join(observe.Write(&all, full), observe.Write(&merged, got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all.String(), merged.String()); diff != "" {
		t.Errorf("what was observed differs:\n%s", diff)
	}
	if err := os.Remove(filepath.Join(dirs[1], observe.File)); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(dirs); err == nil || !strings.Contains(err.Error(), "is not beside it") {
		t.Errorf("without observations: %v", err)
	}
}

func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		change     func([]*result.Run) []*result.Run
	}{
		{"none", "none are given", func([]*result.Run) []*result.Run { return nil }},
		{"a missing shard", "of 3 shards 2/3 is missing", func(r []*result.Run) []*result.Run { return []*result.Run{r[0], r[2]} }},
		{"two missing shards", "of 3 shards 2/3, 3/3 are missing", func(r []*result.Run) []*result.Run { return r[:1] }},
		{"a shard twice", "are both shard 1/3", func(r []*result.Run) []*result.Run { return []*result.Run{r[0], r[0], r[1], r[2]} }},
		{"a whole run", "it is the report of a whole run", func(r []*result.Run) []*result.Run { r[1].Selection.Shard = ""; return r }},
		{"parts of another whole", "they are parts of different wholes", func(r []*result.Run) []*result.Run { r[1].Selection.Shard = "2/4"; return r }},
		{"another suite", "the suite is 0123456789ab and ffffffffffff", func(r []*result.Run) []*result.Run { r[1].Suite.Digest = "ffffffffffff"; return r }},
		{"another version of the program", "the version of esconform is 0.1.0 and 0.2.0", func(r []*result.Run) []*result.Run { r[1].Suite.Version = "0.2.0"; return r }},
		{"another cluster", "the target is url at https://es.example.org:9200", func(r []*result.Run) []*result.Run { r[1].Target.URL = "https://other:9200"; return r }},
		{"another version", "version 9.5.2", func(r []*result.Run) []*result.Run { r[1].Target.Version = "9.5.2"; return r }},
		{"another selection", "the selection is everything and --profile documented", func(r []*result.Run) []*result.Run { r[1].Selection.Profiles = []string{"documented"}; return r }},
		{"another number of repeats", "--repeat is 1 and 2", func(r []*result.Run) []*result.Run { r[1].Repeat = 2; return r }},
		{"a shard cut short", "was cut short", func(r []*result.Run) []*result.Run { r[1].CutShort = "interrupted"; return r }},
		{"a scenario in two shards", "scenario stats.large.case-0000 is in ", func(r []*result.Run) []*result.Run {
			r[1].Scenarios = append(r[1].Scenarios, r[0].Scenarios[0])
			return r
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Merge(write(t, tc.change(split(whole(), 3))))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %v", err)
			}
		})
	}
}

func TestMergeRefusesAShardThatWasKilled(t *testing.T) {
	t.Parallel()
	dirs := write(t, split(whole(), 2))
	journal := filepath.Join(dirs[1], report.JournalFile)
	for _, tc := range []struct{ name, content, want string }{
		{"no last line", `{"type":"run","run":{"run_id":"7f31"}}` + "\n", "has no last line"},
		{"half a line", `{"type":"run","run":{"run_id":"7f31"}}` + "\n" + `{"type":"scen`, "has no last line"},
		{"an empty journal", "", "has no last line"},
		{"the journal of another run", `{"type":"run","run":{"run_id":"ffff"}}` + "\n" + `{"type":"end"}` + "\n", "is of run ffff and the report beside it of run 7f31"},
	} {
		if err := os.WriteFile(journal, []byte(tc.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Merge(dirs); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
		if end, err := report.JournalEnd(dirs[1]); err != nil || end.Whole != strings.Contains(tc.content, `"end"`) {
			t.Errorf("%s: the journal's end is %+v, %v", tc.name, end, err)
		}
	}
	if err := os.Remove(filepath.Join(dirs[1], report.JSONFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(dirs); err == nil || !strings.Contains(err.Error(), "give the folders that --out of each shard named") {
		t.Errorf("without a report: got %v", err)
	}
}

func TestWaiversOfShardsAddUp(t *testing.T) {
	t.Parallel()
	runs := split(whole(), 2)
	runs[0].Waivers = []result.WaiverUse{{Line: 4, ID: "a", State: "not_applicable", Why: "not all of its scenarios were selected"}, {Line: 9, ID: "b", State: "used", Scenarios: []string{"x"}}}
	runs[1].Waivers = []result.WaiverUse{{Line: 4, ID: "a", State: "expired", Scenarios: []string{"z"}}, {Line: 9, ID: "b", State: "used", Scenarios: []string{"y"}}}
	var got []string
	for _, u := range waivers([]Shard{{Run: runs[0]}, {Run: runs[1]}}) {
		got = append(got, fmt.Sprint(u.ID, " ", u.State, " ", u.Scenarios))
	}
	if want := "a expired [z]; b used [x y]"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "; "), want)
	}
}

func TestFoldersAndGeneratedUpdatesKeepTheirPlace(t *testing.T) {
	t.Parallel()
	scenario := func(id, file string, line int, o result.Outcome) result.Scenario {
		return result.Scenario{ID: id, File: file, Line: line, Outcome: o}
	}
	a := &result.Run{Selection: result.Selection{Features: []string{"extra"}}, Scenarios: []result.Scenario{
		scenario("1", "features/a/z.feature", 9, result.Passed), scenario("4", "extra/a.feature", 1, result.Passed), scenario("explore.stats-laws", "internal/explore", 1, result.Passed),
	}}
	b := &result.Run{Selection: a.Selection, Scenarios: []result.Scenario{
		scenario("3", "features/a-b/a.feature", 1, result.Passed), scenario("2", "features/a/z.feature", 10, result.Passed), scenario("explore.stats-laws", "internal/explore", 1, result.Failed),
	}}
	list, err := scenarios([]Shard{{Dir: "a", Run: a}, {Dir: "b", Run: b}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, sc := range list {
		got = append(got, sc.ID)
	}
	if want := "1 2 3 4 explore.stats-laws"; strings.Join(got, " ") != want || list[4].Outcome != result.Failed {
		t.Errorf("got %q with %s, want %q with the failed one", strings.Join(got, " "), list[4].Outcome, want)
	}
}

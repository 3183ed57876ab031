package waiver

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
)

var (
	lastDay = time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)
	dayLate = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	v953    = esversion.MustParse("9.5.3")
)

// suiteKnown is the suite that the tests of Apply run parts of.
var suiteKnown = Known{
	Scenarios:    map[string][]string{"a.one": {"req.a"}, "a.two": {"req.a"}, "b.out/x": {"req.b"}, "b.out/y": {"req.b"}},
	Requirements: []string{"req.a", "req.b"},
}

// run builds a run from pairs such as "a.one failed".
func run(verdict result.Verdict, pairs ...string) *result.Run {
	r := &result.Run{Verdict: verdict}
	for _, p := range pairs {
		id, outcome, _ := strings.Cut(p, " ")
		s := result.Scenario{ID: id, Requirements: suiteKnown.Scenarios[id], Outcome: result.Outcome(outcome)}
		if s.Outcome == result.Flaky {
			s.Attempts = []result.Attempt{{Outcome: result.Passed, Count: 2}, {Outcome: result.Failed, Count: 1}}
		}
		r.Scenarios = append(r.Scenarios, s)
	}
	return r
}

func outcomes(r *result.Run) string {
	var out []string
	for _, s := range r.Scenarios {
		out = append(out, string(s.Outcome))
	}
	return strings.Join(out, " ")
}

func parse(t *testing.T, entries string) *List {
	t.Helper()
	list, err := Parse("w.yaml", []byte("waivers:\n"+entries))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestApply(t *testing.T) {
	t.Parallel()
	const end = ", reason: known, owner: me, expires: 2026-12-31}\n"
	const conformant, nonconformant, inconclusive = result.Conformant, result.Nonconformant, result.Inconclusive
	for _, tt := range []struct {
		name     string
		waivers  string
		run      *result.Run
		sel      result.Selection
		version  esversion.Version
		today    time.Time
		outcomes string
		state    string
		why      string
		verdict  result.Verdict // computed from the outcomes by the caller
		exit     int
	}{
		{name: "scenario", waivers: "- {id: a.one" + end, run: run("", "a.one failed", "a.two passed"), outcomes: "waived passed", state: Used, verdict: conformant},
		{name: "requirement covers all its scenarios", waivers: "- {id: req.a" + end, run: run("", "a.one failed", "a.two failed", "b.out/x passed", "b.out/y passed"), outcomes: "waived waived passed passed", state: Used, verdict: conformant},
		{name: "outline covers its rows", waivers: "- {id: b.out" + end, run: run("", "b.out/x failed", "b.out/y failed"), outcomes: "waived waived", state: Used, verdict: conformant},
		{name: "glob", waivers: "- {id: 'a.*'" + end, run: run("", "a.one failed", "b.out/x failed"), outcomes: "waived failed", state: Used, verdict: nonconformant, exit: 1},
		{name: "question mark", waivers: "- {id: 'a.t?o'" + end, run: run("", "a.one failed", "a.two failed"), outcomes: "failed waived", state: Used, verdict: nonconformant, exit: 1},
		{name: "setup errors cannot be waived", waivers: "- {id: a.one" + end, run: run("", "a.one error"), outcomes: "error", state: NotApplicable, why: "1 of its scenarios ended in error", verdict: inconclusive, exit: 3},
		{name: "flaky needs intermittent", waivers: "- {id: a.one" + end, run: run("", "a.one flaky"), outcomes: "flaky", state: NotApplicable, why: "intermittent: true", verdict: nonconformant, exit: 1},
		{name: "intermittent covers flaky", waivers: "- {id: a.one, intermittent: true" + end, run: run("", "a.one flaky"), outcomes: "waived", state: Used, verdict: conformant},
		{name: "intermittent is not stale", waivers: "- {id: a.one, intermittent: true" + end, run: run("", "a.one passed"), outcomes: "passed", state: NotApplicable, why: "passed this time", verdict: conformant},
		{name: "passes now", waivers: "- {id: a.one" + end, run: run("", "a.one passed"), outcomes: "passed", state: Stale, why: "its scenario passes now", verdict: conformant, exit: 4},
		{name: "all pass now", waivers: "- {id: req.a" + end, run: run("", "a.one passed", "a.two passed"), outcomes: "passed passed", state: Stale, why: "its 2 scenarios pass now", verdict: conformant, exit: 4},
		{name: "one of two still fails", waivers: "- {id: req.a" + end, run: run("", "a.one passed", "a.two failed"), outcomes: "passed waived", state: Used, verdict: conformant},
		{name: "one of two undecided", waivers: "- {id: req.a" + end, run: run("", "a.one passed", "a.two error"), outcomes: "passed error", state: NotApplicable, why: "ended in error", verdict: inconclusive, exit: 3},
		{name: "passes where it applies", waivers: "- {id: req.a" + end, run: run("", "a.one passed", "a.two skipped"), outcomes: "passed skipped", state: Stale, verdict: conformant, exit: 4},
		{name: "skipped", waivers: "- {id: a.one" + end, run: run("", "a.one skipped"), outcomes: "skipped", state: NotApplicable, why: "skipped", verdict: conformant},
		{name: "left out by a selection", waivers: "- {id: a.one" + end, run: run("", "b.out/x passed"), sel: result.Selection{IDs: []string{"b.*"}}, outcomes: "passed", state: NotApplicable, why: "selected", verdict: conformant},
		{name: "half left out by a shard", waivers: "- {id: req.a" + end, run: run("", "a.one passed"), sel: result.Selection{Shard: "1/2"}, outcomes: "passed", state: NotApplicable, why: "selected", verdict: conformant},
		{name: "wildcard without any scenario", waivers: "- {id: 'c.*'" + end, run: run("", "a.one passed"), sel: result.Selection{Tags: "@x"}, outcomes: "passed", state: Stale, why: "no scenario or requirement has such an id", verdict: conformant, exit: 4},
		{name: "inside the range", waivers: "- {id: a.one, versions: '>= 9.0'" + end, run: run("", "a.one failed"), outcomes: "waived", state: Used, verdict: conformant},
		{name: "outside the range", waivers: "- {id: a.one, versions: '< 9.0'" + end, run: run("", "a.one failed"), outcomes: "failed", state: NotApplicable, why: "holds for < 9.0 only, and the target is 9.5.3", verdict: nonconformant, exit: 1},
		{name: "outside the range and passing", waivers: "- {id: a.one, versions: '< 9.0'" + end, run: run("", "a.one passed"), outcomes: "passed", state: NotApplicable, verdict: conformant},
		{name: "snapshot", waivers: "- {id: a.one, versions: '>= 9.6.0'" + end, run: run("", "a.one failed"), version: esversion.MustParse("9.6.0-SNAPSHOT"), outcomes: "waived", state: Used, verdict: conformant},
		{name: "expired", waivers: "- {id: a.one" + end, run: run("", "a.one failed", "a.two passed"), today: dayLate, outcomes: "failed passed", state: Expired, why: "its last day was 2026-12-31", verdict: nonconformant, exit: 4},
		{name: "expired beside another failure", waivers: "- {id: a.one" + end, run: run("", "a.one failed", "a.two failed"), today: dayLate, outcomes: "failed failed", state: Expired, verdict: nonconformant, exit: 1},
		{name: "expired and passing", waivers: "- {id: a.one" + end, run: run("", "a.one passed"), today: dayLate, outcomes: "passed", state: Expired, verdict: conformant, exit: 4},
		{name: "never expires", waivers: "- {id: a.one, reason: known, owner: me, expires: never, versions: '< 9.6'}\n", run: run("", "a.one failed", "a.two passed"), today: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), outcomes: "waived passed", state: Used, verdict: conformant},
		{name: "stale beside a failure", waivers: "- {id: a.one" + end, run: run("", "a.one passed", "a.two failed"), outcomes: "passed failed", state: Stale, verdict: nonconformant, exit: 1},
		{name: "stale in an inconclusive run", waivers: "- {id: a.one" + end, run: run("", "a.one passed", "a.two error"), outcomes: "passed error", state: Stale, verdict: inconclusive, exit: 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := parse(t, tt.waivers)
			if err := list.Check(suiteKnown); err != nil {
				t.Fatal(err)
			}
			version, today := tt.version, tt.today
			if !version.Known() {
				version = v953
			}
			if today.IsZero() {
				today = lastDay
			}
			tt.run.Selection = tt.sel
			// A second time must change nothing: merged runs are judged again.
			for range 2 {
				list.Apply(tt.run, version, today)
				tt.run.Verdict = tt.verdict
				if got := outcomes(tt.run); got != tt.outcomes {
					t.Errorf("outcomes %q, want %q", got, tt.outcomes)
				}
				use := tt.run.Waivers[0]
				if use.State != tt.state || !strings.Contains(use.Why, tt.why) {
					t.Errorf("waiver is %s (%s), want %s (%s)", use.State, use.Why, tt.state, tt.why)
				}
				if got := Exit(tt.run); got != tt.exit {
					t.Errorf("exit %d, want %d", got, tt.exit)
				}
			}
		})
	}
}

func TestApplyUnknownVersion(t *testing.T) {
	t.Parallel()
	list := parse(t, "- {id: a.one, versions: '>= 1.0', reason: r, owner: o, expires: 2026-12-31}\n")
	r := run(result.Nonconformant, "a.one failed")
	list.Apply(r, esversion.Version{}, lastDay)
	if got := outcomes(r); got != "failed" {
		t.Errorf("outcome %s: a waiver for certain versions must not cover a target of unknown version", got)
	}
}

func TestApplySaysWhy(t *testing.T) {
	t.Parallel()
	list := parse(t, "- {id: a.one, reason: known, owner: me, expires: 2026-12-31, link: https://example.org/1}\n")
	r := run("", "a.one failed")
	list.Apply(r, v953, lastDay)
	if got, want := r.Scenarios[0].Reason, "known (w.yaml:2, owner me, until 2026-12-31, https://example.org/1)"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
	want := []result.WaiverUse{{Line: 2, ID: "a.one", Reason: "known", Link: "https://example.org/1", Owner: "me",
		Expires: "2026-12-31", State: Used, Scenarios: []string{"a.one"}}}
	if diff := cmp.Diff(want, r.Waivers); diff != "" {
		t.Error(diff)
	}
}

func TestApplyWithoutCheck(t *testing.T) {
	t.Parallel()
	list := parse(t, "- {id: c.gone, reason: r, owner: o, expires: 2026-12-31}\n")
	r := run(result.Conformant, "a.one passed")
	list.Apply(r, v953, lastDay)
	if r.Waivers[0].State != Stale {
		t.Errorf("whole run: %+v, want stale", r.Waivers[0])
	}
	r.Selection.Tags = "@documented"
	list.Apply(r, v953, lastDay)
	if r.Waivers[0].State != NotApplicable {
		t.Errorf("selection: %+v, want not_applicable", r.Waivers[0])
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	list := parse(t, "- {id: a.one, reason: r, owner: o, expires: 2026-12-31}\n- {id: a.two, reason: r, owner: o, expires: 2026-01-31}\n")
	r := run(result.Conformant, "a.one passed", "a.two passed")
	list.Apply(r, v953, lastDay)
	want := []string{
		"w.yaml:2: waiver of a.one is stale: its scenario passes now: remove it",
		"w.yaml:3: waiver of a.two is expired: its last day was 2026-01-31: renew it or remove it",
	}
	if diff := cmp.Diff(want, list.Problems(r)); diff != "" {
		t.Error(diff)
	}
}

// A waiver of a requirement covers what is held against it, and nothing else:
// neither failures of its scenarios that are held against another requirement,
// nor, because of these, is it stale.
func TestApplyHeedsBlame(t *testing.T) {
	t.Parallel()
	list, err := Parse("w.yaml", []byte("waivers:\n- {id: req.a, reason: r, owner: o, expires: 2027-01-31}\n"))
	if err != nil {
		t.Fatal(err)
	}
	failed := func(id string, reqs, blames []string) result.Scenario {
		return result.Scenario{ID: id, Requirements: reqs, Blames: blames, Outcome: result.Failed}
	}
	run := &result.Run{Scenarios: []result.Scenario{
		failed("its own", []string{"req.a", "req.b"}, []string{"req.a"}),
		failed("held against another", []string{"req.a", "req.b"}, []string{"req.b"}),
		failed("another's, held against it", []string{"req.b"}, []string{"req.a"}),
	}}
	list.Apply(run, esversion.Version{}, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for i, want := range []result.Outcome{result.Waived, result.Failed, result.Waived} {
		if got := run.Scenarios[i].Outcome; got != want {
			t.Errorf("%s: %s, want %s", run.Scenarios[i].ID, got, want)
		}
	}
	run.Scenarios = run.Scenarios[1:2]
	list.Apply(run, esversion.Version{}, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if use := run.Waivers[0]; use.State != NotApplicable {
		t.Errorf("the waiver is %s: %s", use.State, use.Why)
	}
}

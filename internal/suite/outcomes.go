package suite

import (
	"slices"
	"sync"

	"github.com/esconform/esconform/internal/result"
)

// outcomes gathers results as scenarios end. It is safe for concurrent use.
type outcomes struct {
	evidence
	mu         sync.Mutex
	onEnd      func(result.Scenario)
	onScenario func(result.Scenario)
	byCase     map[*Case]*tally
	suspects   map[*Case]result.Scenario
	left       budget
}

// tally is what became of the runs of one scenario: of each outcome the first
// run, with its evidence, and how often it came.
type tally struct {
	first    map[result.Outcome]result.Scenario
	attempts []result.Attempt
}

func newOutcomes(e evidence, onEnd, onScenario func(result.Scenario)) *outcomes {
	return &outcomes{evidence: e, onEnd: onEnd, onScenario: onScenario, byCase: map[*Case]*tally{}, suspects: map[*Case]result.Scenario{}, left: maxTexts}
}

// add takes over a scenario that has ended. A failure with what was lent is a
// suspect: what others sent before may have shown its effect only then, which no
// look at it can foresee. It counts unless the scenario fails again without.
func (o *outcomes) add(c *Case, res result.Scenario) {
	if !o.repeated {
		res = o.kept(res)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.onEnd != nil {
		o.onEnd(res)
	}
	if res.Outcome == result.Failed {
		if res.Leased > 0 {
			o.suspects[c] = res
			return
		}
		delete(o.suspects, c) // this one has evidence of its own
	}
	o.count(c, res)
}

// suspected are those of these cases that are to run again.
func (o *outcomes) suspected(cases []*Case) []*Case {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(cases), func(c *Case) bool { _, is := o.suspects[c]; return !is })
}

// settle counts what did not fail again.
func (o *outcomes) settle(cases []*Case) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range cases {
		if res, is := o.suspects[c]; is {
			o.count(c, res)
		}
	}
	clear(o.suspects)
}

func (o *outcomes) count(c *Case, res result.Scenario) {
	o.left.spend(res.Failure)
	if o.onScenario != nil {
		o.onScenario(o.shown(res))
	}
	t := o.byCase[c]
	if t == nil {
		t = &tally{first: map[result.Outcome]result.Scenario{}}
		o.byCase[c] = t
	}
	if _, seen := t.first[res.Outcome]; !seen {
		t.first[res.Outcome] = res
		t.attempts = append(t.attempts, result.Attempt{
			Outcome: res.Outcome, Count: 1, DurationMS: res.DurationMS, Failure: res.Failure, Exchanges: res.Exchanges,
		})
		return
	}
	for i := range t.attempts {
		if t.attempts[i].Outcome == res.Outcome {
			t.attempts[i].Count++
		}
	}
}

// list returns one result for each case. A case that nothing is known of was
// not run, and cut says why.
func (o *outcomes) list(cases []*Case, cut string) []result.Scenario {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]result.Scenario, 0, len(cases))
	for _, c := range cases {
		if t := o.byCase[c]; t != nil {
			out = append(out, o.kept(t.result()))
			continue
		}
		res := c.result()
		res.Outcome, res.Reason = result.NotRun, "the run ended before it: "+cut
		if cut == "" {
			res.Reason = "the runner never came to it; this is a defect of esconform"
		}
		out = append(out, res)
	}
	return out
}

// result joins the runs of one scenario. Passing and failing in one run is
// flaky; an error or an interruption hides behind no other outcome than a
// failure.
func (t *tally) result() result.Scenario {
	_, passed := t.first[result.Passed]
	failed, hasFailed := t.first[result.Failed]
	if passed && hasFailed {
		failed.Outcome = result.Flaky
		failed.Reason = "passed and failed in one run"
		failed.Attempts = t.attempts
		return failed
	}
	for _, o := range []result.Outcome{result.Failed, result.Error, result.NotRun, result.Passed, result.Skipped} {
		if res, ok := t.first[o]; ok {
			if len(t.attempts) > 1 {
				res.Attempts = t.attempts
			}
			return res
		}
	}
	return result.Scenario{}
}

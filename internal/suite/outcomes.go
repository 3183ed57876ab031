package suite

import (
	"sync"

	"github.com/esconform/esconform/internal/result"
)

// outcomes gathers results as scenarios end. It is safe for concurrent use.
type outcomes struct {
	evidence
	mu         sync.Mutex
	onScenario func(result.Scenario)
	byCase     map[*Case]*tally
	left       budget
}

// tally is what became of the runs of one scenario: of each outcome the first
// run, with its evidence, and how often it came.
type tally struct {
	first    map[result.Outcome]result.Scenario
	attempts []result.Attempt
}

func newOutcomes(e evidence, onScenario func(result.Scenario)) *outcomes {
	return &outcomes{evidence: e, onScenario: onScenario, byCase: map[*Case]*tally{}, left: maxTexts}
}

func (o *outcomes) add(c *Case, res result.Scenario) {
	if !o.repeated {
		res = o.kept(res)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
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

// has reports whether a scenario has had an outcome.
func (o *outcomes) has(c *Case, outcome result.Outcome) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.byCase[c]
	if t == nil {
		return false
	}
	_, had := t.first[outcome]
	return had
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

package suite

import (
	"testing"
	"time"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Of a scenario that passed nothing is dropped that a later run of it may need.
func TestEvidenceOfOutcomes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		whole    bool
		runs     []result.Outcome
		kept     int // exchanges of the result
		attempts int // exchanges of each attempt
	}{
		"passed":                   {false, []result.Outcome{result.Passed}, 2, 0},
		"passed, all evidence":     {true, []result.Outcome{result.Passed}, 4, 0},
		"failed":                   {false, []result.Outcome{result.Failed}, 4, 0},
		"passed twice":             {false, []result.Outcome{result.Passed, result.Passed}, 2, 0},
		"flaky":                    {false, []result.Outcome{result.Passed, result.Failed}, 4, 4},
		"an error after it passed": {false, []result.Outcome{result.Passed, result.Error}, 4, 4},
	} {
		c := &Case{ID: "a"}
		e := evidence{repeated: len(tc.runs) > 1}
		if !tc.whole {
			e.observer = observe.NewObserver("7f3a", time.Time{})
		}
		var told int
		o := newOutcomes(e, nil, func(sc result.Scenario) { told = len(sc.Exchanges) })
		for _, outcome := range tc.runs {
			res := c.result()
			res.Outcome, res.Exchanges = outcome, make([]result.Exchange, 4)
			o.add(c, res)
			if want := map[bool]int{true: 4, false: 2}[tc.whole || outcome != result.Passed]; told != want {
				t.Errorf("%s: %d exchanges of one that ended %s are told, want %d", name, told, outcome, want)
			}
		}
		got := o.list([]*Case{c}, "")[0]
		if capped := tc.kept < 4; len(got.Exchanges) != tc.kept || (got.Evidence != "") != capped || (got.Observed != nil) != capped {
			t.Errorf("%s: %d exchanges are kept, want %d; evidence %q, %d bytes observed", name, len(got.Exchanges), tc.kept, got.Evidence, len(got.Observed))
		}
		for _, a := range got.Attempts {
			if len(a.Exchanges) != tc.attempts {
				t.Errorf("%s: %d exchanges of what ended %s are kept, want %d", name, len(a.Exchanges), a.Outcome, tc.attempts)
			}
		}
	}
}

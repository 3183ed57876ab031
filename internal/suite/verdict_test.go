package suite

import (
	"context"
	"errors"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	type counts = map[result.Outcome]int
	for name, tc := range map[string]struct {
		counts counts
		cut    string
		want   result.Verdict
	}{
		"all passed":           {counts{result.Passed: 3}, "", result.Conformant},
		"some skipped":         {counts{result.Passed: 1, result.Skipped: 3}, "", result.Conformant},
		"some waived":          {counts{result.Passed: 1, result.Waived: 1}, "", result.Conformant},
		"nothing":              {counts{}, "", result.Inconclusive},
		"only skipped":         {counts{result.Skipped: 3}, "", result.Inconclusive},
		"only waived":          {counts{result.Waived: 3}, "", result.Inconclusive},
		"one failed":           {counts{result.Passed: 3, result.Failed: 1}, "", result.Nonconformant},
		"failed and error":     {counts{result.Failed: 1, result.Error: 1}, "", result.Nonconformant},
		"flaky":                {counts{result.Passed: 3, result.Flaky: 1}, "", result.Nonconformant},
		"error":                {counts{result.Passed: 3, result.Error: 1}, "", result.Inconclusive},
		"not run":              {counts{result.Passed: 3, result.NotRun: 1}, "", result.Inconclusive},
		"cut short":            {counts{result.Passed: 3}, "Ctrl-C", result.Inconclusive},
		"cut short and failed": {counts{result.Passed: 3, result.Failed: 1}, "Ctrl-C", result.Nonconformant},
	} {
		if got, reason := Decide(tc.counts, tc.cut); got != tc.want || reason == "" {
			t.Errorf("%s: got %s (%s), want %s", name, got, reason, tc.want)
		}
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	c := &Case{ID: "a"}
	for name, tc := range map[string]struct {
		runs []result.Outcome
		want result.Outcome
	}{
		"once":               {[]result.Outcome{result.Passed}, result.Passed},
		"always":             {[]result.Outcome{result.Passed, result.Passed}, result.Passed},
		"now and then":       {[]result.Outcome{result.Passed, result.Failed, result.Passed}, result.Flaky},
		"error hides a pass": {[]result.Outcome{result.Passed, result.Error}, result.Error},
		"failed and error":   {[]result.Outcome{result.Error, result.Failed}, result.Failed},
		"interrupted":        {[]result.Outcome{result.Passed, result.NotRun}, result.NotRun},
	} {
		o := newOutcomes(evidence{}, nil, nil)
		for _, r := range tc.runs {
			res := c.result()
			res.Outcome = r
			o.add(c, res)
		}
		got := o.list([]*Case{c}, "")[0]
		if got.Outcome != tc.want {
			t.Errorf("%s: got %s, want %s", name, got.Outcome, tc.want)
		}
		total := 0
		for _, a := range got.Attempts {
			total += a.Count
		}
		if len(got.Attempts) > 0 && total != len(tc.runs) {
			t.Errorf("%s: the attempts count %d runs, want %d", name, total, len(tc.runs))
		}
	}
}

// What the end of the run interrupts has not been carried out; a scenario that
// takes too long is an error.
func TestRunCancelled(t *testing.T) {
	t.Parallel()
	limit := func(ctx context.Context, cause error) context.Context {
		ctx, cancel := context.WithTimeoutCause(ctx, 0, cause)
		t.Cleanup(cancel)
		return ctx
	}
	interrupted, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	ofRun := limit(t.Context(), errors.New("the time limit of the run is over"))
	for name, tc := range map[string]struct {
		ctx  context.Context
		kind string
		want bool
	}{
		"goes on":                 {t.Context(), "timeout", false},
		"interrupted":             {interrupted, "timeout", true},
		"limit of the run":        {limit(ofRun, nil), "timeout", true},
		"limit of the scenario":   {limit(t.Context(), nil), "timeout", false},
		"an assertion had failed": {ofRun, "assertion", false},
	} {
		if got := runCancelled(tc.ctx, &result.Failure{Kind: tc.kind}); got != tc.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// regressionFlags are the flags of "esconform run" that hold a run against an
// earlier one.
type regressionFlags struct {
	baseline, failOn string
	learnNoise       bool
}

func (f *regressionFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.baseline, "baseline", "", "compare with this `file` of observations at the end, and gate on it")
	flags.StringVar(&f.failOn, "fail-on", string(compare.FailOnBreaking), "with --baseline, exit 1 for changes that are `breaking`, behaviour (and breaking), or any")
	flags.BoolVar(&f.learnNoise, "learn-noise", false, "run twice, and do not compare what differs by itself")
}

// check finds out before the run what would make the comparison fail after it.
func (f *regressionFlags) check() error {
	if _, err := parseFailOn(f.failOn); err != nil {
		return err
	}
	if f.baseline == "" {
		return nil
	}
	if _, err := loadObservations(f.baseline); err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	return nil
}

// again runs the plan a second time, without a word, where noise is to be
// learned; it returns nil otherwise. The target has to be up still.
func (f *regressionFlags) again(ctx context.Context, plan suite.Plan, first *result.Run) (*result.Run, error) {
	if !f.learnNoise || first.CutShort != "" {
		return nil, nil
	}
	plan.OnStart, plan.OnScenario = nil, nil
	plan.Seed = first.Seed + 1 // so that what depends on the seed shows as noise
	plan.RunID = ""            // a run of its own
	return suite.Perform(ctx, plan)
}

// conclude writes the observations of a run without the noise, compares them
// with the baseline, and returns the exit code of run and comparison together:
// whichever is worse for the gate. second is the run that noise is learned
// from, or nil.
func (a *app) conclude(f *regressionFlags, run, second *result.Run, out string) (int, error) {
	set := observe.Of(run)
	if second != nil {
		if second.CutShort != "" {
			return run.ExitCode, fmt.Errorf("learn noise: the second run was cut short: %s", second.CutShort)
		}
		var err error
		if set, err = observe.LearnNoise(set, observe.Of(second)); err != nil {
			return run.ExitCode, err
		}
		if err := errors.Join(compare.Noise(a.stdout, set), writeObservations(out, set)); err != nil {
			return run.ExitCode, err
		}
	}
	if f.baseline == "" {
		return run.ExitCode, nil
	}
	code, err := a.gateOnBaseline(f.baseline, set, f.failOn, out)
	return worse(run.ExitCode, code), err
}

// worse returns the exit code that says more: nonconformant before
// inconclusive, and a waiver that is due before nothing at all.
func worse(a, b int) int {
	for _, code := range []int{result.ExitNonconformant, result.ExitInconclusive, result.ExitWaiver} {
		if a == code || b == code {
			return code
		}
	}
	return max(a, b)
}

// gateOnBaseline compares a run with a baseline, shows what changed and gates
// on it: a run that conforms but changed is not conformant to the baseline.
// The comparison is written into the report folder.
func (a *app) gateOnBaseline(baseline string, now *observe.Set, failOn, out string) (int, error) {
	limit, err := parseFailOn(failOn)
	if err != nil {
		return 0, err
	}
	old, err := loadObservations(baseline)
	if err != nil {
		return 0, fmt.Errorf("--baseline: %w", err)
	}
	c, err := compare.Compare(old, now, compare.Options{FailOn: limit, OldName: baseline, NewName: out})
	if err != nil {
		return 0, fmt.Errorf("--baseline %s: %w; \"esconform baseline accept\" makes a new one", baseline, err)
	}
	if err := writeComparison(out, c); err != nil {
		return 0, err
	}
	fmt.Fprintln(a.stdout)
	return c.ExitCode, c.Text(a.stdout)
}

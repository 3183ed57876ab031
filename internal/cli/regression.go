package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// regressionFlags are the flags of "esconform run" that hold a run against an
// earlier one.
type regressionFlags struct {
	baseline, failOn string
	learnNoise       bool

	old *observe.Set // the baseline
}

func (f *regressionFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.baseline, "baseline", "", "compare with this `file` of observations at the end, and gate on it")
	flags.StringVar(&f.failOn, "fail-on", string(compare.FailOnBreaking), "with --baseline, exit 1 for changes of this `class`: breaking, behaviour (and breaking), or any")
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
	// It may be a file that the run replaces.
	var err error
	if f.old, err = loadObservations(f.baseline); err != nil {
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
	plan.OnStart, plan.OnBegin, plan.OnEnd, plan.OnScenario = nil, nil, nil, nil
	plan.Seed = first.Seed + 1 // so that what depends on the seed shows as noise
	second, err := suite.Perform(ctx, plan)
	if err == nil {
		first.Resources = second.Resources // those of both: the registry is the same
	}
	return second, err
}

// conclusion is what a run has come to beside its own outcomes: files for the
// report folder and what is to be shown.
type conclusion struct {
	files []report.File
	show  []func(io.Writer) error
}

// conclude leaves the noise out of the observations of a run, and compares them
// with the baseline: the run gets the exit code of both together, whichever is
// worse for the gate. second is the run that noise is learned from, or nil.
func (f *regressionFlags) conclude(run, second *result.Run, out string) (*conclusion, error) {
	c := &conclusion{}
	learned := func() (*observe.Set, error) {
		switch {
		case second == nil:
			return observe.Of(run), nil
		case second.CutShort != "":
			return nil, fmt.Errorf("learn noise: the second run was cut short: %s", second.CutShort)
		}
		return observe.LearnNoise(observe.Of(run), observe.Of(second))
	}
	set, err := learned()
	if err != nil {
		return c, err
	}
	if second != nil {
		c.show = append(c.show, func(w io.Writer) error { return compare.Noise(w, set) })
		c.files = append(c.files, report.File{Name: observe.File, Write: func(w io.Writer) error {
			set, err := learned() // the verdict may be another one now
			if err != nil {
				return err
			}
			return set.Write(w)
		}})
	}
	if f.baseline == "" {
		return c, nil
	}
	return c, f.gate(c, run, set, out)
}

// gate compares a run with the baseline, and gates on it: a run that conforms
// but changed is not conformant to the baseline.
func (f *regressionFlags) gate(c *conclusion, run *result.Run, now *observe.Set, out string) error {
	limit, err := parseFailOn(f.failOn)
	if err != nil {
		return err
	}
	diff, err := compare.Compare(f.old, now, compare.Options{FailOn: limit, OldName: f.baseline, NewName: out})
	if err != nil {
		return fmt.Errorf("--baseline %s: %w; \"esconform baseline accept\" makes a new one", f.baseline, err)
	}
	if code := worse(run.ExitCode, diff.ExitCode); code != run.ExitCode {
		run.ExitCode = code
		run.Reason += fmt.Sprintf("; held against the baseline %s it ends with %d", f.baseline, code)
	}
	c.files = append(c.files, comparisonFiles(diff)...)
	c.show = append(c.show, func(w io.Writer) error {
		fmt.Fprintln(w)
		return diff.Text(w)
	})
	return nil
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

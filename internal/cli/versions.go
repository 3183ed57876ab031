package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// versionFlags are shared by the commands that run the suite against several
// versions.
type versionFlags struct {
	emulate, security bool
	parallel          int
	seed              int64
	memory            memorySize
	nodes             nodeCount // of the commands that have a flag for it
	limits            limits.Limits
}

func (v *versionFlags) register(f *pflag.FlagSet) {
	// A flag with a value elsewhere: "esconform run --emulate 8.12.0".
	f.Var(&present{&v.emulate}, "emulate", "have the embedded server behave like each version, instead of starting containers")
	f.Lookup("emulate").NoOptDefVal = "true"
	f.BoolVar(&v.security, "security", false, "turn security on in the containers")
	v.memory.register(f)
	f.IntVar(&v.parallel, "parallel", suite.DefaultParallel, "`number` of scenarios in flight on each version")
	f.Int64Var(&v.seed, "seed", 0, "`number` that order and random values come from; 0 takes one from the clock")
	def := limits.Default()
	f.DurationVar(&v.limits.Request, "timeout-request", def.Request, "time limit of one request")
	f.DurationVar(&v.limits.Scenario, "timeout-scenario", def.Scenario, "time limit of one scenario")
	f.DurationVar(&v.limits.Start, "timeout-start", def.Start, "time limit for each version to come up, and again for it to be ready for a write")
	f.DurationVar(&v.limits.Cleanup, "timeout-cleanup", def.Cleanup, "time limit for deleting what a scenario created")
	f.DurationVar(&v.limits.Sweep, "timeout-sweep", def.Sweep, "time limit, at the end, for deleting what could not be deleted in time")
	f.DurationVar(&v.limits.Run, "timeout-run", def.Run, "time limit of the run on each version")
}

// present is a flag that is on where it is given, whatever a configuration
// file says of the flag of the same name that takes a value.
type present struct{ on *bool }

func (p *present) String() string {
	if p.on == nil || !*p.on {
		return "false"
	}
	return "true"
}

func (p *present) Set(text string) error {
	*p.on = text != "" && text != "false"
	return nil
}

func (p *present) Type() string { return "bool" }

func (v *versionFlags) check() error {
	if v.parallel < 1 || v.parallel > 256 {
		return fmt.Errorf("--parallel %d: want 1 to 256", v.parallel)
	}
	if v.seed < 0 {
		return fmt.Errorf("--seed %d: cannot be negative", v.seed)
	}
	return v.target("9.0.0").checkKinds()
}

// target returns the flags that choose one version.
func (v *versionFlags) target(version string) *targetFlags {
	t := &targetFlags{security: v.security, memory: v.memory, nodes: v.nodes, limits: v.limits}
	if v.emulate {
		t.emulate = version
	} else {
		t.esVersion = version
	}
	return t
}

// plan completes the plan of a run on one version.
func (a *app) plan(v *versionFlags, plan suite.Plan) suite.Plan {
	plan.Limits, plan.Parallel, plan.Seed, plan.Tool, plan.Secrets = v.limits, v.parallel, v.seed, tool(), a.secrets
	plan.Registry = a.begin()
	return plan.WithDefaults()
}

// runVersion runs a complete plan against one version. A version that does not
// come up is a run that is inconclusive; the error is one of usage.
func (a *app) runVersion(ctx context.Context, v *versionFlags, version esversion.Version, plan suite.Plan) (*result.Run, error) {
	t := v.target(version.String())
	t.runID = plan.Registry.RunID()
	if !v.emulate {
		defer a.remember(t.remedyByID(t.runID))()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, v.limits.Run, fmt.Errorf("the time limit of the run, %s, is over (--timeout-run)", v.limits.Run))
	defer cancel()
	cases, err := plan.Suite.Select(plan.Selection)
	if err != nil {
		return nil, err
	}
	t.restarts = suite.Restarts(cases, int(v.nodes))
	tgt, err := a.open(ctx, t)
	if err != nil {
		var inconclusive *inconclusiveError
		if !errors.As(err, &inconclusive) {
			return nil, err
		}
		info := t.kind()
		info.Version, info.IsElasticsearch = version.String(), info.Kind == "container"
		return suite.NotStarted(plan, info, err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.limits.Cleanup)
		defer cancel()
		if err := tgt.Close(ctx); err != nil {
			fmt.Fprintf(a.stderr, "esconform: stop the target: %v\n", err)
		}
	}()
	plan.Target = tgt
	return suite.Perform(ctx, plan)
}

// takeFolder takes the report folder of a run that has no screen.
func takeFolder(dir string, header *result.Run) (*report.Folder, error) {
	return report.Take(dir, report.JournalFile, header, report.Names()...)
}

// writeRun writes all report files of a run that had no screen.
func writeRun(folder *report.Folder, run *result.Run) error {
	journal := folder.Journal()
	_ = journal.Target(run.Target) // the last line tells
	for _, sc := range run.Scenarios {
		_ = journal.Scenario(sc)
	}
	return folder.Write(run, nil)
}

package suite

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/schemas"
)

// Plan is everything that a run of the suite needs. Fields without a stated
// default are required.
type Plan struct {
	Suite     *Suite
	Selection Selection
	Target    *target.Target
	Limits    limits.Limits

	Parallel      int   // scenarios in flight; default 8
	Seed          int64 // default: taken from the clock
	Repeat        int   // how often each scenario runs; default 1
	KeepOnFailure bool
	StrictCleanup bool  // something left behind makes the run inconclusive
	Fixtures      fs.FS // default: the embedded ones

	Tool result.Suite // version and commit of the program

	OnStart    func(header *result.Run, total int)
	OnScenario func(result.Scenario)
}

// DefaultParallel is how many scenarios run at a time where nobody says
// otherwise.
const DefaultParallel = 8

// Perform runs the selected scenarios and decides. The error is about the
// selection; whatever goes wrong later is part of the run.
func Perform(ctx context.Context, p Plan) (*result.Run, error) {
	cases, err := p.Suite.Select(p.Selection)
	if err != nil {
		return nil, err
	}
	p = p.withDefaults()
	started := time.Now()
	run := p.header(started)
	run.Target = p.Target.Info
	if p.OnStart != nil {
		run.Requirements = Requirements(p.Suite.Catalogue, nil)
		p.OnStart(run, len(cases))
	}
	compiled, err := schema.Load(schemas.FS)
	if err != nil {
		return nil, err
	}
	registry := resource.NewRegistry(run.RunID)
	if err := target.Preflight(ctx, p.Target, registry); err != nil {
		run.CutShort = oneLine(err)
		if ctx.Err() != nil {
			run.CutShort = oneLine(context.Cause(ctx))
		}
		run.Scenarios = newOutcomes(nil).list(cases, run.CutShort)
	} else {
		run.Scenarios, run.CutShort = Run(ctx, Config{
			Suite: p.Suite, Cases: cases, Target: p.Target, Limits: p.Limits, Registry: registry,
			Fixtures: p.Fixtures, Schemas: compiled, Parallel: p.Parallel, Seed: p.Seed, Repeat: p.Repeat,
			KeepOnFailure: p.KeepOnFailure, OnScenario: p.OnScenario,
		})
	}
	run.Resources = registry.Summary()
	p.Finish(run, started)
	return run, nil
}

// NotStarted is the run of a target that did not come up: inconclusive, with
// every selected scenario not run.
func NotStarted(p Plan, info result.Target, reason error) (*result.Run, error) {
	cases, err := p.Suite.Select(p.Selection)
	if err != nil {
		return nil, err
	}
	p = p.withDefaults()
	started := time.Now()
	run := p.header(started)
	run.Target = info
	run.CutShort = oneLine(reason)
	run.Scenarios = newOutcomes(nil).list(cases, run.CutShort)
	p.Finish(run, started)
	return run, nil
}

func (p Plan) withDefaults() Plan {
	p.Limits = p.Limits.WithDefaults()
	if p.Parallel <= 0 {
		p.Parallel = DefaultParallel
	}
	if p.Repeat <= 0 {
		p.Repeat = 1
	}
	if p.Seed == 0 {
		p.Seed = time.Now().UnixNano() % 1_000_000
	}
	if p.Fixtures == nil {
		p.Fixtures = fixtures.FS
	}
	return p
}

func (p Plan) header(started time.Time) *result.Run {
	return &result.Run{
		Schema:   result.FormatVersion,
		RunID:    newRunID(),
		Suite:    result.Suite{Version: p.Tool.Version, Commit: p.Tool.Commit, Digest: p.Suite.Digest},
		Seed:     p.Seed,
		Parallel: p.Parallel,
		Repeat:   p.Repeat,
		Started:  started.UTC(),
		Selection: result.Selection{
			Profiles: p.Selection.Profiles, Tags: p.Selection.Tags, IDs: p.Selection.IDs,
			Shard: p.Selection.Shard.String(), Features: p.Suite.UserFolders,
		},
	}
}

// Finish counts, decides and sets the time that the run took.
func (p Plan) Finish(run *result.Run, started time.Time) {
	run.Requirements = Requirements(p.Suite.Catalogue, run.Scenarios)
	run.Counts = Count(run.Scenarios)
	run.Verdict, run.Reason = Decide(run.Counts, run.CutShort)
	left := len(run.Resources.Leftovers) - run.Resources.Kept
	if p.StrictCleanup && left > 0 && run.Verdict == result.Conformant {
		run.Verdict, run.Reason = result.Inconclusive, fmt.Sprintf("%s left behind in the target (--strict-cleanup)", plural(left, "resource"))
	}
	run.ExitCode = run.Verdict.ExitCode()
	run.DurationMS = milliseconds(time.Since(started))
}

// newRunID returns 8 hex digits, which every name that the run gives carries.
func newRunID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

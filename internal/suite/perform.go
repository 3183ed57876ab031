package suite

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/explore"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/waiver"
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
	Explore       int  // how many generated updates to send afterwards
	StrictCleanup bool // something left behind makes the run inconclusive
	// Waivers, if set, are applied to the result; Today tells the expired
	// ones, default: the date of the clock.
	Waivers  *waiver.List
	Today    time.Time
	Fixtures fs.FS // default: the embedded ones

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
	compiled, err := schema.Published()
	if err != nil {
		return nil, err
	}
	registry := resource.NewRegistry(run.RunID)
	if err := preflight(ctx, p.Target, registry, cases); err != nil {
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
		if p.Explore > 0 && run.CutShort == "" {
			run.Scenarios = append(run.Scenarios, p.explore(ctx, registry))
		}
	}
	run.Resources = registry.Summary()
	p.Finish(run, started)
	return run, nil
}

// explore sends generated updates, on resources of their own.
func (p Plan) explore(ctx context.Context, registry *resource.Registry) result.Scenario {
	session := p.Target.Client.Session()
	scope := registry.Scope(session)
	sc := explore.Run(ctx, session, scope, p.Explore, p.Seed)
	if p.OnScenario != nil {
		p.OnScenario(sc)
	}
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.Limits.Cleanup)
	defer cancel()
	_ = scope.Cleanup(cleanup) // what is left is in the registry's summary
	return sc
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
	if p.Today.IsZero() {
		p.Today = time.Now()
	}
	if p.Fixtures == nil {
		p.Fixtures = fixtures.FS
	}
	return p
}

func (p Plan) header(started time.Time) *result.Run {
	return &result.Run{
		Schema:   result.FormatVersion,
		RunID:    NewRunID(),
		Suite:    result.Suite{Version: p.Tool.Version, Commit: p.Tool.Commit, Digest: p.Suite.Digest},
		Seed:     p.Seed,
		Parallel: p.Parallel,
		Repeat:   p.Repeat,
		Started:  started.UTC(),
		Selection: result.Selection{
			Profiles: p.Selection.Profiles, Tags: p.Selection.Tags, IDs: p.Selection.IDs,
			Shard: p.Selection.Shard.String(), Features: p.Suite.UserFolders,
			RestTests: p.Suite.RestTests, RestSpec: p.Suite.RestSpec,
		},
	}
}

// Finish applies waivers, counts, decides and sets the time that the run took.
func (p Plan) Finish(run *result.Run, started time.Time) {
	blame.NewJudge(p.Suite.Catalogue).Settle(run.Scenarios)
	if p.Waivers != nil {
		version, _ := esversion.Parse(run.Target.Version) // unknown where it is
		p.Waivers.Apply(run, version, p.Today)
	}
	run.Requirements = Requirements(p.Suite.Catalogue, run.Scenarios)
	run.Counts = Count(run.Scenarios)
	run.Verdict, run.Reason = Decide(run.Counts, run.CutShort)
	left := len(run.Resources.Leftovers) - run.Resources.Kept
	if p.StrictCleanup && left > 0 && run.Verdict == result.Conformant {
		run.Verdict, run.Reason = result.Inconclusive, fmt.Sprintf("%s left behind in the target (--strict-cleanup)", plural(left, "resource"))
	}
	run.ExitCode = waiver.Exit(run)
	run.DurationMS = milliseconds(time.Since(started))
}

// NewRunID returns 8 hex digits, which every name that the run gives carries.
func NewRunID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

package suite

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/explore"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
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
	// Registry creates and deletes, and carries the run's id; default: a new
	// one. Runs that share one count together.
	Registry *resource.Registry
	// Remedy is the command that removes what is left in the target; empty
	// where that ends with the run.
	Remedy string

	Parallel      int   // scenarios in flight; default 8
	Seed          int64 // default: taken from the clock
	Repeat        int   // how often each scenario runs; default 1
	KeepOnFailure bool
	Keep          bool // keep what every scenario made; nothing is lent then
	NoLease       bool // each scenario makes itself all that it begins with
	WholeEvidence bool // keep every exchange also of scenarios that passed
	Explore       int  // how many generated updates to send afterwards
	StrictCleanup bool // something left behind makes the run inconclusive
	// Lineages are loaded before, and lie there for all of the run.
	Lineages []lineage.Lineage
	// Waivers, if set, are applied to the result; Today tells the expired
	// ones, default: the date of the clock.
	Waivers  *waiver.List
	Today    time.Time
	Fixtures fs.FS // default: those of the suite

	Tool result.Suite // version and commit of the program

	// Secrets are kept out of the result; default: those of the target's
	// client.
	Secrets *foreign.Secrets

	OnStart    func(header *result.Run, total int)
	OnScenario func(result.Scenario)
	OnBegin    func(id string) // see Config
	OnEnd      func(id string)
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
	p = p.WithDefaults()
	p.Registry.Know(p.Suite.Families, p.Suite.Foreseen...)
	started := time.Now()
	run := p.Header(p.Target.Info)
	before := p.Target.Client.Sent()
	var observer *observe.Observer
	if !p.WholeEvidence {
		observer = observe.NewObserver(run.RunID, run.Started)
	}
	if p.OnStart != nil {
		run.Requirements = Requirements(p.Suite.Catalogue, nil)
		p.OnStart(run, len(cases))
	}
	p.Registry.EndsWith(func() bool { return p.Target.Died(ctx) != nil })
	has := newAbilities(p.Target, p.Suite.Families)
	has.lacking["lineage"] = lacksLineage(p.Lineages)
	able, reason := cases, ""
	if err := p.ready(ctx, cases, has); err != nil {
		able, reason = p.aboutRefusal(err, cases), oneLine(err)
		if ctx.Err() != nil {
			able, reason = nil, oneLine(context.Cause(ctx))
		}
	}
	oldScope := p.Registry.Scope(p.Target.Client.Session())
	var old []lineage.Loaded
	if reason == "" {
		if old, err = p.loadOld(ctx, oldScope, has); err != nil {
			able, reason = nil, oneLine(err)
		}
	}
	run.Target.Unmapped = p.Target.Info.Unmapped
	run.Scenarios, run.CutShort = Run(ctx, Config{
		Suite: p.Suite, Cases: able, Target: p.Target, Limits: p.Limits, Registry: p.Registry,
		Fixtures: p.Fixtures, Schemas: p.Suite.Schemas, Parallel: p.Parallel, Seed: p.Seed, Repeat: p.Repeat,
		KeepOnFailure: p.KeepOnFailure, Keep: p.Keep, NoLease: p.NoLease || p.Keep, Old: old, Observer: observer,
		OnBegin: p.OnBegin, OnEnd: p.ending(&run.Traffic), OnScenario: p.OnScenario, has: has,
	})
	if observer != nil {
		run.Masked = observer.Masked()
	}
	if reason != "" {
		run.Scenarios, run.CutShort = amongOthers(run.Scenarios, cases, reason), reason
	}
	if p.Explore > 0 && run.CutShort == "" {
		for _, about := range explore.Subjects(p.Suite.Families) {
			sc := p.explore(ctx, about)
			run.Traffic.Add(sc)
			run.Scenarios = append(run.Scenarios, sc)
		}
	}
	p.removeOld(ctx, oldScope)
	run.Resources = p.sweep(ctx)
	all := p.Target.Client.Sent().Minus(before)
	run.Traffic.Outside, run.Traffic.Sent = all.Minus(run.Traffic.Sent), all
	p.tellDeath(ctx, run)
	p.Finish(run, started)
	redactObserved(p.Secrets, run.Scenarios)
	return foreign.Redact(p.Secrets, run), nil
}

// ending adds up what scenarios sent.
func (p Plan) ending(t *result.Traffic) func(result.Scenario) {
	return func(sc result.Scenario) {
		t.Add(sc)
		if p.OnEnd != nil {
			p.OnEnd(sc.ID)
		}
	}
}

// redactObserved removes secrets that were learned after a scenario had ended.
func redactObserved(s *foreign.Secrets, scenarios []result.Scenario) {
	if s.None() {
		return
	}
	for i := range scenarios {
		if seen := scenarios[i].Observed; seen != nil {
			scenarios[i].Observed = observe.Redact(seen, s.Redact)
		}
	}
}

// aboutRefusal returns the cases that are about what kept the target from being
// set up: a call that every scenario needs is itself under test in some.
func (p Plan) aboutRefusal(err error, cases []*Case) []*Case {
	var failed *target.StartError
	if !errors.As(err, &failed) || failed.Refused == "" {
		return nil
	}
	judge := blame.NewJudge(p.Suite.Catalogue)
	var about []*Case
	for _, c := range cases {
		if slices.ContainsFunc(c.Requirements, func(id string) bool { return judge.About(id, failed.Refused) }) {
			about = append(about, c)
		}
	}
	return about
}

// amongOthers puts results in their places among the cases that did not run.
func amongOthers(ran []result.Scenario, cases []*Case, why string) []result.Scenario {
	all := newOutcomes(evidence{}, nil, nil).list(cases, why)
	for i := range all {
		if at := slices.IndexFunc(ran, func(sc result.Scenario) bool { return sc.ID == all[i].ID }); at >= 0 {
			all[i] = ran[at]
		}
	}
	return all
}

// tellDeath notes that the target died, which explains whatever went wrong.
func (p Plan) tellDeath(ctx context.Context, run *result.Run) {
	var died *target.StartError
	if errors.As(p.Target.Died(ctx), &died) {
		run.CutShort, run.Target.Log = oneLine(died), died.Log
	}
}

// Connectors is the API that the reference server has.
const Connectors = "connector"

// ready sees that the selected scenarios can be carried out at all: that the
// target has what all of them need, and that what those about an API begin with
// works.
func (p Plan) ready(ctx context.Context, cases []*Case, has *abilities) error {
	missing, others := "", 0
	about := map[string]bool{}
	for _, c := range cases {
		_, why := p.Suite.missing(ctx, c, has)
		if why != "" {
			missing = why
			continue
		}
		others++
		for _, name := range p.Suite.FamiliesOf(c) {
			about[name] = true
		}
	}
	if others == 0 {
		return &target.StartError{What: missing, Advice: "all of the selected scenarios need it: select others with --tags or --id, or test another target"}
	}
	var families []*family.Family
	for _, f := range p.Suite.Families {
		if about[f.Name] || p.Explore > 0 && len(explore.Subjects(family.Set{f})) > 0 {
			families = append(families, f)
		}
	}
	return target.Preflight(ctx, p.Target, p.Registry, families)
}

// loadOld loads the lineages.
func (p Plan) loadOld(ctx context.Context, scope *resource.Scope, has *abilities) ([]lineage.Loaded, error) {
	if len(p.Lineages) == 0 {
		return nil, nil
	}
	if why := has.lacks(ctx, "api:"+Connectors); why != "" {
		return nil, &target.StartError{What: "--lineage: " + why}
	}
	scope.Session().SetPurpose("load documents of older versions")
	return lineage.Load(ctx, scope, p.Suite.Families, p.Lineages)
}

// removeOld deletes what was loaded. It outlives the run's context.
func (p Plan) removeOld(ctx context.Context, scope *resource.Scope) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.Limits.Cleanup)
	defer cancel()
	_ = scope.Cleanup(ctx) // what is left is in the registry's summary
}

// lacksLineage says how to have documents of older versions, "" where some are
// loaded.
func lacksLineage(loaded []lineage.Lineage) string {
	if len(loaded) > 0 {
		return ""
	}
	return lineage.Missing
}

// missing says which API a target lacks for a scenario, and that in words; ""
// for none.
func (s *Suite) missing(ctx context.Context, c *Case, has *abilities) (name, why string) {
	for _, name := range s.FamiliesOf(c) {
		if why := has.lacks(ctx, "api:"+name); why != "" {
			return name, why
		}
	}
	return "", ""
}

// sweep deletes what could not be deleted before, and counts. It outlives the
// run's context.
func (p Plan) sweep(ctx context.Context) result.Resources {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.Limits.Sweep)
	defer cancel()
	p.Registry.Sweep(ctx, p.Target.Client.Session())
	sum := p.Registry.Summary()
	if len(sum.Leftovers) > 0 {
		sum.Command = p.Remedy
	}
	return sum
}

// explore sends generated updates, on resources of their own.
func (p Plan) explore(ctx context.Context, about explore.Subject) result.Scenario {
	session := p.Target.Client.Session()
	scope := p.Registry.Scope(session)
	sc := foreign.Redact(p.Secrets, explore.Run(ctx, session, scope, about, p.Explore, p.Seed))
	sc.Sent, sc.ServerMS = session.Sent(), result.ServerTime(session.Exchanges())
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
	p = p.WithDefaults()
	started := time.Now()
	run := p.Header(info)
	run.CutShort = oneLine(reason)
	run.Scenarios = newOutcomes(evidence{}, nil, nil).list(cases, run.CutShort)
	p.Finish(run, started)
	return foreign.Redact(p.Secrets, run), nil
}

// WithDefaults returns the plan with defaults in the place of what is not set.
func (p Plan) WithDefaults() Plan {
	if p.Registry == nil {
		p.Registry = resource.NewRegistry(NewRunID())
	}
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
	if p.Secrets == nil && p.Target != nil {
		p.Secrets = p.Target.Client.Secrets()
	}
	if p.Secrets == nil {
		p.Secrets = &foreign.Secrets{}
	}
	if p.Fixtures == nil {
		p.Fixtures = p.Suite.Fixtures
	}
	return p
}

// Header describes a run of the plan, which has to have its defaults, before
// anything has happened.
func (p Plan) Header(info result.Target) *result.Run {
	return &result.Run{
		Schema:   result.FormatVersion,
		RunID:    p.Registry.RunID(),
		Target:   foreign.Redact(p.Secrets, info),
		Suite:    result.Suite{Version: p.Tool.Version, Commit: p.Tool.Commit, Digest: p.Suite.Digest},
		Seed:     p.Seed,
		Parallel: p.Parallel,
		Repeat:   p.Repeat,
		Started:  time.Now().UTC(),
		Selection: result.Selection{
			Profiles: p.Selection.Profiles, Tags: p.Selection.Tags, IDs: p.Selection.IDs,
			Shard: p.Selection.Shard.String(), Lineages: lineage.Versions(p.Lineages), Features: p.Suite.UserFolders, OnlyFeatures: p.Suite.Only,
			RestTests: p.Suite.RestTests, RestSpec: p.Suite.RestSpec,
		},
	}
}

// Finish applies waivers, counts, decides and sets the time that the run took.
func (p Plan) Finish(run *result.Run, started time.Time) {
	blame.NewJudge(p.Suite.Catalogue).Settle(run.Scenarios)
	version, _ := esversion.Parse(run.Target.Version) // unknown where it is
	p.Waivers.With(p.Suite.Known(run.Target)).Apply(run, version, p.Today)
	run.Requirements = Requirements(p.Suite.Catalogue, run.Scenarios)
	p.Suite.tellUntested(run.Requirements)
	run.Counts, run.Causes = Count(run.Scenarios), cause.Of(run)
	run.Verdict, run.Reason = Decide(run.Counts, run.CutShort)
	if why := commonReason(run.Scenarios); why != "" && run.Counts[result.Failed]+run.Counts[result.Flaky]+run.Counts[result.Error] == 0 && run.CutShort == "" {
		run.Reason += ": " + why
	}
	left := len(run.Resources.Leftovers) - run.Resources.Kept
	if p.StrictCleanup && left > 0 && run.Verdict == result.Conformant {
		run.Verdict, run.Reason = result.Inconclusive, fmt.Sprintf("%s left behind in the target (--strict-cleanup)", result.Plural(left, "resource"))
	}
	run.ExitCode = waiver.Exit(run)
	run.DurationMS = milliseconds(time.Since(started))
}

// commonReason is why scenarios did not run, where it is the same for all of
// them.
func commonReason(scenarios []result.Scenario) string {
	why := ""
	for _, sc := range scenarios {
		if sc.Outcome != result.NotRun {
			continue
		}
		if why != "" && sc.Reason != why {
			return ""
		}
		why = sc.Reason
	}
	return why
}

// NewRunID returns 8 hex digits, which every name that the run gives carries.
func NewRunID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

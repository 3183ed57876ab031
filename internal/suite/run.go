package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"
	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
	"github.com/esconform/esconform/steps"
)

// Config is what a run needs. Every field without a default is required.
type Config struct {
	Suite  *Suite
	Cases  []*Case // selected ones, from Suite
	Target *target.Target
	Limits limits.Limits
	// Registry creates and deletes; it carries the run's id.
	Registry *resource.Registry
	Fixtures fs.FS
	Schemas  *schema.Set

	Parallel      int   // scenarios in flight; default 8
	Seed          int64 // of the order of scenarios and of random values; not 0
	Repeat        int   // how often each scenario runs; default 1
	KeepOnFailure bool
	Old           []lineage.Loaded // documents that lie in the target
	Keep          bool             // what every scenario made
	NoLease       bool             // each scenario makes itself all that it begins with
	// Observer, if set, observes the scenarios that passed before most of their
	// exchanges are dropped.
	Observer *observe.Observer

	// OnBegin, if set, is told of each scenario that begins; several may at once.
	OnBegin func(id string)
	// OnEnd, if set, is told of each that ends, one at a time, and OnScenario of
	// what it comes to: of a failure with what was lent not before it has run again.
	OnEnd, OnScenario func(result.Scenario)

	has *abilities // of the target
}

// run is one run in progress.
type run struct {
	Config
	shared   *steps.Shared
	blame    *blame.Judge
	rest     []*Case // REST tests that run on this target
	outcomes *outcomes
	pool     *pool
	bin      *resource.Bin
	cleanups sync.WaitGroup
	slots    chan struct{} // bounds cleanups in flight
	cancel   context.CancelCauseFunc
	breaker  breaker
}

// Run runs the scenarios and returns what became of them, in the order of
// Cases. Cancelling ctx ends it early: scenarios that had not ended are
// not_run, and what they created is deleted within the cleanup limit. The
// string says why the run was cut short, or is empty.
func Run(ctx context.Context, cfg Config) ([]result.Scenario, string) {
	cfg.Parallel = max(cfg.Parallel, 1)
	cfg.Repeat = max(cfg.Repeat, 1)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	r := &run{
		Config:   cfg,
		blame:    blame.NewJudge(cfg.Suite.Catalogue),
		outcomes: newOutcomes(evidence{cfg.Observer, cfg.Repeat > 1}, cfg.OnEnd, cfg.OnScenario),
		slots:    make(chan struct{}, cfg.Parallel),
		cancel:   cancel,
	}
	r.breaker.limit = int64(max(5, cfg.Parallel))
	sharedSession := cfg.Target.Client.Session()
	sharedScope := cfg.Registry.Scope(sharedSession)
	r.shared = steps.NewShared(sharedScope, cfg.Old...)
	if !cfg.NoLease {
		r.bin = cfg.Registry.Bin(cfg.Target.Client.Session())
	}

	parallel, serial := r.prepare(ctx)
	for range cfg.Repeat {
		r.pool = newPool(parallel)
		r.pass(ctx, parallel, cfg.Parallel)
		for _, l := range r.pool.drain() {
			r.cleanUpBeside(l.Held())
		}
		r.cleanups.Wait()
		r.passAgain(ctx)
		r.emptyBin()
		r.pass(ctx, serial, 1)
		r.cleanups.Wait()
		r.passRest(ctx)
	}
	if r.Keep {
		sharedScope.Keep()
	}
	r.cleanUp(sharedScope)

	cut := ""
	if ctx.Err() != nil {
		cut = oneLine(context.Cause(ctx))
	}
	return r.outcomes.list(cfg.Cases, cut), cut
}

// prepare settles the scenarios that cannot run on this target and returns
// the others: those that may run beside each other, and those that may not.
func (r *run) prepare(ctx context.Context) (parallel, serial []*Case) {
	for _, c := range r.Cases {
		if outcome, reason := r.inapplicable(ctx, c); reason != "" {
			skipped := c.result()
			skipped.Outcome, skipped.Reason = outcome, reason
			r.outcomes.add(c, skipped)
			continue
		}
		if c.Rest != nil {
			r.rest = append(r.rest, c)
			continue
		}
		if c.Serial {
			serial = append(serial, c)
		} else {
			parallel = append(parallel, c)
		}
	}
	return longFirst(parallel), serial
}

// longFirst moves the files with long scenarios to the front: one that starts
// last keeps all others waiting for its end.
func longFirst(cases []*Case) []*Case {
	long := map[string]bool{}
	for _, c := range cases {
		long[c.File] = long[c.File] || c.Long
	}
	slices.SortStableFunc(cases, func(a, b *Case) int {
		switch {
		case long[a.File] == long[b.File]:
			return 0
		case long[a.File]:
			return -1
		}
		return 1
	})
	return cases
}

// inapplicable says why a scenario cannot run on this target, "" where it can.
// Of an Elasticsearch that lacks a whole API, no run can say that it conforms;
// the reference server has no other API than that of connectors, and is none.
func (r *run) inapplicable(ctx context.Context, c *Case) (result.Outcome, string) {
	if why, ok := r.Suite.applies(c, r.Target.Version); !ok {
		return result.Skipped, why
	}
	if c.Security && !r.Target.Info.Security {
		return result.Skipped, r.has.lacks(ctx, "security")
	}
	if c.Restart && !r.Target.CanRestart() {
		return result.Skipped, "needs a target that the run may restart; a cluster given by --url is never restarted: use --es-version"
	}
	for _, need := range c.Needs {
		if why := r.has.lacks(ctx, need); why != "" {
			return result.Skipped, why
		}
	}
	lacks, why := r.Suite.missing(ctx, c, r.has)
	switch {
	case why == "":
		return "", ""
	case strings.HasPrefix(why, "needs "), lacks != Connectors && !r.Target.Info.IsElasticsearch:
		return result.Skipped, why
	}
	return result.NotRun, why
}

// pass runs cases through godog, n at a time. Each file is a run of godog of
// its own: godog keeps every step of a run to its end.
func (r *run) pass(ctx context.Context, cases []*Case, n int) {
	byFile := map[string]map[int]*Case{} // and by line: godog knows no ids
	var files []string
	for _, c := range cases {
		if byFile[c.File] == nil {
			byFile[c.File] = map[int]*Case{}
			files = append(files, c.File)
		}
		byFile[c.File][c.Line] = c
	}
	inFlight := make(chan struct{}, n)
	var running errgroup.Group
	running.SetLimit(n)
	for _, file := range files {
		running.Go(func() error {
			r.perform(ctx, file, byFile[file], inFlight)
			return nil
		})
	}
	_ = running.Wait() // none fails
}

// perform runs cases of one file, as many as may be in flight.
func (r *run) perform(ctx context.Context, file string, byLine map[int]*Case, inFlight chan struct{}) {
	if ctx.Err() != nil {
		return
	}
	godog.TestSuite{
		Name: "esconform",
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			r.initialise(sc, byLine, inFlight)
		},
		Options: &godog.Options{
			Format:          silentFormat,
			Output:          io.Discard,
			Strict:          true,
			Concurrency:     cap(inFlight),
			Randomize:       r.Seed,
			FeatureContents: []godog.Feature{{Name: file, Contents: r.Suite.files[file]}},
			DefaultContext:  ctx,
		},
	}.Run()
}

// anyStep is the one step that godog knows. What its text stands for is known
// since the suite was read; godog would try the whole vocabulary for each step
// of each scenario, twice.
var anyStep = regexp.MustCompile("")

// initialise hooks a recorder into one godog scenario, where it is to run.
func (r *run) initialise(sc *godog.ScenarioContext, byLine map[int]*Case, inFlight chan struct{}) {
	var rec *recorder
	sc.Step(anyStep, carryOut)
	sc.Before(func(ctx context.Context, p *godog.Scenario) (context.Context, error) {
		c := byLine[int(p.Location.Line)]
		if c == nil {
			return ctx, godog.ErrSkip
		}
		inFlight <- struct{}{}
		if ctx.Err() != nil {
			<-inFlight
			return ctx, godog.ErrSkip
		}
		rec = newRecorder(r, c)
		return rec.start(ctx), nil
	})
	sc.StepContext().Before(func(ctx context.Context, st *godog.Step) (context.Context, error) {
		if rec == nil {
			return ctx, nil
		}
		rec.beforeStep()
		return context.WithValue(ctx, currentStep, &current{rec, st}), nil
	})
	sc.StepContext().After(func(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		if rec != nil {
			rec.afterStep(ctx, status, err)
		}
		return ctx, nil
	})
	sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
		if rec != nil {
			rec.finish(ctx, func() {})
			<-inFlight
		}
		return ctx, nil
	})
}

// current is the step that is about to be carried out.
type current struct {
	rec  *recorder
	step *godog.Step
}

type contextKey int

const currentStep contextKey = iota

// carryOut carries the current step out. It is no closure: godog keeps the
// functions of all steps to the end of the run, and with them what they hold.
func carryOut(ctx context.Context) error {
	now := ctx.Value(currentStep).(*current)
	return now.rec.carryOut(ctx, now.step)
}

// ended takes over a finished scenario: its outcome at once, its cleanup
// beside the scenarios that follow, unless they run one by one.
func (r *run) ended(ctx context.Context, c *Case, res result.Scenario, scope *resource.Scope) {
	r.outcomes.add(c, res)
	if r.breaker.trips(res) {
		r.checkTarget(ctx)
	}
	if r.Keep || r.KeepOnFailure && (res.Outcome == result.Failed || res.Outcome == result.Error) {
		scope.Keep()
	}
	if c.Serial || c.Rest != nil { // the next one may stop the target, or need the same names
		r.cleanUp(scope)
		return
	}
	r.cleanUpBeside(scope)
}

// cleanUpBeside deletes what a scope holds beside the scenarios that follow.
func (r *run) cleanUpBeside(scope *resource.Scope) {
	r.cleanups.Add(1)
	r.slots <- struct{}{}
	go func() {
		defer r.cleanups.Done()
		defer func() { <-r.slots }()
		r.bin.Take(scope)
		if r.bin.Full() {
			r.emptyBin()
		}
		r.cleanUp(scope)
	}()
}

// cleanUp deletes what a scope created. It outlives the run's context: an
// interrupted run cleans up too. What cannot be deleted is in the registry's
// summary, so the error is not needed here.
func (r *run) cleanUp(scope *resource.Scope) {
	ctx, cancel := context.WithTimeout(context.Background(), r.Limits.Cleanup)
	defer cancel()
	_ = scope.Cleanup(ctx)
}

// emptyBin deletes what is in the bin, as cleanUp does.
func (r *run) emptyBin() {
	ctx, cancel := context.WithTimeout(context.Background(), r.Limits.Cleanup)
	defer cancel()
	_ = r.bin.Empty(ctx)
}

// checkTarget ends the run where the target no longer answers at all: one
// reason instead of a hundred scenarios that each wait for their limit.
func (r *run) checkTarget(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	_, err := r.Target.Client.Session().Do(ctx, wire.Request{Method: "GET", Path: "/"})
	var te *wire.TransportError
	if !errors.As(err, &te) || te.Kind == wire.KindCancelled {
		return
	}
	if died := r.Target.Died(ctx); died != nil {
		r.cancel(died)
		return
	}
	r.cancel(fmt.Errorf("the target stopped answering during the run: %w; see whether it is still up", err))
}

// breaker counts scenarios in a row that got no answer.
type breaker struct {
	mu    sync.Mutex
	row   int64
	limit int64
}

func (b *breaker) trips(res result.Scenario) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if res.Outcome != result.Error || res.Failure == nil || !slices.Contains([]string{"transport", "timeout"}, res.Failure.Kind) {
		b.row = 0
		return false
	}
	b.row++
	if b.row < b.limit {
		return false
	}
	b.row = 0
	return true
}

// result returns the unchanging part of a scenario's result.
func (c *Case) result() result.Scenario {
	return result.Scenario{
		ID: c.ID, Name: c.Name, Feature: c.Feature, File: c.File, Line: c.Line,
		Profile: c.Profile, Requirements: append([]string{}, c.Requirements...), Tags: c.Tags,
	}
}

// milliseconds returns d with three decimals.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond).Microseconds()) / 1000
}

func stepText(st CaseStep) string { return strings.TrimSpace(st.Keyword + " " + st.Text) }

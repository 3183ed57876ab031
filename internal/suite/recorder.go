package suite

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/resttest"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
	"github.com/esconform/esconform/steps"
)

// recorder follows one scenario through godog and turns it into a result. The
// calls come from one goroutine, in order.
type recorder struct {
	run     *run
	world   *steps.World
	session *wire.Session
	scope   *resource.Scope
	cancel  context.CancelFunc

	c       *Case
	res     result.Scenario
	next    int // index of the step that runs
	started time.Time
	step    time.Time

	with  string          // what it begins with
	lease *resource.Lease // what came of that, if it was lent or is to be
	given []*godog.Step   // carried out with it so far
	from  int             // index of the first exchange after what it begins with
}

func newRecorder(r *run, c *Case) *recorder {
	rec := &recorder{run: r, c: c}
	rec.equip()
	return rec
}

// equip gives the scenario a session, a scope and a world of its own.
func (rec *recorder) equip() {
	r := rec.run
	rec.session = r.Target.Client.Session()
	rec.session.StartAt(uint64(r.Seed) ^ hash(rec.c.ID))
	rec.scope = r.Registry.Scope(rec.session)
	rec.world = steps.NewWorld(steps.Deps{
		Target:   r.Target,
		Version:  r.Target.Version,
		Session:  rec.session,
		Scope:    rec.scope,
		Shared:   r.shared,
		Families: r.Suite.Families,
		Steps:    r.Suite.Steps,
		Schemas:  r.Schemas,
		Fixtures: r.Fixtures,
	})
	rec.world.Seed(rand.New(rand.NewSource(r.Seed ^ int64(hash(rec.c.ID)))))
}

// start begins the scenario.
func (rec *recorder) start(ctx context.Context) context.Context {
	if rec.run.OnBegin != nil {
		rec.run.OnBegin(rec.c.ID)
	}
	rec.res = rec.c.result()
	rec.res.Outcome = result.Passed
	rec.started = time.Now()
	rec.res.Started = rec.started.UTC()
	limit := rec.run.Limits.Scenario
	if rec.c.Nodes > 0 { // one stops and comes up again, and then the cluster has to recover
		limit += 2 * rec.run.Limits.Start
	}
	if slices.Contains(rec.c.Needs, "roll") { // as long as that takes
		limit = rec.run.Limits.Run
	}
	ctx, rec.cancel = context.WithTimeout(ctx, limit)
	rec.borrow(ctx)
	return ctx
}

// carryOut carries out the step whose turn it is.
func (rec *recorder) carryOut(ctx context.Context, st *godog.Step) error {
	if rec.next == rec.c.given() {
		if err := rec.begun(ctx); err != nil {
			return err
		}
		rec.beforeStep()
	}
	err := rec.perform(ctx, st)
	if !rec.session.Playing() {
		return err
	}
	rec.given = append(rec.given, st)
	if err != nil {
		return rec.beginAnew(ctx)
	}
	return nil
}

func (rec *recorder) perform(ctx context.Context, st *godog.Step) error {
	def, err := rec.run.Suite.definition(st.Text)
	if err != nil {
		return err
	}
	var doc *godog.DocString
	var table *godog.Table
	if below := st.Argument; below != nil {
		doc, table = below.DocString, below.DataTable
	}
	return def.Perform(ctx, rec.world, st.Text, doc, table)
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

func (rec *recorder) beforeStep() {
	if rec.next >= len(rec.c.Steps) {
		return
	}
	rec.step = time.Now()
	rec.session.SetPurpose(stepText(rec.c.Steps[rec.next]))
}

func (rec *recorder) afterStep(ctx context.Context, status godog.StepResultStatus, err error) {
	if rec.next >= len(rec.c.Steps) {
		return
	}
	src := rec.c.Steps[rec.next]
	rec.next++
	st := src.result(result.NotRun)
	st.DurationMS = milliseconds(time.Since(rec.step))
	switch {
	case rec.res.Outcome != result.Passed: // an earlier step ended the scenario
		st.DurationMS = 0
	case err == nil && status == godog.StepPassed:
		st.Outcome = result.Passed
	default:
		st.Outcome = rec.fail(ctx, src, err)
	}
	rec.res.Steps = append(rec.res.Steps, st)
}

// fail sets the scenario's outcome from the error of a step.
func (rec *recorder) fail(ctx context.Context, src CaseStep, err error) result.Outcome {
	outcome, failure, reason := classify(err)
	if outcome == result.Error && runCancelled(ctx, failure) {
		outcome, failure, reason = result.NotRun, nil, "interrupted: "+oneLine(context.Cause(ctx))
	}
	if failure != nil {
		failure.Call = rec.judged(failure)
		if rec.underTest(err, failure) {
			outcome, failure.Kind = result.Failed, "assertion"
		}
		failure.Step = stepText(src)
		failure.Location = fmt.Sprintf("%s:%d", rec.c.File, src.Line)
	}
	rec.res.Outcome, rec.res.Failure, rec.res.Reason = outcome, failure, reason
	return outcome
}

// underTest reports whether a set-up failed at the very call that the scenario
// is about: that is held against the target. It then says what was expected.
func (rec *recorder) underTest(err error, f *result.Failure) bool {
	var setup *resource.SetupError
	if !errors.As(err, &setup) || setup.Err != nil || f.Kind != "setup" {
		return false
	}
	about := slices.ContainsFunc(rec.c.Requirements, func(id string) bool { return rec.run.blame.About(id, f.Call) })
	if about {
		f.Expected, f.Actual = setup.Want, fmt.Sprintf("%d %s", setup.Status, setup.Body)
		f.Check = string(steps.CheckOfSetup(setup))
	}
	return about
}

// judged is the call that a failed assertion is about: the one whose answer
// shows it, or, where it is about what a request did, the last one before that
// could do something.
func (rec *recorder) judged(f *result.Failure) string {
	exchanges := rec.session.Exchanges()
	at := len(exchanges) - 1
	if f.Exchange != nil {
		at = *f.Exchange
	}
	reads := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	for steps.Check(f.Check).Effect() && at >= 0 && slices.Contains(reads, exchanges[at].Request.Method) {
		at--
	}
	if at < 0 || at >= len(exchanges) {
		return ""
	}
	path, _, _ := strings.Cut(exchanges[at].Request.Path, "?")
	return exchanges[at].Request.Method + " " + path
}

// runCancelled tells the end of the run from the time limit of the scenario,
// which gives no cause.
func runCancelled(ctx context.Context, f *result.Failure) bool {
	over := ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded)
	return over && f != nil && f.Kind != "assertion"
}

// finish captures the evidence and hands the scenario over. Evidence comes
// first: what is done afterwards goes through the same session.
func (rec *recorder) finish(ctx context.Context, afterwards func()) {
	defer rec.cancel()
	rec.res.DurationMS = milliseconds(time.Since(rec.started))
	// An answer may repeat credentials, and a failure repeats the answer.
	rec.res = foreign.Redact(rec.session.Client().Secrets(), rec.res)
	rec.res.Exchanges = rec.session.Exchanges()
	rec.res.Sent, rec.res.ServerMS = rec.session.Sent(), result.ServerTime(rec.res.Exchanges)
	for _, e := range rec.res.Exchanges {
		if e.Leased != "" {
			rec.res.Leased++
		}
	}
	rec.heedEnvironment()
	rec.res.Blames = rec.run.blame.First(rec.res)
	if f := rec.res.Failure; f != nil && f.Exchange == nil && len(rec.res.Exchanges) > 0 {
		last := len(rec.res.Exchanges) - 1
		f.Exchange = &last
	}
	if keeps := rec.run.KeepOnFailure && rec.res.Outcome != result.Passed; !keeps {
		afterwards()
	}
	rec.handBack()
	if rec.run.outcomes.drops(rec.res.Outcome) {
		rec.session.Forget()
	}
	rec.run.ended(ctx, rec.c, rec.res, rec.scope)
	rec.res = result.Scenario{}
	rec.world.Release()
}

// overloaded are the statuses of a server, or of something before it, that is
// not there for the request. Nothing that follows one says what the API does.
var overloaded = []int{429, 502, 503, 504}

// heedEnvironment turns the outcome of a scenario that met such a status into
// an error: what it found may be true of the weather only.
func (rec *recorder) heedEnvironment() {
	if rec.res.Outcome != result.Passed && rec.res.Outcome != result.Failed {
		return
	}
	for i, e := range rec.res.Exchanges {
		if e.Response == nil || !slices.Contains(overloaded, e.Response.Status) || rec.expected(i) {
			continue
		}
		found := "everything else was as it should be"
		if rec.res.Failure != nil {
			found = rec.res.Failure.Message
		}
		rec.res.Outcome = result.Error
		rec.res.Failure = &result.Failure{
			Kind: "environment", Exchange: &i, Step: e.Purpose, Location: fmt.Sprintf("%s:%d", rec.c.File, rec.c.Line),
			Message: fmt.Sprintf("%s %s was answered %d, which says that the target is overloaded or not there (%s); run again when it is",
				e.Request.Method, e.Request.Path, e.Response.Status, found),
		}
		return
	}
}

// expected reports whether an answer was looked at for what it is: while a node
// is away, errors are what is judged, and a REST test that had nothing against
// one may be about a server that is not there for the request.
func (rec *recorder) expected(exchange int) bool {
	if rec.world.Foreseen(exchange) {
		return true
	}
	f := rec.res.Failure
	return rec.c.Rest != nil && (f == nil || f.Exchange == nil || *f.Exchange != exchange)
}

// classify says what an error of a step means: only an assertion is held
// against the target.
func classify(err error) (result.Outcome, *result.Failure, string) {
	var (
		assertion   *steps.AssertionError
		skip        *steps.SkipError
		setup       *resource.SetupError
		environment *steps.EnvironmentError
		transport   *wire.TransportError
		language    *resttest.LanguageError
		stash       *resttest.StashError
		misread     *misreadError
	)
	failure := &result.Failure{Message: "the step ended without saying why"}
	if err != nil {
		failure.Message = oneLine(err)
	}
	switch {
	case errors.As(err, &skip):
		return result.Skipped, nil, skip.Reason
	case errors.As(err, &assertion):
		failure.Kind, failure.Message = "assertion", assertion.Message
		failure.Expected, failure.Actual = assertion.Expected, assertion.Actual
		failure.Check = string(assertion.Check)
		if assertion.Exchange >= 0 {
			failure.Exchange = &assertion.Exchange
		}
		return result.Failed, failure, ""
	case errors.As(err, &transport):
		failure.Kind = "transport"
		if transport.Kind == "timeout" || transport.Kind == "cancelled" {
			failure.Kind = "timeout"
		}
	case errors.As(err, &setup):
		failure.Kind = "setup"
		if setup.Err == nil {
			failure.Exchange = &setup.Index
		}
	case errors.As(err, &language), errors.As(err, &stash), errors.As(err, &misread):
		failure.Kind = "undefined"
	case errors.As(err, &environment):
		failure.Kind = "environment"
	case errors.Is(err, context.DeadlineExceeded):
		failure.Kind = "timeout"
	default:
		failure.Kind = "harness"
	}
	return result.Error, failure, ""
}

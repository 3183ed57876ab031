package suite

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
)

// beginning is what a scenario begins with: its steps before the first that is
// no Given. It is empty where nothing can be lent to it: where it may stop the
// server, runs alone, or works with accounts and keys, which end by themselves.
func (c *Case) beginning() string {
	if c.Serial || c.Restart || c.Nodes > 0 || c.Security || c.Rest != nil {
		return ""
	}
	var text strings.Builder
	for _, st := range c.Steps[:c.given()] {
		text.WriteString(stepText(st) + "\n" + st.Argument + "\n")
	}
	return text.String()
}

// given is how many steps it begins with.
func (c *Case) given() int {
	n := slices.IndexFunc(c.Steps, func(st CaseStep) bool { return !st.Given })
	if n < 0 {
		return len(c.Steps)
	}
	return n
}

// pool lends what scenarios began with to others that begin with the same.
type pool struct {
	mu      sync.Mutex
	waiting map[string]int // scenarios that have not begun, by what they begin with
	free    map[string][]*resource.Lease
	unfit   map[string]bool // what cannot be lent
}

// newPool returns a pool for a pass of these scenarios.
func newPool(cases []*Case) *pool {
	p := &pool{waiting: map[string]int{}, free: map[string][]*resource.Lease{}, unfit: map[string]bool{}}
	for _, c := range cases {
		p.waiting[c.beginning()]++
	}
	return p
}

// begin takes note of a scenario that begins.
func (p *pool) begin(with string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[with]--
}

// take takes what a scenario may be lent, nil for nothing. What is alike was made
// by the same calls.
func (p *pool) take(with string, may func(*resource.Lease) bool) *resource.Lease {
	p.mu.Lock()
	defer p.mu.Unlock()
	free := p.free[with]
	if len(free) == 0 || !may(free[0]) {
		return nil
	}
	p.free[with] = free[1:]
	return free[0]
}

// wants reports whether others wait for what a scenario begins with.
func (p *pool) wants(with string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting[with] > len(p.free[with]) && !p.unfit[with]
}

// refuse notes that what a scenario begins with cannot be lent.
func (p *pool) refuse(with string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unfit[with] = true
}

// give offers to others what a scenario began with.
func (p *pool) give(with string, l *resource.Lease) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free[with] = append(p.free[with], l)
}

// drain takes what nobody has taken.
func (p *pool) drain() []*resource.Lease {
	p.mu.Lock()
	defer p.mu.Unlock()
	var rest []*resource.Lease
	for _, free := range p.free {
		rest = append(rest, free...)
	}
	clear(p.free)
	return rest
}

// borrow has the scenario begin with what another one began with. Where there is
// none, others may begin with what this one makes. With several nodes each makes
// its own: one that lags behind is found out by what was written just before.
func (rec *recorder) borrow(ctx context.Context) {
	rec.with = rec.c.beginning()
	if rec.run.NoLease || rec.with == "" || rec.session.Client().Nodes() > 1 {
		return
	}
	p := rec.run.pool
	p.begin(rec.with)
	for l := p.take(rec.with, rec.mayTake); l != nil; l = p.take(rec.with, rec.mayTake) {
		if rec.scope.Take(ctx, l) == nil {
			rec.lease = l
			return
		}
		rec.run.cleanUpBeside(l.Held())
	}
	if p.wants(rec.with) {
		rec.session.Record(rec.c.ID)
	}
}

// mayTake reports whether the scenario is about none of the calls that made
// what is to be lent to it: those it has to make itself.
func (rec *recorder) mayTake(l *resource.Lease) bool {
	return !slices.ContainsFunc(l.Made(), func(call string) bool {
		return slices.ContainsFunc(rec.c.Requirements, func(id string) bool { return rec.run.blame.About(id, call) })
	})
}

// begun sees, once the scenario has carried out what it begins with, that this
// was what it was lent, and whether others may be lent what it made.
func (rec *recorder) begun(ctx context.Context) error {
	defer func() { rec.from = rec.session.Length() }()
	if rec.lease != nil {
		if rec.scope.Taken(rec.lease) {
			return nil
		}
		return rec.beginAnew(ctx)
	}
	tape := rec.session.Recorded()
	if tape == nil {
		return nil
	}
	if l, err := rec.scope.Lease(ctx, rec.session.Client().Session(), tape); err == nil {
		rec.lease = l
	} else {
		rec.run.pool.refuse(rec.with)
	}
	return nil
}

// beginAnew has the scenario make itself what it begins with: what it was lent
// does not fit.
func (rec *recorder) beginAnew(ctx context.Context) error {
	rec.run.pool.refuse(rec.with)
	rec.session.Played() // or what deletes it would be looked for on the tape
	rec.run.cleanUpBeside(rec.scope)
	rec.lease = nil
	rec.equip()
	for i, st := range rec.given {
		rec.session.SetPurpose(stepText(rec.c.Steps[i]))
		if err := rec.perform(ctx, st); err != nil {
			rec.next, rec.res.Steps = i, rec.res.Steps[:i] // this is the step that fails
			return err
		}
	}
	return nil
}

// handBack offers what the scenario began with to others, where it passed and
// has changed nothing: whether that is so is seen when it is taken.
func (rec *recorder) handBack() {
	l := rec.lease
	if l == nil || rec.res.Outcome != result.Passed || !rec.run.pool.wants(rec.with) || slices.ContainsFunc(rec.res.Exchanges[rec.from:], mayHaveChanged) {
		return
	}
	if rec.scope.Return(l) {
		rec.run.pool.give(rec.with, l)
	}
}

// passAgain has the suspects make all that they begin with. What passes then is
// flaky, so its exchanges are kept, too.
func (r *run) passAgain(ctx context.Context) {
	cases := r.outcomes.suspected(r.Cases)
	r.pool = newPool(nil) // nothing is lent where nobody waits for it
	r.outcomes.repeated = true
	r.pass(ctx, cases, r.Parallel)
	r.cleanups.Wait()
	r.outcomes.repeated = r.Repeat > 1
	r.outcomes.settle(cases)
}

// mayHaveChanged reports whether a request may have changed something: it is
// not known to change nothing, and was not refused.
func mayHaveChanged(e result.Exchange) bool {
	refused := e.Response != nil && e.Response.Status/100 == 4
	return !refused && !family.EmbeddedPaths().Reads(e.Request.Method, e.Request.Path)
}

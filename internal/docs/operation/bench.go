package operation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// bench is where one operation is asked about.
type bench struct {
	*runner
	ctx     context.Context
	op      *op
	session *wire.Session
	scope   *resource.Scope
	depth   int // of what is made for something else

	subject *subject
	// named leads to what the body says that the operation is about, where that
	// alone says it: "" where the path does.
	named    string
	shared   *keeper
	parents  map[string]map[string]string // by kind, the ids of what it needs
	current  *instance
	state    family.State
	query    url.Values // what the query has to have
	base     *accepted
	second   *call // the accepted request, a second time
	last     *call
	missing  *call // the server has no such route
	refused  []*call
	unknown  map[string]*call // fields of the examples that the server does not know
	codes    map[int][]*call
	misfit   map[string]*observed
	noJSON   *call  // an answer that is none, where the document has a schema
	skipped  string // why the claims do not apply
	notRun   string // why nothing was asked
	failure  string
	requests int
	accepted int
	// unanswered counts answers that did not come.
	unanswered   int
	lastValues   map[string]string
	lastRead     *instance
	repeatable   bool
	strict       *call // the refusal of a field that nobody knows
	strictQuery  *call
	list         []field // of the body
	nesting      int     // of the value that is being made
	asked, ended bool
	auth         *wire.Auth // of the next request, nil for the client's own

	claims []*claim.Claim
	ids    map[string]bool
	proof  map[*claim.Claim][]int
}

// observed is a misfit and an answer that has it.
type observed struct {
	misfit
	call    *call
	through string // pointer to the answer in the document
}

func (r *runner) bench(ctx context.Context, o *op) *bench {
	b := &bench{
		runner: r, ctx: ctx, op: o.load(), shared: r.shared, parents: map[string]map[string]string{}, unknown: map[string]*call{}, codes: map[int][]*call{}, misfit: map[string]*observed{},
		ids: map[string]bool{}, proof: map[*claim.Claim][]int{},
	}
	b.session = r.Client.Session()
	b.scope = r.Registry.Scope(b.session)
	return b
}

// plan finds out how the operation can be called.
func (b *bench) plan() error {
	if why := b.op.odd(); why != "" {
		b.subject, b.notRun = &subject{}, why
		return errors.New(why)
	}
	s, err := b.runner.subject(b.op)
	if err != nil {
		b.subject = &subject{}
		b.notRun = err.Error()
		return err
	}
	b.subject = s
	b.named = b.names(b.op)
	if why := b.runner.refused(b.op, s); why != "" {
		b.notRun = why
		return errors.New(why)
	}
	there, err := b.routeThere(b.op.method, b.op.filled(func(string) string { return b.Registry.RunID() }))
	if err != nil {
		return err
	}
	if there.lacks {
		b.missing = there.call
		return errors.New("the server has no such route")
	}
	return nil
}

// route is what OPTIONS says of one.
type route struct {
	call       *call
	has, lacks bool // neither where the answer does not tell
}

// routeThere asks whether the server has a route, without calling it.
func (b *bench) routeThere(method, path string) (route, error) {
	c, err := b.do("which methods a path has", http.MethodOptions, path, nil)
	if err != nil {
		return route{}, err
	}
	has := allows(c, method)
	return route{c, has, !has && c.status == http.StatusOK && c.text == ""}, nil
}

// run asks about the operation, and judges. The error ends the run.
func (b *bench) run() error {
	defer b.clean()
	if b.unavailable() {
		return nil
	}
	err := b.ask()
	var fatal *fatalError
	if err != nil {
		b.failure = err.Error()
	}
	b.routeClaim()
	b.operationClaim()
	b.answerClaims()
	b.sampleClaims()
	b.finish()
	if errors.As(err, &fatal) {
		return err
	}
	return nil
}

// ask sends what there is to be asked.
func (b *bench) ask() error {
	if err := b.plan(); err != nil {
		if b.notRun == "" && b.missing == nil {
			return err
		}
		return nil // it is noted why
	}
	if err := b.findBase(); err != nil || b.base == nil {
		return err
	}
	steps := []func() error{b.settle, b.sorts, b.examples, b.unknownID, b.queryClaims, b.bodyClaims, b.privileges}
	if b.named != "" {
		steps = []func() error{b.queryClaims, b.namedOnly, b.privileges}
	}
	whole := true
	for _, step := range steps {
		err := step()
		var quiet *silence
		switch {
		case errors.As(err, &quiet):
			b.failure, whole = err.Error(), false
		case err != nil:
			return err
		}
	}
	b.ended = whole
	return nil
}

// namedOnly says that what the body names is not varied: with another body the
// operation would be about what others have made.
func (b *bench) namedOnly() error {
	c := b.claim("body", claim.KindBodyField, b.op.body.At, "the fields of the body")
	b.cannot(c, claim.Untestable, "only the body says what the operation is about, so it is sent in one way alone")
	return nil
}

// catalogued is what the catalogues say of the operation.
func (b *bench) catalogued() (family.Found, bool) { return b.runner.catalogued(b.op) }

// unavailable reports whether the document says that the server's version has
// no such operation yet.
func (b *bench) unavailable() bool {
	since, at := b.op.Since()
	if since == "" {
		return false
	}
	first, err := esversion.Parse(since)
	if err != nil || b.Version.Compare(first) >= 0 {
		return false
	}
	b.skipped = fmt.Sprintf("the operation came in %s, and the server has %s", since, b.Version)
	c := b.claim("operation", claim.KindOperation, at, "the operation is there since "+since)
	c.Verdict, c.Reason = claim.Skipped, b.skipped
	return true
}

// clean deletes what was made. It outlives the run's context.
func (b *bench) clean() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), b.Limits.WithDefaults().Cleanup)
	defer cancel()
	_ = b.scope.Cleanup(ctx) // what stays is named in the registry's summary
}

// routeClaim says whether the server has the route.
func (b *bench) routeClaim() {
	c := b.claim("route", claim.KindRoute, b.op.At(), b.op.String())
	switch {
	case b.base != nil:
		b.say(c, claim.Confirmed, b.base.call.answer(), b.base.call)
		return
	case b.missing != nil:
		b.because(c, "no-route", claim.Contradicted, "the server has no such route: "+orWord(b.missing.reason, "OPTIONS lists no "+b.op.method), b.missing)
		return
	case b.op.odd() != "":
		b.cannot(c, claim.NotRun, b.op.odd())
		return
	}
	r, err := b.routeThere(b.op.method, b.op.filled(func(string) string { return b.Registry.RunID() }))
	switch {
	case err != nil:
		b.cannot(c, claim.NotRun, err.Error())
	case r.has:
		b.say(c, claim.Confirmed, "OPTIONS lists "+r.call.header.Get("Allow"), r.call)
	case r.lacks:
		b.because(c, "no-route", claim.Contradicted, "the server has no such route: OPTIONS lists no "+b.op.method, r.call)
	default:
		b.cannot(c, claim.NotRun, "nothing that the server says tells")
	}
}

// allows reports whether an answer to OPTIONS lists a method.
func allows(c *call, method string) bool {
	return slices.ContainsFunc(strings.Split(c.header.Get("Allow"), ","), func(m string) bool { return strings.TrimSpace(m) == method })
}

// operationClaim says whether a request was accepted at all.
func (b *bench) operationClaim() {
	c := b.claim("operation", claim.KindOperation, b.op.At(), "a request as the document describes it is accepted")
	switch {
	case b.base != nil && b.ended:
		b.say(c, claim.Confirmed, b.base.call.answer(), b.base.call)
	case b.base != nil:
		b.say(c, claim.Confirmed, b.base.call.answer(), b.base.call)
		c.Reason = "not all was asked: " + b.failure
	default:
		b.cannot(c, claim.NotRun, b.whyNot())
	}
}

// claim begins a claim of the operation.
func (b *bench) claim(suffix string, kind claim.Kind, at claim.At, documented string) *claim.Claim {
	base := b.Document.ID + "/" + b.op.id + "/" + suffix
	id := base
	for n := 2; b.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	b.ids[id] = true
	if at.Line == 0 {
		at = b.op.At()
	}
	c := &claim.Claim{
		ID: id, Kind: kind, File: b.Document.File(), Line: at.Line, Pointer: at.Pointer, Quote: at.Quote, Documented: documented,
		Aspect: suffix, Operations: []string{b.op.id},
	}
	b.claims = append(b.claims, c)
	return c
}

// say gives a claim its verdict.
func (b *bench) say(c *claim.Claim, v claim.Verdict, observed string, calls ...*call) {
	c.Verdict, c.Observed = v, observed
	if !c.Finding() {
		return
	}
	for _, call := range calls {
		if call != nil {
			b.proof[c] = append(b.proof[c], call.index)
		}
	}
}

// because says something that is the same wherever it has that cause.
func (b *bench) because(c *claim.Claim, cause string, v claim.Verdict, observed string, calls ...*call) {
	c.Cause = cause
	b.say(c, v, observed, calls...)
}

// correct notes the changes that make the document say what was found, on what
// the operation reaches through a part of its own. Those that are nil are none.
func (b *bench) correct(c *claim.Claim, through string, changes ...*jsonpatch.Change) {
	for _, change := range changes {
		if change != nil {
			change.Via = b.op.Via(through)
			c.Changes = append(c.Changes, change)
		}
	}
}

// inBody is what a body is reached through.
func (b *bench) inBody() string { return b.op.At().Pointer + "/requestBody" }

// cannot says that nothing is known.
func (b *bench) cannot(c *claim.Claim, v claim.Verdict, why string) { c.Verdict, c.Reason = v, why }

const (
	maxProofs = 3       // exchanges of one claim
	maxBody   = 2 << 10 // bytes of a body in a report
)

// finish says of every claim what became of it, and adds the exchanges that
// show the findings.
func (b *bench) finish() {
	for _, c := range b.claims {
		if c.Verdict == "" {
			b.cannot(c, claim.NotRun, orWord(b.failure, "it was not asked"))
		}
	}
	if len(b.proof) == 0 {
		return
	}
	exchanges := b.session.Exchanges()
	for c, indices := range b.proof {
		for i, index := range indices {
			if i == maxProofs || index < 0 || index >= len(exchanges) {
				break
			}
			e := exchanges[index]
			cut(&e.Request)
			if e.Response != nil {
				res := *e.Response
				cut(&res)
				e.Response = &res
			}
			c.Proof = append(c.Proof, claim.Proof{Curl: wire.Curl(e, ""), Exchange: &e})
		}
	}
}

func cut(m *result.Message) {
	if len(m.Body) > maxBody {
		m.CutFrom = max(m.CutFrom, len(m.Body))
		m.Body = strings.ToValidUTF8(m.Body[:maxBody], "")
	}
}

// again sends a variation once more, about something new of which the accepted
// request is accepted: what differs then is the variation's doing.
func (b *bench) again(v variation) (*call, error) {
	b.current = nil
	if !b.subject.creates && b.repeatable && !b.op.reads() {
		c, err := b.send(variation{purpose: "the accepted request, about another one", body: b.base.body})
		if err != nil || !c.ok() {
			return nil, err
		}
	}
	return b.send(v)
}

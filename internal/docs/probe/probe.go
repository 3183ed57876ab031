package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
)

// Run finds out about everything that the model of a page is about. hints are
// what specifications say of the same routes: they name further fields.
// The error is what kept the probes from being sent: a *wire.TransportError, a
// *resource.SetupError or an *EnvironmentError. What was found out until then
// is in the facts. What was created stays in scope, for the caller to clean up.
func Run(ctx context.Context, registry *resource.Registry, scope *resource.Scope, m *claim.Model, hints []*claim.Model) (*Facts, error) {
	b := &bench{
		ctx: ctx, scope: scope, registry: registry, known: learn(registry.Families()).and(Conventions(registry.Families(), m)),
		parents: map[string]string{}, pool: map[string]*instance{}, made: map[string]bool{}, conforms: map[string]bool{},
	}
	facts := &Facts{Examples: map[int]*ExampleFacts{}}
	for _, r := range m.Routes {
		rf := routeFacts(r)
		facts.Routes = append(facts.Routes, rf)
		if err := b.route(facts, rf, m, hints); err != nil {
			return facts, err
		}
	}
	if facts.Main() == nil {
		if err := b.guess(facts, m, hints); err != nil {
			return facts, err
		}
	}
	return facts, b.examples(facts, m)
}

// route probes one route; only the first that works is probed in full.
func (b *bench) route(facts *Facts, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	first := facts.Main() == nil
	t, err := b.known.bind(rf.Route)
	if err != nil {
		if rf.NotRun = err.Error(); b.known.strange(rf.Route.Segments()) {
			return b.absent(rf, m)
		}
		return nil //nolint:nilerr // the facts say why
	}
	if why, err := b.unconventional(t); err != nil || why != "" {
		rf.NotRun = why
		return err
	}
	if err := b.baseline(t, rf, m, hints); aborts(err) {
		return err
	}
	if rf.OK == nil {
		if missing := b.missing(t); rf.NoRoute != nil && missing != "" {
			rf.NoRoute, rf.NotRun = nil, missing
		} else if rf.NoRoute == nil {
			rf.NotRun = notRun(rf)
		}
		return nil
	}
	steps := []func() error{
		func() error { return b.queryParams(t, rf, m, hints) },
		func() error { return b.codes(t, rf, m) },
		func() error { return b.answers(t, rf, m, hints) },
		func() error { return b.prose(t, rf, m) },
	}
	if first {
		steps = append([]func() error{func() error { return b.bodyFields(t, rf, m, hints) }}, steps...)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			var st *stateError
			if errors.As(err, &st) {
				continue
			}
			return err
		}
	}
	return nil
}

// missing says that the server has not the whole API that a route belongs to, as
// one without security; "" where it has.
func (b *bench) missing(t *target) string {
	if t.whose == nil || t.whose.example != "" {
		return ""
	}
	f, ok := b.registry.Families().Of(t.whose.Name)
	if !ok || resource.Offers(b.ctx, b.scope.Session(), f.Route.Method(), family.Fill(f.Route.Path, map[string]string{"id": "esconform"})) {
		return ""
	}
	return fmt.Sprintf("the server does not have the API %s (%s): it does not offer %s", f.Name, f.Title, f.Route)
}

// absent finds out whether a server that has other calls of the page has not
// this one: it names the methods of a path without doing anything.
func (b *bench) absent(rf *RouteFacts, m *claim.Model) error {
	path := func(segs []string) string {
		out := make([]string, len(segs))
		for i, s := range segs {
			if out[i] = s; isParam(s) {
				out[i] = b.registry.NewID()
			}
		}
		return "/" + strings.Join(out, "/")
	}
	offers := func(method string, segs []string) bool {
		return resource.Offers(b.ctx, b.scope.Session(), method, path(segs))
	}
	own := rf.Route.Segments()
	// Where no other is known, the server may lack the whole API.
	others := slices.ContainsFunc(m.Routes, func(o claim.Route) bool { return !b.known.strange(o.Segments()) && offers(o.Method, o.Segments()) })
	if !others || offers(rf.Route.Method, own) {
		return nil
	}
	c := &Call{Purpose: "is there such a call?", Route: rf.Route, Path: path(own)}
	res, err := b.do(c.Purpose, http.MethodOptions, c.Path, "")
	if err != nil {
		return err
	}
	b.answer(c, res)
	c.Reason = "OPTIONS of the path does not allow " + rf.Route.Method
	rf.NoRoute, rf.NotRun = c, ""
	return nil
}

func notRun(rf *RouteFacts) string {
	why := "no request to " + rf.Route.String() + " succeeded"
	if lack := rf.Failed.Lacks(); lack != "" {
		return why + ": " + lack
	}
	if rf.Failed != nil {
		why += "; the last was answered " + Answer(rf.Failed)
	}
	return why
}

// guess takes the routes of the page's examples where none of its own works.
func (b *bench) guess(facts *Facts, m *claim.Model, hints []*claim.Model) error {
	for _, x := range m.Examples {
		if x.Role != claim.RoleExample || x.Hidden {
			continue
		}
		for _, r := range x.Requests {
			rt, ok := b.known.generalise(r)
			if !ok || len(m.Routes) > 0 && !slices.ContainsFunc(m.Routes, alike(rt)) {
				continue
			}
			tried := false
			for _, have := range facts.Routes {
				tried = tried || have.Route.Key() == rt.Key()
			}
			if tried {
				continue
			}
			rf := routeFacts(rt)
			if err := b.route(facts, rf, m, hints); err != nil {
				return err
			}
			if rf.OK != nil {
				facts.Guessed = rf
				return nil
			}
		}
	}
	return nil
}

// alike finds routes of which another may be what is meant: it has the same
// method and as many segments.
func alike(rt claim.Route) func(claim.Route) bool {
	return func(o claim.Route) bool { return o.Method == rt.Method && len(o.Segments()) == len(rt.Segments()) }
}

// generalise turns the path of an example into a route.
func (k *known) generalise(r claim.Request) (claim.Route, bool) {
	segs := segments(r.Path)
	kd, at := k.find(segs, isID)
	if kd == nil && k.strange(segs) {
		return claim.Route{}, false
	}
	for i, name := range at {
		if name == "id" {
			name = kd.Kind + "_id"
		}
		segs[i] = "{" + name + "}"
	}
	return claim.Route{At: claim.At{Line: r.Line, Quote: r.Method + " " + r.Path}, Method: r.Method, Path: "/" + strings.Join(segs, "/")}, true
}

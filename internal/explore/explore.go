package explore

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// idPrefix begins the ids of the scenarios that explorations make.
const idPrefix = "explore."

// Is reports whether a scenario of that id is an exploration.
func Is(id string) bool { return strings.HasPrefix(id, idPrefix) }

// perResource is how many updates one resource gets before the next is created.
const perResource = 25

// Subject is a call that is explored, and the resource that it is about.
type Subject struct {
	res  *family.Resource
	call family.Call
}

// Subjects lists the calls that catalogues have explored.
func Subjects(set family.Set) []Subject {
	var out []Subject
	for _, f := range set {
		for i := range f.Resources {
			for _, c := range f.Resources[i].Calls {
				if c.Explored != nil {
					out = append(out, Subject{&f.Resources[i], c})
				}
			}
		}
	}
	return out
}

// Run sends n generated updates, reproducible by seed, and returns what became
// of them as one scenario. It stops at the first law that is broken and shrinks
// the body that breaks it.
func Run(ctx context.Context, session *wire.Session, scope *resource.Scope, about Subject, n int, seed int64) result.Scenario {
	what := about.call.Explored
	started := time.Now()
	sc := result.Scenario{
		ID: what.ID, Name: fmt.Sprintf("%d generated %s keep the laws of the API", n, what.Name), Feature: "Generated " + what.Name,
		File: "internal/explore", Line: 1, Profile: "contract", Requirements: []string{}, Outcome: result.Passed, Started: started.UTC(),
	}
	e := &explorer{Subject: about, session: session, scope: scope}
	finding, err := e.explore(ctx, n, rand.New(rand.NewSource(seed)))
	sc.DurationMS = float64(time.Since(started).Milliseconds())
	switch {
	case err != nil && ctx.Err() != nil:
		sc.Outcome, sc.Reason = result.NotRun, "interrupted: "+context.Cause(ctx).Error()
	case err != nil:
		sc.Outcome, sc.Failure = result.Error, &result.Failure{Kind: kind(err), Message: err.Error()}
	case finding != nil:
		sc.Outcome, sc.Failure = result.Failed, finding.failure(seed)
		sc.Exchanges = finding.exchanges
	}
	return sc
}

func kind(err error) string {
	var setup *resource.SetupError
	var transport *wire.TransportError
	switch {
	case errors.As(err, &setup):
		return "setup"
	case errors.As(err, &transport):
		return "transport"
	}
	return "harness"
}

type explorer struct {
	Subject
	session *wire.Session
	scope   *resource.Scope
	values  map[string]string // what stands in paths: the id of the resource
}

// finding is a body that breaks a law.
type finding struct {
	number    int // of the update, from 1
	body      body
	original  body
	problem   string
	before    any
	after     any
	exchanges []result.Exchange
}

func (f *finding) failure(seed int64) *result.Failure {
	zero := 1
	return &result.Failure{
		Kind:     "assertion",
		Message:  fmt.Sprintf("update %d of seed %d: %s", f.number, seed, f.problem),
		Expected: "the laws of the call hold for the body " + f.body.text(),
		Actual:   f.problem + "; found with the body " + f.original.text(),
		Exchange: &zero,
	}
}

func (e *explorer) explore(ctx context.Context, n int, r *rand.Rand) (*finding, error) {
	needs, err := e.scope.Needs(ctx, e.res.Kind)
	if err != nil {
		return nil, err
	}
	for i := range n {
		if i%perResource == 0 {
			id, err := e.scope.Create(ctx, e.res.Kind, resource.New{Of: needs})
			if err != nil {
				return nil, err
			}
			e.values = map[string]string{"id": id}
		}
		b := generate(e.call.Explored.Fields, r)
		found, err := e.try(ctx, b)
		if err != nil {
			return nil, err
		}
		if found != nil {
			found.number, found.original = i+1, b
			return e.shrink(ctx, found)
		}
	}
	return nil, nil
}

// try sends one body and checks it; nil means that all laws hold.
func (e *explorer) try(ctx context.Context, b body) (*finding, error) {
	before, err := e.document(ctx)
	if err != nil {
		return nil, err
	}
	res, err := e.session.Do(ctx, wire.Request{
		Method: e.call.Request.Method(), Path: family.Fill(e.call.Request.Path, e.values), Body: []byte(b.text()), Purpose: "generated update",
	})
	if err != nil {
		return nil, err
	}
	if slices.Contains([]int{429, 502, 503, 504}, res.Status) {
		return nil, fmt.Errorf("send a generated update: answered %d, which says that the target is overloaded or not there", res.Status)
	}
	after, err := e.document(ctx)
	if err != nil {
		return nil, err
	}
	if problem := (laws{e.call.Explored.Fields, b}).check(res, before, after); problem != "" {
		all := e.session.Exchanges()
		return &finding{body: b, original: b, problem: problem, before: before, after: after, exchanges: all[len(all)-3:]}, nil
	}
	return nil, nil
}

func (e *explorer) document(ctx context.Context) (any, error) {
	res, err := e.session.Do(ctx, wire.Request{Method: "GET", Path: family.Fill(e.res.Read.Request.Path, e.values), Purpose: "read the stored " + e.res.Name})
	if err != nil {
		return nil, err
	}
	doc, err := res.JSON()
	if err == nil && res.Status != 200 {
		err = fmt.Errorf("answered %d", res.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", e.res.Name, e.values["id"], err)
	}
	stored, _ := e.res.Shown(e.values["id"], doc)
	return stored, nil
}

// maxShrinks bounds how many smaller bodies are tried.
const maxShrinks = 60

// shrink looks for a smaller body that breaks a law as well: without a member,
// or with a simpler value.
func (e *explorer) shrink(ctx context.Context, f *finding) (*finding, error) {
	tries := 0
	for smaller := true; smaller; {
		smaller = false
		for _, b := range simpler(f.body) {
			if tries++; tries > maxShrinks {
				return f, nil
			}
			found, err := e.try(ctx, b)
			if err != nil {
				return f, nil //nolint:nilerr // what was found stays found
			}
			if found != nil {
				found.number, found.original = f.number, f.original
				f, smaller = found, true
				break
			}
		}
	}
	return f, nil
}

func simpler(b body) []body {
	var out []body
	for i := range b {
		out = append(out, b.without(i))
	}
	for i, m := range b {
		for _, v := range []string{"1", "{}", `{"a":1}`} {
			if len(v) < len(m.value) && jsonval.Equal(kindOf(v), kindOf(m.value)) {
				out = append(out, b.with(i, v))
			}
		}
	}
	return out
}

func kindOf(value string) string {
	switch value[0] {
	case '{', '[', '"':
		return value[:1]
	}
	return "plain"
}

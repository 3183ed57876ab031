package explore

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// ID is the id of the scenario that an exploration makes.
const ID = "explore.stats-laws"

// perJob is how many updates one sync job gets before the next is created.
const perJob = 25

// Run sends n generated stats updates, reproducible by seed, and returns what
// became of them as one scenario. It stops at the first law that is broken and
// shrinks the body that breaks it.
func Run(ctx context.Context, session *wire.Session, scope *resource.Scope, n int, seed int64) result.Scenario {
	started := time.Now()
	sc := result.Scenario{
		ID: ID, Name: fmt.Sprintf("%d generated stats updates keep the laws of the API", n), Feature: "Generated stats updates",
		File: "internal/explore", Line: 1, Profile: "contract", Requirements: []string{}, Outcome: result.Passed, Started: started.UTC(),
	}
	e := &explorer{session: session, scope: scope}
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
	session *wire.Session
	scope   *resource.Scope
	job     string
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
		Expected: "the laws of a stats update hold for the body " + f.body.text(),
		Actual:   f.problem + "; found with the body " + f.original.text(),
		Exchange: &zero,
	}
}

func (e *explorer) explore(ctx context.Context, n int, r *rand.Rand) (*finding, error) {
	connector, err := e.scope.Create(ctx, "connector", resource.New{})
	if err != nil {
		return nil, err
	}
	for i := range n {
		if i%perJob == 0 {
			if e.job, err = e.scope.Create(ctx, "sync_job", resource.New{Of: map[string]string{"connector": connector}}); err != nil {
				return nil, err
			}
		}
		b := generate(r)
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
		Method: "PUT", Path: "/_connector/_sync_job/" + e.job + "/_stats", Body: []byte(b.text()), Purpose: "generated update",
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
	if problem := check(b, res, before, after); problem != "" {
		all := e.session.Exchanges()
		return &finding{body: b, original: b, problem: problem, before: before, after: after, exchanges: all[len(all)-3:]}, nil
	}
	return nil, nil
}

func (e *explorer) document(ctx context.Context) (any, error) {
	res, err := e.session.Do(ctx, wire.Request{Method: "GET", Path: "/_connector/_sync_job/" + e.job, Purpose: "read the stored sync job"})
	if err != nil {
		return nil, err
	}
	doc, err := res.JSON()
	if err == nil && res.Status != 200 {
		err = fmt.Errorf("answered %d", res.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("read sync job %s: %w", e.job, err)
	}
	return doc, nil
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

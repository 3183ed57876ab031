package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

const purposeReady = "see that the target can be tested"

// Preflight sees once that what scenarios about these families begin with
// works: where a family has something to try, that is created with what it
// needs, read back and deleted. A server that has just started is given until
// Limits.Start to get that far; no write is sent before the API is ready for it.
// The error is a *StartError that names the step and what came back. It is
// lenient about the wording of answers, which is for scenarios to judge, and
// leaves it to the registry to report what could not be deleted. What the
// mappings behind the APIs lack it notes in t.Info.
func Preflight(ctx context.Context, t *Target, registry *resource.Registry, families []*family.Family) error {
	session := t.Client.Session()
	session.SetPurpose(purposeReady)
	scope := registry.Scope(session)
	within, cancel := context.WithTimeout(ctx, t.Client.Limits().Start)
	defer cancel()
	var err error
	for _, f := range families {
		a := api{session: session, set: registry.Families(), family: f}
		if err = t.unready(within, a, Patiently(within, func(ctx context.Context) error { return a.rehearse(ctx, scope) })); err != nil {
			break
		}
	}
	if err == nil {
		t.Info.Unmapped = t.unmapped(within, session, families)
	}
	cleanup, stop := context.WithTimeout(context.WithoutCancel(ctx), t.Client.Limits().Cleanup)
	defer stop()
	_ = scope.Cleanup(cleanup) // becomes leftovers
	var failed *StartError
	if errors.As(err, &failed) && failed.Advice == "" {
		failed.Refused = refusedCall(session, failed.Err)
	}
	return err
}

// refusedCall returns the call that was answered otherwise than it has to.
func refusedCall(session *wire.Session, err error) string {
	var setup *resource.SetupError
	exchanges := session.Exchanges()
	if !errors.As(err, &setup) || setup.Err != nil || busy(setup.Status) || setup.Index >= len(exchanges) {
		return ""
	}
	sent := exchanges[setup.Index].Request
	path, _, _ := strings.Cut(sent.Path, "?")
	return sent.Method + " " + path
}

// unready words the error of a target that did not become ready within a time
// limit, nil for none.
func (t *Target) unready(within context.Context, a api, err error) error {
	if err == nil {
		return nil
	}
	e := &StartError{What: "the target cannot be tested: set-up failed", Err: err, Advice: a.advice(err)}
	if errors.Is(within.Err(), context.DeadlineExceeded) {
		e.What = fmt.Sprintf("the target cannot be tested: it was not ready within %s", t.Client.Limits().Start)
		if e.Advice == "" {
			e.Advice = "look at the server's log, or raise --timeout-start"
		}
	}
	return e
}

// rehearse creates what the family has to try, and reads it back.
func (a api) rehearse(ctx context.Context, scope *resource.Scope) error {
	if a.family.Ready == nil {
		return nil
	}
	if err := a.checkBackings(ctx); err != nil {
		return err
	}
	try, _ := a.set.Resource(a.family.Ready.Try)
	id, err := a.create(ctx, scope, try)
	if err != nil {
		return err
	}
	if err := a.readBack(ctx, try, id); err != nil {
		return err
	}
	return a.checkBackings(ctx) // an account that may not read templates learns only now
}

// create creates a resource after what it needs.
func (a api) create(ctx context.Context, scope *resource.Scope, r *family.Resource) (string, error) {
	of := map[string]string{}
	for _, name := range r.Needs {
		need, _ := a.set.Resource(name)
		id, err := a.create(ctx, scope, need)
		if err != nil {
			return "", err
		}
		of[need.Kind] = id
	}
	return lenient(scope.Create(ctx, r.Kind, resource.New{Of: of}))
}

// lenient accepts what was created though the answer was not as promised.
func lenient(id string, err error) (string, error) {
	var setup *resource.SetupError
	if errors.As(err, &setup) && setup.ID != "" {
		return setup.ID, nil
	}
	return id, err
}

func (a api) readBack(ctx context.Context, r *family.Resource, id string) error {
	action := "read back " + r.Name + " " + id
	res, err := a.session.Do(ctx, wire.Request{Method: http.MethodGet, Path: family.Fill(r.Read.Request.Path, map[string]string{"id": id})})
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	doc, err := res.JSON()
	if _, isObject := doc.(map[string]any); err != nil || !isObject || res.Status != http.StatusOK {
		return &resource.SetupError{Action: action, Status: res.Status, Body: resource.Quote(res.Text()), Want: "200 with the " + r.Name, Index: res.Index}
	}
	return nil
}

func (a api) advice(err error) string {
	var spoiled *spoiledError
	var setup *resource.SetupError
	switch {
	case errors.As(err, &spoiled):
		return spoiled.advice()
	case !errors.As(err, &setup):
		return ""
	case setup.Status == http.StatusUnauthorized:
		return "check the credentials"
	case setup.Status == http.StatusForbidden:
		return a.family.Ready.Forbidden
	case setup.Status == http.StatusMethodNotAllowed, setup.Status == http.StatusNotFound, strings.Contains(setup.Body, "no handler found"):
		return a.family.Ready.Absent
	}
	return ""
}

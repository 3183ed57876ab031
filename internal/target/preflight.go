package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

const purposeReady = "see that the target can be tested"

// Preflight sees once that what every scenario begins with works: it creates
// a connector and a sync job, reads the job back and deletes both. A server
// that has just started is given until Limits.Start to get that far; no write
// is sent before the API is ready for it. The error is a *StartError that names
// the step and what came back. It is lenient about the wording of answers,
// which is for scenarios to judge, and leaves it to the registry to report what
// could not be deleted.
func Preflight(ctx context.Context, t *Target, registry *resource.Registry) error {
	session := t.Client.Session()
	session.SetPurpose(purposeReady)
	scope := registry.Scope(session)
	within, cancel := context.WithTimeout(ctx, t.Client.Limits().Start)
	defer cancel()
	err := Patiently(within, func(ctx context.Context) error {
		if err := checkBackings(ctx, session); err != nil {
			return err
		}
		if err := rehearse(ctx, session, scope); err != nil {
			return err
		}
		return checkBackings(ctx, session) // an account that may not read templates learns only now
	})
	cleanup, stop := context.WithTimeout(context.WithoutCancel(ctx), t.Client.Limits().Cleanup)
	defer stop()
	_ = scope.Cleanup(cleanup) // becomes leftovers
	err = t.unready(within, err)
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
func (t *Target) unready(within context.Context, err error) error {
	if err == nil {
		return nil
	}
	e := &StartError{What: "the target cannot be tested: set-up failed", Err: err, Advice: advice(err)}
	if errors.Is(within.Err(), context.DeadlineExceeded) {
		e.What = fmt.Sprintf("the target cannot be tested: it was not ready within %s", t.Client.Limits().Start)
		if e.Advice == "" {
			e.Advice = "look at the server's log, or raise --timeout-start"
		}
	}
	return e
}

func rehearse(ctx context.Context, session *wire.Session, scope *resource.Scope) error {
	connector, err := lenient(scope.Create(ctx, "connector", resource.New{}))
	if err != nil {
		return err
	}
	job, err := lenient(scope.Create(ctx, "sync_job", resource.New{Of: map[string]string{"connector": connector}}))
	if err != nil {
		return err
	}
	return readBack(ctx, session, job)
}

// lenient accepts what was created though the answer was not as promised.
func lenient(id string, err error) (string, error) {
	var setup *resource.SetupError
	if errors.As(err, &setup) && setup.ID != "" {
		return setup.ID, nil
	}
	return id, err
}

func readBack(ctx context.Context, session *wire.Session, job string) error {
	action := "read back sync job " + job
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/_connector/_sync_job/" + url.PathEscape(job)})
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	doc, err := res.JSON()
	if _, isObject := doc.(map[string]any); err != nil || !isObject || res.Status != http.StatusOK {
		return &resource.SetupError{Action: action, Status: res.Status, Body: resource.Quote(res.Text()), Want: "200 with the sync job", Index: res.Index}
	}
	return nil
}

func advice(err error) string {
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
		return "the account needs the cluster privilege manage_connector; before 9.0 also read and write on .elastic-connectors*"
	case setup.Status == http.StatusMethodNotAllowed, setup.Status == http.StatusNotFound, strings.Contains(setup.Body, "no handler found"):
		return "the connector API is there since Elasticsearch 8.12"
	}
	return ""
}

package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// Preflight sees once that what every scenario begins with works: it creates
// a connector and a sync job, reads the job back and deletes both. The error
// is a *StartError that names the step and what came back. It is lenient
// about the wording of answers, which is for scenarios to judge, and leaves
// it to the registry to report what could not be deleted.
func Preflight(ctx context.Context, t *Target, registry *resource.Registry) error {
	session := t.Client.Session()
	session.SetPurpose("see that the target can be tested")
	scope := registry.Scope(session)
	err := rehearse(ctx, session, scope)
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.Client.Limits().Cleanup)
	defer cancel()
	_ = scope.Cleanup(within) // becomes leftovers
	if err == nil {
		return nil
	}
	return &StartError{What: "the target cannot be tested: set-up failed", Err: err, Advice: advice(err)}
}

func rehearse(ctx context.Context, session *wire.Session, scope *resource.Scope) error {
	connector, err := lenient(scope.CreateConnector(ctx, "", nil))
	if err != nil {
		return err
	}
	job, err := lenient(scope.CreateSyncJob(ctx, connector, nil))
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
	var setup *resource.SetupError
	if !errors.As(err, &setup) {
		return ""
	}
	switch setup.Status {
	case http.StatusUnauthorized:
		return "check the credentials"
	case http.StatusForbidden:
		return "the account needs the cluster privilege manage_connector; before 9.0 also read and write on .elastic-connectors*"
	case http.StatusMethodNotAllowed, http.StatusNotFound:
		return "the connector API is there since Elasticsearch 8.12"
	}
	return ""
}

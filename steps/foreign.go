package steps

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/esconform/esconform/internal/wire"
)

func foreignSteps() []Definition {
	const noun = "document of another program"
	return []Definition{
		define(noun, `a sync job that another program has stored as the fixture `+quoted,
			"Stores a file of fixtures/documents past the API, as a sync job of a connector of its own that has another one, which the API made. {connector} and {index} stand for names, {created_at} for the time at which that other one was created, {created_at_offset} for the same with +00:00 in place of Z.",
			`Given a sync job that another program has stored as the fixture "sync-job-kibana.json"`,
			func(w *World) any { return w.foreignJob }),
		define(noun, `a connector that another program has stored as the fixture `+quoted,
			"Stores a file of fixtures/documents past the API, as a connector.",
			`Given a connector that another program has stored as the fixture "connector-kibana.json"`,
			func(w *World) any { return w.foreignConnector }),
		define(noun, `the connector is read and listed as it is stored`,
			"Reads the connector through the API, by its id and in the list of connectors, and straight from its index, and compares.",
			"Then the connector is read and listed as it is stored",
			func(w *World) any { return w.connectorAsStored }),
	}
}

// document reads a file of fixtures/documents.
func (w *World) document(name string) ([]byte, error) {
	raw, err := fs.ReadFile(w.deps.Fixtures, path.Join("documents", name))
	if err != nil {
		return nil, fmt.Errorf("read the fixture %s: %w", name, err)
	}
	return w.expandBody(string(raw)), nil
}

// foreignJob stores a sync job past the API. One that the API made is there
// beside it: its times are the server's own.
func (w *World) foreignJob(ctx context.Context, name string) error {
	if err := w.ownConnectorWithJob(ctx); err != nil {
		return err
	}
	made, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	created, err := writtenInstant(made.source["created_at"])
	if err != nil {
		return failf(made.read, "/created_at with an instant", fmt.Sprint("/created_at ", made.source["created_at"]), "created_at cannot be read")
	}
	w.saved["index"] = w.deps.Scope.NewID()
	w.saved["created_at"] = written(created)
	w.saved["created_at_offset"] = strings.Replace(written(created), "Z", "+00:00", 1)
	body, err := w.document(name)
	if err != nil {
		return err
	}
	res, err := w.storeDirectly(ctx, http.MethodPost, jobsIndex+"/_doc", body)
	if err != nil {
		return err
	}
	w.other = w.job
	w.other.before = made
	stored := &job{id: stringAt(res, "/_id"), connector: w.connector.id, creationSent: w.job.creationSent, creationAnswered: w.job.creationAnswered}
	w.foreign[stored.id] = true
	w.useJob(stored)
	return nil
}

func (w *World) foreignConnector(ctx context.Context, name string) error {
	id := w.deps.Scope.NewID()
	w.saved["index"] = w.deps.Scope.NewID()
	body, err := w.document(name)
	if err != nil {
		return err
	}
	if _, err := w.storeDirectly(ctx, http.MethodPut, connectorsIndex+"/_create/"+id, body); err != nil {
		return err
	}
	w.useConnector(id)
	w.connector.before, err = w.readConnector(ctx, id)
	return err
}

// storeDirectly stores a new document past the API, so that a search finds it.
func (w *World) storeDirectly(ctx context.Context, method, target string, body []byte) (*wire.Response, error) {
	res, err := w.deps.Scope.Do(ctx, wire.Request{Method: method, Path: target + "?refresh=true", Body: body})
	if err != nil {
		return nil, err
	}
	switch res.Status {
	case http.StatusCreated:
		return res, nil
	case http.StatusForbidden:
		index, _, _ := strings.Cut(target[1:], "/")
		return nil, &SkipError{Reason: "needs an account that may write the index " + index}
	}
	return nil, setupFailed(res, "store a document as another program does", "201")
}

func (w *World) connectorAsStored(ctx context.Context) error {
	if w.connector == nil {
		return errNoConnector
	}
	state, err := w.readConnector(ctx, w.connector.id) // compares both ways
	if err != nil {
		return err
	}
	return w.connectorListed(ctx, state)
}

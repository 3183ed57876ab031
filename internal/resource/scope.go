package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Scope holds what one scenario created, or what is shared by a whole run. It
// is safe for concurrent use.
type Scope struct {
	registry *Registry
	session  *wire.Session

	mu    sync.Mutex
	items []*item // in the order of creation
}

// item is one thing to delete.
type item struct {
	kind, id, path string
	// unsure: the request that creates it got no answer, so it may not exist.
	unsure bool
	// gone: somebody says to have deleted it; a read has to confirm it.
	gone bool
	// strayJobs: the connector may have sync jobs whose ids nobody knows,
	// since the request that creates one got no answer.
	strayJobs bool
}

// paths holds where resources of a kind live.
var paths = map[string]string{
	Connector: "/_connector/%s",
	SyncJob:   "/_connector/_sync_job/%s",
	Index:     "/%s",
	User:      "/_security/user/%s",
	Role:      "/_security/role/%s",
	APIKey:    "/_security/api_key?id=%s",
}

// leftover describes the item with the command that removes it.
func (it *item) leftover(why string) result.Leftover {
	request := result.Message{Method: http.MethodDelete, Path: it.path}
	switch it.kind {
	case Connector:
		request.Path += "?hard=true"
	case APIKey:
		request.Path, request.Body = apiKeyDelete(it.id)
		request.Headers = map[string][]string{"Content-Type": {"application/json"}}
	}
	return result.Leftover{Kind: it.kind, ID: it.id, Why: why, Command: wire.Curl(result.Exchange{Request: request}, "")}
}

// CreateConnector creates a connector and returns its id. An empty id has one
// made up; a nil body gives it an index name of its own and a service type, so
// that sync jobs can be created for it. body may be text, bytes or a JSON
// value. An answer other than 201 is a *SetupError.
func (sc *Scope) CreateConnector(ctx context.Context, id string, body any) (string, error) {
	if id == "" {
		id = sc.registry.NewID()
	}
	if body == nil {
		body = map[string]any{"name": id, "index_name": strings.ToLower(id), "service_type": "esconform"}
	}
	it := sc.newItem(Connector, id, "")
	// Only a name of this run's own may be deleted without knowing that this
	// run created it.
	if strings.Contains(id, sc.registry.runID) {
		it.unsure = true
		sc.add(it)
	}
	action := "create connector " + id
	res, err := sc.session.Do(ctx, wire.Request{Method: http.MethodPut, Path: it.path, Body: encode(body)})
	if err != nil {
		if neverSent(err) {
			sc.drop(it)
		}
		return "", &SetupError{Action: action, Err: err}
	}
	got, ok := createdID(res)
	if !ok || got != id {
		if !made(res) {
			sc.drop(it) // it was not created, or not by this request
			got = ""
		}
		return "", sc.unexpected(action, res, "201 with its id", got)
	}
	sc.confirm(it)
	return id, nil
}

// CreateSyncJob creates a sync job of a connector and returns its id. extra
// holds further fields of the request. An answer other than 201 is a
// *SetupError.
func (sc *Scope) CreateSyncJob(ctx context.Context, connectorID string, extra map[string]any) (string, error) {
	body := map[string]any{"id": connectorID}
	for key, value := range extra {
		body[key] = value
	}
	action := "create sync job of connector " + connectorID
	res, err := sc.session.Do(ctx, wire.Request{Method: http.MethodPost, Path: "/_connector/_sync_job", Body: encode(body)})
	if err != nil {
		sc.registry.strayJobOf(connectorID)
		return "", &SetupError{Action: action, Err: err}
	}
	id, ok := createdID(res)
	if id != "" {
		sc.confirm(sc.newItem(SyncJob, id, ""))
	}
	if !ok {
		return "", sc.unexpected(action, res, "201 with an id", id)
	}
	return id, nil
}

// Track hands over something that a step created itself. An empty deletePath
// stands for the path that the kind has. Track something as soon as its
// request is sent, where the name is known before.
func (sc *Scope) Track(kind, id, deletePath string) {
	sc.confirm(sc.newItem(kind, id, deletePath))
}

// Forget notes that a step deleted something itself. Cleanup only confirms
// that it is gone; a connector, which most versions merely mark as deleted, is
// still removed for real.
func (sc *Scope) Forget(kind, id string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, it := range sc.items {
		if it.kind == kind && it.id == id && kind != Connector {
			it.gone = true
		}
	}
}

// Keep has everything created so far left in the target, for somebody to look
// at. Nothing of it is deleted by Cleanup.
func (sc *Scope) Keep() {
	for _, it := range sc.take() {
		if it.gone {
			sc.registry.count(0, 1)
			continue
		}
		left := it.leftover("kept because the scenario did not pass")
		left.Kept = true
		sc.registry.leave(left)
	}
}

func (sc *Scope) newItem(kind, id, path string) *item {
	if path == "" && paths[kind] != "" {
		path = fmt.Sprintf(paths[kind], url.PathEscape(id))
	}
	return &item{kind: kind, id: id, path: path}
}

func (sc *Scope) add(it *item) {
	sc.registry.holds(sc, true)
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.items = append(sc.items, it)
}

// confirm notes that an item exists, and begins to hold it if need be.
func (sc *Scope) confirm(it *item) {
	sc.registry.count(1, 0)
	sc.mu.Lock()
	known := slices.Contains(sc.items, it)
	it.unsure = false
	sc.mu.Unlock()
	if !known {
		sc.add(it)
	}
}

func (sc *Scope) drop(it *item) {
	sc.mu.Lock()
	sc.items = slices.DeleteFunc(sc.items, func(other *item) bool { return other == it })
	empty := len(sc.items) == 0
	sc.mu.Unlock()
	if empty {
		sc.registry.holds(sc, false)
	}
}

// take empties the scope, last created first.
func (sc *Scope) take() []*item {
	sc.mu.Lock()
	items := sc.items
	sc.items = nil
	sc.mu.Unlock()
	sc.registry.holds(sc, false)
	slices.Reverse(items)
	return items
}

func (sc *Scope) held() []*item {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(sc.items), func(it *item) bool { return it.unsure })
}

// hasStrayJobs notes that a connector, if the scope holds it, may have sync
// jobs that nobody knows.
func (sc *Scope) hasStrayJobs(connectorID string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, it := range sc.items {
		if it.kind == Connector && it.id == connectorID {
			it.strayJobs = true
		}
	}
}

// neverSent reports whether a request cannot have reached the target.
func neverSent(err error) bool {
	var transport *wire.TransportError
	if !errors.As(err, &transport) {
		return false
	}
	switch transport.Kind {
	case wire.KindRefused, wire.KindDNS, wire.KindTLS:
		return true
	}
	return false
}

func encode(body any) []byte {
	switch body := body.(type) {
	case []byte:
		return body
	case string:
		return []byte(body)
	}
	return jsonval.Encode(body)
}

// createdID returns the id out of an answer, and whether the answer says as it
// should that something was created.
func createdID(res *wire.Response) (id string, ok bool) {
	if res.Status >= http.StatusMultipleChoices {
		return "", false
	}
	doc, err := res.JSON()
	if err != nil {
		return "", false
	}
	v, _ := jsonval.Pointer(doc, "/id")
	id, _ = v.(string)
	return id, id != "" && res.Status == http.StatusCreated
}

// made reports whether a request for a connector may have made a new one, for
// all that its answer says.
func made(res *wire.Response) bool {
	if res.Status >= http.StatusBadRequest && res.Status < http.StatusInternalServerError {
		return false
	}
	doc, err := res.JSON()
	if err != nil {
		return res.Status != http.StatusOK
	}
	outcome, _ := jsonval.Pointer(doc, "/result")
	return outcome == "created" || res.Status != http.StatusOK
}

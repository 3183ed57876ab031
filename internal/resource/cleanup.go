package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

const purpose = "cleanup"

// pauses are the waits before a deletion is tried again: a conflict with a
// write still in flight, or a busy server, passes by itself.
var pauses = []time.Duration{50 * time.Millisecond, 250 * time.Millisecond, time.Second}

// atOnce bounds the deletions that a scope sends at the same time.
const atOnce = 4

// Cleanup deletes what the scope holds and sees that it is gone: last created
// first, those of a kind that were created one after the other at once. ctx has
// to outlive the scenario's own and carry the limit of the cleanup. What cannot
// be deleted becomes a leftover in the registry; the error names it too, but
// must not change the outcome of a scenario.
func (sc *Scope) Cleanup(ctx context.Context) error {
	items := sc.take()
	failures := make([]error, len(items))
	var deletions errgroup.Group
	deletions.SetLimit(atOnce)
	for i, it := range items {
		if i > 0 && it.kind != items[i-1].kind {
			_ = deletions.Wait() // the errors are in failures
		}
		deletions.Go(func() error {
			failures[i] = sc.cleanUp(ctx, it)
			return nil
		})
	}
	_ = deletions.Wait()
	return errors.Join(failures...)
}

func (sc *Scope) cleanUp(ctx context.Context, it *item) error {
	existed, err := sc.remove(ctx, it)
	switch {
	case err != nil:
		sc.registry.leave(it.leftover(err.Error()))
		return fmt.Errorf("delete %s %s: %w", it.kind, it.id, err)
	case !it.unsure:
		sc.registry.count(0, 1)
	case existed:
		sc.registry.count(1, 1)
	}
	return nil
}

// remove deletes one item and reports whether it was there.
func (sc *Scope) remove(ctx context.Context, it *item) (existed bool, err error) {
	if it.gone && sc.confirmGone(ctx, it) == nil {
		return true, nil
	}
	for try := 0; ; try++ {
		existed, err = sc.removeOnce(ctx, it)
		if err == nil || try == len(pauses) || !passing(err) {
			return existed, err
		}
		select {
		case <-time.After(pauses[try]):
		case <-ctx.Done():
			return existed, err
		}
	}
}

func (sc *Scope) removeOnce(ctx context.Context, it *item) (existed bool, err error) {
	res, err := sc.sendDelete(ctx, it)
	if err != nil {
		return false, err
	}
	if res.Status != http.StatusOK && res.Status != http.StatusNotFound {
		return false, sc.answerError("the deletion", res)
	}
	return res.Status == http.StatusOK, sc.confirmGone(ctx, it)
}

func (sc *Scope) sendDelete(ctx context.Context, it *item) (*wire.Response, error) {
	switch it.kind {
	case Connector:
		return sc.deleteConnector(ctx, it)
	case APIKey:
		path, body := apiKeyDelete(it.id)
		return sc.send(ctx, http.MethodDelete, path, []byte(body))
	}
	return sc.send(ctx, http.MethodDelete, it.path, nil)
}

func apiKeyDelete(id string) (path, body string) {
	return "/_security/api_key", string(jsonval.Encode(map[string]any{"ids": []any{id}}))
}

// deleteConnector asks for the most thorough deletion first. Versions before
// 9.0 know no ?hard and answer 400 to it; they delete for real without it.
func (sc *Scope) deleteConnector(ctx context.Context, it *item) (*wire.Response, error) {
	queries := []string{"?hard=true", ""}
	if it.strayJobs {
		queries = []string{"?hard=true&delete_sync_jobs=true", "?delete_sync_jobs=true", "?hard=true", ""}
	}
	var res *wire.Response
	for _, query := range queries {
		hard := strings.Contains(query, "hard")
		if hard && sc.registry.withoutHardDelete.Load() {
			continue
		}
		var err error
		if res, err = sc.send(ctx, http.MethodDelete, it.path+query, nil); err != nil {
			return nil, err
		}
		if res.Status != http.StatusBadRequest {
			return res, nil
		}
		if query == "?hard=true" {
			sc.registry.withoutHardDelete.Store(true)
		}
	}
	return res, nil
}

// confirmGone returns nil only where a read says that the item is not there.
func (sc *Scope) confirmGone(ctx context.Context, it *item) error {
	res, err := sc.send(ctx, http.MethodGet, it.path, nil)
	if err != nil {
		return err
	}
	if it.kind == APIKey && invalidated(res) {
		return nil // an invalidated key stays readable for some time
	}
	if res.Status != http.StatusNotFound {
		return sc.answerError("a read after the deletion", res)
	}
	if it.kind != Connector || sc.registry.documentsHidden.Load() {
		return nil
	}
	// A connector that is only marked as deleted is hidden from the API.
	path := "/.elastic-connectors/_doc/" + strings.TrimPrefix(it.path, "/_connector/")
	if res, err = sc.send(ctx, http.MethodGet, path, nil); err != nil {
		return err
	}
	switch res.Status {
	case http.StatusNotFound:
		return nil
	case http.StatusOK:
		return sc.answerError("its stored document is still there: a read", res)
	}
	sc.registry.documentsHidden.Store(true) // the account may not read it
	return nil
}

func invalidated(res *wire.Response) bool {
	doc, err := res.JSON()
	if err != nil || res.Status != http.StatusOK {
		return false
	}
	state, _ := jsonval.Pointer(doc, "/api_keys/0/invalidated")
	return state == true
}

func (sc *Scope) send(ctx context.Context, method, path string, body []byte) (*wire.Response, error) {
	return sc.session.Do(ctx, wire.Request{Method: method, Path: path, Body: body, Purpose: purpose})
}

// passing reports whether the same deletion may well succeed a moment later.
func passing(err error) bool {
	var answer *answerError
	if errors.As(err, &answer) {
		switch answer.status {
		case http.StatusConflict, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var transport *wire.TransportError
	return errors.As(err, &transport) && transport.Kind == wire.KindClosed
}

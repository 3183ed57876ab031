package resource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
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
	var failures []error
	for items := sc.takeLast(); len(items) > 0; items = sc.takeLast() {
		failed := make([]error, len(items))
		var deletions errgroup.Group
		deletions.SetLimit(atOnce)
		if items[0].kind.name == change { // each goes back to what the one before left
			deletions.SetLimit(1)
		}
		for i, it := range items {
			deletions.Go(func() error {
				failed[i] = sc.cleanUp(ctx, it)
				return nil
			})
		}
		_ = deletions.Wait() // the errors are in failed
		failures = append(failures, failed...)
	}
	sc.registry.holds(sc, false)
	return errors.Join(failures...)
}

func (sc *Scope) cleanUp(ctx context.Context, it *item) error {
	existed, err := sc.remove(ctx, it)
	switch {
	case err != nil:
		sc.registry.leave(leftItem{item: it, why: err.Error()})
		return fmt.Errorf("delete %s %s: %w", it.kind.name, it.id, err)
	case it.kind.name == change:
		sc.registry.changing(it, false)
		sc.registry.putBack()
	case !it.unsure:
		sc.registry.count(0, 1)
		if !existed && it.by != nil {
			sc.registry.stray(sc, it.by) // its id was a wrong one
		}
	case existed && it.kind.members == nil:
		sc.registry.count(1, 1)
	case !existed && it.lost: // it may yet come into being
		it.lost = false
		sc.registry.lookAgain(it)
		return nil
	}
	_ = sc.note(result.ResourceGone, it) // nothing depends on it
	return nil
}

// remove deletes one item and reports whether it was there.
func (sc *Scope) remove(ctx context.Context, it *item) (existed bool, err error) {
	switch {
	case it.unknown:
		return false, errors.New(unknownID)
	case it.unsure && !it.ours:
		return false, sc.look(ctx, it)
	case it.refused && !sc.shown(ctx, it):
		return false, nil
	case it.gone && sc.confirmGone(ctx, it) == nil:
		return true, nil
	}
	for try := 0; ; try++ {
		if it.kind.members != nil {
			existed, err = sc.removeMembers(ctx, it)
		} else {
			existed, err = sc.removeOnce(ctx, it)
		}
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

// shown reports whether something is there against all refusals, or cannot be
// seen just now. Whoever may not create something may often not look for it
// either: then the refusal is believed.
func (sc *Scope) shown(ctx context.Context, it *item) bool {
	if it.kind.members != nil {
		ids, err := sc.list(ctx, it.kind.members, it.id, nil)
		return len(ids) > 0 || passing(err)
	}
	err := sc.confirmGone(ctx, it)
	return isThere(err) || passing(err)
}

// isThere reports whether an error says that something can be read.
func isThere(err error) bool {
	var answer *answerError
	return errors.As(err, &answer) && answer.status == http.StatusOK
}

// look sees whether something is there that this run may have created, or
// somebody else: then it is left alone.
func (sc *Scope) look(ctx context.Context, it *item) error {
	err := sc.confirmGone(ctx, it)
	if isThere(err) {
		return errors.New("it is there, and may be this run's: the request that creates it was not answered as it should be, and its name is not one of the run's own")
	}
	return err
}

func (sc *Scope) removeOnce(ctx context.Context, it *item) (existed bool, err error) {
	if it.kind.name == change {
		return true, sc.revert(ctx, it)
	}
	told, res, err := sc.sendDelete(ctx, it)
	if err != nil {
		return false, err
	}
	if res.Status != http.StatusOK && res.Status != http.StatusNotFound {
		refused := sc.answerError("the deletion", res)
		if res.Status == http.StatusInternalServerError && sc.confirmGone(ctx, it) == nil {
			return !it.unsure, nil // what failed was only to say so
		}
		return false, refused
	}
	return deletedSome(told, res), sc.confirmGone(ctx, it)
}

// deletedSome reports whether an answer to a deletion says that something was
// there: its status does, or a list at a pointer.
func deletedSome(told string, res *wire.Response) bool {
	if told == "" {
		return res.Status == http.StatusOK
	}
	deleted, _ := valueAt(res.Body, told)
	list, _ := deleted.([]any)
	return len(list) > 0
}

// sendDelete asks for the most thorough deletion first. told is where its answer
// says what was deleted.
func (sc *Scope) sendDelete(ctx context.Context, it *item) (told string, res *wire.Response, err error) {
	for i, d := range it.kind.deletes {
		last := i == len(it.kind.deletes)-1
		if _, unknown := sc.registry.lessThorough.Load(it.kind.name); unknown && !last {
			continue
		}
		d = d.about(it.id)
		var body []byte
		if d.body != "" {
			body = []byte(d.body)
		}
		if res, err = sc.send(ctx, d.method, d.path, body); err != nil {
			return "", nil, err
		}
		if last || res.Status != http.StatusBadRequest {
			return d.told, res, nil
		}
		sc.registry.lessThorough.Store(it.kind.name, true)
	}
	return "", res, nil
}

// removeMembers deletes everything that an item stands for, until a list shows
// nothing more.
func (sc *Scope) removeMembers(ctx context.Context, it *item) (existed bool, err error) {
	for {
		ids, failed := sc.list(ctx, it.kind.members, it.id, nil)
		if failed != nil || len(ids) == 0 {
			return existed, failed
		}
		existed = true
		for _, id := range ids {
			if err := sc.removeMember(ctx, &item{kind: sc.registry.know.kind(it.kind.of), id: id}); err != nil {
				failed = cmp.Or(failed, err)
			}
		}
		if failed != nil {
			return existed, failed
		}
	}
}

func (sc *Scope) removeMember(ctx context.Context, member *item) error {
	found, err := sc.removeOnce(ctx, member)
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", member.kind.name, member.id, err)
	case !found:
		return fmt.Errorf("%s %s is listed and cannot be deleted: it is not there", member.kind.name, member.id)
	}
	sc.registry.count(1, 1)
	return nil
}

// list returns the ids of a list. about is put into its path; where has is
// given, only entries are returned that it holds for.
func (sc *Scope) list(ctx context.Context, l *listing, about string, has func(name string) bool) ([]string, error) {
	var ids []string
	for from := 0; ; from += page {
		res, err := sc.sendList(ctx, l, about, from)
		if err != nil {
			return ids, err
		}
		entries, n, err := l.read(res)
		if err != nil {
			return ids, sc.answerError("a list", res)
		}
		for _, e := range entries {
			if has == nil || e.any(l, has) {
				ids = append(ids, e.id)
			}
		}
		if n < page || !strings.Contains(l.paths[0], "{from}") {
			return ids, nil
		}
	}
}

func (sc *Scope) sendList(ctx context.Context, l *listing, about string, from int) (res *wire.Response, err error) {
	for _, path := range l.paths {
		path = strings.ReplaceAll(fill(path, about), "{from}", strconv.Itoa(from))
		if res, err = sc.send(ctx, http.MethodGet, path, nil); err != nil {
			return nil, err
		}
		if res.Status != http.StatusBadRequest {
			break
		}
	}
	if res.Status != http.StatusOK && !noSuchAPI(res) && !noneFound(res) {
		return nil, sc.answerError("a list", res)
	}
	return res, nil
}

// noSuchAPI reports whether a target has nothing of a kind because it lacks the
// whole API: that of security where security is off.
func noSuchAPI(res *wire.Response) bool {
	return res.Status == http.StatusBadRequest && strings.HasPrefix(textAt(res.Body, "/error"), "no handler found")
}

// noneFound reports whether a list is empty since no name matches, which some
// APIs say with 404 and the list.
func noneFound(res *wire.Response) bool {
	_, isError := valueAt(res.Body, "/error")
	return res.Status == http.StatusNotFound && !isError
}

// entry is one thing in a list.
type entry struct {
	id    string
	value any
}

// any reports whether one of the entry's names is one of those wanted.
func (e entry) any(l *listing, wanted func(string) bool) bool {
	if len(l.names) == 0 {
		return wanted(e.id)
	}
	for _, pointer := range l.names {
		v, _ := jsonval.Pointer(e.value, pointer)
		if name, ok := v.(string); ok && wanted(name) {
			return true
		}
	}
	return false
}

// read returns the entries of a list, and how many the answer has.
func (l *listing) read(res *wire.Response) ([]entry, int, error) {
	doc, err := res.JSON()
	if err != nil {
		return nil, 0, err
	}
	if whole, _ := doc.(map[string]any); whole != nil && len(whole) == 0 || noSuchAPI(res) {
		return nil, 0, nil // filter_path leaves out what is empty
	}
	found, ok := jsonval.Pointer(doc, l.list)
	if !ok {
		return nil, 0, errors.New("there is no list")
	}
	var out []entry
	switch found := found.(type) {
	case map[string]any:
		for key, value := range found {
			out = append(out, entry{key, value})
		}
	case []any:
		for _, value := range found {
			id, _ := jsonval.Pointer(value, l.id)
			if text, ok := id.(string); ok {
				out = append(out, entry{text, value})
			}
		}
		return out, len(found), nil
	}
	return out, len(out), nil
}

// confirmGone returns nil only where a read says that the item is not there.
func (sc *Scope) confirmGone(ctx context.Context, it *item) error {
	if it.kind.path == "" {
		return errors.New("nobody knows where it is")
	}
	res, err := sc.send(ctx, http.MethodGet, fill(it.kind.path, it.id), nil)
	if err != nil {
		return err
	}
	if it.kind.name == unknown && res.Status == http.StatusMethodNotAllowed { // nothing can read it
		return sc.confirmUnreadable(ctx, it)
	}
	if !absent(it, res) {
		return sc.answerError("a read after the deletion", res)
	}
	if it.kind.stored == "" || sc.registry.documentsHidden.Load() {
		return nil
	}
	if res, err = sc.send(ctx, http.MethodGet, fill(it.kind.stored, it.id), nil); err != nil {
		return err
	}
	switch res.Status {
	case http.StatusNotFound:
		return nil
	case http.StatusOK:
		return sc.answerError("its stored document is still there: a read", res)
	case http.StatusForbidden:
		sc.registry.documentsHidden.Store(true) // not for this account
		return nil
	}
	return sc.answerError("a read of its stored document", res)
}

// confirmUnreadable returns nil only where one more deletion finds nothing.
func (sc *Scope) confirmUnreadable(ctx context.Context, it *item) error {
	_, res, err := sc.sendDelete(ctx, it)
	if err != nil || res.Status == http.StatusNotFound {
		return err
	}
	return sc.answerError("deleting it again", res)
}

// absent reports whether an answer to a read says that there is nothing.
func absent(it *item, res *wire.Response) bool {
	if it.kind.name == unknown {
		return saysNothing(res)
	}
	if it.kind.list == "" || res.Status != http.StatusOK {
		return res.Status == http.StatusNotFound
	}
	there, ok := valueAt(res.Body, it.kind.list)
	list, isList := there.([]any)
	return ok && isList && len(list) == 0
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

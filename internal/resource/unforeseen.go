package resource

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// unforeseen deals with a request that no catalogue says creates something. A
// success may have made something all the same: it is deleted by the same path
// where it is sure to be the run's, and named as left behind where it is not.
func (sc *Scope) unforeseen(method, target string, res *wire.Response) {
	if _, known := sc.registry.know.setting(method, target); known {
		return // it was looked at before
	}
	call, known := sc.registry.know.call(method, target)
	switch {
	case res.Status >= http.StatusMultipleChoices, known && !call.Changes, sc.registry.covers(target):
		return
	case known && sc.registry.ours(target):
		return
	case known:
		sc.leaveUnknown(method, target, "it changed what the run did not create, and nothing can undo it")
		return
	case !saysMade(method, res):
		return
	case method == http.MethodPut && (sc.registry.ours(target) || saysNew(res) && !several(target)), method == http.MethodPost && sc.registry.ours(lastSegment(target)):
		sc.Track(unknown, strings.TrimRight(target, "/"))
		return
	}
	sc.leaveUnknown(method, target, "no catalogue of APIs knows what it made, or whether that was there before; describe it in one (docs/extending.md)")
}

func (sc *Scope) leaveUnknown(method, target, why string) {
	sc.registry.count(1, 0)
	sc.registry.leave(leftItem{item: &item{kind: sc.registry.know.kind(unknown), id: method + " " + target, unknown: true}, why: why})
}

// leaveChanged names something of others that was changed or deleted and cannot
// be put back.
func (sc *Scope) leaveChanged(it *item) {
	if it.ours || slices.ContainsFunc(it.places(), sc.registry.covers) || sc.registry.stores(fill(it.kind.path, it.id)) {
		return
	}
	sc.registry.leave(leftItem{item: &item{kind: it.kind, id: it.id, unknown: true}, why: "the run did not create it and has changed or deleted it, and nothing can undo that"})
}

// places are the paths at which an item is: its own, and where it is stored.
func (it *item) places() []string {
	places := []string{fill(it.kind.path, it.id)}
	if it.kind.res != nil && it.kind.res.Stored != "" {
		places = append(places, fill(it.kind.res.Stored, it.id))
	}
	return places
}

// stores reports whether something that the run holds is stored at a path.
func (r *Registry) stores(path string) bool {
	return slices.ContainsFunc(r.holders(), func(sc *Scope) bool {
		sc.mu.Lock()
		defer sc.mu.Unlock()
		return slices.ContainsFunc(sc.items, func(it *item) bool { return slices.Contains(it.places(), path) })
	})
}

// deletedOthers names what a request has deleted that can be told from its path
// or its body and cannot be put back.
func (sc *Scope) deletedOthers(req wire.Request, target string) {
	if call, known := sc.registry.know.call(req.Method, target); known && call.Changes && req.Method == http.MethodDelete {
		sc.leaveChanged(&item{kind: sc.registry.know.kind(unknown), id: target, ours: sc.registry.ours(target)})
		return
	}
	for _, it := range sc.deletes(req, target, false) {
		if it.id == "" {
			continue
		}
		it.ours = sc.registry.ours(it.id)
		sc.leaveChanged(it)
		if req.Method == http.MethodDelete { // a path leads to one thing
			return
		}
	}
}

func lastSegment(path string) string {
	path = strings.TrimRight(path, "/")
	return path[strings.LastIndex(path, "/")+1:]
}

// saysMade reports whether an answer may be that to a creation. A PUT makes
// something unless the answer says otherwise; a POST, by which one also
// searches, only where it says so.
func saysMade(method string, res *wire.Response) bool {
	outcome := textAt(res.Body, "/result")
	if outcome != "" {
		return outcome == "created"
	}
	if method == http.MethodPut || saysNew(res) || textAt(res.Body, "/id") != "" || textAt(res.Body, "/_id") != "" {
		return true
	}
	done, _ := valueAt(res.Body, "/acknowledged")
	return done == true
}

// saysNew reports whether an answer says that something was not there before.
func saysNew(res *wire.Response) bool {
	isNew, _ := valueAt(res.Body, "/created")
	return res.Status == http.StatusCreated || textAt(res.Body, "/result") == "created" || isNew == true
}

// covers reports whether a path leads to something that the run holds, or into
// it.
func (r *Registry) covers(path string) bool {
	return slices.ContainsFunc(r.holders(), func(sc *Scope) bool {
		sc.mu.Lock()
		defer sc.mu.Unlock()
		return slices.ContainsFunc(sc.items, func(it *item) bool { return it.covers(path) })
	})
}

// covers reports whether a path is the item's own, or leads into it. What is
// read by a query is changed at a path of its own.
func (it *item) covers(path string) bool {
	if it.kind.path == "" {
		return false
	}
	at := fill(it.kind.path, it.id)
	if !strings.Contains(it.kind.path, "?") {
		at, _, _ = strings.Cut(at, "?")
	}
	if collection, _, byQuery := strings.Cut(at, "?"); byQuery {
		if path == at {
			return true
		}
		at = collection + "/" + url.PathEscape(it.id)
	}
	return strings.HasPrefix(strings.TrimRight(path, "/")+"/", at+"/")
}

// saysNothing reports whether the answer to a read of a path says that there is
// nothing: by its status, by nothing in it but empty lists and objects, or
// since nothing can be read there.
func saysNothing(res *wire.Response) bool {
	if res.Status == http.StatusNotFound || res.Status == http.StatusMethodNotAllowed {
		return true
	}
	doc, err := res.JSON()
	return err == nil && res.Status == http.StatusOK && empty(doc)
}

// empty reports whether a value holds nothing. The count of nothing is 0.
func empty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, inner := range v {
			if !empty(inner) {
				return false
			}
		}
		return true
	}
	return v == nil || jsonval.Equal(v, json.Number("0"))
}

// Makes lists the paths of what a request would create, as far as they are
// told before it is sent. It is known whether the request is one that creates.
func (sc *Scope) Makes(method, target string, body []byte) (paths []string, known bool) {
	plans := sc.planned(method, target, body)
	for _, p := range withBrought(plans) {
		if p.item != nil && p.item.kind.path != "" {
			paths = append(paths, fill(p.item.kind.path, p.item.id))
		}
	}
	return paths, plans != nil
}

// Owns reports whether a path is that of something that the scope holds, or
// leads into it.
func (sc *Scope) Owns(path string) bool {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.ContainsFunc(sc.items, func(it *item) bool { return !it.unsure && it.covers(path) })
}

// holder reports whether any scope holds something.
func (r *Registry) holder(it *item) bool {
	return slices.ContainsFunc(r.holders(), func(sc *Scope) bool {
		sc.mu.Lock()
		defer sc.mu.Unlock()
		return slices.ContainsFunc(sc.items, func(held *item) bool { return held.kind == it.kind && held.id == it.id && !held.unsure })
	})
}

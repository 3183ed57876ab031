package resource

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Scope holds what one scenario created, or what is shared by a whole run. It
// is safe for concurrent use.
type Scope struct {
	registry *Registry
	session  *wire.Session
	claims   func(path string) bool // see Claim

	mu    sync.Mutex
	items []*item  // in the order of creation
	named []string // the names that were made up for it
	names []string // those that it takes up before any is made up
}

// item is one thing to delete, or what finds several.
type item struct {
	kind *kind
	id   string
	// unsure: the target has not said that it exists.
	unsure bool
	// ours: the name is one that only this run gives, so that it may be
	// deleted without the target having said that this run created it.
	ours bool
	// claimed: it is ours for another reason than its name.
	claimed bool
	// lost: the request that creates it got no answer.
	lost bool
	// refused: the target says that it did not create it.
	refused bool
	// gone: a step has deleted it; a read has to confirm it.
	gone bool
	// unknown: nobody can tell where it is.
	unknown bool
	// by finds it where the id turns out to be wrong.
	by *item
}

// leftover describes the item with the command that removes it.
func (l leftItem) leftover() result.Leftover {
	left := result.Leftover{Kind: l.item.kind.name, ID: l.id, Why: l.why, Kept: l.kept, Command: "look for it in the target"}
	ask := request{method: http.MethodGet}
	switch {
	case l.unknown:
		return left
	case l.item.kind.name == change:
		left.Command = wire.Curl(result.Exchange{Request: undoRequest(l.id).message()}, "")
		return left
	case l.item.kind.members != nil:
		ask.path = l.item.kind.members.paths[0]
	default:
		ask = l.item.kind.deletes[0]
	}
	left.Command = wire.Curl(result.Exchange{Request: ask.about(l.id).message()}, "")
	return left
}

// Track hands over something that was created by other means than Do, or that
// is there though it should not be.
func (sc *Scope) Track(kind, id string) {
	it := &item{kind: sc.registry.know.kind(kind), id: id}
	if held := sc.again(it); held != nil {
		it = held
	}
	_ = sc.note(result.ResourceCreated, it) // the next creation fails for it
	sc.confirm(it)
}

// note tells the journal, if there is one. An id that is none of the run's own
// names may be a secret: whatever a server says, none is written down.
func (sc *Scope) note(event string, it *item) error {
	if sc.registry.journal == nil {
		return nil
	}
	id := it.id
	if !it.ours || it.claimed {
		id = sc.session.Client().Redact(id)
	}
	return sc.registry.journal(result.ResourceEvent{Event: event, Kind: it.kind.name, ID: id})
}

// Keep has everything created so far left in the target, for somebody to look
// at. What may not be there at all is still for Cleanup to look for.
func (sc *Scope) Keep() {
	sc.mu.Lock()
	items := sc.items
	sc.items = nil
	sc.mu.Unlock()
	var unsure []*item
	for _, it := range items {
		switch {
		case it.gone:
			sc.registry.count(0, 1)
		case it.unsure && !it.kind.isPart: // those of a connector that is kept are kept
			unsure = append(unsure, it)
		case !it.unsure:
			sc.registry.leave(leftItem{item: it, why: "kept because the scenario did not pass", kept: true})
		}
	}
	sc.put(unsure)
}

// hold has a scope hold items of any order, as if they had been created so
// that those whose turn comes first were created last.
func (sc *Scope) hold(items []*item) {
	rank := sc.registry.know.rank
	slices.SortStableFunc(items, func(a, b *item) int { return cmp.Compare(rank(b.kind), rank(a.kind)) })
	sc.put(items)
}

func (sc *Scope) put(items []*item) {
	sc.mu.Lock()
	sc.items = items
	sc.mu.Unlock()
	sc.registry.holds(sc, len(items) > 0)
}

func (sc *Scope) add(it *item) {
	sc.registry.holds(sc, true)
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.items = append(sc.items, it)
}

// all lists what the scope holds.
func (sc *Scope) all() []*item {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.Clone(sc.items)
}

// take has a scope hold some of what another one does. There is no moment at
// which nobody holds it.
func (sc *Scope) take(from *Scope, which func(*item) bool) {
	taken := slices.DeleteFunc(from.all(), func(it *item) bool { return !which(it) })
	for _, it := range taken {
		sc.add(it)
	}
	from.drop(taken...)
}

func (sc *Scope) has(it *item) bool {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.ContainsFunc(sc.items, it.same)
}

func (it *item) same(other *item) bool { return it.kind == other.kind && it.id == other.id }

// doubt notes what there is to doubt about an item.
func (sc *Scope) doubt(it *item, lost, refused bool) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	it.lost, it.refused = it.lost || lost, refused
}

// again returns the item that the scope holds in place of a new one of the
// same id. It may not be there, or be there once more.
func (sc *Scope) again(it *item) *item {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	i := slices.IndexFunc(sc.items, it.same)
	if i < 0 {
		return nil
	}
	sc.items[i].gone, sc.items[i].refused = false, false
	return sc.items[i]
}

// confirm notes that an item exists, and begins to hold it if need be.
func (sc *Scope) confirm(it *item) {
	sc.mu.Lock()
	known := slices.Contains(sc.items, it)
	fresh := !known || it.unsure
	it.unsure = false
	sc.mu.Unlock()
	if fresh {
		sc.registry.count(1, 0)
	}
	if !known {
		sc.add(it)
	}
}

// holdParts begins to hold what finds the parts of something, if the scope
// holds that: before it, and after parts that are known.
func (sc *Scope) holdParts(parts *item) bool {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for i, it := range sc.items {
		if it.id != parts.id || it.kind.parts != parts.kind.name {
			continue
		}
		if next := i + 1; next < len(sc.items) && sc.items[next].same(parts) {
			sc.items[next].lost = sc.items[next].lost || parts.lost
			return true
		}
		sc.items = slices.Insert(sc.items, i+1, parts)
		return true
	}
	return false
}

// deleted notes that what is at a path was deleted. Cleanup only confirms that
// it is gone; what may merely be marked as deleted, because it was not asked for
// as cleanup does, is still removed for real.
func (sc *Scope) deleted(asked string) {
	path, _, _ := strings.Cut(asked, "?")
	path = strings.TrimRight(path, "/")
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, it := range sc.items {
		if d := it.kind.deletes; len(d) > 0 && d[0].about(it.id).path == asked && d[0].method == http.MethodDelete {
			it.gone = true
		}
		at := fill(it.kind.path, it.id)
		if !strings.Contains(it.kind.path, "?") {
			at, _, _ = strings.Cut(at, "?")
		}
		if it.kind.path != "" && it.kind.stored == "" && at == path {
			it.gone = true
		}
	}
}

func (sc *Scope) drop(items ...*item) {
	sc.mu.Lock()
	sc.items = slices.DeleteFunc(sc.items, func(it *item) bool { return slices.Contains(items, it) })
	empty := len(sc.items) == 0
	sc.mu.Unlock()
	if empty {
		sc.registry.holds(sc, false)
	}
}

// takeLast takes what was created last, and what of the same kind was created
// right before it.
func (sc *Scope) takeLast() []*item {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	at := len(sc.items)
	for at > 0 && sc.items[at-1].kind == sc.items[len(sc.items)-1].kind {
		at--
	}
	taken := slices.Clone(sc.items[at:])
	sc.items = sc.items[:at]
	slices.Reverse(taken)
	return taken
}

// held lists what is there, or may be for all that anybody has heard.
func (sc *Scope) held() []*item {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(sc.items), func(it *item) bool { return it.unsure && !it.lost })
}

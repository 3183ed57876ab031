// Package resource creates what a run needs in a target and deletes it again.
// Who creates is who deletes: everything is known by name before the request
// that creates it is sent, and what could not be deleted is named together
// with the command that removes it.
package resource

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Prefix begins every name that a run makes up; the run's id follows.
const Prefix = "esconform-"

// Registry counts what a whole run created and deleted. It is safe for
// concurrent use.
type Registry struct {
	runID string
	next  atomic.Int64
	know  *knowledge
	// journal is told of everything before it happens to the target.
	journal func(result.ResourceEvent) error

	// What the target turned out not to offer is asked for only once.
	lessThorough    sync.Map // kinds whose most thorough deletion it does not know
	documentsHidden atomic.Bool

	gone    func() bool // see EndsWith
	mu      sync.Mutex
	created int
	deleted int
	leased  int // how often, of what was created
	// restored are changes of what the run did not create that were undone.
	restored int
	changed  []*item // changes that are not undone yet
	left     []leftItem
	absent   []*item         // not there when looked for, though their creation may still be under way
	scopes   map[*Scope]bool // those that still hold something
}

// leftItem is something that could not be deleted, or was not to be.
type leftItem struct {
	*item
	why  string
	kept bool
}

// NewRegistry returns the registry of the run with the given id, which becomes
// part of every name that the run makes up.
func NewRegistry(runID string) *Registry {
	return &Registry{runID: runID, know: embedded(), scopes: map[*Scope]bool{}}
}

// embedded is what the project's own catalogues say; a test reads them.
var embedded = sync.OnceValue(func() *knowledge {
	set, _ := family.Embedded()
	return learn(set, nil)
})

// Know has the registry know these families of APIs instead of the project's
// own alone, and, of what they do not know, the creations that are foreseen:
// their ids are paths. It is to be called before anything is created.
func (r *Registry) Know(set family.Set, foreseen ...family.Creation) { r.know = learn(set, foreseen) }

// Families returns what the registry knows.
func (r *Registry) Families() family.Set { return r.know.set }

// Journal has f told of each resource before it is created, and when it is
// gone. Nothing is created where f returns an error. It is to be called before
// anything else.
func (r *Registry) Journal(f func(result.ResourceEvent) error) { r.journal = f }

// RunID returns the run's id.
func (r *Registry) RunID() string { return r.runID }

// NewID makes up a name that no other run uses.
func (r *Registry) NewID() string { return fmt.Sprintf("%s%d", r.prefix(), r.next.Add(1)) }

func (r *Registry) prefix() string { return Prefix + r.runID + "-" }

// ours reports whether a name is one that only this run gives. One that stands
// for several things may stand for those of others, too.
func (r *Registry) ours(name string) bool {
	return strings.Contains(name, r.prefix()) && !several(name)
}

// several reports whether a name, or one in a path, stands for more than one
// thing.
func several(name string) bool { return manyNames.MatchString(name) }

var manyNames = regexp.MustCompile(`(?i)[,*]|%2[ac]|(^|/)_all(/|$)`)

// Scope returns a scope whose requests go through s.
func (r *Registry) Scope(s *wire.Session) *Scope { return &Scope{registry: r, session: s} }

// EndsWith says how to find out whether the target is gone, with all that was
// created in it: then nothing is left over.
func (r *Registry) EndsWith(gone func() bool) { r.gone = gone }

func (r *Registry) ended() bool { return r.gone != nil && r.gone() }

// Sweep tries once more to delete what could not be deleted in time, and looks
// again for what was not there though its creation was never answered. ctx
// carries the limit. A target that is gone, or does not answer, is left alone. The
// requests go through s.
func (r *Registry) Sweep(ctx context.Context, s *wire.Session) {
	r.mu.Lock()
	nothing := len(r.absent) == 0 && !slices.ContainsFunc(r.left, leftItem.deletable)
	r.mu.Unlock()
	if nothing || r.ended() {
		return
	}
	if _, err := s.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", Purpose: purpose}); err != nil {
		return
	}
	sc := r.Scope(s)
	sc.hold(r.takeLeft())
	_ = sc.Cleanup(ctx) // what is left is in the summary
}

// takeLeft takes what may be deleted after all.
func (r *Registry) takeLeft() []*item {
	r.mu.Lock()
	defer r.mu.Unlock()
	items := r.absent
	r.absent = nil
	for _, l := range r.left {
		if l.deletable() {
			items = append(items, l.item)
		}
	}
	r.left = slices.DeleteFunc(r.left, leftItem.deletable)
	slices.Reverse(items) // they were given up last created first
	return items
}

func (l leftItem) deletable() bool { return !l.kept && !l.unknown }

// Summary counts what became of everything that was created. What a scope
// still holds is listed as left over.
func (r *Registry) Summary() result.Resources {
	r.mu.Lock()
	sum := result.Resources{Created: r.created, Deleted: r.deleted, Leased: r.leased, Restored: r.restored}
	left := slices.Clone(r.left)
	r.mu.Unlock()
	for _, scope := range r.holders() {
		for _, it := range scope.held() {
			left = append(left, leftItem{item: it, why: "the run ended before it was deleted"})
		}
	}
	if len(left) > 0 && r.ended() {
		left = nil
	}
	for _, l := range left {
		sum.Leftovers = append(sum.Leftovers, l.leftover())
		if l.kept {
			sum.Kept++
		}
	}
	// Ids that end in numbers are in the order of these, as long as they are
	// otherwise alike.
	slices.SortFunc(sum.Leftovers, func(a, b result.Leftover) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return sum
}

func (r *Registry) count(created, deleted int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.created += created
	r.deleted += deleted
}

// putBack counts a change that was undone.
func (r *Registry) putBack() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.restored++
}

func (r *Registry) leave(l leftItem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = append(r.left, l)
}

// lookAgain has something looked for once more at the end.
func (r *Registry) lookAgain(it *item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.absent = append(r.absent, it)
}

// stray notes that what an item stands for may be there: the sync jobs of a
// connector. Where a scope holds the connector, that scope deals with it, for
// others may still use them; otherwise the one that asks.
func (r *Registry) stray(asks *Scope, parts *item) {
	for _, scope := range r.holders() {
		if scope.holdParts(parts) {
			return
		}
	}
	asks.add(parts)
}

// heldBesides reports whether another scope holds an item of the same id, which
// deals with it.
func (r *Registry) heldBesides(sc *Scope, it *item) bool {
	return slices.ContainsFunc(r.holders(), func(other *Scope) bool { return other != sc && other.has(it) })
}

// holders lists the scopes that hold something.
func (r *Registry) holders() []*Scope {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.scopes))
}

// holds notes whether a scope still has something to delete.
func (r *Registry) holds(s *Scope, something bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if something {
		r.scopes[s] = true
		return
	}
	delete(r.scopes, s)
}

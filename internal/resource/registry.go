// Package resource creates what a run needs in a target and deletes it again.
// Who creates is who deletes: nothing is ever looked up and deleted, and what
// could not be deleted is named together with the command that removes it.
package resource

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// The kinds of resources that have a path of their own. Other kinds may be
// tracked with an explicit path.
const (
	Connector = "connector"
	SyncJob   = "sync_job"
	Index     = "index"
	Document  = "document" // needs an explicit path
	User      = "user"
	Role      = "role"
	APIKey    = "api_key"
)

// Registry counts what a whole run created and deleted. It is safe for
// concurrent use.
type Registry struct {
	runID string
	next  atomic.Int64

	// What the target turned out not to offer is asked for only once.
	withoutHardDelete atomic.Bool
	documentsHidden   atomic.Bool

	mu        sync.Mutex
	created   int
	deleted   int
	leftovers []result.Leftover
	gone      func() bool     // see EndsWith
	scopes    map[*Scope]bool // those that still hold something
}

// NewRegistry returns the registry of the run with the given id, which becomes
// part of every name that the run makes up.
func NewRegistry(runID string) *Registry {
	return &Registry{runID: runID, scopes: map[*Scope]bool{}}
}

// RunID returns the run's id.
func (r *Registry) RunID() string { return r.runID }

// NewID makes up a name that no other run uses.
func (r *Registry) NewID() string { return fmt.Sprintf("esconform-%s-%d", r.runID, r.next.Add(1)) }

// Scope returns a scope whose requests go through s.
func (r *Registry) Scope(s *wire.Session) *Scope { return &Scope{registry: r, session: s} }

// EndsWith says how to find out whether the target is gone, with all that was
// created in it: then nothing is left over.
func (r *Registry) EndsWith(gone func() bool) { r.gone = gone }

// Summary counts what became of everything that was created. What a scope
// still holds is listed as left over.
func (r *Registry) Summary() result.Resources {
	r.mu.Lock()
	sum := result.Resources{Created: r.created, Deleted: r.deleted, Leftovers: slices.Clone(r.leftovers)}
	r.mu.Unlock()
	for _, scope := range r.holders() {
		for _, it := range scope.held() {
			sum.Leftovers = append(sum.Leftovers, it.leftover("the run ended before it was deleted"))
		}
	}
	if len(sum.Leftovers) > 0 && r.gone != nil && r.gone() {
		sum.Leftovers = nil
	}
	slices.SortFunc(sum.Leftovers, func(a, b result.Leftover) int {
		if c := compare(a.Kind, b.Kind); c != 0 {
			return c
		}
		return compare(a.ID, b.ID)
	})
	for _, left := range sum.Leftovers {
		if left.Kept {
			sum.Kept++
		}
	}
	return sum
}

// compare orders ids that end in numbers by these numbers, as long as the ids
// are otherwise alike: shorter ones first.
func compare(a, b string) int {
	switch {
	case len(a) != len(b):
		return len(a) - len(b)
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (r *Registry) count(created, deleted int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.created += created
	r.deleted += deleted
}

func (r *Registry) leave(left result.Leftover) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leftovers = append(r.leftovers, left)
}

// strayJobOf notes that a connector may have a sync job that nobody knows. The
// connector may be held by another scope than the one that wanted the job.
func (r *Registry) strayJobOf(connectorID string) {
	for _, scope := range r.holders() {
		scope.hasStrayJobs(connectorID)
	}
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

package steps

import (
	"context"
	"sync"

	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/resource"
)

// Shared holds what the scenarios of a run have in common: resources that they
// neither change nor compare, and users. It is safe for concurrent use.
type Shared struct {
	scope *resource.Scope

	mu  sync.Mutex
	ids map[string]string // by kind

	users sharedUsers

	direct directReads

	old []lineage.Loaded
}

// directReads remembers what the target has said of reading indices directly,
// which an account need not be allowed to do.
type directReads struct {
	mu      sync.Mutex
	allowed map[string]bool // by the path of the index
}

// refused reports whether the account may not read an index.
func (d *directReads) refused(index string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	allowed, known := d.allowed[index]
	return known && !allowed
}

// note takes down whether a read was allowed. It returns false where another
// one has said the contrary.
func (d *directReads) note(index string, allowed bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if before, known := d.allowed[index]; known {
		return before == allowed
	}
	if d.allowed == nil {
		d.allowed = map[string]bool{}
	}
	d.allowed[index] = allowed
	return true
}

// NewShared returns a holder that creates in the scope of the run. old are
// documents that were loaded before.
func NewShared(scope *resource.Scope, old ...lineage.Loaded) *Shared {
	return &Shared{scope: scope, ids: map[string]string{}, old: old}
}

// resource returns the id of the shared resource of a kind, and creates it the
// first time. A failure is not remembered: it may have been the end of the
// scenario that asked first.
func (s *Shared) resource(ctx context.Context, kind string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[kind] != "" {
		return s.ids[kind], nil
	}
	id, err := s.scope.Create(ctx, kind, resource.New{})
	if err == nil {
		s.ids[kind] = id
	}
	return id, err
}

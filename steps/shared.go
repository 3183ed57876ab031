package steps

import (
	"context"
	"sync"

	"github.com/esconform/esconform/internal/resource"
)

// SharedConnectors holds the connector that all scenarios of a run use which
// do not change or compare it. It is safe for concurrent use.
type SharedConnectors struct {
	scope *resource.Scope

	mu sync.Mutex
	id string

	// accounts are users that scenarios of security share.
	accounts accounts

	direct directReads
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

// NewSharedConnectors returns a holder that creates in the scope of the run.
func NewSharedConnectors(scope *resource.Scope) *SharedConnectors {
	return &SharedConnectors{scope: scope}
}

// connector returns the id of the shared connector, and creates it the first
// time. A failure is not remembered: it may have been the end of the scenario
// that asked first.
func (s *SharedConnectors) connector(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != "" {
		return s.id, nil
	}
	id, err := s.scope.Create(ctx, "connector", resource.New{})
	if err != nil {
		return "", err
	}
	s.id = id
	return id, nil
}

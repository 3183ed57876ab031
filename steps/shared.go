package steps

import (
	"context"
	"sync"
	"sync/atomic"

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

	// noDirectReads is set once the target has said that the account may not
	// read the indices.
	noDirectReads atomic.Bool
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
	id, err := s.scope.CreateConnector(ctx, "", nil)
	if err != nil {
		return "", err
	}
	s.id = id
	return id, nil
}

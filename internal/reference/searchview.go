package reference

import (
	"sync"
	"time"

	"github.com/esconform/esconform/internal/reference/store"
)

// refreshInterval is how long it takes, at most, until searches see a write
// that nobody refreshed.
const refreshInterval = time.Second

// searchView is what searches see of an index: of documents that were just
// written, the version before.
type searchView struct {
	mu    sync.Mutex
	stale map[string]staleDoc // by id
}

// staleDoc is what is seen in place of a version, for a while.
type staleDoc struct {
	doc     store.Doc
	version int64
	until   time.Time
}

// hide keeps a write from being seen. One that was hidden before stays so for
// its own while.
func (v *searchView) hide(before, after store.Doc, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	next := staleDoc{before, after.Version, now.Add(refreshInterval)}
	if old, hidden := v.stale[after.ID]; hidden && old.version == before.Version && now.Before(old.until) {
		next.doc, next.until = old.doc, old.until
	}
	if v.stale == nil {
		v.stale = map[string]staleDoc{}
	}
	v.stale[after.ID] = next
}

// refresh lets everything be seen.
func (v *searchView) refresh() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.stale)
}

// see puts what is seen in place of the documents.
func (v *searchView) see(docs []store.Doc, now time.Time) []store.Doc {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, d := range docs {
		if s, hidden := v.stale[d.ID]; hidden && s.version == d.Version && now.Before(s.until) {
			docs[i] = s.doc
		}
	}
	return docs
}

// searchConnectors returns the connectors that a search sees.
func (s *Server) searchConnectors() []store.Doc {
	return s.view.see(s.store.All(ConnectorIndex), s.Now())
}

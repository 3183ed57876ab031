package resource

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Bin holds what scenarios are done with, and deletes many at once: where
// documents are all that there is of them, and the account may write to the
// index, one request deletes those of many scenarios. A nil Bin takes nothing.
type Bin struct {
	scope   *Scope
	refused atomic.Bool // the account may not
	mu      sync.Mutex  // held by the one that takes out what is in it
}

// full is how many things are worth a request.
const full = 100

// Bin returns an empty bin whose requests go through s.
func (r *Registry) Bin(s *wire.Session) *Bin { return &Bin{scope: r.Scope(s)} }

// Take takes from a scope what it can delete at once with others. Cleanup deals
// with the rest, which may have to find parts of what is there: then nothing is
// taken.
func (b *Bin) Take(sc *Scope) {
	if b == nil || b.refused.Load() || slices.ContainsFunc(sc.all(), func(it *item) bool { return it.kind.members != nil }) {
		return
	}
	b.scope.take(sc, (*item).document)
}

// document reports whether something is there for sure and is a document that
// can be deleted where it is stored.
func (it *item) document() bool { return it.lasting() && it.kind.res.Stored != "" }

// Full reports whether it is time to empty the bin.
func (b *Bin) Full() bool { return b != nil && len(b.scope.all()) >= full }

// Empty deletes what is in the bin, and sees that it is gone. What cannot be
// deleted like that is deleted as Cleanup does.
func (b *Bin) Empty(ctx context.Context) error {
	if b == nil {
		return nil
	}
	defer b.scope.session.Forget()
	sc := b.takeOut()
	byIndex := map[string][]*item{}
	for _, it := range sc.all() {
		byIndex[it.kind.res.StoredIn()] = append(byIndex[it.kind.res.StoredIn()], it)
	}
	for index, items := range byIndex {
		if err := sc.deleteDocuments(ctx, index, items); err != nil {
			b.refused.Store(true)
		}
	}
	sc.hold(sc.all())
	return sc.Cleanup(ctx)
}

// takeOut has a scope hold what is in the bin. Of several who find it full, only
// one gets it.
func (b *Bin) takeOut() *Scope {
	b.mu.Lock()
	defer b.mu.Unlock()
	sc := b.scope.registry.Scope(b.scope.session)
	sc.take(b.scope, func(*item) bool { return true })
	return sc
}

// deleteDocuments deletes documents with one request, and drops from the scope
// what then is gone for its API, too.
func (sc *Scope) deleteDocuments(ctx context.Context, index string, items []*item) error {
	var lines strings.Builder
	for _, it := range items {
		fmt.Fprintf(&lines, "{\"delete\":{\"_id\":%s}}\n", jsonval.Encode(it.id))
	}
	res, err := sc.send(ctx, http.MethodPost, index+"/_bulk?refresh=true", []byte(lines.String()))
	if err != nil {
		return err
	}
	if res.Status != http.StatusOK {
		return sc.answerError("deleting documents at once", res)
	}
	var reads errgroup.Group
	reads.SetLimit(atOnce)
	for i, e := range entriesOf(res.Body, "/items/*/delete") {
		id, _ := jsonval.Pointer(e.value, "/_id")
		if done, _ := jsonval.Pointer(e.value, "/result"); done != "deleted" || i >= len(items) || items[i].id != id {
			continue
		}
		reads.Go(func() error {
			if sc.confirmGone(ctx, items[i]) == nil {
				sc.drop(items[i])
				sc.registry.count(0, 1)
				_ = sc.note(result.ResourceGone, items[i]) // nothing depends on it
			}
			return nil
		})
	}
	_ = reads.Wait() // none fails
	return nil
}

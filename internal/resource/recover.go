package resource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Adopt has the scope hold what the journal of a run says that it created, or
// was about to, and has not deleted. What has no name of the run's own is only
// deleted where the journal says that the run created it; elsewhere is set
// where the target may be another one than the run's, where even that says
// nothing.
func (sc *Scope) Adopt(events []result.ResourceEvent, elsewhere bool) {
	var items []*item
	for _, e := range events {
		k := sc.registry.know.kind(e.Kind)
		if k == nil {
			sc.registry.leave(leftItem{item: &item{kind: &kind{name: e.Kind}, id: e.ID, unknown: true}, why: "no catalogue of APIs that is known here has its kind; name the folder with that of the run by --features"})
			continue
		}
		at := slices.IndexFunc(items, func(it *item) bool { return it.kind == k && it.id == e.ID })
		if e.Event == result.ResourceGone {
			if at >= 0 {
				items = slices.Delete(items, at, at+1)
			}
			continue
		}
		if at < 0 {
			items = append(items, &item{kind: k, id: e.ID, unsure: true, ours: k.name != change && sc.registry.ours(e.ID), unknown: strings.Contains(e.ID, foreign.Redacted)})
			at = len(items) - 1
		}
		items[at].ours = items[at].ours || e.Event == result.ResourceCreated && !elsewhere
	}
	sc.hold(sc.withParts(items))
}

// withParts adds what finds the parts of things: nobody knows what a run made
// of them in its last moment.
func (sc *Scope) withParts(items []*item) []*item {
	for _, it := range slices.Clone(items) {
		if it.kind.parts != "" && it.ours {
			items = append(items, &item{kind: sc.registry.know.kind(it.kind.parts), id: it.id, unsure: true, ours: true})
		}
	}
	return items
}

// Find has the scope hold whatever in the target has a name of the registry's
// run. It is for runs of which nothing is known but the id: it looks through
// the lists of what the target holds. The error says which kinds could not be
// looked for.
func (sc *Scope) Find(ctx context.Context) error {
	var items []*item
	var problems []error
	for _, k := range sc.registry.know.kinds {
		if k.all == nil {
			continue
		}
		ids, err := sc.list(ctx, k.all, sc.registry.prefix(), sc.registry.ours)
		if err != nil && !sc.lacks(ctx, k) {
			problems = append(problems, fmt.Errorf("look for things of the kind %s: %w", k.name, err))
		}
		for _, id := range ids {
			items = append(items, &item{kind: k, id: id, unsure: true, ours: true})
		}
	}
	sc.hold(sc.withParts(items))
	return errors.Join(problems...)
}

// Holds counts what the scope holds.
func (sc *Scope) Holds() int {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return len(sc.items)
}

// runOf finds the id of the run in a name.
var runOf = regexp.MustCompile(regexp.QuoteMeta(Prefix) + `([0-9a-f]{8})-`)

// Other is what another run has in a target.
type Other struct {
	Run, Name string // Name is that of the resource
	Count     int
}

// Others counts what is worth a word of what other runs have in a target, sorted
// by the ids of the runs. It costs one request for each kind, and says nothing
// where that is refused.
func Others(ctx context.Context, s *wire.Session, except string) []Other {
	sc := &Scope{registry: NewRegistry(""), session: s}
	var out []Other
	for _, k := range sc.registry.know.kinds {
		if k.res == nil || k.res.Noticed == nil {
			continue
		}
		found := map[string]int{}
		_, _ = sc.list(ctx, listingOf(k.res.Noticed), Prefix, func(name string) bool {
			if m := runOf.FindStringSubmatch(name); m != nil && !strings.EqualFold(m[1], except) {
				found[m[1]]++
			}
			return false
		}) // a courtesy: what it cannot learn it does not tell
		for run, n := range found {
			out = append(out, Other{run, k.res.Name, n})
		}
	}
	slices.SortFunc(out, func(a, b Other) int { return cmp.Or(strings.Compare(a.Run, b.Run), strings.Compare(a.Name, b.Name)) })
	return out
}

// Offers reports whether a target has a call. Elasticsearch answers OPTIONS for
// any path, and names the methods where there are any. What cannot be found out
// is taken to be there.
func Offers(ctx context.Context, s *wire.Session, method, path string) bool {
	res, err := s.Do(ctx, wire.Request{Method: http.MethodOptions, Path: path})
	if err != nil || res.Status != http.StatusOK {
		return true
	}
	for allowed := range strings.SplitSeq(res.Header.Get("Allow"), ",") {
		if strings.TrimSpace(allowed) == method {
			return true
		}
	}
	return false
}

// lacks reports whether a target has not even the API of a kind.
func (sc *Scope) lacks(ctx context.Context, k *kind) bool {
	if k.res == nil {
		return false
	}
	f, _ := sc.registry.know.set.Of(k.res.Name)
	return !Offers(ctx, sc.session, f.Route.Method(), fill(f.Route.Path, "esconform"))
}

package probe

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
)

// Convention is something that no catalogue has, and that a page shows how to
// make: an example puts it in the place of the last segment of a path. It is
// read and deleted there.
type Convention struct {
	Path    string // with {id} as its last segment
	Example string // the body that makes one
}

// reaching are APIs whose things act by themselves, or on what others made:
// none is made as a page says.
var reaching = []string{
	"_autoscaling", "_ccr", "_cluster", "_data_stream", "_inference", "_license", "_ml", "_nodes", "_rollup", "_security",
	"_slm", "_snapshot", "_tasks", "_transform", "_watcher",
}

// Conventions are those of a document, beside what catalogues describe.
func Conventions(set family.Set, m *claim.Model) []Convention {
	k := learn(set)
	var out []Convention
	for _, x := range m.Examples {
		for _, r := range x.Requests {
			segs := segments(r.Path)
			n := len(segs) - 1
			if r.Method != http.MethodPut || bodyOf(r) == nil || !k.strange(segs) || slices.Contains(reaching, segs[0]) || !onlyLast(m, segs) {
				continue
			}
			path := "/" + strings.Join(append(segs[:n:n], "{id}"), "/")
			if !slices.ContainsFunc(out, func(c Convention) bool { return c.Path == path }) {
				out = append(out, Convention{path, x.Substitutes(r.Body)})
			}
		}
	}
	return out
}

// onlyLast reports whether nothing but the last segment of a path is an id: it
// is /_thing/id, or a route of the document says so.
func onlyLast(m *claim.Model, segs []string) bool {
	n := len(segs) - 1
	if n < 1 || isID(segs[0]) || !isID(segs[n]) {
		return false
	}
	return n == 1 || slices.ContainsFunc(m.Routes, func(r claim.Route) bool {
		route := r.Segments()
		return len(route) == n+1 && isParam(route[n]) && slices.Equal(route[:n], segs[:n])
	})
}

// Creation is how the registry of what a run makes knows it.
func (c Convention) Creation() family.Creation {
	return family.Creation{
		Call: family.Call{Request: family.NewRequest(c.Path, http.MethodPut, http.MethodPost)}, ID: c.Path, Fresh: family.Fresh{Asked: true},
	}
}

// and adds what a document shows how to make.
func (k *known) and(conventions []Convention) *known {
	for _, c := range conventions {
		create := c.Creation()
		create.ID, create.Body = "", c.Example
		r := &family.Resource{
			Name: "resource", Plural: "resources", Kind: c.Path, Create: []family.Creation{create},
			Read: family.View{Call: family.Call{Request: family.NewRequest(c.Path, http.MethodGet)}},
		}
		k.kinds = append(k.kinds, &kind{Resource: r, own: segments(c.Path), example: c.Example})
		k.first[segments(c.Path)[0]] = true
	}
	slices.SortStableFunc(k.kinds, func(a, b *kind) int { return len(b.own) - len(a.own) })
	return k
}

// unconventional is why something that only a page describes is not made: it
// has to be readable and deletable where it is put.
func (b *bench) unconventional(t *target) (string, error) {
	if t.kind == nil || t.kind.example == "" || b.conforms[t.kind.Kind] {
		return "", nil
	}
	path := family.Fill(t.kind.Kind, map[string]string{"id": b.registry.NewID()})
	for _, method := range []string{http.MethodPut, http.MethodGet, http.MethodDelete} {
		if !resource.Offers(b.ctx, b.scope.Session(), method, path) {
			return fmt.Sprintf("no catalogue of APIs has %s, and the server does not have %s of it: the module may be missing there", t.kind.Kind, method), nil
		}
	}
	res, err := b.do("is there a way to read one?", http.MethodGet, path, "")
	if err != nil {
		return "", err
	}
	if res.Status != http.StatusNotFound {
		return fmt.Sprintf("no catalogue of APIs has %s, and one that does not exist is answered %d, not 404", t.kind.Kind, res.Status), nil
	}
	b.conforms[t.kind.Kind] = true
	return "", nil
}

// conventional makes one as the page does, under a name of the run's own.
func (b *bench) conventional(k *kind) (string, error) {
	id := strings.ToLower(b.registry.NewID())
	res, err := b.do("set up, as an example of the page does", http.MethodPut, family.Fill(k.Kind, map[string]string{"id": id}), k.example)
	if err != nil {
		return "", err
	}
	if res.Status >= http.StatusMultipleChoices {
		c := &Call{}
		b.answer(c, res)
		return "", &stateError{"the example that makes one was answered " + Answer(c)}
	}
	b.made[id] = true
	return id, nil
}

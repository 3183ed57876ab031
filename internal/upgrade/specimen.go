package upgrade

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// variant is how a resource is made: by a body, and then by calls, or by writing
// what is stored.
type variant struct {
	name   string
	body   string
	calls  []family.Call
	stored string
}

// variants are the states of a resource, and the sorts of it.
func variants(r *family.Resource, version esversion.Version) []variant {
	var out []variant
	for i, st := range r.States {
		v := variant{name: st.Name}
		switch {
		case before(version, st.Since), len(st.By) == 0 && i > 0:
			v.stored = st.Stored
		default:
			for _, verb := range st.By {
				c, _ := r.Verb(verb)
				v.calls = append(v.calls, c)
			}
		}
		out = append(out, v)
	}
	if len(r.States) == 0 {
		out = append(out, variant{name: "as it is made"})
	}
	for _, s := range r.Sorts {
		out = append(out, variant{name: s.Name, body: s.Body, calls: s.Calls})
	}
	return out
}

// callsOf are the calls that every one of a resource takes, by their verbs. That
// it is made is one where its name is given: it is put in the place of itself.
func callsOf(r *family.Resource, version esversion.Version) []family.Call {
	var out []family.Call
	for _, verb := range r.Verbs() {
		c, has := r.Verb(verb)
		if !has || verb == "read" || before(version, c.Since) || verb == "created" && !strings.Contains(c.Request.Path, "{id}") {
			continue
		}
		c.Verb = verb
		out = append(out, c)
	}
	return out
}

// before reports whether a version is known to be lower than the one that a
// catalogue says something is there since.
func before(version esversion.Version, since string) bool {
	first, err := esversion.Parse(since)
	return err == nil && version.Known() && !version.AtLeast(first)
}

// maker makes specimens in one target.
type maker struct {
	set     family.Set
	scope   *resource.Scope
	version esversion.Version // of the target

	mu sync.Mutex
	// failed says why a group could not be made.
	failed map[string]*resource.SetupError
}

func newMaker(set family.Set, scope *resource.Scope, version esversion.Version) *maker {
	return &maker{set: set, scope: scope, version: version, failed: map[string]*resource.SetupError{}}
}

// make makes resources of these families in every state: one to look at, and one
// for each call that it takes. The error is that of a request without an answer.
func (m *maker) make(ctx context.Context, families []*family.Family) ([]Subject, error) {
	var lists []*[]Subject
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, f := range families {
		for i := range f.Resources {
			r := &f.Resources[i]
			if !makeable(r) {
				continue
			}
			of, made, err := m.needs(ctx, r)
			if err != nil {
				return nil, err
			}
			if !made {
				continue
			}
			for _, v := range variants(r, m.version) {
				list := new([]Subject)
				lists = append(lists, list)
				group.Go(func() (err error) {
					*list, err = m.several(ctx, r, v, of)
					return err
				})
			}
		}
	}
	err := group.Wait()
	var out []Subject
	for _, list := range lists {
		out = append(out, *list...)
	}
	return out, err
}

// makeable reports whether a catalogue says how one is made that has the name that
// it is given: where several are made by one body, none is said.
func makeable(r *family.Resource) bool {
	return r.Makeable() && (r.Create[0].Each == nil || r.Create[0].Body != "")
}

// needs makes what a resource needs before, once for all of its kind.
func (m *maker) needs(ctx context.Context, r *family.Resource) (of map[string]string, made bool, err error) {
	of, err = m.scope.Needs(ctx, r.Kind)
	if m.refused(r.Name, err) {
		return nil, false, nil
	}
	return of, true, err
}

// refused takes note of a group that a server answered about, and did not make.
func (m *maker) refused(group string, err error) bool {
	var setup *resource.SetupError
	if !errors.As(err, &setup) || setup.Err != nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed[group] = setup
	return true
}

// several makes one of a variant to look at, and one for each call that any
// version has.
func (m *maker) several(ctx context.Context, r *family.Resource, v variant, of map[string]string) ([]Subject, error) {
	var out []Subject
	for _, verb := range append([]string{""}, verbs(callsOf(r, esversion.Version{}))...) {
		s, err := m.one(ctx, r, v, of)
		if m.refused(group(r, v), err) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		s.Verb = verb
		out = append(out, s)
	}
	return out, nil
}

// couldNotMake is what it comes to that the old version could not make some:
// nothing is said of what it does not offer.
func (m *maker) couldNotMake() []result.Scenario {
	var out []result.Scenario
	for _, group := range slices.Sorted(maps.Keys(m.failed)) {
		setup := m.failed[group]
		if setup.Status == http.StatusMethodNotAllowed || strings.Contains(setup.Body, "no handler found") {
			out = append(out, skipped(reqLost, group, "the old version does not offer what it takes: "+setup.Error()))
			continue
		}
		out = append(out, broken(reqLost, group, setup))
	}
	return out
}

// makesNoMore lists what the new version refuses to make of what the old one made.
func (m *maker) makesNoMore(old *maker) []Difference {
	var out []Difference
	for _, group := range slices.Sorted(maps.Keys(m.failed)) {
		if old.failed[group] == nil {
			out = append(out, Difference{Requirement: reqDefaults, Group: group, ID: group, View: viewNew, Change: jsonval.Changed, Before: "made", After: "refused: " + m.failed[group].Error()})
		}
	}
	return out
}

func verbs(calls []family.Call) []string {
	var out []string
	for _, c := range calls {
		out = append(out, c.Verb)
	}
	return out
}

func group(r *family.Resource, v variant) string { return r.Name + ", " + v.name }

// one makes one of a variant.
func (m *maker) one(ctx context.Context, r *family.Resource, v variant, needs map[string]string) (Subject, error) {
	of := maps.Clone(needs)
	if of == nil {
		of = map[string]string{}
	}
	n := resource.New{Of: of}
	told := strings.Contains(r.Create[0].ID, "{answer}")
	if !told {
		n.ID = strings.ToLower(m.scope.NewID())
	}
	of["id"] = n.ID
	if v.body != "" {
		n.Body = family.FillBody(v.body, of)
	}
	id, err := m.scope.Create(ctx, r.Kind, n)
	if err != nil {
		return Subject{}, err
	}
	switch {
	case told:
		of["id"] = id
	case strings.Contains(id, "{"): // its name is that in the body
		id = n.ID
	}
	s := Subject{Group: group(r, v), Kind: r.Kind, ID: id, Of: of, Written: v.stored != ""}
	for _, c := range v.calls {
		if err := m.send(ctx, s, c.Request.Method(), s.fill(family.Plain(c.Request.Path)), family.FillBody(c.Body, of)); err != nil {
			return s, err
		}
	}
	if v.stored != "" {
		err = m.send(ctx, s, http.MethodPost, concrete(m.set, r.StoredIn())+family.Fill("/_update/{id}?refresh=true", of), `{"doc":`+v.stored+`}`)
	}
	return s, err
}

// send sends a request that has to be answered with success.
func (m *maker) send(ctx context.Context, s Subject, method, path, body string) error {
	res, err := m.scope.Do(ctx, wire.Request{Method: method, Path: path, Body: []byte(body)})
	if err != nil {
		return err
	}
	if res.Status/100 != 2 {
		return &resource.SetupError{Action: fmt.Sprintf("bring into its state: %s (%s %s)", s.Group, method, path), Status: res.Status, Body: resource.Quote(res.Text()), Want: "200", Index: res.Index}
	}
	return nil
}

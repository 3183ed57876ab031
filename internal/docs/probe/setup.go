package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// instance is one resource that was made for probing.
type instance struct {
	kind  *kind
	id    string
	of    map[string]string // the ids of what it belongs to, by their kinds
	state string
	doc   any
}

// values are what stands for the names in its paths and bodies.
func (in *instance) values() map[string]string {
	values := map[string]string{"id": in.id}
	for kind, id := range in.of {
		values[kind] = id
	}
	return values
}

// path is where it is read.
func (in *instance) path() string { return in.kind.pathOf(in.values()) }

// whole is its id with those of what it belongs to, as Scope.Create returns it.
func (in *instance) whole() string {
	if len(in.of) == 0 || in.kind.numbered() {
		return in.id
	}
	return family.Fill(in.kind.Create[0].ID, in.values())
}

// call fills a call of the catalogue with the ids of the instance.
func (in *instance) call(c family.Call) (method, path, body string) {
	return c.Request.Method(), family.Fill(c.Request.Path, in.values()), family.FillBody(c.Body, in.values())
}

// parent returns the id of the one of a kind that others are made for.
func (b *bench) parent(k *kind) (string, error) {
	if id := b.parents[k.Kind]; id != "" {
		return id, nil
	}
	id, err := b.create(k, nil)
	if err != nil {
		return "", err
	}
	b.parents[k.Kind] = id
	return id, nil
}

// needs returns the ids of what a kind needs before, by their kinds.
func (b *bench) needs(k *kind) (map[string]string, error) {
	of := map[string]string{}
	for _, need := range k.needs {
		id, err := b.parent(need)
		if err != nil {
			return nil, err
		}
		of[need.Kind] = id
	}
	return of, nil
}

// named returns the instance of that id, which need not be there.
func (b *bench) named(k *kind, id string) (*instance, error) {
	of, err := b.needs(k)
	return &instance{kind: k, id: id, of: of}, err
}

// create makes a resource with this body, nil for the least, and returns its
// id.
func (b *bench) create(k *kind, body func(values map[string]string) string) (string, error) {
	of, err := b.needs(k)
	if err != nil {
		return "", err
	}
	n := resource.New{Of: of}
	if !k.numbered() {
		n.ID = strings.ToLower(b.registry.NewID())
	}
	if body != nil {
		n.Body = body((&instance{kind: k, id: n.ID, of: of}).values())
	}
	if k.example != "" {
		return b.conventional(k)
	}
	id, err := b.scope.Create(b.ctx, k.Kind, n)
	if err != nil {
		return "", err
	}
	if n.ID != "" {
		id = n.ID
	}
	b.made[id] = true
	return id, nil
}

// make creates a resource in a state. A state that the server's version does
// not know how to reach is an error.
func (b *bench) make(k *kind, st family.State) (*instance, error) {
	id, err := b.create(k, nil)
	if err != nil {
		return nil, err
	}
	var calls []family.Call
	for _, verb := range st.By {
		c, _ := k.Verb(verb)
		calls = append(calls, c)
	}
	return b.bring(k, id, st.Name, calls, b.force)
}

// makeSort creates a resource of a sort.
func (b *bench) makeSort(k *kind, sort family.Sort) (*instance, error) {
	id, err := b.create(k, func(values map[string]string) string { return family.FillBody(sort.Body, values) })
	if err != nil {
		return nil, err
	}
	return b.bring(k, id, sort.Name, sort.Calls, func(*instance) error { return unreachable(sort.Name) })
}

// bring makes calls for a resource, otherwise where one of them is refused.
func (b *bench) bring(k *kind, id, state string, calls []family.Call, otherwise func(*instance) error) (*instance, error) {
	in, err := b.named(k, id)
	if err != nil {
		return nil, err
	}
	in.state = state
	for _, c := range calls {
		method, path, body := in.call(c)
		res, err := b.do("set up: "+state, method, path, body)
		if err != nil {
			return nil, err
		}
		if res.Status >= http.StatusMultipleChoices {
			if err := otherwise(in); err != nil {
				return nil, err
			}
			break
		}
	}
	in.doc, _, err = b.read(in)
	return in, err
}

// force writes a state into what is stored, as services do that work with the
// API: some versions have no call that leads there.
func (b *bench) force(in *instance) error {
	stored := in.kind.Stored
	if stored == "" || in.kind.State == "" {
		return unreachable(in.state)
	}
	doc := map[string]any{}
	set(doc, dotted(in.kind.State), in.state)
	path := family.Fill(strings.Replace(stored, "/_doc/", "/_update/", 1), in.values()) + "?refresh=true"
	res, err := b.do("set up: "+in.state, http.MethodPost, path, string(jsonval.Encode(map[string]any{"doc": doc})))
	if err != nil {
		return err
	}
	if res.Status != http.StatusOK {
		return unreachable(in.state)
	}
	return nil
}

func unreachable(state string) error {
	return &stateError{"the server has no way to the state " + state}
}

// stateError says that the server knows no way to a state.
type stateError struct{ text string }

func (e *stateError) Error() string { return e.text }

// read returns what is stored of a resource; false where there is none.
func (b *bench) read(in *instance) (any, bool, error) {
	path := in.path()
	res, err := b.do("read back", http.MethodGet, path, "")
	if err != nil {
		return nil, false, err
	}
	if res.Status != http.StatusOK {
		return nil, false, nil
	}
	doc, err := jsonval.Decode(res.Body)
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", path, err)
	}
	v, found := in.kind.Shown(in.whole(), doc)
	return v, found, nil
}

// escaped is an id as it stands in a path.
func escaped(id string) string { return url.PathEscape(id) }

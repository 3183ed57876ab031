package resource

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
)

// kind is what there is to know of one kind of resources. In paths and bodies
// {id} stands for the id, escaped for where it stands; {raw} for the id as it
// is.
type kind struct {
	name string
	res  *family.Resource // nil for what is none
	// path reads one of them. 404 says that it is not there, or, where list is
	// set, an empty list at that pointer.
	path, list string
	// deletes delete one of them, the most thorough first: the next is sent
	// where the target does not know the one before, which it says with 400.
	deletes []request
	// stored reads what the API hides once it is marked as deleted. Not every
	// account may read it.
	stored string
	// members is set where this kind stands for others, of the kind of, which
	// are found like this.
	members *listing
	of      string
	// parts is the kind of what has to be found and deleted before; isPart
	// marks that one.
	parts  string
	isPart bool
	// creations are the requests that create one.
	creations []creation
	// removals are requests that delete some.
	removals []*creation
	// all lists those of every run.
	all *listing
}

// request is a request of the cleanup.
type request struct {
	method, path, body string
	told               string // where the answer lists what was deleted
}

// listing lists things of a kind. Their ids are at a pointer into each entry
// of the list, or, without one, they are the keys of the list, which then is
// an object. The paths are tried in turn as deletions are; {from} is where a
// page begins.
type listing struct {
	paths    []string
	list, id string
	names    []string // pointers into an entry, one of which has the name
}

// creation is a request that creates something.
type creation struct {
	family.Creation
	// by finds what was created where the answer does not tell its id, with
	// the name in the body.
	by *kind
	// brings is what comes into being with it.
	brings *kind
}

// page is how many entries of a list are asked for at once.
const page = 1000

// knowledge is what the catalogues of APIs say of what requests do.
type knowledge struct {
	set      family.Set
	kinds    []*kind // in the order in which they are deleted
	settings []family.Setting
	calls    []family.Call // that create nothing
}

// Kinds of things that no catalogue has.
const (
	change  = "change"  // its id is the request that undoes it
	unknown = "unknown" // its id is its path
)

// learn takes over what catalogues say, and how else something comes into being
// that can be read and deleted by its path.
func learn(set family.Set, foreseen []family.Creation) *knowledge {
	k := &knowledge{set: set}
	for _, f := range set {
		k.settings = append(k.settings, f.Settings...)
		k.calls = append(k.calls, f.Calls...)
		for i := range f.Resources {
			k.add(&f.Resources[i])
		}
	}
	k.kinds = append(k.kinds, &kind{name: change}, &kind{name: unknown, path: "{raw}", deletes: []request{{method: http.MethodDelete, path: "{raw}"}}})
	for _, f := range set {
		for i := range f.Resources {
			k.connect(&f.Resources[i])
		}
	}
	for _, c := range foreseen {
		k.kind(unknown).creations = append(k.kind(unknown).creations, k.creation(c))
	}
	return k
}

func (k *knowledge) add(r *family.Resource) {
	for _, l := range r.Found {
		k.kinds = append(k.kinds, &kind{name: l.Kind, of: r.Kind, members: listingOf(&l)})
	}
	kd := &kind{name: r.Kind, res: r, path: r.Read.Request.Path, list: r.Empty, parts: r.Parts, all: listingOf(r.All)}
	if r.Hidden {
		kd.stored = r.Stored
	}
	for _, d := range r.Delete {
		kd.deletes = append(kd.deletes, request{d.Request.Method(), d.Request.Path, d.Body, d.Told})
	}
	k.kinds = append(k.kinds, kd)
	k.calls = append(k.calls, r.Calls...)
}

// connect fills in what refers to other kinds.
func (k *knowledge) connect(r *family.Resource) {
	kd := k.kind(r.Kind)
	if r.Parts != "" {
		k.kind(r.Parts).isPart = true
	}
	for _, d := range r.Delete {
		if kd.raw() {
			break // such an id is not told from others by a pattern
		}
		kd.removals = append(kd.removals, &creation{Creation: family.Creation{Call: d, ID: "{id}"}})
	}
	for _, d := range r.Removed {
		kd.removals = append(kd.removals, &creation{Creation: d})
	}
	for _, c := range r.Create {
		kd.creations = append(kd.creations, k.creation(c))
	}
}

func (k *knowledge) creation(c family.Creation) creation {
	how := creation{Creation: c}
	if how.ID == "" {
		how.ID = "{id}"
	}
	if c.Named != nil && c.Named.Found != "" {
		how.by = k.kind(c.Named.Found)
	}
	if c.Brings != nil {
		how.brings = k.kind(c.Brings.Kind)
	}
	return how
}

func listingOf(l *family.Listing) *listing {
	if l == nil {
		return nil
	}
	return &listing{paths: l.Paths, list: l.At, id: l.ID, names: l.Names}
}

// kind returns the kind of that name, or nil.
func (k *knowledge) kind(name string) *kind {
	i := slices.IndexFunc(k.kinds, func(kd *kind) bool { return kd.name == name })
	if i < 0 {
		return nil
	}
	return k.kinds[i]
}

// call returns the call of the catalogues that a request is.
func (k *knowledge) call(method, path string) (family.Call, bool) {
	for _, c := range k.calls {
		if _, ok := c.Request.Is(method, path); ok {
			return c, true
		}
	}
	return family.Call{}, false
}

// rank is when in the order of deletion a kind's turn comes.
func (k *knowledge) rank(of *kind) int { return slices.Index(k.kinds, of) }

// raw reports whether ids stand in paths as they are.
func (k *kind) raw() bool { return strings.Contains(k.path, "{raw}") }

// fill puts an id into a path.
func fill(path, id string) string { return family.Fill(path, map[string]string{"id": id}) }

// about returns the request for one id.
func (r request) about(id string) request {
	return request{r.method, fill(r.path, id), family.FillBody(r.body, map[string]string{"id": id}), r.told}
}

// message is the request as reports show it.
func (r request) message() result.Message {
	m := result.Message{Method: r.method, Path: r.path, Body: r.body}
	if r.body != "" {
		m.Headers = map[string][]string{"Content-Type": {"application/json"}}
	}
	return m
}

package probe

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
)

// kind is a resource that a path parameter or a field can name: what its
// catalogue says of it, and where in paths its id stands.
type kind struct {
	*family.Resource
	own   []string   // the segments of its path, as /_thing/{id}
	calls [][]string // those of calls about it
	needs []*kind
	// example is the body that makes one, where only a page says how.
	example string
}

// known is what catalogues say of what can be set up.
type known struct {
	kinds []*kind // the longer path first
	first map[string]bool
	apart []string
	// harmless are calls that are about no resource: they read, or make
	// something new.
	harmless []family.Request
	// scopes are query parameters that name a resource, with its kind.
	scopes map[string]*kind
}

// learn takes over what catalogues say. What reaches beyond itself, and what
// has no path of its own, is not set up.
func learn(set family.Set) *known {
	k := &known{first: map[string]bool{}, scopes: map[string]*kind{}}
	for _, f := range set {
		k.apart = append(k.apart, f.Apart...)
		for i := range f.Resources {
			r := &f.Resources[i]
			k.first[segments(r.Read.Request.Path)[0]] = true
			if own := ownPath(r); own != nil && !r.Powerful && !r.Secret {
				k.kinds = append(k.kinds, &kind{Resource: r, own: own})
			}
		}
	}
	for _, f := range set {
		for _, c := range f.Calls {
			k.addCall(c)
		}
	}
	for _, kd := range k.kinds {
		k.connect(set, kd)
	}
	k.kinds = slices.DeleteFunc(k.kinds, func(kd *kind) bool { return len(kd.needs) < len(kd.Needs) })
	slices.SortStableFunc(k.kinds, func(a, b *kind) int { return len(b.own) - len(a.own) })
	return k
}

// ownPath returns the segments of the path of a resource, nil where it has none
// that ends with its id.
func ownPath(r *family.Resource) []string {
	path := r.Read.Request.Path
	if strings.Contains(path, "{raw}") { // its id has those of others in it
		path = "/" + r.Create[0].ID
	}
	if !strings.HasSuffix(path, "/{id}") {
		return nil
	}
	return segments(path)
}

// addCall takes note of a call that is about no resource in particular.
func (k *known) addCall(c family.Call) {
	names := params(segments(family.Plain(c.Request.Path)))
	switch {
	case len(names) == 0 && c.Reads:
		k.harmless = append(k.harmless, c.Request)
	case len(names) == 1:
		if kd := k.kind(names[0]); kd != nil {
			kd.calls = append(kd.calls, segments(strings.ReplaceAll(family.Plain(c.Request.Path), "{"+names[0]+"}", "{id}")))
		}
	}
}

// connect fills in what of a kind refers to others.
func (k *known) connect(set family.Set, kd *kind) {
	for _, name := range kd.Needs {
		if r, _ := set.Resource(name); k.kind(r.Kind) != nil {
			kd.needs = append(kd.needs, k.kind(r.Kind))
		}
	}
	for _, c := range kd.Calls {
		if segs := segments(family.Plain(c.Request.Path)); slices.Equal(params(segs), []string{"id"}) {
			kd.calls = append(kd.calls, segs)
		}
	}
	for _, c := range kd.Create {
		if c.Each == nil && !strings.Contains(c.Request.Path, "{") {
			k.harmless = append(k.harmless, c.Request)
		}
		if segs := segments(family.Plain(c.Request.Path)); c.Each == nil && !c.Own && kd.names(params(segs)) {
			kd.calls = append(kd.calls, segs)
		}
	}
	if name, of := kd.scope(k); of != nil {
		k.scopes[name] = of
	}
}

// names reports whether it is known what each name in a path stands for, of
// which there are some.
func (kd *kind) names(params []string) bool {
	return len(params) > 0 && !slices.ContainsFunc(params, func(name string) bool {
		return name != "id" && !slices.ContainsFunc(kd.needs, func(of *kind) bool { return of.Kind == name })
	})
}

// kind returns the kind of that name, or nil.
func (k *known) kind(name string) *kind {
	i := slices.IndexFunc(k.kinds, func(kd *kind) bool { return kd.Kind == name })
	if i < 0 {
		return nil
	}
	return k.kinds[i]
}

// scope is the query parameter by which a list shows only what belongs to one
// of another kind.
func (kd *kind) scope(k *known) (name string, of *kind) {
	if kd.List == nil {
		return "", nil
	}
	_, query, _ := strings.Cut(kd.List.Request.Path, "?")
	for _, part := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if what, ok := claim.Param(value); ok && k.kind(what) != nil {
			return name, k.kind(what)
		}
	}
	return "", nil
}

// states are those that it can be in; every resource is in one.
func (kd *kind) states() []family.State {
	if len(kd.States) == 0 {
		return []family.State{{Name: "created"}}
	}
	// What only services write themselves cannot be brought about by calls.
	return slices.DeleteFunc(slices.Clone(kd.States), func(st family.State) bool {
		return len(st.By) == 0 && st.Name != kd.States[0].Name
	})
}

// status is the state that a stored resource says it is in.
func (kd *kind) status(doc any) string {
	if kd.State == "" {
		return ""
	}
	s, _ := textAt(doc, kd.State)
	return s
}

// dotted is a pointer as a dotted name.
func dotted(pointer string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
}

// numbered reports whether the server gives it its id.
func (kd *kind) numbered() bool { return strings.Contains(kd.Create[0].ID, "{answer}") }

// pathOf is where one is read.
func (kd *kind) pathOf(values map[string]string) string {
	return family.Fill("/"+strings.Join(kd.own, "/"), values)
}

// segments returns the parts of a path without its query.
func segments(path string) []string {
	path, _, _ = strings.Cut(path, "?")
	return strings.Split(strings.Trim(path, "/"), "/")
}

// params are the names in segments.
func params(segs []string) []string {
	var out []string
	for _, s := range segs {
		if name, ok := claim.Param(s); ok {
			out = append(out, name)
		}
	}
	return out
}

// isID reports whether a segment of a path can be an id: what begins with _ is
// a part of the API.
func isID(segment string) bool { return !strings.HasPrefix(segment, "_") }

// isParam reports whether a segment of a route is a parameter.
func isParam(segment string) bool { _, ok := claim.Param(segment); return ok }

// place finds where in the beginning of a path a kind has its names, by what can
// stand for one. nil where the path is not about it.
func (kd *kind) place(segs []string, isName func(string) bool) map[int]string {
	if at := fit(kd.own, segs[:min(len(segs), len(kd.own))], isName); at != nil {
		return at
	}
	for _, call := range kd.calls {
		if at := fit(call, segs, isName); at != nil {
			return at
		}
	}
	return nil
}

func fit(want, have []string, isName func(string) bool) map[int]string {
	if len(want) != len(have) {
		return nil
	}
	at := map[int]string{}
	for i, s := range want {
		name, isPlace := claim.Param(s)
		switch {
		case isPlace && isName(have[i]):
			at[i] = name
		case isPlace || s != have[i]:
			return nil
		}
	}
	return at
}

// find returns the kind that a path is about, nil for none.
func (k *known) find(segs []string, isName func(string) bool) (*kind, map[int]string) {
	for _, kd := range k.kinds {
		if at := kd.place(segs, isName); at != nil {
			return kd, at
		}
	}
	return nil, nil
}

// collection returns the kind that a path without a parameter lists, or makes
// one of.
func (k *known) collection(segs []string) *kind {
	i := slices.IndexFunc(k.kinds, func(kd *kind) bool { return slices.Equal(kd.own[:len(kd.own)-1], segs) })
	if i < 0 {
		return nil
	}
	return k.kinds[i]
}

// strange reports whether a path belongs to an API of which nothing is known.
func (k *known) strange(segs []string) bool {
	path := "/" + strings.Join(segs, "/")
	return !k.first[segs[0]] || slices.ContainsFunc(k.apart, func(apart string) bool { return path == apart || strings.HasPrefix(path, apart+"/") })
}

// target is a route with its parameters bound to kinds of resources.
type target struct {
	route  claim.Route
	kind   *kind          // nil where the route has no parameter
	params map[int]string // by segment, the name in the paths of the kind
	at     int            // segment of its id
	// creates: the call makes a new resource; whose says of which kind.
	creates  bool
	whose    *kind
	creation *family.Creation // as its catalogue has it, if it does
	last     bool             // the id is the last segment
}

// bind finds out what a route needs. The error says why it cannot be set up.
func (k *known) bind(r claim.Route) (*target, error) {
	segs := r.Segments()
	t := &target{route: r, at: -1}
	t.kind, t.params = k.find(segs, isParam)
	if t.kind == nil && k.strange(segs) {
		return nil, fmt.Errorf("%s is not part of an API that can be set up here: no catalogue of APIs has such a resource", r)
	}
	for i, s := range segs {
		switch name, ok := claim.Param(s); {
		case !ok:
		case t.kind == nil:
			return nil, fmt.Errorf("%s: nothing is known of what the parameter %s names", r, s)
		case t.params[i] == "":
			return nil, fmt.Errorf("%s has more than one path parameter: nothing is known of %s", r, name)
		case t.params[i] == "id":
			t.at, t.last = i, i == len(segs)-1
		}
	}
	if t.kind == nil && !k.isHarmless(r.Method, r.Path) {
		return nil, fmt.Errorf("%s has no parameter: it would change something that this run did not make", r)
	}
	if t.whose = t.kind; t.kind == nil {
		t.whose = k.collection(segs)
	}
	t.creates = t.whose != nil && t.isCreation()
	if t.kind != nil && t.at < 0 && !t.creates {
		return nil, fmt.Errorf("%s has no id: it would change something that this run did not make", r)
	}
	return t, nil
}

// isCreation reports whether the catalogue has the route for a creation. What
// is put in the place of an id creates it, too.
func (t *target) isCreation() bool {
	segs := t.route.Segments()
	for i := range t.params {
		segs[i] = "x"
	}
	t.creation = t.whose.creation(t.route.Method, "/"+strings.Join(segs, "/"))
	return t.creation != nil || t.last && t.route.Method == http.MethodPut
}

// creation is what the catalogue says of a request that makes one, nil for
// nothing.
func (kd *kind) creation(method, path string) *family.Creation {
	for i := range kd.Create {
		if _, ok := kd.Create[i].Request.Is(method, path); ok && !kd.Create[i].Own {
			return &kd.Create[i]
		}
	}
	return nil
}

// isHarmless reports whether a route without a parameter may be called: it
// reads, or it makes something new.
func (k *known) isHarmless(method, path string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return slices.ContainsFunc(k.harmless, func(r family.Request) bool { _, ok := r.Is(method, path); return ok })
}

// path builds the path with ids, by the names in the paths of the kind.
func (t *target) path(values map[string]string) string {
	segs := t.route.Segments()
	for i, name := range t.params {
		segs[i] = escaped(values[name])
	}
	return "/" + strings.Join(segs, "/")
}

// without is the path without the id, and without what is before it in its
// place where there is something behind.
func (t *target) without(values map[string]string) string {
	if !t.last {
		none := map[string]string{}
		for name, v := range values {
			none[name] = v
		}
		none["id"] = ""
		return t.path(none)
	}
	path := t.path(values)
	return path[:strings.LastIndexByte(path, '/')]
}

package operation

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// instance is what one call is about.
type instance struct {
	values map[string]string // by parameter of the path
	of     map[string]string // ids by the names of its catalogue, its own as id
	whole  string            // its id with those of what it belongs to
	read   string            // where it can be read, "" where nobody knows
}

// renew makes what the next calls are about.
func (b *bench) renew() error {
	in := &instance{values: map[string]string{}, of: map[string]string{}}
	if b.subject.res != nil {
		if err := b.fromKind(in); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.subject.sources)) {
		v, err := b.value(b.subject.sources[name])
		if err != nil {
			return err
		}
		in.values[name] = v
	}
	if in.read == "" {
		b.readable(in)
	}
	b.current = in
	return nil
}

// fromKind makes a resource of a catalogue, or names one that is to be.
func (b *bench) fromKind(in *instance) error {
	res := b.subject.res
	if b.subject.creates {
		of, err := b.needs(res)
		if err != nil {
			return err
		}
		in.of = maps.Clone(of)
		in.of["id"] = b.name()
	} else {
		made, err := b.keeper().resource(res, b.state)
		if err != nil {
			return err
		}
		in.of = made
	}
	in.whole = in.of["id"]
	in.read = family.Fill(res.Read.Request.Path, in.of)
	if strings.Contains(res.Read.Request.Path, "{raw}") {
		in.whole = family.Fill(res.Create[0].ID, in.of)
		in.read = "/" + in.whole
	}
	for param, name := range b.subject.names {
		in.values[param] = in.of[name]
	}
	return nil
}

// needs are the ids of what a resource needs before, made once. The error says
// also what is not made itself.
func (b *bench) needs(res *family.Resource) (map[string]string, error) {
	if why := b.unmakeable(res); why != "" {
		return nil, errors.New(why)
	}
	if of := b.parents[res.Kind]; of != nil {
		return of, nil
	}
	of, err := b.scope.Needs(b.ctx, res.Kind)
	if err != nil {
		return nil, err
	}
	if of == nil {
		of = map[string]string{}
	}
	b.parents[res.Kind] = of
	return of, nil
}

// value is what stands for a parameter.
func (b *bench) value(src source) (string, error) {
	switch {
	case src.fixed != "":
		return src.fixed, nil
	case src.fresh:
		return b.name(), nil
	case src.kind != "":
		res, _ := b.families.Kind(src.kind)
		of, err := b.keeper().resource(res, family.State{})
		return of["id"], err
	}
	return b.keeper().made(src.maker)
}

// readable notes where something that the document has operations for can be
// read.
func (b *bench) readable(in *instance) {
	segs := b.op.segs
	for n := len(segs); n > 0; n-- {
		_, isParam := claim.Param(segs[n-1])
		if get := b.at("GET", segs[:n]); isParam && get != nil {
			in.read = get.filled(func(name string) string { return url.PathEscape(in.values[name]) })
			return
		}
	}
}

// name makes up a name that nothing has.
func (b *bench) name() string { return strings.ToLower(b.Registry.NewID()) }

// keeper makes things and keeps them: for calls that change nothing one for
// all, for others each its own.
type keeper struct {
	*bench
	mu   sync.Mutex
	kept map[string]map[string]string
}

func (b *bench) keeper() *keeper {
	if b.op.reads() && b.shared != nil {
		return b.shared
	}
	return &keeper{bench: b, kept: map[string]map[string]string{}}
}

// resource makes one of a catalogue's resources, in a state.
func (k *keeper) resource(res *family.Resource, st family.State) (map[string]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := res.Kind + " " + st.Name
	if of := k.kept[key]; of != nil {
		return of, nil
	}
	of, err := k.makeResource(res, st)
	if err == nil {
		k.kept[key] = of
	}
	return of, err
}

// create makes a resource, and returns the ids by the names of its catalogue.
func (k *keeper) create(res *family.Resource, n resource.New) (map[string]string, error) {
	needs, err := k.needs(res)
	if err != nil {
		return nil, err
	}
	n.Of = maps.Clone(needs)
	of := maps.Clone(needs)
	created, _ := res.Verb("created")
	there, err := k.routeThere(created.Request.Method(), (&op{segs: strings.Split(strings.Trim(created.Request.Path, "/"), "/")}).filled(func(string) string { return k.Registry.RunID() }))
	if err != nil {
		return nil, err
	}
	if there.lacks {
		return nil, fmt.Errorf("no %s can be made: the server has no %s", res.Name, created.Request)
	}
	told := strings.Contains(res.Create[0].ID, "{answer}")
	if !told {
		n.ID = k.name()
	}
	if text, isText := n.Body.(string); isText {
		of["id"] = n.ID
		n.Body = family.FillBody(text, of)
	}
	id, err := k.scope.Create(k.ctx, res.Kind, n)
	if err != nil {
		return nil, err
	}
	if of["id"] = n.ID; told {
		of["id"] = id
	}
	return of, nil
}

func (k *keeper) makeResource(res *family.Resource, st family.State) (map[string]string, error) {
	of, err := k.create(res, resource.New{})
	if err != nil {
		return nil, err
	}
	for _, verb := range st.By {
		c, _ := res.Verb(verb)
		call, err := k.do("set up: "+st.Name, c.Request.Method(), family.Fill(c.Request.Path, of), decoded(family.FillBody(c.Body, of)))
		if err != nil {
			return nil, err
		}
		if !call.ok() {
			return nil, fmt.Errorf("no %s in the state %s was to be had: %s", res.Name, st.Name, call.answer())
		}
	}
	return of, nil
}

// made is the name of something that another operation of the document makes.
func (k *keeper) made(maker *op) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if of := k.kept[maker.path]; of != nil {
		return of["id"], nil
	}
	id, err := k.bench.make(maker)
	if err == nil {
		k.kept[maker.path] = map[string]string{"id": id}
	}
	return id, err
}

// maxDepth is how many things may be needed one for the other.
const maxDepth = 3

// make calls an operation that makes something, and returns its name.
func (b *bench) make(maker *op) (string, error) {
	if b.depth >= maxDepth {
		return "", fmt.Errorf("what %s makes takes too much to be made", maker)
	}
	m := b.runner.bench(b.ctx, maker)
	m.session, m.scope, m.depth = b.session, b.scope, b.depth+1
	if err := m.plan(); err != nil {
		return "", fmt.Errorf("%s, which makes it, is not called: %w", maker, err)
	}
	if err := m.findBase(); err != nil {
		return "", err
	}
	b.asked = b.asked || m.asked
	if m.base == nil {
		return "", fmt.Errorf("%s, which makes it, %s", maker, m.whyNot())
	}
	if name, isParam := claim.Param(maker.segs[len(maker.segs)-1]); isParam {
		return m.base.values[name], nil
	}
	for _, at := range []string{"/id", "/_id"} {
		if v, ok := jsonval.Pointer(m.base.call.doc, at); ok {
			if id, isText := v.(string); isText {
				return id, nil
			}
		}
	}
	return "", fmt.Errorf("the answer of %s, which makes it, tells no id", maker)
}

// decoded is a body of a catalogue.
func decoded(text string) any {
	doc, err := jsonval.Decode([]byte(text))
	if err != nil {
		return nil
	}
	return doc
}

// freshen has a body name what is the run's own: names that have to differ, and
// what it refers to. What is being tried stays.
func (b *bench) freshen(in *instance, body any, trial string) (any, error) {
	if docs, isLines := body.(lines); isLines {
		return withoutIndices(docs), nil
	}
	doc, isObject := body.(map[string]any)
	if !isObject {
		return body, nil
	}
	found, known := b.catalogued()
	if !known {
		return body, nil
	}
	of := maps.Clone(in.of)
	if of["id"] == "" {
		of["id"] = b.name()
	}
	if b.named != "" {
		made, err := b.keeper().resource(found.Resource, family.State{})
		if err != nil {
			return nil, err
		}
		of["id"] = made["id"]
	}
	if found.Resource != nil && found.Creation != nil && b.subject.res == nil {
		needs, err := b.needs(found.Resource)
		if err != nil {
			return nil, err
		}
		maps.Copy(of, needs)
	}
	b.refer(doc, decoded(found.Call.Body), of, trial)
	if c := found.Creation; c != nil && c.Named != nil && c.Named.At != trial && strings.Contains(c.ID, "{body}") {
		put(doc, c.Named.At, of["id"])
	}
	if c := found.Creation; c != nil && c.Each != nil && strings.Contains(c.ID, "{1}") {
		b.rename(doc, strings.TrimSuffix(c.Each.At, "/*"))
	}
	if found.Resource != nil {
		b.unique(doc, found.Resource, trial)
	}
	return doc, nil
}

// withoutIndices are lines of documents that name no index: that of the path is
// meant then, and no other.
func withoutIndices(docs lines) lines {
	out := lines{}
	for _, doc := range docs {
		doc = jsonval.Clone(doc)
		for _, ptr := range pointers(doc, "") {
			if last(ptr) == "_index" {
				remove(doc, ptr)
			}
		}
		out = append(out, doc)
	}
	return out
}

// refer puts ids where the body of the catalogue has names of things: always
// those of other things, the thing's own where the body has that field.
func (b *bench) refer(doc map[string]any, pattern any, of map[string]string, trial string) {
	for _, ptr := range pointers(pattern, "") {
		v, _ := jsonval.Pointer(pattern, ptr)
		text, isText := v.(string)
		if !isText || ptr == trial || !strings.Contains(text, "{") {
			continue
		}
		if _, has := jsonval.Pointer(doc, ptr); has || !strings.Contains(text, "{id}") {
			put(doc, ptr, family.FillBody(text, of))
		}
	}
}

// rename gives the members of an object names of the run's own.
func (b *bench) rename(doc map[string]any, ptr string) {
	v, _ := jsonval.Pointer(doc, ptr)
	if members, ok := v.(map[string]any); ok {
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			out[b.name()] = members[name]
		}
		put(doc, ptr, out)
	}
}

// unique replaces what has to differ from one to the next.
func (b *bench) unique(doc map[string]any, res *family.Resource, trial string) {
	for _, u := range res.Unique {
		ptr := "/" + strings.ReplaceAll(u.Field, ".", "/")
		v, has := jsonval.Pointer(doc, ptr)
		if !has || ptr == trial && !strings.Contains(string(jsonval.Encode(v)), "*") {
			continue
		}
		fresh := func() string { return strings.ReplaceAll(u.As, "{id}", b.name()) }
		switch v := v.(type) {
		case string:
			put(doc, ptr, fresh())
		case []any:
			out := make([]any, len(v))
			for i := range v {
				out[i] = fresh()
			}
			put(doc, ptr, out)
		case map[string]any:
			b.rename(doc, ptr)
		}
	}
}

package probe

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
)

// examples runs the snippets of a page, in its order and with its setup, each
// id on the page bound to a resource that was made for it.
func (b *bench) examples(facts *Facts, m *claim.Model) error {
	facts.Examples = map[int]*ExampleFacts{}
	x := &snippets{bench: b, facts: facts, model: m}
	for i := range m.Examples {
		ex := &m.Examples[i]
		if ex.Role == claim.RoleSetup {
			continue // runs before each of the others
		}
		ef := &ExampleFacts{Stored: map[string]any{}}
		facts.Examples[i] = ef
		if ex.NotConsole {
			ef.NotRun = "the page marks it NOTCONSOLE: it is not meant to be sent"
			continue
		}
		if err := x.run(ex, ef); err != nil {
			return err
		}
	}
	return nil
}

// snippets is what one example hands on to the next.
type snippets struct {
	*bench
	facts *Facts
	model *claim.Model
	bound map[string]string // what stands on the page -> what stands for it
}

// bindError says that an example cannot be bound to resources.
type bindError struct{ text string }

func (e *bindError) Error() string { return e.text }

func (x *snippets) run(ex *claim.Example, ef *ExampleFacts) error {
	err := x.prepare(ex)
	if err == nil {
		err = x.send(ex, ef)
	}
	ef.Bound = x.bound
	var be *bindError
	if errors.As(err, &be) {
		ef.NotRun = be.text
		return nil
	}
	return err
}

// prepare runs the page's setup again, unless the example goes on from the one
// before.
func (x *snippets) prepare(ex *claim.Example) error {
	if (ex.Continued || ex.Role == claim.RoleTeardown) && x.bound != nil {
		return nil
	}
	x.bound = map[string]string{}
	for i := range x.model.Examples {
		setup := &x.model.Examples[i]
		if setup.Role != claim.RoleSetup {
			continue
		}
		sf := &ExampleFacts{Stored: map[string]any{}}
		if err := x.send(setup, sf); err != nil {
			return err
		}
		for _, c := range sf.Calls {
			if !c.OK() {
				return &bindError{fmt.Sprintf("the page's own setup, %s %s, was answered %d", c.Route.Method, c.Path, c.Status)}
			}
		}
	}
	return nil
}

func (x *snippets) send(ex *claim.Example, ef *ExampleFacts) error {
	for _, r := range ex.Requests {
		c, err := x.request(ex, r)
		if err != nil {
			return err
		}
		ef.Calls = append(ef.Calls, c)
		body, _ := c.Sent.(map[string]any)
		for _, name := range names(body, "") {
			v, _ := lookup(body, name)
			if _, nested := v.(map[string]any); nested && strings.Count(name, ".") == 0 && c.After != nil {
				if got, ok := find(c.After, name); ok {
					ef.Stored[name] = got
				}
				continue
			}
			if got, ok := findValue(c.After, name, v); ok {
				ef.Stored[name] = got
			}
		}
	}
	return nil
}

func (x *snippets) request(ex *claim.Example, r claim.Request) (*Call, error) {
	in, path, created, err := x.bindPath(r)
	if err != nil {
		return nil, err
	}
	c := &Call{Purpose: "the page's example", Route: claim.Route{Method: r.Method, Path: r.Path}, Path: path}
	body := ex.Substitutes(r.Body)
	if doc, err := jsonval.Decode([]byte(body)); err == nil {
		c.Sent = x.bindBody(cmp.Or(created, kindOf(in)), doc, "")
		body = string(jsonval.Encode(c.Sent))
	}
	if in != nil {
		c.Before, c.State, c.Resource = in.doc, in.state, in.path()
	}
	res, err := x.do(fmt.Sprintf("example on line %d", r.Line), r.Method, path, body)
	if err != nil {
		return nil, err
	}
	x.answer(c, res)
	about := in
	if id := idCreated(created, c); id != "" {
		if about, err = x.named(created, id); err != nil {
			return nil, err
		}
	}
	if about != nil && c.OK() {
		c.Resource = about.path()
		doc, ok, err := x.read(about)
		if err != nil {
			return nil, err
		}
		c.After, c.Gone = doc, !ok
	}
	return c, nil
}

// idCreated is the id of what an example has created, "" for nothing.
func idCreated(created *kind, c *Call) string {
	if created == nil || !c.OK() {
		return ""
	}
	segs := segments(c.Path)
	switch how := created.creation(c.Route.Method, "/"+strings.Join(segs, "/")); {
	case how != nil && how.Answer != "" && c.Status != http.StatusCreated:
		return "" // it was there before
	case how != nil && how.Answer != "":
		return idIn(how, c.JSON)
	}
	id, _ := url.PathUnescape(segs[len(segs)-1])
	return id
}

// bindPath replaces the ids in a path. It returns the resource that the path
// leads to, and the kind of the one that the request creates, if it does.
func (x *snippets) bindPath(r claim.Request) (*instance, string, *kind, error) {
	_, query, _ := strings.Cut(r.Path, "?")
	segs := segments(r.Path)
	var in *instance
	var created *kind
	k, at := x.known.find(segs, isID)
	switch {
	case k != nil:
		why, err := x.unconventional(&target{kind: k})
		if err == nil && why != "" {
			err = &bindError{why}
		}
		if err != nil {
			return nil, "", nil, err
		}
		if in, created, err = x.bindIDs(k, at, r, segs); err != nil {
			return nil, "", nil, err
		}
	case x.known.strange(segs):
		return nil, "", nil, &bindError{fmt.Sprintf("%s %s is not part of an API that can be set up here", r.Method, r.Path)}
	case !x.known.isHarmless(r.Method, "/"+strings.Join(segs, "/")):
		return nil, "", nil, &bindError{fmt.Sprintf("%s %s names no resource: it would change something that this run did not make", r.Method, r.Path)}
	case r.Method != http.MethodGet:
		created = x.known.collection(segs)
	}
	out := "/" + strings.Join(segs, "/")
	if query != "" {
		q, err := x.bindQuery(query)
		if err != nil {
			return nil, "", nil, err
		}
		out += "?" + q
	}
	return in, out, created, nil
}

// bindIDs gives the ids of a path resources, and puts theirs into its segments.
// What they belong to is another one in each example.
func (x *snippets) bindIDs(k *kind, at map[int]string, r claim.Request, segs []string) (in *instance, created *kind, err error) {
	own := -1
	for i, name := range at {
		switch id := segs[i]; {
		case name == "id":
			own = i
			continue
		case x.bound[id] == "":
			delete(x.parents, name)
			if x.bound[id], err = x.parent(x.known.kind(name)); err != nil {
				return nil, nil, err
			}
		}
		segs[i] = escaped(x.bound[segs[i]])
	}
	if own < 0 {
		return nil, k, nil
	}
	in, created, err = x.bindID(k, r, segs[own], own == len(segs)-1)
	if err == nil {
		segs[own] = escaped(x.bound[segs[own]])
	}
	return in, created, err
}

// bindID gives an id of the page a resource, where it has none yet.
func (x *snippets) bindID(k *kind, r claim.Request, id string, last bool) (*instance, *kind, error) {
	if have, ok := x.bound[id]; ok {
		in, err := x.named(k, have)
		if err != nil {
			return nil, nil, err
		}
		doc, found, err := x.read(in)
		if err != nil {
			return nil, nil, err
		}
		if found {
			in.doc = doc
			in.state = k.status(doc)
			return in, nil, nil
		}
	}
	if last && x.creates(k, r) {
		if x.bound[id] == "" {
			x.bound[id] = strings.ToLower(x.registry.NewID())
		}
		return nil, k, nil
	}
	st := k.states()[0]
	for _, rf := range x.facts.Working() {
		if !Matches(rf.Route, r) {
			continue
		}
		for _, s := range k.states() {
			if s.Name == rf.OK.State {
				st = s
			}
		}
	}
	in, err := x.make(k, st)
	if err != nil {
		var se *stateError
		if errors.As(err, &se) {
			return nil, nil, &bindError{se.text}
		}
		return nil, nil, err
	}
	x.bound[id] = in.id
	return in, nil, nil
}

// creates reports whether a request makes what its path names.
func (x *snippets) creates(k *kind, r claim.Request) bool {
	t := &target{route: claim.Route{Method: r.Method, Path: r.Path}, whose: k, last: true}
	return t.isCreation()
}

// bindQuery replaces the ids of resources in a query.
func (x *snippets) bindQuery(query string) (string, error) {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		name, v, _ := strings.Cut(p, "=")
		if of := x.known.scopes[name]; of != nil && v != "" {
			id, err := x.parent(of)
			if err != nil {
				return "", err
			}
			x.bound[v] = id
			parts[i] = name + "=" + url.QueryEscape(id)
		}
	}
	return strings.Join(parts, "&"), nil
}

// kindOf is the kind of an instance, nil for none.
func kindOf(in *instance) *kind {
	if in == nil {
		return nil
	}
	return in.kind
}

// bindBody replaces ids, and names that have to be unique, in the body of a
// request about a kind.
func (x *snippets) bindBody(k *kind, doc any, name string) any {
	switch d := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, v := range d {
			named := key
			if x.uniqueAt(k, name) != nil {
				named = x.bindText(k, key, name)
			}
			out[named] = x.bindBody(k, v, strings.TrimPrefix(name+"."+key, "."))
		}
		return out
	case []any:
		out := make([]any, len(d))
		for i, v := range d {
			out[i] = x.bindBody(k, v, name)
		}
		return out
	case string:
		return x.bindText(k, d, name)
	}
	return doc
}

func (x *snippets) bindText(k *kind, text, name string) string {
	if to, ok := x.bound[text]; ok {
		return to
	}
	if rf := x.facts.Main(); rf != nil {
		if f := rf.Field(claim.InBody, name); f != nil && f.Ref != "" && x.parents[f.Ref] != "" {
			x.bound[text] = x.parents[f.Ref]
			return x.bound[text]
		}
	}
	if u := x.uniqueAt(k, name); u != nil {
		x.bound[text] = x.unique(*u)
		return x.bound[text]
	}
	return text
}

// uniqueAt is what the catalogue says of a field that has to be another one with
// each, nil for nothing.
func (x *snippets) uniqueAt(k *kind, name string) *family.Unique {
	if k == nil {
		return nil
	}
	i := slices.IndexFunc(k.Unique, func(u family.Unique) bool { return u.Field == name })
	if i < 0 {
		return nil
	}
	return &k.Unique[i]
}

// Bind replaces in a JSON value what stands on the page by what stood for it.
func (ef *ExampleFacts) Bind(doc any) any {
	switch d := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range d {
			out[k] = ef.Bind(v)
		}
		return out
	case []any:
		out := make([]any, len(d))
		for i, v := range d {
			out[i] = ef.Bind(v)
		}
		return out
	case string:
		if to, ok := ef.Bound[d]; ok {
			return to
		}
	}
	return doc
}

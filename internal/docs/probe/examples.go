package probe

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
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
		c.Sent = x.bindBody(doc, "")
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
	if created != nil && c.OK() {
		id, _ := jsonval.Pointer(c.JSON, "/id")
		if name, _ := id.(string); name != "" && c.Status == http.StatusCreated {
			c.Resource = (&instance{kind: created, id: name}).path()
		}
	}
	if c.Resource != "" && c.OK() {
		doc, ok, err := x.read(c.Resource)
		if err != nil {
			return nil, err
		}
		c.After, c.Gone = doc, !ok
	}
	return c, nil
}

// bindPath replaces the id in a path. It returns the resource that the path
// leads to, and the kind of the one that the request creates, if it does.
func (x *snippets) bindPath(r claim.Request) (*instance, string, *kind, error) {
	path, query, _ := strings.Cut(r.Path, "?")
	segs := strings.Split(strings.Trim(path, "/"), "/")
	if segs[0] != supported || len(segs) > 1 && segs[1] == "_secret" {
		return nil, "", nil, &bindError{fmt.Sprintf("%s %s is not part of an API that can be set up here", r.Method, r.Path)}
	}
	var in *instance
	var created *kind
	for _, k := range kinds {
		n := len(k.prefix)
		if len(segs) < n || strings.Join(segs[:n], "/") != strings.Join(k.prefix, "/") {
			continue
		}
		if len(segs) == n {
			if !harmless(claim.Route{Method: r.Method, Path: "/" + strings.Join(segs, "/")}) {
				return nil, "", nil, &bindError{fmt.Sprintf("%s %s names no resource: it would change something that this run did not make", r.Method, r.Path)}
			}
			if r.Method != http.MethodGet {
				created = k
			}
			break
		}
		if strings.HasPrefix(segs[n], "_") && r.Method == http.MethodGet {
			break // no id, or another API below the prefix
		}
		var err error
		in, created, err = x.bindID(k, r, segs[n], len(segs) == n+1)
		if err != nil {
			return nil, "", nil, err
		}
		segs[n] = url.PathEscape(x.bound[segs[n]])
		break
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

// bindID gives an id of the page a resource, where it has none yet.
func (x *snippets) bindID(k *kind, r claim.Request, id string, last bool) (*instance, *kind, error) {
	if have, ok := x.bound[id]; ok {
		in := &instance{kind: k, id: have}
		doc, found, err := x.read(in.path())
		if err != nil {
			return nil, nil, err
		}
		if found {
			in.doc = doc
			in.state = status(doc)
			return in, nil, nil
		}
	}
	if last && r.Method == http.MethodPut {
		if x.bound[id] == "" {
			x.bound[id] = x.registry.NewID()
		}
		return nil, k, nil
	}
	if k.name == "sync_job" && last && r.Method == http.MethodPost {
		return nil, k, nil
	}
	st := k.states[0]
	for _, rf := range x.facts.Working() {
		if !Matches(rf.Route, r) {
			continue
		}
		for _, s := range k.states {
			if s.name == rf.OK.State {
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

// bindQuery replaces the ids of connectors in a query.
func (x *snippets) bindQuery(query string) (string, error) {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		name, v, _ := strings.Cut(p, "=")
		if name == "connector_id" && v != "" {
			id, err := x.connector()
			if err != nil {
				return "", err
			}
			x.bound[v] = id
			parts[i] = name + "=" + url.QueryEscape(id)
		}
	}
	return strings.Join(parts, "&"), nil
}

// bindBody replaces ids, and names that have to be unique.
func (x *snippets) bindBody(doc any, name string) any {
	switch d := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range d {
			out[k] = x.bindBody(v, strings.TrimPrefix(name+"."+k, "."))
		}
		return out
	case string:
		if to, ok := x.bound[d]; ok {
			return to
		}
		if rf := x.facts.Main(); rf != nil {
			if f := rf.Field(claim.InBody, name); f != nil && f.Ref != "" && x.connectorID != "" {
				x.bound[d] = x.connectorID
				return x.connectorID
			}
		}
		for _, f := range uniqueFields {
			if name == f {
				x.bound[d] = strings.ToLower(x.registry.NewID())
				return x.bound[d]
			}
		}
	}
	return doc
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

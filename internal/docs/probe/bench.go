package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// EnvironmentError says that the target did not answer for itself: nothing can
// be said about the page.
type EnvironmentError struct{ Text string }

func (e *EnvironmentError) Error() string { return e.Text }

// bench is where one page is probed.
type bench struct {
	ctx      context.Context
	scope    *resource.Scope
	registry *resource.Registry
	known    *known
	parents  map[string]string    // kind -> the id of the one that others are made for
	pool     map[string]*instance // kind and state -> a resource that can be used again
	made     map[string]bool      // ids of what was made here
	conforms map[string]bool      // kinds that only the page describes, once they are known to be deletable
}

// do sends one request. What it creates is deleted in the end.
func (b *bench) do(purpose, method, path, body string) (*wire.Response, error) {
	req := wire.Request{Method: method, Path: path, Purpose: purpose}
	if body != "" {
		req.Body = []byte(body)
	}
	res, err := b.scope.Do(b.ctx, req)
	if err != nil {
		return nil, err
	}
	switch res.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return nil, &EnvironmentError{fmt.Sprintf("%s %s was answered %d: the target or what stands before it is not ready", method, path, res.Status)}
	}
	return res, nil
}

// request is what varies from probe to probe.
type request struct {
	purpose string
	state   string // "" is the one that the baseline works in
	id      string // instead of a resource's own
	path    string // instead of the route's
	body    map[string]any
	raw     string // instead of body
	query   url.Values
	trial   string // the field whose value is being tried
	// uncommon answers say nothing about the route in particular.
	uncommon bool
}

// call sends one probe to a route and looks at the resource before and after.
func (b *bench) call(t *target, rf *RouteFacts, q request) (*Call, error) {
	in, path, err := b.aim(t, rf, q)
	if err != nil {
		return nil, err
	}
	c := &Call{Purpose: q.purpose, Route: t.route}
	body := q.raw
	if body == "" && q.body != nil {
		sent := jsonval.Clone(any(q.body)).(map[string]any)
		if t.creates {
			b.freshen(t.whose, sent, q.trial)
		}
		c.Sent = sent
		body = string(jsonval.Encode(sent))
	}
	if len(q.query) > 0 {
		path += "?" + strings.ReplaceAll(q.query.Encode(), "%2C", ",")
	}
	c.Path = path
	if in != nil {
		c.Before, c.State, c.Resource = in.doc, in.state, in.path()
	}
	res, err := b.do(q.purpose, t.route.Method, path, body)
	if err != nil {
		return nil, err
	}
	b.answer(c, res)
	if err := b.aftermath(t, c, in); err != nil {
		return nil, err
	}
	if q.path == "" || !c.OK() { // another path that works is another route
		note(rf, c, q.uncommon)
	}
	if q.path == "" && c.OK() && len(rf.Answers) < maxAnswers {
		rf.Answers = append(rf.Answers, b.ownOf(t, c))
	}
	return c, nil
}

func note(rf *RouteFacts, c *Call, uncommon bool) {
	if c.Lacks() != "" {
		return // another server of that version answers otherwise
	}
	into := rf.Codes
	if uncommon && !c.OK() {
		into = rf.Uncommon
	}
	if into[c.Status] == nil {
		into[c.Status] = c
	}
}

// aim returns the resource that a probe is for, and the path of the request.
func (b *bench) aim(t *target, rf *RouteFacts, q request) (*instance, string, error) {
	switch {
	case q.path != "":
		return nil, q.path, nil
	case t.kind == nil:
		return nil, t.path(nil), nil
	case q.id != "", t.creates:
		id := q.id
		if id == "" {
			id = b.registry.NewID()
		}
		in, err := b.named(t.kind, id)
		return nil, t.path(in.values()), err
	}
	name := q.state
	if name == "" && rf.OK != nil {
		name = rf.OK.State
	}
	in, err := b.get(t.kind, name)
	if err != nil {
		return nil, "", err
	}
	return in, t.path(in.values()), nil
}

// get returns a resource in a state, out of the pool where there is one.
func (b *bench) get(k *kind, name string) (*instance, error) {
	for _, st := range k.states() {
		if st.Name != name && name != "" {
			continue
		}
		if in := b.pool[k.Kind+" "+st.Name]; in != nil {
			return in, nil
		}
		in, err := b.make(k, st)
		if err != nil {
			return nil, err
		}
		b.pool[k.Kind+" "+st.Name] = in
		return in, nil
	}
	return nil, fmt.Errorf("no state %q of a %s", name, k.Name)
}

func (b *bench) answer(c *Call, res *wire.Response) {
	c.Status, c.Body, c.Index = res.Status, res.Text(), res.Index
	if doc, err := res.JSON(); err == nil {
		c.JSON = doc
	}
	if v, ok := jsonval.Pointer(c.JSON, "/error"); ok {
		if text, ok := v.(string); ok {
			c.Reason = text
		}
		for ptr, into := range map[string]*string{"/type": &c.Type, "/reason": &c.Reason} {
			if s, ok := jsonval.Pointer(v, ptr); ok {
				*into, _ = s.(string)
			}
		}
	}
}

// aftermath reads the resource after a call.
func (b *bench) aftermath(t *target, c *Call, in *instance) error {
	if !c.OK() {
		return nil
	}
	about := in
	if t.creates {
		var err error
		if about, err = b.createdBy(t, c); err != nil {
			return err
		}
	}
	if about == nil {
		return nil
	}
	c.Resource = about.path()
	doc, ok, err := b.read(about)
	if err != nil {
		return err
	}
	c.After, c.Gone = doc, !ok
	if in == nil {
		return nil
	}
	if c.Gone || in.kind.status(c.Before) != in.kind.status(c.After) {
		delete(b.pool, in.kind.Kind+" "+in.state)
	}
	in.doc = doc
	return nil
}

// createdBy returns what a call has created, nil where nobody can tell.
func (b *bench) createdBy(t *target, c *Call) (*instance, error) {
	id := idIn(t.creation, c.JSON)
	if t.at >= 0 && id == "" {
		// The answer has no id: it is the one in the path.
		id, _ = url.PathUnescape(segments(c.Path)[t.at])
	}
	if id == "" {
		return nil, nil
	}
	return b.named(t.whose, id)
}

// idIn returns the id out of the answer to a creation, or "".
func idIn(c *family.Creation, answer any) string {
	if c == nil || c.Answer == "" {
		return ""
	}
	id, _ := textAt(answer, c.Answer)
	return id
}

// freshen gives fields new values that have to differ from resource to resource,
// except where the value is what is being tried, and reaches no other.
func (b *bench) freshen(k *kind, body map[string]any, trial string) {
	for _, u := range k.Unique {
		v, ok := lookup(body, u.Field)
		if !ok {
			continue
		}
		kept := func(text string) bool { return u.Field == trial && !strings.Contains(text, "*") }
		if _, names := v.(map[string]any); names {
			kept = b.own
		}
		set(body, u.Field, texts(v, func(text string) string {
			if kept(text) {
				return text
			}
			return b.unique(u)
		}))
	}
}

// unique makes up a value for a field.
func (b *bench) unique(u family.Unique) string {
	return strings.ReplaceAll(u.As, "{id}", strings.ToLower(b.registry.NewID()))
}

// own reports whether a name is one of the run's own.
func (b *bench) own(name string) bool {
	return strings.HasPrefix(name, resource.Prefix+b.registry.RunID()+"-")
}

// texts replaces a text, those of a list, or the names of members.
func texts(v any, with func(string) string) any {
	switch v := v.(type) {
	case string:
		return with(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = texts(item, with)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, item := range v {
			out[with(name)] = item
		}
		return out
	}
	return v
}

// noRoute reports whether an answer says that there is no such route.
func noRoute(c *Call) bool {
	return c.Status == http.StatusMethodNotAllowed ||
		c.Status == http.StatusBadRequest && strings.Contains(c.Reason, "no handler found") ||
		c.Status == http.StatusNotFound && c.Type == "" && c.JSON == nil
}

// aborts reports whether an error ends the probing of a page.
func aborts(err error) bool {
	var st *stateError
	return err != nil && !errors.As(err, &st)
}

func routeFacts(r claim.Route) *RouteFacts {
	return &RouteFacts{Route: r, Fields: map[string]*FieldFacts{}, Needed: map[string]*Call{}, Codes: map[int]*Call{},
		Uncommon: map[int]*Call{}, ByState: map[string]*Call{}, Values: map[string]*Call{}}
}

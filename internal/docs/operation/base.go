package operation

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// accepted is a request that the server takes as the document describes it.
type accepted struct {
	body   any
	query  url.Values
	values map[string]string
	call   *call
}

// variation is a request that differs from the accepted one.
type variation struct {
	purpose string
	body    any
	query   url.Values
	trial   string            // pointer to what is being tried
	values  map[string]string // instead of what stands for parameters of the path
	auth    *wire.Auth        // instead of the client's own account
}

// maxMends is how often a request is mended by what the server says about it.
const maxMends = 6

// findBase looks for a request that the server takes: the document's examples
// first, then what its schema asks for.
func (b *bench) findBase() error {
	b.query = b.requiredQuery()
	b.populate()
	for i, st := range b.states() {
		b.state, b.current = st, nil
		for _, body := range b.candidates() {
			done, err := b.mend(body)
			var quiet *silence
			switch {
			case errors.As(err, &quiet):
				b.failure = err.Error()
				continue
			case err != nil:
				return err
			case done:
				return nil
			}
		}
		if i == 0 && b.last != nil && (b.last.misreads() || b.last.status >= 500 || b.last.status == http.StatusForbidden || b.last.status == http.StatusUnauthorized) {
			return nil // not for its state
		}
	}
	return nil
}

// states are those that the thing can be in.
func (b *bench) states() []family.State {
	res := b.subject.res
	if res == nil || b.subject.creates || b.op.reads() || len(res.States) == 0 {
		return []family.State{{}}
	}
	return slices.DeleteFunc(slices.Clone(res.States), func(st family.State) bool { return len(st.By) == 0 && st.Name != res.States[0].Name })
}

// candidates are the bodies to start from.
func (b *bench) candidates() []any {
	if b.op.body == nil {
		return []any{nil}
	}
	var out []any
	found, known := b.catalogued()
	own := decoded(found.Call.Body)
	powerful := known && found.Resource != nil && found.Resource.Powerful
	switch {
	case own != nil && (powerful || b.named != ""):
		return []any{own}
	case powerful && found.Creation != nil:
		return nil
	}
	for _, x := range b.op.body.Examples {
		switch {
		case x.Lines != nil:
			out = append(out, lines(x.Lines))
		case x.Value != nil:
			out = append(out, x.Value)
		}
	}
	least := b.least(b.op.body.Schema, 0)
	out = append(out, least)
	out = append(append(out, b.turned(out[0])...), b.oneMore(least)...)
	if own != nil {
		out = append(out, own)
	}
	if !b.op.body.Required {
		out = append(out, nil)
	}
	return out
}

const (
	maxTurned = 4 // values that the first example could have as well
	maxMore   = 4 // optional fields that may be what is asked for
)

// turned is a body with other values that its fields can have.
func (b *bench) turned(body any) []any {
	var out []any
	first, _ := body.(map[string]any)
	for _, p := range b.op.body.Schema.Properties() {
		v, has := first[p.Name]
		if samples := b.values(p.Schema); has && (samples[0].kind == "value" || samples[0].kind == "boolean") {
			for _, other := range samples {
				if asText(other.value) != asText(v) {
					out = append(out, withMember(first, p.Name, other.value))
				}
			}
		}
	}
	return firstOf(out, maxTurned)
}

// oneMore is the least with one optional field each.
func (b *bench) oneMore(least any) []any {
	members, isObject := least.(map[string]any)
	var out []any
	for _, p := range b.op.body.Schema.Properties() {
		if !p.Required && isObject {
			out = append(out, withMember(members, p.Name, b.values(p.Schema)[0].value))
		}
	}
	return append(firstOf(out, maxMore), b.whole(b.op.body.Schema, 0))
}

// whole has every field, those of required objects included.
func (b *bench) whole(s openapi.Schema, depth int) any {
	out := map[string]any{}
	for _, p := range s.Properties() {
		v := b.values(p.Schema)[0]
		if v.kind == "object" && depth == 0 {
			v.value = b.whole(p.Schema, 1)
		}
		out[p.Name] = v.value
	}
	return out
}

func withMember(members map[string]any, name string, v any) any {
	out := maps.Clone(members)
	out[name] = v
	return out
}

// requiredQuery has a value for each parameter that the query has to have.
func (b *bench) requiredQuery() url.Values {
	query := url.Values{}
	for _, p := range b.op.in(claim.InQuery) {
		if p.Required {
			query.Set(p.Name, asText(b.values(p.Schema)[0].value))
		}
	}
	return query
}

// mend sends a body until it is accepted or cannot be mended.
func (b *bench) mend(start any) (bool, error) {
	body := jsonval.Clone(start)
	for range maxMends {
		v := variation{purpose: "a request as the document describes it", body: body}
		c, err := b.send(v)
		if err != nil {
			return false, err
		}
		b.last = c
		switch {
		case c.ok():
			b.base = &accepted{body: c.sent, query: b.query, values: b.lastValues, call: c}
			return true, nil
		case c.noRoute():
			b.missing = c
			return false, nil
		}
		if doc, isObject := body.(map[string]any); !isObject || !b.repair(c, doc) {
			b.refused = append(b.refused, c)
			return false, nil
		}
	}
	return false, nil
}

// repair changes a body by what the answer says; false where that is nothing
// that helps.
func (b *bench) repair(c *call, body map[string]any) bool {
	if c.status != http.StatusBadRequest {
		return false
	}
	for _, m := range unknownField.FindAllStringSubmatch(c.text, -1) {
		for _, ptr := range pointers(body, "") {
			if last(ptr) == m[1] {
				b.unknown[ptr] = c
				remove(body, ptr)
				return true
			}
		}
	}
	added := false
	for _, m := range needed.FindAllStringSubmatch(c.text, -1) {
		for _, name := range strings.Split(m[1], ", ") {
			for _, p := range b.op.body.Schema.Properties() {
				if _, has := body[name]; p.Name == name && !has {
					body[name] = b.values(p.Schema)[0].value
					added = true
				}
			}
		}
	}
	return added
}

// send calls the operation, about a thing of its own.
func (b *bench) send(v variation) (*call, error) {
	if b.current == nil {
		if err := b.renew(); err != nil {
			return nil, err
		}
	}
	in := b.current
	body, err := b.freshen(in, jsonval.Clone(v.body), v.trial)
	if err != nil {
		return nil, err
	}
	if is, _ := jsonval.Pointer(body, b.named); b.named != "" && !b.isOwn(is) {
		return nil, &silence{fmt.Errorf("%s is not sent: its body names nothing of the run's own", b.op)}
	}
	path := b.op.filled(func(name string) string {
		if given, is := v.values[name]; is {
			return url.PathEscape(given)
		}
		return url.PathEscape(in.values[name])
	})
	query := url.Values{}
	for _, from := range []url.Values{b.query, v.query} {
		for name, values := range from {
			query[name] = values
		}
	}
	if err := b.guard(path, body); err != nil {
		return nil, err
	}
	b.auth = v.auth
	c, err := b.do(v.purpose, b.op.method, with(path, query), body)
	b.auth = nil
	if err != nil {
		return nil, err
	}
	b.lastValues, b.lastRead = in.values, in
	if c.ok() && !b.repeatable {
		b.current = nil // it may not be what it was
	}
	if v.auth == nil && (c.ok() || probe.Lacking(c.text) == "") {
		b.codes[c.status] = append(b.codes[c.status], c)
	}
	if c.ok() && len(v.query) == 0 { // parameters may well change the form of an answer
		b.fits(c)
	}
	return c, nil
}

// guard keeps a request from being sent that would make something under a name
// that is not the run's own.
func (b *bench) guard(path string, body any) error {
	if b.ClusterWide || b.op.reads() || body == nil {
		return nil
	}
	made, _ := b.scope.Makes(b.op.method, path, encoded(body))
	for _, m := range made {
		if !strings.Contains(m, resource.Prefix+b.Registry.RunID()+"-") {
			return &silence{fmt.Errorf("%s is not sent: it would make %s, which is not the run's own", b.op, m)}
		}
	}
	return nil
}

// isOwn reports whether a value of a body names what is the run's own, and
// nothing else.
func (b *bench) isOwn(v any) bool {
	if list, isList := v.([]any); isList && len(list) == 1 {
		v = list[0]
	}
	name, _ := v.(string)
	return strings.HasPrefix(name, resource.Prefix+b.Registry.RunID()+"-")
}

// stored is what the last call was about, as it is read.
func (b *bench) stored() (any, *call, error) {
	in := b.lastRead
	if in == nil || in.read == "" {
		return nil, nil, nil
	}
	c, err := b.do("read back", http.MethodGet, in.read, nil)
	if err != nil || !c.ok() {
		return nil, nil, err
	}
	if b.subject.res != nil {
		if doc, shown := b.subject.res.Shown(in.whole, c.doc); shown {
			return doc, c, nil
		}
	}
	return c.doc, c, nil
}

// settle finds out whether the accepted request can be sent again and again
// about the same thing.
func (b *bench) settle() error {
	if b.op.reads() {
		b.repeatable = true
		return nil
	}
	if b.op.method == http.MethodDelete || b.lastRead == nil {
		return nil
	}
	b.current = b.lastRead
	c, err := b.send(variation{purpose: "the same request again", body: b.base.body})
	if err != nil {
		return err
	}
	if b.repeatable = c.ok(); b.repeatable {
		b.current = b.lastRead
		b.second = c
	} else {
		b.current = nil
	}
	return nil
}

// whyNot says why no request was accepted.
func (b *bench) whyNot() string {
	switch {
	case b.notRun != "":
		return b.notRun
	case b.failure != "":
		return b.failure
	case len(b.refused) > 0:
		return fmt.Sprintf("was not accepted: %s", b.refused[0].answer())
	case b.last != nil:
		return fmt.Sprintf("was not accepted: %s", b.last.answer())
	}
	return "was not accepted"
}

package resource

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Claim says which paths nothing was at before: what a request of the scope
// creates there is the run's, whatever its name and however it is answered.
func (sc *Scope) Claim(claims func(path string) bool) { sc.claims = claims }

// about returns the item of a request that is about to create it.
func (sc *Scope) about(k *kind, id string) *item {
	it := &item{kind: k, id: id, unsure: true, ours: sc.registry.ours(id)}
	if !it.ours && sc.claims != nil && !strings.Contains(k.path, "?") && sc.claims(fill(k.path, id)) {
		it.ours, it.claimed = true, true
	}
	return it
}

// Do sends a request through the scope's session. Where it creates something,
// that is known by name before it is sent: in the scope, which deletes it, and
// to whoever keeps a journal of the run. What was made without the answer
// saying so is looked for when the scope is cleaned up. What it changes is read
// before, to be put back. An error of the journal keeps the request from being
// sent.
func (sc *Scope) Do(ctx context.Context, req wire.Request) (*wire.Response, error) {
	target, _, _ := strings.Cut(req.Path, "?")
	if sc.session.Playing() { // the scope holds already what it made
		return sc.session.Do(ctx, req)
	}
	switch req.Method {
	case http.MethodPut, http.MethodPost:
		return sc.create(ctx, req, target)
	case http.MethodDelete:
		return sc.delete(ctx, req, target)
	}
	return sc.session.Do(ctx, req)
}

func (sc *Scope) delete(ctx context.Context, req wire.Request, target string) (*wire.Response, error) {
	undo, err := sc.before(ctx, nil, req, target)
	if err != nil {
		return nil, err
	}
	res, err := sc.session.Do(ctx, req)
	if err == nil && res.Status == http.StatusOK {
		sc.deleted(req.Path)
		sc.deletedOthers(req, target)
	}
	for _, it := range undo {
		sc.settleUndo(it, res, err)
	}
	return res, err
}

func (sc *Scope) create(ctx context.Context, req wire.Request, target string) (*wire.Response, error) {
	plans := sc.planned(req.Method, req.Path, req.Body)
	for _, p := range withBrought(plans) {
		p.besides = p.item != nil && !p.item.kind.isPart && sc.registry.heldBesides(sc, p.item)
	}
	undo, err := sc.before(ctx, plans, req, target)
	if err != nil {
		return nil, err
	}
	for _, p := range withBrought(plans) {
		if err := sc.announce(p); err != nil {
			return nil, err
		}
	}
	res, err := sc.session.Do(ctx, req)
	for _, p := range plans {
		sc.settle(p, res, err)
	}
	for _, it := range undo {
		sc.settleUndo(it, res, err)
	}
	if err == nil && res.Status == http.StatusOK {
		sc.deletedOthers(req, target)
	}
	switch {
	case err != nil || len(undo) > 0:
	case plans == nil:
		sc.unforeseen(req.Method, target, res)
	case len(plans) == 0 && res.Status < http.StatusMultipleChoices && !readable(req.Body):
		sc.leaveUnknown(req.Method, target, "the body of the request cannot be read, so nobody knows what it made")
	}
	return res, err
}

// readable reports whether a body can be read, as far as there is one.
func readable(body []byte) bool {
	_, err := jsonval.Decode(body)
	return err == nil || len(bytes.TrimSpace(body)) == 0
}

// plan is what a request is about to create.
type plan struct {
	kind   *kind
	how    *creation
	values map[string]string // what stands in the path
	query  url.Values
	body   string // the name in the request's body
	// entry is what stands in the request, where it creates several things.
	entry any
	keys  []string // of the objects that it stands in
	// item is what will be there, or what finds it by a name of the run's own;
	// nil where nothing is known of it beforehand.
	item *item
	// held: the scope held the item before.
	held bool
	// besides: another scope holds it, and deals with it.
	besides bool
	// there: the target, which was asked, has it already.
	there bool
	// brought is what comes into being with it, if it does.
	brought []*plan
}

// planned returns what a request is about to create, nil for nothing.
func (sc *Scope) planned(method, path string, body []byte) []*plan {
	target, rest, _ := strings.Cut(path, "?")
	query, _ := url.ParseQuery(rest) // what cannot be read is not given
	for _, k := range sc.registry.know.kinds {
		for i := range k.creations {
			how := &k.creations[i]
			values, ok := how.Request.Is(method, target)
			if !ok {
				continue
			}
			p := &plan{kind: k, how: how, values: values, query: query}
			if how.Named != nil {
				p.body = textAt(body, how.Named.At)
			}
			if how.Each != nil || how.brings != nil {
				return sc.several(p, body)
			}
			p.item = sc.expected(p)
			if !how.Own || p.ours() && !p.item.claimed {
				return []*plan{p}
			}
		}
	}
	return nil
}

// ours reports whether the name is one that only this run gives.
func (p *plan) ours() bool { return p.item != nil && p.item.ours }

// toldByAnswer reports whether only the answer tells the id.
func (how *creation) toldByAnswer() bool { return strings.Contains(how.ID, "{answer}") }

// expected returns what is known before the answer.
func (sc *Scope) expected(p *plan) *item {
	if !p.how.toldByAnswer() {
		return sc.about(p.kind, p.id(""))
	}
	if p.how.by == nil || !sc.registry.ours(p.body) {
		return nil
	}
	return &item{kind: p.how.by, id: p.body, unsure: true, ours: true}
}

// id is the id of what was created; answer is the one in the answer.
func (p *plan) id(answer string) string {
	values := map[string]string{"body": p.body, "answer": answer}
	for name, value := range p.values {
		if !p.kind.raw() {
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
		}
		values[name] = value
	}
	if p.kind.raw() {
		values["answer"] = url.PathEscape(answer)
	}
	return p.withQuery(inBraces.ReplaceAllStringFunc(p.how.ID, func(word string) string {
		word = word[1 : len(word)-1]
		if strings.HasPrefix(word, "/") {
			v, _ := jsonval.Pointer(p.entry, word)
			return url.PathEscape(textOrList(v))
		}
		if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(p.keys) {
			return p.key(n)
		}
		return values[word]
	}))
}

// withQuery is an id with the parameters without which the thing is not found.
func (p *plan) withQuery(id string) string {
	sep := "?"
	for _, name := range p.how.Query {
		if v := p.query.Get(name); v != "" {
			id += sep + name + "=" + url.QueryEscape(v)
			sep = "&"
		}
	}
	return id
}

// textOrList is a text, or the texts of a list as paths have several names.
func textOrList(v any) string {
	list, _ := v.([]any)
	texts := make([]string, 0, len(list))
	for _, entry := range list {
		text, _ := entry.(string)
		texts = append(texts, text)
	}
	if text, isText := v.(string); isText {
		return text
	}
	return strings.Join(texts, ",")
}

// key is the nth of the keys, as it stands in the id.
func (p *plan) key(n int) string {
	if p.kind.raw() {
		return url.PathEscape(p.keys[n-1])
	}
	return p.keys[n-1]
}

var inBraces = regexp.MustCompile(`\{[^{}]+\}`)

// announce notes what a request is about to create.
func (sc *Scope) announce(p *plan) error {
	if p.item == nil || p.besides || p.item.kind.isPart {
		return nil // it is found by what it is a part of, which was announced
	}
	if held := sc.again(p.item); held != nil {
		p.item, p.held = held, true
		return nil
	}
	if err := sc.note(result.ResourceCreating, p.item); err != nil {
		return err
	}
	sc.add(p.item)
	return nil
}

// settle draws the conclusion from the answer, res, or from there being none.
// Whatever has a name of the run's own is looked for at the end, unless the
// answer says that it is there, or was there before: also a refusal may be
// wrong. Anything else is only deleted where the answer says that it was made.
func (sc *Scope) settle(p *plan, res *wire.Response, err error) {
	said := p.heard(res, err)
	for _, b := range p.brought {
		sc.settleBrought(b, res, err)
	}
	switch {
	case p.besides:
	case p.inAnswer():
		sc.settleEntries(p, res)
	case said == created && p.within():
		sc.unmade(p)
	case said == created:
		sc.made(p, res)
	case said == thereBefore:
		sc.unmade(p)
		if !p.ours() && !p.held && !p.how.Fresh.Asked {
			sc.leaveChanged(p.item)
		}
	case said == neverThere, said == refused && !p.ours():
		sc.unmade(p)
	case p.how.toldByAnswer() && !p.ours():
		sc.registry.leave(leftItem{item: &item{kind: p.kind, id: "(unknown)", unknown: true}, why: unknownID})
	default:
		sc.doubt(p.item, err != nil, said == refused && !p.held)
		if p.item.kind.isPart {
			sc.registry.stray(sc, p.item)
		}
	}
}

// unknownID is why something is left that nobody can look for.
const unknownID = "the request that creates it was not answered as it should be, and it has no name of the run's own to look for"

// made takes note of something that the answer says was created.
func (sc *Scope) made(p *plan, res *wire.Response) {
	it := p.item
	if p.how.toldByAnswer() {
		it = &item{kind: p.kind, id: p.id(textAt(res.Body, p.how.Answer))}
		if p.ours() {
			it.by = p.item
		}
		if p.item != nil && !p.held {
			sc.drop(p.item)
		}
	}
	// Whoever cleans up after a run that was killed deletes nothing else than
	// what has the run's name, or was noted as created.
	if it != p.item || !p.ours() || it.claimed {
		_ = sc.note(result.ResourceCreated, it) // the next creation fails for it
	}
	sc.confirm(it)
}

// unmade takes note of something that was not created.
func (sc *Scope) unmade(p *plan) {
	if p.item == nil || p.held || p.item.kind.isPart {
		return
	}
	sc.drop(p.item)
	_ = sc.note(result.ResourceGone, p.item)
}

// heard is what an answer says about a creation.
type heard int

const (
	unclear heard = iota
	created
	refused
	thereBefore
	neverThere // the request was not sent, or did not have to create anything
)

func (p *plan) heard(res *wire.Response, err error) heard {
	switch {
	case err != nil && neverSent(err):
		return neverThere
	case err != nil:
		return unclear
	case res.Status >= http.StatusBadRequest && res.Status < http.StatusInternalServerError:
		return refused
	case res.Status >= http.StatusMultipleChoices:
		return unclear
	}
	if p.how.toldByAnswer() {
		switch {
		case textAt(res.Body, p.how.Answer) != "":
			return created
		case p.how.Maybe:
			return neverThere
		}
		return unclear
	}
	fresh, told := valueAt(res.Body, p.how.Fresh.At)
	switch {
	case p.there:
		return thereBefore
	case (res.Status == p.how.Status || p.how.Status == 0) && (p.how.Fresh.At == "" || fresh == p.how.Fresh.Is || p.how.Status == http.StatusCreated):
		return created
	case told && fresh != p.how.Fresh.Is:
		return thereBefore
	}
	return unclear
}

func valueAt(body []byte, pointer string) (any, bool) {
	if pointer == "" {
		return nil, false
	}
	doc, err := jsonval.Decode(body)
	if err != nil {
		return nil, false
	}
	return jsonval.Pointer(doc, pointer)
}

// textAt returns the text at a pointer of a body, or "".
func textAt(body []byte, pointer string) string {
	v, _ := valueAt(body, pointer)
	text, _ := v.(string)
	return text
}

// neverSent reports whether a request cannot have reached the target.
func neverSent(err error) bool {
	var transport *wire.TransportError
	if !errors.As(err, &transport) {
		return false
	}
	switch transport.Kind {
	case wire.KindRefused, wire.KindDNS, wire.KindTLS:
		return true
	}
	return false
}

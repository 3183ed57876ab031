package resource

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Do sends a request through the scope's session. Where it creates something,
// that is known by name before it is sent: in the scope, which deletes it, and
// to whoever keeps a journal of the run. What was made without the answer
// saying so is looked for when the scope is cleaned up. An error of the
// journal keeps the request from being sent.
func (sc *Scope) Do(ctx context.Context, req wire.Request) (*wire.Response, error) {
	target, _, _ := strings.Cut(req.Path, "?")
	if req.Method == http.MethodDelete {
		res, err := sc.session.Do(ctx, req)
		if err == nil && res.Status == http.StatusOK {
			sc.deleted(target)
		}
		return res, err
	}
	p := sc.planned(req.Method, target, req.Body)
	if p == nil {
		return sc.session.Do(ctx, req)
	}
	if err := sc.announce(p); err != nil {
		return nil, err
	}
	res, err := sc.session.Do(ctx, req)
	sc.settle(p, res, err)
	return res, err
}

// plan is what a request is about to create.
type plan struct {
	kind   *kind
	how    *creation
	groups []string // of the path
	body   string   // the name in the request's body
	// item is what will be there, or what finds it by a name of the run's own;
	// nil where nothing is known of it beforehand.
	item *item
	// held: the scope held the item before.
	held bool
}

// planned returns what a request is about to create, nil for nothing.
func (sc *Scope) planned(method, target string, body []byte) *plan {
	if method != http.MethodPut && method != http.MethodPost {
		return nil
	}
	for _, k := range kinds {
		for i := range k.creations {
			how := &k.creations[i]
			groups := how.path.FindStringSubmatch(target)
			if groups == nil || !slices.Contains(strings.Fields(how.methods), method) {
				continue
			}
			p := &plan{kind: k, how: how, groups: groups}
			if how.body != "" {
				p.body = textAt(body, how.body)
			}
			p.item = sc.before(p)
			if !how.own || p.ours() {
				return p
			}
		}
	}
	return nil
}

// ours reports whether the name is one that only this run gives.
func (p *plan) ours() bool { return p.item != nil && p.item.ours }

// toldByAnswer reports whether only the answer tells the id.
func (p *plan) toldByAnswer() bool { return strings.Contains(p.how.id, "{answer}") }

// before returns what is known before the answer.
func (sc *Scope) before(p *plan) *item {
	if !p.toldByAnswer() {
		id := p.id("")
		return &item{kind: p.kind, id: id, unsure: true, ours: sc.registry.ours(id)}
	}
	if p.how.by == "" || !sc.registry.ours(p.body) {
		return nil
	}
	return &item{kind: kindNamed(p.how.by), id: p.body, unsure: true, ours: true}
}

// id is the id of what was created; answer is the one in the answer.
func (p *plan) id(answer string) string {
	words := []string{"{answer}", answer, "{body}", p.body}
	for i, group := range p.groups[1:] {
		if !p.kind.raw() {
			if plain, err := url.PathUnescape(group); err == nil {
				group = plain
			}
		}
		words = append(words, "{"+string(rune('1'+i))+"}", group)
	}
	if p.kind.raw() {
		words[1] = url.PathEscape(answer)
	}
	return strings.NewReplacer(words...).Replace(p.how.id)
}

// announce notes what a request is about to create.
func (sc *Scope) announce(p *plan) error {
	if p.item == nil || p.item.kind.name == jobsOf {
		return nil // it is found by its connector, which was announced
	}
	if held := sc.again(p.item); held != nil {
		p.item, p.held = held, true
		return nil
	}
	if err := sc.registry.note(result.ResourceCreating, p.item); err != nil {
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
	switch {
	case said == created:
		sc.made(p, res)
	case said == neverThere, said == thereBefore, said == refused && !p.ours():
		sc.unmade(p)
	case p.toldByAnswer() && !p.ours():
		sc.registry.leave(leftItem{item: &item{kind: p.kind, id: "(unknown)", unknown: true}, why: unknownID})
	default:
		p.item.lost = p.item.lost || err != nil
		p.item.refused = said == refused && !p.held
		if p.item.kind.name == jobsOf {
			sc.registry.stray(sc, p.item)
		}
	}
}

// unknownID is why something is left that nobody can look for.
const unknownID = "the request that creates it was not answered as it should be, and it has no name of the run's own to look for"

// made takes note of something that the answer says was created.
func (sc *Scope) made(p *plan, res *wire.Response) {
	it := p.item
	if p.toldByAnswer() {
		it = &item{kind: p.kind, id: p.id(textAt(res.Body, p.how.answer))}
		if p.ours() {
			it.by = p.item
		}
		if p.item != nil && !p.held {
			sc.drop(p.item)
		}
	}
	// Whoever cleans up after a run that was killed deletes nothing else than
	// what has the run's name, or was noted as created.
	if it != p.item || !p.ours() {
		_ = sc.registry.note(result.ResourceCreated, it) // the next creation fails for it
	}
	sc.confirm(it)
}

// unmade takes note of something that was not created.
func (sc *Scope) unmade(p *plan) {
	if p.item == nil || p.held || p.item.kind.name == jobsOf {
		return
	}
	sc.drop(p.item)
	_ = sc.registry.note(result.ResourceGone, p.item)
}

// heard is what an answer says about a creation.
type heard int

const (
	unclear heard = iota
	created
	refused
	thereBefore
	neverThere // the request was not sent
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
	if p.toldByAnswer() {
		if textAt(res.Body, p.how.answer) != "" {
			return created
		}
		return unclear
	}
	fresh, told := valueAt(res.Body, p.how.fresh)
	switch {
	case res.Status == p.how.status && (p.how.fresh == "" || fresh == p.how.is || p.how.status == http.StatusCreated):
		return created
	case told && fresh != p.how.is:
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

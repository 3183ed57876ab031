package resource

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// several returns what a request is about to create that may create more than
// one thing: an entry of its body each, an entry of the answer each, or
// something that brings something else into being.
func (sc *Scope) several(p *plan, body []byte) []*plan {
	if p.how.brings != nil {
		p.brought = sc.bringing(p, body)
	}
	if p.how.Each == nil {
		p.item = sc.expected(p)
		return []*plan{p}
	}
	if p.inAnswer() {
		return []*plan{p}
	}
	plans := []*plan{}
	for _, e := range entriesOf(body, p.how.Each.At) {
		one := &plan{kind: p.kind, how: p.how, values: p.values, query: p.query, entry: e.value, keys: e.keys}
		one.item = sc.expected(one)
		plans = append(plans, one)
	}
	return plans
}

// inAnswer reports whether only the answer tells what was created.
func (p *plan) inAnswer() bool { return p.how.Each != nil && p.how.Each.Of == "answer" }

// come is how something comes into being by the way.
var come = &creation{Creation: family.Creation{ID: "{id}", Fresh: family.Fresh{Asked: true}}}

// bringing returns what may come into being with something else.
func (sc *Scope) bringing(p *plan, body []byte) []*plan {
	var ids []string
	switch b := p.how.Brings; b.Of {
	case "lines":
		for _, line := range bytes.Split(body, []byte("\n")) {
			ids = append(ids, textsOf(line, b.At)...)
		}
	case "request":
		ids = textsOf(body, b.At)
	default:
		whole := plan{kind: p.how.brings, how: &creation{Creation: family.Creation{ID: b.ID}}, values: p.values}
		ids = []string{whole.id("")}
	}
	slices.Sort(ids)
	var plans []*plan
	for _, id := range slices.Compact(ids) {
		plans = append(plans, &plan{kind: p.how.brings, how: come, item: sc.about(p.how.brings, id)})
	}
	return plans
}

func withBrought(plans []*plan) []*plan {
	var all []*plan
	for _, p := range plans {
		all = append(append(all, p.brought...), p)
	}
	return all
}

// within reports whether what was created goes with what it brought, which it is
// a part of.
func (p *plan) within() bool {
	return slices.ContainsFunc(p.brought, func(b *plan) bool {
		return b.goes() && (p.item == nil || strings.HasPrefix(fill(p.kind.path, p.item.id), fill(b.kind.path, b.item.id)+"/"))
	})
}

// goes reports whether what came into being is for the run to delete.
func (p *plan) goes() bool { return p.ours() || p.held || p.besides || !p.there }

// settleBrought draws the conclusion about what may have come into being.
func (sc *Scope) settleBrought(p *plan, res *wire.Response, err error) {
	switch {
	case p.besides:
	case err != nil && !neverSent(err):
		sc.doubt(p.item, p.ours(), false)
	case err == nil && res.Status < http.StatusMultipleChoices && !p.there:
		if !p.ours() || p.item.claimed {
			_ = sc.note(result.ResourceCreated, p.item) // the next creation fails for it
		}
		sc.confirm(p.item)
	case !p.ours():
		sc.unmade(p)
	}
}

// settleEntries takes what the entries of an answer say was created, unless it
// goes with what was brought.
func (sc *Scope) settleEntries(p *plan, res *wire.Response) {
	if res == nil {
		if !p.within() {
			sc.registry.leave(leftItem{item: &item{kind: p.kind, id: "(unknown)", unknown: true}, why: unknownID})
		}
		return
	}
	if res.Status < http.StatusMultipleChoices && !p.lists(res) && !p.within() {
		sc.registry.leave(leftItem{item: &item{kind: p.kind, id: "(unknown)", unknown: true}, why: unknownID})
		return
	}
	for _, e := range entriesOf(res.Body, p.how.Each.At) {
		one := &plan{kind: p.kind, how: p.how, values: p.values, query: p.query, entry: e.value, keys: e.keys}
		id := one.id("")
		if fresh, _ := jsonval.Pointer(e.value, p.how.Fresh.At); fresh != p.how.Fresh.Is {
			if fresh == "updated" || fresh == "deleted" {
				sc.leaveChanged(&item{kind: p.kind, id: id, ours: sc.registry.ours(id)})
			}
			continue
		}
		if slices.ContainsFunc(p.brought, func(b *plan) bool {
			return b.goes() && strings.HasPrefix("/"+id, fill(b.kind.path, b.item.id)+"/")
		}) {
			continue
		}
		sc.Track(p.kind.name, id)
	}
}

// lists reports whether an answer has what tells what was created, be it empty.
func (p *plan) lists(res *wire.Response) bool {
	at, _, _ := strings.Cut(p.how.Each.At, "/*")
	doc, err := res.JSON()
	if err != nil {
		return false
	}
	_, there := jsonval.Pointer(doc, at)
	return there
}

// located is a value in a body, with the keys that each * stood for.
type located struct {
	value any
	keys  []string
}

// entriesOf returns the values at a pointer into a body in which * stands for
// all members.
func entriesOf(body []byte, pointer string) []located {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	doc, err := jsonval.Decode(body)
	if err != nil {
		return nil
	}
	entries := []located{{value: doc}}
	for _, token := range strings.Split(pointer, "/")[1:] {
		var next []located
		for _, e := range entries {
			next = append(next, e.members(token)...)
		}
		entries = next
	}
	return entries
}

// textsOf are those of the entries that are texts.
func textsOf(body []byte, pointer string) []string {
	var texts []string
	for _, e := range entriesOf(body, pointer) {
		if text, ok := e.value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func (f located) members(token string) []located {
	if token != "*" {
		if inner, ok := jsonval.Pointer(f.value, "/"+token); ok {
			return []located{{inner, f.keys}}
		}
		return nil
	}
	var all []located
	switch v := f.value.(type) {
	case []any:
		for _, inner := range v {
			all = append(all, located{inner, f.keys})
		}
	case map[string]any:
		for key, inner := range v {
			all = append(all, located{inner, append(slices.Clip(f.keys), key)})
		}
	}
	return all
}

// ask sees whether something is there, and returns it as it is read.
func (sc *Scope) ask(ctx context.Context, it *item) (there bool, res *wire.Response, err error) {
	res, err = sc.session.Do(ctx, wire.Request{Method: http.MethodGet, Path: fill(it.kind.path, it.id), Purpose: result.Lookup})
	if err != nil {
		return false, nil, err
	}
	return !absent(it, res), res, nil
}

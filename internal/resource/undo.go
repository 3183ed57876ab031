package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// before reads what a request is about to change that the run did not create,
// and returns what puts it back. Of what the answer will not say whether it is
// new, it asks that.
func (sc *Scope) before(ctx context.Context, plans []*plan, req wire.Request, target string) ([]*item, error) {
	others := sc.registry.changes()
	undo, err := sc.taken(ctx, req, target)
	if err != nil {
		return nil, err
	}
	for _, p := range withBrought(plans) {
		if p.item == nil || p.ours() || !p.how.Fresh.Asked || sc.registry.holder(p.item) {
			continue
		}
		there, res, err := sc.ask(ctx, p.item)
		if err != nil {
			return nil, err
		}
		p.there = there
		if there && p.how != come {
			undo = append(undo, sc.restoring(p.item, res, req.Method, target))
		}
	}
	if set, ok := sc.registry.know.setting(req.Method, target); ok && !sc.registry.ours(target) && !sc.registry.covers(target) {
		back, err := sc.putBack(ctx, set, target, req.Body)
		if err != nil {
			return nil, err
		}
		undo = append(undo, back...)
	}
	others = append(others, sc.registry.changes()...)
	for _, it := range undo {
		it.id = sc.registry.know.asFirst(it.id, others)
		if err := sc.note(result.ResourceCreated, it); err != nil {
			return nil, err
		}
		sc.registry.changing(it, true)
		sc.add(it)
	}
	return undo, nil
}

// changing notes that something is changed, or that it is what it was.
func (r *Registry) changing(it *item, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if is {
		r.changed = append(r.changed, it)
		return
	}
	r.changed = slices.DeleteFunc(r.changed, func(other *item) bool { return other == it })
}

// changes lists what is changed at the moment, by whatever scope.
func (r *Registry) changes() []*item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.changed)
}

// asFirst has a request that undoes a change lead to what was there before all
// others who have changed the same, and not to what they made of it.
func (k *knowledge) asFirst(id string, others []*item) string {
	r := undoRequest(id)
	is, err := jsonval.Decode([]byte(r.body))
	if err != nil {
		return id
	}
	for _, other := range others {
		o := undoRequest(other.id)
		was, err := jsonval.Decode([]byte(o.body))
		if err != nil || o.method != r.method || o.path != r.path {
			continue
		}
		if _, parts := k.setting(r.method, r.path); parts {
			is = inPlace(is, was)
		} else {
			is = was
		}
	}
	return r.method + " " + r.path + " " + string(jsonval.Encode(is))
}

// inPlace returns settings with the values that others have of the same ones.
func inPlace(settings, others any) any {
	is, isObject := settings.(map[string]any)
	was, both := others.(map[string]any)
	if !isObject || !both {
		return settings
	}
	out := map[string]any{}
	for name, v := range is {
		first, known := was[name]
		_, inner := v.(map[string]any)
		switch {
		case known && inner:
			out[name] = inPlace(v, first)
		case known:
			out[name] = first
		default:
			out[name] = v
		}
	}
	return out
}

// undoing returns the item that a request undoes, which is its id.
func (sc *Scope) undoing(method, path string, body any) *item {
	return &item{kind: sc.registry.know.kind(change), id: method + " " + path + " " + string(jsonval.Encode(body)), unsure: true, ours: true}
}

// restoring is what puts back something as it is now: its first creation, or,
// where no catalogue has it, the request that is about to replace it.
func (sc *Scope) restoring(it *item, res *wire.Response, method, target string) *item {
	was, _ := shown(it.kind, it.id, res)
	r := it.kind.res
	if r == nil {
		return sc.undoing(method, target, was)
	}
	call, _ := r.Verb("created")
	return sc.undoing(call.Request.Method(), family.Fill(call.Request.Path, r.NamesOf(it.id)), was)
}

// taken returns what puts back what a request is about to delete that the run
// did not create. It can only where a creation takes what a read shows.
func (sc *Scope) taken(ctx context.Context, req wire.Request, target string) ([]*item, error) {
	var undo []*item
	for _, it := range oneByOne(sc.removed(req, target)) {
		if sc.registry.ours(it.id) || sc.registry.holder(it) {
			continue
		}
		there, res, err := sc.ask(ctx, it)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		if several(it.id) {
			each, err := sc.restoringEach(ctx, it, res)
			if err != nil {
				return nil, err
			}
			undo = append(undo, each...)
		} else if _, is := shown(it.kind, it.id, res); is {
			undo = append(undo, sc.restoring(it, res, "", ""))
		}
	}
	return undo, nil
}

// oneByOne has an item for each of several names with commas between them, of
// which a read need not show all.
func oneByOne(items []*item) []*item {
	var out []*item
	for _, it := range items {
		if it.kind.raw() {
			out = append(out, it)
			continue
		}
		for _, id := range strings.Split(it.id, ",") {
			out = append(out, &item{kind: it.kind, id: id})
		}
	}
	return out
}

// restoringEach is what puts back everything that a name stands for, which res
// shows.
func (sc *Scope) restoringEach(ctx context.Context, it *item, res *wire.Response) ([]*item, error) {
	ids := it.kind.idsIn(res)
	if doc, err := res.JSON(); len(ids) == 0 && (err != nil || !empty(doc)) {
		return []*item{sc.undoing(http.MethodPut, fill(it.kind.path, it.id), nil)}, nil //nolint:nilerr // it is named as what cannot be put back
	}
	var undo []*item
	for _, id := range ids {
		one := &item{kind: it.kind, id: id}
		if sc.registry.ours(id) || sc.registry.holder(one) {
			continue
		}
		there, res, err := sc.ask(ctx, one)
		if err != nil {
			return nil, err
		}
		if there {
			undo = append(undo, sc.restoring(one, res, "", ""))
		}
	}
	return undo, nil
}

// idsIn are those of everything that the answer to a read shows: the keys where
// names stand in the pointer to one, or what the entries of a list say.
func (k *kind) idsIn(res *wire.Response) []string {
	at := k.res.Read.At
	names := inBraces.FindAllString(at, -1)
	var ids []string
	if len(names) == 0 {
		if k.res.List == nil || k.res.List.ID == "" {
			return nil
		}
		for _, e := range entriesOf(res.Body, k.res.List.At+"/*") {
			id, _ := jsonval.Pointer(e.value, k.res.List.ID)
			if text, isText := id.(string); isText {
				ids = append(ids, text)
			}
		}
		return ids
	}
	for _, e := range entriesOf(res.Body, inBraces.ReplaceAllString(at, "*")) {
		if len(e.keys) != len(names) {
			continue
		}
		id := "{id}"
		if k.raw() {
			id = k.creations[0].ID
		}
		for i, name := range names {
			value := e.keys[i]
			if k.raw() {
				value = url.PathEscape(value)
			}
			id = strings.ReplaceAll(id, name, value)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// removed lists what a request deletes of the kinds that can be put back.
func (sc *Scope) removed(req wire.Request, target string) []*item {
	return sc.deletes(req, target, true)
}

// deletes lists what a request deletes of the kinds that can be put back, or of
// all others.
func (sc *Scope) deletes(req wire.Request, target string, restorable bool) []*item {
	var out []*item
	for _, k := range sc.registry.know.kinds {
		if k.res == nil || k.creations[0].Fresh.Asked != restorable {
			continue
		}
		for _, how := range k.removals {
			values, ok := how.Request.Is(req.Method, target)
			if !ok {
				continue
			}
			entries := []located{{}}
			if how.Each != nil {
				entries = entriesOf(req.Body, how.Each.At)
			}
			for _, entry := range entries {
				id := (&plan{kind: k, how: how, values: values, entry: entry.value, keys: entry.keys}).id("")
				out = append(out, &item{kind: k, id: id})
			}
		}
	}
	return out
}

// shown is a thing in the answer to a read, without what varies by itself.
func shown(k *kind, id string, res *wire.Response) (any, bool) {
	doc, err := res.JSON()
	if err != nil || res.Status != http.StatusOK {
		return nil, false
	}
	if k.res == nil { // no catalogue says what of it is the thing itself
		return doc, true
	}
	v, ok := k.res.Shown(id, doc)
	v = jsonval.Clone(v)
	for _, pointer := range k.res.Varies {
		if top, isObject := v.(map[string]any); isObject {
			delete(top, strings.TrimPrefix(pointer, "/"))
		}
	}
	return v, ok
}

// settleUndo forgets a change that was refused.
func (sc *Scope) settleUndo(it *item, res *wire.Response, err error) {
	refused := err == nil && res.Status >= http.StatusBadRequest && res.Status < http.StatusInternalServerError
	if refused || err != nil && neverSent(err) {
		sc.registry.changing(it, false)
		sc.drop(it)
		_ = sc.note(result.ResourceGone, it) // nothing depends on it
		return
	}
	it.unsure = false
}

// revert sends the request that undoes a change, and sees that it did.
func (sc *Scope) revert(ctx context.Context, it *item) error {
	r := undoRequest(it.id)
	if r.method != http.MethodPut && r.method != http.MethodPost { // a journal that somebody edited
		return fmt.Errorf("%s %s puts nothing back", r.method, r.path)
	}
	if r.body == "null" {
		return errors.New("what it was before, or what was sent, could not be read, so it cannot be put back")
	}
	res, err := sc.send(ctx, r.method, r.path, []byte(r.body))
	if err != nil {
		return err
	}
	if res.Status >= http.StatusMultipleChoices {
		return sc.answerError("putting it back", res)
	}
	return sc.confirmReverted(ctx, r)
}

// undoRequest is the request that the id of a change is.
func undoRequest(id string) request {
	method, rest, _ := strings.Cut(id, " ")
	path, body, _ := strings.Cut(rest, " ")
	return request{method: method, path: path, body: body}
}

func (sc *Scope) confirmReverted(ctx context.Context, r request) error {
	want, err := jsonval.Decode([]byte(r.body))
	if err != nil {
		return err
	}
	if set, ok := sc.registry.know.setting(r.method, r.path); ok {
		again, err := sc.putBack(ctx, set, r.path, []byte(r.body))
		if err == nil && !slices.ContainsFunc(again, func(now *item) bool { return now.id == r.method+" "+r.path+" "+r.body }) {
			err = fmt.Errorf("the settings are not what they were: %s", r.body)
		}
		return err
	}
	for _, p := range sc.planned(r.method, r.path, []byte(r.body)) {
		_, res, err := sc.ask(ctx, p.item)
		if err != nil {
			return err
		}
		if is, _ := shown(p.kind, p.item.id, res); !jsonval.Equal(is, want) {
			return sc.answerError("it is not what it was: a read", res)
		}
	}
	return nil
}

// setting returns the setting that a request changes.
func (k *knowledge) setting(method, target string) (family.Setting, bool) {
	for _, s := range k.settings {
		if _, ok := s.Request.Is(method, target); ok {
			return s, true
		}
	}
	return family.Setting{}, false
}

// putBack reads settings and returns what sets those in a body to what they
// are now.
func (sc *Scope) putBack(ctx context.Context, set family.Setting, target string, body []byte) ([]*item, error) {
	values, _ := set.Request.Is(http.MethodPut, target)
	path := set.Read.Path
	for name, v := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", v) // as it is in the request
	}
	res, err := sc.session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Purpose: result.Lookup})
	if err != nil {
		return nil, err
	}
	is, errIs := res.JSON()
	sent, errSent := jsonval.Decode(body)
	if errIs != nil || errSent != nil || res.Status != http.StatusOK {
		// Where the change is not refused, too, it is named as left behind.
		return []*item{sc.undoing(http.MethodPut, target, nil)}, nil //nolint:nilerr // see there
	}
	if len(set.Sections) > 0 {
		back := map[string]any{}
		for _, section := range set.Sections {
			now, _ := jsonval.Pointer(is, "/"+section)
			then, _ := jsonval.Pointer(sent, "/"+section)
			if b := sameNames(then, now, ""); len(b) > 0 {
				back[section] = b
			}
		}
		if len(back) == 0 {
			return nil, nil
		}
		return []*item{sc.undoing(http.MethodPut, target, back)}, nil
	}
	if inner, ok := jsonval.Pointer(sent, "/settings"); ok {
		sent = inner
	}
	var undo []*item
	things, _ := is.(map[string]any)
	for name, thing := range things {
		if sc.registry.ours(name) || sc.registry.covers("/"+name) {
			continue
		}
		now, _ := jsonval.Pointer(thing, set.Each)
		undo = append(undo, sc.undoing(http.MethodPut, family.Fill(plainPath(set), map[string]string{"index": name}), sameNames(sent, now, set.Prefix)))
	}
	return undo, nil
}

// plainPath is the path of a setting for one thing, also of one for all.
func plainPath(set family.Setting) string {
	path := strings.ReplaceAll(set.Request.Path, ":any", "")
	if !strings.Contains(path, "{index}") {
		path = "/{index}" + path
	}
	return path
}

// sameNames returns, of the settings that are sent, what they are now: null
// where one is not set. Names may be nested or written in full, without a
// prefix, and with a * for many.
func sameNames(sent, now any, prefix string) map[string]any {
	is := flat(now, "")
	back := map[string]any{}
	for name := range flat(sent, "") {
		if !strings.HasPrefix(name, prefix) {
			name = prefix + name
		}
		if start, many := strings.CutSuffix(name, "*"); many {
			for other, v := range is {
				if strings.HasPrefix(other, start) {
					back[other] = v
				}
			}
			continue
		}
		back[name] = is[name]
	}
	return back
}

// flat writes nested settings with their full names.
func flat(v any, at string) map[string]any {
	out := map[string]any{}
	object, isObject := v.(map[string]any)
	if !isObject {
		if at != "" {
			out[at] = v
		}
		return out
	}
	for name, inner := range object {
		if at != "" {
			name = at + "." + name
		}
		for full, value := range flat(inner, name) {
			out[full] = value
		}
	}
	return out
}

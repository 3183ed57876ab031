package probe

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// maxAnswers bounds how many answers of a route are kept.
const maxAnswers = 1000

// At returns what an answer has at a dotted name, and in how many places it
// could be: a name leads through lists to each of their items.
func At(doc any, name string) (found []any, places int) {
	switch d := doc.(type) {
	case []any:
		for _, item := range d {
			f, n := At(item, name)
			found, places = append(found, f...), places+n
		}
	case map[string]any:
		if v, ok := d[name]; ok {
			return []any{v}, 1
		}
		for i := range len(name) {
			if name[i] != '.' {
				continue
			}
			if v, ok := d[name[:i]]; ok {
				return At(v, name[i+1:])
			}
		}
		if !strings.Contains(name, ".") {
			places = 1
		}
	}
	return found, places
}

// ownOf is an answer without the results that others made: they may have been
// written past the API, and differ from run to run.
func (b *bench) ownOf(t *target, c *Call) *Call {
	if t.kind != nil || t.whose == nil || t.whose.List == nil || t.route.Method != http.MethodGet {
		return c
	}
	list := t.whose.List
	out := *c
	out.JSON = jsonval.Clone(c.JSON)
	found, _ := jsonval.Pointer(out.JSON, list.At)
	switch found := found.(type) {
	case map[string]any:
		maps.DeleteFunc(found, func(id string, _ any) bool { return list.ID == "" && !b.made[id] })
	case []any:
		own := slices.DeleteFunc(found, func(item any) bool {
			id, isText := textAt(item, list.ID)
			return isText && !b.made[id]
		})
		if answer, isObject := out.JSON.(map[string]any); isObject {
			set(answer, dotted(list.At), own)
		} else {
			out.JSON = own
		}
	}
	return &out
}

// textAt is the text at a pointer.
func textAt(doc any, pointer string) (string, bool) {
	v, _ := jsonval.Pointer(doc, pointer)
	text, isText := v.(string)
	return text, isText
}

// answers provokes answers that differ, where a document describes what they
// hold: of resources of every sort, and with every value that it lists.
func (b *bench) answers(t *target, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	fields := m.In(claim.InResponse)
	for _, h := range hints {
		fields = append(fields, h.In(claim.InResponse)...)
	}
	if len(fields) == 0 || t.whose == nil {
		return nil
	}
	if t.route.Method == http.MethodGet {
		if err := b.everySort(t, rf); err != nil {
			return err
		}
	}
	for _, f := range fields {
		for _, v := range union(fields, f.Name) {
			if rf.answered(f.Name, v) {
				continue
			}
			if err := b.ask(t, rf, f.Leaf(), v); err != nil {
				return err
			}
		}
	}
	return nil
}

// answered reports whether an answer had the value.
func (r *RouteFacts) answered(name, value string) bool {
	for _, c := range r.Answers {
		found, _ := At(c.JSON, name)
		for _, v := range found {
			if v == value {
				return true
			}
		}
	}
	return false
}

// everySort reads resources of every sort, one by one or as a list.
func (b *bench) everySort(t *target, rf *RouteFacts) error {
	for _, sort := range t.whose.Sorts {
		in, err := b.makeSort(t.whose, sort)
		var refused *resource.SetupError
		var unreachable *stateError
		if errors.As(err, &refused) && refused.Status != 0 || errors.As(err, &unreachable) {
			continue // a version that has no such sort
		}
		if err != nil {
			return err
		}
		if t.kind == nil {
			continue
		}
		if _, err := b.call(t, rf, request{purpose: "for one of another sort: " + sort.Name, id: in.id}); err != nil {
			return err
		}
	}
	if t.kind != nil {
		return nil
	}
	if err := b.populate(t.whose); err != nil {
		return err
	}
	q, err := b.scoped(t, rf, "")
	if err != nil {
		return err
	}
	_, err = b.queried(t, rf, "a list of every sort, in every state", q, true)
	return err
}

// ask finds out whether a field can have a value, where there is a way to.
func (b *bench) ask(t *target, rf *RouteFacts, field, value string) error {
	key := ValueKey(field, value)
	if t.whose == nil || rf.Values[key] != nil {
		return nil
	}
	i := slices.IndexFunc(t.whose.Values, func(q family.Question) bool { return q.Field == field })
	if i < 0 {
		return nil
	}
	q := t.whose.Values[i]
	values, err := b.needs(t.whose)
	if err != nil {
		return err
	}
	if strings.Contains(q.Request.Path, "{id}") {
		if values["id"], err = b.parent(t.whose); err != nil {
			return err
		}
	}
	values["value"] = value
	method, path := q.Request.Method(), family.Fill(q.Request.Path, values)
	res, err := b.do(fmt.Sprintf("can %s be %s?", field, value), method, path, family.FillBody(q.Body, values))
	if err != nil {
		return err
	}
	c := &Call{Purpose: "value", Path: path, Route: claim.Route{Method: method, Path: path}}
	b.answer(c, res)
	rf.Values[key] = c
	return nil
}

// ValueKey names a value of a field in RouteFacts.Values.
func ValueKey(field, value string) string { return field + "=" + value }

// Known reports whether an answer to the question after a value says that
// there is such a value: also where it may not be set just now.
func Known(c *Call) bool { return c.OK() || c.Type == "status_exception" }

package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/docs/tree"
	"github.com/esconform/esconform/internal/jsonval"
)

// changed is a change of one place.
func changed(stage jsonpatch.Stage, at string, guard string, ops ...jsonpatch.Op) *jsonpatch.Change {
	return &jsonpatch.Change{Stage: stage, Places: []string{at}, Guards: []string{guard}, Ops: ops}
}

func at(n tree.Node) string { return n.Pointer() }

// Integral makes a number an integer; nil where the schema is none.
func (s Schema) Integral() *jsonpatch.Change {
	self := s.self()
	if self.Text("type") != "number" {
		return nil
	}
	kind := at(self) + "/type"
	return changed(jsonpatch.Within, kind, kind, jsonpatch.Replace(kind, "integer"))
}

// Narrow says that a number fits into 32 bits.
func (s Schema) Narrow() *jsonpatch.Change {
	self := s.self()
	if self.Text("type") != "number" || self.Get("format").There() {
		return nil
	}
	return changed(jsonpatch.Within, at(self), at(self), jsonpatch.Add(at(self)+"/format", "int32"))
}

// Instant makes what is a type of its own a text with an instant.
func (s Schema) Instant() *jsonpatch.Change {
	ref := s.node
	if inner, is := wrapped(ref); is {
		ref = inner
	}
	if !ref.Get("$ref").There() {
		return nil
	}
	return changed(jsonpatch.Within, at(ref), at(ref), jsonpatch.Replace(at(ref), map[string]any{"type": "string", "format": "date-time"}))
}

// Null lets the value be null, in the words of the document's version.
func (s Schema) Null() *jsonpatch.Change {
	n := s.node
	here, kind := at(n), n.Get("type")
	null := map[string]any{"type": "string", "nullable": true}
	if s.r.doc.since31() {
		null = map[string]any{"type": "null"}
	}
	one := n.Get("oneOf")
	switch name, plain := kind.Scalar(); {
	case here == "" || n.Get("enum").There():
		return nil
	case one.There() && !n.Get("$ref").There():
		return changed(jsonpatch.Within, at(one), at(one), jsonpatch.Add(at(one)+"/-", null))
	case n.Get("$ref").There():
		return changed(jsonpatch.Around, here, here, jsonpatch.Add(here+"/oneOf", []any{map[string]any{}, null}), jsonpatch.Move(here+"/$ref", here+"/oneOf/0/$ref"))
	case len(n.Get("allOf").Items()) == 1 && !n.Get("properties").There():
		return changed(jsonpatch.Around, here, here, jsonpatch.Add(here+"/oneOf", []any{null}), jsonpatch.Move(here+"/allOf/0", here+"/oneOf/0"), jsonpatch.Remove(here+"/allOf"))
	case !plain:
		return nil
	case s.r.doc.since31():
		return changed(jsonpatch.Within, at(kind), at(kind), jsonpatch.Replace(at(kind), []any{name, "null"}))
	}
	return changed(jsonpatch.Within, here, here, jsonpatch.Add(here+"/nullable", true))
}

// Describe adds members to an object.
func (s Schema) Describe(members map[string]any) *jsonpatch.Change {
	self := s.self()
	props := self.Get("properties")
	if at(self) == "" || len(members) == 0 {
		return nil
	}
	c := changed(jsonpatch.Within, at(self), at(self))
	if props.There() {
		c.Guards = []string{at(props)}
	} else {
		c.Ops = append(c.Ops, jsonpatch.Add(at(self)+"/properties", map[string]any{}))
	}
	for _, name := range sorted(members) {
		c.Ops = append(c.Ops, jsonpatch.Add(at(self)+"/properties/"+jsonval.Escape(name), members[name]))
	}
	return c
}

// Optional takes a member out of those that are required.
func (p Property) Optional() *jsonpatch.Change {
	c := &jsonpatch.Change{Stage: jsonpatch.Shortened}
	for _, n := range p.needed {
		item := at(n)
		c.Ops = append(c.Ops, jsonpatch.Remove(item))
		c.Places = append(c.Places, item)
		c.Guards = append(c.Guards, item[:strings.LastIndexByte(item, '/')])
	}
	if len(c.Ops) == 0 {
		return nil
	}
	return c
}

// Gone takes a member away.
func (p Property) Gone() *jsonpatch.Change {
	if p.At.Pointer == "" {
		return nil
	}
	c := changed(jsonpatch.Shortened, p.At.Pointer, p.At.Pointer, jsonpatch.Remove(p.At.Pointer))
	if more := p.Optional(); more != nil {
		c.Ops, c.Places, c.Guards = append(c.Ops, more.Ops...), append(c.Places, more.Places...), append(c.Guards, more.Guards...)
	}
	return c
}

// Gone takes a parameter away from where it is named.
func (p Parameter) Gone() *jsonpatch.Change {
	return changed(jsonpatch.Shortened, p.Item, p.Item, jsonpatch.Remove(p.Item))
}

// Optional says that a parameter is not required.
func (p Parameter) Optional() *jsonpatch.Change { return optional(p.At.Pointer) }

// Optional says that a body is not required.
func (c Content) Optional() *jsonpatch.Change { return optional(c.At.Pointer) }

func optional(of string) *jsonpatch.Change {
	flag := of + "/required"
	return changed(jsonpatch.Within, flag, flag, jsonpatch.Replace(flag, false))
}

// answers is the pointer to the documented answers, "" where there are none.
func (o Operation) answers() string {
	list := o.op.Get("responses")
	for range list.Pairs() {
		return at(list)
	}
	return ""
}

// Answers says that another status is had, with what the document says of one
// that it has; in its place, where that one is never had.
func (o Operation) Answers(status int, like Response, instead bool) *jsonpatch.Change {
	list := o.answers()
	if list == "" {
		return nil
	}
	to := fmt.Sprintf("%s/%d", list, status)
	if instead {
		return changed(jsonpatch.Moved, list, list, jsonpatch.Move(like.At.Pointer, to))
	}
	return changed(jsonpatch.Moved, list, list, jsonpatch.Copy(like.At.Pointer, to))
}

// Fails says that a status is had that is none of a success. fits reports
// whether what was answered fits a schema: the document's own description of
// errors is used where it does.
func (o Operation) Fails(status int, fits func(Schema) bool) *jsonpatch.Change {
	list := o.answers()
	if list == "" {
		return nil
	}
	return changed(jsonpatch.Within, list, list, jsonpatch.Add(fmt.Sprintf("%s/%d", list, status), o.failure(status, fits)))
}

func (o Operation) failure(status int, fits func(Schema) bool) any {
	r := o.reading()
	for _, ref := range o.doc.failures[fmt.Sprint(status)] {
		if fits(r.carried(o.doc.components[ref]).Schema) {
			return map[string]any{"$ref": ref}
		}
	}
	out := map[string]any{"description": http.StatusText(status)}
	for _, ref := range o.doc.errors {
		if fits(Schema{r: r, node: o.doc.components[ref]}) {
			out["content"] = map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": ref}}}
			break
		}
	}
	return out
}

// errorNames are what documents call the schema of an answer that is an error.
var errorNames = []string{"errorresponsebase", "errorresponse", "error"}

func (d *Document) since31() bool { return !strings.HasPrefix(d.tree.Root().Text("openapi"), "3.0") }

// Patch puts changes together that were found to be right, each with the
// operation that it was found on. What other operations use as well, of which it
// was not found, is left as it is, and the change says so.
func (d *Document) Patch(changes []*jsonpatch.Change) []jsonpatch.Op {
	found := map[string]bool{}
	for _, c := range changes {
		found[c.Key()+c.Via] = true
	}
	uses := d.uses()
	var sure []*jsonpatch.Change
	for _, c := range changes {
		if c.Left = ""; len(c.Places) > 0 {
			c.Left = uses.doubt(c.Places, func(via string) bool { return found[c.Key()+via] })
		}
		if c.Left == "" {
			sure = append(sure, c)
		}
	}
	return jsonpatch.Assemble(sure, func(pointer string) any { return d.exact(d.tree.Lookup(pointer)) })
}

// exact is a node as a JSON value. The numbers of JSON are as they are written:
// there are programs that compare them so.
func (d *Document) exact(n tree.Node) any {
	if items := n.Items(); items != nil {
		out := make([]any, len(items))
		for i, item := range items {
			out[i] = d.exact(item)
		}
		return out
	}
	text, isScalar := n.Scalar()
	if !isScalar {
		out := map[string]any{}
		for member := range n.Pairs() {
			out[member.Name()] = d.exact(member)
		}
		if len(out) == 0 {
			return plain(n)
		}
		return out
	}
	if number := json.Number(text); d.tree.JSON && !n.IsText() && json.Valid([]byte(text)) {
		if _, err := number.Float64(); err == nil {
			return number
		}
	}
	return plain(n)
}

func sorted(members map[string]any) []string { return slices.Sorted(maps.Keys(members)) }

package openapi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
)

// reading is a document while one of its operations is read.
type reading struct {
	doc *Document
	// unread lists what could not be read, one a line.
	unread []claim.Unread
	types  map[*yaml.Node]string // names of types that are known or being found
}

func newReading(d *Document) *reading { return &reading{doc: d, types: map[*yaml.Node]string{}} }

func (r *reading) lost(n tree.Node, message string) {
	line := n.Line()
	if !slices.ContainsFunc(r.unread, func(u claim.Unread) bool { return u.Line == line }) {
		r.unread = append(r.unread, claim.Unread{Line: line, Message: message})
	}
}

const maxHops = 16 // of references to references

// follow resolves a reference inside the document.
func (r *reading) follow(n tree.Node) tree.Node {
	for range maxHops {
		ref := n.Text("$ref")
		if ref == "" {
			return n
		}
		target, ok := r.doc.components[ref]
		if pointer, local := strings.CutPrefix(ref, "#"); !ok && local {
			target = r.doc.tree.Lookup(pointer)
		}
		if !target.There() {
			r.lost(n, fmt.Sprintf("reference %q leads nowhere in this document", ref))
			return tree.Node{}
		}
		n = target
	}
	r.lost(n, fmt.Sprintf("reference %q never ends", n.Text("$ref")))
	return tree.Node{}
}

// media is the JSON schema and examples of a body or parameter.
func (r *reading) media(of tree.Node) (schema, media tree.Node) {
	for c := range of.Get("content").Pairs() {
		if strings.Contains(c.Name(), "json") {
			return c.Get("schema"), c
		}
	}
	return tree.Node{}, tree.Node{}
}

// content returns the fields of the JSON body, and whether the schema says
// anything about it at all.
func (r *reading) content(of tree.Node, in claim.Where) ([]claim.Field, bool) {
	schema, _ := r.media(of)
	if schema = r.resolve(schema); !schema.There() {
		return nil, false
	}
	out := r.fields(schema, in)
	for _, free := range []string{"additionalProperties", "items", "oneOf", "anyOf"} {
		if schema.Get(free).There() {
			return out, true
		}
	}
	return out, len(out) > 0
}

// within is a schema inside of others.
type within struct {
	schema tree.Node
	prefix string // of the names of its properties
	above  *within
}

// holds reports whether the schema is w's or one that w stands in.
func (w *within) holds(schema tree.Node) bool {
	for ; w != nil; w = w.above {
		if w.schema.ID() == schema.ID() {
			return true
		}
	}
	return false
}

// fields reads the properties of a schema and of what is inside of it, the
// outer ones first. A schema that contains itself is not opened a second time.
func (r *reading) fields(schema tree.Node, in claim.Where) []claim.Field {
	var out []claim.Field
	for queue := []*within{{schema: r.object(schema)}}; len(queue) > 0; queue = queue[1:] {
		w := queue[0]
		for _, p := range r.properties(w.schema) {
			if len(out) == claim.MaxFields {
				r.lost(p.schema, fmt.Sprintf("more than %d fields: this one and those after it are not read", claim.MaxFields))
				return out
			}
			f := r.field(w.prefix+p.schema.Name(), in, p.schema, len(p.required) > 0, r.description(p.schema))
			f.At = p.schema.Place()
			out = append(out, f)
			if inner := r.object(p.schema); inner.There() && !w.holds(inner) {
				queue = append(queue, &within{inner, f.Name + ".", w})
			}
		}
	}
	return out
}

// object is the schema itself, or that of the items where it is an array.
func (r *reading) object(schema tree.Node) tree.Node {
	for range maxHops {
		schema = r.resolve(schema)
		items := schema.Get("items")
		if !items.There() {
			return schema
		}
		schema = items
	}
	return tree.Node{}
}

// wrapped is the only part of a schema that does nothing but describe it.
func wrapped(schema tree.Node) (tree.Node, bool) {
	parts := schema.Get("allOf").Items()
	if len(parts) != 1 || schema.Get("properties").There() {
		return tree.Node{}, false
	}
	return parts[0], true
}

// resolve follows references, and schemas that only wrap another one.
func (r *reading) resolve(schema tree.Node) tree.Node {
	for range maxHops {
		schema = r.follow(schema)
		inner, ok := wrapped(schema)
		if !ok {
			return schema
		}
		schema = inner
	}
	return tree.Node{}
}

func (r *reading) description(schema tree.Node) string {
	for range maxHops {
		if s := schema.Text("description"); s != "" {
			return s
		}
		inner, ok := wrapped(schema)
		if !ok {
			return r.follow(schema).Text("description")
		}
		schema = inner
	}
	return ""
}

// flag reports whether a schema, or one that it wraps, sets a flag.
func (r *reading) flag(schema tree.Node, name string) bool {
	return schema.Text(name) == "true" || r.resolve(schema).Text(name) == "true"
}

type property struct {
	schema   tree.Node
	required []tree.Node // where it is said that it is
}

// composition is a schema with all that it is composed of: each schema and
// each property once.
type composition struct {
	seen     map[*yaml.Node]bool
	names    map[string]bool
	required map[string][]tree.Node
	props    []property
}

const maxParts = 1000 // schemas that one is composed of

// properties collects the properties of a schema and of what it is composed
// of.
func (r *reading) properties(schema tree.Node) []property {
	c := &composition{seen: map[*yaml.Node]bool{}, names: map[string]bool{}, required: map[string][]tree.Node{}}
	r.compose(schema, c)
	for i := range c.props {
		c.props[i].required = c.required[c.props[i].schema.Name()]
	}
	return c.props
}

func (r *reading) compose(schema tree.Node, c *composition) {
	if !schema.There() || c.seen[schema.ID()] || len(c.seen) > maxParts {
		return
	}
	c.seen[schema.ID()] = true
	if len(c.seen) > maxParts {
		r.lost(schema, fmt.Sprintf("a schema that is composed of more than %d: this one and those after it are not read", maxParts))
		return
	}
	for _, part := range schema.Get("allOf").Items() {
		r.compose(r.follow(part), c)
	}
	for _, name := range schema.Get("required").Items() {
		if s, ok := name.Scalar(); ok {
			c.required[s] = append(c.required[s], name)
		}
	}
	for p := range schema.Get("properties").Pairs() {
		if !c.names[p.Name()] {
			c.names[p.Name()] = true
			c.props = append(c.props, property{schema: p})
		}
	}
}

func (r *reading) field(name string, in claim.Where, schema tree.Node, required bool, about string) claim.Field {
	f := claim.Field{Name: name, In: in, Required: &required, Text: about, Type: r.typeName(schema), Deprecated: r.flag(schema, "deprecated")}
	f.Values, _ = r.values(schema, map[*yaml.Node]bool{})
	for _, s := range []tree.Node{schema, r.resolve(schema)} {
		if v := s.Get("default"); f.Default == nil && v.There() {
			if _, isScalar := v.Scalar(); isScalar {
				value := v.Number()
				f.Default = &value
			}
		}
	}
	return f
}

// values are those that a schema allows, and whether it allows no others. For
// an array they are those of its items.
func (r *reading) values(ref tree.Node, seen map[*yaml.Node]bool) (out []string, closed bool) {
	schema := r.object(ref)
	if !schema.There() || seen[schema.ID()] {
		return nil, schema.There()
	}
	seen[schema.ID()] = true
	if list := schema.Get("enum"); list.There() {
		for _, e := range list.Items() {
			if s, ok := e.Scalar(); ok {
				out = append(out, s)
			}
		}
		return out, true
	}
	for _, alt := range alternatives(schema) {
		vs, ok := r.values(alt, seen)
		if !ok {
			return nil, false
		}
		out = append(out, vs...)
	}
	return out, len(out) > 0
}

func alternatives(schema tree.Node) []tree.Node {
	return slices.Concat(schema.Get("oneOf").Items(), schema.Get("anyOf").Items())
}

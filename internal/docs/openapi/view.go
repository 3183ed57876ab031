package openapi

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
)

// Schema is what a document says of a value. The zero Schema says nothing.
type Schema struct {
	r    *reading
	node tree.Node // as it is written: a reference, or the schema itself
	null bool      // it stands for null alone
}

// Property is a member of an object.
type Property struct {
	Name     string
	Schema   Schema
	Required bool
	At       claim.At
	needed   []tree.Node // where it is said that it is required
}

// ID tells schemas apart, whatever refers to them.
func (s Schema) ID() *yaml.Node { return s.self().ID() }

// There reports whether the document says anything.
func (s Schema) There() bool { return s.r != nil && s.self().There() }

// At is where the schema itself stands.
func (s Schema) At() claim.At { return s.self().Place() }

func (s Schema) self() tree.Node {
	if s.r == nil {
		return tree.Node{}
	}
	return s.r.resolve(s.node)
}

// Name is the last word of the component that the schema is, in small letters:
// "duration"; "" for none.
func (s Schema) Name() string {
	if s.r == nil {
		return ""
	}
	return component(s.node)
}

// Type is the schema's type in words.
func (s Schema) Type() string {
	if s.r == nil {
		return ""
	}
	return s.r.typeName(s.node)
}

// Description is what is said of the value.
func (s Schema) Description() string {
	if s.r == nil {
		return ""
	}
	return s.r.description(s.node)
}

func (s Schema) inner(n tree.Node) Schema {
	if !n.There() {
		return Schema{}
	}
	return Schema{r: s.r, node: n}
}

// Alternatives are the schemas of which one has to fit, with their own
// alternatives in their place; the schema itself where it has none.
func (s Schema) Alternatives() []Schema { return s.alternatives(map[*yaml.Node]bool{}) }

func (s Schema) alternatives(seen map[*yaml.Node]bool) []Schema {
	self := s.self()
	if !self.There() || seen[self.ID()] {
		return nil
	}
	seen[self.ID()] = true
	list := alternatives(self)
	if len(list) == 0 {
		return []Schema{s}
	}
	var out []Schema
	for _, alt := range list {
		inner := s.inner(alt)
		if inner.null = s.r.onlyNull(alt); inner.null {
			out = append(out, inner)
			continue
		}
		out = append(out, inner.alternatives(seen)...)
	}
	return out
}

// Kinds are the JSON types that a value may have, without those of its
// alternatives; none where nothing is said.
func (s Schema) Kinds() []string {
	self := s.self()
	var out []string
	if s.null {
		return []string{"null"}
	}
	list := self.Get("type")
	for _, n := range append(list.Items(), list) {
		if name, ok := n.Scalar(); ok {
			out = append(out, name)
		}
	}
	if len(out) == 0 && (self.Get("properties").There() || self.Get("allOf").There() || self.Get("additionalProperties").There()) {
		out = append(out, "object")
	}
	if self.Text("nullable") == "true" {
		out = append(out, "null")
	}
	return out
}

// Nullable reports whether null fits the schema or one of its alternatives.
func (s Schema) Nullable() bool {
	if s.r == nil || s.r.flag(s.node, "nullable") {
		return s.r != nil
	}
	return slices.ContainsFunc(s.Alternatives(), func(alt Schema) bool { return slices.Contains(alt.Kinds(), "null") })
}

// Bare reports whether the schema says of an object nothing but that it is one.
func (s Schema) Bare() bool {
	self := s.self()
	if self.Text("type") != "object" {
		return false
	}
	for _, says := range []string{"properties", "additionalProperties", "allOf", "oneOf", "anyOf"} {
		if self.Get(says).There() {
			return false
		}
	}
	return true
}

// Properties are the members of an object, those of what it is composed of
// included.
func (s Schema) Properties() []Property {
	var out []Property
	if s.r == nil {
		return nil
	}
	for _, p := range s.r.properties(s.self()) {
		out = append(out, Property{p.schema.Name(), s.inner(p.schema), len(p.required) > 0, p.schema.Place(), p.required})
	}
	return out
}

// Open reports whether an object may have members beside its properties, and
// what these are where that is said. An object without properties is open.
func (s Schema) Open() (Schema, bool) {
	self := s.self()
	extra := self.Get("additionalProperties")
	if text, isScalar := extra.Scalar(); isScalar {
		return Schema{}, text == "true"
	}
	if extra.There() {
		return s.inner(extra), true
	}
	// A part may be anything that is not looked into here.
	for _, part := range self.Get("allOf").Items() {
		part = s.r.follow(part)
		if len(alternatives(part)) > 0 || part.Get("additionalProperties").There() {
			return Schema{}, true
		}
	}
	return Schema{}, len(s.Properties()) == 0
}

// Items is what the elements of a list are.
func (s Schema) Items() Schema { return s.inner(s.self().Get("items")) }

// Values are those that the schema allows where it allows no others.
func (s Schema) Values() []string {
	if s.r == nil {
		return nil
	}
	values, closed := s.r.values(s.node, map[*yaml.Node]bool{})
	if !closed {
		return nil
	}
	return values
}

// Own are the values of the schema itself, without those of alternatives.
func (s Schema) Own() []string {
	var out []string
	for _, e := range s.self().Get("enum").Items() {
		if v, ok := e.Scalar(); ok {
			out = append(out, v)
		}
	}
	return out
}

// Default is the value that stands for one that is left out.
func (s Schema) Default() (any, bool) {
	if s.r == nil {
		return nil, false
	}
	for _, n := range []tree.Node{s.node, s.self()} {
		if d := n.Get("default"); d.There() {
			return plain(d), true
		}
	}
	return nil, false
}

// Format is what a number is limited to: int32, float.
func (s Schema) Format() string { return s.self().Text("format") }

// Deprecated reports whether the document says so.
func (s Schema) Deprecated() bool { return s.r != nil && s.r.flag(s.node, "deprecated") }

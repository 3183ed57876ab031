package openapi

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
)

// A type that takes more to say is as good as any.
const (
	maxTypeName  = 200 // bytes
	maxTypeParts = 20
)

// typeName names a schema: the component it refers to where that says more
// than the bare type, such as a duration.
func (r *reading) typeName(ref tree.Node) string {
	if name := component(ref); name == "duration" || name == "datetime" {
		return name
	}
	schema := r.resolve(ref)
	if !schema.There() {
		return ""
	}
	if name, known := r.types[schema.ID()]; known {
		return name
	}
	r.types[schema.ID()] = "" // a type that is made of itself
	name := r.nameType(schema)
	if name == "" {
		name = component(ref)
	}
	if len(name) > maxTypeName {
		name = ""
	}
	r.types[schema.ID()] = name
	return name
}

// component is the last word of a reference, in small letters.
func component(ref tree.Node) string {
	if inner, ok := wrapped(ref); ok {
		ref = inner
	}
	return lastWord(ref.Text("$ref"))
}

func lastWord(target string) string {
	return strings.ToLower(target[strings.LastIndexAny(target, "/:.")+1:])
}

func (r *reading) nameType(schema tree.Node) string {
	var parts []string // one more than may be shows that there are too many
	add := func(name string) {
		if name != "" && len(parts) <= maxTypeParts && !slices.Contains(parts, name) {
			parts = append(parts, name)
		}
	}
	if list := schema.Get("type"); list.There() {
		names := list.Items() // several since OpenAPI 3.1
		if names == nil {
			names = []tree.Node{list}
		}
		for _, n := range names {
			name, _ := n.Scalar()
			add(r.plainType(schema, name))
		}
	} else {
		for _, alt := range alternatives(schema) {
			if r.onlyNull(alt) {
				add("null")
				continue
			}
			for _, name := range claim.Alternatives(r.typeName(alt)) {
				add(name)
			}
		}
	}
	switch {
	case len(parts) > maxTypeParts:
		return ""
	case len(parts) == 0 && schema.Get("properties").There():
		return "object"
	case len(parts) > 0 && schema.Text("nullable") == "true":
		add("null")
	}
	return strings.Join(parts, " or ")
}

func (r *reading) plainType(schema tree.Node, name string) string {
	if items := schema.Get("items"); name == "array" && items.There() {
		item := r.typeName(items)
		if strings.Contains(item, " or ") {
			item = "(" + item + ")"
		}
		return strings.TrimSuffix("array of "+item, " of ")
	}
	if format := schema.Text("format"); format != "" {
		return name + " (" + format + ")"
	}
	return name
}

// onlyNull reports whether one of several alternatives stands for null: OpenAPI
// 3.0 has no type for it, so that it is written as a text that may be null, of
// which nothing more is said.
func (r *reading) onlyNull(alternative tree.Node) bool {
	schema := r.resolve(alternative)
	if schema.Text("nullable") != "true" || schema.Text("type") != "string" {
		return false
	}
	for p := range schema.Pairs() {
		if !slices.Contains([]string{"nullable", "type", "description"}, p.Name()) {
			return false
		}
	}
	return true
}

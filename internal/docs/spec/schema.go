package spec

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
)

// content returns the fields of the JSON body, and whether the schema says
// anything about it at all. Of an answer also the fields inside of others are
// returned.
func (d *reading) content(of *yaml.Node, in claim.Where) ([]claim.Field, bool) {
	var schema *yaml.Node
	for media, c := range pairs(get(of, "content")) {
		if strings.Contains(media.Value, "json") {
			schema = d.resolve(get(c, "schema"))
			break
		}
	}
	if schema == nil {
		return nil, false
	}
	out := d.fields(schema, in)
	for _, free := range []string{"additionalProperties", "items", "oneOf", "anyOf"} {
		if get(schema, free) != nil {
			return out, true
		}
	}
	return out, len(out) > 0
}

// within is a schema inside of others.
type within struct {
	schema *yaml.Node
	prefix string // of the names of its properties
	above  *within
}

// holds reports whether the schema is w's or one that w stands in.
func (w *within) holds(schema *yaml.Node) bool {
	for ; w != nil; w = w.above {
		if w.schema == schema {
			return true
		}
	}
	return false
}

// fields reads the properties of a schema, the outer ones first. A schema that
// contains itself is not opened a second time.
func (d *reading) fields(schema *yaml.Node, in claim.Where) []claim.Field {
	var out []claim.Field
	for queue := []*within{{schema: d.object(schema)}}; len(queue) > 0; queue = queue[1:] {
		w := queue[0]
		for _, p := range d.properties(w.schema) {
			if len(out) == claim.MaxFields {
				d.lost(p.key.Line, fmt.Sprintf("more than %d fields: this one and those after it are not read", claim.MaxFields))
				return out
			}
			f := d.field(w.prefix+p.key.Value, in, p.schema, p.required, d.description(p.schema))
			f.At = d.at(p.key)
			out = append(out, f)
			if inner := d.object(p.schema); in == claim.InResponse && inner != nil && !w.holds(inner) {
				queue = append(queue, &within{inner, f.Name + ".", w})
			}
		}
	}
	return out
}

// object is the schema itself, or that of the items where it is an array.
func (d *reading) object(schema *yaml.Node) *yaml.Node {
	for range maxHops {
		schema = d.resolve(schema)
		items := get(schema, "items")
		if items == nil {
			return schema
		}
		schema = items
	}
	return nil
}

// resolve follows references, and schemas that only wrap another one to
// describe it.
func (d *reading) resolve(schema *yaml.Node) *yaml.Node {
	for range maxHops {
		schema = d.follow(schema)
		parts := elements(get(schema, "allOf"))
		if len(parts) != 1 || get(schema, "properties") != nil {
			return schema
		}
		schema = parts[0]
	}
	return nil
}

func (d *reading) description(schema *yaml.Node) string {
	for range maxHops {
		if s := text(schema, "description"); s != "" || schema == nil {
			return s
		}
		if parts := elements(get(schema, "allOf")); len(parts) == 1 {
			schema = parts[0]
		} else {
			return text(d.follow(schema), "description")
		}
	}
	return ""
}

type property struct {
	key, schema *yaml.Node
	required    bool
}

// composition is a schema with all that it is composed of: each schema and
// each property once.
type composition struct {
	seen     map[*yaml.Node]bool
	names    map[string]bool
	required map[string]bool
	props    []property
}

const maxParts = 1000 // schemas that one is composed of

// properties collects the properties of a schema and of what it is composed
// of.
func (d *reading) properties(schema *yaml.Node) []property {
	c := &composition{seen: map[*yaml.Node]bool{}, names: map[string]bool{}, required: map[string]bool{}}
	d.compose(schema, c)
	for i := range c.props {
		c.props[i].required = c.required[c.props[i].key.Value]
	}
	return c.props
}

func (d *reading) compose(schema *yaml.Node, c *composition) {
	if schema == nil || c.seen[schema] || len(c.seen) > maxParts {
		return
	}
	c.seen[schema] = true
	if len(c.seen) > maxParts {
		d.lost(schema.Line, fmt.Sprintf("a schema that is composed of more than %d: this one and those after it are not read", maxParts))
		return
	}
	for _, part := range elements(get(schema, "allOf")) {
		d.compose(d.follow(part), c)
	}
	for _, r := range elements(get(schema, "required")) {
		c.required[r.Value] = true
	}
	for k, v := range pairs(get(schema, "properties")) {
		if !c.names[k.Value] {
			c.names[k.Value] = true
			c.props = append(c.props, property{key: k, schema: v})
		}
	}
}

func (d *reading) field(name string, in claim.Where, ref *yaml.Node, required bool, about string) claim.Field {
	f := claim.Field{Name: name, In: in, Required: &required, Text: about, Type: d.typeName(ref)}
	f.Values, _ = d.values(ref, map[*yaml.Node]bool{})
	if v := get(d.resolve(ref), "default"); v != nil && v.Kind == yaml.ScalarNode {
		value := v.Value
		if v.ShortTag() == "!!float" {
			value = strings.TrimSuffix(value, ".0") // 100.0 is 100
		}
		f.Default = &value
	}
	return f
}

// values are those that a schema allows, and whether it allows no others. For
// an array they are those of its items.
func (d *reading) values(ref *yaml.Node, seen map[*yaml.Node]bool) (out []string, closed bool) {
	schema := d.object(ref)
	if schema == nil || seen[schema] {
		return nil, schema != nil
	}
	seen[schema] = true
	if list := get(schema, "enum"); list != nil {
		for _, e := range elements(list) {
			out = append(out, e.Value)
		}
		return out, true
	}
	for _, alt := range alternatives(schema) {
		vs, ok := d.values(alt, seen)
		if !ok {
			return nil, false
		}
		out = append(out, vs...)
	}
	return out, len(out) > 0
}

func alternatives(schema *yaml.Node) []*yaml.Node {
	return slices.Concat(elements(get(schema, "oneOf")), elements(get(schema, "anyOf")))
}

// A type that takes more to say is as good as any.
const (
	maxTypeName  = 200 // bytes
	maxTypeParts = 20
)

// typeName names a schema: the component it refers to where that says more
// than the bare type, such as a duration.
func (d *reading) typeName(ref *yaml.Node) string {
	if ref == nil {
		return ""
	}
	if name := component(ref); name == "duration" || name == "datetime" {
		return name
	}
	schema := d.resolve(ref)
	if schema == nil {
		return ""
	}
	if name, known := d.types[schema]; known {
		return name
	}
	d.types[schema] = "" // a type that is made of itself
	name := d.nameType(schema)
	if name == "" {
		name = component(ref)
	}
	if len(name) > maxTypeName {
		name = ""
	}
	d.types[schema] = name
	return name
}

// component is the last word of a reference, in small letters.
func component(ref *yaml.Node) string {
	if parts := elements(get(ref, "allOf")); len(parts) == 1 {
		ref = parts[0]
	}
	target := text(ref, "$ref")
	return strings.ToLower(target[strings.LastIndexAny(target, "/:.")+1:])
}

func (d *reading) nameType(schema *yaml.Node) string {
	var parts []string // one more than may be shows that there are too many
	add := func(name string) {
		if name != "" && len(parts) <= maxTypeParts && !slices.Contains(parts, name) {
			parts = append(parts, name)
		}
	}
	if list := get(schema, "type"); list != nil {
		names := elements(list) // several since OpenAPI 3.1
		if names == nil {
			names = []*yaml.Node{list}
		}
		for _, n := range names {
			add(d.plainType(schema, n.Value))
		}
	} else {
		for _, alt := range alternatives(schema) {
			for _, name := range claim.Alternatives(d.typeName(alt)) {
				add(name)
			}
		}
	}
	if len(parts) > maxTypeParts {
		return ""
	}
	if len(parts) == 0 && get(schema, "properties") != nil {
		return "object"
	}
	if len(parts) > 0 && text(schema, "nullable") == "true" {
		add("null")
	}
	return strings.Join(parts, " or ")
}

func (d *reading) plainType(schema *yaml.Node, name string) string {
	if items := get(schema, "items"); name == "array" && items != nil {
		item := d.typeName(items)
		if strings.Contains(item, " or ") {
			item = "(" + item + ")"
		}
		return strings.TrimSuffix("array of "+item, " of ")
	}
	if format := text(schema, "format"); format != "" {
		return name + " (" + format + ")"
	}
	return name
}

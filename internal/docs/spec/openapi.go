// Package spec reads what machine-readable specifications claim about an API:
// OpenAPI documents and Elasticsearch's rest-api-spec.
package spec

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Set holds the operations of one specification by their route.
type Set struct {
	byKey map[string]*claim.Model
}

// Find returns the model of the operation with that route, whatever its
// parameters are called.
func (s *Set) Find(r claim.Route) (*claim.Model, bool) {
	if s == nil {
		return nil, false
	}
	m, ok := s.byKey[r.Key()]
	return m, ok
}

// Len is the number of operations.
func (s *Set) Len() int { return len(s.byKey) }

// methods that an OpenAPI path item may have.
var methods = []string{"get", "put", "post", "delete", "head", "options", "patch"}

// OpenAPI reads an OpenAPI 3 document in JSON or YAML. file is its name in
// reports. A reference that leads nowhere is noted in the model of the operation
// that it belongs to.
func OpenAPI(file string, b []byte) (*Set, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		return nil, fmt.Errorf("read OpenAPI document %s: %w", file, err)
	}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("read OpenAPI document %s: the file is empty", file)
	}
	d := &document{file: file, root: root.Content[0], lines: strings.Split(string(b), "\n")}
	version := get(d.root, "openapi")
	paths := get(d.root, "paths")
	if version == nil || !strings.HasPrefix(version.Value, "3.") || paths == nil {
		return nil, fmt.Errorf("read OpenAPI document %s: want an OpenAPI 3 document with paths", file)
	}
	set := &Set{byKey: map[string]*claim.Model{}}
	for path, item := range pairs(paths) {
		for _, method := range methods {
			if op := get(item, method); op != nil {
				d.unread = nil
				m := d.operation(path.Value, strings.ToUpper(method), item, op)
				m.Unread = d.unread
				set.byKey[m.Routes[0].Key()] = m
			}
		}
	}
	return set, nil
}

func (d *document) operation(path, method string, item, op *yaml.Node) *claim.Model {
	m := &claim.Model{Source: claim.SourceOpenAPI, File: d.file, ID: text(op, "operationId"), Title: text(op, "summary")}
	if m.ID == "" {
		m.ID = strings.ToLower(method) + path
	}
	at := d.at(key(item, strings.ToLower(method)))
	m.Routes = []claim.Route{{At: claim.At{Line: at.Line, Quote: method + " " + path}, Method: method, Path: path}}
	m.Stability = d.stability(op)
	seen := map[string]bool{}
	for _, list := range []*yaml.Node{get(op, "parameters"), get(item, "parameters")} {
		for _, ref := range elements(list) {
			p := d.follow(ref)
			in, name := text(p, "in"), text(p, "name")
			if seen[in+name] || (in != "path" && in != "query") {
				continue
			}
			seen[in+name] = true
			f := d.field(name, claim.Where(in), get(p, "schema"), text(p, "required") == "true", text(p, "description"))
			f.At = d.at(ref)
			m.Fields = append(m.Fields, f)
		}
	}
	body := d.follow(get(op, "requestBody"))
	m.BodyUnread = body == nil && get(op, "requestBody") != nil
	if body != nil {
		m.BodyAt = d.at(key(op, "requestBody"))
		fields, _ := d.content(body, claim.InBody)
		m.Fields = append(m.Fields, fields...)
	}
	d.responses(m, op)
	return m
}

func (d *document) responses(m *claim.Model, op *yaml.Node) {
	list := get(op, "responses")
	if list == nil {
		return
	}
	m.CodesAt = d.at(key(op, "responses"))
	for k, ref := range pairs(list) {
		n, err := strconv.Atoi(k.Value)
		if err != nil {
			continue // default, 2XX: no code
		}
		resp := d.follow(ref)
		m.Codes = append(m.Codes, claim.Code{At: d.at(k), Status: n, Text: text(resp, "description")})
		if n >= 300 || m.ResponseAt.Line != 0 {
			continue
		}
		m.ResponseAt = d.at(k)
		fields, described := d.content(resp, claim.InResponse)
		m.NoResponseBody = !described
		m.Fields = append(m.Fields, fields...)
	}
}

// stability reads Elastic's extensions; without one nothing is said.
func (d *document) stability(op *yaml.Node) claim.Stability {
	state := strings.ToLower(text(op, "x-state"))
	for _, s := range []struct {
		is        bool
		key, word string
	}{
		{text(op, "deprecated") == "true", "deprecated", "deprecated"},
		{text(op, "x-beta") == "true", "x-beta", "beta"},
		{strings.Contains(state, "preview") || strings.Contains(state, "experimental"), "x-state", "experimental"},
		{strings.Contains(state, "beta"), "x-state", "beta"},
		{strings.Contains(state, "available") || strings.Contains(state, "stable"), "x-state", "stable"},
	} {
		if s.is {
			return claim.Stability{At: d.at(key(op, s.key)), Word: s.word}
		}
	}
	return claim.Stability{}
}

// content returns the top-level fields of the JSON body, and whether the
// schema says anything about it at all.
func (d *document) content(of *yaml.Node, in claim.Where) ([]claim.Field, bool) {
	var schema *yaml.Node
	for media, c := range pairs(get(of, "content")) {
		if strings.Contains(media.Value, "json") {
			schema = d.follow(get(c, "schema"))
			break
		}
	}
	if schema == nil {
		return nil, false
	}
	props := d.flatten(schema, 0)
	out := make([]claim.Field, 0, len(props))
	for _, p := range props {
		f := d.field(p.key.Value, in, p.schema, p.required, text(d.follow(p.schema), "description"))
		f.At = d.at(p.key)
		out = append(out, f)
	}
	for _, free := range []string{"additionalProperties", "items", "oneOf", "anyOf"} {
		if get(schema, free) != nil {
			return out, true
		}
	}
	return out, len(out) > 0
}

type property struct {
	key, schema *yaml.Node
	required    bool
}

const maxDepth = 8 // of schemas composed of schemas

// flatten collects the properties of a schema and of what it is composed of.
func (d *document) flatten(schema *yaml.Node, depth int) []property {
	if schema == nil || depth > maxDepth {
		return nil
	}
	var out []property
	for _, part := range elements(get(schema, "allOf")) {
		out = append(out, d.flatten(d.follow(part), depth+1)...)
	}
	required := map[string]bool{}
	for _, r := range elements(get(schema, "required")) {
		required[r.Value] = true
	}
	for k, v := range pairs(get(schema, "properties")) {
		out = append(out, property{k, v, required[k.Value]})
	}
	return out
}

func (d *document) field(name string, in claim.Where, ref *yaml.Node, required bool, about string) claim.Field {
	f := claim.Field{Name: name, In: in, Required: &required, Text: about, Type: d.typeName(ref, 0)}
	schema := d.follow(ref)
	for _, e := range elements(get(schema, "enum")) {
		f.Values = append(f.Values, e.Value)
	}
	if v := get(schema, "default"); v != nil {
		f.Default = &v.Value
	}
	return f
}

// typeName names a schema: the component it refers to where that says more
// than the bare type, such as a duration.
func (d *document) typeName(ref *yaml.Node, depth int) string {
	if ref == nil || depth > maxDepth {
		return ""
	}
	target := text(ref, "$ref")
	named := strings.ToLower(target[strings.LastIndexAny(target, "/:.")+1:])
	if named == "duration" || named == "datetime" {
		return named
	}
	schema := d.follow(ref)
	if t := text(schema, "type"); t != "" {
		if format := text(schema, "format"); format != "" {
			t += " (" + format + ")"
		}
		return t
	}
	var parts []string
	for _, alt := range append(elements(get(schema, "oneOf")), elements(get(schema, "anyOf"))...) {
		if t := d.typeName(alt, depth+1); t != "" {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return named
	}
	return strings.Join(parts, " or ")
}

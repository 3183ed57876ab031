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

// Set holds the operations of one specification by their route. Each is read
// when it is asked for.
type Set struct {
	byKey map[string]func() *claim.Model
}

// Find returns the model of the operation with that route, whatever its
// parameters are called.
func (s *Set) Find(r claim.Route) (*claim.Model, bool) {
	if s == nil {
		return nil, false
	}
	read, ok := s.byKey[r.Key()]
	if !ok {
		return nil, false
	}
	return read(), true
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
	d := &document{file: file, root: root.Content[0], lines: strings.Split(string(b), "\n"), ascii: plain(b)}
	version := get(d.root, "openapi")
	paths := get(d.root, "paths")
	if version == nil || !strings.HasPrefix(version.Value, "3.") || paths == nil {
		return nil, fmt.Errorf("read OpenAPI document %s: want an OpenAPI 3 document with paths", file)
	}
	d.nameComponents()
	set := &Set{byKey: map[string]func() *claim.Model{}}
	for path, item := range pairs(paths) {
		for _, method := range methods {
			if op := get(item, method); op != nil {
				route := claim.Route{Method: strings.ToUpper(method), Path: path.Value}
				set.byKey[route.Key()] = func() *claim.Model { return d.operation(route.Path, route.Method, item, op) }
			}
		}
	}
	return set, nil
}

func (d *document) operation(path, method string, item, op *yaml.Node) *claim.Model {
	r := &reading{document: d, types: map[*yaml.Node]string{}}
	m := r.operation(path, method, item, op)
	m.Unread = r.unread
	m.Bound()
	return m
}

func (d *reading) operation(path, method string, item, op *yaml.Node) *claim.Model {
	m := &claim.Model{Source: claim.SourceOpenAPI, File: d.file, ID: text(op, "operationId"), Title: text(op, "summary")}
	if m.ID == "" {
		m.ID = strings.ToLower(method) + path
	}
	at := d.at(key(item, strings.ToLower(method)))
	m.Routes = []claim.Route{{At: claim.At{Line: at.Line, Quote: method + " " + path}, Method: method, Path: path}}
	m.Stability = d.stability(op)
	m.Said = []string{text(op, "description")}
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

func (d *reading) responses(m *claim.Model, op *yaml.Node) {
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
func (d *reading) stability(op *yaml.Node) claim.Stability {
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

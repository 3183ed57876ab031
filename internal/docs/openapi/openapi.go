// Package openapi reads OpenAPI documents as reference pages: each operation
// makes the claims that a page on it would make, with the line and the JSON
// pointer of each.
package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
)

// Document is an OpenAPI 3 document.
type Document struct {
	// ID is what the ids of its claims begin with.
	ID             string
	Title, Version string

	tree *tree.Document
	// components are found by the reference to them.
	components map[string]tree.Node
	operations []Operation
	// failures are the references by which answers of a status are described,
	// errors those to the schemas of an error: each once, in their order.
	failures map[string][]string
	errors   []string
}

// methods that a path item may have.
var methods = []string{"get", "put", "post", "delete", "head", "options", "patch"}

// Read reads a document in JSON or YAML. file is its name in reports.
func Read(file string, b []byte) (*Document, error) {
	t, err := tree.Parse(file, b)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document %s: %w", file, err)
	}
	root := t.Root()
	if !strings.HasPrefix(root.Text("openapi"), "3.") || !root.Get("paths").There() {
		return nil, fmt.Errorf("read OpenAPI document %s: want an OpenAPI 3 document with paths", file)
	}
	info := root.Get("info")
	d := &Document{ID: "openapi", Title: info.Text("title"), Version: info.Text("version"), tree: t, components: map[string]tree.Node{}, failures: map[string][]string{}}
	for section := range root.Get("components").Pairs() {
		for c := range section.Pairs() {
			ref := "#" + c.Pointer()
			d.components[ref] = c
			if section.Name() == "schemas" && slices.Contains(errorNames, lastWord(ref)) {
				d.errors = append(d.errors, ref)
			}
		}
	}
	for item := range root.Get("paths").Pairs() {
		if !strings.HasPrefix(item.Name(), "/") {
			if strings.HasPrefix(item.Name(), "x-") {
				continue // an extension
			}
			return nil, fmt.Errorf("read OpenAPI document %s: line %d: the path %q does not begin with a slash", file, item.Line(), item.Name())
		}
		for op := range item.Pairs() {
			if slices.Contains(methods, op.Name()) {
				d.operations = append(d.operations, Operation{d, item, op})
				for answer := range op.Get("responses").Pairs() {
					if ref := answer.Text("$ref"); ref != "" && !slices.Contains(d.failures[answer.Name()], ref) {
						d.failures[answer.Name()] = append(d.failures[answer.Name()], ref)
					}
				}
			}
		}
	}
	return d, nil
}

// File is its name in reports.
func (d *Document) File() string { return d.tree.File }

// Operations are those of every path, in the order of the document.
func (d *Document) Operations() []Operation { return d.operations }

// Operation is one way to call the API.
type Operation struct {
	doc      *Document
	item, op tree.Node
}

// ID is the operation's own name, or method and path where it has none.
func (o Operation) ID() string {
	if id := o.op.Text("operationId"); id != "" {
		return id
	}
	return o.op.Name() + o.item.Name()
}

// Route is the operation's method and path.
func (o Operation) Route() claim.Route {
	r := claim.Route{Method: strings.ToUpper(o.op.Name()), Path: o.item.Name()}
	r.At = o.op.Place()
	r.Quote = r.String()
	return r
}

// Model reads what the document says of the operation. References that lead
// nowhere, and what is too much to be read, are noted in it.
func (o Operation) Model() *claim.Model {
	r := newReading(o.doc)
	m := &claim.Model{Source: claim.SourceOpenAPI, File: o.doc.tree.File, ID: o.ID(), Title: o.op.Text("summary"), Routes: []claim.Route{o.Route()}}
	m.Stability = stability(o.op)
	m.Said = []string{o.op.Text("description")}
	m.Fields = r.parameters(o)
	r.body(m, o.op)
	r.responses(m, o.op)
	m.Examples = r.examples(o)
	m.Unread = r.unread
	m.Bound()
	return m
}

// parameters are those of the path and the query: the operation's own, and
// those of its path that it does not replace.
func (r *reading) parameters(o Operation) []claim.Field {
	var out []claim.Field
	seen := map[string]bool{}
	for _, ref := range append(o.op.Get("parameters").Items(), o.item.Get("parameters").Items()...) {
		p := r.follow(ref)
		in, name := p.Text("in"), p.Text("name")
		if seen[in+name] || in != "path" && in != "query" {
			continue
		}
		seen[in+name] = true
		schema := p.Get("schema")
		if !schema.There() {
			schema, _ = r.media(p)
		}
		f := r.field(name, claim.Where(in), schema, p.Text("required") == "true", p.Text("description"))
		f.At = ref.Place()
		f.Deprecated = f.Deprecated || p.Text("deprecated") == "true"
		out = append(out, f)
	}
	return out
}

func (r *reading) body(m *claim.Model, op tree.Node) {
	given := op.Get("requestBody")
	body := r.follow(given)
	m.BodyUnread = given.There() && !body.There()
	if !body.There() {
		return
	}
	m.BodyAt = given.Place()
	fields, _ := r.content(body, claim.InBody)
	m.Fields = append(m.Fields, fields...)
}

func (r *reading) responses(m *claim.Model, op tree.Node) {
	list := op.Get("responses")
	if !list.There() {
		return
	}
	m.CodesAt = list.Place()
	for ref := range list.Pairs() {
		status, err := strconv.Atoi(ref.Name())
		if err != nil {
			continue // default, 2XX: no code
		}
		resp := r.follow(ref)
		m.Codes = append(m.Codes, claim.Code{At: ref.Place(), Status: status, Text: resp.Text("description")})
		if status >= 300 || m.ResponseAt.Line != 0 {
			continue
		}
		m.ResponseAt = ref.Place()
		fields, described := r.content(resp, claim.InResponse)
		m.NoResponseBody = !described
		m.Fields = append(m.Fields, fields...)
	}
}

// stability reads Elastic's extensions; without one nothing is said.
func stability(op tree.Node) claim.Stability {
	state := strings.ToLower(op.Text("x-state"))
	for _, s := range []struct {
		is        bool
		key, word string
	}{
		{op.Text("deprecated") == "true", "deprecated", "deprecated"},
		{op.Text("x-beta") == "true", "x-beta", "beta"},
		{strings.Contains(state, "preview") || strings.Contains(state, "experimental"), "x-state", "experimental"},
		{strings.Contains(state, "beta"), "x-state", "beta"},
		{strings.Contains(state, "available") || strings.Contains(state, "stable"), "x-state", "stable"},
	} {
		if s.is {
			return claim.Stability{At: op.Get(s.key).Place(), Word: s.word}
		}
	}
	return claim.Stability{}
}

package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
	"github.com/esconform/esconform/internal/jsonval"
)

// Parameter is one of the path or the query.
type Parameter struct {
	Name       string
	In         claim.Where
	Schema     Schema
	Required   bool
	Deprecated bool
	At         claim.At
	Item       string // pointer to where the operation or its path names it
}

// Content is what a request or an answer carries.
type Content struct {
	Media    string
	Schema   Schema
	Required bool
	Examples []Sample
	At       claim.At
}

// Sample is an example. Value is nil, and Fault says why, where it is no JSON;
// Lines holds the documents of one that has one a line.
type Sample struct {
	Name, About string
	Value       any
	Lines       []any
	Text, Fault string
	At          claim.At
}

// Response is a documented answer.
type Response struct {
	Status int // 0 for default and 2XX
	Content
}

func (o Operation) reading() *reading { return newReading(o.doc) }

// Tags are the groups that the operation belongs to.
func (o Operation) Tags() []string {
	var out []string
	for _, n := range o.op.Get("tags").Items() {
		if s, ok := n.Scalar(); ok {
			out = append(out, s)
		}
	}
	return out
}

// Description is what is said of the operation.
func (o Operation) Description() string { return o.op.Text("description") }

// Title sums it up.
func (o Operation) Title() string { return o.op.Text("summary") }

// Deprecated reports whether the document says so.
func (o Operation) Deprecated() bool { return o.op.Text("deprecated") == "true" }

// At is where the operation stands.
func (o Operation) At() claim.At { return o.Route().At }

var since = regexp.MustCompile(`Added in (\d+\.\d+\.\d+)`)

// Since is the version in which the document says that the operation came, ""
// where it does not say.
func (o Operation) Since() (string, claim.At) {
	if m := since.FindStringSubmatch(o.op.Text("x-state")); m != nil {
		return m[1], o.op.Get("x-state").Place()
	}
	return "", claim.At{}
}

// Parameters are those of the path and the query.
func (o Operation) Parameters() []Parameter {
	r := o.reading()
	var out []Parameter
	for _, ref := range slices.Concat(o.op.Get("parameters").Items(), o.item.Get("parameters").Items()) {
		p := r.follow(ref)
		in, name := p.Text("in"), p.Text("name")
		same := func(have Parameter) bool { return have.Name == name && string(have.In) == in }
		if in != "path" && in != "query" || slices.ContainsFunc(out, same) {
			continue
		}
		schema := p.Get("schema")
		if !schema.There() {
			schema, _ = r.media(p)
		}
		out = append(out, Parameter{
			Name: name, In: claim.Where(in), Schema: Schema{r: r, node: schema}, Required: p.Text("required") == "true",
			Deprecated: p.Text("deprecated") == "true" || r.flag(schema, "deprecated"), At: p.Place(), Item: at(ref),
		})
	}
	return out
}

// Body is what a request carries, nil for nothing.
func (o Operation) Body() *Content {
	r := o.reading()
	body := r.follow(o.op.Get("requestBody"))
	if !body.There() {
		return nil
	}
	c := r.carried(body)
	c.Required = body.Text("required") == "true"
	return &c
}

// Responses are the documented answers.
func (o Operation) Responses() []Response {
	r := o.reading()
	var out []Response
	for ref := range o.op.Get("responses").Pairs() {
		status, _ := strconv.Atoi(ref.Name())
		c := r.carried(r.follow(ref))
		c.At = ref.Place()
		out = append(out, Response{status, c})
	}
	return out
}

func (r *reading) carried(of tree.Node) Content {
	schema, media := r.media(of)
	c := Content{Media: media.Name(), At: of.Place()}
	if schema.There() {
		c.Schema = Schema{r: r, node: schema}
	}
	for _, s := range r.named(of) {
		c.Examples = append(c.Examples, s.read())
	}
	return c
}

// read is the example as a value, or as lines of them.
func (s sample) read() Sample {
	out := Sample{Name: s.node.Name(), About: s.about, Text: strings.TrimSpace(s.text), At: s.node.Place()}
	text := claim.PlainJSON(out.Text)
	v, err := jsonval.Decode([]byte(text))
	if err == nil {
		out.Value = v
		return out
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		v, bad := jsonval.Decode([]byte(line))
		if bad != nil {
			out.Lines, out.Fault = nil, fmt.Sprintf("it is no JSON: %v", err)
			return out
		}
		out.Lines = append(out.Lines, v)
	}
	return out
}

// plain is a node as a JSON value.
func plain(n tree.Node) any {
	var v any
	if err := n.Decode(&v); err != nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	doc, err := jsonval.Decode(b)
	if err != nil {
		return nil
	}
	return doc
}

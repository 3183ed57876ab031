package openapi

import (
	"encoding/json"
	"strings"
	"testing"

	evanphx "github.com/evanphx/json-patch/v5"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/jsonpatch"
)

// made reads a document in JSON that has one operation, with a body of that
// schema.
func made(t *testing.T, version, schema, components string) (*Document, string) {
	t.Helper()
	text := `{"openapi":"` + version + `","paths":{"/x":{"put":{"operationId":"one","requestBody":{"content":{"application/json":{"schema":` + schema + `}}},"responses":{"200":{"description":""}}}` +
		`,"post":{"operationId":"two","responses":{"200":{"description":""}}}}},"components":{"schemas":` + components + `}}`
	d, err := Read("made.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d, text
}

// apply applies a patch to a text.
func apply(t *testing.T, ops []jsonpatch.Op, text string) string {
	t.Helper()
	encoded, err := json.Marshal(ops)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := evanphx.DecodePatch(encoded)
	if err != nil {
		t.Fatal(err)
	}
	out, err := patch.Apply([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", encoded, err)
	}
	return string(out)
}

// However a value is described, it can be null afterwards, and is what it was
// otherwise.
func TestNull(t *testing.T) {
	t.Parallel()
	const text = `{"Text":{"type":"string"}}`
	for _, tt := range []struct{ version, schema, want string }{
		{"3.0.3", `{"type":"string"}`, `{"type":"string","nullable":true}`},
		{"3.0.3", `{"$ref":"#/components/schemas/Text"}`, `{"oneOf":[{"$ref":"#/components/schemas/Text"},{"type":"string","nullable":true}]}`},
		{"3.0.3", `{"description":"A","allOf":[{"$ref":"#/components/schemas/Text"}]}`, `{"description":"A","oneOf":[{"$ref":"#/components/schemas/Text"},{"type":"string","nullable":true}]}`},
		{"3.0.3", `{"oneOf":[{"type":"string"},{"type":"number"}]}`, `{"oneOf":[{"type":"string"},{"type":"number"},{"type":"string","nullable":true}]}`},
		{"3.1.0", `{"type":"string"}`, `{"type":["string","null"]}`},
		{"3.1.0", `{"$ref":"#/components/schemas/Text"}`, `{"oneOf":[{"$ref":"#/components/schemas/Text"},{"type":"null"}]}`},
		{"3.0.3", `{"type":"string","enum":["a"]}`, ""}, // it is not clear what would have to be said
		{"3.0.3", `{}`, ""},
	} {
		d, doc := made(t, tt.version, `{"type":"object","properties":{"p":`+tt.schema+`}}`, text)
		change := d.Operations()[0].Body().Schema.Properties()[0].Schema.Null()
		if change == nil || tt.want == "" {
			if change != nil || tt.want != "" {
				t.Errorf("%s %s: %v", tt.version, tt.schema, change)
			}
			continue
		}
		change.Via = d.Operations()[0].Via(d.Operations()[0].At().Pointer + "/requestBody")
		got := apply(t, d.Patch([]*jsonpatch.Change{change}), doc)
		if !strings.Contains(got, `"p":`) || !evanphx.Equal([]byte(got), []byte(strings.Replace(doc, `"p":`+tt.schema, `"p":`+tt.want, 1))) {
			t.Errorf("%s %s becomes %s", tt.version, tt.schema, got)
		}
		after, err := Read("made.json", []byte(got))
		if err != nil {
			t.Fatal(err)
		}
		if is := after.Operations()[0].Body().Schema.Properties()[0].Schema; !is.Nullable() {
			t.Errorf("%s %s becomes %s, which is not null", tt.version, tt.schema, got)
		}
	}
}

// What operations share is changed where all of them were seen to need it, and
// each leads to it in one place.
func TestSharedPlaces(t *testing.T) {
	t.Parallel()
	const library = `openapi: 3.0.3
paths:
  /x:
    parameters: [{in: query, name: size, schema: {type: number}}]
    get: {operationId: one, parameters: [{in: query, name: from, schema: {$ref: '#/components/schemas/Count'}}, {in: query, name: twice, schema: {$ref: '#/components/schemas/Twice'}}], responses: {"200": {description: ""}}}
    post: {operationId: two, parameters: [{in: query, name: from, schema: {$ref: '#/components/schemas/Count'}}], responses: {"200": {description: ""}}}
components:
  schemas:
    Count: {type: number}
    Part: {type: number}
    Twice: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}
    A: {allOf: [{$ref: '#/components/schemas/Part'}]}
    B: {allOf: [{$ref: '#/components/schemas/Part'}]}
`
	d, err := Read("library.yaml", []byte(library))
	if err != nil {
		t.Fatal(err)
	}
	integral := func(operation int, name string) *jsonpatch.Change {
		o := d.Operations()[operation]
		for _, p := range o.Parameters() {
			if p.Name == name && p.In == claim.InQuery {
				c := p.Schema.Integral()
				if c == nil { // it stands in a component
					c = p.Schema.Properties()[0].Schema.Integral()
				}
				c.Via = o.Via(p.Item)
				return c
			}
		}
		t.Fatalf("no parameter %s", name)
		return nil
	}
	const get, post = 0, 1
	for _, tt := range []struct {
		name string
		list []*jsonpatch.Change
		left string // "" where all are in the patch
	}{
		{"one of two operations", []*jsonpatch.Change{integral(get, "from")}, "/components/schemas/Count is used by two as well, of which this was not seen"},
		{"both", []*jsonpatch.Change{integral(get, "from"), integral(post, "from")}, ""},
		{"one of those on a path", []*jsonpatch.Change{integral(post, "size")}, "/paths/~1x/parameters/0 is used by one as well, of which this was not seen"},
		{"all of those on a path", []*jsonpatch.Change{integral(get, "size"), integral(post, "size")}, ""},
		{"in two ways", []*jsonpatch.Change{integral(get, "twice")}, "/components/schemas/Part is used in several places of /components/schemas/Twice"},
	} {
		ops := d.Patch(tt.list)
		for _, c := range tt.list {
			if c.Left != tt.left {
				t.Errorf("%s: left out for %q, want %q", tt.name, c.Left, tt.left)
			}
		}
		if (len(ops) > 0) != (tt.left == "") || tt.left == "" && len(ops) != 2 {
			t.Errorf("%s: %v", tt.name, ops)
		}
	}
}

package openapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
)

// answerOf reads a document of one operation, whose answer and request have
// the schema A.
func answerOf(t *testing.T, schemas string) *claim.Model {
	t.Helper()
	doc, err := Read("made.yaml", []byte(`openapi: 3.0.3
paths:
  /x:
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {"200": {description: "", content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
`+schemas))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations()[0].Model()
}

func shown(m *claim.Model, in claim.Where) []string {
	var out []string
	for _, f := range m.In(in) {
		s := strings.TrimRight(f.Name+": "+f.Type, " ")
		if *f.Required {
			s += ", required"
		}
		if len(f.Values) > 0 {
			s += ", " + strings.Join(f.Values, "|")
		}
		out = append(out, s)
	}
	return out
}

func TestFieldsOfAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		schemas string
		want    []string
	}{
		"fields inside of others, and of the items of lists": {`
    A: {type: object, required: [list], properties: {one: {$ref: '#/components/schemas/B'}, list: {type: array, items: {$ref: '#/components/schemas/B'}}}}
    B: {type: object, required: [id], properties: {id: {type: string}, n: {type: number, format: int32}}}`,
			[]string{"one: object", "list: array of object, required", "one.id: string, required", "one.n: number (int32)", "list.id: string, required", "list.n: number (int32)"}},
		"a list of objects": {`
    A: {type: array, items: {type: object, properties: {id: {type: string}}}}`,
			[]string{"id: string"}},
		"a schema in itself is opened once": {`
    A: {type: object, properties: {self: {$ref: '#/components/schemas/A'}, more: {type: array, items: {$ref: '#/components/schemas/A'}}}}`,
			[]string{"self: object", "more: array of object"}},
		"a schema that is composed of itself": {`
    A: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {x: {type: boolean}}}]}`,
			[]string{"x: boolean"}},
		"a name twice, required in one of the parts": {`
    A: {allOf: [{properties: {x: {type: boolean}}}, {required: [x], properties: {x: {type: string}}}]}`,
			[]string{"x: boolean, required"}},
		"a schema that only wraps another": {`
    A: {properties: {x: {description: mine, allOf: [{$ref: '#/components/schemas/B'}]}, d: {allOf: [{$ref: '#/components/schemas/Duration'}]}}}
    B: {type: string, enum: [p, q]}
    Duration: {oneOf: [{type: string}, {type: number}]}`,
			[]string{"x: string, p|q", "d: duration"}},
		"alternatives, each once": {`
    A: {properties: {x: {oneOf: [{$ref: '#/components/schemas/B'}, {type: array, items: {$ref: '#/components/schemas/B'}}]}, y: {anyOf: [{type: string}, {nullable: true, type: string}]}}}
    B: {type: string, enum: [p, q]}`,
			[]string{"x: string or array of string, p|q", "y: string or null"}},
		"several types": {`
    A: {properties: {x: {type: [string, "null"]}, y: {type: array, items: {oneOf: [{type: string}, {type: number}]}}}}`,
			[]string{"x: string or null", "y: array of (string or number)"}},
		"values beside others are no list of all": {`
    A: {properties: {x: {oneOf: [{type: string, enum: ["-1"]}, {type: string}]}}}`,
			[]string{"x: string"}},
		"a type that is made of itself": {`
    A: {properties: {x: {$ref: '#/components/schemas/B'}}}
    B: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/B'}}]}`,
			[]string{"x: string or array"}},
	} {
		if diff := cmp.Diff(tt.want, shown(answerOf(t, tt.schemas), claim.InResponse)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestDefaultsOfNumbers(t *testing.T) {
	t.Parallel()
	m := answerOf(t, `
    A: {properties: {a: {type: number, default: 100.0}, b: {type: number, default: 0.5}, c: {type: string, default: "1.0"}, d: {type: object, default: {x: 1}}}}`)
	for i, want := range []string{"100", "0.5", "1.0", "none"} {
		got := "none"
		if d := m.In(claim.InResponse)[i].Default; d != nil {
			got = *d
		}
		if got != want {
			t.Errorf("%s defaults to %s, want %s", m.In(claim.InResponse)[i].Name, got, want)
		}
	}
}

func TestFieldsOfRequests(t *testing.T) {
	t.Parallel()
	m := answerOf(t, `
    A: {required: [x], properties: {x: {type: object, properties: {y: {type: string, enum: [p, q]}}}}}`)
	if diff := cmp.Diff([]string{"x: object, required", "x.y: string, p|q"}, shown(m, claim.InBody)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// fan makes levels of schemas, each of which refers to the one below it ten
// times, as format says.
func fan(levels int, format, part string) string {
	var b strings.Builder
	b.WriteString("    L0: {type: object, properties: {x: {type: string}}}\n")
	for i := 1; i <= levels; i++ {
		parts := make([]string, 10)
		for k := range parts {
			parts[k] = strings.NewReplacer("#K", fmt.Sprint(k), "#I", fmt.Sprint(i-1)).Replace(part)
		}
		name := fmt.Sprintf("L%d", i)
		if i == levels {
			name = "A"
		}
		fmt.Fprintf(&b, "    %s: "+format+"\n", name, strings.Join(parts, ", "))
	}
	return b.String()
}

// A small document must not become a large one: what is shared is read once,
// and what branches without end is bounded.
func TestFanOut(t *testing.T) {
	t.Parallel()
	for name, schemas := range map[string]string{
		"composed": fan(8, "{allOf: [%s]}", "{$ref: '#/components/schemas/L#I'}"),
		"a type of alternatives": strings.Replace(fan(8, "{oneOf: [%s]}", "{$ref: '#/components/schemas/L#I'}"),
			"    A:", "    A: {properties: {x: {$ref: '#/components/schemas/Alternatives'}}}\n    Alternatives:", 1),
	} {
		if m := answerOf(t, schemas); len(m.In(claim.InResponse)) != 1 || len(m.In(claim.InBody)) != 1 || len(m.Unread) > 0 {
			t.Errorf("%s: %v, unread %v", name, shown(m, claim.InResponse), m.Unread)
		}
	}
	m := answerOf(t, fan(5, "{properties: {%s}}", "p#K: {$ref: '#/components/schemas/L#I'}"))
	if n := len(m.In(claim.InBody)); n != claim.MaxFields || len(m.In(claim.InResponse)) != n {
		t.Errorf("nested: %d fields of the request, %d of the answer", n, len(m.In(claim.InResponse)))
	}
	if len(m.Unread) == 0 || !strings.Contains(m.Unread[0].Message, "more than 400 fields") && !strings.Contains(m.Unread[0].Message, "fields and parameters") {
		t.Errorf("nothing says that fields are left out: %v", m.Unread)
	}
	if first := shown(m, claim.InResponse)[0]; first != "p0: object" {
		t.Errorf("the outer fields are not the first: %s", first)
	}
	var parts, schemas strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&parts, "{$ref: '#/components/schemas/B%d'}, ", i)
		fmt.Fprintf(&schemas, "    B%d: {type: object}\n", i)
	}
	m = answerOf(t, "    A: {allOf: ["+parts.String()+"]}\n"+schemas.String())
	if len(m.Unread) == 0 || !strings.Contains(m.Unread[0].Message, "composed of more than 1000") {
		t.Errorf("nothing says that parts are left out: %v", m.Unread)
	}
}

// A document that stands in one line is quoted from the field on.
func TestQuoteOfALongLine(t *testing.T) {
	t.Parallel()
	for _, long := range []string{"long ", "läng "} {
		doc, err := Read("one.json", []byte(`{"openapi": "3.0.3", "info": {"description": "`+strings.Repeat(long, 100)+`"}, "paths": {"/x": {"get": {"parameters": [{"in": "query", "name": "colour", "schema": {"type": "string"}}, {"in": "query", "name": "`+strings.Repeat("x", 150)+`"}]}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		m := doc.Operations()[0].Model()
		if q := m.Fields[0].Quote; !strings.HasPrefix(q, `{"in": "query", "name": "colour"`) || len(q) > 200+len("…") {
			t.Errorf("%d bytes: %s", len(q), q)
		}
	}
}

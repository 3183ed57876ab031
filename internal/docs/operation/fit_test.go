package operation

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
)

// schemaOf reads a document whose only answer has the schema A.
func schemaOf(t *testing.T, schemas string) openapi.Schema {
	t.Helper()
	doc, err := openapi.Read("made.yaml", []byte(`openapi: 3.0.3
paths: {/x: {get: {responses: {"200": {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
components:
  schemas:
`+schemas))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations()[0].Responses()[0].Schema
}

func TestMisfits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		schemas, value string
		want           []string
	}{
		"it fits": {`
    A: {type: object, required: [a], properties: {a: {type: string}, b: {type: array, items: {type: integer}}}}`,
			`{"a":"x","b":[1,2.0]}`, nil},
		"each way in which it does not": {`
    A: {type: object, required: [a], properties: {a: {type: string}, b: {type: array, items: {type: integer}}, c: {type: string, enum: [p, q]}, d: {type: string}}}`,
			`{"b":[1,2.5,3.5],"c":"r","d":null,"e":1}`,
			[]string{"missing a", "type b[]", "value c", "null d", "unknown e"}},
		"the alternative that fits best": {`
    A: {oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}`,
			`{"a":1}`, []string{"type a"}},
		"the alternative that says what it is": {`
    A: {oneOf: [{type: object, required: [took, hits], properties: {took: {type: number}, hits: {type: number}}}, {type: object, required: [error], properties: {error: {type: object, properties: {type: {type: string}}}}}]}`,
			`{"error":{"type":"x","index":"a","shard":"b","node":"c","uuid":"d"}}`, []string{"unknown error.index", "unknown error.node", "unknown error.shard", "unknown error.uuid"}},
		"members that are not named": {`
    A: {type: object, additionalProperties: {type: number}}`, `{"x":1,"y":"z"}`, []string{"type .*"}},
		"anything": {`
    A: {type: object, properties: {a: {type: object}, b: {type: object}}}`, `{"a":{"x":1},"b":"text"}`, []string{"any b"}},
		"null where it may be": {`
    A: {type: object, properties: {a: {oneOf: [{type: string}, {nullable: true, type: string}]}, b: {type: string, nullable: true}, c: {}}}`,
			`{"a":null,"b":null,"c":null}`, nil},
		"what it is composed of": {`
    A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, required: [a], properties: {a: {type: string}}}]}
    B: {type: object, required: [b], properties: {b: {type: boolean}}}`, `{"a":"x","c":1}`, []string{"missing b", "unknown c"}},
		"one that holds itself": {`
    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}`, `{"a":{"a":{"b":1}}}`, []string{"unknown a.a.b"}},
	} {
		v, err := jsonval.Decode([]byte(tt.value))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range misfits(schemaOf(t, tt.schemas), v) {
			got = append(got, m.how+" "+m.name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

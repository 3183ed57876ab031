package operation

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/resource"
)

// Values are made of every schema, also of one that holds itself.
func TestValues(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		schemas string
		want    []string
	}{
		"each kind":           {"    A: {oneOf: [{type: string}, {type: number}, {type: array, items: {type: string}}]}", []string{"string", "number", "array"}},
		"listed values":       {"    A: {type: string, enum: [a, b]}", []string{"value", "value"}},
		"null alone":          {"    A: {oneOf: [{type: number}, {type: string, nullable: true}]}", []string{"number"}},
		"nothing said":        {"    A: {}", []string{"string"}},
		"a list of itself":    {"    A: {type: array, items: {$ref: '#/components/schemas/A'}}", []string{"array"}},
		"an object in itself": {"    A: {type: object, required: [a], properties: {a: {oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}}}", []string{"object"}},
		"a map of itself":     {"    A: {type: object, additionalProperties: {$ref: '#/components/schemas/A'}}", []string{"object"}},
		"its own alternative": {"    A: {oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean}]}", []string{"boolean", "false"}},
	} {
		b := &bench{runner: &runner{Config: Config{Registry: resource.NewRegistry("t")}}}
		var got []string
		for _, v := range b.values(schemaOf(t, tt.schemas)) {
			got = append(got, v.kind)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		b.whole(schemaOf(t, tt.schemas), 0)
	}
}

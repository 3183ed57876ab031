package target

import (
	"net/http"
	"slices"
	"testing"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/reference"
)

// TestUnmapped asks whether the mapping has a field that the API searches for.
func TestUnmapped(t *testing.T) {
	t.Parallel()
	families := []*family.Family{{Name: "bare"}, {Name: "some", Ready: &family.Ready{Indices: []family.Backing{{Alias: ".some", Heeded: []string{"gone"}}}}}}
	lacking := []string{".some: gone"}
	for name, c := range map[string]struct {
		status   int
		body     string
		embedded bool
		want     []string
	}{
		"has it":                   {status: http.StatusOK, body: `{".some-v1":{"mappings":{"gone":{"full_name":"gone"}}}}`},
		"lacks it":                 {status: http.StatusOK, body: `{".some-v1":{"mappings":{}}}`, want: lacking},
		"lacks it in one of two":   {status: http.StatusOK, body: `{"a":{"mappings":{"gone":{}}},"b":{"mappings":{}}}`, want: lacking},
		"has no index":             {status: http.StatusOK, body: `{}`, want: lacking},
		"may not be asked":         {status: http.StatusForbidden, body: `{"error":{},"status":403}`, want: lacking},
		"is the embedded server":   {status: http.StatusOK, body: `{".some-v1":{"mappings":{}}}`, embedded: true},
		"answers something else":   {status: http.StatusOK, body: `[]`, want: lacking},
		"answers what is not JSON": {status: http.StatusOK, body: `gone`, want: lacking},
		"is busy":                  {status: http.StatusServiceUnavailable, body: `{}`, want: lacking},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tgt := newNode(t, reference.Options{}, answers("/.some/_mapping/field/gone", c.status, c.body)).as(t, "", hurried)
			tgt.Info.IsElasticsearch = !c.embedded
			if got := tgt.unmapped(t.Context(), tgt.Client.Session(), families); !slices.Equal(got, c.want) {
				t.Errorf("unmapped are %v, want %v", got, c.want)
			}
		})
	}
}

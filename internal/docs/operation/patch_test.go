package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	evanphx "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/jsonpatch"
)

// patchOf is what corrects a document by what was found, as it is written.
func patchOf(t *testing.T, file string, out *Outcome) evanphx.Patch {
	t.Helper()
	var changes []*jsonpatch.Change
	for _, c := range out.Claims {
		if c.Finding() {
			changes = append(changes, c.Changes...)
		}
	}
	text, err := json.Marshal(document(t, file).Patch(changes))
	if err != nil {
		t.Fatal(err)
	}
	patch, err := evanphx.DecodePatch(text)
	if err != nil {
		t.Fatal(err)
	}
	return patch
}

// applied is the file of a document to which a patch was applied.
func applied(t *testing.T, patch evanphx.Patch, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b = asJSON(t, b)
	if b, err = patch.ApplyIndent(b, "  "); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	name := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// asJSON is a document in YAML as JSON.
func asJSON(t *testing.T, b []byte) []byte {
	t.Helper()
	if json.Valid(b) {
		return b
	}
	var doc any
	if err := yaml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(texted(doc))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// texted is a value of which every key is a text.
func texted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = texted(member)
		}
	case map[any]any:
		out := map[string]any{}
		for key, member := range v {
			out[fmt.Sprint(key)] = texted(member)
		}
		return out
	case []any:
		for i, item := range v {
			v[i] = texted(item)
		}
	}
	return v
}

// corrected reports whether a finding has changes, all of them in the patch.
func corrected(c *claim.Claim) bool {
	return len(c.Changes) > 0 && !slices.ContainsFunc(c.Changes, func(change *jsonpatch.Change) bool { return change.Left != "" })
}

// remain fails for each corrected finding that is found again, by its cause or
// its aspect in one of its operations.
func remain(t *testing.T, before, after *Outcome) {
	t.Helper()
	n := 0
	for _, was := range before.Claims {
		if !was.Finding() || !corrected(was) {
			continue
		}
		n++
		for _, is := range after.Claims {
			same := is.Aspect == was.Aspect || is.Cause != "" && is.Cause == was.Cause
			if is.Finding() && same && slices.ContainsFunc(is.Operations, func(id string) bool { return slices.Contains(was.Operations, id) }) {
				t.Errorf("%s was corrected, and %s is found: %s", was.ID, is.ID, is.Observed)
			}
		}
	}
	if n == 0 {
		t.Error("no finding was corrected")
	}
}

// A document that is patched by what was found has none of that any more. What
// is not certain, and what operations share of which it was not seen, stays.
func TestPatch(t *testing.T) {
	t.Parallel()
	const file = "testdata/patch.json"
	before, _ := run(t, file, Selection{})
	patch := patchOf(t, file, before)
	after, _ := run(t, applied(t, patch, file), Selection{})
	remain(t, before, after)
	left := findings(after)
	maps.DeleteFunc(left, func(id, _ string) bool { return strings.HasPrefix(id, "route/") })
	want := map[string]string{
		"delete/response/acknowledged/unknown":      "UNDOCUMENTED", // it shares its answer with name
		"name/response/result/unknown":              "UNDOCUMENTED",
		"name/body/name/null":                       "UNDOCUMENTED", // null is taken and changes nothing
		"name/body/none-of-the-optional":            "CONTRADICTED", // neither is required, but one is needed
		"stats/body/indexed_document_count/integer": "CONTRADICTED", // it shares its type with another field
		"stats/body/indexed_document_count/width":   "CONTRADICTED",
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("after the patch: -want +got\n%s", diff)
	}
}

// The patch of a document in YAML applies to what that is in JSON.
func TestPatchOfYAML(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"testdata/connectors.yaml", "testdata/odd.yaml"} {
		before, _ := run(t, file, Selection{})
		patch := patchOf(t, file, before)
		after, _ := run(t, applied(t, patch, file), Selection{})
		if file == "testdata/connectors.yaml" {
			remain(t, before, after)
		}
	}
}

// A patch is for the document that it was made from: with any value changed
// that it speaks of it does not apply.
func TestPatchOfAnother(t *testing.T) {
	t.Parallel()
	const file = "testdata/patch.json"
	out, _ := run(t, file, Selection{})
	patch := patchOf(t, file, out)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, swap := range [][2]string{
		{`"name": "colour", "schema"`, `"name": "color", "schema"`},
		{`"from", "schema": {"type": "number"`, `"from", "schema": {"type": "integer"`},
		{`"description": "Where to", "allOf"`, `"description": "Where to", "anyOf"`},
		{`["deleted_document_count", "indexed`, `["colour", "deleted_document_count", "indexed`},
		{`"description": "It is made"`, `"description": "It was made"`},
		{`schemas/Duration"}]}`, `schemas/Text"}]}`},
		{`{"type": "object", "required": ["colour"]`, `{"type": "object", "required": []`},
	} {
		other := bytes.Replace(b, []byte(swap[0]), []byte(swap[1]), 1)
		if bytes.Equal(other, b) {
			t.Errorf("the document has no %s", swap[0])
		}
		if _, err := patch.Apply(other); err == nil {
			t.Errorf("it applies with %s", swap[1])
		}
	}
}

// Elasticsearch's own document, put right for connectors.
func TestPatchOfElasticsearch(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("ESCONFORM_DOCS_OPENAPI")
	if dir == "" {
		t.Skip("SKIPPED: needs Elasticsearch's OpenAPI document; set ESCONFORM_DOCS_OPENAPI to a folder that has it as elasticsearch-openapi-9.json (output/openapi/elasticsearch-openapi.json in elastic/elasticsearch-specification)")
	}
	file, sel := filepath.Join(dir, "elasticsearch-openapi-9.json"), Selection{Paths: []string{"/_connector*"}}
	before, _ := run(t, file, sel)
	patch := patchOf(t, file, before)
	after, _ := run(t, applied(t, patch, file), sel)
	remain(t, before, after)
	for _, is := range after.Claims {
		known := func(was *claim.Claim) bool {
			return was.Finding() && (was.ID == is.ID || is.Cause != "" && was.Cause == is.Cause)
		}
		if is.Finding() && !slices.ContainsFunc(before.Claims, known) {
			t.Errorf("%s is found in the patched document alone: %s", is.ID, is.Observed)
		}
	}
}

package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/operation"
)

// A finding says whether the patch corrects it, and why not; one that is
// accepted is left alone.
func TestPatchDocuments(t *testing.T) {
	t.Parallel()
	d, err := openapi.Read("api.json", []byte(`{"openapi": "3.0.3", "paths": {
		"/a": {"get": {"operationId": "a", "parameters": [{"in": "query", "name": "x"}, {"$ref": "#/components/parameters/y"}]}},
		"/b": {"get": {"operationId": "b", "parameters": [{"$ref": "#/components/parameters/y"}]}}},
		"components": {"parameters": {"y": {"in": "query", "name": "y", "required": true}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	a := d.Operations()[0]
	x, y := a.Parameters()[0], a.Parameters()[1]
	through := func(c *jsonpatch.Change, p openapi.Parameter) []*jsonpatch.Change {
		c.Via = a.Via(p.Item)
		return []*jsonpatch.Change{c}
	}
	const used = "/components/parameters/y is used by b as well, of which this was not seen"
	r := &Report{}
	r.AddDocument(d, &operation.Outcome{Claims: []*claim.Claim{
		{ID: "unknown", Verdict: claim.Contradicted, Changes: through(x.Gone(), x)},
		{ID: "accepted", Verdict: claim.Contradicted, Waived: "known", Changes: through(y.Gone(), y)},
		{ID: "shared", Verdict: claim.Contradicted, Changes: through(y.Optional(), y)},
		{ID: "partly", Verdict: claim.Contradicted, Changes: append(through(x.Gone(), x), through(y.Optional(), y)...)},
		{ID: "undecided", Verdict: claim.Contradicted},
		{ID: "fine", Verdict: claim.Confirmed},
	}})
	r.PatchDocuments()
	want := map[string]string{
		"unknown": "corrected by docs.patch.json",
		"shared":  "not in docs.patch.json: " + used,
		"partly":  "1 of 2 corrections are in docs.patch.json, not in it: " + used,
	}
	for _, c := range r.Claims {
		if c.Patch != want[c.ID] {
			t.Errorf("%s is %q, want %q", c.ID, c.Patch, want[c.ID])
		}
	}
	if got := r.Pages[0].Patch; got != "docs.patch.json has 1 change for 2 findings" {
		t.Error(got)
	}
	var out bytes.Buffer
	if err := r.JSONPatches()[0](&out); err != nil {
		t.Fatal(err)
	}
	var ops []jsonpatch.Op
	if err := json.Unmarshal(out.Bytes(), &ops); err != nil || len(ops) != 2 || ops[1].Path != "/paths/~1a/get/parameters/0" {
		t.Errorf("%v: %s", err, out.String())
	}
	if n := strings.Count(out.String(), "\n"); n != 4 { // one operation a line, between brackets
		t.Errorf("%d lines:\n%s", n, out.String())
	}
}

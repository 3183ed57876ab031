package operation

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

var runs atomic.Int64

// run holds a document against the embedded server.
func run(t *testing.T, file string, sel Selection) (*Outcome, *resource.Registry) {
	t.Helper()
	srv, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(srv)
	t.Cleanup(hs.Close)
	patient := limits.Limits{Request: 1 << 37, Cleanup: 1 << 38}
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	registry := resource.NewRegistry(fmt.Sprintf("o%d", runs.Add(1)))
	doc := document(t, file)
	registry.Know(registry.Families(), Creations(doc)...)
	out := Run(context.Background(), Config{
		Document: doc, Select: sel, Client: client, Registry: registry, Version: srv.Version(), Limits: patient, Parallel: 2,
	})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	if sum := registry.Summary(); sum.Created != sum.Deleted || len(sum.Leftovers) > 0 {
		t.Errorf("not everything was cleaned up: %+v", sum)
	}
	return out, registry
}

func document(t *testing.T, file string) *openapi.Document {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi.Read(file, b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// findings are what somebody has to act on, without the head of their ids.
func findings(out *Outcome) map[string]string {
	found := map[string]string{}
	for _, c := range out.Claims {
		if c.Finding() {
			found[strings.TrimPrefix(c.ID, "openapi/")] = string(c.Verdict)
		}
	}
	return found
}

func TestRun(t *testing.T) {
	t.Parallel()
	out, _ := run(t, "testdata/connectors.yaml", Selection{})
	want := map[string]string{
		"list/query/colour":                           "CONTRADICTED", // no such parameter
		"list/query/from/integer":                     "CONTRADICTED",
		"list/query/from/width":                       "CONTRADICTED",
		"list/response/results/unknown":               "UNDOCUMENTED",
		"get/response/status/type":                    "CONTRADICTED", // a text, not a number
		"create-job/code/200":                         "CONTRADICTED",
		"create-job/code/201":                         "UNDOCUMENTED",
		"create-job/body/job_type/values":             "CONTRADICTED", // sideways
		"stats/body/deleted_document_count/integer":   "CONTRADICTED", // it is cut
		"stats/body/deleted_document_count/width":     "CONTRADICTED",
		"stats/body/indexed_document_volume/required": "CONTRADICTED",
		"stats/body/last_seen/type":                   "CONTRADICTED", // an instant
		"stats/body/colour":                           "CONTRADICTED",
		"stats/example/Two":                           "CONTRADICTED",
		"stats/example/Two/schema":                    "CONTRADICTED", // a required field is not in it
		"stats/response/result/unknown":               "UNDOCUMENTED",
		"error/response/colour/missing":               "CONTRADICTED",
		"key/body/api_key_id/null":                    "UNDOCUMENTED", // it changes nothing
		"key/body/none-of-the-optional":               "CONTRADICTED",
		"error/response/result/value":                 "CONTRADICTED", // noop
		"shelf/route":                                 "CONTRADICTED", // and that of paint
	}
	got := findings(out)
	for id := range got {
		if strings.HasPrefix(id, "route/") { // those that the catalogue knows and this document leaves out
			delete(got, id)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	states := map[string]string{}
	for _, c := range out.Coverage {
		states[c.Operation] = c.State + ": " + c.Why
	}
	for id, begin := range map[string]string{
		"list": "verified: ", "delete": "verified: ", "stats": "verified: ", "later": "not run: the operation came in 99.0.0",
		"reroute": "not run: it would change what this run did not make (--allow-cluster-wide calls it)",
		"shelf":   "not run: nothing is known of what the parameter shelf names",
		"paint":   "not run: the server has no such route",
	} {
		if !strings.HasPrefix(states[id], begin) {
			t.Errorf("%s is %q, want %q", id, states[id], begin)
		}
	}
}

// Every finding has its place in the document and, where the server was asked,
// its proof.
func TestEvidence(t *testing.T) {
	t.Parallel()
	out, _ := run(t, "testdata/connectors.yaml", Selection{IDs: []string{"stats"}})
	n := 0
	for _, c := range out.Claims {
		if c.Verdict == "" {
			t.Errorf("%s has no verdict", c.ID)
		}
		if !c.Finding() || c.Kind == claim.KindExampleText || strings.HasPrefix(c.ID, "openapi/route/") {
			continue
		}
		n++
		if c.Line == 0 || c.Pointer == "" || c.Quote == "" || len(c.Proof) == 0 {
			t.Errorf("%s: line %d, pointer %q, quote %q, %d exchanges", c.ID, c.Line, c.Pointer, c.Quote, len(c.Proof))
		}
	}
	if n == 0 {
		t.Error("nothing was found")
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	doc := document(t, "testdata/connectors.yaml")
	for _, tt := range []struct {
		sel  Selection
		want []string
	}{
		{Selection{IDs: []string{"*e"}}, []string{"delete", "reroute"}},
		{Selection{Paths: []string{"/_connector"}}, []string{"list"}},
		{Selection{Tags: []string{"li*"}}, []string{"list"}},
		{Selection{IDs: []string{"get"}, Paths: []string{"/_cluster*"}}, nil},
	} {
		var got []string
		for _, o := range doc.Operations() {
			if one := newOp(o); tt.sel.has(one) {
				got = append(got, one.id)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" || len(Paths(doc, tt.sel)) != len(tt.want) {
			t.Errorf("%+v: -want +got\n%s", tt.sel, diff)
		}
	}
}

// What is known to be wrong in Elasticsearch's own document, and in that of an
// earlier version, is found in them. They are no part of this project.
func TestElasticsearchsDocuments(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("ESCONFORM_DOCS_OPENAPI")
	if dir == "" {
		t.Skip("SKIPPED: needs two OpenAPI documents of Elasticsearch; set ESCONFORM_DOCS_OPENAPI to a folder that has them as elasticsearch-openapi-9.json and connector-openapi-8.17.json (output/openapi/elasticsearch-openapi.json in elastic/elasticsearch-specification, on main and on 8.17)")
	}
	for file, ids := range map[string][]string{
		"elasticsearch-openapi-9.json": {
			"connector-sync-job-update-stats/body/last_seen/type",
			"connector-sync-job-update-stats/body/deleted_document_count/width",
			"connector-sync-job-update-stats/body/deleted_document_count/integer",
			"connector-update-api-key-id/body/api_key_id/null",
			"connector-sync-job-check-in/response/result/unknown", "connector-sync-job-claim/response/result/unknown",
			"connector-sync-job-error/response/result/unknown", "connector-sync-job-update-stats/response/result/unknown",
			"connector-put/code/201", "connector-put-1/code/200",
			"connector-list/query/from/integer", "connector-list/query/from/width",
			"connector-update-name/body/none-of-the-optional", "connector-update-api-key-id/body/none-of-the-optional",
			"connector-update-configuration/body/together",
			"route/PUT/_connector/{id}/_last_sync",
		},
		"connector-openapi-8.17.json": {"connector-last-sync/body/last_seen", "connector-last-sync/body/last_access_control_sync_error/null"},
	} {
		out, _ := run(t, dir+"/"+file, Selection{Paths: []string{"/_connector*"}})
		found := findings(out)
		for _, id := range ids {
			if found[id] == "" {
				t.Errorf("%s: %s is not found", file, id)
			}
		}
		if file == "elasticsearch-openapi-9.json" {
			for _, c := range out.Coverage {
				if c.State != Verified {
					t.Errorf("%s is %s: %s", c.Operation, c.State, c.Why)
				}
			}
		}
		holds := map[string]claim.Verdict{}
		for _, c := range out.Claims {
			holds[c.ID] = c.Verdict
		}
		for _, id := range []string{"connector-sync-job-claim/body/sync_cursor/type", "connector-update-error/body/error/null", "connector-update-index-name/body/index_name/null"} {
			if holds["openapi/"+id] != claim.Confirmed {
				t.Errorf("%s: %s is %q", file, id, holds["openapi/"+id])
			}
		}
	}
}

// A document may be wrong in any way: nothing in it ends the run.
func TestOddDocument(t *testing.T) {
	t.Parallel()
	out, _ := run(t, "testdata/odd.yaml", Selection{})
	if len(out.Coverage) == 0 {
		t.Error("no operation was read")
	}
	for _, c := range out.Claims {
		if c.Verdict == "" {
			t.Errorf("%s has no verdict", c.ID)
		}
	}
}

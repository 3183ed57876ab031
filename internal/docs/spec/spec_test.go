package spec

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
)

const testdata = "../testdata/spec/"

func describe(m *claim.Model) []string {
	out := []string{fmt.Sprintf("%d %s %s", m.Routes[0].Line, m.Routes[0], m.Stability.Word)}
	for _, f := range m.Fields {
		s := fmt.Sprintf("%d %s %s %s %t", f.Line, f.In, f.Name, f.Type, *f.Required)
		if f.Default != nil {
			s += " " + *f.Default
		}
		out = append(out, strings.TrimSpace(s+" "+strings.Join(f.Values, "|")))
	}
	for _, c := range m.Codes {
		out = append(out, fmt.Sprintf("%d %d", c.Line, c.Status))
	}
	for _, u := range m.Unread {
		out = append(out, fmt.Sprintf("%d unread", u.Line))
	}
	return out
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(testdata + "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := OpenAPI("openapi.yaml", b)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string][]string{
		"PUT /_connector/_sync_job/x/_stats": nil,
		"PUT /_connector/_sync_job/{any}/_stats": {
			"5 PUT /_connector/_sync_job/{id}/_stats beta",
			"9 path id string true",
			"18 body deleted_document_count integer true",
			"19 body indexed_document_count number true",
			"20 body indexed_document_volume integer false",
			"21 body total_document_count integer true",
			"22 body last_seen duration false",
			"23 body metadata object false",
			"25 200",
		},
		"GET /_connector/_sync_job": {
			"31 GET /_connector/_sync_job",
			"35 query status string false pending|waiting",
			"54 response count number true",
			"45 response results array of object true",
			"59 response results.id string true",
			"60 response results.status string false cancelled|pending",
			"61 response results.error string or null true",
			"62 response results.trigger_method string false on_demand|scheduled",
			"63 response results.connector object false",
			"63 response results.connector.filtering array of object false",
			"63 response results.connector.filtering.rules string false",
			"37 200",
			"34 unread",
		},
	} {
		method, path, _ := strings.Cut(key, " ")
		m, ok := set.Find(claim.Route{Method: method, Path: path})
		if !ok {
			if want != nil {
				t.Errorf("no %s", key)
			}
			continue
		}
		got := describe(m)
		got[0] = strings.TrimSpace(got[0])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", key, diff)
		}
	}
	if m, _ := set.Find(claim.Route{Method: "PUT", Path: "/_connector/_sync_job/{id}/_stats"}); !m.NoResponseBody {
		t.Error("a schema without properties describes nothing")
	}
}

func TestRestSpec(t *testing.T) {
	t.Parallel()
	set, err := RestSpec("rest", os.DirFS(testdata+"rest"))
	if err != nil {
		t.Fatal(err)
	}
	m, ok := set.Find(claim.Route{Method: "GET", Path: "/_connector/_sync_job"})
	if !ok {
		t.Fatal("no such API")
	}
	want := []string{
		"7 GET /_connector/_sync_job experimental",
		"11 query from int false 5",
		"12 query status enum false pending|canceled",
		"13 query colour string false",
	}
	if diff := cmp.Diff(want, describe(m)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if m.File != "rest/connector.sync_job_list.json" {
		t.Errorf("file %s", m.File)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", "{", "swagger: '2.0'\npaths: {}", "openapi: 3.0.0", "\t: x"} {
		if _, err := OpenAPI("x", []byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	for name, fsys := range map[string]fstest.MapFS{
		"empty": {}, "not JSON": {"a.json": {Data: []byte("{")}}, "nothing in it": {"a.json": {Data: []byte("{}")}},
	} {
		if _, err := RestSpec("x", fsys); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

// Beside a page only the outer fields of a request are asked about.
func TestBesideAPage(t *testing.T) {
	t.Parallel()
	set, err := OpenAPI("made.yaml", []byte(`openapi: 3.0.3
paths:
  /x:
    put:
      requestBody: {content: {application/json: {schema: {properties: {x: {properties: {y: {type: string}}}}}, example: {x: 1}}}}
      responses: {"200": {description: "", content: {application/json: {schema: {properties: {x: {properties: {y: {type: string}}}}}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Find(claim.Route{Method: "PUT", Path: "/x"})
	var got []string
	for _, f := range m.Fields {
		got = append(got, string(f.In)+" "+f.Name)
	}
	if diff := cmp.Diff([]string{"body x", "response x", "response x.y"}, got); diff != "" || len(m.Examples) > 0 {
		t.Errorf("%d examples, -want +got\n%s", len(m.Examples), diff)
	}
}

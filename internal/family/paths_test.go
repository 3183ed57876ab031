package family

import (
	"strings"
	"testing"
)

func TestWithoutID(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/_connector/c1":                        "/_connector/*",
		"/_connector/c1/_name?x=y":              "/_connector/*/_name?x=y",
		"/_connector/_sync_job":                 "/_connector/_sync_job",
		"/_connector/_sync_job/j1/_stats":       "/_connector/_sync_job/*/_stats",
		"/_connector/_secret/s":                 "/_connector/_secret/s",
		"/.elastic-connectors/_doc/c1":          "/.elastic-connectors/_doc/*",
		"/books/_create/1":                      "/books/_create/*",
		"/books/_search":                        "/books/_search",
		"/_security/role/r":                     "/_security/role/*",
		"/_security/user/_has_privileges":       "/_security/user/_has_privileges",
		"/_index_template/t":                    "/_index_template/*",
		"/_index_template/_simulate/t":          "/_index_template/_simulate/t",
		"/_ingest/pipeline/p/_simulate":         "/_ingest/pipeline/*/_simulate",
		"/books/_alias/b":                       "/books/_alias/*",
		"/":                                     "/",
		"/_connectors/c1":                       "/_connectors/c1",
		"/_security/api_key?name=esconform-1-2": "/_security/api_key?name=esconform-1-2",
	} {
		if got := EmbeddedPaths().WithoutID(path, "*"); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestObserved(t *testing.T) {
	t.Parallel()
	for request, want := range map[[2]string]string{
		{"POST", "/_connector"}:              "connector",
		{"POST", "/_connector/_sync_job"}:    "sync job",
		{"POST", "/_security/api_key"}:       "key",
		{"POST", "/_security/api_key/grant"}: "key",
		{"POST", "/books/_doc"}:              "id",
		{"GET", "/_connector"}:               "id",
	} {
		if got := EmbeddedPaths().Observed(request[0], request[1]); got != want {
			t.Errorf("%v: got %q, want %q", request, got, want)
		}
	}
	if p := EmbeddedPaths(); !p.Stored("/.elastic-connectors-sync-jobs/_doc/x") || p.Stored("/books/_doc/x") {
		t.Error("it is not known where connectors are stored")
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/_connector/{id}/_name": "connector", "/_index_template": "index-templates", "/_component_template/{name}": "index-templates",
		"/_cat/indices": "", "/{index}/_doc/{id}": "", "/": "",
	} {
		got := ""
		for _, f := range set {
			if f.Has(path) {
				got += f.Name
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestPathsReads(t *testing.T) {
	t.Parallel()
	for request, want := range map[string]bool{
		"GET /x": true, "HEAD /x": true, "OPTIONS /x": true, "POST /_search?size=1": true, "POST /x/_count": true, "POST /_msearch": true,
		"POST /x/_doc": false, "PUT /x/_search": false, "DELETE /x": false, "POST /_bulk": false, "PUT /_connector/_search": false,
	} {
		method, path, _ := strings.Cut(request, " ")
		if got := EmbeddedPaths().Reads(method, path); got != want {
			t.Errorf("%s: got %v, want %v", request, got, want)
		}
	}
}

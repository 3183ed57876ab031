package probe

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// embedded is what the project's catalogues say.
func embedded(t *testing.T) *known {
	t.Helper()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return learn(set)
}

// Nothing is ever sent that could change what the run did not make.
func TestBind(t *testing.T) {
	t.Parallel()
	k := embedded(t)
	for _, tt := range []struct{ route, want string }{
		{"GET /_connector/_sync_job/{id}", "sync_job"},
		{"PUT /_connector/_sync_job/{id}/_stats", "sync_job"},
		{"PUT /_connector/{id}", "connector creates"},
		{"PUT /_connector/{id}/_new/_part", "connector"},
		{"POST /_connector", "creates"},
		{"PUT /_connector", "creates"},
		{"POST /_connector/_sync_job", "creates"},
		{"GET /_connector/_sync_job", ""},
		{"GET /_connector/anything", ""},
		{"PUT /_connector/_sync_job", "error: would change"},
		{"DELETE /_connector/_sync_job", "error: would change"},
		{"DELETE /_connector", "error: would change"},
		{"PUT /_connector/mine/_name", "error: would change"},
		{"DELETE /_connector/mine", "error: would change"},
		{"PUT /_connector/_secret/{id}", "error: not part"},
		{"GET /_cat/indices/{index}", "error: not part"},
		{"PUT /_connector/_sync_jobs/{id}/_stats", "error: nothing is known"},
		{"PUT /_connector/{id}/_part/{other}", "error: more than one"},
		{"PUT /_index_template/{name}", "index_template creates"},
		{"POST /_index_template/{name}", "index_template creates"},
		{"HEAD /_index_template/{name}", "index_template"},
		{"POST /_index_template/_simulate", ""},
		{"POST /_index_template/_simulate/{name}", "index_template"},
		{"POST /_index_template/_simulate_index/{name}", "index"},
		{"DELETE /_index_template", "error: would change"},
		{"GET /_ingest/pipeline", ""},
		{"PUT /_ingest/pipeline/{id}", "pipeline creates"},
		{"POST /_ingest/pipeline/{id}/_simulate", "pipeline"},
		{"PUT /_scripts/{id}", "stored_script creates"},
		{"PUT /_scripts/{id}/{context}", "error: more than one"},
		{"PUT /_security/role/{name}", "role creates"},
		{"GET /{index}", "index"},
		{"PUT /{index}", "index creates"},
		{"POST /{index}/_close", "index"},
		{"PUT /{index}/_alias/{name}", "alias creates"},
		{"GET /{index}/_alias/{name}", "alias"},
		{"PUT /{index}/_doc/{id}", "document creates"},
		{"GET /{index}/_other/{id}", "error: more than one"},
		{"POST /{index}/_aliases/{name}", "alias creates"},
		{"PUT /{index}/_create/{id}", "document creates"},
		{"POST /{index}/_doc", "document creates"},
		{"DELETE /{index}/_doc", "error: no id"},
		// What reaches beyond itself, or beyond what the run has made.
		{"PUT /_security/role_mapping/{name}", "error: nothing is known"},
		{"PUT /_snapshot/{repository}", "error: nothing is known"},
		{"POST /_aliases", "error: not part"},
		{"POST /_forcemerge", "error: not part"},
		{"PUT /_cluster/settings", "error: not part"},
		{"DELETE /_all", "error: not part"},
		{"DELETE /my-index", "error: not part"},
	} {
		method, path, _ := strings.Cut(tt.route, " ")
		b, err := k.bind(claim.Route{Method: method, Path: path})
		got := ""
		if err != nil {
			_, want, _ := strings.Cut(tt.want, ": ")
			if want == "" || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", tt.route, err, tt.want)
			}
			continue
		}
		if b.kind != nil {
			got = b.kind.Kind
		}
		if b.creates {
			got = strings.TrimSpace(got + " creates")
		}
		if got != tt.want {
			t.Errorf("%s is bound as %q, want %q", tt.route, got, tt.want)
		}
	}
}

// What would reach beyond a resource has names of the run's own, whatever is
// tried.
func TestFreshen(t *testing.T) {
	t.Parallel()
	b := &bench{registry: resource.NewRegistry("r1"), known: embedded(t)}
	for _, tt := range []struct{ kind, body, trial, want string }{
		{"connector", `{"index_name":"i","name":"n"}`, "", `{"index_name":"ID","name":"n"}`},
		{"connector", `{"index_name":"i"}`, "index_name", `{"index_name":"i"}`},
		{"index_template", `{"index_patterns":["a*","b"],"priority":1}`, "", `{"index_patterns":["ID-*","ID-*"],"priority":1}`},
		{"index_template", `{"index_patterns":"a*"}`, "index_patterns", `{"index_patterns":"ID-*"}`},
		{"index_template", `{"index_patterns":7}`, "", `{"index_patterns":7}`},
		{"index", `{"aliases":{"shared":{}}}`, "", `{"aliases":{"ID":{}}}`},
		{"index", `{"aliases":{"shared":{}}}`, "aliases", `{"aliases":{"ID":{}}}`},
		{"sync_job", `{"id":"c"}`, "", `{"id":"c"}`},
	} {
		doc, err := jsonval.Decode([]byte(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		body := doc.(map[string]any)
		b.freshen(b.known.kind(tt.kind), body, tt.trial)
		got := regexp.MustCompile(`esconform-r1-\d+`).ReplaceAllString(string(jsonval.Encode(body)), "ID")
		if got != tt.want {
			t.Errorf("%s %s, trying %q: %s, want %s", tt.kind, tt.body, tt.trial, got, tt.want)
		}
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		route, request string
		want           bool
	}{
		{"GET /_connector/{id}", "GET /_connector/x?y=z", true},
		{"GET /_connector/{id}", "GET /_connector/_sync_job", false},
		{"GET /_connector/{id}", "PUT /_connector/x", false},
		{"PUT /_connector/{id}/_name", "PUT /_connector/x/_names", false},
		{"PUT /_connector/{id}/_name", "PUT /_connector/x", false},
	} {
		method, path, _ := strings.Cut(tt.route, " ")
		rm, rp, _ := strings.Cut(tt.request, " ")
		if got := Matches(claim.Route{Method: method, Path: path}, claim.Request{Method: rm, Path: rp}); got != tt.want {
			t.Errorf("%s calls %s: %t, want %t", tt.request, tt.route, got, tt.want)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	body := map[string]any{"a": map[string]any{"b": "c"}, "d": true}
	set(body, "a.x.y", "z")
	if diff := cmp.Diff([]string{"a", "d", "a.b", "a.x", "a.x.y"}, names(body, "")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !unset(body, "a.x.y") || unset(body, "a.x.y") || unset(body, "d.e") {
		t.Error("unset does not say whether the field was there")
	}
	if v, ok := find(map[string]any{"outer": map[string]any{"b": "deep"}}, "b"); !ok || v != "deep" {
		t.Errorf("found %v", v)
	}
}

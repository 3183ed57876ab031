package operation

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/resource"
)

// runnerFor has the operations of a document that has these routes, each with
// an answer that tells an id.
func runnerFor(t *testing.T, clusterWide bool, routes ...string) *runner {
	t.Helper()
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\npaths:\n")
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		b.WriteString("  \"" + path + "\":\n    " + strings.ToLower(method) + ": {operationId: \"" + r + "\", responses: {\"200\": {content: {application/json: {schema: {properties: {id: {type: string}}}}}}}}\n")
	}
	doc, err := openapi.Read("made.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return newRunner(Config{Document: doc, Registry: resource.NewRegistry("t"), ClusterWide: clusterWide})
}

// What would reach beyond the run's own is not called unless that is allowed.
func TestRefused(t *testing.T) {
	t.Parallel()
	for route, refused := range map[string]bool{
		"GET /_cluster/health": false, "GET /{index}/_search": false, "HEAD /{index}": false,
		"PUT /{index}": false, "DELETE /{index}": false, "POST /{index}/_forcemerge": false,
		"PUT /_index_template/{name}": false, "POST /_search": false, "POST /_analyze": false,
		"POST /_connector": false, "POST /_connector/_sync_job": false, "POST /_security/api_key": false,
		"DELETE /_security/api_key": false, // by the name in its body

		"POST /_cluster/reroute": true, "PUT /_cluster/settings": true, "PUT /_settings": true, "POST /_forcemerge": true,
		"POST /_cluster/voting_config_exclusions": true, "DELETE /_cluster/voting_config_exclusions": true,
		"POST /_delete_by_query": true, "POST /_bulk": true, "POST /_aliases": true, "POST /_reindex": true,
		"POST /_license/start_trial": true, "DELETE /_license": true, "POST /_features/_reset": true,
		"POST /_security/user/_password": true, "GET /_security/enroll/node": true, "POST /_security/oauth2/token": true,
		"POST /_security/service/{namespace}/{service}/credential/token/{name}": true,
		"PUT /_nodes/{node_id}/shutdown":                                        true, "POST /_nodes/reload_secure_settings": true,
		"PUT /_template/{name}": true, "PUT /_watcher/watch/{id}": true, "PUT /_inference/{inference_id}": true,
		"PUT /_transform/{transform_id}": true, "POST /_transform/{transform_id}/_update": true, "POST /_transform/_preview": true,
		"PUT /_enrich/policy/{name}/_execute": true, "PUT /_application/search_application/{name}": true,
		"PUT /_ingest/geoip/database/{id}": true, "PUT /_ingest/ip_location/database/{id}": true,
		"PUT /_query/data_source/{name}": true, "PUT /_query/dataset/{name}": true,
		"PUT /_snapshot/{repository}": true, "POST /_snapshot/{repository}/_cleanup": true, "PUT /_slm/policy/{policy_id}": true,
		"POST /_ml/set_upgrade_mode": true, "POST /_transform/_upgrade": true, "POST /_ilm/stop": true, "POST /_flush": true,
		"PUT /{index}/_block/{block}": true, "PUT /_security/privilege": true, "DELETE /_search/scroll": true,
	} {
		for _, allowed := range []bool{false, true} {
			r := runnerFor(t, allowed, route)
			s, err := r.subject(r.ops[0])
			if err != nil {
				continue // what nobody can name is not called
			}
			if why := r.refused(r.ops[0], s); (why != "") != (refused && !allowed) {
				t.Errorf("%s, allowed: %t: refused for %q", route, allowed, why)
			}
		}
	}
}

func TestRulesCanBeRead(t *testing.T) {
	t.Parallel()
	r := theRules()
	if len(r.Beyond) == 0 || len(r.Values) == 0 || len(r.Apart) == 0 || len(r.Fields) == 0 {
		t.Fatalf("the rules are not read: %+v", r)
	}
	for _, rule := range r.Beyond {
		if rule.Why == "" || len(rule.Calls) == 0 {
			t.Errorf("a rule says nothing: %+v", rule)
		}
	}
}

// Lines of documents lead to the index of the path, whatever they name.
func TestLinesNameNoOtherIndex(t *testing.T) {
	t.Parallel()
	got := withoutIndices(lines{map[string]any{"index": map[string]any{"_index": "of-others", "_id": "1"}}, map[string]any{"a": "b"}})
	if text := string(got.encode()); strings.Contains(text, "of-others") || !strings.Contains(text, `"_id"`) {
		t.Errorf("%s", text)
	}
}

func TestWhatARefusalLacks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"failed to parse field [rules]": false, "Required [field]": true, "missing field 'field'": true,
		"Validation Failed: 1: field is missing;": true, "missing field field": true, "script or field is missing": false,
	} {
		if got := (&call{text: text}).lacks("field"); got != want {
			t.Errorf("%q lacks field: %t", text, got)
		}
	}
}

// Whatever is allowed to be called makes nothing under a name of others.
func TestGuard(t *testing.T) {
	t.Parallel()
	for index, sent := range map[string]bool{"of-others": false, "esconform-t-2": true} {
		r := runnerFor(t, false, "PUT /_transform/{id}", "DELETE /_transform/{id}")
		r.Registry.Know(r.Registry.Families(), Creations(r.Document)...)
		b := &bench{runner: r, op: r.ops[0], scope: r.Registry.Scope(nil)}
		err := b.guard("/_transform/esconform-t-1", map[string]any{"dest": map[string]any{"index": index}})
		if (err == nil) != sent {
			t.Errorf("%s: %v", index, err)
		}
	}
}

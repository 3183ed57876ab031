package resttest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
)

// specification is a small one: name, methods, paths, and what it takes.
var specification = func() *restspec.Spec {
	fsys := fstest.MapFS{"_common.json": {Data: []byte(`{"params":{"filter_path":{}}}`)}}
	for _, api := range []struct {
		name, methods, paths, extra string
	}{
		{"info", "GET", "/", ""},
		{"echo", "GET,POST", "/_echo", `"params":{"status":{},"warn":{}},"body":{}`},
		{"cat.things", "GET", "/_cat/things", `"headers":{"accept":["text/plain"]}`},
		{"indices.create", "PUT", "/{index}", `"body":{}`},
		{"indices.get", "GET", "/{index}", ""},
		{"indices.exists", "HEAD", "/{index}", ""},
		{"indices.delete", "DELETE", "/{index}", ""},
		{"indices.put_settings", "PUT", "/{index}/_settings,/_settings", `"body":{}`},
		{"indices.clone", "PUT", "/{index}/_clone/{target}", `"body":{}`},
		{"index", "PUT,POST", "/{index}/_doc/{id}", `"body":{"required":true}`},
		{"search", "GET,POST", "/_search,/{index}/_search", `"body":{}`},
		{"bulk", "POST", "/_bulk,/{index}/_bulk", `"body":{"required":true,"serialize":"bulk"}`},
		{"indices.put_index_template", "PUT", "/_index_template/{name}", `"body":{"required":true}`},
		{"indices.get_index_template", "GET", "/_index_template/{name}", ""},
		{"indices.delete_index_template", "DELETE", "/_index_template/{name}", ""},
		{"security.create_api_key", "PUT,POST", "/_security/api_key", `"body":{}`},
		{"security.invalidate_api_key", "DELETE", "/_security/api_key", `"body":{"required":true}`},
		{"job.post", "POST", "/_job", `"body":{}`},
		{"job.get", "GET", "/_job/{job_id}", ""},
		{"job.delete", "DELETE", "/_job/{job_id}", ""},
		{"cluster.put_settings", "PUT", "/_cluster/settings", `"body":{}`},
	} {
		var paths []string
		methods, _ := json.Marshal(strings.Split(api.methods, ","))
		for _, p := range strings.Split(api.paths, ",") {
			paths = append(paths, fmt.Sprintf(`{"path":%q,"methods":%s}`, p, methods))
		}
		doc := fmt.Sprintf(`{%q:{"url":{"paths":[%s]}`, api.name, strings.Join(paths, ","))
		if api.extra != "" {
			doc += "," + api.extra
		}
		fsys[api.name+".json"] = &fstest.MapFile{Data: []byte(doc + "}}")}
	}
	spec, err := restspec.Load(fsys)
	if err != nil {
		panic(err)
	}
	return spec
}()

// server is an Elasticsearch as small as these tests need: paths that can be
// put, read and deleted, and an echo.
type server struct {
	mu     sync.Mutex
	things map[string]bool
	log    []string // requests that are no reads
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.URL.Path != "/_echo" {
		s.log = append(s.log, r.Method+" "+r.URL.RequestURI())
	}
	say := func(status int, text string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
	top := r.URL.Path
	if parts := strings.Split(top, "/"); !strings.HasPrefix(top, "/_") {
		top = "/" + parts[1]
		if len(parts) > 3 && parts[2] == "_clone" {
			top = "/" + parts[3]
		}
	}
	switch {
	case r.URL.Path == "/_echo":
		if warn := r.URL.Query().Get("warn"); warn != "" {
			w.Header().Add("Warning", `299 Elasticsearch-9.5.3-abc "`+warn+`"`)
		}
		status := 200
		_, _ = fmt.Sscan(r.URL.Query().Get("status"), &status)
		if len(body) == 0 {
			body = []byte(`{}`)
		}
		say(status, string(body))
	case r.URL.Path == "/_cat/things":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "name  count\none   1\n")
	case r.URL.Path == "/_cluster/state/nodes":
		say(200, `{"nodes_features":[{"node_id":"a","features":["flying"]}]}`)
	case r.URL.Path == "/_capabilities":
		say(200, fmt.Sprintf(`{"supported":%t}`, r.URL.Query().Get("capabilities") == "known"))
	case r.URL.Path == "/_nodes":
		say(200, `{"nodes":{"n":{"version":"9.5.3","attributes":{"zone":"a"}}}}`)
	case r.URL.Path == "/_security/api_key" && r.Method == http.MethodDelete:
		delete(s.things, "/_security/api_key")
		say(200, `{"invalidated_api_keys":["k1"]}`)
	case r.URL.Path == "/_security/api_key" && r.Method == http.MethodGet && !s.things[r.URL.Path]:
		say(200, `{"api_keys":[]}`)
	case r.URL.Path == "/_security/api_key" && r.Method != http.MethodGet:
		s.things[r.URL.Path] = true
		say(200, `{"id":"k1","api_key":"s3cr3t-made-up","encoded":"azE6czNjcjN0LW1hZGUtdXA="}`)
	case r.URL.Path == "/_job" && r.Method == http.MethodPost:
		s.things["/_job/j1"] = true
		say(201, `{"id":"j1"}`)
	case r.URL.Path == "/_bulk", r.URL.Path == "/_cluster/settings":
		say(200, `{"errors":false}`)
	case strings.Contains(r.URL.Path, "/_doc/") && r.Method == http.MethodPut:
		s.things[top] = true
		say(201, `{"result":"created"}`)
	case r.Method == http.MethodPut || r.Method == http.MethodPost && top != r.URL.Path:
		s.things[top] = true
		say(200, `{"acknowledged":true}`)
	case !s.things[top]:
		say(404, `{"error":{"type":"index_not_found_exception","reason":"no such index [\"x\"]"},"status":404}`)
	case r.Method == http.MethodDelete:
		delete(s.things, top)
		say(200, `{"acknowledged":true}`)
	default:
		say(200, fmt.Sprintf(`{%q:{"settings":{"index.hidden":true}}}`, top[1:]))
	}
}

// bench runs tests against such a server.
type bench struct {
	server     *server
	client     *wire.Client
	registry   *resource.Registry
	disposable bool
	version    string
}

func newBench(t *testing.T, there ...string) *bench {
	t.Helper()
	s := &server{things: map[string]bool{}}
	for _, name := range there {
		s.things[name] = true
	}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	client, err := wire.New(wire.Config{URL: listener.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	known, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	registry := resource.NewRegistry("r1")
	registry.Know(known, specification.Creations()...)
	return &bench{server: s, client: client, registry: registry, version: "9.5.3"}
}

func tests(t *testing.T, yaml string) []*Test {
	t.Helper()
	all, err := Load("tests", fstest.MapFS{"a/b.yml": {Data: []byte(yaml)}}, specification)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// run runs the first test of a file and cleans up. It returns what the first
// step that did not pass says.
func (b *bench) run(t *testing.T, yaml string) error {
	t.Helper()
	test := tests(t, yaml)[0]
	session := b.client.Session()
	scope := b.registry.Scope(session)
	x := test.Begin(Env{Session: session, Scope: scope, Version: esversion.MustParse(b.version), Disposable: b.disposable})
	var failed error
	for i := range test.Steps {
		if failed = x.Step(context.Background(), i); failed != nil {
			x.Abandon(context.Background())
			break
		}
	}
	if err := scope.Cleanup(context.Background()); err != nil {
		t.Errorf("cleanup: %v", err)
	}
	return failed
}

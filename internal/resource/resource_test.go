package resource

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// fake is as much of an Elasticsearch as creating and deleting needs.
type fake struct {
	soft       bool // a plain delete only marks a connector
	noHard     bool // ?hard is an unknown parameter
	hidden     bool // stored documents may not be read
	immortal   bool // deletes are answered 200 and do nothing
	conflicts  int  // so many deletes are answered 409 first
	connectors map[string]bool
	marked     map[string]bool
	jobs       map[string]bool
	of         map[string]string // the connector of each job

	mu       sync.Mutex
	requests []string
	n        int
}

func (f *fake) reset() {
	f.connectors, f.marked, f.jobs, f.of = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.Method+" "+r.URL.String())
	status, body := f.answer(r)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (f *fake) answer(r *http.Request) (int, string) {
	id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	job := strings.HasPrefix(r.URL.Path, "/_connector/_sync_job")
	switch {
	case r.Method == "POST":
		f.n++
		id = fmt.Sprintf("job-%d", f.n)
		f.jobs[id], f.of[id] = true, jsonAt(r.Body, "id")
		return 201, `{"id":"` + id + `"}`
	case r.Method == "PUT" && f.connectors[id]:
		return 200, `{"id":"` + id + `","result":"updated"}`
	case r.Method == "PUT":
		f.connectors[id] = true
		return 201, `{"id":"` + id + `","result":"created"}`
	case r.Method == "GET" && r.URL.Query().Has("connector_id"):
		return 200, f.listed(r.URL.Query().Get("connector_id"))
	case strings.HasPrefix(r.URL.Path, "/.elastic-connectors/"):
		if f.hidden {
			return 403, "{}"
		}
		return found(f.connectors[id] || f.marked[id])
	case r.Method == "GET" && job:
		return found(f.jobs[id])
	case r.Method == "GET":
		return found(f.connectors[id])
	case f.conflicts > 0:
		f.conflicts--
		return 409, `{"error":{"type":"version_conflict_engine_exception"}}`
	case f.immortal:
		return 200, `{"acknowledged":true}`
	case job:
		had := f.jobs[id]
		delete(f.jobs, id)
		return found(had)
	}
	return f.deleteConnector(r, id)
}

func jsonAt(body io.Reader, key string) string {
	var doc map[string]any
	_ = json.NewDecoder(body).Decode(&doc)
	text, _ := doc[key].(string)
	return text
}

// listed lists the sync jobs of a connector.
func (f *fake) listed(connector string) string {
	var ids []string
	for id, there := range f.jobs {
		if there && f.of[id] == connector {
			ids = append(ids, `{"id":"`+id+`"}`)
		}
	}
	return `{"results":[` + strings.Join(ids, ",") + `]}`
}

func (f *fake) deleteConnector(r *http.Request, id string) (int, string) {
	hard := r.URL.Query().Has("hard")
	switch {
	case hard && f.noHard:
		return 400, `{"error":{"reason":"contains unrecognized parameter: [hard]"}}`
	case hard:
		had := f.connectors[id] || f.marked[id]
		delete(f.connectors, id)
		delete(f.marked, id)
		return found(had)
	}
	had := f.connectors[id]
	f.marked[id] = f.soft && had
	delete(f.connectors, id)
	return found(had)
}

func found(yes bool) (int, string) {
	if yes {
		return 200, "{}"
	}
	return 404, "{}"
}

func serve(t *testing.T, f *fake) (*Registry, *Scope) {
	t.Helper()
	return serveThrough(t, f, func(next http.Handler) http.HandlerFunc { return next.ServeHTTP })
}

// serveThrough serves f behind a handler of the test's own.
func serveThrough(t *testing.T, f *fake, before func(http.Handler) http.HandlerFunc) (*Registry, *Scope) {
	t.Helper()
	f.reset()
	return registryOf(t, before(f))
}

func registryOf(t *testing.T, h http.Handler) (*Registry, *Scope) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := wire.New(wire.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	r := NewRegistry("r1")
	return r, r.Scope(c.Session())
}

func create(t *testing.T, sc *Scope) (connector, job string) {
	t.Helper()
	connector, err := sc.Create(t.Context(), "connector", New{})
	if err != nil {
		t.Fatal(err)
	}
	job, err = sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": connector}, Extra: map[string]any{"job_type": "full"}})
	if err != nil {
		t.Fatal(err)
	}
	return connector, job
}

// What a scenario deleted as thoroughly as cleanup would is not deleted again; what it
// may only have marked as deleted is.
func TestThoroughDeletionIsNotRepeated(t *testing.T) {
	t.Parallel()
	reads := []string{"GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1"}
	for query, want := range map[string][]string{
		"?hard=true": reads,
		"":           append([]string{"DELETE /_connector/esconform-r1-1?hard=true"}, reads...),
	} {
		t.Run("deletion "+query, func(t *testing.T) {
			t.Parallel()
			server := &fake{soft: true}
			registry, sc := serve(t, server)
			connector, err := sc.Create(t.Context(), "connector", New{})
			if err != nil {
				t.Fatal(err)
			}
			if res, err := sc.Do(t.Context(), wire.Request{Method: http.MethodDelete, Path: "/_connector/" + connector + query}); err != nil || res.Status != http.StatusOK {
				t.Fatal(err, res)
			}
			before := len(server.requests)
			if err := sc.Cleanup(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, server.requests[before:]); diff != "" {
				t.Errorf("requests -want +got\n%s", diff)
			}
			if diff := cmp.Diff(result.Resources{Created: 1, Deleted: 1}, registry.Summary()); diff != "" {
				t.Errorf("summary -want +got\n%s", diff)
			}
		})
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	server := &fake{}
	registry, sc := serve(t, server)
	create(t, sc)
	sc.Keep()
	before := len(server.requests)
	if err := sc.Cleanup(t.Context()); err != nil || len(server.requests) != before {
		t.Errorf("something was deleted (%v)", err)
	}
	sum := registry.Summary()
	if sum.Created != 2 || sum.Kept != 2 || len(sum.Leftovers) != 2 || !sum.Leftovers[0].Kept {
		t.Errorf("summary %+v", sum)
	}
}

func TestWhatAStepDeletes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		alive bool // the deletion that the step believes in had no effect
		want  []string
	}{
		{"gone", false, []string{"GET /_connector/_sync_job/job-1"}},
		{"still there", true, []string{"GET /_connector/_sync_job/job-1", "DELETE /_connector/_sync_job/job-1", "GET /_connector/_sync_job/job-1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := &fake{}
			registry, sc := serve(t, server)
			connector, job := create(t, sc)
			for _, path := range []string{"/_connector/_sync_job/" + job, "/_connector/" + connector} {
				if res, err := sc.Do(t.Context(), wire.Request{Method: "DELETE", Path: path}); err != nil || res.Status != 200 {
					t.Fatalf("delete %s: %v, %v", path, res, err)
				}
			}
			server.jobs[job] = tt.alive
			before := len(server.requests)
			if err := sc.Cleanup(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := append(tt.want, "DELETE /_connector/esconform-r1-1?hard=true", "GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1")
			if diff := cmp.Diff(want, server.requests[before:]); diff != "" {
				t.Errorf("requests -want +got\n%s", diff)
			}
			if sum := registry.Summary(); sum.Deleted != 2 || sum.Leftovers != nil {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

func TestTrack(t *testing.T) {
	t.Parallel()
	var requests []string
	var bodies []string
	registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r.Method+" "+r.URL.String())
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		switch {
		case r.Method == "DELETE":
		case r.URL.Path == "/_security/api_key":
			_, _ = io.WriteString(w, `{"api_keys":[]}`)
		default:
			w.WriteHeader(404)
		}
	}))
	sc.Track("index", "i")
	sc.Track("document", "i/_doc/d%2F1")
	sc.Track("user", "u")
	sc.Track("role", "r")
	sc.Track("api_key", "k")
	sc.Track("api_key_id", "x")
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Error(err)
	}
	want := []string{
		"DELETE /_security/api_key", "GET /_security/api_key?id=x&active_only=true", "DELETE /_security/api_key", "GET /_security/api_key?name=k&active_only=true", "DELETE /_security/role/r", "GET /_security/role/r",
		"DELETE /_security/user/u", "GET /_security/user/u", "DELETE /i/_doc/d%2F1", "GET /i/_doc/d%2F1", "DELETE /i", "GET /i",
	}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("requests -want +got\n%s", diff)
	}
	if bodies[0] != `{"ids":["x"]}` || bodies[2] != `{"name":"k"}` {
		t.Errorf("the keys were deleted with %q", bodies)
	}
	if sum := registry.Summary(); sum.Created != 6 || sum.Deleted != 6 || sum.Leftovers != nil {
		t.Errorf("summary %+v", sum)
	}
}

func TestSetupErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"200 {}", 200, "{}", "got 200 {}, want 201 with"},
		{"no body", 201, "", "got 201 (empty), want 201 with"},
		{"no id", 201, `{"result":"created"}`, `got 201 {"result":"created"}, want`},
		{"id of another type", 201, `{"id":7}`, `got 201 {"id":7}, want`},
		{"refused", 403, `{"error":{"type":"security_exception"}}`, `got 403 {"error":{"type":"security_exception"}}, want`},
		{"HTML", 200, "<html>\n<body>" + strings.Repeat("x", 1000), "got 200 <html> <body>xxx"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}))
			_, errConnector := sc.Create(t.Context(), "connector", New{})
			_, errJob := sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": "c"}})
			for action, err := range map[string]error{"create connector esconform-r1-1: ": errConnector, "create sync job of connector c: ": errJob} {
				var setup *SetupError
				if !errors.As(err, &setup) || !strings.HasPrefix(err.Error(), action+tt.want) || len(err.Error()) > 320 || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %v, want a *SetupError %q", err, action+tt.want)
				}
			}
			// The status is believed; a job without an id is named as left.
			if sum := registry.Summary(); (sum.Created == 1) != (tt.status == 201) || (len(sum.Leftovers) > 0) == (tt.status == 403) {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

// A name that was in use before must be left alone.
func TestNothingOfOthersIsDeleted(t *testing.T) {
	t.Parallel()
	server := &fake{}
	registry, sc := serve(t, server)
	server.connectors["theirs"], server.connectors["esconform-r1-1"] = true, true
	for _, id := range []string{"theirs", ""} {
		if _, err := sc.Create(t.Context(), "connector", New{ID: id}); err == nil {
			t.Error("an existing connector was taken for a new one")
		}
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !server.connectors["theirs"] || !server.connectors["esconform-r1-1"] || registry.Summary().Deleted != 0 {
		t.Errorf("requests %q", server.requests)
	}
}

// The request that creates something may succeed though its answer is lost.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	server := &fake{}
	server.reset()
	lose := "PUT"
	registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == lose {
			server.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		server.ServeHTTP(w, r)
	}))
	_, err := sc.Create(t.Context(), "connector", New{})
	var transport *wire.TransportError
	if !errors.As(err, &transport) || !strings.HasPrefix(err.Error(), "create connector esconform-r1-1: PUT ") {
		t.Fatalf("got %v", err)
	}
	if err := sc.Cleanup(t.Context()); err != nil || len(server.connectors) != 0 {
		t.Errorf("the connector is still there (%v)", err)
	}
	if diff := cmp.Diff(result.Resources{Created: 1, Deleted: 1}, registry.Summary()); diff != "" {
		t.Errorf("summary -want +got\n%s", diff)
	}

	lose = "POST"
	id, err := sc.Create(t.Context(), "connector", New{})
	if err != nil {
		t.Fatal(err)
	}
	// The scope that wants the job is not the one that holds the connector.
	if _, err := registry.Scope(sc.session).Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": id}}); err == nil {
		t.Fatal("want an error")
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(server.jobs) != 0 {
		t.Errorf("the sync job whose id nobody knows was not deleted:\n%s", strings.Join(server.requests, "\n"))
	}
}

func TestNothingWasCreatedWhereNothingAnswers(t *testing.T) {
	t.Parallel()
	c, err := wire.New(wire.Config{URL: "http://127.0.0.1:1", Limits: limits.Default()})
	if err != nil {
		t.Fatal(err)
	}
	registry := NewRegistry("r1")
	sc := registry.Scope(c.Session())
	if _, err := sc.Create(t.Context(), "connector", New{}); err == nil {
		t.Fatal("want an error")
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Errorf("something was to be deleted: %v", err)
	}
	if sum := registry.Summary(); sum.Created != 0 || sum.Leftovers != nil {
		t.Errorf("summary %+v", sum)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	var got []string
	_, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		w.WriteHeader(201)
		_ = json.NewEncoder(w).Encode(map[string]string{"id": r.URL.Path[len("/_connector/"):]})
	}))
	for _, body := range []any{nil, `{"a": 1}`, []byte("x"), map[string]any{"b": json.Number("1.0")}} {
		if _, err := sc.Create(t.Context(), "connector", New{ID: "c", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{`{"index_name":"c","name":"c","service_type":"esconform"}`, `{"a": 1}`, "x", `{"b":1.0}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bodies -want +got\n%s", diff)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	server := &fake{}
	registry, sc := serve(t, server)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			id, err := sc.Create(t.Context(), "connector", New{})
			if err == nil {
				_, err = sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": id}})
			}
			if err != nil {
				t.Error(err)
			}
			registry.Summary()
		})
	}
	wg.Wait()
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(result.Resources{Created: 32, Deleted: 32}, registry.Summary()); diff != "" {
		t.Errorf("summary -want +got\n%s", diff)
	}
	if len(server.connectors)+len(server.jobs) != 0 {
		t.Error("something is left in the server")
	}
}

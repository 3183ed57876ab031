package resource

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// what describes what a scope holds and what the registry has left: "?" stands
// before what may not be there.
func what(sc *Scope) string {
	var words []string
	for _, it := range sc.items {
		sure := ""
		if it.unsure {
			sure = "?"
		}
		words = append(words, sure+it.kind.name+" "+it.id)
	}
	for _, left := range sc.registry.Summary().Leftovers {
		switch {
		case left.ID == "(unknown)":
			words = append(words, "left "+left.Kind)
		case left.Kind == unknown && strings.Contains(left.ID, " "):
			words = append(words, "left "+left.Kind+" "+left.ID)
		}
	}
	return strings.Join(words, ", ")
}

// Every request that creates something is known to, with a name of the run's
// own whatever the answer says, with another only where it says so.
func TestWhatRequestsCreate(t *testing.T) {
	t.Parallel()
	const strange, lost = 299, 0
	for _, tt := range []struct {
		request, body string
		status        int
		answer, want  string
	}{
		{"PUT /_connector/esconform-r1-1", "", 201, `{"id":"x","result":"created"}`, "connector esconform-r1-1"},
		{"PUT /_connector/esconform-r1-1/?pretty", "", 201, "", "connector esconform-r1-1"},
		{"PUT /_connector/esconform-r1-1", "", 200, `{"result":"updated"}`, ""},
		{"PUT /_connector/esconform-r1-1", "", 200, `{"resultat":"created"}`, "?connector esconform-r1-1"},
		{"PUT /_connector/esconform-r1-1", "", 403, `{}`, "?connector esconform-r1-1"},
		{"PUT /_connector/esconform-r1-1", "", strange, "", "?connector esconform-r1-1"},
		{"PUT /_connector/esconform-r1-1", "", lost, "", "?connector esconform-r1-1"},
		{"PUT /_connector/c%201", "", 201, `{"result":"created"}`, "connector c 1"},
		{"PUT /_connector/c1", "", 200, `{"result":"updated"}`, ""},
		{"PUT /_connector/c1", "", 403, "", ""},
		{"PUT /_connector/c1", "", strange, "", "?connector c1"},
		{"PUT /_connector/c1/_name", "", 200, `{"result":"updated"}`, ""},
		{"POST /_connector", `{"name":"n"}`, 201, `{"id":"c2"}`, "connector c2"},
		{"POST /_connector", `{"name":"n"}`, lost, "", "left connector"},
		{"POST /_connector", `{"name":"n"}`, 400, `{}`, ""},
		{"POST /_connector", `{"name":"esconform-r1-2"}`, 201, `{"id":"c2"}`, "connector c2"},
		{"POST /_connector", `{"name":"esconform-r1-2"}`, 201, `{}`, "?connectors_named esconform-r1-2"},
		{"POST /_connector/_sync_job", `{"id":"esconform-r1-1"}`, 201, `{"id":"j1"}`, "sync_job j1"},
		{"POST /_connector/_sync_job", `{"id":"esconform-r1-1"}`, strange, `{"id":"j1"}`, "sync_job j1"},
		{"POST /_connector/_sync_job", `{"id":"esconform-r1-1"}`, 201, `{"di":"j1"}`, "?sync_jobs_of esconform-r1-1"},
		{"POST /_connector/_sync_job", `{"id":"esconform-r1-1"}`, 400, `{}`, "?sync_jobs_of esconform-r1-1"},
		{"POST /_connector/_sync_job", `{"id":"theirs"}`, 201, `{"id":"j1"}`, "sync_job j1"},
		{"POST /_connector/_sync_job", `{"id":"theirs"}`, lost, ``, "left sync_job"},
		{"POST /_connector/_sync_job", `{"id":"theirs"}`, 404, `{}`, ""},
		{"PUT /_connector/_sync_job/j1/_stats", "", 200, `{"result":"updated"}`, ""},
		{"PUT /my-index", "", 200, `{"acknowledged":true}`, "index my-index"},
		{"PUT /my-index", "", 400, `{}`, ""},
		{"PUT /esconform-r1-3/_doc/1", "", 201, `{}`, "?index esconform-r1-3"},
		{"PUT /esconform-r1-3", "", 200, `{}`, "index esconform-r1-3"},
		{"PUT /books/_doc/a%2Fb?refresh", "", 201, `{"_id":"a/b","result":"created"}`, "index books"},
		{"PUT /books/_doc/1", "", 400, `{}`, ""},
		{"PUT /books/_clone/more", "", 200, `{"acknowledged":true}`, "index more"},
		{"PUT /_index_template/t", "", 200, `{"acknowledged":true}`, "index_template t"},
		{"PUT /_index_template/esconform-r1-8", "", lost, ``, "?index_template esconform-r1-8"},
		{"POST /_index_template/_simulate", "", 200, `{"template":{}}`, ""},
		{"POST /_bulk", "{\"index\":{\"_index\":\"b\"}}\n{}\n", 200, `{"items":[{"index":{"_index":"b","_id":"1","result":"created"}}]}`, "index b"},
		{"POST /.b/_bulk", "", 200, `{"items":[{"index":{"_index":".b","_id":"1/2","result":"created"}},{"index":{"_index":".b","_id":"2","result":"updated"}}]}`, "document .b/_doc/1%2F2"},
		{"POST /_bulk", "{\"index\":{\"_index\":\"esconform-r1-9\"}}\n{}\n", lost, ``, "?index esconform-r1-9"},
		{"POST /_aliases", `{"actions":[{"add":{"index":"i","alias":"a"}},{"remove":{"index":"i","alias":"b"}}]}`, 200, `{"acknowledged":true}`, "alias i/_alias/a"},
		{"POST /_aliases", `{"actions":[{"add":{"indices":["i","j"],"aliases":["a","b"]}}]}`, 200, `{"acknowledged":true}`, "alias i%2Cj/_alias/a%2Cb"},
		{"POST /_aliases", "actions: []", 200, `{"acknowledged":true}`, "left unknown POST /_aliases"},
		{"POST /_aliases", "actions: []", 400, `{}`, ""},
		{"POST /.b/_bulk?filter_path=errors", "", 200, `{"errors":false}`, "left document"},
		{"POST /.b/_bulk", "", 200, `{"items":[]}`, ""},
		{"POST /.b/_bulk", "", 400, `{}`, ""},
		{"PUT /_no/catalogue", "", 201, `{}`, "unknown /_no/catalogue"},
		{"PUT /_no/esconform-r1-10", "", 200, `{"acknowledged":true}`, "unknown /_no/esconform-r1-10"},
		{"PUT /_no/catalogue", "", 200, `{"acknowledged":true}`, "left unknown PUT /_no/catalogue"},
		{"POST /_no/catalogue", "", 201, `{"id":"1"}`, "left unknown POST /_no/catalogue"},
		{"POST /_no/catalogue", "", 200, `{"hits":[]}`, ""},
		{"PUT /_no/catalogue", "", 404, ``, ""},
		{"PUT /foreign/_mapping", "", 200, `{"acknowledged":true}`, "left unknown PUT /foreign/_mapping"},
		{"PUT /esconform-r1-11,foreign/_mapping", "", 200, `{"acknowledged":true}`, "left unknown PUT /esconform-r1-11,foreign/_mapping"},
		{"PUT /esconform-r1-11%2cforeign/_mapping", "", 200, `{"acknowledged":true}`, "left unknown PUT /esconform-r1-11%2cforeign/_mapping"},
		{"PUT /*,-esconform-r1-11/_mapping", "", 200, `{"acknowledged":true}`, "left unknown PUT /*,-esconform-r1-11/_mapping"},
		{"PUT /esconform-r1-11,foreign", "", 400, `{}`, ""},
		{"PUT /esconform-r1-11,foreign/_alias/a", "", 200, `{"acknowledged":true}`, "alias esconform-r1-11,foreign/_alias/a"},
		{"PUT /_no/esconform-r1-12,foreign", "", 201, `{"acknowledged":true}`, "left unknown PUT /_no/esconform-r1-12,foreign"},
		{"PUT /esconform-r1-11/_mapping", "", 200, `{"acknowledged":true}`, "index esconform-r1-11"},
		{"PUT /.books/_doc/1", "", 200, `{"_id":"1","result":"updated"}`, ""},
		{"PUT /books/_doc/esconform-r1-4", "", lost, ``, "?index books, ?document books/_doc/esconform-r1-4"},
		{"PUT /.books/_doc/1?routing=a%26b&refresh", "", 201, `{"result":"created"}`, "document .books/_doc/1?routing=a%26b"},
		{"POST /.b/_bulk?routing=r", "", 200, `{"items":[{"index":{"_index":".b","_id":"1","result":"created"}}]}`, "document .b/_doc/1?routing=r"},
		{"POST /.books/_doc", "", 201, `{"_id":"a/b"}`, "document .books/_doc/a%2Fb"},
		{"PUT /.books/_doc/1", "", 201, `{"_id":"1"}`, "document .books/_doc/1"},
		{"PUT /_security/user/u1", "", 200, `{"created":true}`, "user u1"},
		{"PUT /_security/user/u1", "", 200, `{"created":false}`, ""},
		{"PUT /_security/user/esconform-r1-5", "", 200, `{"detaerc":true}`, "?user esconform-r1-5"},
		{"PUT /_security/role/r1", "", 200, `{"role":{"created":true}}`, "role r1"},
		{"PUT /_security/role/esconform-r1-6", "", strange, `{"role":{"created":true}}`, "?role esconform-r1-6"},
		{"POST /_security/api_key", `{"name":"k"}`, 200, `{"id":"k1"}`, "api_key_id k1"},
		{"POST /_security/api_key", `{"name":"k"}`, 200, `{}`, "left api_key_id"},
		{"POST /_security/api_key", `{"name":"esconform-r1-7"}`, 200, `{}`, "api_key esconform-r1-7"},
		{"POST /_security/api_key", `{"name":"esconform-r1-7"}`, lost, ``, "?api_key esconform-r1-7"},
		{"POST /_security/role", `{"roles":{"a":{}}}`, 200, `{"created":["a"]}`, "role a"},
		{"PUT /_security/privilege", `{"app":{"read it":{}}}`, 200, `{"app":{"read it":{"created":true}}}`, "application_privilege app/read%20it"},
		{"POST /_reindex", `{"source":{"index":"a"},"dest":{"index":"b"}}`, 200, `{"created":2}`, "index b"},
		{"POST /_reindex", `{"source":{"index":"a"},"dest":{"index":"b"}}`, lost, ``, "?index b"},
		{"PUT /_license", "", 200, `{"acknowledged":true}`, "left unknown PUT /_license"},
		{"GET /_connector/c1", "", 200, `{"id":"c1"}`, ""},
	} {
		_, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet { // whoever asks before is told that nothing is there
				w.WriteHeader(http.StatusNotFound)
				return
			}
			if tt.status == lost {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, tt.answer)
		}))
		method, path, _ := strings.Cut(tt.request, " ")
		_, _ = sc.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(tt.body)})
		if got := what(sc); got != tt.want {
			t.Errorf("%s %s answered %d %s: the scope holds %q, want %q", tt.request, tt.body, tt.status, tt.answer, got, tt.want)
		}
	}
}

// What the run did not create and has changed or deleted for good is named, and
// nothing that it did create.
func TestWhatCannotBeUndone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		request, answer string
		left            int
	}{
		{"PUT /.books/_doc/1", `{"result":"updated"}`, 1},
		{"PUT /_security/user/u1", `{"created":false}`, 1},
		{"PUT /_security/user/esconform-r1-1", `{"created":false}`, 0},
		{"POST /.b/_bulk", `{"items":[{"index":{"_index":".b","_id":"1","result":"updated"}},{"delete":{"_index":".b","_id":"2","result":"deleted"}},{"delete":{"_index":".b","_id":"3","result":"not_found"}}]}`, 2},
		{"DELETE /books", `{}`, 1},
		{"DELETE /books/_doc/1", `{}`, 1},
		{"DELETE /_security/user/u1", `{}`, 1},
		{"DELETE /esconform-r1-1", `{}`, 0},
		{"DELETE /esconform-r1-1/_doc/1", `{}`, 0},
		{"DELETE /mine", `{}`, 0},
		{"DELETE /mine/_doc/1", `{}`, 0},
		{"DELETE /_search/scroll", `{}`, 0},
	} {
		registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				_, _ = io.WriteString(w, tt.answer)
				return
			}
			w.WriteHeader(http.StatusNotFound)
		}))
		sc.Track("index", "mine")
		method, path, _ := strings.Cut(tt.request, " ")
		if _, err := sc.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if err := sc.Cleanup(t.Context()); err != nil {
			t.Errorf("%s: %v", tt.request, err)
		}
		if sum := registry.Summary(); len(sum.Leftovers) != tt.left {
			t.Errorf("%s: %+v", tt.request, sum.Leftovers)
		}
	}
}

// What no catalogue has may be foreseen, by its path. What was claimed is the
// run's whatever the answer.
func TestForeseen(t *testing.T) {
	t.Parallel()
	known, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	foreseen := []family.Creation{
		{Call: family.Call{Request: family.NewRequest("/_rules/{a}/_rule/{b}", "PUT")}, ID: "/_rules/{a}/_rule/{b}",
			Fresh: family.Fresh{Asked: true}, Brings: &family.Brings{Kind: unknown, ID: "/_rules/{a}"}},
		{Call: family.Call{Request: family.NewRequest("/_job/{a}", "PUT")}, ID: "/_job/{a}", Fresh: family.Fresh{Asked: true},
			Brings: &family.Brings{Kind: "index", Each: family.Each{Of: "request", At: "/dest/index"}}},
		{Call: family.Call{Request: family.NewRequest("/_search_later", "POST")}, ID: "/_search_later/{answer}", Answer: "/id", Maybe: true},
	}
	const lost = 0
	for _, tt := range []struct {
		request string
		there   string // what a read says
		status  int
		answer  string
		want    string
	}{
		{"PUT /_rules/r/_rule/1", "404 {}", 200, `{}`, "unknown /_rules/r"},
		{"PUT /_rules/r/_rule/1", `200 {"rules":[],"count":0}`, 200, `{}`, "unknown /_rules/r"},
		{"PUT /_rules/r/_rule/1", `405 {}`, 200, `{}`, "unknown /_rules/r"},
		{"PUT /_rules/r/_rule/1", `200 {"rules":[{}],"count":1}`, 400, `{}`, ""},
		{"PUT /_rules/r/_rule/1", "404 {}", 400, `{}`, ""},
		{"PUT /_rules/claimed/_rule/1", "404 {}", lost, ``, "?unknown /_rules/claimed, ?unknown /_rules/claimed/_rule/1"},
		{"PUT /_job/j", "404 {}", 200, `{}`, "index out, unknown /_job/j"},
		{"POST /_search_later", "404 {}", 200, `{"id":"x y"}`, "unknown /_search_later/x%20y"},
		{"POST /_search_later", "404 {}", 200, `{"hits":{}}`, ""},
		{"PUT /claimed", "404 {}", lost, ``, "?index claimed"},
	} {
		registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			status, answer := tt.status, tt.answer
			if r.Method == http.MethodGet {
				status, answer = 0, tt.there[4:]
				_, _ = fmt.Sscan(tt.there, &status)
			}
			if status == lost {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, answer)
		}))
		registry.Know(known, foreseen...)
		sc.Claim(func(path string) bool { return strings.Contains(path, "claimed") })
		method, path, _ := strings.Cut(tt.request, " ")
		_, _ = sc.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(`{"dest":{"index":"out"}}`)})
		if got := what(sc); got != tt.want {
			t.Errorf("%s, %s, %d: the scope holds %q, want %q", tt.request, tt.there, tt.status, got, tt.want)
		}
		for _, it := range sc.items {
			if it.claimed != strings.Contains(path, "claimed") || it.ours != it.claimed {
				t.Errorf("%s: %s is claimed: %t, ours: %t", tt.request, it.id, it.claimed, it.ours)
			}
		}
	}
}

func TestMakesAndOwns(t *testing.T) {
	t.Parallel()
	_, sc := registryOf(t, http.NotFoundHandler())
	for request, want := range map[string]string{
		"PUT /a": "/a true", "PUT /a/_doc/1": "/a /a/_doc/1 true", "PUT /a/_clone/b": "/b true", "POST /_search": " false",
		"POST /_security/api_key": " true", "GET /a": " false",
	} {
		method, path, _ := strings.Cut(request, " ")
		paths, known := sc.Makes(method, path, nil)
		if got := fmt.Sprint(strings.Join(paths, " "), " ", known); got != want {
			t.Errorf("%s makes %q, want %q", request, got, want)
		}
	}
	sc.Track("index", "a b")
	sc.Track("api_key_id", "k1")
	for path, want := range map[string]bool{
		"/a%20b": true, "/a%20b/_settings": true, "/a%20bc": false, "/": false,
		"/_security/api_key/k1": true, "/_security/api_key/k2": false, "/_security/api_key?id=k1&active_only=true": true, "/_security/api_key": false,
	} {
		if sc.Owns(path) != want {
			t.Errorf("%s: got %t", path, !want)
		}
	}
}

// The journal knows of everything before the target does, and keeps what it
// cannot write from being created.
func TestJournalComesFirst(t *testing.T) {
	t.Parallel()
	server := &fake{}
	registry, sc := serve(t, server)
	var journal []string
	var full error
	registry.Journal(func(e result.ResourceEvent) error {
		journal = append(journal, e.Event+" "+e.Kind+" "+e.ID+" after "+last(server.requests))
		return full
	})
	create(t, sc)
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"creating connector esconform-r1-1 after ",
		"created sync_job job-1 after POST /_connector/_sync_job",
		"gone sync_job job-1 after GET /_connector/_sync_job/job-1",
		"gone connector esconform-r1-1 after GET /.elastic-connectors/_doc/esconform-r1-1",
	}
	if diff := cmp.Diff(want, journal); diff != "" {
		t.Errorf("journal -want +got\n%s", diff)
	}
	full = io.ErrShortWrite
	before := len(server.requests)
	if _, err := sc.Create(t.Context(), "connector", New{}); err == nil || len(server.requests) != before {
		t.Errorf("a connector was created that the journal does not know of (%v)", err)
	}
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// What another scope holds is not one's own, whatever becomes of a request
// that would create it once more.
func TestWhatAnotherScopeHolds(t *testing.T) {
	t.Parallel()
	server := &fake{}
	var status int
	registry, shared := serveThrough(t, server, func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && status != 0 {
				w.WriteHeader(status)
				return
			}
			next.ServeHTTP(w, r)
		}
	})
	connector, err := shared.Create(t.Context(), "connector", New{})
	if err != nil {
		t.Fatal(err)
	}
	var gone []string
	registry.Journal(func(e result.ResourceEvent) error {
		gone = append(gone, e.Event+" "+e.ID)
		return nil
	})
	for _, status = range []int{0, 403, 500} {
		sc := registry.Scope(shared.session)
		_, _ = sc.Do(t.Context(), wire.Request{Method: http.MethodPut, Path: "/_connector/" + connector})
		if err := sc.Cleanup(t.Context()); err != nil || !server.connectors[connector] || gone != nil {
			t.Errorf("status %d: the connector of another scope was deleted, or said to be gone: %v, %q", status, err, gone)
		}
	}
}

// A server that is busy now and then makes nobody forget what it holds: an
// unanswered creation is another scope's, one that was answered is its own, and
// a refusal is not believed where nobody could look.
func TestBusyNowAndThen(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			server := &fake{}
			var busy string
			registry, shared := serveThrough(t, server, func(next http.Handler) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					if r.Method == busy {
						w.WriteHeader(status)
						return
					}
					next.ServeHTTP(w, r)
				}
			})
			connector, err := shared.Create(t.Context(), "connector", New{})
			if err != nil {
				t.Fatal(err)
			}
			sc := registry.Scope(shared.session)
			busy = http.MethodPost
			_, _ = sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": connector}})
			busy = ""
			server.jobs["unheard"], server.of["unheard"] = true, connector // against what was said
			job, err := sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": connector}})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := what(sc), "sync_job "+job; got != want {
				t.Errorf("the scope holds %q, want %q", got, want)
			}
			busy = http.MethodGet
			if err := shared.Cleanup(t.Context()); err == nil || len(registry.Summary().Leftovers) == 0 {
				t.Error("nobody could look, and nothing is said to be left")
			}
			busy = ""
			_ = sc.Cleanup(t.Context())
			registry.Sweep(t.Context(), shared.session)
			if left := registry.Summary().Leftovers; len(left) > 0 || len(server.jobs)+len(server.connectors) > 0 {
				t.Errorf("left are %+v, in truth %v %v", left, server.jobs, server.connectors)
			}
		})
	}
}

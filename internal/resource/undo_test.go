package resource

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/wire"
)

// settled is a server with settings and one template, which answers as
// Elasticsearch does.
type settled struct {
	mu       sync.Mutex
	settings map[string]any // with their full names
	template string         // "" for none
	alias    string         // what the alias a of foreign is, "" where there is none
	stuck    bool           // it says yes and does nothing
}

func (s *settled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	switch r.Method + " " + r.URL.Path {
	case "GET /_cluster/settings":
		_ = json.NewEncoder(w).Encode(map[string]any{"persistent": s.settings, "transient": map[string]any{}})
	case "GET /foreign/_settings":
		_ = json.NewEncoder(w).Encode(map[string]any{"foreign": map[string]any{"settings": s.settings}})
	case "PUT /_cluster/settings", "PUT /foreign/_settings":
		var sent map[string]any
		_ = json.Unmarshal(body, &sent)
		if inner, ok := sent["persistent"].(map[string]any); ok {
			sent = inner
		}
		for name, v := range flat(sent, "") {
			if !strings.HasPrefix(name, "index.") && strings.Contains(r.URL.Path, "foreign") {
				name = "index." + name
			}
			if s.settings[name] = v; v == nil {
				delete(s.settings, name)
			}
			if s.stuck {
				s.settings[name] = "9"
			}
		}
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	case "GET /foreign/_alias/a", "GET /foreign/_alias/a*", "GET /foreign,more/_alias/a", "GET /foreign/_alias/_all":
		if s.alias == "" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":"alias [a] missing","status":404}`)
			return
		}
		_, _ = io.WriteString(w, `{"foreign":{"aliases":{"a":`+s.alias+`}}}`)
	case "PUT /foreign/_alias/a":
		s.alias = string(body)
	case "POST /_aliases", "DELETE /foreign/_alias/a", "DELETE /foreign/_alias/a*", "DELETE /foreign,more/_alias/a", "DELETE /foreign/_aliases/_all":
		s.alias = ""
		if strings.Contains(string(body), "add") {
			s.alias = "{}"
		}
		if s.stuck {
			w.WriteHeader(http.StatusBadRequest)
			s.alias = `{"is_hidden":true}`
		}
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	case "DELETE /_index_template/logs", "DELETE /_index_template/l*", "DELETE /_index_template/none,logs":
		s.template = ""
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	case "GET /_index_template/logs", "GET /_index_template/l*":
		if s.template == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, `{"index_templates":[{"name":"logs","index_template":`+s.template+`}]}`)
	case "PUT /_index_template/logs":
		s.template = string(body)
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// Of several changes the first one's state comes back.
func TestPutBackInTurn(t *testing.T) {
	t.Parallel()
	for range 20 {
		server := &settled{settings: map[string]any{"a": "0"}}
		_, sc := registryOf(t, server)
		for _, body := range []string{`{"persistent":{"a":"1"}}`, `{"persistent":{"a":"2"}}`, `{"persistent":{"a":"3"}}`} {
			if _, err := sc.Do(t.Context(), wire.Request{Method: http.MethodPut, Path: "/_cluster/settings", Body: []byte(body)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := sc.Cleanup(t.Context()); err != nil || server.settings["a"] != "0" {
			t.Fatalf("now %v (%v)", server.settings, err)
		}
	}
}

// What several scopes change at the same time is in the end what it was before
// the first of them, whoever ends first.
func TestPutBackBesideOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ request, first, second string }{
		{"PUT /_cluster/settings", `{"persistent":{"a":"1"}}`, `{"persistent":{"a":"2","b":"2"}}`},
		{"PUT /_index_template/logs", `{"priority":1}`, `{"priority":2}`},
	} {
		for _, last := range []int{0, 1} {
			server := &settled{settings: map[string]any{"a": "0"}, template: `{"priority":0}`}
			registry, one := registryOf(t, server)
			scopes := []*Scope{one, registry.Scope(one.session)}
			method, path, _ := strings.Cut(tt.request, " ")
			for i, body := range []string{tt.first, tt.second} {
				if _, err := scopes[i].Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(body)}); err != nil {
					t.Fatal(err)
				}
			}
			err1, err2 := scopes[1-last].Cleanup(t.Context()), scopes[last].Cleanup(t.Context())
			if err1 != nil || err2 != nil || len(server.settings) != 1 || server.settings["a"] != "0" || server.template != `{"priority":0}` {
				t.Errorf("%s, the last is %d: now %v, %s (%v, %v)", tt.request, last, server.settings, server.template, err1, err2)
			}
		}
	}
}

// What was there before is put back as it was.
func TestPutBack(t *testing.T) {
	t.Parallel()
	for request, body := range map[string]string{
		"PUT /_cluster/settings":    `{"persistent":{"a":{"b":"2"},"c":"3"}}`,
		"PUT /foreign/_settings":    `{"refresh_interval":"2s","index":{"other":1}}`,
		"PUT /_index_template/logs": `{"index_patterns":["x"]}`,
	} {
		for _, stuck := range []bool{false, true} {
			server := &settled{settings: map[string]any{"a.b": "1", "index.refresh_interval": "1s"}, template: `{"index_patterns":["logs"],"priority":7}`}
			registry, sc := registryOf(t, server)
			method, path, _ := strings.Cut(request, " ")
			if _, err := sc.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(body)}); err != nil {
				t.Fatal(err)
			}
			server.mu.Lock()
			server.stuck = stuck
			server.mu.Unlock()
			err := sc.Cleanup(t.Context())
			sum := registry.Summary()
			if stuck && !strings.Contains(path, "template") {
				if err == nil || len(sum.Leftovers) != 1 || sum.Restored != 0 {
					t.Errorf("%s: what is not put back is not left behind: %+v (%v)", request, sum, err)
				}
				continue
			}
			if err != nil || sum.Restored != 1 || len(sum.Leftovers) > 0 || sum.Created != sum.Deleted {
				t.Errorf("%s: %+v (%v)", request, sum, err)
			}
			if len(server.settings) != 2 || server.settings["a.b"] != "1" || server.settings["index.refresh_interval"] != "1s" || !strings.Contains(server.template, "7") {
				t.Errorf("%s: now %v, %s", request, server.settings, server.template)
			}
		}
	}
}

// A change that nobody can put back is named as left behind, unless it was
// refused.
func TestPutBackWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for request, left := range map[string]int{"/_cluster/settings": 1, "/theirs/_settings": 0} {
		registry, sc := registryOf(t, &settled{settings: map[string]any{}})
		if _, err := sc.Do(t.Context(), wire.Request{Method: http.MethodPut, Path: request, Body: []byte("persistent: {}")}); err != nil {
			t.Fatal(err)
		}
		err := sc.Cleanup(t.Context())
		if sum := registry.Summary(); len(sum.Leftovers) != left || sum.Restored != 0 || (err != nil) != (left > 0) {
			t.Errorf("%s: %+v (%v)", request, sum, err)
		}
	}
}

// What the run did not create is put back where it is deleted or replaced, also
// by an action of many, and only where that was done.
func TestPutBackWhatIsDeleted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		request, body string
		refused       bool
		restored      int
	}{
		{"POST /_aliases", `{"actions":[{"remove":{"index":"foreign","alias":"a"}}]}`, false, 1},
		{"POST /_aliases", `{"actions":[{"remove":{"index":"foreign","alias":"a"}}]}`, true, 0},
		{"POST /_aliases", `{"actions":[{"add":{"index":"foreign","alias":"a"}}]}`, false, 1},
		{"DELETE /foreign/_alias/a", "", false, 1},
		{"DELETE /_index_template/logs", "", false, 1},
		{"DELETE /_index_template/l*", "", false, 1},
		{"DELETE /_index_template/none,logs", "", false, 1},
		{"DELETE /foreign/_alias/a*", "", false, 1},
		{"DELETE /foreign,more/_alias/a", "", false, 1},
		{"DELETE /foreign/_aliases/_all", "", false, 1},
		{"POST /_aliases", `{"actions":[{"remove":{"indices":["foreign"],"aliases":["a"]}}]}`, false, 1},
		{"POST /_aliases", `{"actions":[{"remove":{"index":"foreign","alias":"a*"}}]}`, false, 1},
	} {
		server := &settled{settings: map[string]any{}, template: `{"priority":7}`, alias: `{"is_hidden":true}`, stuck: tt.refused}
		registry, sc := registryOf(t, server)
		method, path, _ := strings.Cut(tt.request, " ")
		if _, err := sc.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(tt.body)}); err != nil {
			t.Fatal(err)
		}
		if server.template == `{"priority":7}` && server.alias == `{"is_hidden":true}` && !tt.refused {
			t.Fatalf("%s %s does nothing", tt.request, tt.body)
		}
		err := sc.Cleanup(t.Context())
		sum := registry.Summary()
		if err != nil || sum.Restored != tt.restored || len(sum.Leftovers) > 0 || sum.Created != sum.Deleted {
			t.Errorf("%s %s: %+v (%v)", tt.request, tt.body, sum, err)
		}
		if server.template != `{"priority":7}` || server.alias != `{"is_hidden":true}` {
			t.Errorf("%s %s: the template is %s, the alias %s", tt.request, tt.body, server.template, server.alias)
		}
	}
}

// An index of others that an action of many deletes cannot be put back: it is
// named. One of the run's own is not.
func TestDeletedIndicesAreNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		`{"actions":[{"remove_index":{"index":"foreign"}},{"remove_index":{"indices":["theirs"]}}]}`: {"index foreign", "index theirs"},
		`{"actions":[{"remove_index":{"index":"esconform-r1-7"}}]}`:                                  nil,
		`{"actions":[]}`: nil,
	} {
		registry, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"acknowledged":true}`)
		}))
		if _, err := sc.Do(t.Context(), wire.Request{Method: http.MethodPost, Path: "/_aliases", Body: []byte(body)}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range registry.Summary().Leftovers {
			got = append(got, l.Kind+" "+l.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: named %q, want %q", body, got, want)
		}
	}
}

// What a journal that somebody edited calls a change is not sent.
func TestNothingIsPutBackByDeleting(t *testing.T) {
	t.Parallel()
	_, sc := registryOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was sent", r.Method, r.URL)
	}))
	err := sc.revert(t.Context(), &item{kind: sc.registry.know.kind(change), id: "DELETE /theirs {}"})
	if err == nil || !strings.Contains(err.Error(), "DELETE /theirs puts nothing back") {
		t.Errorf("revert: %v", err)
	}
}

package probe

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// shelf keeps whatever is put at /_books/ID, where methods allow it.
type shelf struct {
	mu      sync.Mutex
	methods []string
	books   map[string]string
	stray   []string // ids that are none of the run's own
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) bool {
	id, ours := strings.CutPrefix(r.URL.Path, "/_books/")
	if !ours {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", strings.Join(s.methods, ","))
		return true
	}
	if !strings.HasPrefix(id, resource.Prefix) {
		s.stray = append(s.stray, r.Method+" "+id)
	}
	book, there := s.books[id]
	switch {
	case !slices.Contains(s.methods, r.Method):
		w.WriteHeader(http.StatusMethodNotAllowed)
		fmt.Fprint(w, `{"error":"Incorrect HTTP method","status":405}`)
	case r.Method == http.MethodPut:
		body, _ := io.ReadAll(r.Body)
		if _, err := jsonval.Decode(body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"type":"parse_exception","reason":"no JSON"},"status":400}`)
			return true
		}
		s.books[id] = string(body)
		fmt.Fprint(w, `{"result":"created"}`)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":{"type":"resource_not_found_exception","reason":"none"},"status":404}`)
	case r.Method == http.MethodDelete:
		delete(s.books, id)
		fmt.Fprint(w, `{"acknowledged":true}`)
	default:
		fmt.Fprintf(w, `{"name":%q,"book":%s}`, id, book)
	}
	return true
}

func (s *shelf) probe(t *testing.T, m *claim.Model) *Facts {
	t.Helper()
	at := newSite(t, "", s.serve)
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	registry := resource.NewRegistry("probe")
	var foreseen []family.Creation
	for _, c := range Conventions(set, m) {
		foreseen = append(foreseen, c.Creation())
	}
	registry.Know(set, foreseen...)
	scope := registry.Scope(at.client.Session())
	facts, err := Run(t.Context(), registry, scope, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := scope.Cleanup(t.Context()); err != nil {
		t.Error(err)
	}
	if len(s.books) > 0 || len(s.stray) > 0 || registry.Summary().Left() != "" {
		t.Errorf("left: %v; %s; of others: %v", s.books, registry.Summary().Left(), s.stray)
	}
	return facts
}

// What no catalogue has is made as an example of the page makes it, under names
// of the run, where the server also reads and deletes it.
func TestConvention(t *testing.T) {
	t.Parallel()
	body := "==== {api-request-body-title}\n`title`::\n(Required, string) X.\n\n"
	example := consoles("PUT _books/my-book\n{\"title\": \"A\"} // TESTSETUP", "DELETE _books/my-book // TEARDOWN")
	all := []string{"GET", "PUT", "DELETE"}
	for _, tt := range []struct {
		name, route, rest string
		methods           []string
		works             bool
		notRun            string
	}{
		{"created", "PUT _books/<book>", body + example, all, true, ""},
		{"read", "GET _books/<book>", example, all, true, ""},
		{"deleted", "DELETE _books/<book>", example, all, true, ""},
		{"without an example", "PUT _books/<book>", body, all, false, "not part of an API"},
		{"that cannot be deleted", "PUT _books/<book>", body + example, []string{"GET", "PUT"}, false, "does not have DELETE"},
		{"that is not there", "PUT _books/<book>", body + example, []string{"POST"}, false, "does not have PUT"},
		{"that acts by itself", "PUT _watcher/watch/<id>", body + consoles("PUT _watcher/watch/x\n{\"title\": \"A\"}"), all, false, "not part of an API"},
		{"in one of others", "PUT _books/<book>/_page/<page>", body + consoles("PUT _books/my-book/_page/1\n{\"title\": \"A\"}"), all, false, "not part of an API"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &shelf{methods: tt.methods, books: map[string]string{}}
			facts := s.probe(t, page(t, tt.route, tt.rest))
			if works := facts.Main() != nil; works != tt.works {
				t.Fatalf("works: %t, %q", works, facts.Routes[0].NotRun)
			}
			if !strings.Contains(facts.Routes[0].NotRun, tt.notRun) {
				t.Errorf("not run since %q, want %q", facts.Routes[0].NotRun, tt.notRun)
			}
			if f := facts.Routes[0].Field(claim.InBody, "title"); tt.name == "created" && (f == nil || !f.Found || f.Omitted == nil) {
				t.Errorf("title was not probed: %+v", f)
			}
		})
	}
}

func TestLacks(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"error":{"reason":"No processor type exists with name [set]"}}`:                                          "processor of the type set",
		`{"error":{"reason":"current license is non-compliant for [field and document level security]"}}`:          "license",
		`{"error":{"reason":"unable to put stored script with unsupported lang [painless]"}}`:                      "scripts in painless",
		`{"error":{"reason":"failed to find action [indices:data/write/delete/byquery] to execute"},"status":500}`: "module",
		`{"error":{"reason":"unknown field [a]"}}`:                                                                 "",
	} {
		got := (&Call{Status: 400, Body: body}).Lacks()
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	if (&Call{Status: 200, Body: "No processor type exists with name [set]"}).Lacks() != "" {
		t.Error("a success lacks something")
	}
}

// Names lead into the first item of a list, and past names that stand for any.
func TestNamesInsideOfLists(t *testing.T) {
	t.Parallel()
	body := map[string]any{}
	set(body, "a", []any{"x"})
	set(body, "a.b", 1)
	set(body, "c.<any>.d", 2)
	set(body, "c.<any>.e", 3)
	if got := fmt.Sprint(body); got != "map[a:[map[b:1]] c:map[any:map[d:2 e:3]]]" {
		t.Errorf("set: %s", got)
	}
	if v, ok := lookup(body, "c.<any>.d"); !ok || v != 2 {
		t.Errorf("lookup: %v, %t", v, ok)
	}
	if !unset(body, "a.b") || unset(body, "a.b") {
		t.Error("unset")
	}
	if v, ok := find(map[string]any{"a": map[string]any{"b": 1}, "z": map[string]any{"c": 2}}, "a.c"); ok {
		t.Errorf("a.c is found as %v, though a has no c", v)
	}
}

// A route that the server does not have is told from an API that it lacks: by
// another route of the page, of an API that is known.
func TestAbsentRoute(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, routes string
		allow        map[string]string // by the first segment of a path
		absent       bool
	}{
		{"beside one that is there", "PUT _search/<id>` `PUT _scripts/<id>", map[string]string{"_scripts": "GET,PUT"}, true},
		{"that is there", "PUT _search/<id>` `PUT _scripts/<id>", map[string]string{"_scripts": "GET,PUT", "_search": "PUT"}, false},
		{"beside one that is not there either", "PUT _search/<id>` `PUT _scripts/<id>", nil, false},
		{"alone", "PUT _search/<id>", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "", func(w http.ResponseWriter, r *http.Request) bool {
				first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
				if r.Method == http.MethodOptions {
					w.Header().Set("Allow", tt.allow[first])
					return true
				}
				if r.Method != http.MethodGet {
					w.WriteHeader(http.StatusBadRequest)
				}
				return r.Method != http.MethodGet
			})
			set, err := family.Embedded()
			if err != nil {
				t.Fatal(err)
			}
			registry := resource.NewRegistry("probe")
			registry.Know(set)
			scope := registry.Scope(s.client.Session())
			facts, err := Run(t.Context(), registry, scope, page(t, tt.routes, ""), nil)
			if err != nil {
				t.Fatal(err)
			}
			if rf := facts.Routes[0]; (rf.NoRoute != nil) != tt.absent || (rf.NotRun == "") != tt.absent {
				t.Errorf("absent: %t, not run: %q", rf.NoRoute != nil, rf.NotRun)
			}
		})
	}
}

// Where a server lacks a whole API, no route of it is said to be wrong.
func TestMissingAPI(t *testing.T) {
	t.Parallel()
	for allow, want := range map[string]bool{"": true, "GET": false} {
		s := newSite(t, "", func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodOptions {
				w.Header().Set("Allow", allow)
				return true
			}
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"no handler found for uri [%s] and method [%s]"}`, r.URL.Path, r.Method)
			return true
		})
		set, err := family.Embedded()
		if err != nil {
			t.Fatal(err)
		}
		registry := resource.NewRegistry("probe")
		registry.Know(set)
		facts, err := Run(t.Context(), registry, registry.Scope(s.client.Session()), page(t, "PUT _security/role/<name>", ""), nil)
		if err != nil {
			t.Fatal(err)
		}
		if rf := facts.Routes[0]; (rf.NoRoute == nil) != want || strings.Contains(rf.NotRun, "does not have the API accounts") != want {
			t.Errorf("allowing %q: no route %t, not run: %q", allow, rf.NoRoute != nil, rf.NotRun)
		}
	}
}

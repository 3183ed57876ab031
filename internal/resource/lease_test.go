package resource

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/wire"
)

// counted serves the reference server, or what a test puts before it, and
// counts its writes.
type counted struct {
	*reference.Server

	mu     sync.Mutex
	writes []string
	before answering
}

// answering reports whether it has answered.
type answering func(w http.ResponseWriter, r *http.Request) bool

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	if r.Method != http.MethodGet {
		c.writes = append(c.writes, r.Method+" "+r.URL.Path)
	}
	before := c.before
	c.mu.Unlock()
	if before == nil || !before(w, r) {
		c.Server.ServeHTTP(w, r)
	}
}

// put has something answer before the server, and begins to count anew.
func (c *counted) put(before answering) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before, c.writes = before, nil
}

// written lists the writes.
func (c *counted) written() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.writes)
}

// itself has the server answer a request of the test's own.
func (c *counted) itself(method, path, body string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	c.Server.ServeHTTP(httptest.NewRecorder(), r)
}

func serveCounted(t *testing.T) (*counted, *Registry, *Scope) {
	t.Helper()
	server, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{Server: server}
	registry, sc := registryOf(t, c)
	return c, registry, sc
}

// made is a connector with a sync job, as one scenario makes it.
type made struct{ connector, job string }

func makeBoth(ctx context.Context, sc *Scope) (m made, err error) {
	if m.connector, err = sc.Create(ctx, "connector", New{}); err != nil {
		return m, err
	}
	m.job, err = sc.Create(ctx, "sync_job", New{Of: map[string]string{"connector": m.connector}})
	return m, err
}

// lend makes a connector with a sync job, and a lease of both.
func lend(t *testing.T, sc *Scope, then func(made)) (made, *Lease, error) {
	t.Helper()
	sc.session.Record("maker")
	m, err := makeBoth(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	if then != nil {
		then(m)
	}
	l, err := sc.Lease(t.Context(), sc.session.Client().Session(), sc.session.Recorded())
	return m, l, err
}

// What is lent is made once, used by one scenario after the other, deleted at
// the end, and counted.
func TestLease(t *testing.T) {
	t.Parallel()
	server, registry, first := serveCounted(t)
	m, l, err := lend(t, first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Made(), []string{"PUT /_connector/" + m.connector, "POST /_connector/_sync_job"}) {
		t.Errorf("it was made by %q", l.Made())
	}
	if !first.Return(l) || len(first.all()) > 0 {
		t.Errorf("the first still holds %d", len(first.all()))
	}
	for range 3 {
		sc := registry.Scope(first.session.Client().Session())
		if err := sc.Take(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if len(l.held.all()) > 0 || !sc.Owns("/_connector/"+m.connector) {
			t.Error("two hold the same")
		}
		again, err := makeBoth(t.Context(), sc)
		if err != nil || again != m || !sc.Taken(l) {
			t.Errorf("made %+v, want %+v: %v", again, m, err)
		}
		if id := sc.NewID(); id == m.connector {
			t.Errorf("%s is given twice", id)
		}
		// What a refused creation leaves to look for stays with the scenario.
		_, _ = sc.Do(t.Context(), wire.Request{Method: http.MethodPut, Path: "/_connector/" + sc.NewID(), Body: []byte("[]")})
		if !sc.Return(l) || len(sc.all()) != 1 {
			t.Errorf("it holds %d things beside what it returns", len(sc.all()))
		}
		_ = sc.Cleanup(t.Context())
	}
	_ = l.Held().Cleanup(t.Context())
	if sum := registry.Summary(); sum.Created != 2 || sum.Deleted != 2 || sum.Leased != 6 || len(sum.Leftovers) > 0 {
		t.Errorf("the run says %+v", sum)
	}
	if n := len(slices.DeleteFunc(server.written(), func(w string) bool { return strings.HasPrefix(w, "PUT") && !strings.HasSuffix(w, m.connector) })); n != 4 {
		t.Errorf("the server was asked for %q", server.written())
	}
}

// Whatever speaks against it keeps something from being lent at all.
func TestNotLent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		then   func(sc *Scope, m made)
		before answering
	}{
		"a kind that no read shows the whole of": {then: func(sc *Scope, _ made) { do(sc, "PUT", "/"+sc.NewID(), "") }},
		"a write about something else":           {then: func(sc *Scope, _ made) { do(sc, "POST", "/_refresh", "") }},
		"a write that was refused":               {then: func(sc *Scope, m made) { do(sc, "PUT", "/_connector/"+m.connector+"/_name", "[]") }},
		"a creation that was refused":            {then: func(sc *Scope, m made) { do(sc, "PUT", "/_connector/"+sc.NewID(), "[]") }},
		"something deleted again":                {then: func(sc *Scope, m made) { do(sc, "DELETE", "/_connector/_sync_job/"+m.job, "") }},
		"a write about something of a longer name": {
			then: func(sc *Scope, m made) {
				do(sc, "POST", "/_other/"+m.connector+"2/_run?of="+m.connector, "")
			},
			before: func(w http.ResponseWriter, r *http.Request) bool {
				other := strings.HasPrefix(r.URL.Path, "/_other/")
				if other {
					_, _ = io.WriteString(w, `{"id":"`+r.URL.Query().Get("of")+`2"}`)
				}
				return other
			},
		},
		"a write without an answer": {
			then: func(sc *Scope, m made) { do(sc, "PUT", "/_connector/"+m.connector+"/_check_in", "") },
			before: func(_ http.ResponseWriter, r *http.Request) bool {
				if strings.HasSuffix(r.URL.Path, "/_check_in") {
					panic(http.ErrAbortHandler)
				}
				return false
			},
		},
		"documents that may not be read": {before: func(w http.ResponseWriter, r *http.Request) bool {
			hidden := strings.Contains(r.URL.Path, "/_doc/")
			if hidden {
				w.WriteHeader(http.StatusForbidden)
			}
			return hidden
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _, sc := serveCounted(t)
			server.put(tc.before)
			_, _, err := lend(t, sc, func(m made) {
				if tc.then != nil {
					tc.then(sc, m)
				}
			})
			if err == nil {
				t.Error("it is lent")
			}
			server.put(nil)
			_ = sc.Cleanup(context.Background())
		})
	}
	_, _, empty := serveCounted(t)
	empty.session.Record("maker")
	if _, err := empty.Lease(t.Context(), empty.session, empty.session.Recorded()); err == nil {
		t.Error("nothing is lent")
	}
}

func do(sc *Scope, method, path, body string) {
	_, _ = sc.Do(context.Background(), wire.Request{Method: method, Path: path, Body: []byte(body)})
}

// What is not as it was is not taken, whoever changed it, and stays to be
// deleted. What one has deleted is not returned.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	const jobs = "/.elastic-connectors-sync-jobs/"
	for name, change := range map[string]func(s *counted, m made){
		"another name":            func(s *counted, m made) { s.itself("PUT", "/_connector/"+m.connector+"/_name", `{"name":"other"}`) },
		"a sync job checked in":   func(s *counted, m made) { s.itself("PUT", "/_connector/_sync_job/"+m.job+"/_check_in", "") },
		"one more sync job":       func(s *counted, m made) { s.itself("POST", "/_connector/_sync_job", `{"id":"`+m.connector+`"}`) },
		"no sync job":             func(s *counted, m made) { s.itself("DELETE", "/_connector/_sync_job/"+m.job, "") },
		"no connector":            func(s *counted, m made) { s.itself("DELETE", "/_connector/"+m.connector+"?hard=true", "") },
		"marked as deleted":       func(s *counted, m made) { s.itself("DELETE", "/_connector/"+m.connector, "") },
		"a field past the API":    func(s *counted, m made) { s.itself("POST", jobs+"_update/"+m.job, `{"doc":{"x":1}}`) },
		"written again as it was": func(s *counted, m made) { s.itself("POST", jobs+"_update/"+m.job, `{"doc":{},"detect_noop":false}`) },
		"shown otherwise than it is stored": func(s *counted, m made) {
			s.put(func(w http.ResponseWriter, r *http.Request) bool {
				shown := r.URL.Path == "/_connector/_sync_job/"+m.job
				if shown {
					_, _ = io.WriteString(w, `{"id":"other"}`)
				}
				return shown
			})
		},
		"a server that is not there": func(s *counted, _ made) {
			s.put(func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, registry, first := serveCounted(t)
			m, l, err := lend(t, first, nil)
			if err != nil || !first.Return(l) {
				t.Fatal(err)
			}
			change(server, m)
			sc := registry.Scope(first.session.Client().Session())
			if err := sc.Take(t.Context(), l); err == nil || sc.session.Playing() || len(sc.all()) > 0 || len(l.held.all()) != 2 {
				t.Errorf("it is taken: %v", err)
			}
			server.put(nil)
			_ = l.Held().Cleanup(t.Context())
			if sum := registry.Summary(); len(sum.Leftovers) > 0 || sum.Leased > 0 {
				t.Errorf("the run says %+v", sum)
			}
		})
	}
	_, _, sc := serveCounted(t)
	m, l, err := lend(t, sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	do(sc, "DELETE", "/_connector/_sync_job/"+m.job, "")
	if sc.Return(l) || len(sc.all()) != 2 {
		t.Error("what was deleted is returned")
	}
}

// What a family of one's own says of a resource decides: one of which nobody
// says that a read shows all of it is not lent, and not deleted where it is
// stored.
func TestOnlyWholeResourcesAreLent(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]family.Resource{"unsaid": {Stored: "/i/_doc/{id}"}, "whole": {Whole: true}, "stored": {Whole: true, Stored: "/i/_doc/{id}"}} {
		it := &item{kind: &kind{res: &r}}
		if it.lasting() != (name != "unsaid") || it.document() != (name == "stored") {
			t.Errorf("%s: lent %t, deleted where it is stored %t", name, it.lasting(), it.document())
		}
	}
}

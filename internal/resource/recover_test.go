package resource

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// real is the embedded server with security on, with everything in it that two
// runs and somebody else have created.
func real(t *testing.T) (*reference.Server, *wire.Session) {
	t.Helper()
	server, err := reference.New(reference.Options{Password: "of-the-server"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client, err := wire.New(wire.Config{URL: web.URL, Auth: wire.Auth{Username: "elastic", Password: "of-the-server"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	s := client.Session()
	for _, owner := range []string{"esconform-aaaaaaaa-", "esconform-bbbbbbbb-", "theirs-"} {
		for n := range 3 {
			name := fmt.Sprintf("%s%d", owner, n)
			for request, body := range map[string]string{
				"PUT /_connector/" + name:      `{"name":"` + name + `","index_name":"` + name + `","service_type":"s"}`,
				"PUT /_security/role/" + name:  `{"cluster":["monitor"]}`,
				"PUT /_security/user/" + name:  `{"password":"not-to-be-known","roles":[]}`,
				"POST /_security/api_key":      `{"name":"` + name + `","expiration":"1h"}`,
				"PUT /" + name + "x/_doc/1":    `{}`,
				"PUT /books/_doc/" + name + "": `{}`,
			} {
				send(t, s, request, body)
			}
			send(t, s, "POST /_connector/_sync_job", `{"id":"`+name+`"}`)
		}
		send(t, s, "POST /_connector", `{"name":"`+owner+`named"}`)
		send(t, s, "DELETE /_connector/"+owner+"0", "") // a soft one
	}
	return server, s
}

func send(t *testing.T, s *wire.Session, request, body string) *wire.Response {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	res, err := s.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(body)})
	if err != nil || res.Status/100 != 2 {
		t.Fatalf("%s: %v %v", request, err, res)
	}
	return res
}

// of counts what an owner has in a server.
func of(t *testing.T, server *reference.Server, owner string) string {
	t.Helper()
	r, err := reftest.RemainsIn(server)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, docs := range []map[string]reftest.Document{r.Connectors, r.Jobs} {
		for id, doc := range docs {
			if strings.Contains(id+string(doc.Source), owner) {
				n["documents"]++
			}
		}
	}
	for kind, names := range map[string][]string{"accounts": slices.Concat(r.Users, r.Roles, r.Keys), "indices": r.Indices} {
		for _, name := range names {
			if strings.HasPrefix(name, owner) {
				n[kind]++
			}
		}
	}
	return fmt.Sprintf("%d documents, %d accounts, %d indices", n["documents"], n["accounts"], n["indices"])
}

const everything, nothing = "7 documents, 9 accounts, 3 indices", "0 documents, 0 accounts, 0 indices"

func TestFind(t *testing.T) {
	t.Parallel()
	server, s := real(t)
	if got := of(t, server, "esconform-aaaaaaaa-"); got != everything {
		t.Fatalf("the run has %s", got)
	}
	if diff := cmp.Diff([]Other{{"bbbbbbbb", "connector", 2}}, Others(t.Context(), s, "aaaaaaaa")); diff != "" {
		t.Errorf("connectors of other runs -want +got\n%s", diff)
	}
	for range 2 { // the second time, there is nothing
		registry := NewRegistry("aaaaaaaa")
		sc := registry.Scope(s)
		if err := sc.Find(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := sc.Cleanup(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sum := registry.Summary(); sum.Created != sum.Deleted || sum.Leftovers != nil {
			t.Errorf("summary %+v", sum)
		}
		for owner, want := range map[string]string{"esconform-aaaaaaaa-": nothing, "esconform-bbbbbbbb-": everything, "theirs-": everything} {
			if got := of(t, server, owner); got != want {
				t.Errorf("%s has %s, want %s", owner, got, want)
			}
		}
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	const creating, created, gone = result.ResourceCreating, result.ResourceCreated, result.ResourceGone
	server, s := real(t)
	events := []result.ResourceEvent{
		{Event: creating, Kind: "connector", ID: "esconform-aaaaaaaa-0"}, {Event: creating, Kind: "connector", ID: "esconform-aaaaaaaa-1"},
		{Event: creating, Kind: "connector", ID: "esconform-aaaaaaaa-2"}, {Event: creating, Kind: "connector", ID: "esconform-aaaaaaaa-never-made"},
		{Event: creating, Kind: "connectors_named", ID: "esconform-aaaaaaaa-named"},
		{Event: creating, Kind: "connector", ID: "theirs-1"}, // somebody else's for all that anybody knows
		{Event: creating, Kind: "connector", ID: "theirs-2"}, {Event: gone, Kind: "connector", ID: "theirs-2"},
		{Event: created, Kind: "document", ID: "books/_doc/theirs-1"}, // this run's, whatever its name
	}
	for n := range 3 {
		for _, kind := range []string{"user", "role", "api_key"} {
			events = append(events, result.ResourceEvent{Event: creating, Kind: kind, ID: fmt.Sprintf("esconform-aaaaaaaa-%d", n)})
		}
		events = append(events, result.ResourceEvent{Event: creating, Kind: "index", ID: fmt.Sprintf("esconform-aaaaaaaa-%dx", n)})
	}
	registry := NewRegistry("aaaaaaaa")
	sc := registry.Scope(s)
	sc.Adopt(events, false)
	if err := sc.Cleanup(t.Context()); err == nil || !strings.Contains(err.Error(), "delete connector theirs-1: it is there, and may be this run's") {
		t.Errorf("got %v", err)
	}
	for owner, want := range map[string]string{"esconform-aaaaaaaa-": nothing, "esconform-bbbbbbbb-": everything, "theirs-": everything} {
		if got := of(t, server, owner); got != want {
			t.Errorf("%s has %s, want %s", owner, got, want)
		}
	}
	for id, there := range map[string]int{"books/_doc/theirs-1": 404, "books/_doc/theirs-2": 200} {
		if res, err := s.Do(t.Context(), wire.Request{Method: "GET", Path: "/" + id}); err != nil || res.Status != there {
			t.Errorf("%s: %v %v", id, res, err)
		}
	}

	// In another target than the run's, not even what it created is its own.
	registry = NewRegistry("aaaaaaaa")
	sc = registry.Scope(s)
	sc.Adopt([]result.ResourceEvent{{Event: created, Kind: "document", ID: "books/_doc/theirs-2"}, {Event: "whatever", Kind: "of a later version", ID: "x"}}, true)
	if err := sc.Cleanup(t.Context()); err == nil {
		t.Error("something of somebody else was deleted")
	}
	send(t, s, "GET /books/_doc/theirs-2", "")
	if left := registry.Summary().Leftovers; len(left) != 2 {
		t.Errorf("left are %+v", left)
	}
}

// What could not be deleted in time is deleted at the end, and what came into
// being too late is found.
func TestSweep(t *testing.T) {
	t.Parallel()
	server := &fake{}
	var hold, late atomic.Bool
	registry, sc := serveThrough(t, server, func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch {
			case hold.Load() && r.Method == http.MethodDelete:
				<-r.Context().Done()
			case late.Load() && r.Method == http.MethodPut:
				id := r.URL.Path[len("/_connector/"):]
				time.AfterFunc(200*time.Millisecond, func() {
					server.mu.Lock()
					defer server.mu.Unlock()
					server.connectors[id] = true
				})
				panic(http.ErrAbortHandler)
			default:
				next.ServeHTTP(w, r)
			}
		}
	})
	create(t, sc)
	hold.Store(true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := sc.Cleanup(ctx); err == nil || len(registry.Summary().Leftovers) != 2 {
		t.Fatalf("got %v, summary %+v", err, registry.Summary())
	}
	hold.Store(false)
	late.Store(true)
	if _, err := sc.Create(t.Context(), "connector", New{}); err == nil {
		t.Fatal("want an error")
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	registry.Sweep(t.Context(), sc.session)
	if diff := cmp.Diff(result.Resources{Created: 3, Deleted: 3}, registry.Summary()); diff != "" {
		t.Errorf("summary -want +got\n%s", diff)
	}
	if len(server.connectors)+len(server.jobs) > 0 {
		t.Errorf("left are %v, %v", server.connectors, server.jobs)
	}
}

// Of an API that a target does not have, nothing can be left.
func TestFindWithoutAnAPI(t *testing.T) {
	t.Parallel()
	for _, offered := range []bool{false, true} {
		_, sc := registryOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasPrefix(r.URL.Path, "/_connector"):
				_, _ = w.Write([]byte("{}"))
			case r.Method == http.MethodOptions && offered:
				w.Header().Set("Allow", "PUT,GET")
			case r.Method == http.MethodOptions:
				w.Header().Set("Allow", "GET")
			default: // as for an index of that name
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"error":{"type":"invalid_index_name_exception"},"status":400}`))
			}
		}))
		err := sc.Find(t.Context())
		if offered != (err != nil) {
			t.Errorf("offered %t: %v", offered, err)
		}
	}
}

// A target that is away is not waited for.
func TestSweepOfATargetThatIsAway(t *testing.T) {
	t.Parallel()
	registry, sc := serve(t, &fake{immortal: true})
	create(t, sc)
	_ = sc.Cleanup(t.Context())
	away, err := wire.New(wire.Config{URL: "http://127.0.0.1:1", Limits: limits.Default()})
	if err != nil {
		t.Fatal(err)
	}
	before := registry.Summary()
	registry.Sweep(t.Context(), away.Session())
	if diff := cmp.Diff(before, registry.Summary()); diff != "" || len(before.Leftovers) != 2 {
		t.Errorf("summary -want +got\n%s", diff)
	}
}

// Nothing is left in a target that is gone, nor is it asked again.
func TestSweepOfATargetThatIsGone(t *testing.T) {
	t.Parallel()
	server := &fake{immortal: true}
	registry, sc := serve(t, server)
	create(t, sc)
	_ = sc.Cleanup(t.Context())
	registry.EndsWith(func() bool { return true })
	before := len(server.requests)
	registry.Sweep(t.Context(), sc.session)
	if left := registry.Summary().Leftovers; len(left) > 0 || len(server.requests) != before {
		t.Errorf("%d more requests; left are %+v", len(server.requests)-before, left)
	}
}

// An id that a server made up may be a secret that it was told. It is not
// written down, and what has it is not taken for deleted.
func TestNoSecretIsNoted(t *testing.T) {
	t.Parallel()
	registry, sc := serveThrough(t, &fake{}, func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(`{"id":"told-in-confidence"}`))
				return
			}
			next.ServeHTTP(w, r)
		}
	})
	var events []result.ResourceEvent
	registry.Journal(func(e result.ResourceEvent) error { events = append(events, e); return nil })
	sc.session.Client().Secrets().Add("told-in-confidence", "esconform")
	create(t, sc)
	var named bool
	for _, e := range events {
		if strings.Contains(e.ID, "told-in-confidence") {
			t.Errorf("noted is %+v", e)
		}
		named = named || strings.HasPrefix(e.ID, Prefix+registry.RunID())
	}
	if !named {
		t.Errorf("the run's own names are not in %+v", events)
	}
	again := NewRegistry(registry.RunID())
	adopted := again.Scope(sc.session)
	adopted.Adopt(events, false)
	if err := adopted.Cleanup(t.Context()); err == nil || len(again.Summary().Leftovers) != 1 {
		t.Errorf("got %v, left are %+v", err, again.Summary().Leftovers)
	}
}

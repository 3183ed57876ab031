package target

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// node is an embedded server with somebody before it.
type node struct {
	*reference.Server
	url string
}

func newNode(t *testing.T, opt reference.Options, before func(w http.ResponseWriter, r *http.Request) (done bool)) *node {
	t.Helper()
	handler, err := reference.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before == nil || !before(w, r) {
			handler.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return &node{handler, server.URL}
}

// as returns the node as a target of somebody; a superuser where nobody is
// named.
func (n *node) as(t *testing.T, user string, l limits.Limits) *Target {
	t.Helper()
	cfg := wire.Config{URL: n.url, Limits: l}
	if user != "" {
		cfg.Auth = wire.Auth{Username: user, Password: password}
	}
	tgt, err := URL(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(context.Background()) })
	return tgt
}

// send sends a request that has to succeed.
func (n *node) send(t *testing.T, tgt *Target, method, path, body string) {
	t.Helper()
	res, err := tgt.Client.Session().Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(body)})
	if err != nil || res.Status >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %v, %v", method, path, res, err)
	}
}

const password = "secret-enough"

// answers has a server answer some paths in its own way.
func answers(paths string, status int, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		for path := range strings.FieldsSeq(paths) {
			if strings.HasPrefix(r.URL.Path, path) {
				w.Header().Set("X-elastic-product", "Elasticsearch")
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
				return true
			}
		}
		return false
	}
}

// families are those that the project knows, connectors the one of them
// that has something to wait for.
func families(t *testing.T) family.Set {
	t.Helper()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func connectors(t *testing.T) []*family.Family {
	t.Helper()
	f, ok := families(t).Named("connector")
	if !ok || f.Ready == nil {
		t.Fatal("the catalogue of connectors does not say when they are ready")
	}
	return []*family.Family{f}
}

var hurried = limits.Limits{Start: 500 * time.Millisecond}

func TestReadiness(t *testing.T) {
	t.Parallel()
	const (
		never     = time.Hour
		template  = "/_index_template/"
		noRoute   = `{"error":"no handler found for uri [/x] and method [GET]"}`
		noSuch    = `{"error":{"type":"resource_not_found_exception"},"status":404}`
		connector = `{"index_name":"i","service_type":"s"}`
	)
	for _, tt := range []struct {
		name   string
		opt    reference.Options
		before func(http.ResponseWriter, *http.Request) bool
		writes []string // sent before: "METHOD path body"
		limits limits.Limits
		want   []string // parts of the error; none where all is well
		clean  bool     // nothing may have been written
	}{
		{name: "templates come late", opt: reference.Options{TemplatesAfter: 500 * time.Millisecond}},
		{name: "templates never come", opt: reference.Options{TemplatesAfter: never}, limits: hurried, clean: true, want: []string{
			"it was not ready within 500ms: the index template elastic-connectors is not installed yet", "without the alias .elastic-connectors", "raise --timeout-start"}},
		{name: "written to too early", opt: reference.Options{TemplatesAfter: never}, writes: []string{"PUT /_connector/c " + connector}, clean: true, want: []string{
			"the index .elastic-connectors-v1 has no alias .elastic-connectors: it was written to before the index template elastic-connectors was installed",
			`remove it with curl -X DELETE "$ES/.elastic-connectors-v1"`}},
		{name: "its other index made too early", opt: reference.Options{TemplatesAfter: never}, writes: []string{"PUT /.elastic-connectors-sync-jobs-v1 "},
			before: answers("/.elastic-connectors/", 404, `{"_index":".elastic-connectors-v1","found":false}`), clean: true, want: []string{
				"the index .elastic-connectors-sync-jobs-v1 has no alias .elastic-connectors-sync-jobs: "}},
		{name: "an index in the alias's place", before: answers("/.elastic-connectors/", 404, `{"_index":".elastic-connectors","found":false}`), clean: true, want: []string{
			"there is an index of the name .elastic-connectors, which has to be the alias of .elastic-connectors-v1", `DELETE "$ES/.elastic-connectors"`}},
		{name: "no route to templates", opt: reference.Options{TemplatesAfter: never}, before: answers("/_index_template /.elastic", 400, noRoute)},
		{name: "wrong method for templates", before: answers("/_index_template", 405, `{"error":"Incorrect HTTP method","status":405}`)},
		{name: "a proxy knows neither templates nor indices", before: func(w http.ResponseWriter, r *http.Request) bool {
			foreign := strings.HasPrefix(r.URL.Path, "/_index_template") || strings.HasPrefix(r.URL.Path, "/.elastic")
			if foreign {
				http.NotFound(w, r)
			}
			return foreign
		}},
		{name: "aliases are there, templates have gone", before: answers("/_index_template", 404, noSuch), writes: []string{
			"PUT /_connector/c " + connector, `POST /_connector/_sync_job {"id":"c"}`}},
		{name: "no such API", before: answers("/_index_template /_connector", 400, noRoute), clean: true, want: []string{
			"no handler found", "the connector API is there since Elasticsearch 8.12"}},
		{name: "no such API, and no template of it", before: func(w http.ResponseWriter, r *http.Request) bool {
			return answers("/_index_template", 404, noSuch)(w, r) || answers("/_connector", 405, `{}`)(w, r)
		}, clean: true, want: []string{"the connector API is there since Elasticsearch 8.12"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNode(t, tt.opt, tt.before)
			tgt := n.as(t, "", tt.limits)
			for _, request := range tt.writes {
				method, rest, _ := strings.Cut(request, " ")
				path, body, _ := strings.Cut(rest, " ")
				n.send(t, tgt, method, path, body)
			}
			had := n.Documents()
			err := Preflight(t.Context(), tgt, resource.NewRegistry("r1"), connectors(t))
			if len(tt.want) > 0 {
				checkStartError(t, nil, err, append(tt.want, "the target cannot be tested: ")...)
			} else if err != nil {
				t.Error(err)
			}
			if tt.clean || err == nil {
				if now := n.Documents(); now != had {
					t.Errorf("%d documents before, %d after", had, now)
				}
			}
			if tt.name == "templates come late" {
				n.send(t, tgt, http.MethodGet, "/_alias/.elastic-connectors", "")
				n.send(t, tgt, http.MethodGet, "/_alias/.elastic-connectors-sync-jobs", "")
			}
		})
	}
}

// TestReadinessOfSmallAccounts runs the preflight on a secured server as users
// who may see less and less of it.
func TestReadinessOfSmallAccounts(t *testing.T) {
	t.Parallel()
	roles := map[string]string{
		"writer":  `{"cluster":["manage_connector"]}`,
		"reader":  `{"cluster":["manage_connector"],"indices":[{"names":[".elastic-connectors*"],"privileges":["read"]}]}`,
		"monitor": `{"cluster":["manage_connector","monitor"],"indices":[{"names":[".elastic-connectors*"],"privileges":["read"]}]}`,
	}
	for _, tt := range []struct {
		user      string
		after     time.Duration
		want      string
		documents int // that may be left of the attempt
	}{
		{user: "writer"}, {user: "reader"}, {user: "monitor"},
		{user: "monitor", after: 400 * time.Millisecond},
		{user: "monitor", after: time.Hour, want: "the index template elastic-connectors is not installed yet"},
		// Whoever may not read templates is told after the fact.
		{user: "reader", after: time.Hour, want: "the index .elastic-connectors-v1 has no alias .elastic-connectors"},
	} {
		t.Run(tt.user+" "+tt.after.String(), func(t *testing.T) {
			t.Parallel()
			n := newNode(t, reference.Options{Password: password, TemplatesAfter: tt.after}, nil)
			admin := n.as(t, "elastic", limits.Limits{})
			n.send(t, admin, http.MethodPut, "/_security/role/"+tt.user, roles[tt.user])
			n.send(t, admin, http.MethodPut, "/_security/user/"+tt.user, `{"password":"`+password+`","roles":["`+tt.user+`"]}`)
			l := limits.Limits{}
			if tt.want != "" {
				l = hurried
			}
			err := Preflight(t.Context(), n.as(t, tt.user, l), resource.NewRegistry("r1"), connectors(t))
			if tt.want != "" {
				checkStartError(t, nil, err, tt.want)
			} else if err != nil {
				t.Error(err)
			}
			if n.Documents() != 0 {
				t.Errorf("%d documents are left", n.Documents())
			}
		})
	}
}

// A node that has just started may take longer for its first writes than a
// request is given, or refuse them for a while.
func TestPreflightIsPatient(t *testing.T) {
	t.Parallel()
	slow := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that nobody waits any more
		<-r.Context().Done()
	}
	refuses := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	for _, tt := range []struct {
		name   string
		method string
		path   string
		answer func(http.ResponseWriter, *http.Request)
	}{
		{"slow to create a connector", http.MethodPut, "/_connector/", slow},
		{"slow to create a sync job", http.MethodPost, "/_connector/_sync_job", slow},
		{"refuses to create a connector", http.MethodPut, "/_connector/", refuses},
		{"refuses to read", http.MethodGet, "/.elastic-connectors-v1/", refuses},
	} {
		for _, forever := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				var met atomic.Int64
				n := newNode(t, reference.Options{}, func(w http.ResponseWriter, r *http.Request) bool {
					if r.Method != tt.method || !strings.HasPrefix(r.URL.Path, tt.path) || !forever && met.Add(1) > 2 {
						return false
					}
					tt.answer(w, r)
					return true
				})
				l := limits.Limits{Request: 500 * time.Millisecond}
				if forever {
					l.Start = 2 * time.Second
				}
				registry := resource.NewRegistry("r1")
				err := Preflight(t.Context(), n.as(t, "", l), registry, connectors(t))
				if forever {
					checkStartError(t, nil, err, "it was not ready within 2s: ", "raise --timeout-start")
				} else if err != nil || met.Load() < 3 {
					t.Errorf("%v after %d requests", err, met.Load())
				}
				if sum := registry.Summary(); n.Documents() != 0 || len(sum.Leftovers) > 0 {
					t.Errorf("%d documents are left; summary %+v", n.Documents(), sum)
				}
			})
		}
	}
}

func TestAwaitAPI(t *testing.T) {
	t.Parallel()
	n := newNode(t, reference.Options{TemplatesAfter: 300 * time.Millisecond}, nil)
	began := time.Now()
	if err := AwaitAPI(t.Context(), n.as(t, "", limits.Limits{}), families(t), connectors(t)); err != nil || time.Since(began) < 200*time.Millisecond {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	spoiled := newNode(t, reference.Options{TemplatesAfter: time.Hour}, nil)
	tgt := spoiled.as(t, "", hurried)
	spoiled.send(t, tgt, http.MethodPut, "/.elastic-connectors-v1", "")
	checkStartError(t, nil, AwaitAPI(t.Context(), tgt, families(t), connectors(t)), "the index .elastic-connectors-v1 has no alias .elastic-connectors")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	late := newNode(t, reference.Options{TemplatesAfter: time.Hour}, nil)
	if err := AwaitAPI(ctx, late.as(t, "", limits.Limits{}), families(t), connectors(t)); err == nil {
		t.Error("a cancelled wait succeeded")
	}
}

// Nothing is set up, nor asked for, that no selected scenario is about.
func TestReadinessOfOtherFamilies(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	n := newNode(t, reference.Options{TemplatesAfter: time.Hour}, func(http.ResponseWriter, *http.Request) bool {
		asked.Add(1)
		return false
	})
	tgt := n.as(t, "", hurried)
	before := asked.Load()
	others, ok := families(t).Named("index-templates")
	if !ok {
		t.Fatal("there is no family of index templates")
	}
	if err := Preflight(t.Context(), tgt, resource.NewRegistry("r1"), []*family.Family{others}); err != nil {
		t.Error(err)
	}
	if err := AwaitAPI(t.Context(), tgt, families(t), []*family.Family{others}); err != nil {
		t.Error(err)
	}
	if n := asked.Load() - before; n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Whichever family declares something to try has it tried.
func TestPreflightOfAnotherFamily(t *testing.T) {
	t.Parallel()
	f, err := family.Parse([]byte(`
api: things
title: Things
route: PUT /_thing/{id}
ready: {try: part, absent: things are there since 9.9, forbidden: the account needs things}
resources:
  - {name: thing, plural: things, kind: thing, read: {request: "GET /_thing/{id}"}, create: [{request: "PUT /_thing/{id}", status: 200}], delete: [{request: "DELETE /_thing/{id}"}]}
  - {name: part, plural: parts, kind: part, needs: [thing], read: {request: "GET /_thing/part/{id}"}, create: [{request: "POST /_thing/part", body: '{"of":"{thing}"}', status: 201, id: "{answer}", answer: /id}], delete: [{request: "DELETE /_thing/part/{id}"}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]string{201: "", 403: "the account needs things", 404: "things are there since 9.9"} {
		var sent []string
		there := map[string]bool{}
		n := newNode(t, reference.Options{}, func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/_thing") {
				return false
			}
			sent = append(sent, r.Method+" "+r.URL.Path)
			path := r.URL.Path
			switch r.Method {
			case http.MethodPut:
				there[path] = true
			case http.MethodDelete:
				delete(there, path)
			case http.MethodPost:
				there[path+"/p1"] = status == 201
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"id":"p1"}`)
				return true
			case http.MethodGet:
				if !there[path] {
					w.WriteHeader(http.StatusNotFound)
				}
			}
			_, _ = io.WriteString(w, `{}`)
			return true
		})
		registry := resource.NewRegistry("r1")
		registry.Know(family.Set{f})
		err := Preflight(t.Context(), n.as(t, "", limits.Limits{}), registry, []*family.Family{f})
		if want != "" {
			checkStartError(t, nil, err, want)
		} else if err != nil {
			t.Error(err)
		}
		delete(there, "/_thing/part/p1") // false where it was refused
		if sum := registry.Summary(); len(sum.Leftovers) > 0 || len(there) > 0 {
			t.Errorf("%d: left are %+v and %v after %q", status, sum.Leftovers, there, sent)
		}
	}
}

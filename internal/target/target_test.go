package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

const elasticsearch = `{"name":"n","cluster_name":"c1","version":{"number":"9.6.0-SNAPSHOT","build_flavor":"default","build_hash":"abc","build_date":"2026-01-01"},"tagline":"You Know, for Search"}`

// answer serves one answer to everything.
func answer(t *testing.T, status int, contentType, body string, header ...string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestURL(t *testing.T) {
	t.Parallel()
	url := answer(t, 200, "application/json", elasticsearch, "X-elastic-product", "Elasticsearch")
	tgt, err := URL(t.Context(), wire.Config{URL: strings.Replace(url, "http://", "http://u:topsecret@", 1)})
	if err != nil {
		t.Fatal(err)
	}
	want := result.Target{
		Kind: "url", URL: url, IsElasticsearch: true, Version: "9.6.0-SNAPSHOT", BuildHash: "abc", BuildFlavor: "default", BuildDate: "2026-01-01", ClusterName: "c1",
	}
	if diff := cmp.Diff(want, tgt.Info); diff != "" {
		t.Errorf("info -want +got\n%s", diff)
	}
	if tgt.Version.String() != "9.6.0" || tgt.CanRestart() || tgt.Reference() != nil {
		t.Errorf("version %s", tgt.Version)
	}
	if err := tgt.Restart(t.Context()); !errors.Is(err, ErrCannotRestart) {
		t.Errorf("restart: %v", err)
	}
	if err := errors.Join(tgt.Close(t.Context()), tgt.Close(t.Context())); err != nil {
		t.Error(err)
	}
}

func TestURLWithoutPrivilegeForTheVersion(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := r.BasicAuth(); !ok {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"error":{"type":"security_exception","reason":"action [cluster:monitor/main] is unauthorized"},"status":403}`)
	}))
	t.Cleanup(server.Close)
	tgt, err := URL(t.Context(), wire.Config{URL: server.URL, Auth: wire.Auth{Username: "u", Password: "p"}})
	if err != nil {
		t.Fatal(err)
	}
	if tgt.Version.Known() || tgt.Info.Version != "unknown" || !tgt.Info.Security || !tgt.Info.IsElasticsearch || !strings.Contains(tgt.Info.Note, "may not read GET /") {
		t.Errorf("info %+v", tgt.Info)
	}
}

func TestOddVersion(t *testing.T) {
	t.Parallel()
	url := answer(t, 200, "application/json", `{"version":{"number":"nine"}}`, "X-elastic-product", "Elasticsearch")
	tgt, err := URL(t.Context(), wire.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if tgt.Version.Known() || tgt.Info.Version != "unknown" || tgt.Info.IsElasticsearch || !strings.Contains(tgt.Info.Note, `"nine"`) {
		t.Errorf("info %+v", tgt.Info)
	}
}

func TestURLRefuses(t *testing.T) {
	t.Parallel()
	const jsonType = "application/json"
	for _, tt := range []struct {
		name string
		url  func(t *testing.T) string
		cfg  wire.Config
		want []string
	}{
		{"HTML", func(t *testing.T) string { return answer(t, 200, "text/html", "<html><body>It works!") }, wire.Config{},
			[]string{"answers HTML: GET / was answered 200 <html><body>It works!"}},
		{"HTML without saying so", func(t *testing.T) string { return answer(t, 502, "text/plain", "\n<!DOCTYPE html><p>Bad Gateway") }, wire.Config{},
			[]string{"answers HTML: GET / was answered 502"}},
		{"no product header", func(t *testing.T) string { return answer(t, 200, jsonType, elasticsearch) }, wire.Config{},
			[]string{"is not Elasticsearch", "no product header (X-elastic-product"}},
		{"other product", func(t *testing.T) string {
			return answer(t, 200, jsonType, elasticsearch, "X-elastic-product", "Kibana")
		}, wire.Config{},
			[]string{"is not Elasticsearch"}},
		{"no JSON", func(t *testing.T) string { return answer(t, 200, "text/plain", "hello") }, wire.Config{},
			[]string{"does not answer JSON: GET / was answered 200 hello"}},
		{"401 without credentials", func(t *testing.T) string { return answer(t, 401, jsonType, "{}") }, wire.Config{},
			[]string{"demands credentials", "give a user name and password or an API key"}},
		{"401 with credentials", func(t *testing.T) string { return answer(t, 401, jsonType, "{}") }, wire.Config{Auth: wire.Auth{APIKey: "topsecret"}},
			[]string{"refuses the credentials", "check user name, password or API key"}},
		{"403 of somebody else", func(t *testing.T) string { return answer(t, 403, jsonType, "{}") }, wire.Config{},
			[]string{"GET / was answered 403"}},
		{"503", func(t *testing.T) string { return answer(t, 503, jsonType, `{"a":"topsecret"}`) }, wire.Config{Auth: wire.Auth{APIKey: "topsecret"}},
			[]string{`is not ready: GET / was answered 503 {"a":"<redacted>"}`}},
		{"redirect", func(t *testing.T) string {
			return answer(t, 302, jsonType, "", "Location", "http://other.example/?k=topsecret")
		}, wire.Config{Auth: wire.Auth{APIKey: "topsecret"}},
			[]string{"redirects: GET / was answered 302 to http://other.example/?k=<redacted>", "not followed"}},
		{"404", func(t *testing.T) string { return answer(t, 404, "text/plain", "404 page not found") }, wire.Config{},
			[]string{"GET / was answered 404 404 page not found"}},
		{"nothing there", closedPort, wire.Config{},
			[]string{"connection refused", "check the address and whether the server runs"}},
		{"closes at once", func(t *testing.T) string { return accepting(t, func(c net.Conn) { _ = c.Close() }) }, wire.Config{},
			[]string{"the connection was closed", "if the server speaks TLS, use https://"}},
		{"never answers", func(t *testing.T) string { return accepting(t, func(net.Conn) {}) }, wire.Config{Limits: limits.Limits{Request: 300 * time.Millisecond}},
			[]string{"no complete answer within 300ms"}},
		{"never answers, bounded by the start", func(t *testing.T) string { return accepting(t, func(net.Conn) {}) }, wire.Config{Limits: limits.Limits{Request: time.Hour, Start: 300 * time.Millisecond}},
			[]string{"before the answer was complete"}},
		{"TLS expected", func(t *testing.T) string {
			return strings.Replace(answer(t, 200, jsonType, elasticsearch), "http:", "https:", 1)
		}, wire.Config{},
			[]string{"does not speak TLS: use http://"}},
		{"TLS not expected", func(t *testing.T) string { return strings.Replace(secured(t), "https:", "http:", 1) }, wire.Config{},
			[]string{"speaks TLS, but the URL begins with http://"}},
		{"untrusted", secured, wire.Config{},
			[]string{"not trusted", "--ca-cert"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.cfg.URL = tt.url(t)
			tgt, err := URL(t.Context(), tt.cfg)
			checkStartError(t, tgt, err, append(tt.want, strings.TrimSuffix(tt.cfg.URL, "/"))...)
		})
	}
}

func checkStartError(t *testing.T, tgt *Target, err error, wants ...string) {
	t.Helper()
	var start *StartError
	if tgt != nil || !errors.As(err, &start) {
		t.Fatalf("got %v, %v, want a *StartError", tgt, err)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "topsecret") {
		t.Errorf("got %q, want one line without secrets", err)
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // a test's port
	return "http://" + listener.Addr().String()
}

// accepting hands every connection to handle and holds it until the end.
func accepting(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var conns []net.Conn
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns = append(conns, conn)
			handle(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
		for _, conn := range conns {
			_ = conn.Close()
		}
	})
	return "http://" + listener.Addr().String()
}

func secured(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestURLWithABadConfiguration(t *testing.T) {
	t.Parallel()
	_, err := URL(t.Context(), wire.Config{URL: "localhost:9200"})
	var start *StartError
	if err == nil || errors.As(err, &start) {
		t.Errorf("got %v, want an error of the configuration", err)
	}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	tgt, err := Embedded(t.Context(), EmbeddedConfig{Emulate: esversion.MustParse("8.15.0"), MaxInFlight: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(t.Context()) //nolint:errcheck // closed again below
	if tgt.Info.Kind != "embedded" || tgt.Info.IsElasticsearch || tgt.Info.Version != "8.15.0" || tgt.Version.String() != "8.15.0" || tgt.Info.Security {
		t.Errorf("info %+v", tgt.Info)
	}
	registry := resource.NewRegistry("r1")
	if err := Preflight(t.Context(), tgt, registry, connectors(t)); err != nil {
		t.Fatal(err)
	}
	if sum := registry.Summary(); sum.Created != 2 || sum.Deleted != 2 || sum.Leftovers != nil || tgt.Reference().Documents() != 0 {
		t.Errorf("summary %+v, %d documents in the server", sum, tgt.Reference().Documents())
	}
	if err := errors.Join(tgt.Close(t.Context()), tgt.Close(t.Context())); err != nil {
		t.Error(err)
	}
	if _, err := tgt.Client.Session().Do(t.Context(), wire.Request{Method: "GET", Path: "/"}); err == nil {
		t.Error("it answers though it is closed")
	}
}

func TestEmbeddedRestarts(t *testing.T) {
	t.Parallel()
	tgt, err := Embedded(t.Context(), EmbeddedConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(t.Context()) //nolint:errcheck // nothing is tested after it
	scope := resource.NewRegistry("r1").Scope(tgt.Client.Session())
	connector, err := scope.Create(t.Context(), "connector", resource.New{})
	if err != nil {
		t.Fatal(err)
	}
	session := tgt.Client.Session()
	for range 3 {
		if err := tgt.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		res, err := session.Do(t.Context(), wire.Request{Method: "GET", Path: "/_connector/" + connector})
		if err != nil || res.Status != http.StatusOK {
			t.Fatalf("after the restart: %v, %v", res, err)
		}
	}
	if err := scope.Cleanup(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEmbeddedWithABadConfiguration(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]EmbeddedConfig{
		"fault":   {Fault: "no-such-fault"},
		"version": {Emulate: esversion.MustParse("7.17.0")},
	} {
		_, err := Embedded(t.Context(), cfg)
		var start *StartError
		if err == nil || errors.As(err, &start) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want an error of the configuration", name, err)
		}
	}
}

func TestRestartThatFails(t *testing.T) {
	t.Parallel()
	url := answer(t, 200, "application/json", elasticsearch, "X-elastic-product", "Elasticsearch")
	client, err := wire.New(wire.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	tgt, err := New(t.Context(), client, result.Target{Kind: "container"}, Hooks{
		Restart: func(context.Context) ([]string, error) { return nil, broken },
		Close:   func(context.Context) error { return broken },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := tgt.Restart(t.Context()); !errors.Is(err, broken) || err.Error() != "restart the container target: broken" {
		t.Errorf("restart: %v", err)
	}
	if first, second := tgt.Close(t.Context()), tgt.Close(t.Context()); !errors.Is(first, broken) || !errors.Is(second, broken) {
		t.Errorf("close: %v, then %v", first, second)
	}
}

func TestPreflightRefuses(t *testing.T) {
	t.Parallel()
	// steps are the answers to: create connector, create job, read job.
	created := func(id string) (int, string) { return 201, fmt.Sprintf(`{"id":%q,"result":"created"}`, id) }
	for _, tt := range []struct {
		name   string
		handle func(r *http.Request, id string) (int, string)
		want   string // "" where the preflight has to pass
	}{
		{"200 {} to everything", func(*http.Request, string) (int, string) { return 200, "{}" }, "set-up failed: create connector esconform-r1-1: got 200 {}, want 201 with its id"},
		{"401", func(*http.Request, string) (int, string) { return 401, "{}" }, "got 401 {}, want 201 with its id (check the credentials)"},
		{"403", func(*http.Request, string) (int, string) { return 403, "{}" }, "the account needs the cluster privilege manage_connector"},
		{"405", func(*http.Request, string) (int, string) { return 405, "{}" }, "the connector API is there since Elasticsearch 8.12"},
		{"no jobs", func(r *http.Request, id string) (int, string) {
			if r.Method == "POST" {
				return 500, "oops"
			}
			return created(id)
		}, "create sync job of connector esconform-r1-1: got 500 oops, want 201 with an id"},
		{"job cannot be read", func(r *http.Request, id string) (int, string) {
			if r.Method == "GET" {
				return 404, "{}"
			}
			return created(id)
		}, "read back sync job"},
		{"job is no object", func(r *http.Request, id string) (int, string) {
			if r.Method == "GET" {
				return 200, "[]"
			}
			return created(id)
		}, "got 200 [], want 200 with the sync job"},
		{"wrong status, but created", func(r *http.Request, id string) (int, string) {
			if r.Method == "GET" {
				return 200, "{}"
			}
			_, body := created(id)
			return 200, body
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-elastic-product", "Elasticsearch")
				if r.URL.Path == "/" {
					_, _ = io.WriteString(w, elasticsearch)
					return
				}
				status, body := tt.handle(r, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))
			t.Cleanup(server.Close)
			tgt, err := URL(t.Context(), wire.Config{URL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			err = Preflight(t.Context(), tgt, resource.NewRegistry("r1"), connectors(t))
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkStartError(t, nil, err, "the target cannot be tested: set-up failed: ", tt.want)
		})
	}
}

// What a server creates after nobody waits for the answer any more is removed
// by the sweep at the end of a run.
func TestPreflightCleansUpAfterACancellation(t *testing.T) {
	t.Parallel()
	handler, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	created := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			cancel()
			defer close(created)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	tgt, err := URL(t.Context(), wire.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	registry := resource.NewRegistry("r1")
	if err := Preflight(ctx, tgt, registry, connectors(t)); err == nil {
		t.Error("a cancelled preflight passed")
	}
	<-created
	registry.Sweep(t.Context(), tgt.Client.Session())
	if n := handler.Documents(); n != 0 {
		t.Errorf("%d documents are left in the server", n)
	}
	if sum := registry.Summary(); len(sum.Leftovers) > 0 || sum.Created != sum.Deleted {
		t.Errorf("the summary is %+v", sum)
	}
}

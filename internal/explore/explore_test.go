package explore

import (
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

func run(t *testing.T, h http.Handler, n int) result.Scenario {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	client, err := wire.New(wire.Config{URL: web.URL, Limits: limits.Default()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	session := client.Session()
	return Run(t.Context(), session, resource.NewRegistry("test0001").Scope(session), stats(t), n, 42)
}

// stats is what the project's catalogues have explored.
func stats(t *testing.T) Subject {
	t.Helper()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	about := Subjects(set)
	if len(about) != 1 || !Is(about[0].call.Explored.ID) {
		t.Fatalf("explored are %+v", about)
	}
	return about[0]
}

func server(t *testing.T) http.Handler {
	t.Helper()
	h, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestLawsHold(t *testing.T) {
	t.Parallel()
	if sc := run(t, server(t), 400); sc.Outcome != result.Passed {
		t.Errorf("%s: %+v", sc.Outcome, sc.Failure)
	}
}

// Each law is broken once, to see that it is one, and the body is shrunk.
func TestBrokenLaws(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(w http.ResponseWriter, r *http.Request, next http.Handler)
		want  string
	}{
		"server error": {func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(500)
			fmt.Fprint(w, `{}`)
		}, "answered 500"},
		"stores nothing": {func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			fmt.Fprint(w, `{"result":"updated"}`)
		}, "accepted a body without"}, // the smallest body that shows it is {}
		"stores something else": {func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			raw, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(string(raw), `"indexed_document_count":`, `"indexed_document_count":7`, 1)))
			next.ServeHTTP(w, r)
		}, "stored 7"},
		"error without a type": {func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":{},"status":400}`)
		}, "the error has no /error/type"},
		"rejected and stored": {func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":{"type":"x","reason":"x","root_cause":[{"type":"x"}]},"status":400}`)
		}, "still changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := server(t)
			sc := run(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/_stats") {
					tc.spoil(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			}), 50)
			if sc.Outcome != result.Failed || !strings.Contains(sc.Failure.Message, tc.want) || len(sc.Exchanges) != 3 {
				t.Errorf("%s: %+v", sc.Outcome, sc.Failure)
			}
		})
	}
}

// The same seed makes the same bodies, and all of them are JSON.
func TestGenerate(t *testing.T) {
	t.Parallel()
	one, two := rand.New(rand.NewSource(3)), rand.New(rand.NewSource(3))
	fields := stats(t).call.Explored.Fields
	for range 1000 {
		a, b := generate(fields, one).text(), generate(fields, two).text()
		if a != b {
			t.Fatalf("one seed, two bodies:\n%s\n%s", a, b)
		}
		if _, err := jsonval.Decode([]byte(a)); err != nil {
			t.Fatalf("%s: %v", a, err)
		}
	}
}

package docs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// goneAfter is a server that answers so many requests and then no more.
func goneAfter(t *testing.T, n int64) *bed {
	t.Helper()
	srv, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var left atomic.Int64
	left.Store(n)
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left.Add(-1) < 0 {
			panic(http.ErrAbortHandler)
		}
		srv.ServeHTTP(w, r)
	}))
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		hs.Close()
	})
	return &bed{srv, client}
}

// Of a target that died there is no report: what it no longer answered would
// stand there as its answers.
func TestDeadTarget(t *testing.T) {
	t.Parallel()
	cfg := newBed(t, "").config(ownPages(t)[0])
	cfg.OutDir = filepath.Join(t.TempDir(), "out")
	died := errors.New("the target exited")
	cfg.Died = func(context.Context) error { return died }
	if rep, err := Run(context.Background(), cfg); rep != nil || !errors.Is(err, died) {
		t.Errorf("got %v, %v, want that the target died", rep, err)
	}
	if files, _ := os.ReadDir(cfg.OutDir); len(files) > 0 {
		t.Errorf("%v were written", files)
	}
}

// Wherever the probes end, nothing is derived from what was not asked: what is
// found then is found by a whole run, too, and the run has no verdict.
func TestEarlyEnd(t *testing.T) {
	t.Parallel()
	pages := append(ownPages(t), falsePages...)
	for _, page := range pages {
		t.Run(strings.ReplaceAll(page, "/", "|"), func(t *testing.T) {
			t.Parallel()
			whole := newBed(t, "")
			known := map[string]bool{}
			for _, f := range findings(whole.run(t, whole.config(page))) {
				known[f] = true
			}
			for n := int64(0); n < 200; n += 1 + n/4 {
				b := goneAfter(t, n)
				cfg := b.config(page)
				cfg.Limits.Cleanup = time.Millisecond // nobody is there any more
				rep, err := Run(context.Background(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if rep.Pages[0].Error == "" {
					break // that many requests are enough
				}
				if rep.Verdict != result.Inconclusive || rep.ExitCode != result.ExitInconclusive {
					t.Errorf("after %d requests: %s, exit code %d", n, rep.Verdict, rep.ExitCode)
				}
				for _, f := range findings(rep) {
					if !known[f] {
						t.Errorf("after %d requests: %s", n, f)
					}
				}
				for _, c := range rep.Claims {
					if c.Verdict == claim.NotRun && c.Reason == "" {
						t.Errorf("after %d requests: %s does not say why it was not run", n, c.ID)
					}
					if c.Verdict == claim.NotRun && strings.HasPrefix(c.Documented, "nothing on") {
						t.Errorf("after %d requests: %s is a claim of nobody", n, c.ID)
					}
				}
			}
		})
	}
}

// A page that the server cannot be asked about says nothing of the server.
func TestNotAsked(t *testing.T) {
	t.Parallel()
	foreign := "[[x]]\n=== X\n==== {api-request-title}\n`GET _cat/indices/<index>`\n\n" +
		"==== {api-response-codes-title}\n`200`:\nFine.\n\n==== {api-path-parms-title}\n`<index>`::\n(Optional, string) Which.\n`more`::\n(Optional, string) What.\n"
	rep := func(files ...string) (result.Verdict, int, string) {
		b := newBed(t, "")
		r := b.run(t, b.config(files...))
		return r.Verdict, r.ExitCode, r.Reason
	}
	page := pageFile(t, "x.asciidoc", foreign)
	verdict, exit, reason := rep(page)
	if verdict != result.Inconclusive || exit != result.ExitInconclusive {
		t.Errorf("%s, exit code %d", verdict, exit)
	}
	if !strings.HasPrefix(reason, "the server was not asked: GET /_cat/indices/{index} is not part") || !strings.Contains(reason, "1 point of style") {
		t.Error(reason)
	}
	// Beside a page that is true the verdict is no other.
	if verdict, exit, reason = rep(page, "testdata/pages/delete.asciidoc"); exit != result.ExitInconclusive || !strings.Contains(reason, "could not be held") {
		t.Errorf("%s, exit code %d: %s", verdict, exit, reason)
	}
	// Beside one that is false it is that page's.
	if verdict, exit, reason = rep(page, "testdata/false/list.asciidoc"); exit != result.ExitNonconformant || !strings.HasPrefix(reason, "2 points that the server") {
		t.Errorf("%s, exit code %d: %s", verdict, exit, reason)
	}
}

// The time limit of a run ends it as a server does that goes away.
func TestTimeLimit(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	ctx, cancel := context.WithCancelCause(context.Background())
	over := fmt.Errorf("the time limit of the run is over")
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel(over)
		b.server.ServeHTTP(w, r)
	}))
	defer hs.Close()
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	cfg := b.config("testdata/false/list.asciidoc")
	cfg.Client, cfg.Registry = client, resource.NewRegistry("limit")
	rep, err := Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if rep.ExitCode != result.ExitInconclusive || rep.Counts[claim.NotRun] == 0 {
		t.Errorf("exit code %d, %v", rep.ExitCode, rep.Counts)
	}
	for _, c := range rep.Findings() {
		if c.Kind != claim.KindMarkup {
			t.Errorf("%s %s: %s", c.Verdict, c.ID, c.Observed)
		}
	}
}

// A server that answers everything with a success is asked no more than once, and
// there is no verdict.
func TestServerThatAgreesToEverything(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(hs.Close)
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	b := newBed(t, "")
	b.client = client
	rep, err := Run(context.Background(), b.config(ownPages(t)[0]))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Verdict != result.Inconclusive || requests.Load() != 1 || !strings.Contains(rep.Reason, "no server has") {
		t.Errorf("%s after %d requests: %s", rep.Verdict, requests.Load(), rep.Reason)
	}
}

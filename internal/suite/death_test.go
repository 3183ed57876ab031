package suite_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// A server that dies explains the run: with its own words, whether it takes
// many scenarios with it or the last one, and with nothing left in it.
func TestServerThatDies(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		at int64 // the request that it dies of
		suite.Selection
	}{
		"in the preflight":      {3, suite.Selection{IDs: []string{"stats.code.200"}}},
		"with few scenarios":    {25, suite.Selection{IDs: []string{"stats.code.200"}}},
		"in the middle of many": {200, suite.Selection{Profiles: []string{"documented"}}},
		"never":                 {0, suite.Selection{IDs: []string{"stats.code.200"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tgt := mortal(t, tt.at)
			run, err := suite.Perform(t.Context(), suite.Plan{Suite: loaded, Selection: tt.Selection, Target: tgt, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			if tt.at == 0 {
				if run.Verdict != result.Conformant {
					t.Errorf("a server that lives: %s: %s", run.Verdict, run.Reason)
				}
				return
			}
			if run.Verdict != result.Inconclusive || run.CutShort != "it exited with code 137 (more memory)" || strings.Join(run.Target.Log, ",") != "last words" {
				t.Errorf("%s: %s, log %q", run.Verdict, run.CutShort, run.Target.Log)
			}
			if len(run.Resources.Leftovers) > 0 {
				t.Errorf("left behind in a server that is gone: %+v", run.Resources.Leftovers)
			}
		})
	}
}

// mortal is a target that dies of its nth request.
func mortal(t *testing.T, n int64) *target.Target {
	t.Helper()
	handler, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	var dead atomic.Bool
	var asked atomic.Int64
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n > 0 && requests.Add(1) >= n {
			dead.Store(true)
			_ = server.Listener.Close()
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	client, err := wire.New(wire.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.New(t.Context(), client, result.Target{Kind: "container"}, target.Hooks{Died: func(context.Context) error {
		if dead.Load() && asked.Add(1) > 2 { // engines take a moment to notice
			return &target.StartError{What: "it exited with code 137", Advice: "more memory", Log: []string{"last words"}}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return tgt
}

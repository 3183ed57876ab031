package suite_test

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

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/doors"
	"github.com/esconform/esconform/internal/wire"
)

// trouble is what a cluster may do wrong once a node was killed.
type trouble struct {
	update func(w http.ResponseWriter, r *http.Request, nth int64, next http.Handler) // answers updates
	lags   bool                                                                       // the third node answers old reads
	red    bool                                                                       // the cluster does not recover
}

// update reports whether a request is one of those that writers send.
func update(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, "/_stats") || strings.HasSuffix(r.URL.Path, "/_name")
}

// cluster is three doors of one embedded server, with the health of a cluster.
// Killing a node shuts its door.
func cluster(t *testing.T, tr trouble) *target.Target {
	t.Helper()
	ref, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var killed atomic.Bool
	var updates atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/_cluster/health" && tr.red && killed.Load():
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			w.WriteHeader(http.StatusRequestTimeout)
		case r.URL.Path == "/_cluster/health":
			fmt.Fprint(w, `{"status":"green"}`)
		case tr.update != nil && killed.Load() && update(r):
			tr.update(w, r, updates.Add(1), ref)
		default:
			ref.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	all, err := doors.Open(server.URL, server.URL, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doors.Shut(all) })
	if tr.lags {
		all[2].Lag()
	}
	client, err := wire.New(wire.Config{URL: doors.URLs(all), Limits: limits.Limits{Start: 3 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.New(t.Context(), client, result.Target{Kind: "container"}, target.Hooks{
		Kill: func(_ context.Context, node int) error {
			killed.Store(true)
			all[node].Shut()
			return nil
		},
		Revive: func(_ context.Context, node int) (string, error) { return all[node].Host(), all[node].Reopen() },
		Master: func(context.Context) (int, error) { return 0, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return tgt
}

// unavailable is the answer of a server that is not there for the request.
const unavailable = `{"error":{"type":"unavailable_shards_exception"},"status":503}`

func say(w http.ResponseWriter, status int, body string) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// every3rd answers every third update otherwise.
func every3rd(answer http.HandlerFunc) func(http.ResponseWriter, *http.Request, int64, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, nth int64, next http.Handler) {
		if nth%3 == 0 {
			next = answer
		}
		next.ServeHTTP(w, r)
	}
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { say(w, status, body) }
}

// A cluster that loses a node is judged by what it acknowledged: whatever is wrong
// is held against the requirement that is about it, and nothing else is.
func TestOutages(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	lose := func(w http.ResponseWriter, _ *http.Request, _ int64, _ http.Handler) {
		say(w, 200, `{"result":"updated"}`)
	}
	refuse := func(w http.ResponseWriter, _ *http.Request, _ int64, _ http.Handler) { say(w, 503, unavailable) }
	done := func(w http.ResponseWriter, r *http.Request, nth int64, next http.Handler) {
		if nth%3 == 0 {
			next.ServeHTTP(httptest.NewRecorder(), r)
			next = saying(503, unavailable)
		}
		next.ServeHTTP(w, r)
	}
	for name, tt := range map[string]struct {
		trouble
		blamed []string // one of them
	}{
		"right":                            {},
		"is not there for some writes":     {trouble{update: every3rd(saying(503, unavailable))}, nil},
		"does a write and says it did not": {trouble{update: done}, nil},
		"refuses right writes":             {trouble{update: every3rd(saying(404, `{"error":{"type":"x"},"status":404}`))}, []string{"nodes.errors"}},
		"has errors that say nothing":      {trouble{update: every3rd(saying(500, `{}`))}, []string{"nodes.errors"}},
		"acknowledges what it lost":        {trouble{update: lose}, []string{"nodes.reads", "nodes.acknowledged"}},
		"takes no writes":                  {trouble{update: refuse}, []string{"nodes.writes"}},
		"does not recover":                 {trouble{red: true}, []string{"nodes.green"}},
		"lags behind":                      {trouble{lags: true}, []string{"nodes.reads", "nodes.acknowledged"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tgt := cluster(t, tt.trouble)
			run, err := suite.Perform(t.Context(), suite.Plan{
				Suite: loaded, Target: tgt, Seed: 1, Limits: limits.Limits{Start: 3 * time.Second},
				Selection: suite.Selection{IDs: []string{"nodes.outage/a-node-sync-jobs", "nodes.outage/the-master-connectors"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, sc := range run.Scenarios {
				blamed, why := strings.Join(sc.Blames, ","), ""
				if f := sc.Failure; f != nil {
					why = f.Message + ": " + f.Actual
				}
				right := sc.Outcome == result.Passed && tt.blamed == nil || sc.Outcome == result.Failed && slices.Contains(tt.blamed, blamed)
				if !right {
					t.Errorf("%s %s, held against %q, want %q: %s", sc.ID, sc.Outcome, blamed, tt.blamed, why)
				}
			}
		})
	}
}

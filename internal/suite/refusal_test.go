package suite_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// A call that every scenario needs is under test itself: where it is refused,
// its requirement fails, and the rest is not run. Where the API is not there,
// or nothing that was selected is about the call, nothing is said.
func TestRefusedPrecondition(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		method, ends string
		status       int
		ids          []string
		verdict      result.Verdict
		fails        string
	}{
		"creating":         {http.MethodPost, "/_sync_job", 500, []string{"sync-job.create.code.201", "stats.code.200"}, result.Nonconformant, "sync-job.create.code.201"},
		"not selected":     {http.MethodPost, "/_sync_job", 500, []string{"stats.code.200"}, result.Inconclusive, ""},
		"no such API":      {http.MethodPost, "/_sync_job", 405, []string{"sync-job.create.code.201"}, result.Inconclusive, ""},
		"not allowed":      {http.MethodPost, "/_sync_job", 403, []string{"sync-job.create.code.201"}, result.Inconclusive, ""},
		"of no one's area": {http.MethodPut, "", 500, []string{"sync-job.create.code.201"}, result.Inconclusive, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tgt := refusing(t, tc.method, tc.ends, tc.status)
			run, err := suite.Perform(t.Context(), suite.Plan{Suite: loaded, Target: tgt, Selection: suite.Selection{IDs: tc.ids}, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			if run.Verdict != tc.verdict || run.CutShort == "" {
				t.Errorf("%s: %s, cut short %q", run.Verdict, run.Reason, run.CutShort)
			}
			var failed []string
			for _, r := range run.Requirements {
				if r.Outcome == result.Failed && !strings.HasSuffix(r.ID, ".example") {
					failed = append(failed, r.ID)
				}
			}
			if strings.Join(failed, " ") != tc.fails {
				t.Errorf("failed are %v, want %q", failed, tc.fails)
			}
			for _, sc := range run.Scenarios {
				if strings.HasPrefix(sc.ID, "stats.") && (sc.Outcome != result.NotRun || !strings.Contains(sc.Reason, "set-up failed")) {
					t.Errorf("%s is %s: %s", sc.ID, sc.Outcome, sc.Reason)
				}
			}
		})
	}
}

// refusing is a target that answers every request of a method to paths of an
// ending with an error.
func refusing(t *testing.T, method, ending string, status int) *target.Target {
	t.Helper()
	handler, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method || !strings.HasSuffix(r.URL.Path, ending) {
			handler.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"error":{"type":"null_pointer_exception","reason":"x","root_cause":[{"type":"null_pointer_exception","reason":"x"}]},"status":500}`))
	}))
	t.Cleanup(server.Close)
	client, err := wire.New(wire.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.New(t.Context(), client, result.Target{Kind: "url"}, target.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return tgt
}

package suite_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// A run says what the server got to see, however often scenarios ran and
// whatever is kept of them; and what is observed depends on neither.
func TestTrafficIsWhatTheServerSaw(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for name, plan := range map[string]suite.Plan{"capped": {}, "whole": {WholeEvidence: true}, "repeated": {Repeat: 3}} {
		var seen, changing atomic.Int64
		handler, err := reference.New(reference.Options{})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen.Add(1)
			if r.Method == http.MethodPut || r.Method == http.MethodPost || r.Method == http.MethodDelete {
				changing.Add(1) // the scenarios search with GET
			}
			handler.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		client, err := wire.New(wire.Config{URL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Target, err = target.New(t.Context(), client, result.Target{Kind: "url"}, target.Hooks{}); err != nil {
			t.Fatal(err)
		}
		before, changed := int(seen.Load()), int(changing.Load())
		plan.Suite, plan.Selection, plan.Seed = loaded, suite.Selection{IDs: []string{"stats.required.*"}}, 1
		var begun atomic.Int64
		plan.OnBegin = func(string) { begun.Add(1) }
		run, err := suite.Perform(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		sum, times := result.Sent{}, max(plan.Repeat, 1)
		for _, sc := range run.Scenarios {
			sum = sum.Plus(sc.Sent)
			if whole := len(sc.Exchanges) == sc.Requests+sc.Leased; whole != (sc.Evidence == "") || plan.WholeEvidence && !whole || sc.Outcome != result.Passed {
				t.Errorf("%s: %s %s, %d of %d exchanges, evidence %q", name, sc.ID, sc.Outcome, len(sc.Exchanges), sc.Requests+sc.Leased, sc.Evidence)
			}
		}
		if n := int(begun.Load()); n != times*len(run.Scenarios) {
			t.Errorf("%s: %d scenarios were said to begin, of %d run %d times", name, n, len(run.Scenarios), times)
		}
		recalls(t, loaded, run)
		got := run.Traffic
		if want := (result.Sent{Requests: int(seen.Load()) - before, Writes: int(changing.Load()) - changed}); got.Sent != want {
			t.Errorf("%s: the run says %+v, the server saw %+v", name, got.Sent, want)
		}
		within := got.Minus(got.Outside)
		if times == 1 && within != sum || within.Writes == 0 || got.Outside.Writes == 0 || got.Scenarios != times*len(run.Scenarios) {
			t.Errorf("%s: scenarios sent %+v, the run says %+v", name, sum, got)
		}
		if got.ServerMS <= 0 || got.ServerMS > got.ScenariosMS {
			t.Errorf("%s: the server took %v of %v ms", name, got.ServerMS, got.ScenariosMS)
		}
		var text bytes.Buffer
		if err := observe.Write(&text, run); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text.String())
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Error("what was observed depends on what is kept")
	}
}

// recalls sees that what is not written of a scenario is in the feature files.
func recalls(t *testing.T, loaded *suite.Suite, run *result.Run) {
	t.Helper()
	for _, sc := range run.Scenarios {
		read := result.Run{Suite: run.Suite, Scenarios: []result.Scenario{sc.Written()}}
		other := read
		other.Suite.Digest, other.Scenarios = "another", slices.Clone(read.Scenarios)
		loaded.Recall(&read)
		loaded.Recall(&other)
		got := read.Scenarios[0]
		for i := range sc.Steps {
			if i < len(got.Steps) {
				got.Steps[i].DurationMS = sc.Steps[i].DurationMS
			}
		}
		if !slices.Equal(got.Steps, sc.Steps) || !slices.Equal(got.Tags, sc.Tags) || len(sc.Steps) == 0 {
			t.Errorf("%s: got steps %+v and tags %q, want %+v and %q", sc.ID, got.Steps, got.Tags, sc.Steps, sc.Tags)
		}
		if sc.Evidence != "" && len(other.Scenarios[0].Steps) > 0 {
			t.Errorf("%s: a run of other features has steps of these", sc.ID)
		}
	}
}

package suite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// behind runs a plan against a reference server behind a handler of the test's,
// and sees that nothing is left.
func behind(t *testing.T, plan suite.Plan, handler func(*reference.Server) http.HandlerFunc) *result.Run {
	t.Helper()
	return behindUntil(t.Context(), t, plan, handler)
}

func behindUntil(ctx context.Context, t *testing.T, plan suite.Plan, handler func(*reference.Server) http.HandlerFunc) *result.Run {
	t.Helper()
	server, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler(server))
	t.Cleanup(web.Close)
	client, err := wire.New(wire.Config{URL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Target, err = target.New(t.Context(), client, result.Target{Kind: "url"}, target.Hooks{}); err != nil {
		t.Fatal(err)
	}
	run, err := suite.Perform(ctx, plan)
	if err != nil {
		t.Fatal(err)
	}
	left, err := reftest.RemainsIn(server)
	if err != nil {
		t.Fatal(err)
	}
	if len(left.Connectors)+len(left.Jobs)+len(run.Resources.Leftovers) > 0 || run.Resources.Created != run.Resources.Deleted {
		t.Errorf("left are %v; the run says %+v", left, run.Resources)
	}
	return run
}

func asItIs(s *reference.Server) http.HandlerFunc { return s.ServeHTTP }

// outcomes are those of all scenarios, with what failed.
func outcomes(run *result.Run) map[string]string {
	out := map[string]string{}
	for _, sc := range run.Scenarios {
		out[sc.ID] = string(sc.Outcome) + " " + sc.Reason
		if sc.Failure != nil {
			out[sc.ID] += sc.Failure.Check + " " + sc.Failure.Location + " " + strings.Join(sc.Blames, " ")
		}
	}
	return out
}

func observed(t *testing.T, run *result.Run) string {
	t.Helper()
	var text bytes.Buffer
	if err := observe.Write(&text, run); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Scenarios come to the same, and see the same, whether they are lent what they
// begin with or not, in any order, and in every way of running them.
func TestLeasesChangeNothing(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"stats.required.*", "connector.name.*", "connector.status.*"}
	for name, plan := range map[string]suite.Plan{
		"seed 1": {Seed: 1}, "seed 2": {Seed: 2}, "one at a time": {Seed: 3, Parallel: 1}, "many": {Seed: 4, Parallel: 32}, "twice": {Seed: 5, Repeat: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan.Suite, plan.Selection = loaded, suite.Selection{IDs: ids}
			with := behind(t, plan, asItIs)
			plan.NoLease = true
			without := behind(t, plan, asItIs)
			if diff := cmp.Diff(outcomes(without), outcomes(with)); diff != "" {
				t.Errorf("outcomes without leases and with them:\n%s", diff)
			}
			if with.Verdict != result.Conformant || observed(t, with) != observed(t, without) {
				t.Errorf("%s: %s; other things are observed than without leases", with.Verdict, with.Reason)
			}
			if with.Resources.Leased == 0 || with.Resources.Leased+with.Resources.Created != without.Resources.Created || without.Resources.Leased > 0 {
				t.Errorf("with leases %+v, without %+v", with.Resources, without.Resources)
			}
			if with.Traffic.Writes >= without.Traffic.Writes {
				t.Errorf("%d writes with leases, %d without", with.Traffic.Writes, without.Traffic.Writes)
			}
		})
	}
}

// A server that changes what it refuses to change, or that forgets, is found out
// by the same scenarios as without leases, and by no others: what one leaves
// behind is lent to nobody.
func TestWhatWasChangedIsNotLent(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	for name, then := range map[string]func(s *reference.Server, r *http.Request){
		"a refusal that writes": func(s *reference.Server, r *http.Request) {
			answer(s, http.MethodPost, "/.elastic-connectors-sync-jobs/_update/"+jobOf(r), `{"doc":{"deleted_document_count":77}}`)
		},
		"a refusal that writes the same": func(s *reference.Server, r *http.Request) {
			answer(s, http.MethodPost, "/.elastic-connectors-sync-jobs/_update/"+jobOf(r), `{"doc":{},"detect_noop":false}`)
		},
		"a refusal that deletes": func(s *reference.Server, r *http.Request) {
			answer(s, http.MethodDelete, "/_connector/_sync_job/"+jobOf(r), "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusing := func(s *reference.Server) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					rec := httptest.NewRecorder()
					s.ServeHTTP(rec, r)
					if rec.Code == http.StatusBadRequest && strings.HasSuffix(r.URL.Path, "/_stats") {
						then(s, r)
					}
					maps.Copy(w.Header(), rec.Header())
					w.WriteHeader(rec.Code)
					_, _ = w.Write(rec.Body.Bytes())
				}
			}
			plan := suite.Plan{Suite: loaded, Selection: suite.Selection{IDs: []string{"stats.required.*", "sync-job.get.*"}}, Seed: 1, Parallel: 1}
			with := behind(t, plan, refusing)
			plan.NoLease = true
			without := behind(t, plan, refusing)
			if diff := cmp.Diff(outcomes(without), outcomes(with)); diff != "" || with.Counts[result.Failed] == 0 {
				t.Errorf("%d failed; outcomes without leases and with them:\n%s", with.Counts[result.Failed], diff)
			}
		})
	}
}

// jobOf is the sync job in the path of a request.
func jobOf(r *http.Request) string { return strings.Split(r.URL.Path, "/")[3] }

func answer(s *reference.Server, method, path, body string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(httptest.NewRecorder(), r)
}

// leaseFeature has scenarios of one beginning, each with a Then of its own.
func leaseFeature(begin, then string) fstest.MapFS {
	text := "@contract\nFeature: f\n"
	for i := range 6 {
		text += fmt.Sprintf("  @id:s%d\n  Scenario: s%d\n    Given %s\n    %s\n", i, i, begin, then)
	}
	return fstest.MapFS{"a.feature": {Data: []byte(text)}}
}

// What a scenario did beside reading, or being refused, decides whether what it
// began with is lent on.
func TestWhatIsLent(t *testing.T) {
	t.Parallel()
	const connector, there = "a connector", "Then the connector is there"
	send := func(request string) string { return "When I send " + request + "\n    " + there }
	for name, tc := range map[string]struct {
		begin, then string
		leased      int
		outcome     result.Outcome
	}{
		"reads":               {connector, there, 5, result.Passed},
		"a refused update":    {connector, send(`PUT "/_connector/{connector}/_name" with {"name": 1, "x": 1}`), 5, result.Passed},
		"a refused creation":  {connector, send(`PUT "/_connector/{connector}" with [1]`), 5, result.Passed},
		"a refused deletion":  {connector, send(`DELETE "/_connector/{connector}/x/y/z"`), 5, result.Passed},
		"an update":           {connector, send(`PUT "/_connector/{connector}/_name" with {"name": "n"}`), 0, result.Passed},
		"a write elsewhere":   {connector, send(`POST "/_refresh"`), 0, result.Passed},
		"a deletion":          {connector, `When the connector is deleted` + "\n    Then the connector is gone", 0, result.Passed},
		"a failure":           {connector, "Then the connector is gone", 0, result.Failed},
		"nothing made":        {"an id that no connector has", "Then the connector is gone", 0, result.Passed},
		"an index beside it":  {connector + "\n    And an index", there, 0, result.Passed},
		"a write in the text": {connector + "\n    And I send PUT \"/_connector/{connector}/_name\" with {\"name\": \"n\"}", there, 5, result.Passed},
		"a search":            {connector, send(`GET "/.elastic-connectors/_search"`), 5, result.Passed},
		// What is sent is another text in each scenario.
		"chance": {connector + "\n    And an id that no sync job has\n    And I send PUT \"/_connector/{connector}/_name\" with {\"name\": \"{sync_job}\"}", there, 0, result.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loaded, err := suite.Load(suite.Source{Name: "own", FS: leaseFeature(tc.begin, tc.then), User: true})
			if err != nil {
				t.Fatal(err)
			}
			run := behind(t, suite.Plan{Suite: loaded, Seed: 1, Parallel: 1, WholeEvidence: true}, asItIs)
			if run.Resources.Leased != tc.leased || run.Counts[tc.outcome] != 6 {
				t.Errorf("%+v, %v", run.Resources, outcomes(run))
			}
			for _, sc := range run.Scenarios {
				for _, e := range sc.Exchanges {
					if e.Leased != "" && (e.Leased == sc.ID || tc.leased == 0) {
						t.Errorf("%s has %s %s of %s", sc.ID, e.Request.Method, e.Request.Path, e.Leased)
					}
				}
			}
		})
	}
}

// What was lent and does not fit is deleted beside the scenarios that follow, also
// where that takes a call of its own: not only when the run ends.
func TestWhatDoesNotFitIsDeletedAtOnce(t *testing.T) {
	t.Parallel()
	fs := leaseFeature("a connector\n    And an id that no sync job has\n    And I send PUT \"/_connector/{connector}/_name\" with {\"name\": \"{sync_job}\"}", "Then the connector is there")
	fs["a.feature"].Data = append(fs["a.feature"].Data, "  @serial @id:last\n  Scenario: last\n    When I send GET \"/_connector\"\n    Then the response at \"/count\" equals 0\n"...)
	loaded, err := suite.Load(suite.Source{Name: "own", FS: fs, User: true})
	if err != nil {
		t.Fatal(err)
	}
	run := behind(t, suite.Plan{Suite: loaded, Seed: 1, Parallel: 1, Repeat: 2}, func(s *reference.Server) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/_bulk") { // is noticed in the first round
				w.WriteHeader(http.StatusForbidden)
				return
			}
			s.ServeHTTP(w, r)
		}
	})
	if run.Counts[result.Passed] != 7 {
		t.Errorf("%v", outcomes(run))
	}
}

// A scenario makes the calls itself that it is about, reads too.
func TestCallsUnderTestAreMade(t *testing.T) {
	t.Parallel()
	for call, leased := range map[string]int{"PUT /_connector/*": 0, "GET /_connector/*": 0, "DELETE /_connector/*": 5} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			fs := leaseFeature("a connector\n    And I send GET \"/_connector/{connector}\"", "Then the response status is 200")
			fs["a.feature"].Data = bytes.ReplaceAll(fs["a.feature"].Data, []byte("  @id"), []byte("  @req:own.call @id"))
			fs["requirements.yaml"] = &fstest.MapFile{Data: []byte("calls:\n  own: [" + call + "]\nrequirements:\n  - id: own.call\n    statement: It MUST work.\n    profile: contract\n    sources: [own]\n")}
			loaded, err := suite.Load(suite.Source{Name: "own", FS: fs})
			if err != nil {
				t.Fatal(err)
			}
			if run := behind(t, suite.Plan{Suite: loaded, Seed: 1, Parallel: 1}, asItIs); run.Resources.Leased != leased {
				t.Errorf("%d leased, want %d", run.Resources.Leased, leased)
			}
		})
	}
}

// Of several nodes, one that shows what was there before is found out by what each
// scenario makes itself.
func TestNothingIsLentAmongNodes(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "own", FS: leaseFeature("a connector", "Then the connector is there"), User: true})
	if err != nil {
		t.Fatal(err)
	}
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: loaded, Target: cluster(t, trouble{}), Seed: 1, Parallel: 1})
	if err != nil || run.Resources.Leased > 0 || run.Counts[result.Passed] != 6 {
		t.Errorf("%v: %+v, %v", err, run.Resources, run.Counts)
	}
}

// What a refusal does only later, to whoever has its connector then, is told of
// nobody who does not see it with a connector of their own, too. Each time that a
// scenario runs is counted.
func TestFailuresWithWhatWasLentAreTriedAgain(t *testing.T) {
	t.Parallel()
	then := "When I send GET \"/_connector/{connector}?human\"\n    Then the response status is 200\n" +
		"    When I send PUT \"/_connector/{connector}/_name\" with {\"name\": 1, \"x\": 1}\n    Then the response status is 400"
	loaded, err := suite.Load(suite.Source{Name: "own", FS: leaseFeature("a connector", then), User: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		repeat                            int
		all                               bool // any connector is hurt once one was refused something
		flaky, failed, passed, runs, told int
	}{
		"once":            {repeat: 1, flaky: 3, passed: 3, runs: 9, told: 9},
		"twice":           {repeat: 2, flaky: 3, passed: 3, runs: 18, told: 18},
		"without it, too": {repeat: 1, all: true, failed: 5, passed: 1, runs: 7, told: 6},
		"and then always": {repeat: 2, all: true, failed: 5, flaky: 1, runs: 13, told: 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refused sync.Map
			var any atomic.Bool
			var mu sync.Mutex
			begun, ended := map[string]int{}, map[string]int{}
			count := func(of map[string]int) func(string) {
				return func(id string) {
					mu.Lock()
					defer mu.Unlock()
					of[id]++
				}
			}
			plan := suite.Plan{Suite: loaded, Seed: 1, Parallel: 1, Repeat: tc.repeat, OnBegin: count(begun), OnEnd: count(ended)}
			told := 0
			plan.OnScenario = func(result.Scenario) { told++ } // one at a time
			run := behind(t, plan, func(s *reference.Server) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/_name") {
						refused.Store(strings.TrimSuffix(r.URL.Path, "/_name"), true)
						any.Store(true)
					}
					if _, late := refused.Load(r.URL.Path); (late || tc.all && any.Load()) && r.URL.RawQuery == "human" {
						r.Method = http.MethodPatch // is refused
					}
					s.ServeHTTP(w, r)
				}
			})
			if run.Counts[result.Flaky] != tc.flaky || run.Counts[result.Failed] != tc.failed || run.Counts[result.Passed] != tc.passed {
				t.Errorf("%v: %v", run.Counts, outcomes(run))
			}
			if run.Traffic.Scenarios != tc.runs || told != tc.told || !maps.Equal(begun, ended) {
				t.Errorf("scenarios ran %d times, want %d, %d were told of, want %d; %v began, %v ended", run.Traffic.Scenarios, tc.runs, told, tc.told, begun, ended)
			}
			for _, sc := range run.Scenarios {
				if sc.Outcome == result.Failed && sc.Leased > 0 {
					t.Errorf("%s has no evidence of its own", sc.ID)
				}
				if sc.Outcome != result.Flaky {
					continue
				}
				ran := 0
				for _, a := range sc.Attempts {
					ran += a.Count
					if len(a.Exchanges) <= 2 {
						t.Errorf("%s: of an attempt that %s, %d exchanges are kept", sc.ID, a.Outcome, len(a.Exchanges))
					}
				}
				if ran != begun[sc.ID] {
					t.Errorf("%s ran %d times: %+v", sc.ID, begun[sc.ID], sc.Attempts)
				}
			}
		})
	}
}

// What could not be tried again, because the run was interrupted, has failed.
func TestInterruptedBeforeItIsTriedAgain(t *testing.T) {
	t.Parallel()
	loaded, err := suite.Load(suite.Source{Name: "own", FS: leaseFeature("a connector", "When I send GET \"/_connector/{connector}?human\"\n    Then the response status is 200"), User: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	begun := map[string]bool{}
	plan := suite.Plan{Suite: loaded, Seed: 1, Parallel: 1, OnBegin: func(id string) {
		if begun[id] {
			cancel(errors.New("interrupted"))
		}
		begun[id] = true
	}}
	seen := map[string]bool{}
	run := behindUntil(ctx, t, plan, func(s *reference.Server) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "human" {
				if seen[r.URL.Path] {
					r.Method = http.MethodPatch // is refused to the second who has it
				}
				seen[r.URL.Path] = true
			}
			s.ServeHTTP(w, r)
		}
	})
	if run.CutShort != "interrupted" || run.Counts[result.Failed] != 3 || run.Counts[result.Passed] != 3 {
		t.Errorf("%s: %v: %v", run.CutShort, run.Counts, outcomes(run))
	}
}

// Never do two scenarios use the same at the same time.
func TestLeasesAreExclusive(t *testing.T) {
	t.Parallel()
	text := "@contract\nFeature: f\n"
	for i := range 60 {
		text += fmt.Sprintf("  @id:s%d\n  Scenario: s%d\n    Given a connector\n    When I send GET \"/_connector/{connector}?pretty\"\n    Then the connector is there\n    When I send GET \"/_connector/{connector}?human\"\n    Then the connector is there\n", i, i)
	}
	loaded, err := suite.Load(suite.Source{Name: "own", FS: fstest.MapFS{"a.feature": {Data: []byte(text)}}, User: true})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	inUse := map[string]bool{}
	var clashes atomic.Int64
	run := behind(t, suite.Plan{Suite: loaded, Seed: 1, Parallel: 16}, func(s *reference.Server) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			switch r.URL.RawQuery {
			case "pretty": // it begins with this
				if inUse[r.URL.Path] {
					clashes.Add(1)
				}
				inUse[r.URL.Path] = true
			case "human":
				inUse[r.URL.Path] = false
			}
			mu.Unlock()
			s.ServeHTTP(w, r)
		}
	})
	if clashes.Load() > 0 || run.Resources.Leased == 0 || run.Counts[result.Passed] != 60 {
		t.Errorf("%d clashes, %+v, %v", clashes.Load(), run.Resources, run.Counts)
	}
}

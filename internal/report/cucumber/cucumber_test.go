package cucumber

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]*result.Run{
		"passing": testruns.Passing(), "failing": testruns.Failing(), "inconclusive": testruns.Inconclusive(),
		"hostile": testruns.Hostile(), "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			if err := Write(&buf, run); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), buf.String()); diff != "" {
				t.Errorf("%s differs (run with -update if that is right):\n%s", file, diff)
			}
		})
	}
}

// TestOutcomes holds what a reader of the format concludes from the steps
// against the outcome of the scenario.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, o := range result.Outcomes() {
		for _, withSteps := range []bool{true, false} {
			run := testruns.Passing()
			run.Scenarios = run.Scenarios[:1]
			s := &run.Scenarios[0]
			s.Outcome = o
			if !withSteps {
				s.Steps = nil
			}
			var buf bytes.Buffer
			if err := Write(&buf, run); err != nil {
				t.Fatal(err)
			}
			var features []feature
			if err := json.Unmarshal(buf.Bytes(), &features); err != nil {
				t.Fatal(err)
			}
			var statuses []string
			for _, st := range features[0].Elements[0].Steps {
				statuses = append(statuses, st.Result.Status)
			}
			failed := slices.Contains(statuses, "failed")
			passed := len(statuses) > 0 && !slices.ContainsFunc(statuses, func(s string) bool { return s != "passed" })
			wantFailed := o == result.Failed || o == result.Flaky || o == result.Error
			if failed != wantFailed || passed != (o == result.Passed) {
				t.Errorf("%s, steps %v: read as failed %v, passed %v (%v)", o, withSteps, failed, passed, statuses)
			}
		}
	}
}

package suite_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/testkit/realnode"
)

// runReal runs scenarios against the real Elasticsearch, and sees that it holds
// afterwards what it held before.
func runReal(t *testing.T, sel suite.Selection, folders ...string) *result.Run {
	t.Helper()
	tgt := realnode.Open(t, realnode.Config(t))
	sources := []suite.Source{{Name: "features", FS: features.FS}}
	for _, dir := range folders {
		sources = append(sources, suite.Source{Name: dir, FS: os.DirFS(dir), User: true})
	}
	s, err := suite.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	before := realnode.Listing(t, tgt)
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Selection: sel, Target: tgt, Limits: limits.Default(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(realnode.Listing(t, tgt), "\n")); diff != "" {
		t.Errorf("the cluster holds something else than before:\n%s", diff)
	}
	for _, sc := range run.Scenarios {
		if sc.Outcome != result.Passed && sc.Outcome != result.Skipped {
			message := sc.Reason
			if sc.Failure != nil {
				message = sc.Failure.Message + "; expected " + sc.Failure.Expected + ", actual " + sc.Failure.Actual
			}
			t.Errorf("%s %s: %s", sc.Outcome, sc.ID, message)
		}
	}
	return run
}

// The features of index templates pass on a real Elasticsearch, and leave
// nothing.
func TestIndexTemplatesOnARealNode(t *testing.T) {
	run := runReal(t, suite.Selection{Tags: "@index-templates"})
	if run.Verdict != result.Conformant || run.Counts[result.Passed] < 60 {
		t.Errorf("%s: %s (%v)", run.Verdict, run.Reason, run.Counts)
	}
	if r := run.Resources; r.Created != r.Deleted || r.Created == 0 || len(r.Leftovers) > 0 {
		t.Errorf("resources: %+v", r)
	}
}

// Where all selected scenarios need an API that the target does not have,
// nothing is set up, and that is said.
func TestConnectorsOnANodeWithoutThem(t *testing.T) {
	run := runRealAlone(t)
	if run.Verdict != result.Inconclusive || run.ExitCode != result.ExitInconclusive || !strings.Contains(run.CutShort, "does not have the API connector") {
		t.Errorf("%s (exit code %d): %s", run.Verdict, run.ExitCode, run.CutShort)
	}
	if run.Resources.Created != 0 {
		t.Errorf("something was created: %+v", run.Resources)
	}
}

func runRealAlone(t *testing.T) *result.Run {
	t.Helper()
	tgt := realnode.Open(t, realnode.Config(t))
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Selection: suite.Selection{Tags: "@connector"}, Target: tgt, Limits: limits.Default(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// Whatever the features of somebody else create, also by the way, is gone or
// put back afterwards, and counted.
func TestFeaturesOfOthersLeaveNothing(t *testing.T) {
	run := runFolder(t, "testdata/others")
	if r := run.Resources; r.Created != r.Deleted || r.Restored < 2 || len(r.Leftovers) > 0 {
		t.Errorf("resources: %+v", r)
	}
}

// The worked example of an API in one file runs as the documentation says.
func TestTheExampleOfAnAPI(t *testing.T) {
	run := runFolder(t, "../../docs/examples/legacy_templates")
	if run.Verdict != result.Conformant || run.Resources.Created != run.Resources.Deleted {
		t.Errorf("%s: %s (%+v)", run.Verdict, run.Reason, run.Resources)
	}
}

// The worked example of an API that is already described does, too, where
// there are accounts.
func TestTheExampleOfRolesAndAPIKeys(t *testing.T) {
	realnode.Need(t)
	if os.Getenv(realnode.Variable+"_PASSWORD") == "" {
		t.Skip("SKIPPED: needs a real Elasticsearch with security on; set " + realnode.Variable + "_PASSWORD to the password of elastic there")
	}
	run := runFolder(t, "../../docs/examples/roles_and_api_keys")
	if run.Verdict != result.Conformant || run.Resources.Created != run.Resources.Deleted {
		t.Errorf("%s: %s (%+v)", run.Verdict, run.Reason, run.Resources)
	}
}

// runFolder runs the features of a user's folder alone.
func runFolder(t *testing.T, folder string) *result.Run {
	t.Helper()
	realnode.Need(t)
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS}, suite.Source{Name: folder, FS: os.DirFS(folder), User: true})
	if err != nil {
		t.Fatal(err)
	}
	var own suite.Selection
	for _, c := range s.Cases {
		if strings.HasPrefix(c.File, folder) {
			own.IDs = append(own.IDs, c.ID)
		}
	}
	run := runReal(t, own, folder)
	if run.Counts[result.Passed] == 0 {
		t.Errorf("%v", run.Counts)
	}
	return run
}

// Accounts with privileges in JSON may do what those say, of whatever API, and
// are refused all else.
func TestAccountsOnARealNode(t *testing.T) {
	run := runReal(t, suite.Selection{Tags: "@x-accounts"}, "testdata/accounts")
	if run.Counts[result.Passed] == 0 && os.Getenv(realnode.Variable+"_PASSWORD") != "" {
		t.Errorf("nothing passed: %s (%v)", run.Reason, run.Counts)
	}
}

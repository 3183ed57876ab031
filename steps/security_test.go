package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/race"
	"github.com/esconform/esconform/internal/wire"
)

// conforms demands that nothing failed and nothing was left behind.
func conforms(t *testing.T, run *result.Run) {
	t.Helper()
	noneFails(t, run)
	if run.Verdict != result.Conformant || len(run.Resources.Leftovers) > 0 {
		t.Errorf("the run is %s: %s; left behind %v", run.Verdict, run.Reason, run.Resources.Leftovers)
	}
}

// noneFails demands that each scenario passes, is skipped for a reason, or is
// one of those that Elasticsearch is known to fail: they run without any other
// waiver.
func noneFails(t *testing.T, run *result.Run) {
	t.Helper()
	known := map[string]bool{}
	for _, w := range run.Waivers {
		for _, id := range w.Scenarios {
			known[id] = true
		}
	}
	for _, sc := range run.Scenarios {
		switch {
		case sc.Outcome == result.Passed, sc.Outcome == result.Skipped && sc.Reason != "", sc.Outcome == result.Waived && known[sc.ID]:
		default:
			t.Errorf("%s: %s %q %+v", sc.ID, sc.Outcome, sc.Reason, sc.Failure)
		}
	}
}

// passed counts the scenarios of a profile that passed.
func passed(run *result.Run, profile string) int {
	n := 0
	for _, sc := range run.Scenarios {
		if sc.Profile == profile && sc.Outcome == result.Passed {
			n++
		}
	}
	return n
}

// Before 9.0 the API may be granted by privileges on its indices or by those of
// the cluster: the suite has to be right about both.
func TestSuitePassesWithSecurity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		version string
		cluster bool
		minimum int
	}{
		{"8.12.0", false, 40}, {"8.13.0", false, 160}, {"8.19.21", false, 160}, {"8.19.21", true, 160}, {"9.5.3", true, 180},
	} {
		t.Run(fmt.Sprintf("%s cluster privileges %t", tt.version, tt.cluster), func(t *testing.T) {
			t.Parallel()
			if race.Brief() && (tt.version != "8.19.21" || tt.cluster) {
				t.Skip("-race with -short runs one of these; run the test without one of them")
			}
			ctx := context.Background()
			tgt, err := target.Embedded(ctx, target.EmbeddedConfig{
				Emulate: esversion.MustParse(tt.version), Security: true, ClusterPrivileges: tt.cluster, Limits: patient(),
			})
			if err != nil {
				t.Fatal(err)
			}
			defer tgt.Close(ctx)
			run, err := suite.Perform(ctx, suite.Plan{
				Suite: loadSuite(t), Target: tgt, Limits: patient(), Seed: 1, Selection: suite.Selection{Profiles: []string{"security"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			conforms(t, run)
			if n := passed(run, "security"); n < tt.minimum {
				t.Errorf("%d scenarios of security passed, want at least %d", n, tt.minimum)
			}
		})
	}
}

// account makes a target of the embedded server for somebody with a role.
func accountTarget(t *testing.T, role string) *target.Target {
	t.Helper()
	ctx := context.Background()
	ca := filepath.Join(t.TempDir(), "ca.crt")
	server, err := target.Embedded(ctx, target.EmbeddedConfig{Security: true, CAFile: ca, Limits: patient()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close(ctx) })
	session := server.Client.Session()
	const password = "of-the-account"
	for path, body := range map[string]string{
		"/_security/role/suite": role,
		"/_security/user/suite": `{"password":"` + password + `","roles":["suite"]}`,
	} {
		res, err := session.Do(ctx, wire.Request{Method: http.MethodPut, Path: path, Body: []byte(body)})
		if err != nil || res.Status != http.StatusOK {
			t.Fatalf("PUT %s: %v %s", path, err, res.Body)
		}
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.URL(ctx, wire.Config{
		URL: server.Client.URL(), CACert: pem, Auth: wire.Auth{Username: "suite", Password: password}, Limits: patient(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(ctx) })
	return tgt
}

// What an account may not do is skipped with the privilege that is missing;
// the rest counts.
func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	if race.Brief() {
		t.Skip("-race with -short runs the same scenarios for one account only; run the test without one of them")
	}
	const (
		monitor = "the version is not known"
		index   = "needs an account that may"
		service = "what the connector service does"
		users   = "lacks the cluster privilege manage_security"
		keys    = "lacks the cluster privilege manage_own_api_key"
	)
	lineages, err := lineage.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, role string
		minimum    int
		reasons    []string // of what is skipped
		note       string
		lineages   []lineage.Lineage
	}{
		{"the API alone", `{"cluster":["manage_connector"]}`, 250, []string{index, users, keys, "documents that older versions have left"}, monitor, nil},
		{"and the stored documents", `{"cluster":["manage_connector","monitor"],"indices":[{"names":[".elastic-connectors*"],"privileges":["read","write"]}]}`,
			380, []string{service, users, keys}, "", lineages},
		{"everything", fullRole(t), 550, nil, "", lineages},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tgt := accountTarget(t, tt.role)
			if !strings.Contains(tgt.Info.Note, tt.note) || !tgt.Info.Security {
				t.Errorf("the target says %q, want %q, and that security is on", tgt.Info.Note, tt.note)
			}
			run, err := suite.Perform(context.Background(), suite.Plan{Suite: loadSuite(t), Selection: suite.Selection{Tags: "@connector"}, Lineages: tt.lineages, Target: tgt, Limits: patient(), Seed: 1, WholeEvidence: true})
			if err != nil {
				t.Fatal(err)
			}
			conforms(t, run)
			if n := run.Counts[result.Passed]; n < tt.minimum {
				t.Errorf("%d scenarios passed, want at least %d", n, tt.minimum)
			}
			skipped := map[string]string{}
			for _, sc := range run.Scenarios {
				if sc.Outcome == result.Skipped && !containsAny(sc.Reason, []string{"holds since", "may restart", "may stop", "are being replaced"}) {
					skipped[sc.Reason] = sc.ID
				}
			}
			for reason, id := range skipped {
				if !containsAny(reason, tt.reasons) {
					t.Errorf("%s is skipped: %s", id, reason)
				}
			}
			for _, want := range tt.reasons {
				found := false
				for reason := range skipped {
					found = found || strings.Contains(reason, want)
				}
				if !found {
					t.Errorf("nothing is skipped because it %s", want)
				}
			}
			if tt.reasons == nil {
				checksAreMade(t, run)
			}
			t.Log(run.Counts)
		})
	}
}

// checksAreMade demands of each scenario that the table of checks counts for a
// call that it has made it, or one of its path that is no other call.
func checksAreMade(t *testing.T, run *result.Run) {
	t.Helper()
	sent := map[string][]string{}
	for _, sc := range run.Scenarios {
		for _, e := range sc.Exchanges {
			at, _, _ := strings.Cut(e.Request.Path, "?")
			sent[sc.ID] = append(sent[sc.ID], e.Request.Method+" "+strings.TrimSuffix(at, "/"))
		}
	}
	made := 0
	table := loadSuite(t).Table("connector")
	for _, row := range table.Rows {
		method, pattern, _ := strings.Cut(row.Call, " ")
		isCall := func(request string) bool {
			m, at, _ := strings.Cut(request, " ")
			fits, _ := path.Match(pattern, at)
			other := m != method && slices.ContainsFunc(table.Rows, func(r requirement.Row) bool { return r.Call == m+" "+pattern })
			return fits && !other
		}
		for i, cell := range row.Cells {
			for _, id := range cell.Scenarios {
				if len(sent[id]) == 0 { // it was skipped
					continue
				}
				if made++; !slices.ContainsFunc(sent[id], isCall) && table.Kinds[i] != "method" {
					t.Errorf("%s counts for %s (%s) and makes it nowhere: %v", id, row.Call, table.Kinds[i], sent[id])
				}
			}
		}
	}
	if made < 2000 {
		t.Errorf("%d cells and scenarios were looked at, want at least 2000", made)
	}
}

func containsAny(text string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// fullRole is the role that the documentation tells people to create.
func fullRole(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	role, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("docs/security.md shows no role")
	}
	return role
}

// Whoever may not write what lineages are loaded into is told so before anything
// runs.
func TestLineagesNeedTheIndices(t *testing.T) {
	t.Parallel()
	all, err := lineage.All()
	if err != nil {
		t.Fatal(err)
	}
	tgt := accountTarget(t, `{"cluster":["manage_connector","monitor"]}`)
	run, err := suite.Perform(context.Background(), suite.Plan{Suite: loadSuite(t), Selection: suite.Selection{IDs: []string{"stats.code.200"}}, Lineages: all, Target: tgt, Limits: patient(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if want := "load connector of the lineage 8.8: the account may not write the index .elastic-connectors; give one that may, or leave out --lineage"; run.CutShort != want || run.Verdict != result.Inconclusive {
		t.Errorf("%s: %s, want %s", run.Verdict, run.CutShort, want)
	}
	if run.Counts[result.Passed] > 0 || run.Resources.Created != run.Resources.Deleted || len(run.Resources.Leftovers) > 0 {
		t.Errorf("%v, %+v", run.Counts, run.Resources)
	}
}

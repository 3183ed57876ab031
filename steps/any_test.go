package steps_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// Accounts with privileges of their own, and a restart: for any API. Each step
// also fails where it has to.
func TestStepsForAnyAPI(t *testing.T) {
	t.Parallel()
	const monitor = "Given a user with these privileges:\n\"\"\"\n{\"cluster\":[\"monitor\"]}\n\"\"\"\n"
	const writer = "Given an API key with these privileges:\n\"\"\"\n{\"cluster\":[\"manage_connector\"]}\n\"\"\"\n"
	cases := []struct{ steps, wrong string }{
		{monitor + "When they send GET \"/\"\nThen they are allowed to", ""},
		{monitor + "When they send PUT \"/_connector/{user}\" with {}\nThen they are refused for lack of a privilege\nAnd nothing has changed", ""},
		{monitor + "When they send PUT \"/_connector/{user}\" with {}\nThen they are allowed to", "answered with status 403"},
		{monitor + "When they send GET \"/\"\nThen they are refused for lack of a privilege", "answered with status 200"},
		{monitor + "When they send GET \"/_security/_authenticate\"\nThen they are refused for lack of a privilege", "answered with status 200"},
		{writer + "And a sync job\nWhen they send PUT \"/_connector/_sync_job/{sync_job}/_cancel\"\nThen they are allowed to", ""},
		{writer + "And a sync job\nWhen they send PUT \"/_connector/_sync_job/{sync_job}/_cancel\"\nThen nothing has changed", "the sync job was changed"},
		{writer + "And a name saved as \"new\"\nWhen they send PUT \"/_connector/{new}\" with {}\nThen nothing has changed", "must not be there"},
		{"When they send GET \"/\"\nThen they are allowed to", "nobody is there yet"},
		{"Given a user with these privileges:\n\"\"\"\n[]\n\"\"\"\nWhen they send GET \"/\"\nThen they are allowed to", "no JSON object"},
		{"When Elasticsearch is restarted\nAnd I send GET \"/\"\nThen the response status is 200", ""},
		{"When Elasticsearch is restarted\nAnd I send GET \"/\"\nThen the response status is 404", "answered with status 200"},
		{"Then each old document is read as it was loaded", "needs documents that older versions have left"},
		{"Then each old connector is listed as it is stored", "needs documents that older versions have left"},
		{"Then each old sync job is in every view", "needs documents that older versions have left"},
		{"Given 1001 connectors are created at once with:\n\"\"\"\n{}\n\"\"\"\nThen the response status is 200", "at most 1000"},
	}
	var feature strings.Builder
	feature.WriteString("@contract @serial @restart\nFeature: Any\n")
	for i, c := range cases {
		fmt.Fprintf(&feature, "\n@id:c%d\nScenario: S %d\n%s\n", i, i, c.steps)
	}
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS, Silent: true}, suite.Source{Name: "own", FS: fstest.MapFS{"a.feature": {Data: []byte(feature.String())}}, User: true})
	if err != nil {
		t.Fatal(err)
	}
	tgt, err := target.Embedded(t.Context(), target.EmbeddedConfig{Security: true, Limits: patient()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(t.Context()) })
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Target: tgt, Limits: patient(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		sc := run.Scenarios[i]
		said := sc.Reason
		if sc.Failure != nil {
			said = sc.Failure.Message
		}
		switch {
		case c.wrong == "" && sc.Outcome != result.Passed:
			t.Errorf("%s\n%s %s %+v", c.steps, sc.Outcome, sc.Reason, sc.Failure)
		case c.wrong != "" && (sc.Outcome == result.Passed || !strings.Contains(said, c.wrong)):
			t.Errorf("%s\n%s %s, want %q", c.steps, sc.Outcome, said, c.wrong)
		}
	}
}

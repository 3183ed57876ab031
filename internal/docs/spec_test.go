package docs

import (
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Page, specification and server stand side by side, and the odd one out is
// named.
func TestSpecifications(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	cfg := b.config("testdata/pages/stats.asciidoc", "testdata/pages/list.asciidoc", "testdata/pages/cancel.asciidoc", "testdata/false/stats.flattened")
	cfg.OpenAPI, cfg.RestSpec = "testdata/spec/openapi.yaml", "testdata/spec/rest"
	rep := b.run(t, cfg)
	byID := map[string]claim.Claim{}
	for _, c := range rep.Claims {
		byID[c.ID] = c
	}
	for _, tt := range []struct {
		id      string
		verdict claim.Verdict
		odd     string
	}{
		{"openapi/put-numbers/body/last_seen/type", claim.Contradicted, "specification"},
		{"openapi/put-numbers/code/404", claim.Undocumented, "specification"},
		{"openapi/put-numbers/response", claim.Undocumented, "specification"},
		{"openapi/put-numbers/response@numbers", claim.Undocumented, "server"},
		{"openapi/put-numbers/body/total_document_count/required", claim.Contradicted, "specification"},
		{"openapi/put-numbers/body/indexed_document_volume/required", claim.Contradicted, "specification"},
		{"openapi/put-numbers/body/deleted_document_count", claim.Confirmed, ""},
		{"openapi/put-numbers/stability", claim.Contradicted, ""},
		{"openapi/list-jobs/query/status/values", claim.Contradicted, "specification"},
		{"openapi/list-jobs/response/count", claim.Confirmed, ""},
		{"openapi/list-jobs/unread/line-34", claim.NotRun, ""},
		{"openapi/list-jobs/response/results.id/type", claim.Confirmed, ""},
		{"openapi/list-jobs/response/results.status/values", claim.Contradicted, "specification"},
		{"openapi/list-jobs/response/results.error", claim.Contradicted, "specification"}, // required, and absent from most
		{"openapi/list-jobs/response/results.error/type", claim.Confirmed, ""},
		{"openapi/list-jobs/response/results.trigger_method/values", claim.Confirmed, ""},
		{"openapi/list-jobs/response/results.connector.filtering/type", claim.Contradicted, ""},
		{"openapi/list-jobs/response/results.connector.filtering.rules/type", claim.Contradicted, ""},
		{"openapi/list-jobs/response/results/parts", claim.Undocumented, ""},
		{"openapi/put-numbers/body/indexed_document_count/type", claim.Contradicted, "specification"}, // a number may have a fraction
		{"rest-api-spec/connector.sync_job_list/query/from/default", claim.Contradicted, "specification"},
		{"rest-api-spec/connector.sync_job_list/query/colour", claim.Contradicted, ""},
		{"openapi/stop-job/route/PUT/_connector/_sync_job/{connector_sync_job_id}/_cancel", claim.Undocumented, ""},
		{"job-stats/body/last_seen/type", claim.Confirmed, "specification"},
		{"numbers/code/400", claim.Undocumented, "server"},
	} {
		c, ok := byID[tt.id]
		if !ok {
			t.Errorf("no claim %s", tt.id)
			continue
		}
		if c.Verdict != tt.verdict || c.OddOneOut != tt.odd {
			t.Errorf("%s is %s, odd one out %q; want %s, %q", tt.id, c.Verdict, c.OddOneOut, tt.verdict, tt.odd)
		}
	}
	c := byID["job-stats/body/last_seen/type"]
	if len(c.Opinions) != 1 || c.Opinions[0].Says != "duration" || c.Opinions[0].Line != 22 || c.Opinions[0].Holds != "no" {
		t.Errorf("opinions %+v", c.Opinions)
	}
}

package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pagesEnv names the folder with Elastic's own pages, which are not ours to
// carry: asciidoc files as they stand in Elasticsearch's repository under
// docs/reference/connector/apis.
const pagesEnv = "ESCONFORM_DOCS_PAGES"

// trueFindings lists what is wrong with Elastic's pages, checked by hand
// against the sources and recorded answers of Elasticsearch. Whatever else is
// reported is a false finding.
var trueFindings = map[string][]string{
	"cancel-connector-sync-job-api": {
		"CONTRADICTED prose/names-value/status",                 // cancelled; the value is canceled
		"CONTRADICTED prose/sets-now/cancellation_requested_at", // the field is cancelation_requested_at
		"CONTRADICTED prose/sets-value/status",                  // cancelling; canceling, or canceled at once
		"UNDOCUMENTED code/400",                                 // a job that is over
		"UNDOCUMENTED response",
	},
	"check-in-connector-sync-job-api": {
		"CONTRADICTED consistency/trailing-slash",
		"CONTRADICTED markup/anchor/check-in-connector-sync-job-path-params",
		"UNDOCUMENTED response",
	},
	"claim-connector-sync-job-api": {
		"UNDOCUMENTED body/sync_cursor/merge", // a partial update of the document
		"UNDOCUMENTED code/400",
		"UNDOCUMENTED example-coverage", // sync_cursor
		"UNDOCUMENTED response",
	},
	"create-connector-api": {
		"CONTRADICTED response/id",      // PUT returns it as well
		"CONTRADICTED response/result",  // POST returns it as well
		"UNDOCUMENTED example-coverage", // is_native
	},
	"create-connector-sync-job-api": nil,
	"delete-connector-sync-job-api": {
		"CONTRADICTED code/400", // without the id it is another request
		"UNDOCUMENTED code/200",
	},
	"get-connector-sync-job-api": {
		"CONTRADICTED code/400",
		"UNDOCUMENTED code/200",
		"UNDOCUMENTED response",
	},
	"list-connector-sync-jobs-api": {
		"CONTRADICTED markup/list/code-200", // one colon
		"CONTRADICTED markup/list/code-400",
		"CONTRADICTED path/heading",  // they are query parameters
		"CONTRADICTED prose/ordered", // newest first since 8.13
		"UNDOCUMENTED response",
	},
	"set-connector-sync-job-error-api": {
		"CONTRADICTED markup/anchor/set-connector-sync-job-api-response-codes",
		"UNDOCUMENTED code/400", // a job that is not running
		"UNDOCUMENTED response",
	},
	"set-connector-sync-job-stats-api": {
		"CONTRADICTED example/1/all", // metadata, since 8.15
		"UNDOCUMENTED body/deleted_document_count/width",
		"UNDOCUMENTED body/indexed_document_count/width",
		"UNDOCUMENTED body/indexed_document_volume/width",
		"UNDOCUMENTED body/last_seen/default",
		"UNDOCUMENTED body/metadata/merge",
		"UNDOCUMENTED body/total_document_count/width",
		"UNDOCUMENTED code/400",
		"UNDOCUMENTED example-coverage", // metadata
		"UNDOCUMENTED response",
	},
	"update-connector-name-description-api": {
		"CONTRADICTED body/name/required", // name or description
		"UNDOCUMENTED body/one-of",
	},
	"update-connector-pipeline-api": nil,
}

func TestElasticPages(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(pagesEnv)
	if dir == "" {
		t.Skipf("%s is not set: it names a folder with Elastic's reference pages, which are not part of this project; set it to a folder with the .asciidoc files of a checkout of elastic/elasticsearch, docs/reference/connector/apis", pagesEnv)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.asciidoc"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in %s (%v)", dir, err)
	}
	b := newBed(t, "")
	rep := b.run(t, b.config(files...))
	got := map[string][]string{}
	for _, p := range rep.Pages {
		got[p.ID] = nil
	}
	for _, f := range findings(rep) {
		verdict, id, _ := strings.Cut(f, " ")
		page, claim, _ := strings.Cut(id, "/")
		got[page] = append(got[page], verdict+" "+claim)
	}
	for page, found := range got {
		want, known := trueFindings[page]
		if !known {
			t.Errorf("nobody checked the page %s by hand", page)
			continue
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%s: -true +found\n%s", page, diff)
		}
	}
}

// A page written for this test, with the defects that real pages have.
func TestFalsePages(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	for _, tt := range []struct {
		file string
		want []string
	}{
		{"testdata/false/list.asciidoc", []string{
			"CONTRADICTED all-jobs/markup/list/code-200",
			"CONTRADICTED all-jobs/markup/list/code-400",
			"CONTRADICTED all-jobs/path/heading",
			"CONTRADICTED all-jobs/prose/ordered",
			"UNDOCUMENTED all-jobs/response",
		}},
		{"testdata/false/answers.asciidoc", []string{
			"CONTRADICTED some-jobs/query/status/list", // one status
			"CONTRADICTED some-jobs/response/count/type",
			"CONTRADICTED some-jobs/response/results.connector.filtering/type",
			"CONTRADICTED some-jobs/response/results.connector.name",
			"CONTRADICTED some-jobs/response/results.id/type",
			"CONTRADICTED some-jobs/response/results.status/values",
			"CONTRADICTED some-jobs/response/results.trigger_method/values",
			"UNDOCUMENTED some-jobs/response/results.connector/parts",
			"UNDOCUMENTED some-jobs/response/results/parts",
		}},
		{"testdata/false/cancel.asciidoc", []string{
			"CONTRADICTED end-job/code/204",
			"CONTRADICTED end-job/consistency/trailing-slash",
			"CONTRADICTED end-job/prose/names-value/status",
			"CONTRADICTED end-job/prose/sets-now/cancellation_requested_at",
			"CONTRADICTED end-job/prose/sets-value/status",
			"UNDOCUMENTED end-job/code/200",
			"UNDOCUMENTED end-job/code/400",
			"UNDOCUMENTED end-job/path/connector_sync_job_id",
			"UNDOCUMENTED end-job/response",
		}},
		{"testdata/false/get.diff", []string{
			"CONTRADICTED get-job/code/400",
			"UNDOCUMENTED get-job/code/200",
			"UNDOCUMENTED get-job/response",
		}},
		{"testdata/false/stats.flattened", []string{
			"CONTRADICTED numbers/example/1/all",
			"UNDOCUMENTED numbers/body/deleted_document_count/width",
			"UNDOCUMENTED numbers/body/indexed_document_count/width",
			"UNDOCUMENTED numbers/body/indexed_document_volume/width",
			"UNDOCUMENTED numbers/body/last_seen/default",
			"UNDOCUMENTED numbers/body/metadata/merge",
			"UNDOCUMENTED numbers/body/total_document_count/width",
			"UNDOCUMENTED numbers/code/400",
			"UNDOCUMENTED numbers/example-coverage",
			"UNDOCUMENTED numbers/response",
		}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, findings(b.run(t, b.config(tt.file)))); diff != "" {
				t.Errorf("-want +found\n%s", diff)
			}
		})
	}
}

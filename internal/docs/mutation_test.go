package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mutation is one thing that a page gets wrong.
type mutation struct{ page, from, to string }

// mutations are single changes of pages that are true. Each has to be found.
var mutations = []mutation{
	// routes
	{"stats.asciidoc", "`PUT _connector/_sync_job/<connector_sync_job_id>/_stats`", "`POST _connector/_sync_job/<connector_sync_job_id>/_stats`"},
	{"stats.asciidoc", "_id>/_stats`", "_id>/_stat`"},
	{"stats.asciidoc", "`PUT _connector/_sync_job/<", "`PUT _connector/_sync_jobs/<"},
	{"stats.asciidoc", "PUT _connector/_sync_job/my-job/_stats", "PUT _connector/_sync_job/my-job/_stat"},
	{"stats.asciidoc", "PUT _connector/_sync_job/my-job/_stats", "POST _connector/_sync_job/my-job/_stats"},
	{"claim.adoc", "`PUT /_connector/_sync_job/<connector_sync_job_id>/_claim`", "`PUT /_connector/<connector_sync_job_id>/_claim`"},
	{"list.asciidoc", "`GET _connector/_sync_job`", "`POST _connector/_sync_job/_search`"},
	{"create-job.asciidoc", "`POST _connector/_sync_job`", "`PUT _connector/_sync_job`"},
	{"delete.asciidoc", "`DELETE _connector/_sync_job/<connector_sync_job_id>`", "`DELETE _connector/_sync_job/<connector_sync_job_id>/_delete`"},
	{"cancel.asciidoc", "_id>/_cancel`", "_id>/_cancel/`"},
	{"cancel.asciidoc", "my-job/_cancel", "my-job/_abort"},
	{"pipeline.asciidoc", "<connector_id>/_pipeline`", "<connector_id>/_pipelines`"},
	// required markers
	{"stats.asciidoc", "(Required, int) How many documents went", "(Optional, int) How many documents went"},
	{"stats.asciidoc", "(Required, int) How many documents came", "(Optional, int) How many documents came"},
	{"stats.asciidoc", "(Required, int) How much came", "(Optional, int) How much came"},
	{"stats.asciidoc", "(Optional, int) How many there are", "(Required, int) How many there are"},
	{"stats.asciidoc", "(Optional, instant)", "(Required, instant)"},
	{"stats.asciidoc", "(Optional, object)", "(Required, object)"},
	{"stats.asciidoc", "(Required, string) The sync job.", "(Optional, string) The sync job."},
	{"claim.adoc", "|`worker_hostname` |string |yes", "|`worker_hostname` |string |no"},
	{"claim.adoc", "|`sync_cursor` |object |no", "|`sync_cursor` |object |yes"},
	{"create-job.asciidoc", "(Required, string) The connector to work for", "(Optional, string) The connector to work for"},
	{"create-job.asciidoc", "(Optional, string) One of `full`", "(Required, string) One of `full`"},
	{"pipeline.asciidoc", "(Required, boolean) Whether to reduce", "(Optional, boolean) Whether to reduce"},
	{"list.asciidoc", "(Optional, integer) How many to return", "(Required, integer) How many to return"},
	// types
	{"stats.asciidoc", "(Required, int) How many documents went", "(Required, string) How many documents went"},
	{"stats.asciidoc", "(Required, int) How many documents came", "(Required, long) How many documents came"},
	{"stats.asciidoc", "(Required, int) How much came", "(Required, boolean) How much came"},
	{"stats.asciidoc", "(Optional, int) How many there are", "(Optional, double) How many there are"},
	{"stats.asciidoc", "(Optional, instant)", "(Optional, string)"},
	{"stats.asciidoc", "(Optional, instant)", "(Optional, long)"},
	{"stats.asciidoc", "(Optional, instant)", "(Optional, duration)"},
	{"stats.asciidoc", "(Optional, object)", "(Optional, string)"},
	{"stats.asciidoc", "(Optional, object)", "(Optional, array)"},
	{"claim.adoc", "|`worker_hostname` |string", "|`worker_hostname` |int"},
	{"claim.adoc", "|`worker_hostname` |string", "|`worker_hostname` |boolean"},
	{"claim.adoc", "|`sync_cursor` |object", "|`sync_cursor` |string"},
	{"create-job.asciidoc", "(Optional, string) One of `full`", "(Optional, integer) One of `full`"},
	{"pipeline.asciidoc", "(Required, boolean) Whether to run", "(Required, string) Whether to run"},
	{"pipeline.asciidoc", "(Required, object) The pipeline", "(Required, string) The pipeline"},
	{"list.asciidoc", "(Optional, integer) How many to leave out", "(Optional, boolean) How many to leave out"},
	{"list.asciidoc", "(array) The jobs", "(object) The jobs"},
	{"stats.asciidoc", "(string) `updated` or `noop`", "(boolean) `updated` or `noop`"},
	// codes
	{"stats.asciidoc", "`404`::\nThere is no such sync job.\n\n", ""},
	{"stats.asciidoc", "`400`::\nThe request was malformed.\n\n", ""},
	{"stats.asciidoc", "`200`::", "`201`::"},
	{"stats.asciidoc", "`404`::", "`410`::"},
	{"claim.adoc", "|200 |The job is taken.", "|202 |The job is taken."},
	{"claim.adoc", "|400 |The request was malformed.\n", ""},
	{"create-job.asciidoc", "`201`::", "`200`::"},
	{"create-job.asciidoc", "`404`::\nThere is no such connector.\n", ""},
	{"list.asciidoc", "`400`::", "`404`::"},
	{"delete.asciidoc", "`404`::\nThere is no such job.", "`400`::\nThe `connector_sync_job_id` was not provided."},
	{"cancel.asciidoc", "`400`::\nThe job is over already.\n\n", ""},
	{"cancel.asciidoc", "`404`::", "`404`:"},
	// names
	{"stats.asciidoc", "`deleted_document_count`::", "`deleted_documents`::"},
	{"stats.asciidoc", "`metadata`::", "`meta`::"},
	{"stats.asciidoc", "`last_seen`::", "`lastSeen`::"},
	{"stats.asciidoc", "`metadata`::\n(Optional, object) Whatever the connector wants to keep. It is merged into the stored value.\n\n", ""},
	{"stats.asciidoc", "`<connector_sync_job_id>`::", "`<sync_job_id>`::"},
	{"claim.adoc", "|`worker_hostname` |", "|`worker_host` |"},
	{"create-job.asciidoc", "`trigger_method`::", "`trigger`::"},
	{"list.asciidoc", "`size`::", "`limit`::"},
	{"list.asciidoc", "`count`::", "`total`::"},
	{"pipeline.asciidoc", "`run_ml_inference`:::", "`ml_inference`:::"},
	{"create-job.asciidoc", "`id`::\n(string) The new job.", "`job_id`::\n(string) The new job."},
	// defaults, values, sizes
	{"create-job.asciidoc", "Defaults to `full`", "Defaults to `incremental`"},
	{"create-job.asciidoc", "Defaults to `on_demand`", "Defaults to `scheduled`"},
	{"create-job.asciidoc", "`full`, `incremental`, `access_control`", "`full`, `partial`, `access_control`"},
	{"list.asciidoc", "Defaults to `100`", "Defaults to `10`"},
	{"list.asciidoc", "Defaults to `0`", "Defaults to `1`"},
	{"list.asciidoc", "Available are: `canceling`, `canceled`", "Available are: `cancelling`, `canceled`"},
	{"stats.asciidoc", " Defaults to the time of the request.", ""},
	{"stats.asciidoc", " It is merged into the stored value.", ""},
	{"stats.asciidoc", "How many documents went. At most 2147483647.", "How many documents went."},
	{"stats.asciidoc", "`updated` or `noop`", "`changed` or `noop`"},
	// prose
	{"claim.adoc", "its `status` to `in_progress`", "its `status` to `running`"},
	{"claim.adoc", "`last_seen` and `started_at`", "`last_seen` and `created_at`"},
	{"cancel.asciidoc", "`cancelation_requested_at`", "`cancellation_requested_at`"},
	{"cancel.asciidoc", "to `canceled`.", "to `cancelled`."},
	{"list.asciidoc", "descending", "ascending"},
	{"stats.asciidoc", "`total_document_count`.\n", "`total_documents`.\n"},
	// answers
	{"list.asciidoc", "(Optional, string) Only jobs in this status.", "(Optional, string) A comma-separated list of statuses."},
	{"list.asciidoc", "(array) The jobs.", "(array of strings) The jobs."},
	{"list.asciidoc", "`id`:::\n(string) The job.", "`id`:::\n(integer) The job."},
	{"list.asciidoc", "`connector`:::\n(object)", "`connector`:::\n(array)"},
	{"list.asciidoc", "`job_type`:::\n", "`type`:::\n"},
	{"list.asciidoc", "`full`, `incremental` or `access_control`", "`full` or `incremental`"},
	{"list.asciidoc", "`full`, `incremental` or `access_control`", "`full`, `incremental`, `access_control` or `partial`"},
	{"list.asciidoc", "Possible are `canceling`, `canceled`", "Possible are `cancelling`, `canceled`"},
	{"get.asciidoc", "One of `pending`, `in_progress`, `canceling`, `canceled`, `completed`, `error`, `suspended`.", "Either `cancelled` or `pending`."},
	{"get.asciidoc", "`completed`, `error`, `suspended`", "`completed`, `error`, `suspended`, `waiting`"},
	{"get.asciidoc", "`on_demand` or `scheduled`", "`on_demand`, `scheduled` or `manual`"},
	{"get.asciidoc", "(object) The rules by which", "(array) The rules by which"},
	{"get.asciidoc", "(array of objects) The basic", "(array of strings) The basic"},
	{"get.asciidoc", "(integer) Its place", "(boolean) Its place"},
	{"get.asciidoc", "(instant) When it was changed", "(long) When it was changed"},
	{"get.asciidoc", "`service_type`::\n(string) What kind of connector it is.\n\n", ""},
	{"get.asciidoc", "`policy`::::", "`outcome`::::"},
	{"get.asciidoc", "`error`::\n(string) What went wrong, if anything did.\n\n", ""},
	{"name.asciidoc", " At least one of name and description has to be given.", ""},
	{"name.asciidoc", "(Optional, string) What it is for", "(Required, string) What it is for"},
	// examples
	{"stats.asciidoc", "\"deleted_document_count\": 3", "\"deleted_document_count\": \"three\""},
	{"stats.asciidoc", "\"indexed_document_count\": 5", "\"indexed_document_count\": -5"},
	{"stats.asciidoc", "\"last_seen\": \"2024-05-06T07:08:09Z\"", "\"last_seen\": \"yesterday\""},
	{"stats.asciidoc", "\"last_seen\": \"2024-05-06T07:08:09Z\"", "\"last_seen\": 1714979289000"},
	{"stats.asciidoc", "\"total_document_count\": 13,", "\"total_documents\": 13,"},
	{"stats.asciidoc", "  \"total_document_count\": 13,\n", ""},
	{"stats.asciidoc", "the sync job `my-job`", "the sync job `my-other-job`"},
	{"stats.asciidoc", "s/changed/updated/", "s/changed/created/"},
	{"delete.asciidoc", "\"acknowledged\": true", "\"acknowledged\": false"},
	{"pipeline.asciidoc", "\"result\": \"updated\"", "\"result\": \"noop\""},
	{"claim.adoc", "  \"worker_hostname\": \"worker-3\",\n", ""},
	{"create-job.asciidoc", "\"trigger_method\": \"scheduled\"", "\"trigger_method\": \"manual\""},
	{"list.asciidoc", "?status=pending", "?status=waiting"},
	{"list.asciidoc", "&size=2", "&limit=2"},
	{"pipeline.asciidoc", "    \"reduce_whitespace\": false,\n", ""},
}

func TestMutations(t *testing.T) {
	t.Parallel()
	if len(mutations) < 60 {
		t.Fatalf("only %d mutations", len(mutations))
	}
	b := newBed(t, "")
	for _, m := range mutations {
		t.Run(strings.ReplaceAll(m.page+" "+m.from+" becomes "+m.to, "/", "|"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("testdata/pages", m.page))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(raw), m.from); n != 1 {
				t.Fatalf("%q stands %d times on the page, want once", m.from, n)
			}
			if found := b.text(t, m.page, strings.Replace(string(raw), m.from, m.to, 1)); len(found) == 0 {
				t.Errorf("nothing is found when %q becomes %q", m.from, m.to)
			}
		})
	}
}

package reference

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/esversion"
)

// step is a request and what its answer must hold.
type step struct {
	request string // method, path, body
	headers []string
	status  int
	want    string
}

// TestDetails checks what no recording shows, as Elasticsearch's sources have
// it. The steps of a row go to one server; {job} is a job of connector c.
func TestDetails(t *testing.T) {
	t.Parallel()
	const stats = "PUT /_connector/_sync_job/{job}/_stats"
	vnd := func(content, accept string) []string { return []string{"Content-Type", content, "Accept", accept} }
	for name, row := range map[string]struct {
		version string
		steps   []step
	}{
		"created again after a deletion": {"", []step{
			{"PUT /_connector/again", nil, 201, `"created"`}, {"PUT /_connector/again", nil, 200, `"updated"`},
			{"DELETE /_connector/again?hard=true", nil, 200, "true"}, {"PUT /_connector/again", nil, 201, `"created"`},
		}},
		"similar parameter": {"", []step{{stats + "?prety {" + sure + "}", nil, 400, `unrecognized parameter: [prety] -> did you mean [pretty]?`}}},
		"two parameters": {"", []step{{stats + "?bb=1&aa=1 {" + sure + "}", nil, 400,
			`_stats] contains unrecognized parameters: [aa], [bb]"`}}},
		"body before parameter":     {"", []step{{stats + "?bogus {}", nil, 400, `Required [deleted_document_count`}}},
		"parameter before negative": {"", []step{{stats + `?bogus {"deleted_document_count":-1,"indexed_document_count":1,"indexed_document_volume":1}`, nil, 400, `[bogus]`}}},
		"similar field":             {"", []step{{stats + ` {"metadat":1}`, nil, 400, `[1:2] [connector_sync_job_update_ingestion_stats] unknown field [metadat] did you mean [metadata]?`}}},
		"value before unknown":      {"", []step{{stats + ` {"bogus":tru}`, nil, 400, `Unrecognized token 'tru'`}}},
		"null among texts":          {"", []step{{`POST /_connector/_sync_job {"id":null}`, nil, 400, "[1:7] [connector_sync_job_post_request] id doesn't support values of type: VALUE_NULL"}}},
		"kind in any case":          {"", []step{{`POST /_connector/_sync_job {"id":"c","job_type":"FULL"}`, nil, 201, `{"id":"`}}},
		"all fields of a job": {"", []step{{`POST /_connector/_sync_job {"id":"c","job_type":"full","trigger_method":"bogus"}`, nil, 400,
			`[1:46] [connector_sync_job_post_request] failed to parse field [trigger_method]","caused_by":{"type":"x_content_parse_exception","reason":"Failed to build`}}},
		"empty id of a connector":     {"", []step{{`POST /_connector/_sync_job {"id":""}`, nil, 400, "[id] of the connector cannot be null or empty"}}},
		"pretty":                      {"", []step{{stats + "?pretty {" + sure + "}", nil, 200, "{\n  \"result\" : \"updated\"\n}\n"}}},
		"filter":                      {"", []step{{"GET /_connector/_sync_job/{job}?filter_path=status,connector.i*,-connector.index_name", nil, 200, `{"connector":{"id":"c"},"status":"pending"}`}}},
		"filter with two stars":       {"", []step{{"GET /_connector/_sync_job/{job}?filter_path=**.policy", nil, 200, `{"connector":{"filtering":{"rules":[{"policy":"include"}]}}}`}}},
		"yaml by format":              {"", []step{{"GET /_connector/_sync_job?connector_id=x&format=yaml", nil, 200, "---\ncount: 0\nresults: []\n"}}},
		"error trace":                 {"", []step{{"GET /_connector/nobody?error_trace", nil, 404, `"stack_trace":"`}}},
		"compatible with 7 on 9":      {"", []step{{stats + " {}", vnd("application/vnd.elasticsearch+json;compatible-with=7", "application/vnd.elasticsearch+json;compatible-with=7"), 400, "Accept version must be either version 9 or 8, but found 7."}}},
		"compatible with 7 on 8":      {"8.19.21", []step{{stats + " {" + sure + "}", vnd("application/vnd.elasticsearch+json;compatible-with=7", "application/vnd.elasticsearch+json;compatible-with=7"), 200, "updated"}}},
		"compatible body alone":       {"", []step{{stats + " {" + sure + "}", vnd("application/vnd.elasticsearch+json;compatible-with=8", ""), 400, "A compatible version is required on both"}}},
		"broken media type":           {"", []step{{stats + " {" + sure + "}", vnd("json", ""), 400, `Invalid media-type value on headers [Content-Type]`}}},
		"unknown accept":              {"", []step{{stats + " {" + sure + "}", vnd("application/json", "text/html"), 200, `{"result":"updated"}`}}},
		"no body where none is read":  {"", []step{{"GET /_connector/_sync_job/{job} {}", nil, 400, "] does not support having a body"}}},
		"wrong method of a connector": {"", []step{{"PUT /_connector/c/_claim {}", nil, 400, "no handler found for uri [/_connector/c/_claim] and method [PUT]"}}},
		"methods of a job":            {"", []step{{"POST /_connector/_sync_job/{job}?a=1", nil, 405, "and method [POST], allowed: [GET, DELETE]"}}},
		"connector named like a call": {"", []step{{"PUT /_connector/_sync_job", nil, 405, "and method [PUT], allowed: [GET, POST]"}}},
		"claim keeps the cursor": {"", []step{
			{`PUT /_connector/_sync_job/{job}/_claim {"worker_hostname":"a","sync_cursor":{"x":{"y":1}}}`, nil, 200, "updated"},
			{`PUT /_connector/_sync_job/{job}/_claim {"worker_hostname":"b","sync_cursor":{"x":{"z":2}}}`, nil, 200, "updated"},
			{"GET /_connector/_sync_job/{job}", nil, 200, `"sync_cursor":{"x":{"y":1,"z":2}}`}}},
		"last_seen beyond four digits": {"", []step{{stats + ` {` + sure + `,"last_seen":"253402300800000"}`, nil, 400, "failed to parse field [last_seen] of type [date]"}}},
		"names in metadata": {"", []step{
			{stats + ` {` + sure + `,"metadata":{"a..b":1}}`, nil, 400, "field name cannot contain only whitespace: ['a..b']"},
			{stats + ` {` + sure + `,"metadata":{".a":1}}`, nil, 400, "field name cannot contain only whitespace: ['.a']"},
			{stats + ` {` + sure + `,"metadata":{"a. .b":1}}`, nil, 400, "makes object resolution ambiguous: [a. .b]"},
			{stats + ` {` + sure + `,"metadata":{"..":1}}`, nil, 400, "field name cannot contain only dots"},
			{stats + ` {` + sure + `,"metadata":{" ":1}}`, nil, 400, `Field name cannot contain only whitespace: [metadata. ]"}`},
			{stats + ` {` + sure + `,"metadata":{"\t":1}}`, nil, 400, "Field name cannot contain only whitespace"},
			{`PUT /_connector/_sync_job/{job}/_claim {"worker_hostname":"a","sync_cursor":{" ":1}}`, nil, 400, "[connector.sync_cursor. ]"},
			{stats + ` {` + sure + `,"metadata":{"a.":1,"x":{"":1,"a.b":2}}}`, nil, 200, "updated"}}},
		"long keywords": {"", []step{
			{"PUT /_connector/_sync_job/{job}/_claim " + `{"worker_hostname":"` + strings.Repeat("w", 32766) + `"}`, nil, 200, "updated"},
			{"PUT /_connector/_sync_job/{job}/_claim " + `{"worker_hostname":"é` + strings.Repeat("w", 32765) + `"}`, nil, 400,
				`immense term in field="worker_hostname" (whose UTF8 encoding is longer than the max length 32766), all of which were skipped.`},
			{"PUT /_connector/_sync_job/{job}/_error " + `{"error":"é` + strings.Repeat("e", 32765) + `"}`, nil, 400,
				`first immense term is: '[-61, -87, 101, 101, `},
			{"PUT /_connector/c " + `{"description":"` + strings.Repeat("d", 40000) + `"}`, nil, 200, "updated"},
			{"PUT /_connector/c/_name " + `{"name":"` + strings.Repeat("n", 32767) + `"}`, nil, 400,
				"failed to parse field [name] of type [keyword] in document with id 'c'. Preview of field's value: 'nnn"}}},
		"unknown status in the index": {"", []step{
			{"POST /.elastic-connectors-sync-jobs/_update/{job} " + `{"doc":{"status":"weird"}}`, nil, 200, `"result":"updated"`},
			{"PUT /_connector/_sync_job/{job}/_cancel", nil, 400, "Unknown ConnectorSyncStatus [weird]."}}},
		"documents": {"", []step{
			{`PUT /books/_doc/1 {"title":"x","n":1.0}`, nil, 201, `"_version":1,"result":"created","_shards":{"total":2,"successful":1,"failed":0}`},
			{"GET /books/_doc/1", nil, 200, `"found":true,"_source":{"title":"x","n":1.0}}`},
			{"GET /books/_source/1", nil, 200, `{"title":"x","n":1.0}`},
			{`POST /books/_update/1 {"doc":{"title":"x"}}`, nil, 200, `"result":"noop"`},
			{`PUT /books/_create/1 {}`, nil, 409, "version conflict, document already exists (current version [1])"},
			{`PUT /books/_doc/1?if_seq_no=9&if_primary_term=1 {}`, nil, 409, "required seqNo [9], primary term [1]. current document has seqNo [0]"},
			{`POST /books/_search {"query":{"bool":{"filter":[{"term":{"title":"x"}}]}}}`, nil, 200, `"value":1`},
			{"DELETE /books/_doc/1", nil, 200, `"_version":2,"result":"deleted"`},
			{"DELETE /books/_doc/1", nil, 404, `"result":"not_found"`},
			{"GET /books/_doc/1", nil, 404, `{"_index":"books","_id":"1","found":false}`},
			{`PUT /books/_doc/1 {`, nil, 400, "document_parsing_exception"},
			{"PUT /books", nil, 400, "resource_already_exists_exception"},
			{"DELETE /books", nil, 200, `{"acknowledged":true}`},
			{"HEAD /books", nil, 404, ""}}},
		"connectors": {"", []step{
			{`PUT /_connector/d {"index_name":"search-c"}`, nil, 400, "Index name [search-c] is used by another connector."},
			{`PUT /_connector/d {"index_name":"_x"}`, nil, 400, "Invalid index name [_x], must not start with '_', '-', or '+'"},
			{`PUT /_connector/d {"index_name":null,"is_native":"true"}`, nil, 201, "created"},
			{"GET /_connector/d", nil, 200, `"is_native":true,"name":"",`},
			{`PUT /_connector/c/_name {"name":null}`, nil, 400, "[name] and [description] cannot both be [null]."},
			{`PUT /_connector/nobody/_name {"name":"n"}`, nil, 404, "[nobody]: document missing"},
			{`PUT /_connector/nobody/_status {"status":"error"}`, nil, 404, "connector [nobody] not found"},
			{`PUT /_connector/c/_status {"status":"connected"}`, nil, 400, "Invalid transition attempt from [created] to [connected]."},
			{`PUT /_connector/c/_status {"status":"x"}`, nil, 400, "Unknown ConnectorStatus [x]."},
			{`PUT /_connector/c/_scheduling {"scheduling":{"full":{"enabled":true,"interval":"x"}}}`, nil, 400, "invalid cron expression [x]"},
			{`PUT /_connector/c/_scheduling {"scheduling":{"full":{"enabled":true,"interval":"0 0 1 * * ?"}}}`, nil, 200, "updated"},
			{`PUT /_connector/c/_configuration {"configuration":{"a":{"label":"A","value":1}}}`, nil, 200, "updated"},
			{`PUT /_connector/c/_configuration {"values":{"b":1}}`, nil, 400, "Unknown [configuration] fields in the request payload: [b]."},
			{`PUT /_connector/c/_configuration {"values":{"a":2}}`, nil, 200, "updated"},
			{"GET /_connector/c?filter_path=configuration,status", nil, 200, `{"configuration":{"a":{"label":"A","value":2,"default_value":null,"required":false,"sensitive":false}},"status":"configured"}`},
			{"PUT /_connector/c/_filtering/_activate", nil, 200, "noop"},
			{`PUT /_connector/c/_filtering {"advanced_snippet":{"value":[{"x":1}]}}`, nil, 200, "updated"},
			{"PUT /_connector/c/_filtering/_activate", nil, 400, "Current filtering draft validation state [edited] is not equal to [valid]."},
			{"GET /_connector?service_type=s&size=5", nil, 200, `{"count":1,"results":[{"id":"c"`},
			{"DELETE /_connector/c?delete_sync_jobs=true", nil, 200, "acknowledged"},
			{"GET /_connector/_sync_job/{job}", nil, 404, "resource_not_found_exception"},
			{"GET /_connector/c?include_deleted=true", nil, 200, `"deleted":true`},
			{"GET /_connector?hard=1", nil, 400, "unrecognized parameter: [hard]"}}},
		"8.12": {"8.12.0", []step{
			{stats + ` {` + sure + `,"metadata":{}}`, nil, 400, "unknown field [metadata]"},
			{stats + ` {` + sure + `,"last_seen":"2023-01-02T10:00:00"}`, nil, 400, "date_time_parse_exception"},
			{stats + ` {` + sure + `,"last_seen":"2023-01-02T10:00:00Z"}`, nil, 200, "updated"},
			{"PUT /_connector/_sync_job/{job}/_cancel", nil, 200, "updated"},
			{"PUT /_connector/_sync_job/{job}/_cancel", nil, 200, ""},
			{`PUT /_connector/_sync_job/{job}/_claim {"worker_hostname":"w"}`, nil, 400, "no handler found"},
			{"DELETE /_connector/c?hard=true", nil, 400, "unrecognized parameter: [hard]"},
			{"DELETE /_connector/c", nil, 200, "acknowledged"},
			{"GET /.elastic-connectors/_doc/c", nil, 404, `"found":false`}}},
		"8.14": {"8.14.0", []step{
			{"PUT /_connector/_sync_job/{job}/_cancel", nil, 200, "updated"},
			{"PUT /_connector/_sync_job/{job}/_cancel", nil, 400, "Invalid transition attempt from [canceled] to [canceling]."},
			{stats + ` {` + sure + `,"last_seen":"2023-01-02T10:00:00"}`, nil, 200, "updated"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newNode(t, row.version).walk(row.steps)
		})
	}
}

// walk sends the requests of steps in turn; {job} is a job of connector c.
func (n *node) walk(steps []step) {
	n.t.Helper()
	n.connector("c")
	job := n.job("c")
	for _, s := range steps {
		method, rest, _ := strings.Cut(strings.ReplaceAll(s.request, "{job}", job), " ")
		path, body, _ := strings.Cut(rest, " ")
		w := n.send(method, path, body, s.headers...)
		if got := w.Body.String(); w.Code != s.status || !strings.Contains(strings.ReplaceAll(got, `\"`, `"`), s.want) {
			n.t.Errorf("%s\n  is answered with %d %s\n  want %d %s", s.request, w.Code, got, s.status, s.want)
		}
	}
}

// TestEmptyServer checks what is answered before anything was created.
func TestEmptyServer(t *testing.T) {
	t.Parallel()
	for request, want := range map[string]string{
		"GET /_connector/_sync_job":             `200 {"count":0,"results":[]}`,
		"GET /_connector":                       `200 {"count":0,"results":[]}`,
		"GET /_connector/_sync_job/x":           `404 connector sync job [x] not found`,
		"DELETE /_connector/_sync_job/x":        `404 connector sync job [x] not found`,
		"PUT /_connector/_sync_job/x/_check_in": `404 connector sync job [x] not found`,
		`POST /_connector/_sync_job {"id":"x"}`: `404 no such index [.elastic-connectors-v1]`,
		"GET /.elastic-connectors/_doc/x":       `404 no such index [.elastic-connectors]`,
	} {
		n := newNode(t, "")
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		w := n.send(method, path, body)
		status, text, _ := strings.Cut(want, " ")
		if http.StatusText(w.Code) == "" || !strings.HasPrefix(status, string(number(w.Code))) || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s is answered with %d %s, want %s", request, w.Code, w.Body, want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{Version: esversion.MustParse("8.11.0")}); err == nil || !strings.Contains(err.Error(), "8.12.0") {
		t.Errorf("a version without the API: %v", err)
	}
	s, err := New(Options{WriteDelay: 30 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t, s}
	begin := time.Now()
	n.connector("c")
	if took := time.Since(begin); took < 30*time.Millisecond || s.Documents() != 1 {
		t.Errorf("a write with a delay of 30ms took %s, %d documents", took, s.Documents())
	}
	w := n.send(http.MethodGet, "/", "")
	if w.Header().Get("X-Elastic-Product") != "Elasticsearch" || !strings.Contains(w.Body.String(), Tagline) || !strings.Contains(w.Body.String(), BuildFlavor) {
		t.Errorf("GET / answers %s", w.Body)
	}
}

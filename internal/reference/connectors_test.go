package reference

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestConnectors checks what the recordings of connector calls show too rarely,
// or not for every version.
func TestConnectors(t *testing.T) {
	t.Parallel()
	const field = `{"configuration":{"a":{"label":"A","tooltip":null,"bogus":1}}}`
	const filled = `{"a":{"label":"A","default_value":null,"required":false,"sensitive":false,"value":null}}`
	cron := func(interval string) string {
		return `PUT /_connector/c/_scheduling {"scheduling":{"full":{"enabled":true,"interval":"` + interval + `"}}}`
	}
	job := func(typ string) string { return `POST /_connector/_sync_job {"id":"c","job_type":"` + typ + `"}` }
	for name, row := range map[string]struct {
		version string
		steps   []step
	}{
		"configuration is filled in": {"", []step{
			{"PUT /_connector/c/_configuration " + field, nil, 200, "updated"},
			{"GET /_connector/c?filter_path=configuration", nil, 200, filled},
			{"PUT /_connector/c/_configuration " + `{"configuration":{"a":{"label":"A","options":[[]]}}}`, nil, 400,
				`"illegal_state_exception","reason":"expected value but got [START_ARRAY]"`}}},
		"configuration is filled in on its way to a job": {"", []step{
			{"POST /.elastic-connectors/_update/c " + strings.Replace(field, "configuration", "doc\":{\"configuration", 1) + "}", nil, 200, "updated"},
			{"GET /_connector/c?filter_path=configuration", nil, 200, "bogus"},
			{job("full"), nil, 201, "id"},
			{"GET /_connector/_sync_job?connector_id=c&size=1&filter_path=results.connector.configuration", nil, 200, filled}}},
		"the order of unknown values": {"", []step{{`PUT /_connector/c/_configuration {"values":{"zeta":1,"alpha":2,"host":3}}`, nil, 400,
			"in the request payload: [zeta, alpha, host]."}}},
		"a broken custom schedule shows in every job": {"", []step{
			{`POST /.elastic-connectors/_update/c {"doc":{"custom_scheduling":{"x":{"enabled":true,"interval":"0 0 0 * * ?","name":"x"}}}}`, nil, 200, "updated"},
			{job("full"), nil, 400, `[connector] failed to parse field [custom_scheduling]","caused_by":{"type":"illegal_argument_exception","reason":"Required [configuration_overrides]"}`}}},
		"a cron expression on a newer Java": {"", []step{{cron("x"), nil, 400,
			"illegal cron expression format [java.lang.StringIndexOutOfBoundsException: Range [0, 3) out of bounds for length 1]"}}},
		"a cron expression on an older Java": {"8.19.21", []step{{cron("x"), nil, 400, "StringIndexOutOfBoundsException: begin 0, end 3, length 1]"}}},
		"a cron expression is kept as it was sent": {"", []step{{cron("0 0 12 ? * mon"), nil, 200, "updated"},
			{"GET /_connector/c?filter_path=scheduling.full", nil, 200, `"0 0 12 ? * mon"`}}},
		"access control without an index": {"", []step{
			{`PUT /_connector/c {"service_type":"s"}`, nil, 200, "updated"},
			{job("full"), nil, 400, "with no index attached"}, {job("access_control"), nil, 201, "id"},
			{"GET /_connector/_sync_job?job_type=access_control", nil, 200, `"index_name":".search-acl-filter-null"`}}},
		"8.12.0 copies the whole filtering": {"8.12.0", []step{{"GET /_connector/_sync_job/{job}", nil, 200, `"filtering":[{"active":{`},
			{job("access_control"), nil, 201, "id"},
			{"GET /_connector/_sync_job?from=1&size=1", nil, 200, `"index_name":"search-c"`}}},
		"8.12.1 copies what is active": {"8.12.1", []step{{"GET /_connector/_sync_job/{job}", nil, 200, `"filtering":{"advanced_snippet":{`}}},
		"8.14 names no index of access control": {"8.14.0", []step{{job("access_control"), nil, 201, "id"},
			{"GET /_connector/_sync_job?size=1", nil, 200, `"index_name":"search-c"`}}},
		"all problems at once": {"", []step{{"PUT /_connector//_name {}", nil, 400,
			`Validation Failed: 1: [connector_id] cannot be [null] or [""].;2: [name] and [description] cannot both be [null].`}}},
		"words of descriptions": {"", []step{
			{`PUT /_connector/d {"description":"Foo_Bar of example.org, don't"}`, nil, 201, "created"},
			{"GET /_connector?query=foo_bar", nil, 200, `"count":1`}, {"GET /_connector?query=Foo_Bar", nil, 200, `"count":0`},
			{"GET /_connector?query=ple.o", nil, 200, `"count":1`}, {"GET /_connector?query=of%20e", nil, 200, `"count":0`},
			{"GET /_connector?query=search%5C-c", nil, 200, `"count":1`}, {"GET /_connector?query=s%3Farch", nil, 200, `"count":1`}}},
		"orders are short": {"", []step{
			{`PUT /_connector/c/_filtering {"rules":[{"id":"a","field":"f","order":32767,"policy":"include","rule":"equals","value":"v"}]}`, nil, 400,
				"failed to parse field [filtering.draft.rules.order] of type [short] in document with id 'c'. Preview of field's value: '32768'"},
			{`PUT /_connector/c/_filtering {"rules":[{"id":"a","field":"f","order":40000,"policy":"include","rule":"equals","value":"v"}]}`, nil, 400,
				"Numeric value (40000) out of range of Java short"},
			{`PUT /_connector/c/_filtering {"rules":[{"id":"a","field":"f","order":"x","policy":"include","rule":"equals","value":"v"}]}`, nil, 400,
				`"number_format_exception","reason":"For input string: "x""`}}},
		"lists in lists of objects": {"", []step{
			{`PUT /_connector/c/_filtering {"advanced_snippet":{"value":[[{"a":1}],null]}}`, nil, 200, "updated"},
			{`PUT /_connector/c/_filtering {"advanced_snippet":{"value":[[1]]}}`, nil, 400, "tried to parse field [null] as object"}}},
		"no path on 9": {"", []step{{"PUT /_connectors/x {}", nil, 400, "no handler found"}, {"PATCH /a/b/c", nil, 400, "no handler found"}}},
		"paths with types on 8": {"8.19.21", []step{{"PUT /_connectors/x {}", nil, 405, "allowed: [POST]"},
			{"POST /_connectors/x {}", nil, 400, "no handler found"}, {"PATCH /a/b/c", nil, 405, "allowed: [GET, POST, PUT, DELETE, HEAD]"},
			{"PUT /_connector/c/_bogus {}", nil, 400, "no handler found"}}},
		"before there are connectors": {"", []step{{"DELETE /.elastic-connectors-v1", nil, 200, "true"},
			{"GET /_connector?size=10001", nil, 200, `{"count":0,"results":[]}`},
			{`PUT /_connector/x/_error {"error":null}`, nil, 404, "document_missing_exception"},
			{"GET /_connector?size=10001", nil, 400, "search_phase_execution_exception"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newNode(t, row.version).walk(row.steps)
		})
	}
}

// TestSearchView checks when a list shows what was changed.
func TestSearchView(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		then  []string // after a change of the name
		shows bool
	}{
		"not at once":                        {nil, false},
		"not after another change":           {[]string{`PUT /_connector/c/_error {"error":"e"}`}, false},
		"after a refresh":                    {[]string{"POST /.elastic-connectors/_refresh"}, true},
		"not after that of another index":    {[]string{"POST /.elastic-connectors-sync-jobs/_refresh"}, false},
		"after a change that refreshes":      {[]string{`PUT /_connector/c/_native {"is_native":false}`, `PUT /_connector/c/_configuration {"configuration":{}}`}, true},
		"after a connector was created":      {[]string{"PUT /_connector/other"}, true},
		"after a connector was deleted":      {[]string{"PUT /_connector/other", `PUT /_connector/c/_name {"name":"new"}`, "DELETE /_connector/other"}, true},
		"after a direct write of the same":   {[]string{`POST /.elastic-connectors/_update/c?refresh=true {"doc":{"language":"en"}}`}, true},
		"after a while":                      {[]string{"wait"}, true},
		"after a while since the first of 2": {[]string{"half", `PUT /_connector/c/_error {"error":"e"}`, "half"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			s, err := New(Options{Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			n := &node{t, s}
			n.connector("c")
			n.job("c") // for its index to be there
			n.put("/_connector/c/_name", `{"name":"new"}`)
			for _, request := range row.then {
				switch method, rest, _ := strings.Cut(request, " "); method {
				case "wait":
					now = now.Add(refreshInterval)
				case "half":
					now = now.Add(refreshInterval / 2)
				default:
					path, body, _ := strings.Cut(rest, " ")
					if w := n.send(method, path, body); w.Code >= 300 {
						t.Fatalf("%s: %d %s", request, w.Code, w.Body)
					}
				}
			}
			w := n.send(http.MethodGet, "/_connector?connector_name=new", "")
			if shows := strings.Contains(w.Body.String(), `"count":1`); shows != row.shows {
				t.Errorf("the list shows the new name: %v, want %v: %s", shows, row.shows, w.Body)
			}
			if w := n.send(http.MethodGet, "/_connector/c", ""); !strings.Contains(w.Body.String(), `"name":"new"`) {
				t.Errorf("a read by id does not show the new name: %s", w.Body)
			}
		})
	}
}

package reference

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/esversion"
)

// late is a server whose index templates come a minute after its start, with
// a clock that stands still until it is moved.
func late(t *testing.T, version string) (n *node, move func(time.Duration)) {
	t.Helper()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := New(Options{Version: esversion.MustParse(version), TemplatesAfter: time.Minute, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return &node{t, s}, func(d time.Duration) { now = now.Add(d) }
}

// wants sends requests, each "METHOD /path {body}", and looks for what follows
// " -> " in their answers: the status and a part of the body.
func (n *node) wants(requests ...string) {
	n.t.Helper()
	for _, r := range requests {
		request, want, _ := strings.Cut(r, " -> ")
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		status, part, _ := strings.Cut(want, " ")
		w := n.send(method, path, body)
		if string(number(w.Code)) != status || !strings.Contains(w.Body.String(), part) {
			n.t.Errorf("%s: answered %d %s, want %s", request, w.Code, w.Body, want)
		}
	}
}

// The answers of a real server: measured on 9.5.3.
func TestIndexTemplates(t *testing.T) {
	t.Parallel()
	for version, dates := range map[string]string{
		"8.12.0": "",
		"9.5.3":  `,"created_date_millis":1767225660000,"modified_date_millis":1767225660000`,
	} {
		n, move := late(t, version)
		const missing = `{"type":"resource_not_found_exception","reason":"index template matching [elastic-connectors] not found"}`
		n.wants(
			`GET /_index_template/elastic-connectors -> 404 {"error":{"root_cause":[`+missing+`],`+missing[1:len(missing)-1]+`},"status":404}`,
			"HEAD /_index_template/elastic-connectors -> 404 ",
			`GET /_index_template/elastic-connectors* -> 200 {"index_templates":[]}`,
			`GET /_index_template -> 200 {"index_templates":[]}`,
		)
		move(time.Minute)
		const jobs = `{"name":"elastic-connectors-sync-jobs","index_template":{"index_patterns":[".elastic-connectors-sync-jobs-v1"],` +
			`"composed_of":["elastic-connectors-settings","elastic-connectors-sync-jobs-mappings"],"priority":100,"version":3,` +
			`"_meta":{"managed":true,"description":"Built-in template for elastic-connectors-sync-jobs"},"allow_auto_create":true`
		n.wants(
			`GET /_index_template/elastic-connectors-sync-jobs -> 200 {"index_templates":[`+jobs+dates+`}}]}`,
			"HEAD /_index_template/elastic-connectors -> 200 ",
			`GET /_index_template/elastic-connectors* -> 200 `+jobs,
			`GET /_index_template -> 200 `+jobs,
			`GET /_index_template/other -> 404 index template matching [other] not found`,
			`DELETE /_index_template/other -> 405 `,
		)
	}
}

// What is written before the templates are there makes an index without alias
// and mapping, for good.
func TestIndexMadeBeforeItsTemplate(t *testing.T) {
	t.Parallel()
	n, move := late(t, "9.5.3")
	n.wants(`PUT /_connector/c {"index_name":"i","service_type":"s"} -> 201 created`)
	move(time.Minute)
	bare := []string{
		"GET /_connector/c -> 200 ",
		"GET /.elastic-connectors/_doc/c -> 404 no such index [.elastic-connectors]",
		"GET /.elastic-connectors-v1/_doc/c -> 200 ",
		"GET /_alias/.elastic-connectors -> 404 alias [.elastic-connectors] missing",
		`GET /.elastic-connectors-v1 -> 200 {".elastic-connectors-v1":{"aliases":{},"mappings":{},`,
	}
	n.wants(bare...)
	n.wants(
		`POST /_connector/_sync_job {"id":"c"} -> 201 `,
		`GET /_alias/.elastic-connectors-sync-jobs -> 200 .elastic-connectors-sync-jobs-v1`,
	)
	var disk bytes.Buffer
	if err := n.server.Save(&disk); err != nil {
		t.Fatal(err)
	}
	if err := n.server.Load(&disk); err != nil {
		t.Fatal(err)
	}
	n.wants(bare...)
	n.wants(
		"DELETE /.elastic-connectors-v1 -> 200 ",
		"PUT /_connector/c  -> 201 created",
		"GET /.elastic-connectors/_doc/c -> 200 ",
	)
}

// Who may read index templates: measured on 9.5.3.
func TestReadingIndexTemplates(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Password: "secret-enough"})
	if err != nil {
		t.Fatal(err)
	}
	for _, privilege := range []string{"manage_connector", "monitor", "manage"} {
		asUser(s, "elastic", "PUT", "/_security/role/"+privilege, `{"cluster":["`+privilege+`"]}`)
		asUser(s, "elastic", "PUT", "/_security/user/"+privilege, `{"password":"secret-enough","roles":["`+privilege+`"]}`)
		want, status := "action [indices:admin/index_template/get] is unauthorized for user [manage_connector] with effective roles [manage_connector], "+
			"this action is granted by the cluster privileges [manage_index_templates,monitor,manage,all]", http.StatusForbidden
		if privilege != "manage_connector" {
			want, status = "elastic-connectors", http.StatusOK
		}
		if got, text := asUser(s, privilege, "GET", "/_index_template/elastic-connectors", ""); got != status || !strings.Contains(text, want) {
			t.Errorf("%s: answered %d %s, want %d %s", privilege, got, text, status, want)
		}
	}
}

package fault

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

const jobsURL = "/_connector/_sync_job"

// playCalls plays a script of all calls but that of the stats, for the faults
// of those, and returns everything that came of it.
func (l *log) playCalls() string {
	for _, c := range []string{"one", "two", "plain-1"} {
		l.send(http.MethodPut, "/_connector/"+c, `{"index_name":"search-`+c+`","name":"n","service_type":"s","language":"fr"}`)
	}
	jobs := []string{l.create(`{"id":"one"}`), l.create(`{"id":"one"}`), l.create(`{"id":"two"}`)}
	l.lifecycle(jobs)
	l.creations()
	l.reads(jobs[0])
	l.changes()
	l.deletions()
	l.lists()
	return l.b.String()
}

// create creates a sync job and returns its id.
func (l *log) create(body string) string {
	w := l.send(http.MethodPost, jobsURL, body)
	l.note("%d %s\n", w.Code, w.Body)
	o, err := xcontent.ParseObject(w.Body.Bytes())
	if err != nil {
		l.t.Fatal(err)
	}
	return o.String("id")
}

// everyForm sends a request in the forms that routes tell apart.
func (l *log) everyForm(method, path, body string) {
	for _, q := range []string{"?bogus=1", "?hard=true", "?sort=x", "?pretty", "?human", "?filter_path=id", "/"} {
		l.do(method, path+q, body)
	}
	for _, m := range []string{http.MethodPut, http.MethodPost, http.MethodGet, http.MethodOptions} {
		if m != method {
			l.do(m, path, body)
		}
	}
	for _, b := range []string{"", "{}", "[" + body + "]", strings.TrimSuffix(body, "}"), `"x"`} {
		if b != body {
			l.do(method, path, b)
		}
	}
	if body != "" {
		l.do(method, path, body, "Content-Type", "text/plain")
	}
}

func (l *log) creations() {
	l.send(http.MethodPut, "/_connector/one/_pipeline", `{"pipeline":{"name":"p","extract_binary_content":true,"reduce_whitespace":true,"run_ml_inference":true}}`)
	l.send(http.MethodPut, "/_connector/one/_filtering", `{"rules":[{"id":"R","field":"f","order":0,"policy":"include","rule":"equals","value":"v"}]}`)
	l.send(http.MethodPut, "/_connector/bare", `{"service_type":"s"}`)
	for _, body := range []string{
		`{"id":"one"}`, `{"id":"one","job_type":"access_control","trigger_method":"on_demand"}`, `{"id":"one","job_type":"INCREMENTAL","trigger_method":"SCHEDULED"}`,
		`{"job_type":"full"}`, `{"id":""}`, `{"id":"one","job_type":null}`, `{"id":"one","job_type":["full"]}`, `{"id":"one","trigger_method":true}`, `{"id":"one","bogus":1}`,
		`{"id":"one","id":"two"}`, `{"id":"bare"}`,
	} {
		l.do(http.MethodPost, jobsURL, body)
	}
	l.everyForm(http.MethodPost, jobsURL, `{"id":"one"}`)
	l.documents()
}

func (l *log) reads(id string) {
	l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"x_unknown":9007199254740993}}`)
	path := jobsURL + "/" + id
	l.do(http.MethodGet, path, "")
	l.everyForm(http.MethodGet, path, "")
	for _, other := range []string{"esconform-no-such", "one", id + "x", "a%2Fb%20c"} {
		l.do(http.MethodGet, jobsURL+"/"+other, "")
	}
	l.send(http.MethodPut, "/_connector/one/_service_type", `{"service_type":"other"}`)
	l.do(http.MethodGet, path, "")
	l.documents()
}

func (l *log) changes() {
	bodies := map[string][]string{
		"_cancel": {""}, "_check_in": {""},
		"_claim": {
			`{"worker_hostname":" Worker "}`, `{"worker_hostname":"","sync_cursor":{"a":{"x":1,"y":2}}}`, `{"worker_hostname":"w","sync_cursor":{"a":{"y":3}}}`,
			`{"worker_hostname":"w"}`, `{"worker_hostname":"w","sync_cursor":null}`, `{"worker_hostname":"w","sync_cursor":[1]}`, `{"worker_hostname":1}`,
			`{"worker_hostname":"w","bogus":1}`, `{"worker_hostname":"a","worker_hostname":"b"}`,
		},
		"_error": {
			`{"error":"` + strings.Repeat("long ", 99) + `"}`, `{"error":" é\nboom "}`, `{"error":""}`, `{}`, `{"error":1}`, `{"error":"a","bogus":1}`, `{"error":"a","error":"b"}`,
		},
	}
	for _, action := range []string{"_cancel", "_check_in", "_claim", "_error"} {
		id := l.create(`{"id":"two"}`)
		for _, body := range bodies[action] {
			l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"in_progress"}}`)
			l.do(http.MethodPut, jobURL(id, action), body)
			l.do(http.MethodGet, jobsURL+"/"+id, "")
		}
		first := bodies[action][0]
		l.everyForm(http.MethodPut, jobURL(id, action), first)
		for _, other := range []string{"nobody", "", "a%2Fb%20c", strings.Repeat("x", 513)} {
			l.do(http.MethodPut, jobURL(other, action), first)
			l.do(http.MethodPut, jobURL(other, action), "{}")
		}
		l.documents()
	}
}

func (l *log) deletions() {
	for _, status := range []string{"pending", "in_progress", "completed", "error"} {
		id := l.create(`{"id":"two"}`)
		l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"`+status+`"}}`)
		l.do(http.MethodDelete, jobsURL+"/"+id, "")
		l.do(http.MethodPut, jobURL(id, "_check_in"), "")
		l.do(http.MethodDelete, jobsURL+"/"+id, "")
	}
	for _, form := range []string{"?bogus=1", "?hard=true", "/"} {
		l.do(http.MethodDelete, jobsURL+"/"+l.create(`{"id":"two"}`)+form, "")
	}
	l.do(http.MethodDelete, jobsURL+"/"+l.create(`{"id":"two"}`), "{}")
	l.do(http.MethodDelete, jobsURL+"/a%2Fb%20c", "")
	l.documents()
}

func (l *log) lists() {
	for i := range 102 {
		kind := []string{"full", "incremental", "access_control"}[i%3]
		id := l.create(fmt.Sprintf(`{"id":"plain-1","job_type":"%s"}`, kind))
		if i%4 == 0 {
			l.send(http.MethodPut, jobURL(id, "_cancel"), "")
		}
		if i < 3 {
			status := []string{"canceling", "completed", "suspended"}[i]
			l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"`+status+`"}}`)
		}
	}
	for _, q := range []string{
		"", "&status=canceled", "&status=canceling", "&status=completed", "&status=suspended", "&status=error", "&job_type=full", "&job_type=full,incremental", "&job_type=full&status=canceled", "&status=pending&size=3",
		"&size=1", "&from=1", "&from=2&size=2", "&from=4", "&from=99", "&from=1000", "&status=bogus", "&job_type=bogus", "&from=-1", "&size=-1", "&size=x", "&size=10001",
		"&from=9999&size=2", "&bogus=1", "&sort=x", "&pretty",
	} {
		l.do(http.MethodGet, jobsURL+"?connector_id=plain-1"+q, "")
	}
	l.do(http.MethodGet, jobsURL, "")
	l.do(http.MethodGet, jobsURL, "{}")
	l.do(http.MethodGet, jobsURL+"?connector_id=one", "")
	l.do(http.MethodGet, jobsURL+"?connector_id=nobody", "")
	l.do(http.MethodDelete, "/_connector/plain-1", "")
	l.do(http.MethodPost, jobsURL, `{"id":"plain-1"}`)
	l.documents()
}

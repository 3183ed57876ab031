package fault

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// scripts show faults by what their ids begin with; the longest counts.
var scripts = map[string]func(*log){
	"other-writers.":             (*log).playOtherWriters,
	"lineages.":                  (*log).playLineages,
	"clients.":                   (*log).playClients,
	"size.":                      (*log).playSizes,
	"connector.delete.sync":      (*log).playGone,
	"connector.delete.keeps":     (*log).playGone,
	"connector.delete.others":    (*log).playGone,
	"connector.delete.not-found": (*log).playGone,
	"connector.delete.bad-value": (*log).playGone,
	"sync-job.delete.views.":     (*log).playGone,
	"sync-job.kinds.":            (*log).playKinds,
	"sync-job.create.":           func(l *log) { l.playCalls(); l.playKinds() },
	"sync-job.":                  func(l *log) { l.playCalls() },
	"service.":                   (*log).playService,
}

// scriptOf returns the script of a fault, and its name.
func scriptOf(id string) (string, func(*log)) {
	best := ""
	for prefix := range scripts {
		if strings.HasPrefix(id, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return best, scripts[best]
}

// calls are all calls on a sync job, with a body.
var calls = [][3]string{
	{"GET", "", ""}, {"PUT", "_claim", `{"worker_hostname":"w","sync_cursor":{"p":1}}`}, {"PUT", "_stats", whole}, {"PUT", "_check_in", ""},
	{"PUT", "_error", `{"error":"e"}`}, {"PUT", "_cancel", ""}, {"DELETE", "", ""},
}

func (l *log) call(c [3]string, id string, headers ...string) {
	path := jobsURL + "/" + id
	if c[1] != "" {
		path = jobURL(id, c[1])
	}
	l.do(c[0], path, c[2], headers...)
}

func (l *log) connectors(ids ...string) {
	for _, id := range ids {
		l.send(http.MethodPut, "/_connector/"+id, `{"index_name":"search-`+id+`","name":"n","service_type":"s"}`)
	}
}

// store stores a document past the API and returns its id.
func (l *log) store(path, body string) string {
	w := l.send(http.MethodPost, path, body)
	l.note("%d %s\n", w.Code, w.Body)
	o, err := xcontent.ParseObject(w.Body.Bytes())
	if err != nil {
		l.t.Fatal(err)
	}
	return o.String("_id")
}

func (l *log) playOtherWriters() {
	l.connectors("one")
	files, err := fs.Glob(fixtures.FS, "documents/*.json")
	if err != nil || len(files) < 8 {
		l.t.Fatal(files, err)
	}
	fill := strings.NewReplacer("{connector}", "one", "{index}", "search-x", "{created_at_offset}", "2026-01-02T10:00:00+00:00", "{created_at}", "2026-01-02T10:00:00.000Z")
	for _, file := range files {
		raw, err := fs.ReadFile(fixtures.FS, file)
		if err != nil {
			l.t.Fatal(err)
		}
		if strings.Contains(file, "/connector-") {
			id := l.store("/"+reference.ConnectorAlias+"/_doc", fill.Replace(string(raw)))
			l.do(http.MethodGet, "/_connector/"+id, "")
			l.do(http.MethodGet, "/_connector?index_name=search-x", "")
			l.create(`{"id":"` + id + `"}`)
			l.documents()
			continue
		}
		for _, c := range calls {
			id := l.store("/"+reference.JobAlias+"/_doc", fill.Replace(string(raw)))
			if c[1] == "_error" {
				l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"in_progress"}}`)
			}
			l.do(http.MethodGet, jobsURL+"?connector_id=one&size=1", "")
			l.call(c, id)
		}
		l.documents()
	}
}

func (l *log) playLineages() {
	l.connectors("one")
	all, err := lineage.All()
	if err != nil {
		l.t.Fatal(err)
	}
	fill := strings.NewReplacer("{connector}", "one", "{index}", "search-x")
	for _, of := range all {
		for _, d := range of.Documents {
			body := fill.Replace(string(d.MadeAt("")))
			if d.Kind == "connector" {
				id := l.store("/"+reference.ConnectorAlias+"/_doc", body)
				l.do(http.MethodGet, "/_connector/"+id, "")
				l.do(http.MethodPut, "/_connector/"+id+"/_check_in", "")
				l.do(http.MethodPut, "/_connector/"+id+"/_last_sync", `{"last_indexed_document_count":7}`)
				l.documents()
				continue
			}
			for _, c := range calls {
				id := l.store("/"+reference.JobAlias+"/_doc", body)
				l.do(http.MethodGet, jobsURL+"?connector_id=one", "")
				l.do(http.MethodGet, jobsURL+"?connector_id=one&status=pending", "")
				l.call(c, id)
			}
			l.documents()
		}
	}
}

func (l *log) playClients() {
	l.connectors("one")
	vendor := func(v string) []string {
		t := "application/vnd.elasticsearch+json; compatible-with=" + v
		return []string{"Accept", t, "Content-Type", t}
	}
	service := append(vendor("8"), "X-Elastic-Product-Origin", "connectors")
	for _, headers := range [][]string{vendor("8"), vendor("9"), {"X-Elastic-Product-Origin", "connectors"}, service} {
		l.do(http.MethodPost, jobsURL, `{"id":"one"}`, headers...)
		l.do(http.MethodGet, jobsURL+"?connector_id=one&size=1", "", headers...)
		for _, c := range calls {
			l.call(c, l.running(), headers...)
		}
	}
	octets := []string{"Content-Type", "application/octet-stream"}
	for _, c := range [][3]string{calls[3], calls[5]} {
		l.call(c, l.running(), octets...)
		l.call(c, l.running(), append(octets, service[0], service[1], "X-Elastic-Product-Origin", "connectors")...)
	}
	zipped := []string{"Content-Encoding", "gzip"}
	l.do(http.MethodPost, jobsURL, zip(`{"id":"one"}`), zipped...)
	for _, c := range calls {
		if c[2] != "" {
			c[2] = zip(c[2])
			l.call(c, l.running(), zipped...)
		}
	}
	l.documents()
}

// running returns the id of a new sync job that is in progress.
func (l *log) running() string {
	id := l.create(`{"id":"one"}`)
	l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"in_progress"}}`)
	return id
}

func zip(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	return b.String()
}

func (l *log) playSizes() {
	l.connectors("one")
	for _, n := range []int{32766, 32767, 80 << 10, 1 << 20} {
		for _, body := range []string{`{"worker_hostname":"w","sync_cursor":{"p":"%s"}}`, `{"worker_hostname":"%s"}`} {
			l.do(http.MethodPut, jobURL(l.running(), "_claim"), fmt.Sprintf(body, strings.Repeat("x", n)))
		}
		l.do(http.MethodPut, jobURL(l.running(), "_error"), `{"error":"`+strings.Repeat("x", n)+`"}`)
		l.do(http.MethodPut, jobURL(l.running(), "_error"), `{"error":"`+strings.Repeat("✓", n/3+1)+`"}`)
		l.do(http.MethodPut, jobURL(l.running(), "_stats"), `{`+sure+`,"metadata":{"p":"`+strings.Repeat("x", n)+`"}}`)
	}
	l.documents()
	huge := strings.Repeat("x", 2<<20)
	l.do(http.MethodPut, jobURL(l.running(), "_claim"), `{"worker_hostname":"w","sync_cursor":{"p":"`+huge+`"}}`)
	l.do(http.MethodPut, jobURL(l.running(), "_stats"), `{`+sure+`,"metadata":{"p":"`+huge+`"}}`)
}

func (l *log) playGone() {
	for i, query := range []string{"", "?delete_sync_jobs=false", "?delete_sync_jobs=true", "?hard=true&delete_sync_jobs=true", "?delete_sync_jobs=x", "?delete_sync_jobs", "?delete_sync_jobs=TRUE"} {
		c := fmt.Sprintf("c%d", i)
		l.connectors(c)
		l.connectors("other")
		l.create(`{"id":"other"}`)
		var last string
		for j, status := range slices.Sorted(slices.Values(syncStatuses)) {
			last = l.create(fmt.Sprintf(`{"id":%q,"job_type":%q}`, c, jobTypes[j%3]))
			l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+last, `{"doc":{"status":"`+status+`"}}`)
		}
		look := func() {
			for _, q := range []string{"", "&status=pending", "&status=canceled", "&job_type=full", "&job_type=" + jobTypes[0]} {
				l.do(http.MethodGet, jobsURL+"?connector_id="+c+q, "")
			}
			l.do(http.MethodGet, "/"+reference.JobAlias+"/_search", `{"query":{"term":{"connector.id":"`+c+`"}}}`)
		}
		for _, status := range []string{"pending", "canceled"} {
			id := l.create(fmt.Sprintf(`{"id":%q}`, c))
			l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"`+status+`"}}`)
			l.do(http.MethodDelete, jobsURL+"/"+id, "")
			l.do(http.MethodGet, "/"+reference.JobAlias+"/_doc/"+id, "")
			look()
		}
		l.do(http.MethodDelete, "/_connector/"+c+query, "")
		look()
		l.do(http.MethodDelete, "/_connector/"+c+"?delete_sync_jobs=true", "")
		l.documents()
	}
}

func (l *log) playKinds() {
	l.connectors("one", "needy", "broken")
	l.send(http.MethodPut, "/_connector/bare", `{"service_type":"s"}`)
	l.send(http.MethodPut, "/_connector/untyped", `{"index_name":"untyped"}`)
	l.send(http.MethodPut, "/_connector/empty", `{"index_name":"empty","service_type":""}`)
	l.send(http.MethodPut, "/_connector/needy/_status", `{"status":"needs_configuration"}`)
	l.send(http.MethodPut, "/_connector/broken/_status", `{"status":"error"}`)
	for _, kind := range jobTypes {
		for _, trigger := range triggerMethods {
			body := func(id string) string {
				return fmt.Sprintf(`{"id":%q,"job_type":%q,"trigger_method":%q}`, id, kind, trigger)
			}
			for _, id := range []string{"one", "needy", "broken", "bare", "untyped", "empty", "nobody"} {
				l.do(http.MethodPost, jobsURL, body(id))
			}
			for _, status := range []string{"pending", "in_progress"} {
				for _, c := range calls {
					id := l.create(body("one"))
					l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"`+status+`"}}`)
					l.call(c, id)
				}
				l.documents()
			}
		}
	}
}

func (l *log) playService() {
	l.connectors("one", "esconform-1")
	l.send(http.MethodPut, jobURL(l.create(`{"id":"esconform-1"}`), "_cancel"), "")
	ids := []string{l.create(`{"id":"esconform-1"}`), l.create(`{"id":"esconform-1","job_type":"incremental"}`), l.running()}
	l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+ids[2], `{"doc":{"last_seen":"2020-01-02T10:00:00+00:00"}}`)
	for _, query := range []string{
		`{"query":{"bool":{"must":[{"terms":{"status":["pending","suspended"]}},{"terms":{"connector.id":["esconform-1"]}},{"terms":{"job_type":["full"]}}]}},"sort":[{"created_at":"desc"}],"seq_no_primary_term":true}`,
		`{"query":{"terms":{"connector.id":["esconform-1"]}},"sort":[{"created_at":"desc"}],"from":1,"size":1}`,
		`{"query":{"bool":{"filter":[{"terms":{"connector.id":["esconform"]}}]}}}`,
		`{"query":{"bool":{"must_not":{"terms":{"connector.id":["one"]}},"filter":[{"terms":{"status":["pending","in_progress"]}}]}}}`,
		`{"query":{"bool":{"filter":[{"terms":{"status":["in_progress"]}},{"range":{"last_seen":{"gt":"now-300s"}}}]}}}`,
	} {
		l.do(http.MethodPost, "/"+reference.JobAlias+"/_search", query)
	}
	l.do(http.MethodPost, "/"+reference.ConnectorAlias+"/_search", `{"query":{"bool":{"must_not":[{"term":{"deleted":true}}],"filter":[{"terms":{"_id":["one"]}}]}}}`)
	for _, index := range []string{reference.ConnectorIndex, reference.JobIndex, "nothing"} {
		l.do(http.MethodHead, "/"+index, "")
	}
	l.do(http.MethodPut, "/"+reference.JobIndex, "")
	for _, d := range [][2]string{{reference.JobAlias, ids[0]}, {reference.ConnectorAlias, "one"}} {
		l.do(http.MethodGet, "/"+d[0]+"/_doc/"+d[1], "")
		for _, v := range []string{`{"doc":{"worker_hostname":"w"}}`, `{"doc":{"total_document_count":9,"last_sync_status":"completed","sync_cursor": null}}`} {
			l.do(http.MethodPost, "/"+d[0]+"/_update/"+d[1]+"?if_seq_no=0&if_primary_term=1", v)
			l.do(http.MethodPost, "/"+d[0]+"/_update/"+d[1], v)
		}
	}
	l.do(http.MethodPut, jobURL(ids[0], "_stats"), whole)
	l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+ids[1], `{"doc":{"status":"completed","error":null,"completed_at":"2026-01-02T10:00:00+00:00"}}`)
	l.do(http.MethodGet, jobsURL+"/"+ids[1], "")
	l.documents()
	legacy := `{"connector":{"id":"one"},"job_type":"full","status":"pending","created_at":"2026-01-02T10:00:00+00:00"}`
	l.do(http.MethodPost, "/"+reference.JobAlias+"/_doc", legacy)
	id := l.store("/"+reference.JobIndex+"/_doc", legacy)
	l.do(http.MethodGet, jobsURL+"/"+id, "")
	l.do(http.MethodPut, jobURL(id, "_cancel"), "")
}

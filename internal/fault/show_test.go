package fault

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
	"github.com/esconform/esconform/internal/testkit/race"
)

// TestEveryFaultShows compares what a server with a fault answers and stores
// with what one without it does.
func TestEveryFaultShows(t *testing.T) {
	t.Parallel()
	bodies := recordedBodies(t)
	clean := map[string]func() string{}
	for i, f := range All() {
		if race.Brief() && i%8 > 0 {
			continue
		}
		if f.Security || onlyInSuite(f) {
			continue // see TestEverySecurityFaultShows
		}
		play, script := (*log).play, f.Emulate
		if name, other := scriptOf(f.ID); other != nil {
			play, script = func(l *log, _ []string) string { other(l); return l.b.String() }, f.Emulate+" "+name
		}
		if clean[script] == nil {
			clean[script] = sync.OnceValue(func() string { return play(newLog(t, f.Emulate, "", nil), bodies) })
		}
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(f.ID, "stats.concurrent.") && f.ID != "stats.concurrent.torn" {
				for range 200 {
					if writersDiffer(newNode(t, f.Emulate, f.ID)) {
						return
					}
				}
				t.Error("writers at once do not show the fault")
				return
			}
			want := clean[script]()
			if got := play(newLog(t, f.Emulate, f.ID, &want), bodies); got == want {
				t.Error("nothing differs from a server without the fault")
			}
		})
	}
}

// onlyInSuite holds for faults of connectors. Most show only in a connector that
// was brought into some state before, for which there is no script but the
// suite's own scenarios. "make matrix" runs these against each fault and fails
// where one is not noticed, by an assertion and by no other requirement than
// those that it names: that is more than a difference, which is all that is asked
// for here. So is what shows only where sync jobs are checked in at once.
func onlyInSuite(f Fault) bool { return ofConnectors()[f.ID] || f.ID == "sync-job.check-in.at-once" }

var ofConnectors = sync.OnceValue(func() map[string]bool {
	ids := map[string]bool{}
	for _, f := range connectorFaults() {
		ids[f.ID] = true
	}
	return ids
})

// TestNoFaultNoDifference sees to it that the comparison means something.
func TestNoFaultNoDifference(t *testing.T) {
	t.Parallel()
	bodies := recordedBodies(t)
	if a, b := newLog(t, "", "", nil).play(bodies), newLog(t, "", "", nil).play(bodies); a != b {
		t.Error("two servers without a fault differ")
	}
	for range 20 {
		if writersDiffer(newNode(t, "", "")) {
			t.Fatal("writers at once show a fault that is not there")
		}
	}
}

// recordedBodies are all bodies of stats updates in the recording.
func recordedBodies(t *testing.T) []string {
	var bodies []string
	for _, c := range loadRecording(t, "elasticsearch-9.5.3.json").Cases {
		if strings.HasPrefix(c.Name, "stats/indexed_document_") && !strings.HasSuffix(c.Name, "/negative") {
			continue // one count stands for all
		}
		for _, e := range c.Exchanges {
			if b := e.Request.Body; b != nil && strings.HasSuffix(e.Request.Path, "/_stats") && e.Request.Headers == nil && !slices.Contains(bodies, *b) {
				bodies = append(bodies, *b)
			}
		}
	}
	return append(bodies, moreBodies...)
}

const (
	sure  = `"deleted_document_count":1011,"indexed_document_count":2022,"indexed_document_volume":70033`
	seen  = `,"last_seen":"2023-01-02T10:00:00Z"`
	whole = `{` + sure + `,"total_document_count":500` + seen + `,"metadata":{"k":1}}`
)

// moreBodies are those that faults show with and the recording has not.
var moreBodies = []string{
	`{` + sure + `,"metadata":{"a":{"b":{"c":{"d":1,"e":2}}},"l":[1,2,3],"Ü b":1.5,"t":" X ","n":null,"f":true,"o":{},"x.y":1,"big":9007199254740993}` + seen + `}`,
	`{` + sure + `,"metadata":{"a":{"b":{"c":{"d":3}}},"l":[9]}` + seen + `}`,
	`{` + sure + `,"metadata":{"a":{"b":{"c":{"d":4,"q":1}}},"l":[],"n":1,"f":{"x":1}}` + seen + `}`,
	`{` + sure + `,"metadata":{"a":1,"t":null,"new":1}` + seen + `}`,
	`{` + sure + `,"metadata":{}}`, `{` + sure + `}`, `{` + sure + `,"metadata":{"":1}}`,
	`{"indexed_document_volume":3,"indexed_document_count":2,"deleted_document_count":1}`,
	`{"total_document_count":9,"last_seen":"2023-07-02T10:00:00.123456789Z","indexed_document_volume":3,"deleted_document_count":1,"indexed_document_count":77}`,
	`{` + sure + `,"last_seen":"2023-01-02T10:00:00-05:30"}`, `{` + sure + `,"last_seen":"1672653600123"}`,
	`{` + sure + `,"last_seen":"2023-01-02T10:00:00.9Z"}`, `{` + sure + `,"last_seen":"1950-01-02T10:00:00Z"}`,
	`{` + sure + `,"last_seen":"2023-01-02t10:00:00z"}`, `{` + sure + `,"last_seen":"2999-01-02T10:00:00Z"}`, `{` + sure + `}`,
	`{` + sure + `,"total_document_count":2147483647}`, `{"deleted_document_count":65537,"indexed_document_count":16777217,"indexed_document_volume":2147483647}`,
	`{"deleted_document_count":0,"indexed_document_count":0,"indexed_document_volume":0,"total_document_count":0}`,
	`{` + sure + `,"Deleted_document_count":5}`, `{` + sure + `,"metadata":"x"}`, `{` + sure + `,"metadata":1}`, `{` + sure + `,"metadata":true}`,
	`{` + sure + `,"metadata":[1]}`, `{deleted_document_count:1,"indexed_document_count":2,"indexed_document_volume":3}`,
	`{"deleted_document_count":1,,"indexed_document_count":2,"indexed_document_volume":3}`,
	`{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3`, `[{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}]`,
	`{"deleted_document_count":1,"deleted_document_count":2,"indexed_document_count":2,"indexed_document_volume":3}`,
	whole, whole, strings.Replace(whole, "500", "501", 1), whole, strings.Replace(whole, "1011", "1012", 1), whole,
	strings.Replace(whole, "2022", "2023", 1), whole, strings.Replace(whole, "70033", "70034", 1), whole,
	strings.Replace(whole, "10:00:00Z", "10:00:01Z", 1), whole, strings.Replace(whole, `"k":1`, `"k":2`, 1),
}

// log writes down exchanges and what is stored after them. With a text to
// expect it stops at the first difference.
type log struct {
	*node
	b       bytes.Buffer
	want    *string
	differs bool
}

func newLog(t testing.TB, version, fault string, want *string) *log {
	return &log{node: newNode(t, version, fault), want: want}
}

func (l *log) note(format string, args ...any) {
	from := l.b.Len()
	fmt.Fprintf(&l.b, format, args...)
	if l.want != nil && !strings.HasPrefix((*l.want)[min(from, len(*l.want)):], string(l.b.Bytes()[from:])) {
		l.differs = true
	}
}

func (l *log) do(method, path, body string, headers ...string) {
	if l.differs {
		return
	}
	w := l.send(method, path, body, headers...)
	l.note("%s %s %s\n%d %v %s\n", method, path, body, w.Code, w.Header(), w.Body)
}

func (l *log) documents() {
	for _, index := range []string{reference.ConnectorIndex, reference.JobIndex} {
		for _, d := range l.server.Store().All(index) {
			l.note("%s %d %d %s\n", d.ID, d.Version, d.SeqNo, xcontent.JSON(d.Source))
		}
	}
}

// stored writes down the job behind a path of its stats.
func (l *log) stored(stats string) {
	id := strings.Split(stats, "/")[3]
	if d, found := l.server.Store().Get(reference.JobIndex, id); found {
		l.note("%d %s\n", d.Version, xcontent.JSON(d.Source))
	}
}

// play plays a long script and returns everything that came of it.
func (l *log) play(bodies []string) string {
	n := l.node
	for _, c := range []string{"one", "two"} {
		n.send(http.MethodPut, "/_connector/"+c, `{"index_name":"search-`+c+`","name":"n","service_type":"s"}`)
	}
	var jobs []string
	for _, c := range []string{"one", "one", "two"} {
		w := n.send(http.MethodPost, "/_connector/_sync_job", `{"id":"`+c+`"}`)
		l.note("%d %s\n", w.Code, w.Body)
		o, err := xcontent.ParseObject(w.Body.Bytes())
		if err != nil {
			n.t.Fatal(err)
		}
		jobs = append(jobs, o.String("id"))
	}
	id := jobs[0]
	stats := jobURL(id, "_stats")
	for _, b := range bodies {
		l.do(http.MethodPut, stats, b)
		l.do(http.MethodGet, "/_connector/_sync_job/"+id, "")
	}
	l.documents()
	l.do(http.MethodPut, stats, "")
	l.lookups(id)
	l.forms(stats)
	l.lifecycle(jobs)
	l.strangers(id)
	l.restart()
	return l.b.String()
}

func (l *log) lookups(id string) {
	for i := range 12 {
		l.do(http.MethodPut, jobURL(id, "_stats"), fmt.Sprintf(`{`+sure+`,"metadata":{"i":%d}}`, i))
		l.do(http.MethodGet, "/"+reference.JobAlias+"/_doc/"+id, "")
		l.do(http.MethodGet, "/_connector/_sync_job?connector_id=one", "")
		l.do(http.MethodGet, "/"+reference.JobAlias+"/_search", `{"query":{"match_all":{}}}`)
	}
	for range 11 {
		l.do(http.MethodPut, jobURL(id, "_stats"), `{}`)
	}
	l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"unknown":1}}`)
	l.do(http.MethodPut, jobURL(id, "_stats"), `{`+sure+`}`)
	l.do(http.MethodGet, "/_connector/_sync_job/"+id, "")
	l.documents()
}

// forms sends the same update in other forms.
func (l *log) forms(stats string) {
	for _, m := range []string{"POST", "GET", "DELETE", "HEAD", "OPTIONS"} {
		l.do(m, stats, whole)
		l.stored(stats)
	}
	for _, q := range []string{"?bogus=1", "?refresh=false", "?pretty", "?human", "?filter_path=result", "?error_trace=false", "/"} {
		l.do(http.MethodPut, stats+q, `{`+sure+`}`)
		l.stored(stats)
	}
	yaml := "deleted_document_count: 1\nindexed_document_count: 2\nindexed_document_volume: 3\n"
	for _, h := range [][]string{
		{"text/plain", ""}, {"application/x-www-form-urlencoded", ""}, {"", ""}, {"application/json", "application/yaml"}, {"application/json; charset=UTF-8", ""},
		{"application/vnd.elasticsearch+json;compatible-with=8", "application/vnd.elasticsearch+json;compatible-with=8"},
		{"application/vnd.elasticsearch+json;compatible-with=9", "application/vnd.elasticsearch+json;compatible-with=9"},
	} {
		l.do(http.MethodPut, stats, `{`+sure+`}`, "Content-Type", h[0], "Accept", h[1])
		l.stored(stats)
	}
	l.do(http.MethodPut, stats, yaml, "Content-Type", "application/yaml")
}

// lifecycle brings jobs into every status, with stats in each.
func (l *log) lifecycle(jobs []string) {
	direct := func(id, status string) {
		l.send(http.MethodPost, "/"+reference.JobAlias+"/_update/"+id, `{"doc":{"status":"`+status+`"}}`)
	}
	for _, status := range []string{"pending", "suspended", "in_progress", "canceling", "canceled", "completed", "error"} {
		for _, call := range [][2]string{{"_stats", `{` + sure + `}`}, {"_check_in", ""}, {"_cancel", ""}, {"_error", `{"error":"e"}`},
			{"_claim", `{"worker_hostname":"h"}`}, {"_claim", `{}`}} {
			direct(jobs[1], status)
			l.do(http.MethodPut, jobURL(jobs[1], call[0]), call[1])
			l.do(http.MethodGet, "/_connector/_sync_job/"+jobs[1], "")
		}
	}
	l.documents()
	for _, body := range []string{`{"id":"one","job_type":"bogus"}`, `{"id":"one","trigger_method":"bogus"}`, `{"id":"nobody"}`,
		`{"id":"one","job_type":"incremental","trigger_method":"scheduled"}`} {
		l.do(http.MethodPost, "/_connector/_sync_job", body)
	}
	l.send(http.MethodPut, "/_connector/plain", `{"index_name":"plain"}`)
	l.do(http.MethodPost, "/_connector/_sync_job", `{"id":"plain"}`)
	l.do(http.MethodDelete, "/_connector/_sync_job/"+jobs[2], "")
	l.documents()
	l.do(http.MethodDelete, "/_connector/_sync_job/"+jobs[2], "")
	l.do(http.MethodPut, jobURL(jobs[2], "_stats"), whole)
	l.documents()
	l.do(http.MethodDelete, "/_connector/two", "")
	l.do(http.MethodGet, "/_connector/two", "")
	l.documents()
}

// strangers sends updates for ids that no job has.
func (l *log) strangers(id string) {
	for _, other := range []string{"nobody", "one", id + "x", id[:10] + "*", "", strings.Repeat("x", 512), strings.Repeat("x", 513), "a%2Fb%20c", "a%25"} {
		for _, body := range []string{whole, `{}`} {
			l.do(http.MethodPut, jobURL(other, "_stats"), body)
		}
	}
	l.documents()
}

// restart saves and loads what is stored.
func (l *log) restart() {
	var disk bytes.Buffer
	if err := l.server.Save(&disk); err != nil {
		l.t.Fatal(err)
	}
	if err := l.server.Load(&disk); err != nil {
		l.t.Fatal(err)
	}
	l.documents()
}

// writersDiffer lets eight writers set the stats of one job and of eight others at
// once, and reports whether anything came out that must not.
func writersDiffer(n *node) bool {
	n.connector("c")
	shared := n.job("c")
	own := make([]string, 8)
	for i := range own {
		own[i] = n.job("c")
	}
	before, _ := n.server.Store().Get(reference.JobIndex, shared)
	body := func(i int) string {
		return fmt.Sprintf(`{"deleted_document_count":%d,"indexed_document_count":%d,"indexed_document_volume":%d,"metadata":{"w%d":1}}`, i, i, i, i)
	}
	codes, answers := make([]int, 8), make([]string, 8)
	bad := make([]bool, 8)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			w := n.send(http.MethodPut, jobURL(shared, "_stats"), body(i+1))
			codes[i], answers[i] = w.Code, w.Body.String()
		})
		wg.Go(func() { bad[i] = n.send(http.MethodPut, jobURL(own[i], "_stats"), body(i+1)).Code != 200 })
	}
	wg.Wait()
	after, _ := n.server.Store().Get(reference.JobIndex, shared)
	wins, total := 0, text(after.Source.Get("indexed_document_count"))
	whole := text(after.Source.Get("deleted_document_count")) == total && text(after.Source.Get("indexed_document_volume")) == total
	for i := range 8 {
		key := after.Source.Object("metadata").Has(fmt.Sprintf("w%d", i+1))
		switch {
		case codes[i] == 200 && key:
			wins++
		case codes[i] == 409 && !key && strings.Contains(answers[i], `"version_conflict_engine_exception"`):
		default:
			return true
		}
		if o := n.source(own[i]); bad[i] || text(o.Get("indexed_document_count")) != fmt.Sprint(i+1) {
			return true
		}
	}
	return !whole || int64(wins) != after.Version-before.Version
}

package reference

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/setorder"
)

// recording is a file of exchanges with a real node.
type recording struct {
	Elasticsearch struct{ Number string }
	Cases         []struct {
		Name      string
		Exchanges []exchange
	}
}

type exchange struct {
	Request struct {
		Method, Path string
		Headers      map[string]string
		Body         *string
	}
	Response struct {
		Status   int
		Headers  map[string]string
		Body     any
		BodyText *string `json:"body_text"`
	}
}

// notReproduced are the exchanges that are meant to differ, by case and
// number of the exchange.
var notReproduced = map[string]string{
	"root 0":    "name, flavour and tagline tell that this is no Elasticsearch",
	"indices 4": "settings that only a real node has, such as the date of creation",
}

// loadRecording reads a recording, which may be compressed.
func loadRecording(t testing.TB, name string) recording {
	t.Helper()
	data, err := fixtures.FS.ReadFile("recordings/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var in io.Reader = bytes.NewReader(data)
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	dec := json.NewDecoder(in)
	dec.UseNumber()
	var r recording
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// tally counts the exchanges of an endpoint.
type tally struct{ same, excused, total int }

// TestReplay sends every recorded request again and compares the answers. Its
// log says how many are the same, by recording and by endpoint.
func TestReplay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"elasticsearch-9.5.3.json", "elasticsearch-8.19.21.json", "elasticsearch-9.5.3-states.json",
		"connectors-9.5.3.json.gz", "connectors-8.19.21.json.gz",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := loadRecording(t, name)
			s, err := New(Options{Version: esversion.MustParse(rec.Elasticsearch.Number)})
			if err != nil {
				t.Fatal(err)
			}
			var all tally
			endpoints := map[string]*tally{}
			for i, c := range rec.Cases {
				r := &replay{server: s, varies: varying, bound: connectorIDs(i, c.Name)}
				for j, e := range c.Exchanges {
					of := endpoints[s.endpoint(e)]
					if of == nil {
						of = &tally{}
						endpoints[s.endpoint(e)] = of
					}
					problems := r.exchange(e)
					excused := notReproduced[fmt.Sprintf("%s %d", c.Name, j)] != ""
					for _, count := range []*tally{of, &all} {
						count.add(len(problems) == 0, excused)
					}
					if len(problems) > 0 && !excused {
						t.Errorf("%s, exchange %d, %s %s:\n  %s", c.Name, j, e.Request.Method, e.Request.Path, strings.Join(problems, "\n  "))
					}
				}
			}
			if all.total == 0 || all.excused*200 > all.total {
				t.Errorf("%d of %d exchanges are not compared, at most 1 in 200 may be", all.excused, all.total)
			}
			t.Logf("%-60s %s", "all", all)
			for _, path := range slices.Sorted(maps.Keys(endpoints)) {
				t.Logf("%-60s %s", path, endpoints[path])
			}
		})
	}
}

func (c *tally) add(same, excused bool) {
	c.total++
	if same {
		c.same++
	}
	if excused {
		c.excused++
	}
}

func (c tally) String() string {
	return fmt.Sprintf("%6.2f %% of %d, %d excused", 100*float64(c.same)/float64(c.total), c.total, c.excused)
}

// endpoint names the route of a request, or what there is no route for.
func (s *Server) endpoint(e exchange) string {
	path, _, _ := strings.Cut(e.Request.Path, "?")
	if rt, _ := s.router.find(e.Request.Method, path); rt != nil {
		return rt.method + " " + rt.path
	}
	return "no route"
}

// connectorIDs are the ids of the connectors that a case makes itself. They are
// as long as they were, as columns in errors count them.
func connectorIDs(number int, name string) map[string]string {
	ids := map[string]string{}
	for i := 1; i < 10; i++ {
		id := fmt.Sprintf("%03d-%d-%s", number, i, strings.ReplaceAll(name, "/", "-"))
		ids[fmt.Sprintf("<connector-%d>", i)] = id + strings.Repeat("x", len(name)+15-len(id))
	}
	return ids
}

// replay repeats one case. It learns ids from the answers.
type replay struct {
	server   *Server
	bound    map[string]string
	varies   []string // members that are not compared
	problems []string
}

// exchange sends a recorded request and compares the answers.
func (r *replay) exchange(e exchange) []string {
	r.problems = nil
	var body []byte
	if e.Request.Body != nil {
		body = []byte(r.fill(*e.Request.Body))
	}
	path := r.fill(e.Request.Path)
	req := httptest.NewRequest(e.Request.Method, "http://localhost"+path, bytes.NewReader(body))
	req.RequestURI = path
	if len(body) > 0 && e.Request.Headers["Content-Type"] == "" {
		if _, removed := e.Request.Headers["Content-Type"]; !removed {
			req.Header.Set("Content-Type", "application/json")
		}
	}
	for k, v := range e.Request.Headers {
		if v != "" {
			req.Header.Set(k, v)
		}
	}
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, req)
	got := w.Result()
	if got.StatusCode != e.Response.Status {
		r.problem("status %d, recorded %d", got.StatusCode, e.Response.Status)
	}
	for k, v := range e.Response.Headers {
		if have := got.Header.Get(k); have != r.fill(v) {
			r.problem("header %s is %q, recorded %q", k, have, v)
		}
	}
	for _, k := range []string{"Allow", "Location", "Warning"} {
		if _, recorded := e.Response.Headers[strings.ToLower(k)]; !recorded && got.Header.Get(k) != "" {
			r.problem("header %s is %q, recorded none", k, got.Header.Get(k))
		}
	}
	r.compareBody(e, w.Body.Bytes())
	return r.problems
}

func (r *replay) compareBody(e exchange, got []byte) {
	if e.Response.BodyText != nil {
		if string(got) != r.fill(*e.Response.BodyText) {
			r.problem("body %q, recorded %q", got, *e.Response.BodyText)
		}
		return
	}
	dec := json.NewDecoder(bytes.NewReader(got))
	dec.UseNumber()
	var have any
	if err := dec.Decode(&have); err != nil {
		r.problem("body %q: %v", got, err)
		return
	}
	r.compare("", e.Response.Body, have, strings.Contains(string(got), "document_parsing_exception"))
}

// fill puts the learned ids in place of their placeholders.
func (r *replay) fill(s string) string {
	for placeholder, id := range r.bound {
		s = strings.ReplaceAll(s, placeholder, id)
	}
	return s
}

func (r *replay) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// varying are members whose values differ from run to run.
var varying = []string{"_seq_no", "_score", "max_score", "took", "node", "index_uuid", "name", "cluster_uuid"}

var (
	placeholder = regexp.MustCompile(`^<(job|connector)-\d+>$`)
	column      = regexp.MustCompile(`^\[\d+:\d+\] `)
)

func (r *replay) compare(at string, want, have any, parsing bool) {
	switch want := want.(type) {
	case map[string]any:
		obj, ok := have.(map[string]any)
		if !ok {
			r.problem("%s is %v, recorded an object", at, have)
			return
		}
		for k, v := range want {
			if _, ok := obj[k]; !ok {
				r.problem("%s/%s is missing, recorded %v", at, k, v)
			} else if !slices.Contains(r.varies, k) || k == "name" && at != "" {
				r.compare(at+"/"+k, v, obj[k], parsing)
			}
		}
		for k, v := range obj {
			if _, ok := want[k]; !ok {
				r.problem("%s/%s is %v, recorded none", at, k, v)
			}
		}
	case []any:
		list, ok := have.([]any)
		if !ok || len(list) != len(want) {
			r.problem("%s is %v, recorded a list of %d", at, have, len(want))
			return
		}
		for i := range want {
			r.compare(fmt.Sprintf("%s/%d", at, i), want[i], list[i], parsing)
		}
	case string:
		r.compareText(at, want, have, parsing)
	default:
		if want != have {
			r.problem("%s is %v, recorded %v", at, have, want)
		}
	}
}

func (r *replay) compareText(at, want string, have any, parsing bool) {
	text, ok := have.(string)
	switch {
	case !ok:
		r.problem("%s is %v, recorded %q", at, have, want)
	case want == "<now>":
		if got, err := time.Parse(time.RFC3339Nano, text); err != nil || time.Since(got).Abs() > 10*time.Minute {
			r.problem("%s is %q, recorded the time of the request", at, text)
		}
	case want == "<id>":
		if text == "" {
			r.problem("%s is empty, recorded an id", at)
		}
	case placeholder.MatchString(want) && r.bound[want] == "":
		r.bound[want] = text
	default:
		want = r.fill(want)
		if parsing { // positions in the server's own form of the document
			want, text = withoutPosition(want), withoutPosition(text)
		}
		if setorder.Sorted(text) != setorder.Sorted(want) {
			r.problem("%s is %q,\n    recorded %q", at, text, want)
		}
	}
}

func withoutPosition(s string) string {
	s, _, _ = strings.Cut(column.ReplaceAllString(s, ""), "\n at [Source")
	return s
}

// TestRecordingsAreWhole sees to it that the replay compares something.
func TestRecordingsAreWhole(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"elasticsearch-9.5.3.json": 181, "connectors-9.5.3.json.gz": 421} {
		if n := len(loadRecording(t, name).Cases); n < want {
			t.Errorf("the recording %s has %d cases, want %d", name, n, want)
		}
	}
}

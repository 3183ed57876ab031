package reference

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// record has TestRecorded ask a real node that has no data of its own, and
// rewrite the answers; -run chooses its version:
//
//	go test ./internal/reference -run TestRecorded/9.5.3 -record http://127.0.0.1:9200
var record = flag.String("record", "", "`URL` of a real node whose answers are to be recorded")

// recordedVersions are those whose answers are in testdata/recorded: in the
// folder "all" what they answer alike, in one of their own what they do not.
var recordedVersions = []string{"9.5.3", "8.19.21"}

// asked is a request and how a real node answered it. In a file it reads
//
//	PUT /index/_doc/1
//	> Accept: application/cbor
//	| {"status":"pending"}
//	< 201 {"result":"created"}
//	<: content-type: application/json
//
// A body behind "|64" or "<64" is in base64.
type asked struct {
	comments     []string
	method, path string
	header       [][2]string
	body         []byte
	encoded      bool // the body is in base64
	status       int
	answer       []byte
	binary       bool // the answer is
	answerHeader map[string]string
}

// noted are the headers of answers that are written down.
var noted = []string{"Content-Type", "X-Opaque-Id", "Content-Encoding", "Location", "Allow"}

// TestRecorded compares answers with those of real nodes. Each file is a story
// of its own on a server without documents.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for _, version := range recordedVersions {
		var files []string
		for _, folder := range []string{"all", version} {
			in, err := filepath.Glob(filepath.Join("testdata/recorded", folder, "*.rec"))
			if err != nil || len(in) == 0 {
				t.Fatalf("%d recordings of %s, %v", len(in), folder, err)
			}
			files = append(files, in...)
		}
		for _, file := range files {
			t.Run(version+"/"+strings.TrimSuffix(filepath.Base(file), ".rec"), func(t *testing.T) {
				list := readAsked(t, file)
				if *record == "" {
					t.Parallel()
				} else {
					newRealNode(t, *record, version).record(t, file, list)
				}
				compareRecorded(t, version, list)
			})
		}
	}
}

func compareRecorded(t *testing.T, version string, list []asked) {
	s, err := New(Options{Version: esversion.MustParse(version)})
	if err != nil {
		t.Fatal(err)
	}
	for _, index := range []string{ConnectorIndex, JobIndex} {
		if _, err := s.store.Create(index); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range list {
		if problems := a.differences(s); len(problems) > 0 {
			t.Errorf("%s %s %q\n  %s", a.method, a.path, a.body, strings.Join(problems, "\n  "))
		}
	}
}

// request makes the request to a server at base.
func (a asked) request(base string) *http.Request {
	r := httptest.NewRequest(a.method, base+"/", bytes.NewReader(a.body))
	r.RequestURI, r.URL.Opaque = a.path, a.path
	if len(a.body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range a.header {
		if h[0] == "Content-Type" {
			r.Header.Del(h[0])
		}
	}
	for _, h := range a.header {
		r.Header.Add(h[0], h[1])
	}
	return r
}

// differences lists how the server answers otherwise than recorded.
func (a asked) differences(s *Server) []string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, a.request("http://localhost"))
	r := &replay{bound: map[string]string{}, varies: []string{"took", "node", "index_uuid"}}
	if w.Code != a.status {
		r.problem("status %d, recorded %d", w.Code, a.status)
	}
	for _, name := range noted {
		if have := w.Header().Get(name); have != a.answerHeader[name] {
			r.problem("header %s is %q, recorded %q", name, have, a.answerHeader[name])
		}
	}
	switch have := w.Body.Bytes(); {
	case a.binary || len(a.answer) == 0 || a.answer[0] != '{':
		if !bytes.Equal(have, a.answer) {
			r.problem("body %q,\n    recorded %q", have, a.answer)
		}
	default:
		var want any
		dec := json.NewDecoder(bytes.NewReader(a.answer))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			r.problem("recorded %q: %v", a.answer, err)
		}
		r.compareBody(exchange{Response: struct {
			Status   int
			Headers  map[string]string
			Body     any
			BodyText *string `json:"body_text"`
		}{Body: want}}, have)
	}
	return r.problems
}

// realNode is an Elasticsearch that is asked.
type realNode struct {
	t    *testing.T
	base string
}

// newRealNode empties a node and gives it the indices of the connector API, as
// Elasticsearch's own templates would.
func newRealNode(t *testing.T, base, version string) realNode {
	n := realNode{t, base}
	var root struct{ Version struct{ Number string } }
	if err := json.Unmarshal(n.do(asked{method: "GET", path: "/"}), &root); err != nil || root.Version.Number != version {
		t.Fatalf("%s is Elasticsearch %q, want %s (%v)", base, root.Version.Number, version, err)
	}
	for name := range strings.FieldsSeq(string(n.do(asked{method: "GET", path: "/_cat/indices?h=index&expand_wildcards=all"}))) {
		n.do(asked{method: "DELETE", path: "/" + name})
	}
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, index := range []string{ConnectorIndex, JobIndex} {
		body := xcontent.NewObject("aliases", s.aliasesOf(index), "mappings", s.indexMapping(index),
			"settings", xcontent.NewObject("index", xcontent.NewObject("hidden", true, "number_of_shards", number(1), "auto_expand_replicas", "0-1")))
		n.do(asked{method: "PUT", path: "/" + index, body: xcontent.JSON(body)})
	}
	return n
}

// record rewrites a file by what the node answers.
func (n realNode) record(t *testing.T, file string, list []asked) {
	for i := range list {
		n.ask(&list[i])
	}
	writeAsked(t, file, list)
}

func (n realNode) send(a asked) (*http.Response, []byte) {
	n.t.Helper()
	r := a.request(n.base)
	r.URL.Host, r.URL.Scheme, r.RequestURI = strings.TrimPrefix(n.base, "http://"), "http", ""
	r.Host = r.URL.Host
	resp, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		n.t.Fatalf("%s %s: %v", a.method, a.path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatalf("%s %s: %v", a.method, a.path, err)
	}
	return resp, body
}

func (n realNode) do(a asked) []byte {
	_, body := n.send(a)
	return body
}

// changing finds what differs from one run to the next.
var changing = regexp.MustCompile(`("took":)\d+|("(?:node|index_uuid)":)"[A-Za-z0-9_-]{22}"|("_id":)"[A-Za-z0-9_-]{20}"`)

// ask takes down the node's answer.
func (n realNode) ask(a *asked) {
	resp, body := n.send(*a)
	a.status, a.answer, a.answerHeader = resp.StatusCode, body, map[string]string{}
	for _, name := range noted {
		if v := resp.Header.Get(name); v != "" {
			a.answerHeader[name] = v
		}
	}
	a.binary = len(body) > 0 && (body[0] != '{' || resp.Header.Get("Content-Encoding") != "")
	if !a.binary {
		a.answer = changing.ReplaceAllFunc(body, func(found []byte) []byte {
			name, _, _ := bytes.Cut(found, []byte(":"))
			if string(name) == `"took"` {
				return []byte(`"took":0`)
			}
			return append(name, `:"<id>"`...)
		})
	}
}

// readAsked reads a file.
func readAsked(t testing.TB, file string) []asked {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []asked
	var comments []string
	for n, line := range strings.Split(string(text), "\n") {
		kind, rest, _ := strings.Cut(line, " ")
		last := len(list) - 1
		switch {
		case line == "" || kind == "#":
			comments = append(comments, line)
		case kind == ">" || kind == "<:":
			name, value, _ := strings.Cut(rest, ": ")
			if kind == ">" {
				list[last].header = append(list[last].header, [2]string{name, value})
			} else {
				list[last].answerHeader[http.CanonicalHeaderKey(name)] = value
			}
		case kind == "|" || kind == "|64":
			list[last].body, list[last].encoded = decode(t, rest, kind == "|64"), kind == "|64"
		case kind == "<" || kind == "<64":
			status, body, _ := strings.Cut(rest, " ")
			if list[last].status, err = strconv.Atoi(status); err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
			list[last].answer, list[last].binary = decode(t, body, kind == "<64"), kind == "<64"
		default:
			list = append(list, asked{comments: comments, method: kind, path: rest, answerHeader: map[string]string{}})
			comments = nil
		}
	}
	return list
}

func decode(t testing.TB, text string, encoded bool) []byte {
	t.Helper()
	if !encoded {
		return []byte(text)
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// writeAsked is the reverse of readAsked.
func writeAsked(t *testing.T, file string, list []asked) {
	t.Helper()
	var b strings.Builder
	line := func(mark string, encoded bool, text string, body []byte) {
		if encoded {
			mark, body = mark+"64", []byte(base64.StdEncoding.EncodeToString(body))
		}
		fmt.Fprintln(&b, strings.TrimRight(mark+" "+text+string(body), " "))
	}
	for _, a := range list {
		for _, c := range a.comments {
			fmt.Fprintln(&b, c)
		}
		fmt.Fprintln(&b, a.method, a.path)
		for _, h := range a.header {
			fmt.Fprintln(&b, "> "+h[0]+": "+h[1])
		}
		if a.body != nil {
			line("|", a.encoded, "", a.body)
		}
		line("<", a.binary, strconv.Itoa(a.status)+" ", a.answer)
		for _, name := range noted {
			if v := a.answerHeader[name]; v != "" {
				fmt.Fprintln(&b, "<: "+strings.ToLower(name)+": "+v)
			}
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a test's own file
		t.Fatal(err)
	}
}

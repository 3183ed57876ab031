package fault

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// node is a server under test.
type node struct {
	t      testing.TB
	server *reference.Server
}

// newNode makes a server with repeatable ids and a clock that goes on by a
// second whenever somebody looks at it.
func newNode(t testing.TB, version, fault string) *node {
	t.Helper()
	o := reference.Options{Seed: 7}
	if version != "" {
		o.Version = esversion.MustParse(version)
	}
	var ticks atomic.Int64
	begin := time.Date(2026, 1, 1, 0, 0, 0, 123456000, time.UTC)
	o.Now = func() time.Time { return begin.Add(time.Duration(ticks.Add(1)) * time.Second) }
	if err := Into(&o, fault); err != nil {
		t.Fatal(err)
	}
	s, err := reference.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &node{t, s}
}

// send sends a request; headers are names and values by turns, the content
// type is that of JSON where there is a body and no other one.
func (n *node) send(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost/", strings.NewReader(body))
	r.RequestURI = path
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	n.server.ServeHTTP(w, r)
	return w
}

// connector creates a connector that is fit for sync jobs.
func (n *node) connector(id string) {
	n.t.Helper()
	if w := n.send(http.MethodPut, "/_connector/"+id, `{"index_name":"search-`+id+`","name":"n","service_type":"s"}`); w.Code >= 300 {
		n.t.Fatalf("create the connector %s: %d %s", id, w.Code, w.Body)
	}
}

// job creates a sync job and returns its id.
func (n *node) job(connector string) string {
	n.t.Helper()
	w := n.send(http.MethodPost, "/_connector/_sync_job", `{"id":"`+connector+`"}`)
	o, err := xcontent.ParseObject(w.Body.Bytes())
	if err != nil || w.Code != 201 {
		n.t.Fatalf("create a job of %s: %d %s", connector, w.Code, w.Body)
	}
	return o.String("id")
}

// source reads a job past the API.
func (n *node) source(id string) *xcontent.Object {
	n.t.Helper()
	d, found := n.server.Store().Get(reference.JobIndex, id)
	if !found {
		n.t.Fatalf("no job %s", id)
	}
	return d.Source
}

func jobURL(id, call string) string { return "/_connector/_sync_job/" + id + "/" + call }

// recording is what is used of a file of exchanges with a real node.
type recording struct {
	Cases []struct {
		Name      string
		Exchanges []struct {
			Request struct {
				Path    string
				Headers map[string]string
				Body    *string
			}
		}
	}
}

func loadRecording(t testing.TB, name string) (r recording) {
	t.Helper()
	raw, err := fixtures.FS.ReadFile("recordings/" + name)
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

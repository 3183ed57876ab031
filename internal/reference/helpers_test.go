package reference

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// node is a server under test.
type node struct {
	t      testing.TB
	server *Server
}

// newNode makes a server with repeatable ids and a clock that goes on by a
// second whenever somebody looks at it.
func newNode(t testing.TB, version string) *node {
	t.Helper()
	o := Options{Seed: 7}
	if version != "" {
		o.Version = esversion.MustParse(version)
	}
	var ticks atomic.Int64
	begin := time.Date(2026, 1, 1, 0, 0, 0, 123456000, time.UTC)
	o.Now = func() time.Time { return begin.Add(time.Duration(ticks.Add(1)) * time.Second) }
	s, err := New(o)
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

// put sends a PUT and insists on success.
func (n *node) put(path, body string) {
	n.t.Helper()
	if w := n.send(http.MethodPut, path, body); w.Code >= 300 {
		n.t.Fatalf("PUT %s: %d %s", path, w.Code, w.Body)
	}
}

// connector creates a connector that is fit for sync jobs.
func (n *node) connector(id string) {
	n.t.Helper()
	n.put("/_connector/"+id, `{"index_name":"search-`+id+`","name":"n","service_type":"s"}`)
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
	d, found := n.server.store.Get(JobIndex, id)
	if !found {
		n.t.Fatalf("no job %s", id)
	}
	return d.Source
}

func jobURL(id, call string) string { return "/_connector/_sync_job/" + id + "/" + call }

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func onConnectors(privileges ...string) []security.IndexPrivileges {
	return []security.IndexPrivileges{{Names: []string{".elastic-connectors*"}, Privileges: privileges}}
}

// sure are the members of a body of stats that has what it has to have, whole
// is a body with everything.
const (
	sure  = `"deleted_document_count":1011,"indexed_document_count":2022,"indexed_document_volume":70033`
	whole = `{` + sure + `,"total_document_count":500,"last_seen":"2023-01-02T10:00:00Z","metadata":{"k":1}}`
)

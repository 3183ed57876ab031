// Package reftest helps tests of the reference server and of whoever uses it:
// it replays what was recorded of a node with security on, and lists what is
// in a server.
package reftest

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/security"
)

// Exchange is one recorded exchange with a node that has security on.
type Exchange struct {
	Name    string
	Request struct {
		Method, Path, Auth string
		Headers            map[string]string
		Body               any
	}
	Response struct {
		Status  *int // nil where the connection failed
		Headers [][2]string
		Body    any
	}
}

// NotReproduced are the exchanges that are meant to differ, by name.
var NotReproduced = map[string]string{
	"untrusted CA (other CA trusted)":         "no answer: the handshake is for whoever serves, and tested there",
	"untrusted CA (system store)":             "no answer: likewise",
	"wrong host name":                         "no answer: likewise",
	"plain HTTP to the HTTPS port":            "no answer: likewise",
	"plain HTTP to the HTTPS port, raw bytes": "no answer: likewise",
	"order, nobody: bad percent escape":       "net/http refuses such a request line itself",
	"order, reader: bad percent escape":       "likewise",
	"order, writer: bad percent escape":       "likewise",
	"compatible-with=8 media type, reader":    "the order of the two headers changes from one start of a node to the next",
	"tls oauth2 token":                        "tokens need a licence that no target of the suite has to have",
}

// LoadSecured reads the recording.
func LoadSecured(t *testing.T) []Exchange {
	t.Helper()
	raw, err := fixtures.FS.ReadFile("recordings/security-9.5.3.json")
	if err != nil {
		t.Fatal(err)
	}
	var exchanges []Exchange
	if err := json.Unmarshal(raw, &exchanges); err != nil {
		t.Fatal(err)
	}
	return exchanges
}

// Replay repeats the recording. Each exchange has a sync job of its own.
type Replay struct {
	t      *testing.T
	Server *reference.Server
	Auth   map[string][]string // values of the Authorization header
}

const rootPassword = "replayed-root"

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// people are the users of the recording and their privileges.
var people = map[string]struct {
	name string
	role security.Role
}{
	"nobody":                  {"nobody", security.Role{}},
	"writer":                  {"writer", security.Role{Cluster: []string{"manage_connector"}}},
	"reader":                  {"reader", security.Role{Cluster: []string{"monitor_connector"}, Indices: onConnectors("read")}},
	"monitor_connector only":  {"r_mon_only", security.Role{Cluster: []string{"monitor_connector"}}},
	"writer+index read,write": {"writeridx", security.Role{Cluster: []string{"manage_connector"}, Indices: onConnectors("read", "write")}},
	"index read only":         {"idxread", security.Role{Indices: onConnectors("read")}},
	"index all only":          {"idxall", security.Role{Indices: onConnectors("all")}},
	"cluster monitor only":    {"cmon", security.Role{Cluster: []string{"monitor"}}},
	"cluster manage only":     {"cmanage", security.Role{Cluster: []string{"manage"}}},
}

func onConnectors(privileges ...string) []security.IndexPrivileges {
	return []security.IndexPrivileges{{Names: []string{".elastic-connectors*"}, Privileges: privileges}}
}

// NewReplay makes a server with the people of the recording.
func NewReplay(t *testing.T, o reference.Options) *Replay {
	o.Version, o.Password = esversion.MustParse("9.5.3"), rootPassword
	s, err := reference.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &Replay{t: t, Server: s, Auth: map[string][]string{
		"two Authorization headers (wrong, right)": {basic("writer", "no"), basic("writer", "right-one")},
		"two Authorization headers (right, wrong)": {basic("writer", "right-one"), basic("writer", "no")},
		"lower-case basic, right password":         {"b" + basic("writer", "right-one")[1:]},
		"unknown user":                             {basic("ghost", "no")},
		"empty password":                           {basic("writer", "")},
		"empty user":                               {basic("", "x")},
		"ApiKey garbage":                           {"ApiKey !!!"},
		"ApiKey unknown id":                        {"ApiKey " + base64.StdEncoding.EncodeToString([]byte("no-such-key:secret"))},
		"wrong password":                           {basic("reader", rootPassword)}, // that of another
		"stats wrong passwd":                       {basic("writer", "no")},
	}}
	for who, p := range people {
		roles := []string{}
		if p.name != "nobody" {
			role := "r_" + strings.TrimPrefix(p.name, "r_")
			s.Security().PutRole(role, p.role)
			roles = []string{role}
		}
		s.Security().PutUser(p.name, "right-one", roles)
		r.Auth[who] = []string{basic(p.name, "right-one")}
	}
	s.Security().PutUser("admin", "right-one", []string{security.SuperuserRole})
	r.Auth["admin"] = []string{basic("admin", "right-one")}
	s.Security().PutUser("noroleuser", "right-one", []string{"r_unknown"})
	r.Auth["user with an undefined role"] = []string{basic("noroleuser", "right-one")}
	r.makeKeys()
	r.do("PUT", "/_connector/c1", `{"index_name":"search-x","service_type":"github"}`)
	return r
}

// makeKeys creates the API keys of the recording, all of them the admin's.
func (r *Replay) makeKeys() {
	admin, err := r.Server.Security().Authenticate(http.Header{"Authorization": r.Auth["admin"]}, "/", false)
	if err != nil {
		r.t.Fatal(err)
	}
	reads := func(name string) []security.Role {
		return []security.Role{{Indices: []security.IndexPrivileges{{Names: []string{name}, Privileges: []string{"read"}}}}}
	}
	cluster := func(p ...string) []security.Role { return []security.Role{{Cluster: p}} }
	add := func(who, name string, roles []security.Role, lifetime time.Duration) string {
		k, secret := r.Server.Security().CreateKey(admin, name, roles, lifetime)
		r.Auth[who] = []string{"ApiKey " + base64.StdEncoding.EncodeToString([]byte(k.ID+":"+secret))}
		return k.ID
	}
	id := add("API key manage_connector", "k-manage", cluster("manage_connector"), 0)
	r.Auth["ApiKey right id, wrong secret"] = []string{"ApiKey " + base64.StdEncoding.EncodeToString([]byte(id+":no"))}
	add("API key monitor_connector", "k-monitor", cluster("monitor_connector"), 0)
	add("API key no privileges", "k-none", cluster(), 0)
	add("API key of admin, no role_descriptors", "k-owner", nil, 0)
	add("ApiKey read on alias name only", "k-alias", reads(reference.JobAlias), 0)
	add("ApiKey read on index name only", "k-index", reads(reference.JobIndex), 0)
	add("ApiKey read on * without allow_restricted", "k-star", reads("*"), 0)
	add("expired API key", "k-expired", cluster("manage_connector"), time.Nanosecond)
	r.Server.Security().InvalidateKeys([]string{add("invalidated API key", "k-invalidated", cluster("manage_connector"), 0)})
}

// do sends a request of the superuser that has to succeed.
func (r *Replay) do(method, path, body string) map[string]any {
	r.t.Helper()
	w := r.send(method, path, []byte(body), http.Header{"Authorization": {basic(security.Superuser, rootPassword)}}, false)
	var doc map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code/100 != 2 {
		r.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return doc
}

func (r *Replay) send(method, path string, body []byte, header http.Header, encrypted bool) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(r.t.Context(), method, "http://localhost/", bytes.NewReader(body))
	req.RequestURI = path
	req.Header = header
	if len(body) > 0 && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	if encrypted {
		req.TLS = &tls.ConnectionState{}
	}
	w := httptest.NewRecorder()
	r.Server.ServeHTTP(w, req)
	return w
}

// Prepare brings about what was there when an exchange was recorded, and
// returns the sync job that it is about.
func (r *Replay) Prepare(e Exchange) (job string) {
	job, _ = r.do("POST", "/_connector/_sync_job", `{"id":"c1"}`)["id"].(string)
	_, what, _ := strings.Cut(e.Name, ": ")
	switch {
	case what == "error":
		r.do("PUT", "/_connector/_sync_job/"+job+"/_claim", `{"worker_hostname":"w"}`)
	case e.Name == "order, writer: ?pretty": // which came second
		r.do("PUT", "/_connector/_sync_job/"+job+"/_stats", text(e.Request.Body))
	case strings.HasPrefix(e.Request.Path, "/_connector/del-"):
		r.do("PUT", e.Request.Path, `{}`)
	}
	return job
}

func text(body any) string {
	switch body := body.(type) {
	case nil:
		return ""
	case string:
		return body
	}
	raw, _ := json.Marshal(body) // came out of JSON
	return string(raw)
}

// Repeat sends a recorded request; nil where nobody knows whose it is.
func (r *Replay) Repeat(e Exchange, job string) *httptest.ResponseRecorder {
	header := http.Header{}
	for name, value := range e.Request.Headers {
		header.Set(name, value)
	}
	if header.Get("Authorization") == "<credentials>" {
		who := e.Request.Auth
		if who == "wrong password" && strings.Contains(e.Name, "stats: ") {
			who = "stats wrong passwd"
		}
		header["Authorization"] = r.Auth[who]
		if r.Auth[who] == nil {
			return nil
		}
	}
	path := strings.ReplaceAll(e.Request.Path, "<job>", job)
	return r.send(e.Request.Method, path, []byte(text(e.Request.Body)), header, strings.HasPrefix(e.Name, "tls "))
}

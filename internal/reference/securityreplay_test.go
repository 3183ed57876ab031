package reference

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/security"
)

// secured is one recorded exchange with a node that has security on.
type secured struct {
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

// notSecured are the exchanges that are meant to differ, by name.
var notSecured = map[string]string{
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

// loadSecured reads the recording.
func loadSecured(t *testing.T) []secured {
	t.Helper()
	raw, err := fixtures.FS.ReadFile("recordings/security-9.5.3.json")
	if err != nil {
		t.Fatal(err)
	}
	var exchanges []secured
	if err := json.Unmarshal(raw, &exchanges); err != nil {
		t.Fatal(err)
	}
	return exchanges
}

func TestReplaySecurity(t *testing.T) {
	t.Parallel()
	exchanges := loadSecured(t)
	r := newSecuredReplay(t, Options{})
	excused := 0
	for i, e := range exchanges {
		if notSecured[e.Name] != "" {
			excused++
			continue
		}
		if problems := r.exchange(e); len(problems) > 0 {
			t.Errorf("exchange %d, %s, %s %s:\n  %s", i, e.Name, e.Request.Method, e.Request.Path, strings.Join(problems, "\n  "))
		}
	}
	if len(exchanges) != 414 || excused*100 > 3*len(exchanges) {
		t.Errorf("%d of %d exchanges are not compared, at most 3 in 100 of 414 may be", excused, len(exchanges))
	}
	t.Logf("%d exchanges, %d not compared", len(exchanges), excused)
}

// securedReplay repeats the recording. Each exchange has a sync job of its own.
type securedReplay struct {
	t      *testing.T
	server *Server
	auth   map[string][]string // values of the Authorization header
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

func newSecuredReplay(t *testing.T, o Options) *securedReplay {
	o.Version, o.Password = esversion.MustParse("9.5.3"), rootPassword
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &securedReplay{t: t, server: s, auth: map[string][]string{
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
			s.security.PutRole(role, p.role)
			roles = []string{role}
		}
		s.security.PutUser(p.name, "right-one", roles)
		r.auth[who] = []string{basic(p.name, "right-one")}
	}
	s.security.PutUser("admin", "right-one", []string{security.SuperuserRole})
	r.auth["admin"] = []string{basic("admin", "right-one")}
	s.security.PutUser("noroleuser", "right-one", []string{"r_unknown"})
	r.auth["user with an undefined role"] = []string{basic("noroleuser", "right-one")}
	r.makeKeys()
	r.do("PUT", "/_connector/c1", `{"index_name":"search-x","service_type":"github"}`)
	return r
}

// makeKeys creates the API keys of the recording, all of them the admin's.
func (r *securedReplay) makeKeys() {
	admin, err := r.server.security.Authenticate(http.Header{"Authorization": r.auth["admin"]}, "/", false)
	if err != nil {
		r.t.Fatal(err)
	}
	reads := func(name string) []security.Role {
		return []security.Role{{Indices: []security.IndexPrivileges{{Names: []string{name}, Privileges: []string{"read"}}}}}
	}
	cluster := func(p ...string) []security.Role { return []security.Role{{Cluster: p}} }
	add := func(who, name string, roles []security.Role, lifetime time.Duration) string {
		k, secret := r.server.security.CreateKey(admin, name, roles, lifetime)
		r.auth[who] = []string{"ApiKey " + base64.StdEncoding.EncodeToString([]byte(k.ID+":"+secret))}
		return k.ID
	}
	id := add("API key manage_connector", "k-manage", cluster("manage_connector"), 0)
	r.auth["ApiKey right id, wrong secret"] = []string{"ApiKey " + base64.StdEncoding.EncodeToString([]byte(id+":no"))}
	add("API key monitor_connector", "k-monitor", cluster("monitor_connector"), 0)
	add("API key no privileges", "k-none", cluster(), 0)
	add("API key of admin, no role_descriptors", "k-owner", nil, 0)
	add("ApiKey read on alias name only", "k-alias", reads(jobAlias), 0)
	add("ApiKey read on index name only", "k-index", reads(jobIndex), 0)
	add("ApiKey read on * without allow_restricted", "k-star", reads("*"), 0)
	add("expired API key", "k-expired", cluster("manage_connector"), time.Nanosecond)
	r.server.security.InvalidateKeys([]string{add("invalidated API key", "k-invalidated", cluster("manage_connector"), 0)})
}

// do sends a request of the superuser that has to succeed.
func (r *securedReplay) do(method, path, body string) map[string]any {
	r.t.Helper()
	w := r.send(method, path, []byte(body), http.Header{"Authorization": {basic(security.Superuser, rootPassword)}}, false)
	var doc map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code/100 != 2 {
		r.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return doc
}

func (r *securedReplay) send(method, path string, body []byte, header http.Header, encrypted bool) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "http://localhost/", bytes.NewReader(body))
	req.RequestURI = path
	req.Header = header
	if len(body) > 0 && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	if encrypted {
		req.TLS = &tls.ConnectionState{}
	}
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, req)
	return w
}

// prepare brings about what was there when an exchange was recorded, and
// returns the sync job that it is about.
func (r *securedReplay) prepare(e secured) (job string) {
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

func (r *securedReplay) exchange(e secured) (problems []string) {
	job := r.prepare(e)
	w := r.repeat(e, job)
	if w == nil {
		return []string{"nobody is called " + e.Request.Auth}
	}
	if w.Code != *e.Response.Status {
		problems = append(problems, fmt.Sprintf("status %d, recorded %d: %s", w.Code, *e.Response.Status, w.Body))
	}
	for _, name := range []string{"www-authenticate", "x-elastic-product", "allow", "content-type"} {
		var want []string
		for _, h := range e.Response.Headers {
			if h[0] == name {
				want = append(want, h[1])
			}
		}
		if got := w.Header().Values(name); !slices.Equal(got, want) {
			problems = append(problems, fmt.Sprintf("header %s is %q, recorded %q", name, got, want))
		}
	}
	return append(problems, r.compareBody(e, w, job)...)
}

// repeat sends a recorded request; nil where nobody knows whose it is.
func (r *securedReplay) repeat(e secured, job string) *httptest.ResponseRecorder {
	header := http.Header{}
	for name, value := range e.Request.Headers {
		header.Set(name, value)
	}
	if header.Get("Authorization") == "<credentials>" {
		who := e.Request.Auth
		if who == "wrong password" && strings.Contains(e.Name, "stats: ") {
			who = "stats wrong passwd"
		}
		header["Authorization"] = r.auth[who]
		if r.auth[who] == nil {
			return nil
		}
	}
	path := strings.ReplaceAll(e.Request.Path, "<job>", job)
	return r.send(e.Request.Method, path, []byte(text(e.Request.Body)), header, strings.HasPrefix(e.Name, "tls "))
}

// compareBody compares errors and who somebody is. What the API hands out is
// compared with other recordings.
func (r *securedReplay) compareBody(e secured, w *httptest.ResponseRecorder, job string) (problems []string) {
	identity := strings.Contains(e.Request.Path, "/_security/")
	if e.Response.Body == nil || (w.Code < 400 && !identity) {
		return nil
	}
	var got any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		return []string{fmt.Sprintf("body %q: %v", w.Body, err)}
	}
	want := endsOf("", e.Response.Body, map[string]string{})
	have := endsOf("", got, map[string]string{})
	for at, w := range want {
		if h, ok := have[at]; !ok || !like(w, h, job) {
			problems = append(problems, fmt.Sprintf("%s is %q, recorded %q", at, h, w))
		}
	}
	for at, h := range have {
		if _, ok := want[at]; !ok {
			problems = append(problems, fmt.Sprintf("%s is %q, recorded nothing", at, h))
		}
	}
	return problems
}

// unlike are members that need not be alike: traces of a stack, and the realm
// of users, who came from a file and not from the API.
var unlike = []string{"stack_trace", "authentication_realm", "lookup_realm"}

// endsOf lists the leaves of a document by their pointers.
func endsOf(at string, v any, out map[string]string) map[string]string {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if !slices.Contains(unlike, k) {
				endsOf(at+"/"+k, inner, out)
			}
		}
	case []any:
		for i, inner := range v {
			endsOf(fmt.Sprintf("%s/%d", at, i), inner, out)
		}
	default:
		out[at] = fmt.Sprint(v)
	}
	if rv := reflect.ValueOf(v); rv.IsValid() && rv.Kind() != reflect.String && rv.Kind() != reflect.Float64 && rv.Kind() != reflect.Bool && rv.Len() == 0 {
		out[at] = "empty"
	}
	return out
}

var (
	idPlaceholder = regexp.MustCompile(`<(?:key|id)>`)
	// position in a body: the recording does not have the bodies' blanks.
	position = regexp.MustCompile(`^\[\d+:\d+\] `)
)

func like(recorded, got, job string) bool {
	recorded, got = position.ReplaceAllString(recorded, ""), position.ReplaceAllString(got, "")
	pattern := regexp.QuoteMeta(strings.ReplaceAll(recorded, "<job>", job))
	ok, _ := regexp.MatchString("^"+idPlaceholder.ReplaceAllLiteralString(pattern, `[\w-]+`)+"$", got)
	return ok
}

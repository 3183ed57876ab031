package reference

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/security"
)

// A route that is in no table would be granted by "all" alone.
func TestEveryRouteHasAnAction(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Password: "secret-enough"})
	if err != nil {
		t.Fatal(err)
	}
	for _, rt := range s.router.routes {
		_, cluster := clusterActions[rt.op]
		_, index := indexActions[rt.op]
		_, api := apiActions[rt.op]
		if !cluster && !index && !api {
			t.Errorf("%s %s: the op %q is in no table of actions", rt.method, rt.path, rt.op)
		}
	}
}

// asUser sends a request and returns the status and the body.
func asUser(s *Server, user, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth(user, "secret-enough")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestPrivilegesBefore9(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Version: esversion.MustParse("8.15.0"), Password: "secret-enough"})
	if err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]security.Role{
		"reads":  {Indices: onConnectors("read")},
		"writes": {Indices: onConnectors("read", "write")},
	} {
		s.security.PutRole(name, role)
		s.security.PutUser(name, "secret-enough", []string{name})
	}
	for _, tt := range []struct {
		user, method, path, body string
		status                   int
		text                     string
	}{
		{"writes", "PUT", "/_connector/c", `{"index_name":"i","service_type":"s"}`, 201, ""},
		{"writes", "POST", "/_connector/_sync_job", `{"id":"c"}`, 201, ""},
		{"reads", "GET", "/_connector/c", "", 200, ""},
		{"reads", "POST", "/_connector/_sync_job", `{"id":"c"}`, 403, "on indices [.elastic-connectors-sync-jobs], this action is granted by the index privileges [write,all]"},
		{"elastic", "PUT", "/_security/role/x", `{"cluster":["manage_connector"]}`, 400, "unknown cluster privilege [manage_connector]"},
		{"elastic", "PUT", "/_security/user/x", `{"password":"short"}`, 400, "at least [6] characters"},
	} {
		if status, text := asUser(s, tt.user, tt.method, tt.path, tt.body); status != tt.status || !strings.Contains(text, tt.text) {
			t.Errorf("%s: %s %s: %d %s, want %d %s", tt.user, tt.method, tt.path, status, text, tt.status, tt.text)
		}
	}
}

// Users, roles and keys outlive a restart as documents do.
func TestSaveKeepsUsers(t *testing.T) {
	t.Parallel()
	servers := [2]*Server{}
	for i := range servers {
		var err error
		if servers[i], err = New(Options{Password: "secret-enough"}); err != nil {
			t.Fatal(err)
		}
	}
	asUser(servers[0], "elastic", "PUT", "/_security/role/reads", `{"cluster":["monitor_connector"]}`)
	asUser(servers[0], "elastic", "PUT", "/_security/user/reader", `{"password":"secret-enough","roles":["reads"]}`)
	asUser(servers[0], "elastic", "PUT", "/_connector/c", "")
	var disk bytes.Buffer
	if err := servers[0].Save(&disk); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(disk.String(), "secret-enough") {
		t.Error("a password is saved as it is")
	}
	if err := servers[1].Load(&disk); err != nil {
		t.Fatal(err)
	}
	if status, text := asUser(servers[1], "reader", "GET", "/_connector/c", ""); status != 200 {
		t.Errorf("the reader is answered %d %s", status, text)
	}
}

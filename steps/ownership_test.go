package steps_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

const elsewherePassword = "of-the-server"

// manglings are what can become of an answer on its way. The server has acted
// by then.
var manglings = map[string]func(w http.ResponseWriter, r *http.Request, status int, body []byte){
	"dropped": func(http.ResponseWriter, *http.Request, int, []byte) { panic(http.ErrAbortHandler) },
	"late": func(_ http.ResponseWriter, r *http.Request, _ int, _ []byte) {
		select {
		case <-r.Context().Done():
		case <-time.After(3 * manglingLimits.Request):
		}
		panic(http.ErrAbortHandler)
	},
	"renamed": func(w http.ResponseWriter, _ *http.Request, status int, body []byte) {
		doc, _ := jsonval.Decode(body)
		answerWith(w, status, jsonval.Encode(renamed(doc)))
	},
	"299":     func(w http.ResponseWriter, _ *http.Request, _ int, body []byte) { answerWith(w, 299, body) },
	"500":     func(w http.ResponseWriter, _ *http.Request, _ int, _ []byte) { answerWith(w, 500, []byte(`{}`)) },
	"403":     func(w http.ResponseWriter, _ *http.Request, _ int, body []byte) { answerWith(w, 403, body) },
	"nothing": func(w http.ResponseWriter, _ *http.Request, status int, _ []byte) { answerWith(w, status, nil) },
	"HTML":    func(w http.ResponseWriter, _ *http.Request, _ int, _ []byte) { answerWith(w, 200, []byte("<html>")) },
}

func answerWith(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// renamed gives every member of a document another name.
func renamed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			out["x_"+name] = renamed(value)
		}
		return out
	case []any:
		for i := range v {
			v[i] = renamed(v[i])
		}
	}
	return v
}

var manglingLimits = limits.Limits{Request: 400 * time.Millisecond, Scenario: 10 * time.Second, Cleanup: 10 * time.Second, Sweep: 20 * time.Second}

// routes are the requests whose answers are mangled.
var routes = []string{
	"PUT /_security/role/", "PUT /_security/user/", "POST /_security/api_key",
	"DELETE /_security/role/", "DELETE /_security/user/", "DELETE /_security/api_key",
	"GET /_security/role/", "GET /_security/user/", "GET /_security/api_key",
	"PUT /_connector/esconform", "DELETE /_connector/esconform", "GET /_connector/esconform",
	"POST /_connector/_sync_job", "DELETE /_connector/_sync_job", "GET /_connector/_sync_job",
	"GET /.elastic-connectors/_doc",
}

// Whatever becomes of any one answer, nothing of the run stays in the target
// that the run does not name: above all no API key that is good for anything.
func TestNothingIsLeftWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	nths := []int64{1, 3}
	if testing.Short() {
		nths = nths[:1]
	}
	s := loadSuite(t)
	for _, route := range routes {
		for _, how := range slices.Sorted(maps.Keys(manglings)) {
			for _, nth := range nths {
				t.Run(fmt.Sprintf("%s %s %d", route, how, nth), func(t *testing.T) {
					t.Parallel()
					server, run := runMangled(t, s, route, how, nth)
					left := leftInServer(t, server)
					for _, l := range run.Resources.Leftovers {
						left = slices.DeleteFunc(left, func(name string) bool { return name == l.Kind+" "+l.ID })
					}
					if len(left) > 0 {
						t.Errorf("left in the server without a word: %q; the run says %+v", left, run.Resources)
					}
				})
			}
		}
	}
}

// runMangled runs a few scenarios against a server behind a proxy that mangles
// the nth answer to a route. The first of a connector or a sync job belongs to
// the preflight, after which the run ends.
func runMangled(t *testing.T, s *suite.Suite, route, how string, nth int64) (*reference.Server, *result.Run) {
	t.Helper()
	server, err := reference.New(reference.Options{Password: elsewherePassword})
	if err != nil {
		t.Fatal(err)
	}
	var met atomic.Int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Method+" "+r.URL.Path, route) || met.Add(1) != nth {
			server.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r)
		manglings[how](w, r, answer.Code, answer.Body.Bytes())
	}))
	t.Cleanup(web.Close)
	tgt, err := target.URL(t.Context(), wire.Config{
		URL: web.URL, Auth: wire.Auth{Username: "elastic", Password: elsewherePassword}, Limits: manglingLimits,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(t.Context())
	run, err := suite.Perform(t.Context(), suite.Plan{
		Suite: s, Target: tgt, Limits: manglingLimits, Seed: 1,
		Selection: suite.Selection{IDs: []string{"security.key.owner", "security.key.expired", "security.key.invalidated", "security.identity.undefined-role", "security.run-as.as-other"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if met.Load() < nth && nth == 1 && route != "GET /.elastic-connectors/_doc" {
		t.Fatalf("no answer to %s was mangled", route)
	}
	return server, run
}

// leftInServer lists what is in a server that is of use to anybody, by the
// kinds and names of reports.
func leftInServer(t *testing.T, server *reference.Server) []string {
	t.Helper()
	found, err := reftest.RemainsIn(server)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Endless) > 0 {
		t.Errorf("the API keys %q never expire", found.Endless)
	}
	var left []string
	for kind, names := range map[string][]string{
		"connector": slices.Collect(maps.Keys(found.Connectors)), "sync_job": slices.Collect(maps.Keys(found.Jobs)),
		"user": found.Users, "role": found.Roles, "api_key": found.Keys,
	} {
		for _, name := range names {
			left = append(left, kind+" "+name)
		}
	}
	return left
}

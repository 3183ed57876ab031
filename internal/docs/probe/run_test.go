package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// patient are limits that hold on a machine that is much slower.
var patient = limits.Limits{Request: 1 << 37, Cleanup: 1 << 38}

// site is a server that probes are sent to, and what it was sent.
type site struct {
	server *reference.Server
	client *wire.Client

	mu   sync.Mutex
	sent []string // method and path
}

// newSite serves the reference of a version, the newest for "". before may
// answer in its place.
func newSite(t *testing.T, version string, before func(http.ResponseWriter, *http.Request) bool) *site {
	t.Helper()
	opt := reference.Options{}
	if version != "" {
		opt.Version = esversion.MustParse(version)
	}
	srv, err := reference.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{server: srv}
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.sent = append(s.sent, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		if before == nil || !before(w, r) {
			srv.ServeHTTP(w, r)
		}
	}))
	s.client, err = wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.client.Close()
		hs.Close()
	})
	return s
}

// page reads a page given as the method and path of its route and what follows.
func page(t *testing.T, route, rest string) *claim.Model {
	t.Helper()
	pages, err := asciidoc.Read("page.asciidoc", []byte("[[page]]\n=== Page\n\n==== {api-request-title}\n`"+route+"`\n\n"+rest))
	if err != nil {
		t.Fatal(err)
	}
	return claim.FromPage(pages[0])
}

// probe runs the probes of a page, and sees that nothing is left of them.
func (s *site) probe(t *testing.T, m *claim.Model, hints ...*claim.Model) *Facts {
	t.Helper()
	facts, err := s.try(m, hints...)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.server.Documents(); n != 0 {
		t.Errorf("%d documents are left in the server", n)
	}
	return facts
}

func (s *site) try(m *claim.Model, hints ...*claim.Model) (*Facts, error) {
	registry := resource.NewRegistry("probe")
	scope := registry.Scope(s.client.Session())
	facts, err := Run(context.Background(), registry, scope, m, hints)
	_ = scope.Cleanup(context.Background())
	return facts, err
}

const statsRoute = "PUT _connector/_sync_job/<connector_sync_job_id>/_stats"

const statsBody = "==== {api-request-body-title}\n" +
	"`deleted_document_count`::\n(Required, int) X.\n\n" +
	"`indexed_document_count`::\n(Required, int) X.\n\n" +
	"`indexed_document_volume`::\n(Required, int) X.\n\n" +
	"`last_seen`::\n(Optional, instant) X.\n\n" +
	"`metadata`::\n(Optional, object) X.\n\n"

// sum shows a call as its status, "-" for none.
func sum(c *Call) string {
	if c == nil {
		return "-"
	}
	return fmt.Sprint(c.Status)
}

func TestBodyFields(t *testing.T) {
	t.Parallel()
	rf := newSite(t, "", nil).probe(t, page(t, statsRoute, statsBody)).Main()
	if rf == nil {
		t.Fatal("no route works")
	}
	for name, want := range map[string]string{
		"deleted_document_count": "omitted 400, word 400, integer 200, digits 200, decimal 200, boolean 400, instant 400",
		"last_seen":              "omitted 200, word 400, integer 400, digits 200, decimal 400, boolean 400, instant 200",
		"metadata":               "omitted 200, word 400, integer 400, digits 400, decimal 400, boolean 400, instant 400",
	} {
		f := rf.Field(claim.InBody, name)
		if f == nil || f.Sent == nil {
			t.Errorf("%s was not sent", name)
			continue
		}
		got := "omitted " + sum(f.Omitted)
		for _, s := range []string{SampleWord, SampleInteger, SampleDigits, SampleDecimal, SampleBoolean, SampleInstant} {
			got += fmt.Sprintf(", %s %s", s, sum(f.Trial(s).Call))
		}
		if got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	if rf.Needed["deleted_document_count"] != nil {
		t.Error("a field was found to be required that was sent from the start")
	}
	count := rf.Field(claim.InBody, "deleted_document_count")
	if got := count.Trial(SampleDecimal).Stored; fmt.Sprint(got) != "7" {
		t.Errorf("7.5 is stored as %v", got)
	}
	var widths []string
	for _, w := range count.Widths {
		widths = append(widths, w.Sample+" "+sum(w.Call))
	}
	if got := strings.Join(widths[4:6], ", "); got != "2147483647 200, 2147483648 400" {
		t.Errorf("widths %s", got)
	}
	if rf.Field(claim.InBody, "metadata").Merge == nil || rf.Field(claim.InBody, "last_seen").Merge != nil {
		t.Error("metadata is merged, and last_seen is not an object")
	}
	if f := rf.Field(claim.InBody, "last_seen"); f.Left == nil || f.Left == f.LeftBefore {
		t.Errorf("without last_seen it is %v, before %v", f.Left, f.LeftBefore)
	}
	var extra []string
	for _, f := range rf.Extra {
		extra = append(extra, f.Name)
	}
	if got := strings.Join(extra, ", "); got != "total_document_count" {
		t.Errorf("accepted though nobody documents it: %s", got)
	}
	if got := rf.Field(claim.InBody, "deleted_document_count"); got.Refused != nil {
		t.Error("a known field is refused")
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	rf := newSite(t, "", nil).probe(t, page(t, statsRoute, statsBody)).Main()
	for what, c := range map[string]struct {
		call *Call
		want string
	}{
		"an id that does not exist": {rf.Unknown, "404"},
		"no body":                   {rf.NoBody, "400"},
		"no id":                     {rf.NoParam, "400"},
		"pending":                   {rf.ByState["pending"], "200"},
		"error":                     {rf.ByState["error"], "200"},
		"canceling":                 {rf.ByState["canceling"], "200"},
		"no such parameter":         {rf.Uncommon[400], "400"},
	} {
		if got := sum(c.call); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	for status := range rf.Codes {
		if status != 200 && status != 400 && status != 404 {
			t.Errorf("a code %d", status)
		}
	}
}

// The page may be wrong in any way: the request is mended by what the server
// says, and what was mended is known.
func TestMend(t *testing.T) {
	t.Parallel()
	m := page(t, statsRoute, "==== {api-request-body-title}\n`deleted`::\n(Required, int) X.\n\n`last_seen`::\n(Optional, boolean) X.\n\n"+
		"==== {api-examples-title}\n[source,console]\n----\nPUT _connector/_sync_job/x/_stats\n{\"deleted\": 1, \"last_seen\": \"yesterday\"}\n----\n")
	rf := newSite(t, "", nil).probe(t, m).Main()
	if rf == nil {
		t.Fatal("the request was not mended")
	}
	if f := rf.Field(claim.InBody, "deleted"); f == nil || f.Refused == nil {
		t.Error("a field that the server does not know is not known to be one")
	}
	for _, name := range []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume"} {
		if rf.Needed[name] == nil {
			t.Errorf("%s is not known to be needed", name)
		}
	}
	if f := rf.Field(claim.InBody, "last_seen"); f == nil || f.Sent == nil || f.Value == "yesterday" {
		t.Error("no value was found that last_seen takes")
	}
}

func TestRoutesThatAreNot(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	example := "==== {api-examples-title}\n[source,console]\n----\nPUT _connector/_sync_job/x/_check_in\n----\n"
	facts := s.probe(t, page(t, "PUT _connector/_sync_job/<id>/_check", example))
	if facts.Routes[0].NoRoute == nil || facts.Routes[0].OK != nil {
		t.Error("a route that is none works")
	}
	if facts.Guessed == nil || facts.Main() != facts.Guessed || facts.Guessed.Route.Path != "/_connector/_sync_job/{sync_job_id}/_check_in" {
		t.Errorf("the route of the example was not found: %+v", facts.Guessed)
	}
	if got := len(facts.Working()); got != 1 {
		t.Errorf("%d routes work", got)
	}

	facts = s.probe(t, page(t, "PUT _connector/_sync_job/<id>/_check", ""))
	if facts.Main() != nil || len(facts.Working()) != 0 {
		t.Error("a route works though none is right")
	}
}

// What cannot be set up is not asked about, and nothing is sent.
func TestForeign(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	facts := s.probe(t, page(t, "DELETE my-index", "==== {api-examples-title}\n[source,console]\n----\nDELETE _all\nPOST _reindex\nDELETE _connector/_sync_job\nPUT _connector/_secret/x\n----\n"))
	if facts.Routes[0].NotRun == "" || facts.Examples[0].NotRun == "" {
		t.Errorf("route %q, example %q", facts.Routes[0].NotRun, facts.Examples[0].NotRun)
	}
	if len(s.sent) > 0 {
		t.Errorf("sent %v", s.sent)
	}
}

// Whatever a page calls an index, it is one of the run's own that is meant.
func TestNamesOfThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	m := page(t, "DELETE /<index>", "==== {api-examples-title}\n[source,console]\n----\nDELETE my-index\nPUT my-index/_doc/mine\n{\"a\": 1}\nDELETE *\nDELETE one,two\n----\n")
	facts := s.probe(t, m)
	if ef := facts.Examples[0]; ef.NotRun != "" || len(ef.Calls) != 4 {
		t.Errorf("not run: %q", ef.NotRun)
	}
	if len(s.sent) == 0 {
		t.Error("nothing was sent")
	}
	for _, request := range s.sent {
		if !strings.Contains(request, "/esconform-probe-") && request != "DELETE /" {
			t.Errorf("sent %s", request)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 502, 503, 504} {
		s := newSite(t, "", func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/_stats") {
				w.WriteHeader(status)
			}
			return strings.HasSuffix(r.URL.Path, "/_stats")
		})
		facts, err := s.try(page(t, statsRoute, statsBody))
		var env *EnvironmentError
		if !errors.As(err, &env) || facts == nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	s := newSite(t, "", func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusInternalServerError)
		return true
	})
	_, err := s.try(page(t, statsRoute, statsBody))
	var setup *resource.SetupError
	if !errors.As(err, &setup) {
		t.Errorf("where nothing can be created: %v", err)
	}
}

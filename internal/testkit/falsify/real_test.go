package falsify_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/falsify"
	"github.com/esconform/esconform/internal/testkit/realnode"
	"github.com/esconform/esconform/internal/wire"
)

// atLeast is how many of the real answers are falsified.
const atLeast = 60

// everyReal picks the changes that are tried of those to a real server's answers.
var everyReal = flag.Uint("every-real", 5, "try about each nth change to the answers of a real server")

// notAsserted are changes that the features of index templates are right not
// to notice, with why.
var notAsserted = []struct {
	why string
	is  func(falsify.Change) bool
}{
	{"the answer of GET / names the target, and other probes see what it has", func(c falsify.Change) bool {
		return c.Route == "GET /" || strings.HasPrefix(c.Route, "OPTIONS ")
	}},
	{"indices and documents are the suite's eyes, not what it tests", func(c falsify.Change) bool {
		return !strings.Contains(c.Route, "_template") && (!strings.HasPrefix(c.Route, "GET ") || strings.Contains(c.Pointer, "/settings") || c.Kind == "header" || c.Kind == "added")
	}},
	{"a read of an index that is not there only shows that nothing is left", func(c falsify.Change) bool {
		return c.Status >= 400 && strings.HasPrefix(c.Route, "GET /*")
	}},
	{"a date that is always wrong by a millisecond is a date like any other", func(c falsify.Change) bool {
		return c.Kind == "changed" && strings.HasSuffix(c.Pointer, "_date_millis")
	}},
	{"an error may say more than it has to", func(c falsify.Change) bool {
		return c.Status >= 400 && (c.Kind == "added" || strings.Contains(c.Pointer, "/root_cause") || strings.Contains(c.Pointer, "/caused_by") || c.Pointer == "/error" && c.Kind == "changed")
	}},
	{"the transport, and what an answer without a body is called", func(c falsify.Change) bool {
		return c.Kind == "header" && c.Pointer != "Content-Type" && c.Pointer != "X-Elastic-Product" || c.Pointer == "Content-Type" && strings.HasPrefix(c.Route, "HEAD ")
	}},
	{"the list of all templates holds those of others; only its own are looked for", func(c falsify.Change) bool {
		return c.Route == "GET /_index_template" || c.Route == "GET /_component_template"
	}},
}

// A real server's answers, made wrong one at a time, are noticed by the
// features of index templates.
func TestEveryRealAnswerCounts(t *testing.T) {
	cfg := realnode.Config(t)
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	proxy := falsify.New(passOn(t, cfg))
	web := httptest.NewServer(proxy)
	t.Cleanup(web.Close)
	cfg.URL, cfg.CACert = web.URL, nil
	all := suite.Selection{Tags: "@index-templates"}
	run := performReal(t, s, cfg, all)
	if run.Verdict != result.Conformant {
		t.Fatalf("without a change: %s: %s", run.Verdict, run.Reason)
	}
	changes := slices.DeleteFunc(proxy.Changes(), isNotAsserted)
	tried := 0
	if testing.Short() {
		*everyReal *= 8
	}
	for _, c := range changes {
		if !drawn(c, *everyReal) {
			continue
		}
		tried++
		proxy.Set(&c)
		if !noticedReal(t, s, cfg, meeting(run, c, all)) && !noticedReal(t, s, cfg, all) {
			t.Errorf("not noticed: %s", c)
		}
	}
	proxy.Set(nil)
	t.Logf("%d of %d changes tried", tried, len(changes))
	if tried < atLeast && !testing.Short() {
		t.Errorf("%d changes tried, want at least %d", tried, atLeast)
	}
}

func isNotAsserted(c falsify.Change) bool {
	for _, n := range notAsserted {
		if n.is(c) {
			return true
		}
	}
	return false
}

// passOn hands requests on to the real Elasticsearch.
func passOn(t *testing.T, cfg wire.Config) http.Handler {
	t.Helper()
	to, err := url.Parse(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of requests that nobody waits for any more
	if len(cfg.CACert) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(cfg.CACert)
		proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	}
	return proxy
}

func noticedReal(t *testing.T, s *suite.Suite, cfg wire.Config, sel suite.Selection) bool {
	t.Helper()
	run := performReal(t, s, cfg, sel)
	return run == nil || run.Verdict != result.Conformant
}

// performReal runs what is selected until a scenario fails.
func performReal(t *testing.T, s *suite.Suite, cfg wire.Config, sel suite.Selection) *result.Run {
	t.Helper()
	tgt, err := target.URL(t.Context(), cfg)
	if err != nil {
		return nil
	}
	defer tgt.Close(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run, err := suite.Perform(ctx, suite.Plan{
		Suite: s, Selection: sel, Target: tgt, Limits: cfg.Limits, Seed: 1, WholeEvidence: true,
		OnScenario: func(sc result.Scenario) {
			if sc.Outcome == result.Failed {
				cancel() // it was noticed: the rest need not run
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

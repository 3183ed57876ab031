package falsify_test

import (
	"context"
	"flag"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/falsify"
	"github.com/esconform/esconform/internal/wire"
)

// every picks each nth change; 1 tries all of them, which takes a while.
var (
	every = flag.Int("every", 307, "try each nth change")
	route = flag.String("route", "", "only on routes that contain this")
)

// outOfScope are changes that the suite is right not to notice, with why.
var outOfScope = []struct {
	why string
	is  func(falsify.Change) bool
}{
	{"Elasticsearch sends no Date header; the test server does", func(c falsify.Change) bool { return c.Pointer == "Date" }},
	{"the answer of GET / names the target; it is not the API under test", func(c falsify.Change) bool { return c.Route == "GET /" }},
	{"whether index templates are there decides when a run begins; they are not the API under test", func(c falsify.Change) bool {
		return strings.Contains(c.Route, " /_index_template/")
	}},
	{"the document and search APIs are the suite's eyes, not what it tests: only what they say of documents counts", func(c falsify.Change) bool {
		return strings.Contains(c.Route, "/.elastic-connectors") && !strings.Contains(c.Pointer, "_source")
	}},
	{"a search among stored connectors is asked for one field at a time", func(c falsify.Change) bool {
		return strings.HasSuffix(c.Route, " /.elastic-connectors/_search")
	}},
	{"an error may say more than it has to", func(c falsify.Change) bool {
		return c.Status >= 400 && (c.Kind == "added" || c.Kind == "changed" && (strings.HasSuffix(c.Pointer, "/error") || strings.HasSuffix(c.Pointer, "/root_cause/0")))
	}},
	{"what lies behind an error, and in which index and shard a document was looked for, is worded differently by each version", func(c falsify.Change) bool {
		return strings.Contains(c.Pointer, "/caused_by") || (c.Status == 404 || c.Status == 409) && (strings.Contains(c.Pointer, "index") || strings.Contains(c.Pointer, "shard"))
	}},
	{"which shards failed how a search describes for itself", func(c falsify.Change) bool {
		return c.Status == 400 && (strings.Contains(c.Pointer, "/failed_shards") || c.Pointer == "/error/grouped" || c.Pointer == "/error/phase")
	}},
	{"what has no body needs no type", func(c falsify.Change) bool {
		return c.Pointer == "Content-Type" && (strings.HasPrefix(c.Route, "HEAD ") || strings.HasPrefix(c.Route, "OPTIONS "))
	}},
	{"names that one scenario makes up", func(c falsify.Change) bool { return strings.Contains(c.Pointer, "/writer-") }},
}

// TestEveryChangeIsNoticed falsifies one thing at a time and demands that the
// suite does not pass.
func TestEveryChangeIsNoticed(t *testing.T) {
	t.Parallel()
	server, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	proxy := falsify.New(server)
	web := httptest.NewServer(proxy)
	t.Cleanup(web.Close)
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	if run := perform(t, s, web.URL, suite.Selection{Tags: "not @security"}); run.Verdict != result.Conformant {
		t.Fatalf("without a change: %s: %s", run.Verdict, run.Reason)
	}
	if testing.Short() {
		*every *= 4
	}
	changes := proxy.Changes()
	t.Logf("%d changes, each %dth is tried", len(changes), *every)
	for i, c := range changes {
		if i%*every != 0 || excused(c) || !strings.Contains(c.Route, *route) {
			continue
		}
		proxy.Set(&c)
		if !noticed(t, s, web.URL, near(s, c.Route)) && !noticed(t, s, web.URL, suite.Selection{Tags: "not @security"}) {
			t.Errorf("not noticed: %s", c)
		}
	}
}

// near selects the scenarios that are likely to notice a change of a route, to
// save the run of all others.
func near(s *suite.Suite, route string) suite.Selection {
	prefix := "stats."
	for _, call := range []struct{ part, prefix string }{
		{"_stats", "stats."}, {"_cancel", "sync-job.cancel."}, {"_check_in", "sync-job.check-in."},
		{"_claim", "sync-job.claim."}, {"_error", "sync-job.error."}, {"DELETE", "sync-job.delete."},
		{"POST /_connector/_sync_job", "sync-job.create."}, {"_sync_job/*", "sync-job.get."}, {"_sync_job", "sync-job.list."}, {"/_connector", "connector."},
	} {
		if strings.Contains(route, call.part) {
			prefix = call.prefix
			break
		}
	}
	sel := suite.Selection{Tags: "not @security"}
	for _, c := range s.Cases {
		if strings.HasPrefix(c.ID, prefix) {
			sel.IDs = append(sel.IDs, c.ID)
		}
	}
	return sel
}

func noticed(t *testing.T, s *suite.Suite, url string, sel suite.Selection) bool {
	t.Helper()
	run := perform(t, s, url, sel)
	return run == nil || run.Verdict != result.Conformant
}

func excused(c falsify.Change) bool {
	for _, o := range outOfScope {
		if o.is(c) {
			return true
		}
	}
	return false
}

// perform returns nil where the target is refused: that is noticed as well.
func perform(t *testing.T, s *suite.Suite, url string, sel suite.Selection) *result.Run {
	t.Helper()
	l := limits.Default()
	tgt, err := target.URL(t.Context(), wire.Config{URL: url, Limits: l})
	if err != nil {
		return nil
	}
	defer tgt.Close(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	known := s.Known(tgt.Info)
	run, err := suite.Perform(ctx, suite.Plan{
		Suite: s, Selection: sel, Target: tgt, Limits: l, Seed: 1,
		OnScenario: func(sc result.Scenario) {
			if known.One(sc, tgt.Version, time.Now()).Outcome == result.Failed {
				cancel() // it was noticed: the rest need not run
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

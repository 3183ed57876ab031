package falsify_test

import (
	"context"
	"flag"
	"hash/fnv"
	"net/http/httptest"
	"slices"
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
	"github.com/esconform/esconform/internal/testkit/race"
	"github.com/esconform/esconform/internal/wire"
)

// every picks about each nth change; 1 tries all of them, which takes a while.
var (
	every = flag.Uint("every", 307, "try about each nth change")
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
	{"no requirement asks for an error of the server: a scenario that meets one fails without any change, and is waived", func(c falsify.Change) bool { return c.Status == 500 }},
	{"names that one scenario makes up", func(c falsify.Change) bool { return strings.Contains(c.Pointer, "/writer-") }},
	{"whose connector comes first in a list depends on what else runs", func(c falsify.Change) bool {
		return c.Route == "GET /_connector" && strings.Contains(c.Pointer, "/results/0/configuration/")
	}},
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
	all := suite.Selection{Tags: "not @security"}
	if testing.Short() {
		*every *= 4
	}
	if race.Brief() {
		*route, *every = "_stats", 29 // of few
		all.IDs = []string{"stats.*"}
	}
	run := perform(t, s, web.URL, all)
	if run.Verdict != result.Conformant {
		t.Fatalf("without a change: %s: %s", run.Verdict, run.Reason)
	}
	changes := proxy.Changes()
	t.Logf("%d changes, about each %dth is tried", len(changes), *every)
	tried, unmade := 0, 0
	for _, c := range changes {
		if !drawn(c, *every) || excused(c) || !strings.Contains(c.Route, *route) {
			continue
		}
		tried++
		proxy.Set(&c)
		if noticed(t, s, web.URL, meeting(run, c, all)) || noticed(t, s, web.URL, all) {
			continue
		}
		if proxy.Made() > 0 {
			t.Errorf("not noticed: %s", c)
		} else {
			unmade++
			t.Logf("nothing was answered this time that could be changed: %s", c) // conflicts come and go
		}
	}
	t.Logf("%d were tried", tried)
	if made := tried - unmade; made == 0 || unmade > made {
		t.Errorf("%d changes were drawn, and %d of them could be made: this proves nothing", tried, made)
	}
}

// drawn reports whether a change is one of those that are tried, about each nth:
// the same ones in each run, whatever else could be changed.
func drawn(c falsify.Change, each uint) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.String()))
	return h.Sum32()%uint32(each) == 0
}

// meeting selects the scenarios that met the answers which a change is made to;
// all of them where none did, because the run itself asked.
func meeting(run *result.Run, c falsify.Change, all suite.Selection) suite.Selection {
	met := all
	met.IDs = nil
	for _, sc := range run.Scenarios {
		if slices.ContainsFunc(sc.Exchanges, func(e result.Exchange) bool {
			return e.Response != nil && e.Response.Status == c.Status && falsify.Route(e.Request.Method, e.Request.Path) == c.Route
		}) {
			met.IDs = append(met.IDs, sc.ID)
		}
	}
	if met.IDs == nil {
		return all
	}
	return met
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
		Suite: s, Selection: sel, Target: tgt, Limits: l, Seed: 1, WholeEvidence: true,
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

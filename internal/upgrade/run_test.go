package upgrade_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/race"
	"github.com/esconform/esconform/internal/upgrade"
)

// data is what the embedded server is started on.
type data struct{ bytes.Buffer }

// start has the embedded server behave like a version, on the data or on none.
func (d *data) start(version, fault string, on *bytes.Buffer) upgrade.Server {
	return upgrade.Server{Name: version, Start: func(ctx context.Context) (*target.Target, error) {
		return target.Embedded(ctx, target.EmbeddedConfig{Emulate: esversion.MustParse(version), Fault: fault, Disk: on})
	}}
}

// loaded is the suite, which knows what is required of upgrades.
var loaded = sync.OnceValues(func() (*suite.Suite, error) {
	s, err := suite.Open(suite.Own{})
	if err != nil {
		return nil, err
	}
	return s, upgrade.AddTo(s.Catalogue)
})

// plan is an upgrade to a server that may have a fault, with as little of the
// suite as there is.
func plan(t *testing.T, from, to, fault string) (upgrade.Plan, *data) {
	t.Helper()
	all, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	connectors, _ := all.Families.Named(suite.Connectors)
	changes, err := upgrade.Changes()
	if err != nil {
		t.Fatal(err)
	}
	d := &data{}
	p := upgrade.Plan{
		Suite: suite.Plan{Suite: all, Selection: suite.Selection{IDs: []string{"stats.example.works"}}, Seed: 1, OnScenario: func(result.Scenario) {}}.WithDefaults(),
		Old:   d.start(from, "", &d.Buffer), New: d.start(to, fault, &d.Buffer), Fresh: d.start(to, fault, nil),
		Changes: changes, Say: func(string, ...any) {},
	}
	p.Families = append(p.Families, connectors)
	return p, d
}

func run(t *testing.T, p upgrade.Plan) *result.Run {
	t.Helper()
	r, err := upgrade.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// failing are the requirements of upgrades that are not met, with the first thing
// that is said of each.
func failing(r *result.Run) map[string]string {
	found := map[string]string{}
	for _, sc := range r.Scenarios {
		for _, req := range sc.Blamed() {
			if sc.Failure != nil && found[req] == "" {
				found[req] = sc.Failure.Message
			}
		}
	}
	return found
}

var update = flag.Bool("update", false, "write golden files anew")

// What an upgrade looks at, and through which views: nothing of it goes missing
// unnoticed.
func TestLooksAt(t *testing.T) {
	t.Parallel()
	p, _ := plan(t, "8.12.0", "9.5.3", "")
	var got strings.Builder
	for _, sc := range run(t, p).Scenarios {
		if sc.Feature != "Upgrade" {
			continue
		}
		views := []string{sc.Reason}
		for _, st := range sc.Steps {
			views = append(views, st.Text)
		}
		fmt.Fprintf(&got, "%s %s: %s\n", sc.Outcome, strings.TrimPrefix(sc.ID, "upgrade/"), strings.TrimPrefix(strings.Join(views, "; "), "; "))
	}
	const golden = "testdata/looks-at.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("renew it with -update where that is right:\n%s", diff)
	}
}

// A defect of an upgrade is held against the requirement that is about it, and
// against no other of upgrades.
func TestFaults(t *testing.T) {
	t.Parallel()
	sumUp := map[string]bool{"upgrade.conforms-as-fresh": true} // the suite fails with some
	for i, f := range fault.Upgrades() {
		if race.Brief() && i%3 > 0 {
			continue // they take one path
		}
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, "8.19.21", "9.5.3", f.ID)
			r := run(t, p)
			found := failing(r)
			for _, want := range f.Requirements {
				if found[want] == "" {
					t.Errorf("%s is met", want)
				}
				delete(found, want)
			}
			for req, text := range found {
				if !sumUp[req] {
					t.Errorf("%s fails, too: %s", req, text)
				}
			}
			if r.Verdict != result.Nonconformant {
				t.Errorf("%s: %s", r.Verdict, r.Reason)
			}
		})
	}
}

// Without a fault an upgrade is conformant, each time.
func TestNoFault(t *testing.T) {
	t.Parallel()
	n := 10
	if testing.Short() {
		n = 2
	}
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, []string{"8.12.0", "8.13.0", "8.15.0", "8.18.0", "8.19.21"}[i%5], "9.5.3", "")
			if r := run(t, p); r.Verdict != result.Conformant || r.Counts[result.Passed] < 90 {
				t.Errorf("%s: %s; %v", r.Verdict, r.Reason, failing(r))
			}
		})
	}
}

// What becomes of the data between two versions is seen, whoever does it.
func TestChangedData(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		old, new string // of the data, a regular expression and its replacement
		want     string
		says     string
	}{
		"a document gone": {`(?m)^\{"op":"put","index":"\.elastic-connectors-sync-jobs-v1".*"status":"canceling".*\n`, "", "upgrade.nothing-lost", "it is not shown any more by its id: the answer is 404"},
		"another state":   {`"status":"in_progress"`, `"status":"pending"`, "upgrade.unchanged", "/status is pending, and was in_progress"},
		"a counter lower": {`"version":\d+`, `"version":0`, "upgrade.documents.counters-go-on", "/_version has gone back"},
		"no template":     {`"op":"index","index":"\.elastic-connectors-v1",`, `"op":"index","index":".elastic-connectors-v1","bare":true,`, "upgrade.indices.mapping", "it has lost /mappings"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, d := plan(t, "8.19.21", "9.5.3", "")
			start := p.New.Start
			p.New.Start = func(ctx context.Context) (*target.Target, error) {
				before := d.String()
				after := regexp.MustCompile(tt.old).ReplaceAllString(before, tt.new)
				if after == before {
					t.Fatalf("nothing to change in %s", before)
				}
				d.Reset()
				d.WriteString(after)
				return start(ctx)
			}
			found := failing(run(t, p))
			if !strings.Contains(found[tt.want], tt.says) {
				t.Errorf("%s: got %q, want %q in it; %v", tt.want, found[tt.want], tt.says, found)
			}
		})
	}
}

// A version that does not start on the data is blamed for it only where it starts
// without; an old one, or one that is cancelled, never is.
func TestWaysOfNotStarting(t *testing.T) {
	t.Parallel()
	away := func(context.Context) (*target.Target, error) {
		return nil, &target.StartError{What: "it does not start"}
	}
	for name, tt := range map[string]struct {
		change func(*upgrade.Plan)
		err    string
		fails  string
	}{
		"the old":          {func(p *upgrade.Plan) { p.Old.Start = away }, "it does not start", ""},
		"the new":          {func(p *upgrade.Plan) { p.New.Start = away }, "", "upgrade.starts"},
		"the new, ever":    {func(p *upgrade.Plan) { p.New.Start, p.Fresh.Start = away, away }, "it does not start", ""},
		"one in between":   {func(p *upgrade.Plan) { p.Via = []upgrade.Server{{Name: "8.19.0", Start: away}} }, "it does not start", ""},
		"an older one":     {func(p *upgrade.Plan) { p.Old, p.New = p.New, p.Old }, "the new version, 8.19.21, is older than the old one, 9.5.3", ""},
		"no API":           {func(p *upgrade.Plan) { p.Families = nil }, "nothing was made that an upgrade could carry over", ""},
		"a fresh one away": {func(p *upgrade.Plan) { p.Fresh.Start = away }, "", "upgrade.indices.mapping-as-fresh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, "8.19.21", "9.5.3", "")
			tt.change(&p)
			r, err := upgrade.Run(t.Context(), p)
			switch {
			case tt.err != "":
				if err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %v, want %q in it", err, tt.err)
				}
				if strings.Contains(tt.err, "older") != errors.Is(err, upgrade.ErrUsage) {
					t.Errorf("taken for wrong usage or not: %v", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				if found := failing(r); found[tt.fails] == "" || len(found) != 1 {
					t.Errorf("%s: %v", r.Verdict, found)
				}
			}
		})
	}
}

// Whenever it is told to end, it does, and says why.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	reason := errors.New("it was told to end")
	for _, at := range []string{"old", "made", "upgraded", "compared", "fresh"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, "8.19.21", "9.5.3", "")
			ctx, cancel := context.WithCancelCause(t.Context())
			var said []string
			p.Say = func(format string, args ...any) {
				said = append(said, format)
				if strings.HasPrefix(format, at+" ") {
					cancel(reason)
				}
			}
			r, err := upgrade.Run(ctx, p)
			if err == nil && r.Verdict != result.Inconclusive || err != nil && !errors.Is(err, reason) {
				t.Errorf("got %v, %v", err, r)
			}
			if !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, at+" ") }) {
				t.Errorf("it never came to that: %q", said)
			}
		})
	}
}

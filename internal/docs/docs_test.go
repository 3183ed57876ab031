package docs

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// patient are limits that hold on a machine that is much slower.
var patient = limits.Limits{Request: 1 << 37, Cleanup: 1 << 38}

var runs atomic.Int64

// bed is an embedded server and what a run against it needs.
type bed struct {
	server *reference.Server
	client *wire.Client
}

func newBed(t *testing.T, version string) *bed {
	t.Helper()
	opt := reference.Options{}
	if version != "" {
		opt.Version = esversion.MustParse(version)
	}
	srv, err := reference.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(srv)
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		hs.Close()
	})
	return &bed{srv, client}
}

func (b *bed) config(pages ...string) Config {
	return Config{
		Pages: pages, Client: b.client, Version: b.server.Version(), Limits: patient,
		Registry: resource.NewRegistry(fmt.Sprintf("t%d", runs.Add(1))),
		Suite:    result.Suite{Version: "test"},
		Target:   result.Target{Kind: "embedded", URL: b.client.URL(), Version: b.server.Version().String()},
	}
}

func (b *bed) run(t *testing.T, cfg Config) *render.Report {
	t.Helper()
	rep, err := Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range rep.Pages {
		if p.Error != "" {
			t.Fatalf("%s: %s", p.File, p.Error)
		}
	}
	if rep.Resources.Created != rep.Resources.Deleted || len(rep.Resources.Leftovers) > 0 {
		t.Errorf("not everything was cleaned up: %+v", rep.Resources)
	}
	return rep
}

// text verifies a page given as text, and returns its findings by id.
func (b *bed) text(t *testing.T, name, page string) map[string]claim.Claim {
	t.Helper()
	pages, err := asciidoc.Read(name, []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	cfg := b.config()
	out := map[string]claim.Claim{}
	for _, p := range pages {
		got := verifyPage(context.Background(), cfg, p, &input{}, nil)
		if got.err != nil {
			t.Fatalf("%s: %s", name, got.err)
		}
		for _, c := range got.claims {
			if c.Finding() {
				out[c.ID] = *c
			}
		}
	}
	return out
}

// pageFile puts a page into a folder of its own.
func pageFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func ownPages(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("testdata/pages/*doc")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages in testdata: %v", err)
	}
	return pages
}

func findings(rep *render.Report) []string {
	var out []string
	for _, c := range rep.Findings() {
		out = append(out, string(c.Verdict)+" "+c.ID)
	}
	sort.Strings(out)
	return out
}

// Pages that are true have no findings, and nothing of them is left out.
func TestTruePages(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	rep := b.run(t, b.config(ownPages(t)...))
	if fs := findings(rep); len(fs) > 0 {
		t.Errorf("findings on pages that are true:\n%s", strings.Join(fs, "\n"))
	}
	if rep.Verdict != result.Conformant || rep.ExitCode != result.ExitConformant {
		t.Errorf("verdict %s, exit code %d: %s", rep.Verdict, rep.ExitCode, rep.Reason)
	}
	if n := rep.Counts[claim.Confirmed]; n < 140 {
		t.Errorf("only %d claims are confirmed", n)
	}
	for _, p := range rep.Pages {
		if p.Examples == 0 || p.ExamplesRun != p.Examples {
			t.Errorf("%s: %d of %d examples were run", p.File, p.ExamplesRun, p.Examples)
		}
	}
	if n := b.server.Documents(); n != 0 {
		t.Errorf("%d documents are left in the server", n)
	}
	ids := map[string]bool{}
	for _, c := range rep.Claims {
		if ids[c.ID] {
			t.Errorf("two claims have the id %s", c.ID)
		}
		ids[c.ID] = true
		if c.Verdict == "" || c.File == "" || c.Line == 0 {
			t.Errorf("incomplete claim: %+v", c)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.asciidoc")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(dir, "large")
	if f, err := os.Create(large); err != nil || f.Truncate(maxSpec+1) != nil || f.Close() != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		edit func(*Config)
	}{
		{"large page", func(c *Config) { c.Pages = []string{large} }},
		{"large specification", func(c *Config) { c.OpenAPI = large }},
		{"no page", func(c *Config) { c.Pages = nil }},
		{"missing page", func(c *Config) { c.Pages = []string{filepath.Join(dir, "none")} }},
		{"empty page", func(c *Config) { c.Pages = []string{empty} }},
		{"missing specification", func(c *Config) { c.OpenAPI = filepath.Join(dir, "none") }},
		{"specification that is none", func(c *Config) { c.OpenAPI = "testdata/pages/stats.asciidoc" }},
		{"folder without APIs", func(c *Config) { c.RestSpec = dir }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := b.config("testdata/pages/delete.asciidoc")
			tt.edit(&cfg)
			_, err := Run(context.Background(), cfg)
			var usage *UsageError
			if err == nil || !asUsage(err, &usage) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want a usage error of one line", err)
			}
		})
	}
}

func asUsage(err error, into **UsageError) bool {
	var u *UsageError
	ok := errors.As(err, &u)
	*into = u
	return ok
}

// A server that is away makes no finding.
func TestTargetAway(t *testing.T) {
	t.Parallel()
	hs := httptest.NewServer(nil)
	hs.Close()
	client, err := wire.New(wire.Config{URL: hs.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	rep, err := Run(context.Background(), Config{
		Pages: []string{"testdata/pages/stats.asciidoc"}, Client: client, Registry: resource.NewRegistry("away"),
		Suite: result.Suite{Version: "test"}, Target: result.Target{Kind: "url", URL: client.URL()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if rep.ExitCode != result.ExitInconclusive || rep.Counts[claim.NotRun] == 0 {
		t.Errorf("exit code %d, counts %v", rep.ExitCode, rep.Counts)
	}
	for _, c := range rep.Claims {
		if c.Verdict == claim.NotRun && !strings.Contains(c.Reason, "refused") {
			t.Errorf("%s does not say why: %q", c.ID, c.Reason)
		}
	}
}

// A page of an API that cannot be set up is read in full, and nothing of it is
// said to be right or wrong.
func TestForeignAPI(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	pages, err := asciidoc.Read("other.asciidoc", []byte(`[[x]]
=== X
==== {api-request-title}
`+"`GET _cat/indices/<index>`"+`

==== {api-path-parms-title}
`+"`<index>`::"+`
(Optional, string) Which.

==== {api-response-codes-title}
`+"`200`::"+`
Fine.

==== {api-examples-title}
[source,console]
----
GET _cat/indices/my-index
----
`))
	if err != nil {
		t.Fatal(err)
	}
	got := verifyPage(context.Background(), b.config(), pages[0], &input{}, nil)
	if got.err != nil || len(got.claims) < 5 {
		t.Fatalf("%d claims, error %v", len(got.claims), got.err)
	}
	for _, c := range got.claims {
		if c.Verdict != claim.NotRun && c.Kind != claim.KindConsistency {
			t.Errorf("%s is %s", c.ID, c.Verdict)
		}
	}
}

// What a version does not have is found on a page of a later one.
func TestEarlierVersion(t *testing.T) {
	t.Parallel()
	b := newBed(t, "8.12.0")
	page, err := os.ReadFile("testdata/pages/stats.asciidoc")
	if err != nil {
		t.Fatal(err)
	}
	found := b.text(t, "stats", string(page))
	if _, ok := found["job-stats/body/metadata"]; !ok {
		t.Errorf("8.12 has no metadata; found %v", found)
	}
}

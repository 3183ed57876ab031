package docs

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
)

var falsePages = []string{"testdata/false/list.asciidoc", "testdata/false/cancel.asciidoc", "testdata/false/stats.flattened", "testdata/false/get.diff"}

func TestReportFiles(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	dir := filepath.Join(t.TempDir(), "out")
	var out bytes.Buffer
	cfg := b.config(falsePages...)
	cfg.OutDir, cfg.Out, cfg.OpenAPI = dir, &out, "testdata/spec/openapi.yaml"
	rep := b.run(t, cfg)
	if rep.ExitCode != result.ExitNonconformant {
		t.Errorf("exit code %d", rep.ExitCode)
	}
	read := func(name string) []byte {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}

	var doc struct {
		Claims []struct{ ID, Kind, File, Quote, Documented, Observed, Verdict string }
	}
	if err := json.Unmarshal(read(JSONFile), &doc); err != nil || len(doc.Claims) != len(rep.Claims) {
		t.Errorf("%s: %d claims, %v", JSONFile, len(doc.Claims), err)
	}
	var sarif struct {
		Version string
		Runs    []struct {
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(read(SARIFFile), &sarif); err != nil || sarif.Version != "2.1.0" {
		t.Fatalf("%s: %v", SARIFFile, err)
	}
	errors, warnings := 0, 0
	for _, r := range sarif.Runs[0].Results {
		if sarif.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		loc := r.Locations[0].PhysicalLocation
		if loc.ArtifactLocation.URI == "" || loc.Region.StartLine < 1 {
			t.Errorf("no location: %+v", r)
		}
		switch r.Level {
		case "error":
			errors++
		case "warning":
			warnings++
		}
	}
	if errors != rep.Counts[claim.Contradicted] || warnings != rep.Counts[claim.Undocumented] {
		t.Errorf("%s has %d errors and %d warnings, the report %v", SARIFFile, errors, warnings, rep.Counts)
	}
	styled := 0
	for _, c := range rep.Findings() {
		if finding.ClassOf(c) == finding.Style {
			styled++
		}
	}
	var junit struct {
		Failures int `xml:"failures,attr"`
		Tests    int `xml:"tests,attr"`
	}
	if err := xml.Unmarshal(read(JUnitFile), &junit); err != nil || junit.Tests != len(rep.Claims) || junit.Failures != len(rep.Findings())-styled {
		t.Errorf("%s: %+v, %v", JUnitFile, junit, err)
	}
	page := string(read(HTMLFile))
	if strings.Contains(page, "<script") || strings.Contains(page, "http-equiv=\"refresh\"") || !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Errorf("%s may run or load something", HTMLFile)
	}
	for _, f := range rep.Findings() {
		for name, text := range map[string]string{HTMLFile: page, "terminal": out.String()} {
			if !strings.Contains(text, f.ID) {
				t.Errorf("%s does not have %s", name, f.ID)
			}
		}
	}
	if md := string(read(MarkdownFile)); !strings.Contains(md, "## Contradicted") || !strings.Contains(md, "nonconformant") {
		t.Errorf("%s:\n%.400s", MarkdownFile, md)
	}
	if !strings.Contains(out.String(), "not Elasticsearch") {
		t.Error("the terminal does not say that the target is a stand-in")
	}
}

// The suggested patch applies, and the pages are then nearer to the truth.
func TestPatch(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	patch := filepath.Join(t.TempDir(), "docs.patch")
	cfg := b.config(falsePages...)
	cfg.Patch, cfg.Root = patch, "."
	before := b.run(t, cfg)
	raw, err := os.ReadFile(patch)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var patched []string
	for _, p := range falsePages {
		old, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, filepath.Base(p))
		if filepath.Ext(p) == ".diff" {
			continue // the lines of a hunk are counted in its header
		}
		if err := os.WriteFile(name, []byte(apply(t, string(raw), p, string(old))), 0o600); err != nil {
			t.Fatal(err)
		}
		patched = append(patched, name)
	}
	after := b.run(t, b.config(patched...))
	want := []string{
		"CONTRADICTED end-job/prose/sets-value/status", // canceled at once in one state, canceling in the other
		"UNDOCUMENTED end-job/path/connector_sync_job_id",
	}
	got := findings(after)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d findings before; after the patch\n%s\nwant\n%s", len(findings(before)), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A patch is printed as it is or not at all: what a terminal or a CI system
// would obey cannot be printed.
func TestAPatchIsPrintedOnlyWhereItIsHarmless(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	page, err := os.ReadFile("testdata/false/list.asciidoc")
	if err != nil {
		t.Fatal(err)
	}
	for added, harmless := range map[string]bool{"": true, "\n::error::c\n": false, "\nred \x1b[31m\n": false} {
		file := filepath.Join(t.TempDir(), "list.asciidoc")
		// Changes are shown with the lines around them.
		text := strings.ReplaceAll(string(page), "\n\n", "\n\n"+added)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		cfg := b.config(file)
		cfg.Patch, cfg.Out = "-", &out
		_, err := Run(t.Context(), cfg)
		if printed := strings.Contains(out.String(), "+++ b/"); printed != harmless || (err == nil) != harmless {
			t.Errorf("%q: printed is %v, error %v", added, printed, err)
		}
		cfg.Patch = filepath.Join(t.TempDir(), "patch")
		if _, err := Run(t.Context(), cfg); err != nil {
			t.Error(err)
		}
		if raw, err := os.ReadFile(cfg.Patch); err != nil || !strings.Contains(string(raw), strings.TrimSpace(added)) {
			t.Errorf("%q: the file is not exact: %v", added, err)
		}
	}
}

// A patch is put together beside its place: a file without a folder, too.
func TestAPatchWithoutAFolder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("TMPDIR", filepath.Join(dir, "absent"))
	if err := writePatch("docs.patch", &render.Report{}); err != nil {
		t.Error(err)
	}
}

// apply applies the part of a unified diff that is for one file.
func apply(t *testing.T, patch, name, text string) string {
	t.Helper()
	_, part, ok := strings.Cut(patch, "+++ b/"+name+"\n")
	if !ok {
		t.Fatalf("the patch has nothing for %s", name)
	}
	part, _, _ = strings.Cut(part, "\n--- ")
	old := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var out []string
	at := 0
	for _, l := range strings.Split(strings.TrimSuffix(part, "\n"), "\n") {
		if strings.HasPrefix(l, "@@ -") {
			var start int
			if _, err := fmt.Sscanf(l, "@@ -%d", &start); err != nil {
				t.Fatalf("%s: %v", l, err)
			}
			if strings.Contains(l, ",0 +") {
				start++
			}
			for ; at < start-1; at++ {
				out = append(out, old[at])
			}
			continue
		}
		if l == "" {
			l = " "
		}
		if l[0] != '+' {
			if old[at] != l[1:] {
				t.Fatalf("%s:%d is %q, the patch has %q", name, at+1, old[at], l[1:])
			}
			at++
		}
		if l[0] != '-' {
			out = append(out, l[1:])
		}
	}
	return strings.Join(append(out, old[at:]...), "\n") + "\n"
}

func TestWaivers(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	for _, tt := range []struct {
		name, file string
		exit       int
	}{
		{"all", "waivers:\n- {id: 'get-job/*', reason: being rewritten, owner: docs, expires: " + tomorrow + "}\n", result.ExitConformant},
		{"some", "waivers:\n- {id: get-job/code/400, reason: being rewritten, owner: docs, expires: " + tomorrow + "}\n", result.ExitNonconformant},
		{"expired", "waivers:\n- {id: 'get-job/*', reason: being rewritten, owner: docs, expires: 2020-01-01}\n", result.ExitWaiver},
		{"stale", "waivers:\n- {id: 'get-job/code/*', reason: r, owner: docs, expires: " + tomorrow + "}\n- {id: get-job/response, reason: r, owner: docs, expires: " + tomorrow + "}\n- {id: get-job/route/*, reason: r, owner: docs, expires: " + tomorrow + "}\n", result.ExitWaiver},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, err := waiver.Parse("waivers.yaml", []byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			cfg := b.config("testdata/false/get.diff")
			cfg.Waivers = list
			if rep := b.run(t, cfg); rep.ExitCode != tt.exit {
				t.Errorf("exit code %d, want %d: %s; waivers %+v", rep.ExitCode, tt.exit, rep.Reason, rep.Waivers)
			}
		})
	}
}

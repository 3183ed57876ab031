package finding

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
)

func made(id, file string, kind claim.Kind, v claim.Verdict, documented, observed string) claim.Claim {
	_, aspect, _ := strings.Cut(id, "/")
	return claim.Claim{ID: id, File: file, Line: 7, Kind: kind, Verdict: v, Documented: documented, Observed: observed, Aspect: aspect}
}

// One cause is one finding with its places; contradictions come before
// omissions, and those before style.
func TestGroup(t *testing.T) {
	t.Parallel()
	missing := "the list of response codes does not have it"
	claims := []claim.Claim{
		made("a/markup/list/code-200", "a", claim.KindMarkup, claim.Contradicted, "two colons", "one colon"),
		made("a/code/400", "a", claim.KindCode, claim.Undocumented, missing, "400 one"),
		made("a/code/404", "a", claim.KindCode, claim.Confirmed, "404", "404"),
		made("b/code/400", "b", claim.KindCode, claim.Undocumented, missing, "400 another"),
		made("b/code/409", "b", claim.KindCode, claim.Undocumented, missing, "409"),
		made("c/code/200", "c", claim.KindCode, claim.Undocumented, "no list of response codes", "200"),
		made("c/code/400", "c", claim.KindCode, claim.Undocumented, "no list of response codes", "400"),
		made("a/body/x/width", "a", claim.KindWidth, claim.Undocumented, "int", "up to 2147483647 is stored, 2147483648 is read"),
		made("a/body/y/width", "a", claim.KindWidth, claim.Undocumented, "int", "up to 2147483647 is stored, 2147483648 is read"),
		made("a/body/z/width", "a", claim.KindWidth, claim.Undocumented, "int", "up to 32767 is stored, 32768 is read"),
		made("a/response", "a", claim.KindResponseBody, claim.Undocumented, "nothing", "the answer has x"),
		made("b/response", "b", claim.KindResponseBody, claim.Undocumented, "nothing", "the answer has y"),
		made("openapi/op/response", "d", claim.KindResponseBody, claim.Undocumented, "nothing", "the answer has y"),
		made("openapi-other/op/response", "e", claim.KindResponseBody, claim.Undocumented, "nothing", "the answer has y"),
		made("b/body/x/type", "b", claim.KindType, claim.Contradicted, "int", "a string"),
		made("c/body/x/type", "c", claim.KindType, claim.Contradicted, "int", "a string"),
		made("c/waived", "c", claim.KindType, claim.Contradicted, "int", "a string"),
	}
	for field, of := range []string{"/s", "/s", "/t", ""} {
		c := made(fmt.Sprintf("a/body/f%d/required", field), "a", claim.KindRequired, claim.Contradicted, "it is required", "the server takes the request without it")
		if of != "" {
			c.Pointer = fmt.Sprintf("%s/properties/f%d", of, field)
		}
		claims = append(claims, c)
	}
	claims[16].Waived = "known"
	joined := made("a/example/1/all", "a", claim.KindExampleText, claim.Contradicted, "all", "it leaves out x")
	covered := made("a/example-coverage", "a", claim.KindCoverage, claim.Undocumented, "all", "no example shows x")
	joined.Cause, covered.Cause = joined.ID, joined.ID
	claims = append(claims, joined, covered)
	var got []string
	for _, f := range Group(claims, func(c claim.Claim) bool { return c.Waived == "" }) {
		var places []string
		for _, p := range f.Places {
			places = append(places, p.Claim)
		}
		got = append(got, fmt.Sprintf("%s %s", f.Class, strings.Join(places, " ")))
		if (f.Title == "") != (len(f.Places) == 1) && f.ID != joined.ID {
			t.Errorf("%s has %d places and the title %q", f.ID, len(f.Places), f.Title)
		}
	}
	want := []string{
		"contradiction b/body/x/type",
		"contradiction c/body/x/type",
		"contradiction a/body/f0/required a/body/f1/required",
		"contradiction a/body/f2/required",
		"contradiction a/body/f3/required",
		"contradiction a/example/1/all a/example-coverage",
		"omission a/code/400 b/code/400",
		"omission b/code/409",
		"omission c/code/200 c/code/400",
		"omission a/body/x/width a/body/y/width",
		"omission a/body/z/width",
		"omission a/response b/response",
		"omission openapi/op/response openapi-other/op/response",
		"style a/markup/list/code-200",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A baseline accepts what it has, and says what of it is not found any more.
func TestBaseline(t *testing.T) {
	t.Parallel()
	claims := []claim.Claim{
		made("a/same", "a", claim.KindType, claim.Contradicted, "", ""),
		made("a/graver", "a", claim.KindType, claim.Contradicted, "", ""),
		made("a/mended", "a", claim.KindType, claim.Confirmed, "", ""),
		made("a/unclear", "a", claim.KindType, claim.NotRun, "", ""),
		made("a/new", "a", claim.KindType, claim.Undocumented, "", ""),
	}
	b := &Baseline{Version: 1}
	for _, e := range []struct {
		id string
		v  claim.Verdict
	}{{"a/same", claim.Contradicted}, {"a/graver", claim.Undocumented}, {"a/mended", claim.Undocumented}, {"a/unclear", claim.Contradicted}, {"a/gone", claim.Contradicted}, {"b/other", claim.Contradicted}} {
		b.Entries = append(b.Entries, Entry{Claim: e.id, Page: e.id[:1], Verdict: e.v})
	}
	whole := func(e Entry) bool { return e.Page == "a" }
	var accepted []string
	for _, c := range claims {
		if c.Finding() && b.Accepts(c) {
			accepted = append(accepted, c.ID)
		}
	}
	if got := strings.Join(accepted, " "); got != "a/same" {
		t.Errorf("accepted: %s", got)
	}
	var stale []string
	for _, s := range b.Stale(claims, whole) {
		stale = append(stale, s.Claim)
	}
	if got := strings.Join(stale, " "); got != "a/graver a/mended a/gone" {
		t.Errorf("stale: %s", got)
	}

	renewed := b.With([]Entry{{Claim: "a/new", Page: "a", Verdict: claim.Undocumented, Says: "x: \"y\"\nz"}}, whole)
	var text bytes.Buffer
	if err := renewed.Write(&text); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "baseline.yaml")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := LoadBaseline(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(renewed.Entries, again.Entries); diff != "" || len(again.Entries) != 2 {
		t.Errorf("written and read again: %s", diff)
	}
}

func TestBaselinesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another version": "baseline: 2\nfindings: []\n",
		"no version":      "findings: []\n",
		"unknown key":     "baseline: 1\nfindings: []\nmore: 1\n",
		"no verdict":      "baseline: 1\nfindings: [{claim: a/b, page: a}]\n",
		"no finding":      "baseline: 1\nfindings: [{claim: a/b, page: a, verdict: CONFIRMED}]\n",
		"no YAML":         "\t:",
		"empty":           "",
	} {
		file := filepath.Join(t.TempDir(), "baseline.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadBaseline(file); err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadBaseline(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "--update-baseline") {
		t.Errorf("a missing file: %v", err)
	}
	if (*Baseline)(nil).Accepts(claim.Claim{}) || (*Baseline)(nil).Stale(nil, nil) != nil {
		t.Error("no baseline accepts something")
	}
}

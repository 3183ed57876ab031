package requirement

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const coverageCatalogue = `requirements:
  - {id: a.one, statement: It MUST be one., profile: documented, sources: [page]}
  - {id: a.two, statement: It MUST be two., profile: contract, sources: [page]}
`

func TestCoverageCheck(t *testing.T) {
	t.Parallel()
	cat, err := Parse([]byte(coverageCatalogue))
	if err != nil {
		t.Fatal(err)
	}
	const page = "pages:\n  - page: p\n    title: P\n    facts:\n"
	for name, tt := range map[string]struct{ text, problem string }{
		"right":          {page + "      - {fact: It is one., requirements: [a.one]}\n      - {fact: It is blue., not_testable: No one sees.}", ""},
		"differs":        {page + "      - {fact: It is one., requirements: [a.one], differs: It is two.}", ""},
		"neither":        {page + "      - {fact: It is one., requirements: [a.one]}\n      - {fact: It is two.}", "either requirements or a reason"},
		"both":           {page + "      - {fact: It is one., requirements: [a.one], not_testable: No.}", "either requirements or a reason"},
		"unknown":        {page + "      - {fact: It is one., requirements: [a.one, a.three]}", "there is no requirement a.three"},
		"not covered":    {page + "      - {fact: It is two., requirements: [a.two]}", "documented requirement a.one"},
		"twice":          {page + "      - {fact: F., requirements: [a.one]}\n      - {fact: F., requirements: [a.one]}", "there twice"},
		"without facts":  {"pages:\n  - {page: p, title: P}\n  - page: q\n    title: Q\n    facts: [{fact: F., requirements: [a.one]}]", "has no facts"},
		"a page unnamed": {"pages:\n  - title: Q\n    facts: [{fact: F., requirements: [a.one]}]", "lacks a name"},
	} {
		c, err := LoadCoverage(fstest.MapFS{CoverageFile: {Data: []byte(tt.text)}}, "")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := strings.Join(c.Check(cat), "\n")
		if (tt.problem == "") != (got == "") || !strings.Contains(got, tt.problem) {
			t.Errorf("%s: problems %q, want %q", name, got, tt.problem)
		}
	}
}

func TestLoadCoverage(t *testing.T) {
	t.Parallel()
	if _, err := LoadCoverage(fstest.MapFS{}, ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	for _, text := range []string{"pages: [{page: p, tittle: P}]", "", "pages: 1"} {
		if _, err := LoadCoverage(fstest.MapFS{CoverageFile: {Data: []byte(text)}}, ""); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

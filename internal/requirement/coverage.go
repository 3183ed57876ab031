package requirement

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// CoverageFile is the name of the coverage in the folder of features.
const CoverageFile = "coverage.yaml"

// Coverage maps what reference pages say to the requirements that prove it.
type Coverage struct {
	Pages []Page `yaml:"pages"`

	folder string // of the requirements that it is about
}

// Page is one reference page.
type Page struct {
	// Name is that of the page's file, without its ending.
	Name  string `yaml:"page"`
	Title string `yaml:"title"`
	Facts []Fact `yaml:"facts"`
}

// Fact is one thing that a page says. Either requirements prove it, or it is
// not testable for a reason.
type Fact struct {
	Fact         string   `yaml:"fact"`
	Requirements []string `yaml:"requirements"`
	// Differs says how it is instead, where the page is not right.
	Differs     string `yaml:"differs"`
	NotTestable string `yaml:"not_testable"`
}

// LoadCoverage reads the coverage from the root of fsys, which is about the
// requirements beside it; the paths of their files begin with name. The error names the
// first thing wrong. An error that wraps fs.ErrNotExist says that there is none.
func LoadCoverage(fsys fs.FS, name string) (*Coverage, error) {
	raw, err := fs.ReadFile(fsys, CoverageFile)
	if err != nil {
		return nil, fmt.Errorf("read the coverage: %w", err)
	}
	var c Coverage
	if err := strict(raw, &c); err != nil {
		return nil, fmt.Errorf("read the coverage %s: %w", CoverageFile, err)
	}
	c.folder = path.Clean(name)
	return &c, nil
}

// Check says what is wrong with the coverage, one line a problem: facts that
// are neither proven nor excused, requirements that the catalogue does not
// have, and documented requirements that no page is the source of.
func (c *Coverage) Check(cat *Catalogue) []string {
	var problems []string
	problem := func(format string, args ...any) {
		problems = append(problems, CoverageFile+": "+fmt.Sprintf(format, args...))
	}
	covered, pages := map[string]bool{}, map[string]bool{}
	for _, p := range c.Pages {
		if pages[p.Name] || p.Name == "" || p.Title == "" {
			problem("page %q is there twice, or lacks a name or a title", p.Name)
		}
		pages[p.Name] = true
		if len(p.Facts) == 0 {
			problem("page %s: it has no facts", p.Name)
		}
		var facts []string
		for _, f := range p.Facts {
			if f.Fact == "" || slices.Contains(facts, f.Fact) {
				problem("page %s: fact %q is empty or there twice", p.Name, f.Fact)
			}
			facts = append(facts, f.Fact)
			if (len(f.Requirements) == 0) == (f.NotTestable == "") {
				problem("page %s: fact %q has to have either requirements or a reason why it is not_testable", p.Name, f.Fact)
			}
			for _, id := range f.Requirements {
				covered[id] = true
				if _, ok := cat.Get(id); !ok {
					problem("page %s: fact %q: there is no requirement %s", p.Name, f.Fact, id)
				}
			}
		}
	}
	for _, r := range cat.All() {
		if r.Profile == "documented" && !covered[r.ID] && path.Dir(r.File) == c.folder {
			problem("no fact of a page names the documented requirement %s", r.ID)
		}
	}
	return problems
}

// Counts returns how many facts there are, how many of them requirements
// prove, and how many of those are another way than the page says.
func (c *Coverage) Counts() (facts, proven, differ int) {
	for _, p := range c.Pages {
		for _, f := range p.Facts {
			facts++
			if len(f.Requirements) > 0 {
				proven++
			}
			if f.Differs != "" {
				differ++
			}
		}
	}
	return facts, proven, differ
}

// String describes in one line what becomes of the fact.
func (f Fact) String() string {
	if f.NotTestable != "" {
		return "not testable: " + f.NotTestable
	}
	return "proven by " + strings.Join(f.Requirements, ", ")
}

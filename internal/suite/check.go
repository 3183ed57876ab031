package suite

import (
	"fmt"

	"github.com/esconform/esconform/steps"
)

// Check looks for everything that must agree: each step has exactly one
// definition, each requirement of the catalogue has a scenario of its profile,
// each fact of the reference pages a requirement or an excuse.
// It returns one line a problem.
func (s *Suite) Check() []string {
	var problems []string
	defs := steps.Definitions()
	for _, c := range s.Cases {
		for _, st := range c.Steps {
			matching := 0
			for _, d := range defs {
				if d.Pattern.MatchString(st.Text) {
					matching++
				}
			}
			if matching != 1 {
				problems = append(problems, fmt.Sprintf("%s:%d: step %q has %d definitions, want 1; see \"esconform steps\"", c.File, st.Line, st.Text, matching))
			}
		}
	}
	proven := map[string]bool{}
	for _, c := range s.Cases {
		for _, id := range c.Requirements {
			proven[id] = true
			if r, ok := s.Catalogue.Get(id); ok && !r.Versions().Overlaps(c.Versions) {
				problems = append(problems, fmt.Sprintf("%s:%d: scenario %s never runs: requirement %s holds %s", c.File, c.Line, c.ID, id, r.Versions()))
			}
		}
	}
	for _, r := range s.Catalogue.All() {
		if !proven[r.ID] {
			problems = append(problems, fmt.Sprintf("%s: no scenario proves requirement %s", CatalogueFile, r.ID))
		}
	}
	if s.Coverage != nil {
		problems = append(problems, s.Coverage.Check(s.Catalogue)...)
	}
	return problems
}

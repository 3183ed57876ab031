package suite

import (
	"fmt"
	"slices"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/steps"
)

// checkSteps looks for steps that mean nothing or more than one thing.
func (s *Suite) checkSteps(c *Case) []string {
	var problems []string
	for _, st := range c.Steps {
		defs := s.meanings(st.Text)
		switch len(defs) {
		case 1:
		case 0:
			problems = append(problems, fmt.Sprintf("%s:%d: %s", c.File, st.Line, s.unread(st.Text)))
		default:
			problems = append(problems, fmt.Sprintf("%s:%d: step %q means several things: %q and %q; say it otherwise", c.File, st.Line, st.Text, defs[0].Text, defs[1].Text))
		}
	}
	return problems
}

// unread says that a step means nothing.
func (s *Suite) unread(text string) string {
	return fmt.Sprintf("no step reads %q%s; see \"esconform steps\", and for the resources that steps speak of \"esconform list --apis\"", text, s.nearestStep(text))
}

// demands reports whether a step can fail the target, or is none that is known.
func (s *Suite) demands(c *Case) bool {
	return slices.ContainsFunc(c.Steps, func(st CaseStep) bool {
		defs := s.meanings(st.Text)
		return len(defs) != 1 || defs[0].Demands()
	})
}

func (s *Suite) meanings(text string) []steps.Definition {
	var defs []steps.Definition
	for _, d := range s.Steps {
		if d.Pattern.MatchString(text) {
			defs = append(defs, d)
		}
	}
	return defs
}

// nearestStep offers the step that somebody probably meant. What stands in
// quotes is theirs and does not count.
func (s *Suite) nearestStep(text string) string {
	var texts []string
	for _, d := range s.Steps {
		texts = append(texts, d.Text)
	}
	return nearest.Hint(steps.Unquoted(text), texts)
}

// Check looks for everything that must agree: each step has exactly one
// definition, each requirement of the catalogue has a scenario of its profile,
// each fact of the reference pages a requirement or an excuse.
// It returns one line a problem.
func (s *Suite) Check() []string {
	var problems []string
	for _, c := range s.Cases {
		if c.Rest != nil {
			problems = append(problems, c.checkRest()...)
			continue
		}
		problems = append(problems, s.checkSteps(c)...)
		problems = append(problems, s.checkFiles(c)...)
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
		if r.Uncovered {
			continue
		}
		for _, pattern := range slices.Concat(r.Checks, r.Owns, r.Basis) {
			if !steps.KnownCheck(pattern) {
				problems = append(problems, fmt.Sprintf("%s: requirement %s is about the check %q, which no step makes; see steps/check.go", r.File, r.ID, pattern))
			}
		}
		if !proven[r.ID] {
			problems = append(problems, fmt.Sprintf("%s: no scenario proves requirement %s", r.File, r.ID))
		}
	}
	if s.Checks != nil {
		for _, api := range s.Checks.Complete {
			problems = append(problems, s.Table(api).Check()...)
		}
	}
	if s.Coverage != nil {
		problems = append(problems, s.Coverage.Check(s.Catalogue)...)
	}
	return problems
}

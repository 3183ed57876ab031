package suite

import (
	"fmt"
	"slices"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/steps"
)

// checkSteps looks for steps that mean nothing or more than one thing, and for
// patterns that are none.
func (s *Suite) checkSteps(c *Case) []string {
	var problems []string
	for _, st := range c.Steps {
		_, err := s.definition(st.Text)
		if err == nil {
			err = steps.CheckPattern(st.Text)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s:%d: %s", c.File, st.Line, err))
		}
	}
	return problems
}

// misreadError is about a step that means nothing or more than one thing.
type misreadError struct{ what string }

func (e *misreadError) Error() string { return e.what }

// definition is the one step of the vocabulary that a text stands for.
func (s *Suite) definition(text string) (*steps.Definition, error) {
	switch defs := s.meaning(text).steps; len(defs) {
	case 1:
		return defs[0], nil
	case 0:
		return nil, &misreadError{fmt.Sprintf("no step reads %q%s; see \"esconform steps\", and for the resources that steps speak of \"esconform list --apis\"", text, s.nearestStep(text))}
	default:
		return nil, &misreadError{fmt.Sprintf("step %q means several things: %q and %q; say it otherwise", text, defs[0].Text, defs[1].Text)}
	}
}

// demands reports whether a step can fail the target, or is none that is known.
func (s *Suite) demands(c *Case) bool {
	return slices.ContainsFunc(c.Steps, func(st CaseStep) bool {
		defs := s.meaning(st.Text).steps
		return len(defs) != 1 || defs[0].Demands()
	})
}

// meaning is what the text of a step stands for.
type meaning struct {
	steps  []*steps.Definition // exactly one, where nothing is wrong
	family string              // that it speaks of, or ""
}

// meaning finds out what a text stands for, once: the vocabulary is large, and
// the rows of an outline say the same.
func (s *Suite) meaning(text string) *meaning {
	if m, known := s.read.Load(text); known {
		return m.(*meaning)
	}
	m := &meaning{}
	for i := range s.Steps {
		d := &s.Steps[i]
		if !d.Pattern.MatchString(text) {
			continue
		}
		m.steps = append(m.steps, d)
		if m.family == "" {
			m.family = d.Speaks(text, s.Families)
		}
	}
	s.read.Store(text, m)
	return m
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

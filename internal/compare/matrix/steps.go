package matrix

import (
	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/observe"
)

// Step is what changed from one version to the next, in answers.
type Step struct {
	From       string                `json:"from"`
	To         string                `json:"to"`
	Unexpected map[compare.Class]int `json:"unexpected"`
	Expected   int                   `json:"expected"`
	Titles     []string              `json:"titles,omitempty"` // of the unexpected ones
	Doubt      string                `json:"doubt,omitempty"`  // why the step could not be compared
}

// steps compares each version with the last one before it that came to
// outcomes: one that could not be started says nothing of its neighbours. A
// column that deviates is compared with its own version.
func (b *Builder) steps() []Step {
	var out []Step
	var last *side
	for _, c := range b.columns {
		if !c.ran() {
			continue
		}
		now := &side{name: c.Name()}
		now.set, now.err = c.observed()
		if last != nil {
			out = append(out, step(last, now))
		}
		if !c.Deviates {
			last = now
		}
	}
	return out
}

// side is one side of a step.
type side struct {
	name string
	set  *observe.Set
	err  error
}

func step(from, to *side) Step {
	s := Step{From: from.name, To: to.name, Unexpected: map[compare.Class]int{}}
	for _, side := range []*side{from, to} {
		if side.err != nil {
			s.Doubt = side.err.Error()
			return s
		}
	}
	c, err := compare.Compare(from.set, to.set, compare.Options{})
	if err != nil {
		s.Doubt = err.Error()
		return s
	}
	if len(c.Doubts) > 0 {
		s.Doubt = c.Doubts[0]
	}
	for _, o := range c.Outcomes {
		if o.Expected == "" {
			s.unexpected(o.Class, "requirement "+o.Requirement+": "+string(o.Old)+" before, "+string(o.New)+" now")
		}
	}
	for _, e := range c.Entries {
		if e.Expected != "" {
			if e.Count > 0 || len(e.Requirements) > 0 { // the runs show it
				s.Expected++
			}
			continue
		}
		s.unexpected(e.Class, e.Title)
	}
	return s
}

func (s *Step) unexpected(class compare.Class, title string) {
	s.Unexpected[class]++
	s.Titles = append(s.Titles, string(class)+": "+title)
}

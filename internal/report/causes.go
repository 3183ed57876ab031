package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// How much of what went wrong is shown while a run goes on: the first scenario
// of some causes as a whole, some more of each in a line.
const (
	wholeCauses = 5
	ofOneCause  = 3
	mostLines   = 20
)

// How much of it the end of a run shows, so that it fits on a screen: few
// causes with an example, more in a line.
const (
	endWhole = 3
	endLines = 7
)

// showing is how a scenario that did not pass is shown as it ends.
type showing int

const (
	counted showing = iota
	inALine
	asAWhole
)

// seenCauses knows what was shown of which cause.
type seenCauses struct {
	finder *cause.Finder
	of     map[cause.Key]int
	whole  map[string]bool // the scenarios that were shown as a whole
	lines  int
}

func newSeenCauses(run *result.Run) seenCauses {
	return seenCauses{finder: cause.NewFinder(run.RunID, run.Started), of: map[cause.Key]int{}, whole: map[string]bool{}}
}

func (c *seenCauses) note(s *result.Scenario) showing {
	key, _ := c.finder.Of(s)
	c.of[key]++
	if c.of[key] == 1 && len(c.whole) < wholeCauses {
		c.whole[s.ID] = true
		return asAWhole
	}
	if c.of[key] > ofOneCause || c.lines == mostLines {
		return counted
	}
	c.lines++
	return inALine
}

// told reports whether all of a cause was shown as a whole.
func (c *seenCauses) told(one result.Cause) bool {
	return !slices.ContainsFunc(one.Scenarios, func(id string) bool { return !c.whole[id] })
}

// tellCauses says what went wrong, unless all of it was shown as it came.
func (t *Terminal) tellCauses(run *result.Run) {
	if !slices.ContainsFunc(run.Causes, func(c result.Cause) bool { return !t.causes.told(c) }) {
		return
	}
	byID := run.ScenarioOf()
	whole := endWhole
	if len(run.Causes) > endWhole {
		whole--
	}
	fmt.Fprintf(t.out, "\n%s of what went wrong, each with its simplest scenario\n", result.Plural(len(run.Causes), "cause"))
	for i := range run.Causes {
		c := &run.Causes[i]
		switch {
		case i < whole:
			t.cause(c, byID[c.Scenarios[0]])
		case i < endLines:
			t.causeTitle(c, c.Scenarios[0])
		default:
			fmt.Fprintf(t.out, "… and %s, see %s\n", result.Plural(len(run.Causes)-i, "more cause"), HTMLFile)
			return
		}
	}
}

func (t *Terminal) causeTitle(c *result.Cause, example string) {
	word := t.paint(c.Outcome, strings.ToUpper(string(c.Outcome)))
	fmt.Fprintf(t.out, "%s  %s  %s", word, result.Plural(c.Count, "scenario"), cut(c.Title()))
	if example != "" {
		fmt.Fprintf(t.out, "  (%s)", example)
	}
	fmt.Fprintln(t.out)
}

// cause shows a cause by its simplest scenario, a line for each of its parts.
func (t *Terminal) cause(c *result.Cause, sc *result.Scenario) {
	t.causeTitle(c, "")
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t.out, "  %-9s %s\n", name, within(t.width-12, value))
		}
	}
	if len(c.Requirements) > 0 && c.Outcome != result.Error {
		required := t.state[c.Requirements[0]]
		if n := len(c.Requirements) - 1; n > 0 {
			required += fmt.Sprintf(" (and %s)", result.Plural(n, "more requirement"))
		}
		row("required", required)
	}
	if f := sc.Failure; f != nil {
		row("expected", f.Expected)
		row("actual", f.Actual)
		if f.Exchange != nil && *f.Exchange < len(sc.Exchanges) {
			e := sc.Exchanges[*f.Exchange]
			row("request", wire.Curl(e, "$ES"))
			if f.Actual == "" {
				row("answer", Answer(e))
			}
			row("node", e.Node)
		}
	}
	such := strings.Join(c.Examples(), ", ")
	if n := c.Count - len(c.Examples()); n > 0 {
		such += fmt.Sprintf(" and %d more", n)
	}
	fmt.Fprintf(t.out, "  scenarios %s\n", such) // as a whole: somebody wants to copy an id
}

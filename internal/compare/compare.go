package compare

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Options are how to compare.
type Options struct {
	FailOn FailOn // default FailOnBreaking
	// Common compares what both runs have where their suites or selections
	// differ; without it such runs are refused.
	Common bool
	// OldName and NewName are what the runs are called in the comparison.
	OldName, NewName string
	// Known are the documented changes; default KnownChanges.
	Known []Known
}

// Compare says what changed from one run to another. Runs of different suites
// or selections are a *DifferentError.
func Compare(old, now *observe.Set, opt Options) (*Comparison, error) {
	if opt.FailOn == "" {
		opt.FailOn = FailOnBreaking
	}
	if opt.Known == nil {
		known, err := KnownChanges()
		if err != nil {
			return nil, err
		}
		opt.Known = known
	}
	refused := refusal(old, now)
	if refused != nil && !opt.Common {
		return nil, refused
	}
	c := &Comparison{
		Schema: FormatVersion, FailOn: opt.FailOn, Old: side(old, opt.OldName), New: side(now, opt.NewName),
		OnlyOld: missing(old, now), OnlyNew: missing(now, old), Outcomes: []OutcomeChange{}, Entries: []Entry{},
	}
	c.doubts(old, now, refused)
	g := newGroups(between(opt.Known, version(old), version(now)))
	if err := c.observations(old, now, g); err != nil {
		return nil, err
	}
	c.Outcomes = outcomes(old, now, g)
	c.Entries = g.entries(c.Outcomes)
	c.decide()
	return c, nil
}

func version(s *observe.Set) esversion.Version {
	v, _ := esversion.Parse(s.Header.Target.Version) // unknown where it is none
	return v
}

func side(s *observe.Set, name string) Side {
	h := s.Header
	return Side{
		Name: name, Target: h.Target, Suite: h.Suite, Selection: h.Selection, Verdict: h.Verdict, Reason: h.Reason, CutShort: h.CutShort,
		Scenarios: len(s.Scenarios), Exchanges: s.Count(),
	}
}

func (c *Comparison) doubts(old, now *observe.Set, refused error) {
	for _, s := range []struct {
		name string
		set  *observe.Set
	}{{"old", old}, {"new", now}} {
		if why, whole := s.set.Whole(); !whole {
			c.Doubts = append(c.Doubts, "the "+s.name+" side is incomplete: "+why)
		}
	}
	var different *DifferentError
	if errors.As(refused, &different) {
		c.Doubts = append(c.Doubts, strings.TrimPrefix(different.What, "these runs cannot be compared: "))
	}
}

// observations compares the exchanges of every scenario that ran in both.
func (c *Comparison) observations(old, now *observe.Set, g *groups) error {
	c.Ignored = slices.Concat(old.Header.Noise, now.Header.Noise)
	noise := map[string][]observe.Noise{}
	for _, n := range c.Ignored {
		noise[n.Scenario] = append(noise[n.Scenario], n)
	}
	byID := make(map[string]*observe.Scenario, len(old.Scenarios))
	for i := range old.Scenarios {
		byID[old.Scenarios[i].ID] = &old.Scenarios[i]
	}
	var todo []task
	flush := func() error {
		defer func() { todo = todo[:0] }()
		return c.compareAll(todo, noise, g)
	}
	for i := range now.Scenarios {
		b := &now.Scenarios[i]
		a := byID[b.ID]
		if a == nil {
			continue
		}
		if a.Same(b) {
			c.Compared += b.Count()
			continue
		}
		if !ran(a) || !ran(b) {
			c.Unpaired += a.Count() + b.Count()
			continue
		}
		if todo = append(todo, task{a, b}); len(todo) == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// batch is how many scenarios are decoded at a time: enough to keep all
// processors busy, few enough to need little memory.
const batch = 64

type task struct{ a, b *observe.Scenario }

// compareAll compares scenarios side by side and takes the results over in
// order.
func (c *Comparison) compareAll(todo []task, noise map[string][]observe.Noise, g *groups) error {
	done := make([]*scenario, len(todo))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range todo {
		group.Go(func() error {
			var err error
			done[i], err = compareScenario(t.a, t.b, noise[t.b.ID])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, s := range done {
		c.Compared += s.compared
		c.Unpaired += s.unpaired
		for j := range s.found {
			g.add(todo[i].b, &s.found[j])
		}
	}
	return nil
}

func ran(s *observe.Scenario) bool { return s.Outcome != result.Skipped && s.Outcome != result.NotRun }

// decide comes to a verdict. A difference that was expected does not fail the
// gate; the absence of differences counts only where both runs are whole.
func (c *Comparison) decide() {
	gating, others := 0, 0
	count := func(class Class, expected string) {
		switch {
		case expected != "":
		case c.FailOn.fails(class):
			gating++
		default:
			others++
		}
	}
	for _, o := range c.Outcomes {
		count(o.Class, o.Expected)
	}
	for _, e := range c.Entries {
		count(e.Class, e.Expected)
	}
	switch {
	case gating > 0:
		c.Verdict, c.Reason = result.Nonconformant, fmt.Sprintf("%s that --fail-on %s does not let pass", result.Plural(gating, "unexpected change"), c.FailOn)
	case len(c.Doubts) > 0:
		c.Verdict, c.Reason = result.Inconclusive, "what was not seen may have changed: "+c.Doubts[0]
	case c.Compared == 0:
		c.Verdict, c.Reason = result.Inconclusive, "the runs have no exchange in common, so nothing was compared"
	case others > 0:
		c.Verdict, c.Reason = result.Conformant, fmt.Sprintf("%s, none of which fails --fail-on %s", result.Plural(others, "unexpected change"), c.FailOn)
	default:
		c.Verdict, c.Reason = result.Conformant, fmt.Sprintf("no unexpected change in %s", result.Plural(c.Compared, "exchange"))
	}
	c.ExitCode = c.Verdict.ExitCode()
}

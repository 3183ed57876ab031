package compare

import (
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// outcomes lists the requirements that turned out otherwise.
func outcomes(old, now *observe.Set, g *groups) []OutcomeChange {
	before := map[string]observe.Requirement{}
	for _, r := range old.Requirements {
		before[r.ID] = r
	}
	moved := movedScenarios(old, now)
	out := []OutcomeChange{}
	for _, r := range now.Requirements {
		was, had := before[r.ID]
		delete(before, r.ID)
		c := OutcomeChange{Requirement: r.ID, Statement: r.Statement, Profile: r.Profile, Old: was.Outcome, New: r.Outcome, Reason: r.Reason, Scenarios: moved[r.ID]}
		switch {
		case !had:
			c.Change, c.Class = New, Additive
		case was.Outcome == r.Outcome:
			continue
		default:
			c.Change, c.Class = judge(was.Outcome, r.Outcome)
			if c.Change == NewlyApplying {
				c.Reason = was.Reason
			}
			c.Expected = g.expectedOutcome(&c)
		}
		out = append(out, c)
	}
	for _, r := range old.Requirements {
		if _, gone := before[r.ID]; gone {
			out = append(out, OutcomeChange{Requirement: r.ID, Statement: r.Statement, Profile: r.Profile, Change: Gone, Class: Behaviour, Old: r.Outcome})
		}
	}
	slices.SortStableFunc(out, func(a, b OutcomeChange) int { return a.Class.rank() - b.Class.rank() })
	return out
}

// judge names a change of outcome and classes it.
func judge(old, now result.Outcome) (string, Class) {
	failing := func(o result.Outcome) bool { return o == result.Failed || o == result.Flaky }
	switch {
	case failing(now):
		return NewlyFailing, Breaking
	case now == result.Skipped:
		return NewlySkipped, Behaviour
	case old == result.Skipped && (now == result.Passed || now == result.Waived): // what is waived is known
		return NewlyApplying, Additive
	case now == result.Passed && failing(old):
		return Fixed, Behaviour
	}
	return Undecided, Behaviour
}

// movedScenarios lists, by requirement, the scenarios with another outcome.
func movedScenarios(old, now *observe.Set) map[string][]string {
	before := map[string]result.Outcome{}
	for i := range old.Scenarios {
		before[old.Scenarios[i].ID] = old.Scenarios[i].Outcome
	}
	out := map[string][]string{}
	for i := range now.Scenarios {
		sc := &now.Scenarios[i]
		if o, had := before[sc.ID]; had && o != sc.Outcome {
			ids := sc.Requirements
			if len(sc.Blames) > 0 {
				ids = sc.Blames
			}
			for _, id := range ids {
				out[id] = append(out[id], sc.ID)
			}
		}
	}
	return out
}

// versionReason is why a scenario is skipped that does not hold for the
// version of the target.
var versionReason = regexp.MustCompile(`\bholds (since .*?|until .*?); the target is `)

// expectedOutcome explains a requirement that begins or ceases to hold between
// the two versions, from a known change or from its range of versions.
func (g *groups) expectedOutcome(c *OutcomeChange) string {
	if c.Change != NewlyApplying && c.Change != NewlySkipped {
		return ""
	}
	m := versionReason.FindStringSubmatch(c.Reason)
	if m == nil {
		return ""
	}
	for i := range g.known {
		k := &g.known[i]
		if k.Since != "" && strings.Contains(m[1], k.Since) && k.requirement(c.Requirement) {
			g.met[k.ID] = append(g.met[k.ID], c.Requirement)
			return k.explanation()
		}
	}
	return "expected: it holds " + m[1]
}

func (k *Known) explanation() string { return "expected: since " + k.Since + " " + k.Change }

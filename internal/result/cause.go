package result

import (
	"slices"
	"strings"
)

// Cause is what went wrong in scenarios that differ in nothing else: the same
// was looked at, at the same endpoint, and differs in the same.
type Cause struct {
	Outcome   Outcome `json:"outcome"`        // failed, flaky or error
	Statement string  `json:"statement"`      // what went wrong, in one line
	Call      string  `json:"call,omitempty"` // method and route
	Count     int     `json:"count"`          // of scenarios
	// Requirements are those that are held against the target.
	Requirements []string `json:"requirements,omitempty" text:"own"`
	Scenarios    []string `json:"scenarios" text:"own"` // the simplest first
}

// Examples are the scenarios that a cause is shown by: the simplest.
func (c *Cause) Examples() []string { return c.Scenarios[:min(len(c.Scenarios), 3)] }

// Title is the cause in one line: where, and what.
func (c *Cause) Title() string {
	if c.Call == "" || strings.Contains(c.Statement, c.Call) {
		return c.Statement
	}
	return c.Call + ": " + c.Statement
}

// CauseOf finds the cause of a scenario by its id.
func (r *Run) CauseOf() map[string]*Cause {
	of := map[string]*Cause{}
	for i := range r.Causes {
		for _, id := range r.Causes[i].Scenarios {
			of[id] = &r.Causes[i]
		}
	}
	return of
}

// ScenarioOf finds a scenario by its id.
func (r *Run) ScenarioOf() map[string]*Scenario {
	of := make(map[string]*Scenario, len(r.Scenarios))
	for i := range r.Scenarios {
		of[r.Scenarios[i].ID] = &r.Scenarios[i]
	}
	return of
}

// Alike are scenarios with one outcome for one reason.
type Alike struct {
	Reason    string
	Scenarios []*Scenario
}

// ByReason gathers the scenarios with an outcome by their reason, the reason of
// the most first.
func ByReason(scenarios []Scenario, o Outcome) []Alike {
	var all []Alike
	at := map[string]int{}
	for i := range scenarios {
		sc := &scenarios[i]
		if sc.Outcome != o {
			continue
		}
		if _, ok := at[sc.Reason]; !ok {
			at[sc.Reason] = len(all)
			all = append(all, Alike{Reason: sc.Reason})
		}
		one := &all[at[sc.Reason]]
		one.Scenarios = append(one.Scenarios, sc)
	}
	slices.SortStableFunc(all, func(a, b Alike) int { return len(b.Scenarios) - len(a.Scenarios) })
	return all
}

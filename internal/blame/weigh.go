package blame

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/result"
)

// Weigh returns the requirements with their outcomes, and the ids of the
// scenarios that say something of them: the worst outcome among these. Blames
// of the scenarios have to be settled before.
func Weigh(reqs []result.Requirement, scenarios []result.Scenario) []result.Requirement {
	concerning := map[string][]result.Scenario{}
	for _, sc := range scenarios {
		for _, id := range concerned(sc) {
			concerning[id] = append(concerning[id], sc)
		}
	}
	out := slices.Clone(reqs)
	for i := range out {
		r := &out[i]
		r.Outcome, r.Reason = worst(r.ID, concerning[r.ID])
		r.Scenarios = nil
		for _, sc := range concerning[r.ID] {
			r.Scenarios = append(r.Scenarios, sc.ID)
		}
	}
	return out
}

// concerned are the requirements that a scenario is there for or that its
// failure is held against.
func concerned(sc result.Scenario) []string {
	ids := slices.Clone(sc.Requirements)
	for _, id := range sc.Blames {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// bySeverity orders outcomes as a requirement takes them over. Skipped counts
// only where nothing else happened: what another scenario proved stays proven.
var bySeverity = []result.Outcome{result.Failed, result.Flaky, result.Error, result.NotRun, result.Waived, result.Passed, result.Skipped}

// Worse reports whether a requirement takes over outcome a rather than b.
func Worse(a, b result.Outcome) bool {
	return slices.Index(bySeverity, a) < slices.Index(bySeverity, b)
}

// worst returns the outcome of a requirement. A failure that is held against
// another requirement says nothing of this one.
func worst(id string, scenarios []result.Scenario) (result.Outcome, string) {
	for _, o := range bySeverity {
		for _, sc := range scenarios {
			if sc.Outcome == o && (len(sc.Blames) == 0 || slices.Contains(sc.Blames, id)) {
				return o, sc.Reason
			}
		}
	}
	if len(scenarios) == 0 {
		return result.NotRun, "none of its scenarios is part of this run"
	}
	sc := scenarios[0]
	return result.NotRun, fmt.Sprintf("not proven: %s failed at what %s requires", sc.ID, strings.Join(sc.Blames, ", "))
}

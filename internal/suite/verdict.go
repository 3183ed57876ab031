package suite

import (
	"fmt"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
)

// Requirements returns every requirement of the catalogue with its outcome.
func Requirements(cat *requirement.Catalogue, scenarios []result.Scenario) []result.Requirement {
	reqs := []result.Requirement{}
	for _, r := range cat.All() {
		reqs = append(reqs, result.Requirement{
			ID: r.ID, Statement: r.Statement, Profile: r.Profile, Sources: r.Sources,
			Versions: r.Versions().String(),
		})
	}
	return blame.Weigh(reqs, scenarios)
}

// Count counts scenarios by outcome.
func Count(scenarios []result.Scenario) map[result.Outcome]int {
	counts := map[result.Outcome]int{}
	for _, sc := range scenarios {
		counts[sc.Outcome]++
	}
	return counts
}

// Decide returns the verdict of a run and its reason in one sentence. Only a
// run in which something passed, and nothing broke, is conformant.
func Decide(counts map[result.Outcome]int, cutShort string) (result.Verdict, string) {
	bad := counts[result.Failed] + counts[result.Flaky]
	switch {
	case counts[result.Failed] > 0:
		return result.Nonconformant, result.Plural(bad, "scenario") + " did not get what is required"
	case counts[result.Flaky] > 0:
		return result.Nonconformant, result.Plural(bad, "scenario") + " did not give the same outcome each time"
	case cutShort != "":
		return result.Inconclusive, "the run was cut short: " + cutShort
	case counts[result.Error] > 0:
		return result.Inconclusive, result.Plural(counts[result.Error], "scenario") + " could not be carried out"
	case counts[result.NotRun] > 0:
		return result.Inconclusive, result.Plural(counts[result.NotRun], "scenario") + " did not run"
	case counts[result.Passed] == 0:
		return result.Inconclusive, "no scenario passed, so nothing was proven"
	case counts[result.Waived] > 0:
		return result.Conformant, fmt.Sprintf("%s passed; %s waived", result.Plural(counts[result.Passed], "scenario"), result.Plural(counts[result.Waived], "known deviation"))
	}
	return result.Conformant, result.Plural(counts[result.Passed], "scenario") + " passed"
}

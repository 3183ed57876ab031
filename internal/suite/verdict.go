package suite

import (
	"fmt"

	"github.com/esconform/esconform/internal/catalogue"
	"github.com/esconform/esconform/internal/result"
)

// Requirements returns every requirement of the catalogue with its outcome:
// the worst among the scenarios that prove it.
func Requirements(cat *catalogue.Catalogue, scenarios []result.Scenario) []result.Requirement {
	byReq := map[string][]result.Scenario{}
	for _, sc := range scenarios {
		for _, id := range sc.Requirements {
			byReq[id] = append(byReq[id], sc)
		}
	}
	var reqs []result.Requirement
	for _, r := range cat.All() {
		req := result.Requirement{
			ID: r.ID, Statement: r.Statement, Profile: r.Profile, Sources: r.Sources,
			Versions: r.Versions().String(),
		}
		req.Outcome, req.Reason = worst(byReq[r.ID])
		for _, sc := range byReq[r.ID] {
			req.Scenarios = append(req.Scenarios, sc.ID)
		}
		reqs = append(reqs, req)
	}
	return reqs
}

// worst returns the outcome of a requirement. Skipped counts only where
// nothing else happened: what another scenario proved stays proven.
func worst(scenarios []result.Scenario) (result.Outcome, string) {
	for _, o := range []result.Outcome{result.Failed, result.Flaky, result.Error, result.NotRun, result.Waived, result.Passed, result.Skipped} {
		for _, sc := range scenarios {
			if sc.Outcome == o {
				return o, sc.Reason
			}
		}
	}
	return result.NotRun, "none of its scenarios is part of this run"
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
		return result.Nonconformant, plural(bad, "scenario") + " did not get what is required"
	case counts[result.Flaky] > 0:
		return result.Nonconformant, plural(bad, "scenario") + " did not give the same outcome each time"
	case cutShort != "":
		return result.Inconclusive, "the run was cut short: " + cutShort
	case counts[result.Error] > 0:
		return result.Inconclusive, plural(counts[result.Error], "scenario") + " could not be carried out"
	case counts[result.NotRun] > 0:
		return result.Inconclusive, plural(counts[result.NotRun], "scenario") + " did not run"
	case counts[result.Passed] == 0:
		return result.Inconclusive, "no scenario passed, so nothing was proven"
	case counts[result.Waived] > 0:
		return result.Conformant, fmt.Sprintf("%s passed; %s waived", plural(counts[result.Passed], "scenario"), plural(counts[result.Waived], "known deviation"))
	}
	return result.Conformant, plural(counts[result.Passed], "scenario") + " passed"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

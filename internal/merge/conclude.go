package merge

import (
	"cmp"
	"slices"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
)

// bySeverity orders outcomes as a requirement takes them over: the first that
// any of its scenarios has. Skipped comes last: what another scenario proved
// stays proven.
var bySeverity = []result.Outcome{result.Failed, result.Flaky, result.Error, result.NotRun, result.Waived, result.Passed, result.Skipped}

func severity(o result.Outcome) int { return slices.Index(bySeverity, o) }

// requirements gives each requirement the worst outcome of its scenarios. All
// shards list all requirements in the order of the catalogue.
func requirements(list []result.Requirement, scenarios []result.Scenario) []result.Requirement {
	proving := map[string][]result.Scenario{}
	for _, sc := range scenarios {
		for _, id := range sc.Requirements {
			proving[id] = append(proving[id], sc)
		}
	}
	out := slices.Clone(list)
	for i := range out {
		r := &out[i]
		r.Scenarios = nil
		r.Outcome, r.Reason = result.NotRun, "none of its scenarios is part of this run"
		for _, sc := range proving[r.ID] {
			if len(r.Scenarios) == 0 || severity(sc.Outcome) < severity(r.Outcome) {
				r.Outcome, r.Reason = sc.Outcome, sc.Reason
			}
			r.Scenarios = append(r.Scenarios, sc.ID)
		}
	}
	return out
}

// waiverStates orders the states as several shards that see parts of a waiver
// add up.
var waiverStates = []string{waiver.Used, waiver.Expired, waiver.Stale, waiver.NotApplicable}

// waivers joins what the shards say of each waiver. Whether a waiver is stale
// no shard can say that lacks some of its scenarios; apply the file to the
// merged run for that.
func waivers(shards []Shard) []result.WaiverUse {
	type key struct {
		line int
		id   string
	}
	at := map[key]int{}
	var out []result.WaiverUse
	for _, s := range shards {
		for _, use := range s.Run.Waivers {
			k := key{use.Line, use.ID}
			i, seen := at[k]
			if !seen {
				at[k] = len(out)
				out = append(out, use)
				continue
			}
			scenarios := slices.Concat(out[i].Scenarios, use.Scenarios)
			if slices.Index(waiverStates, use.State) < slices.Index(waiverStates, out[i].State) {
				out[i] = use
			}
			out[i].Scenarios = scenarios
		}
	}
	slices.SortStableFunc(out, func(a, b result.WaiverUse) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

package merge

import (
	"cmp"
	"slices"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
)

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

package waiver

import (
	"slices"
	"testing"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/waivers"
)

// What the project ships is a waiver file as any other, and nobody is asked to
// mend it.
func TestOfElasticsearch(t *testing.T) {
	t.Parallel()
	whole, err := Parse(waivers.Known.Name, waivers.Known.Data)
	if err != nil || len(whole.Waivers) == 0 {
		t.Fatalf("%d waivers, %v", len(whole.Waivers), err)
	}
	unmapped, err := Parse(waivers.Unmapped.Name, waivers.Unmapped.Data)
	if err != nil || len(unmapped.Waivers) == 0 {
		t.Fatalf("%d waivers, %v", len(unmapped.Waivers), err)
	}
	for _, w := range slices.Concat(whole.Waivers, unmapped.Waivers) {
		if w.Expires != Never {
			t.Errorf("%s expires %s", w.ID, w.Expires)
		}
	}
	first := whole.Waivers[0].ID
	known := Known{Requirements: []string{first}, Scenarios: map[string][]string{"s": {first}}}
	list, err := OfElasticsearch(waivers.Known, known)
	if err != nil || len(list.Waivers) != 1 {
		t.Fatalf("%d waivers, %v; want the one that the suite has", len(list.Waivers), err)
	}
	for _, given := range []*List{nil, whole} { // also where somebody gives the same file
		r := &result.Run{Verdict: result.Conformant, Scenarios: []result.Scenario{{ID: "s", Requirements: []string{first}, Outcome: result.Passed}}}
		given.With(list).Apply(r, v953, lastDay)
		if given == nil && (len(r.Waivers) > 0 || Exit(r) != 0) {
			t.Errorf("on a server without the defect: %+v, exit code %d", r.Waivers, Exit(r))
		}
		if given != nil && len(r.Waivers) != len(whole.Waivers) {
			t.Errorf("%d waivers, want each once", len(r.Waivers))
		}
	}
}

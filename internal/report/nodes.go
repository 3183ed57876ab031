package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/result"
)

// byNode says how many failures are shown by answers of which node, where the
// target has several: one that answers otherwise than the others stands out.
func byNode(scenarios []result.Scenario) string {
	counts := map[string]int{}
	for _, sc := range scenarios {
		if f := sc.Failure; f != nil && f.Exchange != nil && *f.Exchange < len(sc.Exchanges) {
			counts[sc.Exchanges[*f.Exchange].Node]++
		}
	}
	delete(counts, "") // the only node has no name
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%d by answers of %s", counts[name], name)
	}
	return strings.Join(names, ", ")
}

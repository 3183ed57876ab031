package operation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// joined has one finding for each cause: the first, with the number of times
// that it shows and the operations that it shows in.
func joined(claims []*claim.Claim) []*claim.Claim {
	first := map[string]*claim.Claim{}
	count := map[*claim.Claim]int{}
	var out []*claim.Claim
	for _, c := range claims {
		key := c.Cause
		if key == "" {
			// The same place of the document, where several operations share it.
			key = fmt.Sprint(c.Pointer, " ", c.Kind, " ", c.Verdict, " ", c.Documented)
		}
		if !c.Finding() || c.Pointer == "" && c.Cause == "" {
			out = append(out, c)
			continue
		}
		if known := first[key]; known != nil {
			count[known]++
			known.Changes = append(known.Changes, c.Changes...)
			for _, id := range c.Operations {
				if !slices.Contains(known.Operations, id) {
					known.Operations = append(known.Operations, id)
				}
			}
			continue
		}
		first[key], count[c] = c, 1
		out = append(out, c)
	}
	for c, n := range count {
		if n > 1 {
			c.Reason = fmt.Sprintf("this shows %d times, in %s", n, listed(c.Operations))
		}
	}
	return out
}

const maxListed = 10

// listed names the first operations.
func listed(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	more := ""
	if len(ids) > maxListed {
		more = " and others"
	}
	return fmt.Sprintf("%d operations: %s%s", len(ids), strings.Join(firstOf(ids, maxListed), ", "), more)
}

package compare

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/observe"
)

// DifferentError says that two runs cannot be compared, and what is missing.
type DifferentError struct{ What string }

func (e *DifferentError) Error() string {
	return e.What + "; run both with the same esconform and the same selection, or compare what both have with --common"
}

// refusal returns why the runs cannot be compared as they are, or nil.
func refusal(a, b *observe.Set) error {
	var parts []string
	if a.Header.Suite.Digest != b.Header.Suite.Digest {
		parts = append(parts, fmt.Sprintf("the suites differ (digest %s and %s)", a.Header.Suite.Digest, b.Header.Suite.Digest))
	}
	if x, y := a.Header.Selection.Flags(), b.Header.Selection.Flags(); x != y {
		parts = append(parts, fmt.Sprintf("the selections differ (%s and %s)", x, y))
	}
	gone, added := missing(a, b), missing(b, a)
	if len(parts) == 0 && len(gone)+len(added) > 0 {
		parts = append(parts, "the scenarios differ")
	}
	if len(parts) == 0 {
		return nil
	}
	if len(gone) > 0 {
		parts = append(parts, "only the old run has "+someOf(gone))
	}
	if len(added) > 0 {
		parts = append(parts, "only the new run has "+someOf(added))
	}
	if len(gone)+len(added) == 0 {
		parts = append(parts, "both have the same scenarios by name")
	}
	return &DifferentError{"these runs cannot be compared: " + strings.Join(parts, "; ")}
}

// missing lists the scenarios of a that b does not have.
func missing(a, b *observe.Set) []string {
	have := make(map[string]bool, len(b.Scenarios))
	for i := range b.Scenarios {
		have[b.Scenarios[i].ID] = true
	}
	var out []string
	for i := range a.Scenarios {
		if id := a.Scenarios[i].ID; !have[id] {
			out = append(out, id)
		}
	}
	return out
}

func someOf(ids []string) string {
	const most = 5
	text := strings.Join(ids[:min(len(ids), most)], ", ")
	if len(ids) > most {
		text += fmt.Sprintf(" and %d more", len(ids)-most)
	}
	return fmt.Sprintf("%d: %s", len(ids), text)
}

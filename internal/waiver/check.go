package waiver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/nearest"
)

// Known is every id that the suite has, whatever is selected of it.
type Known struct {
	// Scenarios maps the id of each scenario to the requirements it proves.
	Scenarios map[string][]string
	// Requirements are the ids of all requirements.
	Requirements []string
}

// Check compares the ids of the list with those of the suite. An id without
// wildcards that the suite does not have is an error: it would waive nothing
// and look as if it did. A wildcard that matches nothing is no error here but
// makes the waiver stale, as a waiver whose scenarios were removed is. What
// Check learns lets Apply tell a scenario that was left out by a selection from
// one that does not exist.
func (l *List) Check(known Known) error {
	var unknown []string
	for _, w := range l.Waivers {
		w.scenarios = nil
		for id, reqs := range known.Scenarios {
			if w.covers(id, reqs) {
				w.scenarios = append(w.scenarios, id)
			}
		}
		slices.Sort(w.scenarios)
		w.known = len(w.scenarios) > 0 || slices.ContainsFunc(known.Requirements, w.matches)
		if !w.known && w.pattern == nil {
			unknown = append(unknown, fmt.Sprintf("%s:%d: unknown id %q%s", l.Path, w.Line, w.ID, nearest.Hint(w.ID, known.ids())))
		}
	}
	l.checked = true
	switch len(unknown) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("%s", unknown[0])
	default:
		return fmt.Errorf("%s (and %d more unknown ids in this file)", unknown[0], len(unknown)-1)
	}
}

func (k Known) ids() []string {
	ids := slices.Clone(k.Requirements)
	for id := range k.Scenarios {
		ids = append(ids, id)
		if outline, _, ok := strings.Cut(id, "/"); ok {
			ids = append(ids, outline)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

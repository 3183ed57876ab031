package reference

import (
	"regexp"
	"testing"
)

func TestCatalogueOfFaults(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	seen := map[string]bool{}
	for _, f := range Faults() {
		if seen[f.ID] || !form.MatchString(f.ID) {
			t.Errorf("fault id %q is bad or there twice", f.ID)
		}
		seen[f.ID] = true
		if len(f.Requirements) == 0 || f.Sentence == "" || f.Sentence[len(f.Sentence)-1] != '.' {
			t.Errorf("fault %s has no requirements or no sentence", f.ID)
		}
	}
	if len(seen) < 120 {
		t.Errorf("%d faults, want at least 120", len(seen))
	}
	t.Logf("%d faults", len(seen))
}

package steps_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/observe"
)

// What differs between versions of the embedded server is what the comparison
// knows of, and nothing else; a version does not differ from itself.
func TestVersionsDifferAsIsKnownAndInNothingElse(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves out what runs the whole suite on seven targets; run the test without it")
	}
	again, err := runWhole("9.5.3", 42)
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]*observe.Set{"9.5.3 again": again.observed}
	for version := range versions {
		sets[version] = wholeRunOf(t, version).observed
	}
	for _, tc := range []struct{ old, now, known string }{
		{"8.12.0", "8.13.0", "active-filtering list-order date-formats"},
		{"8.13.0", "8.14.0", "state-machine"},
		{"8.14.0", "8.15.0", "access-control-index service-type-required claim stats-metadata"},
		{"8.15.0", "8.19.21", "soft-delete"},
		{"8.19.21", "9.5.3", "privileges soft-delete compatible-with-9"},
		{"8.12.0", "8.14.0", "active-filtering state-machine list-order date-formats"},
		{"8.12.0", "9.5.3", "active-filtering access-control-index state-machine service-type-required privileges list-order soft-delete date-formats stats-metadata claim compatible-with-9"},
		{"9.5.3", "9.5.3 again", ""},
	} {
		c, err := compare.Compare(sets[tc.old], sets[tc.now], compare.Options{FailOn: compare.FailOnAny})
		if err != nil {
			t.Fatal(err)
		}
		if list := c.Unexpected(); len(list) > 0 {
			t.Errorf("%s to %s: unexpected differences: %s", tc.old, tc.now, titles(list))
		}
		for _, o := range c.Outcomes {
			if o.Expected == "" {
				t.Errorf("%s to %s: unexpected outcome of %s: %s to %s", tc.old, tc.now, o.Requirement, o.Old, o.New)
			}
		}
		var known []string
		for _, e := range c.Entries {
			known = append(known, e.Known)
		}
		want := strings.Fields(tc.known)
		slices.Sort(known)
		slices.Sort(want)
		if !slices.Equal(known, want) {
			t.Errorf("%s to %s: got the known changes %v, want %v", tc.old, tc.now, known, want)
		}
		if c.ExitCode != 0 {
			t.Errorf("%s to %s: exit code %d: %s", tc.old, tc.now, c.ExitCode, c.Reason)
		}
	}
}

func titles(entries []compare.Entry) string {
	var list []string
	for _, e := range entries {
		list = append(list, string(e.Class)+" "+e.Title)
	}
	return strings.Join(list, "; ")
}

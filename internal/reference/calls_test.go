package reference

import (
	"regexp"
	"slices"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/requirement"
)

// No call of the API is missing among those that requirements are about, and so
// from the table of checks.
func TestEveryCallIsRequiredSomething(t *testing.T) {
	t.Parallel()
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := requirement.Load(features.FS, "features")
	if err != nil {
		t.Fatal(err)
	}
	calls, segment := cat.AllCalls(), regexp.MustCompile(`\{[^}]*\}`)
	for _, rt := range slices.Concat(s.connectorRoutes(), s.jobRoutes()) {
		if call := rt.method + " " + segment.ReplaceAllString(rt.path, "*"); !slices.Contains(calls, call) {
			t.Errorf("no requirement is about %s", call)
		}
	}
}

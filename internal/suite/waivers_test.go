package suite_test

import (
	"slices"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/waiver"
	"github.com/esconform/esconform/waivers"
)

// Every waiver of the project stands for something of the suite, and what is
// unsure of Elasticsearch is no excuse for the embedded server.
func TestKnown(t *testing.T) {
	t.Parallel()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	names := func(l *waiver.List) (ids []string) {
		for _, w := range l.Waivers {
			ids = append(ids, w.ID)
		}
		return ids
	}
	var want []string
	for _, f := range []waivers.File{waivers.Known, waivers.Unmapped} {
		list, err := waiver.Parse(f.Name, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == waivers.Unmapped.Name {
			if got := names(s.Known(result.Target{})); !slices.Equal(got, want) {
				t.Errorf("the embedded server has the waivers %v, want %v", got, want)
			}
		}
		want = append(want, names(list)...)
	}
	if got := names(s.Known(result.Target{Unmapped: []string{".elastic-connectors: deleted"}})); !slices.Equal(got, want) {
		t.Errorf("a target without the field has the waivers %v, want %v", got, want)
	}
}

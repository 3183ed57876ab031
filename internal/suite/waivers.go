package suite

import (
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
)

// Waivable is every id that a waiver can name.
func (s *Suite) Waivable() waiver.Known {
	known := waiver.Known{Scenarios: map[string][]string{}}
	for _, r := range s.Catalogue.All() {
		known.Requirements = append(known.Requirements, r.ID)
	}
	for _, c := range s.Cases {
		known.Scenarios[c.ID] = c.Requirements
	}
	return known
}

// Waivers are those that count for a target: given ones, which may be nil, and
// for the embedded server, which has the known defects of Elasticsearch, those
// of these, too.
func (s *Suite) Waivers(t result.Target, given *waiver.List) *waiver.List {
	if t.Kind != "embedded" {
		return given
	}
	shipped, err := waiver.OfElasticsearch(s.Waivable())
	if err != nil || len(shipped.Waivers) == 0 { // a test reads them
		return given
	}
	return given.With(shipped)
}

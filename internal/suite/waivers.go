package suite

import "github.com/esconform/esconform/internal/waiver"

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

// Known are the waivers that every run has: what Elasticsearch itself does wrong.
func (s *Suite) Known() *waiver.List {
	list, err := waiver.OfElasticsearch(s.Waivable())
	if err != nil {
		panic(err) // a test reads the file that is embedded
	}
	return list
}

package suite

import (
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
	"github.com/esconform/esconform/waivers"
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

// Known are the waivers that every run against a target has: what Elasticsearch
// itself does wrong, and what one does whose mapping lacks a field.
func (s *Suite) Known(t result.Target) *waiver.List {
	known := s.shipped(waivers.Known)
	if len(t.Unmapped) > 0 {
		known = known.With(s.shipped(waivers.Unmapped))
	}
	return known
}

func (s *Suite) shipped(file waivers.File) *waiver.List {
	list, err := waiver.OfElasticsearch(file, s.Waivable())
	if err != nil {
		panic(err) // a test reads the files that are embedded
	}
	return list
}

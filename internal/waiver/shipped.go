package waiver

import (
	"slices"

	"github.com/esconform/esconform/waivers"
)

// Shipped is the name under which users ask for the waivers of the project.
const Shipped = "known"

// OfElasticsearch returns the waivers of the project: what Elasticsearch itself
// does wrong. Those of requirements that the suite does not have are left out.
func OfElasticsearch(known Known) (*List, error) {
	list, err := Parse(waivers.KnownFile, waivers.Known)
	if err != nil {
		return nil, err
	}
	_ = list.Check(known) // what it does not know is left out
	list.Waivers = slices.DeleteFunc(list.Waivers, func(w *Waiver) bool { return !w.known })
	return list, nil
}

// With returns the waivers of two lists in one, each once; either may be nil.
func (l *List) With(more *List) *List {
	switch {
	case l == nil:
		return more
	case more == nil:
		return l
	}
	all := &List{Path: l.Path, Waivers: slices.Clone(l.Waivers), checked: l.checked && more.checked}
	for _, w := range more.Waivers {
		if !slices.ContainsFunc(l.Waivers, func(have *Waiver) bool { return have.file == w.file && have.Line == w.Line }) {
			all.Waivers = append(all.Waivers, w)
		}
	}
	return all
}

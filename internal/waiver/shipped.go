package waiver

import (
	"slices"

	"github.com/esconform/esconform/waivers"
)

// OfElasticsearch returns the waivers of one of the project's own files. Those of
// requirements that the suite does not have are left out. None is ever stale, for nobody who runs esconform can remove it.
func OfElasticsearch(file waivers.File, known Known) (*List, error) {
	list, err := Parse(file.Name, file.Data)
	if err != nil {
		return nil, err
	}
	_ = list.Check(known) // what it does not know is left out
	list.Waivers = slices.DeleteFunc(list.Waivers, func(w *Waiver) bool { return !w.known })
	for _, w := range list.Waivers {
		w.shipped = true
	}
	return list, nil
}

// With returns the waivers of both lists, the same waiver once. The list may be
// nil.
func (l *List) With(more *List) *List {
	if l == nil {
		return more
	}
	all := &List{Path: l.Path, Waivers: slices.Clone(l.Waivers), checked: l.checked && more.checked}
	for _, w := range more.Waivers {
		if !slices.ContainsFunc(l.Waivers, func(have *Waiver) bool { return have.ID == w.ID && have.Versions == w.Versions }) {
			all.Waivers = append(all.Waivers, w)
		}
	}
	return all
}

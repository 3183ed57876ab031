package fault

import (
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Upgrades returns the defects of a server that begins with the data of an
// older one. The suite alone does not see them: what an upgrade is held to does.
func Upgrades() []Fault {
	f := alike("upgrade.").fault
	retries := f("mapping-not-migrated", "Indices that an older version has made lack a field that new ones map.", "indices.mapping-as-fresh").
		restarting(func(s *reference.Server) { s.Unmap(reference.JobIndex, "retries") })
	retries.made = func(s *reference.Server) { s.Map(reference.JobIndex, "retries", "integer") }
	return []Fault{
		f("field-lost", "Old sync jobs lose a field.", "unchanged").
			restarting(rewrites(reference.JobIndex, func(e *store.Entry) { e.Source = changed(e.Source, unset("trigger_method")) })),
		retries,
		f("default-changed", "New connectors have another language than before where none is given.", "defaults",
			writes(func(o *object) {
				if !o.Has("language") {
					o.Set("language", "en")
				}
			})).on("create-connector"),
		f("document-rewritten", "Old connectors are written again.", "documents.not-rewritten").
			restarting(func(s *reference.Server) {
				for _, d := range s.Store().All(reference.ConnectorIndex) {
					force(s, reference.ConnectorIndex, d.ID, func(*object) {})
				}
			}),
		f("alias-gone", "No alias leads to the old sync jobs any more.", "indices.aliases").
			restarting(func(s *reference.Server) { s.Store().Unalias(reference.JobIndex) }),
		f("counter-reset", "Versions and sequence numbers of old sync jobs begin again.", "documents.counters-go-on").
			restarting(renumbers(reference.JobIndex)),
	}
}

// rewrites changes what is stored of each document of an index, and nothing
// else of it.
func rewrites(index string, change func(*store.Entry)) func(*reference.Server) {
	return func(s *reference.Server) {
		for _, e := range s.Store().Entries() {
			if e.Op == store.OpPut && e.Index == index {
				change(&e)
				_ = s.Store().Apply(e) // it was stored like this
			}
		}
	}
}

// renumbers makes an index anew out of its documents.
func renumbers(index string) func(*reference.Server) {
	return func(s *reference.Server) {
		var next int64
		for _, e := range s.Store().Entries() {
			switch {
			case e.Index != index || e.Op == store.OpDelete:
				continue
			case e.Op == store.OpIndex:
				e.SeqNo = 0
			default:
				e.Version, e.SeqNo = 1, next
				next++
			}
			_ = s.Store().Apply(e)
		}
	}
}

// changed is a stored document after a change.
func changed(source []byte, do change) []byte {
	o, err := xcontent.ParseObject(source)
	if err != nil {
		return source
	}
	do(o)
	return xcontent.JSON(o)
}

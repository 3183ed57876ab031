package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// maxID is the longest id that can be written, in bytes.
const maxID = 512

// checkID refuses an id that is too long.
func checkID(id string) *eserr.Error {
	if len(id) <= maxID {
		return nil
	}
	return eserr.Validation("id [" + id + "] is too long, must be no longer than 512 bytes but was: " + string(number(len(id))))
}

// update merges a partial document into a stored one, as Elasticsearch's
// update API does: read, merge, write if nobody wrote in between. Without a
// change nothing is written. The index is created where it is missing.
func (s *Server) update(c *call, index, id string, partial *xcontent.Object) (result string, d store.Doc, err *eserr.Error) {
	return s.updateIf(c, index, id, partial, store.Any, false)
}

// updateIf updates a document if a condition holds, always also without a
// change.
func (s *Server) updateIf(c *call, index, id string, partial *xcontent.Object, on store.Condition, always bool) (result string, d store.Doc, err *eserr.Error) {
	if err := checkID(id); err != nil {
		return "", d, err
	}
	if _, err := s.store.Create(index); err != nil {
		return "", d, err
	}
	if d, found := s.fault.upsert(c, index, id, partial); found {
		return "updated", d, nil
	}
	old, found := s.store.Get(index, id)
	if !found {
		return "", d, s.documentMissing(index, id)
	}
	if err := s.store.Check(index, old, on); err != nil {
		return "", d, err
	}
	s.fault.onUpdate(c, old, partial)
	if err := s.fault.inCrowd(c, id, partial); err != nil {
		return "", d, err
	}
	next := old.Source.Clone()
	changed := next.Merge(partial)
	s.fault.onWrite(c, old, next)
	if !s.fault.changed(changed || always, old.Source, next) {
		return "noop", old, nil
	}
	if s.fault.tears(c) {
		d, err = s.putTorn(index, old, next)
		return "updated", d, err
	}
	d, err = s.put(c, index, id, next, s.fault.condition(c, old.SeqNo))
	return "updated", d, err
}

// put writes a whole document after what a write takes.
func (s *Server) put(c *call, index, id string, source *xcontent.Object, on store.Condition) (store.Doc, *eserr.Error) {
	if err := checkID(id); err != nil {
		return store.Doc{}, err
	}
	if err := checkMapping(index, id, source); err != nil && s.fault.mappingError(c, err) != nil {
		return store.Doc{}, err
	}
	s.beforeWrite(c)
	return s.store.Put(index, id, source, on)
}

// documentMissing is what an update answers that finds nothing.
func (s *Server) documentMissing(index, id string) *eserr.Error {
	return eserr.New(404, "document_missing_exception", "[%s]: document missing", id).
		With(eserr.Field{Name: "index_uuid", Value: s.store.UUID(index)}, eserr.Field{Name: "shard", Value: "0"},
			eserr.Field{Name: "index", Value: index})
}

// indexNotFound is what a request answers that needs an index.
func indexNotFound(name string) *eserr.Error {
	return eserr.New(404, "index_not_found_exception", "no such index [%s]", name).
		With(eserr.Field{Name: "resource.type", Value: "index_or_alias"}, eserr.Field{Name: "resource.id", Value: name},
			eserr.Field{Name: "index_uuid", Value: "_na_"}, eserr.Field{Name: "index", Value: name})
}

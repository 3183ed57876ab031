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
func (s *Server) update(c *Call, index, id string, partial *xcontent.Object) (result string, d store.Doc, err *eserr.Error) {
	return s.updateIf(c, index, id, partial, store.Any, false)
}

// updateIf updates a document if a condition holds, always also without a
// change.
func (s *Server) updateIf(c *Call, index, id string, partial *xcontent.Object, on store.Condition, always bool) (result string, d store.Doc, err *eserr.Error) {
	if err := checkID(id); err != nil {
		return "", d, err
	}
	if _, err := s.store.Create(index); err != nil {
		return "", d, err
	}
	old, found := s.store.Get(index, id)
	if !found {
		return "", d, s.documentMissing(index, id)
	}
	if err := s.store.Check(index, old, on); err != nil {
		return "", d, err
	}
	next, changed, err := c.hooks.Merge(c, old, partial)
	if err != nil {
		return "", d, err
	}
	if !changed && !always {
		return "noop", old, nil
	}
	d, err = c.hooks.Put(c, index, old, next, store.At(old.SeqNo))
	return "updated", d, err
}

// Put writes a whole document, whatever it holds, after what a write takes.
func (s *Server) Put(c *Call, index, id string, source *xcontent.Object, on store.Condition) (store.Doc, *eserr.Error) {
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

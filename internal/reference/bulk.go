package reference

import (
	"bytes"
	"net/http"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// bulk deletes several documents of one index. It does nothing else of what the
// bulk API does.
func (s *Server) bulk(c *Call) (action, *eserr.Error) {
	name := c.id("index")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	ids, err := c.bulkDeletions()
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		index, err := s.writable(name, w)
		if err != nil {
			return nil, err
		}
		s.beforeWrite(c)
		items := []any{}
		for _, id := range ids {
			d, found, err := s.store.Delete(index, id, store.Any)
			if err != nil {
				return nil, err
			}
			result, status := "deleted", http.StatusOK
			if !found {
				result, status = "not_found", http.StatusNotFound
			}
			items = append(items, xcontent.NewObject("delete", written(index, d, result, w.refresh).Set("status", number(status))))
		}
		return NewResponse(http.StatusOK, xcontent.NewObject("errors", false, "took", number(0), "items", items)), nil
	}, nil
}

// bulkDeletions are the ids in the body of a bulk request.
func (c *Call) bulkDeletions() ([]string, *eserr.Error) {
	p, err := c.parser()
	if err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(c.Body, []byte("\n")) {
		return nil, eserr.IllegalArgument("The bulk request must be terminated by a newline [\\n]")
	}
	var ids []string
	for {
		t, err := p.Next()
		if err != nil || t != xcontent.StartObject {
			return ids, err
		}
		v, err := p.Value()
		if err != nil {
			return nil, err
		}
		of := v.(*xcontent.Object).Object("delete")
		if of == nil || of.Len() != 1 || of.String("_id") == "" {
			return nil, search.Unsupported("what a bulk request asks for beside deletions by _id")
		}
		ids = append(ids, of.String("_id"))
	}
}

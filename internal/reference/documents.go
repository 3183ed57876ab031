package reference

import (
	"fmt"
	"net/http"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// documentRoutes are the general APIs of documents and indices, as far as
// tests of the connector API and of users' own features need them.
func (s *Server) documentRoutes() []route {
	get, head, post, put, del := http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete
	return []route{
		{method: get, path: "/{index}/_doc/{id}", op: "get-doc", handle: s.getDoc},
		{method: head, path: "/{index}/_doc/{id}", op: "get-doc", handle: s.getDoc},
		{method: get, path: "/{index}/_source/{id}", op: "get-source", handle: s.getSource},
		{method: head, path: "/{index}/_source/{id}", op: "get-source", handle: s.getSource},
		{method: put, path: "/{index}/_doc/{id}", op: "put-doc", handle: s.putDoc},
		{method: post, path: "/{index}/_doc/{id}", op: "put-doc", handle: s.putDoc},
		{method: post, path: "/{index}/_doc", op: "put-doc", handle: s.addDoc},
		{method: put, path: "/{index}/_create/{id}", op: "create-doc", handle: s.createDoc},
		{method: post, path: "/{index}/_create/{id}", op: "create-doc", handle: s.createDoc},
		{method: del, path: "/{index}/_doc/{id}", op: "delete-doc", handle: s.deleteDoc},
		{method: post, path: "/{index}/_bulk", op: "bulk", handle: s.bulk},
		{method: post, path: "/{index}/_update/{id}", op: "update-doc", handle: s.updateDoc},
		{method: get, path: "/{index}/_search", op: "search", handle: s.search},
		{method: post, path: "/{index}/_search", op: "search", handle: s.search},
		{method: get, path: "/{index}/_count", op: "count", handle: s.count},
		{method: post, path: "/{index}/_count", op: "count", handle: s.count},
		{method: get, path: "/{index}/_refresh", op: "refresh", handle: s.refresh},
		{method: post, path: "/{index}/_refresh", op: "refresh", handle: s.refresh},
		{method: get, path: "/_search", op: "search", handle: s.search},
		{method: post, path: "/_search", op: "search", handle: s.search},
		{method: get, path: "/_count", op: "count", handle: s.count},
		{method: post, path: "/_count", op: "count", handle: s.count},
		{method: get, path: "/_refresh", op: "refresh", handle: s.refresh},
		{method: post, path: "/_refresh", op: "refresh", handle: s.refresh},
		{method: get, path: "/{index}/_mapping", op: "mapping", handle: s.getMapping},
		{method: get, path: "/{index}/_settings", op: "settings", handle: s.getSettings},
		{method: get, path: "/_alias/{name}", op: "alias", handle: s.getAlias},
		{method: get, path: "/_cat/indices/{index}", op: "cat", handle: s.catIndices},
		{method: get, path: "/{index}", op: "index", handle: s.getIndex},
		{method: head, path: "/{index}", op: "index", handle: s.getIndex},
		{method: put, path: "/{index}", op: "create-index", handle: s.createIndex},
		{method: del, path: "/{index}", op: "delete-index", handle: s.deleteIndex},
	}
}

// existing returns the index behind the path's name, which has to exist.
func (s *Server) existing(c *Call) (string, *eserr.Error) {
	name := c.id("index")
	if err := checkReadName(name); err != nil {
		return "", err
	}
	index, exists := s.store.Resolve(name)
	if !exists {
		return "", indexNotFound(name)
	}
	return index, nil
}

// checkReadName refuses the name of an index that nobody can have.
func checkReadName(name string) *eserr.Error {
	if name != "" && name[0] == '_' {
		return invalidIndexName(name, "must not start with '_'.")
	}
	return nil
}

func invalidIndexName(name, problem string) *eserr.Error {
	return eserr.New(400, "invalid_index_name_exception", "Invalid index name [%s], %s", name, problem).
		With(eserr.Field{Name: "index_uuid", Value: "_na_"}, eserr.Field{Name: "index", Value: name})
}

// readDocParams reads the parameters of a read by id.
func (c *Call) readDocParams(source *search.Source) *eserr.Error {
	for _, name := range []string{"routing", "preference"} {
		c.Param(name)
	}
	if v, given := c.Param("stored_fields"); given && v != "_none_" {
		return search.Unsupported("the parameter [stored_fields]")
	}
	for _, name := range []string{"realtime", "refresh"} {
		if _, err := c.boolParam(name, false); err != nil {
			return err
		}
	}
	c.sourceParams(source)
	return nil
}

func (s *Server) getDoc(c *Call) (action, *eserr.Error) {
	id := c.id("id")
	var source search.Source
	if err := c.readDocParams(&source); err != nil {
		return nil, err
	}
	version, err := c.longParam("version", 0)
	if err != nil {
		return nil, err
	}
	index, err := s.existing(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		d, found := s.readDoc(c, index, id)
		if !found {
			return NewResponse(404, xcontent.NewObject("_index", index, "_id", id, "found", false)), nil
		}
		if version != 0 && version != d.Version {
			return nil, s.store.Conflict(index, id, fmt.Sprintf("current version [%d] is different than the one provided [%d]", d.Version, version))
		}
		return NewResponse(200, shownDoc(xcontent.NewObject("_index", index, "_id", d.ID, "_version", number(d.Version)), d, source)), nil
	}, nil
}

// shownDoc adds to o what is told of a document that was found.
func shownDoc(o *xcontent.Object, d store.Doc, source search.Source) *xcontent.Object {
	o.Set("_seq_no", number(d.SeqNo)).Set("_primary_term", number(store.PrimaryTerm)).Set("found", true)
	if !source.Hidden {
		o.Set("_source", source.Filter(d.Source))
	}
	return o
}

// readDoc reads a document for whoever is shown it.
func (s *Server) readDoc(c *Call, index, id string) (store.Doc, bool) {
	d, found := s.store.Get(index, id)
	if !found {
		return d, false
	}
	return c.hooks.Read(c, index, d)
}

func (s *Server) getSource(c *Call) (action, *eserr.Error) {
	id := c.id("id")
	var source search.Source
	if err := c.readDocParams(&source); err != nil {
		return nil, err
	}
	index, err := s.existing(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		d, found := s.readDoc(c, index, id)
		if !found {
			return nil, eserr.NotFound("Document not found [%s]/[%s]", index, id)
		}
		return NewResponse(200, source.Filter(d.Source)), nil
	}, nil
}

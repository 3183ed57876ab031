package reference

import (
	"net/http"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
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
		{method: post, path: "/{index}/_doc", op: "put-doc", handle: s.putDoc},
		{method: put, path: "/{index}/_create/{id}", op: "create-doc", handle: s.createDoc},
		{method: post, path: "/{index}/_create/{id}", op: "create-doc", handle: s.createDoc},
		{method: del, path: "/{index}/_doc/{id}", op: "delete-doc", handle: s.deleteDoc},
		{method: post, path: "/{index}/_update/{id}", op: "update-doc", handle: s.updateDoc},
		{method: get, path: "/{index}/_search", op: "search", handle: s.search},
		{method: post, path: "/{index}/_search", op: "search", handle: s.search},
		{method: get, path: "/{index}/_count", op: "count", handle: s.count},
		{method: post, path: "/{index}/_count", op: "count", handle: s.count},
		{method: get, path: "/{index}/_refresh", op: "refresh", handle: s.refresh},
		{method: post, path: "/{index}/_refresh", op: "refresh", handle: s.refresh},
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
func (s *Server) existing(c *call) (string, *eserr.Error) {
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

// shards is what a write says of its copies: two are wanted where an index has
// the default of one replica.
func shards(index string) *xcontent.Object {
	total := 2
	if _, ok := mappings[index]; ok {
		total = 1
	}
	return xcontent.NewObject("total", number(total), "successful", number(1), "failed", number(0))
}

// written is the answer to a write.
func written(index string, d store.Doc, result string, refresh bool) *xcontent.Object {
	o := xcontent.NewObject("_index", index, "_id", d.ID, "_version", number(d.Version), "result", result)
	if refresh && result != "noop" {
		o.Set("forced_refresh", true)
	}
	sh := shards(index)
	if result == "noop" {
		sh = xcontent.NewObject("total", number(0), "successful", number(0), "failed", number(0))
	}
	return o.Set("_shards", sh).Set("_seq_no", number(d.SeqNo)).Set("_primary_term", number(1))
}

// writeParams are the parameters of a write.
type writeParams struct {
	refresh bool
	ifSeqNo store.Condition
}

func readWriteParams(c *call) (writeParams, *eserr.Error) {
	for _, name := range []string{"timeout", "wait_for_active_shards", "routing", "if_primary_term", "require_alias", "pipeline"} {
		c.param(name)
	}
	w := writeParams{ifSeqNo: store.Any}
	switch v, given := c.param("refresh"); {
	case given && (v == "" || v == "true"):
		w.refresh = true
	case given && v != "false" && v != "wait_for":
		return w, eserr.IllegalArgument("Unknown value for refresh: [%s].", v)
	}
	if v, given := c.param("if_seq_no"); given {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return w, eserr.IllegalArgument("Failed to parse long parameter [if_seq_no] with value [%s]", v)
		}
		w.ifSeqNo = store.At(n)
	}
	return w, nil
}

func (s *Server) getDoc(c *call) (action, *eserr.Error) {
	id := c.id("id")
	for _, name := range []string{"realtime", "refresh", "routing", "preference", "_source", "_source_includes", "_source_excludes", "stored_fields", "version"} {
		c.param(name)
	}
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		d, found := s.readDoc(c, index, id)
		if !found {
			return newResponse(404, xcontent.NewObject("_index", index, "_id", id, "found", false)), nil
		}
		o := xcontent.NewObject("_index", index, "_id", d.ID, "_version", number(d.Version),
			"_seq_no", number(d.SeqNo), "_primary_term", number(1), "found", true)
		if v, given := c.query["_source"]; !given || v != "false" {
			o.Set("_source", d.Source)
		}
		return newResponse(200, o), nil
	}, nil
}

// readDoc reads a document past the fault.
func (s *Server) readDoc(c *call, index, id string) (store.Doc, bool) {
	d, found := s.store.Get(index, id)
	return s.fault.onRead(c, index, id, d, found)
}

func (s *Server) getSource(c *call) (action, *eserr.Error) {
	id := c.id("id")
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		d, found := s.readDoc(c, index, id)
		if !found {
			return nil, eserr.NotFound("Document not found [%s]/[%s]", index, id)
		}
		return newResponse(200, d.Source), nil
	}, nil
}

func (s *Server) putDoc(c *call) (action, *eserr.Error) { return s.indexDoc(c, false) }

func (s *Server) createDoc(c *call) (action, *eserr.Error) { return s.indexDoc(c, true) }

// indexDoc writes a whole document.
func (s *Server) indexDoc(c *call, create bool) (action, *eserr.Error) {
	name, id := c.id("index"), c.id("id")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	if v, _ := c.param("op_type"); v == "create" || create {
		w.ifSeqNo = store.Absent
	}
	if _, err := c.parser(); err != nil {
		return nil, err
	}
	return func() (*response, *eserr.Error) {
		source, err := xcontent.ParseObject(c.body)
		if err != nil {
			return nil, eserr.New(400, "document_parsing_exception", "[1:1] failed to parse: %s", err.Reason).CausedBy(err)
		}
		if err := checkCreateName(name); err != nil {
			return nil, err
		}
		if id == "" {
			id = s.newID(20)
		}
		index, _ := s.store.Resolve(name)
		d, err := s.put(c, index, id, source, w.ifSeqNo)
		if err != nil {
			return nil, err
		}
		if !d.Created {
			return newResponse(200, written(index, d, "updated", w.refresh)), nil
		}
		resp := newResponse(201, written(index, d, "created", w.refresh))
		resp.header.Set("Location", "/"+index+"/_doc/"+id)
		return resp, nil
	}, nil
}

func (s *Server) deleteDoc(c *call) (action, *eserr.Error) {
	id := c.id("id")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		s.beforeWrite(c)
		d, found, err := s.store.Delete(index, id, w.ifSeqNo)
		if err != nil {
			return nil, err
		}
		if !found {
			return newResponse(404, written(index, d, "not_found", w.refresh)), nil
		}
		return newResponse(200, written(index, d, "deleted", w.refresh)), nil
	}, nil
}

// updateRequest is the body of the update API.
var updateRequest = parser("UpdateRequest", xcontent.Map("doc"), xcontent.Map("upsert"), xcontent.Boolean("doc_as_upsert"),
	xcontent.Boolean("detect_noop"), xcontent.Any("_source"), xcontent.Any("script"))

func (s *Server) updateDoc(c *call) (action, *eserr.Error) {
	name, id := c.id("index"), c.id("id")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	c.param("retry_on_conflict")
	body, err := c.parse(updateRequest)
	if err != nil {
		return nil, err
	}
	doc := body.Object("doc")
	if doc == nil {
		c.validate("script or doc is missing")
	}
	return func() (*response, *eserr.Error) {
		index, _ := s.store.Resolve(name)
		upsert := body.Object("upsert")
		if body.Get("doc_as_upsert") == true {
			upsert = doc
		}
		if _, found := s.store.Get(index, id); !found && upsert != nil {
			d, err := s.put(c, index, id, upsert, store.Absent)
			if err != nil {
				return nil, err
			}
			return newResponse(201, written(index, d, "created", w.refresh)), nil
		}
		result, d, err := s.update(c, index, id, doc)
		if err != nil {
			return nil, err
		}
		return newResponse(200, written(index, d, result, w.refresh)), nil
	}, nil
}

package reference

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// shards is what a write says of its copies: two are wanted where an index has
// the default of one replica.
func shards(index string) *xcontent.Object {
	return xcontent.NewObject("total", number(copies(index)), "successful", number(1), "failed", number(0))
}

func copies(index string) int {
	if _, ok := mappings[index]; ok {
		return 1
	}
	return 2
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
	return o.Set("_shards", sh).Set("_seq_no", number(d.SeqNo)).Set("_primary_term", number(store.PrimaryTerm))
}

// writeParams are the parameters of a write.
type writeParams struct {
	refresh      bool
	requireAlias bool
	versioned    bool // a version is given
	on           store.Condition
}

// conditional reports whether the write depends on what is there.
func (w writeParams) conditional() bool { return w.on != store.Any }

func readWriteParams(c *Call) (w writeParams, err *eserr.Error) {
	c.Param("routing")
	if v, given := c.Param("wait_for_active_shards"); given && v != "all" {
		if n, err := c.longParam("wait_for_active_shards", 0); err != nil || n < 0 {
			return w, eserr.IllegalArgument("cannot parse ActiveShardCount[%s]", v).CausedBy(err.Cause)
		}
	}
	if v, given := c.Param("pipeline"); given && v != "_none" {
		return w, eserr.IllegalArgument("pipeline with id [%s] does not exist", v)
	}
	if v, given := c.Param("timeout"); given {
		if err := search.CheckTime("timeout", v); err != nil {
			return w, err
		}
	}
	switch v, given := c.Param("refresh"); {
	case given && (v == "" || v == "true"):
		w.refresh = true
	case given && v != "false" && v != "wait_for":
		return w, eserr.IllegalArgument("Unknown value for refresh: [%s].", v)
	}
	if w.requireAlias, err = c.boolParam("require_alias", false); err != nil {
		return w, err
	}
	if err = w.readVersion(c); err != nil {
		return w, err
	}
	seqNo, err := c.longParam("if_seq_no", unassigned)
	if err != nil {
		return w, err
	}
	term, err := c.longParam("if_primary_term", 0)
	if err != nil {
		return w, err
	}
	return w, w.setCondition(seqNo, term)
}

// readVersion reads the parameters of another kind of condition.
func (w *writeParams) readVersion(c *Call) *eserr.Error {
	switch v, given := c.Param("version_type"); {
	case !given || v == "internal":
	case v == "external" || v == "external_gt" || v == "external_gte":
		return search.Unsupported("external versions")
	default:
		return eserr.IllegalArgument("No version type match [%s]", v)
	}
	if _, err := c.longParam("version", 0); err != nil {
		return err
	}
	_, w.versioned = c.Query["version"]
	return nil
}

// unassigned is the sequence number that stands for none.
const unassigned = -2

// setCondition sets what if_seq_no and if_primary_term demand.
func (w *writeParams) setCondition(seqNo, term int64) *eserr.Error {
	switch {
	case seqNo < 0 && seqNo != unassigned:
		return eserr.IllegalArgument("sequence numbers must be non negative. got [%d].", seqNo)
	case term < 0:
		return eserr.IllegalArgument("primary term must be non negative. got [%d]", term)
	case seqNo == unassigned && term == 0:
		w.on = store.Any
	default:
		w.on = store.Condition{SeqNo: seqNo, Term: term}
	}
	return nil
}

// validate notes what contradicts itself in the conditions of a write.
func (w writeParams) validate(c *Call) {
	if w.versioned {
		c.validate("internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead")
	}
	switch seqNo, term := w.on.SeqNo, w.on.Term; {
	case !w.conditional():
	case seqNo == unassigned:
		c.validate("ifSeqNo is unassigned, but primary term is [" + string(number(term)) + "]")
	case term == 0:
		c.validate("ifSeqNo is set, but primary term is [0]")
	}
}

// writable returns the index behind a name, which need not exist yet.
func (s *Server) writable(name string, w writeParams) (string, *eserr.Error) {
	index, exists := s.store.Resolve(name)
	if w.requireAlias && index == name {
		return "", eserr.New(404, "index_not_found_exception",
			"no such index [%s] and [require_alias] request flag is [true] and [%s] is not an alias", name, name).
			With(eserr.Field{Name: "index_uuid", Value: "_na_"}, eserr.Field{Name: "index", Value: name})
	}
	if exists {
		return index, nil
	}
	return index, checkCreateName(name)
}

func (s *Server) putDoc(c *Call) (action, *eserr.Error) { return s.indexDoc(c, "index") }

func (s *Server) createDoc(c *Call) (action, *eserr.Error) { return s.indexDoc(c, "create") }

// addDoc writes a document whose id the server makes.
func (s *Server) addDoc(c *Call) (action, *eserr.Error) { return s.indexDoc(c, "create") }

// indexDoc writes a whole document. With the operation "create" there must be
// none.
func (s *Server) indexDoc(c *Call, operation string) (action, *eserr.Error) {
	name, id := c.id("index"), c.id("id")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	if v, given := c.Param("op_type"); given && c.Op == "put-doc" {
		if operation = strings.ToLower(v); operation != "create" && operation != "index" {
			return nil, eserr.IllegalArgument("opType must be 'create' or 'index', found: [%s]", operation)
		}
	}
	p, err := c.parser()
	if err != nil {
		return nil, err
	}
	switch {
	case operation != "create":
		w.validate(c)
	case w.versioned:
		c.validate("create operations do not support explicit versions. use index instead")
	case w.conditional():
		c.validate("create operations do not support compare and set. use index instead")
	default:
		w.on = store.Absent
	}
	return func() (*Response, *eserr.Error) {
		index, err := s.writable(name, w)
		if err != nil {
			return nil, err
		}
		source, err := readDocument(p)
		if err != nil {
			return nil, err
		}
		if id == "" {
			id = s.NewID(20)
		}
		d, err := c.hooks.Put(c, index, store.Doc{ID: id}, source, w.on)
		if err != nil {
			return nil, err
		}
		if !d.Created {
			return NewResponse(200, written(index, d, "updated", w.refresh)), nil
		}
		return created(index, id, written(index, d, "created", w.refresh)), nil
	}, nil
}

func created(index, id string, body *xcontent.Object) *Response {
	resp := NewResponse(http.StatusCreated, body)
	resp.Header.Set("Location", "/"+index+"/_doc/"+url.PathEscape(id))
	return resp
}

// readDocument reads a whole document, behind which nothing may stand.
func readDocument(p *xcontent.Parser) (*xcontent.Object, *eserr.Error) {
	t, err := p.Next()
	if err != nil {
		return nil, unparsable(p, "", err)
	}
	if t != xcontent.StartObject {
		return nil, eserr.New(400, "document_parsing_exception", "Malformed content, must start with an object")
	}
	v, err := p.Value()
	if err != nil {
		return nil, unparsable(p, "failed to parse: ", err)
	}
	if t, err = p.Next(); err != nil {
		return nil, unparsable(p, "", err)
	}
	if t != xcontent.None {
		return nil, eserr.IllegalArgument("Malformed content, found extra data after parsing: %s", t)
	}
	return v.(*xcontent.Object), nil
}

func unparsable(p *xcontent.Parser, intro string, cause *eserr.Error) *eserr.Error {
	return eserr.New(400, "document_parsing_exception", "[%s] %s%s", p.Location(), intro, cause.Reason).CausedBy(cause)
}

func (s *Server) deleteDoc(c *Call) (action, *eserr.Error) {
	name, id := c.id("index"), c.id("id")
	w, err := readWriteParams(c)
	if err != nil {
		return nil, err
	}
	w.validate(c)
	return func() (*Response, *eserr.Error) {
		index, err := s.writable(name, w)
		if err != nil {
			return nil, err
		}
		if _, err := s.store.Create(index); err != nil {
			return nil, err
		}
		s.beforeWrite(c)
		d, found, err := s.store.Delete(index, id, w.on)
		if err != nil {
			return nil, err
		}
		if !found {
			return NewResponse(http.StatusNotFound, written(index, d, "not_found", w.refresh)), nil
		}
		return NewResponse(http.StatusOK, written(index, d, "deleted", w.refresh)), nil
	}, nil
}

// updateRequest is the body of the update API.
var updateRequest = parser("UpdateRequest", document("doc"), document("upsert"), xcontent.Boolean("doc_as_upsert"),
	xcontent.Boolean("scripted_upsert"), xcontent.Boolean("detect_noop"), xcontent.Any("_source"), xcontent.Any("script"),
	xcontent.Long("if_seq_no"), xcontent.Long("if_primary_term"))

// document declares a field that is copied as it is: what is wrong in it is
// told in the words of the JSON library.
func document(name string) xcontent.Field {
	f := xcontent.Map(name)
	f.Read = func(p *xcontent.Parser) (any, *eserr.Error) {
		v, err := p.Value()
		if err != nil && err.Cause != nil {
			err = err.Cause
		}
		return v, err
	}
	return f
}

// docUpdate is a call of the update API.
type docUpdate struct {
	writeParams
	retries     int
	doc, upsert *xcontent.Object
	always      bool           // writes also what changes nothing
	show        *search.Source // of the document as it is then; nil for nothing
}

func (s *Server) updateDoc(c *Call) (action, *eserr.Error) {
	name, id := c.id("index"), c.id("id")
	u, err := readUpdate(c)
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		index, err := s.writable(name, u.writeParams)
		if err != nil {
			return nil, err
		}
		result, d, err := s.updateOrCreate(c, index, id, u)
		if err != nil {
			return nil, err
		}
		body := written(index, d, result, u.refresh)
		if u.show != nil {
			body.Set("get", shownDoc(xcontent.NewObject(), d, *u.show))
		}
		if result == "created" {
			return created(index, id, body), nil
		}
		return NewResponse(http.StatusOK, body), nil
	}, nil
}

// readUpdate reads parameters and body of an update. Its conditions may stand
// in either.
func readUpdate(c *Call) (u docUpdate, err *eserr.Error) {
	if u.writeParams, err = readWriteParams(c); err != nil {
		return u, err
	}
	if u.retries, err = c.intParam("retry_on_conflict", 0); err != nil {
		return u, err
	}
	body := xcontent.NewObject()
	if len(c.Body) > 0 {
		if body, err = c.parse(updateRequest); err != nil {
			return u, err
		}
	}
	u.doc, u.upsert = body.Object("doc"), body.Object("upsert")
	u.always = body.Get("detect_noop") == false
	if err = u.readShown(c, body.Get("_source")); err != nil {
		return u, err
	}
	if body.Has("if_seq_no") || body.Has("if_primary_term") {
		seqNo, term := int64(unassigned), int64(0)
		if n, given := body.Get("if_seq_no").(xcontent.Number); given {
			seqNo, _ = n.Long()
		}
		if n, given := body.Get("if_primary_term").(xcontent.Number); given {
			term, _ = n.Long()
		}
		if err = u.setCondition(seqNo, term); err != nil {
			return u, err
		}
	}
	u.validate(c, body)
	if u.doc == nil && body.Has("script") {
		return u, search.Unsupported("updates by script")
	}
	if body.Get("doc_as_upsert") == true {
		u.upsert = u.doc
	}
	return u, nil
}

// readShown reads what of the document the answer shows.
func (u *docUpdate) readShown(c *Call, inBody any) *eserr.Error {
	var shown search.Source
	c.sourceParams(&shown)
	for _, name := range []string{"_source", "_source_includes", "_source_excludes"} {
		if _, given := c.Query[name]; given {
			u.show = &shown
		}
	}
	if inBody == nil {
		return nil
	}
	source, err := search.ParseSource(inBody)
	u.show = &source
	return err
}

// validate notes what contradicts itself in an update.
func (u docUpdate) validate(c *Call, body *xcontent.Object) {
	u.writeParams.validate(c)
	asUpsert := body.Get("doc_as_upsert") == true
	for _, rule := range []struct {
		broken bool
		text   string
	}{
		{u.on.SeqNo >= 0 && u.retries > 0, "compare and write operations can not be retried"},
		{u.on.SeqNo >= 0 && asUpsert, "compare and write operations can not be used with upsert"},
		{u.on.SeqNo >= 0 && u.upsert != nil, "upsert requests don't support `if_seq_no` and `if_primary_term`"},
		{u.doc == nil && !body.Has("script"), "script or doc is missing"},
		{u.doc != nil && body.Has("script"), "can't provide both script and doc"},
		{u.doc == nil && asUpsert, "doc must be specified if doc_as_upsert is enabled"},
	} {
		if rule.broken {
			c.validate(rule.text)
		}
	}
}

// updateOrCreate updates a document, or creates it where it may. A conflict is
// tried again as often as it was asked for.
func (s *Server) updateOrCreate(c *Call, index, id string, u docUpdate) (result string, d store.Doc, err *eserr.Error) {
	for try := 0; ; try++ {
		if _, found := s.store.Get(index, id); !found && u.upsert != nil {
			result = "created"
			d, err = c.hooks.Put(c, index, store.Doc{ID: id}, u.upsert, store.Absent)
		} else {
			result, d, err = s.updateIf(c, index, id, u.doc, u.on, u.always)
		}
		if err == nil || err.Status != http.StatusConflict || try == u.retries {
			return result, d, err
		}
	}
}

package reference

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// query decides which documents a search finds.
type query func(store.Doc) bool

// parseQuery reads the query forms that tests of this API use. Everything else
// is refused rather than misread.
func parseQuery(v any) (query, *eserr.Error) {
	o, isObject := v.(*xcontent.Object)
	if v == nil || (isObject && o.Len() == 0 && v != nil) {
		return func(store.Doc) bool { return true }, nil
	}
	if !isObject || o.Len() != 1 {
		return nil, eserr.New(400, "parsing_exception", "[query] malformed, expected one query")
	}
	name := o.Keys()[0]
	body, _ := o.Get(name).(*xcontent.Object)
	if body == nil {
		return nil, eserr.New(400, "parsing_exception", "[%s] query malformed, no start_object after query name", name)
	}
	switch name {
	case "match_all":
		return func(store.Doc) bool { return true }, nil
	case "match_none":
		return func(store.Doc) bool { return false }, nil
	case "term", "match", "terms", "match_phrase":
		return fieldQuery(name, body)
	case "exists":
		field := body.String("field")
		return func(d store.Doc) bool { return len(fieldValues(d.Source, field)) > 0 }, nil
	case "ids":
		ids, _ := body.Get("values").([]any)
		return func(d store.Doc) bool { return slices.Contains(ids, any(d.ID)) }, nil
	case "bool":
		return boolQuery(body)
	}
	return nil, eserr.New(400, "parsing_exception", "unknown query [%s]", name)
}

// fieldQuery finds documents by the value of one field.
func fieldQuery(name string, body *xcontent.Object) (query, *eserr.Error) {
	if body.Len() != 1 {
		return nil, eserr.New(400, "parsing_exception", "[%s] query needs exactly one field", name)
	}
	field := body.Keys()[0]
	want := body.Get(field)
	if o, ok := want.(*xcontent.Object); ok {
		if want = o.Get("value"); name != "term" {
			want = o.Get("query")
		}
	}
	values, ok := want.([]any)
	if !ok {
		values = []any{want}
	}
	return func(d store.Doc) bool {
		for _, have := range fieldValues(d.Source, field) {
			for _, v := range values {
				if preview(have) == preview(v) {
					return true
				}
			}
		}
		return field == "_id" && slices.Contains(values, any(d.ID))
	}, nil
}

// fieldValues returns the values of a field by its dotted name.
func fieldValues(o *xcontent.Object, field string) []any {
	v := o.Path(strings.Split(field, ".")...)
	if v == nil {
		v = o.Get(field)
	}
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func boolQuery(body *xcontent.Object) (query, *eserr.Error) {
	clauses := map[string][]query{}
	for _, kind := range body.Keys() {
		list, isList := body.Get(kind).([]any)
		if !isList {
			list = []any{body.Get(kind)}
		}
		switch kind {
		case "must", "filter", "must_not", "should":
		case "minimum_should_match":
			continue
		default:
			return nil, eserr.New(400, "parsing_exception", "[bool] query does not support [%s]", kind)
		}
		for _, v := range list {
			q, err := parseQuery(v)
			if err != nil {
				return nil, err
			}
			clauses[kind] = append(clauses[kind], q)
		}
	}
	return func(d store.Doc) bool {
		matches := func(q query) bool { return q(d) }
		for _, q := range append(slices.Clone(clauses["must"]), clauses["filter"]...) {
			if !q(d) {
				return false
			}
		}
		if slices.ContainsFunc(clauses["must_not"], matches) {
			return false
		}
		need := len(clauses["must"])+len(clauses["filter"]) == 0
		return !need || len(clauses["should"]) == 0 || slices.ContainsFunc(clauses["should"], matches)
	}, nil
}

// found runs a query on an index, past the fault.
func (s *Server) found(c *call, index string, q query) []store.Doc {
	docs := []store.Doc{}
	for _, d := range s.store.All(index) {
		if d, ok := s.fault.onRead(c, index, d.ID, d, true); ok && q(d) {
			docs = append(docs, d)
		}
	}
	return docs
}

// searchBody reads the body of a search, which may be missing.
func searchBody(c *call) (*xcontent.Object, query, *eserr.Error) {
	body := xcontent.NewObject()
	if len(c.body) > 0 {
		c.bodyRead = true
		var err *eserr.Error
		if body, err = xcontent.ParseObject(c.body); err != nil {
			return nil, nil, err
		}
	}
	for _, k := range body.Keys() {
		if !slices.Contains([]string{"query", "size", "from", "sort", "_source", "track_total_hits", "seq_no_primary_term", "version"}, k) {
			return nil, nil, eserr.New(400, "parsing_exception", "unknown key [%s] in the search body", k)
		}
	}
	q, err := parseQuery(body.Get("query"))
	return body, q, err
}

func (s *Server) search(c *call) (action, *eserr.Error) {
	for _, name := range []string{"ignore_unavailable", "allow_no_indices", "expand_wildcards", "track_total_hits", "rest_total_hits_as_int"} {
		c.param(name)
	}
	body, q, err := searchBody(c)
	if err != nil {
		return nil, err
	}
	from, err := c.intParam("from", intIn(body, "from", 0))
	if err != nil {
		return nil, err
	}
	size, err := c.intParam("size", intIn(body, "size", 10))
	if err != nil {
		return nil, err
	}
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		p := page{from, size}
		if err := p.checkWindow(index); err != nil {
			return nil, err
		}
		docs := s.found(c, index, q)
		hits := []any{}
		for _, d := range p.cut(docs) {
			hits = append(hits, xcontent.NewObject("_index", index, "_id", d.ID, "_score", xcontent.Number("1.0"), "_source", d.Source))
		}
		var best any
		if len(hits) > 0 {
			best = xcontent.Number("1.0")
		}
		return ok("took", number(1), "timed_out", false, "_shards", searchShards(),
			"hits", xcontent.NewObject("total", xcontent.NewObject("value", number(len(docs)), "relation", "eq"),
				"max_score", best, "hits", hits)), nil
	}, nil
}

func intIn(o *xcontent.Object, key string, def int) int {
	if n, ok := o.Get(key).(xcontent.Number); ok {
		if v, ok := n.Long(); ok && v >= 0 && v < 1<<31 {
			return int(v)
		}
	}
	return def
}

func searchShards() *xcontent.Object {
	return xcontent.NewObject("total", number(1), "successful", number(1), "skipped", number(0), "failed", number(0))
}

func (s *Server) count(c *call) (action, *eserr.Error) {
	_, q, err := searchBody(c)
	if err != nil {
		return nil, err
	}
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		return ok("count", number(len(s.found(c, index, q))), "_shards", searchShards()), nil
	}, nil
}

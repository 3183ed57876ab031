package search

import (
	"slices"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Query is a query that was read.
type Query struct {
	boost float32
	build func(sh *shard, boost float32) (matcher, *eserr.Error)
}

// on makes a matcher for one index; outer is the boost of what the query is
// in.
func (q Query) on(sh *shard, outer float32) (matcher, *eserr.Error) {
	return q.build(sh, outer*q.boost)
}

// all finds everything.
func all(_ *shard, boost float32) (matcher, *eserr.Error) { return constant(boost, everything), nil }

// none finds nothing.
func none(*shard, float32) (matcher, *eserr.Error) { return nothing, nil }

// reader reads queries.
type reader struct {
	*xcontent.Parser
	named []named // in the order in which they stand
}

// named is a query that the hits that it finds are marked with.
type named struct {
	name  string
	query Query
}

// kinds are the queries that are known here, by their names.
var kinds map[string]func(*reader) (Query, *eserr.Error)

func init() { // the queries contain one another
	kinds = map[string]func(*reader) (Query, *eserr.Error){
		"bool":           (*reader).boolean,
		"constant_score": (*reader).constantScore,
		"exists":         (*reader).exists,
		"ids":            (*reader).ids,
		"match":          (*reader).match,
		"match_all":      func(r *reader) (Query, *eserr.Error) { return r.declared("match_all", all) },
		"match_none":     func(r *reader) (Query, *eserr.Error) { return r.declared("match_none", none) },
		"match_phrase":   (*reader).matchPhrase,
		"prefix":         (*reader).prefix,
		"range":          (*reader).between,
		"term":           (*reader).term,
		"terms":          (*reader).terms,
		"wildcard":       (*reader).wildcard,
	}
}

// otherKinds are queries that Elasticsearch knows, too.
var otherKinds = []string{
	"boosting", "combined_fields", "dis_max", "distance_feature", "function_score", "fuzzy", "geo_bounding_box", "geo_distance",
	"geo_grid", "geo_shape", "has_child", "has_parent", "intervals", "knn", "match_bool_prefix", "match_phrase_prefix",
	"more_like_this", "multi_match", "nested", "parent_id", "percolate", "pinned", "query_string", "rank_feature", "regexp",
	"rule", "script", "script_score", "semantic", "shape", "simple_query_string", "span_containing", "span_first", "span_multi",
	"span_near", "span_not", "span_or", "span_term", "span_within", "sparse_vector", "terms_set", "weighted_tokens", "wrapper",
}

// Unsupported refuses what Elasticsearch knows and this server does not:
// better no answer than a wrong one.
func Unsupported(what string) *eserr.Error {
	return &eserr.Error{
		Type: "unsupported_operation_exception", Status: 501, Family: eserr.Java,
		Reason: "esconform's reference server does not support " + what + "; ask a real Elasticsearch",
	}
}

// parsing makes the exception of a query at the token where the reader is.
func (r *reader) parsing(format string, args ...any) *eserr.Error {
	return parsingAt(r.Location(), format, args...)
}

func parsingAt(at xcontent.Location, format string, args ...any) *eserr.Error {
	return eserr.New(400, "parsing_exception", format, args...).With(
		eserr.Field{Name: "line", Value: integer(int64(at.Line))}, eserr.Field{Name: "col", Value: integer(int64(at.Col))})
}

func integer(n int64) xcontent.Number { return xcontent.Number(strconv.FormatInt(n, 10)) }

// query reads a query: an object with one member, which says of which kind it
// is.
func (r *reader) query() (q Query, err *eserr.Error) {
	if r.Token() != xcontent.StartObject {
		if t, err := r.Next(); err != nil {
			return q, err
		} else if t != xcontent.StartObject {
			return q, r.parsing("[_na] query malformed, must start with start_object")
		}
	}
	t, err := r.Next()
	switch {
	case err != nil:
		return q, err
	case t == xcontent.EndObject:
		return q, eserr.IllegalArgument("query malformed, empty clause found at [%s]", r.Location())
	}
	name := r.Name()
	if t, err = r.Next(); err != nil {
		return q, err
	} else if t != xcontent.StartObject {
		return q, r.parsing("[%s] query malformed, no start_object after query name", name)
	}
	read, known := kinds[name]
	if !known {
		return q, r.unknown(name)
	}
	if q, err = read(r); err != nil {
		return q, err
	}
	if err := r.atEnd(name); err != nil { // of what is in it
		return q, err
	}
	if _, err := r.Next(); err != nil {
		return q, err
	}
	return q, r.atEnd(name)
}

// atEnd insists that nothing more stands in a query.
func (r *reader) atEnd(name string) *eserr.Error {
	if r.Token() != xcontent.EndObject {
		return r.parsing("[%s] malformed query, expected [END_OBJECT] but found [%s]", name, r.Token())
	}
	return nil
}

func (r *reader) unknown(name string) *eserr.Error {
	if slices.Contains(otherKinds, name) {
		return Unsupported("the query [" + name + "]")
	}
	candidates := slices.Clone(otherKinds)
	for k := range kinds {
		candidates = append(candidates, k)
	}
	cause := eserr.New(400, "named_object_not_found_exception", "[%s] unknown field [%s]", r.Location(), name)
	cause.Family = eserr.Java
	return r.parsing("unknown query [%s]%s", name, xcontent.Suggest(name, candidates, " did you mean ")).CausedBy(cause)
}

// options are what every query takes.
type options struct {
	boost float32
	name  string
}

func newOptions() options { return options{boost: 1} }

// read takes one of the options that the reader stands on; known is false
// where it is none.
func (o *options) read(r *reader, name string) (known bool, err *eserr.Error) {
	switch name {
	case "boost":
		o.boost, err = r.float()
	case "_name":
		o.name, err = r.Text()
	default:
		return false, nil
	}
	return true, err
}

// float reads a number.
func (r *reader) float() (float32, *eserr.Error) {
	text, err := r.text()
	if err != nil {
		return 0, err
	}
	n, err := parseNumber(text)
	return float32(n.float), err
}

// make puts a query together.
func (r *reader) make(o options, build func(*shard, float32) (matcher, *eserr.Error)) Query {
	q := Query{boost: o.boost, build: build}
	if o.name != "" {
		r.named = append(r.named, named{o.name, q})
	}
	return q
}

// text reads a single value as text.
func (r *reader) text() (string, *eserr.Error) {
	switch r.Token() {
	case xcontent.String, xcontent.Num, xcontent.Bool:
		return r.Text()
	}
	return "", eserr.IllegalArgument("Expected text at %s but found %s", r.Location(), r.Token())
}

// isValue reports whether the reader stands on a single value; null is none.
func (r *reader) isValue() bool {
	switch r.Token() {
	case xcontent.String, xcontent.Num, xcontent.Bool:
		return true
	}
	return false
}

// members reads the members of the object that the reader stands on. The
// reader stands on the value when each is called; what it leaves of a list is
// passed over.
func (r *reader) members(each func(name string) *eserr.Error) *eserr.Error {
	for {
		t, err := r.Next()
		if err != nil || t == xcontent.EndObject {
			return err
		}
		if t != xcontent.FieldName {
			if err := each(r.Name()); err != nil {
				return err
			}
		}
	}
}

// declared reads a query that takes nothing but the options of every query,
// and further fields that are declared.
func (r *reader) declared(name string, build func(*shard, float32) (matcher, *eserr.Error), fields ...xcontent.Field) (Query, *eserr.Error) {
	o := newOptions()
	option := func(name string, tokens ...xcontent.Token) xcontent.Field {
		return xcontent.Field{Name: name, Tokens: tokens, Read: func(*xcontent.Parser) (any, *eserr.Error) {
			_, err := o.read(r, name)
			return nil, err
		}}
	}
	fields = append(fields, option("boost", xcontent.Num, xcontent.String), option("_name", xcontent.String))
	if _, err := (&xcontent.ObjectParser{Name: name, Fields: fields}).Parse(r.Parser); err != nil {
		if err.Family == eserr.Parse || err.Family == eserr.Java {
			err = r.parsing("%s", err.Reason).CausedBy(err)
		}
		return Query{}, err
	}
	return r.make(o, build), nil
}

// fieldQuery is how a query of the form {field: value} or {field: {option: …}}
// is read.
type fieldQuery struct {
	kind   string
	option func(name string) (known bool, err *eserr.Error) // reads a member of the long form
	value  func() *eserr.Error                              // reads the short form
	// other, if set, sees everything but objects first, and may pass over it.
	other func(name string) (skip bool, err *eserr.Error)
}

// field reads such a query and returns the field.
func (r *reader) field(q fieldQuery) (field string, err *eserr.Error) {
	err = r.members(func(name string) *eserr.Error {
		long := r.Token() == xcontent.StartObject
		if !long && q.other != nil {
			if skip, err := q.other(name); skip || err != nil {
				return err
			}
		}
		if field != "" {
			return r.parsing("[%s] query doesn't support multiple fields, found [%s] and [%s]", q.kind, field, name)
		}
		field = name
		if !long {
			return q.value()
		}
		return r.members(func(name string) *eserr.Error {
			known, err := q.option(name)
			if err == nil && !known {
				err = r.parsing("[%s] query does not support [%s]", q.kind, name)
			}
			return err
		})
	})
	return field, err
}

// checkField refuses a query without a field or a value.
func checkField(field string, value any) *eserr.Error {
	switch {
	case field == "":
		return eserr.IllegalArgument("field name is null or empty")
	case value == nil:
		return eserr.IllegalArgument("value cannot be null")
	}
	return nil
}

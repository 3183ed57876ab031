package search

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// term reads a query for a value as it is.
func (r *reader) term() (Query, *eserr.Error) {
	o := newOptions()
	var value any
	anyCase := false
	read := func() (err *eserr.Error) {
		value, err = r.Value()
		return err
	}
	field, err := r.field(fieldQuery{
		kind:  "term",
		value: read,
		option: func(name string) (known bool, err *eserr.Error) {
			switch name {
			case "value":
				return true, read()
			case "case_insensitive":
				anyCase, err = r.Boolean()
				return true, err
			}
			return o.read(r, name)
		},
		other: func(string) (skip bool, err *eserr.Error) {
			if r.Token() == xcontent.StartArray {
				return false, r.parsing("[term] query does not support array of values")
			}
			return !r.isValue(), nil
		},
	})
	if err != nil {
		return Query{}, err
	}
	if err := checkField(field, value); err != nil {
		return Query{}, err
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		return sh.term(field, value, anyCase, boost)
	}), nil
}

// term finds documents by a value of a field.
func (sh *shard) term(field string, value any, anyCase bool, boost float32) (matcher, *eserr.Error) {
	c := sh.column(field)
	if c == nil {
		return nothing, nil
	}
	has := func(same func(any) bool) matcher {
		return constant(boost, func(doc int) bool { return slices.ContainsFunc(c.values[doc], same) })
	}
	text := textOf(value)
	switch {
	case anyCase && (c.Kind == Keyword || c.Kind == Text):
		return has(func(v any) bool { return strings.EqualFold(v.(string), text) }), nil
	case c.Kind == Boolean && text != "true" && text != "false":
		return nil, sh.unqueryable(eserr.IllegalArgument("Can't parse boolean value [%s], expected [true] or [false]", text))
	case c.Kind == Keyword || c.Kind == Text || c.Kind == Boolean:
		return c.term(text, boost), nil
	case c.Kind == kindIndex:
		return has(func(v any) bool { return v == text || slices.Contains(sh.Aliases, text) }), nil
	case c.Kind == kindID:
		return has(func(v any) bool { return v == text }), nil
	case c.Kind == Date:
		in, err := sh.dates(interval{from: value, to: value, withFrom: true, withTo: true})
		if err != nil {
			return nil, sh.unqueryable(err)
		}
		return has(func(v any) bool { return in(v.(int64)) }), nil
	}
	n, err := parseNumber(value)
	switch {
	case err != nil:
		return nil, sh.unqueryable(err)
	case c.Kind == Float:
		return has(func(v any) bool { return v == n.float }), nil
	case n.fraction || !n.fits(c.Kind):
		return nothing, nil
	}
	return has(func(v any) bool { return v == n.whole }), nil
}

// terms reads a query for one of several values.
func (r *reader) terms() (Query, *eserr.Error) {
	o := newOptions()
	field, values := "", []any(nil)
	err := r.members(func(name string) (err *eserr.Error) {
		switch {
		case r.Token() == xcontent.StartArray && field != "", r.Token() == xcontent.StartObject && field != "":
			return r.parsing("[terms] query does not support multiple fields")
		case r.Token() == xcontent.StartArray:
			field = name
			values, err = r.values()
			return err
		case r.Token() == xcontent.StartObject:
			return Unsupported("the lookup of terms in other documents")
		case r.isValue():
			known, err := o.read(r, name)
			if err == nil && !known {
				err = r.parsing("[terms] query does not support [%s]", name)
			}
			return err
		}
		return r.parsing("[terms] unknown token [%s] after [%s]", r.Token(), name)
	})
	switch {
	case err != nil:
		return Query{}, err
	case field == "":
		return Query{}, r.parsing("[terms] query requires a field name, followed by array of terms or a document lookup specification")
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		each := []matcher{}
		for _, v := range values {
			m, err := sh.term(field, v, false, 1)
			if err != nil {
				return nil, err
			}
			each = append(each, m)
		}
		return constant(boost, func(doc int) bool {
			_, n := sum(each, doc)
			return n > 0
		}), nil
	}), nil
}

// values reads a list of values. What is no single value counts as one that
// nothing has.
func (r *reader) values() ([]any, *eserr.Error) {
	values := []any{}
	for {
		t, err := r.Next()
		switch {
		case err != nil || t == xcontent.EndArray:
			return values, err
		case t == xcontent.Null:
			return nil, r.parsing("No value specified for terms query")
		case !r.isValue():
			continue
		}
		v, err := r.Value()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
}

// prefix reads a query for values that begin with a text.
func (r *reader) prefix() (Query, *eserr.Error) {
	return r.pattern("prefix", []string{"value"}, func(begin string) func(string) bool {
		return func(v string) bool { return strings.HasPrefix(v, begin) }
	})
}

// wildcard reads a query for values that fit a pattern with * and ?.
func (r *reader) wildcard() (Query, *eserr.Error) {
	return r.pattern("wildcard", []string{"value", "wildcard"}, fits)
}

// pattern reads a query that looks at the text of a value.
func (r *reader) pattern(kind string, valueNames []string, compile func(string) func(string) bool) (Query, *eserr.Error) {
	o := newOptions()
	var value any
	anyCase := false
	read := func() *eserr.Error {
		if r.Token() == xcontent.Null {
			value = nil
			return nil
		}
		text, err := r.text()
		value = text
		return err
	}
	field, err := r.field(fieldQuery{kind: kind, value: read, option: func(name string) (known bool, err *eserr.Error) {
		switch {
		case slices.Contains(valueNames, name):
			return true, read()
		case name == "rewrite": // how it is found, not what
			return true, nil
		case name == "case_insensitive":
			anyCase, err = r.Boolean()
			return true, err
		}
		return o.read(r, name)
	}})
	if err != nil {
		return Query{}, err
	}
	if err := checkField(field, value); err != nil {
		return Query{}, err
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		c := sh.column(field)
		switch {
		case c == nil:
			return nothing, nil
		case c.Kind != Keyword && c.Kind != Text && c.Kind != kindIndex:
			return nil, sh.failed(nil, "Can only use %s queries on keyword, text and wildcard fields - not on [%s] which is of type [%s]", kind, field, c.Kind)
		}
		text := value.(string)
		if anyCase {
			text = strings.ToLower(text)
		}
		fit := compile(text)
		return constant(boost, func(doc int) bool {
			return slices.ContainsFunc(c.values[doc], func(v any) bool {
				if anyCase {
					return fit(strings.ToLower(v.(string)))
				}
				return fit(v.(string))
			})
		}), nil
	}), nil
}

// fits compiles a pattern in which * stands for any text, ? for one letter and
// a backslash takes both away.
func fits(pattern string) func(string) bool {
	type step struct {
		letter   rune
		any, one bool
	}
	var steps []step
	quoted := false
	for _, c := range pattern {
		switch {
		case !quoted && c == '\\':
			quoted = true
			continue
		case !quoted && c == '*':
			steps = append(steps, step{any: true})
		case !quoted && c == '?':
			steps = append(steps, step{one: true})
		default:
			steps = append(steps, step{letter: c})
		}
		quoted = false
	}
	if quoted {
		steps = append(steps, step{letter: '\\'})
	}
	return func(s string) bool {
		text := []rune(s)
		at, star, mark := 0, -1, 0
		for i := 0; i < len(text) || at < len(steps); {
			switch {
			case at < len(steps) && steps[at].any:
				star, mark = at, i
				at++
			case at < len(steps) && i < len(text) && (steps[at].one || steps[at].letter == text[i]):
				at++
				i++
			case star >= 0 && mark < len(text): // the star takes one letter more
				mark++
				at, i = star+1, mark
			default:
				return false
			}
		}
		return true
	}
}

// exists reads a query for documents that have a value in a field.
func (r *reader) exists() (Query, *eserr.Error) {
	o := newOptions()
	var field any
	err := r.members(func(name string) (err *eserr.Error) {
		switch {
		case !r.isValue():
			return r.parsing("[exists] unknown token [%s] after [%s]", r.Token(), name)
		case name == "field":
			field, err = r.text()
			return err
		}
		known, err := o.read(r, name)
		if err == nil && !known {
			err = r.parsing("[exists] query does not support [%s]", name)
		}
		return err
	})
	switch {
	case err != nil:
		return Query{}, err
	case field == nil:
		return Query{}, r.parsing("[exists] must be provided with a [field]")
	case field == "":
		return Query{}, checkField("", field)
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		if field == "_source" {
			return nil, sh.failed(nil, "The _source field is not searchable")
		}
		return constant(boost, sh.having(field.(string))), nil
	}), nil
}

// having finds documents with a value in a field, in one of the fields of an
// object, or in one that fits a pattern.
func (sh *shard) having(name string) func(doc int) bool {
	if _, ok := metadata[name]; ok {
		return everything
	}
	fit := fits(name)
	var columns []*column
	for other := range sh.Fields {
		if f := sh.Fields[other]; f.Path != "" && other != name {
			continue // a second way to index the same value
		}
		if fit(other) || strings.HasPrefix(other, name+".") {
			if c := sh.column(other); c != nil {
				columns = append(columns, c)
			}
		}
	}
	return func(doc int) bool {
		return slices.ContainsFunc(columns, func(c *column) bool { return len(c.values[doc]) > 0 })
	}
}

// ids reads a query for documents by their ids.
func (r *reader) ids() (Query, *eserr.Error) {
	var ids []string
	values := xcontent.Field{Name: "values", Tokens: []xcontent.Token{xcontent.StartArray, xcontent.String, xcontent.Num},
		Read: func(*xcontent.Parser) (any, *eserr.Error) {
			if r.isValue() {
				id, err := r.Text()
				ids = append(ids, id)
				return nil, err
			}
			for {
				t, err := r.Next()
				switch {
				case err != nil || t == xcontent.EndArray:
					return nil, err
				case t == xcontent.StartArray || t == xcontent.StartObject:
					return nil, eserr.JavaError("illegal_state_exception", "expected value but got [%s]", t)
				}
				id, err := r.text()
				if err != nil {
					return nil, err
				}
				ids = append(ids, id)
			}
		}}
	return r.declared("ids", func(sh *shard, boost float32) (matcher, *eserr.Error) {
		return constant(boost, func(doc int) bool { return slices.Contains(ids, sh.Docs[doc].ID) }), nil
	}, values)
}

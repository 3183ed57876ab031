package search

import (
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// clauses are the parts of a bool query.
type clauses struct {
	must, filter, should, mustNot []Query
	minimum                       string // of should, as it was given
}

// boolean reads a bool query.
func (r *reader) boolean() (Query, *eserr.Error) {
	o, c := newOptions(), clauses{}
	list := func(name string, into *[]Query) xcontent.Field {
		tokens := []xcontent.Token{xcontent.StartObject, xcontent.StartArray, xcontent.Null}
		return xcontent.Field{Name: name, Tokens: tokens, Read: func(*xcontent.Parser) (any, *eserr.Error) {
			return nil, r.queries(into)
		}}
	}
	value := func(name string, read func() *eserr.Error) xcontent.Field {
		tokens := []xcontent.Token{xcontent.String, xcontent.Num, xcontent.Bool}
		return xcontent.Field{Name: name, Tokens: tokens, Read: func(*xcontent.Parser) (any, *eserr.Error) { return nil, read() }}
	}
	option := func(name string) xcontent.Field {
		return value(name, func() *eserr.Error {
			_, err := o.read(r, name)
			return err
		})
	}
	parser := xcontent.ObjectParser{Name: "bool", Fields: []xcontent.Field{
		list("must", &c.must), list("filter", &c.filter), list("should", &c.should), list("must_not", &c.mustNot), list("mustNot", &c.mustNot),
		value("minimum_should_match", func() (err *eserr.Error) { c.minimum, err = r.Text(); return err }),
		value("adjust_pure_negative", func() *eserr.Error { return nil }),
		option("boost"), option("_name"),
	}}
	if _, err := parser.Parse(r.Parser); err != nil {
		return Query{}, err
	}
	return r.make(o, c.on), nil
}

// queries reads one query or a list of them.
func (r *reader) queries(into *[]Query) *eserr.Error {
	single := r.Token() == xcontent.StartObject
	for r.Token() != xcontent.Null {
		if !single {
			if t, err := r.Next(); err != nil || t == xcontent.EndArray {
				return err
			}
		}
		q, err := r.query()
		if err != nil {
			return err
		}
		if *into = append(*into, q); single {
			return nil
		}
	}
	return nil
}

// on makes the matcher of a bool query.
func (c clauses) on(sh *shard, boost float32) (matcher, *eserr.Error) {
	if len(c.must)+len(c.filter)+len(c.should)+len(c.mustNot) == 0 {
		return all(sh, boost)
	}
	minimum, err := c.needed()
	if err != nil {
		return nil, sh.unqueryable(err)
	}
	var must, filter, should, mustNot []matcher
	for _, kind := range []struct {
		queries []Query
		into    *[]matcher
	}{{c.must, &must}, {c.filter, &filter}, {c.should, &should}, {c.mustNot, &mustNot}} {
		for _, q := range kind.queries {
			m, err := q.on(sh, boost)
			if err != nil {
				return nil, err
			}
			*kind.into = append(*kind.into, m)
		}
	}
	return func(doc int) (float32, bool) {
		for _, m := range mustNot {
			if _, found := m(doc); found {
				return 0, false
			}
		}
		if _, n := sum(filter, doc); n < len(filter) {
			return 0, false
		}
		score, n := sum(must, doc)
		more, optional := sum(should, doc)
		return float32(score + more), n == len(must) && optional >= minimum
	}, nil
}

// sum adds up what some of the matchers, which find a document, give it.
func sum(matchers []matcher, doc int) (score float64, found int) {
	for _, m := range matchers {
		if s, ok := m(doc); ok {
			score += float64(s)
			found++
		}
	}
	return score, found
}

// needed is how many of the optional clauses a document has to meet.
func (c clauses) needed() (int, *eserr.Error) {
	alone := 0 // without any other clause one has to be met
	if len(c.must)+len(c.filter) == 0 && len(c.should) > 0 {
		alone = 1
	}
	if c.minimum == "" {
		return alone, nil
	}
	n, err := minimumOf(c.minimum, len(c.should))
	return max(n, alone), err
}

// minimumOf reads minimum_should_match: a number, a share, either counted from
// the end where it is negative, or several of them, "2<75% 9<-3".
func minimumOf(spec string, clauses int) (int, *eserr.Error) {
	result := clauses
	if strings.Contains(spec, "<") {
		for condition := range strings.FieldsSeq(spec) {
			upTo, then, _ := strings.Cut(condition, "<")
			n, err := atoi(upTo)
			if err != nil || clauses <= n {
				return result, err
			}
			if result, err = minimumOf(then, clauses); err != nil {
				return 0, err
			}
		}
		return result, nil
	}
	share, percent := strings.CutSuffix(strings.TrimSpace(spec), "%")
	n, err := atoi(share)
	if err != nil {
		return 0, err
	}
	if percent {
		n = int(float32(clauses*n) * (1 / float32(100)))
	}
	if n < 0 {
		n += clauses
	}
	return max(n, 0), nil
}

func atoi(s string) (int, *eserr.Error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, &eserr.Error{Type: "number_format_exception", Reason: "For input string: " + strconv.Quote(s), Status: 400, Family: eserr.Java}
	}
	return n, nil
}

// constantScore reads a query whose hits all have the same score.
func (r *reader) constantScore() (Query, *eserr.Error) {
	o := newOptions()
	var filter *Query
	err := r.members(func(name string) *eserr.Error {
		switch {
		case r.Token() == xcontent.StartObject && name == "filter":
			if filter != nil {
				return r.parsing("[constant_score] accepts only one 'filter' element.")
			}
			q, err := r.query()
			filter = &q
			return err
		case r.Token() == xcontent.StartArray:
			return r.parsing("unexpected token [START_ARRAY]")
		case r.isValue():
			if known, err := o.read(r, name); err != nil || known {
				return err
			}
		}
		return r.parsing("[constant_score] query does not support [%s]", name)
	})
	switch {
	case err != nil:
		return Query{}, err
	case filter == nil:
		return Query{}, r.parsing("[constant_score] requires a 'filter' element")
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		m, err := filter.on(sh, 1)
		return constant(boost, func(doc int) bool {
			_, found := m(doc)
			return found
		}), err
	}), nil
}

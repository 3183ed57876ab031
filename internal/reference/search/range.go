package search

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
)

// interval is what a range query asks for; nil is an open end.
type interval struct {
	from, to         any
	withFrom, withTo bool
	format           estime.Format
	zone             *time.Location
}

// between reads a range query.
func (r *reader) between() (Query, *eserr.Error) {
	o, in := newOptions(), interval{withFrom: true, withTo: true}
	field, err := r.field(fieldQuery{
		kind: "range",
		option: func(name string) (known bool, err *eserr.Error) {
			switch name {
			case "gt", "gte":
				in.withFrom = name == "gte"
				in.from, err = r.Value()
			case "lt", "lte":
				in.withTo = name == "lte"
				in.to, err = r.Value()
			case "format":
				err = r.dateFormat(&in.format)
			case "time_zone":
				err = r.zone(&in.zone)
			case "relation":
				err = r.relation()
			default:
				return o.read(r, name)
			}
			return true, err
		},
		other: func(name string) (skip bool, err *eserr.Error) {
			if !r.isValue() {
				return true, nil
			}
			return false, r.parsing("[range] query does not support [%s]", name)
		},
	})
	if err != nil {
		return Query{}, err
	}
	if err := checkField(field, field); err != nil {
		return Query{}, err
	}
	return r.make(o, func(sh *shard, boost float32) (matcher, *eserr.Error) { return sh.between(field, in, boost) }), nil
}

// dateFormat reads the name of a date format.
func (r *reader) dateFormat(into *estime.Format) *eserr.Error {
	name, err := r.text()
	if err != nil {
		return err
	}
	f, unsupported, err := estime.ParseFormat(name)
	if unsupported != "" {
		return Unsupported("the date format [" + unsupported + "]")
	}
	*into = f
	return err
}

// relation reads how a value that is a range itself has to lie: no field here
// has such.
func (r *reader) relation() *eserr.Error {
	name, err := r.text()
	switch {
	case err != nil:
		return err
	case name == "disjoint":
		return eserr.IllegalArgument("[range] query does not support relation [%s]", name)
	case !slices.Contains([]string{"within", "contains", "intersects"}, strings.ToLower(name)):
		return eserr.IllegalArgument("%s is not a valid relation", name)
	}
	return nil
}

func (r *reader) zone(into **time.Location) *eserr.Error {
	name, err := r.text()
	if err != nil {
		return err
	}
	*into, err = estime.Zone(name)
	return err
}

// between finds documents with a value of a field in an interval.
func (sh *shard) between(field string, in interval, boost float32) (matcher, *eserr.Error) {
	c := sh.column(field)
	if c == nil || c.Kind == Date && c.docs == 0 { // whatever the dates are
		return nothing, nil
	}
	inside, err := sh.inside(c, in)
	if err != nil {
		return nil, err
	}
	return constant(boost, func(doc int) bool { return slices.ContainsFunc(c.values[doc], inside) }), nil
}

// inside tells whether a value of a column is in an interval.
func (sh *shard) inside(c *column, in interval) (func(any) bool, *eserr.Error) {
	switch c.Kind {
	case Keyword, Text, Boolean:
		from, to := textOf(in.from), textOf(in.to)
		return func(v any) bool { return in.holds(cmp.Compare(v.(string), from), cmp.Compare(v.(string), to)) }, nil
	case Date:
		dates, err := sh.dates(in)
		return func(v any) bool { return dates(v.(int64)) }, err
	case kindID, kindIndex:
		return nil, sh.unqueryable(eserr.IllegalArgument("Field [%s] of type [%s] does not support range queries", c.name, c.Kind))
	}
	from, err := bound(in.from, c.Kind)
	if err != nil {
		return nil, sh.unqueryable(err)
	}
	to, err := bound(in.to, c.Kind)
	if err != nil {
		return nil, sh.unqueryable(err)
	}
	return func(v any) bool {
		if n, ok := v.(int64); ok {
			return in.holds(from.compare(n), to.compare(n))
		}
		f := v.(float64)
		return in.holds(cmp.Compare(f, from.float), cmp.Compare(f, to.float))
	}, nil
}

// holds judges by how a value compares with both ends.
func (in interval) holds(withFrom, withTo int) bool {
	above := in.from == nil || withFrom > 0 || in.withFrom && withFrom == 0
	below := in.to == nil || withTo < 0 || in.withTo && withTo == 0
	return above && below
}

// bound reads an end of an interval of numbers.
func bound(v any, kind string) (numeric, *eserr.Error) {
	if v == nil {
		return numeric{}, nil
	}
	if kind == Short { // whose intervals are those of integers
		kind = Integer
	}
	n, err := parseNumber(v)
	if err == nil && kind != Float && !n.fits(kind) {
		err = n.outOfRange(kind)
	}
	return n, err
}

// compare says how a stored number compares with n.
func (n numeric) compare(stored int64) int {
	if n.huge || n.fraction {
		return cmp.Compare(float64(stored), n.float)
	}
	return cmp.Compare(stored, n.whole)
}

// dates tells whether a time in milliseconds is in an interval. An end that
// names a day alone stands for the whole of it; with a number at one end both
// are milliseconds.
func (sh *shard) dates(in interval) (func(millis int64) bool, *eserr.Error) {
	if in.format.IsZero() {
		in.format = estime.Default
		if isNumber(in.from) || isNumber(in.to) {
			in.format = estime.Millis
		}
	}
	if in.zone == nil {
		in.zone = time.UTC
	}
	end := func(v any, up bool) (int64, *eserr.Error) {
		if v == nil {
			return 0, nil
		}
		t, err := in.format.Math(textOf(v), sh.now, in.zone, up)
		return t.UnixMilli(), err
	}
	from, err := end(in.from, !in.withFrom)
	if err != nil {
		return nil, err
	}
	to, err := end(in.to, in.withTo)
	if err != nil {
		return nil, err
	}
	return func(millis int64) bool { return in.holds(cmp.Compare(millis, from), cmp.Compare(millis, to)) }, nil
}

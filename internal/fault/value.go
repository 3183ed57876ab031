package fault

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The functions in this file are about values, in requests and answers as in
// documents.

const (
	totalCount = "total_document_count"
	maxInt     = 1<<31 - 1
)

var (
	requiredCounts = []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume"}
	allCounts      = []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume", totalCount}
	// statsFields are all that an update of stats can have.
	statsFields = append(allCounts[:4:4], "last_seen", "metadata")

	syncStatuses   = []string{"canceling", "canceled", "completed", "error", "in_progress", "pending", "suspended"}
	jobTypes       = []string{"full", "incremental", "access_control"}
	triggerMethods = []string{"on_demand", "scheduled"}
)

// slug writes a field's name as it stands in ids.
func slug(field string) string { return strings.ReplaceAll(field, "_", "-") }

func number(n int64) xcontent.Number { return xcontent.Number(strconv.FormatInt(n, 10)) }

// text writes a value, texts as they are.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(xcontent.JSON(v))
}

func asText(v any) any { return text(v) }

func isNull(v any) bool { return v == nil }

func isEmpty(v any) bool { return v == "" }

// equals holds for one value.
func equals(value any) kind { return func(v any) bool { return v == value } }

func isNoObject(v any) bool { return !isObject(v) }

func isNoText(v any) bool { return !is[string](v) }

// is holds for values of a type.
func is[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

var (
	isBoolean = is[bool]
	isArray   = is[[]any]
	isObject  = is[*object]
	isNumber  = is[xcontent.Number]
)

// isWord holds for texts that are no numbers, isDigits for those that are.
func isWord(v any) bool {
	s, ok := v.(string)
	return ok && strings.Trim(s, "0123456789.-+") != ""
}

func isDigits(v any) bool { return is[string](v) && !isWord(v) }

func isNegative(v any) bool {
	n, ok := v.(xcontent.Number)
	return ok && strings.HasPrefix(string(n), "-")
}

// isDecimal holds for numbers with a fraction.
func isDecimal(v any) bool {
	n, ok := v.(xcontent.Number)
	return ok && strings.Contains(string(n), ".") && !strings.ContainsAny(string(n), "eE")
}

// isBeyondLong holds for numbers that no long can hold.
func isBeyondLong(v any) bool {
	n, ok := v.(xcontent.Number)
	if !ok {
		return false
	}
	_, fits := n.Long()
	return !fits
}

// where changes values for which something holds.
func where[T any](is func(T) bool, by func(T) T) func(T) T {
	return func(v T) T {
		if is(v) {
			return by(v)
		}
		return v
	}
}

// isInteger, isZero and isBeyondInt hold for whole numbers.
func isInteger(v any) bool {
	_, ok := integer(v)
	return ok
}

func isZero(v any) bool {
	n, ok := integer(v)
	return ok && n == 0
}

func isBeyondInt(v any) bool {
	n, _ := integer(v)
	return n > maxInt
}

// inPlaceOf replaces values for which something holds.
func inPlaceOf(is kind, by any) mapping { return where(is, always(by)) }

// always replaces any value.
func always(by any) mapping { return func(any) any { return by } }

// texts changes texts; what is none stays.
func texts(by func(s string) string) mapping {
	return where(is[string], func(v any) any { return by(v.(string)) })
}

// wrapped puts a value into an object.
func wrapped(v any) any { return xcontent.NewObject("value", v) }

// asNumber takes true for 1 and false for 0.
func asNumber(v any) any {
	switch v {
	case true:
		return number(1)
	case false:
		return number(0)
	}
	return v
}

// integer reads a whole number.
func integer(v any) (int64, bool) {
	n, ok := v.(xcontent.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(string(n), 10, 64)
	return i, err == nil
}

// calculated changes numbers; what is none stays.
func calculated(by func(int64) int64) mapping {
	return func(v any) any {
		if n, ok := v.(xcontent.Number); ok {
			if i, ok := n.Long(); ok {
				return number(by(i))
			}
		}
		return v
	}
}

// plusOne does not leave the integers.
func plusOne(n int64) int64 { return min(n+1, maxInt) }

// ascii replaces what is not ASCII.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 127 {
			return '?'
		}
		return r
	}, s)
}

// cut cuts texts to so many bytes.
func cut(limit int) mapping { return texts(func(s string) string { return s[:min(len(s), limit)] }) }

// walk changes every value in a tree, leaves first.
func walk(v any, change mapping) any {
	switch t := v.(type) {
	case *object:
		return change(mapped(t, func(k string, v any, out *object) { out.Set(k, walk(v, change)) }))
	case []any:
		out := make([]any, len(t))
		for i := range t {
			out[i] = walk(t[i], change)
		}
		return change(out)
	}
	return change(v)
}

// within changes every value in trees.
func within(by mapping) mapping { return func(v any) any { return walk(v, by) } }

// mapped makes an object out of another one, member by member.
func mapped(o *object, member func(k string, v any, out *object)) *object {
	out := xcontent.NewObject()
	for _, k := range o.Keys() {
		member(k, o.Get(k), out)
	}
	return out
}

// objects changes objects; what is none stays.
func objects(by func(*object) *object) mapping {
	return where(isObject, func(v any) any { return by(v.(*object)) })
}

// change changes an object: a body, an answer or a document.
type change = func(o *object)

// each changes objects where they are; what is none stays.
func each(do change) mapping { return objects(func(o *object) *object { do(o); return o }) }

// set gives a member a value.
func set(field string, value any) change {
	return func(o *object) { o.Set(field, xcontent.CloneValue(value)) }
}

// unset takes members away.
func unset(fields ...string) change {
	return func(o *object) {
		for _, f := range fields {
			o.Delete(f)
		}
	}
}

// merge merges an object into a member.
func merge(field string, value *object) change {
	return func(o *object) { o.Merge(xcontent.NewObject(field, value)) }
}

// unsetIf takes members away whose value is such.
func unsetIf(is kind, fields ...string) change {
	return keep(func(k string, v any) bool { return !slices.Contains(fields, k) || !is(v) })
}

// turn makes another text of a member.
func turn(field string, by func(string) string) change {
	return func(o *object) { o.Set(field, by(o.String(field))) }
}

// turnAny makes another value of members that are there.
func turnAny(by mapping, fields ...string) change {
	return func(o *object) {
		for _, f := range fields {
			if o.Has(f) {
				o.Set(f, by(o.Get(f)))
			}
		}
	}
}

// swap exchanges two members, where both are there.
func swap(one, other string) change {
	return func(o *object) {
		if a, b := o.Get(one), o.Get(other); a != nil && b != nil {
			o.Set(one, b).Set(other, a)
		}
	}
}

// keep removes all members but some.
func keep(stays func(k string, v any) bool) change {
	return func(o *object) {
		for _, k := range append([]string{}, o.Keys()...) {
			if !stays(k, o.Get(k)) {
				o.Delete(k)
			}
		}
	}
}

var (
	withoutNulls = keep(func(_ string, v any) bool { return v != nil })
	seenLater    = turn("last_seen", later(1))
	resetCounts  = func(o *object) {
		for _, f := range allCounts {
			o.Set(f, number(0))
		}
	}
)

// later moves instants by so many seconds.
func later(seconds int) func(string) string {
	return func(instant string) string { return moved(instant, seconds) }
}

// moved moves an instant by so many seconds.
func moved(instant string, seconds int) string {
	t, err := estime.Parse(instant)
	if err != nil {
		return instant
	}
	return estime.Write(t.Add(time.Duration(seconds) * time.Second))
}

func isBefore(a, b string) bool {
	ta, err1 := estime.Parse(a)
	tb, err2 := estime.Parse(b)
	return err1 == nil && err2 == nil && ta.Before(tb)
}

// truncated cuts the fraction of a second of instants down to a unit.
func truncated(unit time.Duration) func(string) string {
	return func(instant string) string {
		t, err := estime.Parse(instant)
		if err != nil {
			return instant
		}
		return estime.Write(t.Truncate(unit))
	}
}

func updated() *object { return xcontent.NewObject("result", "updated") }

package search

import (
	"math"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// numeric is a number that may be too great for its field or have a fraction.
type numeric struct {
	whole    int64 // without its fraction
	float    float64
	fraction bool
	huge     bool // no long
	text     string
}

func isNumber(v any) bool {
	_, ok := v.(xcontent.Number)
	return ok
}

// parseNumber reads a number or its text.
func parseNumber(v any) (numeric, *eserr.Error) {
	n := numeric{text: textOf(v)}
	if whole, err := strconv.ParseInt(n.text, 10, 64); err == nil {
		n.whole, n.float = whole, float64(whole)
		return n, nil
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil && !math.IsInf(f, 0) {
		reason := "For input string: " + strconv.Quote(n.text)
		if n.text == "" {
			reason = "empty String"
		}
		return n, &eserr.Error{Type: "number_format_exception", Reason: reason, Status: 400, Family: eserr.Java}
	}
	n.float, n.huge = f, math.Abs(f) >= 1<<63
	n.fraction = f != math.Trunc(f)
	if !n.huge {
		n.whole = int64(f)
	}
	return n, nil
}

// limits are the bounds of the integer kinds, and how errors call them.
var limits = map[string]struct {
	min, max int64
	name     string
}{
	Short:   {math.MinInt16, math.MaxInt16, "a short"},
	Integer: {math.MinInt32, math.MaxInt32, "an integer"},
	Long:    {math.MinInt64, math.MaxInt64, "a long"},
}

// fits reports whether a number is within the bounds of an integer kind.
func (n numeric) fits(kind string) bool {
	l := limits[kind]
	return !n.huge && n.whole >= l.min && n.whole <= l.max
}

func (n numeric) outOfRange(kind string) *eserr.Error {
	return eserr.IllegalArgument("Value [%s] is out of range for %s", n.text, limits[kind].name)
}

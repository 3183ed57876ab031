package jsonval

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// decimal is a number as ±0.digits × 10^exp, its digits without zeros at
// either end: two numbers are equal exactly where their decimals are. Numbers
// are compared this way and not as big.Rat because 1e999999999 would fill the
// memory there.
type decimal struct {
	negative bool
	digits   string // "" is zero
	exp      int64
	raw      string // the number itself where its exponent fits no int64
}

// number returns v as the text of a JSON number, where it is a number.
func number(v any) (string, bool) {
	switch n := v.(type) {
	case json.Number:
		return n.String(), true
	case int:
		return strconv.Itoa(n), true
	case int64:
		return strconv.FormatInt(n, 10), true
	case int32, uint, uint32, uint64:
		return fmt.Sprint(n), true
	case float64:
		return strconv.FormatFloat(n, 'g', -1, 64), true
	}
	return "", false
}

func parseDecimal(s string) decimal {
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(s), "e")
	var d decimal
	mantissa, d.negative = strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return decimal{} // 0, -0 and 0e5 are the same number
	}
	// The point stands before the first digit that is not a zero.
	d.exp = int64(len(digits) - len(fraction))
	d.digits = strings.TrimRight(digits, "0")
	if hasExponent {
		// Far from the ends of int64, so that the sum cannot overflow.
		e, err := strconv.ParseInt(strings.TrimPrefix(exponent, "+"), 10, 60)
		if err != nil {
			return decimal{raw: s}
		}
		d.exp += e
	}
	return d
}

func equalNumbers(a, b string) bool { return a == b || parseDecimal(a) == parseDecimal(b) }

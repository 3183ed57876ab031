package xcontent

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// isFloat reports whether a number is written with a point or an exponent:
// Java reads such a number as a double.
func isFloat(raw string) bool { return strings.ContainsAny(raw, ".eE") }

// NormalNumber returns the number as Java writes it back after reading it:
// integers keep all their digits, others become a double.
func NormalNumber(raw string) Number {
	if !isFloat(raw) {
		if raw == "-0" {
			return "0"
		}
		return Number(raw)
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil && math.IsInf(f, 0) {
		return Number(raw)
	}
	return Number(javaDouble(f))
}

// javaDouble writes a double as Java's Double.toString does.
func javaDouble(f float64) string {
	abs := math.Abs(f)
	if abs == 0 || (abs >= 1e-3 && abs < 1e7) {
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}

// Long returns the number as a Java long: a fraction is cut off. ok is false
// where it is out of range.
func (n Number) Long() (v int64, ok bool) {
	if !isFloat(string(n)) {
		v, err := strconv.ParseInt(string(n), 10, 64)
		return v, err == nil
	}
	f, err := strconv.ParseFloat(string(n), 64)
	switch {
	case err != nil || f > math.MaxInt64 || f < math.MinInt64:
		return 0, false
	case f >= math.MaxInt64: // 2^63 as a double: Java's cast saturates
		return math.MaxInt64, true
	}
	return int64(f), true
}

// longProblem tells why a text is no long.
type longProblem int

const (
	longOK longProblem = iota
	longNotANumber
	longOutOfRange
)

// textToLong reads a string as Java reads it for a long field: an integer, or
// whatever a BigDecimal takes, cut off to an integer.
func textToLong(s string) (int64, longProblem) {
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return v, longOK
	}
	if !isBigDecimal(s) {
		return 0, longNotANumber
	}
	if f, _, err := big.ParseFloat(s, 10, 64, big.ToZero); err != nil || f.IsInf() || f.MantExp(nil) > 70 {
		return 0, longOutOfRange
	} else if f.Sign() == 0 || f.MantExp(nil) < 0 {
		return 0, longOK
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, longNotANumber
	}
	i := new(big.Int).Quo(r.Num(), r.Denom())
	if !i.IsInt64() {
		return 0, longOutOfRange
	}
	return i.Int64(), longOK
}

// isBigDecimal reports whether Java's BigDecimal constructor takes the text.
func isBigDecimal(s string) bool {
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i+1:]
		if digits := strings.TrimLeft(exponent, "+-"); len(exponent)-len(digits) > 1 || digits == "" ||
			len(digits) > 10 || strings.Trim(digits, "0123456789") != "" {
			return false
		}
	}
	if mantissa != "" && (mantissa[0] == '+' || mantissa[0] == '-') {
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	return whole+fraction != "" && strings.Trim(whole+fraction, "0123456789") == ""
}

// textToDouble reads a text as Java reads it for an int field.
func textToDouble(s string) (float64, bool) {
	if s = strings.TrimSpace(s); !isBigDecimal(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || math.IsInf(f, 0)
}

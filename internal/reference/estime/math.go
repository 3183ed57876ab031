package estime

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Math reads a date of a query: one in the format, perhaps followed by "||"
// and a calculation such as "+1M/d", or "now" with one. Rounding up, a part
// that is missing or rounded is taken to its end.
func (f Format) Math(text string, now time.Time, zone *time.Location, up bool) (time.Time, *eserr.Error) {
	if calculation, is := strings.CutPrefix(text, "now"); is {
		return calculate(calculation, now.Truncate(time.Millisecond).In(zone), up)
	}
	date, calculation, calculated := strings.Cut(text, "||")
	t, err := f.Parse(date, zone, up && !calculated)
	if err != nil || !calculated {
		return t, err
	}
	return calculate(calculation, t.In(zone), up)
}

func mathError(format string, args ...any) *eserr.Error {
	return eserr.New(400, "parse_exception", format, args...)
}

// calculate applies steps such as "-1h" and "/d" one after the other.
func calculate(steps string, t time.Time, up bool) (time.Time, *eserr.Error) {
	for rest := []rune(steps); len(rest) > 0; {
		operator := rest[0]
		if !strings.ContainsRune("+-/", operator) {
			return t, mathError("operator not supported for date math [%s]", steps)
		}
		rest = rest[1:]
		digits := 0
		for digits < len(rest) && unicode.IsDigit(rest[digits]) {
			digits++
		}
		if digits == len(rest) {
			return t, mathError("truncated date math [%s]", steps)
		}
		n := 1
		if digits > 0 {
			text := string(rest[:digits])
			whole, err := strconv.ParseInt(text, 10, 32)
			if err != nil {
				return t, &eserr.Error{Type: "number_format_exception", Reason: "For input string: " + strconv.Quote(text), Status: 400, Family: eserr.Java}
			}
			n = int(whole)
		}
		unit, known := units[rest[digits]]
		switch {
		case operator == '/' && n != 1:
			return t, mathError("rounding `/` can only be used on single unit types [%s]", steps)
		case !known:
			return t, mathError("unit [%c] not supported for date math [%s]", rest[digits], steps)
		case operator == '-':
			t = unit.add(t, -n)
		case operator == '+':
			t = unit.add(t, n)
		default:
			if t = unit.floor(t); up {
				t = unit.add(t, 1).Add(-time.Millisecond)
			}
		}
		rest = rest[digits+1:]
	}
	return t, nil
}

// unit is a unit of time that dates are calculated with.
type unit struct {
	add   func(t time.Time, n int) time.Time
	floor func(time.Time) time.Time
}

var units = map[rune]unit{
	'y': {func(t time.Time, n int) time.Time { return addMonths(t, 12*n) }, func(t time.Time) time.Time { return day(t, time.January, 1) }},
	'M': {addMonths, func(t time.Time) time.Time { return day(t, t.Month(), 1) }},
	'w': {func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) }, func(t time.Time) time.Time {
		return day(t, t.Month(), t.Day()-(int(t.Weekday())+6)%7) // its Monday
	}},
	'd': {func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }, func(t time.Time) time.Time { return day(t, t.Month(), t.Day()) }},
	'h': clock(time.Hour),
	'H': clock(time.Hour),
	'm': clock(time.Minute),
	's': clock(time.Second),
}

func day(t time.Time, m time.Month, d int) time.Time {
	return time.Date(t.Year(), m, d, 0, 0, 0, 0, t.Location())
}

// addMonths stays in the month where its day is missing there.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// clock is a unit shorter than a day.
func clock(d time.Duration) unit {
	return unit{
		func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * d) },
		func(t time.Time) time.Time {
			_, offset := t.Zone()
			local := t.Add(time.Duration(offset) * time.Second)
			return t.Add(-local.Sub(local.Truncate(d)))
		},
	}
}

// Zone reads the name or the offset of a time zone.
func Zone(name string) (*time.Location, *eserr.Error) {
	if seconds, ok := offset(name); ok {
		return time.FixedZone(name, seconds), nil
	}
	if name == "Z" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		const text = "Unknown time-zone ID: %s"
		return nil, eserr.IllegalArgument("java.time.zone.ZoneRulesException: "+text, name).
			CausedBy(eserr.JavaError("zone_rules_exception", text, name))
	}
	return zone, nil
}

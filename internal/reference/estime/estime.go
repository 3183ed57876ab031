// Package estime reads and writes instants the way Elasticsearch does.
package estime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are part of what is accepted, on every machine

	"github.com/esconform/esconform/internal/reference/eserr"
)

// defaultName is the date format of the connector API and of its indices.
const defaultName = "strict_date_optional_time||epoch_millis"

// Write returns an instant as Elasticsearch stores it: in UTC, with at least
// three and at most nine digits of the second's fraction.
func Write(t time.Time) string {
	t = t.UTC()
	fraction := fmt.Sprintf("%09d", t.Nanosecond())
	for len(fraction) > 3 && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	return fmt.Sprintf("%s-%02d-%02dT%02d:%02d:%02d.%sZ",
		year(t.Year()), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), fraction)
}

// year writes a year with four digits, and with a sign where it needs more.
func year(y int) string {
	switch {
	case y < 0:
		return fmt.Sprintf("-%04d", -y)
	case y > 9999:
		return fmt.Sprintf("+%d", y)
	}
	return fmt.Sprintf("%04d", y)
}

// Parse reads a text in the default format. A text that has the format but names no
// instant, such as a date alone or 30 February, is an error of another kind
// than one that has not.
func Parse(s string) (time.Time, *eserr.Error) {
	if s == "" {
		return time.Time{}, eserr.IllegalArgument("cannot parse empty datetime")
	}
	if d, ok := parseISO(s); ok {
		return d.instant()
	}
	if t, ok := parseMillis(s); ok {
		return t, nil
	}
	return time.Time{}, eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", s, defaultName).
		CausedBy(eserr.JavaError("date_time_parse_exception", "Failed to parse with all enclosed parsers"))
}

// dateTime is what the ISO parser found; -1 stands for a part that is absent.
type dateTime struct {
	year, month, day, hour, minute, second, nano int
	zone                                         string
	offset                                       int
	hasOffset                                    bool
}

func (d dateTime) String() string {
	part := func(v int) string {
		if v < 0 {
			return "null"
		}
		return strconv.Itoa(v)
	}
	zone, offset := "null", "null"
	if d.zone != "" {
		zone = d.zone
	}
	if d.hasOffset {
		offset = zone
	}
	return fmt.Sprintf("DateTime[years=%d, months=%s, days=%s, hours=%s, minutes=%s, seconds=%s, nanos=%s, zoneId=%s, offset=%s]",
		d.year, part(d.month), part(d.day), part(d.hour), part(d.minute), part(d.second), part(d.nano), zone, offset)
}

var daysIn = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// instant returns the instant; a time without offset is in UTC, also where it
// names a region.
func (d dateTime) instant() (time.Time, *eserr.Error) {
	problem := eserr.JavaError("unsupported_temporal_type_exception", "No InstantSeconds value available")
	if d.month >= 0 && d.day >= 0 && d.hour >= 0 {
		problem = d.impossible()
	}
	if problem != nil {
		return time.Time{}, eserr.JavaError("date_time_exception",
			"Unable to obtain Instant from TemporalAccessor: %s of type org.elasticsearch.common.time.DateTime", d).CausedBy(problem)
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, d.nano, time.UTC)
	return t.Add(-time.Duration(d.offset) * time.Second), nil
}

// impossible says why there is no such date; nil where there is one.
func (d dateTime) impossible() *eserr.Error {
	fail := func(format string, args ...any) *eserr.Error {
		return eserr.JavaError("date_time_exception", format, args...)
	}
	leap := d.year%4 == 0 && (d.year%100 != 0 || d.year%400 == 0)
	switch {
	case d.month == 0:
		return fail("Invalid value for MonthOfYear (valid values 1 - 12): 0")
	case d.day == 0:
		return fail("Invalid value for DayOfMonth (valid values 1 - 28/31): 0")
	case d.month == 2 && d.day == 29 && !leap:
		return fail("Invalid date 'February 29' as '%d' is not a leap year", d.year)
	case d.day > daysIn[max(d.month, 1)]:
		return fail("Invalid date '%s %d'", strings.ToUpper(time.Month(d.month).String()), d.day)
	}
	return nil
}

// parseISO reads strict_date_optional_time: fields of fixed width, each one
// only behind the one before, then a zone.
func parseISO(s string) (dateTime, bool) {
	d := dateTime{month: -1, day: -1, hour: -1, minute: -1, second: -1, nano: -1}
	if strings.HasPrefix(s, "-") {
		d, ok := parseISO(s[1:])
		d.year = -d.year
		return d, ok && !strings.HasPrefix(s, "--")
	}
	var ok bool
	if d.year, ok = digits(s, 0, 4); !ok {
		return d, false
	}
	if len(s) == 4 {
		return d, true
	}
	if d.month, ok = digits(s, 5, 7); !ok || s[4] != '-' || d.month > 12 {
		return d, false
	}
	if len(s) == 7 {
		return d, true
	}
	if d.day, ok = digits(s, 8, 10); !ok || s[7] != '-' || d.day > 31 {
		return d, false
	}
	if len(s) == 10 {
		return d, true
	}
	if s[10] != 'T' {
		return d, false
	}
	if len(s) == 11 {
		return d, true
	}
	return d.parseTime(s)
}

// parseTime reads what stands behind the T.
func (d dateTime) parseTime(s string) (dateTime, bool) {
	pos := 11
	for i, part := range []*int{&d.hour, &d.minute, &d.second} {
		if i > 0 {
			if s[pos] != ':' {
				return d, false
			}
			pos++
		}
		v, ok := digits(s, pos, pos+2)
		if !ok || v > 59 || (i == 0 && v > 23) {
			return d, false
		}
		*part = v
		pos += 2
		if pos == len(s) || isZone(s[pos]) {
			d.minute, d.second, d.nano = max(d.minute, 0), max(d.second, 0), 0
			return d.parseZone(s[pos:])
		}
	}
	if s[pos] != '.' && s[pos] != ',' {
		return d, false
	}
	pos++
	start := pos
	d.nano = 0
	for pos < len(s) && pos < start+9 && s[pos] >= '0' && s[pos] <= '9' {
		d.nano = d.nano*10 + int(s[pos]-'0')
		pos++
	}
	if pos == start {
		return d, false
	}
	for range 9 - (pos - start) {
		d.nano *= 10
	}
	if pos < len(s) && !isZone(s[pos]) {
		return d, false
	}
	return d.parseZone(s[pos:])
}

func isZone(c byte) bool {
	return c == '+' || c == '-' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
}

// parseZone reads a zone: nothing, an offset, or what Java's ZoneId knows.
func (d dateTime) parseZone(zone string) (dateTime, bool) {
	switch {
	case zone == "":
		return d, true
	case zone == "Z":
		d.zone, d.hasOffset = "Z", true
		return d, true
	case zone[0] != '+' && zone[0] != '-':
		d.zone = zone
		for _, prefix := range []string{"UTC", "GMT", "UT"} {
			if rest, ok := strings.CutPrefix(zone, prefix); ok && (rest == "" || isOffset(rest)) {
				return d, true
			}
		}
		_, err := time.LoadLocation(zone)
		return d, err == nil && strings.Contains(zone, "/")
	}
	seconds, ok := offset(zone)
	if !ok {
		return d, false
	}
	d.offset, d.hasOffset, d.zone = seconds, true, offsetName(seconds)
	return d, true
}

func isOffset(s string) bool {
	_, ok := offset(s)
	return ok
}

// offset reads ±hh, ±hhmm, ±hh:mm, ±hhmmss or ±hh:mm:ss, at most 18 hours.
func offset(s string) (seconds int, ok bool) {
	sign := 1
	switch {
	case strings.HasPrefix(s, "-"):
		sign = -1
	case !strings.HasPrefix(s, "+"):
		return 0, false
	}
	s = s[1:]
	colon := len(s) > 2 && s[2] == ':'
	for i, unit := range []int{3600, 60, 1} {
		if i > 0 {
			if s == "" {
				break
			}
			if (s[0] == ':') != colon {
				return 0, false
			}
			s = strings.TrimPrefix(s, ":")
		}
		v, ok := digits(s, 0, 2)
		if !ok {
			return 0, false
		}
		seconds += v * unit
		s = s[2:]
	}
	return sign * seconds, s == "" && seconds <= 18*3600
}

func offsetName(seconds int) string {
	if seconds == 0 {
		return "Z"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	name := fmt.Sprintf("%s%02d:%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s != 0 {
		name += fmt.Sprintf(":%02d", s)
	}
	return name
}

// digits reads the decimal number in s[from:to].
func digits(s string, from, to int) (int, bool) {
	if len(s) < to {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s[from:to]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// parseMillis reads epoch_millis: up to 19 digits, perhaps negative, perhaps
// with a fraction of up to six digits.
func parseMillis(s string) (time.Time, bool) {
	whole, fraction, point := strings.Cut(s, ".")
	magnitude := strings.TrimPrefix(whole, "-")
	if len(magnitude) == 0 || len(magnitude) > 19 || strings.Trim(magnitude, "0123456789") != "" {
		return time.Time{}, false
	}
	millis, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	var nanos int64
	if point && fraction != "" {
		if len(fraction) > 6 || strings.Trim(fraction, "0123456789") != "" {
			return time.Time{}, false
		}
		nanos, _ = strconv.ParseInt((fraction + "00000")[:6], 10, 64)
		if whole != magnitude {
			nanos = -nanos
		}
	}
	return time.Unix(millis/1000, millis%1000*1_000_000+nanos), true
}

// ParseInstant reads a text as Java's Instant.parse does, which is all that
// the first version of the API knew: date, time with seconds, and a zone.
func ParseInstant(s string) (time.Time, *eserr.Error) {
	upper := strings.ToUpper(s)
	if d, ok := parseISO(upper); ok && d.hasOffset && len(s) > 19 && !strings.Contains(s, ",") &&
		upper[16] == ':' {
		if t, err := d.instant(); err == nil {
			return t, nil
		}
	}
	return time.Time{}, eserr.JavaError("date_time_parse_exception",
		"Text '%s' could not be parsed at index %d", s, badIndex(upper))
}

// badIndex guesses where Java gives up: behind the longest beginning that has
// the right form.
func badIndex(s string) int {
	const form = "9999-99-99T99:99:99"
	for i := range len(form) {
		if i == len(s) || (form[i] == '9') != (s[i] >= '0' && s[i] <= '9') || (form[i] != '9' && s[i] != form[i]) {
			if i < 4 {
				return 0
			}
			return i
		}
	}
	return min(len(s), len(form))
}

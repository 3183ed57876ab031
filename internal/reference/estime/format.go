package estime

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Format reads and writes dates in one of several forms.
type Format struct {
	name  string
	forms []form
}

// form is one form of dates. Where parse fails it tells at which byte, -1 if
// that cannot be said.
type form struct {
	parse func(string) (d dateTime, badAt int, ok bool)
	write func(time.Time) string
}

var (
	// Default is the format of fields whose mapping names none.
	Default = mustFormat(defaultName)
	// Millis are milliseconds since 1970.
	Millis = mustFormat("epoch_millis")
)

// ParseFormat reads a format: names of forms or patterns of letters, with "||"
// between them. What it does not know is unsupported, with what names it.
func ParseFormat(name string) (f Format, unsupported string, err *eserr.Error) {
	f.name = name
	for part := range strings.SplitSeq(name, "||") {
		form, known := namedForms[part]
		if !known {
			letters, bad := parsePattern(part)
			if bad != 0 {
				cause := eserr.IllegalArgument("Unknown pattern letter: %c", bad)
				return f, "", eserr.IllegalArgument("Invalid format: [%s]: %s", part, cause.Reason).CausedBy(cause)
			}
			if letters == nil {
				return f, part, nil
			}
			form = letters.form()
		}
		f.forms = append(f.forms, form)
	}
	return f, "", nil
}

// Parse reads a date. Parts that it lacks are the first ones there are, or the
// last where it rounds up; without a zone of its own it is in that one.
func (f Format) Parse(text string, zone *time.Location, up bool) (time.Time, *eserr.Error) {
	if text == "" {
		return time.Time{}, mathError("cannot parse empty datetime")
	}
	cause := eserr.JavaError("date_time_parse_exception", "Failed to parse with all enclosed parsers")
	for _, form := range f.forms {
		d, badAt, ok := form.parse(text)
		if ok {
			return d.in(f, text, zone, up)
		}
		if len(f.forms) == 1 && badAt >= 0 {
			cause = eserr.JavaError("date_time_parse_exception", "Text '%s' could not be parsed at index %d", text, badAt)
		}
	}
	failed := eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", text, f.name)
	return time.Time{}, f.failed(text, failed.CausedBy(cause))
}

func (f Format) failed(text string, cause *eserr.Error) *eserr.Error {
	return mathError("failed to parse date field [%s] with format [%s]: [%s]", text, f.name, cause.Reason).CausedBy(cause)
}

// IsZero reports whether f is no format.
func (f Format) IsZero() bool { return f.forms == nil }

// Write writes an instant in the first form.
func (f Format) Write(t time.Time) string { return f.forms[0].write(t) }

// in completes a date that was read.
func (d dateTime) in(f Format, text string, zone *time.Location, up bool) (time.Time, *eserr.Error) {
	fill := func(v, first, last int) int {
		switch {
		case v >= 0:
			return v
		case up:
			return last
		}
		return first
	}
	d.month, d.day = fill(d.month, 1, 1), fill(d.day, 1, 1)
	if problem := d.impossible(); problem != nil {
		return time.Time{}, f.failed(text, problem)
	}
	return time.Date(d.year, time.Month(d.month), d.day, fill(d.hour, 0, 23), fill(d.minute, 0, 59), fill(d.second, 0, 59),
		fill(d.nano, 0, 999_999_999), d.location(zone)), nil
}

// location is the zone that a date names, else the given one.
func (d dateTime) location(zone *time.Location) *time.Location {
	switch {
	case d.hasOffset:
		return time.FixedZone(d.zone, d.offset)
	case d.zone != "":
		if named, err := time.LoadLocation(d.zone); err == nil {
			return named
		}
	}
	return zone
}

func mustFormat(name string) Format {
	f, unsupported, err := ParseFormat(name)
	if err != nil || unsupported != "" {
		panic("date format " + name)
	}
	return f
}

var (
	isoForm = form{func(s string) (dateTime, int, bool) {
		d, ok := parseISO(s)
		return d, badIndex(s), ok
	}, Write}
	namedForms = map[string]form{
		"strict_date_optional_time":       isoForm,
		"date_optional_time":              isoForm,
		"strict_date_optional_time_nanos": isoForm,
		"strict_date_time":                isoForm,
		"date_time":                       isoForm,
		"iso8601":                         isoForm,
		"epoch_millis":                    {epoch(parseMillis), func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }},
		"epoch_second":                    {epoch(parseSeconds), writeSeconds},
		"strict_date":                     mustPattern("yyyy-MM-dd"),
		"date":                            mustPattern("yyyy-MM-dd"),
		"strict_year_month":               mustPattern("yyyy-MM"),
		"strict_year":                     mustPattern("yyyy"),
		"basic_date":                      mustPattern("yyyyMMdd"),
		"strict_date_hour_minute_second":  mustPattern("yyyy-MM-dd'T'HH:mm:ss"),
		"date_hour_minute_second":         mustPattern("yyyy-MM-dd'T'HH:mm:ss"),
	}
)

// epoch makes a date of what counts from 1970.
func epoch(parse func(string) (time.Time, bool)) func(string) (dateTime, int, bool) {
	return func(s string) (dateTime, int, bool) {
		t, ok := parse(s)
		t = t.UTC()
		return dateTime{
			year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second(),
			nano: t.Nanosecond(), zone: "Z", hasOffset: true,
		}, -1, ok
	}
}

func parseSeconds(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	nanos, ok := digits((fraction + "000000000")[:9], 0, 9)
	return time.Unix(seconds, int64(nanos)), err == nil && ok && len(fraction) < 10
}

func writeSeconds(t time.Time) string {
	seconds := strconv.FormatInt(t.Unix(), 10)
	if fraction := strings.TrimRight(pad(t.Nanosecond(), 9), "0"); fraction != "" {
		seconds += "." + fraction
	}
	return seconds
}

// pattern is a form that is told in letters: "dd/MM/yyyy".
type pattern []item

// item is a run of one letter, or a text (letter 0).
type item struct {
	letter rune
	width  int
	text   string
}

func mustPattern(s string) form {
	p, _ := parsePattern(s)
	return p.form()
}

// The letters that Java knows, and those of them that are known here.
const (
	javaLetters  = "GyuQqMLDdFEceaHkKhmsSAnNgVvzOXxZpWwYB"
	knownLetters = "yuMdHmsS"
)

// parsePattern reads a pattern: nil where it has letters that only Java knows,
// bad is one that nobody knows.
func parsePattern(s string) (p pattern, bad rune) {
	known := true
	letters := []rune(s)
	for i := 0; i < len(letters); {
		c, start := letters[i], i
		for i < len(letters) && letters[i] == c {
			i++
		}
		switch {
		case c == '\'':
			for i = start + 1; i < len(letters) && letters[i] != '\''; i++ {
			}
			p = append(p, item{text: string(letters[start+1 : i])})
			i++
		case !unicode.IsLetter(c):
			p = append(p, item{text: string(letters[start:i])})
		case !strings.ContainsRune(javaLetters, c):
			return nil, c
		case !strings.ContainsRune(knownLetters, c) || c == 'M' && i-start > 2:
			known = false
		default:
			p = append(p, item{letter: c, width: i - start})
		}
	}
	if !known {
		return nil, 0
	}
	return p, 0
}

func (p pattern) form() form { return form{p.parse, p.write} }

func (p pattern) parse(s string) (d dateTime, badAt int, ok bool) {
	d = dateTime{year: 1970, month: -1, day: -1, hour: -1, minute: -1, second: -1, nano: -1}
	parts := map[rune]*int{'y': &d.year, 'u': &d.year, 'M': &d.month, 'd': &d.day, 'H': &d.hour, 'm': &d.minute, 's': &d.second, 'S': &d.nano}
	at := 0
	for _, it := range p {
		if it.letter == 0 {
			if !strings.HasPrefix(s[at:], it.text) {
				return d, at, false
			}
			at += len(it.text)
			continue
		}
		end := at + it.width
		if it.width == 1 && it.letter != 'S' && end < len(s) && unicode.IsDigit(rune(s[end])) {
			end++
		}
		v, ok := digits(s, at, end)
		if !ok || it.letter != 'S' && v > greatest[it.letter] {
			return d, at, false
		}
		for i := it.width; it.letter == 'S' && i < 9; i++ {
			v *= 10
		}
		*parts[it.letter] = v
		at = end
	}
	return d, at, at == len(s)
}

// greatest are the bounds of the parts of a date.
var greatest = map[rune]int{'y': 9999, 'u': 9999, 'M': 12, 'd': 31, 'H': 23, 'm': 59, 's': 59}

func (p pattern) write(t time.Time) string {
	t = t.UTC()
	parts := map[rune]int{'y': t.Year(), 'u': t.Year(), 'M': int(t.Month()), 'd': t.Day(), 'H': t.Hour(), 'm': t.Minute(), 's': t.Second()}
	var b strings.Builder
	for _, it := range p {
		text := it.text
		switch it.letter {
		case 0:
		case 'S':
			text = pad(t.Nanosecond(), 9)[:min(it.width, 9)]
		default:
			text = pad(parts[it.letter], it.width)
		}
		b.WriteString(text)
	}
	return b.String()
}

// pad writes a number with so many digits at least.
func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

// Package cron says what Elasticsearch finds wrong with a cron expression, in
// its words. Elasticsearch reads them as Quartz does: six or seven fields with
// names, steps, L, W, # and ?, few of which are held against a calendar.
package cron

import (
	"fmt"
	"strings"
)

// Java is what an expression is read with.
type Java struct {
	// Newer: it words what is beyond a text's end as Java 25 does, and not as 17.
	Newer bool
	// Year is the present one, from which the last one counts.
	Year int
}

// field is one of the parts of an expression.
type field int

const (
	second field = iota
	minute
	hour
	dayOfMonth
	month
	dayOfWeek
	year
)

// limits are those of a field's values, and of its steps.
type limits struct {
	min, max  int
	beyond    string
	maxStep   int
	stepAfter string // what an error about the step ends with
}

var fields = map[field]limits{
	second:     {0, 59, "Minute and Second values must be between 0 and 59", 59, ""},
	minute:     {0, 59, "Minute and Second values must be between 0 and 59", 59, ""},
	hour:       {0, 23, "Hour values must be between 0 and 23", 23, ""},
	dayOfMonth: {1, 31, "Day of month values must be between 1 and 31", 31, " "},
	month:      {1, 12, "Month values must be between 1 and 12", 12, ""},
	dayOfWeek:  {1, 7, "Day-of-Week values must be between 1 and 7", 7, " "},
}

// names of values, and how a field with names is called.
var names = map[field]struct {
	label  string
	values []string
}{
	month:     {"Month", []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	dayOfWeek: {"Day-of-Week", []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
}

// Values that stand for others: they pass as numbers, too.
const (
	all    = 99 // *
	noSpec = 98 // ?
	none   = -1
)

// illegal makes the exception that Elasticsearch throws itself, in its words: what
// they call "not implemented" is so there.
func illegal(format string, args ...any) error {
	return fmt.Errorf("java.lang.IllegalArgumentException: "+format, args...)
}

// Check returns what is wrong with an expression, "" for nothing.
func Check(expression string, java Java) string {
	c := &check{java: java, lastDay: none, without: map[field]bool{}}
	if err := c.expression(strings.ToUpper(expression)); err != nil {
		return "illegal cron expression format [" + err.Error() + "]"
	}
	return ""
}

// check is one expression on its way.
type check struct {
	java    Java
	lastDay int            // the greatest value of the day of the month, none for no value
	fromEnd bool           // days of the month are counted from its end
	without map[field]bool // that have a ?
}

// expression checks the fields in turn; those beyond the seventh do not count.
func (c *check) expression(text string) error {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' })
	for i, part := range parts[:min(len(parts), int(year)+1)] {
		if err := c.field(field(i), strings.TrimSpace(part)); err != nil {
			return err
		}
	}
	if len(parts) <= int(dayOfWeek) {
		return illegal("unexpected end of expression at pos [%d].", len([]rune(text)))
	}
	if c.without[dayOfMonth] == c.without[dayOfWeek] {
		return illegal("support for specifying both a day-of-week AND a day-of-month parameter is not implemented.")
	}
	return nil
}

// field checks a list of values.
func (c *check) field(f field, part string) error {
	list := strings.Contains(part, ",")
	switch {
	case f == dayOfMonth && list && strings.Contains(part, "L"):
		return illegal("support for specifying 'L' and 'LW' with other days of the month is not implemented")
	case f == dayOfWeek && list && strings.Contains(part, "L"):
		return illegal("support for specifying 'L' with other days of the week is not implemented")
	case f == dayOfWeek && strings.Count(part, "#") > 1:
		return illegal(`support for specifying multiple "nth" days is not implemented.`)
	}
	for value := range strings.SplitSeq(part, ",") {
		if value == "" {
			continue
		}
		if err := (scan{check: c, f: f, s: []rune(value)}).value(); err != nil {
			return err
		}
	}
	return nil
}

// add notes the values from a first one to the last, at steps; of single values
// there is no last. Only of days it matters which they are.
func (c *check) add(f field, value, last, step int) error {
	l, limited := fields[f]
	special := value == all || value == noSpec && (f == dayOfMonth || f == dayOfWeek)
	if limited && !special && (value < l.min || value > l.max || last > l.max) {
		return illegal("%s", l.beyond)
	}
	if value != all && step <= 0 {
		c.note(f, value)
		return nil
	}
	if f == year {
		return c.years(value, last)
	}
	if value == all && step <= 0 {
		c.note(f, all)
		step = 1
	}
	first, end := value, last
	if value == all {
		first = l.min
	}
	if last == none {
		end = l.max
	}
	wraps := end < first
	if wraps {
		end += l.max
	}
	for v := first; v <= min(end, all+step); v += step { // all values beyond are as good as one
		if wraps && v > l.max {
			c.note(f, v-l.max)
			continue
		}
		c.note(f, v)
	}
	return nil
}

// note keeps what matters of a value.
func (c *check) note(f field, value int) {
	if value == noSpec {
		c.without[f] = true
	}
	if f == dayOfMonth {
		c.lastDay = max(c.lastDay, value)
	}
}

// The years that * stands for: from the first one to so many from now.
const (
	firstYear = 1970
	yearsOn   = 50
)

// years checks a range of years, which does not go on from the beginning.
func (c *check) years(first, last int) error {
	if first == all {
		first = firstYear
	}
	if last == none {
		last = c.java.Year + yearsOn
	}
	if last < first {
		return illegal("Start year must be less than stop year")
	}
	return nil
}

package schema

import (
	"regexp"
	"slices"
	"time"

	"github.com/xeipuuv/gojsonschema"
)

// formats are the only formats that our schemas use. The library's own
// date-time takes a date alone.
var formats = map[string]func(string) bool{
	// An instant as Elasticsearch writes it: UTC, 3 to 9 digits of fraction.
	"es-instant": dateTime(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$`)),
	// A date-time with a zone, as RFC 3339 has it, in upper case.
	"date-time": dateTime(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$`)),
	"date":      date,
}

func dateTime(form *regexp.Regexp) func(string) bool {
	return func(s string) bool {
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil && form.MatchString(s)
	}
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Formats returns the formats that schemas may use, sorted.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for n := range formats {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// formatChecker applies a format to strings alone, as draft-07 says.
type formatChecker func(string) bool

func (f formatChecker) IsFormat(v any) bool {
	s, ok := v.(string)
	return !ok || f(s)
}

// The library knows formats by global names only.
func init() {
	for name, check := range formats {
		gojsonschema.FormatCheckers.Add(name, formatChecker(check))
	}
}

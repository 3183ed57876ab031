package estime

import (
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const noFormat, noInstant = "illegal_argument_exception", "date_time_exception"
	for text, want := range map[string]string{
		"2023-01-02T10:00:00Z":             "2023-01-02T10:00:00.000Z",
		"2023-01-02T10:00:00.1Z":           "2023-01-02T10:00:00.100Z",
		"2023-01-02T10:00:00,1234567Z":     "2023-01-02T10:00:00.1234567Z",
		"2023-12-04T08:45:50.567149321Z":   "2023-12-04T08:45:50.567149321Z",
		"2023-01-02T10:00:00+02:00":        "2023-01-02T08:00:00.000Z",
		"2023-01-02T10:00:00-0230":         "2023-01-02T12:30:00.000Z",
		"2023-01-02T10:00:00+02":           "2023-01-02T08:00:00.000Z",
		"2023-01-02T10:00:00+02:00:30":     "2023-01-02T07:59:30.000Z",
		"2023-01-02T10:00:00Europe/Berlin": "2023-01-02T10:00:00.000Z",
		"2023-01-02T10:00:00UTC":           "2023-01-02T10:00:00.000Z",
		"2023-01-02T10":                    "2023-01-02T10:00:00.000Z",
		"2023-01-02T10:30":                 "2023-01-02T10:30:00.000Z",
		"2023-01-02T10:30Z":                "2023-01-02T10:30:00.000Z",
		"2023-01-02T10:00:00":              "2023-01-02T10:00:00.000Z",
		"-0044-03-15T12:00:00Z":            "-0044-03-15T12:00:00.000Z",
		"1672653600000":                    "2023-01-02T10:00:00.000Z",
		"1672653600000.5":                  "2023-01-02T10:00:00.0005Z",
		"-1":                               "1969-12-31T23:59:59.999Z",
		"0":                                "1970-01-01T00:00:00.000Z",
		"253402300800000":                  "+10000-01-01T00:00:00.000Z",
		"2024-02-29T00:00:00Z":             "2024-02-29T00:00:00.000Z",
		"":                                 noFormat,
		"yesterday":                        noFormat,
		"2023-01-02 10:00:00":              noFormat,
		"2023-01-02t10:00:00z":             noFormat,
		"2023-01-02T10:00:00z":             noFormat,
		"2023-1-2T10:00:00Z":               noFormat,
		"2023-13-02T10:00:00Z":             noFormat,
		"2023-01-02T24:00:00Z":             noFormat,
		"2023-01-02T10:00:60Z":             noFormat,
		"2023-01-02T10:00:00.Z":            noFormat,
		"2023-01-02T10:00:00.1234567890Z":  noFormat,
		"2023-01-02T10:00:00+19:00":        noFormat,
		"2023-01-02T10:00:00Z ":            noFormat,
		"20230102T100000Z":                 noFormat,
		"2023":                             noInstant,
		"2023-01":                          noInstant,
		"2023-01-02":                       noInstant,
		"2023-01-02T":                      noInstant,
		"2023-02-30T10:00:00Z":             noInstant,
		"2023-02-29T10:00:00Z":             noInstant,
		"2023-00-02T10:00:00Z":             noInstant,
		"2023-01-00T10:00:00Z":             noInstant,
	} {
		got, err := Parse(text)
		check(t, text, got, err, want)
	}
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	const bad = "date_time_parse_exception"
	for text, want := range map[string]string{
		"2023-01-02T10:00:00Z":      "2023-01-02T10:00:00.000Z",
		"2023-01-02T10:00:00.123Z":  "2023-01-02T10:00:00.123Z",
		"2023-01-02t10:00:00z":      "2023-01-02T10:00:00.000Z",
		"2023-01-02T10:00:00+02:00": "2023-01-02T08:00:00.000Z",
		"2023-01-02T10:00:00":       bad,
		"2023-01-02T10:00Z":         bad,
		"1672653600000":             bad,
		"2023-01-02":                bad,
		"2023-02-30T10:00:00Z":      bad,
		"":                          bad,
	} {
		got, err := ParseInstant(text)
		check(t, text, got, err, want)
	}
}

// check compares an instant, or the type of an error, with what is wanted.
func check(t *testing.T, text string, got time.Time, err *eserr.Error, want string) {
	t.Helper()
	have := ""
	if err != nil {
		have = err.Type
	} else {
		have = Write(got)
	}
	if have != want {
		t.Errorf("%q reads as %s (%v), want %s", text, have, err, want)
	}
}

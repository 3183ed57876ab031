package cron

import (
	"strings"
	"testing"
)

// TestCheck holds what Elasticsearch 9.5.3 answered, and what its class Cron
// said of others. An empty text is no error.
func TestCheck(t *testing.T) {
	t.Parallel()
	const illegal = "java.lang.IllegalArgumentException: "
	for expression, want := range map[string]string{
		"0 0 0 * * ?": "", "0 0/5 * * * ?": "", "0 0 12 ? * MON-FRI": "", "0 0 12 ? jan-dec mon,wed": "", "0 0 0 1 1 ? 2099": "",
		"0 0 0 L * ?": "", "0 0 0 LW * ?": "", "0 0 0 L-3W * ?": "", "0 0 0 ? * 6#3": "", "0 0 0 ? * FRI#3": "", "0 0 0 ? * 6L": "",
		"0 0 0 15W * ?": "", "*/10 * * * * ?": "", "0 0 0 31 2 ?": "", "0 0 8-18/2 ? * 2,4,6": "", "0  0\t0  *  *  ?": "",
		"0 0 0 * * ? 1969": "", "0 0 0 * * ? 20999": "", "0 0 0 * * ? 2020 x x": "", "0 0 0 5-1 * ?": "", "99 0 0 * * ?": "",
		"0 0 0 * * ? 2076/2": "", "0 0 0 1 * 98-99": "", "0 0 0 98 * 1": "",

		"":                  illegal + "unexpected end of expression at pos [0].",
		"5m":                illegal + "unexpected end of expression at pos [2].",
		"0 0 0 * *":         illegal + "unexpected end of expression at pos [9].",
		"0 0 0 * * *":       illegal + "support for specifying both a day-of-week AND a day-of-month parameter is not implemented.",
		"0 0 0 ? * ?":       illegal + "'?' can only be specified for Day-of-Month -OR- Day-of-Week. at pos [1]",
		"60 0 0 * * ?":      illegal + "Minute and Second values must be between 0 and 59",
		"0 0 24 * * ?":      illegal + "Hour values must be between 0 and 23",
		"0 0 0 32 * ?":      illegal + "Day of month values must be between 1 and 31",
		"0 0 0 1-32 * ?":    illegal + "Day of month values must be between 1 and 31",
		"0 0 0 * 13 ?":      illegal + "Month values must be between 1 and 12",
		"0 0 0 ? * 8":       illegal + "Day-of-Week values must be between 1 and 7",
		"0 0 0 ? * 8L":      illegal + "Day-of-Week values must be between 1 and 7",
		"0 0 0 ? * FOO":     illegal + "invalid Day-of-Week value [FOO] at pos [0]",
		"0 0 0 ? FOO MON":   illegal + "invalid Month value [FOO] at pos [0]",
		"0 0 0 ? * MON-FOO": illegal + "invalid Day-of-Week value [FOO] at pos [4]",
		"0 0 0 ? * FRI#6":   illegal + "a numeric value between 1 and 5 must follow the '#' option at pos [4]",
		"0 0 0 ? * 6#":      illegal + "a numeric value between 1 and 5 must follow the '#' option at pos [2]",
		"0 0 0 ? * 6#1#2":   illegal + `support for specifying multiple "nth" days is not implemented.`,
		"0 0 0 L,1 * ?":     illegal + "support for specifying 'L' and 'LW' with other days of the month is not implemented",
		"0 0 0 ? * 6L,1":    illegal + "support for specifying 'L' with other days of the week is not implemented",
		"0 0 0 L-31 * ?":    illegal + "offset from last day must be <= 30 at pos [2]",
		"0 0 0 1L * ?":      illegal + "'L' option is not valid here. at pos [1]",
		"0 0 0 ? * 1W":      illegal + "'W' option is not valid here. at pos [1]",
		"0 0 0 1#1 * ?":     illegal + "'#' option is not valid here. at pos [1]",
		"0 0 0 32W * ?": illegal + "the 'W' option does not make sense with values larger than 31 " +
			"(max number of days in a month) at pos [2]",
		"? 0 0 * * ?":           illegal + "'?' can only be specified for Day-of-Month or Day-of-Week. at pos [1]",
		"0 0 0 ?ab * 1":         illegal + "illegal character [A] after '?' at pos [1]",
		"-1 0 0 * * ?":          illegal + "Unexpected character [-] at pos [0] ",
		"@daily":                illegal + "Unexpected character [@] at pos [0] ",
		"nope":                  illegal + "illegal characters [NOP] at pos [0] '",
		"/ 0 0 * * ?":           illegal + "'/' must be followed by an integer. at pos [0]",
		"*/ 0 0 * * ?":          illegal + "Unexpected end of string. at pos [2]",
		"*/60 0 0 * * ?":        illegal + "increment [60] > 60 at pos [4]",
		"0 0 */24 * * ?":        illegal + "increment [24] > 24 at pos [4]",
		"0 0 0 */32 * ?":        illegal + "increment [32] > 31 at pos [4] ",
		"0 0 0 ? * /8":          illegal + "increment [8] > 7 at pos [2] ",
		"5/1x 0 0 * * ?":        illegal + "Unexpected character [X] after '/' at pos [3]",
		"0 0 0 * * ? 2020-10":   illegal + "Start year must be less than stop year",
		"0 0 0 * * ? 2127/2":    illegal + "Start year must be less than stop year",
		"0 0 0 , * ?":           "java.util.NoSuchElementException",
		"5- 0 0 * * ?":          "java.lang.StringIndexOutOfBoundsException: Index 2 out of bounds for length 2",
		"5-x 0 0 * * ?":         `java.lang.NumberFormatException: For input string: "X"`,
		"*/x 0 0 * * ?":         `java.lang.NumberFormatException: For input string: "X"`,
		"99999999999 0 0 * * ?": `java.lang.NumberFormatException: For input string: "99999999999"`,
		"x":                     "java.lang.StringIndexOutOfBoundsException: Range [0, 3) out of bounds for length 1",
	} {
		if want != "" {
			want = "illegal cron expression format [" + want + "]"
		}
		if got := Check(expression, Java{Newer: true, Year: 2026}); got != want {
			t.Errorf("%q:\n got %s\nwant %s", expression, got, want)
		}
	}
	for expression, want := range map[string]string{"x": "begin 0, end 3, length 1]", "5- 0 0 * * ?": "String index out of range: 2]"} {
		if got := Check(expression, Java{}); !strings.HasSuffix(got, want) {
			t.Errorf("%s on an older Java: %s, want %s", expression, got, want)
		}
	}
}

// FuzzCheck sees to it that nothing makes a check panic.
func FuzzCheck(f *testing.F) {
	f.Add("0 0 0 L-3W * ?")
	f.Add("1-5/2 */7 ? MON#2 ,, 6L 2020/3")
	f.Fuzz(func(t *testing.T, expression string) {
		if got := Check(expression, Java{Year: 2026}); got != "" && !strings.HasPrefix(got, "illegal cron expression format [java.") {
			t.Errorf("%q: %s", expression, got)
		}
	})
}

package xcontent

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// TestSyntaxErrors checks what Jackson says, and where.
func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	const parse, eof = "json_parse_exception", "json_e_o_f_exception"
	for _, c := range []struct{ src, typ, at, message string }{
		{`{x}`, parse, "1:3", "Unexpected character ('x' (code 120)): was expecting double-quote to start field name"},
		{`{"a":1,}`, parse, "1:9", "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"},
		{`{"a" 1}`, parse, "1:7", "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"},
		{`{"a":1 "b":2}`, parse, "1:9", "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"},
		{`{"a":[1 2]}`, parse, "1:10", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"},
		{`{"a":,}`, parse, "1:7", "Unexpected character (',' (code 44)): expected a value"},
		{`{"a":[1,]}`, parse, "1:10", "Unexpected character (']' (code 93)): expected a value"},
		{`{"a":abc}`, parse, "1:10", "Unrecognized token 'abc': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"},
		{`{"a":tru}`, parse, "1:10", "Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"},
		{`{"a":truex}`, parse, "1:12", "Unrecognized token 'truex': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"},
		{`{"a":'x'}`, parse, "1:7", "Unexpected character (''' (code 39)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"},
		{`{"a":01}`, parse, "1:8", "Invalid numeric value: Leading zeroes not allowed"},
		{`{"a":1.}`, parse, "1:9", "Unexpected character ('}' (code 125)) in numeric value: Decimal point not followed by a digit"},
		{`{"a":"x` + "\n" + `"}`, parse, "1:9", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value"},
		{`{"a":"\x"}`, parse, "1:9", "Unrecognized character escape 'x' (code 120)"},
		{`{"a":1,"a":2}`, parse, "1:11", "Duplicate field 'a'"},
		{`{"a":]`, parse, "1:7", "Unexpected character (']' (code 93)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"},
		{`{"a":[1}`, parse, "1:8", "Unexpected close marker '}': expected ']' (for Array starting at [Source: (byte[])\"{\"a\":[1}\"; line: 1, column: 6])"},
		{"{\n \"a\":1,\n x}", parse, "3:3", "Unexpected character ('x' (code 120)): was expecting double-quote to start field name"},
		{`{"a":1,`, parse, "1:8", "Unexpected end-of-input within/between Object entries"},
		{`{"a":1`, eof, "1:7", "Unexpected end-of-input: expected close marker for Object (start marker at [Source: (byte[])\"{\"a\":1\"; line: 1, column: 1])"},
		{`{"a":"x`, eof, "1:8", "Unexpected end-of-input: was expecting closing quote for a string value"},
		{`{"a`, eof, "1:4", `Unexpected end-of-input: was expecting closing '"' for name`},
	} {
		_, err := ParseObject([]byte(c.src))
		if err == nil || err.Cause == nil {
			t.Errorf("%s: read as fine (%v)", c.src, err)
			continue
		}
		message, _, _ := strings.Cut(err.Cause.Reason, "\n at [Source")
		if err.Cause.Type != c.typ || !strings.HasPrefix(err.Reason, "["+c.at+"] ") || message != c.message {
			t.Errorf("%s:\n got %s %s: %s\nwant %s [%s]: %s", c.src, err.Cause.Type, err.Reason, message, c.typ, c.at, c.message)
		}
	}
}

func TestFine(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`{}`: `{}`,
		` { "b" : [ 1 , -0, 1.50, 1e3, 1E-7, 12345678.0 ] , "a":null}x`: `{"b":[1,0,1.5,1000.0,1.0E-7,1.2345678E7],"a":null}`,
		"/* c */{// d\n\"a\":/**/true}":                                 `{"a":true}`,
		`{"a":"\u00fc\ud83d\ude00\n\/"}`:                                `{"a":"ü😀\n/"}`,
		`{"a":123456789012345678901234567890}`:                          `{"a":123456789012345678901234567890}`,
	} {
		o, err := ParseObject([]byte(src))
		if err != nil || string(JSON(o)) != want {
			t.Errorf("%s reads as %v, %v; want %s", src, o, err, want)
		}
	}
}

func TestLong(t *testing.T) {
	t.Parallel()
	p := &ObjectParser{Name: "p", Fields: []Field{Long("n")}}
	for src, want := range map[string]string{
		`10`: "10", `-3`: "-3", `10.7`: "10", `-10.7`: "-10", `-0.9`: "0", `1e3`: "1000", `"10"`: "10", `"+10"`: "10", `"10.7"`: "10", `"1e2"`: "100",
		`"-0.5"`: "0", `9223372036854775807`: "9223372036854775807", `9223372036854775808`: "input_coercion_exception", `1e30`: "input_coercion_exception",
		`"9223372036854775808"`: "Value [9223372036854775808] is out of range for a long", `"1e999999999"`: "Value [1e999999999] is out of range for a long",
		`"1e-999999999"`: "0", `"ten"`: `For input string: "ten"`, `""`: `For input string: ""`, `" 1"`: `For input string: " 1"`, `"1.2.3"`: `For input string: "1.2.3"`,
		`"0x10"`: `For input string: "0x10"`, `"1_000"`: `For input string: "1_000"`, `"."`: `For input string: "."`, `".5"`: "0", `"5."`: "5",
		`true`: "[p] n doesn't support values of type: VALUE_BOOLEAN", `[1]`: "[p] n doesn't support values of type: START_ARRAY",
	} {
		o, err := p.Parse(NewParser([]byte(`{"n":` + src + `}`)))
		got := ""
		if err != nil {
			got = flat(err)
		} else {
			got = string(o.Get("n").(Number))
		}
		if (err == nil && got != want) || !strings.Contains(got, want) {
			t.Errorf("%s is read as %s, want %s", src, got, want)
		}
	}
}

// flat puts an error and its causes on one line.
func flat(err *eserr.Error) string {
	if err.Cause == nil {
		return err.Error()
	}
	return err.Error() + " <- " + flat(err.Cause)
}

func TestObjectParser(t *testing.T) {
	t.Parallel()
	inner := &ObjectParser{Name: "inner", Fields: []Field{Text("t").NeedsIt(), Boolean("b")}, Lenient: true}
	p := &ObjectParser{Name: "outer", Fields: []Field{Long("first").NeedsIt(), TextOrNull("second"), Nested("in", inner), NestedList("list", inner)}}
	for src, want := range map[string]string{
		`{"first":1}`: `{"first":1}`,
		`{"second":null,"first":"2","in":{"t":"x","more":[{}],"b":"true"},"list":[{"t":"y"}]}`: `{"second":null,"first":2,"in":{"t":"x","b":true},"list":[{"t":"y"}]}`,
		`{"first":1,"list":{"t":"y"}}`: `{"first":1,"list":[{"t":"y"}]}`,
		`{}`:                           `Required [first]`,
		`[]`:                           `[1:1] [outer] Expected START_OBJECT but was: START_ARRAY`,
		`{"frist":1}`:                  `[1:2] [outer] unknown field [frist] did you mean any of [first, list]?`,
		`{"zzz":1}`:                    `[1:2] [outer] unknown field [zzz]`,
		`{"first":1,"in":{}}`:          `[1:18] [outer] failed to parse field [in] <- illegal_argument_exception: Required [t]`,
		`{"first":1,"in":{"t":"x","b":"yes"}}`: `failed to parse field [in] <- x_content_parse_exception: [1:30] [inner] failed to parse field [b] <- ` +
			`illegal_argument_exception: Failed to parse value [yes] as only [true] or [false] are allowed.`,
	} {
		o, err := p.Parse(NewParser([]byte(src)))
		got := ""
		if err != nil {
			got = flat(err)
		} else {
			got = string(JSON(o))
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s reads as\n %s, want\n %s", src, got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		have, change, want string
		modified           bool
	}{
		{`{"a":1}`, `{"a":1}`, `{"a":1}`, false},
		{`{"a":1}`, `{"a":1.0}`, `{"a":1.0}`, true},
		{`{"a":{"x":1,"y":2}}`, `{"a":{"y":3}}`, `{"a":{"x":1,"y":3}}`, true},
		{`{"a":{"x":1}}`, `{"a":{}}`, `{"a":{"x":1}}`, false},
		{`{"a":[1,2]}`, `{"a":[1]}`, `{"a":[1]}`, true},
		{`{"a":null}`, `{"a":null}`, `{"a":null}`, false},
		{`{}`, `{"a":null}`, `{"a":null}`, true},
		{`{"a":{"x":1}}`, `{"a":1}`, `{"a":1}`, true},
	} {
		have, _ := ParseObject([]byte(c.have))
		change, _ := ParseObject([]byte(c.change))
		modified := have.Merge(change)
		if got := string(JSON(have)); got != c.want || modified != c.modified {
			t.Errorf("%s with %s is %s (%v), want %s (%v)", c.have, c.change, got, modified, c.want, c.modified)
		}
	}
}

func TestYAML(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"---\na: 1\nb: \"x\"\nc: y z\n":            `{"a":1,"b":"x","c":"y z"}`,
		"a:\n  b:\n    c: true\nd: null\n":         `{"a":{"b":{"c":true}},"d":null}`,
		"a:\n- 1\n- b: 2\n  c: 3\n":                `{"a":[1,{"b":2,"c":3}]}`,
		"a: {\"b\": [1]}\nt: 2023-01-02T10:00:00Z": `{"a":{"b":[1]},"t":"2023-01-02T10:00:00Z"}`,
		"a: 'it''s'\nb: x # a comment\n":           `{"a":"it's","b":"x"}`,
	} {
		got, err := FromYAML([]byte(src))
		if err != nil || string(got) != want {
			t.Errorf("%q reads as %s, %v; want %s", src, got, err, want)
		}
	}
	o, _ := ParseObject([]byte(`{"error":{"root_cause":[{"type":"t","reason":"r"}],"empty":{},"none":[]},"status":400}`))
	want := "---\nerror:\n  root_cause:\n  - type: \"t\"\n    reason: \"r\"\n  empty: {}\n  none: []\nstatus: 400\n"
	if got := string(YAML(o)); got != want {
		t.Errorf("written as\n%s, want\n%s", got, want)
	}
	if got := string(PrettyJSON(NewObject("a", []any{Number("1")}, "b", NewObject()))); got != "{\n  \"a\" : [\n    1\n  ],\n  \"b\" : { }\n}\n" {
		t.Errorf("pretty JSON is %q", got)
	}
}

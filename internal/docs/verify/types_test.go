package verify

import (
	"fmt"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func TestClass(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"int": "int", "integer": "integer", "long": "long", "number (int32)": "int", "number (int64)": "long", "number": "number", "double": "float",
		"string": "string", "strings": "string", "keyword": "string", "Boolean": "boolean", "object": "object", "objects": "object", "instant": "instant",
		"datetime": "instant", "time units": "duration", "duration": "duration", "array of datetime": "array", "string[]": "array", "list": "array",
		"job status": "unknown", "": "unknown", "enum": "enum", "null": "null", "any": "any", "short": "short",
	} {
		if got := class(typ); got != want {
			t.Errorf("%q is %s, want %s", typ, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typ, value string
		want       bool
	}{
		{"string", `"x"`, true}, {"string", `1`, false}, {"string or null", `null`, true}, {"string", `null`, false},
		{"integer", `1`, true}, {"integer", `1.0`, true}, {"integer", `1.5`, false}, {"integer", `1e2`, false}, {"integer", `"1"`, false},
		{"number", `1.5`, true}, {"long", `9223372036854775807`, true}, {"boolean", `true`, true}, {"boolean", `"true"`, false},
		{"instant", `"2024-01-02T03:04:05.678Z"`, true}, {"instant", `"yesterday"`, false}, {"instant", `1700000000000`, true}, {"instant", `7`, false},
		{"object", `{}`, true}, {"object", `[]`, false}, {"array", `[]`, true}, {"array", `{}`, false},
		{"array of strings", `["a"]`, true}, {"array of strings", `["a",1]`, false}, {"array of objects", `[{}]`, true}, {"array of objects", `["a"]`, false},
		{"array of (string or null)", `["a",null]`, true}, {"string or array of string", `["a"]`, true}, {"string or array of string", `{}`, false},
		{"job status", `7`, true}, {"any", `[]`, true},
	} {
		if got := fits(tt.typ, doc(t, tt.value)); got != tt.want {
			t.Errorf("%s is a %s: %t", tt.value, tt.typ, got)
		}
	}
}

// tried are the facts on a field after trials: "word" was accepted and not
// kept, "integer=7" stored as 7, "!boolean" refused.
func tried(t *testing.T, in claim.Where, own any, trials string) *probe.FieldFacts {
	t.Helper()
	values := map[string]any{
		probe.SampleWord: "w", probe.SampleInteger: doc(t, "7"), probe.SampleDigits: "8", probe.SampleDecimal: doc(t, "7.5"), probe.SampleBoolean: true,
		probe.SampleObject: map[string]any{"w": "a"}, probe.SampleArray: []any{"w"}, probe.SampleInstant: "2023-02-03T04:05:06Z", probe.SampleDuration: "30s", probe.SampleOwn: own,
	}
	f := &probe.FieldFacts{Name: "f", In: in, Value: own, Sent: answer(t, 200, "{}"), Listed: map[string]*probe.Call{}}
	for _, s := range strings.Fields(trials) {
		name, stored, found := strings.Cut(strings.TrimPrefix(s, "!"), "=")
		tr := probe.Trial{Sample: name, Value: values[name], Call: answer(t, 200, "{}"), Found: found}
		if found {
			tr.Stored = doc(t, stored)
		}
		if s[0] == '!' {
			tr.Call = refusal(t, "x_content_parse_exception", "no")
		}
		f.Trials = append(f.Trials, tr)
	}
	return f
}

func TestTypeOf(t *testing.T) {
	t.Parallel()
	const (
		yes, no, open = claim.Confirmed, claim.Contradicted, claim.Untestable
		body, query   = claim.InBody, claim.InQuery
		integers      = "!word integer=7 digits=8 decimal=7 !boolean !object !array !instant"
		strictly      = "!word integer=7 !digits !decimal !boolean !object !array !instant"
		strings       = `word="w" !integer digits="8" !boolean !object !array instant="2023-02-03T04:05:06Z"`
		anything      = `word="w" integer=7 boolean=true object={"w":"a"} array=["w"]`
	)
	for _, tt := range []struct {
		typ    string
		in     claim.Where
		own    any
		trials string
		want   claim.Verdict
	}{
		{"int", body, nil, integers, yes}, {"string", body, nil, integers, no}, {"boolean", body, nil, integers, no}, {"object", body, nil, integers, no},
		{"double", body, nil, integers, no}, {"number", body, nil, integers, yes}, {"int", body, nil, `word="w" integer=7`, no}, {"int", body, nil, `!word integer="7"`, no},
		{"string", body, "w", strings, yes}, {"int", body, "w", strings, no}, {"boolean", body, "w", strings, no}, {"instant", body, "w", strings, no},
		{"string", body, "full", `own="full" !word !integer !instant`, yes}, {"string", body, "2023-02-03T04:05:06Z", `own="2023-02-03T04:05:06Z" !word instant="2023-02-03T04:05:06Z"`, no},
		{"string", body, doc(t, "7"), `own=7 !word !instant`, no}, {"string", body, "full", `own={"full":1} !word !instant`, no}, {"string", query, "full", `own !word integer`, no},
		{"instant", body, nil, `!word instant="2023-02-03T04:05:06.000Z" !duration`, yes}, {"duration", body, nil, `!word instant="2023-02-03T04:05:06.000Z" !duration`, no},
		{"object", body, nil, `!word object={"w":"a","k":"b"}`, yes}, {"object", body, nil, `!word !object own={"a":{}}`, no}, {"object", body, map[string]any{}, `!word !object own={}`, yes},
		{"array", body, nil, `!word !array object={"w":"a"}`, no}, {"array", body, nil, `!word array=["w"]`, yes},
		{"int or string", body, nil, `word="w" integer="7"`, yes}, {"string or null", body, "w", strings, yes}, {"any", body, "w", strings, no}, {"any", body, "w", anything, yes},
		{"integer", query, "1", "!word integer !boolean", yes}, {"integer", query, "1", "word integer boolean", no}, {"string", query, "w", "word integer", yes},
		{"boolean", query, "true", "!word boolean", yes}, {"job status", query, "a", "!word", open}, {"int", body, nil, strictly, yes},
	} {
		f := tried(t, tt.in, tt.own, tt.trials)
		if got := typeOf(tt.typ, nil, f); got.verdict != tt.want {
			t.Errorf("%s, %s %s: %s (%s%s), want %s", tt.typ, tt.in, tt.trials, got.verdict, got.observed, got.reason, tt.want)
		}
	}
}

// A type that is a name for values is right where each is accepted, and a word
// that is none of them is not.
func TestEnumeration(t *testing.T) {
	t.Parallel()
	for trials, want := range map[string]claim.Verdict{"!word": claim.Confirmed, "word": claim.Contradicted} {
		f := tried(t, claim.InQuery, "a", trials)
		f.Listed["a"], f.Listed["b"] = answer(t, 200, "{}"), answer(t, 200, "{}")
		if got := typeOf("job status", []string{"a", "b"}, f); got.verdict != want {
			t.Errorf("%s: %s", trials, got.verdict)
		}
		f.Listed["b"] = refusal(t, "illegal_argument_exception", "Unknown b")
		if got := typeOf("job status", []string{"a", "b"}, f); got.verdict != claim.Contradicted || !strings.Contains(got.observed, `"b" is refused`) {
			t.Errorf("%s: %s %s", trials, got.verdict, got.observed)
		}
	}
}

// widened adds integers of growing size: accepted up to top, refused when they
// are stored up to read, and when they are read beyond.
func widened(t *testing.T, f *probe.FieldFacts, top, read string) *probe.FieldFacts {
	t.Helper()
	passed, stored := false, false
	for _, n := range []string{"127", "128", "32767", "32768", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808"} {
		w := probe.Trial{Sample: n, Value: doc(t, n), Call: answer(t, 200, "{}"), Stored: doc(t, n), Found: true}
		switch {
		case stored:
			w.Call, w.Found = refusal(t, "x_content_parse_exception", "out of range"), false
		case passed:
			w.Call, w.Found = refusal(t, "document_parsing_exception", "out of range"), false
		}
		f.Widths = append(f.Widths, w)
		passed, stored = passed || n == top, stored || n == read
	}
	return f
}

func TestWidth(t *testing.T) {
	t.Parallel()
	const integers = "!word integer=7"
	for _, tt := range []struct {
		typ, top string
		want     claim.Verdict
	}{
		{"int", "2147483647", claim.Confirmed}, {"long", "2147483647", claim.Contradicted}, {"long", "9223372036854775807", claim.Confirmed},
		{"int", "32767", claim.Contradicted}, {"short", "32767", claim.Confirmed}, {"integer", "9223372036854775807", claim.Confirmed},
	} {
		got := typeOf(tt.typ, nil, widened(t, tried(t, claim.InBody, nil, integers), tt.top, "9223372036854775807"))
		if got.verdict != tt.want || !strings.Contains(got.observed, "the largest that is accepted is "+tt.top) {
			t.Errorf("%s up to %s: %s, %s", tt.typ, tt.top, got.verdict, got.observed)
		}
	}
	for text, want := range map[string]string{"X.": "[UNDOCUMENTED body/f/width]", "At most 2147483647.": "[]"} {
		m := page(t, "==== Request body\n`f`::\n(Optional, int) "+text+"\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			field(rf, widened(t, tried(t, claim.InBody, nil, integers), "2147483647", "9223372036854775807"))
		})
		if got := fmt.Sprint(verdicts(Judge(m, facts, nil, nil), "body/f/width")); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	m := page(t, "==== Request body\n`f`::\n(Optional, int) X.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		field(rf, widened(t, tried(t, claim.InBody, nil, integers), "2147483647", "2147483647"))
	})
	expect(t, "as wide where it is read as where it is stored", Judge(m, facts, nil, nil), "body/f/width")
}

// JSON Schema's number may have a fraction, a page's number need not.
func TestFractional(t *testing.T) {
	t.Parallel()
	for trials, want := range map[string]string{"!word integer=7 decimal=7": "CONTRADICTED", "!word integer=7 decimal=7.5": "CONFIRMED", "!word integer !decimal": "CONTRADICTED", "!word integer": "CONFIRMED"} {
		m := page(t, "==== Request body\n`f`::\n(Optional, number) X.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) { field(rf, tried(t, claim.InBody, nil, trials)) })
		expect(t, "page "+trials, Judge(m, facts, nil, nil), "body/f/type", "CONFIRMED body/f/type")
		m.Source = claim.SourceOpenAPI
		expect(t, "OpenAPI "+trials, Judge(m, facts, nil, nil), "p/body/f/type")
		expect(t, "OpenAPI "+trials, Judge(m, facts, nil, nil), "body/f/type", want+" body/f/type")
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, from, want string }{
		{"cancelled", "canceled pending", "canceled"}, {"cancellation_requested_at", "canceled_at cancelation_requested_at", "cancelation_requested_at"},
		{"running", "in_progress pending", ""}, {"name", "", ""},
	} {
		if got := similar(tt.name, strings.Fields(tt.from)); got != tt.want {
			t.Errorf("%s among %s: %q", tt.name, tt.from, got)
		}
	}
}

func TestInstants(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`"2023-01-02T10:00:00Z"`, `"2023-01-02T10:00:00.000Z"`, true}, {`"2023-01-02T10:00:00Z"`, `"2023-01-02T11:00:00+01:00"`, true}, {`"2023-01-02T10:00:00"`, `1672653600000`, true},
		{`"1672653600000"`, `"2023-01-02T10:00:00Z"`, true}, {`"2023-01-02T10:00:00Z"`, `"2023-01-02T10:00:01Z"`, false}, {`"x"`, `"x"`, false}, {`7`, `7`, false},
	} {
		if got := sameInstant(doc(t, tt.a), doc(t, tt.b)); got != tt.want {
			t.Errorf("%s and %s: %t", tt.a, tt.b, got)
		}
	}
}

package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

// classes maps words of documented types to what can be checked. The first
// match counts.
var classes = []struct {
	re    *regexp.Regexp
	class string
}{
	{regexp.MustCompile(`\b(duration|time unit|time value)s?\b`), "duration"},
	{regexp.MustCompile(`\b(instant|date|datetime|date-time|timestamp|time)\b`), "instant"},
	{regexp.MustCompile(`\b(array|list)\b|\[\]`), "array"},
	{regexp.MustCompile(`\b(long|int64)\b`), "long"},
	{regexp.MustCompile(`\b(short|int16)\b`), "short"},
	{regexp.MustCompile(`^(int|int32)$|\(int32\)`), "int"},
	{regexp.MustCompile(`\b(integer|int)\b`), "integer"},
	{regexp.MustCompile(`\b(double|float)\b`), "float"},
	{regexp.MustCompile(`\bnumber\b`), "number"},
	{regexp.MustCompile(`\bbool(ean)?\b`), "boolean"},
	{regexp.MustCompile(`\b(object|map|json)\b`), "object"},
	{regexp.MustCompile(`^null$`), "null"},
	{regexp.MustCompile(`^any\b`), "any"},
	{regexp.MustCompile(`\b(string|text|keyword)\b`), "string"},
	{regexp.MustCompile(`\benum\b`), "enum"},
}

func class(typ string) string {
	if _, isList := claim.ItemType(typ); isList {
		return "array"
	}
	t := singular(strings.ToLower(typ))
	for _, c := range classes {
		if c.re.MatchString(t) {
			return c.class
		}
	}
	return "unknown"
}

// singular is the word for one: of "strings", "string".
func singular(t string) string {
	if strings.HasSuffix(t, "s") && !strings.Contains(t, " ") {
		return t[:len(t)-1]
	}
	return t
}

// unclear is why the trials of a query parameter say nothing of its type, ""
// where they do.
func unclear(f claim.Field, ff *probe.FieldFacts) string {
	if ff.In != claim.InQuery {
		return ""
	}
	if !slices.ContainsFunc(ff.Trials, func(t probe.Trial) bool { return t.Call.OK() }) {
		return "no value that was tried is accepted: " + probe.Answer(ff.Trials[0].Call)
	}
	if class(f.Type) == "string" && numbersToo.MatchString(f.Text) {
		return "the text allows numbers and some words only"
	}
	return ""
}

var numbersToo = regexp.MustCompile(`(?i)\b(?:integer|number)\b`)

// finding is what the trials say about a type.
type finding struct {
	verdict  claim.Verdict
	observed string
	reason   string
	calls    []*probe.Call
}

// typeOf judges the documented type of a field by what was accepted. A type of
// several alternatives is right where one of them is.
func typeOf(typ string, values []string, f *probe.FieldFacts) finding {
	var out finding
	for i, alt := range claim.Alternatives(typ) {
		got := oneType(alt, values, f)
		if i == 0 || got.verdict == claim.Confirmed {
			out = got
		}
	}
	return out
}

func oneType(typ string, values []string, f *probe.FieldFacts) finding {
	c := class(typ)
	switch {
	case c == "null":
		return finding{claim.Untestable, "", "null is not sent", nil}
	case c == "array" && f.In == claim.InQuery && f.List != nil && f.List.OK():
		return finding{claim.Confirmed, "several values at once are accepted", "", []*probe.Call{f.List}}
	case c == "enum" || c == "unknown" || c == "array" && f.In == claim.InQuery:
		return enumeration(typ, values, f)
	case c == "any":
		return anyType(f)
	case f.Ref != "" && c == "string":
		return finding{claim.Confirmed, "the id of a " + f.Ref + ", a string", "", []*probe.Call{f.Sent}}
	case c == "string":
		return stringType(f)
	case c == "int" || c == "long" || c == "short" || c == "integer":
		return integerType(c, f)
	}
	want := map[string]string{
		"instant": probe.SampleInstant, "duration": probe.SampleDuration, "array": probe.SampleArray,
		"float": probe.SampleDecimal, "number": probe.SampleInteger, "boolean": probe.SampleBoolean, "object": probe.SampleObject,
	}[c]
	return plainType(c, want, f)
}

func ok(f *probe.FieldFacts, sample string) bool {
	t := f.Trial(sample)
	return t != nil && t.Call.OK()
}

func call(f *probe.FieldFacts, sample string) *probe.Call {
	if t := f.Trial(sample); t != nil {
		return t.Call
	}
	return nil
}

// accepted lists the kinds of values that were accepted, with what became of
// them where they were stored as something else.
func accepted(f *probe.FieldFacts) string {
	var yes, no []string
	for _, t := range f.Trials {
		if t.Sample == probe.SampleOwn {
			continue
		}
		if !t.Call.OK() {
			no = append(no, t.Sample)
			continue
		}
		w := t.Sample
		if t.Found && !jsonval.Equal(t.Stored, t.Value) && !sameInstant(t.Stored, t.Value) && !contains(t.Stored, t.Value) {
			w += fmt.Sprintf(" (%s is stored as %s)", text(t.Value), text(t.Stored))
		}
		yes = append(yes, w)
	}
	out := "accepts " + strings.Join(yes, ", ")
	if len(yes) == 0 {
		out = "accepts none of the values that were tried"
	}
	if len(no) > 0 {
		out += "; refuses " + strings.Join(no, ", ")
	}
	return out
}

// contains reports whether an object holds all of another: what a merge
// leaves.
func contains(have, want any) bool {
	h, ok1 := have.(map[string]any)
	w, ok2 := want.(map[string]any)
	if !ok1 || !ok2 {
		return false
	}
	for k, v := range w {
		if !jsonval.Equal(h[k], v) && !contains(h[k], v) {
			return false
		}
	}
	return true
}

// anyType is a type that takes a value of every kind.
func anyType(f *probe.FieldFacts) finding {
	for _, sample := range []string{probe.SampleWord, probe.SampleInteger, probe.SampleBoolean, probe.SampleObject, probe.SampleArray} {
		if t := f.Trial(sample); t != nil && !t.Call.OK() {
			return finding{claim.Contradicted, accepted(f), "", []*probe.Call{t.Call}}
		}
	}
	return finding{claim.Confirmed, accepted(f), "", []*probe.Call{f.Sent}}
}

func plainType(c, want string, f *probe.FieldFacts) finding {
	good := ok(f, want)
	var proof *probe.Call
	if t := f.Trial(want); t != nil {
		proof = t.Call
		// Where a value is kept, it has to be kept as what it was sent as.
		if good && t.Found && !jsonval.Equal(t.Stored, t.Value) && !sameInstant(t.Stored, t.Value) && !contains(t.Stored, t.Value) {
			good = false
		}
	}
	if own := f.Trial(probe.SampleOwn); own != nil && own.Call.OK() && classOfValue(own.Value) == c {
		good, proof = true, own.Call
	}
	if c == "boolean" && !good && ok(f, probe.SampleFalse) && f.In == claim.InQuery {
		good, proof = true, call(f, probe.SampleFalse)
	}
	loose := c != "array" && ok(f, probe.SampleWord) && !dropped(f, want)
	if c == "number" && good {
		good = !loose
	}
	if good && loose {
		return finding{claim.Contradicted, "any string is accepted as well: " + accepted(f), "", []*probe.Call{call(f, probe.SampleWord)}}
	}
	return finding{verdict(good), accepted(f), "", []*probe.Call{proof, call(f, probe.SampleWord)}}
}

// dropped reports whether a word is accepted but passed over, while a value of
// the wanted kind is kept.
func dropped(f *probe.FieldFacts, want string) bool {
	word, good := f.Trial(probe.SampleWord), f.Trial(want)
	return word != nil && good != nil && good.Found && !word.Found && word.Call.After != nil
}

func classOfValue(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case bool:
		return "boolean"
	}
	return ""
}

func stringType(f *probe.FieldFacts) finding {
	word := f.Trial(probe.SampleWord)
	if word != nil && word.Call.OK() {
		good := !word.Found || jsonval.Equal(word.Stored, word.Value) || overwritten(word)
		if good && f.In == claim.InQuery {
			return finding{claim.Confirmed, accepted(f), "", []*probe.Call{word.Call}}
		}
		return finding{verdict(good), accepted(f), "", []*probe.Call{word.Call}}
	}
	own := f.Trial(probe.SampleOwn)
	_, isText := f.Value.(string)
	calls := []*probe.Call{call(f, probe.SampleWord)}
	switch {
	case own == nil || !own.Call.OK() || !isText, own.Found && kindOf(own.Stored) != "string":
		return finding{claim.Contradicted, accepted(f), "", calls}
	case f.In == claim.InQuery && (ok(f, probe.SampleInteger) || ok(f, probe.SampleBoolean)):
		return finding{claim.Contradicted, accepted(f), "", calls}
	case ok(f, probe.SampleInstant):
		return finding{claim.Contradicted, "only date-times are accepted: " + accepted(f), "", calls}
	}
	return finding{claim.Confirmed, fmt.Sprintf("%s is accepted, other strings are not", text(f.Value)), "", []*probe.Call{own.Call, calls[0]}}
}

// overwritten reports whether another field of the same request has put its own
// value in the place of one.
func overwritten(t *probe.Trial) bool {
	stored, isText := t.Stored.(string)
	return isText && !jsonval.Equal(t.Stored, t.Value) && has(t.Call.Sent, stored)
}

// has reports whether a text stands anywhere in a value.
func has(doc any, text string) bool {
	switch d := doc.(type) {
	case map[string]any:
		return slices.ContainsFunc(keys(d), func(k string) bool { return has(d[k], text) })
	case []any:
		return slices.ContainsFunc(d, func(v any) bool { return has(v, text) })
	}
	return doc == text
}

func enumeration(typ string, values []string, f *probe.FieldFacts) finding {
	if len(values) == 0 {
		return finding{claim.Untestable, "", fmt.Sprintf("nothing is known of a type %q, and the text lists no values", typ), nil}
	}
	for _, v := range values {
		if c := f.Listed[v]; c != nil && !c.OK() {
			return finding{claim.Contradicted, fmt.Sprintf("%q is refused: %s", v, probe.Answer(c)), "", []*probe.Call{c}}
		}
	}
	if ok(f, probe.SampleWord) {
		return finding{claim.Contradicted, "any string is accepted", "", []*probe.Call{call(f, probe.SampleWord)}}
	}
	return finding{claim.Confirmed, "the listed values are accepted, another word is not", "", []*probe.Call{f.Sent, call(f, probe.SampleWord)}}
}

// fractional is a finding on JSON Schema's number, which may have a fraction:
// what takes or keeps none is an integer.
func fractional(got finding, f *probe.FieldFacts) finding {
	t := f.Trial(probe.SampleDecimal)
	if got.verdict != claim.Confirmed || t == nil || t.Call.OK() && (!t.Found || jsonval.Equal(t.Stored, t.Value)) {
		return got
	}
	return finding{claim.Contradicted, "only numbers without a fraction: " + got.observed, "", []*probe.Call{t.Call}}
}

var largest = map[string]string{"short": "32767", "int": "2147483647", "integer": "2147483647", "long": "9223372036854775807"}

func integerType(c string, f *probe.FieldFacts) finding {
	t := f.Trial(probe.SampleInteger)
	good := t != nil && t.Call.OK() && !ok(f, probe.SampleWord)
	if good && t.Found && f.In == claim.InBody {
		if _, isText := t.Stored.(string); isText || !jsonval.Equal(t.Stored, t.Value) {
			good = false
		}
	}
	calls := []*probe.Call{call(f, probe.SampleInteger), call(f, probe.SampleWord)}
	if !good || len(f.Widths) == 0 {
		return finding{verdict(good), accepted(f), "", calls}
	}
	top, over := width(f)
	observed := fmt.Sprintf("%s; the largest that is accepted is %s", accepted(f), top.Sample)
	if over != nil {
		observed += fmt.Sprintf(", %s is answered %s", over.Sample, probe.Answer(over.Call))
		calls = append(calls, over.Call)
	}
	calls = append(calls, top.Call)
	if len(top.Sample) < len(largest[c]) || len(top.Sample) == len(largest[c]) && top.Sample < largest[c] {
		return finding{claim.Contradicted, observed, "", calls}
	}
	return finding{claim.Confirmed, observed, "", calls}
}

// width returns the largest integer that was accepted and the next that was
// not.
func width(f *probe.FieldFacts) (top, over *probe.Trial) {
	top = &probe.Trial{Sample: "0"}
	for i := range f.Widths {
		w := &f.Widths[i]
		if w.Call.OK() && (!w.Found || jsonval.Equal(w.Stored, w.Value)) {
			top, over = w, nil
		} else if over == nil {
			over = w
		}
	}
	return top, over
}

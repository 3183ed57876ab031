package operation

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/esconform/esconform/internal/docs/claim"
)

// others are values that are tried for a field of which none of the documented
// kind can be read.
var others = []sample{
	{"instant", "2023-02-03T04:05:06Z"}, {"number", number("1")}, {"boolean", true},
	{"object", map[string]any{nobodys: nobodys}}, {"array", []any{nobodys}},
}

// fieldType asks whether each documented kind of value can be read; where it
// cannot, whether another can.
func (b *bench) fieldType(f *facts) error {
	c := b.claim("body/"+f.name+"/type", claim.KindType, f.at, f.schema.Type())
	if c.Documented == "" {
		c.Documented = "any value"
	}
	var misread []trial
	fine := 0
	for _, t := range f.trials {
		switch {
		case t.kind == "value":
		case t.call.ok():
			fine++
		case t.call.misreads() && (t.kind != "object" && t.kind != "array" || wrongToken.MatchString(t.call.text)):
			misread = append(misread, t)
		}
	}
	switch {
	case fine > 0 && len(misread) == 0:
		b.say(c, claim.Confirmed, "the server takes it")
	case len(misread) > 0:
		if err := b.misreadType(c, f, misread[0]); err != nil {
			return err
		}
	default:
		if !f.takes {
			b.cannot(c, claim.Untestable, "the server takes none of the values that were tried")
		} else {
			b.say(c, claim.Confirmed, text(f.taken)+" is taken")
		}
	}
	if c.Verdict != claim.Confirmed {
		return nil
	}
	if err := b.wrongKind(c, f); err != nil {
		return err
	}
	if i := slices.IndexFunc(f.trials, func(t trial) bool { return t.kind == "number" && t.call.ok() }); i >= 0 && f.schema.Format() == "" {
		return b.fieldNumbers(f)
	}
	return nil
}

// fieldNumbers asks which numbers a field takes, and whether a fraction is kept.
func (b *bench) fieldNumbers(f *facts) error {
	return b.numbers(numeric{"body", f.name, f.at, f.schema, b.inBody()}, func(n string) (*call, error) {
		return b.try(f.field, number(n), fmt.Sprintf("%s is %s", f.name, n))
	}, func() (string, *call, error) {
		doc, proof, err := b.stored()
		is, found := locate(doc, f.ptr)
		if _, isNumber := is.(json.Number); err != nil || !found || !isNumber {
			return "", nil, err
		}
		return asText(is), proof, nil
	})
}

// wrongToken says that a value of another JSON type was expected.
var wrongToken = regexp.MustCompile(`(?i)but (got|was|found)|can't get|Cannot get|values of type|START_OBJECT|START_ARRAY|VALUE_`)

// misreadType says that values of the documented kind cannot be read, if those
// of another kind can.
func (b *bench) misreadType(c *claim.Claim, f *facts, bad trial) error {
	good, proof := f.taken, b.base.call
	found := f.takes && !conforms(bad.kind, good)
	for _, o := range others {
		if found || f.takes {
			break
		}
		if o.kind == bad.kind {
			continue
		}
		got, err := b.try(f.field, o.value, fmt.Sprintf("%s is of another kind: %s", f.name, text(o.value)))
		if err != nil {
			return err
		}
		if got.ok() {
			good, proof, found = o.value, got, true
		}
	}
	if !found {
		b.cannot(c, claim.Untestable, "the server takes none of the values that were tried: "+bad.call.answer())
		return nil
	}
	// A text that says the same is one, too.
	if bad.kind == "string" {
		got, err := b.try(f.field, asText(good), f.name+" is the same as a text")
		if err != nil {
			return err
		}
		if got.ok() {
			b.say(c, claim.Confirmed, text(asText(good))+" is taken")
			return nil
		}
	}
	again, err := b.again(b.varied(f.field, bad.value, f.name+" once more"))
	switch {
	case err != nil:
		return err
	case again == nil || !again.misreads():
		b.cannot(c, claim.Untestable, "the server did not say the same twice")
	default:
		b.say(c, claim.Contradicted, fmt.Sprintf("%s, a %s, is refused, and %s is taken: %s", text(bad.value), bad.kind, text(good), bad.call.answer()), bad.call, proof)
		if s, is := good.(string); is && bad.kind == "duration" && instants.MatchString(s) {
			b.correct(c, b.inBody(), f.schema.Instant())
		}
	}
	return nil
}

// instants are those of RFC 3339.
var instants = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

var durations = regexp.MustCompile(`^(-1|0|\d+(nanos|micros|ms|s|m|h|d))$`)

// conforms reports whether a value is one of a kind.
func conforms(kind string, v any) bool {
	s, isText := v.(string)
	switch kind {
	case "duration":
		return isText && durations.MatchString(s)
	case "instant", "string", "size", "percentage":
		return isText
	case "millis":
		return kindOf(v) == "number"
	case "false":
		return kindOf(v) == "boolean"
	}
	return is(kind, v)
}

// wrongKind asks whether a value of another kind is refused. Servers that look
// at no field take anything.
func (b *bench) wrongKind(c *claim.Claim, f *facts) error {
	kinds := map[string]bool{}
	for _, alt := range f.schema.Alternatives() {
		for _, k := range alt.Kinds() {
			kinds[k] = true
		}
	}
	var wrong any = map[string]any{nobodys: nobodys}
	switch {
	case len(kinds) == 0 || kinds["object"] && kinds["string"]:
		return nil
	case !kinds["string"]:
		wrong = nobodys
	}
	if b.strict == nil {
		return nil
	}
	got, err := b.try(f.field, wrong, f.name+" is of another kind")
	if err != nil || !got.ok() {
		return err
	}
	observed := fmt.Sprintf("the server takes %s as well", text(wrong))
	switch {
	case f.schema.Bare():
		b.because(c, causeAny, claim.Contradicted, observed, got)
	case kinds["array"] && kindOf(wrong) == "string":
		b.because(c, "single", claim.Undocumented, "the server takes one alone, that is in no list, as well", got)
	default:
		b.say(c, claim.Undocumented, observed, got)
	}
	return nil
}

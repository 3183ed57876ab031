package operation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

// bodyRequired asks whether there has to be a body.
func (b *bench) bodyRequired() error {
	word := "optional"
	if b.op.body.Required {
		word = "required"
	}
	c := b.claim("body", claim.KindRequired, b.op.body.At, "the body is "+word)
	got, err := b.send(variation{purpose: "without a body"})
	switch {
	case err != nil:
		return err
	case got.ok() && b.op.body.Required:
		b.say(c, claim.Contradicted, "the server takes the request without a body", got)
		b.correct(c, b.inBody(), b.op.body.Optional())
	case got.ok():
		b.say(c, claim.Confirmed, "the server takes the request without a body")
	case b.op.body.Required:
		b.say(c, claim.Confirmed, "without a body: "+got.answer())
	case strings.Contains(strings.ToLower(got.text), "body"):
		b.say(c, claim.Contradicted, "without a body the request is refused: "+got.answer(), got)
	default:
		b.cannot(c, claim.Untestable, "without a body the request is refused for another reason: "+got.answer())
	}
	return nil
}

// together asks which optional fields depend on each other: of which one has to
// be there, and which exclude each other.
func (b *bench) together(all []*facts) error {
	optional := slices.DeleteFunc(slices.Clone(all), func(f *facts) bool { return strings.Count(f.ptr, "/") != 1 || f.required })
	taken := slices.DeleteFunc(slices.Clone(optional), func(f *facts) bool { return !f.takes })
	if len(optional) < 2 {
		return nil
	}
	if err := b.oneOf(optional, taken); err != nil {
		return err
	}
	return b.exclusive(optional)
}

// alone is the request with one of several fields only.
func (b *bench) alone(fields []*facts, with ...*facts) variation {
	body, _ := jsonval.Clone(b.base.body).(map[string]any)
	for _, f := range fields {
		remove(body, f.ptr)
	}
	var names []string
	for _, f := range with {
		v := f.taken
		if !f.takes {
			v = f.trials[0].value
		}
		put(body, f.ptr, v)
		names = append(names, f.name)
	}
	return variation{purpose: strings.TrimSpace("of the optional fields only these: " + strings.Join(names, ", ")), body: body}
}

// oneOf asks whether a request without any of the optional fields is refused,
// though each of several alone is enough, or the answer says that it is.
func (b *bench) oneOf(optional, taken []*facts) error {
	none, err := b.send(b.alone(optional))
	if err != nil {
		return err
	}
	c := b.claim("body/none-of-the-optional", claim.KindTogether, b.op.body.At, "none of the optional fields is needed")
	if none.ok() {
		b.say(c, claim.Confirmed, "the server takes the request without any of them")
		return nil
	}
	var enough []*facts
	for _, f := range firstOf(taken, maxValues) {
		got, err := b.send(b.alone(optional, f))
		if err != nil {
			return err
		}
		if got.ok() {
			enough = append(enough, f)
		}
	}
	if len(enough) < 2 && both.MatchString(none.text) {
		enough = slices.DeleteFunc(slices.Clone(optional), func(f *facts) bool { return !none.names("[" + last(f.ptr) + "]") })
	}
	if len(enough) < 2 {
		b.cannot(c, claim.Untestable, "without any of them the request is refused: "+none.answer())
		return nil
	}
	b.say(c, claim.Contradicted, fmt.Sprintf("one of %s is needed: without any of them the request is refused: %s", namesOf(enough), none.answer()), none)
	b.settled(enough)
	return nil
}

// settled takes back that a field is needed that one of others can stand for.
func (b *bench) settled(enough []*facts) {
	for _, f := range enough {
		for _, c := range b.claims {
			if c.Aspect == "body/"+f.name+"/required" && c.Verdict == claim.Contradicted {
				delete(b.proof, c)
				c.Verdict, c.Observed, c.Reason, c.Changes = claim.Untestable, "", "one of several fields has to be there", nil
			}
		}
	}
}

// both says that two fields exclude each other.
var both = regexp.MustCompile(`(?i)\bboth\b|same time|exclusive|only one|together|cannot be (used|specified|set|combined) with|either`)

// exclusive asks whether optional fields are taken together. What is not taken
// alone either counts only where the answer says that two exclude each other.
func (b *bench) exclusive(top []*facts) error {
	c := b.claim("body/together", claim.KindTogether, b.op.body.At, "the optional fields can be sent together")
	got, err := b.send(b.alone(top, top...))
	if err != nil {
		return err
	}
	if got.ok() {
		b.say(c, claim.Confirmed, "the server takes all of them together")
		return nil
	}
	for i, f := range top {
		for _, g := range top[i+1:] {
			if !got.names(last(f.ptr)) || !got.names(last(g.ptr)) || !both.MatchString(got.text) {
				continue
			}
			pair, err := b.send(b.alone(top, f, g))
			if err != nil {
				return err
			}
			if !pair.ok() && pair.names(last(f.ptr)) && pair.names(last(g.ptr)) && both.MatchString(pair.text) {
				b.say(c, claim.Contradicted, fmt.Sprintf("%s exclude each other: %s", namesOf([]*facts{f, g}), pair.answer()), pair)
				return nil
			}
		}
	}
	b.cannot(c, claim.Untestable, "together they are refused, and no two of them exclude each other by what the answer says: "+got.answer())
	return nil
}

func namesOf(fields []*facts) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return strings.Join(names, " and ")
}

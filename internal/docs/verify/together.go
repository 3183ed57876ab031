package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

var (
	saysOneOf     = regexp.MustCompile(`(?i)\bat least one\b|\beither\b|\bor both\b|\b(?:exactly )?one of (?:the|them|these)\b`)
	saysExclusive = regexp.MustCompile(`(?i)\bnot both\b|\bmutually exclusive\b|\bexclude each other\b|\beither\b|\binstead of\b|\bonly one of\b|\bcannot be \w+ (?:together|with)\b`)
)

// together reports fields that depend on each other, where the document does
// not say so.
func (j *judge) together() {
	for _, r := range j.m.Relations {
		j.relation(r)
	}
	if j.main == nil {
		return
	}
	if t := j.main.OneOf; t != nil {
		j.dependent("one-of", *t, saysOneOf, "one of them is needed: without %s %s")
	}
	for _, t := range j.main.Exclusives {
		j.dependent("exclusive", t, saysExclusive, "they exclude each other: with %s %s")
	}
}

func (j *judge) dependent(id string, t probe.Together, says *regexp.Regexp, observed string) {
	said := strings.Join(j.m.Said, "\n")
	at := claim.At{}
	for _, name := range t.Fields {
		f, documented := j.m.Field(claim.InBody, name)
		if !documented {
			return // see what is said of the field that is not
		}
		said += "\n" + f.Text
		if at.Line == 0 {
			at = f.At
		}
	}
	if says.MatchString(said) {
		return // in words that nothing here understands any better
	}
	c := j.beyond("body/"+id, claim.KindRequired, at, "nothing on how "+list(t.Fields)+" depend on each other")
	j.say(c, claim.Undocumented, fmt.Sprintf(observed, list(t.Fields), probe.Answer(t.Call)), t.Call)
}

// relation judges what a document says of how fields depend on each other.
func (j *judge) relation(r claim.Relation) {
	for _, part := range []struct {
		said     bool
		id, what string
		holds    func() (claim.Verdict, string, *probe.Call)
	}{
		{r.Exclusive, "exclusive", "only one of ", func() (claim.Verdict, string, *probe.Call) { return j.exclusive(r.Fields) }},
		{r.Needed, "one-of", "at least one of ", func() (claim.Verdict, string, *probe.Call) { return j.needed(r.Fields) }},
	} {
		if !part.said {
			continue
		}
		c := j.add("body/"+strings.Join(r.Fields, "+")+"/"+part.id, claim.KindRequired, r.At, part.what+list(r.Fields))
		if c.Verdict != "" {
			continue
		}
		v, observed, call := part.holds()
		if v == claim.Untestable {
			j.cannot(c, observed)
			continue
		}
		j.say(c, v, observed, call)
	}
}

// exclusive finds out whether fields exclude each other.
func (j *judge) exclusive(fields []string) (claim.Verdict, string, *probe.Call) {
	for _, t := range j.main.Exclusives {
		if len(without(fields, t.Fields)) == 0 {
			return claim.Confirmed, "both are refused: " + probe.Answer(t.Call), t.Call
		}
	}
	if j.main.OK != nil && !slices.ContainsFunc(fields, func(name string) bool { return !j.main.OK.Has(name) }) {
		return claim.Contradicted, "all at once are accepted: " + probe.Answer(j.main.OK), j.main.OK
	}
	return claim.Untestable, "no request had all of them", nil
}

// needed finds out whether one of the fields has to be there.
func (j *judge) needed(fields []string) (claim.Verdict, string, *probe.Call) {
	if t := j.main.OneOf; t != nil && len(without(fields, t.Fields)) == 0 {
		return claim.Confirmed, "without any: " + probe.Answer(t.Call), t.Call
	}
	return claim.Untestable, "no request had none of them and all else that is needed", nil
}

// replaceable reports whether a request without a field is refused only
// because nothing stands in its place.
func (j *judge) replaceable(name string, omitted *probe.Call) bool {
	t := j.main.OneOf
	return t.Of(name) && slices.ContainsFunc(t.Fields, func(other string) bool { return other != name && omitted.Names("["+other+"]") })
}

// null judges a type that allows null.
func (j *judge) null(base string, f claim.Field, ff *probe.FieldFacts) {
	if f.In != claim.InBody || !slices.Contains(claim.Alternatives(f.Type), "null") {
		return
	}
	c := j.add(base+"/null", claim.KindType, f.At, "null, which unsets it")
	if ff == nil || ff.Null == nil {
		j.cannot(c, "null was not sent")
		return
	}
	n := ff.Null
	before, had := findAny(n.Call.Before, f.Name)
	switch {
	case !n.Call.OK():
		j.say(c, claim.Contradicted, "null is refused: "+probe.Answer(n.Call), n.Call)
	case !had || before == nil:
		j.cannot(c, "null is accepted, but the field is not to be found in what is stored", n.Call)
	case n.Found && n.Stored != nil:
		j.say(c, claim.Contradicted, fmt.Sprintf("null is accepted and changes nothing: the stored value stays %s", text(n.Stored)), n.Call)
	default:
		j.say(c, claim.Confirmed, "after null the stored value is gone", n.Call)
	}
}

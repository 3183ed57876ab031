package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

// sighting is a value of a field in an answer.
type sighting struct {
	value any
	call  *probe.Call
}

// sightings are what the answers have of one field.
type sightings struct {
	values []sighting
	// never is an answer of a route and status whose answers never have the
	// field, sometimes one of those that do in other answers.
	never, sometimes *probe.Call
	// elsewhere is the answer of a method that the page does not tie it to.
	elsewhere *sighting
	places    int
}

func (j *judge) sightings(f claim.Field) sightings {
	var out sightings
	lacking := map[string]*probe.Call{} // by route and status
	having := map[string]bool{}
	for _, call := range j.answers() {
		found, places := probe.At(call.JSON, f.Name)
		if len(f.Only) > 0 && !slices.Contains(f.Only, call.Route.Method) {
			if len(found) > 0 && out.elsewhere == nil {
				out.elsewhere = &sighting{found[0], call}
			}
			continue
		}
		out.places += places
		group := call.Route.Key() + " " + itoa(call.Status)
		for _, v := range found {
			having[group] = true
			out.values = append(out.values, sighting{v, call})
		}
		if places > len(found) && lacking[group] == nil {
			lacking[group] = call
		}
	}
	for _, group := range keys(lacking) {
		if having[group] {
			out.sometimes = lacking[group]
		} else {
			out.never = lacking[group]
		}
	}
	return out
}

// answerField judges a field of the answer, which may be inside of others and
// of the items of lists.
func (j *judge) answerField(f claim.Field) {
	base := "response/" + f.Name
	documented := "a field " + j.path(f) + " of the answer"
	if len(f.Only) > 0 {
		documented += ", only for " + strings.Join(f.Only, ", ")
	}
	c := j.add(base, claim.KindResponseField, f.At, documented)
	saw := j.sightings(f)
	j.present(c, f, saw)
	if saw.elsewhere != nil {
		saw.values = append(saw.values, *saw.elsewhere)
	}
	if len(saw.values) == 0 {
		return
	}
	if f.Type != "" {
		j.answerType(j.add(base+"/type", claim.KindType, f.At, f.Type), f, saw.values)
	}
	j.answerValues(base, f, saw.values)
}

// path is the name of a field with brackets where it leads through lists.
func (j *judge) path(f claim.Field) string {
	out := f.Leaf()
	for name := f.Parent(); name != ""; {
		above := claim.Field{Name: name}
		if known, ok := j.m.Field(f.In, name); ok {
			above = known
		}
		sep := "."
		if class(above.Type) == "array" {
			sep = "[]."
		}
		out, name = above.Leaf()+sep+out, above.Parent()
	}
	return out
}

// conditional finds texts that tie a field to something.
var conditional = regexp.MustCompile(`(?i)\b(?:if|when|only|optional|optionally|unless|once|may|in case|null)\b`)

// present judges whether the answers have a field.
func (j *judge) present(c *claim.Claim, f claim.Field, saw sightings) {
	optional := f.Required != nil && !*f.Required || f.Required == nil && len(f.Only) == 0 && conditional.MatchString(f.Text)
	required := f.Required != nil && *f.Required
	missing := saw.never
	if required && missing == nil {
		missing = saw.sometimes
	}
	switch {
	case saw.elsewhere != nil:
		call := saw.elsewhere.call
		j.say(c, claim.Contradicted, fmt.Sprintf("%s %s has it as well: %s", call.Route.Method, call.Route.Path, text(call.JSON)), call)
		c.Edits = j.swap(f.At, onlySentence(f), "")
	case len(saw.values) > 0 && (missing == nil || optional):
		first := shortest(saw.values)
		j.say(c, claim.Confirmed, f.Name+" is "+text(first.value), first.call)
	case missing != nil && optional:
		j.cannot(c, "it is optional, and no answer that was seen has it", missing)
	case missing != nil:
		j.say(c, claim.Contradicted, "the answer does not have it: "+text(missing.JSON), missing)
	case len(j.answers()) == 0:
		j.cannot(c, "no successful answer was seen")
	default:
		j.cannot(c, "no answer that was seen has anything that it could be a part of")
	}
}

func onlySentence(f claim.Field) string {
	for _, s := range strings.SplitAfter(f.Text, ".") {
		if strings.Contains(strings.ToLower(s), "returned when") {
			return s
		}
	}
	return ""
}

// answerType holds the documented type against every value that was seen. A
// page that says nothing of null is not held to it, a specification is.
func (j *judge) answerType(c *claim.Claim, f claim.Field, values []sighting) {
	if j.m.Source == claim.SourcePage {
		values = slices.DeleteFunc(slices.Clone(values), func(s sighting) bool { return s.value == nil })
	}
	if len(values) == 0 {
		j.cannot(c, "it is null in every answer that was seen")
		return
	}
	for _, s := range values {
		if !fits(f.Type, s.value) {
			j.say(c, claim.Contradicted, described(s.value), s.call)
			c.Edits = j.swap(f.At, f.Type, kindOf(s.value))
			return
		}
	}
	s := shortest(values)
	j.say(c, claim.Confirmed, described(s.value), s.call)
}

// shortest is the value in the shortest answer: the easiest to read.
func shortest(values []sighting) sighting {
	return slices.MinFunc(values, func(a, b sighting) int { return len(a.call.Body) - len(b.call.Body) })
}

func described(v any) string {
	kind := kindOf(v)
	if v == nil {
		return "null"
	}
	return article(kind) + " " + kind + ": " + text(v)
}

func article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an"
	}
	return "a"
}

// answerValues holds the values that a document lists for a field of the
// answer against those that were seen, those that the server says it knows,
// and, for a page, those of the specifications.
func (j *judge) answerValues(base string, f claim.Field, values []sighting) {
	if len(f.Values) == 0 {
		return
	}
	c := j.add(base+"/values", claim.KindValues, f.At, list(f.Values))
	var saw []string
	proof := map[string]*probe.Call{}
	for _, s := range values {
		if v, isText := s.value.(string); isText && proof[v] == nil {
			saw, proof[v] = append(saw, v), s.call
		}
	}
	if len(saw) == 0 {
		j.cannot(c, "no answer that was seen has a text there")
		return
	}
	slices.Sort(saw)
	if more := without(saw, f.Values); len(more) > 0 {
		j.say(c, claim.Contradicted, "the answer also has "+list(more), proof[more[0]])
		c.Edits = j.nearestValue(f, saw)
		return
	}
	var known, specified, open []string
	for _, v := range without(f.Values, saw) {
		asked := j.main.Values[probe.ValueKey(f.Leaf(), v)]
		says, listed := j.specified(f, v)
		switch {
		case asked != nil && !probe.Known(asked):
			j.say(c, claim.Contradicted, fmt.Sprintf("the server knows no `%s`: %s", v, probe.Answer(asked)), asked)
			c.Edits = j.nearestValue(f, saw)
			return
		case asked != nil:
			known = append(known, v)
		case says:
			specified = append(specified, v)
		case listed:
			j.say(c, claim.Contradicted, fmt.Sprintf("`%s` was not seen, and the specification does not list it; seen: %s", v, list(saw)), proof[saw[0]])
			return
		default:
			open = append(open, v)
		}
	}
	observed := "seen: " + list(saw)
	for _, more := range []struct {
		what   string
		values []string
	}{{"known to the server", known}, {"in the specification", specified}} {
		if len(more.values) > 0 {
			observed += "; " + more.what + ": " + list(more.values)
		}
	}
	if len(open) > 0 {
		j.cannot(c, observed+"; nothing that was tried brings about "+list(open), proof[saw[0]])
		return
	}
	j.say(c, claim.Confirmed, observed, proof[saw[0]])
}

// specified reports whether a specification lists the value for the field, and
// whether one lists values at all.
func (j *judge) specified(f claim.Field, value string) (says, listed bool) {
	for _, m := range j.specs {
		if s, ok := m.Field(f.In, f.Name); ok && len(s.Values) > 0 {
			listed = true
			says = says || slices.Contains(s.Values, value)
		}
	}
	return says, listed
}

// nearestValue replaces the documented values that are nearly one that was
// seen.
func (j *judge) nearestValue(f claim.Field, saw []string) []claim.Edit {
	var out []claim.Edit
	for _, v := range without(f.Values, saw) {
		if name := similar(v, without(saw, f.Values)); name != "" {
			out = append(out, j.swap(f.At, "`"+v+"`", "`"+name+"`")...)
		}
	}
	return out
}

func without(words, others []string) []string {
	var out []string
	for _, w := range words {
		if !slices.Contains(others, w) {
			out = append(out, w)
		}
	}
	return out
}

// maxKeys bounds how many fields of one object are reported as undocumented:
// an object with more is a map.
const maxKeys = 50

// undocumentedAnswerFields reports what answers have and the document does
// not, at the top and inside of every field of which it describes the inside.
func (j *judge) undocumentedAnswerFields() {
	inside := map[string]bool{"": true}
	for _, f := range j.m.In(claim.InResponse) {
		for name := f.Parent(); name != ""; name = (claim.Field{Name: name}).Parent() {
			inside[name] = true
		}
	}
	for _, parent := range keys(inside) {
		seen := j.parts(parent)
		var more []string
		for _, k := range keys(seen) {
			name := strings.TrimPrefix(parent+"."+k, ".")
			if _, documented := j.m.Field(claim.InResponse, name); !documented && !inside[name] {
				more = append(more, k)
			}
		}
		j.undocumentedParts(parent, more, seen)
	}
}

// parts are the fields that a part of the answers has, each with a value.
func (j *judge) parts(parent string) map[string]sighting {
	out := map[string]sighting{}
	for _, call := range j.answers() {
		found := []any{call.JSON}
		if parent != "" {
			found, _ = probe.At(call.JSON, parent)
		}
		for _, object := range objects(found) {
			for k, v := range object {
				if out[k].call == nil {
					out[k] = sighting{v, call}
				}
			}
		}
	}
	return out
}

// undocumentedParts reports fields at the top one by one, and those inside of
// one field together.
func (j *judge) undocumentedParts(parent string, names []string, seen map[string]sighting) {
	switch {
	case len(names) == 0 || len(names) > maxKeys:
	case parent == "":
		for _, k := range names {
			c := j.beyond("response/"+k, claim.KindResponseField, j.m.ResponseAt, "nothing on "+k)
			j.say(c, claim.Undocumented, "the answer has it: "+text(seen[k].value), seen[k].call)
		}
	default:
		at := j.m.ResponseAt
		if f, ok := j.m.Field(claim.InResponse, parent); ok {
			at = f.At
		}
		c := j.beyond("response/"+parent+"/parts", claim.KindResponseField, at, "the parts of "+parent)
		j.say(c, claim.Undocumented, "it also has "+list(names), seen[names[0]].call)
	}
}

// objects are the values that are objects, or items of lists that are.
func objects(values []any) []map[string]any {
	var out []map[string]any
	for _, v := range values {
		switch x := v.(type) {
		case map[string]any:
			out = append(out, x)
		case []any:
			out = append(out, objects(x)...)
		}
	}
	return out
}

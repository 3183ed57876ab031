package verify

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

func (j *judge) bodyFields() {
	for _, f := range j.m.In(claim.InBody) {
		var ff *probe.FieldFacts
		if j.main != nil {
			ff = j.main.Field(claim.InBody, f.Name)
		}
		j.bodyField(f, ff)
	}
	j.undocumentedFields()
	j.together()
}

func (j *judge) bodyField(f claim.Field, ff *probe.FieldFacts) {
	base := "body/" + f.Name
	c := j.add(base, claim.KindBodyField, f.At, "a field "+f.Name+" of the request")
	known := ff != nil && ff.Sent != nil
	switch {
	case ff != nil && ff.Refused != nil:
		j.say(c, claim.Contradicted, "the server does not know it: "+probe.Answer(ff.Refused), ff.Refused)
		if name := j.nearest(f.Name); name != "" {
			c.Edits = j.swap(f.At, "`"+f.Leaf()+"`", "`"+name+"`")
		}
	case !known:
		j.cannot(c, "no value that was tried for it is accepted")
	case ff.Found:
		j.say(c, claim.Confirmed, fmt.Sprintf("%s is accepted and stored as %s", text(ff.Value), text(ff.Stored)), ff.Sent)
	default:
		j.say(c, claim.Confirmed, text(ff.Value)+" is accepted", ff.Sent)
	}
	j.required(base, f, ff)
	j.fieldType(base, f, ff)
	j.null(base, f, ff)
	j.values(base, f, ff)
	j.fieldDefault(base, f, ff)
	if known {
		j.integerWidth(base, f, ff)
		j.merges(base, f, ff)
	}
}

// nearest is a field that the server knows and the page does not, where there
// is just one.
func (j *judge) nearest(name string) string {
	var out []string
	for _, u := range j.unknownToPage() {
		if u.name != name {
			out = append(out, u.name)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return ""
}

func (j *judge) required(base string, f claim.Field, ff *probe.FieldFacts) {
	documented := f.Required != nil
	var omitted *probe.Call
	if ff != nil {
		omitted = ff.Omitted
	}
	if !documented {
		if omitted != nil && !omitted.OK() && omitted.Names(f.Leaf()) && f.In == claim.InBody {
			c := j.beyond(base+"/required", claim.KindRequired, f.At, "nothing on whether it is required")
			j.say(c, claim.Undocumented, "required: without it "+probe.Answer(omitted), omitted)
		}
		return
	}
	c := j.add(base+"/required", claim.KindRequired, f.At, requiredWord(*f.Required))
	switch {
	case strings.HasPrefix(f.Leaf(), "<"):
		j.cannot(c, "it stands for any name, and there may be none")
	case ff != nil && ff.Refused != nil:
		j.cannot(c, "the server does not know the field")
	case omitted == nil:
		j.cannot(c, "no request with the field succeeds, so leaving it out shows nothing")
	case omitted.OK():
		j.say(c, verdict(!*f.Required), "optional: without it "+probe.Answer(omitted), omitted)
	case f.In == claim.InBody && j.replaceable(f.Name, omitted):
		j.say(c, verdict(!*f.Required), "optional where something stands in its place: without it "+probe.Answer(omitted), omitted)
	case omitted.Names(f.Leaf()):
		j.say(c, verdict(*f.Required), "required: without it "+probe.Answer(omitted), omitted)
	default:
		j.cannot(c, "without it the request is refused for another reason: "+probe.Answer(omitted), omitted)
	}
	if c.Verdict == claim.Contradicted {
		c.Edits = j.swapRequired(f)
	}
}

func (j *judge) fieldType(base string, f claim.Field, ff *probe.FieldFacts) {
	if f.Type == "" {
		return
	}
	c := j.add(base+"/type", claim.KindType, f.At, f.Type)
	if ff == nil || ff.Sent == nil && ff.In == claim.InBody || ff.Refused != nil || len(ff.Trials) == 0 {
		j.cannot(c, "no request with the field succeeds")
		return
	}
	if why := unclear(f, ff); why != "" {
		j.cannot(c, why, ff.Trials[0].Call)
		return
	}
	got := typeOf(f.Type, f.Values, ff)
	if j.m.Source == claim.SourceOpenAPI && class(f.Type) == "number" {
		got = fractional(got, ff)
	}
	if got.verdict == claim.Untestable {
		j.cannot(c, got.reason)
		return
	}
	j.say(c, got.verdict, got.observed, got.calls...)
	if c.Verdict == claim.Contradicted {
		c.Edits = j.swap(f.At, f.Type, betterType(ff))
	}
}

// betterType is a type that the trials fit.
func betterType(ff *probe.FieldFacts) string {
	for _, t := range []string{"boolean", "instant", "duration", "long", "int", "object", "array", "string"} {
		if oneType(t, nil, ff).verdict == claim.Confirmed {
			return t
		}
	}
	return ""
}

func (j *judge) values(base string, f claim.Field, ff *probe.FieldFacts) {
	if len(f.Values) == 0 {
		return
	}
	c := j.add(base+"/values", claim.KindValues, f.At, list(f.Values))
	if ff == nil || len(ff.Listed) == 0 {
		j.cannot(c, "no request with the field succeeds")
		return
	}
	var refused []string
	var proof *probe.Call
	for _, v := range f.Values {
		call := ff.Listed[v]
		if call == nil {
			j.cannot(c, "`"+v+"` was not tried")
			return
		}
		if !call.OK() {
			refused = append(refused, v)
		}
		if proof == nil || !call.OK() {
			proof = call
		}
	}
	if len(refused) > 0 {
		j.say(c, claim.Contradicted, "refused: "+list(refused), proof)
		return
	}
	j.say(c, claim.Confirmed, "each is accepted", proof)
}

func (j *judge) fieldDefault(base string, f claim.Field, ff *probe.FieldFacts) {
	if f.Default == nil {
		j.undocumentedDefault(base, f, ff)
		return
	}
	c := j.add(base+"/default", claim.KindDefault, f.At, *f.Default)
	switch {
	case ff == nil || ff.Omitted == nil || !ff.Omitted.OK():
		j.cannot(c, "no request without the field succeeds")
	case ff.In == claim.InQuery:
		j.queryDefault(c, ff)
	case ff.Left == nil && (!ff.Found || !ff.Kept):
		j.cannot(c, "the field is not to be found in what is stored", ff.Omitted)
	default:
		got := text(ff.Left)
		if s, isText := ff.Left.(string); isText {
			got = s
		}
		j.say(c, verdict(got == *f.Default), "without it the stored value is "+got, ff.Omitted)
		if c.Verdict == claim.Contradicted && ff.Left != nil {
			c.Edits = j.swap(f.At, "`"+*f.Default+"`", "`"+got+"`")
		}
	}
}

func (j *judge) queryDefault(c *claim.Claim, ff *probe.FieldFacts) {
	switch ff.DefaultFound {
	case c.Documented:
		j.say(c, claim.Confirmed, "without it the answer is that of "+c.Documented+", and of no other value", ff.DefaultProof...)
	case "":
		j.cannot(c, "with other values the answer is the same, so nothing shows which one is the default", ff.DefaultProof...)
	case "other":
		j.say(c, claim.Contradicted, "with "+c.Documented+" the answer is another than without the parameter", ff.DefaultProof...)
	default:
		j.say(c, claim.Contradicted, "without it the answer is that of "+ff.DefaultFound, ff.DefaultProof...)
		c.Edits = j.swap(claim.At{Line: c.Line, End: c.EndLine}, "`"+c.Documented+"`", "`"+ff.DefaultFound+"`")
	}
}

var saysDefault = regexp.MustCompile(`(?i)\bdefault|\bif (?:it is )?(?:not|omitted|left out|absent)|\bwhen (?:omitted|not)`)

// undocumentedDefault reports what a field becomes when it is left out, where
// the page says nothing on it.
func (j *judge) undocumentedDefault(base string, f claim.Field, ff *probe.FieldFacts) {
	if ff == nil || f.In != claim.InBody || !ff.Omitted.OK() || strings.HasPrefix(f.Leaf(), "<") || saysDefault.MatchString(f.Text) || j.m.Source != claim.SourcePage {
		return
	}
	if ff.Left == nil || empty(ff.Left) || jsonval.Equal(ff.Left, ff.LeftBefore) || j.takenFrom(f, ff) {
		return
	}
	observed := "without it the stored value becomes " + text(ff.Left)
	if _, isTime := instant(ff.Left); isTime {
		observed = "without it the stored value becomes the time of the request: " + text(ff.Left)
		if ff.LeftBefore != nil {
			observed += " instead of " + text(ff.LeftBefore)
		}
	}
	c := j.beyond(base+"/default", claim.KindDefault, f.At, "nothing on a default")
	j.say(c, claim.Undocumented, observed, ff.Omitted)
	if _, isTime := instant(ff.Left); isTime {
		c.Edits = j.append(f.At, "Defaults to the time of the request.")
	}
}

// takenFrom reports whether a field that is left out becomes what another has
// that its text names.
func (j *judge) takenFrom(f claim.Field, ff *probe.FieldFacts) bool {
	for _, word := range claim.Words(f.Text) {
		other := strings.TrimPrefix(f.Parent()+"."+word, ".")
		if v, ok := ff.Omitted.Value(other); ok && jsonval.Equal(v, ff.Left) {
			return true
		}
	}
	return false
}

func empty(v any) bool {
	switch x := v.(type) {
	case string:
		return x == ""
	case map[string]any:
		return len(x) == 0
	case []any:
		return len(x) == 0
	}
	return v == nil
}

// integerWidth reports integers that are read but cannot be stored: two places
// of the server disagree on how large they may be.
func (j *judge) integerWidth(base string, f claim.Field, ff *probe.FieldFacts) {
	if c := class(f.Type); c != "int" && c != "integer" && c != "long" && c != "number" && c != "short" {
		return
	}
	var stored, read *probe.Trial
	top, _ := width(ff)
	for i := range ff.Widths {
		w := &ff.Widths[i]
		if w.Call.OK() {
			continue
		}
		if stored == nil {
			stored = w
		} else if w.Call.Type != stored.Call.Type && read == nil {
			read = w
		}
	}
	if stored == nil || read == nil || saysWidth.MatchString(f.Text) {
		return
	}
	c := j.beyond(base+"/width", claim.KindWidth, f.At, f.Type+", nothing on how large it may be")
	j.say(c, claim.Undocumented, fmt.Sprintf("it is wider where it is read than where it is stored: up to %s is stored, %s is read and then refused with %s, only %s is refused when read (%s)",
		top.Sample, stored.Sample, stored.Call.Type, read.Sample, read.Call.Type), top.Call, stored.Call, read.Call)
	c.Edits = j.append(f.At, "At most "+top.Sample+".")
}

var saysWidth = regexp.MustCompile(`(?i)\bat most\b|\bmaximum\b|\b2147483647\b|\b2\^31`)

var saysMerge = regexp.MustCompile(`(?i)\bmerg|\bin addition to|\bkeys are (?:added|kept)`)

func (j *judge) merges(base string, f claim.Field, ff *probe.FieldFacts) {
	if ff.Merge == nil || saysMerge.MatchString(f.Text) || j.m.Source != claim.SourcePage {
		return
	}
	before := find(ff.Merge.Before, f.Name)
	after := find(ff.Merge.After, f.Name)
	c := j.beyond(base+"/merge", claim.KindMerge, f.At, "nothing on what becomes of earlier keys")
	j.say(c, claim.Undocumented, fmt.Sprintf("it is merged into what is stored, keys that were there stay: %s became %s", text(before), text(after)), ff.Merge)
	c.Edits = j.append(f.At, "It is merged into the stored value: keys are added and replaced, never removed.")
}

func find(doc any, name string) any {
	v, _ := findAny(doc, name)
	return v
}

func findAny(doc any, name string) (any, bool) {
	m, _ := doc.(map[string]any)
	if v, ok := m[name]; ok {
		return v, true
	}
	for _, k := range keys(m) {
		if v, ok := findAny(m[k], name); ok {
			return v, true
		}
	}
	return nil, false
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// append adds a sentence to the text of a place.
func (j *judge) append(at claim.At, sentence string) []claim.Edit {
	if j.m.Source != claim.SourcePage {
		return nil
	}
	return []claim.Edit{{Line: max(at.End, at.Line), Append: " " + sentence}}
}

type unknownField struct {
	name     string
	required bool
	call     *probe.Call
	facts    *probe.FieldFacts
}

// unknownToPage lists the fields that the server takes and the document does
// not have.
func (j *judge) unknownToPage() []unknownField {
	if j.main == nil {
		return nil
	}
	seen := map[string]bool{}
	var out []unknownField
	add := func(name string, call *probe.Call, ff *probe.FieldFacts) {
		if _, documented := j.m.Field(claim.InBody, name); documented || seen[name] || strings.Contains(name, ".") {
			return
		}
		seen[name] = true
		out = append(out, unknownField{name, j.main.Needed[name] != nil, call, ff})
	}
	body, _ := j.main.OK.Sent.(map[string]any)
	for _, name := range keys(body) {
		call := j.main.OK
		if n := j.main.Needed[name]; n != nil {
			call = n
		}
		add(name, call, j.main.Field(claim.InBody, name))
	}
	for _, x := range j.main.Extra {
		add(x.Name, x.Sent, x)
	}
	return out
}

func (j *judge) undocumentedFields() {
	if j.m.Source == claim.SourceRestSpec || j.m.BodyUnread || j.m.FreeBody {
		return // it lists no fields at all, they could not be read, or any is one
	}
	at := j.m.BodyAt
	if at.Line == 0 && len(j.m.Routes) > 0 {
		at = j.m.Routes[0].At
	}
	for _, u := range j.unknownToPage() {
		c := j.beyond("body/"+u.name, claim.KindBodyField, at, "nothing on "+u.name)
		what := "the server accepts it"
		if u.required || u.facts != nil && u.facts.Omitted != nil && !u.facts.Omitted.OK() && u.facts.Omitted.Names(u.name) {
			what = "the server requires it"
		}
		j.say(c, claim.Undocumented, what+": "+probe.Answer(u.call), u.call)
		if what == "the server requires it" {
			c.Edits = j.insertField(u.name, "Required")
		} else {
			c.Edits = j.insertField(u.name, "Optional")
		}
	}
}

func (j *judge) insertField(name, required string) []claim.Edit {
	fs := j.m.In(claim.InBody)
	if j.m.Source != claim.SourcePage || len(fs) == 0 {
		return nil
	}
	word := required
	if ff := j.main.Field(claim.InBody, name); ff != nil {
		if t := betterType(ff); t != "" {
			word += ", " + t
		}
	}
	last := fs[len(fs)-1]
	return []claim.Edit{{Line: max(last.End, last.Line), Insert: []string{"", "`" + name + "`::", "(" + word + ") The `" + name + "` of the resource."}}}
}

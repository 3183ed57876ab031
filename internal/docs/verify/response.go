package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

// answers are the successful answers that were seen, one for each route and
// status.
func (j *judge) answers() []*probe.Call {
	if j.main == nil {
		return nil
	}
	var out []*probe.Call
	for _, rf := range j.facts.Working() {
		out = append(out, rf.OK)
		for status, c := range rf.Codes {
			if c.OK() && status != rf.OK.Status {
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b *probe.Call) int { return a.Index - b.Index })
	return out
}

func (j *judge) response() {
	if j.m.Source == claim.SourceRestSpec {
		return // it says nothing of answers
	}
	fields := j.m.In(claim.InResponse)
	for _, f := range fields {
		j.responseField(f)
	}
	if len(fields) > 0 {
		j.undocumentedAnswerFields()
		return
	}
	if j.exampleShowsAnswer() {
		return
	}
	for _, call := range j.answers() {
		body, isObject := call.JSON.(map[string]any)
		if !isObject || len(body) == 0 {
			continue
		}
		at := j.m.ResponseAt
		documented := "nothing on the body of the answer"
		if j.m.NoResponseBody {
			documented = "an answer without any field"
		}
		if at.Line == 0 {
			if at = j.m.CodesAt; at.Line == 0 && len(j.m.Routes) > 0 {
				at = j.m.Routes[0].At
			}
		}
		c := j.add("response", claim.KindResponseBody, at, documented)
		j.say(c, claim.Undocumented, fmt.Sprintf("the answer has %s: %s", list(keys(body)), text(body)), call)
		c.Edits = j.insertResponse(body)
		return
	}
}

// exampleShowsAnswer reports whether an example of this API prints its answer.
func (j *judge) exampleShowsAnswer() bool {
	for _, x := range j.m.Examples {
		if x.Result != nil && !x.Hidden {
			return true
		}
	}
	return false
}

func (j *judge) responseField(f claim.Field) {
	base := "response/" + f.Name
	documented := "a field " + f.Name + " of the answer"
	if len(f.Only) > 0 {
		documented += ", only for " + strings.Join(f.Only, ", ")
	}
	c := j.add(base, claim.KindResponseField, f.At, documented)
	var with, without, elsewhere *probe.Call
	var value any
	for _, call := range j.answers() {
		v, has := lookup(call.JSON, f.Name)
		tied := len(f.Only) == 0 || slices.Contains(f.Only, call.Route.Method)
		switch {
		case has && tied:
			with, value = call, v
		case has:
			elsewhere, value = call, v
		case tied:
			without = call
		}
	}
	optional := f.Required != nil && !*f.Required
	switch {
	case elsewhere != nil:
		j.say(c, claim.Contradicted, fmt.Sprintf("%s %s has it as well: %s", elsewhere.Route.Method, elsewhere.Route.Path, text(elsewhere.JSON)), elsewhere)
		c.Edits = j.swap(f.At, onlySentence(f), "")
	case with != nil && (without == nil || optional):
		j.say(c, claim.Confirmed, f.Name+" is "+text(value), with)
	case without != nil && optional:
		j.cannot(c, "it is optional, and no answer that was seen has it", without)
	case without != nil:
		j.say(c, claim.Contradicted, "the answer does not have it: "+text(without.JSON), without)
	default:
		j.cannot(c, "no successful answer was seen")
	}
	if value == nil {
		return
	}
	if f.Type != "" {
		t := j.add(base+"/type", claim.KindType, f.At, f.Type)
		got := kindOf(value)
		j.say(t, verdict(fits(f.Type, value)), "a "+got+": "+text(value), with, elsewhere)
	}
	j.responseValues(base, f)
}

func onlySentence(f claim.Field) string {
	for _, s := range strings.SplitAfter(f.Text, ".") {
		if strings.Contains(strings.ToLower(s), "returned when") {
			return s
		}
	}
	return ""
}

func (j *judge) responseValues(base string, f claim.Field) {
	if len(f.Values) == 0 {
		return
	}
	c := j.add(base+"/values", claim.KindValues, f.At, list(f.Values))
	var saw []string
	var proof *probe.Call
	for _, call := range j.answers() {
		s, isText := mustText(call.JSON, f.Name)
		if !isText || slices.Contains(saw, s) {
			continue
		}
		saw = append(saw, s)
		if proof == nil || !slices.Contains(f.Values, s) {
			proof = call
		}
	}
	for _, s := range saw {
		if !slices.Contains(f.Values, s) {
			j.say(c, claim.Contradicted, "the answer also has `"+s+"`", proof)
			return
		}
	}
	j.say(c, claim.Confirmed, "seen: "+list(saw), proof)
}

func mustText(doc any, name string) (string, bool) {
	v, _ := lookup(doc, name)
	s, ok := v.(string)
	return s, ok
}

func (j *judge) undocumentedAnswerFields() {
	seen := map[string]bool{}
	for _, call := range j.answers() {
		body, _ := call.JSON.(map[string]any)
		for _, k := range keys(body) {
			if _, documented := j.m.Field(claim.InResponse, k); documented || seen[k] {
				continue
			}
			seen[k] = true
			c := j.add("response/"+k, claim.KindResponseField, j.m.ResponseAt, "nothing on "+k)
			j.say(c, claim.Undocumented, "the answer has it: "+text(body[k]), call)
		}
	}
}

// insertResponse suggests a section on the answer's body, before the one on
// response codes.
func (j *judge) insertResponse(body map[string]any) []claim.Edit {
	if j.m.Source != claim.SourcePage || j.m.CodesAt.Line == 0 || len(body) > 4 {
		return nil
	}
	lines := []string{"[[" + j.m.ID + "-response-body]]", "==== {api-response-body-title}", ""}
	for _, k := range keys(body) {
		lines = append(lines, "`"+k+"`::", "("+kindOf(body[k])+")", "")
	}
	return []claim.Edit{{Line: j.m.CodesStart - 1, Insert: lines}}
}

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	}
	return "number"
}

// fits reports whether a value of an answer is of the documented type.
func fits(typ string, v any) bool {
	for _, alt := range strings.Split(typ, " or ") {
		switch class(alt) {
		case "integer", "int", "long", "short", "number", "float":
			if kindOf(v) == "number" {
				return true
			}
		case "instant":
			if _, ok := instant(v); ok {
				return true
			}
		case "string", "duration", "enum":
			if kindOf(v) == "string" {
				return true
			}
		case "unknown":
			return true
		default:
			if kindOf(v) == class(alt) {
				return true
			}
		}
	}
	return false
}

func lookup(doc any, name string) (any, bool) {
	ptr := ""
	for _, p := range strings.Split(name, ".") {
		ptr += "/" + jsonval.Escape(p)
	}
	return jsonval.Pointer(doc, ptr)
}

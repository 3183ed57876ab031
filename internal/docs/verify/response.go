package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

// answers are the successful answers that were seen, in their order.
func (j *judge) answers() []*probe.Call {
	if j.main == nil {
		return nil
	}
	var out []*probe.Call
	for _, rf := range j.facts.Working() {
		out = append(out, rf.Answers...)
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
		j.answerField(f)
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
		c := j.beyond("response", claim.KindResponseBody, at, documented)
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

// insertResponse suggests a section on the answer's body, before the one on
// response codes.
func (j *judge) insertResponse(body map[string]any) []claim.Edit {
	if j.m.Source != claim.SourcePage || j.m.CodesAt.Line == 0 || len(body) > 4 {
		return nil
	}
	lines := []string{"[[" + j.m.ID + "-response-body]]", "==== {api-response-body-title}", ""}
	for _, k := range keys(body) {
		lines = append(lines, "`"+k+"`::", "("+kindOf(body[k])+") "+answerText(k, body[k]), "")
	}
	return []claim.Edit{{Line: j.m.CodesStart - 1, Insert: lines}}
}

// answerTexts are what a page may say of fields that many answers have.
var answerTexts = map[string]string{
	"result":       "The result of the operation, such as `%s`.",
	"acknowledged": "Indicates whether the request was acknowledged.",
	"count":        "The number of results.",
	"results":      "The results.",
	"id":           "The ID of the resource.",
	"_id":          "The ID of the resource.",
}

// answerText is a sentence on a field of an answer.
func answerText(name string, value any) string {
	text, known := answerTexts[name]
	word, isText := value.(string)
	switch {
	case strings.Contains(text, "%s") && isText:
		return fmt.Sprintf(text, word)
	case known && !strings.Contains(text, "%s"):
		return text
	}
	return "The `" + name + "` of the answer."
}

func lookup(doc any, name string) (any, bool) {
	ptr := ""
	for _, p := range strings.Split(name, ".") {
		ptr += "/" + jsonval.Escape(p)
	}
	return jsonval.Pointer(doc, ptr)
}

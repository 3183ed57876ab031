package verify

import (
	"fmt"
	"sort"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

// seen collects the answers of every route that works.
func (j *judge) seen() map[int]*probe.Call {
	out := map[int]*probe.Call{}
	if j.main == nil {
		return out
	}
	for _, rf := range j.facts.Working() {
		for status, c := range rf.Codes {
			if out[status] == nil {
				out[status] = c
			}
		}
	}
	return out
}

func (j *judge) codes() {
	seen := j.seen()
	for _, code := range j.m.Codes {
		j.code(code, seen)
	}
	if !j.m.CodesComplete && j.m.CodesAt.Line == 0 {
		return
	}
	statuses := make([]int, 0, len(seen))
	for s := range seen {
		statuses = append(statuses, s)
	}
	sort.Ints(statuses)
	for _, s := range statuses {
		if !j.m.HasCode(s) {
			j.undocumentedCode(s, seen[s])
		}
	}
}

func (j *judge) code(code claim.Code, seen map[int]*probe.Call) {
	c := j.add(fmt.Sprintf("code/%d", code.Status), claim.KindCode, code.At, itoa(code.Status))
	if j.main == nil {
		return
	}
	if claim.OnlyMissing(code.Text) {
		j.missing(c, code)
		return
	}
	call := seen[code.Status]
	if call == nil {
		for _, rf := range j.facts.Working() {
			if u := rf.Uncommon[code.Status]; u != nil {
				call = u
			}
		}
	}
	if call != nil {
		j.say(c, claim.Confirmed, call.Purpose+": "+probe.Answer(call), call)
		return
	}
	j.notReached(c, code, seen)
}

// missing judges a code that is said to come from a parameter left out.
func (j *judge) missing(c *claim.Claim, code claim.Code) {
	name := claim.MissingName(code.Text)
	if ff := j.main.Field(claim.InBody, name); ff != nil && ff.Omitted != nil {
		j.say(c, verdict(ff.Omitted.Status == code.Status), "without "+name+": "+probe.Answer(ff.Omitted), ff.Omitted)
		return
	}
	call := j.main.NoParam
	if call == nil {
		j.cannot(c, "a request without "+name+" was not sent")
		return
	}
	if call.Status == code.Status {
		j.say(c, claim.Confirmed, "without "+name+": "+probe.Answer(call), call)
		return
	}
	j.say(c, claim.Contradicted, fmt.Sprintf("it can never be reached in this way: without %s, %s %s is another request and is answered %s",
		name, call.Route.Method, call.Path, probe.Answer(call)), call)
	c.Edits = j.removeCode(code)
}

// provoked are the codes that the probes try to bring about: where they do
// not, the code is not one of this API.
func (j *judge) provoked(status int) bool {
	switch {
	case status < 400:
		return true
	case status == 404:
		return j.main.Unknown != nil
	case status == 400:
		return j.main.NoBody != nil || j.main.Uncommon[400] != nil
	}
	return false
}

func (j *judge) notReached(c *claim.Claim, code claim.Code, seen map[int]*probe.Call) {
	var all []string
	for s := range seen {
		all = append(all, itoa(s))
	}
	sort.Strings(all)
	if !j.provoked(code.Status) {
		j.cannot(c, fmt.Sprintf("nothing that was tried brings it about (seen: %s), and nothing says what would", strings.Join(all, ", ")))
		return
	}
	j.say(c, claim.Contradicted, "no request was answered so; seen: "+strings.Join(all, ", "), j.ok())
	c.Edits = j.removeCode(code)
}

func (j *judge) undocumentedCode(status int, call *probe.Call) {
	at := j.m.CodesAt
	documented := "the list of response codes does not have it"
	if at.Line == 0 {
		documented = "no list of response codes"
		if len(j.m.Routes) > 0 {
			at = j.m.Routes[0].At
		}
	}
	c := j.beyond(fmt.Sprintf("code/%d", status), claim.KindCode, at, documented)
	j.say(c, claim.Undocumented, call.Purpose+": "+probe.Answer(call), call)
	var types []string
	for _, rf := range j.facts.Working() {
		for _, st := range rf.ByState {
			if st.Status == status {
				types = append(types, st.Type)
			}
		}
	}
	c.Edits = j.insertCode(status, codeText(status, types))
}

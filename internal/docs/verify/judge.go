// Package verify holds what a document claims against what was observed, and
// gives each claim its verdict.
package verify

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// judge works on one document.
type judge struct {
	m         *claim.Model
	facts     *probe.Facts
	exchanges []result.Exchange
	specs     []*claim.Model // what specifications say, beside a page
	main      *probe.RouteFacts
	notRun    string // why nothing was observed, "" where something was
	claims    []*claim.Claim
	ids       map[string]bool
	proof     int // bytes of exchanges so far
	unproved  int // exchanges that were left out
}

// Judge returns every claim of the document with its verdict. cause is what
// ended the probes early, or nil: claims that nothing was observed about are
// then NOT_RUN for that reason. specs are the specifications beside a page:
// they name values that the server may answer, whether it was seen to or not.
func Judge(m *claim.Model, facts *probe.Facts, exchanges []result.Exchange, cause error, specs ...*claim.Model) []*claim.Claim {
	j := &judge{m: m, facts: facts, exchanges: exchanges, specs: specs, ids: map[string]bool{}}
	if facts != nil {
		j.main = facts.Main()
	}
	if j.main == nil || cause != nil {
		j.notRun = j.why(cause)
	}
	j.routes()
	j.pathParams()
	j.queryParams()
	j.bodyFields()
	j.codes()
	j.response()
	j.stability()
	if m.Source == claim.SourcePage {
		j.prose()
		j.examples()
		j.coverage()
	}
	j.defects()
	j.unread()
	j.trim()
	j.place()
	return j.claims
}

func (j *judge) why(cause error) string {
	if cause != nil {
		return cause.Error()
	}
	if len(j.m.Routes) == 0 {
		return "no route was found in the document"
	}
	for _, r := range j.facts.Routes {
		if r.NotRun != "" {
			return r.NotRun
		}
	}
	return "the server has none of the routes of the document"
}

// prefix is what the ids of the document's claims start with.
func (j *judge) prefix() string {
	if j.m.Source == claim.SourcePage {
		return j.m.ID
	}
	return string(j.m.Source) + "/" + j.m.ID
}

// add makes a claim. Where nothing was observed it is NOT_RUN at once, and
// what the caller says about it later does not count.
func (j *judge) add(suffix string, kind claim.Kind, at claim.At, documented string) *claim.Claim {
	base := shorten(j.prefix()+"/"+suffix, maxID)
	id := base
	for n := 2; j.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	j.ids[id] = true
	c := &claim.Claim{ID: id, Kind: kind, File: j.m.File, Line: at.Line, EndLine: at.End, Quote: at.Quote, Documented: documented, Aspect: suffix}
	if j.notRun != "" {
		c.Verdict, c.Reason = claim.NotRun, j.notRun
	}
	j.claims = append(j.claims, c)
	return c
}

// beyond makes a claim about something that was observed and that the document
// leaves out. Where nothing was observed it goes into no report.
func (j *judge) beyond(suffix string, kind claim.Kind, at claim.At, documented string) *claim.Claim {
	if j.notRun != "" {
		return &claim.Claim{Verdict: claim.NotRun}
	}
	return j.add(suffix, kind, at, documented)
}

// say gives a verdict, once.
func (j *judge) say(c *claim.Claim, v claim.Verdict, observed string, calls ...*probe.Call) {
	if c.Verdict != "" {
		return
	}
	c.Verdict, c.Observed = v, observed
	for _, call := range calls {
		if call == nil {
			continue
		}
		j.prove(c, call)
	}
}

func (j *judge) cannot(c *claim.Claim, why string, calls ...*probe.Call) {
	if c.Verdict == "" {
		c.Reason = why
	}
	j.say(c, claim.Untestable, "", calls...)
}

// verdict is Confirmed or Contradicted.
func verdict(ok bool) claim.Verdict {
	if ok {
		return claim.Confirmed
	}
	return claim.Contradicted
}

// text shows a JSON value in a few characters.
func text(v any) string {
	s := string(jsonval.Encode(v))
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return s
}

func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "`" + w + "`"
	}
	return strings.Join(quoted, ", ")
}

func (j *judge) stability() {
	s := j.m.Stability
	if s.Word == "" {
		return
	}
	c := j.add("stability", claim.KindStability, s.At, s.Word)
	if c.Verdict == "" {
		j.cannot(c, "a server does not say how settled an API is; specifications do")
	}
}

func (j *judge) defects() {
	for _, d := range j.m.Defects {
		c := j.add("markup/"+d.ID, d.Kind, d.At, d.Want)
		c.Verdict, c.Observed, c.Reason = claim.Contradicted, d.Found, ""
		if d.Replace != "" {
			c.Edits = []claim.Edit{{Line: d.Line, Delete: 1, Insert: []string{d.Replace}}}
		}
	}
}

func (j *judge) unread() {
	for _, u := range j.m.Unread {
		_, line := j.m.At(u.Line)
		c := j.add(fmt.Sprintf("unread/line-%d", line), claim.KindUnread, claim.At{Line: u.Line}, "")
		c.Verdict, c.Reason = claim.NotRun, u.Message
	}
}

// place says of claims and edits in which file they stand: a page may include
// others.
func (j *judge) place() {
	for _, c := range j.claims {
		file, line := j.m.At(c.Line)
		if end, last := j.m.At(c.EndLine); end != file || last < line {
			c.EndLine = 0
		} else {
			c.EndLine = last
		}
		c.File, c.Line = file, line
		for i := range c.Edits {
			e := &c.Edits[i]
			e.File, e.Line = j.m.At(e.Line)
		}
	}
}

package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func (j *judge) routes() {
	for i, r := range j.m.Routes {
		c := j.add(fmt.Sprintf("route/%s%s", strings.ToLower(r.Method), r.Path), claim.KindRoute, r.At, r.String())
		c.Aspect = "route/" + r.Key()
		var rf *probe.RouteFacts
		if j.facts != nil {
			for _, f := range j.facts.Routes {
				if f.Route.Key() == r.Key() {
					rf = f
				}
			}
		}
		if rf == nil && j.facts != nil && i < len(j.facts.Routes) {
			rf = j.facts.Routes[i]
		}
		if rf == nil {
			j.cannot(c, "the probes did not reach this route")
			continue
		}
		j.route(c, rf)
		j.slash(r)
	}
}

func (j *judge) route(c *claim.Claim, rf *probe.RouteFacts) {
	switch {
	case rf.OK != nil:
		j.say(c, claim.Confirmed, "answered "+probe.Answer(rf.OK), rf.OK)
	case rf.NoRoute != nil:
		c.Verdict = "" // that the route is missing was observed
		observed := "no such route: " + probe.Answer(rf.NoRoute)
		if g := j.facts.Guessed; g != nil {
			observed += "; the example's route works: " + g.Route.Quote
		}
		c.Reason = ""
		j.say(c, claim.Contradicted, observed, rf.NoRoute)
		if j.facts.Guessed != nil {
			c.Edits = j.swap(rf.Route.At, rf.Route.Quote, guessedText(rf.Route, j.facts.Guessed.Route))
		}
	case j.main != nil && j.facts.Guessed != nil:
		c.Reason = ""
		j.say(c, claim.Contradicted, fmt.Sprintf("no request to it succeeds: %s; the example's route works: %s", probe.Answer(rf.Failed), j.facts.Guessed.Route.Quote), rf.Failed)
	case rf.NotRun != "":
		c.Verdict, c.Reason = claim.NotRun, rf.NotRun
		if rf.Failed != nil {
			j.prove(c, rf.Failed)
		}
	default:
		j.cannot(c, "no probe was sent")
	}
}

// guessedText writes the route that works with the names of the documented
// one.
func guessedText(documented, works claim.Route) string {
	names := documented.Params()
	segs := works.Segments()
	for i, s := range segs {
		if n, ok := claim.Param(s); ok {
			if len(names) > 0 {
				n, names = names[0], names[1:]
			}
			segs[i] = "<" + n + ">"
		}
	}
	return works.Method + " " + strings.Join(segs, "/")
}

// slash compares how the heading and the examples write the route.
func (j *judge) slash(r claim.Route) {
	if !r.Slash {
		return
	}
	for _, x := range j.m.Examples {
		for _, q := range x.Requests {
			if q.Method != r.Method || strings.HasSuffix(q.Path, "/") || x.Hidden {
				continue
			}
			c := j.add("consistency/trailing-slash", claim.KindConsistency, r.At, r.Quote)
			c.Verdict, c.Reason = claim.Contradicted, ""
			c.Observed = fmt.Sprintf("the example on line %d has no slash at the end: %s %s", q.Line, q.Method, q.Path)
			c.Edits = j.swap(r.At, r.Quote, strings.TrimSuffix(r.Quote, "/"))
			return
		}
	}
}

func (j *judge) pathParams() {
	inRoute := map[string]bool{}
	always := map[string]bool{}
	for i, r := range j.m.Routes {
		has := map[string]bool{}
		for _, p := range r.Params() {
			inRoute[p], has[p] = true, true
			if i == 0 {
				always[p] = true
			}
		}
		for p := range always {
			always[p] = always[p] && has[p]
		}
	}
	for _, f := range j.m.In(claim.InPath) {
		if inRoute[f.Name] {
			j.pathParam(f, always[f.Name])
			continue
		}
		j.strayParam(f)
	}
	if j.m.Source != claim.SourcePage {
		return
	}
	for _, r := range j.m.Routes {
		for _, p := range r.Params() {
			if _, ok := j.m.Field(claim.InPath, p); !ok {
				c := j.add("path/"+p, claim.KindPathParam, r.At, "nothing on the path parameter")
				c.Verdict, c.Observed, c.Reason = claim.Undocumented, "the route has "+p+", no list of parameters does", ""
			}
		}
	}
}

// strayParam judges a parameter among those of the path that no route has. It
// may be one of the query: only the server knows.
func (j *judge) strayParam(f claim.Field) {
	var asked *probe.FieldFacts
	if j.main != nil {
		asked = j.main.Field(claim.InQuery, f.Name)
	}
	if asked != nil && asked.Refused == nil {
		return // see there
	}
	c := j.add("path/"+f.Name, claim.KindPathParam, f.At, "a path parameter "+f.Name)
	switch {
	case j.m.Source != claim.SourcePage: // it says that the path has it
		c.Verdict, c.Reason = "", ""
		j.say(c, claim.Contradicted, "no route has it: "+routesText(j.m.Routes))
		return
	case asked == nil:
		j.cannot(c, "it was not probed")
		return
	}
	j.say(c, claim.Contradicted, "no route has it: "+routesText(j.m.Routes)+"; and it is none of the query: "+probe.Answer(asked.Refused), asked.Refused)
}

func routesText(rs []claim.Route) string {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = r.String()
	}
	return strings.Join(parts, ", ")
}

func (j *judge) pathParam(f claim.Field, always bool) {
	c := j.add("path/"+f.Name, claim.KindPathParam, f.At, "a path parameter "+f.Name)
	j.say(c, claim.Confirmed, "bound to a resource made for it", j.ok())
	if f.Required != nil {
		c := j.add("path/"+f.Name+"/required", claim.KindRequired, f.At, requiredWord(*f.Required))
		what := "every route has it: required"
		if !always {
			what = "a route without it works: optional"
		}
		j.say(c, verdict(*f.Required == always), what, j.ok())
		if c.Verdict == claim.Contradicted {
			c.Edits = j.swapRequired(f)
		}
	}
	if f.Type != "" {
		c := j.add("path/"+f.Name+"/type", claim.KindType, f.At, f.Type)
		// The ids that were bound are words, with letters and dashes.
		isText := slices.Contains([]string{"string", "unknown", "any"}, class(f.Type))
		j.say(c, verdict(isText), "an id with letters and dashes is accepted: a string", j.ok())
	}
}

// ok is the working call, or nil.
func (j *judge) ok() *probe.Call {
	if j.main == nil {
		return nil
	}
	return j.main.OK
}

func requiredWord(required bool) string {
	if required {
		return "Required"
	}
	return "Optional"
}

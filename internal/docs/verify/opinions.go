package verify

import (
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

// ForRoute narrows the facts to one route, for a document that describes just
// that one. What was found out about the fields of the body on the page's main
// route holds for the others too: they take the same body.
func ForRoute(f *probe.Facts, key string) *probe.Facts {
	out := &probe.Facts{Examples: f.Examples}
	main := f.Main()
	for _, r := range f.Routes {
		if r.Route.Key() != key {
			continue
		}
		one := *r
		if main != nil && main != r {
			one.Fields = map[string]*probe.FieldFacts{}
			for k, v := range main.Fields {
				one.Fields[k] = v
			}
			for k, v := range r.Fields {
				one.Fields[k] = v
			}
			one.Extra = main.Extra
		}
		out.Routes = append(out.Routes, &one)
	}
	if len(out.Routes) == 0 {
		out.Guessed = f.Guessed
	}
	return out
}

// Compare puts page and specification side by side: each claim gets what the
// other document says on the same point, and where the three disagree, which
// of page, specification and server stands alone.
func Compare(page, spec []*claim.Claim, source claim.Source) {
	byAspect := map[string]*claim.Claim{}
	for _, c := range page {
		byAspect[c.Aspect] = c
	}
	for _, s := range spec {
		p := byAspect[s.Aspect]
		if p == nil && s.Aspect == "response" {
			p = firstField(page)
		}
		if p == nil {
			continue
		}
		p.Opinions = append(p.Opinions, opinion(s, string(source)))
		s.Opinions = append(s.Opinions, opinion(p, string(claim.SourcePage)))
		if s.Kind == claim.KindStability {
			compareStability(p, s)
			continue
		}
		odd := oddOneOut(p, s)
		s.OddOneOut = odd
		if p.OddOneOut == "" || odd != "" {
			p.OddOneOut = odd
		}
	}
}

// firstField is what a page says of the answer's body, to stand beside a
// specification that says nothing of it.
func firstField(page []*claim.Claim) *claim.Claim {
	for _, c := range page {
		if c.Kind == claim.KindResponseField || c.Kind == claim.KindExampleResult {
			return c
		}
	}
	return nil
}

func opinion(c *claim.Claim, source string) claim.Opinion {
	o := claim.Opinion{Source: source, File: c.File, Line: c.Line, Says: c.Documented}
	switch {
	case c.Verdict == claim.Confirmed:
		o.Holds = "yes"
	case c.Finding():
		o.Holds = "no"
	}
	return o
}

func oddOneOut(p, s *claim.Claim) string {
	pageHolds, specHolds := p.Verdict == claim.Confirmed, s.Verdict == claim.Confirmed
	switch {
	case pageHolds && s.Finding():
		return "specification"
	case specHolds && p.Finding():
		return "page"
	case p.Finding() && s.Finding() && (p.Documented == s.Documented || p.Verdict == claim.Undocumented && s.Verdict == claim.Undocumented):
		return "server"
	}
	return ""
}

// compareStability is the one point on which specifications decide: a server
// says nothing on it.
func compareStability(p, s *claim.Claim) {
	if p.Documented == s.Documented {
		return
	}
	for _, c := range []*claim.Claim{p, s} {
		if c.Verdict != claim.NotRun {
			c.Verdict, c.Reason = claim.Contradicted, "a server does not say how settled an API is, so one document stands against the other"
			c.Observed = "page: " + p.Documented + "; specification: " + s.Documented
		}
	}
}

// Absent is the claim about a route that a specification does not have.
func Absent(m *claim.Model, r claim.Route, facts *probe.Facts, source claim.Source, file string) *claim.Claim {
	c := &claim.Claim{
		ID:   string(source) + "/" + m.ID + "/route/" + r.Method + r.Path,
		Kind: claim.KindSpecification, File: file, Documented: "no operation " + r.String(),
		Verdict: claim.NotRun, Reason: "the specification does not have the operation, so nothing of it is compared",
	}
	for _, f := range facts.Working() {
		if f.Route.Key() == r.Key() {
			c.Verdict, c.Observed, c.Reason = claim.Undocumented, "the server has it: "+probe.Answer(f.OK), ""
		}
	}
	return c
}

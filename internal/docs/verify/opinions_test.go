package verify

import (
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	const yes, no, gap, not = claim.Confirmed, claim.Contradicted, claim.Undocumented, claim.NotRun
	for name, tt := range map[string]struct {
		page, spec claim.Verdict
		same       bool
		odd        string
	}{
		"only the page is wrong":             {no, yes, false, "page"},
		"only the specification is wrong":    {yes, no, false, "specification"},
		"both say the same, and it is wrong": {no, no, true, "server"},
		"both are wrong in their own way":    {no, no, false, ""},
		"both leave it out":                  {gap, gap, false, "server"},
		"both are right":                     {yes, yes, true, ""},
		"nobody was asked":                   {not, not, true, ""},
	} {
		p := &claim.Claim{Kind: claim.KindType, Aspect: "body/a/type", Verdict: tt.page, Documented: "int", Line: 3}
		s := &claim.Claim{Kind: claim.KindType, Aspect: "body/a/type", Verdict: tt.spec, Documented: "string", Line: 7}
		if tt.same {
			s.Documented = "int"
		}
		Compare([]*claim.Claim{p}, []*claim.Claim{s}, claim.SourceOpenAPI)
		if p.OddOneOut != tt.odd || s.OddOneOut != tt.odd {
			t.Errorf("%s: %q and %q stand alone", name, p.OddOneOut, s.OddOneOut)
		}
		if len(p.Opinions) != 1 || p.Opinions[0].Says != s.Documented || p.Opinions[0].Line != 7 || len(s.Opinions) != 1 || s.Opinions[0].Source != "page" {
			t.Errorf("%s: opinions %+v and %+v", name, p.Opinions, s.Opinions)
		}
	}
	p := &claim.Claim{Aspect: "body/a"}
	Compare([]*claim.Claim{p}, []*claim.Claim{{Aspect: "body/b"}}, claim.SourceOpenAPI)
	if p.Opinions != nil {
		t.Error("two claims on different things are compared")
	}
}

// A server does not say how settled an API is: there documents stand against
// each other.
func TestCompareStability(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		word    string
		verdict claim.Verdict
		want    claim.Verdict
	}{
		{"beta", claim.Untestable, claim.Untestable}, {"experimental", claim.Untestable, claim.Contradicted}, {"experimental", claim.NotRun, claim.NotRun},
	} {
		p := &claim.Claim{Kind: claim.KindStability, Aspect: "stability", Verdict: tt.verdict, Documented: "beta"}
		s := &claim.Claim{Kind: claim.KindStability, Aspect: "stability", Verdict: tt.verdict, Documented: tt.word}
		Compare([]*claim.Claim{p}, []*claim.Claim{s}, claim.SourceOpenAPI)
		if p.Verdict != tt.want || s.Verdict != tt.want {
			t.Errorf("%s, %s: %s and %s", tt.word, tt.verdict, p.Verdict, s.Verdict)
		}
	}
}

// An answer that only a page describes stands beside a specification that says
// nothing of it.
func TestCompareResponse(t *testing.T) {
	t.Parallel()
	p := &claim.Claim{Kind: claim.KindResponseField, Aspect: "response/result", Verdict: claim.Confirmed}
	s := &claim.Claim{Kind: claim.KindResponseBody, Aspect: "response", Verdict: claim.Undocumented}
	Compare([]*claim.Claim{p}, []*claim.Claim{s}, claim.SourceOpenAPI)
	if s.OddOneOut != "specification" {
		t.Errorf("%q stands alone", s.OddOneOut)
	}
}

// What was found out about the body on the main route holds for the others.
func TestForRoute(t *testing.T) {
	t.Parallel()
	m := pageOf(t, "* `PUT _x/<id>`\n\n* `POST _x`", "")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		field(rf, &probe.FieldFacts{Name: "a"})
		rf.Extra = []*probe.FieldFacts{{Name: "b"}}
	})
	post := answer(t, 201, "{}")
	facts.Routes = append(facts.Routes, &probe.RouteFacts{Route: m.Routes[1], OK: post, Fields: map[string]*probe.FieldFacts{"query q": {Name: "q"}}})
	got := ForRoute(facts, m.Routes[1].Key())
	if len(got.Routes) != 1 || got.Routes[0].OK != post || len(got.Routes[0].Fields) != 2 || len(got.Routes[0].Extra) != 1 {
		t.Errorf("%+v", got.Routes)
	}
	if len(facts.Routes[1].Fields) != 1 {
		t.Error("the facts of the page were changed")
	}
	if got := ForRoute(facts, "GET /_y"); len(got.Routes) != 0 || got.Main() != nil {
		t.Error("a route that nobody probed works")
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	m := page(t, "")
	for name, tt := range map[string]struct {
		facts *probe.Facts
		want  claim.Verdict
	}{
		"the server has it":        {working(t, m, nil), claim.Undocumented},
		"the server was not asked": {&probe.Facts{}, claim.NotRun},
	} {
		if c := Absent(m, m.Routes[0], tt.facts, claim.SourceOpenAPI, "x.json"); c.Verdict != tt.want {
			t.Errorf("%s: %s", name, c.Verdict)
		}
	}
}

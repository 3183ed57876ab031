package verify

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

// answered are the facts on a route that gave these answers.
func answered(t *testing.T, m *claim.Model, bodies ...string) *probe.Facts {
	t.Helper()
	return working(t, m, func(rf *probe.RouteFacts) {
		rf.Answers = nil
		for _, b := range bodies {
			c := answer(t, 200, b)
			c.Route = rf.Route
			rf.Answers = append(rf.Answers, c)
		}
		rf.OK = rf.Answers[0]
	})
}

func TestAnswerFields(t *testing.T) {
	t.Parallel()
	const head = "==== {api-response-body-title}\n"
	for name, tt := range map[string]struct {
		fields  string
		answers []string
		want    []string
	}{
		"there":                           {"`a`::\n(string) X.", []string{`{"a":"x"}`}, []string{"CONFIRMED response/a", "CONFIRMED response/a/type"}},
		"another type":                    {"`a`::\n(integer) X.", []string{`{"a":1}`, `{"a":"x"}`}, []string{"CONFIRMED response/a", "CONTRADICTED response/a/type"}},
		"not there":                       {"`a`::\n(string) X.", []string{`{"b":"x"}`}, []string{"CONTRADICTED response/a", "UNDOCUMENTED response/b"}},
		"sometimes there":                 {"`a`::\n(string) X.", []string{`{}`, `{"a":"x"}`}, []string{"CONFIRMED response/a", "CONFIRMED response/a/type"}},
		"tied to something, and not seen": {"`a`::\n(string) X, if there was one.", []string{`{}`}, []string{"UNTESTABLE response/a"}},
		"null alone":                      {"`a`::\n(string) X.", []string{`{"a":null}`}, []string{"CONFIRMED response/a", "UNTESTABLE response/a/type"}},
		"null beside others":              {"`a`::\n(string) X.", []string{`{"a":null}`, `{"a":"x"}`}, []string{"CONFIRMED response/a", "CONFIRMED response/a/type"}},
		"inside of an object": {"`a`::\n(object) X.\n`b`:::\n(array) Y.", []string{`{"a":{"b":{}}}`}, []string{
			"CONFIRMED response/a", "CONFIRMED response/a/type", "CONFIRMED response/a.b", "CONTRADICTED response/a.b/type"}},
		"inside of a list": {"`a`::\n(array of objects) X.\n`b`:::\n(string) Y.", []string{`{"a":[]}`, `{"a":[{"b":"x"},{"b":"y","c":1}]}`}, []string{
			"CONFIRMED response/a", "CONFIRMED response/a/type", "CONFIRMED response/a.b", "CONFIRMED response/a.b/type", "UNDOCUMENTED response/a/parts"}},
		"one item of another type": {"`a[].b`::\n(string) Y.", []string{`{"a":[{"b":"x"},{"b":2}]}`}, []string{"CONFIRMED response/a.b", "CONTRADICTED response/a.b/type"}},
		"inside of a list without items": {"`a`::\n(array) X.\n`b`:::\n(string) Y.", []string{`{"a":[]}`}, []string{
			"CONFIRMED response/a", "CONFIRMED response/a/type", "UNTESTABLE response/a.b"}},
		"inside of what is not there": {"`a`::\n(object) X, if any.\n`b`:::\n(string) Y.", []string{`{}`}, []string{"UNTESTABLE response/a", "UNTESTABLE response/a.b"}},
		"items of a list":             {"`a`::\n(array of strings) X.", []string{`{"a":["x",1]}`}, []string{"CONFIRMED response/a", "CONTRADICTED response/a/type"}},
	} {
		m := page(t, head+tt.fields+"\n")
		expect(t, name, Judge(m, answered(t, m, tt.answers...), nil, nil), "response", tt.want...)
	}
}

// A specification says which fields are always there, and whether they may be
// null.
func TestAnswerFieldsOfSpecifications(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, tt := range map[string]struct {
		typ      string
		required *bool
		answers  []string
		want     []string
	}{
		"required, always there":    {"string", &yes, []string{`{"a":"x"}`}, []string{"CONFIRMED response/a", "CONFIRMED response/a/type"}},
		"required, sometimes there": {"string", &yes, []string{`{"a":"x"}`, `{}`}, []string{"CONTRADICTED response/a", "CONFIRMED response/a/type"}},
		"optional, not there":       {"string", &no, []string{`{}`}, []string{"UNTESTABLE response/a"}},
		"null":                      {"string", &no, []string{`{"a":null}`}, []string{"CONFIRMED response/a", "CONTRADICTED response/a/type"}},
		"null, which it may be":     {"string or null", &no, []string{`{"a":null}`}, []string{"CONFIRMED response/a", "CONFIRMED response/a/type"}},
	} {
		m := page(t, "")
		m.Source = claim.SourceOpenAPI
		m.Fields = []claim.Field{{Name: "a", In: claim.InResponse, Type: tt.typ, Required: tt.required}}
		expect(t, name, Judge(m, answered(t, m, tt.answers...), nil, nil), "p/response")
		expect(t, name, Judge(m, answered(t, m, tt.answers...), nil, nil), "response", tt.want...)
	}
}

func TestAnswerFieldsOfOneMethod(t *testing.T) {
	t.Parallel()
	const routes = "* `PUT _x/<id>`\n\n* `POST _x`"
	m := pageOf(t, routes, "==== {api-response-body-title}\n`a`::\n(string) X. Returned when using a POST request.\n")
	for body, want := range map[string]string{`{"a":"x"}`: "CONTRADICTED", `{}`: "CONFIRMED"} {
		facts := answered(t, m, body)
		post := answer(t, 201, `{"a":"y"}`)
		post.Route = m.Routes[1]
		facts.Routes = append(facts.Routes, &probe.RouteFacts{Route: m.Routes[1], OK: post, Answers: []*probe.Call{post}})
		claims := Judge(m, facts, nil, nil)
		expect(t, body, claims, "response/a", want+" response/a", "CONFIRMED response/a/type")
		if c := one(t, claims, "response/a"); want == "CONTRADICTED" && swapped(c) != " Returned when using a POST request. -> " {
			t.Errorf("the patch is %q", swapped(c))
		}
	}
}

// The values that a page lists are held against those that were seen, those
// that the server knows, and those of the specification.
func TestAnswerValues(t *testing.T) {
	t.Parallel()
	known, unknown := answer(t, 200, "{}"), refusal(t, "illegal_argument_exception", "Unknown x")
	cannot := refusal(t, "status_exception", "Invalid transition")
	for name, tt := range map[string]struct {
		values string
		seen   string
		asked  map[string]*probe.Call
		spec   []string
		want   string
		says   string
	}{
		"all seen":                             {"`a` or `b`", `"a" "b"`, nil, nil, "CONFIRMED", "seen: `a`, `b`"},
		"one more seen":                        {"`a` or `b`", `"a" "b" "c"`, nil, nil, "CONTRADICTED", "also has `c`"},
		"one not seen":                         {"`a` or `b`", `"a"`, nil, nil, "UNTESTABLE", "brings about `b`"},
		"one not seen, which the server knows": {"`a` or `b`", `"a"`, map[string]*probe.Call{"f=b": known}, nil, "CONFIRMED", "known to the server: `b`"},
		"one not seen, not to be set just now": {"`a` or `b`", `"a"`, map[string]*probe.Call{"f=b": cannot}, nil, "CONFIRMED", "known to the server: `b`"},
		"one that the server does not know":    {"`a` or `b`", `"a"`, map[string]*probe.Call{"f=b": unknown}, nil, "CONTRADICTED", "knows no `b`"},
		"one of the specification":             {"`a` or `b`", `"a"`, nil, []string{"a", "b", "z"}, "CONFIRMED", "in the specification: `b`"},
		"none of the specification":            {"`a` or `b`", `"a"`, nil, []string{"a", "z"}, "CONTRADICTED", "does not list it"},
		"nothing seen":                         {"`a` or `b`", `7`, nil, nil, "UNTESTABLE", "has a text there"},
	} {
		m := page(t, "==== {api-response-body-title}\n`f`::\n(string) "+tt.values+".\n")
		var bodies []string
		for _, v := range strings.Fields(tt.seen) {
			bodies = append(bodies, `{"f":`+v+`}`)
		}
		facts := answered(t, m, bodies...)
		for k, c := range tt.asked {
			facts.Routes[0].Values[k] = c
		}
		var specs []*claim.Model
		if tt.spec != nil {
			specs = append(specs, &claim.Model{Fields: []claim.Field{{Name: "f", In: claim.InResponse, Values: tt.spec}}})
		}
		c := one(t, Judge(m, facts, nil, nil, specs...), "response/f/values")
		if string(c.Verdict) != tt.want || !strings.Contains(c.Observed+c.Reason, tt.says) {
			t.Errorf("%s: %s %s%s", name, c.Verdict, c.Observed, c.Reason)
		}
	}
	m := page(t, "==== {api-response-body-title}\n`f`::\n(string) `cancelled` or `pending`.\n")
	if c := one(t, Judge(m, answered(t, m, `{"f":"canceled"}`), nil, nil), "response/f/values"); swapped(c) != "`cancelled` -> `canceled`" {
		t.Errorf("the patch is %q", swapped(c))
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	m := page(t, "==== {api-response-body-title}\n`a`::\n(array) X.\n`b`:::\n(object) X.\n`c`::::\n(string) X.\n")
	for _, f := range m.In(claim.InResponse) {
		want := map[string]string{"a": "a", "a.b": "a[].b", "a.b.c": "a[].b.c"}[f.Name]
		if got := (&judge{m: m}).path(f); got != want {
			t.Errorf("%s: %s", f.Name, got)
		}
	}
}

func TestResponseBody(t *testing.T) {
	t.Parallel()
	const codes = "[[p-codes]]\n==== {api-response-codes-title}\n`200`::\nX.\n"
	m := page(t, codes)
	c := one(t, Judge(m, answered(t, m, `{"result":"updated"}`), nil, nil), "response")
	if c.Verdict != claim.Undocumented || c.Line != 8 || !strings.Contains(swapped(c), "`result`::") {
		t.Errorf("%s on line %d, %s", c.Verdict, c.Line, swapped(c))
	}
	m = page(t, codes+"==== {api-examples-title}\n[source,console]\n----\nPUT _connector/_sync_job/x/_stats\n----\n\n[source,console-result]\n----\n{}\n----\n")
	expect(t, "an example shows the answer", Judge(m, answered(t, m, `{"result":"updated"}`), nil, nil), "response")
	m = page(t, codes)
	m.Source = claim.SourceRestSpec
	expect(t, "a document that says nothing of answers", Judge(m, answered(t, m, `{"result":"updated"}`), nil, nil), "response")
}

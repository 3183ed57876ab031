package verify

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

// asked adds facts on a query parameter.
func asked(t *testing.T, rf *probe.RouteFacts, trials string) *probe.FieldFacts {
	t.Helper()
	f := tried(t, claim.InQuery, "w", trials)
	f.Filters, f.Omitted = map[string]bool{}, rf.OK
	return field(rf, f)
}

func TestQueryParam(t *testing.T) {
	t.Parallel()
	const params = "==== {api-query-parms-title}\n`f`::\n(Optional, string) X.\n"
	for name, tt := range map[string]struct {
		edit func(*probe.FieldFacts)
		want string
		says string
	}{
		"accepted":             {func(*probe.FieldFacts) {}, "CONFIRMED", "accepted: 200"},
		"unknown":              {func(f *probe.FieldFacts) { f.Refused = refusal(t, "x", "unrecognized parameter: [f]") }, "CONTRADICTED", "does not know it"},
		"refused throughout":   {func(f *probe.FieldFacts) { f.Sent = nil }, "UNTESTABLE", "no value"},
		"selects":              {func(f *probe.FieldFacts) { f.Filters["w"] = true }, "CONFIRMED", "every result has the value"},
		"selects nothing":      {func(f *probe.FieldFacts) { f.Filters["w"] = false; f.Listed["w"] = answer(t, 200, "{}") }, "CONTRADICTED", "results of other values"},
		"not tried to its end": {func(f *probe.FieldFacts) { f.Trials = nil }, "UNTESTABLE", "not probed"},
	} {
		m := page(t, params)
		facts := working(t, m, func(rf *probe.RouteFacts) { tt.edit(asked(t, rf, "own word")) })
		c := one(t, Judge(m, facts, nil, nil), "query/f")
		if string(c.Verdict) != tt.want || !strings.Contains(c.Observed+c.Reason, tt.says) {
			t.Errorf("%s: %s %s%s", name, c.Verdict, c.Observed, c.Reason)
		}
	}
	m := page(t, params)
	expect(t, "not asked", Judge(m, working(t, m, nil), nil, nil), "query/f", "UNTESTABLE query/f")
	m = page(t, "")
	facts := working(t, m, func(rf *probe.RouteFacts) { asked(t, rf, "own word") })
	expect(t, "not on the page", Judge(m, facts, nil, nil), "query/f", "UNDOCUMENTED query/f")
}

func TestTakesList(t *testing.T) {
	t.Parallel()
	both := `{"results":[{"f":"a"},{"f":"b"}]}`
	for name, tt := range map[string]struct {
		trials string
		list   *probe.Call
		alone  map[string]bool
		want   string
	}{
		"refused":                                  {"own !word", refusal(t, "illegal_argument_exception", "Unknown [a,b]"), nil, "CONTRADICTED"},
		"accepted, a word is not":                  {"own !word", answer(t, 200, `{"results":[]}`), nil, "CONFIRMED"},
		"accepted as any word is":                  {"own word", answer(t, 200, `{"results":[]}`), nil, "UNTESTABLE"},
		"results of both":                          {"own word", answer(t, 200, both), map[string]bool{"a": true, "b": true}, "CONFIRMED"},
		"results of one, where the other has some": {"own word", answer(t, 200, `{"results":[{"f":"a"}]}`), map[string]bool{"a": true, "b": true}, "CONTRADICTED"},
		"no result, where one alone has some":      {"own !word", answer(t, 200, `{"results":[]}`), map[string]bool{"a": true, "b": false}, "CONTRADICTED"},
		"no two values are known":                  {"own word", nil, nil, "UNTESTABLE"},
	} {
		m := page(t, "==== {api-query-parms-title}\n`f`::\n(Optional, string) A comma-separated list.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := asked(t, rf, tt.trials)
			f.List, f.ListValues, f.Selects = tt.list, []string{"a", "b"}, tt.alone
		})
		expect(t, name, Judge(m, facts, nil, nil), "query/f/list", tt.want+" query/f/list")
	}
	m := page(t, "==== {api-query-parms-title}\n`f`::\n(Optional, string) One value.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) { asked(t, rf, "own word") })
	expect(t, "no list", Judge(m, facts, nil, nil), "query/f/list")
}

func TestQueryDefault(t *testing.T) {
	t.Parallel()
	for found, want := range map[string]string{"100": "CONFIRMED", "": "UNTESTABLE", "other": "CONTRADICTED", "10": "CONTRADICTED"} {
		m := page(t, "==== {api-query-parms-title}\n`f`::\n(Optional, integer) X. Defaults to `100`.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) { asked(t, rf, "own integer !word").DefaultFound = found })
		c := one(t, Judge(m, facts, nil, nil), "query/f/default")
		if string(c.Verdict) != want || (swapped(c) == "`100` -> `10`") != (found == "10") {
			t.Errorf("%q: %s, patch %q", found, c.Verdict, swapped(c))
		}
	}
}

// A parameter among those of the path that no route has may be one of the
// query: only the server knows.
func TestStrayParams(t *testing.T) {
	t.Parallel()
	const params = "==== {api-path-parms-title}\n`id`::\n(Required, string) X.\n\n`f`::\n(Optional, string) X.\n"
	m := page(t, params)
	facts := working(t, m, func(rf *probe.RouteFacts) { asked(t, rf, "own word") })
	claims := Judge(m, facts, nil, nil)
	expect(t, "one of the query", claims, "path/f")
	expect(t, "one of the query", claims, "path/heading", "CONTRADICTED path/heading")
	expect(t, "one of the query", claims, "query/f", "CONFIRMED query/f", "CONFIRMED query/f/required", "CONFIRMED query/f/type")

	facts = working(t, m, func(rf *probe.RouteFacts) { asked(t, rf, "").Refused = refusal(t, "x", "unrecognized parameter: [f]") })
	claims = Judge(m, facts, nil, nil)
	expect(t, "none of the query", claims, "path/f", "CONTRADICTED path/f")
	expect(t, "none of the query", claims, "query/f")

	expect(t, "not asked", Judge(m, working(t, m, nil), nil, nil), "path/f", "UNTESTABLE path/f")

	m.Source = claim.SourceOpenAPI
	expect(t, "a specification says so of the path", Judge(m, working(t, m, nil), nil, nil), "path/f", "CONTRADICTED path/f")
}

func TestPathParams(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"`id`::\n(Required, string) X.": {"CONFIRMED path/id", "CONFIRMED path/id/required", "CONFIRMED path/id/type"},
		"`id`::\n(Optional, int) X.":    {"CONFIRMED path/id", "CONTRADICTED path/id/required", "CONTRADICTED path/id/type"},
		"":                              {"UNDOCUMENTED path/id"},
	} {
		m := page(t, "==== {api-path-parms-title}\n"+text+"\n")
		expect(t, text, Judge(m, working(t, m, nil), nil, nil), "path/id", want...)
	}
	m := pageOf(t, "* `PUT _x/<id>`\n\n* `POST _x`", "==== {api-path-parms-title}\n`id`::\n(Optional, string) X.\n")
	expect(t, "not in every route", Judge(m, working(t, m, nil), nil, nil), "path/id/required", "CONFIRMED path/id/required")
}

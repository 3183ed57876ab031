package verify

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func TestProse(t *testing.T) {
	t.Parallel()
	changed := func(before, after string) func(*probe.RouteFacts) {
		return func(rf *probe.RouteFacts) { rf.OK.Before, rf.OK.After = doc(t, before), doc(t, after) }
	}
	state := func(rf *probe.RouteFacts, name, status string) {
		c := answer(t, 200, "{}")
		c.Before, c.After = doc(t, `{"status":"`+name+`"}`), doc(t, `{"status":"`+status+`"}`)
		rf.ByState[name] = c
	}
	for name, tt := range map[string]struct {
		says  string
		edit  func(*probe.RouteFacts)
		want  string
		patch string
	}{
		"now": {"Updates `a` to the current time.", changed(`{"created_at":"2026-01-01T00:00:00Z"}`, `{"a":"2026-01-01T00:00:05Z"}`), "CONFIRMED", ""},
		"now, not after what followed": {"Updates `a` to the current time.", func(rf *probe.RouteFacts) {
			changed(`{}`, `{"a":"2026-01-01T00:00:05Z"}`)(rf)
			rf.Later = "2026-01-01T00:00:01Z"
		}, "CONTRADICTED", ""},
		"now, not before it was made": {"Updates `a` to the current time.", changed(`{"created_at":"2026-01-01T00:00:09Z"}`, `{"a":"2026-01-01T00:00:05Z"}`), "CONTRADICTED", ""},
		"now, and stays":              {"Updates `a` to the current time.", changed(`{"a":"2026-01-01T00:00:05Z"}`, `{"a":"2026-01-01T00:00:05Z"}`), "CONTRADICTED", ""},
		"now, and is no time":         {"Updates `a` to the current time.", changed(`{}`, `{"a":"x"}`), "CONTRADICTED", ""},
		"now, of another name":        {"Updates `cancellation_at` to the current time.", changed(`{}`, `{"cancelation_at":"2026-01-01T00:00:05Z"}`), "CONTRADICTED", "`cancellation_at` -> `cancelation_at`"},
		"a value":                     {"Sets the `status` to `canceled`.", changed(`{"status":"pending"}`, `{"status":"canceled"}`), "CONFIRMED", ""},
		"a value, spelled otherwise":  {"Sets the `status` to `cancelled`.", changed(`{"status":"pending"}`, `{"status":"canceled"}`), "CONTRADICTED", "`cancelled` -> `canceled`"},
		"a value, in each state": {"Sets the `status` to `canceled`.", func(rf *probe.RouteFacts) {
			state(rf, "pending", "canceled")
			state(rf, "suspended", "canceled")
			rf.ByState["error"] = refusal(t, "status_exception", "not now")
		}, "CONFIRMED", ""},
		"a value, in one state": {"Sets the `status` to `canceled`.", func(rf *probe.RouteFacts) {
			state(rf, "pending", "canceled")
			state(rf, "in_progress", "canceling")
		}, "CONTRADICTED", ""},
		"a value that the server knows": {"The service will set the `status` to `ended`.", func(rf *probe.RouteFacts) { rf.Values["status=ended"] = answer(t, 200, "{}") }, "CONFIRMED", ""},
		"a value that it does not know": {"The service will set the `status` to `endet`.", func(rf *probe.RouteFacts) {
			rf.Values["status=endet"] = refusal(t, "illegal_argument_exception", "Unknown")
			state(rf, "ended", "ended")
		}, "CONTRADICTED", "`endet` -> `ended`"},
		"a value that nobody asked after": {"The service will set the `status` to `ended`.", nil, "UNTESTABLE", ""},
		"an order":                        {"Returns all, ordered by when they were created in ascending order.", func(rf *probe.RouteFacts) { rf.Order = "ascending" }, "CONFIRMED", ""},
		"another order":                   {"Returns all, ordered by when they were created in ascending order.", func(rf *probe.RouteFacts) { rf.Order = "descending" }, "CONTRADICTED", "ascending -> descending"},
		"no order":                        {"Returns all, ordered by when they were created in ascending order.", nil, "UNTESTABLE", ""},
		"something that exists":           {"The `id` parameter should reference an existing job.", func(rf *probe.RouteFacts) { rf.Unknown = answer(t, 404, "{}") }, "CONFIRMED", ""},
		"something that need not exist":   {"The `id` parameter should reference an existing job.", func(rf *probe.RouteFacts) { rf.Unknown = answer(t, 200, "{}") }, "CONTRADICTED", ""},
		"something of another name":       {"The `job` parameter should reference an existing job.", func(rf *probe.RouteFacts) { rf.Unknown = answer(t, 404, "{}") }, "CONTRADICTED", ""},
		"something that a field names": {"The `f` field must reference an existing job.", func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "w", "!word"))
			f.Ref = "connector"
			f.Trials[0].Call.Status = 404
		}, "CONFIRMED", ""},
		"removed, by a call that does not delete": {"Removes the job.", nil, "UNTESTABLE", ""},
		"a field that can be set": {"`f` can also be updated.", func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "w", "own"))
			f.Found, f.Stored = true, "w"
		}, "CONFIRMED", ""},
		"a field that is not kept":  {"`f` can also be updated.", func(rf *probe.RouteFacts) { field(rf, tried(t, claim.InBody, "w", "own")) }, "UNTESTABLE", ""},
		"a field that there is not": {"`f` can also be updated.", nil, "CONTRADICTED", ""},
		"a field that is refused": {"`f` can also be updated.", func(rf *probe.RouteFacts) {
			field(rf, &probe.FieldFacts{Name: "f", Refused: refusal(t, "x", "unknown field [f]")})
		}, "CONTRADICTED", ""},
		"nothing that a request shows": {"This is not recoverable.", nil, "UNTESTABLE", ""},
	} {
		m := page(t, "==== {api-description-title}\n"+tt.says+"\n")
		claims := Judge(m, working(t, m, tt.edit), nil, nil)
		var got *claim.Claim
		for _, c := range claims {
			if c.Kind == claim.KindProse {
				got = c
			}
		}
		if got == nil {
			t.Errorf("%s: no claim", name)
			continue
		}
		if string(got.Verdict) != tt.want || swapped(got) != tt.patch {
			t.Errorf("%s: %s %s%s, patch %q", name, got.Verdict, got.Observed, got.Reason, swapped(got))
		}
	}
}

func TestRemoves(t *testing.T) {
	t.Parallel()
	for gone, want := range map[bool]string{true: "CONFIRMED", false: "CONTRADICTED"} {
		m := pageOf(t, "`DELETE _x/<id>`", "==== {api-description-title}\nRemoves it.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) { rf.OK.Gone = gone })
		expect(t, want, Judge(m, facts, nil, nil), "prose/", want+" prose/removes")
	}
}

// run are the facts on an example whose calls were answered so.
func run(calls ...*probe.Call) *probe.ExampleFacts {
	return &probe.ExampleFacts{Calls: calls, Bound: map[string]string{"my-job": "bound"}, Stored: map[string]any{}}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	const body = "==== Request body\n`a`::\n(Required, int) X.\n\n`b`::\n(Optional, string) X.\n\n"
	const request = "PUT _connector/_sync_job/my-job/_stats\n{\n\"a\": 1\n}"
	snippet := func(text, marker string) string {
		return "[source,console]\n----\n" + text + "\n----\n" + marker + "\n"
	}
	printed := func(text, marker string) string {
		return "\n[source,console-result]\n----\n" + text + "\n----\n" + marker + "\n"
	}
	fine := func() *probe.Call {
		c := answer(t, 200, `{"result":"updated","id":"bound"}`)
		c.Sent = doc(t, `{"a":1}`)
		return c
	}
	for name, tt := range map[string]struct {
		text  string
		facts *probe.ExampleFacts
		want  []string
	}{
		"runs":                         {snippet(request, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields"}},
		"is refused":                   {snippet(request, ""), run(answer(t, 400, "{}")), []string{"CONTRADICTED example/1", "CONFIRMED example/1/fields"}},
		"is to be refused":             {snippet(request, "// TEST[catch:bad_request]"), run(answer(t, 400, "{}")), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields"}},
		"is to be refused, and is not": {snippet(request, "// TEST[catch:bad_request]"), run(fine()), []string{"CONTRADICTED example/1", "CONFIRMED example/1/fields"}},
		"is to be refused later":       {snippet(request+"\n"+request, "// TEST[catch:bad_request]"), run(answer(t, 400, "{}"), answer(t, 400, "{}")), []string{"CONTRADICTED example/1", "CONFIRMED example/1/fields"}},
		"is not run":                   {snippet(request, ""), &probe.ExampleFacts{NotRun: "not part of it"}, []string{"NOT_RUN example/1", "CONFIRMED example/1/fields"}},
		"is not sent":                  {snippet(request, ""), nil, []string{"UNTESTABLE example/1", "CONFIRMED example/1/fields"}},
		"is to be skipped":             {snippet(request, "// TEST[skip:no way]"), run(fine()), []string{"CONFIRMED example/1", "SKIPPED example/1/skip", "CONFIRMED example/1/fields"}},
		"uses what is not documented":  {snippet("PUT _connector/_sync_job/my-job/_stats?colour=red&pretty\n{\"a\": 1, \"z\": 2}", ""), run(fine()), []string{"CONFIRMED example/1", "CONTRADICTED example/1/fields"}},
		"prints its answer":            {snippet(request, "") + printed(`{"result":"updated","id":"my-job"}`, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONFIRMED example/1/result"}},
		"prints another answer":        {snippet(request, "") + printed(`{"result":"noop"}`, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONTRADICTED example/1/result"}},
		"prints what is no JSON":       {snippet(request, "") + printed(`{"result"`, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "UNTESTABLE example/1/result"}},
		"prints text":                  {snippet(request, "") + printed(`.*updated.*`, "// TESTRESPONSE[non_json]"), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONFIRMED example/1/result"}},
		"prints other text":            {snippet(request, "") + printed(`created`, "// TESTRESPONSE[non_json]"), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONTRADICTED example/1/result"}},
		"prints what is to be skipped": {snippet(request, "") + printed(`{}`, "// TESTRESPONSE[skip:no way]"), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "SKIPPED example/1/result"}},
		"calls another API":            {snippet("GET _connector", ""), run(fine()), []string{"CONFIRMED example/1"}},
		"is about what it has not":     {"The following example is about `blue`:\n\n" + snippet(request, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONTRADICTED example/1/text"}},
		"is about what it has":         {"The following example is about `my-job`:\n\n" + snippet(request, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONFIRMED example/1/text"}},
		"sets all that is required":    {"This sets all required fields:\n\n" + snippet(request, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONFIRMED example/1/all"}},
		"does not set all":             {"This sets all mandatory and optional fields:\n\n" + snippet(request, ""), run(fine()), []string{"CONFIRMED example/1", "CONFIRMED example/1/fields", "CONTRADICTED example/1/all"}},
	} {
		m := page(t, body+"==== {api-examples-title}\n"+tt.text)
		facts := working(t, m, nil)
		facts.Examples[0] = tt.facts
		claims := Judge(m, facts, nil, nil)
		expect(t, name, claims, "example/", tt.want...)
	}

	printing := page(t, body+"==== {api-examples-title}\n"+snippet(request, "")+printed(`{"result":"noop","more":1}`, ""))
	called := working(t, printing, nil)
	called.Examples[0] = run(fine())
	if got, want := one(t, Judge(printing, called, nil, nil), "example/1/result").Observed, `/id is "bound" instead of absent; /more is absent instead of 1; /result is "updated" instead of "noop"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}

	m := page(t, body+"==== {api-examples-title}\nThis sets all fields:\n\n"+snippet(request, ""))
	facts := working(t, m, nil)
	facts.Examples[0] = run(fine())
	claims := Judge(m, facts, nil, nil)
	if got := swapped(one(t, claims, "example/1/all")); !strings.Contains(got, `"    \"b\": \"value\""`) || !strings.HasPrefix(got, "+,") {
		t.Errorf("the patch is %s", got)
	}
	expect(t, "coverage", claims, "example-coverage", "UNDOCUMENTED example-coverage")
	expect(t, "calls the API", claims, "consistency/route")
	m = page(t, "==== {api-examples-title}\n"+snippet("GET _connector", ""))
	expect(t, "no example calls the API", Judge(m, working(t, m, nil), nil, nil), "consistency/route", "CONTRADICTED consistency/route")
}

func TestStored(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string][]string{
		`{"a":1,"at":"2026-01-01T00:00:00.000Z","o":{"x":1,"y":2}}`: {"CONFIRMED example/1/stored"},
		`{"a":2}`: {"CONTRADICTED example/1/stored"},
		`{"z":1}`: {"UNTESTABLE example/1/stored"},
		`{}`:      nil,
	} {
		m := page(t, "==== {api-examples-title}\n[source,console]\n----\nPUT _connector/_sync_job/my-job/_stats\n{}\n----\n")
		call := answer(t, 200, "{}")
		call.Sent = doc(t, `{"a":1,"at":"2026-01-01T00:00:00Z","o":{"x":1}}`)
		facts := working(t, m, nil)
		facts.Examples[0] = &probe.ExampleFacts{Calls: []*probe.Call{call}, Stored: doc(t, stored).(map[string]any)}
		expect(t, stored, Judge(m, facts, nil, nil), "example/1/stored", want...)
	}
}

package cause

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/result"
)

func failure(check, call, expected, actual string) *result.Failure {
	return &result.Failure{Kind: "assertion", Message: "it is not what it has to be", Check: check, Call: call, Expected: expected, Actual: actual, Step: "Then it is"}
}

func scenario(id string, f *result.Failure) result.Scenario {
	return result.Scenario{ID: id, Outcome: result.Failed, Requirements: []string{"r." + id}, Failure: f, Started: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
}

// Two failures have one cause where they differ in nothing but the scenario.
func TestOneCause(t *testing.T) {
	t.Parallel()
	const stats = "PUT /_connector/_sync_job/esconform-7f3a-1/_stats"
	setup := func(message string) *result.Failure {
		return &result.Failure{Kind: "setup", Message: message, Call: "PUT /_connector/esconform-7f3a-9", Step: "Given a connector"}
	}
	step := func(step, expected, actual string) *result.Failure {
		return &result.Failure{Kind: "assertion", Message: "no", Call: "GET /x", Step: step, Expected: expected, Actual: actual}
	}
	for name, tc := range map[string]struct {
		a, b *result.Failure
		same bool
	}{
		"the same":            {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", stats, "status 200", "201 {}"), true},
		"another id":          {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", "PUT /_connector/_sync_job/esconform-7f3a-2/_stats", "status 200", "201 {}"), true},
		"an id of the server": {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", "PUT /_connector/_sync_job/htG_sqIaflsbW-ngxDuq/_stats", "status 200", "201 {}"), true},
		"another body":        {failure("code.200", stats, "status 200", `201 {"result":"noop"}`), failure("code.200", stats, "status 200 or 409", "201 without a body"), true},
		"another endpoint":    {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", "PUT /_connector/_sync_job/esconform-7f3a-1/_cancel", "status 200", "201 {}"), false},
		"another method":      {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", strings.Replace(stats, "PUT", "POST", 1), "status 200", "201 {}"), false},
		"another status":      {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", stats, "status 200", "202 {}"), false},
		"another error":       {failure("accepted", stats, "status 200", `400 {"error":{"type":"a"}}`), failure("accepted", stats, "status 200", `400 {"error":{"type":"b"}}`), false},
		"another check":       {failure("code.200", stats, "status 200", "201 {}"), failure("code.404", stats, "status 404", "201 {}"), false},
		"a slash at the end":  {failure("code.200", stats, "status 200", "201 {}"), failure("code.200", stats+"/", "status 200", "201 {}"), true},
		"another value":       {failure("stored.field.a", stats, "/a 1", "/a 2"), failure("stored.field.a", stats, "/a 2147483648", "/a -2147483648"), true},
		"another field":       {failure("stored.unchanged", stats, "/a 1", "/a 2"), failure("stored.unchanged", stats, "/b 1", "/b 2"), false},
		"a value or none":     {failure("stored.field.a", stats, "/a 1", "/a 2"), failure("stored.field.a", stats, "/a 1", "/a null"), false},
		"another instant":     {failure("stored.field.a", stats, "/a 2026-11-23T10:00:00Z", "/a null"), failure("stored.field.a", stats, "/a 2026-11-23T10:00:07.5Z", "/a null"), true},
		"another type of error, as text": {
			failure("error.type", stats, "/error/type a_exception", "/error/type b_exception"), failure("error.type", stats, "/error/type a_exception", "/error/type c_exception"), false,
		},
		"a message about another field": {
			failure("error.type", stats, "/error/type a_exception", "/error/type b: Required [x]"), failure("error.type", stats, "/error/type a_exception", "/error/type b: Required [y, z]"), true,
		},
		"set-up of another":    {setup("create connector esconform-7f3a-9: got 500, want 201"), setup("create connector esconform-7f3a-10: got 500, want 201"), true},
		"set-up, other answer": {setup("create connector esconform-7f3a-9: got 500 [a], want 201"), setup("create connector esconform-7f3a-9: nothing came"), false},
		"an unknown id": {
			failure("error.reason", stats, "/error/reason that names esconform-no-such-ed623dec9fbd", "/error/reason no"),
			failure("error.reason", stats, "/error/reason that names BNkQSW7-Ed1BFBP-us-C", "/error/reason no"), true,
		},
		"steps of one kind": {step(`Then the response at "/a" equals 1`, "1", "2"), step(`Then the response at "/b" equals 7`, "7", "8"), true},
		"another step":      {step("Then it is so", "1", "2"), step("Then it is otherwise", "1", "2"), false},
		"texts":             {step("Then it is so", "red", "green"), step("Then it is so", "red", "blue"), false},
	} {
		run := &result.Run{RunID: "7f3a", Scenarios: []result.Scenario{scenario("one", tc.a), scenario("two", tc.b)}}
		if causes := Of(run); (len(causes) == 1) != tc.same {
			t.Errorf("%s: got %+v", name, causes)
		}
	}
}

// A set-up that got the answer by which others fail says so; one that got another
// answer, or at another call, does not. It stays an error.
func TestSetUpByTheSameAnswer(t *testing.T) {
	t.Parallel()
	const call = "PUT /_connector/esconform-7f3a-9"
	for answer, same := range map[string]bool{`201 {"result":"updated"}`: true, `202 {}`: false, `201 {"error":{"type":"a"}}`: false} {
		setup := scenario("setup", &result.Failure{Kind: "setup", Message: "create it: got " + answer + ", want 200", Call: call, Step: "Given it"})
		setup.Outcome = result.Error
		for other, at := range map[string]bool{call: true, call + "/_name": false} {
			run := &result.Run{RunID: "7f3a", Scenarios: []result.Scenario{setup, scenario("failed", failure("code.200", other, "status 200", "201 {}"))}}
			causes := Of(run)
			if len(causes) != 2 || causes[1].Outcome != result.Error {
				t.Fatalf("%s, %s: got %+v", answer, other, causes)
			}
			if says := strings.HasSuffix(causes[1].Statement, "; others failed by the same answer: it is not what it has to be"); says != (same && at) {
				t.Errorf("%s, %s: %s", answer, other, causes[1].Statement)
			}
		}
	}
}

// The request of a cause is told once, without the names in it.
func TestRequestWithoutAnswer(t *testing.T) {
	t.Parallel()
	const call = "GET /_connector/esconform-7f3a-9,x"
	f := &result.Failure{Kind: "transport", Message: call + ": connection refused", Call: call, Step: "When it is"}
	causes := Of(&result.Run{RunID: "7f3a", Scenarios: []result.Scenario{scenario("one", f)}})
	if got, want := causes[0].Title(), "GET /_connector/{id}: connection refused"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What passed, was waived or skipped has no cause; an error is never told as a
// failure.
func TestOutcomesApart(t *testing.T) {
	t.Parallel()
	run := &result.Run{RunID: "7f3a"}
	for _, o := range result.Outcomes() {
		sc := scenario(string(o), failure("code.200", "GET /", "status 200", "201"))
		sc.Outcome = o
		run.Scenarios = append(run.Scenarios, sc)
	}
	var got []result.Outcome
	for _, c := range Of(run) {
		got = append(got, c.Outcome)
	}
	if want := []result.Outcome{result.Failed, result.Flaky, result.Error}; !slices.Equal(got, want) {
		t.Errorf("got causes of %v, want %v", got, want)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	one := func(id string, steps, requests int, f *result.Failure) result.Scenario {
		sc := scenario(id, f)
		sc.Steps, sc.Requests = make([]result.Step, steps), requests
		return sc
	}
	many := failure("code.200", "GET /", "status 200", "201")
	given := *many
	given.Step = "Given it is"
	run := &result.Run{RunID: "7f3a", Scenarios: []result.Scenario{
		one("alone", 1, 1, failure("code.200", "PUT /", "status 200", "201")),
		one("writers", 1, 1, many), one("set up", 1, 1, &given), one("long", 9, 1, many), one("chatty", 2, 7, many), one("simple", 2, 3, many),
	}}
	run.Scenarios[1].Profile = "resilience"
	run.Scenarios[1].Blames, run.Scenarios[4].Blames = []string{"r.blamed"}, []string{"r.blamed"}
	causes := Of(run)
	if len(causes) != 2 {
		t.Fatalf("got %+v", causes)
	}
	c := causes[0]
	if want := []string{"simple", "chatty", "long", "set up", "writers"}; c.Count != 5 || !slices.Equal(c.Scenarios, want) || !slices.Equal(c.Examples(), want[:3]) {
		t.Errorf("got %d scenarios %v, want %v", c.Count, c.Scenarios, want)
	}
	if want := []string{"r.blamed", "r.simple", "r.long", "r.set up"}; !slices.Equal(c.Requirements, want) {
		t.Errorf("got requirements %v, want %v", c.Requirements, want)
	}
	if want := "GET /: it is not what it has to be"; c.Title() != want {
		t.Errorf("got title %q, want %q", c.Title(), want)
	}
	if got := places("/a 1\n/b/0 \"x y\"\n/a 2"); got != ": /a, /b/0" {
		t.Errorf("got places %q", got)
	}
	if len(causes[1].Examples()) != 1 {
		t.Errorf("got %+v", causes[1])
	}
}

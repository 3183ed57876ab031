package blame

import (
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
)

const file = `
since: 8.12.0
calls:
  set: [PUT /thing/*/_set]
  get: [GET /thing/*, GET /.index/_doc/*]
  any: ["*"]
requirements:
  - {id: set.code, statement: It MUST, profile: contract, sources: [x], owns: [code.200], basis: [accepted]}
  - {id: set.header, statement: It MUST, profile: contract, sources: [x], owns: [header.*]}
  - {id: set.example, statement: It MUST, profile: contract, sources: [x], sums-up: true}
  - {id: set.field, statement: It MUST, profile: contract, sources: [x], basis: [stored.field.*]}
  - {id: set.merge, statement: It MUST, profile: contract, sources: [x]}
  - {id: set.noop, statement: It MUST, profile: contract, sources: [x], checks: [stored.*]}
  - {id: get.whole, statement: It MUST, profile: contract, sources: [x], owns: [read.*]}
  - {id: any.refused, statement: It MUST, profile: contract, sources: [x], owns: [refusal.*]}
`

// scenario makes a scenario from "id: requirements", what its failure checked
// and the call that it judged.
func scenario(text, check, call string) result.Scenario {
	id, reqs, _ := strings.Cut(text, ": ")
	sc := result.Scenario{ID: id, Requirements: strings.Fields(reqs), Outcome: result.Passed}
	if check != "" {
		sc.Outcome = result.Failed
		sc.Failure = &result.Failure{Kind: "assertion", Check: strings.TrimPrefix(check, "-"), Call: call}
	}
	return sc
}

const (
	set = "PUT /thing/7/_set"
	get = "GET /base/thing/7"
)

// A failure is held against those whose checks failed, and nobody else.
func TestSettle(t *testing.T) {
	t.Parallel()
	cat, err := requirement.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		scenarios []result.Scenario
		want      string // whom each is held against, separated by commas
	}{
		"its own":             {[]result.Scenario{scenario("a: set.merge", "stored.field.x", set)}, "set.merge"},
		"nothing particular":  {[]result.Scenario{scenario("a: set.merge", "-", set)}, "set.merge"},
		"the owner":           {[]result.Scenario{scenario("a: set.merge", "header.allow", set)}, "set.header"},
		"not its call":        {[]result.Scenario{scenario("a: set.merge", "header.allow", "POST /thing/7/_set")}, "set.merge"},
		"nor one like it":     {[]result.Scenario{scenario("a: set.merge", "header.allow", "PUT /thing/_set")}, "set.merge"},
		"below a base path":   {[]result.Scenario{scenario("a: set.merge", "read.shape", get)}, "get.whole"},
		"another call":        {[]result.Scenario{scenario("a: set.merge", "read.shape", "GET /.index/_doc/7")}, "get.whole"},
		"whatever the call":   {[]result.Scenario{scenario("a: set.merge", "refusal.reason", "DELETE /x")}, "any.refused"},
		"one of its two":      {[]result.Scenario{scenario("a: set.header set.noop", "header.allow", set)}, "set.header"},
		"neither of its two":  {[]result.Scenario{scenario("a: set.header set.noop", "answer", set)}, "set.header set.noop"},
		"rather no choosy":    {[]result.Scenario{scenario("a: set.merge set.noop", "answer", set)}, "set.merge"},
		"and what sums up":    {[]result.Scenario{scenario("a: set.example set.code", "code.200", set)}, "set.code set.example"},
		"only what sums up":   {[]result.Scenario{scenario("a: set.example", "code.200", set)}, "set.code set.example"},
		"nobody for a pass":   {[]result.Scenario{scenario("a: set.merge", "", "")}, ""},
		"nobody for no aim":   {[]result.Scenario{scenario("a: ", "answer", "")}, ""},
		"the basis, if wrong": {[]result.Scenario{scenario("a: set.merge", "accepted", set), scenario("b: set.code", "accepted", set)}, "set.code,set.code"},
		"not where it holds":  {[]result.Scenario{scenario("a: set.merge", "accepted", set), scenario("b: set.code", "", set)}, "set.merge,"},
		"nor another check":   {[]result.Scenario{scenario("a: set.merge", "stored.field.x", set), scenario("b: set.field", "stored.field.y", set)}, "set.merge,set.field"},
		"nor another call":    {[]result.Scenario{scenario("a: get.whole", "accepted", get), scenario("b: set.code", "accepted", set)}, "get.whole,set.code"},
		"the same check": {[]result.Scenario{
			scenario("a: set.merge", "stored.field.x", set), scenario("b: set.field", "stored.field.x", set), scenario("c: set.example", "stored.field.x", set),
		}, "set.field,set.field,set.field set.example"},
	} {
		NewJudge(cat).Settle(tc.scenarios)
		var got []string
		for _, sc := range tc.scenarios {
			got = append(got, strings.Join(sc.Blames, " "))
		}
		if strings.Join(got, ",") != tc.want {
			t.Errorf("%s: held against %q, want %q", name, strings.Join(got, ","), tc.want)
		}
	}
}

// Who sends a request in another way builds on what holds for every way.
func TestWhatHoldsForEveryWay(t *testing.T) {
	t.Parallel()
	cat, err := requirement.Load(features.FS, "features")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ check, call, basic, special string }{
		{"header.x-elastic-product", "GET /_connector/_sync_job/7", "sync-job.get.headers", "clients.media-type-8"},
		{"header.x-elastic-product", "PUT /_connector/_sync_job/7/_stats", "stats.headers.product", "clients.service"},
		{"list.count", "GET /_connector/_sync_job", "sync-job.list.count", "other-writers.list"},
		{"stored.version", "PUT /_connector/_sync_job/7/_stats", "stats.update.one-write", "clients.gzip"},
		{"answer.updated", "PUT /_connector/_sync_job/7/_claim", "sync-job.claim.answer", "other-writers.claim"},
		{"answer", "DELETE /_connector/_sync_job/7", "sync-job.delete.answer", "other-writers.delete"},
	} {
		both := []result.Scenario{scenario("a: "+tc.special, tc.check, tc.call), scenario("b: "+tc.basic, tc.check, tc.call)}
		NewJudge(cat).Settle(both)
		for _, sc := range both {
			if !slices.Equal(sc.Blames, []string{tc.basic}) {
				t.Errorf("%s of %s: held against %v, want %s", tc.check, tc.call, sc.Blames, tc.basic)
			}
		}
	}
	rest := scenario("a: sync-job.cancel.answer sync-job.cancel.headers", "stored.version", "PUT /_connector/_sync_job/7/_cancel")
	if got := NewJudge(cat).First(rest); !slices.Equal(got, []string{"sync-job.cancel"}) {
		t.Errorf("the version after a cancellation: held against %v", got)
	}
}

// What breaks in the harness is held against nobody.
func TestErrorsBlameNobody(t *testing.T) {
	t.Parallel()
	cat, err := requirement.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	sc := result.Scenario{Requirements: []string{"set.merge"}, Outcome: result.Error, Failure: &result.Failure{Kind: "setup", Call: set}}
	if got := NewJudge(cat).First(sc); got != nil {
		t.Errorf("held against %v", got)
	}
}

func TestWeigh(t *testing.T) {
	t.Parallel()
	sc := func(outcome result.Outcome, blames ...string) result.Scenario {
		return result.Scenario{ID: string(outcome), Requirements: []string{"r"}, Outcome: outcome, Blames: blames}
	}
	for name, tc := range map[string]struct {
		scenarios []result.Scenario
		want      result.Outcome
	}{
		"none":                       {nil, result.NotRun},
		"passed and skipped":         {[]result.Scenario{sc(result.Passed), sc(result.Skipped)}, result.Passed},
		"only skipped":               {[]result.Scenario{sc(result.Skipped)}, result.Skipped},
		"passed and error":           {[]result.Scenario{sc(result.Passed), sc(result.Error)}, result.Error},
		"error and failed":           {[]result.Scenario{sc(result.Error), sc(result.Failed, "r")}, result.Failed},
		"passed and waived":          {[]result.Scenario{sc(result.Passed), sc(result.Waived, "r")}, result.Waived},
		"passed and not run":         {[]result.Scenario{sc(result.Passed), sc(result.NotRun)}, result.NotRun},
		"failed at another's":        {[]result.Scenario{sc(result.Failed, "other")}, result.NotRun},
		"that, and passed elsewhere": {[]result.Scenario{sc(result.Failed, "other"), sc(result.Passed)}, result.Passed},
		"waived for another":         {[]result.Scenario{sc(result.Waived, "other")}, result.NotRun},
	} {
		got := Weigh([]result.Requirement{{ID: "r"}, {ID: "other"}}, tc.scenarios)
		if got[0].Outcome != tc.want {
			t.Errorf("%s: got %s, want %s", name, got[0].Outcome, tc.want)
		}
		blamed := slices.ContainsFunc(tc.scenarios, func(s result.Scenario) bool { return slices.Contains(s.Blames, "other") })
		if (got[1].Outcome == result.NotRun) == blamed {
			t.Errorf("%s: a requirement that the scenario is not there for is %s", name, got[1].Outcome)
		}
	}
}

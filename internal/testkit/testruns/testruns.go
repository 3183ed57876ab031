// Package testruns makes runs for the tests of everything that renders them.
// They are the same every time.
package testruns

import (
	"fmt"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/result"
)

var started = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const jobPath = "/_connector/_sync_job/esconform-7f3a-1"

// Passing is a run on a real Elasticsearch in which everything passed but for
// one scenario that does not apply.
func Passing() *result.Run {
	run := base()
	run.Scenarios = []result.Scenario{
		scenario("stats.example.documented", "The documented example sets every count", "documented", "stats.example", result.Passed),
		scenario("stats.required.each-missing/indexed_document_count", "A request without indexed_document_count is rejected and changes nothing", "documented", "stats.required.indexed-document-count", result.Passed),
		scenario("stats.noop.same-last-seen", "The same stats again are a noop", "contract", "stats.noop", result.Passed),
	}
	skipped := scenario("stats.restart.survive", "Stats survive a restart", "resilience", "stats.restart", result.Skipped)
	skipped.Reason, skipped.Steps, skipped.Exchanges = "the target cannot be restarted", nil, nil
	run.Scenarios = append(run.Scenarios, skipped)
	return finish(run, result.Conformant, "3 scenarios passed", 0)
}

// Failing is a run on the embedded server with every outcome that a run to the
// end can have, two kinds of waivers, and a leftover.
func Failing() *result.Run {
	run := base()
	run.Target = result.Target{
		Kind: "embedded", URL: "http://127.0.0.1:39201", Version: "9.5.3", BuildFlavor: "esconform-reference",
		Fault: "stats.last-seen.not-defaulted", Note: "The embedded reference server is not Elasticsearch.",
	}
	failed := fail(scenario("stats.last-seen.defaults-to-now", "Without last_seen it is set to the time of the update", "documented", "stats.last-seen.defaults-to-now", result.Failed),
		"last_seen is not the time of the update",
		"/last_seen at or after /created_at (2026-11-23T10:00:01.120Z) and before the next check-in (10:00:01.164Z)",
		"/last_seen 2023-01-02T10:00:00.000Z")
	doc := fail(scenario("stats.update.whole-document", "Only the counts change", "contract", "stats.update.only-counts", result.Failed),
		"the stored sync job changed where it must not",
		"{\n  \"deleted_document_count\": 10,\n  \"indexed_document_count\": 20,\n  \"status\": \"pending\"\n}",
		"{\n  \"deleted_document_count\": 20,\n  \"indexed_document_count\": 10,\n  \"status\": \"pending\"\n}")
	flaky := fail(scenario("stats.concurrency.eight-writers", "Eight writers leave one writer's body", "resilience", "stats.concurrency.whole-body", result.Flaky),
		"the stored sync job is a mix of two bodies", `{"deleted_document_count":3,"indexed_document_count":3}`, `{"deleted_document_count":3,"indexed_document_count":5}`)
	flaky.Reason = "passed and failed in one run"
	flaky.Attempts = []result.Attempt{
		{Outcome: result.Passed, Count: 4, DurationMS: 210},
		{Outcome: result.Failed, Count: 1, DurationMS: 180, Failure: flaky.Failure, Exchanges: flaky.Exchanges},
	}
	broken := scenario("stats.search.visible-at-once", "An update is visible to search at once", "contract", "stats.search", result.Error)
	broken.Failure = &result.Failure{
		Kind: "setup", Message: `create connector esconform-7f3a-9: got 429 {"error":"too many requests"}, want 201 with an id`,
		Step: "Given a connector with a pending sync job", Location: broken.File + ":9",
	}
	broken.Steps[0].Outcome = result.Error
	for i := range broken.Steps[1:] {
		broken.Steps[i+1].Outcome = result.NotRun
	}
	broken.Exchanges = broken.Exchanges[:1]
	broken.Exchanges[0].Response, broken.Exchanges[0].Error = nil, "PUT /_connector/esconform-7f3a-9: connection reset by peer"
	waived := fail(scenario("stats.metadata.deep-merge", "Metadata is merged deeply", "contract", "stats.metadata.merge", result.Waived),
		"metadata was replaced", `{"a":{"x":1,"y":2}}`, `{"a":{"y":2}}`)
	waived.Reason = "known until 9.6 (waivers.yaml:4, owner search-team, until 2026-12-31, https://example.org/1)"
	run.Scenarios = []result.Scenario{
		scenario("stats.example.documented", "The documented example sets every count", "documented", "stats.example", result.Passed),
		failed, doc, flaky, broken, waived,
	}
	run.Waivers = []result.WaiverUse{
		{Line: 4, ID: "stats.metadata.*", Reason: "known until 9.6", Link: "https://example.org/1", Owner: "search-team", Expires: "2026-12-31", State: "used", Scenarios: []string{waived.ID}},
		{Line: 9, ID: "stats.example", Reason: "example was broken", Owner: "docs-team", Expires: "2026-12-31", State: "stale", Why: "its scenario passes now: remove it"},
	}
	run.Resources = result.Resources{Created: 14, Deleted: 13, Command: "esconform cleanup esconform-report", Leftovers: []result.Leftover{{
		Kind: "connector", ID: "esconform-7f3a-4", Why: "DELETE answered 503", Command: `curl -X DELETE "$ES/_connector/esconform-7f3a-4?hard=true"`,
	}}}
	return finish(run, result.Nonconformant, "3 scenarios did not get what is required", 1)
}

// Inconclusive is a run that was interrupted.
func Inconclusive() *result.Run {
	run := base()
	notRun := scenario("stats.noop.same-last-seen", "The same stats again are a noop", "contract", "stats.noop", result.NotRun)
	notRun.Reason, notRun.Steps, notRun.Exchanges = "the run ended before it: interrupted", nil, nil
	run.Scenarios = []result.Scenario{
		scenario("stats.example.documented", "The documented example sets every count", "documented", "stats.example", result.Passed),
		notRun,
	}
	run.CutShort = "interrupted"
	return finish(run, result.Inconclusive, "the run was cut short: interrupted", 3)
}

// Hostile is a run whose every text tries to break out of where it is put.
func Hostile() *result.Run {
	const evil = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">|`\u2028\x00\x1b[31m @everyone ::error::x%0A]]>-->\n::error file=x::y"
	run := base()
	s := fail(scenario("stats.hostile", evil, "documented", "stats.hostile", result.Failed), evil, evil, evil+evil)
	s.Feature, s.Failure.Step = evil, evil
	s.Steps[0].Text, s.Steps[0].Argument = evil, evil
	s.Exchanges[0].Response.Body = evil
	s.Exchanges[0].Response.Headers = map[string][]string{"X-Evil": {evil}}
	s.Exchanges[0].Error = evil
	run.Scenarios = []result.Scenario{s}
	run.Target.ClusterName, run.Target.Version = evil, evil
	run.Waivers = []result.WaiverUse{{Line: 1, ID: evil, Reason: evil, Link: "javascript:document.title='owned'", Owner: evil, Expires: evil, State: "stale", Why: evil}}
	run.Resources.Leftovers = []result.Leftover{{Kind: "index", ID: evil, Why: evil, Command: evil}}
	finish(run, result.Nonconformant, evil, 1)
	run.Requirements[0].Statement = evil
	return run
}

// Large is a run of n scenarios; one in fifty failed.
func Large(n int) *result.Run {
	run := base()
	profiles := []string{"documented", "contract", "resilience", "security"}
	for i := range n {
		outcome := result.Passed
		if i%50 == 7 {
			outcome = result.Failed
		}
		s := scenario(fmt.Sprintf("stats.large.case-%04d", i), fmt.Sprintf("Case %d keeps what it must keep", i),
			profiles[i%len(profiles)], fmt.Sprintf("stats.large.requirement-%02d", i%60), outcome)
		if outcome == result.Failed {
			s = fail(s, "the count is wrong", fmt.Sprint(i), fmt.Sprint(i+1))
		}
		run.Scenarios = append(run.Scenarios, s)
	}
	return finish(run, result.Nonconformant, "some scenarios did not get what is required", 1)
}

func base() *result.Run {
	return &result.Run{
		Schema: result.FormatVersion, RunID: "7f3a", Seed: 42, Parallel: 8, Repeat: 1, Started: started, DurationMS: 1834,
		Suite: result.Suite{Version: "0.1.0", Commit: "abcdef0", Digest: "0123456789ab"},
		Target: result.Target{
			Kind: "url", URL: "https://es.example.org:9200", IsElasticsearch: true, Version: "9.5.3",
			BuildHash: "1f2e3d", BuildFlavor: "default", ClusterName: "quality", Security: true,
		},
		Resources: result.Resources{Created: 14, Leased: 6, Deleted: 14},
	}
}

func scenario(id, name, profile, requirement string, outcome result.Outcome) result.Scenario {
	body := `{"deleted_document_count": 10, "indexed_document_count": 20, "indexed_document_volume": 1000}`
	put := exchange("PUT", jobPath+"/_stats", body, 200, `{"result":"updated"}`, 21.4)
	put.Purpose = "When the stats are set"
	get := exchange("GET", jobPath, "", 200, `{"id":"esconform-7f3a-1","deleted_document_count":10,"indexed_document_count":20,"status":"pending"}`, 2.1)
	get.Purpose = "Then the answer is the stored sync job"
	return result.Scenario{
		ID: id, Name: name, Feature: "Stats of a sync job", File: "features/sync_job_stats/stats.feature", Line: 17,
		Profile: profile, Requirements: []string{requirement}, Tags: []string{"@" + profile},
		Outcome: outcome, Started: started, DurationMS: 48.2,
		Steps: []result.Step{
			{Keyword: "Given", Text: "a connector with a pending sync job", Line: 9, Outcome: result.Passed, DurationMS: 24},
			{Keyword: "When", Text: "the stats are set", Line: 19, Outcome: result.Passed, DurationMS: 22, Argument: "| deleted_document_count | 10 |\n| indexed_document_count | 20 |"},
			{Keyword: "Then", Text: "the stored sync job has them", Line: 22, Outcome: result.Passed, DurationMS: 2.2},
		},
		Exchanges: []result.Exchange{put, get},
	}
}

func exchange(method, path, body string, status int, answer string, ms float64) result.Exchange {
	request := result.Message{Method: method, Path: path, Body: body, Headers: map[string][]string{"Authorization": {"<redacted>"}}}
	if body != "" {
		request.Headers["Content-Type"] = []string{"application/json"}
	}
	return result.Exchange{
		Started: started, DurationMS: ms, Request: request,
		Response: &result.Message{Status: status, Body: answer, Headers: map[string][]string{
			"Content-Type": {"application/json"}, "X-Elastic-Product": {"Elasticsearch"},
		}},
	}
}

// fail gives a scenario a failed assertion in its last step.
func fail(s result.Scenario, message, expected, actual string) result.Scenario {
	at := len(s.Exchanges) - 1
	last := &s.Steps[len(s.Steps)-1]
	last.Outcome = result.Failed
	s.Failure = &result.Failure{
		Kind: "assertion", Message: message, Expected: expected, Actual: actual, Exchange: &at,
		Step: last.Keyword + " " + last.Text, Location: fmt.Sprintf("%s:%d", s.File, last.Line),
	}
	return s
}

// finish adds counts, requirements and the verdict.
func finish(run *result.Run, verdict result.Verdict, reason string, exit int) *result.Run {
	run.Verdict, run.Reason, run.ExitCode = verdict, reason, exit
	run.Counts = map[result.Outcome]int{}
	for _, s := range run.Scenarios {
		run.Counts[s.Outcome]++
		for _, id := range s.Requirements {
			i := slices.IndexFunc(run.Requirements, func(r result.Requirement) bool { return r.ID == id })
			if i < 0 {
				i = len(run.Requirements)
				run.Requirements = append(run.Requirements, result.Requirement{
					ID: id, Profile: s.Profile, Outcome: result.Passed, Versions: "since 8.12.0", Sources: []string{"reference page, request body"},
					Statement: "The target MUST keep requirement " + id + ".",
				})
			}
			r := &run.Requirements[i]
			r.Scenarios = append(r.Scenarios, s.ID)
			if s.Outcome != result.Passed {
				r.Outcome, r.Reason = s.Outcome, s.Reason
			}
		}
	}
	return run
}

package compare

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files")

// answer is what one side answers to the one request of a test.
type answer struct {
	status  int
	body    string
	headers map[string]string
}

func ok(body string) answer         { return answer{status: 200, body: body} }
func bad(body string) answer        { return answer{status: 400, body: body} }
func status(s int, b string) answer { return answer{status: s, body: b} }

func with(a answer, name, value string) answer {
	a.headers = map[string]string{name: value}
	return a
}

// set is a run of scenarios that each send the same requests and get these
// answers.
func set(scenarios int, answers ...answer) *observe.Set {
	s := &observe.Set{Header: observe.Header{
		Format: observe.FormatVersion, Suite: observe.Suite{Version: "0.1.0", Digest: "0123456789ab"}, Verdict: result.Conformant, Reason: "all passed",
		Target: observe.Target{Kind: "container", Version: "9.5.3", IsElasticsearch: true},
	}}
	for i := range scenarios {
		sc := observe.Scenario{ID: fmt.Sprintf("stats.s%d", i), Outcome: result.Passed, Requirements: []string{"stats.a"}}
		for j, a := range answers {
			o := observe.Observation{Scenario: sc.ID, Step: fmt.Sprintf("When step %d", j)}
			o.Request = observe.Request{Method: "GET", Path: fmt.Sprintf("/_connector/_sync_job/<sync job 1>?n=%d", j)}
			o.Answer = observe.Answer{Status: a.status, Headers: a.headers}
			if a.body != "" && jsonvalid(a.body) {
				o.Answer.Body = []byte(a.body)
			} else {
				o.Answer.Text = a.body
			}
			sc.Observations = append(sc.Observations, o)
		}
		s.Scenarios = append(s.Scenarios, sc)
	}
	s.Requirements = []observe.Requirement{{ID: "stats.a", Outcome: result.Passed, Profile: "contract", Statement: "It MUST work."}}
	return s
}

func jsonvalid(text string) bool {
	_, err := jsonval.Decode([]byte(text))
	return err == nil
}

const job = `{"id":"<sync job 1>","status":"pending","count":10,"list":[{"id":"a"},{"id":"b"}],"at":"<instant>"}`

func rejection(kind, reason string) string {
	return fmt.Sprintf(`{"error":{"root_cause":[{"type":%q,"reason":%q}],"type":%q,"reason":%q},"status":400}`, kind, reason, kind, reason)
}

// Each row is one cause, seen by three scenarios: it has to be one entry.
func TestOneCauseIsOneEntryOfTheRightClass(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		old, now answer
		class    Class
		kind     string
		title    string
	}{
		{"renamed field", ok(job), ok(strings.Replace(job, `"count"`, `"counter"`, 1)), Breaking, KindRenamed, "/count is now called counter"},
		{"reordered list", ok(job), ok(strings.Replace(job, `[{"id":"a"},{"id":"b"}]`, `[{"id":"b"},{"id":"a"}]`, 1)), Behaviour, KindOrder, "/list is in another order"},
		{"reordered values", ok(`{"l":[1,2]}`), ok(`{"l":[2,1]}`), Behaviour, KindOrder, "/l is in another order"},
		{"wording", bad(rejection("parse_exception", "request body is required")), bad(rejection("parse_exception", "a body is required")), Wording, KindWording, "parse_exception is worded differently"},
		{"additional field", ok(job), ok(strings.Replace(job, `{"id"`, `{"took":1,"id"`, 1)), Additive, KindAdded, "/took is new"},
		{"removed field", ok(job), ok(strings.Replace(job, `"count":10,`, "", 1)), Breaking, KindRemoved, "/count is gone"},
		{"type of a field", ok(job), ok(strings.Replace(job, `10`, `"10"`, 1)), Breaking, KindType, "/count is of the type string instead of number"},
		{"value", ok(job), ok(strings.Replace(job, `10`, `11`, 1)), Behaviour, KindValue, "/count has another value"},
		{"big number off by one", ok(`{"n":9007199254740993}`), ok(`{"n":9007199254740992}`), Behaviour, KindValue, "/n has another value"},
		{"length", ok(job), ok(strings.Replace(job, `,{"id":"b"}`, ``, 1)), Behaviour, KindLength, "/list has 1 elements instead of 2"},
		{"accepted and then refused", ok(`{"result":"updated"}`), bad(rejection("parse_exception", "no")), Breaking, KindStatus, "GET /_connector/_sync_job/{id}?n answers 400 parse_exception instead of 200"},
		{"refused and then accepted", bad(rejection("parse_exception", "no")), ok(`{"result":"updated"}`), Behaviour, KindStatus, "GET /_connector/_sync_job/{id}?n answers 200 instead of 400 parse_exception"},
		{"another error status", status(404, rejection("x", "no")), status(410, rejection("x", "no")), Breaking, KindStatus, "GET /_connector/_sync_job/{id}?n answers 410 x instead of 404 x"},
		{"server error", status(404, rejection("x", "no")), status(500, rejection("x", "no")), Breaking, KindStatus, "GET /_connector/_sync_job/{id}?n answers 500 x instead of 404 x"},
		{"another success status", ok(`{"a":1}`), status(204, ""), Breaking, KindStatus, "GET /_connector/_sync_job/{id}?n answers 204 instead of 200"},
		{"error type", bad(rejection("a_exception", "no")), bad(rejection("b_exception", "no, really")), Breaking, KindErrorType, "an error is of the type b_exception instead of a_exception"},
		{"no answer", ok(job), answer{}, Breaking, KindNoAnswer, "GET /_connector/_sync_job/{id}?n is no longer answered"},
		{"answer at last", answer{}, ok(job), Behaviour, KindNoAnswer, "GET /_connector/_sync_job/{id}?n is answered, and was not before"},
		{"no longer JSON", ok(job), ok("<html>"), Breaking, KindFormat, "the body is no longer JSON"},
		{"longer than is kept", ok(job), ok("<9000 bytes, sha256 0bc7e9282284>"), Behaviour, KindValue, "a long body is another one"},
		{"no body any more", ok(job), ok(""), Breaking, KindFormat, "the body is gone"},
		{"another object", ok(`{"result":"updated"}`), ok(`{"acknowledged":true}`), Breaking, KindFormat, "the body has other members"},
		{"product header gone", with(ok(job), "X-Elastic-Product", "Elasticsearch"), ok(job), Breaking, KindHeader, "answers carry no header X-Elastic-Product any more"},
		{"header gone", with(ok(job), "Vary", "x"), ok(job), Behaviour, KindHeader, "answers carry no header Vary any more"},
		{"new header", ok(job), with(ok(job), "Warning", "299"), Additive, KindHeader, "answers carry a new header Warning"},
		{"content type", with(ok(job), "Content-Type", "application/json"), with(ok(job), "Content-Type", "text/plain"), Breaking, KindHeader, `the header Content-Type is "text/plain" instead of "application/json"`},
		{"cause of an error gone", bad(`{"error":{"type":"x","reason":"y","caused_by":{"type":"z"}}}`), bad(`{"error":{"type":"x","reason":"y"}}`), Wording, KindRemoved, "/error/caused_by is gone"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := Compare(set(3, ok(`{"same":1}`), tc.old), set(3, ok(`{"same":1}`), tc.now), Options{FailOn: FailOnAny})
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Entries) != 1 {
				t.Fatalf("got %d entries, want 1: %+v", len(c.Entries), c.Entries)
			}
			e := c.Entries[0]
			if e.Class != tc.class || e.Kind != tc.kind || e.Title != tc.title || e.Count != 3 || len(e.Scenarios) != 3 {
				t.Errorf("got %s %s %q, %d exchanges of %d scenarios; want %s %s %q, 3 of 3", e.Class, e.Kind, e.Title, e.Count, len(e.Scenarios), tc.class, tc.kind, tc.title)
			}
			if c.ExitCode != result.ExitNonconformant {
				t.Errorf("exit code %d with --fail-on any, want 1", c.ExitCode)
			}
			if x := e.Examples[0]; x.Old == x.New || !strings.Contains(x.NewCurl, "curl ") {
				t.Errorf("the example shows no difference: %+v", x)
			}
		})
	}
}

func TestTheSameFieldOfADocumentIsOneEntryWhereverItShows(t *testing.T) {
	t.Parallel()
	shapes := []string{`{"id":"<sync job 1>",%s}`, `{"_id":"<sync job 1>","_source":{%s}}`, `{"count":1,"results":[{"id":"<sync job 1>",%s}]}`, `{"hits":{"hits":[{"_id":"<sync job 1>","_source":{%s}}]}}`}
	var old, now []answer
	for _, shape := range shapes {
		old, now = append(old, ok(fmt.Sprintf(shape, `"n":1`))), append(now, ok(fmt.Sprintf(shape, `"n":1,"m":2`)))
	}
	c, err := Compare(set(1, old...), set(1, now...), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Entries) != 1 || c.Entries[0].Count != 4 || c.Entries[0].Title != "/m is new" {
		t.Errorf("got %+v", c.Entries)
	}
}

func TestFieldsThatDifferTogetherAreOneEntry(t *testing.T) {
	t.Parallel()
	c, err := Compare(set(2, ok(`{"a":1,"b":2,"c":3}`), ok(`{"c":3}`)), set(2, ok(`{"a":2,"b":1,"c":4}`), ok(`{"c":4}`)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, e := range c.Entries {
		titles = append(titles, e.Title)
	}
	if got, want := strings.Join(titles, "; "), "/c has another value; /a and /b have another value"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhatComesOfAWriteThatEndedDifferentlyIsNoEntryOfItsOwn(t *testing.T) {
	t.Parallel()
	old, now := set(1, bad(rejection("x", "no")), ok(`{"n":1}`)), set(1, ok(`{}`), ok(`{"n":2}`))
	for _, s := range []*observe.Set{old, now} {
		s.Scenarios[0].Observations[0].Request.Method = "PUT"
	}
	c, err := Compare(old, now, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Entries) != 1 || c.Entries[0].Kind != KindStatus || c.Entries[0].FollowUps != 1 {
		t.Errorf("got %+v", c.Entries)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	base := set(3, ok(job))
	suite, selection, fewer := set(3, ok(job)), set(3, ok(job)), set(2, ok(job))
	suite.Header.Suite.Digest = "ffffffffffff"
	selection.Header.Selection.Profiles = []string{"documented"}
	for _, tc := range []struct {
		name string
		now  *observe.Set
		want string
	}{
		{"other suite", suite, "the suites differ (digest 0123456789ab and ffffffffffff); both have the same scenarios by name"},
		{"other selection", selection, "the selections differ (everything and --profile documented)"},
		{"scenario missing", fewer, "only the old run has 1: stats.s2"},
	} {
		_, err := Compare(base, tc.now, Options{})
		var different *DifferentError
		if !errors.As(err, &different) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "--common") {
			t.Errorf("%s: got %v, want a refusal with %q", tc.name, err, tc.want)
		}
		c, err := Compare(base, tc.now, Options{Common: true})
		if err != nil || c.Verdict != result.Inconclusive || c.ExitCode != result.ExitInconclusive {
			t.Errorf("%s with --common: got %v and %v, want no verdict", tc.name, c, err)
		}
	}
	c, err := Compare(base, fewer, Options{Common: true})
	if err != nil || strings.Join(c.OnlyOld, " ") != "stats.s2" {
		t.Errorf("got %v and %v", c.OnlyOld, err)
	}
}

func TestAnIncompleteRunIsNeverWithoutChanges(t *testing.T) {
	t.Parallel()
	for _, broken := range []func(*observe.Set){
		func(s *observe.Set) { s.Header.CutShort = "interrupted" },
		func(s *observe.Set) { s.Header.Verdict = result.Inconclusive },
	} {
		for side := range 2 {
			sets := []*observe.Set{set(1, ok(job)), set(1, ok(job))}
			broken(sets[side])
			c, err := Compare(sets[0], sets[1], Options{})
			if err != nil {
				t.Fatal(err)
			}
			if c.Verdict != result.Inconclusive || c.ExitCode != result.ExitInconclusive {
				t.Errorf("got %s (%d): %s", c.Verdict, c.ExitCode, c.Reason)
			}
		}
	}
	if c, err := Compare(set(0), set(0), Options{}); err != nil || c.Verdict != result.Inconclusive {
		t.Errorf("two empty runs: got %v and %v, want no verdict", c, err)
	}
}

func TestFailOn(t *testing.T) {
	t.Parallel()
	base := set(1, ok(`{"a":1}`))
	for _, tc := range []struct {
		now  *observe.Set
		on   FailOn
		want int
	}{
		{set(1, ok(`{"a":1}`)), FailOnAny, 0},
		{set(1, ok(`{"a":1,"b":1}`)), FailOnBehaviour, 0},
		{set(1, ok(`{"a":1,"b":1}`)), FailOnAny, 1},
		{set(1, ok(`{"a":2}`)), FailOnBreaking, 0},
		{set(1, ok(`{"a":2}`)), FailOnBehaviour, 1},
		{set(1, ok(`{"b":2,"a":null}`)), FailOnBreaking, 1},
		{set(1, ok(`{"b":2,"a":null}`)), "", 1},
	} {
		c, err := Compare(base, tc.now, Options{FailOn: tc.on})
		if err != nil {
			t.Fatal(err)
		}
		if c.ExitCode != tc.want {
			t.Errorf("--fail-on %s: exit code %d, want %d: %+v", tc.on, c.ExitCode, tc.want, c.Entries)
		}
	}
}

func TestNoiseIsNotCompared(t *testing.T) {
	t.Parallel()
	old, now := set(1, ok(`{"load":{"a":1},"n":1}`)), set(1, ok(`{"load":{"a":2},"n":1}`))
	o := old.Scenarios[0].Observations[0]
	now.Header.Noise = []observe.Noise{{Scenario: o.Scenario, Step: o.Step, Method: o.Request.Method, Path: o.Request.Path, Pointer: "/body/load"}}
	c, err := Compare(old, now, Options{FailOn: FailOnAny})
	if err != nil || len(c.Entries) != 0 || c.ExitCode != 0 || len(c.Ignored) != 1 {
		t.Errorf("got %+v and %v", c, err)
	}
}

func TestChangesOfOutcomes(t *testing.T) {
	t.Parallel()
	p, f, s, e := result.Passed, result.Failed, result.Skipped, result.Error
	versions := "holds since 8.15.0; the target is 8.14.0"
	for _, tc := range []struct {
		old, now          result.Outcome
		oldReason, reason string
		change            string
		class             Class
		expected          bool
	}{
		{p, f, "", "", NewlyFailing, Breaking, false},
		{p, result.Flaky, "", "", NewlyFailing, Breaking, false},
		{f, p, "", "", Fixed, Behaviour, false},
		{p, s, "", "needs an account that may read the index", NewlySkipped, Behaviour, false},
		{p, s, "", versions, NewlySkipped, Behaviour, true},
		{s, p, versions, "", NewlyApplying, Additive, true},
		{s, p, "needs a target that the run may restart", "", NewlyApplying, Additive, false},
		{s, result.Waived, versions, "", NewlyApplying, Additive, true},
		{s, f, versions, "", NewlyFailing, Breaking, false},
		{p, e, "", "", Undecided, Behaviour, false},
		{"", p, "", "", New, Additive, false},
		{p, "", "", "", Gone, Behaviour, false},
	} {
		old, now := set(1, ok(job)), set(1, ok(job))
		old.Requirements[0].Outcome, old.Requirements[0].Reason = tc.old, tc.oldReason
		now.Requirements[0].Outcome, now.Requirements[0].Reason = tc.now, tc.reason
		if tc.old == "" {
			old.Requirements = nil
		}
		if tc.now == "" {
			now.Requirements = nil
		}
		c, err := Compare(old, now, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Outcomes) != 1 {
			t.Errorf("%s to %s: got %+v", tc.old, tc.now, c.Outcomes)
			continue
		}
		if o := c.Outcomes[0]; o.Change != tc.change || o.Class != tc.class || (o.Expected != "") != tc.expected {
			t.Errorf("%s to %s: got %s %s, expected %q; want %s %s, expected %t", tc.old, tc.now, o.Change, o.Class, o.Expected, tc.change, tc.class, tc.expected)
		}
	}
}

func TestKnownChangesAreSortedAndFoundBetweenVersions(t *testing.T) {
	t.Parallel()
	known, err := KnownChanges()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ a, b, want string }{
		{"8.14.0", "8.15.0", "stats-metadata claim access-control-index service-type-required"},
		{"8.15.0", "8.14.3", "stats-metadata claim access-control-index service-type-required"},
		{"8.12.0", "8.12.1", "active-filtering"},
		{"8.15.0", "8.17.0", ""},
		{"8.15.0", "8.19.21", "soft-delete"},
		{"8.19.21", "9.5.3", "soft-delete privileges compatible-with-9"},
		{"9.0.0", "9.5.3", ""},
		{"8.12.0", "9.5.3", "active-filtering date-formats list-order state-machine stats-metadata claim access-control-index service-type-required soft-delete privileges compatible-with-9"},
	} {
		old, now := set(1), set(1)
		old.Header.Target.Version, now.Header.Target.Version = tc.a, tc.b
		var ids []string
		for _, k := range between(known, version(old), version(now)) {
			ids = append(ids, k.ID)
		}
		if got := strings.Join(ids, " "); got != tc.want {
			t.Errorf("%s to %s: got %q, want %q", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestKnownChangesAreRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ raw, want string }{
		{"changes:\n- {id: a, since: x}", `entry 1, a: read version "x"`},
		{"changes:\n- {id: a, since: 8.15.0, class: WORSE, change: b, source: c}", "it needs an id, a change, a source and a class"},
		{"changes:\n- {id: a, since: 8.15.0, unknown: 1}", "field unknown not found"},
		{"changes:\n- {id: a, since: 8.15.0, class: WORDING, change: b, source: c, match: {differences: [{text: '('}]}}", "missing closing )"},
	} {
		if _, err := parseKnown([]byte(tc.raw)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want an error with %q", err, tc.want)
		}
	}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/_connector/_sync_job/<sync job 1>/_stats":               "GET /_connector/_sync_job/{id}/_stats",
		"/_connector/_sync_job/some-id/_stats?pretty=true&x":      "GET /_connector/_sync_job/{id}/_stats?pretty&x",
		"/_connector/_sync_job":                                   "GET /_connector/_sync_job",
		"/_connector/<name 2>?hard=true":                          "GET /_connector/{id}?hard",
		"/_connector/_sync_job?connector_id=<name 1>":             "GET /_connector/_sync_job?connector_id",
		"/.elastic-connectors-sync-jobs/_doc/<sync job 12>":       "GET /.elastic-connectors-sync-jobs/_doc/{id}",
		"/.elastic-connectors-sync-jobs/_search":                  "GET /.elastic-connectors-sync-jobs/_search",
		"/_connector/_sync_job/<sync job 1> (percent-encoded)/_x": "GET /_connector/_sync_job/{id}/_x",
		"/_connector/_sync_job//_stats":                           "GET /_connector/_sync_job//_stats",
	} {
		if got := Route("GET", in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// sample is a comparison with everything in it.
func sample(t *testing.T) *Comparison {
	t.Helper()
	old := set(2, ok(job), bad(rejection("parse_exception", "request body is required")), bad(rejection("x_content_parse_exception", "unknown field [metadata]")))
	now := set(2, ok(strings.Replace(job, `"count"`, `"counter"`, 1)), bad(rejection("parse_exception", "<b>a body</b> | is `required`")), ok(`{"result":"updated"}`))
	old.Header.Target.Version, now.Header.Target.Version = "8.14.0", "8.15.0"
	now.Header.Target.IsElasticsearch, now.Header.Target.Kind, now.Header.Target.Fault = false, "embedded", "stats.renamed"
	old.Requirements = append(old.Requirements, observe.Requirement{ID: "stats.field.metadata", Outcome: result.Skipped, Reason: "holds since 8.15.0; the target is 8.14.0", Profile: "documented", Statement: "metadata MUST be stored."})
	now.Requirements = append(now.Requirements, observe.Requirement{ID: "stats.field.metadata", Outcome: result.Passed, Profile: "documented", Statement: "metadata MUST be stored."})
	now.Requirements[0].Outcome, now.Scenarios[0].Outcome = result.Failed, result.Failed
	c, err := Compare(old, now, Options{OldName: "old", NewName: "new"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGolden(t *testing.T) {
	t.Parallel()
	c := sample(t)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text.golden.txt":     func(b *bytes.Buffer) error { return c.Text(b) },
		"markdown.golden.md":  func(b *bytes.Buffer) error { return c.Markdown(b) },
		"compare.golden.json": func(b *bytes.Buffer) error { return c.JSON(b) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("differs from %s (go test -update writes it):\n%s", path, got.String())
		}
	}
}

func TestFilesMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	compiled, err := schema.Published()
	if err != nil {
		t.Fatal(err)
	}
	validate := func(name string, raw []byte) {
		t.Helper()
		doc, err := jsonval.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range compiled.Validate(name, doc) {
			t.Errorf("%s: %s", name, p)
		}
	}
	var b bytes.Buffer
	if err := sample(t).JSON(&b); err != nil {
		t.Fatal(err)
	}
	validate("compare", b.Bytes())
	for _, run := range []*result.Run{testruns.Passing(), testruns.Failing(), testruns.Inconclusive(), testruns.Hostile()} {
		var b bytes.Buffer
		if err := observe.Write(&b, run); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(b.Bytes()) {
			validate("observations", line)
		}
	}
}

package observe

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files")

// fake makes the run of a scenario whose names, ids, times and numbers are
// those of one run; another seed gives another run of the same behaviour.
type fake struct {
	seed  int
	start time.Time
}

func newFake(seed int) fake {
	return fake{seed, time.Date(2026, 3, seed%28+1, 10, seed%60, 0, seed*1000, time.UTC)}
}

func (f fake) runID() string     { return fmt.Sprintf("%08x", 0xab00+f.seed) }
func (f fake) connector() string { return fmt.Sprintf("esconform-%s-%d", f.runID(), f.seed) }
func (f fake) job(n int) string  { return fmt.Sprintf("Zj%dxQ_-%012d", n, f.seed*1000+n) }
func (f fake) at(ms int) string {
	return f.start.Add(time.Duration(ms) * time.Millisecond).Format(time.RFC3339Nano)
}
func (f fake) number(i int) int         { return (f.seed*7+3)*1000 + i }
func (f fake) path(n int) string        { return "/_connector/_sync_job/" + f.job(n) }
func (f fake) started(ms int) time.Time { return f.start.Add(time.Duration(ms) * time.Millisecond) }

func (f fake) exchange(ms int, purpose, method, path, body string, status int, answer string) result.Exchange {
	return result.Exchange{
		Started: f.started(ms), DurationMS: 3, Purpose: purpose,
		Request:  result.Message{Method: method, Path: path, Body: body, Headers: map[string][]string{"Content-Type": {"application/json"}, "User-Agent": {"x"}}},
		Response: &result.Message{Status: status, Body: answer, Headers: map[string][]string{"Content-Type": {"application/json"}, "Content-Length": {fmt.Sprint(len(answer))}, "X-Elastic-Product": {"Elasticsearch"}}},
	}
}

func (f fake) run(exchanges ...result.Exchange) *result.Run {
	return &result.Run{
		RunID: f.runID(), Suite: result.Suite{Version: "0.1.0", Digest: "0123456789ab"}, Verdict: result.Conformant, Reason: "1 scenario passed", Started: f.start,
		Target:       result.Target{Kind: "url", URL: fmt.Sprintf("http://127.0.0.1:%d", 9200+f.seed), Version: "9.5.3", IsElasticsearch: true, ClusterName: f.runID()},
		Requirements: []result.Requirement{{ID: "stats.route", Outcome: result.Passed, Profile: "documented", Statement: "It MUST work."}},
		Scenarios: []result.Scenario{{
			ID: "stats.a", Outcome: result.Passed, Profile: "documented", Requirements: []string{"stats.route"}, Started: f.start, Exchanges: exchanges,
		}},
	}
}

// sequence is a scenario in which one thing follows the other.
func (f fake) sequence() *result.Run {
	created := fmt.Sprintf(`{"id":%q,"created_at":%q,"last_seen":%q,"connector":{"id":%q}}`, f.job(1), f.at(40), f.at(40), f.connector())
	updated := fmt.Sprintf(`{"_id":%q,"_seq_no":%d,"_version":2,"_source":{"created_at":%q,"last_seen":"2023-01-02T10:00:00.000Z","status_at":%q}}`, f.job(1), f.seed, f.at(40), f.at(55))
	const given = "Given a connector with a pending sync job"
	return f.run(
		f.exchange(0, given, "PUT", "/_connector/"+f.connector(), fmt.Sprintf(`{"name":%q}`, f.connector()), 201, fmt.Sprintf(`{"id":%q,"result":"created"}`, f.connector())),
		f.exchange(20, given, "POST", "/_connector/_sync_job", fmt.Sprintf(`{"id":%q}`, f.connector()), 201, fmt.Sprintf(`{"id":%q}`, f.job(1))),
		f.exchange(45, given, "GET", f.path(1), "", 200, created),
		f.exchange(50, "When the stats are set", "PUT", f.path(1)+"/_stats", `{"last_seen":"2023-01-02T10:00:00Z","deleted_document_count":1}`, 200, `{"result":"updated"}`),
		f.exchange(60, "Then it is stored", "GET", "/.elastic-connectors-sync-jobs/_doc/"+f.job(1), "", 200, updated),
		f.exchange(70, "When it is wrong", "PUT", f.path(1)+"/_stats", `{"last_seen":1}`, 400, fmt.Sprintf(`{"error":{"type":"x_content_parse_exception","reason":"[1:%d] failed for [%s]"},"status":400}`, f.seed+3, f.job(1))),
		f.exchange(75, "When it is written as it was read", "POST", fmt.Sprintf("/.elastic-connectors-sync-jobs/_update/%s?if_seq_no=%d&if_primary_term=%d", f.job(1), f.seed, f.seed), `{"doc":{}}`, 200, `{"result":"noop"}`),
		f.exchange(77, "When the index is created again", "PUT", "/i", "", 400, fmt.Sprintf(`{"error":{"type":"resource_already_exists_exception","reason":"index [i/%022d] already exists"},"status":400}`, f.seed)),
		f.exchange(80, "When it is unknown", "PUT", fmt.Sprintf("/_connector/_sync_job/esconform-no-such-%012x/_stats", f.seed*99991), `{}`, 404, fmt.Sprintf(`{"error":{"type":"resource_not_found_exception","reason":"connector sync job [esconform-no-such-%012x] not found"},"status":404}`, f.seed*99991)),
	)
}

// race is a scenario in which several writers write at once; who wins, how
// many are refused and in which order they end depends on the seed.
func (f fake) race() *result.Run {
	const step = "When 8 writers set the stats of the sync job at once"
	list := []result.Exchange{f.exchange(0, "Given a connector with a pending sync job", "POST", "/_connector/_sync_job", `{"id":"x"}`, 201, fmt.Sprintf(`{"id":%q}`, f.job(1)))}
	for i := range 8 {
		writer := (i + f.seed) % 8
		body := fmt.Sprintf(`{"deleted_document_count":%d,"last_seen":"2023-01-02T00:00:0%d.000Z","metadata":{"writer-%d":%d}}`, f.number(writer), writer, writer, writer)
		status, answer := 200, `{"result":"updated"}`
		if i > f.seed%3 {
			status, answer = 409, fmt.Sprintf(`{"error":{"type":"version_conflict_engine_exception","reason":"[%s]: version conflict, required seqNo [%d]"},"status":409}`, f.job(1), f.seed+i)
		}
		list = append(list, f.exchange(10, step, "PUT", f.path(1)+"/_stats", body, status, answer))
	}
	last := f.seed % 8
	list = append(list, f.exchange(50, "Then one has won", "GET", f.path(1), "", 200,
		fmt.Sprintf(`{"id":%q,"deleted_document_count":%d,"last_seen":"2023-01-02T00:00:0%d.000Z","metadata":{"writer-%d":%d},"status":"pending"}`, f.job(1), f.number(last), last, last, last)))
	return f.run(list...)
}

// generated is a scenario whose step makes up numbers.
func (f fake) generated() *result.Run {
	const step = "Then each of 40 updates in a row is accepted and stored as it was sent"
	return f.run(
		f.exchange(0, step, "PUT", "/_connector/_sync_job/x/_stats", fmt.Sprintf(`{"deleted_document_count":%d,"indexed_document_count":%d,"metadata":{"n":7}}`, f.number(1), f.number(201)), 200, `{"result":"updated"}`),
		f.exchange(10, step, "GET", "/_connector/_sync_job/x", "", 200, fmt.Sprintf(`{"deleted_document_count":%d,"indexed_document_count":%d,"total_document_count":12,"metadata":{"n":7}}`, f.number(1), f.number(201))),
	)
}

func text(t *testing.T, run *result.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheSameBehaviourGivesTheSameFile(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(fake) *result.Run{"sequence": fake.sequence, "race": fake.race, "generated": fake.generated} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := text(t, of(newFake(1)))
			for seed := 2; seed < 40; seed++ {
				if got := text(t, of(newFake(seed))); got != want {
					t.Fatalf("run %d differs from run 1:\n%s\n%s", seed, got, want)
				}
			}
			golden(t, name+".golden.ndjson", want)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (go test -update writes it):\n%s", path, got)
	}
}

// last returns the last observation of the only scenario.
func last(run *result.Run) Observation {
	list := Of(run).Scenarios[0].Observations
	return list[len(list)-1]
}

func TestWhatIsReplacedAndWhatIsNot(t *testing.T) {
	t.Parallel()
	f := newFake(5)
	for _, tc := range []struct{ name, sent, answer, want string }{
		{"an instant that was sent stays", `{"last_seen":"2023-01-02T10:00:00Z"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`},
		{"one in another zone that was sent stays", `{"last_seen":"2023-01-02T12:00:00+02:00"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`},
		{"milliseconds that were sent stay", `{"last_seen":"1672653600000"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`, `{"last_seen":"2023-01-02T10:00:00.000Z"}`},
		{"one of now is replaced", `{}`, `{"last_seen":"` + f.at(3) + `"}`, `{"last_seen":"<instant>"}`},
		{"one of now that was sent is told apart", `{"last_seen":"` + f.at(3) + `"}`, `{"last_seen":"` + f.at(3) + `"}`, `{"last_seen":"<now, as sent>"}`},
		{"one that nobody sent is told apart", `{"last_seen":"2023-01-02T10:00:00Z"}`, `{"last_seen":"2023-01-02T11:00:00.000Z"}`, `{"last_seen":"<instant, more than a day off>"}`},
		{"last_seen of a job that nobody touched", `{}`, `{"created_at":"` + f.at(3) + `","last_seen":"` + f.at(3) + `"}`, `{"created_at":"<instant>","last_seen":"<instant, as created_at>"}`},
		{"numbers stay exact", `{}`, `{"n":9007199254740993,"v":1.10,"_version":3}`, `{"_version":3,"n":9007199254740993,"v":1.10}`},
		{"sequence numbers", `{}`, `{"_seq_no":77,"_primary_term":1,"took":3}`, `{"_primary_term":"<sequence>","_seq_no":"<sequence>","took":"<sequence>"}`},
		{"markup stays readable", `{}`, `{"a":"<b>&"}`, `{"a":"<b>&"}`},
		{"a set in a text is put in order", `{}`, `{"reason":"Invalid media-type value on headers [Content-Type, Accept]"}`, `{"reason":"Invalid media-type value on headers [Accept, Content-Type]"}`},
		{"the body that a parser quotes", `{}`, `{"reason":"bad\n at [Source: (byte[])\"{\"created_at\":\"20\"[truncated 309 bytes]; line: 1, column: 136]"}`, `{"reason":"bad\n at [Source: <body>; line: N, column: N]"}`},
	} {
		o := last(f.run(f.exchange(1, "When x", "PUT", "/x", tc.sent, 200, tc.answer)))
		if string(o.Answer.Body) != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, o.Answer.Body, tc.want)
		}
	}
}

func TestListsOfSharedConnectorsHoldOnlyWhatTheScenarioMade(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/_connector/_sync_job?connector_id=shared-connector": `{"count":"<foreign>","results":[{"id":"<sync job 1>"}]}`,
		"/_connector/_sync_job?from=0&size=2":                 `{"count":"<foreign>","results":"<foreign>"}`, // whether it is there depends on others
	} {
		f := newFake(3)
		made := f.exchange(0, "Given a", "POST", "/_connector/_sync_job", `{"id":"shared-connector"}`, 201, fmt.Sprintf(`{"id":%q}`, f.job(1)))
		listed := f.exchange(9, "Then b", "GET", path, "", 200, fmt.Sprintf(`{"count":2,"results":[{"id":%q},{"id":%q}]}`, f.job(2), f.job(1)))
		if got := string(last(f.run(made, listed)).Answer.Body); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestPathsWithEncodedIDs(t *testing.T) {
	t.Parallel()
	f := newFake(3)
	made := f.exchange(0, "Given a", "POST", "/_connector/_sync_job", `{}`, 201, `{"id":"abc-_defgh"}`)
	read := f.exchange(9, "Then b", "GET", "/_connector/_sync_job/%61bc-_defgh", "", 200, `{}`)
	if got, want := last(f.run(made, read)).Request.Path, "/_connector/_sync_job/<sync job 1> (percent-encoded)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestExchangesWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(3)
	e := f.exchange(0, "When a", "PUT", "/x", "", 200, "")
	e.Response, e.Error = nil, "PUT /x: dial tcp 127.0.0.1:39201: connection refused after 120ms"
	if got, want := last(f.run(e)).Answer.Error, "PUT /x: dial tcp <address>: connection refused after <duration>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, run := range []*result.Run{testruns.Passing(), testruns.Failing(), testruns.Inconclusive(), testruns.Hostile(), testruns.Large(200), newFake(2).race()} {
		want := text(t, run)
		set, err := Read(strings.NewReader(want))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := set.Write(&got); err != nil {
			t.Fatal(err)
		}
		if got.String() != want {
			t.Errorf("read and written again it is\n%s\nand was\n%s", got.String(), want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(text(t, testruns.Failing()), "\n")
	lines = lines[:len(lines)-1]
	for _, tc := range []struct{ name, text, want string }{
		{"an empty file", "", "the file is empty"},
		{"something else", `{"a":1}`, "line 1: not a file of observations"},
		{"a file without its end", strings.Join(lines[:len(lines)-1], ""), "the file ends in the middle"},
		{"a file with a line missing", strings.Join(append(append([]string{}, lines[:len(lines)-2]...), lines[len(lines)-1]), ""), "lines are missing"},
		{"a file with something after its end", strings.Join(lines, "") + lines[1], "there is something after the end"},
		{"two files in one", strings.Join(lines, "") + strings.Join(lines, ""), "not a file of observations: it begins with a header and has one"},
		{"another format", strings.Replace(strings.Join(lines, ""), `"esconform_observations":1`, `"esconform_observations":2`, 1), "observations of format 2"},
		{"an unknown line", lines[0] + `{"x":1}`, "line 2: unknown line"},
		{"an exchange outside of its scenario", lines[0] + `{"observed":"x","step":""}`, "stands outside of its scenario"},
	} {
		_, err := Read(strings.NewReader(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
	}
}

func TestLearnNoise(t *testing.T) {
	t.Parallel()
	f := newFake(3)
	a := f.run(f.exchange(0, "When a", "GET", "/x", "", 200, `{"load":1,"list":[{"n":1}],"same":1}`), f.exchange(5, "When b", "GET", "/only", "", 200, `{}`))
	b := f.run(f.exchange(0, "When a", "GET", "/x", "", 200, `{"load":2,"list":[{"n":2}],"same":1}`))
	set, err := LearnNoise(Of(a), Of(b))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range set.Header.Noise {
		got = append(got, n.Path+n.Pointer)
	}
	if want := "/x/body/list/*/n /x/body/load /only"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	same, err := LearnNoise(Of(a), Of(a))
	if err != nil || len(same.Header.Noise) != 0 {
		t.Errorf("the same run twice has noise: %v %v", same.Header.Noise, err)
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, testruns.Failing()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"esconform_observations":1}` + "\n" + `{"scenario":"a"}` + "\n" + `{"observed":"a",`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		set, err := Parse(raw)
		if err != nil {
			return
		}
		for i := range set.Scenarios {
			_, _ = set.Scenarios[i].Exchanges()
		}
	})
}

// Requests that are sent at once race also where they happen not to meet.
func TestRequestsSentAtOnceRace(t *testing.T) {
	t.Parallel()
	f := newFake(3)
	step := "When these requests are sent at once:"
	set := Of(f.run(f.exchange(0, step, "PUT", "/x", `{"a":1}`, 200, `{}`), f.exchange(500, step, "PUT", "/x", `{"a":2}`, 200, `{}`)))
	if list := set.Scenarios[0].Observations; len(list) != 1 || !list[0].AtOnce {
		t.Errorf("observed %+v", list)
	}
}

// Where different calls are sent at once, it is chance which of them lose, and
// what is read then.
func TestDifferentCallsAtOnce(t *testing.T) {
	t.Parallel()
	const step, conflict = "When these requests are sent at once:", `{"error":{"type":"version_conflict_engine_exception"},"status":409}`
	seen := func(status int, answer, read string) []Observation {
		f := newFake(3)
		set := Of(f.run(f.exchange(0, step, "PUT", "/x/_a", `{"a":1}`, 200, `{"result":"updated"}`), f.exchange(0, step, "PUT", "/x/_b", `{"b":1}`, status, answer), f.exchange(9, "Then", "GET", "/x", "", 200, read)))
		return set.Scenarios[0].Observations
	}
	won := seen(200, `{"result":"updated"}`, `{"a":1,"b":1}`)
	if lost := seen(409, conflict, `{"a":1}`); len(won) != 3 || !reflect.DeepEqual(won, lost) {
		t.Errorf("observed %+v, and %+v where one has lost", won, lost)
	}
	if failed := seen(500, `{}`, `{"a":1}`); reflect.DeepEqual(won, failed) {
		t.Error("a writer that fails is not seen")
	}
}

// A read that is repeated until it is as demanded was answered once.
func TestRepeatedReads(t *testing.T) {
	t.Parallel()
	const step = "Then eventually, within 5 s, the response"
	f := newFake(3)
	at := f.exchange(9, "When I", "GET", "/x", "", 200, `{"a":2}`)
	once := Of(f.run(at)).Scenarios[0].Observations
	often := Of(f.run(f.exchange(0, "When I", "GET", "/x", "", 200, `{"a":1}`), f.exchange(5, step, "GET", "/x", "", 200, `{"a":1}`), f.exchange(9, step, "GET", "/x", "", 200, `{"a":2}`))).Scenarios[0].Observations
	if !reflect.DeepEqual(once, often) {
		t.Errorf("observed %+v, want %+v", often, once)
	}
}

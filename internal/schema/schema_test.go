package schema_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/testkit/testruns"
	"github.com/esconform/esconform/schemas"
)

func load(t *testing.T) *schema.Set {
	t.Helper()
	set, err := schema.Load(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestEmbeddedSchemasAreClean(t *testing.T) {
	t.Parallel()
	for _, p := range schema.Lint(schemas.FS) {
		t.Error(p)
	}
	for _, name := range []string{"stats-answer", "error", "plain-error", "sync-job", "stored-sync-job", "sync-job-list", "document", "created", "acknowledged"} {
		if !load(t).Has(name) {
			t.Errorf("there is no schema %s", name)
		}
	}
}

const job = `{"id":"j","connector":{"id":"c"},"created_at":"2023-01-02T10:00:00.000Z","deleted_document_count":1,
"indexed_document_count":2,"indexed_document_volume":3,"job_type":"full","last_seen":"2023-01-02T10:00:00.123456789Z",
"metadata":{},"status":"pending","total_document_count":2147483647,"trigger_method":"on_demand"}`

func TestValidate(t *testing.T) {
	t.Parallel()
	set := load(t)
	with := func(old, new string) string { return strings.Replace(job, old, new, 1) }
	for name, tt := range map[string]struct{ schema, doc, want string }{
		"job":                {"sync-job", job, ""},
		"count beyond int":   {"sync-job", with("2147483647", "2147483648"), "/total_document_count: "},
		"count as text":      {"sync-job", with(`_volume":3`, `_volume":"3"`), "/indexed_document_volume: "},
		"no milliseconds":    {"sync-job", with("00.123456789Z", "00Z"), "/last_seen: "},
		"no zone":            {"sync-job", with("123456789Z", "123"), "/last_seen: "},
		"impossible instant": {"sync-job", with("2023-01-02T10:00:00.123456789Z", "2023-02-30T10:00:00.000Z"), "/last_seen: "},
		"unknown status":     {"sync-job", with("pending", "waiting"), "/status: "},
		"no id":              {"sync-job", with(`"id":"j",`, ""), "the document: id is required"},
		"list":               {"sync-job-list", `{"count":1,"results":[` + job + `]}`, ""},
		"bad list":           {"sync-job-list", `{"count":1,"results":[{}]}`, "/results/0: "},
		"answer":             {"stats-answer", `{"result":"updated"}`, ""},
		"answer with more":   {"stats-answer", `{"result":"updated","a":1}`, "a is not allowed"},
		"other result":       {"stats-answer", `{"result":"created"}`, "/result: "},
		"error":              {"error", `{"error":{"root_cause":[{"type":"a","reason":"b"}],"type":"a","reason":"b"},"status":400}`, ""},
		"error without root": {"error", `{"error":{"root_cause":[],"type":"a","reason":"b"},"status":400}`, "/error/root_cause: "},
		"plain error":        {"plain-error", `{"error":"no","status":405}`, ""},
		"unknown schema":     {"bogus", `{}`, `there is no schema "bogus"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := jsonval.Decode([]byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range set.Validate(tt.schema, doc) {
				got = append(got, p.String())
			}
			if text := strings.Join(got, "\n"); (tt.want == "") != (text == "") || !strings.Contains(text, tt.want) {
				t.Errorf("got %q, want one with %q", text, tt.want)
			}
		})
	}
}

func TestValidateIsSortedAndSafe(t *testing.T) {
	t.Parallel()
	set := load(t)
	doc, _ := jsonval.Decode([]byte(`{"id":1,"connector":{},"status":"x","job_type":"y","last_seen":"z"}`))
	want := set.Validate("sync-job", doc)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			got := set.Validate("sync-job", doc)
			if len(got) != len(want) {
				t.Errorf("%d problems, want %d", len(got), len(want))
				return
			}
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("problem %d is %v, want %v", i, got[i], want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const head = `"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://x.test/a.json"`
	for name, tt := range map[string]struct{ schema, want string }{
		"typo in a keyword":   {`{` + head + `,"requird":["a"]}`, `unknown keyword "requird"`},
		"typo further down":   {`{` + head + `,"properties":{"a":{"minimun":1}}}`, `a.json#/properties/a: unknown keyword "minimun"`},
		"newer draft":         {`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://x.test/a.json"}`, "$schema is"},
		"no id":               {`{"$schema":"http://json-schema.org/draft-07/schema#"}`, "$id"},
		"reference elsewhere": {`{` + head + `,"properties":{"a":{"$ref":"https://other.test/b.json"}}}`, "refers to no schema of this set"},
		"reference nowhere":   {`{` + head + `,"properties":{"a":{"$ref":"#/definitions/b"}}}`, "leads nowhere"},
		"beside a reference":  {`{` + head + `,"properties":{"a":{"$ref":"#","type":"object"}}}`, "beside $ref"},
		"beside description":  {`{` + head + `,"properties":{"a":{"$ref":"#","description":"x","type":"object"}}}`, "beside $ref"},
		"unknown format":      {`{` + head + `,"format":"uuid"}`, "unknown format"},
		"duplicate key":       {`{` + head + `,"type":"object","type":"array"}`, "type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.Load(fstest.MapFS{"a.json": {Data: []byte(tt.schema)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want one with %q", err, tt.want)
			}
		})
	}
}

// Written piece by piece, a document is the same, and held against its schema.
func TestWriteLong(t *testing.T) {
	t.Parallel()
	run := testruns.Failing()
	head := *run
	head.Scenarios = []result.Scenario{}
	var whole, long bytes.Buffer
	if err := errors.Join(schema.Write(&whole, "report", run), schema.WriteLong(&long, "report", &head, "scenarios", run.Scenarios)); err != nil {
		t.Fatal(err)
	}
	want, err := jsonval.Decode(whole.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := jsonval.Decode(long.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := jsonval.Diff(want, got); len(diff) > 0 {
		t.Errorf("piece by piece it is another document: %v", diff)
	}

	for name, tc := range map[string]struct {
		change func(head *result.Run, list []result.Scenario) any
		want   string
	}{
		"a head that does not match": {func(head *result.Run, _ []result.Scenario) any { head.ExitCode = 7; return head }, "/exit_code"},
		"an item that does not":      {func(head *result.Run, list []result.Scenario) any { list[1].Line = 0; return head }, "item 1 of scenarios: "},
		"a list that is not empty":   {func(head *result.Run, list []result.Scenario) any { head.Scenarios = list; return head }, "does not end with an empty list"},
	} {
		list := slices.Clone(run.Scenarios)
		head := head
		if err := schema.WriteLong(io.Discard, "report", tc.change(&head, list), "scenarios", list); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

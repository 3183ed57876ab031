package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

func TestHead(t *testing.T) {
	t.Parallel()
	whole := func() string { return `{"type":"run","run":{"run_id":"7f3a"}}` + "\n" + `{"type":"end"}` + "\n" }
	for _, tc := range []struct {
		name   string
		report func(text string) string // "" removes it
		// journal is its content, "" removes it
		journal string
		want    string // in the error, or why it was cut short; "" is a whole run
	}{
		{"whole", func(s string) string { return s }, whole(), ""},
		{"without a journal", func(s string) string { return s }, "", ""},
		{"a killed run", func(s string) string { return s }, `{"type":"run","run":{"run_id":"7f3a"}}` + "\n", "its journal has no last line"},
		{"the journal of another run", func(s string) string { return s }, strings.Replace(whole(), "7f3a", "ffff", 1), "may be of an earlier one"},
		{"killed before its report", func(string) string { return "" }, `{"type":"run","run":{"run_id":"7f3a"}}` + "\n", "there is its journal and no report"},
		{"nothing", func(string) string { return "" }, "", "there is neither a report.json nor a journal"},
		{"half a report", func(s string) string { return s[:len(s)-9] }, whole(), "not all of it is there"},
		{"a scenario less", func(s string) string { return strings.Replace(s, `"outcome":"passed"`, `"outcome":"failed"`, 1) }, whole(), "scenarios and has"},
		{"something else", func(string) string { return `{"scenarios":[]}` }, whole(), "not a report of this format"},
		{"no list", func(string) string { return `[{"scenarios":[]}]` }, whole(), "not a report of this format: the document: Invalid type. Expected: object, given: array"},
		{"null", func(string) string { return "null" }, whole(), "not a report of this format: the document: Invalid type. Expected: object, given: null"},
		{"null for scenarios", noScenarios("null"), whole(), "not a report of this format: /scenarios: Invalid type. Expected: array, given: null"},
		{"an object for scenarios", noScenarios("{}"), whole(), "not a report of this format: /scenarios: Invalid type. Expected: array, given: object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir, run := t.TempDir(), testruns.Passing()
			run.RunID = "7f3a"
			if err := Write(dir, run); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, JSONFile)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			put(t, name, tc.report(string(text)))
			put(t, filepath.Join(dir, JournalFile), tc.journal)
			got, err := Head(dir)
			switch {
			case err != nil:
				if tc.want == "" || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got the error %v, want %q", err, tc.want)
				}
			case tc.want != "":
				if !strings.Contains(got.CutShort, tc.want) || got.Verdict != result.Inconclusive {
					t.Errorf("got %s, cut short: %q, want %q", got.Verdict, got.CutShort, tc.want)
				}
			case len(got.Scenarios) > 0 || got.Verdict != run.Verdict || !reflect.DeepEqual(got.Counts, run.Counts) || len(got.Requirements) != len(run.Requirements):
				t.Errorf("got %+v", got)
			}
		})
	}
}

// noScenarios gives a report that counts none something else for them.
func noScenarios(instead string) func(string) string {
	return func(text string) string {
		var doc map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			panic(err)
		}
		doc["scenarios"], doc["counts"] = json.RawMessage(instead), json.RawMessage("{}")
		raw, err := json.Marshal(doc)
		if err != nil {
			panic(err)
		}
		return string(raw)
	}
}

func put(t *testing.T, name, content string) {
	t.Helper()
	err := os.WriteFile(name, []byte(content), 0o644)
	if content == "" {
		err = os.Remove(name)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What is read side by side is handed over in order, and an error ends it.
func TestInOrder(t *testing.T) {
	t.Parallel()
	names := strings.Split("abcdefghi", "")
	var got []string
	read := func(name string) (string, error) { return name, nil }
	if err := InOrder(names, read, func(s string) error { got = append(got, s); return nil }); err != nil || !reflect.DeepEqual(got, names) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range names {
		err := InOrder(names, func(name string) (string, error) {
			if name == bad {
				return "", os.ErrInvalid
			}
			return name, nil
		}, func(s string) error {
			if s >= bad {
				t.Errorf("%s is handed over, and %s could not be read", s, bad)
			}
			return nil
		})
		if err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

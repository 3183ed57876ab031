package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a run with a scenario of every outcome, and text that is hard to
// carry.
func sample() *result.Run {
	started := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	zero := 0
	exchange := result.Exchange{
		Started: started, DurationMS: 1.5, Purpose: "When the stats are set",
		Request:  result.Message{Method: "PUT", Path: "/_connector/_sync_job/j/_stats", Body: `{"deleted_document_count":1}`},
		Response: &result.Message{Status: 200, Body: `{"result":"updated"}`},
	}
	failure := &result.Failure{
		Kind: "assertion", Message: "wrong <value> \x01", Expected: "/last_seen at or after /created_at", Actual: "/last_seen 2023",
		Step: "Then last_seen is now", Location: "features/a.feature:21", Exchange: &zero,
	}
	scenario := func(id string, o result.Outcome) result.Scenario {
		sc := result.Scenario{
			ID: id, Name: "The rule of " + id, Feature: "Rules & <exceptions>", File: "features/a.feature", Line: 20,
			Profile: "documented", Requirements: []string{"stats." + id}, Outcome: o, Started: started, DurationMS: 12.5,
			Steps: []result.Step{{Keyword: "Then", Text: "it holds", Line: 21, Outcome: result.Passed, DurationMS: 1}},
		}
		switch o {
		case result.Failed, result.Error, result.Flaky:
			sc.Failure, sc.Exchanges = failure, []result.Exchange{exchange}
		}
		if o == result.Error {
			e := *failure
			e.Kind, e.Expected, e.Actual = "transport", "", ""
			sc.Failure = &e
		}
		if o != result.Passed && o != result.Failed && o != result.Error {
			sc.Reason = "because of " + string(o)
		}
		return sc
	}
	run := &result.Run{
		Schema: 1, RunID: "0badcafe", Suite: result.Suite{Version: "test", Digest: "0123456789ab"},
		Target: result.Target{Kind: "embedded", URL: "http://127.0.0.1:1", Version: "9.5.3"},
		Seed:   7, Parallel: 8, Repeat: 1, Started: started, DurationMS: 1234, Verdict: result.Nonconformant,
		Reason: "2 scenarios did not get what is required", ExitCode: 1, CutShort: "Ctrl-C",
		Resources: result.Resources{Created: 3, Deleted: 2, Command: "esconform cleanup esconform-report", Leftovers: []result.Leftover{{Kind: "connector", ID: "c", Why: "answered 500", Command: "curl -X DELETE …"}}},
		Counts:    map[result.Outcome]int{},
	}
	for _, o := range result.Outcomes() {
		sc := scenario(string(o), o)
		run.Scenarios = append(run.Scenarios, sc)
		run.Counts[o]++
		run.Requirements = append(run.Requirements, result.Requirement{
			ID: "stats." + string(o), Statement: "It MUST hold for " + string(o) + ".", Profile: "documented", Outcome: o,
			Reason: sc.Reason, Scenarios: []string{sc.ID},
		})
	}
	run.Causes = cause.Of(run)
	return run
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (renew with -update):\n%s", file, got)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := JSON(&buf, sample()); err != nil {
		t.Fatal(err)
	}
	run, err := Read(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Scenarios) != len(result.Outcomes()) || run.Scenarios[0].Failure.Expected == "" {
		t.Errorf("what was read back is not what was written: %+v", run.Scenarios)
	}
}

// A report of a version that knew no causes has them once it is read.
func TestReadFindsCauses(t *testing.T) {
	t.Parallel()
	old := sample()
	want := old.Causes
	old.Causes = nil
	var buf bytes.Buffer
	if err := JSON(&buf, old); err != nil {
		t.Fatal(err)
	}
	run, err := Read(&buf)
	if err != nil || len(want) == 0 || !reflect.DeepEqual(run.Causes, want) {
		t.Errorf("got %+v, %v, want %+v", run, err, want)
	}
}

// A report that breaks its own schema is not written.
func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*result.Run){
		"no reason":          func(r *result.Run) { r.Reason = "" },
		"unknown outcome":    func(r *result.Run) { r.Scenarios[0].Outcome = "fine" },
		"skipped silently":   func(r *result.Run) { r.Scenarios[5].Reason = "" },
		"failed for nothing": func(r *result.Run) { r.Scenarios[0].Failure = nil },
		"wrong digest":       func(r *result.Run) { r.Suite.Digest = "x" },
		"exit code 2":        func(r *result.Run) { r.ExitCode = 2 },
	} {
		run := sample()
		spoil(run)
		if err := JSON(&bytes.Buffer{}, run); err == nil {
			t.Errorf("%s: was written", name)
		}
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := JUnit(&buf, sample()); err != nil {
		t.Fatal(err)
	}
	golden(t, "junit.golden.xml", buf.Bytes())
	var back junitSuites
	if err := xml.Unmarshal(buf.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	// failed and flaky; error, not_run and the run that was cut short; skipped and waived
	if back.Tests != 8 || back.Failures != 2 || back.Errors != 3 || back.Skipped != 2 {
		t.Errorf("tests %d, failures %d, errors %d, skipped %d", back.Tests, back.Failures, back.Errors, back.Skipped)
	}
}

func TestJUnitMatchesItsSchema(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is missing; install it (on Debian: apt-get install libxml2-utils) to hold junit.xml against junit.xsd")
	}
	validate := func(doc []byte) error {
		cmd := exec.Command(xmllint, "--noout", "--schema", filepath.Join("testdata", "junit.xsd"), "-")
		cmd.Stdin = bytes.NewReader(doc)
		out, err := cmd.CombinedOutput()
		if err != nil {
			return errors.New(string(out))
		}
		return nil
	}
	var buf bytes.Buffer
	if err := JUnit(&buf, sample()); err != nil {
		t.Fatal(err)
	}
	if err := validate(buf.Bytes()); err != nil {
		t.Error(err)
	}
	if err := validate(bytes.ReplaceAll(buf.Bytes(), []byte("classname="), []byte("klass="))); err == nil {
		t.Error("the schema accepts a test case without classname")
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	for cut, want := range map[string]string{
		"":       "run" + strings.Repeat(" scenario", 7) + " end",
		"Ctrl-C": "run" + strings.Repeat(" scenario", 7),
	} {
		var buf bytes.Buffer
		run := sample()
		run.CutShort = cut
		j := NewJournal(&buf, *run)
		for _, sc := range run.Scenarios {
			j.Scenario(sc)
		}
		if err := j.End(run); err != nil {
			t.Fatal(err)
		}
		var types []string
		for line := range strings.Lines(buf.String()) {
			var l journalLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			types = append(types, l.Type)
		}
		if got := strings.Join(types, " "); got != want {
			t.Errorf("cut short %q: lines are %s, want %s", cut, got, want)
		}
	}
}

type brokenDisk struct{ left int }

func (b *brokenDisk) Write(p []byte) (int, error) {
	if b.left--; b.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// A journal with a hole must not get a footer.
func TestJournalOnAFullDisk(t *testing.T) {
	t.Parallel()
	run := sample()
	j := NewJournal(&brokenDisk{left: 2}, *run)
	for _, sc := range run.Scenarios {
		j.Scenario(sc)
	}
	if err := j.End(run); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v", err)
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	for _, live := range []bool{false, true} {
		var buf bytes.Buffer
		run := sample()
		term := NewTerminal(&buf, TerminalOptions{Live: live, Color: live, Width: 40})
		term.Begin(run, len(run.Scenarios), "everything")
		for _, sc := range run.Scenarios {
			term.Scenario(sc)
		}
		term.End(run, "esconform-report")
		if hasEscape := strings.Contains(buf.String(), "\x1b"); hasEscape != live {
			t.Errorf("live %v: escape sequences %v", live, hasEscape)
		}
		if !live {
			golden(t, "terminal.golden.txt", buf.Bytes())
		}
	}
}

// many is a run with two failures of one kind, and errors of n kinds.
func many(n int) *result.Run {
	run := sample()
	run.Scenarios = nil
	add := func(id string, o result.Outcome, message string) {
		sc := sample().Scenarios[0]
		f := *sc.Failure
		f.Message, f.Kind = message, "setup"
		sc.ID, sc.Outcome, sc.Failure = id, o, &f
		sc.Requirements = []string{"stats.failed"}
		run.Scenarios = append(run.Scenarios, sc)
	}
	for i := range 400 {
		add(fmt.Sprintf("many.failed-%03d", i), result.Failed, "the count is wrong")
	}
	for i := range n {
		for k := range 2 {
			add(fmt.Sprintf("many.error-%d-%d", i, k), result.Error, "no way "+strings.Repeat("on", i))
			run.Scenarios[len(run.Scenarios)-1].Failure.Call = fmt.Sprintf("GET /%c", 'a'+i)
		}
	}
	run.Causes = cause.Of(run)
	run.Counts = map[result.Outcome]int{result.Failed: 400, result.Error: 2 * n}
	return run
}

// Whatever goes wrong, the end of a run fits on a screen, and what is printed
// before does not grow with the number of failures.
func TestTerminalCauses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		run   *result.Run
		width int
	}{
		"causes": {many(1), 100}, "many_causes": {many(30), 100}, "narrow": {many(1), 40},
	} {
		var buf bytes.Buffer
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		term := NewTerminal(&buf, TerminalOptions{Width: tc.width, Now: func() time.Time { return now }})
		term.width = tc.width // as on a terminal, but without its control sequences
		term.Begin(tc.run, len(tc.run.Scenarios), "everything")
		for _, sc := range tc.run.Scenarios {
			term.Scenario(sc)
		}
		live := buf.Len()
		if n := strings.Count(buf.String(), "\n"); n > 3+wholeCauses*11+mostLines {
			t.Errorf("%s: %d lines while it runs", name, n)
		}
		term.End(tc.run, "esconform-report")
		end := buf.String()[live:]
		if n := strings.Count(end, "\n"); n > 40 {
			t.Errorf("%s: %d lines at the end", name, n)
		}
		golden(t, "terminal_"+name+".golden.txt", buf.Bytes())
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := newProgress(TerminalOptions{Live: true, Now: func() time.Time { return now }})
	p.begin(100)
	p.start("stats.slow")
	pass := func(n int, o result.Outcome) {
		for range n {
			p.end(&result.Scenario{ID: "another", Outcome: o})
		}
	}
	pass(19, result.Passed)
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, "19 of 100 scenarios"},
		{func() { pass(1, result.Failed); now = now.Add(2 * time.Second) }, "20 of 100 scenarios, 1 not passed, about 8s left"},
		{func() { pass(40, result.Skipped); now = now.Add(2 * time.Second) }, "60 of 100 scenarios, 1 not passed, about 8s left, stats.slow for 4s"},
		{func() { p.stop("stats.slow"); pass(40, result.Passed) }, "100 of 100 scenarios, 1 not passed"},
	} {
		step.do()
		if got := p.say(200); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
	if got := p.say(20); got != "100 of 100 scenari…" {
		t.Errorf("in 20 columns: %q", got)
	}
	quiet := newProgress(TerminalOptions{Now: func() time.Time { return now }})
	quiet.begin(2)
	now = now.Add(logEvery - 1)
	if got := quiet.say(80); got != "" {
		t.Errorf("a log has %q", got)
	}
	now = now.Add(1)
	if first, second := quiet.say(80), quiet.say(80); first != "0 of 2 scenarios" || second != "" {
		t.Errorf("after a minute a log has %q and %q", first, second)
	}
}

// The line that says how far a run is may be renewed at any moment.
func TestTerminalWatch(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	run := sample()
	term := NewTerminal(&buf, TerminalOptions{Live: true})
	stop := term.Watch()
	term.tick() // before anything is known
	if buf.Len() > 0 {
		t.Errorf("before a run begins it says %q", buf.String())
	}
	term.Begin(run, len(run.Scenarios), "everything")
	for _, sc := range run.Scenarios {
		go term.Started(sc.ID)
		term.Scenario(sc)
	}
	term.tick()
	stop()
	term.End(run, "esconform-report")
	if !strings.Contains(buf.String(), "7 of 7 scenarios, 3 not passed") {
		t.Errorf("it never said how far the run was: %q", buf.String())
	}
}

// Colours are ours; whatever else steers a terminal is shown and not obeyed.
func TestTerminalThroughTheDoor(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	door := foreign.NewWriter(&buf, &foreign.Secrets{})
	run := testruns.Hostile()
	term := NewTerminal(door, TerminalOptions{Live: true, Color: true, Own: door.Own})
	term.Begin(run, len(run.Scenarios), "everything")
	for _, sc := range run.Scenarios {
		term.Scenario(sc)
	}
	term.End(run, "esconform-report")
	got := buf.String()
	for _, want := range []string{"\x1b[31;1mFAILED\x1b[", "\r1 of 1 scenario, 1 not passed\x1b[K", `\u001b[31m`, `\u0000`, "\n            \\u003a:error file=x::y"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	for _, bad := range []string{"\x1b[31m ", "\x00", "\u2028"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q is in %q", bad, got)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := Write(dir, sample()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{JSONFile, HTMLFile, JUnitFile, SummaryFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Write(filepath.Join(dir, "absent"), sample()); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

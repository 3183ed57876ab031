package report

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/result"
)

func take(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Take(dir, JournalFile, sample(), Names()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func fill(t *testing.T, dir, text string) {
	t.Helper()
	for _, name := range append(Names(), JournalFile) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// From the moment on that a run has its folder, nothing in it tells of another.
func TestAFolderTellsOfOneRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, "esconform: conformant")
	f := take(t, dir)
	if err := f.KeepSpace(); err != nil {
		t.Fatal(err)
	}
	for _, name := range Names() {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s of an earlier run is there still", name)
		}
	}
	journal, err := os.ReadFile(filepath.Join(dir, JournalFile))
	if err != nil || !strings.HasPrefix(string(journal), `{"type":"run"`) || bytes.Count(journal, []byte("\n")) != 1 {
		t.Errorf("the journal is %q, %v", journal, err)
	}
	if err := f.Write(sample(), nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 6 {
		t.Errorf("the folder has %v, %v; want five reports and a journal", entries, err)
	}
}

func TestAFolderIsForOneRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := take(t, dir)
	before, err := os.ReadFile(filepath.Join(dir, JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	if _, err := Take(dir, JournalFile, sample(), Names()...); !errors.As(err, &busy) {
		t.Errorf("a second run got the folder: %v", err)
	}
	if _, err := OpenRecord(filepath.Join(dir, JournalFile)); !errors.As(err, &busy) {
		t.Errorf("the run was taken for one that is over: %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, JournalFile)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the journal of the first was touched: %q, %v", after, err)
	}
	f.Close()
	take(t, dir)
}

func TestAFolderInPlaceOfAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, JSONFile), []byte("earlier"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, JUnitFile), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Take(dir, JournalFile, sample(), Names()...)
	if err == nil || !strings.Contains(err.Error(), "junit.xml is a folder") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, JSONFile)); err != nil || string(text) != "earlier" {
		t.Errorf("the report of the earlier run was touched: %q, %v", text, err)
	}
}

// Where a report cannot be written, what can be written says so, and nothing
// tells of the verdict that the run would have had.
func TestOneTruth(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(dir string) File{
		"a file that cannot be written": func(string) File {
			return File{Name: HTMLFile, Write: func(io.Writer) error { return errors.New("no space left on device") }}
		},
		"a place that is taken": func(dir string) File {
			return File{Name: HTMLFile, Write: func(w io.Writer) error {
				_ = os.Mkdir(filepath.Join(dir, HTMLFile), 0o700)
				_, err := io.WriteString(w, "text")
				return err
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			f := take(t, dir)
			run := sample()
			run.Verdict, run.ExitCode, run.Reason = result.Conformant, 0, "all passed"
			if err := f.Write(run, nil, spoil(dir)); err == nil {
				t.Fatal("it was written")
			}
			if run.Verdict != result.Inconclusive || run.ExitCode != result.ExitInconclusive || !strings.Contains(run.Reason, HTMLFile) {
				t.Errorf("the run is %s (%d): %s", run.Verdict, run.ExitCode, run.Reason)
			}
			for _, name := range append(Names(), JournalFile) {
				text, err := os.ReadFile(filepath.Join(dir, name))
				if err == nil && strings.Contains(string(text), "all passed") {
					t.Errorf("%s tells of another verdict", name)
				}
			}
			if got := read(t, dir); got.Verdict != result.Inconclusive || len(got.Scenarios) != len(run.Scenarios) {
				t.Errorf("the report says %s of %d scenarios", got.Verdict, len(got.Scenarios))
			}
		})
	}
}

func read(t *testing.T, dir string) *result.Run {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, JSONFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	run, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// The outline of a run is a report, too.
func TestOutline(t *testing.T) {
	t.Parallel()
	run := sample()
	var whole, short bytes.Buffer
	if err := errors.Join(JSON(&whole, run), JSON(&short, outline(run))); err != nil {
		t.Fatal(err)
	}
	if short.Len() >= whole.Len() || len(run.Scenarios[0].Steps) == 0 {
		t.Errorf("%d bytes of %d; the run has %d steps", short.Len(), whole.Len(), len(run.Scenarios[0].Steps))
	}
}

// What a run was about to create can be read from its journal, also where that
// ends in the middle of a line.
func TestRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := take(t, dir)
	events := []result.ResourceEvent{
		{Event: result.ResourceCreating, Kind: "connector", ID: "esconform-r1-1"}, {Event: result.ResourceGone, Kind: "connector", ID: "esconform-r1-1"},
	}
	for _, e := range events {
		if err := f.Journal().Resource(e); err != nil {
			t.Fatal(err)
		}
	}
	err := errors.Join(f.Journal().Target(result.Target{Kind: "url", URL: "http://es:9200"}), f.Journal().Scenario(sample().Scenarios[0]))
	if _, werr := f.file.WriteString(`{"type":"resource","resource":{"event":"crea`); err != nil || werr != nil {
		t.Fatal(err, werr)
	}
	f.Close()
	record, err := OpenRecord(filepath.Join(dir, JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if diff := cmp.Diff(events, record.Resources); diff != "" || record.Run.Target.URL != "http://es:9200" || record.Run.RunID != sample().RunID {
		t.Errorf("the record is of the run %s on %s; events -want +got\n%s", record.Run.RunID, record.Run.Target.URL, diff)
	}
}

func TestRecordOfNoRun(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"empty": "", "no journal": "{}\n", "not JSON": "a\nb\n"} {
		file := filepath.Join(t.TempDir(), JournalFile)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenRecord(file); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := OpenRecord(os.DevNull); err == nil || !strings.Contains(err.Error(), "give a regular file") {
		t.Errorf("a device: got %v", err)
	}
}

func TestTheRootIsNoFolderForReports(t *testing.T) {
	t.Parallel()
	if _, err := Take(string(filepath.Separator), JournalFile, sample(), Names()...); err == nil || !strings.Contains(err.Error(), "it is the root of the file system") {
		t.Errorf("got %v", err)
	}
}

// A link in place of the journal would have a run write over what it leads to.
func TestAJournalIsNoLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, filepath.Join(dir, JournalFile)); err != nil {
		t.Skipf("this file system has no symbolic links (%v): use one that has", err)
	}
	_, err := Take(dir, JournalFile, &result.Run{RunID: "r"})
	if err == nil || !strings.Contains(err.Error(), "is no regular file; remove it") {
		t.Errorf("a link is taken for a journal: %v", err)
	}
	if got, _ := os.ReadFile(precious); string(got) != "mine" {
		t.Errorf("what the link leads to is now %q", got)
	}
}

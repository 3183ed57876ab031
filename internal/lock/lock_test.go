package lock

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLocks(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	open := func() *os.File {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if Held(name) {
		t.Error("a file that is not there is held")
	}
	first := open()
	if !Take(first) || !Held(name) || Take(open()) {
		t.Error("the lock keeps nobody away")
	}
	if _, err := first.WriteString("text"); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "text" {
		t.Errorf("what is locked cannot be read: %q, %v", text, err)
	}
	first.Close()
	if Held(name) || !Take(open()) {
		t.Error("the lock is still there after its file was closed")
	}
}

func TestRunsThatGoOn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	run, err := Begin("00c0ffee")
	if err != nil {
		t.Fatal(err)
	}
	if !Held(OfRun("00c0ffee")) || run.Name() != OfRun("00c0ffee") {
		t.Error("nothing says that the run is going on")
	}
	if _, err := Begin("00c0ffee"); err == nil {
		t.Error("two runs have one id")
	}
	run.End()
	if Held(OfRun("00c0ffee")) {
		t.Error("the run is still said to go on")
	}
}

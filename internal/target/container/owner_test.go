//go:build unix

package container

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// A run that is killed leaves its container, one that is told to end twice says
// so. A later run mentions it, and it is removed by the folder of the run or by
// its id, but not while the run goes on.
func TestContainersOfKilledRuns(t *testing.T) {
	eng := needEngine(t)
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	esconform := func(args ...string) (string, int) {
		cmd := exec.CommandContext(t.Context(), file, args...)
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	for _, tt := range []struct {
		name    string
		signals []syscall.Signal
		byID    bool
		says    string
	}{
		{"killed", []syscall.Signal{syscall.SIGKILL}, false, ""},
		{"killed, removed by the id", []syscall.Signal{syscall.SIGKILL}, true, ""},
		{"told twice", []syscall.Signal{syscall.SIGSTOP, hangUp(), syscall.SIGINT, syscall.SIGCONT}, false, "this removes what is left: esconform cleanup "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nothingLeft(t, eng)
			c := newCommand(t, goodImage, "--repeat", "50", "--parallel", "4")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			c.midway(t)
			of := c.out
			if tt.byID {
				of = idOf(t, c.out)
			}
			if out, code := esconform("cleanup", idOf(t, c.out)); code != 2 || !strings.Contains(out, "is going on on this machine") {
				t.Errorf("a run that goes on was cleaned up after (%d): %s", code, out)
			}
			if out, code := esconform("run", "--image", goodImage, "--id", "stats.code.200"); code != 0 || strings.Contains(out, "left before") {
				t.Errorf("the container of a run that goes on was taken for a left one (%d): %s", code, out)
			}
			for _, s := range tt.signals {
				if err := c.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			_ = c.Wait()
			ours(t, eng)
			if !strings.Contains(c.output.String(), tt.says) {
				t.Errorf("printed %s, want %q in it", c.output.String(), tt.says)
			}
			if out, code := esconform("run", "--image", goodImage, "--id", "stats.code.200"); code != 0 || !strings.Contains(out, "this removes it: esconform cleanup "+idOf(t, c.out)) {
				t.Errorf("a later run does not mention the container (%d): %s", code, out)
			}
			ours(t, eng)
			if out, code := esconform("cleanup", of); code != 0 || !strings.Contains(out, "removed the container esconform-") {
				t.Errorf("cleanup %s ended with %d: %s", of, code, out)
			}
			if out, code := esconform("cleanup", of); code != 0 || !strings.Contains(out, "nothing is left") {
				t.Errorf("a second cleanup ended with %d: %s", code, out)
			}
		})
	}
}

var runID = regexp.MustCompile(`"run_id":"([0-9a-f]{8})"`)

func idOf(t *testing.T, folder string) string {
	t.Helper()
	journal, err := os.ReadFile(filepath.Join(folder, "journal.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(journal, []byte("\n"))
	m := runID.FindSubmatch(first)
	if m == nil {
		t.Fatalf("no id in %s", first)
	}
	return string(m[1])
}

// A container of another machine, or of which nothing is known, stays.
func TestContainersOfOthersStay(t *testing.T) {
	t.Parallel()
	for _, labels := range []map[string]string{
		{Label: "r"}, {Label: "r", labelHost: "elsewhere", labelLock: "/nonexistent"},
	} {
		if why := alive(labels); why == "" {
			t.Errorf("%v is taken for abandoned", labels)
		}
	}
	if why := alive(map[string]string{Label: "r", labelHost: machine(), labelLock: "/nonexistent"}); why != "" {
		t.Errorf("a run that is over is said to go on: %s", why)
	}
	if got := labels("0badcafe", "n"); got[Label] != "0badcafe" || got[labelHost] != "" {
		t.Errorf("a run that nothing marks has the labels %v", got)
	}
}

// hangUp is SIGHUP, or, where that is ignored, as below nohup, another signal
// that ends a run.
func hangUp() syscall.Signal {
	if signal.Ignored(syscall.SIGHUP) {
		return syscall.SIGTERM
	}
	return syscall.SIGHUP
}

//go:build unix

package container

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/esconform/esconform/internal/result"
)

// The images of the whole program, serving as it should, with a defect, and
// without its index templates at first.
var (
	goodImage   = images + "-serve:latest"
	faultyImage = images + "-faulty:latest"
	lateImage   = images + "-late:latest"
)

const fault = "stats.required.deleted-document-count-optional"

// program is the whole program, with images of it.
var program = sync.OnceValues(func() (string, error) {
	file, err := whole()
	if err != nil {
		return "", err
	}
	serve := `"/server","serve","--addr","0.0.0.0:9200","--data","/data/store.json"`
	for image, more := range map[string]string{goodImage: "", lateImage: `,"--templates-after","2s"`, faultyImage: `,"--fault","` + fault + `"`} {
		if err := importImage(image, file, "ENTRYPOINT ["+serve+more+"]"); err != nil {
			return "", err
		}
	}
	return file, nil
})

// command is one run of the program against an image.
type command struct {
	*exec.Cmd
	out    string // folder of the reports
	output bytes.Buffer
}

func newCommand(t *testing.T, image string, args ...string) *command {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{out: t.TempDir()}
	c.Cmd = exec.CommandContext(t.Context(), file, append([]string{"run", "--image", image, "--out", c.out}, args...)...)
	c.Dir = t.TempDir()
	c.Stdout, c.Stderr = &c.output, &c.output
	return c
}

// wait waits for the end and returns the exit code and the report.
func (c *command) wait(t *testing.T) (int, result.Run) {
	t.Helper()
	err := c.Wait()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	var report result.Run
	content, err := os.ReadFile(filepath.Join(c.out, "report.json"))
	if err == nil {
		err = json.Unmarshal(content, &report)
	}
	if err != nil {
		t.Fatalf("read the report: %v; printed: %s", err, c.output.String())
	}
	return c.ProcessState.ExitCode(), report
}

// midway waits until some scenarios have ended.
func (c *command) midway(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		journal, _ := os.ReadFile(filepath.Join(c.out, "journal.ndjson"))
		if bytes.Count(journal, []byte(`{"type":"scenario"`)) > 5 {
			return
		}
	}
	t.Fatalf("no scenario has ended; printed: %s", c.output.String())
}

func TestWholeRunsAgainstContainers(t *testing.T) {
	eng := needEngine(t)
	if _, err := program(); err != nil {
		t.Fatal(err)
	}
	t.Run("templates come late", func(t *testing.T) {
		nothingLeft(t, eng)
		c := newCommand(t, lateImage, "--id", "stats.code.200")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if code, report := c.wait(t); code != 0 || report.DurationMS < 500 {
			t.Errorf("exit code %d after %.0f ms; printed: %s", code, report.DurationMS, c.output.String())
		}
	})
	for _, tt := range []struct {
		name    string
		image   string
		disturb func(t *testing.T, c *command, eng *engine)
		code    int
		verdict result.Verdict
	}{
		{"conformant", goodImage, nil, 0, result.Conformant},
		{"nonconformant", faultyImage, nil, 1, result.Nonconformant},
		{"interrupted", goodImage, interrupt, 3, result.Inconclusive},
		{"interrupted while starting", goodImage, interruptStart, 3, result.Inconclusive},
		{"container dies", goodImage, kill, 3, result.Inconclusive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nothingLeft(t, eng)
			args := []string{"--timeout-request", "5s"}
			if tt.disturb != nil {
				args = append(args, "--repeat", "50", "--parallel", "4") // so that there is a middle
			}
			c := newCommand(t, tt.image, args...)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			if tt.disturb != nil {
				tt.disturb(t, c, eng)
			}
			code, report := c.wait(t)
			if code != tt.code || report.Verdict != tt.verdict {
				t.Errorf("exit code %d, verdict %s, want %d, %s; printed: %s", code, report.Verdict, tt.code, tt.verdict, c.output.String())
			}
			if strings.Contains(c.output.String(), "goroutine ") {
				t.Errorf("printed a stack trace: %s", c.output.String())
			}
			if tt.verdict == result.Conformant {
				checkRestarted(t, report)
			}
			if tt.name == "container dies" {
				checkDeath(t, report)
			}
		})
	}
}

func checkRestarted(t *testing.T, report result.Run) {
	t.Helper()
	if report.Target.Kind != "container" || report.Target.IsElasticsearch || report.Target.Image != goodImage || len(report.Resources.Leftovers) != 0 {
		t.Errorf("target %+v, resources %+v", report.Target, report.Resources)
	}
	for _, sc := range report.Scenarios {
		if strings.HasPrefix(sc.ID, "stats.restart.") && sc.Outcome == result.Passed {
			return
		}
	}
	t.Error("no scenario that restarts the container passed")
}

// checkDeath demands that the end of the container explains that of the run,
// and that nothing is looked for in a container that is gone.
func checkDeath(t *testing.T, report result.Run) {
	t.Helper()
	if !strings.Contains(report.CutShort, "the container of image "+goodImage+" exited with code 137 during the run") {
		t.Errorf("cut short: %s", report.CutShort)
	}
	if log := strings.Join(report.Target.Log, "\n"); !strings.Contains(log, "serving on http://") {
		t.Errorf("log: %s", log)
	}
	if left := report.Resources.Leftovers; len(left) > 0 {
		t.Errorf("%d leftovers in a container that is gone, such as %+v", len(left), left[0])
	}
}

func interrupt(t *testing.T, c *command, _ *engine) {
	t.Helper()
	c.midway(t)
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
}

func interruptStart(t *testing.T, c *command, eng *engine) {
	t.Helper()
	ours(t, eng) // the container is there, but perhaps not ready
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
}

func kill(t *testing.T, c *command, eng *engine) {
	t.Helper()
	c.midway(t)
	if _, err := eng.client.ContainerKill(t.Context(), ours(t, eng), client.ContainerKillOptions{Signal: "KILL"}); err != nil {
		t.Error(err)
	}
}

// ours waits for the container of the run and returns its id.
func ours(t *testing.T, eng *engine) string {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		list, err := eng.client.ContainerList(t.Context(), client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", Label).Add("ancestor", goodImage)})
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Items) == 1 {
			return list.Items[0].ID
		}
	}
	t.Fatal("the container never appeared")
	return ""
}

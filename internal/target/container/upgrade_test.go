//go:build unix

package container

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/result"
)

// The images of the whole program as an old version and as a new one, with their
// data where that of Elasticsearch is.
var (
	oldImage = images + "-old:latest"
	newImage = images + "-new:latest"
	// sickImage cannot read what the old one has stored.
	sickImage = images + "-sick:latest"
)

var versions = sync.OnceValues(func() (string, error) {
	file, err := whole()
	if err != nil {
		return "", err
	}
	serve := `"/server","serve","--addr","0.0.0.0:9200","--data","` + dataDir + `/store.json`
	for image, more := range map[string]string{oldImage: `","--emulate","8.19.21"`, newImage: `","--emulate","9.5.3"`, sickImage: `/in-a-folder"`} {
		if err := importImage(image, file, "ENTRYPOINT ["+serve+more+"]"); err != nil {
			return "", err
		}
	}
	return file, nil
})

// upgradeTo is a run of "esconform upgrade" from the old image to another.
func upgradeTo(t *testing.T, image string, args ...string) *command {
	t.Helper()
	file, err := versions()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{out: t.TempDir()}
	c.Cmd = exec.CommandContext(t.Context(), file, append([]string{"upgrade", "--from-image", oldImage, "--to-image", image, "--out", c.out}, args...)...)
	c.Dir = t.TempDir()
	c.Stdout, c.Stderr = &c.output, &c.output
	return c
}

// gone fails where anything of a run is left: containers or volumes. A container
// whose creation the run did not live to see may yet come.
func gone(t *testing.T, eng *engine, run string) {
	t.Helper()
	left, err := eng.labelled(context.Background(), Label+"="+run)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range left {
		t.Errorf("left behind: the %s %s", l.What, l.Name)
	}
}

func TestUpgradeOfImages(t *testing.T) {
	eng := needEngine(t)
	nothingLeft(t, eng)
	c := upgradeTo(t, newImage, "--id", "stats.code.200")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	code, report := c.wait(t)
	if code != 0 || report.Verdict != result.Conformant || !strings.Contains(report.Target.Note, "Upgraded from "+oldImage) {
		t.Errorf("exit code %d, %s, note %q; printed: %s", code, report.Verdict, report.Target.Note, c.output.String())
	}
	gone(t, eng, report.RunID)
}

// A version that starts, but not on the data, is not conformant.
func TestUpgradeThatDoesNotStart(t *testing.T) {
	eng := needEngine(t)
	nothingLeft(t, eng)
	c := upgradeTo(t, sickImage, "--id", "stats.code.200")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	code, report := c.wait(t)
	says := "FAILED  upgrade/starts"
	if code != 1 || report.Verdict != result.Nonconformant || !strings.Contains(c.output.String(), says) || strings.Contains(c.output.String(), "goroutine ") {
		t.Errorf("exit code %d, %s; printed: %s", code, report.Verdict, c.output.String())
	}
	gone(t, eng, report.RunID)
}

// interruptions are how many upgrades are interrupted, at random moments.
var interruptions = flag.Int("interruptions", 10, "how many `upgrades` to interrupt")

// Whenever an upgrade is told to end, nothing is left. After one that was killed,
// nothing is left once it was cleaned up after.
func TestInterruptedUpgrades(t *testing.T) {
	eng := needEngine(t)
	nothingLeft(t, eng)
	whole := upgradeTo(t, newImage, "--id", "stats.code.*")
	began := time.Now()
	if err := whole.Run(); err != nil {
		t.Fatalf("%v: %s", err, whole.output.String())
	}
	longest := time.Since(began)
	for seed := range uint64(*interruptions) {
		random := rand.New(rand.NewPCG(seed, 0))
		after := time.Duration(random.Int64N(int64(longest)))
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}[random.IntN(3)]
		c := upgradeTo(t, newImage, "--id", "stats.code.*")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(after)
		_ = c.Process.Signal(signal) // it may have ended
		_ = c.Wait()
		code := c.ProcessState.ExitCode()
		t.Logf("seed %d: %s after %s: exit code %d; printed: %s", seed, signal, after, code, finalLine(c.output.String()))
		if _, err := os.Stat(filepath.Join(c.out, "journal.ndjson")); err != nil {
			continue // nothing had begun
		}
		run := idOf(t, c.out)
		switch {
		case signal == syscall.SIGKILL:
			cleanUpAfter(t, run)
		case code != 3 && code != 0, strings.Contains(c.output.String(), "goroutine "):
			t.Errorf("seed %d: %s after %s ended with %d: %s", seed, signal, after, code, c.output.String())
		}
		gone(t, eng, run)
	}
}

func finalLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// cleanUpAfter removes what a killed run has left, as soon as the engine is done
// with what it was asked for.
func cleanUpAfter(t *testing.T, run string) {
	t.Helper()
	file, _ := versions()
	time.Sleep(time.Second)
	cmd := exec.CommandContext(t.Context(), file, "cleanup", run)
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("cleanup: %v: %s", err, out)
	}
}

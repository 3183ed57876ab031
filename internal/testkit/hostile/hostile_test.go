//go:build unix

package hostile

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/cli"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/race"
)

var update = flag.Bool("update", false, "write docs/hostile.md anew")

const (
	childVariable = "ESCONFORM_HOSTILE_CHILD"
	password      = "Hostile-pa55word-unique"
	// runLimit is the time limit that each run is given.
	runLimit = time.Minute
	// slack is what a run may take beyond its limits on a busy machine.
	slack = time.Minute
	// maxMemory is the largest resident size of a run.
	maxMemory = 300 << 20
)

// hasty are limits that hostile servers are meant to reach, and many scenarios
// in flight, since many of them wait for such a limit.
var hasty = []string{
	"--timeout-request", "1s", "--timeout-scenario", "6s", "--timeout-start", "6s", "--timeout-cleanup", "20s",
	"--timeout-run", runLimit.String(), "--parallel", "32",
}

// some scenarios will do: many of them wait for a time limit.
var some = []string{"--profile", "documented", "--profile", "resilience"}

// TestMain is the command line itself where a test asks for it: its exit code
// and its memory are those of a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// run is what came of one process.
type run struct {
	code   int
	memory int64 // bytes
	took   time.Duration
	files  string // everything printed and written
	report result.Run
}

func esconform(t *testing.T, args ...string) run {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"run", "--out", dir, "--username", "elastic", "--evidence", "all"}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), childVariable+"=1", "ESCONFORM_PASSWORD="+password)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	started := time.Now()
	err := cmd.Start()
	if err != nil {
		t.Fatal(err)
	}
	memory := watchMemory(cmd.Process.Pid)
	err = cmd.Wait()
	r := run{took: time.Since(started), files: out.String()}
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	r.code = cmd.ProcessState.ExitCode()
	r.memory = memory()
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, path))
		r.files += string(content)
		if path == "report.json" && err == nil {
			err = json.Unmarshal(content, &r.report)
		}
		return err
	})
	if err != nil {
		t.Fatalf("read the reports: %v; printed: %s", err, out.String())
	}
	return r
}

// watchMemory follows the largest resident size of a process, in bytes, and
// returns what gives it once the process has ended. The one that the system
// reports for an ended process would include that of this process before it.
// Where there is no /proc it stays 0.
func watchMemory(pid int) func() int64 {
	file := fmt.Sprintf("/proc/%d/status", pid)
	var most int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			status, err := os.ReadFile(file)
			_, rest, found := strings.Cut(string(status), "VmHWM:")
			if err != nil || !found {
				return // it has ended
			}
			var kilobytes int64
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				most = max(most, kilobytes<<10)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() int64 { <-done; return most }
}

// start serves a case and an innocent other host, whose visitors it counts.
func start(t *testing.T, c Case) (url string, healthy *reference.Server, visits *atomic.Int64) {
	t.Helper()
	healthy, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	visits = &atomic.Int64{}
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(other.Close)
	server := httptest.NewUnstartedServer(c.Handler(Env{Healthy: healthy, OtherURL: other.URL}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL, healthy, visits
}

func TestHostileTargets(t *testing.T) {
	t.Parallel()
	for i, c := range Table() {
		if race.Brief() && i%4 > 1 { // every second kind of misbehaviour
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			url, healthy, visits := start(t, c)
			r := esconform(t, slices.Concat(hasty, some, []string{"--url", url})...)
			t.Logf("exit code %d after %s with %d MB: %s", r.code, r.took.Round(time.Millisecond), r.memory>>20, r.report.Reason)

			if r.code != c.Verdict.ExitCode() || r.report.Verdict != c.Verdict {
				t.Errorf("verdict %s with exit code %d, want %s with %d: %s", r.report.Verdict, r.code, c.Verdict, c.Verdict.ExitCode(), r.report.Reason)
			}
			if r.took > runLimit+slack {
				t.Errorf("it took %s", r.took)
			}
			if r.memory > maxMemory && !race.Enabled {
				t.Errorf("it took %d MB", r.memory>>20)
			}
			if n := visits.Load(); n > 0 {
				t.Errorf("the other host was visited %d times", n)
			}
			if strings.Contains(r.files, password) || strings.Contains(r.files, "ZWxhc3RpYzpIb3N0aWxlLXBhNTV3b3JkLXVuaXF1ZQ") {
				t.Error("the password is in what was printed or written")
			}
			if strings.Contains(r.files, "goroutine ") || strings.Contains(r.files, "panic:") {
				t.Error("there is a stack trace in what was printed or written")
			}
			checkOutcomes(t, c, r.report)
			checkLeftovers(t, r.report, healthy)
		})
	}
}

// checkOutcomes sees that no scenario passed that met the misbehaviour, and
// that those that did ended as they should.
func checkOutcomes(t *testing.T, c Case, report result.Run) {
	t.Helper()
	seen := map[result.Outcome]int{}
	for _, sc := range report.Scenarios {
		seen[sc.Outcome]++
		if sc.Outcome == result.Passed && (c.Stage == Always || c.Stage == OnStats && meetsStats(sc)) {
			t.Errorf("%s passed", sc.ID)
		}
		if sc.Outcome == result.Failed && c.Outcome != result.Failed {
			t.Errorf("%s failed, though nothing is known of the target: %+v", sc.ID, sc.Failure)
		}
	}
	if seen[c.Outcome] == 0 {
		t.Errorf("outcomes %v, want some to be %s", seen, c.Outcome)
	}
}

func meetsStats(sc result.Scenario) bool {
	for _, e := range sc.Exchanges {
		if IsStats(e.Request.Method, e.Request.Path) {
			return true
		}
	}
	return false
}

// checkLeftovers sees that whatever is left in the server is named.
func checkLeftovers(t *testing.T, report result.Run, healthy *reference.Server) {
	t.Helper()
	if stored, named := healthy.Documents(), len(report.Resources.Leftovers); stored > named {
		t.Errorf("%d documents are left in the server, %d are named", stored, named)
	}
}

// The control: with nothing hostile about it, the server conforms to what the
// hostile ones are held to.
func TestNotHostile(t *testing.T) {
	t.Parallel()
	url, healthy, _ := start(t, Case{Stage: OnStats, act: func(w http.ResponseWriter, r *http.Request, env *Env) { env.Healthy.ServeHTTP(w, r) }})
	r := esconform(t, slices.Concat(some, []string{"--url", url})...)
	if r.code != 0 || r.report.Verdict != result.Conformant || healthy.Documents() != 0 {
		t.Errorf("verdict %s with exit code %d: %s", r.report.Verdict, r.code, r.report.Reason)
	}
}

// A server whose listener is up but that never takes a connection.
func TestNeverAccepts(t *testing.T) {
	t.Parallel()
	r := esconform(t, append(slices.Clone(hasty), "--url", "http://"+neverAccepting(t))...)
	if r.code != result.ExitInconclusive || r.report.Verdict != result.Inconclusive {
		t.Errorf("verdict %s with exit code %d: %s", r.report.Verdict, r.code, r.files)
	}
}

const page = "../../../docs/hostile.md"

// The page in docs is generated from the table.
func TestPageIsCurrent(t *testing.T) {
	t.Parallel()
	want := render(Table())
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("docs/hostile.md is not what the table says (%v): run go test ./internal/testkit/hostile -run Page -update", err)
	}
}

func render(table []Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What the harness survives

A run ends with the right verdict within its time limits, in less than %d MB, sends no credentials to another host, and deletes what it created as far as the server lets it. Each row is a server that misbehaves, and a test (`+"`internal/testkit/hostile`"+`).

A scenario that meets the misbehaviour never passes. Where no whole answer arrived, its outcome is *error*: nothing is known of the target. Where one arrived and is wrong, it is *failed*.

| server | does | at | scenarios that meet it | verdict | exit code |
|---|---|---|---|---|---|
`, maxMemory>>20)
	for _, c := range table {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %d |\n", c.Name, c.Does, c.Stage, c.Outcome, c.Verdict, c.Verdict.ExitCode())
	}
	b.WriteString("| never-accepts | Listens and takes no connection | every connection | not_run | inconclusive | 3 |\n")
	b.WriteString("| container-dies | A container that is killed in the middle of a run | from then on | error | inconclusive | 3 |\n")
	b.WriteString(`
Two more kinds of servers are met by tests of their own. Whatever becomes of the answers of the security API on their way - ` + fmt.Sprint(len(manglings)) + ` ways, from another status over renamed members to an answer that is cut or late - no secret of the run is in anything printed or written. And a server that puts commands to a CI system, escape sequences and characters that cannot be seen into its version, names, ids, errors, headers and bodies finds none of them obeyed, on the screen or in any file.
`)
	return b.String()
}

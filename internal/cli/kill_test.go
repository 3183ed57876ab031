package cli_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
)

// killsVariable says how many runs are killed; by default it is a few.
const killsVariable = "ESCONFORM_KILLS"

// cluster is a server in use: with security on, and full of what others have
// created.
type cluster struct {
	server *reference.Server
	web    *httptest.Server
	before *reftest.Remains
	dir    string
}

const (
	foreignConnectors = 500
	foreignJobs       = 1000
)

func newCluster(t *testing.T) *cluster {
	t.Helper()
	server, err := reference.New(reference.Options{Password: superPassword})
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{server: server, web: httptest.NewUnstartedServer(server), dir: t.TempDir()}
	c.web.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that were killed
	c.web.StartTLS()
	t.Cleanup(c.web.Close)
	for i := range foreignConnectors {
		c.do(t, http.MethodPut, fmt.Sprintf("/_connector/theirs-%d", i), fmt.Sprintf(`{"name":"theirs %d","index_name":"theirs-%d","service_type":"theirs"}`, i, i))
	}
	for i := range foreignJobs {
		c.do(t, http.MethodPost, "/_connector/_sync_job", fmt.Sprintf(`{"id":"theirs-%d"}`, i%foreignConnectors))
	}
	c.do(t, http.MethodPut, "/_security/role/theirs", `{"cluster":["monitor"]}`)
	c.do(t, http.MethodPut, "/_security/user/theirs", `{"password":"not-to-be-known","roles":["theirs"]}`)
	c.do(t, http.MethodPost, "/_security/api_key", `{"name":"theirs"}`)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.web.Certificate().Raw})
	for name, content := range map[string][]byte{"ca.crt": authority, "password": []byte(superPassword)} {
		if err := os.WriteFile(filepath.Join(c.dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.before = c.now(t)
	if len(c.before.Connectors) != foreignConnectors || len(c.before.Jobs) != foreignJobs {
		t.Fatalf("the cluster has %d connectors and %d sync jobs of others", len(c.before.Connectors), len(c.before.Jobs))
	}
	return c
}

func (c *cluster) do(t *testing.T, method, path, body string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("elastic", superPassword)
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	if w.Code/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

func (c *cluster) now(t *testing.T) *reftest.Remains {
	t.Helper()
	found, err := reftest.RemainsIn(c.server)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// esconform returns a command that works on the cluster.
func (c *cluster) esconform(args ...string) *exec.Cmd {
	cmd := exec.Command("esconform", append(args, "--ca-cert", "ca.crt", "--username", "elastic", "--password-file", "password")...)
	cmd.Dir = c.dir
	return cmd
}

// check demands that exactly what others have created is there, untouched.
// orphans are sync jobs that have lost the name of their connector.
func (c *cluster) check(t *testing.T, orphans bool) {
	t.Helper()
	now := c.now(t)
	untouched := func(kind string, before, now map[string]reftest.Document) {
		for id, doc := range before {
			if is, there := now[id]; !there || !is.Same(doc) {
				t.Errorf("%s %s of somebody else was touched: %+v", kind, id, is)
			}
		}
		for id, doc := range now {
			if _, theirs := before[id]; !theirs && !(orphans && !strings.Contains(string(doc.Source), `"connector"`)) {
				t.Errorf("%s %s is left: %s", kind, id, doc.Source)
			}
		}
	}
	untouched("connector", c.before.Connectors, now.Connectors)
	untouched("sync job", c.before.Jobs, now.Jobs)
	for kind, names := range map[string][2][]string{
		"users": {c.before.Users, now.Users}, "roles": {c.before.Roles, now.Roles}, "API keys": {c.before.Keys, now.Keys}, "indices": {c.before.Indices, now.Indices},
	} {
		if len(names[0]) != len(names[1]) {
			t.Errorf("%s are %q, want %q", kind, names[1], names[0])
		}
	}
}

// A run that is killed at any moment leaves nothing that "esconform cleanup"
// does not remove, by its folder or by its id, and nothing of others is touched.
func TestWhatAKilledRunLeavesIsRemoved(t *testing.T) {
	t.Parallel()
	kills := 4
	if testing.Short() {
		kills = 2
	}
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", killsVariable, err)
		}
	}
	c := newCluster(t)
	full, left := 0, 0
	for i := range kills {
		after := rand.N(2 * time.Second)
		out := fmt.Sprintf("out-%d", i)
		run := c.esconform("run", "--url", c.web.URL, "--out", out, "--profile", "security", "--profile", "documented", "--repeat", "20")
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		if i > 0 { // the first is killed while it starts, perhaps
			c.awaitMore(t)
		}
		time.Sleep(after)
		if err := run.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = run.Wait()
		if there := c.now(t); len(there.Connectors) > foreignConnectors {
			full++
			left += len(there.Connectors) + len(there.Jobs) + len(there.Users) + len(there.Roles) + len(there.Keys) - foreignConnectors - foreignJobs - 3
		}
		of, byID := []string{out}, i%2 == 1
		if id := runOf(t, filepath.Join(c.dir, out)); byID && id != "" {
			of = []string{id, "--url", c.web.URL}
		}
		for range 2 { // it can be repeated
			text, err := c.esconform(append([]string{"cleanup"}, of...)...).CombinedOutput()
			if err != nil && !strings.Contains(string(text), "has no journal") && !strings.Contains(string(text), "there is no report folder") {
				t.Errorf("killed after %s: cleanup %v: %v\n%s", after, of, err, text)
			}
		}
		c.check(t, byID)
		if t.Failed() {
			t.Fatalf("run %d, killed after %s, cleaned up by %v", i, after, of)
		}
		c.before = c.now(t) // with the orphans that this run may leave, and the next one does not touch
	}
	t.Logf("%d runs were killed, %d of them left something in the cluster, %d things in all", kills, full, left)
	if full == 0 {
		t.Error("no run left anything: this proves nothing")
	}
}

// awaitMore waits until somebody else has created something.
func (c *cluster) awaitMore(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); c.server.Documents() <= foreignConnectors+foreignJobs; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the run creates nothing")
		}
	}
}

// runOf returns the id of the run in a folder, "" where it had not begun.
func runOf(t *testing.T, dir string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "journal.ndjson"))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(raw), `"run_id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

package deploy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const release = "v0.1.0"

// releases is a server with a release for Linux, whose program prints its
// arguments. Its sums are made by a function.
func releases(t *testing.T, sum func([]byte) string) *httptest.Server {
	t.Helper()
	const name = "esconform-" + release + "-linux-amd64"
	var buf bytes.Buffer
	zipped := gzip.NewWriter(&buf)
	files := tar.NewWriter(zipped)
	program := "#!/bin/sh\necho \"esconform $*\"\n"
	if err := files.WriteHeader(&tar.Header{Name: name + "/esconform", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(files, program)
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	archive := buf.Bytes()
	mux := http.NewServeMux()
	mux.HandleFunc("/"+release+"/"+name+".tar.gz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) })
	mux.HandleFunc("/"+release+"/esconform-"+release+".sha256", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%064d  esconform-%s-darwin-amd64.tar.gz\n%s  %s.tar.gz\n", 0, release, sum(archive), name)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func rightSum(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// bash runs a script in a folder of its own, with these variables and no others.
func bash(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	needs(t, "bash", "curl", "tar")
	cmd := exec.Command("bash", args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestDownload runs the download of the GitHub action against a release of its
// own: the program is there only where the sum is right.
func TestDownload(t *testing.T) {
	t.Parallel()
	script, err := filepath.Abs("github-download.sh")
	if err != nil {
		t.Fatal(err)
	}
	wrong := func([]byte) string { return strings.Repeat("0", 64) }
	runner := []string{"RUNNER_OS=Linux", "RUNNER_ARCH=X64"}
	for _, tt := range []struct {
		name    string
		sum     func([]byte) string
		env     []string
		message string // "" where the program has to be there
	}{
		{"at a tag", rightSum, append(runner, "ACTION_REF="+release), ""},
		{"at a commit, with a version", rightSum, append(runner, "ACTION_REF=08c6903cd8c0fde910a37f88322edcfb5dd907a8", "IN_VERSION="+release), ""},
		{"at a branch", rightSum, append(runner, "ACTION_REF=main"), `choose a release: "main" is none; give the input version`},
		{"no path for a version", rightSum, append(runner, "IN_VERSION=v1.0.0/../x"), `choose a release: `},
		{"a wrong sum", wrong, append(runner, "IN_VERSION="+release), "check esconform-v0.1.0-linux-amd64.tar.gz: its SHA-256 is "},
		{"no sum", func([]byte) string { return "" }, append(runner, "IN_VERSION="+release), "check esconform-v0.1.0-linux-amd64.tar.gz: "},
		{"a sum of the user's own", rightSum, append(runner, "IN_VERSION="+release, "IN_SHA256="+strings.Repeat("1", 64)), "check esconform-v0.1.0-linux-amd64.tar.gz: "},
		{"no such release", rightSum, append(runner, "IN_VERSION=v9.9.9"), "download http"},
		{"no such runner", rightSum, []string{"RUNNER_OS=Linux", "RUNNER_ARCH=ARM", "IN_VERSION=" + release}, `choose an archive: there is none for a runner of the architecture "ARM"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := releases(t, tt.sum)
			dir := t.TempDir()
			output := filepath.Join(dir, "output")
			out, err := bash(t, dir, append([]string{"RELEASES=" + server.URL, "RUNNER_TEMP=" + dir, "GITHUB_OUTPUT=" + output}, tt.env...), script)
			got, _ := os.ReadFile(output)
			if tt.message != "" {
				if err == nil || !strings.Contains(out, "esconform: "+tt.message) || len(got) > 0 {
					t.Errorf("got %v, outputs %q and %q, want %q", err, got, out, tt.message)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			said, err := exec.Command(strings.TrimSpace(strings.TrimPrefix(string(got), "bin=")), "works").Output()
			if err != nil || string(said) != "esconform works\n" {
				t.Errorf("the program says %q (%v)", said, err)
			}
		})
	}
}

// TestGitLabScript runs the script of the example for GitLab, with a release and
// an Elasticsearch of its own.
func TestGitLabScript(t *testing.T) {
	t.Parallel()
	job := documents(t, "../docs/ci/gitlab-ci.yml")[0]["conformance"].(map[string]any)
	var lines []string
	for _, line := range job["script"].([]any) {
		lines = append(lines, line.(string))
	}
	elasticsearch := httptest.NewServer(http.NotFoundHandler())
	ready := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(elasticsearch.Close)
	t.Cleanup(ready.Close)
	for _, tt := range []struct {
		name, url, patience string
		sum                 func([]byte) string
		want                string // "" for a failure
	}{
		{"as it should be", ready.URL, "timeout 180", rightSum, "esconform run\n"},
		{"a wrong sum", ready.URL, "timeout 180", func([]byte) string { return strings.Repeat("0", 64) }, ""},
		{"a server that does not come up", elasticsearch.URL, "timeout 1", rightSum, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := releases(t, tt.sum)
			script := strings.Join(lines, "\n")
			if !strings.Contains(script, "timeout 180") {
				t.Fatal("the script waits for the server without an end")
			}
			script = strings.ReplaceAll(script, "timeout 180", tt.patience)
			env := []string{"RELEASES=" + server.URL, "RELEASE=" + release, "ESCONFORM_URL=" + tt.url}
			out, err := bash(t, t.TempDir(), env, "-euo", "pipefail", "-c", script)
			if tt.want == "" {
				if err == nil || strings.Contains(out, "esconform run") {
					t.Errorf("the script goes on: %v, %s", err, out)
				}
				return
			}
			if err != nil || !strings.HasSuffix(out, tt.want) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestExamplesArePinned sees that every example names one and the same release,
// and every action of others by its commit.
func TestExamplesArePinned(t *testing.T) {
	t.Parallel()
	own := regexp.MustCompile(`esconform[@:]([\w.-]+)|RELEASE: (\S+)`)
	others := regexp.MustCompile(`uses: ((?:actions|docker)/\S+)`)
	commit := regexp.MustCompile(`@[0-9a-f]{40}$`)
	for _, file := range append(examples(t), "kubernetes-job.yaml", "kubernetes-merge.yaml", "kubernetes-fleet.yaml", "kubernetes-matrix.yaml") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := own.FindAllStringSubmatch(string(raw), -1)
		if len(names) == 0 {
			t.Errorf("%s names no release", file)
		}
		for _, m := range names {
			if got := m[1] + m[2]; got != release {
				t.Errorf("%s names the release %s, want %s", file, got, release)
			}
		}
		if strings.Contains(string(raw), "jobs:") && !strings.Contains(string(raw), "timeout-minutes:") {
			t.Errorf("%s has a job without an end", file)
		}
		for _, m := range others.FindAllStringSubmatch(string(raw), -1) {
			if !commit.MatchString(m[1]) {
				t.Errorf("%s: %s is not pinned to a commit", file, m[1])
			}
		}
	}
}

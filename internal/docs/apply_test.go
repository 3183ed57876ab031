package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The patch applies with git in the folder of the documentation: to a page and
// to what it includes, whatever their lines end with.
func TestPatchAppliesWithGit(t *testing.T) {
	t.Parallel()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("SKIPPED: there is no git on this machine (on Debian: apt-get install git)")
	}
	page := "[[claim-job]]\n=== Claim\n\n==== {api-request-title}\n`PUT _connector/_sync_job/<connector_sync_job_id>/_claim`\n\n==== {api-request-body-title}\n" +
		"include::{ref}/parts.asciidoc[tag=worker]\n\n==== {api-response-codes-title}\n`200`::\nFine.\n\n`404`::\nNone."
	parts := "tag::other[]\nOther.\nend::other[]\ntag::worker[]\n`worker_hostname`::\n(Optional, string) The host.\nend::worker[]\n"
	for name, eol := range map[string]string{"lines of Unix": "\n", "lines of Windows": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			run := func(args ...string) {
				t.Helper()
				cmd := exec.Command(git, append([]string{"-c", "core.autocrlf=false"}, args...)...) //nolint:gosec // its arguments are of this test
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
				}
			}
			run("init", "-q", ".")
			for file, text := range map[string]string{"docs/apis/claim.asciidoc": page, "docs/parts.asciidoc": parts} {
				whole := filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(whole, []byte(strings.ReplaceAll(text, "\n", eol)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			b := newBed(t, "")
			cfg := b.config(filepath.Join(dir, "docs/apis/claim.asciidoc"))
			cfg.Root, cfg.Patch = dir, filepath.Join(dir, "fix.diff")
			rep := b.run(t, cfg)
			for _, c := range rep.Claims {
				if c.ID == "claim-job/body/worker_hostname/required" && (!strings.HasSuffix(c.File, "docs/parts.asciidoc") || c.Line != 5) {
					t.Errorf("%s stands at %s:%d", c.ID, c.File, c.Line)
				}
			}
			run("apply", "fix.diff")
			for file, want := range map[string]string{"docs/parts.asciidoc": "(Required, string) The host." + eol, "docs/apis/claim.asciidoc": "`400`::" + eol} {
				got, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(got), want) {
					t.Errorf("%s is now\n%q", file, got)
				}
			}
		})
	}
}

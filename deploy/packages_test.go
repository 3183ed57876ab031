package deploy

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The manifests of a release name each archive with its sum; without a sum there
// are none.
func TestManifests(t *testing.T) {
	t.Parallel()
	needs(t, "bash")
	dir, sums := t.TempDir(), ""
	sum := func(archive string) string {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(archive)))
	}
	for _, platform := range []string{"linux-amd64.tar.gz", "linux-arm64.tar.gz", "darwin-amd64.tar.gz", "darwin-arm64.tar.gz", "windows-amd64.zip", "windows-arm64.zip"} {
		archive := "esconform-v1.2.3-" + platform
		sums += sum(archive) + "  " + archive + "\n"
	}
	write := func(text string) ([]byte, error) {
		if err := os.WriteFile(filepath.Join(dir, "esconform-v1.2.3.sha256"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.CommandContext(t.Context(), "bash", "../.ci/packages", "v1.2.3", dir).CombinedOutput()
	}
	lacking := strings.Join(strings.SplitAfter(sums, "\n")[1:], "")
	if out, err := write(lacking); err == nil || !strings.Contains(string(out), "no sum of esconform-v1.2.3-linux-amd64.tar.gz") {
		t.Errorf("without a sum: %v %s", err, out)
	}
	if out, err := write(sums); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	formula, err := os.ReadFile(filepath.Join(dir, "esconform.rb"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(sums) {
		want, archive := strings.Fields(line)[0], strings.Fields(line)[1]
		if strings.HasSuffix(archive, ".zip") {
			continue
		}
		at := fmt.Sprintf("url \"https://github.com/esconform/esconform/releases/download/v1.2.3/%s\"\n      sha256 \"%s\"", archive, want)
		if !strings.Contains(string(formula), at) {
			t.Errorf("the formula does not have\n%s", at)
		}
	}
	t.Run("ruby reads the formula", func(t *testing.T) {
		needs(t, "ruby")
		if out, err := exec.CommandContext(t.Context(), "ruby", "-c", filepath.Join(dir, "esconform.rb")).CombinedOutput(); err != nil {
			t.Errorf("ruby -c: %v: %s", err, out)
		}
	})
	var manifest struct {
		Version, Bin string
		Architecture map[string]struct {
			URL, Hash  string
			ExtractDir string `json:"extract_dir"`
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "esconform.json"))
	if err == nil {
		err = json.Unmarshal(text, &manifest)
	}
	if err != nil || manifest.Version != "1.2.3" || manifest.Bin != "esconform.exe" || len(manifest.Architecture) != 2 {
		t.Fatalf("%v: %+v", err, manifest)
	}
	for arch, as := range map[string]string{"64bit": "amd64", "arm64": "arm64"} {
		got, name := manifest.Architecture[arch], "esconform-v1.2.3-windows-"+as
		if got.Hash != sum(name+".zip") || !strings.HasSuffix(got.URL, "/v1.2.3/"+name+".zip") || got.ExtractDir != name {
			t.Errorf("%s: %+v", arch, got)
		}
	}
}

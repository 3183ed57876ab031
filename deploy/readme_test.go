package deploy

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/cli"
)

// TestReadmeIsTrue does what the README has a newcomer do: it writes down the
// feature and gives the command. What is claimed for the exit code holds as well:
// the same with another number fails.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(readme, []byte("\n")); lines >= 100 {
		t.Errorf("README.md has %d lines; it is to stay below 100", lines)
	}
	_, rest, found := strings.Cut(string(readme), "```gherkin\n")
	feature, after, closed := strings.Cut(rest, "```\n")
	if !found || !closed || !strings.Contains(after, "`conformance/search.feature`, and `esconform run --features conformance --only-features`") {
		t.Fatal("README.md does not show a feature and how to run it")
	}
	for text, want := range map[string]int{feature: 0, strings.Replace(feature, "equals 1\n", "equals 2\n", 1): 1} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "search.feature"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		args := []string{"run", "--features", dir, "--only-features", "--out", filepath.Join(dir, "report")}
		if code := cli.Main(args, strings.NewReader(""), &out, &out); code != want {
			t.Errorf("exit code %d, want %d: %s", code, want, out.String())
		}
	}
}

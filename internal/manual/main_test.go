package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := run([]string{dir, "0"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"man/esconform.1":                 "esconform-run(1)",
		"man/esconform-run.1":             `\fB--es-version\fP`,
		"completions/esconform.bash":      "complete -o default -F __start_esconform esconform",
		"completions/esconform.fish":      "complete -c esconform",
		"completions/_esconform":          "#compdef esconform",
		"completions/esconform.ps1":       "Register-ArgumentCompleter -CommandName 'esconform'",
		"man/esconform-baseline-accept.1": `"Jan 1970"`,
	} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s does not contain %s", name, want)
		}
	}
	for _, args := range [][]string{nil, {dir}, {dir, "today"}} {
		if err := run(args); err == nil {
			t.Errorf("run %q: no error", args)
		}
	}
}

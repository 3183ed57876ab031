package steps_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/steps"
)

// The features of a Go program, with steps of its own beside the vocabulary.
func ExampleServer_Register() {
	handler, err := esconform.Reference("9.5.3") // plays the part of the server under test
	if err != nil {
		fmt.Println(err)
		return
	}
	elasticsearch := httptest.NewServer(handler)
	defer elasticsearch.Close()

	ctx := context.Background()
	server, err := steps.Connect(ctx, steps.Options{URL: elasticsearch.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	feature := `Feature: Mine
  Scenario: A sync job that nobody has claimed has no worker
    Given a sync job
    When our worker reads it
    Then the sync job at "/worker_hostname" is absent`
	status := godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			server.Register(sc)
			sc.Step(`^our worker reads it$`, func() { fmt.Println("read by our worker") })
		},
		Options: &godog.Options{
			Format: "progress", Output: io.Discard, Strict: true,
			FeatureContents: []godog.Feature{{Name: "mine", Contents: []byte(feature)}},
		},
	}.Run()
	fmt.Println(status, server.Close(ctx))
	// Output:
	// read by our worker
	// 0 <nil>
}

// What is wrong fails, what does not apply is skipped, and nothing is left.
func TestRegister(t *testing.T) {
	t.Parallel()
	handler, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	elasticsearch := httptest.NewServer(handler)
	t.Cleanup(elasticsearch.Close)
	if _, err := steps.Connect(t.Context(), steps.Options{URL: "http://127.0.0.1:1"}); err == nil {
		t.Error("a server that is not there is no error")
	}
	wrong := fstest.MapFS{"schemas/a.json": {Data: []byte(`{"typo":1}`)}}
	if _, err := steps.Connect(t.Context(), steps.Options{URL: elasticsearch.URL, Beside: wrong}); err == nil {
		t.Error("a schema that is none is no error")
	}
	server, err := steps.Connect(t.Context(), steps.Options{URL: elasticsearch.URL})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Given a sync job\n Then the sync job is there":                         "1 passed",
		"Given a sync job\n Then the sync job is gone":                          "1 failed",
		"Given a sync job\n When Elasticsearch is restarted\n Then it is there": "1 ",
	} {
		var out strings.Builder
		godog.TestSuite{
			ScenarioInitializer: server.Register,
			Options: &godog.Options{Format: "progress", Output: &out, NoColors: true, FeatureContents: []godog.Feature{
				{Name: "mine", Contents: []byte("Feature: F\n Scenario: S\n " + text)},
			}},
		}.Run()
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s\n%s\nwant %q", text, out.String(), want)
		}
	}
	if err := server.Close(t.Context()); err != nil || handler.Documents() != 0 {
		t.Errorf("%v; %d documents are left", err, handler.Documents())
	}
}

// Another module can use all of it.
func TestOutsideModule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short builds no other module; run the test without it")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/outside")); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module github.com/esconform/esconform", "module example.org/outside", 1) +
		"\nrequire github.com/esconform/esconform v0.0.0\nreplace github.com/esconform/esconform => " + root + "\n"
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"go.mod": []byte(text), "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-count=1", "./...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOPROXY=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

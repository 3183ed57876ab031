// Package deploy holds what runs esconform elsewhere: the script of the GitHub
// action and manifests for Kubernetes. This test keeps them and the examples of
// pipelines in step with the program.
package deploy

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/cli"
)

// documents reads all documents of a YAML file.
func documents(t *testing.T, file string) []map[string]any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var docs []map[string]any
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	for {
		var doc map[string]any
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		docs = append(docs, doc)
	}
}

// examples are the files of pipelines in docs/ci.
func examples(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../docs/ci/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no examples: %v", err)
	}
	return files
}

// help is the help text of a command; it names every flag.
func help(t *testing.T, command string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main([]string{command, "--help"}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("esconform %s --help: exit %d: %s", command, code, errs.String())
	}
	return out.String()
}

var (
	flagName     = regexp.MustCompile(`--[a-z][a-z-]+`)
	variableName = regexp.MustCompile(`\bESCONFORM_[A-Z_]+\b`)
)

// secrets are variables that no flag stands behind.
var secrets = []string{"ESCONFORM_PASSWORD", "ESCONFORM_API_KEY", "ESCONFORM_BIN"}

// TestFlagsExist holds every flag and variable that the examples and manifests
// name against the help of the commands.
func TestFlagsExist(t *testing.T) {
	run := flagName.FindAllString(help(t, "run"), -1)
	for _, file := range append(examples(t), "../docs/gate.md") {
		checkNames(t, file, run)
	}
}

func TestKubernetesFlagsExist(t *testing.T) {
	text := help(t, "merge")
	if !strings.Contains(text, "esconform merge") {
		t.Fatal("this esconform has no command merge, which the manifests need")
	}
	checkNames(t, "kubernetes-job.yaml", flagName.FindAllString(help(t, "run"), -1))
	checkNames(t, "kubernetes-merge.yaml", flagName.FindAllString(text, -1))
	checkNames(t, "kubernetes-fleet.yaml", flagName.FindAllString(help(t, "run"), -1))
	checkNames(t, "kubernetes-matrix.yaml", flagName.FindAllString(help(t, "matrix"), -1))
}

// checkNames looks for the flags and variables of a file among those known.
func checkNames(t *testing.T, file string, known []string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if strings.Contains(line, "kubectl") || strings.Contains(line, "curl ") || strings.Contains(line, "sha256sum ") {
			continue // flags of other programs
		}
		for _, f := range flagName.FindAllString(line, -1) {
			if !slices.Contains(known, f) {
				t.Errorf("%s names %s, which no such command has", file, f)
			}
		}
	}
	for _, v := range variableName.FindAllString(string(raw), -1) {
		flag := "--" + strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(v, "ESCONFORM_"), "_", "-"))
		if !slices.Contains(secrets, v) && !slices.Contains(known, flag) {
			t.Errorf("%s names %s, but there is no flag %s", file, v, flag)
		}
	}
}

// TestShardsAgree compares the numbers that have to be the same.
func TestShardsAgree(t *testing.T) {
	job := documents(t, "kubernetes-job.yaml")[1]["spec"].(map[string]any)
	container := job["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)
	var count string
	for _, e := range container["env"].([]any) {
		if e.(map[string]any)["name"] == "ESCONFORM_SHARD_COUNT" {
			count = e.(map[string]any)["value"].(string)
		}
	}
	if job["completions"] != 4 || count != "4" {
		t.Errorf("completions %v, ESCONFORM_SHARD_COUNT %q, want 4 and 4", job["completions"], count)
	}
	raw, err := os.ReadFile("kubernetes-merge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), `"/reports/part-`); n != 4 {
		t.Errorf("%d parts are merged, want 4", n)
	}
}

// TestFleetAgrees has a configuration that run takes, and a folder in the
// matrix, for each cluster.
func TestFleetAgrees(t *testing.T) {
	docs := documents(t, "kubernetes-fleet.yaml")
	clusters := docs[0]["data"].(map[string]any)
	n := docs[2]["spec"].(map[string]any)["completions"].(int)
	raw, err := os.ReadFile("kubernetes-matrix.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if folders := strings.Count(string(raw), `"/reports/cluster-`); len(clusters) != n || folders != n {
		t.Errorf("%d clusters, %d completions, and %d folders in the matrix", len(clusters), n, folders)
	}
	known := flagName.FindAllString(help(t, "run"), -1)
	for i := range n {
		config, ok := clusters[strconv.Itoa(i)+".yaml"].(string)
		keys := map[string]any{}
		if err := yaml.Unmarshal([]byte(config), &keys); err != nil || !ok || keys["url"] == nil {
			t.Errorf("cluster %d has no configuration with an url: %v", i, err)
		}
		for key := range keys {
			if !slices.Contains(known, "--"+key) {
				t.Errorf("cluster %d: there is no flag --%s", i, key)
			}
		}
	}
}

// TestActionInputs holds the inputs that action.yml declares against those that
// it and the script use.
func TestActionInputs(t *testing.T) {
	action := documents(t, "../action.yml")[0]
	raw, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var declared, used []string
	for name := range action["inputs"].(map[string]any) {
		declared = append(declared, name)
	}
	for _, m := range regexp.MustCompile(`inputs\.([a-z0-9-]+)`).FindAllStringSubmatch(string(raw), -1) {
		used = append(used, m[1])
	}
	slices.Sort(declared)
	slices.Sort(used)
	if diff := cmp.Diff(declared, used); diff != "" {
		t.Errorf("declared and used inputs differ:\n%s", diff)
	}
	flags := flagName.FindAllString(help(t, "run"), -1)
	for _, name := range declared {
		if !slices.Contains([]string{"args", "version", "sha256"}, name) && !slices.Contains(flags, "--"+name) {
			t.Errorf("input %s: run has no such flag", name)
		}
	}
	for _, step := range action["runs"].(map[string]any)["steps"].([]any) {
		if script, ok := step.(map[string]any)["run"].(string); ok && strings.Contains(script, "${{") {
			t.Errorf("an expression is put into a script, where it could run: %s", script)
		}
	}
}

// needs skips a test where a tool is missing.
func needs(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("NOT TESTED: this needs %s, and there is no %s on this machine (on Debian: apt-get install %s)", strings.Join(tools, ", "), tool, tool)
		}
	}
}

// TestActionScript runs the script with a stand-in for esconform that prints
// its arguments.
func TestActionScript(t *testing.T) {
	needs(t, "bash")
	for _, tt := range []struct {
		name, code string
		env        []string
		args       string
		output     string
	}{
		{"nothing given", "0", nil, "run", "verdict=conformant\nexit-code=0\nreport=esconform-report\n"},
		{"everything", "1", []string{"IN_URL=https://es:9200", "IN_ES_VERSION=9.5.3", "IN_IMAGE=i", "IN_EMULATE=8.12.0", "IN_PROFILE=documented,contract", "IN_TAGS=@contract and not @restart", "IN_WAIVERS=w.yaml", "IN_OUT=o", "IN_ARGS=--ca-cert\n\nmy ca.pem\n"},
			"run|--url|https://es:9200|--es-version|9.5.3|--image|i|--emulate|8.12.0|--profile|documented,contract|--tags|@contract and not @restart|--waivers|w.yaml|--out|o|--ca-cert|my ca.pem",
			"verdict=nonconformant\nexit-code=1\nreport=o\n"},
		{"inconclusive", "3", nil, "run", "verdict=inconclusive\nexit-code=3\nreport=esconform-report\n"},
		{"usage", "2", nil, "run", "verdict=\nexit-code=2\nreport=esconform-report\n"},
		{"nothing is executed", "4", []string{"IN_TAGS=$(touch owned) `touch owned`; touch owned"}, "run|--tags|$(touch owned) `touch owned`; touch owned", "verdict=\nexit-code=4\nreport=esconform-report\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			stub := filepath.Join(dir, "esconform")
			if err := os.WriteFile(stub, []byte("#!/usr/bin/env bash\nIFS='|'; printf '%s' \"$*\"; exit "+tt.code+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			script, err := filepath.Abs("github-action.sh")
			if err != nil {
				t.Fatal(err)
			}
			output := filepath.Join(dir, "output")
			cmd := exec.Command("bash", script)
			cmd.Dir = dir
			cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "ESCONFORM_BIN=" + stub, "GITHUB_OUTPUT=" + output}, tt.env...)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			got, err := cmd.Output()
			code := "0"
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				code = string(rune('0' + exit.ExitCode()))
			} else if err != nil {
				t.Fatal(err)
			}
			if code != tt.code || string(got) != tt.args {
				t.Errorf("exit %s with arguments %q, want %s with %q (%s)", code, got, tt.code, tt.args, errs.String())
			}
			if text, _ := os.ReadFile(output); string(text) != tt.output {
				t.Errorf("outputs %q, want %q", text, tt.output)
			}
			if _, err := os.Stat(filepath.Join(dir, "owned")); err == nil {
				t.Error("an input was executed")
			}
		})
	}
}

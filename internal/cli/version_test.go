package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

func TestBuildOf(t *testing.T) {
	t.Parallel()
	const commit = "f2f0284b2d51588a96768ab7f36b1226208ba663"
	for _, tt := range []struct {
		name, setVersion, setCommit, module string
		settings                            []debug.BuildSetting
		want                                build
	}{
		{name: "a release", setVersion: "v1.2.3", setCommit: commit, module: "(devel)", want: build{Version: "v1.2.3", Commit: commit}},
		{name: "go install of a tag", module: "v1.2.3", want: build{Version: "v1.2.3"}},
		{name: "go install of a commit", module: "v0.0.0-20261201022114-f2f0284b2d51", want: build{Version: "v0.0.0-20261201022114-f2f0284b2d51", Commit: "f2f0284b2d51"}},
		{name: "a clone", module: "v1.2.3", settings: []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "false"}}, want: build{Version: "v1.2.3", Commit: commit}},
		{name: "a clone with changes", module: "v1.2.3+dirty", settings: []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "true"}}, want: build{Version: "v1.2.3+dirty", Commit: commit, Dirty: true}},
		{name: "a clone with changes, without Go's help", setVersion: "v1.2.3-4-gf2f0284-dirty", setCommit: commit, module: "(devel)", want: build{Version: "v1.2.3-4-gf2f0284-dirty", Commit: commit, Dirty: true}},
		{name: "nothing known", module: "(devel)", want: build{Version: "dev"}},
		{name: "nothing recorded", want: build{Version: "dev"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{Main: debug.Module{Version: tt.module}, Settings: tt.settings}
			if got := buildOf(info, tt.setVersion, tt.setCommit); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestVersionOfGoInstall installs this module from a proxy of its own, at a tag,
// as a stranger does, and asks the program which version it is.
func TestVersionOfGoInstall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves out what builds the whole program; run the test without it")
	}
	const tag = "v1.2.3"
	proxy, bin := t.TempDir(), t.TempDir()
	serveModule(t, proxy, tag)
	downloaded := filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download")

	install := exec.Command("go", "install", "github.com/esconform/esconform/cmd/esconform@"+tag)
	install.Dir = bin // outside of any module
	install.Env = append(os.Environ(), "GOBIN="+bin, "GOMODCACHE="+t.TempDir(),
		"GOPROXY=file://"+proxy+",file://"+downloaded, "GOSUMDB=off",
		"GOFLAGS=-modcacherw -trimpath") // -trimpath: packages that are built already are the same in any cache
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("go install: %v\n%s", err, out)
	}

	out, err := exec.Command(filepath.Join(bin, "esconform"), "version", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var got about
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != tag || got.Dirty || got.Scenarios == 0 {
		t.Errorf("installed %s calls itself %s", tag, out)
	}
	text, err := exec.Command(filepath.Join(bin, "esconform"), "version").Output()
	if err != nil || !strings.HasPrefix(string(text), "esconform "+tag+"\n") {
		t.Errorf("version prints %q (%v)", text, err)
	}
}

// serveModule puts the module as it is committed into a folder, in the way in
// which the go command reads a proxy.
func serveModule(t *testing.T, proxy, tag string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	v := module.Version{Path: "github.com/esconform/esconform", Version: tag}
	dir := filepath.Join(proxy, filepath.FromSlash(v.Path), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := exec.Command("git", "-C", root, "show", "HEAD:go.mod").Output()
	if err != nil {
		t.Skipf("NOT TESTED: it takes a clone, and git cannot say what is committed in %s (%v): run it in one made by git clone", root, err)
	}
	for name, content := range map[string]string{"list": tag + "\n", tag + ".info": `{"Version":"` + tag + `"}`, tag + ".mod": string(mod)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(dir, tag+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := modzip.CreateFromVCS(file, v, root, "HEAD", ""); err != nil {
		t.Fatal(err)
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

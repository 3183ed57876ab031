package container

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// images begins the names of all images of this process: others may test with
// the same engine at the same time.
var images = "esconform-container-test-" + strings.ToLower(rand.Text()[:8])

var testImage = images + ":latest"

// withContainers is set where containers are wanted: they take minutes, and an
// engine that happens to run is no reason to wait for them.
const withContainers = "ESCONFORM_TEST_CONTAINERS"

// reachEngine skips a test where containers are not wanted.
func reachEngine(t *testing.T) *engine {
	t.Helper()
	if os.Getenv(withContainers) == "" {
		t.Skip("SKIPPED: starts containers; run it with make test-containers, which sets " + withContainers)
	}
	eng, err := openEngine(t.Context())
	if err != nil {
		t.Fatalf("needs a container engine: %v; install and start Docker (on Debian: apt-get install docker.io)", err)
	}
	t.Cleanup(eng.close)
	return eng
}

// needEngine is reachEngine, and builds the image of the test server once.
func needEngine(t *testing.T) *engine {
	t.Helper()
	eng := reachEngine(t)
	if err := buildImage(); err != nil {
		t.Fatalf("build the image of the test server: %v", err)
	}
	return eng
}

var buildImage = sync.OnceValue(func() error {
	server, err := compile("../../testkit/testserver")
	if err != nil {
		return err
	}
	return importImage(testImage, server, "ENTRYPOINT [\"/server\"]", "EXPOSE 9200/tcp", "VOLUME /data")
})

// scratch is the folder of the programs that the tests build.
var scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "esconform") })

// compile builds a program without libraries of the system, so that it runs in
// an empty image, and returns its file.
func compile(source string) (string, error) {
	dir, err := scratch()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, filepath.Base(source))
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", file, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w: %s", source, err, out)
	}
	return file, nil
}

// whole is the whole program.
var whole = sync.OnceValues(func() (string, error) { return compile("../../../cmd/esconform") })

// importImage makes an image with nothing but one program in it, to be removed
// after the tests.
func importImage(name, file string, changes ...string) error {
	program, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	if err := w.WriteHeader(&tar.Header{Name: "server", Mode: 0o755, Size: int64(len(program))}); err != nil {
		return err
	}
	if _, err := w.Write(program); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	eng, err := openEngine(context.Background())
	if err != nil {
		return err
	}
	defer eng.close()
	res, err := eng.client.ImageImport(context.Background(), client.ImageImportSource{Source: &archive, SourceName: "-"}, name, client.ImageImportOptions{Changes: changes})
	if err != nil {
		return err
	}
	defer res.Close() //nolint:errcheck // only read
	if _, err = io.Copy(io.Discard, res); err == nil {
		imported = append(imported, name)
	}
	return err
}

// imported are the images that the tests made, one after the other.
var imported []string

func TestMain(m *testing.M) {
	code := m.Run()
	if os.Getenv(withContainers) != "" {
		cleanUp()
	}
	os.Exit(code)
}

func cleanUp() {
	if dir, err := scratch(); err == nil {
		_ = os.RemoveAll(dir)
	}
	eng, err := openEngine(context.Background())
	if err != nil {
		return
	}
	defer eng.close()
	for _, image := range imported {
		_, _ = eng.client.ImageRemove(context.Background(), image, client.ImageRemoveOptions{Force: true, PruneChildren: true})
	}
}

// traces lists what the tests of this package may leave in the engine. Others
// may use the same engine at the same time.
func traces(t *testing.T, eng *engine) map[string]bool {
	t.Helper()
	ctx := context.Background()
	seen := map[string]bool{}
	containers, err := eng.client.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range containers.Items {
		if !strings.HasPrefix(c.Image, images) && c.Labels[Label] != realRun {
			continue
		}
		seen[fmt.Sprint("container ", c.Names)] = true
		for _, mount := range c.Mounts {
			seen["volume "+mount.Name] = true
		}
	}
	networks, err := eng.client.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range networks.Items {
		seen["network "+n.Name] = true
	}
	return seen
}

// nothingLeft fails the test where the engine holds something at its end that
// it did not hold now. Tests that use it must not run beside each other.
func nothingLeft(t *testing.T, eng *engine) {
	t.Helper()
	before := traces(t, eng)
	t.Cleanup(func() {
		for name := range traces(t, eng) {
			if !before[name] {
				t.Errorf("left behind: %s", name)
			}
		}
	})
}

// volumeGone returns a check that the container's anonymous volume, which it
// has now, is removed with it.
func volumeGone(t *testing.T, eng *engine) func() {
	t.Helper()
	var names []string
	for name := range traces(t, eng) {
		if volume, ok := strings.CutPrefix(name, "volume "); ok {
			names = append(names, volume)
		}
	}
	if len(names) != 1 {
		t.Fatalf("volumes %q, want one", names)
	}
	return func() {
		if _, err := eng.client.VolumeInspect(context.Background(), names[0], client.VolumeInspectOptions{}); !errdefs.IsNotFound(err) {
			t.Errorf("volume %s is left behind (%v)", names[0], err)
		}
	}
}

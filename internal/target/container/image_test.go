package container

import (
	"archive/tar"
	"bytes"
	"context"
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

const testImage = "esconform-container-test:latest"

// needEngine skips a test where no container engine is there, and builds the
// image of the test server once.
func needEngine(t *testing.T) *engine {
	t.Helper()
	eng, err := openEngine(t.Context())
	if err != nil {
		t.Skipf("needs a container engine: %v; install and start Docker (on Debian: apt-get install docker.io)", err)
	}
	t.Cleanup(eng.close)
	if err := buildImage(); err != nil {
		t.Fatalf("build the image of the test server: %v", err)
	}
	return eng
}

var buildImage = sync.OnceValue(func() error {
	dir, err := os.MkdirTemp("", "esconform")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	program := filepath.Join(dir, "server")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", program, "./testserver")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	return importImage(testImage, content, "ENTRYPOINT [\"/server\"]", "EXPOSE 9200/tcp", "VOLUME /data")
})

// importImage makes an image with nothing but one program in it.
func importImage(name string, program []byte, changes ...string) error {
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
	_, err = io.Copy(io.Discard, res)
	return err
}

// scratch is a folder that holds the program, if a test built it.
var scratch string

// testImages are removed after the tests.
var testImages = []string{testImage}

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(scratch) // "" removes nothing
	if eng, err := openEngine(context.Background()); err == nil {
		for _, image := range testImages {
			_, _ = eng.client.ImageRemove(context.Background(), image, client.ImageRemoveOptions{Force: true, PruneChildren: true})
		}
		eng.close()
	}
	os.Exit(code)
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
		if !strings.HasPrefix(c.Image, strings.TrimSuffix(testImage, ":latest")) {
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

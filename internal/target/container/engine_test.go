package container

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The library reads its environment once, so each case is a process of its
// own: this test binary again.
func TestNoEngine(t *testing.T) {
	if os.Getenv("ESCONFORM_TEST_CHILD") != "" {
		_, err := Start(t.Context(), Config{Image: testImage})
		t.Logf("result: %v", err)
		return
	}
	for _, tt := range []struct{ name, host, want string }{
		{"dead address", "tcp://127.0.0.1:1", "start a container: "},
		{"no such socket", "unix:///nonexistent/docker.sock", "start a container: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			child := exec.Command(os.Args[0], "-test.run=^TestNoEngine$", "-test.v")
			child.Env = append(os.Environ(), "ESCONFORM_TEST_CHILD=1", "DOCKER_HOST="+tt.host)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			_, result, _ := strings.Cut(string(out), "result: ")
			result, _, _ = strings.Cut(result, "\n")
			for _, want := range []string{tt.want, "cannot be reached", "set DOCKER_HOST"} {
				if !strings.Contains(result, want) && !strings.Contains(result, strings.Replace(want, "cannot", "can", 1)) {
					t.Errorf("got %q, want %q in it", result, want)
				}
			}
		})
	}
}

package cli_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"testing"

	"github.com/esconform/esconform/internal/cli"
)

var update = flag.Bool("update", false, "write generated pages anew")

func TestReferenceIsCurrent(t *testing.T) {
	t.Parallel()
	current(t, "../../docs/cli.md", cli.WriteReference)
}

func TestStepsPageIsCurrent(t *testing.T) {
	t.Parallel()
	current(t, "../../docs/steps.md", cli.WriteSteps)
}

func TestChecksPageIsCurrent(t *testing.T) {
	t.Parallel()
	current(t, "../../docs/checks.md", cli.WriteChecks)
}

// current compares a generated page with the one in the repository.
func current(t *testing.T, file string, write func(io.Writer)) {
	t.Helper()
	var buf bytes.Buffer
	write(&buf)
	if *update {
		if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, buf.Bytes()) {
		t.Errorf("%s is not current; renew it with -update", file)
	}
}

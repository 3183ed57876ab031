package cli_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/esconform/esconform/internal/cli"
)

var update = flag.Bool("update", false, "write generated pages anew")

func TestReferenceIsCurrent(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	cli.WriteReference(&buf)
	const file = "../../docs/cli.md"
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

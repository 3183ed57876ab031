package suite

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

// However much a server sends, a run keeps a bounded part of it, and says so.
func TestBudget(t *testing.T) {
	t.Parallel()
	left := budget(maxTexts)
	kept, cut := 0, 0
	for range 100 {
		f := &result.Failure{Message: "wrong", Actual: strings.Repeat("x", 1<<20)}
		left.spend(f)
		kept += len(f.Actual)
		if strings.HasSuffix(f.Actual, "(cut)") {
			cut++
		}
		if f.Message != "wrong" {
			t.Fatal("a short text is cut")
		}
	}
	if kept > maxTexts+1<<20 || cut < 80 {
		t.Errorf("%d bytes kept, %d texts cut", kept, cut)
	}
}

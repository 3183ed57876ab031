package suite

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

// However much a server sends, a run keeps a bounded part of it, and says so.
func TestBudget(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 1<<20)
	left := budget(maxEvidence)
	kept, cut := 0, 0
	for range 100 {
		s := result.Scenario{
			Failure:   &result.Failure{Actual: big},
			Exchanges: []result.Exchange{{Request: result.Message{Body: "{}"}, Response: &result.Message{Body: big}}},
		}
		left.spend(&s)
		kept += len(s.Failure.Actual) + len(s.Exchanges[0].Response.Body)
		if s.Exchanges[0].Response.CutFrom == 1<<20 {
			cut++
		}
		if s.Exchanges[0].Request.Body != "{}" {
			t.Fatal("a small body is cut")
		}
	}
	if kept > maxEvidence+1<<20 || cut < 80 {
		t.Errorf("%d bytes kept, %d answers cut", kept, cut)
	}
}

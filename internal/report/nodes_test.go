package report

import (
	"testing"

	"github.com/esconform/esconform/internal/result"
)

func TestFailuresByNode(t *testing.T) {
	t.Parallel()
	at := func(node string) result.Scenario {
		first := 0
		return result.Scenario{Failure: &result.Failure{Exchange: &first}, Exchanges: []result.Exchange{{Node: node}}}
	}
	for _, tt := range []struct {
		scenarios []result.Scenario
		want      string
	}{
		{nil, ""},
		{[]result.Scenario{at(""), {}, {Failure: &result.Failure{}}}, ""},
		{[]result.Scenario{at("b:1"), at("c:1"), at("a:1"), at("c:1"), {}}, "2 by answers of c:1, 1 by answers of a:1, 1 by answers of b:1"},
	} {
		if got := byNode(tt.scenarios); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

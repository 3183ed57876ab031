package operation

import (
	"testing"

	"github.com/esconform/esconform/internal/resource"
)

func TestNeeds(t *testing.T) {
	t.Parallel()
	for description, want := range map[string]string{
		"Get it.": "",
		"Get it.\n\n## Required authorization\n\n* Cluster privileges: `monitor`,`manage`\n* Index privileges: `read`\n": "of the cluster: monitor, manage; on the index: read",
		"* Cluster privileges: `monitor`": "", // not under the heading
	} {
		if got := needsOf(description).String(); got != want {
			t.Errorf("%q: %q, want %q", description, got, want)
		}
	}
}

// A key is for the run's own indices: that it is refused on others says nothing.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	b := &bench{runner: &runner{Config: Config{Registry: resource.NewRegistry("t")}}}
	for text, want := range map[string]bool{
		"unauthorized on indices [my-index], this": true, "unauthorized on indices [esconform-t-4], this": false, "unauthorized for API key": false,
	} {
		if got := b.elsewhere(&call{text: text}); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

package operation

import "testing"

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

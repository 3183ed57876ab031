package fault

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/testkit/race"
)

func TestCatalogueOfFaults(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	seen := map[string]bool{}
	for _, f := range All() {
		if seen[f.ID] || !form.MatchString(f.ID) {
			t.Errorf("fault id %q is bad or there twice", f.ID)
		}
		seen[f.ID] = true
		if len(f.Requirements) == 0 || f.Sentence == "" || f.Sentence[len(f.Sentence)-1] != '.' {
			t.Errorf("fault %s has no requirements or no sentence", f.ID)
		}
	}
	if len(seen) < 120 {
		t.Errorf("%d faults, want at least 120", len(seen))
	}
	t.Logf("%d faults", len(seen))
}

func TestInto(t *testing.T) {
	t.Parallel()
	var o reference.Options
	if err := Into(&o, "stats.code.20l"); err == nil || !strings.Contains(err.Error(), `did you mean "stats.code.201"?`) {
		t.Errorf("an unknown fault: %v", err)
	}
	if err := Into(&o, ""); err != nil || o.Variant.Hooks != nil {
		t.Errorf("no fault: %v, or there are hooks", err)
	}
}

// Before a run begins it asks for templates, and for a document that nobody
// has: no fault may keep it from beginning.
func TestFaultsLetRunsBegin(t *testing.T) {
	t.Parallel()
	for i, f := range All() {
		if race.Brief() && i%8 > 0 {
			continue
		}
		n := newNode(t, f.Emulate, f.ID)
		n.send(http.MethodPut, "/_connector/c", `{"index_name":"i","service_type":"s"}`)
		n.send(http.MethodPost, "/_connector/_sync_job", `{"id":"c"}`)
		for path, want := range map[string]int{
			"/_index_template/elastic-connectors": 200,
			"/.elastic-connectors-v1/_doc/nobody": 404,
			"/.elastic-connectors/_doc/nobody":    404,
		} {
			if w := n.send(http.MethodGet, path, ""); w.Code != want {
				t.Errorf("%s: GET %s is answered %d, want %d", f.ID, path, w.Code, want)
			}
		}
	}
}

package steps

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/family"
)

// What operations know of the connector API, its catalogue knows, too.
func TestOperationsAgreeWithTheCatalogue(t *testing.T) {
	t.Parallel()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	connectors, _ := set.Named("connector")
	calls := callsOf(connectors)
	met := map[string]bool{}
	for name, o := range operations {
		if !strings.HasPrefix(o.path, "/_connector") || o.action == "" {
			continue
		}
		path, _, _ := strings.Cut(strings.NewReplacer("{new}", "n", "{connector}", "c", "{sync_job}", "j").Replace(o.path), "?")
		found := false
		for _, c := range calls {
			if _, is := c.Request.Is(o.method, path); !is || c.Action == "" {
				continue
			}
			found = true
			met[c.Request.String()] = true
			if c.Action != o.action || c.Privilege.Cluster != o.privilege {
				t.Errorf("%s: the catalogue says %s and %s, the operation %s and %s", name, c.Action, c.Privilege.Cluster, o.action, o.privilege)
			}
			if since := c.Since; since != "" && since != o.since.String() {
				t.Errorf("%s: since %s in the catalogue, %s here", name, since, o.since)
			}
		}
		if !found {
			t.Errorf("%s: the catalogue has no %s %s", name, o.method, o.path)
		}
	}
	for _, c := range calls {
		if c.Action != "" && !met[c.Request.String()] && !strings.Contains(c.Request.Path, "hard=true") {
			t.Errorf("no operation is the catalogue's %s", c.Request)
		}
	}
}

func callsOf(f *family.Family) []family.Call {
	var calls []family.Call
	for _, r := range f.Resources {
		calls = append(append(calls, r.Read.Call, r.List.Call), append(r.Calls, r.Delete...)...)
		for _, c := range r.Create {
			calls = append(calls, c.Call)
		}
	}
	return calls
}

package probe

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/family"
)

// What is known here of connectors and sync jobs, their catalogue knows, too:
// the states, and the calls that lead there.
func TestKindsAgreeWithTheCatalogue(t *testing.T) {
	t.Parallel()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		r, ok := set.Resource(strings.ReplaceAll(k.name, "_", " "))
		if !ok {
			t.Errorf("there is no resource for %s", k.name)
			continue
		}
		if want := "/" + strings.Join(k.prefix, "/") + "/{id}"; r.Read.Request.Path != want {
			t.Errorf("%s is read at %s in the catalogue, at %s here", k.name, r.Read.Request.Path, want)
		}
		if k.index != "" && !strings.HasPrefix(r.Stored, "/"+k.index+"/") {
			t.Errorf("%s is stored at %s in the catalogue, in %s here", k.name, r.Stored, k.index)
		}
		if len(r.States) != len(k.states) && len(k.states) > 1 {
			t.Errorf("%s has %d states in the catalogue, %d here", k.name, len(r.States), len(k.states))
		}
		for i, st := range r.States {
			if st.Name != k.states[i].name || len(st.By) != len(k.states[i].steps) {
				t.Errorf("%s: state %d is %s by %v in the catalogue, %+v here", k.name, i, st.Name, st.By, k.states[i])
				continue
			}
			for n, verb := range st.By {
				call, _ := r.Verb(verb)
				if !strings.HasSuffix(call.Request.Path, k.states[i].steps[n].suffix) || call.Body != k.states[i].steps[n].body {
					t.Errorf("%s: %q is %s %s in the catalogue, %+v here", k.name, verb, call.Request, call.Body, k.states[i].steps[n])
				}
			}
		}
	}
}

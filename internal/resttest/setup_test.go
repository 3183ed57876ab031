package resttest

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/internal/restspec"
)

// Set-ups of files that share a name are not performed beside each other; tests
// of a file do not matter.
func TestSetUps(t *testing.T) {
	t.Parallel()
	spec, err := restspec.Load(fstest.MapFS{
		"_common.json":         {Data: []byte(`{}`)},
		"indices.create.json":  {Data: []byte(`{"indices.create":{"url":{"paths":[{"path":"/{index}","methods":["PUT"],"parts":{"index":{}}}]},"body":{}}}`)},
		"indices.refresh.json": {Data: []byte(`{"indices.refresh":{"url":{"paths":[{"path":"/_refresh","methods":["POST"]}]}}}`)},
		"cluster.put.json":     {Data: []byte(`{"cluster.put":{"url":{"paths":[{"path":"/_cluster/settings","methods":["PUT"]}]},"body":{}}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	create := func(name string) string { return "  - do:\n      indices.create: {index: " + name + "}\n" }
	tests, err := Load("t", fstest.MapFS{
		"0.yml": {Data: []byte("requires:\n  serverless: true\n  stack: false\n---\nsetup:\n" + create("one") + "---\n\"x\":\n" + create("c"))},
		"a.yml": {Data: []byte("setup:\n" + create("one") + "  - do: {indices.refresh: {}}\n---\n\"x\":\n" + create("other") + "---\n\"y\":\n" + create("more"))},
		"b.yml": {Data: []byte("setup:\n" + create("other") + "---\n\"x\":\n" + create("one"))},
		"c.yml": {Data: []byte("setup:\n" + create("one") + "---\n\"x\":\n" + create("c"))},
		"d.yml": {Data: []byte("\"x\":\n" + create("d"))},
		"e.yml": {Data: []byte("setup:\n  - do:\n      cluster.put: {body: {persistent: {}}}\n---\n\"x\":\n" + create("e"))},
	}, spec)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range SetUps(tests) {
		steps := 0
		for _, st := range s.Steps {
			switch st.Part {
			case Setup:
				steps++
			case Condition:
			default:
				t.Errorf("%s has a step of its %s", s.ID, st.Part)
			}
		}
		got = append(got, strings.TrimSpace(s.ID+" "+s.LeftOut))
		if want := map[string]int{"rest/a/setup": 2}[s.ID]; want > 0 && steps != want {
			t.Errorf("%s has %d steps", s.ID, steps)
		}
	}
	want := "rest/a/setup; rest/b/setup; rest/c/setup its set-up uses the name one, as that of t/a.yml does; rest/e/setup its set-up touches what it does not name; rest/0/setup its set-up uses the name one, as that of t/a.yml does"
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
}

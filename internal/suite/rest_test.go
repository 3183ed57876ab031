package suite

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/resttest"
)

// Tests without a common name run at the same time: each waits here until the
// other has begun. Those that share a name never do.
func TestBeside(t *testing.T) {
	t.Parallel()
	var cases []*Case
	for _, names := range []string{"a b", "b c", "d", "", "a", "c"} {
		cases = append(cases, &Case{ID: names, Rest: &resttest.Test{Touches: resttest.Touches{Names: strings.Fields(names)}}})
	}
	var mu sync.Mutex
	running, ended := map[string]bool{}, 0
	together := make(chan struct{})
	var once sync.Once
	beside(cases, 3, func(c *Case) {
		mu.Lock()
		for _, name := range c.Rest.Touches.Names {
			if running[name] {
				t.Errorf("two run with the name %s", name)
			}
			running[name] = true
		}
		mu.Unlock()
		switch c.ID {
		case "a b":
			<-together
		case "d":
			once.Do(func() { close(together) })
		}
		mu.Lock()
		defer mu.Unlock()
		ended++
		for _, name := range c.Rest.Touches.Names {
			running[name] = false
		}
	})
	if ended != len(cases) {
		t.Errorf("%d of %d ran", ended, len(cases))
	}
}

func TestAddRest(t *testing.T) {
	t.Parallel()
	s, err := load(t, map[string]string{"a.feature": outline})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := restspec.Load(fstest.MapFS{
		"_common.json": {Data: []byte(`{}`)},
		"info.json":    {Data: []byte(`{"info":{"url":{"paths":[{"path":"/","methods":["GET"]}]}}}`)},
		"unused.json":  {Data: []byte(`{"unused":{"url":{"paths":[{"path":"/_u","methods":["GET"]}]}}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	before := s.Digest
	files := fstest.MapFS{"x/y.yml": {Data: []byte("\"It answers\":\n  - do: { info: {} }\n---\n\"Bad\":\n  - doo: {}\n")}}
	if err := s.AddRest("tests", files, "spec", spec); err != nil {
		t.Fatal(err)
	}
	if s.Digest == before {
		t.Error("the digest says nothing of the tests")
	}
	c, ok := s.Case("rest/x/y/it-answers")
	if !ok || !slices.Equal(c.Requirements, []string{"rest.info"}) || c.Line != 1 {
		t.Fatalf("got %+v", c)
	}
	for selection, want := range map[*Selection]int{
		{Tags: RestTag}: 2, {IDs: []string{"rest/x/y"}}: 2, {IDs: []string{"rest.info"}}: 1, {Tags: "not " + RestTag}: len(s.Cases) - 2,
	} {
		if cases, err := s.Select(*selection); err != nil || len(cases) != want {
			t.Errorf("%s: got %d, %v, want %d", selection, len(cases), err, want)
		}
	}
	problems := strings.Join(s.Check(), "\n")
	if !strings.Contains(problems, `tests/x/y.yml: rest/x/y/bad: line 5: unknown word "doo"`) || strings.Contains(problems, "unused") {
		t.Errorf("lint says %s", problems)
	}
}

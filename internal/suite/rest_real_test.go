package suite_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/realnode"
	"github.com/esconform/esconform/internal/wire"
)

const restExamples = "../../docs/examples/rest/"

func restSuite(t *testing.T) *suite.Suite {
	t.Helper()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := restspec.Open(restExamples + "spec")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddRest("tests", os.DirFS(restExamples+"tests"), "spec", spec); err != nil {
		t.Fatal(err)
	}
	return s
}

// performRest runs the examples, and sees that the cluster holds afterwards
// what it held before.
func performRest(t *testing.T, tgt *target.Target, parallel int) *result.Run {
	t.Helper()
	before := realnode.Listing(t, tgt)
	run, err := suite.Perform(t.Context(), suite.Plan{
		Suite: restSuite(t), Selection: suite.Selection{Tags: suite.RestTag}, Target: tgt, Limits: limits.Default(), Parallel: parallel,
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(realnode.Listing(t, tgt), "\n")); diff != "" {
		t.Errorf("the cluster holds something else than before:\n%s", diff)
	}
	if r := run.Resources; r.Created != r.Deleted || len(r.Leftovers) > 0 {
		t.Errorf("resources: %+v", r)
	}
	return run
}

func TestTheExampleOfRestTestsIsWellWritten(t *testing.T) {
	t.Parallel()
	for _, problem := range restSuite(t).Check() {
		t.Error(problem)
	}
}

// The REST tests of the documentation pass on a real Elasticsearch, declared
// disposable or not, side by side or not, and leave nothing.
func TestRestTestsOnARealNode(t *testing.T) {
	tgt := realnode.Open(t, realnode.Config(t))
	for _, disposable := range []bool{false, true} {
		tgt.Disposable = disposable
		for _, parallel := range []int{1, 8} {
			run := performRest(t, tgt, parallel)
			if run.Verdict != result.Conformant || run.Resources.Created == 0 {
				t.Errorf("disposable: %t, %d at a time: %s: %s (%+v)", disposable, parallel, run.Verdict, run.Reason, run.Resources)
			}
		}
	}
}

// What has the names of the tests and is somebody else's stays as it is; the
// tests that would touch it say so, and have written nothing.
func TestRestTestsAndThingsOfOthers(t *testing.T) {
	tgt := realnode.Open(t, realnode.Config(t))
	foreign := []wire.Request{
		{Method: http.MethodPut, Path: "/example-documents", Body: []byte(`{"aliases":{"example-alias-of-others":{}}}`)},
		{Method: http.MethodPut, Path: "/example-documents/_doc/1?refresh=true", Body: []byte(`{"whose":"somebody else's"}`)},
		{Method: http.MethodPut, Path: "/_index_template/example-template", Body: []byte(`{"index_patterns":["example-of-others"]}`)},
	}
	send := func(r wire.Request) string {
		t.Helper()
		res, err := tgt.Client.Session().Do(context.WithoutCancel(t.Context()), r)
		if err != nil || res.Status >= http.StatusBadRequest {
			t.Fatalf("%s %s: %v, %v", r.Method, r.Path, res, err)
		}
		return string(res.Body)
	}
	for _, r := range foreign {
		send(r)
	}
	t.Cleanup(func() {
		send(wire.Request{Method: http.MethodDelete, Path: "/example-documents"})
		send(wire.Request{Method: http.MethodDelete, Path: "/_index_template/example-template"})
	})
	look := func() []string {
		var seen []string
		for _, path := range []string{"/example-documents", "/example-documents/_doc/1", "/_index_template/example-template"} {
			seen = append(seen, send(wire.Request{Method: http.MethodGet, Path: path}))
		}
		return seen
	}
	before := look()
	run := performRest(t, tgt, 8)
	if diff := cmp.Diff(before, look()); diff != "" {
		t.Errorf("things of others have changed:\n%s", diff)
	}
	refused := 0
	for _, sc := range run.Scenarios {
		if !strings.HasPrefix(sc.ID, "rest/documents/") && sc.ID != "rest/templates/an-index-template-is-read-back" {
			continue
		}
		refused++
		if sc.Outcome != result.Error || !strings.Contains(sc.Failure.Message, "was there before the test, so it is not ours") || len(sc.Exchanges) > 0 {
			t.Errorf("%s: %s, %+v, %d requests", sc.ID, sc.Outcome, sc.Failure, len(sc.Exchanges))
		}
	}
	if refused != 15 || run.Verdict == result.Conformant {
		t.Errorf("%d tests, %s", refused, run.Verdict)
	}
}

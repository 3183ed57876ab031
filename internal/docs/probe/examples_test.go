package probe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
)

func consoles(parts ...string) string {
	out := "==== {api-examples-title}\n"
	for _, p := range parts {
		body, marker, _ := strings.Cut(p, " // ")
		out += "[source,console]\n----\n" + body + "\n----\n"
		if marker != "" {
			out += "// " + marker + "\n"
		}
		out += "\n"
	}
	return out
}

// Examples run on resources of their own, whatever the page calls them.
func TestExamples(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	m := page(t, "PUT _connector/_sync_job/<id>/_claim", "==== {api-request-body-title}\n`worker_hostname`::\n(Required, string) X.\n\n"+consoles(
		"PUT _connector/_sync_job/my-job/_claim\n{\"worker_hostname\": \"me\"}\nPUT _connector/_sync_job/my-job/_check_in",
		"PUT _connector/_sync_job/my-job/_cancel // TEST[continued]",
		"GET _connector/_sync_job?connector_id=my-connector&status=pending",
		"PUT _connector/_sync_job/my-job/_claim // NOTCONSOLE",
		"DELETE _connector",
		"PUT _connector/my-connector\n{\"index_name\": \"my-index\"}",
		"GET _connector/my-connector // TEST[continued]",
		"DELETE _connector/_sync_job/my-job",
		"PUT _connector/_sync_job/my-job/_claim\n{\"host\": \"me\"}",
	))
	facts := s.probe(t, m)
	for i, want := range []string{
		"200 200, stored worker_hostname=me",
		"200, stored ",
		"200, stored ",
		"not run: the page marks it NOTCONSOLE",
		"not run: DELETE /_connector names no resource",
		"201, stored index_name=probe",
		"200, stored ",
		"200, stored ",
		"400, stored ",
	} {
		ef := facts.Examples[i]
		var codes, stored []string
		for _, c := range ef.Calls {
			codes = append(codes, sum(c))
			if strings.Contains(c.Path, "my-") {
				t.Errorf("example %d: %s is on the page and not of this run", i, c.Path)
			}
		}
		for _, name := range sortedKeys(ef.Stored) {
			v := fmt.Sprint(ef.Stored[name])
			if strings.Contains(v, "probe") {
				v = "probe"
			}
			stored = append(stored, name+"="+v)
		}
		got := strings.Join(codes, " ") + ", stored " + strings.Join(stored, " ")
		if ef.NotRun != "" {
			got = "not run: " + ef.NotRun
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("example %d: %s, want %s", i, got, want)
		}
	}
	if first, second := facts.Examples[0], facts.Examples[1]; first.Calls[0].Path[:30] != second.Calls[0].Path[:30] || second.Calls[0].Before == nil {
		t.Errorf("the second example does not go on from the first: %s, %s", first.Calls[0].Path, second.Calls[0].Path)
	}
	if c := facts.Examples[7].Calls[0]; !c.Gone {
		t.Error("what an example deletes is still there")
	}
	if bound := facts.Examples[6].Bind(map[string]any{"a": []any{"my-connector"}, "b": "other"}).(map[string]any); fmt.Sprint(bound["a"]) == "[my-connector]" || bound["b"] != "other" {
		t.Errorf("bound is %v", bound)
	}
}

// The page's own setup runs before each example, and what it makes is what the
// example names.
func TestSetup(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	setup := func(body string) string {
		return "////\n[source,console]\n----\nPUT _connector/mine\n" + body + "\n----\n// TESTSETUP\n////\n\n"
	}
	example := consoles("PUT _connector/mine/_name\n{\"name\": \"a\"}", "GET _connector/mine")
	facts := s.probe(t, page(t, "PUT _connector/<id>/_name", setup(`{"language": "en"}`)+example))
	for i := 1; i <= 2; i++ {
		ef := facts.Examples[i]
		if ef.NotRun != "" || !ef.Calls[0].OK() {
			t.Errorf("example %d: %s", i, ef.NotRun)
		}
	}
	if before, _ := lookup(facts.Examples[1].Calls[0].Before, "language"); before != "en" {
		t.Errorf("the example ran on %v", facts.Examples[1].Calls[0].Before)
	}
	facts = s.probe(t, page(t, "PUT _connector/<id>/_name", setup(`{"colour": "red"}`)+example))
	if got := facts.Examples[1].NotRun; !strings.HasPrefix(got, "the page's own setup") || !strings.HasSuffix(got, "was answered 400") {
		t.Errorf("with a setup that fails: %q", got)
	}
}

func TestProse(t *testing.T) {
	t.Parallel()
	m := page(t, "PUT _connector/_sync_job/<id>/_cancel", "==== {api-description-title}\n"+
		"Sets the `status` to `canceled` and updates `cancelation_requested_at` to the current time. The service will set the `status` to `ended`.\n")
	rf := newSite(t, "", nil).probe(t, m).Main()
	if rf.Later == "" {
		t.Error("no later time of the server is known")
	}
	for key, want := range map[string]string{"status=canceled": "200", "status=ended": "400"} {
		if got := sum(rf.Values[key]); got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
	got := map[string]string{}
	for st, c := range rf.ByState {
		got[st] = sum(c)
	}
	want := map[string]string{"pending": "200", "in_progress": "200", "canceling": "400", "canceled": "400", "error": "400"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by state: -want +got\n%s", diff)
	}
}

// Before 8.15 no call leads to in_progress: it is written as services do.
func TestStatesOfEarlierVersions(t *testing.T) {
	t.Parallel()
	rf := newSite(t, "8.14.0", nil).probe(t, page(t, "PUT _connector/_sync_job/<id>/_cancel", "")).Main()
	if c := rf.ByState["in_progress"]; !c.OK() || !holds(c.After, "canceling") {
		t.Errorf("in_progress: %s", Answer(c))
	}
}

// What specifications name is probed, too.
func TestHints(t *testing.T) {
	t.Parallel()
	hint := &claim.Model{Source: claim.SourceOpenAPI, Fields: []claim.Field{
		{Name: "metadata", In: claim.InBody, Type: "object"}, {Name: "colour", In: claim.InBody, Type: "string"},
	}}
	m := page(t, statsRoute, strings.Split(statsBody, "`last_seen`")[0])
	rf := newSite(t, "", nil).probe(t, m, hint).Main()
	if f := rf.Field(claim.InBody, "metadata"); f == nil || f.Sent == nil {
		t.Error("metadata was not sent")
	}
	if f := rf.Field(claim.InBody, "colour"); f == nil || f.Refused == nil {
		t.Error("colour was not refused")
	}
}

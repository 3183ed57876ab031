package verify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

const route = "PUT _connector/_sync_job/<id>/_stats"

// page reads a page with one route.
func page(t *testing.T, rest string) *claim.Model {
	t.Helper()
	return pageOf(t, "`"+route+"`", rest)
}

func pageOf(t *testing.T, routes, rest string) *claim.Model {
	t.Helper()
	pages, err := asciidoc.Read("page.asciidoc", []byte("[[p]]\n=== P\n\n==== {api-request-title}\n"+routes+"\n\n"+rest))
	if err != nil {
		t.Fatal(err)
	}
	return claim.FromPage(pages[0])
}

func doc(t *testing.T, text string) any {
	t.Helper()
	if text == "" {
		return nil
	}
	v, err := jsonval.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// answer is a call that was answered so.
func answer(t *testing.T, status int, body string) *probe.Call {
	t.Helper()
	c := &probe.Call{Purpose: "a call", Route: claim.Route{Method: "PUT", Path: "/x"}, Status: status, Body: body, JSON: doc(t, body), Index: -1}
	for ptr, into := range map[string]*string{"/error/type": &c.Type, "/error/reason": &c.Reason} {
		v, _ := jsonval.Pointer(c.JSON, ptr)
		*into, _ = v.(string)
	}
	return c
}

// refusal is an answer that names a reason.
func refusal(t *testing.T, kind, reason string) *probe.Call {
	t.Helper()
	b, err := json.Marshal(map[string]any{"error": map[string]any{"type": kind, "reason": reason}, "status": 400})
	if err != nil {
		t.Fatal(err)
	}
	return answer(t, 400, string(b))
}

// working are the facts on a route that works, as edit changes them.
func working(t *testing.T, m *claim.Model, edit func(*probe.RouteFacts)) *probe.Facts {
	t.Helper()
	ok := answer(t, 200, `{"result":"updated"}`)
	rf := &probe.RouteFacts{Route: m.Routes[0], OK: ok, Fields: map[string]*probe.FieldFacts{}, Needed: map[string]*probe.Call{},
		Codes: map[int]*probe.Call{}, Uncommon: map[int]*probe.Call{}, ByState: map[string]*probe.Call{}, Values: map[string]*probe.Call{},
		Answers: []*probe.Call{ok}}
	ok.Route = m.Routes[0]
	if edit != nil {
		edit(rf)
	}
	return &probe.Facts{Routes: []*probe.RouteFacts{rf}, Examples: map[int]*probe.ExampleFacts{}}
}

// field puts facts on a field into those of its route.
func field(rf *probe.RouteFacts, f *probe.FieldFacts) *probe.FieldFacts {
	if f.In == "" {
		f.In = claim.InBody
	}
	rf.Fields[string(f.In)+" "+f.Name] = f
	return f
}

// verdicts shows the claims whose ids begin so, each as its verdict and id.
func verdicts(claims []*claim.Claim, prefix string) []string {
	var out []string
	for _, c := range claims {
		id := strings.TrimPrefix(strings.TrimPrefix(c.ID, "openapi/"), "p/")
		if strings.HasPrefix(id, prefix) {
			out = append(out, string(c.Verdict)+" "+id)
		}
	}
	slices.Sort(out)
	return out
}

// expect compares verdicts, given one a line.
func expect(t *testing.T, name string, claims []*claim.Claim, prefix string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, verdicts(claims, prefix)); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}

// one is the claim of that id.
func one(t *testing.T, claims []*claim.Claim, id string) *claim.Claim {
	t.Helper()
	for _, c := range claims {
		if strings.TrimPrefix(strings.TrimPrefix(c.ID, "openapi/"), "p/") == id {
			return c
		}
	}
	t.Fatalf("no claim %s among %v", id, verdicts(claims, ""))
	return nil
}

func exchange(method, body, answer string) result.Exchange {
	return result.Exchange{Request: result.Message{Method: method, Path: "/x", Body: body}, Response: &result.Message{Status: 200, Body: answer}}
}

func swapped(c *claim.Claim) string {
	var out []string
	for _, e := range c.Edits {
		switch {
		case e.Swap[0] != "":
			out = append(out, fmt.Sprintf("%s -> %s", e.Swap[0], e.Swap[1]))
		case e.Append != "":
			out = append(out, "+"+e.Append)
		default:
			out = append(out, fmt.Sprintf("%d -%d +%q", e.Line, e.Delete, e.Insert))
		}
	}
	return strings.Join(out, "; ")
}

package verify

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/result"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	conflict := refusal(t, "status_exception", "not now")
	for name, tt := range map[string]struct {
		codes string
		edit  func(*probe.RouteFacts)
		want  []string
	}{
		"as listed":                                          {"`200`::\nX.\n\n`404`::\nX.\n", func(rf *probe.RouteFacts) { rf.Codes[404] = answer(t, 404, "{}") }, []string{"CONFIRMED code/200", "CONFIRMED code/404"}},
		"never seen, though tried":                           {"`200`::\nX.\n\n`404`::\nX.\n", func(rf *probe.RouteFacts) { rf.Unknown = answer(t, 200, "{}") }, []string{"CONFIRMED code/200", "CONTRADICTED code/404"}},
		"never seen, not tried":                              {"`200`::\nX.\n\n`404`::\nX.\n", nil, []string{"CONFIRMED code/200", "UNTESTABLE code/404"}},
		"another success":                                    {"`200`::\nX.\n\n`201`::\nX.\n", nil, []string{"CONFIRMED code/200", "CONTRADICTED code/201"}},
		"a code of other APIs":                               {"`200`::\nX.\n\n`409`::\nX.\n", nil, []string{"CONFIRMED code/200", "UNTESTABLE code/409"}},
		"not listed":                                         {"`404`::\nX.\n", func(rf *probe.RouteFacts) { rf.Codes[404] = answer(t, 404, "{}") }, []string{"UNDOCUMENTED code/200", "CONFIRMED code/404"}},
		"what every API refuses":                             {"`200`::\nX.\n", func(rf *probe.RouteFacts) { rf.Uncommon[400] = conflict }, []string{"CONFIRMED code/200"}},
		"what every API refuses, and is listed":              {"`200`::\nX.\n\n`400`::\nX.\n", func(rf *probe.RouteFacts) { rf.Uncommon[400] = conflict }, []string{"CONFIRMED code/200", "CONFIRMED code/400"}},
		"for bodies, and none is refused":                    {"`200`::\nX.\n\n`400`::\nX.\n", func(rf *probe.RouteFacts) { rf.NoBody = answer(t, 200, "{}") }, []string{"CONFIRMED code/200", "CONTRADICTED code/400"}},
		"for a parameter left out":                           {"`200`::\nX.\n\n`400`::\nThe `id` was not provided.\n", func(rf *probe.RouteFacts) { rf.NoParam = answer(t, 400, "{}") }, []string{"CONFIRMED code/200", "CONFIRMED code/400"}},
		"for a parameter left out, which is another request": {"`200`::\nX.\n\n`400`::\nThe `id` was not provided.\n", func(rf *probe.RouteFacts) { rf.NoParam = answer(t, 405, "{}") }, []string{"CONFIRMED code/200", "CONTRADICTED code/400"}},
		"for a parameter left out, not tried":                {"`200`::\nX.\n\n`400`::\nThe `id` was not provided.\n", nil, []string{"CONFIRMED code/200", "UNTESTABLE code/400"}},
		"for a field left out":                               {"`200`::\nX.\n\n`400`::\nThe `f` was not provided.\n", func(rf *probe.RouteFacts) { field(rf, &probe.FieldFacts{Name: "f"}).Omitted = answer(t, 200, "{}") }, []string{"CONFIRMED code/200", "CONTRADICTED code/400"}},
	} {
		m := page(t, "==== {api-response-codes-title}\n"+tt.codes)
		facts := working(t, m, func(rf *probe.RouteFacts) {
			rf.Codes[200] = rf.OK
			if tt.edit != nil {
				tt.edit(rf)
			}
		})
		expect(t, name, Judge(m, facts, nil, nil), "code/", tt.want...)
	}
}

// The patch adds a code in the order of the numbers, and says what it is for.
func TestCodeEdits(t *testing.T) {
	t.Parallel()
	m := page(t, "==== {api-response-codes-title}\n`200`::\nX.\n\n`404`::\nX.\n\n`409`::\nX.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		rf.Codes[200], rf.Codes[404] = rf.OK, answer(t, 404, "{}")
		rf.Codes[400], rf.Codes[503] = refusal(t, "status_exception", "not now"), answer(t, 503, "{}")
		rf.ByState["pending"] = rf.Codes[400]
		rf.Unknown = rf.Codes[404]
	})
	claims := Judge(m, facts, nil, nil)
	for id, want := range map[string]string{
		"code/400": "10 -0 +[\"`400`::\" \"Indicates that the request was malformed, or that the current state does not allow it.\" \"\"]",
		"code/503": "15 -0 +[\"\" \"`503`::\" \"Indicates that the request was refused.\"]",
	} {
		if got := swapped(one(t, claims, id)); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	m := page(t, "")
	for name, tt := range map[string]struct {
		facts *probe.Facts
		want  string
		says  string
	}{
		"works":   {working(t, m, nil), "CONFIRMED", "answered 200"},
		"is none": {&probe.Facts{Routes: []*probe.RouteFacts{{Route: m.Routes[0], NoRoute: answer(t, 405, "{}")}}}, "CONTRADICTED", "no such route: 405"},
		"is none, that of the example works": {&probe.Facts{Routes: []*probe.RouteFacts{{Route: m.Routes[0], NoRoute: answer(t, 405, "{}")}},
			Guessed: working(t, pageOf(t, "`PUT _x/<id>/_stats`", ""), nil).Routes[0]}, "CONTRADICTED", "the example's route works"},
		"fails, that of the example works": {&probe.Facts{Routes: []*probe.RouteFacts{{Route: m.Routes[0], Failed: answer(t, 400, "{}")}},
			Guessed: working(t, pageOf(t, "`PUT _x/<id>/_stats`", ""), nil).Routes[0]}, "CONTRADICTED", "no request to it succeeds"},
		"cannot be set up": {&probe.Facts{Routes: []*probe.RouteFacts{{Route: m.Routes[0], NotRun: "not part of it"}}}, "NOT_RUN", "not part of it"},
		"not reached":      {&probe.Facts{}, "NOT_RUN", "none of the routes"},
	} {
		claims := Judge(m, tt.facts, nil, nil)
		c := one(t, claims, "route/put/_connector/_sync_job/{id}/_stats")
		if string(c.Verdict) != tt.want || !strings.Contains(c.Observed+c.Reason, tt.says) {
			t.Errorf("%s: %s %s%s", name, c.Verdict, c.Observed, c.Reason)
		}
	}
	guessed := &probe.Facts{Routes: []*probe.RouteFacts{{Route: m.Routes[0], NoRoute: answer(t, 405, "{}")}}, Guessed: working(t, pageOf(t, "`PUT _x/<any>/_stats`", ""), nil).Routes[0]}
	if got := swapped(one(t, Judge(m, guessed, nil, nil), "route/put/_connector/_sync_job/{id}/_stats")); got != route+" -> PUT _x/<id>/_stats" {
		t.Errorf("the patch is %q", got)
	}
}

func TestTrailingSlash(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{"_x/my": {"CONTRADICTED consistency/trailing-slash"}, "_x/my/": nil} {
		m := pageOf(t, "`PUT _x/<id>/`", "==== {api-examples-title}\n[source,console]\n----\nPUT "+path+"\n----\n")
		expect(t, path, Judge(m, working(t, m, nil), nil, nil), "consistency/trailing", want...)
	}
}

// What ended the probes is the reason why nothing is said of the server; what
// the page itself shows is said all the same.
func TestNotRun(t *testing.T) {
	t.Parallel()
	m := page(t, "beta::[]\n\n==== {api-path-parms-title}\n`id`::\n(Required, string)\n\n`f`::\n(Optional, string) X.\n\n==== Request body\n`a`::\n(Required, int) X. Defaults to `1`.\n\n"+
		"==== {api-response-body-title}\n`r`::\n(string) `a` or `b`.\n\n==== {api-response-codes-title}\n`404`:\nX.\n\n`200`::\nX.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		rf.Codes[200], rf.Codes[400] = rf.OK, answer(t, 400, "{}")
		rf.Extra = []*probe.FieldFacts{{Name: "more", In: claim.InBody, Sent: rf.OK}}
	})
	for name, tt := range map[string]struct {
		facts *probe.Facts
		cause error
		why   string
	}{
		"in the middle": {facts, errors.New("connection refused"), "connection refused"},
		"at once":       {&probe.Facts{}, errors.New("the time is over"), "the time is over"},
		"no route":      {&probe.Facts{Routes: []*probe.RouteFacts{{NotRun: "no request succeeded"}}}, nil, "no request succeeded"},
	} {
		for _, c := range Judge(m, tt.facts, nil, tt.cause) {
			if c.Kind == claim.KindMarkup {
				continue
			}
			if c.Verdict != claim.NotRun || c.Reason != tt.why {
				t.Errorf("%s: %s %s, %q", name, c.Verdict, c.ID, c.Reason)
			}
		}
	}
	m.Routes = nil
	if got := Judge(m, &probe.Facts{}, nil, nil)[0].Reason; got != "no route was found in the document" {
		t.Error(got)
	}
}

func TestProofsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100<<10)
	j := &judge{m: page(t, ""), ids: map[string]bool{}, exchanges: []result.Exchange{exchange("PUT", long, long), exchange("GET", "", "{}")}}
	c := j.add("a", claim.KindProse, claim.At{Quote: long}, long)
	j.say(c, claim.Confirmed, long, &probe.Call{Index: 0}, &probe.Call{Index: 1}, &probe.Call{Index: 7}, nil)
	if len(c.Proof) != 2 {
		t.Fatalf("%d proofs", len(c.Proof))
	}
	e := c.Proof[0].Exchange
	if len(e.Request.Body) != cutBody || e.Request.CutFrom != len(long) || len(e.Response.Body) != cutBody || !strings.Contains(c.Proof[0].Curl, "only the start of the body") {
		t.Errorf("%d and %d bytes, cut from %d", len(e.Request.Body), len(e.Response.Body), e.Request.CutFrom)
	}
	if c.Proof[1].Exchange.Request.CutFrom != 0 {
		t.Error("a short body is cut")
	}
	for i := range 2000 {
		j.say(j.add(fmt.Sprint("b", i), claim.KindProse, claim.At{}, ""), claim.Confirmed, "", &probe.Call{Index: 0})
	}
	total, none := 0, 0
	for _, c := range j.claims {
		for _, p := range c.Proof {
			total += len(p.Curl) + size(*p.Exchange)
		}
		if len(c.Proof) == 0 {
			none++
		}
	}
	j.trim()
	last := j.claims[len(j.claims)-1]
	if total > maxProof || none == 0 || last.Kind != claim.KindUnread || !strings.HasPrefix(last.Reason, fmt.Sprintf("%d exchanges", none)) {
		t.Errorf("%d bytes, %d without, %s", total, none, last.Reason)
	}
	for _, s := range []string{c.Quote, c.Documented, c.Observed} {
		if len(s) > maxText+len("…") {
			t.Errorf("%d bytes", len(s))
		}
	}
	if id := j.add(long, claim.KindProse, claim.At{}, "").ID; len(id) > maxID+len("…") {
		t.Errorf("an id of %d bytes", len(id))
	}
	if a, b := j.add("same", claim.KindProse, claim.At{}, "").ID, j.add("same", claim.KindProse, claim.At{}, "").ID; a == b {
		t.Error("two claims have one id")
	}
}

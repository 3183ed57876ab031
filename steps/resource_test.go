package steps_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

const thingCatalogue = `
api: things
title: Things
route: PUT /_thing/{id}
resources:
  - name: thing
    plural: things
    kind: thing
    read: {request: "GET /_thing/{id}", at: /thing}
    stored: /.things/_doc/{id}
    list: {request: GET /_thing}
    create: [{request: "PUT /_thing/{id}", body: '{"n":1,"of":"{id}","list":["b","a"],"deep":{"x":true}}', status: 200}]
    delete: [{request: "DELETE /_thing/{id}"}]
    calls: [{verb: shaken, request: "POST /_thing/{id}/_shake"}]
    states: [{name: shaken, by: [shaken]}]
  - name: part
    plural: parts
    kind: part
    needs: [thing]
    read: {request: "GET /_thing/{raw}", at: /thing}
    create: [{request: "PUT /_thing/{thing}/{id}", id: "{thing}/{id}", body: '{"n":1,"at":1}', status: 200}]
    delete: [{request: "DELETE /_thing/{raw}"}]
    varies: [/at]
  - name: twin
    plural: twins
    kind: twin
    read: {request: "GET /_thing/{id}", at: /thing, id: /thing/of}
    create: [{request: "PUT /_thing/{id}", body: '{"of":"{id}"}', status: 200}]
    delete: [{request: "DELETE /_thing/{id}"}]
`

// thingServer is the least of an API that the catalogue describes.
type thingServer struct {
	mu     sync.Mutex
	things map[string]string
	reads  map[string]int
}

func (s *thingServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	say := func(status int, text string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
	id := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/_thing/"), "/.things/_doc/")
	id, shake := strings.CutSuffix(id, "/_shake")
	is, there := s.things[id]
	body, _ := io.ReadAll(r.Body)
	switch {
	case r.URL.Path == "/":
		say(200, `{"version":{"number":"9.5.3"},"tagline":"You Know, for Search"}`)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", "PUT")
	case r.URL.Path == "/_late":
		s.reads[r.Host]++
		say(200, fmt.Sprintf(`{"n":%d,"q":"%s","h":"%s"}`, s.reads[r.Host], r.URL.RawQuery, r.Header.Get("Echo")))
	case r.URL.Path == "/_echo":
		w.Header().Set("Echo", r.Header.Get("Echo"))
		say(200, string(body))
	case r.URL.Path == "/_thing":
		say(200, "{}")
	case r.Method == http.MethodPut && strings.Contains(string(body), "bad"):
		say(400, `{"error":{"type":"bad_exception","reason":"it is bad"},"status":400}`)
	case r.Method == http.MethodPut:
		s.things[id] = string(body)
		say(200, `{"acknowledged":true}`)
	case !there:
		say(404, `{"found":false}`)
	case shake:
		s.things[id] = strings.Replace(is, `"n":1`, `"n":2`, 1)
		say(200, `{"acknowledged":true}`)
	case r.Method == http.MethodDelete:
		delete(s.things, id)
		say(200, `{"acknowledged":true}`)
	case strings.HasPrefix(r.URL.Path, "/.things"):
		say(200, `{"_index":".things","_id":"`+id+`","_version":1,"_seq_no":0,"_primary_term":1,"found":true,"_source":`+is+`}`)
	default:
		say(200, `{"thing":`+is+`}`)
	}
}

// Each step that speaks of resources or compares does what it says, fails where
// that is not so, and says what the failure is about.
func TestResourceSteps(t *testing.T) {
	t.Parallel()
	const doc = "\n\"\"\"\n%s\n\"\"\""
	cases := []struct{ steps, wrong, check string }{
		{"Given a thing\nThen the thing is there", "", ""},
		{"Given a thing of its own\nThen the thing is gone", "must not be there", "stored.absent"},
		{"Given an id that no thing has\nThen the thing is gone", "", ""},
		{"Given an id that no thing has\nThen the thing is there", "is not there", "stored.present"},
		{"Given a thing\nWhen the thing is read\nThen the thing is unchanged", "", ""},
		{"Given a thing\nWhen the thing is shaken\nThen the thing is unchanged", "was changed", "stored.unchanged"},
		{"Given a thing\nWhen the thing is deleted\nThen the thing is unchanged", "not there any more", "stored.present"},
		{"Given a thing\nThen the thing is unchanged", "nothing was sent", "harness"},
		{"Given a thing\nWhen the thing is shaken\nThen only these fields of the thing have changed:\n| /n |", "", ""},
		{"Given a thing\nWhen the thing is read\nThen only these fields of the thing have changed:\n| /n |", "has not changed at /n", "stored.field.n"},
		{"Given a thing\nWhen the thing is shaken\nAnd the thing is read\nThen only these fields of the thing have changed:\n| n | 2 |\nAnd the version of the thing has risen by 0", "", ""},
		{"Given a thing\nWhen the thing is shaken\nThen only these fields of the thing have changed:\n| /n | 3 |", "is not what it has to be", "stored.field.n"},
		{"Given a thing\nWhen the thing is created with:" + fmt.Sprintf(doc, `{"n":1,"of":"x","list":["b","c"],"deep":{"x":true}}`) + "\nThen only these fields of the thing have changed:\n| of | what was sent |\n| /list/1 | \"c\" |", "", ""},
		{"Given a thing\nWhen the thing is shaken\nThen the version of the thing has risen by 1", "another number of times", "stored.version"},
		{"Given a thing\nWhen the thing is shaken\nThen only these fields of the thing have changed:\n| /of |", "has not changed", "stored.field.of"},
		{"Given a thing\nWhen the thing is created with:" + fmt.Sprintf(doc, `{"n":2,"list":[],"deep":{"x":true},"of":"x"}`) + "\nThen only these fields of the thing have changed:\n| /n |\n| /of |", "is not what it has to be", "stored.field.list"},
		{"Given a thing in the state \"shaken\"\nThen the thing at \"/n\" equals 2", "", ""},
		{"Given a thing in the state \"stirred\"\nThen the thing is there", "no catalogue knows a state", "harness"},
		{"Given a thing \"one\"\nAnd a thing \"other\"\nThen the thing \"one\" at \"/of\" equals \"{one}\"\nAnd the thing \"other\" at \"/of\" does not equal \"{one}\"", "", ""},
		{"When the thing is deleted\nThen the thing is gone", "begin the scenario with", "harness"},
		{"When the things are listed\nThen the response is the JSON:" + fmt.Sprintf(doc, "{}"), "", ""},
		{"Given a thing\nThen the thing as it is stored at \"/n\" equals 1", "", ""},
		{"Given a thing created with:" + fmt.Sprintf(doc, `{"bad":1}`) + "\nThen the thing is there", "create thing", "setup"},
		{"When the thing is created with:" + fmt.Sprintf(doc, `{"bad":1}`) + "\nThen the response status is 4xx\nAnd the response at \"/error/type\" equals \"bad_exceptio\"", "another one", "error.type"},
		{"When the thing is created with:" + fmt.Sprintf(doc, `{"bad":1}`) + "\nThen the response at \"/error/reason\" contains \"good\"", "another one", "error.reason"},
		{"When the thing is created with:" + fmt.Sprintf(doc, `{"bad":1}`) + "\nThen the response status is 2xx", "status 400", "accepted"},
		{"When the thing is created with:" + fmt.Sprintf(doc, `{"of":"{thing}"}`) + "\nThen the thing at \"/of\" equals \"{thing}\"\nAnd the thing is there", "", ""},
		{"When the thing is created\nThen the response status is 4xx", "status 200", "rejected"},
		{"Given a thing\nThen the thing is the JSON, in any order, ignoring \"of\":" + fmt.Sprintf(doc, `{"n":"<number>","list":["a","b"],"deep":"<any>"}`), "", ""},
		{"Given a thing\nThen the thing is the JSON, ignoring \"of\":" + fmt.Sprintf(doc, `{"n":1,"list":["a","b"],"deep":{"x":true}}`), "another one", "stored.field.list"},
		{"Given a thing\nThen the thing contains the JSON:" + fmt.Sprintf(doc, `{"list":["a"]}`), "", ""},
		{"Given a thing\nThen the thing contains the JSON:" + fmt.Sprintf(doc, `{"list":["c"]}`), "another one", "stored.field.list"},
		{"Given a thing\nThen the thing at \"/list\" has the length 2\nAnd the thing at \"/list\" contains \"a\"\nAnd the thing at \"/n\" is at least 1\nAnd the thing at \"/n\" is less than 1.5", "", ""},
		{"Given a thing\nThen the thing at \"/list\" has the length 3", "another one", "stored.field.list"},
		{"Given a thing\nThen the thing at \"/list\" contains \"c\"", "another one", "stored.field.list"},
		{"Given a thing\nThen the thing at \"/n\" is more than 1", "another one", "stored.field.n"},
		{"Given a thing\nThen the thing at \"/of\" is at most 1", "another one", "stored.field.of"},
		{"Given a thing\nThen the thing at \"/n\" does not equal 1.0", "another one", "stored.field.n"},
		{"Given a thing\nThen the thing at \"/no\" does not equal 1", "another one", "stored.field.no"},
		{"Given a thing\nThen the thing at \"/of\" matches \"^esconform-\"\nAnd the thing at \"/no\" is absent", "", ""},
		{"Given a thing\nThen the thing at \"/n\" is absent", "another one", "stored.field.n"},
		{"Given a name saved as \"n\"\nWhen I send POST \"/_echo\" with the body:" + fmt.Sprintf(doc, `{"{n}":{"a":[1]},"l":"\{n}"}`) + "\nThen the response at \"/{n}/a/0\" equals 1\nAnd the response at \"/l\" equals \"\\{n}\"", "", ""},
		{"When I send POST \"/_echo\" with the body:" + fmt.Sprintf(doc, `{"a":[1,{"b":null}]}`) + "\nAnd I save the response at \"/a\" as \"a\"\nThen the response at \"/a\" equals {a}", "", ""},
		{"Given the next request has the header \"Echo\" set to \"e1\"\nWhen I send POST \"/_echo\" with the body:" + fmt.Sprintf(doc, "{}") + "\nAnd I save the response header \"Echo\" as \"e\"\nThen the response header \"Echo\" matches \"^e.$\"\nAnd the response header \"Echo\" is \"{e}\"", "", ""},
		{"When I send POST \"/_echo\" with {\"at\":\"2026-01-02T10:00:00Z\",\"ms\":1767348000001}\nThen the response at \"/at\" is before \"2026-01-02T10:00:00.001Z\"\nAnd the response at \"/at\" is not after \"2026-01-02T11:00:00+01:00\"\nAnd the response at \"/ms\" is after \"2026-01-02T10:00:00Z\"\nAnd the response at \"/ms\" is not before \"1767348000001\"", "", ""},
		{"When I send POST \"/_echo\" with {\"at\":\"2026-01-02T10:00:00Z\"}\nThen the response at \"/at\" is after \"2026-01-02T10:00:00Z\"", "another one", "body/at"},
		{"When I send POST \"/_echo\" with {\"at\":\"soon\"}\nThen the response at \"/at\" is before \"2026-01-02T10:00:00Z\"", "another one", "body/at"},
		{"When I send POST \"/_echo\" with {}\nThen the response at \"/at\" is before \"soon\"", "read the instant", "harness"},
		{"When I send POST \"/_echo\" with {\"a\":true}\nThen the response at \"/a\" equals true", "", ""},
		{"When I send POST \"/_echo\" with {\"a\":true}\nThen the response at \"/a\" equals false", "another one", "body/a"},
		{"When I send POST \"/_echo\" with []\nThen the response at \"/{no}\" equals 1", "nothing is saved as {no}", "harness"},
		{"When I send POST \"/_echo\" with {\"a\":1}\nThen the response at \"/a\" does not equal \"{typo}\"", "nothing is saved as {typo}", "harness"},
		{"When I send POST \"/_echo\" with the body:" + fmt.Sprintf(doc, `{"a":"{typo}"}`) + "\nThen the response status is 200", "nothing is saved as {typo}", "harness"},
		{"Given a thing created with:" + fmt.Sprintf(doc, `{"n":`) + "\nThen the thing at \"/n\" is absent", "read the value", "harness"},
		{"Given these requests have succeeded:\n| PUT /_thing/esconform-x | {\"n\":1} |\n| DELETE /_thing/esconform-x |  |\nWhen I send GET \"/_thing/esconform-x\"\nThen the response status is 404", "", ""},
		{"Given these requests have succeeded:\n| PUT /_thing/esconform-x | {\"bad\":1} |\nWhen I send GET \"/\"\nThen the response status is 200", "PUT /_thing/esconform-x", "setup"},
		{"Given these requests have succeeded:\n| _thing |\nWhen I send GET \"/\"\nThen the response status is 200", "not of the form PUT /path", "harness"},
		{"When I send GET \"/_late\"\nThen the response header \"Echo\" matches \"^e.$\"", "another header", "header.echo"},
		{"When I send GET \"/_late\"\nThen eventually, within 5 s, the response at \"/n\" is at least 3", "", ""},
		{"Given the next request has the query \"a=b\"\nAnd the next request has the header \"Echo\" set to \"e\"\nWhen I send GET \"/_late\"\nThen eventually, within 5 s, the response at \"/n\" is at least 30\nAnd the response at \"/q\" equals \"a=b\"\nAnd the response at \"/h\" equals \"e\"", "", ""},
		{"Given a thing\nWhen these requests are sent at once:\n| PUT | /_thing/{thing} | {\"bad\":1} |\nThen the thing holds what each successful writer sent", "every writer was refused", "assertion"},
		{"Given a thing\nWhen these requests are sent at once:\n| PUT | /_thing/{thing} | {\"a\":1} |\nThen the thing holds what each successful writer sent", "", ""},
		{"When I send GET \"/_late\"\nThen eventually, within 1 s, the response contains the JSON:" + fmt.Sprintf(doc, `{"m":1}`), "also after 1 s", "body/m"},
		{"When I send GET \"/_late\"\nThen the response at \"n\" is absent", "read the JSON pointer", "harness"},
		{"Given a thing\nThen the thing at \"/a~2\" is absent", "read the JSON pointer", "harness"},
		{"Given a twin\nThen the twin is there", "", ""},
		{"Given a twin created with:" + fmt.Sprintf(doc, `{"of":"somebody"}`) + "\nThen the twin is there", "handed back another twin", "assertion"},
		{"Given a part\nAnd a thing\nThen the part is there", "", ""},
		{"Given a part\nAnd a thing\nThen the part is gone", "must not be there", "stored.absent"},
		{"Given a part\nWhen the part is created with:" + fmt.Sprintf(doc, `{"n":2,"at":2}`) + "\nThen only these fields of the part have changed:\n| n | 2 |", "", ""},
		{"Given a part\nWhen the part is created with:" + fmt.Sprintf(doc, `{"n":2,"at":2}`) + "\nThen only these fields of the part have changed:\n| n | 2 |\n| at | 1 |", "is not what it has to be", "stored.field.at"},
		{"Given a part\nWhen the part is created with:" + fmt.Sprintf(doc, `{"n":2,"at":2,"x":1}`) + "\nThen only these fields of the part have changed:\n| n | 2 |", "is not what it has to be", "stored.field.x"},
		{"When I send GET \"/_late\"\nThen eventually, within 1 s, nothing is wrong", "no step that demands", "harness"},
	}
	var feature strings.Builder
	feature.WriteString("@contract\nFeature: Things\n")
	for i, c := range cases {
		fmt.Fprintf(&feature, "\n@id:c%d\nScenario: S %d\n%s\n", i, i, c.steps)
		if !strings.Contains(c.steps, "Then") {
			t.Fatalf("case %d has no Then", i)
		}
	}
	server := httptest.NewServer(&thingServer{things: map[string]string{}, reads: map[string]int{}})
	t.Cleanup(server.Close)
	run := performThings(t, server.URL, feature.String())
	for i, c := range cases {
		sc := run.Scenarios[i]
		if c.wrong == "" {
			if sc.Outcome != result.Passed {
				t.Errorf("%s\n%s %+v", c.steps, sc.Outcome, sc.Failure)
			}
			continue
		}
		if sc.Failure == nil {
			t.Errorf("%s\n%s, want %q", c.steps, sc.Outcome, c.wrong)
			continue
		}
		about := sc.Failure.Check
		if about == "" {
			about = sc.Failure.Kind
		}
		if !strings.Contains(sc.Failure.Message, c.wrong) || about != c.check {
			t.Errorf("%s\n%q about %s, want %q about %s", c.steps, sc.Failure.Message, about, c.wrong, c.check)
		}
	}
	if r := run.Resources; r.Created != r.Deleted || r.Created == 0 || len(r.Leftovers) > 0 {
		t.Errorf("resources: %+v", r)
	}
}

// Only an answer that says so tells that something is gone.
func TestGone(t *testing.T) {
	t.Parallel()
	const feature = "@contract\nFeature: F\n@id:c\nScenario: S\nGiven an id that no thing has\nThen the thing is gone\n"
	for answer, want := range map[string]result.Outcome{`{}`: result.Failed, `{"error":{"type":"a","reason":"b"},"status":500}`: result.Failed, "": result.Passed} {
		things := &thingServer{things: map[string]string{}, reads: map[string]int{}}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if answer == "" || r.Method == http.MethodOptions || !strings.HasPrefix(r.URL.Path, "/_thing/") {
				things.ServeHTTP(w, r)
				return
			}
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer)
		}))
		t.Cleanup(server.Close)
		if sc := performThings(t, server.URL, feature).Scenarios[0]; sc.Outcome != want {
			t.Errorf("answered %q: %s %+v, want %s", answer, sc.Outcome, sc.Failure, want)
		}
	}
}

func performThings(t *testing.T, url, feature string) *result.Run {
	t.Helper()
	folder := fstest.MapFS{"apis/things.yaml": {Data: []byte(thingCatalogue)}, "a.feature": {Data: []byte(feature)}}
	base := fstest.MapFS{
		"requirements.yaml": {Data: []byte("requirements:\n- {id: a.b, statement: It MUST., profile: contract, sources: [x]}\n")},
		"b.feature":         {Data: []byte("@contract\nFeature: B\n@id:b @req:a.b\nScenario: B\nWhen I send GET \"/\"\nThen the response status is 200\n")},
	}
	s, err := suite.Load(suite.Source{Name: "base", FS: base}, suite.Source{Name: "own", FS: folder, User: true})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range s.Cases[1:] {
		ids = append(ids, c.ID)
	}
	l := limits.Limits{Request: 10 * time.Second, Scenario: 20 * time.Second, Cleanup: 10 * time.Second, Sweep: 10 * time.Second}
	tgt, err := target.URL(t.Context(), wire.Config{URL: url, Limits: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(t.Context()) })
	run, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Selection: suite.Selection{IDs: ids}, Target: tgt, Limits: l, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

package probe

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

const listRoute = "GET _connector/_sync_job"

const listParams = "==== {api-query-parms-title}\n" +
	"`size`::\n(Optional, integer) X. Defaults to `100`.\n\n" +
	"`from`::\n(Optional, integer) X. Defaults to `7`.\n\n" +
	"`status`::\n(Optional, string) A comma-separated list. Available are: `pending`, `error`, `waiting`.\n\n" +
	"`job_type`::\n(Optional, string) A comma-separated list. Available are: `full`, `incremental`.\n\n" +
	"`connector_id`::\n(Optional, string) X.\n\n" +
	"`colour`::\n(Optional, string) X.\n\n"

func TestQueryParams(t *testing.T) {
	t.Parallel()
	rf := newSite(t, "", nil).probe(t, page(t, listRoute, listParams)).Main()
	param := func(name string) *FieldFacts { return rf.Field(claim.InQuery, name) }
	if f := param("colour"); f.Refused == nil || f.Sent != nil {
		t.Error("a parameter that the server does not know is not known to be one")
	}
	for value, want := range map[string]string{"pending": "200", "error": "200", "waiting": "400"} {
		if got := sum(param("status").Listed[value]); got != want {
			t.Errorf("status=%s: %s, want %s", value, got, want)
		}
	}
	if f := param("status"); !f.Filters["pending"] || !f.Filters["error"] {
		t.Errorf("status selects: %v", f.Filters)
	}
	if f := param("connector_id"); len(f.Filters) != 1 || f.Trial(SampleWord) == nil || !f.Trial(SampleWord).Call.OK() {
		t.Errorf("connector_id selects: %v", f.Filters)
	}
	if f := param("size"); f.DefaultFound != "100" || len(f.DefaultProof) != 2 {
		t.Errorf("the default size is %q", f.DefaultFound)
	}
	if f := param("from"); f.DefaultFound != "other" {
		t.Errorf("the default offset is %q", f.DefaultFound)
	}
	if f := param("size"); f.Trial(SampleDecimal).Call.OK() || !f.Trial(SampleInteger).Call.OK() {
		t.Error("a size with a fraction")
	}
}

// Two values at once, each of which is taken alone.
func TestQueryLists(t *testing.T) {
	t.Parallel()
	rf := newSite(t, "", nil).probe(t, page(t, listRoute, listParams)).Main()
	for name, want := range map[string]string{"status": "pending,error 400 alone true,true", "job_type": "full,incremental 200 alone true,false"} {
		f := rf.Field(claim.InQuery, name)
		if f.List == nil {
			t.Errorf("%s was not asked as a list", name)
			continue
		}
		var alone []string
		for _, v := range f.ListValues {
			alone = append(alone, fmt.Sprint(f.Selects[v]))
		}
		if got := strings.Join(f.ListValues, ",") + " " + sum(f.List) + " alone " + strings.Join(alone, ","); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if f := rf.Field(claim.InQuery, "connector_id"); f.List != nil {
		t.Error("connector_id was asked as a list, though nobody says that it is one")
	}
	// Where no values are listed, those of results are taken.
	m := page(t, "GET _connector", "==== {api-query-parms-title}\n`index_name`::\n(Optional, string) A comma-separated list of names.\n\n")
	f := newSite(t, "", nil).probe(t, m).Main().Field(claim.InQuery, "index_name")
	if f.List == nil || !f.List.OK() || !Selected(f.List, "index_name", f.ListValues[0]) || !Selected(f.List, "index_name", f.ListValues[1]) {
		t.Errorf("index_name: %v", f.ListValues)
	}
}

// The default that holds is found among those of all documents, also where the
// first of them is wrong; where answers change by themselves, none is.
func TestQueryDefaults(t *testing.T) {
	t.Parallel()
	hint := func(def string) *claim.Model {
		return &claim.Model{Source: claim.SourceOpenAPI, Fields: []claim.Field{{Name: "from", In: claim.InQuery, Type: "number", Default: &def}}}
	}
	m := page(t, listRoute, "==== {api-query-parms-title}\n`from`::\n(Optional, integer) X. Defaults to `1`.\n\n")
	for def, want := range map[string]string{"0": "0", "2": "other"} {
		f := newSite(t, "", nil).probe(t, m, hint(def)).Main().Field(claim.InQuery, "from")
		if f.DefaultFound != want || len(f.DefaultProof) != 2 {
			t.Errorf("documented as 1 and %s, found is %q", def, f.DefaultFound)
		}
	}
	var n atomic.Int64
	busy := newSite(t, "", func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || r.URL.Path != "/_connector/_sync_job" || r.URL.Query().Get("from") == "-1" {
			return false
		}
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"count":%d,"results":[]}`, n.Add(1))
		return true
	})
	f := busy.probe(t, m, hint("0")).Main().Field(claim.InQuery, "from")
	if f.DefaultFound != "" {
		t.Errorf("with answers that change by themselves, found is %q", f.DefaultFound)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	const says = "==== {api-description-title}\nReturns jobs, sorted by when they were created in ascending order.\n"
	for version, want := range map[string]string{"": "descending", "8.12.0": "ascending"} {
		if got := newSite(t, version, nil).probe(t, page(t, listRoute, says)).Main().Order; got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}

// Answers hold resources of every sort and in every state, and each value that
// a document lists was either seen or asked after.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const fields = "==== {api-response-body-title}\n" +
		"`%sstatus`::\n(string) `pending` or `cancelled`.\n\n" +
		"`%sjob_type`::\n(string) `full` or `incremental`.\n\n" +
		"`%strigger_method`::\n(string) `on_demand` or `manual`.\n\n"
	for route, prefix := range map[string]string{listRoute: "results[].", "GET _connector/_sync_job/<id>": ""} {
		rf := newSite(t, "", nil).probe(t, page(t, route, strings.ReplaceAll(fields, "%s", prefix))).Main()
		seen := map[string]bool{}
		for _, c := range rf.Answers {
			for _, name := range []string{"status", "job_type", "trigger_method"} {
				found, _ := At(c.JSON, strings.ReplaceAll(prefix, "[]", "")+name)
				for _, v := range found {
					seen[fmt.Sprint(v)] = true
				}
			}
		}
		var got []string
		for v := range seen {
			got = append(got, v)
		}
		slices.Sort(got)
		if want := "access_control canceled canceling error full in_progress incremental on_demand pending scheduled"; strings.Join(got, " ") != want {
			t.Errorf("%s: seen are %v", route, got)
		}
		for key, known := range map[string]bool{"status=cancelled": false, "trigger_method=manual": false} {
			if c := rf.Values[key]; c == nil || Known(c) != known {
				t.Errorf("%s: %s is known: %v", route, key, c)
			}
		}
		if rf.Values["status=pending"] != nil {
			t.Errorf("%s: a value that was seen is asked after", route)
		}
	}
}

// What others have in the server says nothing of its API: they may have written
// it past it.
func TestAnswersOfOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t, "", nil)
	session := s.client.Session()
	send := func(method, path, body string) any {
		res, err := session.Do(context.Background(), wire.Request{Method: method, Path: path, Body: []byte(body)})
		if err != nil || res.Status >= 300 {
			t.Fatalf("%s %s: %v %v", method, path, res, err)
		}
		doc, err := res.JSON()
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	send("PUT", "/_connector/others", `{"index_name":"others","service_type":"others"}`)
	id, _ := lookup(send("POST", "/_connector/_sync_job", `{"id":"others"}`), "id")
	send("POST", fmt.Sprintf("/.elastic-connectors-sync-jobs/_update/%s?refresh=true", id), `{"doc":{"status":"finished"}}`)
	facts, err := s.try(page(t, listRoute, "==== {api-response-body-title}\n`results[].status`::\n(string) X.\n"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range facts.Main().Answers {
		found, _ := At(c.JSON, "results.status")
		for _, v := range found {
			seen[fmt.Sprint(v)] = true
		}
	}
	if seen["finished"] || !seen["pending"] {
		t.Errorf("seen are %v", seen)
	}
}

// A value that may not be set just now is known all the same.
func TestKnown(t *testing.T) {
	t.Parallel()
	m := page(t, "GET _connector/<id>", "==== {api-response-body-title}\n`status`::\n(string) `created`, `connected`, `configured`, `error` or `gone`.\n\n")
	rf := newSite(t, "", nil).probe(t, m).Main()
	for value, want := range map[string]bool{"connected": true, "configured": true, "gone": false} {
		c := rf.Values[ValueKey("status", value)]
		if seen := rf.answered("status", value); seen != want && (c == nil || Known(c) != want) { // what was seen is not asked for
			t.Errorf("%s: %s", value, Answer(c))
		}
	}
	if !rf.answered("status", "error") {
		t.Error("no connector of every sort was read")
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	doc, err := jsonval.Decode([]byte(`{"a":1,"b":{"c":2},"l":[{"x":1},{"x":2,"y":null},{}],"d.e":3,"m":[{"l":[{"x":5}]}],"n":null}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a": "[1] 1", "b.c": "[2] 1", "b.d": "[] 1", "l.x": "[1 2] 3", "l.y": "[<nil>] 3", "d.e": "[3] 1",
		"m.l.x": "[5] 1", "z": "[] 1", "z.x": "[] 0", "a.x": "[] 0", "n.x": "[] 0", "n": "[<nil>] 1",
	} {
		found, places := At(doc, name)
		if got := fmt.Sprint(found, places); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Fields that exclude each other, and those of which one is needed.
func TestTogether(t *testing.T) {
	t.Parallel()
	body := func(names ...string) string {
		out := "==== {api-request-body-title}\n"
		for _, n := range names {
			out += "`" + n + "`::\n(Optional, object) X.\n\n"
		}
		return out
	}
	rf := newSite(t, "", nil).probe(t, page(t, "PUT _connector/<id>/_configuration", body("values", "configuration"))).Main()
	if rf == nil || rf.Exclusive("values") == nil || rf.Exclusive("configuration") == nil || rf.Exclusive("name") != nil {
		t.Fatal("values and configuration exclude each other")
	}
	for _, name := range []string{"values", "configuration"} {
		if f := rf.Field(claim.InBody, name); f == nil || f.Sent == nil || len(f.Trials) < 5 || !rf.OneOf.Of(name) {
			t.Errorf("%s was not probed", name)
		}
	}
	m := page(t, "PUT _connector/<id>/_name", strings.ReplaceAll(body("name", "description"), "object", "string"))
	rf = newSite(t, "", nil).probe(t, m).Main()
	if !rf.OneOf.Of("name") || !rf.OneOf.Of("description") || len(rf.Exclusives) > 0 {
		t.Errorf("one of name and description is needed: %+v", rf.OneOf)
	}
	rf = newSite(t, "", nil).probe(t, page(t, statsRoute, statsBody)).Main()
	if rf.OneOf != nil || rf.Exclusives != nil {
		t.Errorf("the stats do not depend on each other: %+v %+v", rf.OneOf, rf.Exclusives)
	}
}

// Null is sent where a document allows it, after something else was stored.
func TestNull(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ route, field, typ, want string }{
		{"_last_sync", "last_sync_error", "string", "none"},
		{"_last_sync", "last_sync_error", "string or null", "200 something is stored"},
		{"_error", "error", "string or null", "200 nothing is stored"},
	} {
		m := page(t, "PUT _connector/<id>/"+tt.route, "==== {api-request-body-title}\n`"+tt.field+"`::\n(Optional, "+tt.typ+") X.\n\n")
		f := newSite(t, "", nil).probe(t, m).Main().Field(claim.InBody, tt.field)
		got := "none"
		if f.Null != nil {
			got = sum(f.Null.Call) + " nothing is stored"
			if before, had := find(f.Null.Call.Before, tt.field); !had || before == nil {
				t.Errorf("%s: nothing was stored before", tt.route)
			}
			if f.Null.Stored != nil {
				got = sum(f.Null.Call) + " something is stored"
			}
		}
		if got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.route, tt.typ, got, tt.want)
		}
	}
}

func TestCreating(t *testing.T) {
	t.Parallel()
	m := page(t, "POST _connector/_sync_job", "==== {api-request-body-title}\n`id`::\n(Required, string) X.\n\n`job_type`::\n(Optional, string) One of `full`, `partial`.\n\n")
	rf := newSite(t, "", nil).probe(t, m).Main()
	id := rf.Field(claim.InBody, "id")
	if id.Ref != "connector" || sum(id.Trial(SampleWord).Call) != "404" || sum(id.Omitted) != "400" {
		t.Errorf("id names a %q, another one is answered %s, none %s", id.Ref, sum(id.Trial(SampleWord).Call), sum(id.Omitted))
	}
	kind := rf.Field(claim.InBody, "job_type")
	if sum(kind.Listed["full"]) != "201" || sum(kind.Listed["partial"]) != "400" || kind.Left != "full" {
		t.Errorf("job_type: %v, left out it is %v", kind.Listed, kind.Left)
	}
	rf = newSite(t, "", nil).probe(t, page(t, "PUT _connector/<id>", "==== {api-request-body-title}\n`index_name`::\n(Optional, string) X.\n")).Main()
	if sum(rf.OK) != "201" || rf.Codes[http.StatusOK] == nil {
		t.Errorf("a connector that exists already is not written again: %v", rf.Codes)
	}
}

package upgrade

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
)

func doc(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonval.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What a change speaks against depends on the view and on where it is.
func TestCompare(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind, view    string
		before, after string // "" where it is not shown; the status is 404 then
		want          string // requirement: text
	}{
		"the same":            {"connector", viewRead, `{"a":1}`, `{"a":1}`, ""},
		"lost":                {"connector", viewList, `{"a":1}`, "", "upgrade.nothing-lost: it is not shown any more in the list: the answer is 404"},
		"still not there":     {"connector", viewList, "", "", ""},
		"there again":         {"connector", viewRead, "", `{"a":1}`, "upgrade.unchanged: by its id, it is the answer 200, and was the answer 404"},
		"a field lost":        {"connector", viewRead, `{"a":1,"b":{"c":2}}`, `{"a":1,"b":{}}`, "upgrade.unchanged: by its id, it has lost /b/c: 2"},
		"a field more":        {"connector", viewRead, `{}`, `{"a":1}`, "upgrade.unchanged: by its id, it has /a: 1"},
		"a field changed":     {"connector", viewSearch, `{"_source":{"a":1}}`, `{"_source":{"a":"1"}}`, `upgrade.unchanged: in a search for its id, /_source/a is "1", and was 1`},
		"written again":       {"connector", viewStored, `{"_version":1}`, `{"_version":2}`, "upgrade.documents.not-rewritten: as it is stored, /_version has risen"},
		"numbered anew":       {"connector", viewStored, `{"_seq_no":7}`, `{"_seq_no":0}`, "upgrade.documents.counters-go-on: as it is stored, /_seq_no has gone back"},
		"a new primary":       {"connector", viewStored, `{"_primary_term":1}`, `{"_primary_term":2}`, ""},
		"a primary of before": {"connector", viewStored, `{"_primary_term":2}`, `{"_primary_term":1}`, "upgrade.documents.counters-go-on: as it is stored, /_primary_term has gone back"},
		"a mapping":           {"index", viewRead, `{"mappings":{"a":1}}`, `{"mappings":{}}`, "upgrade.indices.mapping: by its id, it has lost /mappings/a: 1"},
		"a setting":           {"index", viewRead, `{"settings":{"a":1}}`, `{"settings":{"a":2}}`, "upgrade.indices.settings: by its id, /settings/a is 2, and was 1"},
		"an alias":            {"index", viewRead, `{"aliases":{"a":{}}}`, `{"aliases":{}}`, "upgrade.indices.aliases: by its id, it has lost /aliases/a: {}"},
		"an alias by itself":  {"alias", viewRead, `{}`, "", "upgrade.indices.aliases: it is not shown any more by its id: the answer is 404"},
		"what it counts":      {"index", viewCount, `3`, `2`, "upgrade.nothing-lost: by what it counts, it is 2, and was 3"},
		"a document held":     {"index", viewHolds, `{"1":{"_source":{"a":1}}}`, `{"1":{"_source":{"a":2}}}`, "upgrade.unchanged: by what it holds, /1/_source/a is 2, and was 1"},
		"one written again":   {"index", viewHolds, `{"1":{"_version":1,"_primary_term":1}}`, `{"1":{"_version":2,"_primary_term":2}}`, "upgrade.documents.not-rewritten: by what it holds, /1/_version has risen"},
		"one not held":        {"index", viewHolds, `{"1":{},"2":{}}`, `{"1":{}}`, "upgrade.nothing-lost: by what it holds, it has lost /2: {}"},
		"something else's":    {unknown, viewRead, `{"settings":1}`, `{"settings":2}`, "upgrade.unchanged: by its id, /settings is 2, and was 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			see := func(text string) Snapshot {
				s := Sight{Subject: Subject{Kind: tt.kind, ID: "x"}, View: tt.view, Status: 404}
				if text != "" {
					s.Status, s.There, s.Doc = 200, true, doc(t, text)
				}
				return Snapshot{s}
			}
			var got []string
			for _, d := range Compare(see(tt.before), see(tt.after)) {
				got = append(got, d.Requirement+": "+d.String())
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

const documented = `changes:
  - {id: always, pointer: /a/*, kind: index, sometimes: true, reason: r, source: s}
  - {id: below, pointer: "/b/**", since: 9.0.0, reason: r, source: s}
  - {id: open, pointer: /c, since: 9.0.0, earliest: 8.18.0, reason: r, source: s}
  - {id: over, pointer: /d, since: 8.0.0, until: 9.2.0, reason: r, source: s}
`

// A documented change explains what matches it in an upgrade between its
// versions, and has to show where it is certain.
func TestDocumentedChanges(t *testing.T) {
	t.Parallel()
	all, err := parseChanges([]byte(documented))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		from, to string
		found    []string // kind and pointer
		want     string   // what is left, and what became of each change
	}{
		"crossed":     {"8.17.0", "9.5.3", []string{"index /a/x", "job /a/x", "job /b", "job /b/x/y", "job /bx", "job /c"}, "job /a/x, job /bx; always passed, below passed, open passed"},
		"out of date": {"8.17.0", "9.5.3", nil, "; always skipped, below failed, open failed"},
		"may be":      {"8.17.0", "8.19.0", []string{"job /c", "job /b"}, "job /b; always skipped, open passed"},
		"need not":    {"8.18.0", "9.1.0", []string{"job /b"}, "; always skipped, below passed, open skipped"},
		"not crossed": {"9.0.0", "9.5.3", []string{"job /b"}, "job /b; always skipped"},
		"until":       {"7.17.0", "9.1.0", []string{"job /d", "job /b", "job /c"}, "; always skipped, below passed, open passed, over passed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(all, esversion.MustParse(tt.from), esversion.MustParse(tt.to))
			var found []Difference
			for _, f := range tt.found {
				kind, pointer, _ := strings.Cut(f, " ")
				found = append(found, Difference{Kind: kind, Pointer: pointer, Change: jsonval.Changed})
			}
			var left, became []string
			for _, d := range b.unexplained(found) {
				left = append(left, d.Kind+" "+d.Pointer)
			}
			for _, sc := range b.scenarios(Snapshot{{Subject: Subject{Kind: "job"}}, {Subject: Subject{Kind: "index"}}}) {
				id, _, _ := strings.Cut(strings.TrimPrefix(sc.ID, idPrefix), "/")
				became = append(became, id+" "+string(sc.Outcome))
			}
			if got := strings.Join(left, ", ") + "; " + strings.Join(became, ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What a list of indices tells by the way may change, and nothing else of it.
func TestListOfIndices(t *testing.T) {
	t.Parallel()
	all, err := Changes()
	if err != nil {
		t.Fatal(err)
	}
	b := newBook(all, esversion.MustParse("8.19.21"), esversion.MustParse("9.5.3"))
	var found []Difference
	for _, field := range []string{"health", "status", "index", "uuid", "pri", "rep", "docs.count", "docs.deleted", "store.size", "pri.store.size", "dataset.size"} {
		found = append(found, Difference{Kind: index, View: viewList, Change: jsonval.Changed, Pointer: "/" + field})
	}
	var left []string
	for _, d := range b.unexplained(found) {
		left = append(left, d.Pointer)
	}
	if got := strings.Join(left, " "); got != "/status /index /uuid /pri /rep /docs.count" {
		t.Errorf("got %s", got)
	}
}

func TestChangesThatAreNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`changes: [{id: a, pointer: /x, reason: r}]`:                                                        "a source",
		`changes: [{id: a, reason: r, source: s}]`:                                                          "a pointer",
		`changes: [{id: a, pointer: /x, reason: r, source: s, change: gone}]`:                               "want added, removed, changed or lost",
		`changes: [{id: a, pointer: /x, reason: r, source: s, since: nine}]`:                                `"nine"`,
		`changes: [{id: a, pointer: /x, reason: r, source: s, form: 9.0.0}]`:                                "form",
		`changes: [{id: a, pointer: /x, reason: r, source: s}, {id: a, pointer: /x, reason: r, source: s}]`: "there twice",
		`changes: [{id: a, pointer: /x, reason: r, source: s, since: 9.0.0, earliest: eight}]`:              `"eight"`,
	} {
		if _, err := parseChanges([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", text, err, want)
		}
	}
	if _, err := Changes(); err != nil {
		t.Error(err)
	}
}

// Old and new are the same but for names, times and what varies.
func TestDefaults(t *testing.T) {
	t.Parallel()
	set, err := family.Parse([]byte("api: a\ntitle: A\nroute: PUT /a/{id}\nresources:\n  - name: thing\n    plural: things\n    kind: thing\n    read: {request: \"GET /a/{id}\"}\n    varies: [/at/ms]\n    create: [{request: \"PUT /a/{id}\", fresh: asked}]\n    delete: [{request: \"DELETE /a/{id}\"}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	see := func(id, of, text string) Snapshot {
		return Snapshot{{Subject: Subject{Group: "thing, new", Kind: "thing", ID: id, Of: map[string]string{"id": id, "parent": of}}, View: viewRead, There: true, Doc: doc(t, text)}}
	}
	for text, want := range map[string]string{
		`{"name":"n-2","of":"p-2","at":{"ms":5,"t":"2026-01-02T00:00:00Z"},"n-2":{}}`: "",
		`{"name":"n-1","of":"p-2","at":{"ms":5,"t":"2026-01-02T00:00:00Z"},"n-2":{}}`: "/name",
		`{"name":"n-2","of":"p-2","at":{"t":null},"n-2":{}}`:                          "/at/t",
		`{"name":"n-2","of":"p-2","at":{"t":"2026-01-02T00:00:00Z"},"n-2":{},"x":1}`:  "/x",
	} {
		var got []string
		old := see("n-1", "p-1", `{"name":"n-1","of":"p-1","at":{"ms":4,"t":"2025-01-01T10:00:00.5Z"},"n-1":{}}`)
		for _, p := range counterparts(old, see("n-2", "p-2", text)) {
			for _, d := range p.defaults(&set.Resources[0], old) {
				got = append(got, d.Pointer)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", text, got, want)
		}
	}
}

// What a call has changed of an old thing is what it has changed of a new one;
// what it left as it was may differ.
func TestDoneByCalls(t *testing.T) {
	t.Parallel()
	made := func(id, was, is string) *called {
		s := Subject{Kind: "thing", ID: id, Of: map[string]string{"id": id}}
		return &called{&Sight{Subject: s, View: "when it is set", Doc: doc(t, `{"status":200}`)}, Sight{Doc: doc(t, was)}, Sight{Doc: doc(t, is)}, []string{"/ms"}}
	}
	for name, tt := range map[string]struct{ was, is, want string }{
		"the same":                   {`{"n":1,"by":"n-1","at":"2026-01-01T00:00:00Z","ms":1,"x":1}`, `{"n":2,"by":"n-1","at":"2026-01-02T00:00:00Z","ms":2,"x":1}`, ""},
		"nothing":                    {`{"n":1,"at":"2026-01-01T00:00:00Z","ms":1}`, `{"n":1,"at":"2026-01-01T00:00:00Z","ms":1}`, `when it is set, then: /at is <as before>, and <changed> with a new one; when it is set, then: /ms is <as before>, and <changed> with a new one; when it is set, then: /n is 1, and 2 with a new one`},
		"more":                       {`{"n":1,"at":"2026-01-01T00:00:00Z","ms":1,"x":1}`, `{"n":2,"at":"2026-01-02T00:00:00Z","ms":2}`, ""},
		"a field of new ones, added": {`{"n":1,"at":"2026-01-01T00:00:00Z","ms":1}`, `{"n":2,"at":"2026-01-02T00:00:00Z","ms":2,"y":false}`, ""},
		"a field of its own":         {`{"n":1,"at":"2026-01-01T00:00:00Z","ms":1}`, `{"n":2,"at":"2026-01-02T00:00:00Z","ms":2,"z":3}`, `when it is set, then: /z is 3, and null with a new one`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := calling{old: made("n-1", tt.was, tt.is), made: made("n-2", `{"n":1,"by":"n-2","at":"2026-01-01T00:00:00Z","ms":1,"y":false}`, `{"n":2,"by":"n-2","at":"2026-01-01T00:00:01Z","ms":3,"y":false}`)}
			var got []string
			for _, d := range p.differences() {
				got = append(got, d.String())
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	got := shape(doc(t, `{"a":[1,2,"x",{"b":true}],"c":null,"d":[]}`))
	want := map[string]any{"a": []any{"a number", "a text", map[string]any{"b": "a boolean"}}, "c": "null", "d": []any{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The mapping of an upgraded index has to have at least what a fresh one has.
func TestAsFresh(t *testing.T) {
	t.Parallel()
	see := func(mappings string) Snapshot {
		return Snapshot{{Subject: Subject{Group: groupBacking + ", jobs", Kind: index, ID: "jobs"}, View: viewRead, There: true, Doc: doc(t, `{"mappings":`+mappings+`}`)}}
	}
	fresh := see(`{"_meta":{"version":2},"properties":{"a":{"type":"date"}}}`)
	hidden := see(`{}`)
	hidden[0].There = false
	if got := ownIndices(hidden, fresh); len(got) != 1 || got[0].old != nil {
		t.Errorf("an index that is not shown was compared: %v", got)
	}
	for upgraded, want := range map[string]string{
		`{"properties":{"a":{"type":"date"}}}`:                              "",
		`{"_meta":{"version":1},"properties":{"a":{"type":"date"},"b":{}}}`: "",
		`{"properties":{}}`:                    `jobs lacks /mappings/properties/a, which is {"type":"date"} on a fresh server`,
		`{"properties":{"a":{"type":"text"}}}`: `jobs has text in /mappings/properties/a/type, which is date on a fresh server`,
	} {
		var got []string
		for _, p := range ownIndices(see(upgraded), fresh) {
			for _, d := range p.mapping() {
				got = append(got, d.String())
			}
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %v, want %s", upgraded, got, want)
		}
	}
}

// Every requirement is in the list, and scenarios have ids of their own.
func TestRequirements(t *testing.T) {
	t.Parallel()
	cat := requirement.Of(nil)
	if err := AddTo(cat); err != nil {
		t.Fatal(err)
	}
	for req := range titles {
		if _, ok := cat.Get(req); !ok {
			t.Errorf("%s is no requirement", req)
		}
	}
	if len(cat.All()) != len(titles) {
		t.Errorf("%d requirements, %d titles", len(cat.All()), len(titles))
	}
	for group, want := range map[string]string{
		"sync job, pending": "upgrade/sync-job/pending/unchanged", "REST tests, rest/indices.get/10_basic": "upgrade/rest-tests/rest-indices.get-10_basic/unchanged",
	} {
		if sc := scenario(reqUnchanged, group); sc.ID != want || sc.Outcome != result.Passed {
			t.Errorf("got %s", sc.ID)
		}
	}
}

// A failure shows both sides, what is alike in a line, as much as anybody reads,
// and the exchanges.
func TestFail(t *testing.T) {
	t.Parallel()
	sc := scenario(reqUnchanged, "thing, new")
	var found []Difference
	for i := range 2 * (mostShown + 3) {
		found = append(found, Difference{
			Requirement: reqUnchanged, ID: fmt.Sprint("n-", i), View: viewRead, Pointer: fmt.Sprint("/", i/2),
			Change: jsonval.Removed, Before: json.Number("1"), Sights: [2]*Sight{{}, {}},
		})
	}
	fail(&sc, found)
	if sc.Outcome != result.Failed || *sc.Failure.Exchange != 1 || len(sc.Exchanges) != 2*mostShown {
		t.Errorf("got %+v", sc)
	}
	expected, actual := strings.Split(sc.Failure.Expected, "\n"), strings.Split(sc.Failure.Actual, "\n")
	if len(expected) != mostShown || expected[0] != "/0 1 by its id: n-0 and 1 more" || actual[0] != "/0 (nothing) by its id: n-0 and 1 more" || actual[mostShown] != "… and 3 further differences" {
		t.Errorf("got %q, %q", expected, actual)
	}
}

package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/asciidoc"
)

func read(t *testing.T, text string) *asciidoc.Page {
	t.Helper()
	pages, err := asciidoc.Read("page.asciidoc", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return pages[0]
}

func model(t *testing.T, text string) *Model {
	t.Helper()
	return FromPage(read(t, text))
}

func show(f Field) string {
	s := string(f.In) + " " + f.Name
	if f.Required != nil {
		s += fmt.Sprintf(" required=%t", *f.Required)
	}
	if f.Type != "" {
		s += " type=" + f.Type
	}
	if f.Default != nil {
		s += " default=" + *f.Default
	}
	if len(f.Values) > 0 {
		s += " values=" + strings.Join(f.Values, "|")
	}
	if len(f.Only) > 0 {
		s += " only=" + strings.Join(f.Only, "|")
	}
	return s
}

func TestFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"`a`::\n(Required, int) Text.", "body a required=true type=int"},
		{"`a`::\n(Optional, <<time-units,time units>>) Text.", "body a required=false type=time units"},
		{"`a` (required)::\n(string) Text.", "body a required=true type=string"},
		{"`_meta`::\n(Optional, object) May have any contents.", "body _meta required=false type=object"},
		{"`a`::\n(Optional, <<x,query object>> Text that goes on.", "body a required=false type=query object"},
		{"`a`::\n+\n--\n(Optional, <<x,time units>>)\nWaits for:\n\n* this\n\nDefaults to `1m`.\n--", "body a required=false type=time units default=1m"},
		{"`a`::\n(Optional, enum) If one is given, it defaults to `x`. Otherwise, it defaults to `y`.", "body a required=false type=enum"},
		{"`a`::\n(Optional, enum) If omitted, defaults to `x`.", "body a required=false type=enum default=x"},
		{"`a`::\n(Optional, string) Only one of `a` or `b` may be specified, and at least one must be specified.", "body a required=false type=string"},
		{"`a`::\n(Optional, string) The following types are supported:\n\n- `x`\nOne.\n- `y`: Two.", "body a required=false type=string values=x|y"},
		{"`a`:: Text alone.", "body a"},
		{"`a`::\n(Optional, integer) Up to. Defaults to `100`.", "body a required=false type=integer default=100"},
		{"`a`::\n(Optional, boolean) Default: true.", "body a required=false type=boolean default=true"},
		{"`a`::\n(Optional, string) Available values are `x`, `y` and `z`. Defaults to `x`.", "body a required=false type=string default=x values=x|y|z"},
		{"`a`::\n(string) The result, `created` or `updated`. Returned when using a PUT request.", "body a type=string values=created|updated only=PUT"},
		{"`a`::\n(Optional, string or array of strings (max 5)) Text.", "body a required=false type=string or array of strings (max 5)"},
		{"|===\n|Name |Type |Required |Default |Description\n|`a` |int |no |`7` |Text\n|===", "body a required=false type=int default=7"},
		{"|===\n|Field |Description\n|`a` |Text\n|===", "body a"},
	} {
		m := model(t, "= T\n== Request body\n"+tt.text+"\n")
		if len(m.Fields) != 1 || show(m.Fields[0]) != tt.want {
			t.Errorf("%q is %v, want %s", tt.text, m.Fields, tt.want)
		}
	}
}

func TestNestedFields(t *testing.T) {
	t.Parallel()
	m := model(t, "= T\n== {api-request-body-title}\n`a`::\n(object) One.\n`b`:::\n(int) Two.\n`c`::::\n(int) Three.\n`d`::\n(object) Four:\n\nIt has:\n\n- `e` (Required, boolean) Five.\n")
	var got []string
	for _, f := range m.Fields {
		got = append(got, f.Name)
	}
	if diff := cmp.Diff([]string{"a", "a.b", "a.b.c", "d", "d.e"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Fields of the items of a list are named like those of an object, in whichever
// way they are written.
func TestFieldsInsideOfOthers(t *testing.T) {
	t.Parallel()
	want := []string{"a", "a.b", "a.b.c", "a.d", "e"}
	for name, text := range map[string]string{
		"nested lists":    "`a`::\n(array) One.\n`b`:::\n(object) Two.\n`c`::::\n(int) Three.\n`d`:::\n(int) Four.\n`e`::\n(int) Five.\n",
		"dots, brackets":  "`a[]`::\n(array) One.\n\n`a[].b`::\n(object) Two.\n\n`a[].b.c`::\n(int) Three.\n\n`a[].d`::\n(int) Four.\n\n`e`::\n(int) Five.\n",
		"attached blocks": "`a`::\n(array) One.\n+\n.Properties of `a`\n[%collapsible%open]\n====\n`b`::\n(object) Two.\n+\n=====\n`c`::\n(int) Three.\n=====\n\n`d`::\n(int) Four.\n====\n\n`e`::\n(int) Five.\n",
		"bullets":         "`a`::\n(array) One.\n\n- `b` (object) Two.\n- `b.c` (int) Three.\n- `d` (int) Four.\n\n`e`::\n(int) Five.\n",
	} {
		var got []string
		for _, f := range model(t, "= T\n== {api-response-body-title}\n"+text).Fields {
			got = append(got, f.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	m := model(t, "= T\n== {api-response-body-title}\n`a`::\n(int) One.\n\n====\n`b`::\n(int) Not attached.\n====\n")
	if got := m.Fields[1].Name; got != "b" {
		t.Errorf("a list in a block of its own is %s", got)
	}
}

// Lists of bullets describe the field that the text above them names.
func TestFieldsOfBullets(t *testing.T) {
	t.Parallel()
	page := read(t, "= T\n== {api-request-body-title}\n`rules`::\n(array of objects) All.\n\nEach rule must have the following information:\n\n- `criteria` (array) When.\n- `actions` (object) What.\n\n"+
		"Criteria must have the following information:\n\n- `type` (string) The following types are supported:\n+\n--\n- `exact`\nThe same.\n- `infer`\nBy a model. It has:\n*** `model` (string) Which.\n--\n- `values` (array) Any.\n\n"+
		"The following actions are allowed:\n\n- `docs` (array) Which. Only one of `ids` or `docs` may be specified, and at least one must be specified.\n+\n--\n- `_id` (string) The id.\n--\n")
	m := FromPage(page)
	var got []string
	for _, f := range m.Fields {
		got = append(got, strings.TrimPrefix(show(f), "body "))
	}
	if again := FromPage(page); len(again.Fields) != len(got) {
		t.Errorf("read again, the page has %d fields", len(again.Fields))
	}
	want := []string{
		"rules type=array of objects", "rules.criteria type=array", "rules.actions type=object", "rules.criteria.type type=string values=exact|infer",
		"rules.criteria.values type=array", "rules.actions.docs type=array", "rules.actions.docs._id type=string",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(m.Unread) != 1 || !strings.Contains(m.Unread[0].Message, "model") {
		t.Errorf("unread: %v", m.Unread)
	}
	if len(m.Relations) != 1 || strings.Join(m.Relations[0].Fields, " ") != "rules.actions.ids rules.actions.docs" || !m.Relations[0].Exclusive || !m.Relations[0].Needed {
		t.Errorf("relations: %+v", m.Relations)
	}
}

// A document is whatever is sent: what stands for its fields is none.
func TestFreeBody(t *testing.T) {
	t.Parallel()
	m := model(t, "= T\n== {api-request-body-title}\n`<field>`::\n(Required, string) The source.\n")
	if len(m.Fields) != 0 || !m.FreeBody {
		t.Errorf("fields %v, free %t", m.Fields, m.FreeBody)
	}
	m = model(t, "= T\n== {api-request-body-title}\n`aliases`::\n(object) All.\n`<alias>`:::\n(object) One.\n`routing`::::\n(string) Its.\n")
	if m.FreeBody || m.Fields[2].Name != "aliases.<alias>.routing" {
		t.Errorf("fields %v, free %t", m.Fields, m.FreeBody)
	}
}

func TestBodiesOfTheConsole(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{ \"a\": 1, // optional\n  \"b\": \"http://x#y\" # more\n}": "{ \"a\": 1, \n  \"b\": \"http://x#y\" \n}",
		"{ /* one\n two */ \"a\": \"/* no */ \\\" // no\" }":         "{  \"a\": \"/* no */ \\\" // no\" }",
		"{ \"a\": \"\"\"\n  x = '\"'; // kept\n\"\"\" }":             "{ \"a\": \"\\n  x = '\\\"'; // kept\\n\" }",
		"{ \"a\": \"\"\"\\d\t\u00e9\"\"\" }":                         "{ \"a\": \"\\\\d\\t\u00e9\" }",
		"{ \"a\": \"\"\"never closed":                                "{ \"a\": \"never closed\"",
		"{ \"a\": \"never closed\n}":                                 "{ \"a\": \"never closed\n}",
		"// alone":                                                   "",
	} {
		if got := PlainJSON(body); got != want {
			t.Errorf("%q is %q, want %q", body, got, want)
		}
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"Sets the `status` to `done` and updates `a` and `b` to the current time.", "sets-now a; sets-now b; sets-value status=done"},
		{"This updates the job's status to `in_progress`.", "sets-value status=in_progress"},
		{"The service is then responsible for setting the `status` of jobs to `over`.", "names-value status=over"},
		{"Checks in and sets `last_seen` to the time right before updating it.", "sets-now last_seen"},
		{"The `x` parameter should reference an existing job.", "must-exist x"},
		{"Returns jobs ordered by their creation date in ascending order.", "ordered =ascending"},
		{"Removes a job and its data.", "removes"},
		{"This is a destructive action that is not recoverable.", "not-by-this-api"},
		{"Stats include: `a`, `b` and `c`.", "lists-fields a; lists-fields b; lists-fields c"},
		{"`d` can also be updated using this API.", "lists-fields d"},
		{"Creates a job. Certain values can be updated via the API.", ""},
		{"To get started, check out <<x, our tutorial>>.", ""},
	} {
		var got []string
		for _, s := range statements(tt.text, 1) {
			line := string(s.Kind)
			if s.Field != "" || s.Value != "" {
				line += " " + s.Field
			}
			if s.Value != "" {
				line += "=" + s.Value
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%q: -want +got\n%s", tt.text, diff)
		}
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	m := model(t, `= T
////
[source,console]
----
PUT a
----
// TESTSETUP
////

== Examples
The following example gets `+"`b`"+`:
[source,console]
----
# a comment
GET b?x=1
{
  "text": """two
lines""",
  "n": 1 <1>
}
DELETE /c
----
// TEST[s/b/c/ skip:why not]
[source,console-result]
----
{ "n": 2 }
----
// TESTRESPONSE[s/2/3/]
`)
	if len(m.Examples) != 2 || len(m.Unread) != 0 {
		t.Fatalf("%d examples, unread %v", len(m.Examples), m.Unread)
	}
	if x := m.Examples[0]; x.Role != RoleSetup || !x.Hidden || x.Number != 0 {
		t.Errorf("setup: %+v", x)
	}
	x := m.Examples[1]
	want := []Request{
		{Line: 15, Method: "GET", Path: "/b?x=1", Body: "{\n  \"text\": \"two\\nlines\",\n  \"n\": 1\n}", BodyLine: 16, BodyEnd: 20},
		{Line: 21, Method: "DELETE", Path: "/c"},
	}
	if diff := cmp.Diff(want, x.Requests); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if x.Number != 1 || x.Skip != "why not" || x.Intro != "The following example gets `b`:" || x.Substitutes("b") != "c" {
		t.Errorf("example %+v", x)
	}
	if x.Result == nil || x.Result.Body != `{ "n": 3 }` {
		t.Errorf("result %+v", x.Result)
	}
}

func TestUnread(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"= T\n== Notes\n`a`:: b", "says neither"},
		{"= T\n== Response codes\n`many`:: b", "want a number"},
		{"= T\n== Notes\n|===\n|a |b\n|===", "a table in a section"},
		{"= T\n== Request body\n|===\n|x |y\n|1 |2\n|===", "names no column"},
		{"= T\n[source,js]\n----\nx\n----", "is not run"},
		{"= T\n[source,console]\n----\n{}\n----", "before any request"},
		{"= T\n[source,console]\n----\n----", "without a request"},
		{"= T\n[source,console-result]\n----\n{}\n----", "below no request"},
		{"= T\n[source,console]\n----\nGET a\n----\n// TEST[continued]", "nothing to continue"},
	} {
		m := model(t, tt.text)
		if len(m.Unread) == 0 || !strings.Contains(m.Unread[0].Message, tt.want) || m.Unread[0].Line < 2 {
			t.Errorf("%q: unread %v, want %q", tt.text, m.Unread, tt.want)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	m := model(t, "[[p]]\n= T\n== Request\n* `POST _a`\n\n* `PUT /_a/<id>/?x=<y>`\n== Description\nNot `GET _other`.\n")
	var got []string
	for _, r := range m.Routes {
		got = append(got, fmt.Sprintf("%s %t %d %s", r, r.Slash, r.Line, r.Key()))
	}
	if diff := cmp.Diff([]string{"POST /_a false 4 POST /_a", "PUT /_a/{id} true 6 PUT /_a/{}"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

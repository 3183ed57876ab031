package asciidoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string) *Page {
	t.Helper()
	pages, err := Read("page.asciidoc", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return pages[0]
}

// outline shows elements in one line each.
func outline(p *Page) []string {
	var out []string
	for _, e := range p.Elements {
		s := fmt.Sprintf("%d-%d %s", e.Line, e.End, e.Kind)
		if e.Hidden {
			s += " hidden"
		}
		if e.Lang != "" {
			s += " " + e.Lang
		}
		if e.Term != "" {
			s += " " + e.Term + " |"
		}
		if e.Parent != nil {
			s += " (in " + e.Parent.Term + ")"
		}
		out = append(out, strings.TrimRight(s+" "+strings.ReplaceAll(e.Text, "\n", "⏎"), " "))
	}
	return out
}

const sample = `[[top]]
= Title
:attr: value
beta::[]

First line
second line.

.A box
[sidebar]
--
Inside.
--

// an ordinary comment
` + "`name`" + `::
(Required, string) Text
that goes on.
` + "`inner`" + `:::
  (Optional, int) Nested.

` + "`next`" + `:: On the same line.

` + "`200`" + `:
Broken.

* bullet
  goes on
- ` + "`x`" + ` (string) another

////
Not shown.
[source,console]
----
DELETE /x
----
// TEARDOWN
////

[source, console]
--------
GET /x <1>
--------
// TEST[s/x/y/ catch:missing]
<1> A callout.
`

func TestElements(t *testing.T) {
	t.Parallel()
	p := read(t, sample)
	want := []string{
		"2-2 heading Title",
		"4-4 macro beta |",
		"6-7 paragraph First line second line.",
		"12-12 paragraph Inside.",
		"16-18 item `name` | (Required, string) Text that goes on.",
		"19-20 item `inner` | (in `name`) (Optional, int) Nested.",
		"22-22 item `next` | On the same line.",
		"24-25 broken `200` | Broken.",
		"27-28 bullet (in `next`) bullet goes on",
		"29-29 bullet (in `next`) `x` (string) another",
		"34-36 listing hidden console (in `next`) DELETE /x",
		"41-43 listing console (in `next`) GET /x <1>",
		"45-45 bullet (in `next`) A callout.",
	}
	if diff := cmp.Diff(want, outline(p)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if p.Anchor != "top" || p.Attrs["attr"] != "value" || len(p.Problems) != 0 {
		t.Errorf("anchor %q, attributes %v, problems %v", p.Anchor, p.Attrs, p.Problems)
	}
	snippet := p.Elements[11]
	if len(snippet.Markers) != 1 || snippet.Markers[0].Catch != "missing" || snippet.Markers[0].Apply("GET /x") != "GET /y" {
		t.Errorf("markers %+v", snippet.Markers)
	}
	if m := p.Elements[10].Markers; len(m) != 1 || m[0].Name != "TEARDOWN" {
		t.Errorf("markers of the hidden snippet %+v", m)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       [][]string
		problems   int
	}{
		{"a row a line", "|===\n|a |b\n\n|1 |2\n|3 |4\n|===", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}, 0},
		{"a cell a line", "|===\n|a |b\n\n|1\n|2\nmore\n|3\n|4\n|===", [][]string{{"a", "b"}, {"1", "2 more"}, {"3", "4"}}, 0},
		{"escaped bars and styles", "|===\n|a |b\n\na|1 \\| 2 |x\n|===", [][]string{{"a", "b"}, {"1 | 2", "x"}}, 0},
		{"cells left over", "|===\n|a |b\n\n|1 |2\n|3\n|===", [][]string{{"a", "b"}, {"1", "2"}}, 1},
		{"text first", "|===\nx\n|a |b\n|===", [][]string{{"a", "b"}}, 1},
		{"empty", "|===\n|===", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := read(t, tt.text)
			if diff := cmp.Diff(tt.want, p.Elements[0].Rows); diff != "" || len(p.Problems) != tt.problems {
				t.Errorf("problems %v; -want +got\n%s", p.Problems, diff)
			}
		})
	}
}

// What cannot be read is reported, with the line.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		line int
		want string
	}{
		{"a\n\ninclude::other.asciidoc[]", 3, "not followed"},
		{"ifdef::x[]\na\nendif::[]", 1, "not evaluated"},
		{"[source,js]\n----\nx", 2, "never closed"},
		{"--\nx", 1, "never closed"},
		{"----\nx\n----", 1, "without a language"},
		{"[source]\n----\nx\n----", 1, "without a language"},
		{"==Title", 1, "looks like a heading"},
		{"# Title", 1, "looks like a heading"},
		{",===\na,b\n,===", 1, "is not read"},
		{"[[a]]\n[[a]]\n= T", 2, "already set"},
		{"// TEST[continued]", 1, "below no snippet"},
		{"[source,console]\n----\nGET /\n----\n// TEST[jump]", 5, "unknown item"},
		{"[source,console]\n----\nGET /\n----\n// TEST[continued skip:no]", 5, "exclude each other"},
		{"[source,console]\n----\nGET /\n----\n// TEST[s/(/x/]", 5, "pattern"},
		{"[source,console]\n----\nGET /\n----\n// TESTSETUP[x]", 5, "takes no items"},
		{"[source,console]\n----\nGET /\n----\n// TEST[skip:a] or not", 5, "cannot be read"},
		{"[source,console]\n----\nGET /\n----\n// TEST[non_json]", 5, "unknown item"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			p := read(t, tt.text)
			if len(p.Problems) == 0 {
				t.Fatal("no problem")
			}
			got := p.Problems[0]
			if got.Line != tt.line || !strings.Contains(got.Message, tt.want) {
				t.Errorf("got line %d: %s; want line %d with %q", got.Line, got.Message, tt.line, tt.want)
			}
		})
	}
}

func TestMarkers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want Marker
	}{
		{"// TESTSETUP", Marker{Name: "TESTSETUP"}},
		{"// NOTCONSOLE", Marker{Name: "NOTCONSOLE"}},
		{"//TEST", Marker{Name: "TEST"}},
		{"// TEST[skip:we don't know, yet]", Marker{Name: "TEST", Skip: "we don't know, yet"}},
		{"// TEST[setup:a,b teardown:c continued]", Marker{Name: "TEST", Setup: []string{"a", "b"}, Teardown: []string{"c"}, Continued: true}},
		{"// TEST[catch:/no such \\/ index/ skip_shard_failures]", Marker{Name: "TEST", Catch: `/no such \/ index/`, IgnoreShardFailures: true}},
		{"// TEST[warning:it is old]", Marker{Name: "TEST", Warnings: []string{"it is old"}}},
		{"// TESTRESPONSE[non_json]", Marker{Name: "TESTRESPONSE", NonJSON: true}},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok, err := parseMarker(Line{Text: tt.text})
			if err != nil || !ok {
				t.Fatalf("%t, %v", ok, err)
			}
			tt.want.Text = tt.text
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestSubstitutions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ items, in, want string }{
		{`s/a/b/ s/b/c/`, "a", "c"},
		{`s/"took": \d+/"took": $body.took/`, `"took": 12`, `"took": $body.took`},
		{`s/(x)(y)/$2$1/`, "xy", "yx"},
		{`s/a/b\nc/`, "a", "b\nc"},
		{`s/a\/b/c\/d/`, "a/b", "c/d"},
	} {
		m, _, err := parseMarker(Line{Text: "// TESTRESPONSE[" + tt.items + "]"})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Apply(tt.in); got != tt.want {
			t.Errorf("%s of %q = %q, want %q", tt.items, tt.in, got, tt.want)
		}
	}
}

// The three forms of a page hold the same elements, each at its own lines.
func TestForms(t *testing.T) {
	t.Parallel()
	plain := read(t, sample)
	lines := strings.Split(strings.TrimSuffix(sample, "\n"), "\n")
	deleted := fmt.Sprintf("diff --git a/x.asciidoc b/x.asciidoc\n--- a/x.asciidoc\n+++ /dev/null\n@@ -1,%d +0,0 @@\n-%s\n", len(lines), strings.Join(lines, "\n-"))
	added := fmt.Sprintf("--- /dev/null\n+++ b/x.asciidoc\n@@ -0,0 +1,%d @@\n+%s\n", len(lines), strings.Join(lines, "\n+"))
	bare := fmt.Sprintf("@@ -0,0 +1,%d @@\n+%s\n", len(lines), strings.Join(lines, "\n+"))
	kinds := func(p *Page) (out []string) {
		for _, e := range p.Elements {
			out = append(out, string(e.Kind)+" "+e.Term+" "+e.Text)
		}
		return out
	}
	for name, tt := range map[string]struct {
		text   string
		offset int
	}{"deleted": {deleted, 4}, "added": {added, 3}, "bare hunk": {bare, 1}} {
		p := read(t, tt.text)
		if p.Form != Diff {
			t.Errorf("%s: form %s", name, p.Form)
		}
		if diff := cmp.Diff(kinds(plain), kinds(p)); diff != "" {
			t.Errorf("%s: -plain +diff\n%s", name, diff)
		}
		if got := p.Elements[0].Line; got != plain.Elements[0].Line+tt.offset {
			t.Errorf("%s: the title is on line %d", name, got)
		}
	}
	var flat []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			flat = append(flat, "- "+l)
		}
	}
	p := read(t, "1234567 |\n"+strings.Join(flat, "\n")+"\n|")
	if p.Form != Flattened || len(p.Problems) != 0 {
		t.Fatalf("form %s, problems %v", p.Form, p.Problems)
	}
	items := func(p *Page) (out []string) {
		for _, e := range p.Elements {
			switch e.Kind {
			case Item, Broken, Heading, Listing:
				out = append(out, string(e.Kind)+" "+e.Term+" "+e.Text)
			}
		}
		return out
	}
	if diff := cmp.Diff(items(plain), items(p)); diff != "" {
		t.Errorf("-plain +flattened\n%s", diff)
	}
}

func TestPartOfAPage(t *testing.T) {
	t.Parallel()
	p := read(t, "--- a/x.asciidoc\n+++ b/x.asciidoc\n@@ -1,1 +1,1 @@\n-a\n+b\n@@ -9,1 +9,1 @@\n c\n")
	if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Message, "leaves out") || p.Problems[0].Line != 6 {
		t.Errorf("problems %v", p.Problems)
	}
	if got := outline(p); len(got) != 1 || !strings.Contains(got[0], "b c") {
		t.Errorf("elements %q", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": " \n", "not text": "\xff\xfe", "a diff of something else": "--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-a\n+b\n",
	} {
		if _, err := Read("x", []byte(text)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want an error of one line", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("- a\n- b\n- c\n- d\n")
	f.Add("@@ -1,2 +1,2 @@\n a\n-b\n+c\n")
	f.Add("|===\n|a\n|===\n[[x]]\n`a`::\n// TEST[s/a/b/]")
	f.Fuzz(func(t *testing.T, text string) {
		pages, err := Read("f", []byte(text))
		if err != nil {
			return
		}
		for _, p := range pages {
			for _, e := range p.Elements {
				if e.Line < 1 || e.End < e.Line || len(e.Rows) != len(e.RowLines) {
					t.Errorf("element without a place: %+v", e)
				}
			}
		}
	})
}

// A byte order mark is not part of the text, in the file or in the page that a
// diff holds. A patch has to apply to the file as it is, so it stays there.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":     "\uFEFF[[page]]\n=== Page\n",
		"flattened": "\uFEFF- [[page]]\n- === Page\n- text\n- more\n",
		"diff":      "\uFEFF--- a/page.asciidoc\n+++ b/page.asciidoc\n@@ -1 +1,2 @@\n+\uFEFF[[page]]\n === Page\n",
	} {
		p := read(t, text)
		if p.Anchor != "page" || len(p.Problems) > 0 {
			t.Errorf("%s: anchor %q, problems %v", name, p.Anchor, p.Problems)
		}
		if whole := strings.Join(p.Files[0].Raw, "\n") + "\n"; whole != text {
			t.Errorf("%s: the file is %q, was %q", name, whole, text)
		}
	}
}

package openapi

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/docs/claim"
)

func library(t *testing.T) *Document {
	t.Helper()
	b, err := os.ReadFile("testdata/library.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read("library.yaml", b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// outline shows a model in one line for each thing that it says.
func outline(m *claim.Model) []string {
	out := []string{fmt.Sprintf("%d %s (%s) %s", m.Routes[0].Line, m.Routes[0], m.ID, m.Stability.Word)}
	for _, f := range m.Fields {
		s := fmt.Sprintf("%d %s %s: %s", f.Line, f.In, f.Name, f.Type)
		for _, w := range []struct {
			is   bool
			word string
		}{{*f.Required, "required"}, {f.Deprecated, "deprecated"}, {len(f.Values) > 0, strings.Join(f.Values, "|")}} {
			if w.is {
				s += ", " + w.word
			}
		}
		if f.Default != nil {
			s += ", default " + *f.Default
		}
		out = append(out, s)
	}
	for _, c := range m.Codes {
		out = append(out, fmt.Sprintf("%d code %d: %s", c.Line, c.Status, c.Text))
	}
	for _, x := range m.Examples {
		q := x.Requests[0]
		s := fmt.Sprintf("%d example %d: %s %s", x.Line, x.Number, q.Method, q.Path)
		if q.Body != "" {
			s += fmt.Sprintf(" %s on %d to %d", strings.Join(strings.Fields(q.Body), " "), q.BodyLine, q.BodyEnd)
		}
		if x.Result != nil {
			s += fmt.Sprintf(" answers %s on %d", x.Result.Body, x.Result.Line)
		}
		out = append(out, s)
	}
	for _, u := range m.Unread {
		out = append(out, fmt.Sprintf("%d unread: %s", u.Line, u.Message))
	}
	return out
}

func TestOperations(t *testing.T) {
	t.Parallel()
	doc := library(t)
	if doc.Title != "A library" || doc.Version != "4.2" {
		t.Errorf("%s %s", doc.Title, doc.Version)
	}
	want := [][]string{{
		"8 PUT /_shelf/{shelf}/_book/{book} (put-book) beta",
		"14 path book: string, required",
		"15 query wait: duration",
		"16 query tags: string or array of string",
		"6 path shelf: string, required",
		"7 query lang: string, deprecated, en|fr, default en",
		"85 body title: string, required",
		"86 body pages: integer, default 100",
		"87 body binding: string, cloth|paper, default cloth",
		"88 body isbn: string or null, deprecated",
		"89 body authors: array of object, required",
		"97 body sequel: object",
		"95 body authors.name: string, required",
		"96 body authors.born: string (date)",
		"42 response result: string, created|updated",
		"38 code 200: It was there.",
		"45 code 404: There is no such shelf.",
		`24 example 1: PUT /_shelf/a/_book/7?wait=1s { "title": "Emma", "pages": 7 } on 27 to 30 answers {"result": "updated"} on 44`,
		`31 example 2: PUT /_shelf/{shelf}/_book/{book} {"title": "Many\nlines"} on 33 to 33`,
		`34 example 3: PUT /_shelf/{shelf}/_book/{book} {"pages":7,"title":"Emma"} on 78 to 78`,
		"36 unread: example PutBookRequestExample5: only those with a value in the document are read",
		"35 unread: example PutBookRequestExample4 is neither JSON nor lines of it",
	}, {
		"48 POST /_book/_bulk (post/_book/_bulk) deprecated",
		"85 body title: string, required",
		"86 body pages: integer, default 100",
		"87 body binding: string, cloth|paper, default cloth",
		"88 body isbn: string or null, deprecated",
		"89 body authors: array of object, required",
		"97 body sequel: object",
		"95 body authors.name: string, required",
		"96 body authors.born: string (date)",
		"56 code 201: All are there.",
		`54 example 1: POST /_book/_bulk {"index": {}} {"title": "Emma"} on 54 to 54`,
	}, {
		"58 GET /_book (find-books) ",
		"62 query filter: object",
		"85 response title: string, required",
		"86 response pages: integer, default 100",
		"87 response binding: string, cloth|paper, default cloth",
		"88 response isbn: string or null, deprecated",
		"89 response authors: array of object, required",
		"97 response sequel: object",
		"95 response authors.name: string, required",
		"96 response authors.born: string (date)",
		"65 code 200: Those that were found.",
		"71 example 1: GET /_book answers [] on 71",
		`61 unread: reference "#/components/parameters/lost" leads nowhere in this document`,
		`63 unread: reference "#/components/requestBodies/lost" leads nowhere in this document`,
	}}
	var got [][]string
	for _, op := range doc.Operations() {
		got = append(got, outline(op.Model()))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	put := doc.Operations()[0].Model()
	if !slices.Equal(put.Said, []string{"At least one of title and isbn has to be given."}) || put.Title != "Put a book on a shelf" || put.BodyUnread {
		t.Errorf("%q, %q", put.Title, put.Said)
	}
	if !doc.Operations()[2].Model().BodyUnread {
		t.Error("a body that leads nowhere is not known to be unread")
	}
}

// places are all places of a model that have a pointer.
func places(m *claim.Model) []claim.At {
	out := []claim.At{m.Routes[0].At, m.Stability.At, m.BodyAt, m.CodesAt, m.ResponseAt}
	for _, f := range m.Fields {
		out = append(out, f.At)
	}
	for _, c := range m.Codes {
		out = append(out, c.At)
	}
	for _, x := range m.Examples {
		out = append(out, x.At)
		if x.Result != nil {
			out = append(out, x.Result.At)
		}
	}
	return slices.DeleteFunc(out, func(at claim.At) bool { return at.Line == 0 })
}

// Every claim has the JSON pointer and the line of what makes it.
func holdPlaces(t *testing.T, doc *Document, m *claim.Model) {
	t.Helper()
	for _, at := range places(m) {
		if n := doc.tree.Lookup(at.Pointer); at.Pointer == "" || !n.There() || n.Line() != at.Line {
			t.Errorf("%s: %q is on line %d, and not on %d", m.ID, at.Pointer, n.Line(), at.Line)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	doc := library(t)
	for _, op := range doc.Operations() {
		holdPlaces(t, doc, op.Model())
	}
	m := doc.Operations()[0].Model()
	for name, want := range map[string]string{
		"shelf": "/paths/~1_shelf~1{shelf}~1_book~1{book}/parameters/0", "authors.born": "/components/schemas/Book/properties/authors/items/properties/born",
		"result": "/paths/~1_shelf~1{shelf}~1_book~1{book}/put/responses/200/content/application~1json/schema/properties/result",
	} {
		i := slices.IndexFunc(m.Fields, func(f claim.Field) bool { return f.Name == name })
		if got := m.Fields[i].Pointer; got != want {
			t.Errorf("%s is at %s", name, got)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "no YAML": "a: [", "no OpenAPI": "{}", "an older version": "{swagger: '2.0', paths: {}}", "no paths": "{openapi: 3.0.0}",
	} {
		if _, err := Read("x.yaml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "read OpenAPI document x.yaml: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// documentsEnv names a folder with Elastic's OpenAPI documents, which are not part
// of this project.
const documentsEnv = "ESCONFORM_DOCS_OPENAPI"

// A large document is read in full: each operation, and each example of it.
func TestLargeDocument(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(documentsEnv)
	if dir == "" {
		t.Skipf("SKIPPED: needs Elasticsearch's OpenAPI document; set %s to a folder that has it as elasticsearch-openapi-9.json (output/openapi/elasticsearch-openapi.json in elastic/elasticsearch-specification)", documentsEnv)
	}
	file := filepath.Join(dir, "elasticsearch-openapi-9.json")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read(file, b)
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, item := range raw.Paths {
		for method := range item {
			if slices.Contains(methods, method) {
				want++
			}
		}
	}
	fields, nested, examples, unread := 0, 0, 0, map[string]int{}
	for i, op := range doc.Operations() {
		m := op.Model()
		if i%20 == 0 {
			holdPlaces(t, doc, m)
		}
		for _, f := range m.Fields {
			fields++
			if f.Parent() != "" {
				nested++
			}
		}
		examples += len(m.Examples)
		for _, u := range m.Unread {
			unread[strings.Map(digits, u.Message)]++
		}
	}
	if got := len(doc.Operations()); got != want || fields == 0 {
		t.Errorf("%d operations, want %d; %d fields", got, want, fields)
	}
	t.Logf("%d operations, %d fields, %d of them inside of others, %d examples; unread: %v", want, fields, nested, examples, unread)
}

func digits(r rune) rune {
	if r >= '0' && r <= '9' {
		return -1
	}
	return r
}

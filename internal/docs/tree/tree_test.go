package tree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `a: {b: [x, 7, 1.0, {c~d/e: deep}]}
text: |-
  two
  lines
"7": "7"
`

func parse(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Parse("sample.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLookup(t *testing.T) {
	t.Parallel()
	d := parse(t, sample)
	for pointer, want := range map[string]string{
		"":                   `1 "" "" text=false`,
		"/a/b/0":             `1 "" "x" text=true`,
		"/a/b/1":             `1 "" "7" text=false`,
		"/a/b/3/c~0d~1e":     `1 "c~d/e" "deep" text=true`,
		"/text":              `2 "text" "two\nlines" text=true`,
		"/7":                 `5 "7" "7" text=true`,
		"/a/b":               `1 "b" "" text=false`,
		"/nothing":           `0 "" "" text=false`,
		"/nothing/else":      `0 "" "" text=false`,
		"/a/b/4":             `0 "" "" text=false`,
		"/a/b/-1":            `0 "" "" text=false`,
		"/a/b/x":             `0 "" "" text=false`,
		"without a slash":    `0 "" "" text=false`,
		"/a/b/0/not/a/place": `0 "" "" text=false`,
	} {
		n := d.Lookup(pointer)
		s, _ := n.Scalar()
		if got := fmt.Sprintf("%d %q %q text=%t", n.Line(), n.Name(), s, n.IsText()); got != want {
			t.Errorf("%q: %s, want %s", pointer, got, want)
		}
		if n.There() != (n.Line() > 0) {
			t.Errorf("%q is there: %t", pointer, n.There())
		}
		if at := n.Place(); n.There() && at.Pointer != pointer {
			t.Errorf("%q says that it is at %q", pointer, at.Pointer)
		}
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	d := parse(t, sample)
	var names []string
	for n := range d.Root().Pairs() {
		names = append(names, n.Name())
	}
	if diff := cmp.Diff([]string{"a", "text", "7"}, names); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	items := d.Lookup("/a/b").Items()
	if len(items) != 4 || items[2].Number() != "1" || items[1].Number() != "7" || items[0].Number() != "x" {
		t.Errorf("%d items", len(items))
	}
	if line, block := d.Lookup("/text").ValueLine(); line != 2 || !block {
		t.Errorf("the text begins on line %d, a block: %t", line, block)
	}
	var v any
	if err := d.Lookup("/a/b/3").Decode(&v); err != nil || fmt.Sprint(v) != "map[c~d/e:deep]" {
		t.Errorf("%v, %v", v, err)
	}
	var none Node
	if none.Get("x").There() || none.Items() != nil || none.Place().Line != 0 || none.Decode(&v) != nil || none.Text("x") != "" || none.ID() != nil {
		t.Error("there is something in a node that is not there")
	}
}

func TestPlaceOfALongLine(t *testing.T) {
	t.Parallel()
	d := parse(t, `{"x": "`+strings.Repeat("ä", 300)+`", "y": "`+strings.Repeat("ä", 300)+`"}`)
	at := d.Lookup("/y").Place()
	if !strings.HasPrefix(at.Quote, `"y": "ää`) || len(at.Quote) > maxQuote+len("…") || !strings.HasSuffix(at.Quote, "ä…") {
		t.Errorf("%d bytes: %s", len(at.Quote), at.Quote)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a: [", "# nothing\n"} {
		if _, err := Parse("x", []byte(text)); err == nil {
			t.Errorf("%q is a document", text)
		}
	}
}

package asciidoc

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tree writes files into a folder of their own.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readBelow reads a page in the docs of a tree.
func readBelow(t *testing.T, dir, page string) *Page {
	t.Helper()
	root, err := OpenRoot(filepath.Join(dir, "docs"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // only read
	file := filepath.Join(dir, "docs", page)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := ReadBelow(root, file, b)
	if err != nil {
		t.Fatal(err)
	}
	return pages[0]
}

func TestIncludesAreFollowed(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{
		"docs/ref/a/page.asciidoc":   ":here: ../b\n[[p]]\n=== P\ninclude::{here}/parts.asciidoc[tag=one]\n\ninclude::{build-dir}/common.asciidoc[tags=\"x;y\"]\n\n`own`::\nlast\n",
		"docs/ref/b/parts.asciidoc":  "not this\n// tag::one[]\n`first`::\ntext\n\ninclude::deeper.asciidoc[]\n// end::one[]\n",
		"docs/ref/b/deeper.asciidoc": "`second`::\ntext\n",
		"docs/common.asciidoc":       "tag::x[]\n`third`::\ntext\nend::x[]\n\n`never`::\ntext\n\ntag::y[]\n`fourth`::\ntext\nend::y[]\n",
	})
	p := readBelow(t, dir, "ref/a/page.asciidoc")
	if len(p.Problems) > 0 {
		t.Fatalf("problems: %v", p.Problems)
	}
	want := map[string]string{"`first`": "ref/b/parts.asciidoc:3", "`second`": "ref/b/deeper.asciidoc:1", "`third`": "common.asciidoc:2", "`fourth`": "common.asciidoc:10", "`own`": "ref/a/page.asciidoc:8"}
	for _, e := range p.Elements {
		if e.Kind != Item {
			continue
		}
		file, line := p.Place(e.Line)
		rel, err := filepath.Rel(filepath.Join(dir, "docs"), file)
		if err != nil {
			t.Fatal(err)
		}
		if got := rel + ":" + strconv.Itoa(line); got != want[e.Term] {
			t.Errorf("%s stands at %s, want %s", e.Term, got, want[e.Term])
		}
		delete(want, e.Term)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

// What cannot be followed, or leads out, is said and not read.
func TestIncludesAreRefused(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{
		"secret.asciidoc":        "`secret`::\ntext\n",
		"docs/self.asciidoc":     "include::self.asciidoc[]\n",
		"docs/parts.asciidoc":    "text\n",
		"docs/folder/x.asciidoc": "text\n",
	})
	if err := os.Symlink(filepath.Join(dir, "secret.asciidoc"), filepath.Join(dir, "docs", "link.asciidoc")); err != nil {
		t.Skipf("SKIPPED: this file system has no symbolic links (%v): use one that has", err)
	}
	for directive, want := range map[string]string{
		"include::../secret.asciidoc[]":                      "out of --docs-root",
		"include::/etc/passwd[]":                             "only files below",
		"include::https://example.org/x.asciidoc[]":          "only files below",
		"include::link.asciidoc[]":                           "escapes",
		"include::folder[]":                                  "regular file",
		"include::none.asciidoc[]":                           "no such file",
		"include::{unknown}/none.asciidoc[]":                 "no folder above",
		"include::parts.asciidoc[tag=none]":                  "no tag none",
		"include::parts.asciidoc[lines=1..2]":                "lines=",
		"include::parts.asciidoc[tags=**]":                   "only names",
		"include::{unknown}/../../secret.asciidoc[]":         "no folder above",
		"include::self.asciidoc[]":                           "at most",
		":x: ../secret.asciidoc\n\ninclude::{x}[]":           "out of --docs-root",
		":x: folder/../../secret.asciidoc\n\ninclude::{x}[]": "out of --docs-root",
	} {
		t.Run(directive, func(t *testing.T) {
			t.Parallel()
			page := strings.Map(func(r rune) rune {
				if strings.ContainsRune(":/[].{}= \n*", r) {
					return '-'
				}
				return r
			}, directive) + ".asciidoc"
			if err := os.WriteFile(filepath.Join(dir, "docs", page), []byte("=== P\n\n"+directive+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := readBelow(t, dir, page)
			if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Message, want) {
				t.Errorf("problems %v, want one that says %q", p.Problems, want)
			}
			for _, e := range p.Elements {
				if e.Kind == Item {
					t.Errorf("%s was read", e.Term)
				}
			}
		})
	}
}

// A list in a block belongs to the item that its title names, and one in a
// block that is attached to a bullet belongs to that.
func TestWhatListsBelongTo(t *testing.T) {
	t.Parallel()
	p := read(t, "=== P\n\n`outer`::\ntext\n\n.Properties of `outer` objects\n[%collapsible%open]\n====\n`inner`::\ntext\n+\n.Properties of `inner`\n=====\n`deep`::\ntext\n=====\n====\n\n`next`::\ntext\n\n- `a` (string)\n+\n--\n- `b` (string)\n*** `c` (string)\n--\n- `d` (string)\n")
	want := map[string]string{"`outer`": "", "`inner`": "`outer`", "`deep`": "`inner`", "`next`": "", "`a`": "`next`", "`b`": "`a`", "`c`": "`b`", "`d`": "`next`"}
	name := func(e *Element) string {
		if e == nil {
			return ""
		}
		if e.Kind == Bullet {
			return strings.Fields(e.Text)[0]
		}
		return e.Term
	}
	for _, e := range p.Elements {
		if e.Kind != Item && e.Kind != Bullet {
			continue
		}
		if got := name(e.Parent); got != want[name(e)] {
			t.Errorf("%s belongs to %q, want %q", name(e), got, want[name(e)])
		}
		delete(want, name(e))
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

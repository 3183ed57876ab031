package render

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
)

const patchContext = 3 // unchanged lines around a change

// Patch writes a unified diff that would make the pages true, as far as the
// findings say how. Waived findings are left alone.
func Patch(w io.Writer, r *Report) error {
	var editors []*editor
	of := map[string]*editor{}
	for _, page := range r.sources {
		for _, f := range page.Files {
			if of[f.Name] == nil {
				of[f.Name] = newEditor(f)
				editors = append(editors, of[f.Name])
			}
		}
	}
	done := map[string]bool{} // pages may include the same text
	for _, c := range r.Claims {
		key := fmt.Sprint(c.Edits)
		if !c.Finding() || c.Waived != "" || done[key] {
			continue
		}
		done[key] = true
		for _, d := range c.Edits {
			if e := of[d.File]; e != nil {
				e.apply(d)
			}
		}
	}
	for _, e := range editors {
		if err := e.write(w); err != nil {
			return err
		}
	}
	return nil
}

// editor changes the lines of one file.
type editor struct {
	file    asciidoc.File
	old     []string
	now     []string   // a line as it becomes
	deleted []bool     //
	after   [][]string // lines to come after a line; index 0 is the top
}

func newEditor(f asciidoc.File) *editor {
	n := len(f.Raw)
	return &editor{file: f, old: f.Raw, now: slices.Clone(f.Raw), deleted: make([]bool, n+1), after: make([][]string, n+1)}
}

func (e *editor) apply(d claim.Edit) {
	switch {
	case d.Line < 0 || d.Line > len(e.old) || d.Line+d.Delete-1 > len(e.old):
		return // a place that the file does not have
	case d.Swap[0] != "":
		e.swap(d)
	case d.Append != "":
		if d.Line > 0 {
			e.now[d.Line-1] += d.Append
		}
	case d.Delete > 0:
		e.replace(d)
	default:
		e.after[d.Line] = append(e.after[d.Line], e.lines(d.Insert)...)
	}
}

func (e *editor) swap(d claim.Edit) {
	for n := d.Line; n < d.Line+max(d.Delete, 1); n++ {
		if n > 0 && strings.Contains(e.now[n-1], d.Swap[0]) {
			e.now[n-1] = strings.TrimRight(strings.Replace(e.now[n-1], d.Swap[0], d.Swap[1], 1), " ")
			return
		}
	}
}

func (e *editor) replace(d claim.Edit) {
	end := d.Line + d.Delete - 1
	if d.Blank && end < len(e.old) && strings.TrimSpace(strings.TrimPrefix(e.old[end], e.file.Prefix)) == "" {
		end++
	}
	for n := d.Line; n <= end; n++ {
		e.deleted[n] = true
	}
	e.after[end] = append(e.lines(d.Insert), e.after[end]...)
}

// lines puts the prefix of the file's form before inserted lines. The
// flattened form has neither blank lines nor indentation.
func (e *editor) lines(in []string) []string {
	var out []string
	for _, l := range in {
		if e.file.Form == asciidoc.Flattened {
			if l = strings.TrimSpace(l); l == "" {
				continue
			}
		}
		out = append(out, e.file.Prefix+l)
	}
	return out
}

// op is one line of a diff.
type op struct {
	mark byte
	text string
	last bool // the last line of the file, which nothing ends
}

func (e *editor) ops() []op {
	var out []op
	add := func(n int) {
		for _, l := range e.after[n] {
			out = append(out, op{mark: '+', text: l})
		}
	}
	add(0)
	for i, l := range e.old {
		last := e.file.Unended && i == len(e.old)-1
		switch {
		case e.deleted[i+1]:
			out = append(out, op{'-', l, last})
		case e.now[i] != l, last && len(e.after[i+1]) > 0:
			out = append(out, op{'-', l, last}, op{mark: '+', text: e.now[i]})
		default:
			out = append(out, op{' ', l, last})
		}
		add(i + 1)
	}
	return out
}

func (e *editor) write(w io.Writer) error {
	hunks := split(e.ops())
	if len(hunks) == 0 {
		return nil
	}
	name := patchName(e.file)
	p := &printer{w: w}
	p.line("--- a/%s", name)
	p.line("+++ b/%s", name)
	for _, h := range hunks {
		p.line("@@ -%s +%s @@", span(h.oldStart, h.oldLines), span(h.newStart, h.newLines))
		for _, o := range h.ops {
			if o.last {
				p.line("%c%s\n\\ No newline at end of file", o.mark, o.text)
				continue
			}
			p.line("%c%s%s", o.mark, o.text, e.file.Return)
		}
	}
	return p.err
}

// patchName is what a patch calls a file: its name below the folder of the
// documentation, in its repository, or from here on.
func patchName(f asciidoc.File) string {
	if f.Below != "" {
		return f.Below
	}
	whole, err := filepath.Abs(f.Name)
	if err != nil {
		return filepath.ToSlash(f.Name)
	}
	for dir := filepath.Dir(whole); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return within(dir, whole)
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if wd, err := os.Getwd(); err == nil && within(wd, whole) != "" {
		return within(wd, whole)
	}
	return strings.TrimPrefix(filepath.ToSlash(whole), "/")
}

// within is the name of a file below a folder, "" where it is not there.
func within(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

type hunk struct {
	oldStart, oldLines, newStart, newLines int
	ops                                    []op
}

// split groups the changes with the lines around them.
func split(ops []op) []hunk {
	keep := make([]bool, len(ops))
	for i, o := range ops {
		if o.mark == ' ' {
			continue
		}
		for k := max(0, i-patchContext); k <= min(len(ops)-1, i+patchContext); k++ {
			keep[k] = true
		}
	}
	var out []hunk
	oldLine, newLine := 1, 1
	for i, o := range ops {
		if keep[i] {
			if i == 0 || !keep[i-1] {
				out = append(out, hunk{oldStart: oldLine, newStart: newLine})
			}
			h := &out[len(out)-1]
			h.ops = append(h.ops, o)
			if o.mark != '+' {
				h.oldLines++
			}
			if o.mark != '-' {
				h.newLines++
			}
		}
		if o.mark != '+' {
			oldLine++
		}
		if o.mark != '-' {
			newLine++
		}
	}
	return out
}

func span(start, n int) string {
	if n == 0 {
		start--
	}
	if n == 1 {
		return fmt.Sprint(start)
	}
	return fmt.Sprintf("%d,%d", start, n)
}

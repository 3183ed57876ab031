package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
)

const patchContext = 3 // unchanged lines around a change

// Patch writes a unified diff that would make the pages true, as far as the
// findings say how. Waived findings are left alone.
func Patch(w io.Writer, r *Report) error {
	done := map[string]bool{}
	for _, page := range r.sources {
		if done[page.Source] {
			continue
		}
		done[page.Source] = true
		e := newEditor(page)
		for _, c := range r.Claims {
			if c.File == page.Source && c.Finding() && c.Waived == "" {
				e.apply(c.Edits)
			}
		}
		if err := e.write(w); err != nil {
			return err
		}
	}
	return nil
}

// editor changes the lines of one file.
type editor struct {
	page    *asciidoc.Page
	old     []string
	now     []string   // a line as it becomes
	deleted []bool     //
	after   [][]string // lines to come after a line; index 0 is the top
	prefix  string     // what inserted lines start with
}

func newEditor(p *asciidoc.Page) *editor {
	e := &editor{page: p, old: p.Raw, now: append([]string{}, p.Raw...), deleted: make([]bool, len(p.Raw)+1), after: make([][]string, len(p.Raw)+1)}
	for _, l := range p.Lines {
		e.prefix = l.Prefix
		break
	}
	return e
}

func (e *editor) apply(edits []claim.Edit) {
	for _, d := range edits {
		switch {
		case d.Line < 0 || d.Line > len(e.old) || d.Line+d.Delete-1 > len(e.old):
			continue // a place that the file does not have
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
	if d.Blank && end < len(e.old) && strings.TrimSpace(strings.TrimPrefix(e.old[end], e.prefix)) == "" {
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
		if e.page.Form == asciidoc.Flattened {
			if l = strings.TrimSpace(l); l == "" {
				continue
			}
		}
		out = append(out, e.prefix+l)
	}
	return out
}

// op is one line of a diff.
type op struct {
	mark byte
	text string
}

func (e *editor) ops() []op {
	var out []op
	add := func(n int) {
		for _, l := range e.after[n] {
			out = append(out, op{'+', l})
		}
	}
	add(0)
	for i, l := range e.old {
		switch {
		case e.deleted[i+1]:
			out = append(out, op{'-', l})
		case e.now[i] != l:
			out = append(out, op{'-', l}, op{'+', e.now[i]})
		default:
			out = append(out, op{' ', l})
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
	name := strings.TrimPrefix(e.page.Source, "/")
	p := &printer{w: w}
	p.line("--- a/%s", name)
	p.line("+++ b/%s", name)
	for _, h := range hunks {
		p.line("@@ -%s +%s @@", span(h.oldStart, h.oldLines), span(h.newStart, h.newLines))
		for _, o := range h.ops {
			p.line("%c%s", o.mark, o.text)
		}
	}
	return p.err
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

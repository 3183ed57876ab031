package asciidoc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// block reads a delimited block: what is inside counts or not by its kind.
func (ps *parser) block(l Line) {
	d := l.Text
	ps.i++
	switch {
	case strings.HasPrefix(d, "////"):
		was := ps.hidden
		ps.hidden = true
		ps.run(l.No, d)
		ps.hidden = was
	case strings.HasPrefix(d, "++++"), strings.HasPrefix(d, "...."):
		ps.skipTo(l)
	case strings.HasPrefix(d, "----"), strings.HasPrefix(d, "```"):
		ps.listing(l)
	case d == "|===":
		ps.table(l)
	case d == ",===", d == ":===":
		ps.page.problem(l.No, fmt.Sprintf("table in the format %s is not read", d))
		ps.skipTo(l)
	default: // open, example, sidebar, quote: transparent
		ps.transparent(l)
	}
}

var propertiesOf = regexp.MustCompile("^(?:Properties|Parameters|Fields|Attributes) of `([^`]+)`")

// transparent reads a block as if its delimiters were not there. A list in a
// block that is attached to an item, or whose title names one, is a list inside
// of that item.
func (ps *parser) transparent(l Line) {
	saved := *ps
	owner := ps.described()
	if owner != nil {
		ps.outer, ps.item, ps.levels = owner, owner, nil
		ps.within = nil
	} else if n := len(ps.bullets); ps.attached && n > 0 {
		ps.within = ps.bullets[n-1]
	}
	ps.title, ps.anchor, ps.attached, ps.bullets = "", "", false, nil
	ps.run(l.No, l.Text)
	ps.section, ps.within, ps.bullets = saved.section, saved.within, saved.bullets
	if owner != nil || ps.item == nil {
		ps.item = saved.item
	}
	if owner != nil {
		ps.levels, ps.outer = saved.levels, saved.outer
	}
}

// lookback is how many elements a block may stand behind the item that it says
// more of.
const lookback = 2000

// described is the item that the block to come says more of, nil for none.
func (ps *parser) described() *Element {
	if m := propertiesOf.FindStringSubmatch(ps.title); m != nil {
		for i, e := range slices.Backward(ps.page.Elements) {
			if e.Kind == Heading || i < len(ps.page.Elements)-lookback {
				break
			}
			if e.Kind == Item && strings.Trim(e.Term, "`") == m[1] {
				return e
			}
		}
	}
	if ps.attached && len(ps.bullets) == 0 {
		return ps.item
	}
	return nil
}

// raw returns the lines up to the closing delimiter.
func (ps *parser) raw(open Line, closing string) []Line {
	var out []Line
	for {
		l, ok := ps.line()
		if !ok {
			ps.page.problem(open.No, fmt.Sprintf("block opened with %q is never closed", open.Text))
			return out
		}
		ps.i++
		if l.Text == closing {
			return out
		}
		out = append(out, l)
	}
}

func (ps *parser) skipTo(open Line) { ps.raw(open, open.Text) }

func (ps *parser) listing(open Line) {
	closing, lang := open.Text, ps.lang
	if strings.HasPrefix(closing, "`") {
		fence := strings.TrimRight(closing, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
		lang, closing = closing[len(fence):], fence
	}
	if lang == "" && !ps.hidden {
		ps.page.problem(open.No, "listing without a language: want [source,LANGUAGE] on the line above")
	}
	lines := ps.raw(open, closing)
	end := open.No
	if ps.i > 0 {
		end = ps.page.Lines[ps.i-1].No
	}
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Text
	}
	ps.lang = ""
	ps.last = ps.add(&Element{Kind: Listing, Line: open.No, End: end, Lang: lang, Text: strings.Join(texts, "\n"), Lines: lines, Parent: ps.item})
}

var cellSpec = regexp.MustCompile(`(^|\s)(?:\d+(?:\.\d+)?[*+])?(?:\.\d+\+)?[<^>]?(?:\.[<^>])?[adehlms]?\|`)

// tableCell is the text of a cell, which may go on over lines.
type tableCell struct {
	line  int
	parts []string
}

func (c tableCell) text() string { return strings.TrimSpace(strings.Join(c.parts, " ")) }

// table reads the rows of a |=== table: one row a line, or one cell a line
// where the first row says how many columns there are.
func (ps *parser) table(open Line) {
	lines := ps.raw(open, open.Text)
	var cells []tableCell
	columns := 0
	for _, l := range lines {
		t := strings.TrimSpace(l.Text)
		if t == "" {
			if columns == 0 && len(cells) > 0 {
				columns = len(cells)
			}
			continue
		}
		at := cellSpec.FindAllStringIndex(strings.ReplaceAll(t, `\|`, `\:`), -1)
		if len(at) == 0 || at[0][0] > 0 {
			if len(cells) == 0 {
				ps.page.problem(l.No, fmt.Sprintf("table text before the first cell: %q", t))
				continue
			}
			end := len(t)
			if len(at) > 0 {
				end = at[0][0]
			}
			last := &cells[len(cells)-1]
			last.parts = append(last.parts, t[:end])
		}
		for i, a := range at {
			end := len(t)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			cells = append(cells, tableCell{l.No, []string{strings.TrimSpace(strings.ReplaceAll(t[a[1]:end], `\|`, `|`))}})
		}
		if columns == 0 && len(at) > 1 {
			columns = len(at)
		}
	}
	e := &Element{Kind: Table, Line: open.No, End: open.No, Lines: lines, Parent: ps.item}
	if len(lines) > 0 {
		e.End = lines[len(lines)-1].No + 1
	}
	if columns == 0 {
		columns = max(1, len(cells))
	}
	for row := range slices.Chunk(cells, columns) {
		if len(row) < columns {
			ps.page.problem(open.No, fmt.Sprintf("table: %d cells do not fill rows of %d", len(cells), columns))
			break
		}
		texts := make([]string, columns)
		for i, c := range row {
			texts[i] = c.text()
		}
		e.Rows, e.RowLines = append(e.Rows, texts), append(e.RowLines, row[0].line)
	}
	ps.add(e)
}

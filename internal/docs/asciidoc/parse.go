package asciidoc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	headingRE   = regexp.MustCompile(`^(={1,6})\s+(\S.*)$`)
	badHeading  = regexp.MustCompile(`^={1,6}[^=\s]\S*(?: \S+)*$`)
	anchorRE    = regexp.MustCompile(`^\[\[([^\],]+)(?:,[^\]]*)?\]\]$`)
	attrLineRE  = regexp.MustCompile(`^\[(?:[^\[\]]|"[^"]*")*\]$`)
	blockTitle  = regexp.MustCompile(`^\.([^.\s].*)$`)
	attrEntry   = regexp.MustCompile(`^:(!?[A-Za-z0-9_][\w-]*!?):(?:\s+(.*))?$`)
	delimiterRE = regexp.MustCompile(`^(-{4,}|\+{4,}|/{4,}|={4,}|\*{4,}|_{4,}|\.{4,}|--|\|===|,===|:===|` + "```+" + `\w*)$`)
	itemRE      = regexp.MustCompile(`^\s*(\S.*?)(:{2,4}|;;)(?:\s+(\S.*))?$`)
	brokenItem  = regexp.MustCompile("^(`[^`]+`(?:\\s*\\([^)]*\\))?):(?:\\s+(\\S.*))?$")
	bulletRE    = regexp.MustCompile(`^\s*(\*{1,5}|-|\.{1,5}|\d+\.|<\d+>)\s+(\S.*)$`)
	macroRE     = regexp.MustCompile(`^([a-z][\w-]*)::([^\[\s]*)\[(.*)\]$`)
	sourceAttr  = regexp.MustCompile(`^\[\s*"?source"?\s*,\s*"?([\w+.-]+)"?`)
	bareSource  = regexp.MustCompile(`^\[\s*"?source"?\s*\]$`)
	markdownish = regexp.MustCompile(`^#{1,6}\s+\S`)
)

type parser struct {
	page    *Page
	i       int
	anchor  string
	title   string
	lang    string
	section *Element // of the last heading
	item    *Element // last item of the section
	levels  []string // nesting of definition markers in the current list
	last    *Element // last listing, for its markers
	hidden  bool
	// attached is set by a "+": the block that follows belongs to the item.
	attached bool
	outer    *Element   // the item that the block being read belongs to
	bullets  []*Element // the bullets that the next one can stand below
	within   *Element   // the bullet that the block being read is attached to
}

func parse(p *Page) {
	p.Anchors = map[string]int{}
	p.Attrs = map[string]string{}
	p.at = make(map[int]int, len(p.Lines))
	for i, l := range p.Lines {
		p.at[l.No] = i
	}
	ps := &parser{page: p}
	ps.run(0, "")
}

func (ps *parser) line() (Line, bool) {
	if ps.i >= len(ps.page.Lines) {
		return Line{}, false
	}
	return ps.page.Lines[ps.i], true
}

// run reads until the end of the page or, inside a block, to its delimiter.
func (ps *parser) run(opened int, until string) {
	for {
		l, ok := ps.line()
		if !ok {
			if until != "" {
				ps.page.problem(opened, fmt.Sprintf("block opened with %q is never closed", until))
			}
			return
		}
		if until != "" && l.Text == until {
			ps.i++
			return
		}
		ps.step(l)
	}
}

// step reads one element, or one line that only prepares the next.
func (ps *parser) step(l Line) {
	t := l.Text
	switch {
	case strings.TrimSpace(t) == "":
		ps.i++
	case delimiterRE.MatchString(t):
		ps.block(l)
	case strings.HasPrefix(t, "//"):
		ps.comment(l)
	case ps.hidden && !sourceAttr.MatchString(t):
		ps.i++ // a comment block: only its snippets mean something
	case ps.prepare(l):
		ps.i++
	case headingRE.MatchString(t):
		ps.heading(l)
	case macroRE.MatchString(t):
		ps.macro(l)
	case brokenItem.MatchString(t):
		m := brokenItem.FindStringSubmatch(t)
		ps.textElement(&Element{Kind: Broken, Term: m[1], Text: m[2], Level: 1})
	case itemRE.MatchString(t) && !strings.HasPrefix(t, "http"):
		ps.definition(l)
	case bulletRE.MatchString(t):
		m := bulletRE.FindStringSubmatch(t)
		ps.bullet(&Element{Kind: Bullet, Level: len(m[1]), Text: m[2]})
	case t == "+":
		ps.attached = true
		ps.i++
	default:
		if badHeading.MatchString(t) || markdownish.MatchString(t) {
			ps.page.problem(l.No, fmt.Sprintf("%q looks like a heading but renders as text: want '=' signs, a blank, and the title", t))
		}
		ps.textElement(&Element{Kind: Paragraph, Text: strings.TrimSpace(t)}).Parent = ps.owner()
	}
}

// prepare handles the lines above a block: anchors, attributes, titles.
func (ps *parser) prepare(l Line) bool {
	t := l.Text
	if m := anchorRE.FindStringSubmatch(t); m != nil {
		if first, dup := ps.page.Anchors[m[1]]; dup {
			ps.page.problem(l.No, fmt.Sprintf("anchor %q is already set on line %d", m[1], first))
		} else {
			ps.page.Anchors[m[1]] = l.No
		}
		if ps.page.Anchor == "" {
			ps.page.Anchor = m[1]
		}
		ps.anchor = m[1]
		return true
	}
	if m := attrEntry.FindStringSubmatch(t); m != nil {
		ps.page.Attrs[strings.Trim(m[1], "!")] = m[2]
		return true
	}
	if m := sourceAttr.FindStringSubmatch(t); m != nil {
		ps.lang = m[1]
		return true
	}
	if bareSource.MatchString(t) {
		ps.page.problem(l.No, "source block without a language: want [source,LANGUAGE]")
		return true
	}
	if attrLineRE.MatchString(t) {
		return true
	}
	if m := blockTitle.FindStringSubmatch(t); m != nil {
		ps.title = m[1]
		return true
	}
	return false
}

// owner is what an element belongs to that says nothing on it.
func (ps *parser) owner() *Element {
	if ps.within != nil {
		return ps.within
	}
	return ps.item
}

// bullet reads one entry of a list, which may stand below another one.
func (ps *parser) bullet(e *Element) {
	above := ps.bullets
	for len(above) > 0 && above[len(above)-1].Level >= e.Level {
		above = above[:len(above)-1]
	}
	ps.textElement(e)
	if e.Parent = ps.owner(); len(above) > 0 {
		e.Parent = above[len(above)-1]
	}
	ps.bullets = append(above[:len(above):len(above)], e)
}

func (ps *parser) heading(l Line) {
	m := headingRE.FindStringSubmatch(l.Text)
	e := ps.add(&Element{Kind: Heading, Line: l.No, End: l.No, Level: len(m[1]), Text: m[2], Lines: []Line{l}})
	ps.section, ps.item, ps.levels, ps.outer, ps.bullets, ps.within = e, nil, nil, nil, nil, nil
	ps.i++
}

func (ps *parser) macro(l Line) {
	m := macroRE.FindStringSubmatch(l.Text)
	switch m[1] {
	case "include":
		why := ps.page.unfollowed[l.No]
		if why == "" {
			why = "give the folder of the documentation, which has it and the page, by --docs-root"
		}
		ps.page.problem(l.No, fmt.Sprintf("%s is not followed, so what it holds is not read: %s", l.Text, why))
	case "ifdef", "ifndef", "ifeval", "endif":
		ps.page.problem(l.No, fmt.Sprintf("the condition %s is not evaluated: both sides are read", l.Text))
	}
	ps.add(&Element{Kind: Macro, Line: l.No, End: l.No, Term: m[1], Text: m[3], Lines: []Line{l}})
	ps.i++
}

func (ps *parser) definition(l Line) {
	m := itemRE.FindStringSubmatch(l.Text)
	depth := slices.Index(ps.levels, m[2])
	if depth < 0 {
		depth = len(ps.levels)
		ps.levels = append(ps.levels, m[2])
	}
	ps.levels = ps.levels[:depth+1]
	level := depth + 1
	if ps.outer != nil {
		level += ps.outer.Level
	}
	parent := ps.item
	for parent != nil && parent.Level >= level {
		parent = parent.Parent
	}
	e := ps.textElement(&Element{Kind: Item, Level: level, Term: strings.TrimSpace(m[1]), Text: m[3]})
	e.Parent = parent
	ps.item = e
}

// textElement takes the current line and the lines of text that follow it.
func (ps *parser) textElement(e *Element) *Element {
	first, _ := ps.line()
	e.Line, e.Lines = first.No, []Line{first}
	ps.i++
	// The text of an item may be set off from its term by blank lines.
	if e.Text == "" && (e.Kind == Item || e.Kind == Broken) {
		for l, ok := ps.line(); ok && l.Text == ""; l, ok = ps.line() {
			ps.i++
		}
	}
	texts := []string{e.Text}
	for {
		l, ok := ps.line()
		if !ok || ps.endsText(l, e) {
			break
		}
		e.Lines = append(e.Lines, l)
		texts = append(texts, strings.TrimSpace(l.Text))
		ps.i++
	}
	e.Text = strings.TrimSpace(strings.Join(texts, " "))
	e.End = e.Lines[len(e.Lines)-1].No
	return ps.add(e)
}

func (ps *parser) endsText(l Line, e *Element) bool {
	t := l.Text
	switch {
	case strings.TrimSpace(t) == "", t == "+", delimiterRE.MatchString(t), strings.HasPrefix(t, "//"),
		anchorRE.MatchString(t), attrLineRE.MatchString(t), headingRE.MatchString(t), macroRE.MatchString(t),
		brokenItem.MatchString(t), bulletRE.MatchString(t), attrEntry.MatchString(t):
		return true
	case itemRE.MatchString(t) && strings.Contains(t, "::"):
		return true
	case ps.page.Form == Flattened:
		// Blank lines are lost: a line is a paragraph, except below a term.
		return e.Kind == Paragraph || blockTitle.MatchString(t)
	}
	return false
}

func (ps *parser) add(e *Element) *Element {
	e.Anchor, e.Title, e.Hidden = ps.anchor, ps.title, ps.hidden
	attached := ps.attached
	ps.anchor, ps.title, ps.attached = "", "", false
	if e.Kind != Bullet && !attached {
		ps.bullets = nil
	}
	if e.Kind != Listing {
		ps.lang = ""
		ps.last = nil
	}
	ps.page.Elements = append(ps.page.Elements, e)
	return e
}

// comment reads a comment line, which may be a marker of the last listing.
func (ps *parser) comment(l Line) {
	ps.i++
	m, ok, err := parseMarker(l)
	if err != nil {
		ps.page.problem(l.No, err.Error())
	}
	if !ok {
		return
	}
	if ps.last == nil {
		ps.page.problem(l.No, fmt.Sprintf("test marker %q stands below no snippet", l.Text))
		return
	}
	ps.last.Markers = append(ps.last.Markers, m)
}

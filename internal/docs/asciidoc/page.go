// Package asciidoc reads reference pages as Elastic writes them: the page
// itself, the page as a diff, and the page as a diff whose blank lines and
// indentation were lost on the way ("flattened").
//
// It is a reader of reference pages, not a renderer: inline markup stays as it
// is. What it cannot read it reports with the line; nothing is dropped in
// silence.
package asciidoc

// Form is the shape in which a page was handed over.
type Form string

// The forms.
const (
	Plain     Form = "asciidoc"
	Diff      Form = "diff"
	Flattened Form = "flattened"
)

// Line is one line of a page.
type Line struct {
	No     int    // number in the file that was read, from 1; of included ones see Place
	Text   string // without the prefix of a diff
	Prefix string // what stood before the text in the file: "", "+", "- " …
}

// Kind says what an element is.
type Kind string

// The kinds of elements.
const (
	Heading   Kind = "heading"
	Paragraph Kind = "paragraph"
	Item      Kind = "item"   // of a definition list: term and text
	Broken    Kind = "broken" // meant as an item, rendered as a paragraph: `200`:
	Bullet    Kind = "bullet"
	Listing   Kind = "listing"
	Table     Kind = "table"
	Macro     Kind = "macro" // block macro on a line of its own: beta::[]
)

// Element is one piece of a page, in the order of the page.
type Element struct {
	Kind   Kind
	Line   int // first line, as numbered in the file
	End    int // last line
	Level  int // of a heading: number of '='; of an item: nesting from 1
	Anchor string
	Title  string // block title (".Title") above it
	Term   string // of an item: without the colons
	Text   string // joined with single spaces; of a heading its title
	Lines  []Line // the lines it was read from
	Hidden bool   // inside a comment block: seen by test tools only
	// Parent is the item that it belongs to, or the bullet that it is attached
	// to or stands below.
	Parent *Element

	Lang    string   // of a listing: language or style, "" where none is given
	Markers []Marker // of a listing

	Rows [][]string // of a table, the header first where there is one
	// RowLines are the line numbers of Rows.
	RowLines []int
}

// Problem is something on the page that could not be read.
type Problem struct {
	Line    int
	Message string
}

// Page is one page.
type Page struct {
	File     string // as given, or the name in the diff
	Source   string // the file that was read
	Form     Form
	Anchor   string // id of the page: its first anchor
	Lines    []Line
	Files    []File // its own, and those that it includes
	Elements []*Element
	Anchors  map[string]int    // anchor -> line
	Attrs    map[string]string // attributes that the page sets
	Problems []Problem

	unfollowed map[int]string // line of an include:: -> why it was not followed
	at         map[int]int    // number of a line -> its index
}

func (p *Page) problem(line int, message string) {
	p.Problems = append(p.Problems, Problem{Line: line, Message: message})
}

// LineText returns the text of the line with the given number.
func (p *Page) LineText(no int) string {
	if i, ok := p.at[no]; ok {
		return p.Lines[i].Text
	}
	return ""
}

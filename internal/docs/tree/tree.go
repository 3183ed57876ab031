// Package tree reads JSON and YAML documents of which every node knows its line
// and its JSON pointer.
package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

// Document is a parsed file.
type Document struct {
	File  string // its name in reports
	root  *yaml.Node
	lines []string
	ascii bool // all of it
	// JSON reports whether the file is JSON, and not YAML beyond that.
	JSON bool
}

// Parse reads a document in JSON or YAML.
func Parse(file string, b []byte) (*Document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		return nil, fmt.Errorf("neither JSON nor YAML: %w", err)
	}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("the file is empty")
	}
	return &Document{File: file, root: root.Content[0], lines: strings.Split(string(b), "\n"), ascii: plain(b), JSON: json.Valid(b)}, nil
}

// offset is where the character of that number begins.
func (d *Document) offset(line string, character int) int {
	if d.ascii {
		return max(0, min(character, len(line)))
	}
	n := 0
	for i := range line {
		if n == character {
			return i
		}
		n++
	}
	return 0
}

// plain reports whether a text has nothing but ASCII, of which each character
// is a byte.
func plain(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
}

// Root is the node that holds all others.
func (d *Document) Root() Node { return Node{doc: d, value: d.root} }

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// Lookup returns the node at a JSON pointer; one that is not there where the
// pointer leads nowhere.
func (d *Document) Lookup(pointer string) Node {
	n := d.Root()
	if pointer == "" {
		return n
	}
	rest, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return Node{}
	}
	for _, part := range strings.Split(rest, "/") {
		if items := n.Items(); items != nil {
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(items) {
				return Node{}
			}
			n = items[i]
			continue
		}
		n = n.Get(unescape.Replace(part))
	}
	return n
}

// Node is a value in a document, with the key that it stands under, if it
// does. The zero Node stands for one that is not there, and has nothing in it.
type Node struct {
	doc        *Document
	key, value *yaml.Node
	pointer    string
}

// ID tells nodes apart; nil is that of one that is not there.
func (n Node) ID() *yaml.Node { return n.value }

// There reports whether there is such a node.
func (n Node) There() bool { return n.value != nil }

// Name is the key that the node stands under, "" for none.
func (n Node) Name() string {
	if n.key == nil {
		return ""
	}
	return n.key.Value
}

// Pointer leads to the node in its document.
func (n Node) Pointer() string { return n.pointer }

// Line is where the node stands: its key, where it has one.
func (n Node) Line() int {
	switch {
	case n.key != nil:
		return n.key.Line
	case n.value != nil:
		return n.value.Line
	}
	return 0
}

// ValueLine is the line of the value, and Block whether its text begins on the
// line after it, as that of YAML's literal blocks does.
func (n Node) ValueLine() (line int, block bool) {
	if n.value == nil {
		return 0, false
	}
	return n.value.Line, n.value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

const maxQuote = 200 // bytes of a line: a document may stand in one

// Place is where the node stands, in the words of its line.
func (n Node) Place() claim.At {
	line := n.Line()
	if line < 1 || line > len(n.doc.lines) {
		return claim.At{}
	}
	from := n.value
	if n.key != nil {
		from = n.key
	}
	text := n.doc.lines[line-1]
	if len(text) > maxQuote {
		text = text[n.doc.offset(text, from.Column-1):]
	}
	if len(text) > maxQuote {
		text = strings.ToValidUTF8(text[:maxQuote], "") + "…"
	}
	return claim.At{Line: line, Pointer: n.pointer, Quote: strings.TrimSpace(text)}
}

// Pairs walks the values of a mapping; nothing where the node is none.
func (n Node) Pairs() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.value == nil || n.value.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.value.Content); i += 2 {
			k, v := n.value.Content[i], n.value.Content[i+1]
			if !yield(Node{n.doc, k, v, n.pointer + "/" + jsonval.Escape(k.Value)}) {
				return
			}
		}
	}
}

// Get is the value under a key.
func (n Node) Get(name string) Node {
	for v := range n.Pairs() {
		if v.Name() == name {
			return v
		}
	}
	return Node{}
}

// Items are the elements of a list; nil where the node is none.
func (n Node) Items() []Node {
	if n.value == nil || n.value.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]Node, len(n.value.Content))
	for i, v := range n.value.Content {
		out[i] = Node{n.doc, nil, v, n.pointer + "/" + strconv.Itoa(i)}
	}
	return out
}

// Scalar is the text of a value that is neither list nor mapping.
func (n Node) Scalar() (string, bool) {
	if n.value == nil || n.value.Kind != yaml.ScalarNode {
		return "", false
	}
	return n.value.Value, true
}

// IsText reports whether the value is a text, and not a number, say.
func (n Node) IsText() bool {
	return n.value != nil && n.value.Kind == yaml.ScalarNode && n.value.ShortTag() == "!!str"
}

// Number is the text of a number without a fraction that is zero: 100.0 is 100.
func (n Node) Number() string {
	text, _ := n.Scalar()
	if n.value != nil && n.value.ShortTag() == "!!float" {
		text = strings.TrimSuffix(text, ".0")
	}
	return text
}

// Text is the scalar under a key, or "".
func (n Node) Text(name string) string {
	s, _ := n.Get(name).Scalar()
	return s
}

// Decode reads the value into a Go value.
func (n Node) Decode(into any) error {
	if n.value == nil {
		return nil
	}
	return n.value.Decode(into)
}

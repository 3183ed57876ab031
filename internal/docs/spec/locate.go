package spec

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
)

// document is a parsed JSON or YAML file: every node knows its line.
type document struct {
	file  string
	root  *yaml.Node
	lines []string
	ascii bool // all of it
	// named are the components, by the reference to them.
	named map[string]*yaml.Node
}

const maxQuote = 200 // characters of a line: a document may stand in one

// at is the place of a node.
func (d *document) at(n *yaml.Node) claim.At {
	if n == nil || n.Line < 1 || n.Line > len(d.lines) {
		return claim.At{}
	}
	line := d.lines[n.Line-1]
	if len(line) > maxQuote {
		line = line[d.offset(line, n.Column-1):]
	}
	if len(line) > maxQuote {
		line = strings.ToValidUTF8(line[:maxQuote], "") + "…"
	}
	return claim.At{Line: n.Line, Quote: strings.TrimSpace(line)}
}

// offset is where the character of that number begins.
func (d *document) offset(line string, character int) int {
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

// reading is a document while one of its operations is read.
type reading struct {
	*document
	// unread lists what could not be read, one a line.
	unread []claim.Unread
	types  map[*yaml.Node]string // names of types that are known or being found
}

const maxHops = 16 // of references to references

// follow resolves a reference inside the document.
func (d *reading) follow(n *yaml.Node) *yaml.Node {
	for range maxHops {
		ref := text(n, "$ref")
		if ref == "" {
			return n
		}
		target := d.target(ref)
		if target == nil {
			d.lost(n.Line, fmt.Sprintf("reference %q leads nowhere in this document", ref))
			return nil
		}
		n = target
	}
	d.lost(n.Line, fmt.Sprintf("reference %q never ends", text(n, "$ref")))
	return nil
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// target is what a reference leads to, or nil.
func (d *document) target(ref string) *yaml.Node {
	if n, ok := d.named[ref]; ok {
		return n
	}
	rest, local := strings.CutPrefix(ref, "#/")
	if !local {
		return nil
	}
	n := d.root
	for _, part := range strings.Split(rest, "/") {
		n = get(n, unescape.Replace(part))
	}
	return n
}

// nameComponents finds every component once: documents have thousands, and as
// many references to them.
func (d *document) nameComponents() {
	d.named = map[string]*yaml.Node{}
	for section, list := range pairs(get(d.root, "components")) {
		for name, n := range pairs(list) {
			ref := "#/components/" + section.Value + "/" + name.Value
			if !strings.ContainsAny(section.Value+name.Value, "~/") && d.named[ref] == nil {
				d.named[ref] = n
			}
		}
	}
}

func (d *reading) lost(line int, message string) {
	for _, u := range d.unread {
		if u.Line == line {
			return
		}
	}
	d.unread = append(d.unread, claim.Unread{Line: line, Message: message})
}

// pairs walks the keys and values of a mapping; nothing where n is none.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

func get(n *yaml.Node, name string) *yaml.Node {
	for k, v := range pairs(n) {
		if k.Value == name {
			return v
		}
	}
	return nil
}

// key returns the node of the key itself, for its line.
func key(n *yaml.Node, name string) *yaml.Node {
	for k := range pairs(n) {
		if k.Value == name {
			return k
		}
	}
	return nil
}

// text returns the scalar under name, or "".
func text(n *yaml.Node, name string) string {
	if v := get(n, name); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

func elements(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

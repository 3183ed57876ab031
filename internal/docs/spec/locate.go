package spec

import (
	"fmt"
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
)

// document is a parsed JSON or YAML file: every node knows its line.
type document struct {
	file  string
	root  *yaml.Node
	lines []string
	// unread lists the references that lead nowhere, one a line.
	unread []claim.Unread
}

// at is the place of a node.
func (d *document) at(n *yaml.Node) claim.At {
	if n == nil || n.Line < 1 || n.Line > len(d.lines) {
		return claim.At{}
	}
	return claim.At{Line: n.Line, Quote: strings.TrimSpace(d.lines[n.Line-1])}
}

const maxHops = 16 // of references to references

// follow resolves a reference inside the document.
func (d *document) follow(n *yaml.Node) *yaml.Node {
	for range maxHops {
		ref := text(n, "$ref")
		if ref == "" {
			return n
		}
		target := d.root
		rest, local := strings.CutPrefix(ref, "#/")
		for _, part := range strings.Split(rest, "/") {
			target = get(target, strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
		}
		if !local || target == nil {
			d.lost(n.Line, fmt.Sprintf("reference %q leads nowhere in this document", ref))
			return nil
		}
		n = target
	}
	d.lost(n.Line, fmt.Sprintf("reference %q never ends", text(n, "$ref")))
	return nil
}

func (d *document) lost(line int, message string) {
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

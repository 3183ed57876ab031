package openapi

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/docs/tree"
)

// uses says which parts of a document lead to which others.
type uses struct {
	from map[string][]string    // by part, those that refer to it, one for each reference
	of   map[string][]Operation // by what a part stands in: one operation, or all of a path
}

// part is the component, parameter, body or answer that a pointer leads into,
// or else the operation.
func part(pointer string) string {
	tokens := strings.Split(pointer, "/") // the first is empty
	n := 4
	switch {
	case len(tokens) > 2 && tokens[1] == "components":
	case len(tokens) > 3 && tokens[3] == "parameters":
		n = 5
	case len(tokens) > 4 && tokens[4] == "requestBody":
		n = 5
	case len(tokens) > 5:
		n = 6 // parameters/0, responses/200
	}
	return strings.Join(tokens[:min(n, len(tokens))], "/")
}

func (d *Document) uses() *uses {
	u := &uses{map[string][]string{}, map[string][]Operation{}}
	for _, o := range d.operations {
		for _, n := range []tree.Node{o.op, o.item} {
			u.of[n.Pointer()] = append(u.of[n.Pointer()], o)
		}
	}
	u.read(d.tree.Root())
	return u
}

func (u *uses) read(n tree.Node) {
	if ref, local := strings.CutPrefix(n.Text("$ref"), "#"); local {
		u.from[part(ref)] = append(u.from[part(ref)], part(n.Pointer()))
	}
	for member := range n.Pairs() {
		u.read(member)
	}
	for _, item := range n.Items() {
		u.read(item)
	}
}

// doubt is why what was found on some parts of operations is not known of all
// that use these places, "" where it is.
func (u *uses) doubt(places []string, found func(via string) bool) string {
	for _, place := range places {
		first := part(place)
		seen := map[string]bool{first: true}
		for queue := []string{first}; len(queue) > 0; queue = queue[1:] {
			if why := u.unseen(queue[0], found); why != "" {
				return fmt.Sprintf("%s is used by %s as well, of which this was not seen", first, why)
			}
			for _, next := range u.from[queue[0]] {
				if seen[next] {
					return fmt.Sprintf("%s is used in several places of %s", first, u.owner(next))
				}
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return ""
}

// unseen is the first operation of which a change was not found, of those that
// have a part, "" for none.
func (u *uses) unseen(part string, found func(via string) bool) string {
	for _, o := range u.operations(part) {
		if !found(o.Via(part)) {
			return o.ID()
		}
	}
	return ""
}

// operations are those that have a part; none have a component.
func (u *uses) operations(part string) []Operation {
	stands, _, _ := strings.Cut(part, "/parameters/") // in the operation, or in its path
	tokens := strings.Split(stands, "/")
	return u.of[strings.Join(tokens[:min(4, len(tokens))], "/")]
}

// owner names what has a part.
func (u *uses) owner(part string) string {
	if list := u.operations(part); len(list) > 0 {
		return list[0].ID()
	}
	return part
}

// Via names a part of the document as the operation's own use of it.
func (o Operation) Via(pointer string) string { return o.Route().String() + " " + part(pointer) }

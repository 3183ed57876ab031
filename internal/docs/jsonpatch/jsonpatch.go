// Package jsonpatch puts corrections of a JSON document together into one JSON
// Patch (RFC 6902).
package jsonpatch

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// Op is one operation of a JSON Patch.
type Op struct {
	Op    string          `json:"op"`
	From  string          `json:"from,omitempty"`
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Add puts a value where there is none, or into a list.
func Add(path string, value any) Op { return Op{Op: "add", Path: path, Value: jsonval.Encode(value)} }

// Replace puts another value in the place of one.
func Replace(path string, value any) Op {
	return Op{Op: "replace", Path: path, Value: jsonval.Encode(value)}
}

// Remove takes a value away.
func Remove(path string) Op { return Op{Op: "remove", Path: path} }

// Move takes a value to another place.
func Move(from, path string) Op { return Op{Op: "move", From: from, Path: path} }

// Copy has a value at another place, too.
func Copy(from, path string) Op { return Op{Op: "copy", From: from, Path: path} }

// Stage says when a change is made, so that what other changes point to is still
// where it was.
type Stage int

// The stages, the first one first.
const (
	Within    Stage = iota // values in their places
	Around                 // what stands around those
	Moved                  // whole parts, with all that was changed in them
	Shortened              // what is taken out, the last elements of lists first
)

// Change is one correction of a document: operations of which none makes sense
// without the others.
type Change struct {
	Stage Stage
	Ops   []Op
	// Guards are pointers to what has to be as it was when the change was found.
	Guards []string
	// Places are pointers to what is changed. Via is where the document leads to
	// them for what was observed.
	Places []string
	Via    string
	// Left is why the change is not part of the patch, "" where it is.
	Left string
}

// Key is the same for changes that do the same.
func (c *Change) Key() string { return string(jsonval.Encode(c.Ops)) }

// Assemble puts changes together: first what has to be as it was, then each
// change once. One that speaks of what another takes away is left out. value
// returns what the document has at a pointer.
func Assemble(changes []*Change, value func(pointer string) any) []Op {
	changes = slices.Clone(changes)
	slices.SortStableFunc(changes, func(a, b *Change) int { return cmp.Compare(a.Stage, b.Stage) })
	p := &patch{}
	for _, c := range changes {
		if p.clashes(c) {
			c.Left = "another change takes away what it speaks of"
			continue
		}
		p.take(c)
	}
	var out []Op
	slices.Sort(p.guards)
	for _, at := range slices.Compact(p.guards) {
		out = append(out, Op{Op: "test", Path: at, Value: jsonval.Encode(value(at))})
	}
	slices.SortStableFunc(p.removals, func(a, b Op) int { return byPointer(b.Path, a.Path) })
	return append(append(out, p.ops...), emptied(p.removals, value)...)
}

// patch is one that is being put together.
type patch struct {
	guards   []string
	ops      []Op
	removals []Op
	gone     []string // pointers that lead to something else by now
}

func (p *patch) take(c *Change) {
	p.guards = append(p.guards, c.Guards...)
	for _, o := range c.Ops {
		into := &p.ops
		if c.Stage == Shortened {
			into = &p.removals
		}
		if slices.ContainsFunc(*into, o.same) {
			continue
		}
		*into = append(*into, o)
		switch {
		case c.Stage == Shortened:
		case o.Op == "replace":
			p.gone = append(p.gone, o.Path)
		case o.Op == "move":
			p.gone = append(p.gone, o.From)
		}
	}
}

func (o Op) same(other Op) bool {
	return o.Op == other.Op && o.Path == other.Path && o.From == other.From && string(o.Value) == string(other.Value)
}

// clashes reports whether a change, but for operations that are there already,
// is about what is not there any more.
func (p *patch) clashes(c *Change) bool {
	for _, o := range c.Ops {
		if slices.ContainsFunc(p.ops, o.same) {
			continue
		}
		for _, gone := range p.gone {
			if within(o.Path, gone) || o.From != "" && within(o.From, gone) {
				return true
			}
		}
	}
	return false
}

// within reports whether a pointer leads to a value or into it.
func within(pointer, value string) bool {
	return pointer == value || strings.HasPrefix(pointer, value+"/")
}

// emptied removes a list of required members as a whole where none of them
// stays: it may not be empty.
func emptied(removals []Op, value func(string) any) []Op {
	taken := map[string]int{}
	for _, o := range removals {
		taken[parent(o.Path)]++
	}
	var out []Op
	done := map[string]bool{}
	for _, o := range removals {
		list := parent(o.Path)
		items, isList := value(list).([]any)
		if !isList || !strings.HasSuffix(list, "/required") || taken[list] < len(items) {
			out = append(out, o)
		} else if !done[list] {
			done[list] = true
			out = append(out, Remove(list))
		}
	}
	return out
}

func parent(pointer string) string { return pointer[:max(0, strings.LastIndexByte(pointer, '/'))] }

// byPointer orders pointers by their parts, those that are numbers as such.
func byPointer(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "/"), strings.Split(b, "/"), func(a, b string) int {
		x, errA := strconv.Atoi(a)
		y, errB := strconv.Atoi(b)
		if errA == nil && errB == nil {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(a, b)
	})
}

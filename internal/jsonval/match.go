package jsonval

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Matching says how a document is held against the one that is wanted. The
// zero Matching demands the same document.
//
// In what is wanted the texts <any>, <string>, <number>, <boolean>, <id> (a
// text that is not empty) and <time> (an instant as text, or in milliseconds)
// stand for values; a \ before one has it stand for itself.
type Matching struct {
	// Subset lets there be more: members of objects, and entries of arrays.
	Subset bool
	// AnyOrder compares arrays without regard to the order.
	AnyOrder bool
	// Ignore leaves members out: those at a pointer, or, without a slash, of a
	// name, wherever they are.
	Ignore []string
}

// Match lists what differs between the document that is wanted and the one
// that is there, as deep down as possible.
func Match(want, got any, how Matching) []Change {
	var changes []Change
	how.match("", want, got, &changes)
	return changes
}

func (how Matching) match(at string, want, got any, out *[]Change) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			how.matchObjects(at, w, g, out)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			how.matchArrays(at, w, g, out)
			return
		}
	case string:
		if stands, is := standsFor(w, got); stands {
			if !is {
				*out = append(*out, Change{Pointer: at, Before: want, After: got, Kind: Changed})
			}
			return
		}
		if literal.MatchString(w) {
			want = w[1:]
		}
	}
	if !Equal(want, got) {
		*out = append(*out, Change{Pointer: at, Before: want, After: got, Kind: Changed})
	}
}

func (how Matching) ignores(pointer, key string) bool {
	return slices.Contains(how.Ignore, pointer) || slices.Contains(how.Ignore, key)
}

func (how Matching) matchObjects(at string, want, got map[string]any, out *[]Change) {
	keys := make([]string, 0, len(want)+len(got))
	for key := range want {
		keys = append(keys, key)
	}
	for key := range got {
		if _, both := want[key]; !both && !how.Subset {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		pointer := at + "/" + Escape(key)
		if how.ignores(pointer, key) {
			continue
		}
		w, wanted := want[key]
		g, has := got[key]
		how.matchMember(pointer, w, g, wanted, has, out)
	}
}

func (how Matching) matchMember(at string, want, got any, wanted, has bool, out *[]Change) {
	switch {
	case !wanted:
		*out = append(*out, Change{Pointer: at, After: got, Kind: Added})
	case !has:
		*out = append(*out, Change{Pointer: at, Before: want, Kind: Removed})
	default:
		how.match(at, want, got, out)
	}
}

func (how Matching) matchArrays(at string, want, got []any, out *[]Change) {
	if how.Subset || how.AnyOrder {
		how.matchSets(at, want, got, out)
		return
	}
	for i := range max(len(want), len(got)) {
		var w, g any
		wanted, has := i < len(want), i < len(got)
		if wanted {
			w = want[i]
		}
		if has {
			g = got[i]
		}
		how.matchMember(at+"/"+strconv.Itoa(i), w, g, wanted, has, out)
	}
}

// matchSets gives each wanted entry one that is there and that nobody else has.
func (how Matching) matchSets(at string, want, got []any, out *[]Change) {
	taken := map[int]int{} // entry that is there → wanted one
	for i, w := range want {
		if !how.find(at, i, want, got, taken, map[int]bool{}) {
			*out = append(*out, Change{Pointer: at + "/" + strconv.Itoa(i), Before: w, Kind: Removed})
		}
	}
	for i, g := range got {
		if _, used := taken[i]; !used && !how.Subset {
			*out = append(*out, Change{Pointer: at + "/" + strconv.Itoa(i), After: g, Kind: Added})
		}
	}
}

func (how Matching) find(at string, i int, want, got []any, taken map[int]int, tried map[int]bool) bool {
	for j := range got {
		if tried[j] {
			continue
		}
		var changes []Change
		if how.match(at+"/"+strconv.Itoa(i), want[i], got[j], &changes); len(changes) > 0 {
			continue
		}
		tried[j] = true
		if other, used := taken[j]; !used || how.find(at, other, want, got, taken, tried) {
			taken[j] = i
			return true
		}
	}
	return false
}

var literal = regexp.MustCompile(`^\\<(any|string|number|boolean|id|time)>$`)

// standsFor reports whether a text stands for values, and whether the value is
// one of them.
func standsFor(text string, got any) (stands, is bool) {
	s, isString := got.(string)
	n, isNumber := got.(json.Number)
	switch text {
	case "<any>":
		return true, true
	case "<string>":
		return true, isString
	case "<number>":
		return true, isNumber
	case "<boolean>":
		_, isBool := got.(bool)
		return true, isBool
	case "<id>":
		return true, isString && s != ""
	case "<time>":
		if isNumber {
			ms, err := n.Int64()
			return true, err == nil && ms > 0
		}
		_, err := time.Parse(time.RFC3339Nano, s)
		return true, isString && err == nil
	}
	return false, false
}

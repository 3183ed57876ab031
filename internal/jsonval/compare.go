package jsonval

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Pointer returns the value at an RFC 6901 pointer; "" is the whole document.
// The second result is false where there is nothing, or where the pointer is
// not one.
func Pointer(doc any, ptr string) (any, bool) {
	if ptr == "" {
		return doc, true
	}
	if !strings.HasPrefix(ptr, "/") {
		return nil, false
	}
	for _, token := range strings.Split(ptr[1:], "/") {
		switch node := doc.(type) {
		case map[string]any:
			v, ok := node[Unescape(token)]
			if !ok {
				return nil, false
			}
			doc = v
		case []any:
			i, ok := index(token, len(node))
			if !ok {
				return nil, false
			}
			doc = node[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// index reads an array index as RFC 6901 writes it: without sign and without
// leading zeros.
func index(token string, length int) (int, bool) {
	i, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(i) != token || i < 0 || i >= length {
		return 0, false
	}
	return i, true
}

// Unescape is the contrary of Escape.
func Unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Escape returns a key as it is written in a pointer.
func Escape(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}

// Equal reports whether two documents are the same: numbers by their exact
// value (1 is 1.0, 9007199254740993 is not …992), objects without regard to
// the order of keys, arrays with regard to order.
func Equal(a, b any) bool {
	if na, ok := number(a); ok {
		nb, ok := number(b)
		return ok && equalNumbers(na, nb)
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, Equal)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case nil:
		return b == nil
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case string:
		b, ok := b.(string)
		return ok && a == b
	}
	return false
}

// The kinds of a Change.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Change is one difference between two documents.
type Change struct {
	Pointer string
	Before  any // nil where Kind is Added
	After   any // nil where Kind is Removed
	Kind    string
}

// Diff lists what differs between two documents, as deep down as possible, in
// the order of keys and indices.
func Diff(before, after any) []Change {
	if Equal(before, after) { // nearly always, and told without building pointers
		return nil
	}
	var changes []Change
	diff("", before, after, &changes)
	return changes
}

func diff(at string, before, after any, out *[]Change) {
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			diffObjects(at, b, a, out)
			return
		}
	case []any:
		if a, ok := after.([]any); ok {
			diffArrays(at, b, a, out)
			return
		}
	}
	if !Equal(before, after) {
		*out = append(*out, Change{Pointer: at, Before: before, After: after, Kind: Changed})
	}
}

func diffObjects(at string, before, after map[string]any, out *[]Change) {
	keys := slices.Collect(maps.Keys(before))
	for key := range after {
		if _, both := before[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		b, had := before[key]
		a, has := after[key]
		diffMember(at+"/"+Escape(key), b, a, had, has, out)
	}
}

func diffArrays(at string, before, after []any, out *[]Change) {
	for i := range max(len(before), len(after)) {
		var b, a any
		had, has := i < len(before), i < len(after)
		if had {
			b = before[i]
		}
		if has {
			a = after[i]
		}
		diffMember(at+"/"+strconv.Itoa(i), b, a, had, has, out)
	}
}

func diffMember(at string, before, after any, had, has bool, out *[]Change) {
	switch {
	case !had:
		*out = append(*out, Change{Pointer: at, After: after, Kind: Added})
	case !has:
		*out = append(*out, Change{Pointer: at, Before: before, Kind: Removed})
	default:
		diff(at, before, after, out)
	}
}

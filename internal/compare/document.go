package compare

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/observe"
)

// documents collects the differences between two JSON bodies.
type documents struct {
	failed    bool // both are answers to a failed request
	errorType string
	changes   []change
}

// envelope is what answers put around a stored document. The same field of the
// same document is one field, whichever answer shows it.
var envelope = regexp.MustCompile(`^(/hits/hits/\*|/results/\*)?(/_source)?`)

// freeForm are members that hold what users put there: which of their members
// it is says nothing of the cause.
var freeForm = []string{"/metadata/", "/configuration/", "/sync_cursor/"}

// tail is a pointer into the document itself.
func tail(pointer string) string {
	generic := observe.Generic(pointer)
	if rest := envelope.ReplaceAllString(generic, ""); rest != "" {
		generic = rest
	}
	for _, prefix := range freeForm {
		if strings.HasPrefix(generic, prefix) {
			return prefix + "*"
		}
	}
	return generic
}

func (d *documents) walk(at string, a, b any) {
	if x, ok := a.(map[string]any); ok {
		if y, ok := b.(map[string]any); ok {
			d.objects(at, x, y)
			return
		}
	}
	if x, ok := a.([]any); ok {
		if y, ok := b.([]any); ok {
			d.arrays(at, x, y)
			return
		}
	}
	if !jsonval.Equal(a, b) {
		d.values(at, a, b)
	}
}

func (d *documents) objects(at string, a, b map[string]any) {
	if at == "" && disjoint(a, b) {
		d.add(change{kind: KindFormat, class: Breaking, at: at, old: text(a), new: text(b), title: "the body has other members"})
		return
	}
	var changed, removed, added []string
	for key, old := range a {
		switch now, both := b[key]; {
		case !both:
			removed = append(removed, key)
		case !jsonval.Equal(old, now):
			changed = append(changed, key)
		}
	}
	for key := range b {
		if _, both := a[key]; !both {
			added = append(added, key)
		}
	}
	slices.Sort(changed)
	slices.Sort(removed)
	slices.Sort(added)
	for _, key := range changed {
		d.walk(at+"/"+jsonval.Escape(key), a[key], b[key])
	}
	for _, key := range removed {
		pointer := at + "/" + jsonval.Escape(key)
		field := tail(pointer)
		if name := renamed(key, a[key], added, b); name != "" {
			added = slices.DeleteFunc(added, func(s string) bool { return s == name })
			d.add(change{kind: KindRenamed, class: Breaking, pointer: field, at: pointer, old: key, new: name,
				title: fmt.Sprintf("%s is now called %s", field, name)})
			continue
		}
		d.add(change{kind: KindRemoved, class: d.removal(pointer), pointer: field, at: pointer, old: text(a[key]), new: "(absent)",
			title: field + " is gone"})
	}
	for _, key := range added {
		pointer := at + "/" + jsonval.Escape(key)
		field := tail(pointer)
		d.add(change{kind: KindAdded, class: Additive, pointer: field, at: pointer, old: "(absent)", new: text(b[key]),
			title: field + " is new"})
	}
}

// disjoint reports whether two objects have no member in common, under
// whatever name.
func disjoint(a, b map[string]any) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for key := range a {
		if _, both := b[key]; both {
			return false
		}
	}
	names := slices.Sorted(maps.Keys(b))
	for key, value := range a {
		if renamed(key, value, names, b) != "" {
			return false
		}
	}
	return true
}

// renamed finds the added member that is the removed one under another name:
// it has the same value, and where several have, the most similar name.
func renamed(key string, value any, added []string, b map[string]any) string {
	var same []string
	for _, name := range added {
		if jsonval.Equal(value, b[name]) {
			same = append(same, name)
		}
	}
	if len(same) == 1 {
		return same[0]
	}
	return nearest.Name(key, same)
}

// removal classes a member that is gone. What explains an error may go; what
// tells errors apart may not.
func (d *documents) removal(pointer string) Class {
	if d.failed && strings.Contains(pointer, "/caused_by") {
		return Wording
	}
	return Breaking
}

func (d *documents) arrays(at string, a, b []any) {
	pointer := tail(at)
	if pointer == "" {
		pointer = "the body"
	}
	if len(a) != len(b) {
		d.add(change{kind: KindLength, class: Behaviour, pointer: pointer, at: at, old: text(a), new: text(b),
			title: fmt.Sprintf("%s has %d elements instead of %d", pointer, len(b), len(a))})
		return
	}
	if x, y := labels(a), labels(b); !slices.Equal(x, y) && sameSet(x, y) {
		d.add(change{kind: KindOrder, class: Behaviour, pointer: pointer, at: at, old: strings.Join(x, ", "), new: strings.Join(y, ", "),
			title: pointer + " is in another order"})
		b = ordered(x, y, b)
	}
	for i := range a {
		if !jsonval.Equal(a[i], b[i]) {
			d.walk(at+"/"+strconv.Itoa(i), a[i], b[i])
		}
	}
}

// labels name the elements of an array: by their ids where all have one, or
// else by what they are.
func labels(list []any) []string {
	out := make([]string, len(list))
	for i, item := range list {
		object, _ := item.(map[string]any)
		id, ok := object["id"].(string)
		if !ok {
			id, ok = object["_id"].(string)
		}
		if !ok {
			for j, item := range list {
				out[j] = text(item)
			}
			return out
		}
		out[i] = id
	}
	return out
}

func sameSet(a, b []string) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y) && len(slices.Compact(x)) == len(a)
}

// ordered returns list, whose labels are have, in the order of want.
func ordered(want, have []string, list []any) []any {
	out := make([]any, len(list))
	for i, label := range want {
		out[i] = list[slices.Index(have, label)]
	}
	return out
}

var (
	messagePointer   = regexp.MustCompile(`^/error(/root_cause/\d+|/caused_by|/suppressed/\d+|/failed_shards/\d+|/reason)*/reason$`)
	innerType        = regexp.MustCompile(`^/error(/root_cause/\d+|/caused_by|/suppressed/\d+)+/type$`)
	numberSurrogate  = regexp.MustCompile(`^<(number|\w+_\w+, as sent)>$`)
	anythingWildcard = []string{"<sequence>", "<node>", "<secret>", "<foreign>"}
)

func (d *documents) values(at string, a, b any) {
	c := change{kind: KindValue, class: Behaviour, pointer: tail(at), at: at, old: text(a), new: text(b)}
	name := c.pointer
	if name == "" {
		name = "the body"
	}
	x, y := typeOf(a), typeOf(b)
	switch {
	case d.failed && at == "/error/type":
		c.kind, c.class, c.title = KindErrorType, Breaking, fmt.Sprintf("an error is of the type %v instead of %v", b, a)
		c.signature = c.title
	case d.failed && innerType.MatchString(at):
		c.kind, c.class, c.title = KindErrorType, Behaviour, fmt.Sprintf("the cause of %s is of the type %v instead of %v", d.errorType, b, a)
		c.signature = c.title
	case x != y && x != "any" && y != "any":
		c.kind, c.class, c.title = KindType, Breaking, fmt.Sprintf("%s is of the type %s instead of %s", name, y, x)
		c.signature = c.title
	case d.failed && (messagePointer.MatchString(at) || at == "/error"):
		c.kind, c.class, c.pointer = KindWording, Wording, "/error/reason"
		c.title = "an error is worded differently"
		if d.errorType != "" {
			c.title = d.errorType + " is worded differently"
		}
		was, is := middle(fmt.Sprint(a), fmt.Sprint(b))
		c.signature = was + "|" + is
	default:
		c.title = name + " has another value"
	}
	d.add(c)
}

// middle returns the words of two texts that differ: what they have in common
// at the start and at the end says nothing of the cause, and neither does what
// stands in brackets.
func middle(a, b string) (string, string) {
	x, y := strings.Fields(template(a)), strings.Fields(template(b))
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return strings.Join(x, " "), strings.Join(y, " ")
}

// typeOf is the JSON type of a value, or of what a rule has replaced.
func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case string:
		switch {
		case slices.Contains(anythingWildcard, v):
			return "any"
		case numberSurrogate.MatchString(v):
			return "number"
		case v == "<object>":
			return "object"
		case v == "<array>":
			return "array"
		}
	}
	return "string"
}

func text(v any) string { return shorten(string(jsonval.Encode(v))) }

func (d *documents) add(c change) {
	c.at = "/body" + observe.Generic(c.at)
	if c.signature == "" {
		c.signature = c.pointer + "|" + c.title
		if c.kind == KindLength {
			c.signature = c.pointer
		}
	}
	d.changes = append(d.changes, c)
}

// merged drops changes that say the same again: an error repeats its type and
// its reason as its root cause.
func (d *documents) merged() []change {
	seen := map[string]bool{}
	hasType := slices.ContainsFunc(d.changes, func(c change) bool { return c.at == "/body/error/type" })
	var out []change
	for _, c := range d.changes {
		if hasType && c.at != "/body/error/type" && strings.HasPrefix(c.at, "/body/error/") {
			continue // another type of error has another reason and other causes, too
		}
		key := c.kind + "|" + c.signature
		if !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out
}

package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/esconform/esconform/internal/observe"
)

// change is one difference between two answers.
type change struct {
	kind     string
	class    Class
	pointer  string // generic, in the document that the answer holds
	at       string // generic, in the answer: /status, /headers/…, /body/…
	old, new string // values as text
	title    string
	// signature is the same for changes that have one cause.
	signature string
}

// answers compares two answers to the same request.
func answers(a, b *observe.Answer, route string) []change {
	if sameAnswer(a, b) {
		return nil
	}
	if (a.Status == 0) != (b.Status == 0) {
		return []change{noAnswer(a, b, route)}
	}
	if a.Status != b.Status {
		return []change{statusChange(a, b, route)}
	}
	var out []change
	if a.Error != b.Error {
		out = append(out, change{kind: KindNoAnswer, class: Behaviour, at: "/error", old: a.Error, new: b.Error,
			title: "the exchange fails in another way", signature: route})
	}
	out = append(out, headerChanges(a.Headers, b.Headers)...)
	return append(out, bodyChanges(a, b)...)
}

func sameAnswer(a, b *observe.Answer) bool {
	return a.Status == b.Status && a.Text == b.Text && a.Error == b.Error && bytes.Equal(a.Body, b.Body) && maps.Equal(a.Headers, b.Headers)
}

func noAnswer(a, b *observe.Answer, route string) change {
	c := change{kind: KindNoAnswer, class: Breaking, at: "", old: short(a), new: short(b), signature: route, title: route + " is no longer answered"}
	if a.Status == 0 {
		c.class, c.title = Behaviour, route+" is answered, and was not before"
	}
	return c
}

// statusChange classes another status: what was accepted and is refused breaks
// clients, and so does an error with another number or a failure of the
// server. What was refused and is accepted does something else than before.
func statusChange(a, b *observe.Answer, route string) change {
	c := change{kind: KindStatus, class: Breaking, at: "/status", old: short(a), new: short(b)}
	if a.Status >= 400 && b.Status < 400 {
		c.class = Behaviour
	}
	c.title = fmt.Sprintf("%s answers %s instead of %s", route, named(b), named(a))
	c.signature = strings.Join([]string{route, named(a), template(reason(a)), named(b), template(reason(b))}, "|")
	return c
}

// named is a status with the type of its error.
func named(a *observe.Answer) string {
	if t := errorType(a); t != "" {
		return fmt.Sprintf("%d %s", a.Status, t)
	}
	return fmt.Sprint(a.Status)
}

// errorBody is what answers say about errors; error is a string in some.
type errorBody struct {
	Error json.RawMessage `json:"error"`
}

type errorObject struct {
	Type   string `json:"type"`
	Reason string `json:"reason"`
}

func errorOf(a *observe.Answer) errorObject {
	var body errorBody
	var out errorObject
	if a.Status < 400 || json.Unmarshal(a.Body, &body) != nil {
		return out
	}
	if json.Unmarshal(body.Error, &out) != nil {
		_ = json.Unmarshal(body.Error, &out.Reason) // a string, or nothing we know
	}
	return out
}

func errorType(a *observe.Answer) string { return errorOf(a).Type }
func reason(a *observe.Answer) string    { return errorOf(a).Reason }

var inBrackets = regexp.MustCompile(`\[[^\[\]]*\]|"[^"]*"|\d+|\b[a-z]+(_[a-z]+)+\b`)

// template is a message without what differs from one request to another:
// what stands in brackets or quotes, numbers, and names of fields.
func template(message string) string { return inBrackets.ReplaceAllString(message, "[*]") }

// importantHeaders are headers that clients rely on.
var importantHeaders = []string{"Content-Type", "X-Elastic-Product"}

func headerChanges(a, b map[string]string) []change {
	names := slices.Sorted(maps.Keys(a))
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	var out []change
	for _, name := range names {
		old, had := a[name]
		now, has := b[name]
		c := change{kind: KindHeader, class: Behaviour, pointer: name, at: "/headers/" + name, old: old, new: now}
		switch {
		case had && has && old == now:
			continue
		case !had:
			c.class, c.title, c.old = Additive, "answers carry a new header "+name, "(absent)"
		case !has:
			c.title, c.new = "answers carry no header "+name+" any more", "(absent)"
		default:
			c.title = fmt.Sprintf("the header %s is %q instead of %q", name, now, old)
		}
		if had && slices.Contains(importantHeaders, name) {
			c.class = Breaking
		}
		c.signature = c.title
		out = append(out, c)
	}
	return out
}

func bodyChanges(a, b *observe.Answer) []change {
	if bytes.Equal(a.Body, b.Body) && a.Text == b.Text {
		return nil
	}
	if long := a.Long() || b.Long(); long && (a.Long() || a.Body != nil) && (b.Long() || b.Body != nil) {
		title := "a long body is another one"
		return []change{{kind: KindValue, class: Behaviour, at: "/body", old: short(a), new: short(b), title: title, signature: title}}
	}
	if a.Body == nil && b.Body == nil {
		c := change{kind: KindFormat, class: Behaviour, at: "/text", old: a.Text, new: b.Text, title: "a body that is not JSON is another one"}
		if a.Status >= 400 {
			c.kind, c.class, c.title = KindWording, Wording, "the text of an error is another one"
		}
		c.signature = template(a.Text) + "|" + template(b.Text)
		return []change{c}
	}
	if a.Body == nil || b.Body == nil {
		c := change{kind: KindFormat, class: Breaking, at: "/body", old: short(a), new: short(b), title: "the body is no longer JSON"}
		switch {
		case a.Body == nil && a.Text == "":
			c.class, c.title = Additive, "there is a body where there was none"
		case a.Body == nil:
			c.class, c.title = Behaviour, "the body is JSON, and was not before"
		case b.Text == "":
			c.title = "the body is gone"
		}
		c.signature = c.title
		return []change{c}
	}
	old, now := decodeDifferent(gjson.ParseBytes(a.Body), gjson.ParseBytes(b.Body))
	d := documents{failed: a.Status >= 400, errorType: errorType(a)}
	d.walk("", old, now)
	return d.merged()
}

// decodeDifferent decodes two bodies as far as they differ. Members with
// the same text are null in both: there is nothing to say about them, and that
// is most of the text.
func decodeDifferent(a, b gjson.Result) (old, now any) {
	if !a.IsObject() || !b.IsObject() {
		return decode(a), decode(b)
	}
	x, y := map[string]any{}, map[string]any{}
	others := b.Map()
	a.ForEach(func(name, value gjson.Result) bool {
		key := name.String()
		other, both := others[key]
		switch {
		case !both:
			x[key] = decode(value)
		case value.Raw == other.Raw:
			x[key], y[key] = nil, nil
		default:
			x[key], y[key] = decodeDifferent(value, other)
		}
		delete(others, key)
		return true
	})
	for key, value := range others {
		y[key] = decode(value)
	}
	return x, y
}

// decode decodes a value. Package observe has checked it for everything that
// jsonval refuses, which need not be done twice.
func decode(value gjson.Result) (v any) {
	dec := json.NewDecoder(strings.NewReader(value.Raw))
	dec.UseNumber()
	_ = dec.Decode(&v)
	return v
}

// maxShown is how much of a value an example shows, in bytes.
const maxShown = 2000

func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + fmt.Sprintf("… (%d more bytes)", len(s)-maxShown)
}

// short is an answer in one line.
func short(a *observe.Answer) string {
	switch {
	case a.Status == 0:
		return "none: " + a.Error
	case a.Body != nil:
		return shorten(fmt.Sprintf("%d %s", a.Status, a.Body))
	}
	return shorten(strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, a.Text)))
}

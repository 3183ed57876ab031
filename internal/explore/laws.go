package explore

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// laws are those of a body of these fields.
type laws struct {
	fields []family.Field
	body   body
}

// check returns what is wrong with an answer and the document after it, or "".
func (l laws) check(res *wire.Response, before, after any) string {
	switch {
	case res.Status >= 500:
		return fmt.Sprintf("answered %d: no body may cause a server error", res.Status)
	case res.Status == 200:
		return l.checkAccepted(res, before, after)
	case res.Status >= 400:
		return checkRejected(res, before, after)
	}
	return fmt.Sprintf("answered %d, want 200 or an error", res.Status)
}

func checkRejected(res *wire.Response, before, after any) string {
	if changes := jsonval.Diff(before, after); len(changes) > 0 {
		return fmt.Sprintf("answered %d and still changed %s from %s to %s", res.Status, changes[0].Pointer, show(changes[0].Before), show(changes[0].After))
	}
	doc, err := res.JSON()
	if err != nil {
		return fmt.Sprintf("answered %d with what is not JSON: %v", res.Status, err)
	}
	for _, pointer := range []string{"/error/type", "/error/reason", "/error/root_cause/0/type"} {
		if text, ok := jsonval.Pointer(doc, pointer); !ok || text == "" {
			return fmt.Sprintf("the error has no %s", pointer)
		}
	}
	if status, _ := jsonval.Pointer(doc, "/status"); !jsonval.Equal(status, json.Number(fmt.Sprint(res.Status))) {
		return fmt.Sprintf("the error says status %s and was answered with %d", show(status), res.Status)
	}
	return ""
}

func (l laws) checkAccepted(res *wire.Response, before, after any) string {
	doc, err := res.JSON()
	if err != nil {
		return fmt.Sprintf("answered 200 with what is not JSON: %v", err)
	}
	if result, _ := jsonval.Pointer(doc, "/result"); result != "updated" && result != "noop" {
		return fmt.Sprintf("answered result %s, want updated or noop", show(result))
	}
	for _, f := range l.fields {
		if f.Required && l.body.get(f.Name) == "" {
			return "accepted a body without " + f.Name
		}
	}
	want, problem := l.predict(before, after)
	if problem != "" {
		return problem
	}
	if changes := jsonval.Diff(want, after); len(changes) > 0 {
		return fmt.Sprintf("stored %s at %s, want %s", show(changes[0].After), changes[0].Pointer, show(changes[0].Before))
	}
	return ""
}

// typeOf is the type of a field; one that nobody knows is taken for a count.
func (l laws) typeOf(name string) string {
	for _, f := range l.fields {
		if f.Name == name {
			return f.Type
		}
	}
	return "count"
}

// predict returns the document that an accepted body has to leave. The time of
// an update without an instant is the server's, so that one is taken over.
func (l laws) predict(before, after any) (any, string) {
	want, ok := jsonval.Clone(before).(map[string]any)
	if !ok {
		return nil, "the stored document is not an object"
	}
	stored, ok := after.(map[string]any)
	if !ok {
		return nil, "the stored document is not an object after the update"
	}
	for _, m := range l.body {
		given, err := jsonval.Decode([]byte(m.value))
		if err != nil {
			return nil, fmt.Sprintf("the generated value of %s is not JSON: %v", m.key, err)
		}
		switch l.typeOf(m.key) {
		case "instant":
			if problem := sameInstant(m.key, given, stored[m.key]); problem != "" {
				return nil, problem
			}
		case "object":
			want[m.key] = merge(want[m.key], given)
		default:
			n, problem := truncated(given)
			if problem != "" {
				return nil, fmt.Sprintf("accepted %s as %s: %s", m.value, m.key, problem)
			}
			want[m.key] = n
		}
	}
	for _, f := range l.fields {
		if f.Type == "instant" {
			want[f.Name] = stored[f.Name]
		}
	}
	return want, ""
}

// truncated is what a count is stored as: strings are read as numbers, and
// decimals cut (measured).
func truncated(given any) (json.Number, string) {
	text, isString := given.(string)
	if n, ok := given.(json.Number); ok {
		text = n.String()
	} else if !isString {
		return "", "it is not a number"
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", "it is not a number"
	}
	return json.Number(new(big.Int).Quo(value.Num(), value.Denom()).String()), ""
}

func sameInstant(field string, given, stored any) string {
	text, _ := given.(string)
	want, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Sprintf("accepted %s as %s", show(given), field)
	}
	text, _ = stored.(string)
	got, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || !got.Equal(want) {
		return fmt.Sprintf("stored %s %s, want %s", field, show(stored), show(given))
	}
	return ""
}

// merge is the rule of a partial update: objects are merged, all else replaced.
func merge(old, given any) any {
	into, ok := old.(map[string]any)
	from, ok2 := given.(map[string]any)
	if !ok || !ok2 {
		return given
	}
	for key, v := range from {
		into[key] = merge(into[key], v)
	}
	return into
}

// show writes a value for a message.
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	text := string(jsonval.Encode(v))
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "…"
	}
	return text
}

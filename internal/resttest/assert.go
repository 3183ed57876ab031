package resttest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/jsonval"
)

// actual is what an assertion looks at.
type actual struct {
	value any
	found bool
	raw   string // the last answer's body, where that is what was asked for
}

// finding is what is wrong, in the words of a report; nil: nothing.
type finding struct{ expected, actual string }

// judge holds a value against what a test expects. The error says that the
// test itself is wrong.
type judge struct {
	judge func(expected any, got actual) (*finding, error)
	alone bool // takes a path and no expected value
}

// judges are the assertions of the language.
var judges = map[string]judge{
	"match":                {judge: match},
	"is_true":              {judge: isTrue, alone: true},
	"is_false":             {judge: isFalse, alone: true},
	"exists":               {judge: exists, alone: true},
	"length":               {judge: length},
	"not_exists":           {judge: notExists, alone: true},
	"matches_in_any_order": {judge: matchInAnyOrder},
	"contains":             {judge: contains},
	"close_to":             {judge: closeTo},
	"is_after":             {judge: isAfter},
	"gt":                   {judge: ordered("greater than", func(c int) bool { return c > 0 })},
	"gte":                  {judge: ordered("at least", func(c int) bool { return c >= 0 })},
	"lt":                   {judge: ordered("less than", func(c int) bool { return c < 0 })},
	"lte":                  {judge: ordered("at most", func(c int) bool { return c <= 0 })},
}

// assertion is one of these, with its arguments.
type assertion struct {
	word     string
	path     string
	expected any
	judge    judge
}

func readAssertion(word string, j judge, n *yaml.Node) (action, error) {
	if j.alone {
		path, err := text(n)
		return &assertion{word: word, path: path, judge: j}, err
	}
	e, err := only(n)
	if err != nil {
		return nil, err
	}
	expected, err := value(e.value)
	if err != nil {
		return nil, err
	}
	if source, is := regular(word, expected); is {
		if _, err := spaced(source); err != nil {
			return nil, wrong(e.value, "%v", err)
		}
	}
	return &assertion{word, e.key.Value, expected, j}, nil
}

// regular returns the regular expression that an assertion matches with.
func regular(word string, expected any) (string, bool) {
	s, isText := expected.(string)
	if word != "match" || !isText {
		return "", false
	}
	return slashed(s)
}

func (a *assertion) String() string {
	if a.judge.alone {
		return a.path
	}
	return a.path + ": " + brief(a.expected)
}

func (a *assertion) run(_ context.Context, x *Execution) error {
	if x.last == nil {
		return &LanguageError{Text: "there is no answer yet that " + a.word + " could look at"}
	}
	expected, err := x.stash.resolve(a.expected)
	if err != nil {
		return err
	}
	got := actual{}
	if got.value, got.found, err = x.stash.find(a.path); err != nil {
		return err
	}
	if a.path == "$"+bodyKey {
		got.raw = string(x.last.Body)
	}
	found, err := a.judge.judge(expected, got)
	if err != nil || found == nil {
		return err
	}
	return x.failed(a.word+" "+a.path, found.expected, found.actual)
}

// show is a value in a report; where there is none, that is said.
func (a actual) show() string {
	if !a.found {
		return "nothing is there"
	}
	return string(jsonval.Encode(a.value))
}

func match(expected any, got actual) (*finding, error) {
	if source, is := regular("match", expected); is {
		return matchPattern(source, got)
	}
	if jsonval.Equal(expected, got.value) {
		return nil, nil
	}
	found := &finding{string(jsonval.Encode(expected)), got.show()}
	if changes := jsonval.Diff(expected, got.value); len(changes) > 0 && changes[0].Pointer != "" {
		found.actual += "\n(differs at " + changes[0].Pointer + ")"
	}
	return found, nil
}

func matchPattern(source string, got actual) (*finding, error) {
	exp, err := spaced(source)
	if err != nil {
		return nil, err
	}
	subject := plain(got.value)
	if got.raw != "" {
		subject = got.raw
	}
	ok, err := exp.in(subject)
	if err != nil || ok {
		return nil, err
	}
	shown := subject
	switch {
	case !got.found:
		shown = got.show()
	case shown == "":
		shown = "nothing but an empty text"
	}
	return &finding{"a match of /" + source + "/", shown}, nil
}

// truth is whether a value counts as true: not 0, false, null or empty text.
func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != "" && v != "0" && !strings.EqualFold(v, "false")
	case json.Number:
		return !jsonval.Equal(v, json.Number("0"))
	}
	return true
}

func isTrue(_ any, got actual) (*finding, error) {
	if truth(got.value) {
		return nil, nil
	}
	return &finding{"something that is not 0, false, null or empty", got.show()}, nil
}

func isFalse(_ any, got actual) (*finding, error) {
	if !truth(got.value) {
		return nil, nil
	}
	return &finding{"nothing, or 0, false, null or empty text", got.show()}, nil
}

func exists(_ any, got actual) (*finding, error) {
	if got.value != nil {
		return nil, nil
	}
	return &finding{"any value", got.show()}, nil
}

func notExists(_ any, got actual) (*finding, error) {
	if got.value == nil {
		return nil, nil
	}
	return &finding{"no value", got.show()}, nil
}

// matchInAnyOrder pairs the items of two lists. Anything else has to match.
func matchInAnyOrder(expected any, got actual) (*finding, error) {
	want, isList := expected.([]any)
	have, both := got.value.([]any)
	if !isList && !both {
		return match(expected, got)
	}
	found := &finding{"in any order " + string(jsonval.Encode(expected)), got.show()}
	if !isList || !both || len(want) != len(have) {
		return found, nil
	}
	left := slices.Clone(have)
	for _, item := range want {
		at, err := matching(left, item)
		if err != nil || at < 0 {
			return found, err
		}
		left = slices.Delete(left, at, at+1)
	}
	return nil, nil
}

// matching is the index of the first item that matches, or -1.
func matching(items []any, expected any) (int, error) {
	for i, item := range items {
		found, err := match(expected, actual{value: item, found: true})
		if err != nil || found == nil {
			return i, err
		}
	}
	return -1, nil
}

func length(expected any, got actual) (*finding, error) {
	n := -1
	switch v := got.value.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case []any:
		n = len(v)
	case map[string]any:
		n = len(v)
	}
	want, err := count(expected)
	if err != nil || n == want {
		return nil, err
	}
	shown := got.show()
	if n >= 0 {
		shown = fmt.Sprintf("length %d: %s", n, shown)
	}
	return &finding{fmt.Sprintf("length %d", want), shown}, nil
}

func count(v any) (int, error) {
	n, ok := new(big.Int).SetString(plain(v), 10)
	if !ok || !n.IsInt64() {
		return 0, &LanguageError{Text: "length wants a whole number, not " + brief(v)}
	}
	return int(n.Int64()), nil
}

func contains(expected any, got actual) (*finding, error) {
	if within(expected, got.value) {
		return nil, nil
	}
	return &finding{"something that contains " + string(jsonval.Encode(expected)), got.show()}, nil
}

func within(expected, got any) bool {
	switch got := got.(type) {
	case string:
		return strings.Contains(got, plain(expected))
	case []any:
		return slices.ContainsFunc(got, func(item any) bool { return jsonval.Equal(expected, item) || hasMembers(item, expected) })
	}
	return hasMembers(got, expected)
}

// hasMembers reports whether every member of want is one of the object v.
func hasMembers(v, want any) bool {
	object, isObject := v.(map[string]any)
	members, areMembers := want.(map[string]any)
	if !isObject || !areMembers {
		return false
	}
	for key := range maps.Keys(members) {
		if member, ok := object[key]; !ok || !jsonval.Equal(members[key], member) {
			return false
		}
	}
	return true
}

// decimal reads a number, exactly as long as it is of a reasonable size.
func decimal(v any) (*big.Float, bool) {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return nil, false
	}
	f, _, err := big.ParseFloat(n.String(), 10, 256, big.ToNearestEven)
	return f, err == nil
}

func ordered(relation string, holds func(int) bool) func(any, actual) (*finding, error) {
	return func(expected any, got actual) (*finding, error) {
		found := &finding{relation + " " + string(jsonval.Encode(expected)), got.show()}
		limit, ok := decimal(expected)
		if !ok {
			// Texts, such as dates of one form, are compared as such.
			want, isText := expected.(string)
			have, both := got.value.(string)
			if !isText {
				return nil, &LanguageError{Text: brief(expected) + " is neither a number nor text"}
			}
			if both && holds(strings.Compare(have, want)) {
				return nil, nil
			}
			return found, nil
		}
		if n, isNumber := decimal(got.value); isNumber && holds(n.Cmp(limit)) {
			return nil, nil
		}
		return found, nil
	}
}

func closeTo(expected any, got actual) (*finding, error) {
	members, _ := expected.(map[string]any)
	want, ok1 := decimal(members["value"])
	margin, ok2 := decimal(members["error"])
	if !ok1 || !ok2 || len(members) != 2 {
		return nil, &LanguageError{Text: "close_to wants the numbers value and error"}
	}
	n, isNumber := decimal(got.value)
	if isNumber && new(big.Float).Abs(new(big.Float).Sub(n, want)).Cmp(margin) <= 0 {
		return nil, nil
	}
	return &finding{fmt.Sprintf("%v, give or take %v", members["value"], members["error"]), got.show()}, nil
}

func isAfter(expected any, got actual) (*finding, error) {
	limit, err := time.Parse(time.RFC3339Nano, plain(expected))
	if err != nil {
		return nil, &LanguageError{Text: "is_after wants an instant such as 2023-05-25T12:30:00.000Z, not " + brief(expected)}
	}
	at, err := time.Parse(time.RFC3339Nano, plain(got.value))
	if err == nil && at.After(limit) {
		return nil, nil
	}
	return &finding{"an instant after " + plain(expected), got.show()}, nil
}

// brief is a value on one line of a report.
func brief(v any) string {
	s := []rune(string(jsonval.Encode(v)))
	if len(s) > 120 {
		return string(s[:120]) + "…"
	}
	return string(s)
}

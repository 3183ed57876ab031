package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/setorder"
	"github.com/esconform/esconform/internal/wire"
)

// comparisons are what can be demanded of an answer, of a resource, and of
// what stands in them at a JSON pointer.
func comparisons(set family.Set) []Definition {
	words := append([]string{"response"}, nounsOf(set).singular...)
	subject := `the (` + strings.Join(words, "|") + `)(?: "([^"]*)")?( as it is stored)?(?: at "([^"]*)")? `
	const about = "the response, the <resource>, or either at \"<pointer>\""
	d := func(pattern, text, doc, example string, bind func(*World) any) Definition {
		return spoken("comparison", subject+pattern, "<subject> "+text, doc+" The subject is "+about+".", example, bind)
	}
	return []Definition{
		d(`is the JSON(, in any order)?(?:, ignoring `+quoted+`)?:`, `is the JSON[, in any order][, ignoring "<names>"]:`,
			"Demands this JSON document, numbers by exact value; if asked, lists in any order, and without members of these names or at these pointers. The texts <any>, <string>, <number>, <boolean>, <id> and <time> stand for values.",
			"Then the response is the JSON:\n  \"\"\"\n  {\"result\": \"updated\"}\n  \"\"\"",
			func(w *World) any { return w.isJSON }),
		d(`contains the JSON:`, `contains the JSON:`,
			"Demands these members and list entries; there may be more.",
			"Then the index template contains the JSON:\n  \"\"\"\n  {\"priority\": 5}\n  \"\"\"",
			func(w *World) any { return w.containsJSON }),
		d(`equals `+anyJSON, `equals <json>`,
			"Demands a JSON value, numbers by exact value.",
			`Then the response at "/_source/title" equals "one"`,
			func(w *World) any { return w.equals }),
		d(`does not equal `+anyJSON, `does not equal <json>`,
			"Demands another JSON value than this one, but one.",
			`Then the response at "/_seq_no" does not equal 0`,
			func(w *World) any { return w.differs }),
		d(`is (at least|at most|more than|less than) (-?[0-9.]+)`, `is at least|at most|more than|less than <number>`,
			"Demands a number in this order to another.",
			`Then the response at "/count" is at least 1`,
			func(w *World) any { return w.ordered }),
		d(`has the length `+number, `has the length <number>`,
			"Demands a list, a text or an object of this length.",
			`Then the response at "/index_templates" has the length 1`,
			func(w *World) any { return w.hasLength }),
		d(`matches `+quoted, `matches "<text>"`,
			"Demands a string or a number that matches a regular expression.",
			`Then the response at "/created_at" matches "^20\d\d-"`,
			func(w *World) any { return w.matchesText }),
		d(`contains `+quoted, `contains "<text>"`,
			"Demands a string with this in it, or a list with this entry.",
			`Then the response at "/error/reason" contains "priority"`,
			func(w *World) any { return w.contains }),
		d(`is absent`, `is absent`,
			"Demands that there is nothing at a JSON pointer.",
			`Then the response at "/error" is absent`,
			func(w *World) any { return w.isAbsent }),
	}
}

// subject is what an assertion looks at.
type subject struct {
	res     *wire.Response
	name    string // in messages
	pointer string
	value   any
	there   bool
	effect  bool // it is what is stored, and not what was answered
}

// subject returns what a step speaks of: noun, the name of a thing, whether it
// is read past the API, and a pointer.
func (w *World) subject(ctx context.Context, noun, name, stored, pointer string) (*subject, error) {
	pointer, err := w.expand(pointer)
	if err != nil {
		return nil, err
	}
	if noun == "response" {
		res, doc, there, err := w.at(pointer)
		return &subject{res, "the answer", pointer, doc, there, false}, err
	}
	t, err := w.thingNamed(noun, name)
	if err != nil {
		return nil, err
	}
	doc, res, err := w.lookAs(ctx, t, stored != "")
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, CheckPresent.failf(res, "the "+noun+" "+t.id, answer(res), "the %s is not there", noun)
	}
	v, there := jsonval.Pointer(doc, pointer)
	return &subject{res, "the " + noun, pointer, v, there, true}, nil
}

// lookAs reads a thing through its API, or where it is stored.
func (w *World) lookAs(ctx context.Context, t *thing, stored bool) (any, *wire.Response, error) {
	if !stored {
		return w.look(ctx, t)
	}
	if t.res.Stored == "" {
		return nil, nil, fmt.Errorf("no catalogue knows where %s is stored", t.res.Name)
	}
	res, err := w.get(ctx, family.Fill(t.res.Stored, w.about(t, t.res.Stored)))
	if err != nil || res.Status != http.StatusOK {
		return nil, res, err
	}
	doc, err := res.JSON()
	if err != nil {
		return nil, res, nil
	}
	v, _ := jsonval.Pointer(doc, "/_source")
	return v, res, nil
}

// check is what an assertion about a part of the subject looks at.
func (s *subject) check(pointer string) Check {
	switch {
	case s.effect:
		return CheckField(pointer)
	case s.res.Status < http.StatusMultipleChoices:
		return CheckBody(pointer)
	case strings.HasSuffix(pointer, "/type"):
		return CheckErrorType
	case strings.HasSuffix(pointer, "/reason"):
		return CheckErrorReason
	}
	return CheckErrorShape
}

// want says what is wrong with a value unless ok.
func (s *subject) want(ok bool, expected string) error {
	if ok {
		return nil
	}
	actual := "nothing at " + s.pointer
	if s.there {
		actual = strings.TrimSpace(s.pointer + " " + string(jsonval.Encode(s.value)))
	}
	return s.check(s.pointer).failf(s.res, strings.TrimSpace(s.pointer+" "+expected), actual, "%s is another one%s", s.name, s.place())
}

func (s *subject) place() string {
	if s.pointer == "" {
		return ""
	}
	return " at " + s.pointer
}

// compare holds the subject against a document.
func (s *subject) compare(want any, how jsonval.Matching) error {
	if !s.there {
		return s.want(false, string(jsonval.Encode(want)))
	}
	diff := jsonval.Match(setorder.SortedValue(want), setorder.SortedValue(s.value), how)
	if len(diff) == 0 {
		return nil
	}
	for i := range diff {
		diff[i].Pointer = s.pointer + diff[i].Pointer
	}
	return s.check(diff[0].Pointer).failf(s.res, sides(diff, false), sides(diff, true), "%s is another one", s.name)
}

func (w *World) wanted(text string) (any, error) {
	raw := w.expandBody(text)
	want, err := jsonval.Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("read the expected value %s: %w", raw, err)
	}
	return want, nil
}

func (w *World) isJSON(ctx context.Context, noun, name, stored, pointer, anyOrder, ignoring string, doc *godog.DocString) error {
	how := jsonval.Matching{AnyOrder: anyOrder != ""}
	for field := range strings.SplitSeq(ignoring, ",") {
		if field = strings.TrimSpace(field); field != "" {
			how.Ignore = append(how.Ignore, field)
		}
	}
	return w.compareWith(ctx, noun, name, stored, pointer, doc.Content, how)
}

func (w *World) containsJSON(ctx context.Context, noun, name, stored, pointer string, doc *godog.DocString) error {
	return w.compareWith(ctx, noun, name, stored, pointer, doc.Content, jsonval.Matching{Subset: true})
}

func (w *World) equals(ctx context.Context, noun, name, stored, pointer, text string) error {
	return w.compareWith(ctx, noun, name, stored, pointer, text, jsonval.Matching{})
}

func (w *World) compareWith(ctx context.Context, noun, name, stored, pointer, text string, how jsonval.Matching) error {
	want, err := w.wanted(text)
	if err != nil {
		return err
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	return s.compare(want, how)
}

func (w *World) differs(ctx context.Context, noun, name, stored, pointer, text string) error {
	want, err := w.wanted(text)
	if err != nil {
		return err
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	return s.want(s.there && !jsonval.Equal(setorder.SortedValue(want), setorder.SortedValue(s.value)), "other than "+string(jsonval.Encode(want)))
}

func (w *World) ordered(ctx context.Context, noun, name, stored, pointer, order, bound string) error {
	limit, ok := new(big.Rat).SetString(bound)
	if !ok {
		return fmt.Errorf("%q is not a number", bound)
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	n, isNumber := s.value.(json.Number)
	got, readable := new(big.Rat).SetString(n.String())
	if !isNumber || !readable {
		return s.want(false, order+" "+bound)
	}
	sign := got.Cmp(limit)
	holds := map[string]bool{"at least": sign >= 0, "at most": sign <= 0, "more than": sign > 0, "less than": sign < 0}
	return s.want(holds[order], order+" "+bound)
}

func (w *World) hasLength(ctx context.Context, noun, name, stored, pointer string, length int) error {
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	n := -1
	switch v := s.value.(type) {
	case []any:
		n = len(v)
	case map[string]any:
		n = len(v)
	case string:
		n = len([]rune(v))
	}
	return s.want(n == length, fmt.Sprintf("of the length %d", length))
}

func (w *World) matchesText(ctx context.Context, noun, name, stored, pointer, pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("read the pattern %q: %w", pattern, err)
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	text, isText := scalar(s.value)
	return s.want(s.there && isText && re.MatchString(text), "that matches "+pattern)
}

func (w *World) contains(ctx context.Context, noun, name, stored, pointer, text string) error {
	text, err := w.expand(text)
	if err != nil {
		return err
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	has := false
	switch v := s.value.(type) {
	case string:
		has = says(v, text)
	case []any:
		for _, entry := range v {
			has = has || entry == text
		}
	}
	return s.want(has, fmt.Sprintf("with %q", text))
}

func (w *World) isAbsent(ctx context.Context, noun, name, stored, pointer string) error {
	if pointer == "" {
		return fmt.Errorf("say where nothing is to be, as in: the %s at \"/error\" is absent", noun)
	}
	s, err := w.subject(ctx, noun, name, stored, pointer)
	if err != nil {
		return err
	}
	return s.want(!s.there, "absent")
}

package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/setorder"
	"github.com/esconform/esconform/internal/wire"
)

// The subject of a comparison is the last answer or a resource, as a whole or
// at a JSON pointer.
const aboutSubject = ` The subject is the response, the <resource>, or either at "<pointer>"; a resource also "as it is stored".`

var comparisonSteps = chapter{noun: "comparison", rows: []row{
	{`Then <subject> is the JSON(, in any order|)[, ignoring "<text>"]:`,
		"Demands this JSON document, numbers by exact value; if asked, lists in any order, and without members of these names or at these pointers. The texts <any>, <string>, <number>, <boolean>, <id> and <time> stand for values." + aboutSubject,
		"Then the response is the JSON:\n  \"\"\"\n  {\"result\": \"updated\"}\n  \"\"\"", (*comparisons).isJSON},
	{"Then <subject> contains the JSON:",
		"Demands these members and list entries; there may be more." + aboutSubject,
		"Then the index template contains the JSON:\n  \"\"\"\n  {\"priority\": 5}\n  \"\"\"", (*comparisons).containsJSON},
	{"Then <subject> equals <json>",
		"Demands a JSON value, numbers by exact value." + aboutSubject,
		`Then the response at "/_source/title" equals "one"`, (*comparisons).equals},
	{"Then <subject> does not equal <json>",
		"Demands another JSON value than this one, but one." + aboutSubject,
		`Then the response at "/_seq_no" does not equal 0`, (*comparisons).differs},
	{"Then <subject> is (at least|at most|more than|less than) <decimal>",
		"Demands a number in this order to another." + aboutSubject,
		`Then the response at "/count" is at least 1`, (*comparisons).ordered},
	{`Then <subject> is (before|after|not before|not after) "<text>"`,
		"Demands an instant in this order to another, both with a date and a time as RFC 3339 has them, or in milliseconds since 1970." + aboutSubject,
		`Then the response at "/created_at" is before "{deleted_at}"`, (*comparisons).timed},
	{"Then <subject> has the length <number>",
		"Demands a list, a text or an object of this length." + aboutSubject,
		`Then the response at "/index_templates" has the length 1`, (*comparisons).hasLength},
	{`Then <subject> matches "<text>"`,
		"Demands a string or a number that matches a regular expression." + aboutSubject,
		`Then the response at "/created_at" matches "^20\d\d-"`, (*comparisons).matchesText},
	{`Then <subject> contains "<text>"`,
		"Demands a string with this in it, or a list with this entry." + aboutSubject,
		`Then the response at "/error/reason" contains "priority"`, (*comparisons).contains},
	{"Then <subject> is absent",
		"Demands that there is nothing at a JSON pointer." + aboutSubject,
		`Then the response at "/error" is absent`, (*comparisons).isAbsent},
}}

// comparisons hold answers and resources against what is wanted.
type comparisons struct{ *things }

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
func (c *comparisons) subject(ctx context.Context, noun, name, stored, pointer string) (*subject, error) {
	pointer, err := c.expand(pointer)
	if err == nil {
		err = checkPointer(pointer)
	}
	if err != nil {
		return nil, err
	}
	if noun == "response" {
		res, doc, there, err := c.at(pointer)
		return &subject{res, "the answer", pointer, doc, there, false}, err
	}
	th, err := c.thingNamed(noun, name)
	if err != nil {
		return nil, err
	}
	s, err := c.as(ctx, th, stored != "")
	if err != nil {
		return nil, err
	}
	v, there := jsonval.Pointer(s.shown, pointer)
	return &subject{s.read, "the " + noun, pointer, v, there, true}, nil
}

var pointers = regexp.MustCompile(`^(/([^/~]|~[01])*)*$`)

// checkPointer says what is wrong with a pointer: one that is none leads
// nowhere, whatever there is.
func checkPointer(pointer string) error {
	if !pointers.MatchString(pointer) {
		return fmt.Errorf("read the JSON pointer %q: it has to begin with a slash, and to have ~1 for a slash and ~0 for ~ in names", pointer)
	}
	return nil
}

// as returns a thing as its API shows it, or as it is stored.
func (c *comparisons) as(ctx context.Context, th *thing, stored bool) (*state, error) {
	if !stored {
		return c.now(ctx, th)
	}
	if th.res.Stored == "" {
		return nil, fmt.Errorf("no catalogue knows where %s is stored", withArticle(th.res.Name))
	}
	s, err := c.readDirect(ctx, th)
	if err == nil && s == nil {
		err = (&state{}).needDirect(th)
	}
	return s, err
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

func (c *comparisons) isJSON(s *subject, anyOrder string, ignored several, doc *godog.DocString) error {
	want, err := c.wanted(doc.Content)
	if err != nil {
		return err
	}
	return s.compare(want, jsonval.Matching{AnyOrder: anyOrder != "", Ignore: ignored})
}

func (c *comparisons) containsJSON(s *subject, doc *godog.DocString) error {
	want, err := c.wanted(doc.Content)
	if err != nil {
		return err
	}
	return s.compare(want, jsonval.Matching{Subset: true})
}

func (c *comparisons) equals(s *subject, want value) error {
	return s.compare(want.v, jsonval.Matching{})
}

func (c *comparisons) differs(s *subject, other value) error {
	return s.want(s.there && !jsonval.Equal(setorder.SortedValue(other.v), setorder.SortedValue(s.value)), "other than "+string(jsonval.Encode(other.v)))
}

func (c *comparisons) ordered(s *subject, order, bound string) error {
	limit, ok := new(big.Rat).SetString(bound)
	if !ok {
		return fmt.Errorf("%q is not a number", bound)
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

func (c *comparisons) timed(s *subject, order string, bound filled) error {
	limit, err := givenInstant(string(bound))
	if err != nil {
		return fmt.Errorf("read the instant %q: %w", bound, err)
	}
	text, isText := scalar(s.value)
	got, err := givenInstant(text)
	if !isText || err != nil {
		return s.want(false, "an instant "+order+" "+string(bound))
	}
	sign := got.Compare(limit)
	holds := map[string]bool{"before": sign < 0, "after": sign > 0, "not before": sign >= 0, "not after": sign <= 0}
	return s.want(holds[order], order+" "+string(bound))
}

func (c *comparisons) hasLength(s *subject, length int) error {
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

// matching are steps that hold something against a regular expression.
var matching = regexp.MustCompile(` matches "(.*)"$`)

// CheckPattern reads the regular expression of a step, if it has one.
func CheckPattern(step string) error {
	m := matching.FindStringSubmatch(step)
	if m == nil {
		return nil
	}
	_, err := readPattern(m[1])
	return err
}

func readPattern(pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("read the pattern %q: %w", pattern, err)
	}
	return re, nil
}

func (c *comparisons) matchesText(s *subject, pattern string) error {
	re, err := readPattern(pattern)
	if err != nil {
		return err
	}
	text, isText := scalar(s.value)
	return s.want(s.there && isText && re.MatchString(text), "that matches "+pattern)
}

func (c *comparisons) contains(s *subject, text filled) error {
	has := false
	switch v := s.value.(type) {
	case string:
		has = says(v, string(text))
	case []any:
		has = slices.Contains(v, any(string(text)))
	}
	return s.want(has, fmt.Sprintf("with %q", text))
}

func (c *comparisons) isAbsent(s *subject) error {
	if s.pointer == "" {
		return fmt.Errorf("say where nothing is to be, as in: %s at \"/error\" is absent", s.name)
	}
	return s.want(!s.there, "absent")
}

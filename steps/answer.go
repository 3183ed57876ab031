package steps

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/setorder"
	"github.com/esconform/esconform/internal/wire"
)

var responseSteps = chapter{noun: "response", rows: []row{
	{"Then the response status is <status>",
		"Demands this status, or one of this class, as 2xx.",
		"Then the response status is 200", (*answers).statusIs},
	{`Then the response header "<text>" is "<text>"`,
		"Demands a header with exactly this value.",
		`Then the response header "X-elastic-product" is "Elasticsearch"`, (*answers).headerIs},
	{`Then the response header "<text>" matches "<text>"`,
		"Demands a header that matches a regular expression.",
		`Then the response header "Content-Type" matches "^application/(vnd.elasticsearch\\+)?json"`, (*answers).headerMatches},
	{`Then the response has no header "<text>"`,
		"Demands that a header is absent.",
		`Then the response has no header "Warning"`, (*answers).headerAbsent},
	{"Then the response has no body",
		"Demands an empty body.",
		"", (*answers).bodyEmpty},
	{`Then the response body contains "<text>"`,
		"Demands that the text of the body contains this.",
		`Then the response body contains "updated"`, (*answers).bodyContains},
	{`Then the response matches the schema "<text>"`,
		"Demands that the body matches a schema: one of schemas/ in the folder of the features, or of those that come with esconform.",
		`Then the response matches the schema "sync-job"`, (*answers).schemaMatches},
}}

// answers judges the last answer.
type answers struct{ *requests }

func (r *requests) answered() (*wire.Response, error) {
	if r.last == nil {
		return nil, errors.New("no request was sent yet; put a When step before this one")
	}
	return r.last, nil
}

func (a *answers) statusIs(res *wire.Response, status string) error {
	class, isClass := strings.CutSuffix(status, "xx")
	n, err := strconv.Atoi(class)
	switch {
	case err != nil:
		return fmt.Errorf("read the status %q: %w", status, err)
	case !isClass:
		return wantStatus(res, "the request", n)
	case res.Status/100 == n:
		return wantStatus(res, "the request", res.Status)
	}
	return wantStatus(res, "the request", n*100)
}

func (a *answers) headerIs(res *wire.Response, name string, want filled) error {
	return wantHeader(res, name, name+": "+string(want), func(got string) bool { return got == string(want) })
}

func (a *answers) headerMatches(res *wire.Response, name, pattern string) error {
	re, err := readPattern(pattern)
	if err != nil {
		return err
	}
	return wantHeader(res, name, name+" that matches "+pattern, re.MatchString)
}

func (a *answers) headerAbsent(res *wire.Response, name string) error {
	return wantHeader(res, name, "no header "+name, func(string) bool { return len(res.Header.Values(name)) == 0 })
}

func wantHeader(res *wire.Response, name, expected string, right func(got string) bool) error {
	got := strings.Join(res.Header.Values(name), ", ")
	if right(got) {
		return nil
	}
	return CheckHeader(name).failf(res, expected, fmt.Sprintf("%s: %q", name, got), "the answer has another header %s", name)
}

func (a *answers) bodyEmpty(res *wire.Response) error {
	if len(res.Body) > 0 {
		return checkOfBody(res).failf(res, "no body", answer(res), "the answer has a body")
	}
	return nil
}

func (a *answers) bodyContains(res *wire.Response, text filled) error {
	if !says(string(res.Body), string(text)) {
		return checkOfBody(res).failf(res, fmt.Sprintf("a body with %q", text), answer(res), "the body does not contain the text")
	}
	return nil
}

func (a *answers) schemaMatches(res *wire.Response, name string) error {
	if !a.deps.Schemas.Has(name) {
		return fmt.Errorf("there is no schema %q; there are %s", name, strings.Join(a.deps.Schemas.Names(), ", "))
	}
	doc, err := jsonBody(res, "the request")
	if err != nil {
		return err
	}
	return a.matches(res, name, doc)
}

// at returns the value at a pointer of the last answer.
func (r *requests) at(pointer string) (*wire.Response, any, bool, error) {
	res, err := r.answered()
	if err != nil {
		return nil, nil, false, err
	}
	doc, err := jsonBody(res, "the request")
	if err != nil {
		return nil, nil, false, err
	}
	v, ok := jsonval.Pointer(doc, pointer)
	return res, v, ok, nil
}

// scalar returns a string or a number as text.
func scalar(v any) (string, bool) {
	switch v.(type) {
	case nil, map[string]any, []any, bool:
		return "", false
	}
	return fmt.Sprint(v), true
}

func (a *answers) saveValue(pointer filled, name newName) error {
	res, v, ok, err := a.at(string(pointer))
	if err != nil {
		return err
	}
	if !ok {
		return (&subject{res: res}).check(string(pointer)).failf(res, "a value at "+string(pointer), "nothing", "the answer has nothing to save at %s", pointer)
	}
	text, isText := scalar(v)
	if !isText {
		text = string(jsonval.Encode(v))
	}
	a.saved[string(name)] = text
	return nil
}

func (a *answers) saveHeader(res *wire.Response, header string, name newName) error {
	text := res.Header.Get(header)
	if text == "" {
		return CheckHeader(header).failf(res, header, "no such header", "the answer has nothing to save in the header %s", header)
	}
	a.saved[string(name)] = text
	return nil
}

// rejection is an error as an API reports it.
type rejection struct {
	kind, reason string
	res          *wire.Response
}

// rejection checks the status and the shape of an error, and that its parts
// agree with each other.
func (r *requests) rejection(res *wire.Response, status int) (*rejection, error) {
	if err := wantStatus(res, "the request", status); err != nil {
		return nil, err
	}
	fields, err := r.errorBody(res, "error", "the rejected request")
	if err != nil {
		return nil, err
	}
	e := fields["error"].(map[string]any)
	root := e["root_cause"].([]any)[0].(map[string]any)
	if !isCause(root, e) {
		return nil, CheckErrorShape.failf(res, fmt.Sprintf("/error/root_cause/0 %s: %s", e["type"], e["reason"]), fmt.Sprintf("%s: %v", root["type"], root["reason"]), "the root cause is another one than the error")
	}
	return &rejection{e["type"].(string), e["reason"].(string), res}, nil
}

// errorBody returns the body of an error, which matches a schema and has the
// status of the answer.
func (r *requests) errorBody(res *wire.Response, schema, what string) (map[string]any, error) {
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, err
	}
	if err := r.matches(res, schema, doc); err != nil {
		return nil, err
	}
	fields := doc.(map[string]any)
	if fmt.Sprint(fields["status"]) != fmt.Sprint(res.Status) {
		return nil, CheckErrorShape.failf(res, fmt.Sprint("/status ", res.Status), fmt.Sprint("/status ", fields["status"]), "the body of the error has another status than the answer")
	}
	return fields, nil
}

// isCause reports whether root is the error itself or one of the causes that
// it names: the innermost one that Elasticsearch takes for the root (measured).
func isCause(root, e map[string]any) bool {
	for e != nil {
		if root["type"] == e["type"] && root["reason"] == e["reason"] {
			return true
		}
		e, _ = e["caused_by"].(map[string]any)
	}
	return false
}

// rejected checks the status of an error and that it is of one of these types.
func (r *requests) rejected(res *wire.Response, status int, kinds ...string) (*rejection, error) {
	is, err := r.rejection(res, status)
	if err != nil {
		return nil, err
	}
	return is, is.is(kinds)
}

func (r *rejection) is(kinds []string) error {
	for _, kind := range kinds {
		if kind == r.kind {
			return nil
		}
	}
	return CheckErrorType.failf(r.res, "/error/type "+strings.Join(kinds, ", "), fmt.Sprintf("/error/type %s: %s", r.kind, r.reason), "the request is rejected as something else")
}

// says checks that the reason contains a text.
func (r *rejection) says(text string) error {
	if says(r.reason, text) {
		return nil
	}
	return CheckErrorReason.failf(r.res, fmt.Sprintf("/error/reason with %q", text), "/error/reason "+r.reason, "the request is rejected for another reason")
}

var answerSteps = chapter{noun: "answer", family: connectorAPI, rows: []row{
	{"Then the update is accepted",
		`Demands status 200 and exactly {"result":"updated"}.`,
		"", (*answers).accepted},
	{"Then the update is accepted as one that changes nothing",
		`Demands status 200 and exactly {"result":"noop"}.`,
		"", (*answers).acceptedAsNoop},
	{`Then the request is rejected as "<text>" naming "<text>"`,
		"Demands a rejection whose reason names these fields (separated by commas) and no other field of the stats.",
		`Then the request is rejected as "illegal_argument_exception" naming "deleted_document_count"`, (*answers).rejectedNaming},
}}

// rejectionSteps are about errors, and other answers, of any API.
var rejectionSteps = chapter{noun: "rejection", rows: []row{
	{`Then the request is rejected as "<text>"`,
		"Demands status 400, an error of this type (or one of several, separated by commas), and the shape that errors have.",
		`Then the request is rejected as "parse_exception"`, (*answers).rejectedAs},
	{`Then the request is rejected as "<text>" because "<text>"`,
		"Demands a rejection whose reason contains the text.",
		`Then the request is rejected as "parse_exception" because "body is required"`, (*answers).rejectedBecause},
	{`Then the request is rejected with status <number> as "<text>" saying "<text>"`,
		"Demands this status, an error of this type with exactly this reason, and the shape that errors have.",
		`Then the request is rejected with status 404 as "document_missing_exception" saying "[{connector}]: document missing"`, (*answers).rejectedSaying},
	{`Then the request is refused with status <number> because "<text>"`,
		"Demands this status and an error that is one sentence and contains the text.",
		`Then the request is refused with status 406 because "text/plain"`, (*answers).refused},
	{`Then the answer is of the type "<text>"`,
		"Demands this content type of the answer; parameters are compared without regard to spaces and case.",
		`Then the answer is of the type "application/json"`, (*answers).answerType},
	{`Then the answer allows exactly the methods "<text>"`,
		"Demands an Allow header with these methods (separated by commas) in any order.",
		`Then the answer allows exactly the methods "GET, DELETE"`, (*answers).allows},
	{"Then the deletion is acknowledged",
		`Demands status 200 and exactly {"acknowledged":true}.`,
		"", (*answers).deletionAcknowledged},
}}

func (a *answers) accepted(res *wire.Response) error { return a.updateResult(res, "updated") }

func (a *answers) acceptedAsNoop(res *wire.Response) error { return a.updateResult(res, "noop") }

// updateResult checks the answer to a successful update.
func (r *requests) updateResult(res *wire.Response, result string) error {
	doc, err := r.document(res, "the update", http.StatusOK, "stats-answer")
	if err != nil {
		return err
	}
	if got := doc.(map[string]any)["result"]; got != result {
		return CheckResult(result).failf(res, fmt.Sprintf(`{"result":%q}`, result), string(jsonval.Encode(doc)), "the update has another result")
	}
	return nil
}

func (a *answers) rejectedAs(res *wire.Response, kinds several) error {
	_, err := a.rejected(res, http.StatusBadRequest, kinds...)
	return err
}

func (a *answers) rejectedNaming(res *wire.Response, kinds, fields several) error {
	r, err := a.rejected(res, http.StatusBadRequest, kinds...)
	if err != nil {
		return err
	}
	return r.names(fields)
}

func (a *answers) rejectedBecause(res *wire.Response, kinds several, text template) error {
	r, err := a.rejected(res, http.StatusBadRequest, kinds...)
	if err != nil {
		return err
	}
	return r.says(string(text))
}

func (a *answers) rejectedSaying(res *wire.Response, status int, kind, reason filled) error {
	r, err := a.rejected(res, status, string(kind))
	if err != nil {
		return err
	}
	if setorder.Sorted(r.reason) != setorder.Sorted(string(reason)) {
		return CheckErrorReason.failf(res, fmt.Sprintf("/error/reason %q", reason), "/error/reason "+r.reason, "the request is rejected for another reason")
	}
	return nil
}

func (a *answers) refused(res *wire.Response, status int, text filled) error {
	if err := wantStatus(res, "the request", status); err != nil {
		return err
	}
	fields, err := a.errorBody(res, "plain-error", "the refused request")
	if err != nil {
		return err
	}
	if sentence := fields["error"].(string); !says(sentence, string(text)) {
		return CheckErrorReason.failf(res, fmt.Sprintf("/error with %q", text), "/error "+sentence, "the request is refused for another reason")
	}
	return nil
}

func (a *answers) answerType(res *wire.Response, want string) error {
	if got := res.Header.Get("Content-Type"); mediaType(got) != mediaType(want) {
		return CheckContentType.failf(res, "Content-Type: "+want, "Content-Type: "+got, "the answer has another content type")
	}
	return nil
}

func mediaType(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

func (a *answers) allows(res *wire.Response, methods several) error {
	if got := res.Header.Get("Allow"); !sameSet(list(got), methods) {
		return CheckHeader("Allow").failf(res, "Allow: "+strings.Join(methods, ", "), "Allow: "+got, "the answer allows other methods")
	}
	return nil
}

func (a *answers) deletionAcknowledged(res *wire.Response) error {
	const what = "the deletion"
	doc, err := a.document(res, what, http.StatusOK, "")
	if err != nil {
		return err
	}
	return a.matches(res, "acknowledged", doc)
}

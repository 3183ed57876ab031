package steps

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/setorder"
	"github.com/esconform/esconform/internal/wire"
)

func responseSteps() []Definition {
	const noun = "answer"
	return []Definition{
		define(noun, `the update is accepted`,
			`Demands status 200 and exactly {"result":"updated"}.`,
			"Then the update is accepted",
			func(w *World) any { return w.accepted }),
		define(noun, `the update is accepted as one that changes nothing`,
			`Demands status 200 and exactly {"result":"noop"}.`,
			"Then the update is accepted as one that changes nothing",
			func(w *World) any { return w.acceptedAsNoop }),
		define(noun, `the request is rejected as `+quoted,
			"Demands status 400, an error of this type (or one of several, separated by commas), and the shape that errors have.",
			`Then the request is rejected as "parse_exception"`,
			func(w *World) any { return w.rejected }),
		define(noun, `the request is rejected as `+quoted+` naming `+quoted,
			"Demands a rejection whose reason names these fields (separated by commas) and no other field of the stats.",
			`Then the request is rejected as "illegal_argument_exception" naming "deleted_document_count"`,
			func(w *World) any { return w.rejectedNaming }),
		define(noun, `the request is rejected as `+quoted+` because `+quoted,
			"Demands a rejection whose reason contains the text; {sync_job} and {connector} stand for ids.",
			`Then the request is rejected as "parse_exception" because "body is required"`,
			func(w *World) any { return w.rejectedBecause }),
		define(noun, `the request is refused with status `+number+` because `+quoted,
			"Demands this status and an error that is one sentence and contains the text; {sync_job} stands for the id.",
			`Then the request is refused with status 406 because "text/plain"`,
			func(w *World) any { return w.refused }),
		define(noun, `the sync job is reported as not found`,
			"Demands status 404 and resource_not_found_exception that names the id, and no word of another sync job.",
			"Then the sync job is reported as not found",
			func(w *World) any { return w.notFound }),
		define(noun, `the answer is of the type `+quoted,
			"Demands this content type of the answer; parameters are compared without regard to spaces and case.",
			`Then the answer is of the type "application/json"`,
			func(w *World) any { return w.answerType }),
		define(noun, `the answer allows exactly the methods `+quoted,
			"Demands an Allow header with these methods (separated by commas) in any order.",
			`Then the answer allows exactly the methods "GET, DELETE"`,
			func(w *World) any { return w.allows }),
	}
}

func (w *World) answered() (*wire.Response, error) {
	if w.last == nil {
		return nil, fmt.Errorf("no request was sent yet; put a When step before this one")
	}
	return w.last, nil
}

func (w *World) accepted() error { return w.acceptedAs("updated") }

func (w *World) acceptedAsNoop() error { return w.acceptedAs("noop") }

func (w *World) acceptedAs(result string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	return w.updateResult(res, result)
}

// updateResult checks the answer to a successful update.
func (w *World) updateResult(res *wire.Response, result string) error {
	if err := wantStatus(res, "the update", http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, "the update")
	if err != nil {
		return err
	}
	if err := w.matches(res, "stats-answer", doc); err != nil {
		return err
	}
	if got := doc.(map[string]any)["result"]; got != result {
		return CheckResult(result).failf(res, fmt.Sprintf(`{"result":%q}`, result), string(jsonval.Encode(doc)), "the update has another result")
	}
	return nil
}

// rejection is an error as an API reports it.
type rejection struct {
	kind, reason string
	res          *wire.Response
}

// rejection checks the status and the shape of an error, and that its parts
// agree with each other.
func (w *World) rejection(status int) (*rejection, error) {
	res, err := w.answered()
	if err != nil {
		return nil, err
	}
	return w.rejectionOf(res, status)
}

func (w *World) rejectionOf(res *wire.Response, status int) (*rejection, error) {
	if err := wantStatus(res, "the request", status); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, "the rejected request")
	if err != nil {
		return nil, err
	}
	if err := w.matches(res, "error", doc); err != nil {
		return nil, err
	}
	fields := doc.(map[string]any)
	if fmt.Sprint(fields["status"]) != fmt.Sprint(status) {
		return nil, CheckErrorShape.failf(res, fmt.Sprint("/status ", status), fmt.Sprint("/status ", fields["status"]), "the body of the error has another status than the answer")
	}
	e := fields["error"].(map[string]any)
	root := e["root_cause"].([]any)[0].(map[string]any)
	if !isCause(root, e) {
		return nil, CheckErrorShape.failf(res, fmt.Sprintf("/error/root_cause/0 %s: %s", e["type"], e["reason"]), fmt.Sprintf("%s: %v", root["type"], root["reason"]), "the root cause is another one than the error")
	}
	return &rejection{e["type"].(string), e["reason"].(string), res}, nil
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

func (r *rejection) is(kinds string) error {
	if slices.Contains(list(kinds), r.kind) {
		return nil
	}
	return CheckErrorType.failf(r.res, "/error/type "+kinds, fmt.Sprintf("/error/type %s: %s", r.kind, r.reason), "the request is rejected as something else")
}

func (w *World) rejected(kinds string) error {
	r, err := w.rejection(http.StatusBadRequest)
	if err != nil {
		return err
	}
	return r.is(kinds)
}

func (w *World) rejectedNaming(kinds, names string) error {
	r, err := w.rejection(http.StatusBadRequest)
	if err != nil {
		return err
	}
	if err := r.is(kinds); err != nil {
		return err
	}
	return r.names(list(names))
}

// afterReason is where a reason ends: what follows is a copy of the body, or a
// suggestion of other fields.
var afterReason = regexp.MustCompile(`\n at \[Source| did you mean `)

// says reports whether a text contains another, sets in them in any order.
func says(text, part string) bool {
	return strings.Contains(setorder.Sorted(text), setorder.Sorted(part))
}

// names checks that the reason names these fields and no other ones of the
// stats.
func (r *rejection) names(want []string) error {
	reason := r.reason
	if at := afterReason.FindStringIndex(reason); at != nil {
		reason = reason[:at[0]]
	}
	for _, name := range want {
		if !mentions(reason, name) {
			return CheckErrorReason.failf(r.res, "a reason that names "+strings.Join(want, ", "), r.reason, "the rejection does not name %s", name)
		}
	}
	for _, name := range statsFields {
		if !slices.Contains(want, name) && mentions(reason, name) {
			return CheckErrorReason.failf(r.res, "a reason that names "+strings.Join(want, ", ")+" alone", r.reason, "the rejection names %s, too", name)
		}
	}
	return nil
}

// mentions reports whether a text has a name in it as a word of its own.
func mentions(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(name)
		if (start == 0 || !wordByte(text[start-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		at = end
	}
}

func wordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func (w *World) rejectedBecause(kinds, text string) error {
	text = string(w.expandBody(text))
	r, err := w.rejection(http.StatusBadRequest)
	if err != nil {
		return err
	}
	if err := r.is(kinds); err != nil {
		return err
	}
	if !says(r.reason, text) {
		return CheckErrorReason.failf(r.res, fmt.Sprintf("/error/reason with %q", text), "/error/reason "+r.reason, "the request is rejected for another reason")
	}
	return nil
}

func (w *World) refused(status int, text string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if text, err = w.expand(text); err != nil {
		return err
	}
	if err := wantStatus(res, "the request", status); err != nil {
		return err
	}
	doc, err := jsonBody(res, "the refused request")
	if err != nil {
		return err
	}
	if err := w.matches(res, "plain-error", doc); err != nil {
		return err
	}
	fields := doc.(map[string]any)
	if fmt.Sprint(fields["status"]) != fmt.Sprint(status) {
		return CheckErrorShape.failf(res, fmt.Sprint("/status ", status), fmt.Sprint("/status ", fields["status"]), "the body of the error has another status than the answer")
	}
	if sentence := fields["error"].(string); !says(sentence, text) {
		return CheckErrorReason.failf(res, fmt.Sprintf("/error with %q", text), "/error "+sentence, "the request is refused for another reason")
	}
	return nil
}

func (w *World) notFound() error {
	if w.job == nil {
		return errNoJob
	}
	r, err := w.rejection(http.StatusNotFound)
	if err != nil {
		return err
	}
	return w.isNotFound(r)
}

func (w *World) isNotFound(r *rejection) error {
	if err := r.is("resource_not_found_exception"); err != nil {
		return err
	}
	if !mentions(r.reason, w.job.id) {
		return CheckErrorReason.failf(r.res, "/error/reason that names "+w.job.id, "/error/reason "+r.reason, "the answer does not name the sync job")
	}
	if w.other != nil && mentions(string(r.res.Body), w.other.id) {
		return CheckErrorTells.failf(r.res, "no word of "+w.other.id, answer(r.res), "the answer tells of another sync job")
	}
	return nil
}

func (w *World) answerType(_ context.Context, want string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if got := res.Header.Get("Content-Type"); mediaType(got) != mediaType(want) {
		return CheckContentType.failf(res, "Content-Type: "+want, "Content-Type: "+got, "the answer has another content type")
	}
	return nil
}

func mediaType(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), ""))
}

func (w *World) allows(methods string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	got := res.Header.Get("Allow")
	if !slices.Equal(slices.Sorted(slices.Values(list(got))), slices.Sorted(slices.Values(list(methods)))) {
		return CheckHeader("Allow").failf(res, "Allow: "+methods, "Allow: "+got, "the answer allows other methods")
	}
	return nil
}

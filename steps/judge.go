package steps

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/wire"
)

// productHeader is on every answer of Elasticsearch; its clients refuse to
// talk to a server without it (measured).
const productHeader = "X-Elastic-Product"

// environmentStatuses say that a request did not get through to the API.
var environmentStatuses = []int{
	http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// wantStatus checks the status of an answer.
func wantStatus(res *wire.Response, what string, want ...int) error {
	if slices.Contains(want, res.Status) {
		return wantProduct(res, what)
	}
	if slices.Contains(environmentStatuses, res.Status) {
		return &EnvironmentError{Request: what, Status: res.Status, Exchange: res.Index}
	}
	return checkOfStatus(want, res.Status).failf(res, statuses(want), answer(res), "%s was answered with status %d", what, res.Status)
}

// wantAbsent demands that what was asked for is not there.
func wantAbsent(res *wire.Response, what string) error {
	if res.Status == http.StatusOK {
		return CheckAbsent.failf(res, "status 404", answer(res), "%s that must not be there was answered with status 200", what)
	}
	return wantStatus(res, what, http.StatusNotFound)
}

// wantProduct demands the header that tells Elasticsearch from anything else.
// Every answer has it but a refusal for lack of credentials or privileges
// (measured).
func wantProduct(res *wire.Response, what string) error {
	if res.Status == http.StatusUnauthorized || res.Status == http.StatusForbidden || res.Header.Get(productHeader) == "Elasticsearch" {
		return nil
	}
	return CheckProduct.failf(res, productHeader+": Elasticsearch", fmt.Sprintf("%s: %q", productHeader, res.Header.Get(productHeader)), "%s was answered without the header of the product", what)
}

// wantJSON demands that an answer in JSON says that it is.
func wantJSON(res *wire.Response, what string) error {
	kind := res.Header.Get("Content-Type")
	for _, prefix := range []string{"application/json", "application/vnd.elasticsearch+json"} {
		if strings.HasPrefix(kind, prefix) {
			return nil
		}
	}
	return CheckContentType.failf(res, "Content-Type: application/json", fmt.Sprintf("Content-Type: %q", kind), "%s was answered in JSON under another name", what)
}

func statuses(want []int) string {
	words := make([]string, len(want))
	for i, s := range want {
		words[i] = fmt.Sprint(s)
	}
	return "status " + strings.Join(words, " or ")
}

// maxAnswer is how much of an answer a failure text repeats. The whole of it
// is in the exchange.
const maxAnswer = 600

// answer describes an answer in one line.
func answer(res *wire.Response) string {
	body := strings.Join(strings.Fields(res.Text()), " ")
	if body == "" {
		body = "without a body"
	}
	if r := []rune(body); len(r) > maxAnswer {
		body = string(r[:maxAnswer]) + "…"
	}
	return fmt.Sprintf("%d %s", res.Status, body)
}

// jsonBody decodes the JSON body of an answer.
func jsonBody(res *wire.Response, what string) (any, error) {
	doc, err := res.JSON()
	if err != nil {
		return nil, checkOfBody(res).failf(res, "one JSON document", answer(res), "%s was not answered in JSON: %s", what, err)
	}
	return doc, wantJSON(res, what)
}

// document returns the document of an answer that has to have a status, and
// the shape of a schema where one is named.
func (r *requests) document(res *wire.Response, what string, status int, schema string) (any, error) {
	if err := wantStatus(res, what, status); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, what)
	if err == nil && schema != "" {
		err = r.matches(res, schema, doc)
	}
	return doc, err
}

// matches checks a document against a schema.
func (r *requests) matches(res *wire.Response, name string, doc any) error {
	return mismatch(res, name, doc, r.deps.Schemas.Validate(name, doc))
}

func mismatch(res *wire.Response, name string, doc any, problems []schema.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	lines := make([]string, 0, len(problems))
	for _, p := range problems {
		line := p.String()
		if v, ok := jsonval.Pointer(doc, p.Pointer); ok && p.Pointer != "" {
			line += " (is " + string(jsonval.Encode(v)) + ")"
		}
		lines = append(lines, line)
	}
	return checkOfSchema(name).failf(res, "a document that matches the schema "+name, strings.Join(lines, "\n"), "the document does not match the schema %s", name)
}

// checkOfSchema is what a document is about that does not match a schema.
func checkOfSchema(name string) Check {
	switch name {
	case "error", "plain-error":
		return CheckErrorShape
	case "sync-job", "stored-sync-job", "document":
		return CheckReadShape
	}
	return CheckAnswer
}

// setupFailed says that something the scenario needs could not be brought
// about.
func setupFailed(res *wire.Response, action, want string) error {
	if slices.Contains(environmentStatuses, res.Status) {
		return &EnvironmentError{Request: action, Status: res.Status, Exchange: res.Index}
	}
	return &resource.SetupError{Action: action, Status: res.Status, Body: resource.Quote(res.Text()), Want: want, Index: res.Index}
}

// sides writes down one side of differences, one a line.
func sides(diff []jsonval.Change, after bool) string {
	lines := make([]string, len(diff))
	for i, c := range diff {
		value, absent := c.Before, c.Kind == jsonval.Added
		if after {
			value, absent = c.After, c.Kind == jsonval.Removed
		}
		lines[i] = c.Pointer + " " + string(jsonval.Encode(value))
		if absent {
			lines[i] = c.Pointer + " is not there"
		}
	}
	return strings.Join(lines, "\n")
}

// stringAt returns the string at a pointer of an answer, or "".
func stringAt(res *wire.Response, pointer string) string {
	doc, err := res.JSON()
	if err != nil {
		return ""
	}
	v, _ := jsonval.Pointer(doc, pointer)
	s, _ := v.(string)
	return s
}

package steps

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func genericSteps() []Definition {
	const (
		req = "request"
		res = "response"
	)
	return []Definition{
		generic(req, `a name saved as `+quoted,
			"Makes up a name that carries the run's id and saves it. An index of that name is deleted when the scenario ends.",
			`Given a name saved as "index"`,
			func(w *World) any { return w.saveName }),
		generic(req, `the next request has the header `+quoted+` set to `+quoted,
			"Adds a header to the next request.",
			`Given the next request has the header "Accept" set to "application/yaml"`,
			func(w *World) any { return w.nextHeader }),
		generic(req, `the next request has no header `+quoted,
			"Keeps a header from being sent with the next request.",
			`Given the next request has no header "Content-Type"`,
			func(w *World) any { return w.nextNoHeader }),
		generic(req, `the next request has the query `+quoted,
			"Adds a query string to the next request.",
			`Given the next request has the query "pretty"`,
			func(w *World) any { return w.nextQuery }),
		generic(req, `I send `+method+` `+quoted,
			"Sends a request without a body. Saved values stand in braces: {index}, {sync_job}.",
			`When I send GET "/{index}/_doc/1"`,
			func(w *World) any { return w.send }),
		generic(req, `I send `+method+` `+quoted+` with the body:`,
			"Sends a request with a docstring as its body. What it creates is deleted when the scenario ends.",
			"When I send PUT \"/{index}/_doc/1?refresh=true\" with the body:\n  \"\"\"\n  {\"title\": \"one\"}\n  \"\"\"",
			func(w *World) any { return w.sendBody }),
		generic(req, `I send `+method+` `+quoted+` with the body of the fixture `+quoted,
			"Sends a request with a file of fixtures/bodies as its body.",
			`When I send PUT "/_connector/_sync_job/{sync_job}/_stats" with the body of the fixture "stats-required.json"`,
			func(w *World) any { return w.sendFixture }),
		generic(res, `the response status is `+number,
			"Demands this status.",
			"Then the response status is 200",
			func(w *World) any { return w.statusIs }),
		generic(res, `the response header `+quoted+` is `+quoted,
			"Demands a header with exactly this value.",
			`Then the response header "X-elastic-product" is "Elasticsearch"`,
			func(w *World) any { return w.headerIs }),
		generic(res, `the response has no header `+quoted,
			"Demands that a header is absent.",
			`Then the response has no header "Warning"`,
			func(w *World) any { return w.headerAbsent }),
		generic(res, `the response has no body`,
			"Demands an empty body.",
			"Then the response has no body",
			func(w *World) any { return w.bodyEmpty }),
		generic(res, `the response body contains `+quoted,
			"Demands that the text of the body contains this.",
			`Then the response body contains "updated"`,
			func(w *World) any { return w.bodyContains }),
		generic(res, `the response is the JSON:`,
			"Demands a body that equals the docstring as JSON, numbers by exact value.",
			"Then the response is the JSON:\n  \"\"\"\n  {\"result\": \"updated\"}\n  \"\"\"",
			func(w *World) any { return w.bodyIs }),
		generic(res, `the response at `+quoted+` equals `+anyJSON,
			"Demands a JSON value at a JSON pointer, numbers by exact value.",
			`Then the response at "/_source/title" equals "one"`,
			func(w *World) any { return w.pointerEquals }),
		generic(res, `the response at `+quoted+` matches `+quoted,
			"Demands a string or a number at a JSON pointer that matches a regular expression.",
			`Then the response at "/created_at" matches "^20\d\d-"`,
			func(w *World) any { return w.pointerMatches }),
		generic(res, `the response at `+quoted+` is absent`,
			"Demands that there is nothing at a JSON pointer.",
			`Then the response at "/error" is absent`,
			func(w *World) any { return w.pointerAbsent }),
		generic(res, `the response matches the schema `+quoted,
			"Demands that the body matches a schema of schemas/.",
			`Then the response matches the schema "sync-job"`,
			func(w *World) any { return w.schemaMatches }),
		generic(res, `I save the response at `+quoted+` as `+quoted,
			"Saves the string or number at a JSON pointer; later steps use it in braces.",
			`When I save the response at "/id" as "job"`,
			func(w *World) any { return w.saveValue }),
	}
}

// placeholder is a saved value in the text of a step.
var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_-]*)\}`)

// expand puts saved values in the place of their names. A name that nothing
// was saved as is an error: it would go out as it is.
func (w *World) expand(text string) (string, error) {
	var missing []string
	out := placeholder.ReplaceAllStringFunc(text, func(m string) string {
		v, ok := w.saved[m[1:len(m)-1]]
		if !ok {
			missing = append(missing, m)
		}
		return v
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("nothing is saved as %s; save it in an earlier step", strings.Join(missing, ", "))
	}
	return out, nil
}

// expandBody puts saved values into a body. Braces that name nothing saved are
// part of the body.
func (w *World) expandBody(text string) []byte {
	return []byte(placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if v, ok := w.saved[m[1:len(m)-1]]; ok {
			return v
		}
		return m
	}))
}

func (w *World) nextHeader(name, value string) error {
	value, err := w.expand(value)
	if err != nil {
		return err
	}
	w.setNextHeader(name, []string{value})
	return nil
}

func (w *World) nextNoHeader(name string) { w.setNextHeader(name, nil) }

func (w *World) setNextHeader(name string, values []string) {
	if w.next.header == nil {
		w.next.header = http.Header{}
	}
	w.next.header[http.CanonicalHeaderKey(name)] = values
}

func (w *World) nextQuery(query string) { w.next.query = query }

func (w *World) send(ctx context.Context, method, path string) error {
	return w.exchange(ctx, method, path, nil)
}

func (w *World) sendBody(ctx context.Context, method, path string, doc *godog.DocString) error {
	return w.exchange(ctx, method, path, w.expandBody(doc.Content))
}

func (w *World) sendFixture(ctx context.Context, method, target, name string) error {
	raw, err := fs.ReadFile(w.deps.Fixtures, path.Join("bodies", name))
	if err != nil {
		return fmt.Errorf("read the fixture %s: %w", name, err)
	}
	return w.exchange(ctx, method, target, w.expandBody(string(raw)))
}

func (w *World) exchange(ctx context.Context, method, path string, body []byte) error {
	path, err := w.expand(path)
	if err != nil {
		return err
	}
	res, err := w.do(ctx, wire.Request{Method: method, Path: path, Body: body})
	if err != nil {
		return err
	}
	w.last, w.sent = res, body
	if w.job != nil {
		w.job.current = nil
	}
	return nil
}

func (w *World) statusIs(status int) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	return wantStatus(res, "the request", status)
}

func (w *World) headerIs(name, want string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if want, err = w.expand(want); err != nil {
		return err
	}
	if got := strings.Join(res.Header.Values(name), ", "); got != want {
		return CheckHeader(name).failf(res, name+": "+want, name+": "+got, "the answer has another header %s", name)
	}
	return nil
}

func (w *World) headerAbsent(name string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if got := res.Header.Values(name); len(got) > 0 {
		return CheckHeader(name).failf(res, "no header "+name, name+": "+strings.Join(got, ", "), "the answer has the header %s", name)
	}
	return nil
}

func (w *World) bodyEmpty() error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if len(res.Body) > 0 {
		return failf(res, "no body", answer(res), "the answer has a body")
	}
	return nil
}

func (w *World) bodyContains(text string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if text, err = w.expand(text); err != nil {
		return err
	}
	if !strings.Contains(string(res.Body), text) {
		return failf(res, fmt.Sprintf("a body with %q", text), answer(res), "the body does not contain the text")
	}
	return nil
}

func (w *World) bodyIs(doc *godog.DocString) error {
	return w.pointerIs("", w.expandBody(doc.Content))
}

func (w *World) pointerEquals(pointer, raw string) error {
	return w.pointerIs(pointer, w.expandBody(raw))
}

// at returns the value at a pointer of the last answer.
func (w *World) at(pointer string) (*wire.Response, any, bool, error) {
	res, err := w.answered()
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

func (w *World) pointerIs(pointer string, raw []byte) error {
	want, err := jsonval.Decode(raw)
	if err != nil {
		return fmt.Errorf("read the expected value %s: %w", raw, err)
	}
	res, got, ok, err := w.at(pointer)
	if err != nil {
		return err
	}
	if !ok {
		return failf(res, pointer+" "+string(jsonval.Encode(want)), "nothing at "+pointer, "the answer has nothing at %s", pointer)
	}
	if diff := jsonval.Diff(want, got); len(diff) > 0 {
		for i := range diff {
			diff[i].Pointer = pointer + diff[i].Pointer
		}
		return failf(res, sides(diff, false), sides(diff, true), "the answer is another one")
	}
	return nil
}

func (w *World) pointerMatches(pointer, pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("read the pattern %q: %w", pattern, err)
	}
	res, v, ok, err := w.at(pointer)
	if err != nil {
		return err
	}
	text, isText := scalar(v)
	if !ok || !isText || !re.MatchString(text) {
		return failf(res, pointer+" that matches "+pattern, pointer+" "+string(jsonval.Encode(v)), "the answer does not match at %s", pointer)
	}
	return nil
}

// scalar returns a string or a number as text.
func scalar(v any) (string, bool) {
	switch v.(type) {
	case nil, map[string]any, []any, bool:
		return "", false
	}
	return fmt.Sprint(v), true
}

func (w *World) pointerAbsent(pointer string) error {
	res, v, ok, err := w.at(pointer)
	if err != nil {
		return err
	}
	if ok {
		return failf(res, "nothing at "+pointer, pointer+" "+string(jsonval.Encode(v)), "the answer has something at %s", pointer)
	}
	return nil
}

func (w *World) schemaMatches(name string) error {
	if !w.deps.Schemas.Has(name) {
		return fmt.Errorf("there is no schema %q; there are %s", name, strings.Join(w.deps.Schemas.Names(), ", "))
	}
	res, doc, _, err := w.at("")
	if err != nil {
		return err
	}
	return w.matches(res, name, doc)
}

func (w *World) saveValue(pointer, name string) error {
	if !placeholder.MatchString("{" + name + "}") {
		return fmt.Errorf("save a value as %q: a name begins with a small letter and has small letters, digits, - and _", name)
	}
	res, v, ok, err := w.at(pointer)
	if err != nil {
		return err
	}
	text, isText := scalar(v)
	if !ok || !isText {
		return failf(res, "a string or a number at "+pointer, pointer+" "+string(jsonval.Encode(v)), "the answer has nothing to save at %s", pointer)
	}
	w.saved[name] = text
	return nil
}

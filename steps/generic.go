package steps

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
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
			"Sends a request without a body. Saved values stand in braces: {index}, {sync_job}; \\{index} is the text {index} itself. Whatever it creates is deleted when the scenario ends, and what it changes of others is put back.",
			`When I send GET "/{index}/_doc/1"`,
			func(w *World) any { return w.send }),
		generic(req, `I send `+method+` `+quoted+` with the body:`,
			"Sends a request with a docstring as its body.",
			"When I send PUT \"/{index}/_doc/1?refresh=true\" with the body:\n  \"\"\"\n  {\"title\": \"one\"}\n  \"\"\"",
			func(w *World) any { return w.sendBody }),
		generic(req, `I send `+method+` `+quoted+` with the body of the fixture `+quoted,
			"Sends a request with a file of fixtures/bodies as its body.",
			`When I send PUT "/_connector/_sync_job/{sync_job}/_stats" with the body of the fixture "stats-required.json"`,
			func(w *World) any { return w.sendFixture }),
		generic(res, `the response status is (\d{3}|[1-5]xx)`,
			"Demands this status, or one of this class, as 2xx.",
			"Then the response status is 200",
			func(w *World) any { return w.statusIs }),
		generic(res, `the response header `+quoted+` is `+quoted,
			"Demands a header with exactly this value.",
			`Then the response header "X-elastic-product" is "Elasticsearch"`,
			func(w *World) any { return w.headerIs }),
		generic(res, `the response header `+quoted+` matches `+quoted,
			"Demands a header that matches a regular expression.",
			`Then the response header "Content-Type" matches "^application/(vnd.elasticsearch\\+)?json"`,
			func(w *World) any { return w.headerMatches }),
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
		generic(res, `the response matches the schema `+quoted,
			"Demands that the body matches a schema of schemas/.",
			`Then the response matches the schema "sync-job"`,
			func(w *World) any { return w.schemaMatches }),
		generic(res, `I save the response at `+quoted+` as `+quoted,
			"Saves the value at a JSON pointer; later steps use it in braces: a text as it is, anything else as JSON.",
			`When I save the response at "/id" as "job"`,
			func(w *World) any { return w.saveValue }),
		generic(res, `I save the response header `+quoted+` as `+quoted,
			"Saves a header.",
			`When I save the response header "Location" as "place"`,
			func(w *World) any { return w.saveHeader }),
	}
}

// placeholder is a saved value in the text of a step, or, after a backslash,
// the text itself.
var placeholder = regexp.MustCompile(`\\?\{([a-z][a-z0-9_-]*)\}`)

// isName reports whether something can be saved under a name.
func isName(name string) bool {
	return strings.HasPrefix(placeholder.FindString("{"+name+"}"), "{"+name)
}

// expand puts saved values in the place of their names. A name that nothing
// was saved as is an error: it would go out as it is.
func (w *World) expand(text string) (string, error) {
	out, missing := w.fillIn(text)
	if len(missing) > 0 {
		return "", fmt.Errorf("nothing is saved as %s; save it in an earlier step", strings.Join(missing, ", "))
	}
	return out, nil
}

// expandBody puts saved values into a body. Braces that name nothing saved are
// part of the body.
func (w *World) expandBody(text string) []byte {
	out, _ := w.fillIn(text)
	return []byte(out)
}

// fillIn puts saved values in the place of their names, and returns those of
// the names that nothing is saved as, which stay.
func (w *World) fillIn(text string) (string, []string) {
	var missing []string
	out := placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if plain, escaped := strings.CutPrefix(m, `\`); escaped {
			return plain
		}
		v, ok := w.saved[m[1:len(m)-1]]
		if !ok {
			missing = append(missing, m)
			return m
		}
		return v
	})
	return out, missing
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
	_, err = w.write(ctx, wire.Request{Method: method, Path: path, Body: body})
	return err
}

func (w *World) statusIs(status string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
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

func (w *World) headerMatches(name, pattern string) error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("read the pattern %q: %w", pattern, err)
	}
	if got := strings.Join(res.Header.Values(name), ", "); !re.MatchString(got) {
		return CheckHeader(name).failf(res, name+" that matches "+pattern, fmt.Sprintf("%s: %q", name, got), "the answer has another header %s", name)
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
		return checkOfBody(res).failf(res, "no body", answer(res), "the answer has a body")
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
	if !says(string(res.Body), text) {
		return checkOfBody(res).failf(res, fmt.Sprintf("a body with %q", text), answer(res), "the body does not contain the text")
	}
	return nil
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

// scalar returns a string or a number as text.
func scalar(v any) (string, bool) {
	switch v.(type) {
	case nil, map[string]any, []any, bool:
		return "", false
	}
	return fmt.Sprint(v), true
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
	if !isName(name) {
		return fmt.Errorf("save a value as %q: a name begins with a small letter and has small letters, digits, - and _", name)
	}
	pointer, err := w.expand(pointer)
	if err != nil {
		return err
	}
	res, v, ok, err := w.at(pointer)
	if err != nil {
		return err
	}
	if !ok {
		return (&subject{res: res, pointer: pointer}).check(pointer).failf(res, "a value at "+pointer, "nothing", "the answer has nothing to save at %s", pointer)
	}
	text, isText := scalar(v)
	if !isText {
		text = string(jsonval.Encode(v))
	}
	w.saved[name] = text
	return nil
}

func (w *World) saveHeader(header, name string) error {
	if !isName(name) {
		return fmt.Errorf("save a header as %q: a name begins with a small letter and has small letters, digits, - and _", name)
	}
	res, err := w.answered()
	if err != nil {
		return err
	}
	if res.Header.Get(header) == "" {
		return CheckHeader(header).failf(res, header, "no such header", "the answer has nothing to save in the header %s", header)
	}
	w.saved[name] = res.Header.Get(header)
	return nil
}

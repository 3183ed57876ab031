package resttest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
)

// expectation is what the status and the headers of an answer have to be.
type expectation struct {
	catch    catch
	ignore   []int
	warnings warnings
}

// catch is the error that has to come. The zero catch: none.
type catch struct {
	word    string
	pattern *pattern
}

// catchParam: not the server but the specification refuses the call.
// catchRequest: an error that no other word stands for, or 503.
const (
	catchParam   = "param"
	catchRequest = "request"
)

// exception ends words that are the type of an error.
const exception = "_exception"

var caught = map[string]int{
	"bad_request": 400, "unauthorized": 401, "forbidden": 403, "missing": 404,
	"request_timeout": 408, "conflict": 409, "gone": 410, "unavailable": 503,
}

func readCatch(n *yaml.Node) (catch, error) {
	word, err := text(n)
	if err != nil {
		return catch{}, err
	}
	if source, is := slashed(word); is {
		p, err := literal(source)
		if err != nil {
			return catch{}, wrong(n, "%v", err)
		}
		return catch{word: "/", pattern: p}, nil
	}
	known := []string{catchParam, catchRequest}
	for w := range caught {
		known = append(known, w)
	}
	slices.Sort(known)
	if strings.HasSuffix(word, exception) {
		return catch{word: word}, nil
	}
	if !slices.Contains(known, word) {
		return catch{}, wrong(n, "unknown catch %q%s; known are %s, types of errors such as parsing_exception, and /regular expressions/", word, nearest.Hint(word, known), strings.Join(known, ", "))
	}
	return catch{word: word}, nil
}

func (c catch) String() string {
	if c.pattern != nil {
		return "/" + c.pattern.source + "/"
	}
	return c.word
}

// judge holds an answer against the expectation.
func (e *expectation) judge(x *Execution, req *restspec.Request, res *wire.Response) error {
	if slices.Contains(e.ignore, res.Status) {
		return nil
	}
	if err := e.judgeStatus(x, req, res); err != nil {
		return err
	}
	return e.warnings.judge(x, res)
}

func (e *expectation) judgeStatus(x *Execution, req *restspec.Request, res *wire.Response) error {
	failed := res.Status >= http.StatusBadRequest
	switch {
	case e.catch.word == "":
		if !failed || req.Method == http.MethodHead && res.Status == http.StatusNotFound {
			return nil
		}
		return x.failed("the call is refused", "a status below 400", answer(res))
	case e.catch.pattern != nil:
		return e.catch.judgePattern(x, res, failed)
	case strings.HasSuffix(e.catch.word, exception):
		if doc, err := res.JSON(); err == nil && failed {
			if kind, _ := jsonval.Pointer(doc, "/error/type"); kind == e.catch.word {
				return nil
			}
		}
		return x.failed("the error is another one", "an error of the type "+e.catch.word, answer(res))
	case e.catch.word == catchRequest:
		for _, status := range caught {
			failed = failed && (res.Status != status || status == http.StatusServiceUnavailable)
		}
		if failed {
			return nil
		}
		return x.failed("the error is another one", "an error that no other word than \"request\" stands for", answer(res))
	}
	want := caught[e.catch.word]
	if res.Status == want {
		return nil
	}
	return x.failed("the error is not "+e.catch.word, "status "+strconv.Itoa(want), answer(res))
}

// judgePattern looks at the error as it was sent and as it reads.
func (c catch) judgePattern(x *Execution, res *wire.Response, failed bool) error {
	if failed {
		for _, text := range []string{string(res.Body), reason(res)} {
			ok, err := c.pattern.in(text)
			if err != nil || ok {
				return err
			}
		}
	}
	return x.failed("the error does not match", "an error that matches "+c.String(), answer(res))
}

// reason is the text of an error, free of the escapes of JSON.
func reason(res *wire.Response) string {
	doc, err := res.JSON()
	if err != nil {
		return ""
	}
	kind, _ := jsonval.Pointer(doc, "/error/type")
	why, _ := jsonval.Pointer(doc, "/error/reason")
	return plain(kind) + ": " + plain(why)
}

func answer(res *wire.Response) string {
	return fmt.Sprintf("status %d %s", res.Status, strings.TrimSpace(string(res.Body)))
}

// warnings are the Warning headers that have to come, and those that may. What
// is neither must not come.
type warnings struct{ expected, allowed []warning }

// warning is the text of one, or a pattern of it.
type warning struct {
	text    string
	pattern *pattern
}

func (w *warnings) exact(n *yaml.Node, expected bool) error {
	list, err := texts(n)
	for _, t := range list {
		w.add(warning{text: t}, expected)
	}
	return err
}

func (w *warnings) patterns(n *yaml.Node, expected bool) error {
	list, err := texts(n)
	for _, source := range list {
		p, err := literal(`\A(?:` + source + `)\z`)
		if err != nil {
			return wrong(n, "%v", err)
		}
		w.add(warning{text: source, pattern: p}, expected)
	}
	return err
}

func (w *warnings) add(one warning, expected bool) {
	if expected {
		w.expected = append(w.expected, one)
		return
	}
	w.allowed = append(w.allowed, one)
}

// is holds a warning against one that came: an expression against the whole of
// it as it was sent, a text against what it means.
func (w warning) is(came sentWarning) bool {
	if w.pattern == nil {
		return w.text == came.text
	}
	ok, err := w.pattern.in(came.raw)
	return err == nil && ok
}

// legacyTemplates is a warning that the tests have come with for so long that
// none of them names it.
const legacyTemplates = "Legacy index templates are deprecated in favor of composable templates."

func (w *warnings) judge(x *Execution, res *wire.Response) error {
	got := warningsOf(res.Header)
	for _, want := range w.expected {
		if !slices.ContainsFunc(got, want.is) {
			return x.failed("a warning is missing", want.text, listed(got))
		}
	}
	for _, came := range got {
		known := func(one warning) bool { return one.is(came) }
		if !slices.ContainsFunc(w.expected, known) && !slices.ContainsFunc(w.allowed, known) && came.text != legacyTemplates {
			return x.failed("there is an unexpected warning", "no other warnings than the test names", came.text)
		}
	}
	return nil
}

func listed(warnings []sentWarning) string {
	if len(warnings) == 0 {
		return "no warning"
	}
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.text)
	}
	return strings.Join(texts, "\n")
}

// warned finds the text in `299 Elasticsearch-9.5.3-abc "text" "date"`.
var warned = regexp.MustCompile(`\d{3} \S+ "((?:[^"\\]|\\.)*)"`)

// sentWarning is a warning of an answer, as it was sent and as it reads.
type sentWarning struct{ raw, text string }

func warningsOf(header http.Header) []sentWarning {
	var out []sentWarning
	for _, line := range header.Values("Warning") {
		for _, m := range warned.FindAllStringSubmatch(line, -1) {
			text := strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(m[1])
			if decoded, err := url.PathUnescape(text); err == nil {
				text = decoded
			}
			out = append(out, sentWarning{m[1], text})
		}
	}
	return out
}

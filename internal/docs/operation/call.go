package operation

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

type (
	responseOf = openapi.Response
	propertyOf = openapi.Property
)

// call is one request and what came of it.
type call struct {
	method, path string
	sent         any
	status       int
	doc          any // the answer, nil where it is no JSON
	text         string
	kind, reason string // of an error
	header       http.Header
	index        int // of the exchange
}

func (c *call) ok() bool { return c != nil && c.status >= 200 && c.status < 300 }

// answer describes what came, in a few words.
func (c *call) answer() string {
	if c == nil {
		return "nothing"
	}
	text := strings.Join(strings.Fields(c.reason), " ")
	if text == "" && c.status < 300 {
		text = strings.Join(strings.Fields(c.text), " ")
	}
	if r := []rune(text); len(r) > 160 {
		text = string(r[:160]) + "…"
	}
	return strings.TrimSpace(fmt.Sprint(c.status, " ", strings.TrimSpace(c.kind+" "+text)))
}

// maxRequests is how many requests one operation may take.
const maxRequests = 400

// errEnough says that an operation took as many requests as it may.
var errEnough = fmt.Errorf("more than %d requests", maxRequests)

// do sends a request. What it creates is deleted in the end.
func (b *bench) do(purpose, method, path string, body any) (*call, error) {
	if b.deaf != nil {
		return nil, &fatalError{b.deaf}
	}
	if b.requests++; b.requests > maxRequests {
		return nil, errEnough
	}
	req := wire.Request{Method: method, Path: path, Purpose: purpose, Auth: b.auth, Header: http.Header{"Accept": {"application/json"}}}
	if req.Body = encoded(body); isLines(body) {
		req.Header.Set("Content-Type", "application/x-ndjson")
	}
	b.asked = true
	res, err := b.scope.Do(b.ctx, req)
	if err != nil {
		return nil, b.lost(err)
	}
	c := &call{method: method, path: path, sent: body, status: res.Status, text: res.Text(), header: res.Header, index: res.Index}
	if doc, err := res.JSON(); err == nil {
		c.doc = doc
	}
	c.readError()
	if slices.Contains(busy, c.status) {
		return nil, b.unheard(fmt.Errorf("%s %s: the server is too busy: %s", method, path, c.answer()))
	}
	if c.ok() {
		b.accepted++
	}
	return c, nil
}

// encoded is a body as it is sent.
func encoded(body any) []byte {
	switch body := body.(type) {
	case nil:
		return nil
	case lines:
		return body.encode()
	}
	return jsonval.Encode(body)
}

func isLines(body any) bool { _, is := body.(lines); return is }

// busy are the answers of a server, or of what stands before it, that had no time
// for a request: they say nothing of it.
var busy = []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// maxLost is how many answers of one operation may fail to come.
const maxLost = 2

// lost turns an answer that did not come into the end of this operation, or of
// all.
func (b *bench) lost(err error) error {
	var transport *wire.TransportError
	if !errors.As(err, &transport) || b.ctx.Err() != nil {
		return &fatalError{err}
	}
	switch transport.Kind {
	case wire.KindTimeout, wire.KindTooLarge, wire.KindMalformed:
		return b.unheard(err)
	}
	return &fatalError{err}
}

// unheard turns an answer that says nothing into a silence, or into the end of
// this operation.
func (b *bench) unheard(err error) error {
	if b.unanswered++; b.unanswered < maxLost {
		return &silence{err}
	}
	return err
}

// silence is one answer that did not come.
type silence struct{ error }

// fatalError ends the run.
type fatalError struct{ error }

func (e *fatalError) Unwrap() error { return e.error }

func (c *call) readError() {
	v, ok := jsonval.Pointer(c.doc, "/error")
	if !ok || c.status < 400 {
		return
	}
	if text, isText := v.(string); isText {
		c.reason = text
	}
	for ptr, into := range map[string]*string{"/type": &c.kind, "/reason": &c.reason} {
		if s, ok := jsonval.Pointer(v, ptr); ok {
			*into, _ = s.(string)
		}
	}
}

var (
	noHandler    = regexp.MustCompile(`no handler found|Incorrect HTTP method|is not available|no such route`)
	unknownParam = regexp.MustCompile(`unrecognized parameter`)
	unknownField = regexp.MustCompile(`(?i)(?:unknown|unrecognized|unsupported|unexpected)\s+(?:field|key|property|setting|parameter|option)[^\[]{0,20}\[([^\]]+)\]`)
	needed       = regexp.MustCompile(`Required \[([^\]]+)\]`)
	// misread says that a value could not be read as what the server wants.
	misread = regexp.MustCompile(`(?i)failed to parse|cannot parse|could not parse|unable to parse|x_content_parse_exception|document_parsing_exception|json_parse_exception|number_format_exception|For input string|doesn't support values of type|can't get text|Can't get|unexpected token|but got \[?(VALUE|START)|out of range|input_coercion|malformed|class_cast|cannot be cast|expecting token|expected \[?(VALUE|START)`)
	// tooWide says that a number does not fit into 32 bits.
	tooWide = regexp.MustCompile(`of type \[integer\]|parse int |out of range of (an )?int\b|<= 2147483647|For input string: \\?"2147483648`)
)

// noRoute reports whether an answer says that there is no such route.
func (c *call) noRoute() bool {
	return c.status == http.StatusMethodNotAllowed || c.status == http.StatusBadRequest && noHandler.MatchString(c.text)
}

// refuses reports whether the answer calls a field of the body unknown.
func (c *call) refuses(name string) bool {
	for _, m := range unknownField.FindAllStringSubmatch(c.text, -1) {
		if m[1] == name || strings.HasSuffix(m[1], "."+name) {
			return c.status == http.StatusBadRequest
		}
	}
	return false
}

// misreads reports whether the answer says that a value is of the wrong kind.
func (c *call) misreads() bool {
	return c.status == http.StatusBadRequest && misread.MatchString(c.text)
}

// names reports whether the answer mentions a name.
func (c *call) names(name string) bool { return strings.Contains(c.text, name) }

// lacks reports whether a refusal says that a field is missing, and not that one
// of several is.
func (c *call) lacks(name string) bool {
	n := regexp.QuoteMeta(name)
	if regexp.MustCompile(`(?i)\w+ or ` + n + `\b|\b` + n + ` or \w+`).MatchString(c.text) {
		return false
	}
	return regexp.MustCompile(`(?i)[\["'` + "`" + `]` + n + `[\]"'` + "`" + `]|\b` + n + ` (is|are|must|cannot|should|can)\b|(missing|required)( field| property)? ` + n + `\b`).MatchString(c.text)
}

// with is a path with a query.
func with(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + strings.ReplaceAll(query.Encode(), "%2C", ",")
}

// lines are the documents of a body that has one a line.
type lines []any

func (l lines) encode() []byte {
	var out []byte
	for _, doc := range l {
		out = append(append(out, jsonval.Encode(doc)...), '\n')
	}
	return out
}

// number is a JSON number.
func number(text string) json.Number { return json.Number(text) }

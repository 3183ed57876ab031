package reference

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Call is one request on its way.
type Call struct {
	Server *Server
	Method string
	Path   string // as sent, without the query
	Header http.Header
	Body   []byte
	Op     string            // what the route does
	Vars   map[string]string // from the path
	Query  map[string]string
	Who    *security.Subject // nil where security is off

	ctx      context.Context
	hooks    Hooks
	tls      bool   // it came over an encrypted connection
	uri      string // as sent, with the query
	queryErr *eserr.Error
	consumed map[string]bool // parameters that somebody asked for
	problems []string        // what the validation of the request finds wrong
	bodyRead bool
	request  mediaType // of the body
	accept   mediaType
	coding   string // of the answer's body, "" for none
}

// URI is what was asked for as it was sent, with the query.
func (c *Call) URI() string { return c.uri }

// Plain returns a copy of the call that is somebody else's, and that is
// answered as Elasticsearch answers it.
func (c *Call) Plain(who *security.Subject) *Call {
	plain := *c
	plain.Who, plain.hooks, plain.problems = who, Plain{}, nil
	return &plain
}

// newCall reads path and query. The op is that of the path, whatever the
// method.
func newCall(s *Server, r *http.Request, body []byte) *Call {
	c := &Call{
		ctx: r.Context(), Server: s, Method: r.Method, uri: r.RequestURI, Header: r.Header, Body: body,
		consumed: map[string]bool{}, tls: r.TLS != nil, coding: answerCoding(r),
	}
	if c.uri == "" {
		c.uri = r.URL.RequestURI()
	}
	path, query, _ := strings.Cut(c.uri, "?")
	c.Path = path
	c.setQuery(query)
	c.Op, c.Vars = s.router.opOf(c.Method, c.Path)
	return c
}

// setQuery reads a query string; the last of several values counts.
func (c *Call) setQuery(query string) {
	c.Query = map[string]string{}
	for pair := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			c.queryErr = eserr.IllegalArgument("unterminated escape sequence at end of string: %s", pair)
			return
		}
		c.Query[n] = v
	}
}

// decodedPath is the path with its escapes resolved.
func (c *Call) decodedPath() string {
	if p, err := url.PathUnescape(c.Path); err == nil {
		return p
	}
	return c.Path
}

// id is the path parameter of that name.
func (c *Call) id(name string) string {
	c.consumed[name] = true
	return c.Vars[name]
}

// Param returns a query parameter.
func (c *Call) Param(name string) (string, bool) {
	c.consumed[name] = true
	v, ok := c.Query[name]
	return v, ok
}

// intParam returns a query parameter that has to be an int.
func (c *Call) intParam(name string, def int) (int, *eserr.Error) {
	n, err := c.integerParam(name, "int", 32, int64(def))
	return int(n), err
}

// longParam returns a query parameter that has to be a long.
func (c *Call) longParam(name string, def int64) (int64, *eserr.Error) {
	return c.integerParam(name, "long", 64, def)
}

func (c *Call) integerParam(name, kind string, bits int, def int64) (int64, *eserr.Error) {
	v, ok := c.Param(name)
	if !ok {
		return def, nil
	}
	n, err := strconv.ParseInt(v, 10, bits)
	if err != nil {
		return 0, eserr.IllegalArgument("Failed to parse %s parameter [%s] with value [%s]", kind, name, v).
			CausedBy(&eserr.Error{Type: "number_format_exception", Reason: "For input string: " + strconv.Quote(v),
				Status: 400, Family: eserr.Java})
	}
	return n, nil
}

// boolParam returns a query parameter that has to be a boolean; without a
// value it is true.
func (c *Call) boolParam(name string, def bool) (bool, *eserr.Error) {
	v, ok := c.Param(name)
	switch {
	case !ok:
		return def, nil
	case v == "" || v == "true":
		return true, nil
	case v == "false":
		return false, nil
	}
	return false, eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", v)
}

// validate notes what is wrong with a request that could be read: it is refused
// for all of it at once, before privileges count.
func (c *Call) validate(problems ...string) { c.problems = append(c.problems, problems...) }

// listParam returns a query parameter that is a list with commas. Empty
// elements at its end are none, as Java splits it.
func (c *Call) listParam(name string) []string {
	v, _ := c.Param(name)
	if v = strings.TrimRight(v, ","); v == "" {
		return nil
	}
	return strings.Split(v, ",")
}

// flag reports whether a parameter of the answer's form is on.
func (c *Call) flag(name string) bool {
	v, ok := c.Query[name]
	return ok && v != "false"
}

// parse reads the body, which has to be there, with a parser.
func (c *Call) parse(with *xcontent.ObjectParser) (*xcontent.Object, *eserr.Error) {
	p, err := c.parser()
	if err != nil {
		return nil, err
	}
	return with.Parse(p)
}

// parser returns a parser of the body, which has to be there.
func (c *Call) parser() (*xcontent.Parser, *eserr.Error) {
	c.bodyRead = true
	if len(c.Body) == 0 {
		return nil, eserr.New(400, "parse_exception", "request body is required")
	}
	body, err := c.request.format.json(c.Body)
	if err != nil {
		return nil, err
	}
	return xcontent.NewParser(body), nil
}

// formParams are the parameters that shape the answer of any route.
var formParams = []string{"error_trace", "filter_path", "format", "human", "pretty"}

// checkRest refuses parameters that nobody asked for, and a body that nobody
// read.
func (c *Call) checkRest() *eserr.Error {
	var unknown []string
	for name := range c.Query {
		if !c.consumed[name] && !slices.Contains(formParams, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return c.Unrecognized(unknown)
	}
	if len(c.Body) > 0 && !c.bodyRead {
		return eserr.IllegalArgument("request [%s %s] does not support having a body", c.Method, c.decodedPath())
	}
	return nil
}

// Unrecognized refuses parameters that nobody knows.
func (c *Call) Unrecognized(unknown []string) *eserr.Error {
	candidates := slices.Clone(formParams)
	for name := range c.consumed {
		candidates = append(candidates, name)
	}
	parts := make([]string, len(unknown))
	for i, name := range unknown {
		parts[i] = "[" + name + "]" + xcontent.Suggest(name, candidates, " -> did you mean ")
	}
	plural := ""
	if len(unknown) > 1 {
		plural = "s"
	}
	return eserr.IllegalArgument("request [%s] contains unrecognized parameter%s: %s",
		c.decodedPath(), plural, strings.Join(parts, ", "))
}

package reference

import (
	"net/http"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Response is an answer on its way.
type Response struct {
	Status int
	Header http.Header // beyond product and type
	// Body is the answer's content, nil for none.
	Body any
	// text is the body where it is no content; contentType is then its type.
	text        string
	contentType string
	raw         bool // text is the body, Body is nothing
	whole       bool // ?filter_path does not apply
}

// NewResponse makes an answer.
func NewResponse(status int, body any) *Response {
	return &Response{Status: status, Body: body, Header: http.Header{}}
}

func ok(namesAndValues ...any) *Response {
	return NewResponse(200, xcontent.NewObject(namesAndValues...))
}

func acknowledged() *Response { return ok("acknowledged", true) }

func textResponse(status int, text string) *Response {
	return &Response{Status: status, text: text, raw: true, contentType: "text/plain; charset=UTF-8", Header: http.Header{}}
}

// number makes a JSON number of an int.
func number[T int | int64](n T) xcontent.Number {
	return xcontent.Number(strconv.FormatInt(int64(n), 10))
}

// ErrorResponse writes an exception as Elasticsearch does.
func ErrorResponse(c *Call, e *eserr.Error) *Response {
	trace := c.flag("error_trace")
	root := e.Root()
	inner := describe(root, trace)
	body := xcontent.NewObject("root_cause", []any{inner})
	fill(body, e, trace)
	r := NewResponse(e.Status, xcontent.NewObject("error", body, "status", number(e.Status)))
	r.whole = true // as Elasticsearch leaves errors alone (measured)
	return r.refused(e)
}

// describe writes an exception without its cause.
func describe(e *eserr.Error, trace bool) *xcontent.Object {
	alone := *e
	alone.Cause, alone.Suppressed = nil, nil
	o := xcontent.NewObject()
	fill(o, &alone, trace)
	return o
}

func fill(o *xcontent.Object, e *eserr.Error, trace bool) {
	o.Set("type", e.Type).Set("reason", nil)
	if e.Reason != "" { // else an exception without a message
		o.Set("reason", e.Reason)
	}
	for _, f := range e.Fields {
		o.Set(f.Name, f.Value)
	}
	if e.Cause != nil {
		cause := xcontent.NewObject()
		fill(cause, e.Cause, false)
		o.Set("caused_by", cause)
	}
	if e.Suppressed != nil {
		suppressed := []any{}
		for _, more := range e.Suppressed {
			one := xcontent.NewObject()
			fill(one, more, false)
			suppressed = append(suppressed, one)
		}
		o.Set("suppressed", suppressed)
	}
	if trace {
		o.Set("stack_trace", e.Type+": "+e.Reason)
	}
}

// PlainError is the older form of errors, a text in place of an object.
func PlainError(status int, text string) *Response {
	r := NewResponse(status, xcontent.NewObject("error", text, "status", number(status)))
	r.whole = true // like other errors
	return r
}

// render writes content in the form that the request asks for.
func (c *Call) render(r *Response) ([]byte, string) {
	content := r.Body
	if paths, ok := c.Query["filter_path"]; ok && !r.whole {
		content = filterPath(content, paths)
	}
	m := c.answerType()
	return m.format.write(content, c.flag("pretty")), m.name + m.params
}

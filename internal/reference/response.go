package reference

import (
	"net/http"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// response is an answer on its way.
type response struct {
	status int
	header http.Header // beyond product and type
	// body is the answer's content, nil for none.
	body any
	// text is the body where it is no content; contentType is then its type.
	text        string
	contentType string
	raw         bool // text is the body, body is nothing
	whole       bool // ?filter_path does not apply
}

func newResponse(status int, body any) *response {
	return &response{status: status, body: body, header: http.Header{}}
}

func ok(namesAndValues ...any) *response {
	return newResponse(200, xcontent.NewObject(namesAndValues...))
}

func acknowledged() *response { return ok("acknowledged", true) }

func textResponse(status int, text string) *response {
	return &response{status: status, text: text, raw: true, contentType: "text/plain; charset=UTF-8", header: http.Header{}}
}

// number makes a JSON number of an int.
func number[T int | int64](n T) xcontent.Number {
	return xcontent.Number(strconv.FormatInt(int64(n), 10))
}

// errorResponse writes an exception as Elasticsearch does.
func errorResponse(c *call, e *eserr.Error) *response {
	trace := c.flag("error_trace")
	root := e.Root()
	inner := describe(root, trace)
	body := xcontent.NewObject("root_cause", []any{inner})
	fill(body, e, trace)
	r := newResponse(e.Status, xcontent.NewObject("error", body, "status", number(e.Status)))
	r.whole = true // as Elasticsearch leaves errors alone (measured)
	return r.refused(e)
}

// describe writes an exception without its cause.
func describe(e *eserr.Error, trace bool) *xcontent.Object {
	alone := *e
	alone.Cause = nil
	o := xcontent.NewObject()
	fill(o, &alone, trace)
	return o
}

func fill(o *xcontent.Object, e *eserr.Error, trace bool) {
	o.Set("type", e.Type).Set("reason", e.Reason)
	for _, f := range e.Fields {
		o.Set(f.Name, f.Value)
	}
	if e.Cause != nil {
		cause := xcontent.NewObject()
		fill(cause, e.Cause, false)
		o.Set("caused_by", cause)
	}
	if trace {
		o.Set("stack_trace", e.Type+": "+e.Reason)
	}
}

// plainError is the older form of errors, a text in place of an object.
func plainError(status int, text string) *response {
	r := newResponse(status, xcontent.NewObject("error", text, "status", number(status)))
	r.whole = true // like other errors
	return r
}

// write sends the answer.
func (r *response) write(w http.ResponseWriter, c *call) {
	h := w.Header()
	h["Date"] = nil // Elasticsearch sends none
	h.Set("X-elastic-product", "Elasticsearch")
	var body []byte
	contentType := r.contentType
	switch {
	case r.raw:
		body = []byte(r.text)
	case r.body == nil:
		contentType = "application/json"
	default:
		body, contentType = c.render(r)
	}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	for k, v := range r.header {
		if v == nil {
			delete(h, k)
			h[k] = nil
			continue
		}
		h[k] = v
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(r.status)
	if c.method != http.MethodHead && r.status != http.StatusNoContent {
		_, _ = w.Write(body) // a client that went away needs no answer
	}
}

// render writes content in the form that the request asks for.
func (c *call) render(r *response) ([]byte, string) {
	content := r.body
	if paths, ok := c.query["filter_path"]; ok && !r.whole {
		content = filterPath(content, paths)
	}
	m := c.answerType()
	switch {
	case m.format == formatYAML:
		return xcontent.YAML(content), m.name + m.params
	case c.flag("pretty"):
		return xcontent.PrettyJSON(content), m.name + m.params
	}
	return xcontent.JSON(content), m.name + m.params
}

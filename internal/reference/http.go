package reference

import (
	"errors"
	"io"
	stdlog "log"
	"net/http"
	"strconv"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Elasticsearch's limits on a request: http.max_content_length,
// http.max_initial_line_length and http.max_header_size.
const (
	maxBody    = 100 << 20
	maxLine    = 4 << 10
	maxHeaders = 16 << 10
)

// requestTimeout is how long a client may take to send a request, and to take
// the answer.
const requestTimeout = time.Minute

// HTTPServer returns a web server of s that nobody can hold up: clients have a
// limited time for sending a request and for taking the answer.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.patience,
		ReadTimeout:       s.patience,
		WriteTimeout:      2*s.patience + s.delay,
		IdleTimeout:       2 * s.patience,
		ErrorLog:          stdlog.New(io.Discard, "", 0),
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := checkHead(r); err != nil {
		w.Header().Set("Connection", "close")
		ErrorResponse(&Call{}, err).write(w, &Call{})
		return
	}
	body, err := readBody(w, r)
	switch tooLong := new(http.MaxBytesError); {
	case errors.As(err, &tooLong):
		refuseBody(w)
		return
	case err != nil: // a real node hangs up as well
		panic(http.ErrAbortHandler)
	}
	c := newCall(s, r, body)
	c.hooks = s.hooksOf(c)
	if id := c.Vars[JobParam]; id != "" && r.Method == http.MethodPut {
		defer s.busy.enter(id)()
	}
	c.hooks.Serve(c).write(w, c)
}

// checkHead refuses a request line and headers that are too long.
func checkHead(r *http.Request) *eserr.Error {
	if len(r.Method)+len(" ")+len(r.RequestURI)+len(" ")+len(r.Proto) > maxLine {
		return longHead("too_long_http_line_exception", "An HTTP line is larger than 4096 bytes.")
	}
	size := headerLine("Host", r.Host)
	for name, values := range r.Header {
		for _, v := range values {
			size += headerLine(name, v)
		}
	}
	if size > maxHeaders {
		return longHead("too_long_http_header_exception", "HTTP header is larger than 16384 bytes.")
	}
	return nil
}

func headerLine(name, value string) int { return len(name) + len(": ") + len(value) }

func longHead(typ, reason string) *eserr.Error {
	return &eserr.Error{Type: typ, Reason: reason, Status: http.StatusBadRequest, Family: eserr.Java}
}

// refuseBody answers a request whose body is too long, as a real node does:
// without a word, and at once.
func refuseBody(w http.ResponseWriter) {
	h := w.Header()
	h["Date"], h["Content-Type"] = nil, nil
	h.Set("Connection", "close")
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusRequestEntityTooLarge)
}

// write sends the answer.
func (r *Response) write(w http.ResponseWriter, c *Call) {
	h := w.Header()
	h["Date"] = nil // Elasticsearch sends none
	h.Set("X-elastic-product", "Elasticsearch")
	if id, given := c.Header[opaqueID]; given {
		h.Set(opaqueID, id[0])
	}
	body, contentType := r.content(c)
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	for k, v := range r.Header {
		if v == nil {
			delete(h, k)
			h[k] = nil
			continue
		}
		h[k] = v
	}
	hasBody := c.Method != http.MethodHead && r.Status != http.StatusNoContent
	if hasBody && len(body) > 0 && c.coding != "" {
		h.Set("Content-Encoding", c.coding)
		body = encodeBody(c.coding, body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(r.Status)
	if hasBody {
		_, _ = w.Write(body) // a client that went away needs no answer
	}
}

// content is the body of an answer and its type.
func (r *Response) content(c *Call) (body []byte, contentType string) {
	switch {
	case r.raw:
		return []byte(r.text), r.contentType
	case r.Body == nil:
		return nil, "application/json"
	}
	return c.render(r)
}

// opaqueID is the header by which clients find their requests again.
const opaqueID = "X-Opaque-Id"

// singleValued are headers that may be repeated, but not with another value.
var singleValued = []string{opaqueID, "traceparent", "tracestate", "X-elastic-product-origin", "Authorization", "es-security-runas-user"}

// checkSingleValued refuses headers that say two things.
func (c *Call) checkSingleValued() *eserr.Error {
	for _, name := range singleValued {
		values := c.Header.Values(name)
		for _, v := range values {
			if v != values[0] {
				return eserr.IllegalArgument("multiple values for single-valued header [%s].", name)
			}
		}
	}
	return nil
}

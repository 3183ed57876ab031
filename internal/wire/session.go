package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

const (
	// MaxBody is how many bytes of an answer are read; a longer one is an
	// error. The largest document of the suite has 20 MB; what others have
	// stored in the target, which may be any amount, is asked for in parts.
	MaxBody = 24 << 20
	// largeBody is from where on answers are read one at a time, so that
	// several long ones do not fill the memory.
	largeBody = 256 << 10
)

// Request is one HTTP request.
type Request struct {
	Method string
	// Path goes over the wire exactly as it is, query included. It begins
	// with a slash; bytes that a request line cannot hold have to be escaped
	// by the caller.
	Path string
	Body []byte
	// Header holds further headers. A request with a body is sent as
	// application/json unless the key Content-Type is present; a key with a
	// nil value keeps that header from being sent.
	Header http.Header
	// Gzip sends the body compressed, and says so in the header
	// Content-Encoding; the record has it as it was.
	Gzip bool
	// NoAuth sends the request without credentials, Auth with other ones than
	// the client's. An Authorization header in Header wins over both.
	NoAuth bool
	Auth   *Auth
	// Purpose replaces the session's purpose in the record of this request.
	Purpose string
	// Node is the number of the node that it is sent to, from 1; 0 is the one
	// whose turn it is.
	Node int
}

// Response is an answer, its body read in full.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	Index  int // of the exchange in Session.Exchanges
	// Node is the host and port of the one of several that answered, or "".
	Node string

	text func() string
}

// JSON decodes the body as exactly one JSON document.
func (r *Response) JSON() (any, error) { return jsonval.Decode(r.Body) }

// Session sends requests and keeps a record of them: of one scenario, or of
// what a run does outside of scenarios. Its requests go round the nodes of the
// target, so that a write and the read after it reach different ones. It is safe
// for concurrent use.
type Session struct {
	client *Client

	mu      sync.Mutex
	turn    int // of the node that the next request goes to
	purpose string
	record  record

	recording, playing *Tape     // nil for none
	at                 time.Time // see Now
}

// Session begins a new record.
func (c *Client) Session() *Session {
	return &Session{client: c, record: record{total: &c.recorded, redact: c.Redact}}
}

// Client returns the client that the session sends with.
func (s *Session) Client() *Client { return s.client }

// StartAt has the next request go to a node, those after it to the ones behind
// it: scenarios that begin in different places reach every node with every call.
func (s *Session) StartAt(turn uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = int(turn % uint64(s.client.Nodes()))
}

// node returns the node that a request is for.
func (s *Session) node(req Request) *url.URL {
	if req.Node > 0 {
		return s.client.nodes.number(req.Node - 1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	return s.client.nodes.at(s.turn - 1)
}

// SetPurpose sets the text that is recorded with the exchanges that follow.
func (s *Session) SetPurpose(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purpose = text
}

// Exchanges returns copies of the recorded exchanges, in the order in which
// they ended, with all secrets replaced.
func (s *Session) Exchanges() []result.Exchange {
	s.mu.Lock()
	kept := append([]result.Exchange(nil), s.record.exchanges...)
	s.mu.Unlock()
	for i := range kept {
		kept[i] = s.client.redacted(kept[i])
	}
	return kept
}

// Sent counts the requests of the session.
func (s *Session) Sent() result.Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.sent
}

// Forget lets go of the record, so that others may keep more.
func (s *Session) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record.forget()
}

// Sent counts the requests of all sessions.
func (c *Client) Sent() result.Sent {
	return result.Sent{Requests: int(c.recorded.requests.Load()), Writes: int(c.recorded.writes.Load())}
}

// Do sends one request and reads the whole answer, whatever its status. The
// error is always a *TransportError: there was no complete answer.
func (s *Session) Do(ctx context.Context, req Request) (*Response, error) {
	if answer, taped, err := s.recall(ctx, req); taped {
		return answer, err
	}
	to := s.node(req)
	release, err := s.client.acquire(ctx)
	if err != nil {
		return nil, s.fail(ctx, req, nil, to, time.Now(), err)
	}
	defer release()

	s.client.learnSent(req)
	started := time.Now()
	within, cancel := context.WithTimeout(ctx, s.client.limits.Request)
	defer cancel()
	out, err := s.client.build(within, req, to)
	if err != nil {
		return nil, s.fail(ctx, req, nil, to, started, err)
	}
	in, err := s.client.es.Transport.Perform(out) //nolint:bodyclose // it is closed below
	if err != nil {
		return nil, s.fail(ctx, req, out, to, started, err)
	}
	defer in.Body.Close() //nolint:errcheck // nothing is left to be read

	body, err := s.client.readBody(within, in)
	s.client.learnIssued(req, body, in.StatusCode)
	exchange := result.Exchange{
		Started:    started,
		DurationMS: milliseconds(time.Since(started)),
		Purpose:    s.purposeOf(req),
		Node:       s.client.named(to),
		Request:    sent(req, out, s.client.Redact),
		Response:   &result.Message{Status: in.StatusCode, Headers: maps.Clone(in.Header)},
	}
	setBody(exchange.Response, body, s.client.Redact)
	if err != nil {
		failure := s.client.transportError(ctx, req, err, fmt.Sprintf("status %d and %d bytes of the body had arrived", in.StatusCode, len(body)))
		exchange.Error = failure.Error()
		s.keep(req, nil, exchange)
		return nil, failure
	}
	res := &Response{
		Status: in.StatusCode, Header: in.Header, Body: body, Node: exchange.Node,
		text: func() string { return s.client.answer(req.Method, req.Path, string(body), in.StatusCode) },
	}
	s.keep(req, res, exchange)
	return res, nil
}

// named is how exchanges name a node: not at all where there is but one.
func (c *Client) named(node *url.URL) string {
	if !c.nodes.several() {
		return ""
	}
	return node.Host
}

// build makes the HTTP request to a node. The path is set as an opaque URL,
// which net/http writes into the request line as it is.
func (c *Client) build(ctx context.Context, req Request, to *url.URL) (*http.Request, error) {
	if err := checkPath(req.Path); err != nil {
		return nil, err
	}
	out, err := http.NewRequestWithContext(context.WithValue(ctx, ofNode, to), req.Method, "/", nil)
	if err != nil {
		return nil, err
	}
	out.URL = &url.URL{Opaque: to.EscapedPath() + req.Path}
	if strings.HasPrefix(out.URL.Opaque, "//") {
		// An opaque URL must not begin with two slashes; RawPath may.
		path, query, hasQuery := strings.Cut(out.URL.Opaque, "?")
		unescaped, err := url.PathUnescape(path)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", req.Path, err)
		}
		out.URL = &url.URL{Path: unescaped, RawPath: path, RawQuery: query, ForceQuery: hasQuery}
	}
	if body := req.Body; body != nil {
		if req.Gzip {
			body = zipped(body)
		}
		out.Body = io.NopCloser(bytes.NewReader(body))
		out.ContentLength = int64(len(body))
		if len(body) == 0 {
			out.Body = http.NoBody
		}
	}
	out.Header = c.headers(req)
	return out, nil
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // into memory
	_ = z.Close()
	return b.Bytes()
}

func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("path %q does not begin with a slash", path)
	}
	for i := range len(path) {
		if path[i] <= ' ' || path[i] == 0x7f {
			return fmt.Errorf("path %q holds a blank or a control character: percent-encode it", path)
		}
	}
	return nil
}

func (c *Client) headers(req Request) http.Header {
	header := http.Header{}
	for name, values := range req.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	if _, given := header["Content-Type"]; !given && len(req.Body) > 0 {
		header.Set("Content-Type", "application/json")
	}
	if req.Gzip {
		header.Set("Content-Encoding", "gzip")
	}
	if values, given := header["Authorization"]; given {
		for _, value := range values {
			c.secrets.AddHeader(value)
		}
		return header
	}
	auth := c.auth
	switch {
	case req.NoAuth:
		auth = Auth{}
	case req.Auth != nil:
		auth = *req.Auth
		c.addAuth(auth)
	}
	// A key without a value keeps go-elasticsearch from adding its own.
	header["Authorization"] = auth.header()
	return header
}

// header returns the values of the Authorization header: one or none.
func (a Auth) header() []string {
	switch {
	case a.APIKey != "":
		return []string{"ApiKey " + encodedKey(a.APIKey)}
	case a.Username != "" || a.Password != "":
		return []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password))}
	}
	return nil
}

// encodedKey returns an API key in the form of the header: base64 of
// "id:api_key". A colon is no base64 digit, so it tells the forms apart.
func encodedKey(key string) string {
	if strings.Contains(key, ":") {
		return base64.StdEncoding.EncodeToString([]byte(key))
	}
	return key
}

var (
	errTooLarge = fmt.Errorf("the answer's body is longer than %d bytes", MaxBody)
	errEncoded  = errors.New("the answer is compressed though nobody asked for it")
)

// readBody returns the whole body, or what of it was read and the reason why
// the rest was not.
func (c *Client) readBody(ctx context.Context, in *http.Response) ([]byte, error) {
	if encoding := in.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, fmt.Errorf("%w (Content-Encoding: %.40q)", errEncoded, encoding)
	}
	var buf bytes.Buffer
	buf.Grow(int(min(max(in.ContentLength, 0), largeBody)) + bytes.MinRead) // -1 where the server does not say
	_, err := buf.ReadFrom(io.LimitReader(in.Body, largeBody))
	if err != nil || buf.Len() < largeBody {
		return buf.Bytes(), err
	}
	if in.ContentLength > MaxBody {
		return buf.Bytes(), errTooLarge
	}
	select {
	case c.large <- struct{}{}:
		defer func() { <-c.large }()
	case <-ctx.Done():
		return buf.Bytes(), ctx.Err()
	}
	buf.Grow(max(int(in.ContentLength)-buf.Len(), 0) + bytes.MinRead)
	_, err = buf.ReadFrom(io.LimitReader(in.Body, MaxBody+1-largeBody))
	if err == nil && buf.Len() > MaxBody {
		err = errTooLarge
	}
	return buf.Bytes(), err
}

func (s *Session) purposeOf(req Request) string {
	if req.Purpose != "" {
		return req.Purpose
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.purpose
}

// fail records a request that got no answer at all.
func (s *Session) fail(ctx context.Context, req Request, out *http.Request, to *url.URL, started time.Time, err error) *TransportError {
	failure := s.client.transportError(ctx, req, err, "")
	s.keep(req, nil, result.Exchange{
		Started:    started,
		DurationMS: milliseconds(time.Since(started)),
		Purpose:    s.purposeOf(req),
		Node:       s.client.named(to),
		Request:    sent(req, out, s.client.Redact),
		Error:      failure.Error(),
	})
	return failure
}

// keep takes down an exchange, also on the tape that is recorded. res is its
// answer, nil where there was none.
func (s *Session) keep(req Request, res *Response, e result.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	index := s.record.add(e)
	if res != nil {
		res.Index = index
	}
	s.recording.add(req, res, s.record.exchanges[index])
}

// sent describes a request as it went out; out is nil where it never did.
func sent(req Request, out *http.Request, redact func(string) string) result.Message {
	m := result.Message{Method: req.Method, Path: req.Path}
	setBody(&m, req.Body, redact)
	if out == nil {
		return m
	}
	m.Headers = map[string][]string{}
	for name, values := range out.Header {
		if len(values) > 0 {
			m.Headers[name] = append([]string(nil), values...)
		}
	}
	return m
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

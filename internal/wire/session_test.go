package wire

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/limits"
)

func TestRequestGoesOutAsWritten(t *testing.T) {
	t.Parallel()
	url, got := recordingServer(t)
	jsonType := []string{"application/json"}
	for _, tt := range []struct {
		name   string
		prefix string
		req    Request
		line   string
		typ    []string
		body   string
	}{
		{"plain", "", Request{Method: "GET", Path: "/_connector/x"}, "/_connector/x", nil, ""},
		{"body", "", Request{Method: "PUT", Path: "/a", Body: []byte(`{ }`)}, "/a", jsonType, "{ }"},
		{"empty body with a type", "", Request{Method: "PUT", Path: "/a", Body: []byte{}, Header: http.Header{"Content-Type": jsonType}}, "/a", jsonType, ""},
		{"no body", "", Request{Method: "PUT", Path: "/a"}, "/a", nil, ""},
		{"other type", "", Request{Method: "PUT", Path: "/a", Body: []byte("x"), Header: http.Header{"content-type": {"text/plain"}}}, "/a", []string{"text/plain"}, "x"},
		{"no type", "", Request{Method: "PUT", Path: "/a", Body: []byte("x"), Header: http.Header{"Content-Type": nil}}, "/a", nil, "x"},
		{"empty segment", "", Request{Method: "PUT", Path: "/_connector/_sync_job//_stats"}, "/_connector/_sync_job//_stats", nil, ""},
		{"two slashes first", "", Request{Method: "PUT", Path: "//_stats?x=%2F"}, "//_stats?x=%2F", nil, ""},
		{"escapes", "", Request{Method: "GET", Path: "/a%2Fb%20c%2f/../%C3%A9?q=a%2Bb&c"}, "/a%2Fb%20c%2f/../%C3%A9?q=a%2Bb&c", nil, ""},
		{"unusual characters", "", Request{Method: "GET", Path: `/<a>{b}|"^;=,'é?`}, `/<a>{b}|"^;=,'é?`, nil, ""},
		{"prefix", "/es/", Request{Method: "GET", Path: "/a%2Fb"}, "/es/a%2Fb", nil, ""},
		{"GET with a body", "", Request{Method: "GET", Path: "/a", Body: []byte("{}")}, "/a", jsonType, "{}"},
		{"DELETE with a body", "", Request{Method: "DELETE", Path: "/a", Body: []byte("{}")}, "/a", jsonType, "{}"},
		{"HEAD", "", Request{Method: "HEAD", Path: "/a"}, "/a", nil, ""},
		{"OPTIONS", "", Request{Method: "OPTIONS", Path: "/a"}, "/a", nil, ""},
		{"PATCH", "", Request{Method: "PATCH", Path: "/a"}, "/a", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, err := client(t, Config{URL: url + tt.prefix}).Session().Do(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			request := <-got
			if res.Status != 200 || request.Method != tt.req.Method || request.Line != tt.line || request.Body != tt.body {
				t.Errorf("the server got %s %s with body %q, want %s %s with %q", request.Method, request.Line, request.Body, tt.req.Method, tt.line, tt.body)
			}
			if diff := cmp.Diff(tt.typ, request.Header["Content-Type"]); diff != "" {
				t.Errorf("Content-Type -want +got\n%s", diff)
			}
			for _, name := range []string{"Accept", "Accept-Encoding", "Authorization", "X-Elastic-Client-Meta"} {
				if request.Header[name] != nil {
					t.Errorf("nobody asked for the header %s: %s", name, request.Header[name])
				}
			}
		})
	}
}

func TestRequestsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	session := client(t, Config{URL: "http://127.0.0.1:1"}).Session()
	for _, tt := range []struct{ path, want string }{
		{"x", `path "x" does not begin with a slash`},
		{"", `path "" does not begin with a slash`},
		{"/a b", "percent-encode it"},
		{"/a\r\nX: y", "percent-encode it"},
	} {
		_, err := session.Do(t.Context(), Request{Method: "GET", Path: tt.path})
		var transport *TransportError
		if !errors.As(err, &transport) || transport.Kind != KindOther || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("path %q: got %v, want %q", tt.path, err, tt.want)
		}
	}
	if _, err := session.Do(t.Context(), Request{Method: "A B", Path: "/"}); err == nil {
		t.Error("a method with a blank in it was sent")
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	url, got := recordingServer(t)
	basic := Auth{Username: "elastic", Password: "changeme-1"}
	for _, tt := range []struct {
		name string
		auth Auth
		req  Request
		want []string
	}{
		{"none", Auth{}, Request{}, nil},
		{"basic", basic, Request{}, []string{"Basic ZWxhc3RpYzpjaGFuZ2VtZS0x"}},
		{"empty password", Auth{Username: "elastic"}, Request{}, []string{"Basic ZWxhc3RpYzo="}},
		{"key wins", Auth{Username: "x", APIKey: "aWQ6a2V5"}, Request{}, []string{"ApiKey aWQ6a2V5"}},
		{"key in its plain form", Auth{APIKey: "id:key"}, Request{}, []string{"ApiKey aWQ6a2V5"}},
		{"without", basic, Request{NoAuth: true}, nil},
		{"as somebody else", basic, Request{Auth: &Auth{APIKey: "id:key"}}, []string{"ApiKey aWQ6a2V5"}},
		{"own header", basic, Request{Header: http.Header{"Authorization": {"Bearer x"}}}, []string{"Bearer x"}},
		{"two headers", basic, Request{Header: http.Header{"Authorization": {"Bearer x", "Bearer y"}}}, []string{"Bearer x", "Bearer y"}},
		{"header removed", basic, Request{Header: http.Header{"Authorization": nil}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.Method, tt.req.Path = "GET", "/"
			if _, err := client(t, Config{URL: url, Auth: tt.auth}).Session().Do(t.Context(), tt.req); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, (<-got).Header["Authorization"]); diff != "" {
				t.Errorf("Authorization -want +got\n%s", diff)
			}
		})
	}
}

func TestAnswersAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		status       int
		body         string
	}{
		{"JSON", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", 404, "{}"},
		{"server error", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503, ""},
		{"redirect", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 1\r\n\r\nx", 302, "x"},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n{\"a\":1}", 200, `{"a":1}`},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, "{}"},
		{"no body allowed", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
		{"interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := client(t, Config{URL: answering(t, tt.answer)}).Session().Do(t.Context(), Request{Method: "PUT", Path: "/", Body: []byte("{}")})
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != tt.status || string(res.Body) != tt.body {
				t.Errorf("got %d %q, want %d %q", res.Status, res.Body, tt.status, tt.body)
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	hang := func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) }
	say := func(text string, then func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, text); then(conn) }
	}
	nothing := func(net.Conn) {}
	// hasty has a limit that is meant to be reached.
	const hasty = 1500 * time.Millisecond
	for _, tt := range []struct {
		name   string
		handle func(net.Conn)
		limit  time.Duration
		kind   string
		want   string
	}{
		{"closes at once", nothing, generous, KindClosed, "closed before the answer was complete"},
		{"resets", func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }, generous, KindClosed, "closed before"},
		{"never answers", hang, hasty, KindTimeout, "no complete answer within 1.5s"},
		{"hangs in the headers", say("HTTP/1.1 200 OK\r\nContent-", hang), hasty, KindTimeout, "no complete answer within 1.5s"},
		{"hangs in the body", say(head+"Content-Length: 9\r\n\r\n{\"a", hang), hasty, KindTimeout, "status 200 and 3 bytes of the body had arrived"},
		{"drips", func(conn net.Conn) {
			_, _ = io.WriteString(conn, head+"\r\n")
			for {
				if _, err := io.WriteString(conn, " "); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}, hasty, KindTimeout, "no complete answer within 1.5s"},
		{"shorter than announced", say(head+"Content-Length: 9\r\n\r\n{}", nothing), generous, KindClosed, "2 bytes of the body had arrived"},
		{"cut off in a chunk", say(head+"Transfer-Encoding: chunked\r\n\r\n9\r\n{}", nothing), generous, KindClosed, "closed before"},
		{"endless", func(conn net.Conn) {
			_, _ = io.WriteString(conn, head+"\r\n")
			block := strings.Repeat("x", 64<<10)
			for {
				if _, err := io.WriteString(conn, block); err != nil {
					return
				}
			}
		}, generous, KindTooLarge, "longer than 25165824 bytes"},
		{"endless headers", func(conn net.Conn) {
			_, _ = io.WriteString(conn, head)
			for {
				if _, err := io.WriteString(conn, "X-Again: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
					return
				}
			}
		}, generous, KindMalformed, "not HTTP/1.1"},
		{"compressed", say(head+"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", nothing), generous, KindMalformed, "compressed though nobody asked"},
		{"not HTTP", say("SSH-2.0-OpenSSH_9.2\r\n\r\n", nothing), generous, KindMalformed, "not HTTP/1.1"},
		{"bad status", say("HTTP/1.1 abc\r\n\r\n", nothing), generous, KindMalformed, "not HTTP/1.1"},
		{"bad chunk", say(head+"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", nothing), generous, KindMalformed, "not HTTP/1.1"},
		{"two lengths", say(head+"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", nothing), generous, KindMalformed, "not HTTP/1.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, Config{URL: rawServer(t, tt.handle), Limits: limits.Limits{Request: tt.limit}})
			session := c.Session()
			_, err := session.Do(t.Context(), Request{Method: "PUT", Path: "/x", Body: []byte("{}")})
			checkTransportError(t, err, tt.kind, "PUT /x: ", tt.want)
			exchanges := session.Exchanges()
			if len(exchanges) != 1 || exchanges[0].Error != err.Error() {
				t.Errorf("recorded %+v, want one exchange with the error", exchanges)
			}
		})
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, _ := io.ReadAll(z)
		got = r.Header.Get("Content-Encoding") + " " + r.Header.Get("Content-Type") + " " + string(body)
	}))
	t.Cleanup(server.Close)
	session := client(t, Config{URL: server.URL}).Session()
	if _, err := session.Do(t.Context(), Request{Method: "PUT", Path: "/", Body: []byte("{}"), Gzip: true}); err != nil {
		t.Fatal(err)
	}
	if want := "gzip application/json {}"; got != want || session.Exchanges()[0].Request.Body != "{}" {
		t.Errorf("the server saw %q, want %q; recorded %+v", got, want, session.Exchanges()[0].Request)
	}
}

// What a healthy target stores may be far longer than most answers.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 20<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	t.Cleanup(server.Close)
	c := client(t, Config{URL: server.URL})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			res, err := c.Session().Do(t.Context(), Request{Method: "GET", Path: "/"})
			if err != nil || len(res.Body) != len(body) {
				t.Errorf("the answer was not read to its end: %v", err)
			}
		})
	}
	wg.Wait()
	if len(c.large) != 0 {
		t.Error("the turn for large bodies was not given back")
	}
}

func checkTransportError(t *testing.T, err error, kind string, wants ...string) {
	t.Helper()
	var transport *TransportError
	if !errors.As(err, &transport) {
		t.Fatalf("got error %v, want a *TransportError", err)
	}
	if transport.Kind != kind || strings.Contains(err.Error(), "\n") {
		t.Errorf("got kind %s: %q, want %s and one line", transport.Kind, err, kind)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, err = client(t, Config{URL: "http://" + address}).Session().Do(t.Context(), Request{Method: "GET", Path: "/"})
	checkTransportError(t, err, KindRefused, "GET /: connection refused")

	_, err = client(t, Config{URL: "http://host.invalid:9200"}).Session().Do(t.Context(), Request{Method: "GET", Path: "/"})
	checkTransportError(t, err, KindDNS, "host.invalid cannot be resolved")
}

func TestCancelling(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	url := rawServer(t, func(conn net.Conn) { close(arrived); _, _ = conn.Read(make([]byte, 1)) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := client(t, Config{URL: url}).Session().Do(ctx, Request{Method: "GET", Path: "/"})
	checkTransportError(t, err, KindCancelled, "cancelled before the answer was complete")

	over, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err = client(t, Config{URL: url}).Session().Do(over, Request{Method: "GET", Path: "/"})
	checkTransportError(t, err, KindTimeout, "the time for the whole scenario or run ended")
}

// A write must never be sent twice.
func TestNothingIsRetried(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"503":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"429":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"abort": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				count.Add(1)
				answer(w)
			}))
			t.Cleanup(server.Close)
			_, _ = client(t, Config{URL: server.URL}).Session().Do(t.Context(), Request{Method: "PUT", Path: "/", Body: []byte("{}")})
			if n := count.Load(); n != 1 {
				t.Errorf("the server saw the request %d times", n)
			}
		})
	}
}

func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
	}))
	t.Cleanup(server.Close)
	c := client(t, Config{URL: server.URL, MaxInFlight: 3})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Session().Do(t.Context(), Request{Method: "GET", Path: "/"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() > 3 {
		t.Errorf("%d requests were in flight, want at most 3", most.Load())
	}
}

func TestJSONOfAnAnswer(t *testing.T) {
	t.Parallel()
	if _, err := (&Response{Body: []byte(`{"a":1,"a":2}`)}).JSON(); err == nil {
		t.Error("a duplicate key was accepted")
	}
	if v, err := (&Response{Body: []byte(`[1]`)}).JSON(); err != nil || len(v.([]any)) != 1 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	first, gotFirst := recordingServer(t)
	second, gotSecond := recordingServer(t)
	c := client(t, Config{URL: first + "/es"})
	session := c.Session()
	for range 2 {
		if _, err := session.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
			t.Fatal(err)
		}
		c.Move(strings.TrimPrefix(second, "http://"))
	}
	if a, b := <-gotFirst, <-gotSecond; a.Line != "/es/x" || b.Line != "/es/x" || c.URL() != second+"/es" {
		t.Errorf("requests %+v and %+v, then %s", a, b, c.URL())
	}
}

package reference

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"

	"github.com/esconform/esconform/internal/certs"
)

// listening starts a server on a loopback port.
func listening(t *testing.T, o Options) (address string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := s.HTTPServer()
	go func() { _ = web.Serve(listener) }()
	t.Cleanup(func() { _ = web.Close() })
	return listener.Addr().String()
}

// rawExchange sends bytes and reads one answer; nil where the server hangs up.
func rawExchange(t *testing.T, address, request string) (*http.Response, string) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// TestHTTPLimits sends what a real node refuses before it looks at it (measured
// on 9.5.3).
func TestHTTPLimits(t *testing.T) {
	t.Parallel()
	address := listening(t, Options{})
	line := func(length int) string {
		return "GET /" + strings.Repeat("a", length-len("GET / HTTP/1.1")) + " HTTP/1.1\r\nHost: x\r\n\r\n"
	}
	headers := func(size int) string {
		return "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("b", size-len("Host: xX-A: ")) + "\r\n\r\n"
	}
	put := func(headers string) string {
		return "PUT /i/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n"
	}
	for _, c := range []struct {
		name, request string
		status        int
		body          string // "" is none, "*" any
	}{
		{"a request line of 4096 bytes", line(4096), 404, "*"},
		{
			"a request line of 4097 bytes", line(4097), 400,
			`{"error":{"root_cause":[{"type":"too_long_http_line_exception","reason":"An HTTP line is larger than 4096 bytes."}],` +
				`"type":"too_long_http_line_exception","reason":"An HTTP line is larger than 4096 bytes."},"status":400}`,
		},
		{"headers of 16384 bytes", headers(16384), 200, "*"},
		{
			"headers of 16385 bytes", headers(16385), 400,
			`{"error":{"root_cause":[{"type":"too_long_http_header_exception","reason":"HTTP header is larger than 16384 bytes."}],` +
				`"type":"too_long_http_header_exception","reason":"HTTP header is larger than 16384 bytes."},"status":400}`,
		},
		{"a body that is said to be too long", put("Content-Length: 104857601"), 413, ""},
		{"the same, asked for beforehand", put("Content-Length: 104857601\r\nExpect: 100-continue"), 413, ""},
		{"the same, begun", put("Content-Length: 99999999999") + `{"a":1}`, 413, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			resp, body := rawExchange(t, address, c.request)
			if resp == nil {
				t.Fatal("no answer")
			}
			if resp.StatusCode != c.status || c.body != "*" && body != c.body {
				t.Errorf("%d %q, want %d %q", resp.StatusCode, body, c.status, c.body)
			}
			if c.status == 413 && (!resp.Close || resp.Header.Get("X-Elastic-Product") != "") {
				t.Errorf("headers %v, want the connection closed and nothing said", resp.Header)
			}
		})
	}
}

// TestBadEncodingHangsUp demands that nothing is answered to a body that is not
// encoded as it says, as a real node does.
func TestBadEncodingHangsUp(t *testing.T) {
	t.Parallel()
	address := listening(t, Options{})
	good := packed(t, "gzip", `{}`)
	badSum := bytes.Clone(good)
	badSum[len(badSum)-8] ^= 1
	for name, body := range map[string][]byte{"gzip": []byte(`{"a":"no gzip"}`), "gzip ": badSum, "deflate": {0xff, 0xff, 0xff}, "snappy": []byte(`{"a":1}`)} {
		request := fmt.Sprintf("PUT /i/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s",
			name, len(body), body)
		if resp, text := rawExchange(t, address, request); resp != nil {
			t.Errorf("%s: %d %s, want no answer", name, resp.StatusCode, text)
		}
	}
}

// TestBombIsTooLong demands that the limit holds for what a body becomes.
func TestBombIsTooLong(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves out what unpacks 100 MB; run the test without it")
	}
	n := newNode(t, "")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range maxBody>>20 + 1 {
		_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w := n.send(http.MethodPut, "/i/_doc/1", b.String(), "Content-Encoding", "gzip"); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s, want 413", w.Code, w.Body)
	}
}

// TestSlowClientsAreCutOff sends a body a byte at a time.
func TestSlowClientsAreCutOff(t *testing.T) {
	t.Parallel()
	address := listening(t, Options{Patience: 200 * time.Millisecond})
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "PUT /i/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
	limit := time.Now().Add(20 * time.Second)
	for time.Now().Before(limit) {
		if _, err := fmt.Fprint(conn, " "); err != nil {
			return // cut off
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("a client may send for as long as it likes")
}

// TestAnswerEncoding compares the coding of answers with that of a real node
// (measured on 9.5.3).
func TestAnswerEncoding(t *testing.T) {
	t.Parallel()
	n := newNode(t, "")
	n.put("/i/_doc/1", `{"a":"`+strings.Repeat("x", 500)+`"}`)
	plain := n.send(http.MethodGet, "/i/_doc/1", "").Body.String()
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "gzip, deflate": "gzip", "*": "snappy", "gzip;q=0": "",
		"br": "", "zstd": "", "snappy": "snappy", "identity": "", "gzip;q=0.5,deflate;q=0.8": "deflate", "identity;q=1, gzip;q=0.1": "gzip",
		"gzip;q=0, *": "snappy", "gzip;q=nonsense": "",
	} {
		w := n.send(http.MethodGet, "/i/_doc/1", "", "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", accept, got, want)
		}
		if got := unpacked(t, want, w.Body.Bytes()); got != plain {
			t.Errorf("Accept-Encoding %q: %q, want %q", accept, got, plain)
		}
		if got := w.Header().Get("Content-Length"); got != fmt.Sprint(w.Body.Len()) {
			t.Errorf("Accept-Encoding %q: a length of %s for %d bytes", accept, got, w.Body.Len())
		}
	}
	if w := n.send(http.MethodHead, "/i/_doc/1", "", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" ||
		w.Header().Get("Content-Length") != fmt.Sprint(len(plain)) {
		t.Errorf("HEAD: %v, want what is said of the plain answer", w.Header())
	}
	if w := n.send(http.MethodGet, "/nope", "", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("an error: %v, want it compressed", w.Header())
	}
}

// TestNothingIsCompressedOverTLS is what a real node does lest lengths tell
// secrets.
func TestNothingIsCompressedOverTLS(t *testing.T) {
	t.Parallel()
	authority, err := certs.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := authority.Issue("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(newNode(t, "").server)
	web.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}} //nolint:gosec // a test's own server
	web.StartTLS()
	defer web.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // likewise
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Encoding"); got != "" {
		t.Errorf("Content-Encoding %q, want none", got)
	}
}

func packed(t *testing.T, coding, body string) []byte {
	t.Helper()
	return encodeBody(coding, []byte(body))
}

// unpacked undoes a coding with the means of a client.
func unpacked(t *testing.T, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		r, err = zlib.NewReader(r)
	case "snappy":
		r = snappy.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

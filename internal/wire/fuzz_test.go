package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/limits"
)

// Whatever bytes a server answers with, there is an answer or a one-line
// error, and either way one recorded exchange.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
		"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "\xff\x00", "HTTP/1.1 abc\r\n\r\n", "",
	} {
		f.Add([]byte(seed))
	}
	c, err := New(Config{URL: "http://fuzz.invalid", Limits: limits.Limits{Request: generous}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(c.Close)
	answers := make(chan []byte, 1)
	c.transport.DisableKeepAlives = true
	c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		answer := <-answers
		go func() {
			defer far.Close() //nolint:errcheck // a pipe
			if _, err := http.ReadRequest(bufio.NewReader(far)); err == nil {
				_, _ = bytes.NewReader(answer).WriteTo(far)
			}
		}()
		return near, nil
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		answers <- answer
		session := c.Session()
		res, err := session.Do(t.Context(), Request{Method: "PUT", Path: "/x"})
		var transport *TransportError
		switch {
		case err == nil:
			_, _ = res.JSON()
		case !errors.As(err, &transport), transport.Kind == KindTimeout, strings.Contains(err.Error(), "\n"):
			t.Errorf("got error %q", err)
		}
		if n := len(session.Exchanges()); n != 1 {
			t.Errorf("%d exchanges are recorded", n)
		}
		_ = Curl(session.Exchanges()[0], "")
	})
}

package wire

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/limits"
)

// generous is a request limit that no test waits for.
const generous = time.Minute

func client(t *testing.T, cfg Config) *Client {
	t.Helper()
	if cfg.Limits.Request == 0 {
		cfg.Limits = limits.Limits{Request: generous}
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// rawServer hands every connection to handle, once the headers of its first
// request are read.
func rawServer(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close() //nolint:errcheck // a test's connection
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					handle(conn)
				}
			})
		}
	})
	return "http://" + listener.Addr().String()
}

// answering serves fixed bytes.
func answering(t *testing.T, answer string) string {
	return rawServer(t, func(conn net.Conn) { _, _ = io.WriteString(conn, answer) })
}

// seen is what a server got.
type seen struct {
	Method, Line string
	Header       http.Header
	Body         string
}

// recordingServer answers 200 {} and hands what it got to the channel.
func recordingServer(t *testing.T) (string, <-chan seen) {
	t.Helper()
	got := make(chan seen, 64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- seen{r.Method, r.RequestURI, r.Header, string(body)}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// hijack takes the connection out of net/http's hands, so that any bytes can
// be sent. done closes it.
func hijack(w http.ResponseWriter) (conn net.Conn, done func()) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the connection is gone already
	}
	return conn, func() { _ = conn.Close() }
}

// say sends text as it is and leaves the connection open until the other side
// has had enough.
func say(w http.ResponseWriter, text string) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, text)
	untilGone(conn)
}

// untilGone waits until the other side closes.
func untilGone(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

const head = "HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\nContent-Type: application/json\r\n"

func silent(w http.ResponseWriter, _ *http.Request, _ *Env) { say(w, "") }
func hangInHeaders(w http.ResponseWriter, _ *http.Request, _ *Env) {
	say(w, "HTTP/1.1 200 OK\r\nX-elas")
}
func hangInBody(w http.ResponseWriter, _ *http.Request, _ *Env) {
	say(w, head+"Content-Length: 20\r\n\r\n{\"result\":")
}

func notHTTP(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, "220 mail.example ESMTP\r\n\r\n")
}

func drip(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	if _, err := io.WriteString(conn, head+"\r\n{"); err != nil {
		return
	}
	for {
		if _, err := io.WriteString(conn, " "); err != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func closeAtOnce(w http.ResponseWriter, _ *http.Request, _ *Env) {
	_, done := hijack(w)
	done()
}

func reset(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, head+"Content-Length: 20\r\n\r\n{\"result\":")
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // closing sends a reset
	}
}

// pour sends blocks for as long as somebody reads them, up to a limit of bytes.
func pour(conn net.Conn, block string, limit int64) {
	for sent := int64(0); sent < limit; sent += int64(len(block)) {
		if _, err := io.WriteString(conn, block); err != nil {
			return
		}
	}
}

// endless is more than anybody reads.
const endless = 1 << 40

func endlessBody(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, head+"Transfer-Encoding: chunked\r\n\r\n")
	pour(conn, "2000\r\n"+strings.Repeat(" ", 0x2000)+"\r\n", endless)
}

func hugeBody(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	fmt.Fprintf(conn, head+"Content-Length: %d\r\n\r\n", 1<<30)
	pour(conn, strings.Repeat(" ", 0x4000), 1<<30)
}

func endlessHeaders(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, head)
	pour(conn, "X-More: "+strings.Repeat("x", 1000)+"\r\n", endless)
}

// bomb is one megabyte of blanks, packed: a gzip stream may be made of many.
var bomb = sync.OnceValue(func() []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = w.Close()
	return packed.Bytes()
})

func gzipBomb(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	const megabytes = 1 << 10
	fmt.Fprintf(conn, head+"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", megabytes*len(bomb()))
	pour(conn, string(bomb()), int64(megabytes*len(bomb())))
}

func lengthTooLong(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, head+"Content-Length: 100\r\n\r\n{\"result\":\"updated\"}")
}

func lengthTooShort(w http.ResponseWriter, _ *http.Request, _ *Env) {
	conn, done := hijack(w)
	defer done()
	_, _ = io.WriteString(conn, head+"Content-Length: 10\r\n\r\n{\"result\":\"updated\"}")
}

func redirectCircle(w http.ResponseWriter, r *http.Request, _ *Env) {
	http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
}

func redirectAway(w http.ResponseWriter, r *http.Request, env *Env) {
	http.Redirect(w, r, env.OtherURL+r.URL.String(), http.StatusTemporaryRedirect)
}

// body returns an action that answers 200 with a fixed body.
func body(contentType, text string) action {
	return func(w http.ResponseWriter, _ *http.Request, _ *Env) {
		w.Header().Set("X-elastic-product", "Elasticsearch")
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = io.WriteString(w, text)
	}
}

var (
	invalidUTF8   = body("application/json", "{\"result\":\"updated\",\"x\":\"\xff\xfe\"}")
	deepJSON      = body("application/json", `{"result":"updated","x":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"}")
	duplicateKeys = body("application/json", `{"result":"updated","result":"updated"}`)
	twoDocuments  = body("application/json", `{"result":"updated"} {"result":"updated"}`)
	html          = body("text/html", "<html><body>It works!</body></html>")
)

func status(code int) action {
	return func(w http.ResponseWriter, _ *http.Request, _ *Env) {
		w.Header().Set("X-elastic-product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"error":{"type":"x","reason":"x"},"status":%d}`, code)
	}
}

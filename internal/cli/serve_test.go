package cli_test

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// ask sends a request to a server that may still be starting, demands a status
// and prints the answer: ask 200 GET $URL/… [body]
func ask(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 && len(args) != 4 {
		ts.Fatalf("usage: ask STATUS METHOD URL [BODY]")
	}
	body := strings.Join(args[3:], "")
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := http.NewRequest(args[1], args[2], strings.NewReader(body)) //nolint:noctx // the client has a limit
		ts.Check(err)
		r.Header.Set("Content-Type", "application/json")
		resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
		if err != nil {
			if time.Now().After(limit) {
				ts.Fatalf("%v", err)
			}
			continue
		}
		text, err := io.ReadAll(resp.Body)
		ts.Check(err)
		ts.Check(resp.Body.Close())
		ts.Logf("%s\n%s", resp.Status, text)
		if !strings.HasPrefix(resp.Status, args[0]) {
			ts.Fatalf("status %s, want %s", resp.Status, args[0])
		}
		return
	}
}

// freeAddress puts an address that nobody listens on into $ADDR and $URL.
func freeAddress(ts *testscript.TestScript, _ bool, _ []string) {
	address := unusedAddress(ts)
	ts.Setenv("ADDR", address)
	ts.Setenv("URL", "http://"+address)
}

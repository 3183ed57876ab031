package wire

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/result"
)

// What is on a tape is not sent again, stands in the record as what it is, and
// is not counted.
func TestTapeIsPlayed(t *testing.T) {
	t.Parallel()
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent++
		_, _ = w.Write([]byte(`"` + r.Method + r.URL.Path + `"`))
	}))
	t.Cleanup(server.Close)
	c := client(t, Config{URL: server.URL})
	ask := func(s *Session, method, path, body string) (string, error) {
		res, err := s.Do(t.Context(), Request{Method: method, Path: path, Body: []byte(body)})
		if err != nil {
			return "", err
		}
		return string(res.Body), nil
	}
	first := c.Session()
	first.Record("maker")
	for _, method := range []string{"PUT", "GET", "PUT"} {
		if _, err := ask(first, method, "/a", "{}"); err != nil {
			t.Fatal(err)
		}
	}
	made := first.Now()
	tape := first.Recorded()
	if _, err := ask(first, "DELETE", "/a", ""); err != nil || len(tape.Writes()) != 2 || first.Recorded() != nil {
		t.Errorf("%v, %d writes on the tape", err, len(tape.Writes()))
	}
	time.Sleep(2 * time.Millisecond)
	sent = 0

	for name, tc := range map[string]struct {
		requests [][3]string
		sends    int
		whole    bool
	}{
		"as it was made":              {[][3]string{{"PUT", "/a", "{}"}, {"GET", "/a", "{}"}, {"PUT", "/a", "{}"}}, 0, true},
		"without the read":            {[][3]string{{"PUT", "/a", "{}"}, {"PUT", "/a", "{}"}}, 0, true},
		"with another read":           {[][3]string{{"PUT", "/a", "{}"}, {"GET", "/b", ""}, {"PUT", "/a", "{}"}}, 1, true},
		"only a part":                 {[][3]string{{"PUT", "/a", "{}"}}, 0, false},
		"one more than there is":      {[][3]string{{"PUT", "/a", "{}"}, {"PUT", "/a", "{}"}, {"PUT", "/a", "{}"}}, 0, false},
		"something else beside it":    {[][3]string{{"PUT", "/a", "{}"}, {"PUT", "/a", "{}"}, {"PUT", "/b", "{}"}}, 0, false},
		"another body":                {[][3]string{{"PUT", "/a", "{}"}, {"PUT", "/a", "[]"}}, 0, false},
		"something by another method": {[][3]string{{"PUT", "/a", "{}"}, {"POST", "/a", "{}"}}, 0, false},
	} {
		s := c.Session()
		s.Play(tape)
		for _, r := range tc.requests {
			answer, err := ask(s, r[0], r[1], r[2])
			if err == nil && answer != `"`+r[0]+r[1]+`"` {
				t.Errorf("%s: %v is answered %s", name, r, answer)
			}
			if now := s.Now(); now.After(made) {
				t.Errorf("%s: the time is %s after it was made", name, now.Sub(made))
			}
		}
		if whole := s.Played(); whole != tc.whole || s.Playing() || sent != tc.sends || s.Sent().Requests != tc.sends {
			t.Errorf("%s: played as a whole %t, %d requests arrived, %d are counted", name, whole, sent, s.Sent().Requests)
		}
		if took := result.ServerTime(leased(t, name, s)); tc.sends == 0 && took != 0 {
			t.Errorf("%s: the server took %v ms of what was not sent", name, took)
		}
		sent = 0
		if _, err := ask(s, "PUT", "/a", "{}"); err != nil || sent != 1 {
			t.Errorf("%s: after that %d requests arrived: %v", name, sent, err)
		}
		sent = 0
	}
}

// leased sees that the record of a session says of whose tape exchanges are.
func leased(t *testing.T, name string, s *Session) []result.Exchange {
	t.Helper()
	for _, e := range s.Exchanges() {
		if of := e.Leased; e.Error == "" && of != "maker" && e.Request.Path == "/a" || e.Request.Path == "/b" && of != "" {
			t.Errorf("%s: %s %s is of the tape of %q", name, e.Request.Method, e.Request.Path, of)
		}
	}
	return s.Exchanges()
}

// Requests are the same only where all of them is.
func TestSameRequest(t *testing.T) {
	t.Parallel()
	one := Request{Method: "PUT", Path: "/a", Body: []byte("{}"), Header: http.Header{"A": {"b"}}, Auth: &Auth{Username: "u"}}
	for name, change := range map[string]func(*Request){
		"method": func(r *Request) { r.Method = "POST" }, "path": func(r *Request) { r.Path = "/a?b" },
		"body": func(r *Request) { r.Body = nil }, "header": func(r *Request) { r.Header = http.Header{"A": {"c"}} },
		"gzip": func(r *Request) { r.Gzip = true }, "no auth": func(r *Request) { r.NoAuth = true },
		"user": func(r *Request) { r.Auth = &Auth{Username: "v"} }, "nobody": func(r *Request) { r.Auth = nil },
	} {
		other := one
		change(&other)
		if one.same(other) || other.same(one) {
			t.Errorf("another %s is the same", name)
		}
	}
	other := one
	other.Auth, other.Header = &Auth{Username: "u"}, http.Header{"A": {"b"}}
	if !one.same(other) {
		t.Error("the same is another")
	}
}

// A request without an answer is on the tape, but answers nothing.
func TestTapeWithoutAnswer(t *testing.T) {
	t.Parallel()
	s := client(t, Config{URL: "http://127.0.0.1:1"}).Session()
	s.Record("maker")
	_, _ = s.Do(context.Background(), Request{Method: "PUT", Path: "/a"})
	tape := s.Recorded()
	if w := tape.Writes(); len(w) != 1 || w[0].Response != nil {
		t.Errorf("on the tape are %+v", w)
	}
	s.Play(tape)
	if _, err := s.Do(context.Background(), Request{Method: "PUT", Path: "/a"}); err == nil || s.Played() {
		t.Errorf("it was played: %v", err)
	}
}

package wire

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// named starts servers that answer with their names.
func named(t *testing.T, names ...string) []string {
	t.Helper()
	var urls []string
	for _, name := range names {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(name)) }))
		t.Cleanup(s.Close)
		urls = append(urls, s.URL)
	}
	return urls
}

// asked sends so many requests and returns who answered them.
func asked(t *testing.T, s *Session, n int, req Request) string {
	t.Helper()
	var who strings.Builder
	for range n {
		res, err := s.Do(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		who.Write(res.Body)
	}
	return who.String()
}

func TestRequestsGoRoundTheNodes(t *testing.T) {
	t.Parallel()
	urls := named(t, "a", "b", "c", "d")
	c := client(t, Config{URL: strings.Join(urls[:3], ", ")})
	get := Request{Method: "GET", Path: "/"}
	for _, tt := range []struct {
		what string
		do   func(s *Session)
		req  Request
		want string
	}{
		{"in turn", func(*Session) {}, get, "abcab"},
		{"from another one", func(s *Session) { s.StartAt(1<<63 + 1) }, get, "abcab"}, // 2^63+1 = 0 mod 3
		{"from the last", func(s *Session) { s.StartAt(5) }, get, "cabca"},
		{"all to one", func(*Session) {}, Request{Method: "GET", Path: "/", Node: 2}, "bbbbb"},
		{"one is away", func(*Session) { c.Away(1) }, get, "accac"},
		{"all are", func(*Session) { c.Away(0); c.Away(2) }, get, "abcab"},
		{"one is back, elsewhere", func(*Session) { c.Back(1, strings.TrimPrefix(urls[3], "http://")) }, get, "ddddd"},
	} {
		s := c.Session()
		tt.do(s)
		if got := asked(t, s, 5, tt.req); got != tt.want {
			t.Errorf("%s: %s answered, want %s", tt.what, got, tt.want)
		}
		for _, e := range s.Exchanges() {
			if want := map[string]string{"a": urls[0], "b": urls[1], "c": urls[2], "d": urls[3]}[e.Response.Body]; e.Node != strings.TrimPrefix(want, "http://") {
				t.Errorf("%s: %s is recorded as the answer of %s", tt.what, e.Response.Body, e.Node)
			}
		}
	}
}

func TestOneNodeHasNoName(t *testing.T) {
	t.Parallel()
	s := client(t, Config{URL: named(t, "a")[0]}).Session()
	if asked(t, s, 1, Request{Method: "GET", Path: "/"}); s.Exchanges()[0].Node != "" {
		t.Errorf("the only node is named %q", s.Exchanges()[0].Node)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"http://a:1", []string{"http://a:1"}},
		{"http://a:1,http://b:2, http://c:3", []string{"http://a:1", "http://b:2", "http://c:3"}},
		{"https://u:p,q@a,https://b", []string{"https://u:p,q@a", "https://b"}},
		{"http://a:1,b:2", []string{"http://a:1,b:2"}},
		{"", []string{""}},
	} {
		if diff := cmp.Diff(tt.want, Addresses(tt.text)); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.text, diff)
		}
	}
}

func TestAddressesThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ url, want string }{
		{"http://a:1,http://a:1", "the address http://a:1 is given twice: give each node once"},
		{"http://a:1,https://b:1", "the addresses http://a:1 and https://b:1 are of one cluster: both begin with http://, or both with https://"},
		{"http://u:p@a,http://v:p@b", "the addresses of the target hold different credentials: one account is used on all nodes"},
		{"http://a:1,b:2", `read the target's URL "http://a:1,b:2": invalid port ":1,b:2" after host; use the form https://host:port`},
	} {
		if _, err := New(Config{URL: tt.url}); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.url, err, tt.want)
		}
	}
	for _, url := range []string{"http://u:p@a,http://b", "http://a,http://u:p@b", "http://u:p@a,http://u:p@b"} {
		c, err := New(Config{URL: url})
		if err != nil || !c.HasAuth() || c.URL() != "http://a,http://b" {
			t.Errorf("%s: %v, want credentials for both", url, err)
		}
	}
}

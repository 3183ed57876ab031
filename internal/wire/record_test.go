package wire

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	url, _ := recordingServer(t)
	session := client(t, Config{URL: url}).Session()
	session.SetPurpose("When the stats are set")
	res, err := session.Do(t.Context(), Request{Method: "PUT", Path: "/x?y=1", Body: []byte(`{"a":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	second, err := session.Do(t.Context(), Request{Method: "GET", Path: "/x", Purpose: "cleanup"})
	if err != nil {
		t.Fatal(err)
	}
	exchanges := session.Exchanges()
	if res.Index != 0 || second.Index != 1 || len(exchanges) != 2 {
		t.Fatalf("indices %d and %d of %d exchanges", res.Index, second.Index, len(exchanges))
	}
	first := exchanges[0]
	want := result.Message{Method: "PUT", Path: "/x?y=1", Body: `{"a":1}`, Headers: map[string][]string{
		"Content-Type": {"application/json"}, "User-Agent": {"esconform"},
	}}
	if diff := cmp.Diff(want, first.Request); diff != "" {
		t.Errorf("request -want +got\n%s", diff)
	}
	if first.Response == nil || first.Response.Status != 200 || first.Response.Body != "{}" || first.Response.Headers["Content-Type"][0] != "application/json" {
		t.Errorf("answer %+v", first.Response)
	}
	if first.Purpose != "When the stats are set" || exchanges[1].Purpose != "cleanup" || first.Started.IsZero() || first.DurationMS <= 0 {
		t.Errorf("exchanges %+v", exchanges)
	}
	exchanges[0].Request.Headers["Content-Type"][0] = "changed"
	if session.Exchanges()[0].Request.Headers["Content-Type"][0] != "application/json" {
		t.Error("the record can be changed from outside")
	}
}

func TestRecordIsBounded(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", maxKept)
	c := client(t, Config{URL: "http://127.0.0.1:1"})
	total := 0
	for n := range 20 {
		session := c.Session()
		for range 10 {
			session.keep(Request{}, nil, result.Exchange{Response: &result.Message{Body: large}})
		}
		for i, e := range session.Exchanges() {
			total += len(e.Response.Body)
			whole := i < 8 && n < 5 // later ones may be cut
			if cut := e.Response.CutFrom > 0; cut && whole || cut && (e.Response.CutFrom != maxKept || len(e.Response.Body) != cutBody) {
				t.Errorf("exchange %d of session %d: %d bytes, cut from %d", i, n, len(e.Response.Body), e.Response.CutFrom)
			}
		}
	}
	if total > maxTotal+200*cutBody {
		t.Errorf("%d bytes are kept", total)
	}
}

// A body that nobody would read must not fill the reports.
func TestLongBodiesAreCut(t *testing.T) {
	t.Parallel()
	for size, cut := range map[int]bool{maxKept: false, maxKept + 1: true} {
		var m result.Message
		setBody(&m, make([]byte, size), strings.Clone)
		if cut && (m.CutFrom != size || len(m.Body) != cutBody) || !cut && len(m.Body) != size {
			t.Errorf("%d of %d bytes are kept, cut from %d", len(m.Body), size, m.CutFrom)
		}
	}
}

// The start of a secret is most of it.
func TestNoSecretIsCut(t *testing.T) {
	t.Parallel()
	const secret = `Zq81xZq81xZq"Zq81x` + "é&secret"
	var secrets foreign.Secrets
	secrets.Add(secret)
	for _, written := range []string{secret, `Zq81xZq81xZq\"Zq81x\u00e9\u0026secret`} {
		for _, start := range []int{0, cutBody - len(written), cutBody - len(written)/2, cutBody - 1} {
			body := strings.Repeat("x", max(0, start-1)) + " " + strings.Repeat(written+" ", maxKept/len(written)+1)
			var m result.Message
			setBody(&m, []byte(body), secrets.Redact)
			if m.CutFrom != len(body) || strings.Contains(m.Body, "Zq") {
				t.Errorf("%d bytes are kept, cut from %d: %.60q", len(m.Body), m.CutFrom, m.Body[max(0, len(m.Body)-60):])
			}
		}
	}
}

func TestUnreadAnswersAreCutAtOnce(t *testing.T) {
	t.Parallel()
	session := client(t, Config{URL: "http://127.0.0.1:1"}).Session()
	session.keep(Request{}, nil, result.Exchange{Error: "too large", Response: &result.Message{Body: strings.Repeat("x", 1<<20)}})
	if got := session.Exchanges()[0].Response; got.CutFrom != 1<<20 || len(got.Body) != cutBody {
		t.Errorf("%d bytes are kept, cut from %d", len(got.Body), got.CutFrom)
	}
}

func TestSessionsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	url, _ := recordingServer(t)
	session := client(t, Config{URL: url}).Session()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 4 {
				session.SetPurpose("x")
				if _, err := session.Do(t.Context(), Request{Method: "GET", Path: "/"}); err != nil {
					t.Error(err)
				}
				session.Exchanges()
			}
		})
	}
	wg.Wait()
	if n := len(session.Exchanges()); n != 32 {
		t.Errorf("%d exchanges, want 32", n)
	}
}

// Secrets planted in every place must not come back out of the record, from
// an error or from a curl line, in whatever form.
func TestSecretsAreNeverRecorded(t *testing.T) {
	t.Parallel()
	// The server says everything it knows.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Echo", strings.Join(r.Header["Authorization"], ","))
		w.Header().Set("Set-Cookie", "s="+"cookie-Zq81x")
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		echo, _ := json.Marshal(map[string]any{"auth": r.Header["Authorization"], "uri": r.RequestURI, "body": string(body), "was": `pa"ss\Wört-77`})
		_, _ = w.Write(echo)
	}))
	t.Cleanup(server.Close)

	const password = `pa"ss\Wört-77`
	secrets := []string{
		password, `pa\"ss\\Wört-77`, "pa%22ss%5CW%C3%B6rt-77", "ZWxhc3RpYzpwYSJzc1xXw7ZydC03Nw==",
		"keySecret-123", "a2V5LWlkOmtleVNlY3JldC0xMjM=", "bearer-tok-9", "cookie-Zq81x", "added-later-1", "made-up-5",
	}
	c := client(t, Config{URL: server.URL, Auth: Auth{Username: "elastic", Password: password}})
	session := c.Session()
	var texts []string
	for _, req := range []Request{
		{Method: "GET", Path: "/a"},
		{Method: "GET", Path: "/abort?p=pa%22ss%5CW%C3%B6rt-77"},
		{Method: "PUT", Path: "/b", Body: []byte(`{"p":"pa\"ss\\Wört-77","k":"keySecret-123"}`), Auth: &Auth{APIKey: "key-id:keySecret-123"}},
		{Method: "GET", Path: "/c", Header: http.Header{"Authorization": {"Bearer bearer-tok-9"}}},
		{Method: "GET", Path: "/d?added-later-1"},
		{Method: "PUT", Path: "/_security/user/x", Body: []byte(`{"password" : "made-up-5","roles":[]}`), Purpose: password},
	} {
		if _, err := session.Do(t.Context(), req); err != nil {
			texts = append(texts, err.Error())
		}
	}
	c.AddSecret("added-later-1")
	exchanges := session.Exchanges()
	for _, e := range exchanges {
		all, _ := json.Marshal(e)
		texts = append(texts, string(all), Curl(e, ""), e.Purpose, e.Error, e.Request.Body, e.Request.Path)
		if e.Response != nil {
			texts = append(texts, e.Response.Body)
		}
	}
	if len(texts) < 30 {
		t.Fatalf("only %d texts were looked at", len(texts))
	}
	for _, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
	if got := exchanges[0].Request.Headers["Authorization"]; len(got) != 1 || got[0] != Redacted {
		t.Errorf("the record does not show that there were credentials: %v", got)
	}
}

func TestShortSecretsDoNotBlotOutEverything(t *testing.T) {
	t.Parallel()
	c := client(t, Config{URL: "http://127.0.0.1:1", Auth: Auth{Username: "elastic", Password: "elastic"}})
	got := c.Redact(`elasticsearch said "elastic" elastic,elastic to X-elastic-product`)
	want := `elasticsearch said "<redacted>" <redacted>,<redacted> to X-<redacted>-product`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSecretsWithinSecrets(t *testing.T) {
	t.Parallel()
	c := client(t, Config{URL: "http://127.0.0.1:1"})
	c.AddSecret("abcdefgh")
	c.AddSecret("abcdefghij-longer")
	c.AddSecret("")
	if got := c.Redact("x abcdefghij-longer abcdefgh y"); got != "x <redacted> <redacted> y" {
		t.Errorf("got %s", got)
	}
}

func TestCurl(t *testing.T) {
	t.Parallel()
	jsonType := map[string][]string{"Content-Type": {"application/json"}, "User-Agent": {"esconform"}}
	for _, tt := range []struct {
		name string
		m    result.Message
		want string
	}{
		{"read", result.Message{Method: "GET", Path: "/_connector/x"}, `curl "$ES/_connector/x"`},
		{"write", result.Message{Method: "PUT", Path: "/x/_stats", Headers: jsonType, Body: `{"a":"it's"}`}, `curl -X PUT "$ES/x/_stats" -H 'Content-Type: application/json' -d '{"a":"it'\''s"}'`},
		{"head", result.Message{Method: "HEAD", Path: "/"}, `curl -I "$ES/"`},
		{"odd method", result.Message{Method: "P;x", Path: "/"}, `curl -X 'P;x' "$ES/"`},
		{"without a type", result.Message{Method: "PUT", Path: "/", Body: "x"}, `curl -X PUT "$ES/" -H 'Content-Type:' -d 'x'`},
		{"path", result.Message{Method: "DELETE", Path: "/a$b`c\"[1]/../d?hard=true"}, "curl -X DELETE -g --path-as-is \"$ES/a\\$b\\`c\\\"[1]/../d?hard=true\""},
		{"lines", result.Message{Method: "PUT", Path: "/", Headers: jsonType, Body: "{\n}"}, "curl -X PUT \"$ES/\" -H 'Content-Type: application/json' --data-binary '{\n}'"},
		{"at sign", result.Message{Method: "PUT", Path: "/", Headers: jsonType, Body: "@x"}, `curl -X PUT "$ES/" -H 'Content-Type: application/json' --data-raw '@x'`},
		{"credentials", result.Message{Method: "GET", Path: "/", Headers: map[string][]string{"Authorization": {Redacted}}}, `curl "$ES/" -H "Authorization: $ES_AUTH"`},
		{"empty header", result.Message{Method: "GET", Path: "/", Headers: map[string][]string{"X-A": {""}}}, `curl "$ES/" -H 'X-A;'`},
		{"compressed", result.Message{Method: "PUT", Path: "/", Headers: map[string][]string{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, Body: "{}"},
			`printf %s '{}' | gzip | curl -X PUT "$ES/" -H 'Content-Encoding: gzip' -H 'Content-Type: application/json' --data-binary @-`},
		{"cut", result.Message{Method: "PUT", Path: "/", Headers: jsonType, Body: "{", CutFrom: 10}, `curl -X PUT "$ES/" -H 'Content-Type: application/json' -d '{'  # only the start of the body`},
	} {
		if got := Curl(result.Exchange{Request: tt.m}, ""); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got := Curl(result.Exchange{Request: result.Message{Method: "GET", Path: "/x"}}, "http://h:1"); got != `curl "http://h:1/x"` {
		t.Errorf("with a base of its own: %s", got)
	}
}

func TestTransportErrorKeepsItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("x")
	if !errors.Is(&TransportError{Err: cause}, cause) {
		t.Error("the cause is lost")
	}
}

func TestSent(t *testing.T) {
	t.Parallel()
	url, _ := recordingServer(t)
	c := client(t, Config{URL: url})
	for n := range 2 {
		session := c.Session()
		for _, r := range [][2]string{{"GET", "/x"}, {"HEAD", "/x"}, {"POST", "/x/_search?q=1"}, {"PUT", "/_connector/x"}, {"DELETE", "/x"}} {
			if _, err := session.Do(t.Context(), Request{Method: r[0], Path: r[1]}); err != nil {
				t.Fatal(err)
			}
		}
		session.Forget()
		if got := session.Sent(); got != (result.Sent{Requests: 5, Writes: 2}) || len(session.Exchanges()) > 0 || c.recorded.bytes.Load() != 0 {
			t.Errorf("%+v, and %d exchanges of %d bytes are kept", got, len(session.Exchanges()), c.recorded.bytes.Load())
		}
		if got := c.Sent(); got != (result.Sent{Requests: 5 * (n + 1), Writes: 2 * (n + 1)}) {
			t.Errorf("all sessions sent %+v", got)
		}
	}
}

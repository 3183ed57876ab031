//go:build unix

package hostile

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	escape "html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference"
)

// manglings are what may become of an answer of the security API, with the
// credentials in it, on its way: each writes what is left of it.
var manglings = []struct {
	name string
	do   func(w http.ResponseWriter, r *http.Request, sent []byte, answer *httptest.ResponseRecorder)
}{
	{"another status", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, 299, a.Body.String())
	}},
	{"an error's status", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, 500, a.Body.String())
	}},
	{"renamed members", renamed(`"api_key"`, `"key"`, `"encoded"`, `"code"`)},
	{"one renamed", renamed(`"encoded"`, `"encodedKey"`)},
	{"the other renamed", renamed(`"api_key"`, `"apiKey"`)},
	{"swapped members", renamed(`"id"`, `"api_key"`, `"api_key"`, `"id"`)},
	{"in a list", wrapped("[%s]")},
	{"in an object", wrapped(`{"result":%s}`)},
	{"in an error", wrapped(`{"error":{"type":"x","reason":"done"},"key":%s}`)},
	{"after a word", wrapped("created: %s")},
	{"in HTML", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, 200, "<html><body><pre>"+escape.EscapeString(a.Body.String())+"</pre></body></html>")
	}},
	{"as YAML", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, 200, strings.NewReplacer("{", "---\n", ",", "\n", `"`, "", "}", "\n").Replace(a.Body.String()))
	}},
	{"twice", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, 200, strings.TrimSuffix(a.Body.String(), "}")+","+strings.TrimPrefix(a.Body.String(), "{"))
	}},
	{"in a header", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		w.Header().Set("X-Moved", a.Body.String())
		relay(w, 200, "{}")
	}},
	{"cut", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		w.Header().Set("Content-Length", strconv.Itoa(a.Body.Len()))
		w.WriteHeader(200)
		_, _ = w.Write(a.Body.Bytes()[:a.Body.Len()*9/10])
	}},
	{"dropped", func(http.ResponseWriter, *http.Request, []byte, *httptest.ResponseRecorder) {
		panic(http.ErrAbortHandler)
	}},
	{"late", func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		time.Sleep(600 * time.Millisecond) // longer than the run waits
		relay(w, a.Code, a.Body.String())
	}},
	// A server that repeats what it was sent, as an error in Java's words, in
	// JSON that is escaped more, less, or twice.
	{"echo", echo(func(text string) string { b, _ := json.Marshal(text); return string(b) })},
	{"echo in plain JSON", echo(plainJSON)},
	{"echo in ASCII", echo(func(text string) string { return ascii(plainJSON(strings.ReplaceAll(text, "/", `\/`))) })},
	{"echo of JSON in JSON", echo(func(text string) string { return plainJSON("failed to parse " + plainJSON(text)) })},
	{"echo of a URL", echo(func(text string) string { return plainJSON(url.QueryEscape(text)) })},
	{"echo in a log", func(w http.ResponseWriter, r *http.Request, sent []byte, _ *httptest.ResponseRecorder) {
		relay(w, 400, fmt.Sprintf("%q %q", sent, r.Header["Authorization"]))
	}},
}

func relay(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func renamed(pairs ...string) func(http.ResponseWriter, *http.Request, []byte, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, a.Code, strings.NewReplacer(pairs...).Replace(a.Body.String()))
	}
}

func wrapped(format string) func(http.ResponseWriter, *http.Request, []byte, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		relay(w, a.Code, fmt.Sprintf(format, a.Body.String()))
	}
}

func echo(quoted func(string) string) func(http.ResponseWriter, *http.Request, []byte, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, r *http.Request, sent []byte, _ *httptest.ResponseRecorder) {
		relay(w, 400, fmt.Sprintf(`{"error":{"type":"illegal_argument_exception","reason":%s},"status":400}`, quoted(told(r, string(sent)))))
	}
}

// told is all that the server was told in a request, the secrets among it.
func told(r *http.Request, sent string) string {
	_, password, _ := r.BasicAuth()
	return sent + " " + password + " " + r.Header.Get("Authorization")
}

func plainJSON(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)
	return strings.TrimSuffix(b.String(), "\n")
}

func ascii(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	return b.String()
}

// securityProxy stands before a secured server and mangles the first answers of
// each call of the security API, each in another way. Sync jobs that are read
// have now and then a status that repeats what the server was told. It knows
// every secret that went through it.
type securityProxy struct {
	server http.Handler
	reads  atomic.Int64

	mu      sync.Mutex
	first   int // of the manglings
	calls   map[string]int
	done    map[string]map[int]bool // manglings by call
	secrets map[string]bool
}

// call names a call of the security API: POST /_security/api_key.
func call(r *http.Request) string {
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/_security/"), "/", 2)
	return r.Method + " " + parts[0]
}

func (p *securityProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent bytes.Buffer
	_, _ = sent.ReadFrom(r.Body)
	r.Body = http.NoBody
	request := r.Clone(r.Context())
	request.Body = readCloser{bytes.NewReader(sent.Bytes())}
	answer := httptest.NewRecorder()
	p.server.ServeHTTP(answer, request)

	p.learn(r, sent.Bytes(), answer.Body.Bytes())
	if strings.HasPrefix(r.URL.Path, "/_security/") {
		if at, ok := p.turn(call(r)); ok {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			manglings[at].do(w, r, sent.Bytes(), answer)
			return
		}
	}
	body := answer.Body.String()
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/_connector/_sync_job/") && p.reads.Add(1)%3 == 0 {
		body = strings.Replace(body, `"pending"`, plainJSON(told(r, sent.String())), 1)
	}
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write([]byte(body))
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// turn says whose turn it is to mangle the answer of a call, if any.
func (p *securityProxy) turn(call string) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.calls[call]
	p.calls[call]++
	if n >= len(manglings) {
		return 0, false
	}
	at := (p.first + n) % len(manglings)
	if p.done[call] == nil {
		p.done[call] = map[int]bool{}
	}
	p.done[call][at] = true
	return at, true
}

// learn takes note of every secret in a request and in the true answer.
func (p *securityProxy) learn(r *http.Request, sent, answer []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, value := range r.Header["Authorization"] {
		_, token, _ := strings.Cut(value, " ")
		plain, _ := base64.StdEncoding.DecodeString(token)
		_, secret, _ := strings.Cut(string(plain), ":")
		p.note(token, secret)
	}
	var body struct {
		Password string `json:"password"`
		Key      string `json:"api_key"`
		Encoded  string `json:"encoded"`
	}
	for _, raw := range [][]byte{sent, answer} {
		if strings.HasPrefix(r.URL.Path, "/_security/") && json.Unmarshal(raw, &body) == nil {
			p.note(body.Password, body.Key, body.Encoded)
		}
	}
}

func (p *securityProxy) note(secrets ...string) {
	for _, s := range secrets {
		if s != "" {
			p.secrets[s] = true
		}
	}
}

// formsOf are those in which a secret may stand in a file or on a screen.
func formsOf(secret string) []string {
	var asXML bytes.Buffer
	_ = xml.EscapeText(&asXML, []byte(secret))
	asJSON, _ := json.Marshal(secret)
	all := []string{
		secret, string(asJSON), plainJSON(secret), ascii(plainJSON(secret)), strings.ReplaceAll(plainJSON(secret), "/", `\/`),
		plainJSON(plainJSON(secret)), url.QueryEscape(secret), url.PathEscape(secret), escape.EscapeString(secret), asXML.String(),
		strings.Join(strings.Fields(secret), " "),
	}
	for i, form := range all {
		all[i] = strings.Trim(form, `"`)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestNoSecretIsShownWhateverBecomesOfIt searches everything that a run prints
// and writes for every secret that was ever issued in it, or given to it.
func TestNoSecretIsShownWhateverBecomesOfIt(t *testing.T) {
	t.Parallel()
	passwords := []string{`p"ä\<r>&'s/ 密码`, `"\<>&'/`}
	if testing.Short() {
		passwords = passwords[:1]
	}
	done := map[string]map[int]bool{}
	for i, password := range passwords {
		server, err := reference.New(reference.Options{Password: password})
		if err != nil {
			t.Fatal(err)
		}
		proxy := &securityProxy{server: server, first: i * len(manglings) / 2, calls: map[string]int{}, done: done, secrets: map[string]bool{password: true}}
		web := httptest.NewServer(proxy)
		said := leaky(t, password, "--url", web.URL, "--username", "elastic", "--tags", "@security", "--format", "cucumber",
			"--timeout-request", "500ms", "--timeout-scenario", "8s", "--timeout-cleanup", "5s", "--parallel", "32")
		web.CloseClientConnections()
		web.Close()
		if len(proxy.secrets) < 100 {
			t.Errorf("there were only %d secrets", len(proxy.secrets))
		}
		search(t, said, proxy.secrets)
	}
	for _, call := range []string{"POST api_key", "PUT user", "PUT role", "DELETE api_key"} {
		if len(done[call]) < len(manglings) && (call == "POST api_key" || !testing.Short()) {
			t.Errorf("%s was mangled in %d of %d ways", call, len(done[call]), len(manglings))
		}
	}
}

// leaky runs the suite as in GitHub Actions and returns what it printed and
// wrote, by name.
func leaky(t *testing.T, password string, args ...string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "report")
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"run", "--out", out, "--evidence", "all"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), childVariable+"=1", "ESCONFORM_PASSWORD="+password, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "step-summary"))
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	_ = cmd.Run() // the verdict is not what counts here
	said := readAll(t, dir)
	said["the terminal"] = printed.String()
	if len(said) < 8 {
		t.Fatalf("there are only %d texts to search: %v; printed: %s", len(said), slices.Sorted(maps.Keys(said)), printed.String())
	}
	return said
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	said := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		said[filepath.Base(path)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range embedded.FindAllStringSubmatch(said["cucumber.json"], -1) {
		plain, _ := base64.StdEncoding.DecodeString(m[1])
		said["exchanges of cucumber.json"] += string(plain)
	}
	return said
}

// embedded finds the exchanges in a report for Cucumber, which are base64.
var embedded = regexp.MustCompile(`"data": "([^"]+)"`)

// search demands that no secret is in any text.
func search(t *testing.T, said map[string]string, secrets map[string]bool) {
	t.Helper()
	for name, text := range said {
		for secret := range secrets {
			if len(secret) < 6 {
				continue
			}
			for _, form := range formsOf(secret) {
				if at := strings.Index(text, form); at >= 0 {
					t.Errorf("%s has the secret %q in it, as %q: …%s…", name, secret, form, text[max(0, at-200):min(len(text), at+len(form)+20)])
				}
			}
		}
	}
}

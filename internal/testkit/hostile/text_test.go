//go:build unix

package hostile

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/compare/matrix"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
)

// evil is a text that a terminal or a CI system would obey, and that a reader
// would not see for what it is. Its last words show that it was there.
const (
	evilLine = "##[error]a ##vso[task.complete]b \x1b[2J\x1b]0;t\a\x00\u009b31m \u202e \u2066 \u2028 \u200b \ufeff was-here"
	evil     = "x\n::error::c\n \t::set-output name=a::b\r\n::stop-commands::d\n" + evilLine
)

func evilJSON() string { return strings.Trim(plainJSON(evil), `"`) }

// shouting are servers that put an evil text wherever they may.
var shouting = map[string]func(w http.ResponseWriter, r *http.Request, right *httptest.ResponseRecorder){
	"everywhere": func(w http.ResponseWriter, r *http.Request, right *httptest.ResponseRecorder) {
		body := strings.ReplaceAll(right.Body.String(), `"reason":"`, `"reason":"`+evilJSON())
		switch {
		case r.URL.Path == "/":
			body = evilRoot(right.Body.Bytes())
		case IsStats(r.Method, r.URL.Path):
			body = `{"result":"` + evilJSON() + `"}`
		case strings.HasSuffix(r.URL.Path, "/_check_in"):
			body = evil + "\xff"
		}
		w.WriteHeader(right.Code)
		_, _ = w.Write([]byte(body))
	},
	"in the version": func(w http.ResponseWriter, r *http.Request, right *httptest.ResponseRecorder) {
		w.WriteHeader(right.Code)
		_, _ = w.Write([]byte(strings.Replace(right.Body.String(), "9.5.3", evilJSON(), 1)))
	},
	"in a refusal": func(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
		if r.URL.Path == "/" {
			relay(w, 200, `{"version":{"number":"9.5.3"},"tagline":"You Know, for Search"}`)
			return
		}
		relay(w, 400, `{"error":{"type":"`+evilJSON()+`","reason":"`+evilJSON()+`"}}`)
	},
	"in what is left": func(w http.ResponseWriter, r *http.Request, right *httptest.ResponseRecorder) {
		if r.Method == http.MethodDelete {
			relay(w, 403, evil)
			return
		}
		w.WriteHeader(right.Code)
		_, _ = w.Write(right.Body.Bytes())
	},
	"in ids": func(w http.ResponseWriter, r *http.Request, right *httptest.ResponseRecorder) {
		body := right.Body.String()
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/_sync_job") {
			body = `{"id":"` + evilJSON() + `"}`
		}
		w.WriteHeader(right.Code)
		_, _ = w.Write([]byte(body))
	},
	"as a page": func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		relay(w, 200, "<html>"+evil)
	},
	"as no page": func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) { relay(w, 500, evil) },
	"as no HTTP": func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		say(w, strings.ReplaceAll(evilLine, " ", "")+"\n\n")
	},
	"as a redirect": func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Location", "http://"+inHeader(evilLine))
		relay(w, 302, "")
	},
}

// inHeader leaves out what no header may have: net/http refuses such an answer.
func inHeader(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, text)
}

// evilRoot is the answer to GET / of a server with evil names.
func evilRoot(right []byte) string {
	var doc map[string]any
	_ = json.Unmarshal(right, &doc)
	version, _ := doc["version"].(map[string]any)
	for _, name := range []string{"build_flavor", "build_type", "build_hash", "build_date"} {
		version[name] = evil
	}
	doc["name"], doc["cluster_name"], doc["cluster_uuid"] = evil, evil, evil
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(doc)
	return b.String()
}

func shout(t *testing.T, as string) string {
	t.Helper()
	server, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		right := httptest.NewRecorder()
		server.ServeHTTP(right, r)
		maps.Copy(w.Header(), right.Header())
		w.Header().Del("Content-Length")
		w.Header().Set("X-Evil", inHeader(evilLine))
		shouting[as](w, r, right)
	}))
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	return web.URL
}

// said runs a command line as in GitHub Actions and returns what it printed,
// and what it wrote below the folder, by name.
func said(t *testing.T, dir string, args ...string) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), childVariable+"=1", "GITHUB_ACTIONS=true", "TF_BUILD=True", "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "step-summary"))
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	_ = cmd.Run() // the verdict is not what counts here
	all := readAll(t, dir)
	all["the terminal"] = printed.String()
	return all
}

// annotation is a command of our own.
var annotation = regexp.MustCompile(`^::(error|warning) (file=[^:,]+,(line=\d+,)?)?title=[^:,]*::`)

// powerless demands that nothing in the texts is raw, and that nothing that
// was printed is a command, but for annotations.
func powerless(t *testing.T, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8", name)
		}
		if at := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) && r != '\n' && r != '\t' }); at >= 0 {
			t.Errorf("%s has a character in it that cannot be seen: …%q…", name, text[max(0, at-100):min(len(text), at+20)])
		}
	}
	printed := texts["the terminal"]
	for line := range strings.Lines(printed) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") && !annotation.MatchString(line) {
			t.Errorf("printed as a command: %s", line)
		}
	}
	if strings.Contains(printed, "##[") || strings.Contains(printed, "##vso[") {
		t.Errorf("a command within a line is printed: %s", printed)
	}
}

func shows(t *testing.T, texts map[string]string, names ...string) {
	t.Helper()
	for _, name := range names {
		if !strings.Contains(texts[name], "was-here") {
			t.Errorf("%s does not show the text of the server, so nothing is proven of it: %.1000s", name, texts[name])
		}
	}
}

var reportFiles = []string{"report.json", "report.html", "junit.xml", "summary.md", "journal.ndjson", "observations.ndjson", "exchanges of cucumber.json", "step-summary"}

func TestNothingThatAServerSaysIsObeyed(t *testing.T) {
	t.Parallel()
	for as := range shouting {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			texts := said(t, t.TempDir(), "run", "--url", shout(t, as), "--out", "report", "--format", "cucumber", "--timeout-request", "2s",
				"--id", "stats.example.works", "--id", "stats.code.404", "--id", "sync-job.check-in.example.works")
			powerless(t, texts)
			switch as {
			case "in the version": // which is none
				shows(t, texts, "report.json", "report.html")
			case "everywhere":
				shows(t, texts, append(slices.Clone(reportFiles), "the terminal")...)
				if !strings.Contains(texts["the terminal"], "\n::error file=") {
					t.Error("there is no annotation of our own")
				}
			default:
				shows(t, texts, "the terminal", "report.json")
			}
		})
	}
}

// Pages and features come from others as well.
func TestNothingThatAPageOrAFeatureSaysIsObeyed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	heading := strings.NewReplacer("\u2028", "").Replace(evilLine)
	page, err := os.ReadFile("../../docs/testdata/pages/stats.asciidoc")
	if err != nil {
		t.Fatal(err)
	}
	write("page.asciidoc", regexp.MustCompile(`(?m)^(=+ .*|\(.*)$`).ReplaceAllString(string(page), "$1 "+heading)+"\n::error::c\n ::set-output name=a::b\n")
	write("own/evil.feature", "@contract\nFeature: "+heading+"\n\n  ::error::c\n\n  @id:own.evil @req:stats.code.200\n  Scenario: "+heading+
		"\n    When I send GET \"/_connector\"\n    Then the status is 418\n")
	write("binary/evil.feature", "\x7fELF "+heading+"\x00\xff\n")
	write("tags/evil.feature", "@"+strings.ReplaceAll(heading, " ", "")+"\nFeature: x\n  @id:own.evil\n  Scenario: y\n    When I send GET \"/\"\n")

	url := shout(t, "everywhere")
	docs := said(t, dir, "docs", "page.asciidoc", "--url", url, "--out", "docs", "--verbose")
	own := said(t, dir, "run", "--url", url, "--features", "own", "--id", "own.evil", "--out", "report", "--format", "cucumber")
	broken := said(t, dir, "run", "--features", "binary", "--out", "broken")
	tagged := said(t, dir, "lint", "--features", "tags")
	for name, texts := range map[string]map[string]string{"docs": docs, "own features": own, "a binary feature": broken, "tags": tagged} {
		maps.DeleteFunc(texts, func(name, _ string) bool { return name == "evil.feature" || name == "page.asciidoc" })
		t.Run(name, func(t *testing.T) { powerless(t, texts) })
	}
	shows(t, docs, "the terminal", "docs-report.json", "docs-report.html", "docs-report.md", "docs.sarif", "docs-junit.xml")
	shows(t, own, append(slices.Clone(reportFiles), "the terminal")...)
	shows(t, broken, "the terminal")
	shows(t, tagged, "the terminal")
}

// Reports are compared, and put side by side, by whoever gets them.
func TestNothingInAReportIsObeyed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var runs []*result.Run
	for _, name := range []string{"old", "new"} {
		args := []string{"run", "--id", "stats.code.200", "--id", "stats.code.404", "--out", name}
		if name == "new" {
			args = append(args, "--url", shout(t, "everywhere"))
		}
		said(t, dir, args...)
		raw, err := os.ReadFile(filepath.Join(dir, name, "report.json"))
		if err != nil {
			t.Fatal(err)
		}
		run := &result.Run{}
		if err := json.Unmarshal(raw, run); err != nil {
			t.Fatal(err)
		}
		run.Requirements[0].ID, run.Requirements[0].Statement, run.Reason = evil, evil, evil
		runs = append(runs, run)
	}
	text := said(t, dir, "compare", "old", "new", "--out", "compared")
	asJSON := said(t, dir, "compare", "old", "new", "--json")
	baseline := said(t, dir, "run", "--baseline", "new/observations.ndjson", "--id", "stats.code.200", "--id", "stats.code.404", "--out", "again")
	for _, texts := range []map[string]string{text, asJSON, baseline} {
		powerless(t, texts)
		shows(t, texts, "the terminal")
	}
	shows(t, text, "compare.json", "compare.md")

	m := matrix.Build(runs)
	written := map[string]string{}
	var screen, md, page, data bytes.Buffer
	door := foreign.NewWriter(&screen, &foreign.Secrets{})
	for _, err := range []error{m.Text(door, true), m.Markdown(&md), m.HTML(&page), m.JSON(foreign.File(&data))} {
		if err != nil {
			t.Error(err)
		}
	}
	written["the terminal"], written["matrix.md"], written["matrix.html"], written["matrix.json"] = screen.String(), md.String(), page.String(), data.String()
	powerless(t, written)
	shows(t, written, slices.Sorted(maps.Keys(written))...)
}

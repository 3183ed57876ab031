package foreign

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hard are passwords that every form writes in another way.
var hard = []string{
	`a"<b`, `q"\<>&'/ end`, "pä/ss wörd", "two  blanks and\ttab", `back\slash\\`, "ключ-和-鍵", "emoji-😀-x", "per%cent+plus=1",
	"simple0password", "with:colon:s", "ends in blank ", `"""quotes"""`, "nul\x01control", "in\xffvalid\xc3bytes", "new\nline",
}

// forms in which a text may come back.
var allForms = map[string]func(string) string{
	"raw":          func(s string) string { return s },
	"JSON of Go":   func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"JSON":         plainJSON,
	"JSON, ASCII":  func(s string) string { return strings.Trim(strconv.QuoteToASCII(plainJSON(s)), `"`) },
	"JSON of PHP":  func(s string) string { return strings.ReplaceAll(plainJSON(s), "/", `\/`) },
	"query":        url.QueryEscape,
	"path":         url.PathEscape,
	"small hex":    func(s string) string { return strings.ToLower(url.QueryEscape(strings.ToLower(s))) },
	"HTML":         html.EscapeString,
	"XML":          func(s string) string { var b bytes.Buffer; _ = xml.EscapeText(&b, []byte(s)); return b.String() },
	"numbers":      func(s string) string { return numbered(s, "&#%d;") },
	"hex numbers":  func(s string) string { return numbered(s, "&#x%X;") },
	"quoted by Go": strconv.Quote,
	"visible":      Line,
	"folded":       func(s string) string { return strings.Join(strings.Fields(s), " ") },
}

func plainJSON(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

func numbered(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(unreserved, r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, format, r)
		}
	}
	return b.String()
}

func TestSecretsAreKnownInEveryForm(t *testing.T) {
	t.Parallel()
	for _, secret := range hard {
		var s Secrets
		s.Add(secret)
		for outer, out := range allForms {
			for inner, in := range allForms {
				if outer == "small hex" || inner == "small hex" && strings.ToLower(secret) != secret {
					continue
				}
				text := "before [" + out(in(secret)) + "] after"
				got := s.Redact(text)
				if !strings.HasPrefix(got, "before [") || !strings.HasSuffix(got, "] after") || !strings.Contains(got, Redacted) {
					t.Errorf("%q as %s in %s: %s became %s", secret, inner, outer, text, got)
				}
				if c := core(secret); len(c) > 2 && strings.Contains(strings.ReplaceAll(got, Redacted, ""), c) {
					t.Errorf("%q as %s in %s: a part of it is left: %s", secret, inner, outer, got)
				}
			}
		}
	}
}

func TestLoginsAndKeysAreKnownAsHeadersCarryThem(t *testing.T) {
	t.Parallel()
	for _, password := range hard {
		var login, header Secrets
		login.AddLogin("elastic", password)
		pair := base64.StdEncoding.EncodeToString([]byte("elastic:" + password))
		header.AddHeader("Basic " + pair)
		for name, s := range map[string]*Secrets{"login": &login, "header": &header} {
			for _, token := range []string{pair, base64.URLEncoding.EncodeToString([]byte("elastic:" + password)), strings.TrimRight(pair, "="), url.QueryEscape(pair)} {
				got := s.Redact(`"Basic ` + token + `"`)
				if strings.Contains(got, token[:8]) || !strings.Contains(got, Redacted) {
					t.Errorf("%q learned as %s: %s is left as %s", password, name, token, got)
				}
			}
			if got := s.Redact("[" + password + "]"); !strings.Contains(got, Redacted) {
				t.Errorf("%q learned as %s: is left as %q", password, name, got)
			}
		}
	}
	var s Secrets
	s.AddKey("id:of-a-key")
	if got := s.Redact("id of-a-key aWQ6b2YtYS1rZXk="); got != "id <redacted> <redacted>" {
		t.Errorf("got %s", got)
	}
}

func TestOtherTextStays(t *testing.T) {
	t.Parallel()
	var s Secrets
	s.Add("elastic", "", "  ", "abcdefgh", "abcdefghij-longer", `x"y`, "a b c d e")
	for text, want := range map[string]string{
		`elasticsearch said "elastic" elastic,elastic`: `elasticsearch said "<redacted>" <redacted>,<redacted>`,
		"x abcdefghij-longer abcdefgh y":               "x <redacted> <redacted> y",
		`6x"y x"y7 (x"y)`:                              `6x"y x"y7 (<redacted>)`,
		"a b c d":                                      "a b c d",
		"":                                             "",
		" ":                                            " ",
	} {
		if got := s.Redact(text); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
	if (&Secrets{}).Redact("x") != "x" || !(&Secrets{}).None() || s.None() {
		t.Error("an empty set of secrets is none")
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://es:9200/x?y#z":                 "https://es:9200/x?y#z",
		"https://elastic:geheim@es:9200":        "https://<redacted>@es:9200",
		"tcp://me:pa@ss@engine:2375/v1":         "tcp://<redacted>@engine:2375/v1",
		"https://elastic:with/slash@es:9200":    "https://<redacted>@es:9200",
		"u:geheim@es:9200":                      "<redacted>@es:9200",
		"unix:///var/run/docker.sock":           "unix:///var/run/docker.sock",
		"ssh://me@engine":                       "ssh://<redacted>@engine",
		"":                                      "",
		"https://elastic:pass%40word@es/a?b=@c": "https://<redacted>@es/a?b=@c",
	} {
		if got := URL(address); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
		if got, want := Bare(address), strings.Replace(want, Redacted+"@", "", 1); got != want {
			t.Errorf("%s without a password is %s, want %s", address, got, want)
		}
		var s Secrets
		s.AddURL(address)
		if got := s.Redact("at " + address); want != address && slices.ContainsFunc([]string{"geheim", "pa@ss", "slash", "pass%40word"}, func(p string) bool { return strings.Contains(got, p) }) {
			t.Errorf("%s is learned and shown as %s", address, got)
		}
	}
	var s Secrets
	s.AddURL("https://elastic:pass%40word@es")
	if got := s.Redact("pass@word"); got != Redacted {
		t.Errorf("the password of a URL is shown as %s", got)
	}
}

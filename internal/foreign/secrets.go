package foreign

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Redacted stands where a secret stood.
const Redacted = "<redacted>"

// shortSecret is the length in bytes up to which a secret is replaced only
// where it stands as a word of its own: a password such as "elastic" must not
// blot out half of every answer.
const shortSecret = 7

// Secrets are those of a run, given or learned as they are issued. It knows
// them in every form in which they may come back. The zero value knows none;
// it is safe for concurrent use.
type Secrets struct {
	mu       sync.RWMutex
	known    map[string]bool
	plain    []string // which every form leaves as they are, the longest first
	long     *strings.Replacer
	words    []string // such ones that are short
	patterns []pattern
}

// Add learns secrets; empty ones are none.
func (s *Secrets) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	plain := len(s.plain)
	for _, secret := range secrets {
		secret = strings.TrimSpace(secret) // texts are folded into lines
		if secret == "" || s.known[secret] {
			continue
		}
		if s.known == nil {
			s.known = map[string]bool{}
		}
		s.known[secret] = true
		// The padding of base64 is often left out.
		bare := strings.TrimRight(secret, "=")
		switch {
		case strings.Trim(bare, unreserved) != "":
			s.patterns = append(s.patterns, newPattern(secret))
		case len(bare) <= shortSecret:
			s.words = append(s.words, secret)
		case bare == secret:
			s.plain = append(s.plain, secret)
		default:
			s.plain = append(s.plain, secret, bare)
		}
	}
	if len(s.plain) == plain {
		return
	}
	// What is found first is replaced: a secret within another one must not
	// keep the rest of it from being replaced.
	slices.SortStableFunc(s.plain, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, secret := range s.plain {
		pairs = append(pairs, secret, Redacted)
	}
	s.long = strings.NewReplacer(pairs...)
}

// AddLogin learns a password, also as the header of a request carries it.
func (s *Secrets) AddLogin(name, password string) {
	if password != "" {
		s.addToken(name + ":" + password)
		s.Add(password)
	}
}

// AddKey learns an API key, given as "id:api_key" or as that in base64.
func (s *Secrets) AddKey(key string) {
	s.Add(key)
	plain := key
	if !strings.Contains(key, ":") {
		decoded, _ := base64.StdEncoding.DecodeString(key) // nothing where it is another token
		plain = string(decoded)
	}
	if _, secret, ok := strings.Cut(plain, ":"); ok && seen(plain, false) {
		s.addToken(plain)
		s.Add(secret)
	}
}

// addToken learns the base64 of a pair of a name and a secret.
func (s *Secrets) addToken(pair string) {
	s.Add(base64.StdEncoding.EncodeToString([]byte(pair)), base64.URLEncoding.EncodeToString([]byte(pair)))
}

// AddHeader learns what the value of an Authorization header carries.
func (s *Secrets) AddHeader(value string) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value), " ")
	token = strings.TrimSpace(token)
	s.AddKey(token)
	if strings.EqualFold(scheme, "Basic") {
		pair, _ := base64.StdEncoding.DecodeString(token) // nothing where it is malformed
		name, password, _ := strings.Cut(string(pair), ":")
		s.AddLogin(name, password)
	}
}

// AddURL learns the password in a URL, if there is one.
func (s *Secrets) AddURL(address string) {
	info, _, _ := userinfo(address)
	name, password, ok := strings.Cut(info, ":")
	if !ok {
		return
	}
	s.AddLogin(name, password)
	if plain, err := url.PathUnescape(password); err == nil && plain != password {
		if name, err := url.PathUnescape(name); err == nil {
			s.AddLogin(name, plain)
		}
	}
}

// Redact replaces every known secret in a text.
func (s *Secrets) Redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []span
	var readings []reading
	for _, p := range s.patterns {
		if !strings.Contains(text, p.core) {
			continue
		}
		if readings == nil {
			readings = readingsOf(text)
		}
		found = append(found, p.find(readings)...)
	}
	for _, word := range s.words {
		found = append(found, findWord(text, word)...)
	}
	if len(found) > 0 {
		text = replace(text, found)
	}
	if s.long != nil {
		text = s.long.Replace(text)
	}
	return text
}

// None reports whether no secret is known.
func (s *Secrets) None() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.known) == 0
}

// URL is an address as it may be shown: without user name and password.
func URL(address string) string {
	info, before, after := userinfo(address)
	if info == "" {
		return address
	}
	return before + Redacted + after
}

// Bare is an address as a command may name it: as if it had neither user name
// nor password.
func Bare(address string) string {
	info, before, after := userinfo(address)
	if info == "" {
		return address
	}
	return before + strings.TrimPrefix(after, "@")
}

// authority finds the part of a URL, or of what is meant to be one, in which
// user name and password may stand.
var authority = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)?([^/?#]*)`)

// userinfo returns user name and password in an address, and what stands
// before and after them. An address that is malformed may hold a slash in its
// password.
func userinfo(address string) (info, before, after string) {
	m := authority.FindStringSubmatchIndex(address)
	start, end := m[4], m[5]
	at := strings.LastIndex(address[start:end], "@")
	if at < 0 {
		if at = strings.LastIndex(address[start:], "@"); at < 0 || !strings.Contains(address[start:start+at], ":") {
			return "", "", ""
		}
	}
	return address[start : start+at], address[:start], address[start+at:]
}

package wire

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/result"
)

// Redacted stands where a secret stood.
const Redacted = "<redacted>"

// shortSecret is the length up to which a secret is replaced only where it
// stands as a word of its own: a password such as "elastic" must not blot out
// half of every answer.
const shortSecret = 7

// redactor knows the secrets of a client in every form in which they may
// appear. It is safe for concurrent use.
type redactor struct {
	mu      sync.RWMutex
	known   map[string]bool
	long    *strings.Replacer
	shorts  []*regexp.Regexp
	longest []string
}

func (r *redactor) add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := false
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			if form == "" || r.known[form] {
				continue
			}
			if r.known == nil {
				r.known = map[string]bool{}
			}
			r.known[form] = true
			changed = true
			if len(form) > shortSecret {
				r.longest = append(r.longest, form)
			} else {
				r.shorts = append(r.shorts, regexp.MustCompile(`(^|[^0-9A-Za-z])`+regexp.QuoteMeta(form)+`($|[^0-9A-Za-z])`))
			}
		}
	}
	if !changed {
		return
	}
	// The replacer takes the first that fits: a secret within another one
	// must not keep the rest of it from being replaced.
	slices.SortStableFunc(r.longest, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, form := range r.longest {
		pairs = append(pairs, form, Redacted)
	}
	r.long = strings.NewReplacer(pairs...)
}

// forms lists how a secret may be written: plain, inside a JSON string and in
// a URL.
func forms(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string can always be marshalled
	return []string{secret, strings.Trim(string(quoted), `"`), url.QueryEscape(secret), url.PathEscape(secret)}
}

func (r *redactor) addAuth(a Auth) {
	if a.Password != "" {
		r.add(a.Password, base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password)))
	}
	if a.APIKey == "" {
		return
	}
	encoded := encodedKey(a.APIKey)
	r.add(a.APIKey, encoded)
	if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
		if _, secret, ok := strings.Cut(string(plain), ":"); ok {
			r.add(secret)
		}
	}
}

// addHeader learns the secrets in the value of an Authorization header.
func (r *redactor) addHeader(value string) {
	_, token, ok := strings.Cut(value, " ")
	token = strings.TrimSpace(token)
	if !ok || token == "" {
		return
	}
	r.add(token)
	if plain, err := base64.StdEncoding.DecodeString(token); err == nil {
		if _, secret, ok := strings.Cut(string(plain), ":"); ok && secret != "" {
			r.add(secret)
		}
	}
}

func (r *redactor) text(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.long != nil {
		s = r.long.Replace(s)
	}
	for _, short := range r.shorts {
		// Twice, since two secrets may share the character between them.
		for range 2 {
			s = short.ReplaceAllString(s, "${1}"+Redacted+"${2}")
		}
	}
	return s
}

// secretHeaders are never recorded, whatever they hold.
var secretHeaders = map[string]bool{"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true, "Es-Secondary-Authorization": true}

// secretFields are the fields in bodies of the security API that hold
// credentials that the server or a scenario has just made up.
var secretFields = regexp.MustCompile(`("(?:password|api_key|encoded|access_token|refresh_token)"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// exchange returns a copy without secrets.
func (r *redactor) exchange(e result.Exchange) result.Exchange {
	security := strings.HasPrefix(e.Request.Path, "/_security/")
	e.Request = r.message(e.Request, security)
	if e.Response != nil {
		answer := r.message(*e.Response, security)
		e.Response = &answer
	}
	e.Purpose = r.text(e.Purpose)
	e.Error = r.text(e.Error)
	return e
}

func (r *redactor) message(m result.Message, security bool) result.Message {
	m.Path = r.text(m.Path)
	m.Body = r.text(m.Body)
	if security {
		m.Body = secretFields.ReplaceAllString(m.Body, `${1}"`+Redacted+`"`)
	}
	if m.Headers == nil {
		return m
	}
	headers := make(map[string][]string, len(m.Headers))
	for name, values := range m.Headers {
		clean := make([]string, len(values))
		for i, value := range values {
			if clean[i] = r.text(value); secretHeaders[name] {
				clean[i] = Redacted
			}
		}
		headers[name] = clean
	}
	m.Headers = headers
	return m
}

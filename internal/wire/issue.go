package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// Whatever the security API answers is secret until it is understood: a
// server, or something before it, may put a key where nobody expects one.

// issuing are the calls that answer with credentials, and what such an answer
// looks like: an object of these members, in which secret stands.
var issuing = []struct {
	path    *regexp.Regexp
	secret  string // JSON pointer
	members []string
}{
	{regexp.MustCompile(`^/_security/(?:cross_cluster/)?api_key(?:/grant)?$`), "/api_key", []string{"id", "name", "expiration", "api_key", "encoded"}},
	{regexp.MustCompile(`^/_security/(?:oauth2/token|(?:saml|oidc)/authenticate|delegate_pki)$`), "/access_token", []string{"access_token", "type", "expires_in", "refresh_token", "scope", "realm", "username", "authentication"}},
	{regexp.MustCompile(`^/_security/service/.+/credential/token`), "/token/value", []string{"created", "token"}},
	{regexp.MustCompile(`^/_security/enroll/`), "/token/value", []string{"token"}},
}

// asPromised reports whether an answer has credentials only where they are known
// to stand, or none at all. Any other is shown nowhere.
func asPromised(method, path, body string, status int) bool {
	if !isSecurity(path) {
		return true
	}
	path, _, _ = strings.Cut(path, "?")
	for _, call := range issuing {
		reads := method == http.MethodGet && !strings.HasPrefix(path, "/_security/enroll/")
		if !call.path.MatchString(path) || reads || method == http.MethodDelete {
			continue
		}
		doc, err := jsonval.Decode([]byte(body))
		if err != nil {
			return false
		}
		if status >= http.StatusBadRequest {
			_, isError := jsonval.Pointer(doc, "/error")
			return isError && only(doc, "error", "status")
		}
		secret, _ := jsonval.Pointer(doc, call.secret)
		_, isText := secret.(string)
		return isText && only(doc, call.members...) && consistent(doc)
	}
	return true
}

// only reports whether a document is an object without other members.
func only(doc any, members ...string) bool {
	object, ok := doc.(map[string]any)
	for name := range object {
		ok = ok && slices.Contains(members, name)
	}
	return ok
}

// consistent reports whether an API key stands in the members of its names:
// the encoded form has to be that of the others.
func consistent(doc any) bool {
	key, ok := jsonval.Pointer(doc, "/api_key")
	if !ok {
		return true
	}
	id, _ := jsonval.Pointer(doc, "/id")
	encoded, _ := jsonval.Pointer(doc, "/encoded")
	return encoded == base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%v:%v", id, key))
}

// withheld stands for a body that may hold credentials.
const withheld = "<redacted: it may hold credentials, in an unknown form>"

// harmless are the headers that are shown of an answer whose body is withheld.
var harmless = []string{"Content-Type", "Content-Length", "Date", "X-Elastic-Product"}

// credential finds the members of the bodies of the security API that hold
// credentials, whatever the body is otherwise. A member called value does so
// where tokens are issued.
var (
	credential = regexp.MustCompile(`("(?:password|password_hash|api_key|encoded|access_token|refresh_token)"\s*:\s*)("(?:[^"\\]|\\.)*")`)
	tokenValue = regexp.MustCompile(`("value"\s*:\s*)("(?:[^"\\]|\\.)*")`)
)

// issuedLength is the least that a server makes up in characters: what is
// shorter would blot out words that are no secrets.
const issuedLength = 16

// isSecurity reports whether a path is one of the security API.
func isSecurity(path string) bool { return strings.HasPrefix(path, "/_security/") }

func issuesTokens(path string) bool {
	return strings.HasPrefix(path, "/_security/service/") || strings.HasPrefix(path, "/_security/enroll/")
}

// learnSent takes note of the credentials in the body of a request.
func (c *Client) learnSent(req Request) {
	if isSecurity(req.Path) {
		c.secrets.Add(valuesOf(credential, string(req.Body))...)
	}
}

// learnIssued takes note of the credentials in an answer, before anybody gets
// to see it.
func (c *Client) learnIssued(req Request, body []byte, status int) {
	if !isSecurity(req.Path) {
		return
	}
	answer := string(body)
	found := valuesOf(credential, answer)
	if issuesTokens(req.Path) {
		found = append(found, valuesOf(tokenValue, answer)...)
	}
	if !asPromised(req.Method, req.Path, answer, status) {
		found = append(found, madeUp(answer)...)
	}
	for _, text := range found {
		if len(text) >= issuedLength && !strings.Contains(string(req.Body), text) {
			c.secrets.AddKey(text)
		}
	}
}

func valuesOf(member *regexp.Regexp, body string) []string {
	var values []string
	for _, m := range member.FindAllStringSubmatch(body, -1) {
		var text string
		if json.Unmarshal([]byte(m[2]), &text) == nil {
			values = append(values, text)
		}
	}
	return values
}

var (
	words = regexp.MustCompile(`[0-9A-Za-z+/_=-]+`)
	keyID = regexp.MustCompile(`"id"\s*:\s*"[^"]*"`)
)

// madeUp lists what looks as if a server had made it up, in a body that is
// withheld: so it is kept out of all other texts as well. The id of a key is
// no secret.
func madeUp(body string) []string {
	return slices.DeleteFunc(words.FindAllString(keyID.ReplaceAllString(body, ""), -1), func(word string) bool {
		return !strings.ContainsAny(word, "0123456789") || strings.ToLower(word) == word
	})
}

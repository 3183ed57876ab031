package wire

import (
	"maps"
	"slices"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Redacted stands where a secret stood.
const Redacted = foreign.Redacted

// secretHeaders are never recorded, whatever they hold.
var secretHeaders = map[string]bool{"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true, "Es-Secondary-Authorization": true}

// addAuth learns credentials.
func (c *Client) addAuth(a Auth) {
	c.secrets.AddLogin(a.Username, a.Password)
	c.secrets.AddKey(a.APIKey)
}

// redacted returns a copy of an exchange without secrets.
func (c *Client) redacted(e result.Exchange) result.Exchange {
	method, path := e.Request.Method, e.Request.Path
	e.Request.Headers = c.headersOf(e.Request.Headers)
	e.Request.Path = c.Redact(path)
	e.Request.Body = c.body(path, e.Request.Body)
	if e.Response != nil {
		answer := *e.Response
		answer.Headers = c.headersOf(answer.Headers)
		if !asPromised(method, path, answer.Body, answer.Status) {
			maps.DeleteFunc(answer.Headers, func(name string, _ []string) bool { return !slices.Contains(harmless, name) })
		}
		answer.Body = c.answer(method, path, answer.Body, answer.Status)
		e.Response = &answer
	}
	e.Purpose = c.Redact(e.Purpose)
	e.Error = c.Redact(e.Error)
	return e
}

// answer is the body of an answer as it may be shown.
func (c *Client) answer(method, path, body string, status int) string {
	if !asPromised(method, path, body, status) {
		return withheld
	}
	return c.body(path, body)
}

func (c *Client) body(path, body string) string {
	if isSecurity(path) {
		body = credential.ReplaceAllString(body, `${1}"`+Redacted+`"`)
	}
	if issuesTokens(path) {
		body = tokenValue.ReplaceAllString(body, `${1}"`+Redacted+`"`)
	}
	return c.Redact(body)
}

func (c *Client) headersOf(all map[string][]string) map[string][]string {
	if all == nil {
		return nil
	}
	headers := make(map[string][]string, len(all))
	for name, values := range all {
		clean := make([]string, len(values))
		for i, value := range values {
			if clean[i] = c.Redact(value); secretHeaders[name] {
				clean[i] = Redacted
			}
		}
		headers[name] = clean
	}
	return headers
}

// Text is the body as texts may show it: without secrets, and not at all where
// it may hold credentials that nobody knows.
func (r *Response) Text() string {
	if r.text == nil {
		return string(r.Body)
	}
	return r.text()
}

package security

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// RunAsHeader names the user that somebody wants to act as.
const RunAsHeader = "es-security-runas-user"

// Authenticate finds out whose request this is by its headers. uri is the
// request's target as it was sent; bearer tokens are among what is asked for
// where the connection is encrypted. The error is a 401, but a 400 for more
// than one Authorization header.
func (s *Service) Authenticate(header http.Header, uri string, encrypted bool) (*Subject, *eserr.Error) {
	values := header.Values("Authorization")
	if len(values) > 1 {
		return nil, eserr.IllegalArgument("multiple values for single-valued header [Authorization].")
	}
	value := ""
	if len(values) > 0 {
		value = values[0]
	}
	who, failure := s.identify(value, uri)
	if failure != nil {
		return nil, failure.err(encrypted)
	}
	if name := header.Get(RunAsHeader); name != "" {
		who = s.RunAs(who, name)
	}
	return who, nil
}

// failure is why somebody is not authenticated.
type failure struct {
	reason string
	more   string // what was wrong with a token
	cause  *eserr.Error
}

// Challenge lists how one can authenticate.
func Challenge(encrypted bool) []string {
	if encrypted { // tokens are there only over TLS
		return []string{`Basic realm="security", charset="UTF-8"`, `Bearer realm="security"`, "ApiKey"}
	}
	return []string{`Basic realm="security", charset="UTF-8"`, "ApiKey"}
}

func (f *failure) err(encrypted bool) *eserr.Error {
	e := eserr.New(http.StatusUnauthorized, Type, "%s", f.reason)
	e.Cause = f.cause
	if f.more != "" {
		e = e.With(eserr.Field{Name: "additional_unsuccessful_credentials", Value: f.more})
	}
	return e.With(eserr.Field{Name: ChallengeField, Value: Challenge(encrypted)})
}

// Type is the type of every error of security, ChallengeField the field of a
// 401 that holds its headers.
const (
	Type           = "security_exception"
	ChallengeField = "header"
)

// identify reads the value of an Authorization header.
func (s *Service) identify(value, uri string) (*Subject, *failure) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value), " ")
	token = strings.TrimSpace(token)
	scheme = strings.ToLower(scheme)
	switch {
	case token == "":
	case scheme == "basic":
		return s.basic(token, uri)
	case scheme == "apikey":
		return s.apiKey(token)
	case scheme == "bearer":
		return nil, badToken("oauth2 token: invalid token")
	}
	return nil, &failure{reason: "missing authentication credentials for REST request [" + uri + "]"}
}

func badToken(more string) *failure {
	return &failure{
		reason: "unable to authenticate with provided credentials and anonymous access is not allowed for this request",
		more:   more,
	}
}

func (s *Service) basic(token, uri string) (*Subject, *failure) {
	plain, err := decode(token)
	if err != nil {
		return nil, &failure{reason: "invalid basic authentication header encoding", cause: eserr.IllegalArgument("%s", err)}
	}
	name, password, ok := strings.Cut(plain, ":")
	if !ok {
		return nil, &failure{reason: "invalid basic authentication header value"}
	}
	s.mu.RLock()
	u, known := s.users[name]
	s.mu.RUnlock()
	if known && u.Password.matches(password) {
		return s.Subject(name), nil
	}
	return nil, &failure{reason: fmt.Sprintf("unable to authenticate user [%s] for REST request [%s]", name, uri)}
}

func (s *Service) apiKey(token string) (*Subject, *failure) {
	plain, err := decode(token)
	if err != nil {
		return nil, badToken("API key: " + err.Error())
	}
	id, secret, ok := strings.Cut(plain, ":")
	if !ok {
		return nil, badToken("API key: invalid ApiKey value")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	k := s.keys[id]
	switch {
	case k == nil:
		return nil, badToken("API key: unable to find apikey with id " + id)
	case k.Invalidated:
		return nil, badToken("API key: api key [" + id + "] has been invalidated")
	case !k.Secret.matches(secret):
		return nil, badToken("API key: invalid credentials for API key [" + id + "]")
	case !k.Expires.IsZero() && s.now().After(k.Expires):
		return nil, badToken("API key: api key is expired")
	}
	return k.Subject(), nil
}

// Subject is whoever shows the key.
func (k Key) Subject() *Subject {
	who := &Subject{User: k.Owner, Key: &k, Granted: k.Limit, limit: k.Limit}
	if k.Roles != nil {
		who.Granted = k.Roles
	}
	return who
}

// Subject is a user that there is.
func (s *Service) Subject(name string) *Subject {
	s.mu.RLock()
	defer s.mu.RUnlock()
	who := &Subject{User: name}
	for _, role := range s.users[name].Roles {
		who.Assigned = append(who.Assigned, role)
		r, ok := builtin[role]
		if !ok {
			r, ok = s.roles[role]
		}
		if !ok {
			who.Undefined = append(who.Undefined, role)
			continue
		}
		who.effective = append(who.effective, role)
		who.Granted = append(who.Granted, r)
	}
	return who
}

// RunAs is somebody who acts as another user, or would like to: whether they
// may is said when they do something.
func (s *Service) RunAs(who *Subject, name string) *Subject {
	s.mu.RLock()
	_, known := s.users[name]
	s.mu.RUnlock()
	if !known || !who.mayRunAs(name) {
		denied := *who
		denied.deniedRunAs = name
		return &denied
	}
	other := s.Subject(name)
	other.runBy = who.User
	return other
}

// decode reads base64 and says what is wrong with it in Java's words.
func decode(token string) (string, error) {
	plain, err := base64.StdEncoding.DecodeString(token)
	if err == nil {
		return string(plain), nil
	}
	if plain, err = base64.RawStdEncoding.DecodeString(token); err == nil {
		return string(plain), nil
	}
	for i := range len(token) {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", rune(token[i])) {
			return "", errors.New("Illegal base64 character " + strconv.FormatInt(int64(token[i]), 16)) //nolint:staticcheck // Java's words
		}
	}
	return "", errors.New("Input byte array has wrong 4-byte ending unit") //nolint:staticcheck // Java's words
}

package steps

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// credentials make the values of an Authorization header out of the actor, who
// is a writer, or an API key of one where the name speaks of a key.
var credentials = map[string]func(x *accounts) []string{
	"no credentials":           func(*accounts) []string { return nil },
	"an empty header":          func(*accounts) []string { return []string{""} },
	"Basic alone":              func(*accounts) []string { return []string{"Basic"} },
	"Bearer alone":             func(*accounts) []string { return []string{"Bearer"} },
	"an unknown scheme":        func(x *accounts) []string { return []string{"Digest " + x.wrongSecret()} },
	"a wrong password":         func(x *accounts) []string { return basicAuth(x.actor.name, x.wrongSecret()) },
	"an empty password":        func(x *accounts) []string { return basicAuth(x.actor.name, "") },
	"the password of another":  func(x *accounts) []string { return basicAuth(x.saved["user"], x.actor.auth.Password) },
	"an unknown user":          func(x *accounts) []string { return basicAuth(x.stranger(), x.wrongSecret()) },
	"an empty user name":       func(x *accounts) []string { return basicAuth(x.called(""), x.wrongSecret()) },
	"Basic that is no base64":  func(x *accounts) []string { return []string{"Basic !" + x.wrongSecret()} },
	"Basic without a colon":    func(x *accounts) []string { return []string{"Basic " + encoded64(x.wrongSecret())} },
	"a token that is made up":  func(x *accounts) []string { return []string{"Bearer " + x.wrongSecret()} },
	"a key that is no base64":  func(x *accounts) []string { return []string{"ApiKey !" + x.wrongSecret()} },
	"a key without a colon":    func(x *accounts) []string { return []string{"ApiKey " + encoded64(x.wrongSecret())} },
	"a key that nobody has":    func(x *accounts) []string { return keyAuth(x.stranger(), x.wrongSecret()) },
	"a key's id and no secret": func(x *accounts) []string { return keyAuth(x.actor.name, "") },
	"a key of a wrong secret":  func(x *accounts) []string { return keyAuth(x.actor.name, x.wrongSecret()) },

	"the right password, the scheme in small letters": func(x *accounts) []string {
		return []string{"b" + basicAuth(x.actor.name, x.actor.auth.Password)[0][1:]}
	},
	"the right key, the scheme in small letters": func(x *accounts) []string {
		return []string{"apikey " + x.actor.auth.APIKey}
	},
	"a wrong header before the right one": func(x *accounts) []string {
		return append(basicAuth(x.actor.name, x.wrongSecret()), basicAuth(x.actor.name, x.actor.auth.Password)...)
	},
	"a wrong header behind the right one": func(x *accounts) []string {
		return append(basicAuth(x.actor.name, x.actor.auth.Password), basicAuth(x.actor.name, x.wrongSecret())...)
	},
}

func basicAuth(name, password string) []string {
	return []string{"Basic " + encoded64(name+":"+password)}
}

func keyAuth(id, secret string) []string { return []string{"ApiKey " + encoded64(id+":"+secret)} }

func encoded64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// wrongSecret makes up a secret that no answer may repeat.
func (x *accounts) wrongSecret() string {
	secret := x.secretMadeUp()
	x.actor.secret = append(x.actor.secret, secret)
	return secret
}

// stranger is a name that nobody has.
func (x *accounts) stranger() string {
	return x.called("esconform-" + x.deps.Scope.RunID() + "-stranger")
}

// called notes the name that an answer may speak of.
func (x *accounts) called(name string) string {
	x.saved["user"], x.saved["key"] = name, name
	return name
}

func (x *accounts) asSomebody(ctx context.Context, kind string) error {
	values, ok := credentials[kind]
	if !ok {
		return fmt.Errorf("there are no credentials %q; there are: %s", kind, strings.Join(slices.Sorted(maps.Keys(credentials)), "; "))
	}
	if strings.Contains(kind, "key") {
		if err := x.asKey(ctx, "writer"); err != nil {
			return err
		}
	} else if err := x.asUser(ctx, "writer"); err != nil {
		return err
	}
	if kind == "the password of another" {
		other, err := x.userOf(ctx, "nobody")
		if err != nil {
			return err
		}
		x.called(other.name)
	}
	x.actor.header, x.actor.raw = values(x), true
	for _, value := range x.actor.header {
		if _, token, ok := strings.Cut(value, " "); ok && token != "" {
			x.actor.secret = append(x.actor.secret, token)
		}
	}
	return nil
}

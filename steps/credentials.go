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
var credentials = map[string]func(w *World) []string{
	"no credentials":           func(*World) []string { return nil },
	"an empty header":          func(*World) []string { return []string{""} },
	"Basic alone":              func(*World) []string { return []string{"Basic"} },
	"Bearer alone":             func(*World) []string { return []string{"Bearer"} },
	"an unknown scheme":        func(w *World) []string { return []string{"Digest " + w.wrongSecret()} },
	"a wrong password":         func(w *World) []string { return basicAuth(w.actor.name, w.wrongSecret()) },
	"an empty password":        func(w *World) []string { return basicAuth(w.actor.name, "") },
	"the password of another":  func(w *World) []string { return basicAuth(w.saved["user"], w.actor.auth.Password) },
	"an unknown user":          func(w *World) []string { return basicAuth(w.stranger(), w.wrongSecret()) },
	"an empty user name":       func(w *World) []string { return basicAuth(w.called(""), w.wrongSecret()) },
	"Basic that is no base64":  func(w *World) []string { return []string{"Basic !" + w.wrongSecret()} },
	"Basic without a colon":    func(w *World) []string { return []string{"Basic " + encoded64(w.wrongSecret())} },
	"a token that is made up":  func(w *World) []string { return []string{"Bearer " + w.wrongSecret()} },
	"a key that is no base64":  func(w *World) []string { return []string{"ApiKey !" + w.wrongSecret()} },
	"a key without a colon":    func(w *World) []string { return []string{"ApiKey " + encoded64(w.wrongSecret())} },
	"a key that nobody has":    func(w *World) []string { return keyAuth(w.stranger(), w.wrongSecret()) },
	"a key's id and no secret": func(w *World) []string { return keyAuth(w.actor.name, "") },
	"a key of a wrong secret":  func(w *World) []string { return keyAuth(w.actor.name, w.wrongSecret()) },

	"the right password, the scheme in small letters": func(w *World) []string {
		return []string{"b" + basicAuth(w.actor.name, w.actor.auth.Password)[0][1:]}
	},
	"the right key, the scheme in small letters": func(w *World) []string {
		return []string{"apikey " + w.actor.auth.APIKey}
	},
	"a wrong header before the right one": func(w *World) []string {
		return append(basicAuth(w.actor.name, w.wrongSecret()), basicAuth(w.actor.name, w.actor.auth.Password)...)
	},
	"a wrong header behind the right one": func(w *World) []string {
		return append(basicAuth(w.actor.name, w.actor.auth.Password), basicAuth(w.actor.name, w.wrongSecret())...)
	},
}

func basicAuth(name, password string) []string {
	return []string{"Basic " + encoded64(name+":"+password)}
}

func keyAuth(id, secret string) []string { return []string{"ApiKey " + encoded64(id+":"+secret)} }

func encoded64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// wrongSecret makes up a secret that no answer may repeat.
func (w *World) wrongSecret() string {
	secret := w.secretMadeUp()
	w.actor.secret = append(w.actor.secret, secret)
	return secret
}

// stranger is a name that nobody has.
func (w *World) stranger() string {
	return w.called("esconform-" + w.deps.Scope.RunID() + "-stranger")
}

// called notes the name that an answer may speak of.
func (w *World) called(name string) string {
	w.saved["user"], w.saved["key"] = name, name
	return name
}

func (w *World) asSomebody(ctx context.Context, kind string) error {
	values, ok := credentials[kind]
	if !ok {
		return fmt.Errorf("there are no credentials %q; there are: %s", kind, strings.Join(slices.Sorted(maps.Keys(credentials)), "; "))
	}
	if strings.Contains(kind, "key") {
		if err := w.asKey(ctx, "writer"); err != nil {
			return err
		}
	} else if err := w.asUser(ctx, "writer"); err != nil {
		return err
	}
	if kind == "the password of another" {
		other, err := w.userOf(ctx, "nobody")
		if err != nil {
			return err
		}
		w.called(other.name)
	}
	w.actor.header, w.actor.raw = values(w), true
	for _, value := range w.actor.header {
		if _, token, ok := strings.Cut(value, " "); ok && token != "" {
			w.actor.secret = append(w.actor.secret, token)
		}
	}
	return nil
}

package fault

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// securityFaults are defects in who may do what.
func securityFaults() []Fault {
	faults := slices.Concat(credentialFaults(), orderFaults(), keyFaults(), privilegeFaults(), refusalFaults(), identityFaults())
	for i := range faults {
		faults[i].Security = true
	}
	return faults
}

// guards are the faults of security.
var guards = alike("security.")

// Statuses of refusals.
const (
	unauthorized = http.StatusUnauthorized
	forbidden    = http.StatusForbidden
)

const authorization = "Authorization"

// credentials is what a call shows to say who it is from: the name of a user
// or the id of a key, and a secret.
func credentials(c *call) (name, secret string) {
	_, token, _ := strings.Cut(c.Header.Get(authorization), " ")
	if plain, err := base64.StdEncoding.DecodeString(token); err == nil {
		name, secret, _ = strings.Cut(string(plain), ":")
		return name, secret
	}
	return "", token
}

// shown changes the Authorization headers of a call before anybody is looked
// for.
func shown(change func(values []string) []string) effect {
	return step{who: func(c *call, who *subject, err *failure) (*subject, *failure) {
		values := change(slices.Clone(c.Header.Values(authorization)))
		if slices.Equal(values, c.Header.Values(authorization)) {
			return who, err
		}
		return authenticate(c, values...)
	}}.effect
}

// authenticate finds out who a call were from if it had other credentials.
func authenticate(c *call, values ...string) (*subject, *failure) {
	other := c.Plain(nil)
	other.Header = c.Header.Clone()
	other.Header[authorization] = values
	return reference.Plain{}.Authenticate(other)
}

// takenFor takes whoever fails to authenticate for some reason for a user,
// where there is one.
func takenFor(reason string, name func(c *call) string) effect {
	return step{who: func(c *call, who *subject, err *failure) (*subject, *failure) {
		if err != nil && strings.HasPrefix(err.Reason, reason) {
			user := name(c)
			if _, known := c.Server.Security().UserRoles(user); known {
				return c.Server.Security().Subject(user), nil
			}
		}
		return who, err
	}}.effect
}

// becomes changes whoever has authenticated.
func becomes(change func(who *subject)) effect {
	return step{who: func(_ *call, who *subject, err *failure) (*subject, *failure) {
		if err == nil {
			change(who)
		}
		return who, err
	}}.effect
}

// everything is what grants everything.
var everything = security.Role{
	Cluster: []string{"all"}, Indices: []security.IndexPrivileges{{Names: []string{"*"}, Privileges: []string{"all"}}}, RunAs: []string{"*"},
}

func credentialFaults() []Fault {
	f := alike("security.credentials.").fault
	challenge := func(id, what string, change func(list []string) []string) Fault {
		return f(id, what, "challenge", respond(unauthorized, func(_ *call, r *response) {
			list := change(slices.Clone(r.Header["Www-Authenticate"]))
			r.Header["Www-Authenticate"] = list
			asJSON := []any{}
			for _, way := range list {
				asJSON = append(asJSON, way)
			}
			if body, ok := r.Body.(*object); ok && body.Object("error") != nil {
				for _, e := range withCauses(body.Object("error")) {
					e.Set(security.ChallengeField, xcontent.NewObject("WWW-Authenticate", asJSON))
				}
			}
		}))
	}
	const none, wrong = "missing authentication credentials", "unable to authenticate user ["
	anonymous := takenFor(none, func(*call) string { return security.Superuser })
	anyPassword := takenFor(wrong, func(c *call) string {
		name, _ := credentials(c)
		return name
	})
	othersPassword := takenFor(wrong, func(c *call) string {
		name, password := credentials(c)
		if slices.ContainsFunc(c.Server.Security().UserNames(), func(user string) bool {
			_, err := authenticate(c, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
			return err == nil
		}) {
			return name
		}
		return ""
	})
	tellsUsers := step{who: func(c *call, who *subject, err *failure) (*subject, *failure) {
		name, _ := credentials(c)
		if _, known := c.Server.Security().UserRoles(name); err != nil && !known {
			err.Reason = strings.Replace(err.Reason, wrong, "there is no user [", 1)
		}
		return who, err
	}}.effect
	capitals := shown(func(values []string) []string {
		return slices.DeleteFunc(values, func(v string) bool {
			scheme, _, _ := strings.Cut(strings.TrimSpace(v), " ")
			return !slices.Contains([]string{"Basic", "ApiKey", "Bearer"}, scheme)
		})
	})
	return []Fault{
		f("anonymous", "Whoever shows no credentials is taken for the superuser.", "demanded", anonymous),
		f("any-password", "Any password will do for a user that there is.", "demanded", anyPassword),
		f("others-password", "The password of one user will do for another.", "demanded", othersPassword),
		f("tells-users", "A wrong password is told from an unknown user.", "tell-no-user", tellsUsers),
		f("case-of-scheme", "The scheme of the header has to begin with a capital.", "scheme-case", capitals),
		f("first-of-two", "Of two Authorization headers the first counts.", "one-header", shown(func(values []string) []string { return values[:min(len(values), 1)] })),
		f("401-as-403", "Missing or wrong credentials are answered with 403.", "demanded", restatus(unauthorized, forbidden)),
		f("401-as-400", "Missing or wrong credentials are answered with 400.", "demanded", restatus(unauthorized, 400)),
		f("401-as-200", "Missing or wrong credentials are answered with 200 and an error.", "demanded", restatus(unauthorized, 200)),
		f("no-reason", "A 401 does not say what is wrong.", "reason", reasonIs(unauthorized, "access denied")),
		f("no-token-reason", "A 401 does not say what is wrong with a token.", "reason", errorLacks(unauthorized, "additional_unsuccessful_credentials")),
		f("no-challenge", "A 401 has no WWW-Authenticate.", "challenge", sends(status(unauthorized), "WWW-Authenticate", "")),
		challenge("no-key-challenge", "A 401 does not offer ApiKey.", func(list []string) []string { return list[:len(list)-1] }),
		challenge("no-basic-challenge", "A 401 does not offer Basic.", func(list []string) []string { return list[1:] }),
		f("challenge-not-in-body", "The body of a 401 does not say how to authenticate.", "challenge", errorLacks(unauthorized, security.ChallengeField)),
		f("options", "OPTIONS needs credentials.", "options", when(method(http.MethodOptions), fails(func(c *call) *failure {
			_, err := reference.Plain{}.Authenticate(c)
			return err
		}))),
	}
}

// nobody has no privileges at all.
var nobody = &security.Subject{}

// orderFaults look at something else before the credentials, or at privileges
// before the request.
func orderFaults() []Fault {
	early := func(id, what string, look effect) Fault {
		return guards.fault("credentials.after-"+id, what, "credentials.first", look)
	}
	// told answers whoever has no credentials what a call with them but
	// without privileges is answered, where it is such.
	told := func(is func(c *call, r *response) bool) effect {
		return answer(func(c *call, r *response) *response {
			if r.Status == unauthorized {
				if other := c.Server.Dispatch(c.Plain(nobody)); is(c, other) {
					return other
				}
			}
			return r
		})
	}
	late := func(id, what string, is int) Fault {
		f := guards.fault("refusal.before-"+id, what, "refusal.request-first", answer(func(c *call, r *response) *response {
			if r.Status == is && c.Who != nil {
				if denied := (reference.Plain{}).Authorize(c); denied != nil {
					return reference.ErrorResponse(c, denied)
				}
			}
			return r
		}))
		return f.on("stats")
	}
	return []Fault{
		early("route", "Whether there is a route is told to everybody.", told(func(c *call, _ *response) bool { return c.Op == "" })),
		early("method", "A wrong method is told to everybody.", told(func(c *call, r *response) bool { return c.Op != "" && r.Status == 405 })),
		early("media-type", "The type of the body is looked at before the credentials.", told(func(c *call, r *response) bool {
			return r.Status == 406 && header("Content-Type", "text/plain")(c)
		})),
		early("body", "The body is looked at before the credentials.", told(func(c *call, r *response) bool { return r.Status == 400 && c.Op != "" && !noBody(c) })),
		early("id", "A sync job that does not exist is told to everybody.", when(all(op("stats"), not(jobExists)),
			respondError(unauthorized, func(c *call) *failure { return jobNotFound(jobID(c)) }))),
		late("body", "Privileges are looked at before the body.", 400),
		late("method", "Privileges are looked at before the method.", 405),
		late("media-type", "Privileges are looked at before the type of the body.", 406),
	}
}

func keyFaults() []Fault {
	f := alike("security.key.").fault
	// accepts passes over what is wrong with an API key that there is.
	accepts := func(reason string) effect {
		return step{who: func(c *call, who *subject, err *failure) (*subject, *failure) {
			id, _ := credentials(c)
			for _, k := range c.Server.Security().Keys(security.Filter{}) {
				if err != nil && k.ID == id && slices.ContainsFunc(err.Fields, func(f eserr.Field) bool {
					s, _ := f.Value.(string)
					return strings.Contains(s, reason)
				}) {
					return k.Subject(), nil
				}
			}
			return who, err
		}}.effect
	}
	owners := becomes(func(who *subject) {
		if who.Key != nil {
			who.Granted = who.Key.Limit
		}
	})
	return []Fault{
		f("any-secret", "Any secret will do for an API key that there is.", "secret", accepts("invalid credentials for API key")),
		f("expired", "An expired API key is accepted.", "expired", accepts("api key is expired")),
		f("invalidated", "An invalidated API key is accepted.", "invalidated", accepts("has been invalidated")),
		f("owners-privileges", "An API key grants whatever its owner may do.", "limited", owners),
		f("nothing", "An API key without roles grants nothing.", "owner", denies(func(s *subject) bool { return s.Key != nil && s.Key.Roles == nil })),
	}
}

func identityFaults() []Fault {
	f := guards.fault
	tells := func(id, what, field, value string) Fault {
		return f(id, what, "identity.told", editAnswer(200, set(field, value))).on("authenticate")
	}
	undefined := becomes(func(who *subject) {
		if len(who.Undefined) > 0 {
			who.Undefined, who.Granted = nil, append(who.Granted, everything)
		}
	})
	anyRunAs := step{who: func(c *call, who *subject, err *failure) (*subject, *failure) {
		name := c.Header.Get(security.RunAsHeader)
		if err != nil || name == "" {
			return who, err
		}
		themselves := c.Plain(nil)
		themselves.Header = c.Header.Clone()
		themselves.Header.Del(security.RunAsHeader)
		if who, err = (reference.Plain{}).Authenticate(themselves); err != nil {
			return nil, err
		}
		who.Granted = append(slices.Clone(who.Granted), security.Role{RunAs: []string{"*"}})
		return c.Server.Security().RunAs(who, name), nil
	}}.effect
	return []Fault{
		tells("identity.other", "Everybody is told to be the superuser.", "username", security.Superuser),
		tells("identity.kind", "A user is told to be an API key.", "authentication_type", "api_key"),
		f("identity.refused", "Who has no privilege is not told who they are.", "identity.told", denies(func(s *subject) bool { return s.User != security.Superuser && !s.HasCluster("monitor_connector") })).on("authenticate"),
		f("identity.undefined-role", "A role that is not defined grants everything.", "identity.undefined-role", undefined),
		f("run-as.anybody", "Anybody may act as anybody else.", "run-as.needed", anyRunAs),
		f("run-as.ignored", "Who acts as another keeps their own privileges.", "run-as.as-other run-as.needed", edit(func(c *call) { c.Header.Del(security.RunAsHeader) })),
	}
}

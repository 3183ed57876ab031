package reference

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// securityFaults are defects in who may do what.
func securityFaults() []Fault {
	faults := slices.Concat(credentialFaults(), orderFaults(), keyFaults(), privilegeFaults(), refusalFaults(), identityFaults())
	for i := range faults {
		faults[i].ID = "security." + faults[i].ID
		faults[i].Security = true
		for j, id := range faults[i].Requirements {
			faults[i].Requirements[j] = "security." + id
		}
	}
	return faults
}

// Statuses of refusals.
const (
	unauthorized = http.StatusUnauthorized
	forbidden    = http.StatusForbidden
)

func refusedWith(statuses ...int) func(*response) bool {
	return func(r *response) bool { return slices.Contains(statuses, r.status) }
}

// editRefusal changes the reason of an error, in its root cause, too.
func editRefusal(status int, edit func(c *call, reason string) string) answerHook {
	return func(c *call, r *response) *response {
		return editError(status, func(e *xcontent.Object) {
			e.Set("reason", edit(c, e.String("reason")))
			for _, root := range rootCauses(e) {
				root.Set("reason", e.Get("reason"))
			}
		})(c, r)
	}
}

// sentSecret is what somebody sent to say who they are.
func sentSecret(c *call) string {
	_, token, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if plain, err := base64.StdEncoding.DecodeString(token); err == nil {
		_, secret, _ := strings.Cut(string(plain), ":")
		return secret
	}
	return token
}

func credentialFaults() []Fault {
	wrong := func(d security.Defects, id, sentence string, requirements ...string) Fault {
		return Fault{ID: "credentials." + id, Sentence: sentence, Requirements: requirements, defects: d}
	}
	answers := func(id, sentence, requirement string, answer answerHook) Fault {
		return Fault{ID: "credentials." + id, Sentence: sentence, Requirements: req("credentials." + requirement), answer: answer}
	}
	challenge := func(edit func(list []string) []string) answerHook {
		return respond(unauthorized, func(_ *call, r *response) *response {
			list := edit(slices.Clone(r.header["Www-Authenticate"]))
			r.header["Www-Authenticate"] = list
			if body, ok := r.body.(*xcontent.Object); ok && body.Object("error") != nil {
				setChallenge(r, xcontent.NewObject("WWW-Authenticate", texts(list)))
			}
			return r
		})
	}
	return []Fault{
		wrong(security.Defects{Anonymous: true}, "anonymous", "Whoever shows no credentials is taken for the superuser.", "credentials.demanded"),
		wrong(security.Defects{AnyPassword: true}, "any-password", "Any password will do for a user that there is.", "credentials.demanded"),
		wrong(security.Defects{OthersPasswords: true}, "others-password", "The password of one user will do for another.", "credentials.demanded"),
		wrong(security.Defects{TellsUsers: true}, "tells-users", "A wrong password is told from an unknown user.", "credentials.tell-no-user"),
		wrong(security.Defects{CaseOfScheme: true}, "case-of-scheme", "The scheme of the header has to begin with a capital.", "credentials.scheme-case"),
		wrong(security.Defects{FirstOfTwo: true}, "first-of-two", "Of two Authorization headers the first counts.", "credentials.one-header"),
		answers("401-as-403", "Missing or wrong credentials are answered with 403.", "demanded", restatus(unauthorized, forbidden)),
		answers("401-as-400", "Missing or wrong credentials are answered with 400.", "demanded", restatus(unauthorized, 400)),
		answers("401-as-200", "Missing or wrong credentials are answered with 200 and an error.", "demanded", restatus(unauthorized, 200)),
		answers("no-reason", "A 401 does not say what is wrong.", "reason",
			editRefusal(unauthorized, func(*call, string) string { return "access denied" })),
		answers("no-token-reason", "A 401 does not say what is wrong with a token.", "reason",
			editError(unauthorized, func(e *xcontent.Object) { e.Delete("additional_unsuccessful_credentials") })),
		answers("no-challenge", "A 401 has no WWW-Authenticate.", "challenge", setHeader(refusedWith(unauthorized), "WWW-Authenticate", "")),
		answers("no-key-challenge", "A 401 does not offer ApiKey.", "challenge", challenge(func(list []string) []string { return list[:len(list)-1] })),
		answers("no-basic-challenge", "A 401 does not offer Basic.", "challenge", challenge(func(list []string) []string { return list[1:] })),
		answers("challenge-not-in-body", "The body of a 401 does not say how to authenticate.", "challenge",
			editError(unauthorized, func(e *xcontent.Object) { e.Delete(security.ChallengeField) })),
		{ID: "credentials.options", Sentence: "OPTIONS needs credentials.", Requirements: req("credentials.options"),
			request: func(c *call) *response {
				if c.method != http.MethodOptions {
					return nil
				}
				if _, err := c.server.security.Authenticate(c.header, c.uri, c.tls); err != nil {
					return errorResponse(c, err)
				}
				return nil
			}},
	}
}

// orderFaults look at something else before the credentials, or at privileges
// before the request.
func orderFaults() []Fault {
	early := func(id, sentence string, look func(c *call) *response) Fault {
		return Fault{ID: "credentials.after-" + id, Sentence: sentence, Requirements: req("credentials.first"),
			answer: respond(unauthorized, func(c *call, r *response) *response {
				if other := look(c); other != nil {
					return other
				}
				return r
			})}
	}
	route := func(c *call) (*route, bool) {
		rt, vars := c.server.router.find(c.method, c.path)
		if rt != nil {
			c.vars = vars
		}
		return rt, rt != nil
	}
	late := func(id, sentence string, statuses ...int) Fault {
		return Fault{ID: "refusal.before-" + id, Sentence: sentence, Requirements: req("refusal.request-first"), ops: onStats,
			answer: func(c *call, r *response) *response {
				if !slices.Contains(statuses, r.status) || c.who == nil {
					return r
				}
				for _, a := range c.server.actions(c) {
					if denied := c.who.Authorize(a); denied != nil {
						return errorResponse(c, denied)
					}
				}
				return r
			}}
	}
	return []Fault{
		early("route", "Whether there is a route is told to everybody.", func(c *call) *response {
			if _, ok := route(c); !ok && len(c.server.router.methods(c.path)) == 0 {
				return c.server.router.noRoute(c)
			}
			return nil
		}),
		early("method", "A wrong method is told to everybody.", func(c *call) *response {
			if _, ok := route(c); !ok && len(c.server.router.methods(c.path)) > 0 {
				return c.server.router.noRoute(c)
			}
			return nil
		}),
		early("media-type", "The type of the body is looked at before the credentials.", func(c *call) *response {
			if len(c.body) > 0 && c.header.Get("Content-Type") == "text/plain" {
				return plainError(406, "Content-Type header [text/plain] is not supported")
			}
			return nil
		}),
		early("body", "The body is looked at before the credentials.", func(c *call) *response {
			rt, ok := route(c)
			if !ok || len(c.body) == 0 || c.readMedia() != nil {
				return nil
			}
			_, err := rt.handle(c)
			if err == nil {
				err = eserr.Validation(c.problems...)
			}
			if err == nil {
				err = c.checkRest()
			}
			if err != nil {
				return errorResponse(c, err)
			}
			return nil
		}),
		early("id", "A sync job that does not exist is told to everybody.", func(c *call) *response {
			id := c.vars[jobParam]
			if _, found := c.server.store.Get(jobIndex, id); found || c.op != "stats" {
				return nil
			}
			return errorResponse(c, jobNotFound(id))
		}),
		late("body", "Privileges are looked at before the body.", 400),
		late("method", "Privileges are looked at before the method.", 405),
		late("media-type", "Privileges are looked at before the type of the body.", 406),
	}
}

func keyFaults() []Fault {
	wrong := func(d security.Defects, id, sentence string, requirements ...string) Fault {
		return Fault{ID: "key." + id, Sentence: sentence, Requirements: requirements, defects: d}
	}
	return []Fault{
		wrong(security.Defects{AnyKeySecret: true}, "any-secret", "Any secret will do for an API key that there is.", "key.secret"),
		wrong(security.Defects{ExpiredKeys: true}, "expired", "An expired API key is accepted.", "key.expired"),
		wrong(security.Defects{InvalidatedKeys: true}, "invalidated", "An invalidated API key is accepted.", "key.invalidated"),
		wrong(security.Defects{OwnersKeys: true}, "owners-privileges", "An API key grants whatever its owner may do.", "key.limited"),
		{ID: "key.nothing", Sentence: "An API key without roles grants nothing.", Requirements: req("key.owner"),
			judge: func(c *call, denied *eserr.Error) *eserr.Error {
				if c.who.Key != nil && c.who.Key.Roles == nil {
					return deny(c)
				}
				return denied
			}},
	}
}

// deny refuses a call whatever the privileges.
func deny(c *call) *eserr.Error {
	a := c.server.actions(c)[0]
	a.Privileges = []string{"all"}
	nobody := &security.Subject{User: c.who.User, Key: c.who.Key}
	return nobody.Authorize(a)
}

// allowedToOther reports whether a call is allowed to somebody else than the
// superuser.
func allowedToOther(c *call) bool {
	who, err := c.server.security.Authenticate(c.header, c.uri, c.tls)
	return err == nil && (who.User != security.Superuser || who.Key != nil) &&
		!slices.ContainsFunc(c.server.actions(c), func(a security.Action) bool { return who.Authorize(a) != nil })
}

// guarded are the calls of the suite, and which requirements guard them.
var guarded = []struct{ op, what, needed, granted string }{
	{"create-connector", "Creating a connector", "privilege.needed-to-write", "privilege.granted"},
	{"delete-connector", "Deleting a connector", "privilege.needed-to-write", "privilege.granted"},
	{"create-job", "Creating a sync job", "privilege.needed-to-write", "privilege.granted"},
	{"delete-job", "Deleting a sync job", "privilege.needed-to-write", "privilege.granted"},
	{"stats", "Setting the stats", "privilege.needed-to-write", "privilege.granted"},
	{"check-in", "A check-in", "privilege.needed-to-write", "privilege.granted"},
	{"claim", "A claim", "privilege.needed-to-write", "privilege.granted"},
	{"error", "Reporting an error", "privilege.needed-to-write", "privilege.granted"},
	{"cancel", "Cancelling a sync job", "privilege.needed-to-write", "privilege.granted"},
	{"get-connector", "Reading a connector", "privilege.needed-to-read", "privilege.granted"},
	{"list-connectors", "Listing connectors", "privilege.needed-to-read", "privilege.granted"},
	{"get-job", "Reading a sync job", "privilege.needed-to-read", "privilege.granted"},
	{"list-jobs", "Listing sync jobs", "privilege.needed-to-read", "privilege.granted"},
	{"get-doc", "Reading a stored document", "direct.needed", "direct.granted"},
	{"search", "Searching the stored documents", "direct.needed", "direct.granted"},
	{"update-doc", "Changing a stored document", "direct.needed", "direct.granted"},
	{"put-doc", "Replacing a stored document", "direct.needed", "direct.granted"},
	{"delete-doc", "Deleting a stored document", "direct.needed", "direct.granted"},
	{"root", "GET /", "server.needed", "server.granted"},
}

func privilegeFaults() []Fault {
	var faults []Fault
	for _, g := range guarded {
		faults = append(faults,
			Fault{ID: "unchecked." + g.op, Sentence: g.what + " needs no privilege.", Requirements: req(g.needed), ops: []string{g.op},
				judge: func(*call, *eserr.Error) *eserr.Error { return nil }},
			Fault{ID: "superuser-only." + g.op, Sentence: g.what + " is granted to the superuser alone.", Requirements: req(g.granted), ops: []string{g.op},
				judge: func(c *call, denied *eserr.Error) *eserr.Error {
					if denied == nil && c.who.User != security.Superuser {
						return deny(c)
					}
					return denied
				}})
	}
	for _, g := range guarded {
		if g.granted == "privilege.granted" && slices.Contains([]string{"stats", "check-in", "cancel", "claim", "error", "delete-job"}, g.op) {
			faults = append(faults, Fault{ID: "granted-only." + g.op, Sentence: "Nothing comes of it where another than the superuser is allowed: " + strings.ToLower(g.what[:1]) + g.what[1:] + ".",
				Requirements: req(g.granted), ops: []string{g.op}, request: func(c *call) *response {
					switch {
					case !allowedToOther(c) || !jobExists(c):
						return nil
					case g.op == "delete-job":
						return ok("acknowledged", true)
					}
					return ok("result", "updated")
				}})
		}
	}
	suffices := func(id, sentence string, has func(*security.Subject) bool) Fault {
		return Fault{ID: "suffices." + id, Sentence: sentence, Requirements: req("privilege.needed-to-write"), ops: onStats,
			judge: func(c *call, denied *eserr.Error) *eserr.Error {
				if has(c.who) {
					return nil
				}
				return denied
			}}
	}
	return append(faults,
		suffices("monitor-connector", "Who monitors connectors may set the stats.", func(s *security.Subject) bool { return s.HasCluster("monitor_connector") }),
		suffices("monitor", "Who monitors the cluster may set the stats.", func(s *security.Subject) bool { return s.HasCluster("monitor") }),
		suffices("index-all", "Who owns the index may set the stats.", func(s *security.Subject) bool { return s.HasIndex(jobAlias, "all") }),
		Fault{ID: "direct.alias-covers", Sentence: "Privileges on an alias hold for its index, and the reverse.",
			Requirements: req("direct.name"), defects: security.Defects{AliasCovers: true}},
		Fault{ID: "privilege.keys-refused", Sentence: "API keys may not set the stats.", Requirements: req("privilege.granted", "key.owner"), ops: onStats,
			judge: func(c *call, denied *eserr.Error) *eserr.Error {
				if c.who.Key != nil {
					return deny(c)
				}
				return denied
			}},
	)
}

// doneAllTheSame makes a request that was refused, where it writes.
func doneAllTheSame(status int) afterHook {
	return func(c *call, r *response) {
		if r.status == status && c.method != http.MethodGet && c.method != http.MethodHead {
			c.who, c.problems, c.faulty = nil, nil, false
			c.server.router.dispatch(c)
			c.faulty = true
		}
	}
}

func refusalFaults() []Fault {
	answers := func(id, sentence, requirement string, answer answerHook) Fault {
		return Fault{ID: "refusal." + id, Sentence: sentence, Requirements: req("refusal." + requirement), answer: answer}
	}
	without := func(id, sentence, from, to string) Fault {
		return answers(id, sentence, "reason", reword(forbidden, from, to))
	}
	halfDone := func(id, sentence string, ops []string, after afterHook) Fault {
		return Fault{ID: "refusal." + id, Sentence: sentence, Requirements: req("refusal.changes-nothing"), ops: ops, after: after}
	}
	faults := []Fault{
		answers("403-as-401", "A missing privilege is answered with 401.", "status", restatus(forbidden, unauthorized)),
		answers("403-as-404", "A missing privilege is answered with 404.", "status", restatus(forbidden, 404)),
		answers("403-as-400", "A missing privilege is answered with 400.", "status", restatus(forbidden, 400)),
		answers("403-as-500", "A missing privilege is answered with 500.", "status", restatus(forbidden, 500)),
		answers("challenge", "A 403 asks to authenticate.", "status", setHeader(refusedWith(forbidden), "WWW-Authenticate", "ApiKey")),
		answers("other-type", "A 403 is of the type of an illegal argument.", "reason", retype(forbidden, "", "illegal_argument_exception")),
		without("no-action", "A 403 does not name what was to be done.", "action [", "something ["),
		without("no-user", "A 403 does not name who was to do it.", "for user [", "for somebody ["),
		without("no-privileges", "A 403 does not name the privileges that grant it.", "privileges [", "privileges, see the manual ["),
		without("less-privileges", "A 403 does not name the least privilege.", "manage_connector,", ""),
		answers("product", "A 401 or 403 names the product.", "no-product", setHeader(refusedWith(unauthorized, forbidden), "X-Elastic-Product", "Elasticsearch")),
		answers("echo-secret", "A 401 repeats the password or the secret of the key.", "no-credential",
			editRefusal(unauthorized, func(c *call, reason string) string { return reason + " with " + sentSecret(c) })),
		answers("echo-header", "A 401 repeats the Authorization header.", "no-credential",
			editRefusal(unauthorized, func(c *call, reason string) string { return reason + " by " + c.header.Get("Authorization") })),
		answers("echo-secret-when-forbidden", "A 403 repeats the password or the secret of the key.", "no-credential",
			editRefusal(forbidden, func(c *call, reason string) string { return reason + " with " + sentSecret(c) })),
		answers("echo-header-when-forbidden", "A 403 repeats the Authorization header.", "no-credential",
			editRefusal(forbidden, func(c *call, reason string) string { return reason + " by " + c.header.Get("Authorization") })),
		answers("echo-in-header", "A 401 repeats the Authorization header in a header.", "no-credential", func(c *call, r *response) *response {
			if r.status == unauthorized {
				r.header.Set("X-Debug-Authorization", c.header.Get("Authorization"))
			}
			return r
		}),
		halfDone("half-done", "A refused update stores the first count.", onStats,
			onJob(refusedWith(forbidden), func(_ *call, o *xcontent.Object) { o.Set("deleted_document_count", number(7)) })),
		halfDone("half-done-without-credentials", "An update without credentials stores the first count.", onStats,
			onJob(refusedWith(unauthorized), func(_ *call, o *xcontent.Object) { o.Set("deleted_document_count", number(7)) })),
		halfDone("touches", "A refused update is written without a change.", onStats,
			onJob(refusedWith(forbidden, unauthorized), func(*call, *xcontent.Object) {})),
		halfDone("done-without-credentials", "Whatever is refused for its credentials is done all the same.", nil, doneAllTheSame(unauthorized)),
	}
	for _, g := range guarded {
		if g.needed == "privilege.needed-to-write" || strings.HasSuffix(g.op, "-doc") && g.op != "get-doc" {
			faults = append(faults, halfDone("done-"+g.op, g.what+" is refused and done all the same.", []string{g.op}, doneAllTheSame(forbidden)))
		}
	}
	return append(faults, tellingFaults()...)
}

// tellingFaults tell somebody without a privilege what there is.
func tellingFaults() []Fault {
	tells := func(op, sentence string, absent func(c *call) *eserr.Error) Fault {
		return Fault{ID: "refusal.404-first." + op, Sentence: sentence, Requirements: req("refusal.tells-nothing"), ops: []string{op},
			answer: respond(forbidden, func(c *call, r *response) *response {
				if err := absent(c); err != nil {
					return errorResponse(c, err)
				}
				return r
			})}
	}
	noJob := func(c *call) *eserr.Error {
		if _, found := c.server.store.Get(jobIndex, c.vars[jobParam]); !found {
			return jobNotFound(c.vars[jobParam])
		}
		return nil
	}
	noConnector := func(c *call) *eserr.Error {
		_, err := c.server.findConnector(c.vars[connectorParam], false)
		return err
	}
	return []Fault{
		tells("stats", "Whoever may not set stats is told which sync jobs there are.", noJob),
		tells("check-in", "Whoever may not check in is told which sync jobs there are.", noJob),
		tells("delete-job", "Whoever may not delete is told which sync jobs there are.", noJob),
		tells("get-job", "Whoever may not read is told which sync jobs there are.", noJob),
		tells("get-connector", "Whoever may not read is told which connectors there are.", noConnector),
		tells("delete-connector", "Whoever may not delete is told which connectors there are.", noConnector),
		tells("get-doc", "Whoever may not read the index is told which documents it has.", func(c *call) *eserr.Error {
			if _, found := c.server.store.Get(jobIndex, c.vars["id"]); !found {
				return eserr.NotFound("document [%s] not found", c.vars["id"])
			}
			return nil
		}),
		{ID: "refusal.names-existing", Sentence: "A 403 names the sync job where there is one.", Requirements: req("refusal.tells-nothing"), ops: onStats,
			answer: editRefusal(forbidden, func(c *call, reason string) string {
				if noJob(c) == nil {
					reason += " on sync job [" + c.vars[jobParam] + "]"
				}
				return reason
			})},
	}
}

func identityFaults() []Fault {
	onIdentity := []string{"authenticate"}
	return []Fault{
		{ID: "identity.other", Sentence: "Everybody is told to be the superuser.", Requirements: req("identity.told"), ops: onIdentity,
			answer: respond(200, func(_ *call, r *response) *response {
				r.body.(*xcontent.Object).Set("username", security.Superuser)
				return r
			})},
		{ID: "identity.kind", Sentence: "A user is told to be an API key.", Requirements: req("identity.told"), ops: onIdentity,
			answer: respond(200, func(_ *call, r *response) *response {
				r.body.(*xcontent.Object).Set("authentication_type", "api_key")
				return r
			})},
		{ID: "identity.refused", Sentence: "Who has no privilege is not told who they are.", Requirements: req("identity.told"), ops: onIdentity,
			judge: func(c *call, denied *eserr.Error) *eserr.Error {
				if c.who.User != security.Superuser && !c.who.HasCluster("monitor_connector") {
					return deny(c)
				}
				return denied
			}},
		{ID: "identity.undefined-role", Sentence: "A role that is not defined grants everything.", Requirements: req("identity.undefined-role"),
			defects: security.Defects{UndefinedRoles: true}},
		{ID: "run-as.anybody", Sentence: "Anybody may act as anybody else.", Requirements: req("run-as.needed"), defects: security.Defects{AnyRunAs: true}},
		{ID: "run-as.ignored", Sentence: "Who acts as another keeps their own privileges.", Requirements: req("run-as.as-other", "run-as.needed"),
			request: func(c *call) *response {
				c.header.Del(security.RunAsHeader)
				return nil
			}},
	}
}

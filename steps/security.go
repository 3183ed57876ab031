package steps

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func securitySteps() []Definition {
	const noun = "account"
	return []Definition{
		define(noun, `a user with the role `+quoted,
			"Creates a user whom all scenarios of a run share. Roles are writer (manage_connector), reader (monitor_connector and read on the indices), monitor (monitor_connector), nobody, manager (cluster manage), cluster monitor, index reader, index owner, writer everywhere and deputy (a reader who may run as others).",
			`Given a user with the role "reader"`,
			func(w *World) any { return w.asUser }),
		define(noun, `a user with a role that nobody defined`,
			"Creates a user with the name of a role that does not exist.",
			"Given a user with a role that nobody defined",
			func(w *World) any { return w.asUndefined }),
		define(noun, `an API key with the role `+quoted,
			"Creates an API key with the privileges of a role.",
			`Given an API key with the role "writer"`,
			func(w *World) any { return w.asKey }),
		define(noun, `an API key with the role `+quoted+` that has expired`,
			"Creates an API key that lives for 1 ms, and waits.",
			`Given an API key with the role "writer" that has expired`,
			func(w *World) any { return w.asExpiredKey }),
		define(noun, `an API key with the role `+quoted+` that was invalidated`,
			"Creates an API key and invalidates it.",
			`Given an API key with the role "writer" that was invalidated`,
			func(w *World) any { return w.asInvalidatedKey }),
		define(noun, `an API key that may only read `+quoted,
			"Creates an API key with the privilege read on one index or alias, or on a pattern.",
			`Given an API key that may only read ".elastic-connectors-sync-jobs"`,
			func(w *World) any { return w.asReadKey }),
		define(noun, `an API key without a role of its own`,
			"Creates an API key that may do what the account of the run may.",
			"Given an API key without a role of its own",
			func(w *World) any { return w.asOwnersKey }),
		define(noun, `somebody with `+quoted,
			"Chooses credentials that are missing, malformed or wrong; see credentials.go for their names.",
			`Given somebody with "a wrong password"`,
			func(w *World) any { return w.asSomebody }),
		define(noun, `they run as a user with the role `+quoted,
			"Has the requests that follow ask to be done as another user.",
			`Given they run as a user with the role "writer"`,
			func(w *World) any { return w.runAs }),
		define(noun, `an id that no connector has`,
			"Makes up an id for the requests that follow.",
			"Given an id that no connector has",
			func(w *World) any { return w.unknownConnector }),
		define(noun, `they `+quoted,
			"Has them do something, such as set the stats; see operations.go for the names. What is stored is noted before.",
			`When they "set the stats"`,
			func(w *World) any { return w.theyDo }),
		define(noun, `they send `+method+` `+quoted,
			"Has them send a request without a body.",
			`When they send POST "/_connector/_sync_job/{sync_job}/_stats"`,
			func(w *World) any { return w.theySend }),
		define(noun, `they send `+method+` `+quoted+` with the body:`,
			"Has them send a request with a docstring as its body.",
			"When they send PUT \"/_connector/_sync_job/{sync_job}/_stats\" with the body:\n  \"\"\"\n  {}\n  \"\"\"",
			func(w *World) any { return w.theySendBody }),
		define(noun, `they are allowed to`,
			"Demands the status that the operation has where it succeeds, and that it was done: what was asked for is shown, and what was written can be read.",
			"Then they are allowed to",
			func(w *World) any { return w.areAllowed }),
		define(noun, `they are asked to authenticate because `+quoted,
			"Demands status 401, a security_exception for this reason, the ways to authenticate in the headers and likewise in the body, and no product header. {path} stands for the request's path, {user} for the user's name, … at the end for whatever follows.",
			`Then they are asked to authenticate because "missing authentication credentials for REST request [{path}]"`,
			func(w *World) any { return w.areAsked }),
		define(noun, `they are told of their token that `+quoted,
			"Demands that the answer says so of the API key or token; {key} stands for the id of the key.",
			`Then they are told of their token that "api key is expired"`,
			func(w *World) any { return w.areTold }),
		define(noun, `they are refused for lack of a privilege`,
			"Demands status 403, a security_exception that names what was done, who did it and the privileges that grant it, no way to authenticate and no product header.",
			"Then they are refused for lack of a privilege",
			func(w *World) any { return w.areRefused }),
		define(noun, `they are refused because `+quoted,
			"Demands status 403 and a security_exception with this in its reason; {user} stands for the user's name, {other} for the one to run as.",
			`Then they are refused because "unauthorized to run as [{other}]"`,
			func(w *World) any { return w.areRefusedBecause }),
		define(noun, `nothing has changed`,
			"Compares everything of the scenario that is stored with what it was before the last operation: the sync job, its connector and the connector's list of sync jobs where it has a connector of its own, and what the operation would have created.",
			"Then nothing has changed",
			func(w *World) any { return w.nothingChanged }),
		define(noun, `the answer is the same for an id that nothing has`,
			"Repeats the operation with a made-up id, and demands the same status and the same body.",
			"Then the answer is the same for an id that nothing has",
			func(w *World) any { return w.sameForUnknown }),
		define(noun, `the answer repeats no credential`,
			"Demands that neither the headers nor the body of the answer have the secret in them that was sent.",
			"Then the answer repeats no credential",
			func(w *World) any { return w.repeatsNoCredential }),
	}
}

// actor is somebody on whose behalf the scenario sends requests.
type actor struct {
	*account
	header []string // values of Authorization in place of the account's own
	raw    bool     // header counts, also where it is empty
	secret []string // what no answer may repeat
	runAs  *account // nil: nobody else
}

// attempt is the last operation.
type attempt struct {
	operation
	name string // in the vocabulary, "" for a request of the scenario's own
	path string
	body []byte
	made string // the name that would be created
	jobs []string
}

// errNobody says that a step came too early.
var errNobody = fmt.Errorf(`nobody is there yet; begin with "Given a user with the role ..."`)

// act makes an account the one that does what follows.
func (w *World) act(a *account) {
	w.actor = &actor{account: a, secret: []string{a.auth.Password, a.auth.APIKey}}
	if a.auth.APIKey == "" {
		w.actor.secret = append(w.actor.secret, encoded64(a.name+":"+a.auth.Password))
	}
	w.saved["user"], w.saved["key"] = a.name, a.name
	if _, secret, ok := strings.Cut(decoded(a.auth.APIKey), ":"); ok {
		w.actor.secret = append(w.actor.secret, secret)
	}
}

func decoded(token string) string {
	plain, _ := base64.StdEncoding.DecodeString(token) // "" where it is none
	return string(plain)
}

func (w *World) asUser(ctx context.Context, name string) error {
	a, err := w.userOf(ctx, name)
	if err != nil {
		return err
	}
	w.act(a)
	return nil
}

func (w *World) asUndefined(ctx context.Context) error {
	a, err := w.createUser(ctx, w.deps.Scope, "esconform-"+w.deps.Scope.RunID()+"-undefined")
	if err != nil {
		return err
	}
	w.act(a)
	return nil
}

func (w *World) asKey(ctx context.Context, name string) error {
	return w.keyOfRole(ctx, name, 0)
}

func (w *World) keyOfRole(ctx context.Context, name string, lifetime time.Duration) error {
	r, err := roleNamed(name)
	if err != nil {
		return err
	}
	a, err := w.createKey(ctx, w.describe(r, allIndices), lifetime)
	if err != nil {
		return err
	}
	w.act(a)
	return nil
}

// lifetime of a key that is to expire, and the time after which it certainly
// has: both are of the server's own clock.
const (
	shortLife = time.Millisecond
	longer    = 50 * time.Millisecond
)

func (w *World) asExpiredKey(ctx context.Context, name string) error {
	if err := w.keyOfRole(ctx, name, shortLife); err != nil {
		return err
	}
	return pause(ctx, longer)
}

func (w *World) asInvalidatedKey(ctx context.Context, name string) error {
	if err := w.keyOfRole(ctx, name, 0); err != nil {
		return err
	}
	const path = "/_security/api_key"
	res, err := ask(ctx, w.deps.Scope, http.MethodDelete, path, map[string]any{"ids": []any{w.actor.name}})
	if err != nil {
		return err
	}
	if got, _ := jsonval.Decode(res.Body); res.Status == http.StatusOK && strings.Contains(string(jsonval.Encode(got)), `"invalidated_api_keys":["`+w.actor.name) {
		return nil
	}
	return mayCreate(res, "a key and invalidate it", path, "manage_api_key")
}

func (w *World) asReadKey(ctx context.Context, index string) error {
	if err := w.mayReadDirectly(ctx); err != nil {
		return err
	}
	a, err := w.createKey(ctx, w.describe(role{indices: []string{"read"}}, index), 0)
	if err != nil {
		return err
	}
	w.act(a)
	return nil
}

// mayReadDirectly skips the scenario where the account of the run may not read
// the index: then its API keys may not, either.
func (w *World) mayReadDirectly(ctx context.Context) error {
	s, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	return w.needDirect(s)
}

func (w *World) asOwnersKey(ctx context.Context) error {
	a, err := w.createKey(ctx, nil, 0)
	if err != nil {
		return err
	}
	w.act(a)
	return nil
}

func (w *World) runAs(ctx context.Context, name string) error {
	if w.actor == nil {
		return errNobody
	}
	other, err := w.userOf(ctx, name)
	if err != nil {
		return err
	}
	w.actor.runAs = other
	w.saved["other"] = other.name
	return nil
}

func (w *World) unknownConnector() error {
	w.saved["connector"] = fmt.Sprintf("esconform-no-such-%012x", w.rand.Int63n(1<<48))
	return nil
}

func (w *World) theyDo(ctx context.Context, name string) error {
	if w.actor == nil {
		return errNobody
	}
	o, err := w.operationNamed(name)
	if err != nil {
		return err
	}
	w.saved["new"] = w.deps.Scope.NewID()
	path, err := w.expand(o.path)
	if err != nil {
		return err
	}
	var body []byte
	if o.body != "" {
		body = w.expandBody(o.body)
	}
	return w.try(ctx, attempt{operation: o, name: name, path: path, body: body, made: w.saved["new"]})
}

func (w *World) theySend(ctx context.Context, method, path string) error {
	return w.sendAs(ctx, method, path, nil)
}

func (w *World) theySendBody(ctx context.Context, method, path string, doc *godog.DocString) error {
	return w.sendAs(ctx, method, path, w.expandBody(doc.Content))
}

func (w *World) sendAs(ctx context.Context, method, path string, body []byte) error {
	if w.actor == nil {
		return errNobody
	}
	path, err := w.expand(path)
	if err != nil {
		return err
	}
	return w.try(ctx, attempt{operation: operation{method: method}, path: path, body: body})
}

// try notes what is stored and sends the request of an attempt.
func (w *World) try(ctx context.Context, a attempt) error {
	if w.job != nil {
		if err := w.baseline(ctx, w.job); err != nil {
			return err
		}
	}
	if w.connector != nil && w.connector.before != nil {
		_, jobs, err := w.listJobs(ctx)
		if err != nil {
			return err
		}
		a.jobs = ids(jobs)
	}
	path, _, _ := strings.Cut(a.path, "?")
	w.saved["path"] = path
	res, err := w.sendAttempt(ctx, a)
	if err != nil {
		return err
	}
	w.last, w.sent, w.attempt = res, a.body, &a
	return nil
}

// sendAttempt sends a request with the actor's credentials.
func (w *World) sendAttempt(ctx context.Context, a attempt) (*wire.Response, error) {
	req := wire.Request{Method: a.method, Path: a.path, Body: a.body, Header: http.Header{}}
	switch {
	case w.actor.raw:
		req.Header["Authorization"] = w.actor.header
	default:
		req.Auth = &w.actor.auth
	}
	if w.actor.runAs != nil {
		req.Header.Set("es-security-runas-user", w.actor.runAs.name)
	}
	return w.do(ctx, req)
}

func (w *World) attempted() (*wire.Response, *attempt, error) {
	res, err := w.answered()
	if err == nil && w.attempt == nil {
		err = fmt.Errorf(`nobody has done anything yet; put a step such as "When they ..." before this one`)
	}
	return res, w.attempt, err
}

func (w *World) areAllowed(ctx context.Context) error {
	res, a, err := w.attempted()
	if err != nil {
		return err
	}
	if err := wantStatus(res, "what they may do", a.done); err != nil {
		return err
	}
	if effect := effects[a.name]; effect != nil {
		return effect(w, ctx, res)
	}
	return nil
}

func (w *World) nothingChanged(ctx context.Context) error {
	_, a, err := w.attempted()
	if err != nil {
		return err
	}
	if w.job != nil && !w.job.absent {
		if err := w.jobUnchanged(ctx); err != nil {
			return err
		}
	}
	if w.job != nil && w.job.absent {
		if err := w.stillAbsent(ctx); err != nil {
			return err
		}
	}
	if w.connector != nil && w.connector.before != nil {
		if err := w.connectorUnchanged(ctx); err != nil {
			return err
		}
		res, jobs, err := w.listJobs(ctx)
		if err != nil {
			return err
		}
		if got := ids(jobs); !slices.Equal(got, a.jobs) {
			return failf(res, strings.Join(a.jobs, ", "), strings.Join(got, ", "), "the connector has other sync jobs than before")
		}
	}
	return w.nothingMade(ctx, a.made)
}

// nothingMade checks that there is no connector of a name or an id.
func (w *World) nothingMade(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	if !w.knows(sinceConnectorFilters) {
		res, err := w.get(ctx, "/_connector/"+name)
		if err != nil {
			return err
		}
		return wantAbsent(res, "reading a connector")
	}
	res, err := w.get(ctx, "/_connector?connector_name="+url.QueryEscape(name))
	if err != nil {
		return err
	}
	if err := wantStatus(res, "looking for the connector", http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, "looking for the connector")
	if err != nil {
		return err
	}
	if n, _ := jsonval.Pointer(doc, "/count"); !jsonval.Equal(n, json.Number("0")) {
		return CheckAbsent.failf(res, "no connector "+name, answer(res), "the connector was created")
	}
	return nil
}

// secretMadeUp returns a secret that nothing has, and has it kept out of records.
func (w *World) secretMadeUp() string {
	secret := rand.Text()
	w.deps.Session.Client().AddSecret(secret)
	return secret
}

package steps

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
)

var accountSteps = chapter{noun: "account", rows: []row{
	{`Given a user with the role "<text>"`,
		"Creates a user whom all scenarios of a run share. Roles are writer (manage_connector), reader (monitor_connector and read on the indices), monitor (monitor_connector), nobody, manager (cluster manage), cluster monitor, index reader, index owner, writer everywhere and deputy (a reader who may run as others).",
		`Given a user with the role "reader"`, (*accounts).asUser},
	{`Given a user with a role that nobody defined`,
		"Creates a user with the name of a role that does not exist.",
		"", (*accounts).asUndefined},
	{`Given an API key with the role "<text>"`,
		"Creates an API key with the privileges of a role.",
		`Given an API key with the role "writer"`, (*accounts).asKey},
	{`Given an API key with the role "<text>" that has expired`,
		"Creates an API key that lives for 1 ms, and waits.",
		`Given an API key with the role "writer" that has expired`, (*accounts).asExpiredKey},
	{`Given an API key with the role "<text>" that was invalidated`,
		"Creates an API key and invalidates it.",
		`Given an API key with the role "writer" that was invalidated`, (*accounts).asInvalidatedKey},
	{`Given an API key that may only read "<text>"`,
		"Creates an API key with the privilege read on one index or alias, or on a pattern.",
		`Given an API key that may only read ".elastic-connectors-sync-jobs"`, (*accounts).asReadKey},
	{`Given an API key without a role of its own`,
		"Creates an API key that may do what the account of the run may.",
		"", (*accounts).asOwnersKey},
	{`Given somebody with "<text>"`,
		"Chooses credentials that are missing, malformed or wrong; see credentials.go for their names.",
		`Given somebody with "a wrong password"`, (*accounts).asSomebody},
	{`Given they run as a user with the role "<text>"`,
		"Has the requests that follow ask to be done as another user.",
		`Given they run as a user with the role "writer"`, (*accounts).runAs},
	{"Given a user with these privileges:",
		"Creates a user of the scenario with a role as the security API takes it, in JSON.",
		"Given a user with these privileges:\n  \"\"\"\n  {\"cluster\": [\"monitor\"], \"indices\": [{\"names\": [\"{index}\"], \"privileges\": [\"read\"]}]}\n  \"\"\"", (*accounts).asUserWith},
	{"Given an API key with these privileges:",
		"Creates an API key of the scenario with a role as the security API takes it, in JSON.",
		"Given an API key with these privileges:\n  \"\"\"\n  {\"cluster\": [\"manage_index_templates\"]}\n  \"\"\"", (*accounts).asKeyWith},
	{`Then they are allowed to`,
		"Demands the status that the operation has where it succeeds, and that it was done: what was asked for is shown, and what was written can be read.",
		"", (*accounts).areAllowed},
	{`Then they are asked to authenticate because "<text>"`,
		"Demands status 401, a security_exception for this reason, the ways to authenticate in the headers and likewise in the body, and no product header. {path} stands for the request's path, {user} for the user's name, … at the end for whatever follows.",
		`Then they are asked to authenticate because "missing authentication credentials for REST request [{path}]"`, (*accounts).areAsked},
	{`Then they are told of their token that "<text>"`,
		"Demands that the answer says so of the API key or token; {key} stands for the id of the key.",
		`Then they are told of their token that "api key is expired"`, (*accounts).areTold},
	{`Then they are refused for lack of a privilege`,
		"Demands status 403, a security_exception that names what was done, who did it and the privileges that grant it, no way to authenticate and no product header.",
		"", (*accounts).areRefused},
	{`Then they are refused because "<text>"`,
		"Demands status 403 and a security_exception with this in its reason; {user} stands for the user's name, {other} for the one to run as.",
		`Then they are refused because "unauthorized to run as [{other}]"`, (*accounts).areRefusedBecause},
	{`Then nothing has changed`,
		"Compares everything of the scenario that is stored with what it was before the last operation: the sync job, its connector and the connector's list of sync jobs where it has a connector of its own, and what the operation would have created.",
		"", (*accounts).nothingChanged},
	{`Then the answer is the same for an id that nothing has`,
		"Repeats the operation with a made-up id, and demands the same status and the same body.",
		"", (*accounts).sameForUnknown},
	{`Then the answer repeats no credential`,
		"Demands that neither the headers nor the body of the answer have the secret in them that was sent.",
		"", (*accounts).repeatsNoCredential},
}}

// accounts act on somebody's behalf.
type accounts struct {
	*jobs
	lists   *lists
	actor   *actor
	attempt *attempt // what they did last
}

// actor is somebody on whose behalf the scenario sends requests.
type actor struct {
	*account
	header []string // values of Authorization in place of the account's own
	raw    bool     // header counts, also where it is empty
	secret []string // what no answer may repeat
	runAs  *account // nil: nobody else
	habit  *habit   // of the account of the run in place of another; nil for none
}

// errNobody says that a step came too early.
var errNobody = fmt.Errorf(`nobody is there yet; begin with "Given a user with the role ..."`)

// become makes an account that could be made the one that does what follows.
func (x *accounts) become(a *account, err error) error {
	if err != nil {
		return err
	}
	x.actor = &actor{account: a, secret: []string{a.auth.Password, a.auth.APIKey}}
	if a.auth.APIKey == "" {
		x.actor.secret = append(x.actor.secret, encoded64(a.name+":"+a.auth.Password))
	}
	x.saved["user"], x.saved["key"] = a.name, a.name
	if _, secret, ok := strings.Cut(decoded(a.auth.APIKey), ":"); ok {
		x.actor.secret = append(x.actor.secret, secret)
	}
	return nil
}

func decoded(token string) string {
	plain, _ := base64.StdEncoding.DecodeString(token) // "" where it is none
	return string(plain)
}

func (x *accounts) asUser(ctx context.Context, name string) error {
	a, err := x.userOf(ctx, name)
	return x.become(a, err)
}

// asUserWith and asKeyWith make an account with a role in the words of the
// security API.
func (x *accounts) asUserWith(ctx context.Context, doc *godog.DocString) error {
	role, err := x.privileges(doc)
	if err != nil {
		return err
	}
	name := x.deps.Scope.NewID()
	if err := createRole(ctx, x.deps.Scope, name, role); err != nil {
		return err
	}
	a, err := x.createUser(ctx, x.deps.Scope, name)
	return x.become(a, err)
}

func (x *accounts) asKeyWith(ctx context.Context, doc *godog.DocString) error {
	role, err := x.privileges(doc)
	if err != nil {
		return err
	}
	a, err := x.createKey(ctx, role, 0)
	return x.become(a, err)
}

func (x *accounts) privileges(doc *godog.DocString) (map[string]any, error) {
	v, err := x.wanted(doc.Content)
	if err != nil {
		return nil, err
	}
	role, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read the privileges %s: they are no JSON object", doc.Content)
	}
	return role, nil
}

func (x *accounts) asUndefined(ctx context.Context) error {
	a, err := x.createUser(ctx, x.deps.Scope, "esconform-"+x.deps.Scope.RunID()+"-undefined")
	return x.become(a, err)
}

func (x *accounts) asKey(ctx context.Context, name string) error {
	return x.keyOfRole(ctx, name, 0)
}

func (x *accounts) keyOfRole(ctx context.Context, name string, lifetime time.Duration) error {
	r, err := roleNamed(name)
	if err != nil {
		return err
	}
	a, err := x.createKey(ctx, x.describe(r, allIndices), lifetime)
	return x.become(a, err)
}

// lifetime of a key that is to expire, and the time after which it certainly
// has: both are of the server's own clock.
const (
	shortLife = time.Millisecond
	longer    = 50 * time.Millisecond
)

func (x *accounts) asExpiredKey(ctx context.Context, name string) error {
	if err := x.keyOfRole(ctx, name, shortLife); err != nil {
		return err
	}
	return pause(ctx, longer)
}

func (x *accounts) asInvalidatedKey(ctx context.Context, name string) error {
	if err := x.keyOfRole(ctx, name, 0); err != nil {
		return err
	}
	const path = "/_security/api_key"
	res, err := ask(ctx, x.deps.Scope, http.MethodDelete, path, map[string]any{"ids": []any{x.actor.name}})
	if err != nil {
		return err
	}
	if got, _ := jsonval.Decode(res.Body); res.Status == http.StatusOK && strings.Contains(string(jsonval.Encode(got)), `"invalidated_api_keys":["`+x.actor.name) {
		return nil
	}
	return mayCreate(res, "a key and invalidate it", path, "manage_api_key")
}

func (x *accounts) asReadKey(ctx context.Context, index string) error {
	if err := x.mayReadDirectly(ctx); err != nil {
		return err
	}
	a, err := x.createKey(ctx, x.describe(role{indices: []string{"read"}}, index), 0)
	return x.become(a, err)
}

// mayReadDirectly skips the scenario where the account of the run may not read
// the index: then its API keys may not, either.
func (x *accounts) mayReadDirectly(ctx context.Context) error {
	job, err := x.job()
	if err != nil {
		return err
	}
	return x.sameBothWays(ctx, job)
}

func (x *accounts) asOwnersKey(ctx context.Context) error {
	a, err := x.createKey(ctx, nil, 0)
	return x.become(a, err)
}

func (x *accounts) runAs(ctx context.Context, name string) error {
	if x.actor == nil {
		return errNobody
	}
	other, err := x.userOf(ctx, name)
	if err != nil {
		return err
	}
	x.actor.runAs = other
	x.saved["other"] = other.name
	return nil
}

// secretMadeUp returns a secret that nothing has, and has it kept out of records.
func (x *accounts) secretMadeUp() string {
	secret := rand.Text()
	x.deps.Session.Client().AddSecret(secret)
	return secret
}

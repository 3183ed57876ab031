package steps

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// account is somebody whom the suite created.
type account struct {
	auth  wire.Auth
	name  string // of the user, or the id of the API key
	isKey bool
}

// who is how Elasticsearch calls the account in its refusals.
func (a *account) who() string {
	if a.isKey {
		return "API key id [" + a.name + "] of user ["
	}
	return "user [" + a.name + "]"
}

// sharedUsers are users that all scenarios of a run share, one of each role.
// They are created when they are first needed.
type sharedUsers struct {
	mu     sync.Mutex
	byRole map[string]*account
}

// role is what an account may do: privileges of the cluster, and those on the
// indices of connectors and sync jobs.
type role struct {
	cluster []string
	indices []string
	// before9 are further privileges on the indices, for versions that may
	// grant the API by those (source). Without them the role may do the same
	// in all versions.
	before9 []string
	runAs   bool // as any user of the run
}

// roles are those that scenarios speak of.
var roles = map[string]role{
	"writer":            {cluster: []string{"manage_connector"}, before9: []string{"read", "write"}},
	"reader":            {cluster: []string{"monitor_connector"}, indices: []string{"read"}},
	"monitor":           {cluster: []string{"monitor_connector"}},
	"nobody":            {},
	"manager":           {cluster: []string{"manage"}},
	"cluster monitor":   {cluster: []string{"monitor"}},
	"index reader":      {indices: []string{"read"}},
	"index owner":       {indices: []string{"all"}},
	"writer everywhere": {cluster: []string{"manage_connector"}, indices: []string{"read", "write"}},
	"deputy":            {cluster: []string{"monitor_connector"}, indices: []string{"read"}, runAs: true},
}

// roleNamed returns a role of the vocabulary.
func roleNamed(name string) (role, error) {
	r, ok := roles[name]
	if !ok {
		return r, fmt.Errorf("there is no role %q; roles are %s", name, strings.Join(slices.Sorted(maps.Keys(roles)), ", "))
	}
	return r, nil
}

// sinceClusterPrivileges is the first version that certainly grants the API by
// privileges of the cluster (source: Elasticsearch's pull request 119863).
var sinceClusterPrivileges = esversion.MustParse("9.0.0")

// before9 reports whether the target may grant the API by privileges on its
// indices.
func (x *accounts) before9() bool {
	return x.deps.Version.Known() && !x.deps.Version.AtLeast(sinceClusterPrivileges)
}

// describe writes a role as the API takes it. names are the indices that it is
// about.
func (x *accounts) describe(r role, names ...string) map[string]any {
	out := map[string]any{"cluster": anyList(r.cluster), "indices": []any{}}
	indices := r.indices
	if x.before9() {
		indices = slices.Concat(indices, r.before9)
	}
	if len(indices) > 0 {
		out["indices"] = []any{map[string]any{"names": anyList(names), "privileges": anyList(indices)}}
	}
	if r.runAs {
		out["run_as"] = []any{"esconform-" + x.deps.Scope.RunID() + "-*"}
	}
	return out
}

func anyList(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// allIndices covers the indices of the connector API and their aliases.
const allIndices = ".elastic-connectors*"

// userOf returns the run's user of a role.
func (x *accounts) userOf(ctx context.Context, name string) (*account, error) {
	r, err := roleNamed(name)
	if err != nil {
		return nil, err
	}
	shared := &x.deps.Shared.users
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if a := shared.byRole[name]; a != nil {
		return a, nil
	}
	scope := x.deps.Shared.scope
	roleName := scope.NewID()
	if err := createRole(ctx, scope, roleName, x.describe(r, allIndices)); err != nil {
		return nil, err
	}
	a, err := x.createUser(ctx, scope, roleName)
	if err != nil {
		return nil, err
	}
	if shared.byRole == nil {
		shared.byRole = map[string]*account{}
	}
	shared.byRole[name] = a
	return a, nil
}

func createRole(ctx context.Context, scope *resource.Scope, name string, described map[string]any) error {
	path := "/_security/role/" + name
	res, err := askWithRole(ctx, scope, http.MethodPut, path, described, described)
	if err != nil {
		return err
	}
	return mayCreate(res, "a role", path, "manage_security")
}

// askWithRole sends a request with a role somewhere in its body. Versions that
// know only privileges on indices refuse those of the cluster; for them the
// role goes without.
func askWithRole(ctx context.Context, scope *resource.Scope, method, path string, body, described map[string]any) (*wire.Response, error) {
	res, err := ask(ctx, scope, method, path, body)
	if err != nil || res.Status != http.StatusBadRequest || !strings.Contains(string(res.Body), "unknown cluster privilege") {
		return res, err
	}
	described["cluster"] = []any{}
	return ask(ctx, scope, method, path, body)
}

func (x *accounts) createUser(ctx context.Context, scope *resource.Scope, roleNames ...string) (*account, error) {
	a := &account{name: scope.NewID(), auth: wire.Auth{Password: rand.Text()}}
	a.auth.Username = a.name
	x.deps.Session.Client().AddSecret(a.auth.Password)
	path := "/_security/user/" + a.name
	res, err := ask(ctx, scope, http.MethodPut, path, map[string]any{"password": a.auth.Password, "roles": anyList(roleNames)})
	if err != nil {
		return nil, err
	}
	return a, mayCreate(res, "a user", path, "manage_security")
}

// keyLife bounds the life of a key that nobody comes to delete.
const keyLife = time.Hour

// createKey creates an API key for the scenario alone. Without a role it may do
// what the account of the run may.
func (x *accounts) createKey(ctx context.Context, described map[string]any, lifetime time.Duration) (*account, error) {
	body := map[string]any{"name": x.deps.Scope.NewID(), "expiration": fmt.Sprintf("%dms", cmp.Or(lifetime, keyLife).Milliseconds())}
	if described != nil {
		body["role_descriptors"] = map[string]any{"esconform": described}
	}
	const path = "/_security/api_key"
	res, err := askWithRole(ctx, x.deps.Scope, http.MethodPost, path, body, described)
	if err != nil {
		return nil, err
	}
	if res.Status == http.StatusBadRequest && strings.Contains(string(res.Body), "derived api keys") {
		return nil, &SkipError{Reason: "needs a user: an API key can create no API key with privileges"}
	}
	if err := mayCreate(res, "an API key", path, "manage_own_api_key, and manage_api_key to delete it"); err != nil {
		return nil, err
	}
	a := &account{name: stringAt(res, "/id"), isKey: true, auth: wire.Auth{APIKey: stringAt(res, "/encoded")}}
	x.deps.Session.Client().AddSecret(stringAt(res, "/api_key"))
	x.deps.Session.Client().AddSecret(a.auth.APIKey)
	if a.name == "" || a.auth.APIKey == "" {
		return nil, setupFailed(res, "create an API key", "200 with id and encoded")
	}
	if !isKeyOf(a.auth.APIKey, a.name, stringAt(res, "/api_key")) {
		return nil, setupFailed(res, "create an API key", "encoded to be id and api_key in base64")
	}
	return a, nil
}

// isKeyOf reports whether a key is what id and secret are encoded to. One that
// is not lets nobody in, which says nothing of the API that is tested with it.
func isKeyOf(encoded, id, secret string) bool {
	return encoded == base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// ask sends a request of the harness itself with a JSON body. What all
// scenarios share is no exchange of the one that happens to need it first.
func ask(ctx context.Context, scope *resource.Scope, method, path string, body map[string]any) (*wire.Response, error) {
	return scope.Do(ctx, wire.Request{Method: method, Path: path, Body: jsonval.Encode(body)})
}

// mayCreate tells a missing privilege, which skips the scenario, from a failed
// set-up.
func mayCreate(res *wire.Response, what, path, privilege string) error {
	switch res.Status {
	case http.StatusOK:
		return nil
	case http.StatusForbidden:
		return &SkipError{Reason: fmt.Sprintf("needs an account that may create %s: it lacks the cluster privilege %s", what, privilege)}
	}
	return setupFailed(res, "create "+what+" ("+path+")", "200")
}

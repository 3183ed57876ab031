package resttest

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
	"github.com/esconform/esconform/steps"
)

// Env is what a test runs in. Every field is required.
type Env struct {
	Session *wire.Session
	Scope   *resource.Scope
	Version esversion.Version
	// Serverless tells the kind of Elasticsearch, Disposable that nothing in
	// it is anybody's.
	Serverless, Disposable bool
}

// Execution is one run of a test. Its methods are called in order, from one
// goroutine.
type Execution struct {
	test *Test
	env  Env
	own  owned

	stash stash
	last  *wire.Response
	calls string // the API that last has answered
	part  Part
	sent  bool
}

// Begin prepares a run of the test. Nothing is sent yet.
func (t *Test) Begin(env Env) *Execution {
	return &Execution{test: t, env: env, own: owned{names: map[string]bool{}}, stash: stash{}}
}

// Step runs one step. What it returns says whom it is held against: only a
// *steps.AssertionError speaks against the target.
func (x *Execution) Step(ctx context.Context, i int) error {
	st := x.test.Steps[i]
	if st.Part != x.part {
		x.part, x.last = st.Part, nil
		delete(x.stash, bodyKey)
	}
	return st.run(ctx, x)
}

// Abandon runs the teardown of a test that did not come to it, as well as it
// goes. It is called when the evidence is taken; what the teardown cannot do is
// left to the scope.
func (x *Execution) Abandon(ctx context.Context) {
	if !x.sent || x.part == Teardown {
		return
	}
	x.env.Session.SetPurpose("teardown")
	for i, st := range x.test.Steps {
		if st.Part == Teardown {
			_ = x.Step(ctx, i) // the test has failed already
		}
	}
}

// CheckOf is what a failed assertion on an answer of this API looks at.
func CheckOf(api string) string { return "api." + api }

// failed is an assertion that the last answer does not meet.
func (x *Execution) failed(message, expected, actual string) error {
	return &steps.AssertionError{
		Message: message + " (" + x.calls + ")", Expected: expected, Actual: actual,
		Exchange: x.last.Index, Check: steps.Check(CheckOf(x.calls)),
	}
}

// answered puts an answer aside.
func (x *Execution) answered(req *restspec.Request, res *wire.Response) {
	x.last = res
	x.stash[bodyKey] = parsed(req, res)
	if strings.HasPrefix(req.Path.Template, securityPath) {
		x.hide(x.stash[bodyKey])
	}
}

// securityPath begins the paths of the API that hands out credentials, and
// secrets are the members of its answers that hold some.
const securityPath = "/_security/"

var secrets = []string{"api_key", "encoded", "access_token", "refresh_token", "kerberos_authentication_response_token"}

// hide keeps credentials out of everything that is written of the run, also
// out of what a failure says of the answer.
func (x *Execution) hide(doc any) {
	switch doc := doc.(type) {
	case []any:
		for _, item := range doc {
			x.hide(item)
		}
	case map[string]any:
		for key, v := range doc {
			secret, isText := v.(string)
			if isText && (slices.Contains(secrets, key) || key == "value" && doc["name"] != nil) { // of a service token
				x.env.Session.Client().AddSecret(secret)
			}
			x.hide(v)
		}
	}
}

// parsed is a body as a document where it is one, as text otherwise; of a HEAD
// it is whether there is something.
func parsed(req *restspec.Request, res *wire.Response) any {
	if req.Method == http.MethodHead {
		return res.Status < http.StatusBadRequest
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case strings.HasSuffix(kind, "json"):
		if doc, err := jsonval.Decode(res.Body); err == nil {
			return doc
		}
	case strings.HasSuffix(kind, "yaml"):
		if docs, err := documents(res.Body); err == nil && len(docs) == 1 {
			if doc, err := value(docs[0]); err == nil {
				return doc
			}
		}
	}
	if len(res.Body) == 0 {
		return nil
	}
	return string(res.Body)
}

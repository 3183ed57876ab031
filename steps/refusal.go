package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

const securityException = "security_exception"

// areAsked checks a 401. A reason that ends in … is the beginning of one.
func (x *accounts) areAsked(res *wire.Response, text filled) error {
	r, err := x.securityError(res, http.StatusUnauthorized)
	if err != nil {
		return err
	}
	reason := string(text)
	begin, more := strings.CutSuffix(reason, "…")
	if !strings.HasPrefix(r.reason, begin) || !more && r.reason != reason {
		return CheckRefusalReason.failf(r.res, "/error/reason "+reason, "/error/reason "+r.reason, "they are asked to authenticate for another reason")
	}
	return r.challenges()
}

// challenges checks that the answer says how to authenticate, in the headers
// and likewise in the body. Clusters differ in what they take beside passwords
// and API keys.
func (r *rejection) challenges() error {
	ways := r.res.Header.Values("Www-Authenticate")
	for _, want := range []string{`Basic realm="security", charset="UTF-8"`, "ApiKey"} {
		if !slices.Contains(ways, want) {
			return CheckRefusalChallenge.failf(r.res, "WWW-Authenticate: "+want, "WWW-Authenticate: "+strings.Join(ways, " | "), "the answer does not say how to authenticate")
		}
	}
	doc, err := jsonBody(r.res, "the refused request")
	if err != nil {
		return err
	}
	for _, pointer := range []string{"/error/header/WWW-Authenticate", "/error/root_cause/0/header/WWW-Authenticate"} {
		if got, _ := jsonval.Pointer(doc, pointer); !jsonval.Equal(got, anyList(ways)) {
			return CheckRefusalChallenge.failf(r.res, pointer+" "+string(jsonval.Encode(anyList(ways))), pointer+" "+string(jsonval.Encode(got)), "the body does not say how to authenticate as the headers do")
		}
	}
	return nil
}

// securityError checks the status, the shape and the headers of an error of
// security.
func (x *accounts) securityError(res *wire.Response, status int) (*rejection, error) {
	if err := x.attempted(); err != nil {
		return nil, err
	}
	r, err := x.rejection(res, status)
	if err != nil {
		return nil, err
	}
	if r.kind != securityException {
		return nil, CheckRefusalReason.failf(r.res, "/error/type "+securityException, "/error/type "+r.kind+": "+r.reason, "the request is refused as something else")
	}
	if got := r.res.Header.Values("X-Elastic-Product"); len(got) > 0 {
		return nil, CheckRefusalProduct.failf(r.res, "no header X-elastic-product", "X-elastic-product: "+strings.Join(got, ", "), "a refusal names the product")
	}
	return r, nil
}

// forbidden checks a 403.
func (x *accounts) forbidden(res *wire.Response) (*rejection, error) {
	r, err := x.securityError(res, http.StatusForbidden)
	if err != nil {
		return nil, err
	}
	if got := r.res.Header.Values("Www-Authenticate"); len(got) > 0 {
		return nil, CheckRefusalChallenge.failf(r.res, "no header WWW-Authenticate", "WWW-Authenticate: "+strings.Join(got, " | "), "somebody who is known is asked to authenticate")
	}
	return r, nil
}

func (x *accounts) areRefused(res *wire.Response) error {
	r, err := x.forbidden(res)
	if err != nil {
		return err
	}
	a := x.attempt
	if a.Call.Action == "" {
		return fmt.Errorf("no catalogue of APIs knows which privilege %s %s takes; say what the refusal has to say with \"they are refused because\"", a.req.Method, a.req.Path)
	}
	kind, action, on := "cluster", "action ["+a.Call.Action+"]", ""
	if a.index != "" {
		kind, on = "index", "on indices ["+a.index+"]"
	}
	granted := "granted by the " + kind + " privileges ["
	privilege := cmp.Or(a.Call.Privilege.Cluster, a.Call.Privilege.Index)
	if on == "" && strings.HasPrefix(a.Call.Action, byIndexBefore9) && (x.before9() || !x.deps.Version.Known()) {
		// The privileges may be those on the indices, and the action another.
		action, granted, privilege = "action [", "granted by the ", "all"
	}
	for _, part := range []string{action, "is unauthorized for " + x.actor.who(), on, granted} {
		if !strings.Contains(r.reason, part) {
			return CheckRefusalReason.failf(r.res, fmt.Sprintf("/error/reason with %q", part), "/error/reason "+r.reason, "the refusal does not say what was done, by whom, or what grants it")
		}
	}
	if _, privileges, _ := strings.Cut(r.reason, granted); !mentions(privileges, privilege) {
		return CheckRefusalReason.failf(r.res, "a reason that names the privilege "+privilege, "/error/reason "+r.reason, "the refusal does not name the privilege that is missing")
	}
	return nil
}

// byIndexBefore9 are the actions that versions before 9.0 may grant by
// privileges on the indices behind them (source).
const byIndexBefore9 = "cluster:admin/xpack/connector/"

func (x *accounts) areRefusedBecause(res *wire.Response, text filled) error {
	r, err := x.forbidden(res)
	if err != nil {
		return err
	}
	if !says(r.reason, string(text)) {
		return CheckRefusalReason.failf(r.res, fmt.Sprintf("/error/reason with %q", text), "/error/reason "+r.reason, "they are refused for another reason")
	}
	return nil
}

func (x *accounts) areTold(text filled) error {
	res, v, _, err := x.at("/error/additional_unsuccessful_credentials")
	if err != nil {
		return err
	}
	if got, _ := v.(string); !says(got, string(text)) {
		return CheckRefusalReason.failf(res, fmt.Sprintf("/error/additional_unsuccessful_credentials with %q", text), "/error/additional_unsuccessful_credentials "+got, "the answer does not say what is wrong with the token")
	}
	return nil
}

func (x *accounts) sameForUnknown(ctx context.Context, res *wire.Response) error {
	if err := x.attempted(); err != nil {
		return err
	}
	known := ""
	for _, th := range x.order {
		if strings.Contains(x.attempt.req.Path, th.id) {
			known = th.id
		}
	}
	if known == "" {
		return errors.New("the last request was about nothing that has an id")
	}
	unknown := x.madeUp()
	other := x.attempt.req
	other.Path = strings.ReplaceAll(other.Path, known, unknown)
	again, err := x.sendAttempt(ctx, other)
	if err != nil {
		return err
	}
	want, got := toldOf(res, known), toldOf(again, unknown)
	if !maps.EqualFunc(got, want, slices.Equal) {
		return CheckErrorTells.failf(again, strings.ReplaceAll(answer(res), known, "ID"), strings.ReplaceAll(answer(again), unknown, "ID"),
			"the answer tells an id that nothing has from another: %s", strings.Join(differing(want, got), ", "))
	}
	return nil
}

// toldOf is everything that an answer says, with an id in it left out.
func toldOf(res *wire.Response, id string) map[string][]string {
	told := map[string][]string{"the status": {strconv.Itoa(res.Status)}, "the body": {strings.ReplaceAll(string(res.Body), id, "ID")}}
	for name, values := range res.Header {
		if name != "Date" && name != "Content-Length" {
			told["the header "+name] = values
		}
	}
	return told
}

// differing names what is not the same in both.
func differing(a, b map[string][]string) []string {
	var out []string
	for name := range a {
		if !slices.Equal(a[name], b[name]) {
			out = append(out, name)
		}
	}
	for name := range b {
		if _, both := a[name]; !both {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (x *accounts) repeatsNoCredential(res *wire.Response) error {
	if x.actor == nil {
		return errNobody
	}
	text := string(res.Body)
	for name, values := range res.Header {
		text += "\n" + name + ": " + strings.Join(values, ", ")
	}
	for _, secret := range x.actor.secret {
		if secret != "" && strings.Contains(text, secret) {
			return CheckRefusalSecret.failf(res, "no credential in it", answer(res), "the answer repeats a credential that was sent")
		}
	}
	return nil
}

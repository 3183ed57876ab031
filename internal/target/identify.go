package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

const (
	productHeader = "X-Elastic-Product"
	product       = "Elasticsearch"
	// tagline is what every Elasticsearch says under "tagline".
	tagline = "You Know, for Search"
	purpose = "find out what the target is"
)

// identify asks GET / and fills in Info and Version.
func (t *Target) identify(ctx context.Context) error {
	session := t.Client.Session()
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", Purpose: purpose})
	if err != nil {
		return unreachable(ctx, wire.Addresses(t.Client.URL())[0], err)
	}
	if t.Client.HasAuth() && !t.Info.Security {
		t.Info.Security = demandsCredentials(ctx, session)
	}
	if forbidden(res) {
		t.Info.Security = true
		t.Info.Version = t.Version.String()
		t.Info.IsElasticsearch = res.Header.Get(referenceHeader) == ""
		t.Info.Note = "The account may not read GET / (cluster privilege monitor): the version is not known."
		return nil
	}
	if err := t.refusal(res); err != nil {
		return err
	}
	return t.describe(res)
}

// demandsCredentials reports whether security is on: either who shows no
// credentials is refused, or the target knows who shows some.
func demandsCredentials(ctx context.Context, session *wire.Session) bool {
	open, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", NoAuth: true, Purpose: purpose})
	if err == nil && open.Status == http.StatusUnauthorized {
		return true
	}
	who, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/_security/_authenticate", Purpose: purpose})
	if err != nil || who.Status != http.StatusOK {
		return false
	}
	doc, err := who.JSON()
	if err != nil {
		return false
	}
	_, known := jsonval.Pointer(doc, "/username")
	return known
}

// referenceHeader marks answers of the embedded server that have no body to
// say so in.
const referenceHeader = "X-Esconform-Reference"

// forbidden reports whether an Elasticsearch answered that the account may
// not do this: such an answer carries no product header.
func forbidden(res *wire.Response) bool {
	doc, err := res.JSON()
	if err != nil || res.Status != http.StatusForbidden {
		return false
	}
	typ, _ := jsonval.Pointer(doc, "/error/type")
	return typ == "security_exception"
}

// unreachable words the error of a target that did not answer.
func unreachable(ctx context.Context, url string, err error) *StartError {
	e := &StartError{What: "reach the target at " + url, Err: err}
	if cause := context.Cause(ctx); cause != nil && cause != ctx.Err() { //nolint:errorlint // a cause of its own, whatever it wraps
		e.Err = cause // that nobody waited for it says nothing of the target
		return e
	}
	var transport *wire.TransportError
	if !errors.As(err, &transport) {
		return e
	}
	switch transport.Kind {
	case wire.KindRefused, wire.KindDNS:
		e.Advice = "check the address and whether the server runs"
	case wire.KindTimeout:
		e.Advice = "the server accepts connections but does not answer, or a firewall drops them"
	case wire.KindClosed:
		e.Advice = "if the server speaks TLS, use https:// in the URL"
		if strings.HasPrefix(url, "https:") {
			e.Advice = "something in between, such as a proxy, closes connections"
		}
	case wire.KindTLS:
		e.Advice = "see --ca-cert, --ca-fingerprint, --client-cert and --insecure"
	case wire.KindMalformed, wire.KindTooLarge:
		e.Advice = "this is not Elasticsearch"
	}
	return e
}

// refusal returns why an answer to GET / is not that of an Elasticsearch that
// can be tested.
func (t *Target) refusal(res *wire.Response) error {
	body := res.Text()
	got := fmt.Sprintf("GET / was answered %d", res.Status)
	refuse := func(what, advice string) error {
		return &StartError{What: fmt.Sprintf("the target at %s %s", t.Client.URL(), what), Advice: advice}
	}
	switch {
	case res.Status == http.StatusUnauthorized && t.Client.HasAuth():
		return refuse("refuses the credentials: "+got, "check user name, password or API key")
	case res.Status == http.StatusUnauthorized:
		return refuse("demands credentials: "+got, "give a user name and password or an API key")
	case strings.Contains(body, "HTTP request to an HTTPS server"):
		return refuse("speaks TLS, but the URL begins with http://", "use https://")
	case res.Status >= 300 && res.Status < 400:
		return refuse("redirects: "+got+" to "+t.Client.Redact(res.Header.Get("Location")), "redirects are not followed; give the address that it points to")
	case isHTML(res):
		return refuse("answers HTML: "+got+" "+resource.Quote(body), "this is not Elasticsearch, or a proxy stands before it")
	case res.Status != http.StatusOK:
		return refuse("is not ready: "+got+" "+resource.Quote(body), "look at the server's log")
	}
	if _, err := res.JSON(); err != nil {
		return refuse("does not answer JSON: "+got+" "+resource.Quote(body), "this is not Elasticsearch")
	}
	if res.Header.Get(productHeader) != product {
		return refuse("is not Elasticsearch: its answer to GET / has no product header (X-elastic-product: Elasticsearch)", "check the address, or whether a proxy removes headers")
	}
	return nil
}

func isHTML(res *wire.Response) bool {
	start := strings.ToLower(strings.TrimSpace(string(res.Body[:min(len(res.Body), 100)])))
	return strings.Contains(res.Header.Get("Content-Type"), "text/html") || strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// describe takes over what the server says about itself.
func (t *Target) describe(res *wire.Response) error {
	doc, err := res.JSON()
	if err != nil {
		return err
	}
	text := func(ptr string) string {
		v, _ := jsonval.Pointer(doc, ptr)
		s, _ := v.(string)
		return s
	}
	t.Info.IsElasticsearch = text("/tagline") == tagline
	t.Info.BuildHash = text("/version/build_hash")
	t.Info.BuildFlavor = text("/version/build_flavor")
	t.Info.BuildDate = text("/version/build_date")
	t.Info.ClusterName = text("/cluster_name")
	number := text("/version/number")
	if t.Version, err = esversion.Parse(number); err != nil {
		t.Info.Note = fmt.Sprintf("The server calls its version %q, which is none.", number)
	}
	t.Info.Version = t.Version.String()
	if t.Version.Known() {
		t.Info.Version = number // a snapshot is shown as one
	}
	return nil
}

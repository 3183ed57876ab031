// Package wire sends requests to a target exactly as they are written and
// records what went over the wire. It retries nothing, follows no redirect,
// decodes no content encoding and judges no answer.
package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
)

// Auth holds credentials. An API key wins over a user name.
type Auth struct {
	Username string
	Password string
	// APIKey is "id:api_key" or that in base64, as Elasticsearch hands it out
	// under "encoded".
	APIKey string
}

// Config says how to reach a target.
type Config struct {
	// URL is http or https, with an optional path prefix; or several of them,
	// separated by commas, of the nodes of one cluster. User name and password
	// in it are taken as basic authentication and removed.
	URL  string
	Auth Auth

	// CACert is a PEM bundle that replaces the system's authorities.
	CACert []byte
	// Fingerprint is the SHA-256 of a certificate in hexadecimal, with or
	// without colons: of the server's own or of the authority that issued it.
	Fingerprint string
	// Insecure accepts any certificate.
	Insecure bool
	// AnyHost accepts a certificate of CACert's whatever host it is for: a
	// container knows its own names, not the one it is reached by.
	AnyHost    bool
	ClientCert *tls.Certificate

	Limits limits.Limits
	// Secrets are kept out of everything recorded; the client adds those that
	// it comes to know. Nil: those of this client alone.
	Secrets *foreign.Secrets
	// MaxInFlight bounds the requests that wait for an answer at the same
	// time, over all sessions. 0 means no bound.
	MaxInFlight int
}

// maxHeaderBytes bounds the headers of an answer.
const maxHeaderBytes = 256 << 10

// Client sends requests to one target. It is safe for concurrent use.
type Client struct {
	nodes     *nodes
	auth      Auth
	limits    limits.Limits
	es        *elasticsearch.BaseClient
	transport *http.Transport
	slots     chan struct{} // nil: no bound
	large     chan struct{} // held while a large body is read
	secrets   *foreign.Secrets
	recorded  totals
}

// New checks the configuration and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	nodes, auth, err := readURLs(cfg.URL, cfg.Auth)
	if err != nil {
		return nil, err
	}
	base := nodes.number(0)
	tlsConfig, err := tlsConfig(cfg, base.Scheme)
	if err != nil {
		return nil, err
	}
	transport := newTransport(tlsConfig)
	c := &Client{nodes: nodes, auth: auth, limits: cfg.Limits.WithDefaults(), transport: transport, large: make(chan struct{}, 1), secrets: cfg.Secrets}
	if c.secrets == nil {
		c.secrets = &foreign.Secrets{}
	}
	c.es, err = elasticsearch.NewBaseClient(elasticsearch.Config{
		Addresses:         []string{base.Scheme + "://" + base.Host},
		Transport:         transport,
		DisableRetry:      true,
		DisableMetaHeader: true,
		Header:            http.Header{"User-Agent": {"esconform"}},
		Interceptors:      []elastictransport.InterceptorFunc{direct},
	})
	if err != nil {
		return nil, fmt.Errorf("set up the client for %s: %w", base, err)
	}
	if cfg.MaxInFlight > 0 {
		c.slots = make(chan struct{}, cfg.MaxInFlight)
	}
	c.addAuth(auth)
	return c, nil
}

func readURL(raw string, auth Auth) (*url.URL, Auth, error) {
	u, err := url.Parse(raw)
	if err != nil {
		// The error of url.Parse repeats the URL, which may hold a password.
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		if strings.Contains(raw, "@") {
			return nil, auth, errors.New("read the target's URL: not a URL; use https://host:port and escape special characters in user name and password")
		}
		return nil, auth, fmt.Errorf("read the target's URL %q: %w; use the form https://host:port", raw, err)
	}
	if user := u.User; user != nil {
		password, _ := user.Password()
		u.User = nil
		if auth != (Auth{}) {
			return nil, auth, fmt.Errorf("the target's URL %s holds credentials and others are configured: give them in one place only", u)
		}
		auth = Auth{Username: user.Username(), Password: password}
	}
	switch {
	case strings.Contains(u.String(), "@") && u.Host == "":
		return nil, auth, errors.New("the target's URL has an @ and is not of the form https://user:password@host:port")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, auth, fmt.Errorf("the target's URL %q is not of the form https://host:port", u)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, auth, fmt.Errorf("the target's URL %q has a query or a fragment: leave it out", u)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/"), RawPath: strings.TrimRight(u.RawPath, "/")}, auth, nil
}

func newTransport(tlsConfig *tls.Config) *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  nil, // what is sent must reach the target as it is
		DialContext:            dialer.DialContext,
		TLSClientConfig:        tlsConfig,
		Protocols:              protocols,
		DisableCompression:     true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    256,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// URL returns the target's URL without credentials and without a final slash;
// those of several nodes separated by commas.
func (c *Client) URL() string {
	all := make([]string, c.Nodes())
	for i := range all {
		all[i] = c.nodes.number(i).String()
	}
	return strings.Join(all, ",")
}

// Host returns the host and port of the first node.
func (c *Client) Host() string { return c.Node(0) }

// direct sends a request to the node that it is for: go-elasticsearch only
// knows where the first one was at first.
func direct(next elastictransport.RoundTripFunc) elastictransport.RoundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		req.URL.Host = req.Context().Value(ofNode).(*url.URL).Host
		return next(req)
	}
}

type contextKey int

const ofNode contextKey = iota // *url.URL

// HasAuth reports whether requests carry credentials unless told otherwise.
func (c *Client) HasAuth() bool { return c.auth != Auth{} }

// Limits returns the time limits that the client works with.
func (c *Client) Limits() limits.Limits { return c.limits }

// AddSecret has s replaced by "<redacted>" in everything recorded from now on
// and in what was recorded before but not yet read.
func (c *Client) AddSecret(s string) { c.secrets.Add(s) }

// Secrets returns what is known of them.
func (c *Client) Secrets() *foreign.Secrets { return c.secrets }

// Redact replaces every known secret in text.
func (c *Client) Redact(text string) string { return c.secrets.Redact(text) }

// CloseIdle closes the connections that are kept for later, for instance
// because the server behind them was restarted.
func (c *Client) CloseIdle() { c.transport.CloseIdleConnections() }

// Close closes the idle connections. Requests in flight are left alone.
func (c *Client) Close() {
	_ = c.es.Close(context.Background()) // only says that it was closed before
	c.CloseIdle()
}

// acquire waits for a free slot and returns what gives it back.
func (c *Client) acquire(ctx context.Context) (func(), error) {
	if c.slots == nil {
		return func() {}, ctx.Err()
	}
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

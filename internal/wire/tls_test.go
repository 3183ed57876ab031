package wire

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority is a CA made for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func (a authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert: sign(t, template, template, key, key), key: key}
}

func sign(t *testing.T, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// issue makes a certificate for a server or a client; the chain it presents
// holds the authority's too.
func (a authority) issue(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := sign(t, template, a.cert, key, a.key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw, a.cert.Raw}, PrivateKey: key, Leaf: cert}
}

func tlsServer(t *testing.T, cfg *tls.Config) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	server.TLS = cfg
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func hexOf(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// colons writes a fingerprint as openssl does.
func colons(fingerprint string) string {
	var pairs []string
	for i := 0; i < len(fingerprint); i += 2 {
		pairs = append(pairs, strings.ToUpper(fingerprint[i:i+2]))
	}
	return strings.Join(pairs, ":")
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca, other := newAuthority(t, "ca"), newAuthority(t, "other")
	later := time.Now().Add(time.Hour)
	good := ca.issue(t, "127.0.0.1", later)
	expired := ca.issue(t, "127.0.0.1", time.Now().Add(-time.Hour))
	// An attacker who shows the pinned CA beside a certificate of his own.
	forged := other.issue(t, "127.0.0.1", later)
	forged.Certificate[1] = ca.cert.Raw
	clientCert := ca.issue(t, "client", later)
	clients := x509.NewCertPool()
	clients.AddCert(ca.cert)
	demanding := &tls.Config{Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	serving := func(cert tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{cert}} }

	for _, tt := range []struct {
		name   string
		server *tls.Config
		cfg    Config
		want   string // of the error; "" for success
	}{
		{"CA", serving(good), Config{CACert: ca.pem()}, ""},
		{"unknown CA", serving(good), Config{}, "an authority that is not trusted"},
		{"wrong CA", serving(good), Config{CACert: other.pem()}, "an authority that is not trusted"},
		{"insecure", serving(expired), Config{Insecure: true}, ""},
		{"wrong host", serving(ca.issue(t, "es.example", later)), Config{CACert: ca.pem()}, "certificate is for another host"},
		{"any host", serving(ca.issue(t, "es.example", later)), Config{CACert: ca.pem(), AnyHost: true}, ""},
		{"any host of another CA", serving(good), Config{CACert: other.pem(), AnyHost: true}, "not trusted"},
		{"any host, expired", serving(expired), Config{CACert: ca.pem(), AnyHost: true}, "has expired"},
		{"expired", serving(expired), Config{CACert: ca.pem()}, "has expired"},
		{"fingerprint", serving(good), Config{Fingerprint: hexOf(good.Leaf)}, ""},
		{"fingerprint with colons", serving(good), Config{Fingerprint: colons(hexOf(good.Leaf))}, ""},
		{"fingerprint of the CA", serving(good), Config{Fingerprint: hexOf(ca.cert)}, ""},
		{"wrong fingerprint", serving(good), Config{Fingerprint: hexOf(other.cert)}, "does not fit the configured fingerprint (its own is " + hexOf(good.Leaf)},
		{"CA shown by somebody else", serving(forged), Config{Fingerprint: hexOf(ca.cert)}, "not trusted"},
		{"client certificate", demanding, Config{CACert: ca.pem(), ClientCert: &clientCert}, ""},
		{"client certificate missing", demanding, Config{CACert: ca.pem()}, "TLS handshake failed"},
		{"old TLS", &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, Config{CACert: ca.pem()}, "TLS handshake failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.cfg.URL = tlsServer(t, tt.server)
			session := client(t, tt.cfg).Session()
			// Twice, so that a kept connection or session is covered too.
			for range 2 {
				_, err := session.Do(t.Context(), Request{Method: "GET", Path: "/"})
				if tt.want == "" {
					if err != nil {
						t.Fatal(err)
					}
					continue
				}
				checkTransportError(t, err, KindTLS, tt.want)
			}
		})
	}
}

func TestTLSAndPlainHTTPMixedUp(t *testing.T) {
	t.Parallel()
	plain, _ := recordingServer(t)
	_, err := client(t, Config{URL: strings.Replace(plain, "http:", "https:", 1)}).Session().Do(t.Context(), Request{Method: "GET", Path: "/"})
	checkTransportError(t, err, KindTLS, "the server does not speak TLS: use http://")
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t, "ca")
	cert := ca.issue(t, "x", time.Now().Add(time.Hour))
	pin := hexOf(ca.cert)
	for _, tt := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"no scheme", Config{URL: "localhost:9200"}, "is not of the form https://host:port"},
		{"other scheme", Config{URL: "ftp://h"}, "is not of the form https://host:port"},
		{"no host", Config{URL: "http:///x"}, "is not of the form https://host:port"},
		{"empty", Config{}, "is not of the form https://host:port"},
		{"query", Config{URL: "http://h/?x"}, "has a query or a fragment"},
		{"fragment", Config{URL: "http://h/#x"}, "has a query or a fragment"},
		{"not a URL", Config{URL: "http://h:port"}, "invalid port"},
		{"not a URL, with a password", Config{URL: "http://u:topsecret%zz@h"}, "escape special characters"},
		{"credentials twice", Config{URL: "http://u:topsecret@h", Auth: Auth{APIKey: "k"}}, "http://h holds credentials and others are configured"},
		{"CA over plain HTTP", Config{URL: "http://h", CACert: ca.pem()}, "use https://"},
		{"fingerprint over plain HTTP", Config{URL: "http://h", Fingerprint: pin}, "use https://"},
		{"client certificate over plain HTTP", Config{URL: "http://h", ClientCert: &cert}, "use https://"},
		{"CA that is none", Config{URL: "https://h", CACert: []byte("x")}, "no certificate in PEM form"},
		{"short fingerprint", Config{URL: "https://h", Fingerprint: pin[:40]}, "want the SHA-256 as 64 hexadecimal digits"},
		{"fingerprint that is none", Config{URL: "https://h", Fingerprint: strings.Repeat("x", 64)}, "want the SHA-256"},
		{"any host of any CA", Config{URL: "https://h", AnyHost: true}, "only of a configured CA"},
		{"pinned and insecure", Config{URL: "https://h", Fingerprint: pin, Insecure: true}, "exclude each other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(tt.cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, tt.want)
			}
		})
	}
}

func TestURLLosesItsCredentials(t *testing.T) {
	t.Parallel()
	url, got := recordingServer(t)
	c := client(t, Config{URL: strings.Replace(url, "http://", "http://user:p%40ss-word@", 1) + "/"})
	if c.URL() != url {
		t.Errorf("URL() = %s, want %s", c.URL(), url)
	}
	if _, err := c.Session().Do(t.Context(), Request{Method: "GET", Path: "/"}); err != nil {
		t.Fatal(err)
	}
	if auth := (<-got).Header.Get("Authorization"); auth != "Basic dXNlcjpwQHNzLXdvcmQ=" {
		t.Errorf("sent %s", auth)
	}
}

// The environment must not decide where requests go.
func TestEnvironmentIsIgnored(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ELASTICSEARCH_URL"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	t.Setenv("ELASTIC_CLIENT_APIVERSIONING", "true")
	url, got := recordingServer(t)
	if _, err := client(t, Config{URL: url}).Session().Do(t.Context(), Request{Method: "PUT", Path: "/", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if header := (<-got).Header; header.Get("Content-Type") != "application/json" || header["Accept"] != nil {
		t.Errorf("sent %v", header)
	}
}

package cli_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/reference"
)

// superPassword is the password of the user elastic of secured servers. Its
// sign has to be escaped in a URL.
const superPassword = "super+5d20c9aa41"

// startSecured puts the address of a server with security on into $URL. Its
// authority is written to ca.crt, another one to other.crt, an API key to key,
// and a client certificate to client.crt and client.key.
func startSecured(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: secured KIND")
	}
	opt := reference.Options{Password: superPassword}
	host, until := "127.0.0.1", time.Now().Add(time.Hour)
	config := &tls.Config{}
	authority := newIssuer(ts)
	switch args[0] {
	case "right":
	case "echoing":
		ts.Check(fault.Into(&opt, "security.refusal.echo-header"))
	case "other-host":
		host = "es.example"
	case "expired":
		until = time.Now().Add(-time.Minute)
	case "mutual":
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		config.ClientCAs.AddCert(authority.cert)
	default:
		ts.Fatalf("there is no secured server %q", args[0])
	}
	server, err := reference.New(opt)
	ts.Check(err)
	config.Certificates = []tls.Certificate{authority.issue(ts, host, until)}
	web := httptest.NewUnstartedServer(server)
	web.TLS, web.Config.ErrorLog = config, log.New(io.Discard, "", 0)
	web.StartTLS()
	ts.Defer(func() {
		web.CloseClientConnections()
		web.Close()
	})
	write := func(name string, content []byte) { ts.Check(os.WriteFile(ts.MkAbs(name), content, 0o600)) }
	write("ca.crt", authority.pem())
	write("other.crt", newIssuer(ts).pem())
	client := authority.issue(ts, "client", until.Add(24*time.Hour))
	der, err := x509.MarshalPKCS8PrivateKey(client.PrivateKey)
	ts.Check(err)
	write("client.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: client.Certificate[0]}))
	write("client.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	write("password", []byte(superPassword+"\n"))
	key := apiKey(ts, server)
	write("key", []byte(key))
	write("header-key", []byte("ApiKey "+key+"\n")) // as a header has it
	ts.Setenv("URL", web.URL)
	ts.Setenv("HOSTPORT", strings.TrimPrefix(web.URL, "https://"))
	ts.Setenv("SUPER", superPassword)
	ts.Setenv("SUPER_ESCAPED", url.QueryEscape(superPassword))
	fingerprint := fmt.Sprintf("%x", sha256.Sum256(authority.cert.Raw))
	ts.Setenv("FINGERPRINT", fingerprint)
	var pairs []string
	for i := 0; i < len(fingerprint); i += 2 {
		pairs = append(pairs, strings.ToUpper(fingerprint[i:i+2]))
	}
	ts.Setenv("FINGERPRINT_COLONS", strings.Join(pairs, ":"))
}

// apiKey creates an API key and returns it as Elasticsearch hands it out.
func apiKey(ts *testscript.TestScript, server http.Handler) string {
	r := httptest.NewRequest(http.MethodPost, "/_security/api_key", strings.NewReader(`{"name":"script"}`))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("elastic", superPassword)
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	var key struct{ Encoded string }
	ts.Check(json.Unmarshal(w.Body.Bytes(), &key))
	if key.Encoded == "" {
		ts.Fatalf("create an API key: %d %s", w.Code, w.Body)
	}
	return key.Encoded
}

// noSecret demands that no secret is in what the last command printed, nor in
// any file of these folders.
func noSecret(ts *testscript.TestScript, _ bool, folders []string) {
	key := ts.ReadFile("key")
	plain, err := base64.StdEncoding.DecodeString(key)
	ts.Check(err)
	_, secret, _ := strings.Cut(string(plain), ":")
	secrets := []string{
		superPassword, url.QueryEscape(superPassword), base64.StdEncoding.EncodeToString([]byte("elastic:" + superPassword)), key, secret,
		"wrong-77ab10f2", base64.StdEncoding.EncodeToString([]byte("elastic:wrong-77ab10f2")),
	}
	search := func(where string, content []byte) {
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				ts.Fatalf("%s has the secret %q in it", where, s)
			}
		}
	}
	search("stdout", []byte(ts.ReadFile("stdout")))
	search("stderr", []byte(ts.ReadFile("stderr")))
	for _, folder := range folders {
		files := 0
		ts.Check(filepath.WalkDir(ts.MkAbs(folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			search(path, content)
			files++
			return err
		}))
		if files < 4 {
			ts.Fatalf("%s has only %d files: is it a report?", folder, files)
		}
	}
}

// issuer signs certificates of any host and time.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newIssuer(ts *testscript.TestScript) *issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	cert, err := x509.ParseCertificate(der)
	ts.Check(err)
	return &issuer{cert, key}
}

func (i *issuer) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw})
}

func (i *issuer) issue(ts *testscript.TestScript, host string, until time.Time) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, i.cert, &key.PublicKey, i.key)
	ts.Check(err)
	return tls.Certificate{Certificate: [][]byte{der, i.cert.Raw}, PrivateKey: key}
}

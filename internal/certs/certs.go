// Package certs makes certificates for the embedded server: an authority of
// its own, and with it a certificate for the names that it is reached by.
package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/esconform/esconform/internal/userfile"
)

// validity is how long a certificate holds, from an hour ago: clocks differ.
const validity = 365 * 24 * time.Hour

// Authority signs certificates.
type Authority struct {
	// PEM is its own certificate, for clients.
	PEM []byte

	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// New makes an authority.
func New() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of a certificate authority: %w", err)
	}
	template := template("esconform test authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make a certificate authority: %w", err)
	}
	return &Authority{PEM: encode("CERTIFICATE", der), cert: cert, key: key}, nil
}

// Open reads the authority from a file, its key from the file of the same name
// with ".key" behind it. Where the file is missing it makes one and writes
// both, so that a server that is started again is trusted as before.
func Open(file string) (*Authority, error) {
	pemCert, err := userfile.Read(file, userfile.Small)
	if errors.Is(err, fs.ErrNotExist) {
		return create(file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority: %w", err)
	}
	pemKey, err := userfile.Read(file+".key", userfile.Small)
	if err != nil {
		return nil, fmt.Errorf("read the key of the certificate authority %s: %w; remove both to have new ones made", file, err)
	}
	pair, err := tls.X509KeyPair(pemCert, pemKey)
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority %s: %w; remove it and its key to have new ones made", file, err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, fmt.Errorf("read the certificate authority %s: it is none that this program made; choose another file", file)
	}
	return &Authority{PEM: pemCert, cert: pair.Leaf, key: key}, nil
}

func create(file string) (*Authority, error) {
	a, err := New()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, fmt.Errorf("write the key of the certificate authority: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, fmt.Errorf("write the certificate authority: %w", err)
	}
	// The key comes first: who sees the certificate can use the pair.
	if err := os.WriteFile(file+".key", encode("PRIVATE KEY", der), 0o600); err != nil {
		return nil, fmt.Errorf("write the key of the certificate authority: %w", err)
	}
	if err := os.WriteFile(file, a.PEM, 0o644); err != nil { //nolint:gosec // a certificate is public
		return nil, fmt.Errorf("write the certificate authority: %w", err)
	}
	return a, nil
}

// Issue makes the certificate of a server that is reached by these names and
// addresses. The authority's own goes with it, so that clients can pin it.
func (a *Authority) Issue(hosts ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the key of a certificate: %w", err)
	}
	template := template("esconform")
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} // nodes are both to each other
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if host != "" {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}, nil
}

// IssuePEM makes a certificate as Issue does, for the files of another program.
func (a *Authority) IssuePEM(hosts ...string) (cert, key []byte, err error) {
	pair, err := a.Issue(hosts...)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		return nil, nil, fmt.Errorf("write the key of a certificate: %w", err)
	}
	for _, one := range pair.Certificate {
		cert = append(cert, encode("CERTIFICATE", one)...)
	}
	return cert, encode("PRIVATE KEY", der), nil
}

// LocalHosts are the names and addresses by which this machine is reached,
// beside those given.
func LocalHosts(more ...string) []string {
	hosts := append([]string{"localhost", "127.0.0.1", "::1"}, more...)
	if name, err := os.Hostname(); err == nil {
		hosts = append(hosts, name)
	}
	addresses, _ := net.InterfaceAddrs() // without them the names above are left
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() {
			hosts = append(hosts, network.IP.String())
		}
	}
	return hosts
}

func template(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails
	start := time.Now().Add(-time.Hour)
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: start, NotAfter: start.Add(validity)}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

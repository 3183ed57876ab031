package certs

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verify reports whether a certificate of a holds for a host, for somebody who
// trusts the PEM.
func verify(t *testing.T, a *Authority, pem []byte, host string) error {
	t.Helper()
	pair, err := a.Issue("localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host})
	return err
}

func TestAuthorityOutlivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "certs", "http_ca.crt")
	first, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.PEM, second.PEM) {
		t.Error("the second start has another authority")
	}
	for _, host := range []string{"localhost", "127.0.0.1"} {
		if err := verify(t, second, first.PEM, host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if verify(t, second, first.PEM, "elsewhere.example") == nil {
		t.Error("the certificate holds for any host")
	}
	info, err := os.Stat(file + ".key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key can be read by others: %v %v", info.Mode(), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"nothing": "", "no PEM": "x"} {
		file := filepath.Join(t.TempDir(), "ca")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "remove") {
			t.Errorf("%s: %v, want an error that says what to do", name, err)
		}
	}
}

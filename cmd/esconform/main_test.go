package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// TestAuthoritiesAreBuiltIn sees that certificates can be checked where the
// system has no authorities: a process that finds none has those of the program.
func TestAuthoritiesAreBuiltIn(t *testing.T) {
	nowhere := t.TempDir() + "/absent"
	if os.Getenv("ESCONFORM_TEST_NO_AUTHORITIES") == "" {
		self := exec.Command(os.Args[0], "-test.run", "^TestAuthoritiesAreBuiltIn$")
		self.Env = append(os.Environ(), "ESCONFORM_TEST_NO_AUTHORITIES=1", "SSL_CERT_FILE="+nowhere, "SSL_CERT_DIR="+nowhere)
		if out, err := self.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		t.Fatal(err)
	}
	if pool.Equal(x509.NewCertPool()) {
		t.Error("there are no certificate authorities")
	}
}

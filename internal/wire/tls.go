package wire

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// tlsConfig builds the TLS side of a client. Settings that cannot have an
// effect are errors: nobody should believe to be protected by them.
func tlsConfig(cfg Config, scheme string) (*tls.Config, error) {
	if scheme == "http" {
		for _, set := range []struct {
			given bool
			what  string
		}{
			{len(cfg.CACert) > 0, "a CA certificate"},
			{cfg.Fingerprint != "", "a certificate fingerprint"},
			{cfg.ClientCert != nil, "a client certificate"},
		} {
			if set.given {
				return nil, fmt.Errorf("%s is configured, but the target's URL begins with http://: use https://", set.what)
			}
		}
		return nil, nil //nolint:nilnil // no TLS, no configuration
	}
	if cfg.Insecure && cfg.Fingerprint != "" {
		return nil, errors.New("a certificate fingerprint and --insecure exclude each other: leave one out")
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: cfg.Insecure} //nolint:gosec // asked for, and shown in the report
	if len(cfg.CACert) > 0 {
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(cfg.CACert) {
			return nil, errors.New("read the CA certificate: no certificate in PEM form in it")
		}
	}
	if cfg.ClientCert != nil {
		out.Certificates = []tls.Certificate{*cfg.ClientCert}
	}
	if cfg.AnyHost {
		if out.RootCAs == nil {
			return nil, errors.New("certificates for any host are accepted only of a configured CA")
		}
		out.InsecureSkipVerify = true // replaced by the same check without the host name
		out.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state.PeerCertificates, out.RootCAs) }
	}
	if cfg.Fingerprint != "" {
		pin, err := readFingerprint(cfg.Fingerprint)
		if err != nil {
			return nil, err
		}
		out.InsecureSkipVerify = true // the pin takes the place of the usual check
		out.VerifyConnection = func(state tls.ConnectionState) error { return pin.verify(state.PeerCertificates) }
	}
	return out, nil
}

type fingerprint [sha256.Size]byte

func readFingerprint(s string) (fingerprint, error) {
	var pin fingerprint
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(s), ":", ""))
	if err != nil || len(raw) != len(pin) {
		return pin, fmt.Errorf("read the certificate fingerprint %q: want the SHA-256 as %d hexadecimal digits", s, 2*len(pin))
	}
	copy(pin[:], raw)
	return pin, nil
}

// pinError says that no certificate of the server fits the fingerprint.
type pinError struct{ got fingerprint }

func (e *pinError) Error() string {
	return fmt.Sprintf("the server's certificate does not fit the configured fingerprint (its own is %x)", e.got[:])
}

// verify accepts the pinned certificate itself, or one that the pinned
// certificate issued: to merely show the pinned one along with another proves
// nothing, since certificates are public.
func (pin fingerprint) verify(chain []*x509.Certificate) error {
	if len(chain) == 0 {
		return errors.New("the server sent no certificate")
	}
	leaf := chain[0]
	if pin == sha256.Sum256(leaf.Raw) {
		return nil
	}
	for _, cert := range chain[1:] {
		if pin != sha256.Sum256(cert.Raw) {
			continue
		}
		roots := x509.NewCertPool()
		roots.AddCert(cert)
		return verifyChain(chain, roots)
	}
	return &pinError{got: sha256.Sum256(leaf.Raw)}
}

// verifyChain checks everything about a certificate but the host it is for.
func verifyChain(chain []*x509.Certificate, roots *x509.CertPool) error {
	if len(chain) == 0 {
		return errors.New("the server sent no certificate")
	}
	intermediates := x509.NewCertPool()
	for _, cert := range chain[1:] {
		intermediates.AddCert(cert)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates})
	return err
}

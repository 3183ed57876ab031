// Command testserver stands in for Elasticsearch in the tests of the container
// target: as much of it as a start needs, and several ways of not starting.
// The variable MODE chooses one.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const (
	caFile  = "/usr/share/elasticsearch/config/certs/http_ca.crt"
	starts  = "/data/starts"
	keyPair = "/data/node" // with the endings .crt and .key
)

func main() {
	password := os.Getenv("ELASTIC_PASSWORD")
	switch mode := os.Getenv("MODE"); mode {
	case "exit":
		fmt.Println("ERROR: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]")
		fmt.Println("the password is " + password)
		os.Exit(78)
	case "hungry":
		devour()
	case "silent":
		for {
			time.Sleep(time.Hour)
		}
	case "unready":
		serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }), "")
	default:
		serve(root(countStarts(), password), password)
	}
}

// devour takes all memory there is.
func devour() {
	var all [][]byte
	for {
		block := make([]byte, 16<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
		fmt.Fprintln(io.Discard, len(all))
	}
}

// countStarts shows whether files outlive a restart.
func countStarts() int {
	old, _ := os.ReadFile(starts)
	if err := os.MkdirAll(filepath.Dir(starts), 0o755); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(starts, append(old, 'x'), 0o644); err != nil {
		log.Fatal(err)
	}
	return len(old) + 1
}

func root(start int, password string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, got, _ := r.BasicAuth(); got != password {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, `{"cluster_name":"start %d","version":{"number":"9.5.3"},"tagline":"esconform test server, not Elasticsearch"}`, start)
	})
}

func serve(handler http.Handler, password string) {
	server := &http.Server{Addr: ":9200", Handler: handler, ReadHeaderTimeout: time.Minute}
	if password == "" {
		log.Fatal(server.ListenAndServe())
	}
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate()}}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

// certificate makes an authority and a certificate for a name that nobody
// outside of the container uses, unless an earlier start did.
func certificate() tls.Certificate {
	if cert, err := tls.LoadX509KeyPair(keyPair+".crt", keyPair+".key"); err == nil {
		return cert
	}
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	node := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, DNSNames: []string{"node-in-the-container"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	caKey, nodeKey := key(), key()
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		log.Fatal(err)
	}
	nodeDER, err := x509.CreateCertificate(rand.Reader, node, ca, &nodeKey.PublicKey, caKey)
	if err != nil {
		log.Fatal(err)
	}
	nodeKeyDER, err := x509.MarshalPKCS8PrivateKey(nodeKey)
	if err != nil {
		log.Fatal(err)
	}
	write(caFile, "CERTIFICATE", caDER)
	write(keyPair+".crt", "CERTIFICATE", nodeDER)
	write(keyPair+".key", "PRIVATE KEY", nodeKeyDER)
	return tls.Certificate{Certificate: [][]byte{nodeDER}, PrivateKey: nodeKey}
}

func write(file, kind string, der []byte) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		log.Fatal(err)
	}
}

func key() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	return k
}

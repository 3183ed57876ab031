// Package realnode gives tests a real Elasticsearch that they may do anything
// with: the one that ESCONFORM_TEST_ES names.
package realnode

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/lock"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// Variable holds the URL of an Elasticsearch for tests; with _PASSWORD behind
// it the password of the user elastic, with _CA the file of its certificate
// authority. It has to have a path.repo.
const Variable = "ESCONFORM_TEST_ES"

// Need skips a test without an Elasticsearch, and says so.
func Need(t *testing.T) {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skip("SKIPPED: needs a real Elasticsearch that may be written to; set " + Variable + " to its URL (and " + Variable + "_PASSWORD, " + Variable + "_CA)")
	}
}

// Config tells how to reach the Elasticsearch, which no other test gets before
// this one has ended.
func Config(t *testing.T) wire.Config {
	t.Helper()
	Need(t)
	url := os.Getenv(Variable)
	alone(t)
	cfg := wire.Config{URL: url, Limits: limits.Default()}
	if password := os.Getenv(Variable + "_PASSWORD"); password != "" {
		cfg.Auth = wire.Auth{Username: "elastic", Password: password}
	}
	if file := os.Getenv(Variable + "_CA"); file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cfg.CACert = pem
	}
	return cfg
}

// alone waits until no other test, of whatever process, uses the Elasticsearch.
func alone(t *testing.T) {
	t.Helper()
	name := fmt.Sprintf("esconform-test-es-%08x.lock", crc32.ChecksumIEEE([]byte(os.Getenv(Variable))))
	f, err := os.OpenFile(filepath.Join(os.TempDir(), name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for !lock.Take(f) {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("another test has the Elasticsearch")
		}
	}
	t.Cleanup(func() { _ = f.Close() })
}

// Open reaches the Elasticsearch.
func Open(t *testing.T, cfg wire.Config) *target.Target {
	t.Helper()
	tgt, err := target.URL(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(context.Background()) })
	return tgt
}

// lists are what a cluster holds, whoever made it.
var lists = []string{
	"/_cluster/state/metadata?filter_path=metadata", "/_cluster/settings", "/_snapshot/_all",
	"/_security/role", "/_security/user", "/_security/role_mapping", "/_security/api_key?active_only=true",
}

// counters are parts of the state that only grow.
var counters = []string{"index-graveyard", "cluster_coordination", "version", "settings_version", "aliases_version", "mapping_version", "reserved_state", "security_tokens"}

// Listing is everything that the cluster holds, as text to be compared.
func Listing(t *testing.T, tgt *target.Target) string {
	t.Helper()
	var out strings.Builder
	for _, path := range lists {
		res, err := tgt.Client.Session().Do(context.Background(), wire.Request{Method: http.MethodGet, Path: path})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := res.JSON()
		if err != nil || res.Status != http.StatusOK {
			out.WriteString(path + " is not there\n")
			continue
		}
		drop(doc)
		out.WriteString(path + "\n" + jsonval.Indent(doc) + "\n")
	}
	return out.String()
}

func drop(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range counters {
			delete(v, name)
		}
		for name, inner := range v {
			if strings.HasPrefix(name, ".security") { // it comes into being with the first role
				delete(v, name)
				continue
			}
			if drop(inner); empty(inner) { // what was never used is not even empty
				delete(v, name)
			}
		}
	case []any:
		for _, inner := range v {
			drop(inner)
		}
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

package target

import (
	"errors"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/testkit/doors"
	"github.com/esconform/esconform/internal/wire"
)

func embeddedURL(t *testing.T, cfg EmbeddedConfig) string {
	t.Helper()
	tgt, err := Embedded(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(t.Context()) })
	return tgt.Info.URL
}

func TestNodesOfOneCluster(t *testing.T) {
	t.Parallel()
	url := embeddedURL(t, EmbeddedConfig{})
	all, err := doors.Open(url, url, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doors.Shut(all) })
	tgt, err := URL(t.Context(), wire.Config{URL: doors.URLs(all)})
	if err != nil {
		t.Fatal(err)
	}
	if tgt.Client.Nodes() != 3 || tgt.Info.URL != doors.URLs(all) || tgt.Controlled() != 0 {
		t.Errorf("%d nodes at %s, %d of them ours", tgt.Client.Nodes(), tgt.Info.URL, tgt.Controlled())
	}
	if err := tgt.Kill(t.Context(), 1); !errors.Is(err, ErrNotOurs) {
		t.Errorf("a node of somebody else was stopped: %v", err)
	}
}

func TestNodesThatAreNotOfOneCluster(t *testing.T) {
	t.Parallel()
	first, second := embeddedURL(t, EmbeddedConfig{}), embeddedURL(t, EmbeddedConfig{})
	open := answer(t, 200, "application/json", elasticsearch, "X-elastic-product", "Elasticsearch")
	for _, tt := range []struct {
		name, other, want string
		usage             bool
	}{
		{"another cluster", second, "are of different clusters (cluster_uuid ", true},
		{"nothing there", "http://127.0.0.1:1", "reach the target at 127.0.0.1:1: GET /: connection refused", false},
		{"no name of the cluster", open, "is of the same cluster as the others: GET / was answered 200 without a cluster_uuid (test with an account", false},
	} {
		_, err := URL(t.Context(), wire.Config{URL: first + "," + tt.other})
		var start *StartError
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.As(err, &start) == tt.usage {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestNodesOfSeveralVersions(t *testing.T) {
	t.Parallel()
	body := func(version string) string {
		return strings.Replace(`{"cluster_uuid":"u","version":{"number":"V"},"tagline":"You Know, for Search"}`, "V", version, 1)
	}
	newer := answer(t, 200, "application/json", body("9.5.3"), "X-elastic-product", "Elasticsearch")
	older := answer(t, 200, "application/json", body("8.19.21"), "X-elastic-product", "Elasticsearch")
	tgt, err := URL(t.Context(), wire.Config{URL: newer + "," + older})
	if err != nil {
		t.Fatal(err)
	}
	if tgt.Version.String() != "8.19.21" || !strings.HasSuffix(tgt.Info.Note, "is of version 8.19.21, others are of 9.5.3.") {
		t.Errorf("version %s, note %q", tgt.Version, tgt.Info.Note)
	}
}

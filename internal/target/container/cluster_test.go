package container

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/client"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/doors"
	"github.com/esconform/esconform/internal/wire"
)

func TestEnvironmentOfANodeOfSeveral(t *testing.T) {
	t.Parallel()
	i := &instance{cfg: Config{Security: true, Nodes: 3, Volume: "v"}, name: "a", network: "n", peers: []string{"a", "b", "c"}, password: "secret"}
	env := i.environment()
	for key, want := range map[string]string{
		"discovery.type": "", "cluster.name": "n", "node.name": "a", "discovery.seed_hosts": "a,b,c", "cluster.initial_master_nodes": "a,b,c",
		"ELASTIC_PASSWORD": "secret", "xpack.security.transport.ssl.enabled": "true", "xpack.security.http.ssl.key": "esconform/node.key",
	} {
		if env[key] != want {
			t.Errorf("%s is %q, want %q", key, env[key], want)
		}
	}
}

// Containers that come up but do not find each other are no cluster.
func TestContainersThatAreNoCluster(t *testing.T) {
	eng := needEngine(t)
	if _, err := program(); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, eng)
	_, err := Start(t.Context(), Config{Image: goodImage, Nodes: 2})
	if err == nil || !strings.Contains(err.Error(), "are no cluster: the nodes ") || !strings.Contains(err.Error(), "are of different clusters") {
		t.Errorf("got %v", err)
	}
}

// A network that a run left behind is found and removed, also alone.
func TestNetworksOfKilledRuns(t *testing.T) {
	eng := reachEngine(t)
	nothingLeft(t, eng)
	over := map[string]string{Label: "0badcafe", labelHost: machine(), labelLock: "/nonexistent"}
	if _, err := eng.client.NetworkCreate(t.Context(), "esconform-left", client.NetworkCreateOptions{Labels: over}); err != nil {
		t.Fatal(err)
	}
	want := Left{What: "network", Run: "0badcafe", Name: "esconform-left"}
	if left, err := Abandoned(t.Context()); err != nil || !slices.Contains(left, want) {
		t.Errorf("abandoned %+v, %v", left, err)
	}
	removed, err := RemoveOf(t.Context(), "0badcafe")
	if diff := cmp.Diff([]Left{want}, removed); diff != "" || err != nil {
		t.Errorf("removed -want +got\n%s%v", diff, err)
	}
}

// Nodes of Elasticsearch's own image are one cluster, which goes on without its
// master, takes it back, and goes without a trace; and one of them that lags
// behind is found out.
func TestClusterOfTheRealImage(t *testing.T) {
	image := os.Getenv(realImage)
	if image == "" {
		t.Skip("SKIPPED: needs an image of Elasticsearch that the engine has; set " + realImage + " to its name")
	}
	nothingLeft(t, reachEngine(t))
	const password = "of-this-test-alone"
	nodes, err := newCluster(t.Context(), Config{
		Image: image, RunID: realRun, Nodes: 3, Security: true, Restarts: true, Memory: 1 << 30, Limits: limits.Default(), Secrets: &foreign.Secrets{},
	}, password)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nodes.close(context.Background()) })
	tgt, err := nodes.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(context.Background()) })
	if tgt.Info.Nodes != 3 || tgt.Controlled() != 3 || tgt.Client.Nodes() != 3 {
		t.Fatalf("info %+v, %d nodes controlled", tgt.Info, tgt.Controlled())
	}
	demand(t, tgt, wire.Request{Method: http.MethodPut, Path: "/kept", Body: []byte(`{"settings":{"number_of_replicas":2}}`), Node: 1}, http.StatusOK)
	demand(t, tgt, wire.Request{Method: http.MethodPut, Path: "/kept/_doc/1", Body: []byte(`{"a":1}`), Node: 2}, http.StatusCreated)
	everywhere := func() {
		t.Helper()
		for node := range 3 {
			demand(t, tgt, wire.Request{Method: http.MethodGet, Path: "/kept/_doc/1", Node: node + 1}, http.StatusOK)
		}
	}
	everywhere()
	first, err := tgt.Master(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := tgt.Kill(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if died := tgt.Died(t.Context()); died != nil {
		t.Errorf("that a node was killed on purpose ends the run: %v", died)
	}
	// Until the others know that it is gone, they may say so instead of an answer.
	demand(t, tgt, wire.Request{Method: http.MethodGet, Path: "/_cluster/health?wait_for_nodes=2&timeout=60s"}, http.StatusOK)
	for range 3 { // by turns, past the one that is away
		demand(t, tgt, wire.Request{Method: http.MethodGet, Path: "/kept/_doc/1"}, http.StatusOK)
	}
	if next, err := tgt.Master(t.Context()); err != nil || next == first {
		t.Errorf("the master is %d, that was killed: %v", next, err)
	}
	if err := tgt.Revive(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	everywhere()
	staleNodeIsCaught(t, tgt, wire.Auth{Username: userName, Password: password})
	if err := tgt.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// olderImage names an image of an older version than realImage, that its nodes can
// take over from one by one.
const olderImage = "ESCONFORM_TEST_OLD_IMAGE"

// The nodes of a cluster are replaced by newer ones, which go on with their data.
func TestNodesAreReplaced(t *testing.T) {
	image, old := os.Getenv(realImage), os.Getenv(olderImage)
	if image == "" || old == "" {
		t.Skip("SKIPPED: needs images of two versions of Elasticsearch that the engine has; set " + realImage + " and " + olderImage + " to their names")
	}
	nothingLeft(t, reachEngine(t))
	cfg := Config{Image: old, Next: image, RunID: realRun, Nodes: 3, Security: true, Restarts: true, Memory: 1 << 30, Limits: limits.Limits{Start: 5 * time.Minute, Request: 2 * time.Minute}}
	for range cfg.Nodes {
		v, err := NewVolume(t.Context(), realRun)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := v.Remove(context.Background()); err != nil {
				t.Error(err)
			}
		})
		cfg.Volumes = append(cfg.Volumes, v.Name)
	}
	tgt, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(context.Background()) })
	from := tgt.Version
	demand(t, tgt, wire.Request{Method: http.MethodPut, Path: "/kept", Body: []byte(`{"settings":{"number_of_replicas":2}}`), Node: 1}, http.StatusOK)
	for node := range cfg.Nodes {
		demand(t, tgt, wire.Request{Method: http.MethodGet, Path: "/_cluster/health/kept?wait_for_active_shards=2&timeout=100s"}, http.StatusOK)
		if err := tgt.Leave(t.Context(), node); err != nil {
			t.Fatal(err)
		}
		demand(t, tgt, wire.Request{Method: http.MethodPut, Path: fmt.Sprint("/kept/_doc/", node), Body: []byte(`{"a":1}`)}, http.StatusCreated)
		if err := tgt.Succeed(t.Context(), node); err != nil {
			var start *target.StartError
			errors.As(err, &start)
			t.Fatalf("%v\n%s", err, strings.Join(start.Log, "\n"))
		}
		if v, err := tgt.VersionOf(t.Context(), node); err != nil || v.Compare(from) <= 0 {
			t.Errorf("node %d is of %s, as before: %v", node, v, err)
		}
		if died := tgt.Died(t.Context()); died != nil {
			t.Errorf("that a node was replaced ends the run: %v", died)
		}
	}
	if err := tgt.Renewed(t.Context()); err != nil || tgt.Version.Compare(from) <= 0 || tgt.Info.Image != image {
		t.Errorf("the target is %+v: %v", tgt.Info, err)
	}
	for node := range cfg.Nodes {
		for id := range cfg.Nodes {
			demand(t, tgt, wire.Request{Method: http.MethodGet, Path: fmt.Sprint("/kept/_doc/", id), Node: node + 1}, http.StatusOK)
		}
	}
	if err := tgt.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// staleNodeIsCaught puts a door before each node, of which one answers reads from
// before the last write: the suite fails there, and names it.
func staleNodeIsCaught(t *testing.T, tgt *target.Target, auth wire.Auth) {
	t.Helper()
	all, err := doors.Open(wire.Addresses(tgt.Client.URL())...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doors.Shut(all) })
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	for _, stale := range []bool{false, true} {
		if stale {
			all[1].Lag()
		}
		through, err := target.URL(t.Context(), wire.Config{URL: doors.URLs(all), Auth: auth})
		if err != nil {
			t.Fatal(err)
		}
		run, err := suite.Perform(t.Context(), suite.Plan{Suite: loaded, Target: through, Seed: 1, Selection: suite.Selection{IDs: []string{"index-template.put.*"}}})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]result.Verdict{false: result.Conformant, true: result.Nonconformant}[stale]; run.Verdict != want {
			t.Errorf("with a stale node (%t): %s, want %s: %s", stale, run.Verdict, want, run.Reason)
		}
		for _, sc := range run.Scenarios {
			if sc.Outcome == result.Failed && sc.Exchanges[*sc.Failure.Exchange].Node != all[1].Host() {
				t.Errorf("%s is held against %s, not against the stale node %s", sc.ID, sc.Exchanges[*sc.Failure.Exchange].Node, all[1].Host())
			}
		}
	}
}

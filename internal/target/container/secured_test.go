package container

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// embeddedImage is an image of the embedded server that behaves as the official
// one does with security on: TLS, the authority in its usual place, and the
// superuser's password from the environment.
var embeddedImage = images + "-embedded:latest"

var buildEmbedded = sync.OnceValue(func() error {
	file, err := whole()
	if err != nil {
		return err
	}
	return importImage(embeddedImage, file, `ENTRYPOINT ["/server", "serve", "--addr", "0.0.0.0:9200", "--security", "--ca-out", "`+caFile+`", "--data", "/data/documents.json"]`,
		"EXPOSE 9200/tcp", "VOLUME /data")
})

// TestSecuredContainer runs scenarios of security against a container with TLS
// and a password, restarts it, and looks at what the engine knows of it.
func TestSecuredContainer(t *testing.T) {
	eng := needEngine(t)
	if err := buildEmbedded(); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, eng)
	within := limits.Limits{Request: time.Minute, Scenario: 5 * time.Minute, Start: 5 * time.Minute, Cleanup: 2 * time.Minute}.WithDefaults()
	tgt, err := Start(t.Context(), Config{Image: embeddedImage, Security: true, Restarts: true, Limits: within})
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(context.Background()) //nolint:errcheck // closed twice: no error either
	if !tgt.Info.Security || !strings.HasPrefix(tgt.Client.URL(), "https://") {
		t.Errorf("security is not on: %+v", tgt.Info)
	}
	loaded, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	run, err := suite.Perform(t.Context(), suite.Plan{
		Suite: loaded, Target: tgt, Limits: within, Seed: 1,
		Selection: suite.Selection{Tags: "(@security and @id:security.privilege.nobody) or @restart"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range run.Scenarios {
		if sc.Outcome != result.Passed && sc.Outcome != result.Skipped {
			t.Errorf("%s: %s %+v", sc.ID, sc.Outcome, sc.Failure)
		}
	}
	if run.Counts[result.Passed] < 13 || len(run.Resources.Leftovers) > 0 {
		t.Errorf("passed %d; left behind %v", run.Counts[result.Passed], run.Resources.Leftovers)
	}
	onlyThePassword(t, eng)
	if err := tgt.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// onlyThePassword demands that the engine knows of no secret but the password
// that the image takes from its environment.
func onlyThePassword(t *testing.T, eng *engine) {
	t.Helper()
	list, err := eng.client.ContainerList(t.Context(), client.ContainerListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range list.Items {
		if c.Image != embeddedImage {
			continue
		}
		inspected, err := eng.client.ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(inspected.Container)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if _, after, found := strings.Cut(string(raw), "ELASTIC_PASSWORD="); !found {
			t.Error("the container has no password")
		} else if password, _, _ := strings.Cut(after, `"`); strings.Count(string(raw), password) != 1 {
			t.Error("the password is in more places than the environment")
		}
		for _, word := range []string{"ApiKey", "Basic ", "PRIVATE KEY"} {
			if strings.Contains(string(raw), word) {
				t.Errorf("the engine knows of %q", word)
			}
		}
	}
	if seen != 1 {
		t.Errorf("%d containers of the image, want 1", seen)
	}
}

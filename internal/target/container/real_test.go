package container

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// realImage names an image of Elasticsearch that the engine has.
const realImage = "ESCONFORM_TEST_IMAGE"

// realRun labels the containers of that image: others may use it, too.
var realRun = strings.ToLower(rand.Text()[:8])

// What the other tests hold true of servers that stand in for Elasticsearch
// holds of its own image: it comes up, speaks TLS where that is asked for, finds
// its data again after a restart, and goes without a trace.
func TestRealImage(t *testing.T) {
	image := os.Getenv(realImage)
	if image == "" {
		t.Skip("SKIPPED: needs an image of Elasticsearch that the engine has; set " + realImage + " to its name")
	}
	for name, tt := range map[string]struct{ security, restarts bool }{
		"open, data in memory": {false, false},
		"open, restarted":      {false, true},
		"secured, restarted":   {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			nothingLeft(t, reachEngine(t))
			tgt, err := Start(t.Context(), Config{Image: image, RunID: realRun, Security: tt.security, Restarts: tt.restarts})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = tgt.Close(context.Background()) }) // closed twice: no error either
			info := tgt.Info
			if info.Kind != "container" || info.Image != image || !info.IsElasticsearch || info.Version == "" || info.Security != tt.security {
				t.Errorf("info %+v", info)
			}
			if https := strings.HasPrefix(tgt.Client.URL(), "https://"); https != tt.security {
				t.Errorf("reached at %s", tgt.Client.URL())
			}
			demand(t, tgt, wire.Request{Method: http.MethodPut, Path: "/kept/_doc/1?refresh=true", Body: []byte(`{"a":1}`)}, http.StatusCreated)
			if tt.restarts {
				if err := tgt.Restart(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			demand(t, tgt, wire.Request{Method: http.MethodGet, Path: "/kept/_doc/1"}, http.StatusOK)
			if err := tgt.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func demand(t *testing.T, tgt *target.Target, req wire.Request, status int) {
	t.Helper()
	res, err := tgt.Client.Session().Do(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != status {
		t.Errorf("%s %s: %d %s, want %d", req.Method, req.Path, res.Status, res.Body, status)
	}
}

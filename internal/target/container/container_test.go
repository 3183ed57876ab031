package container

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/client"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

func start(t *testing.T, cfg Config) *target.Target {
	t.Helper()
	cfg.Image = testImage
	tgt, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(context.Background()) }) // closed twice: no error either
	return tgt
}

func clusterName(t *testing.T, tgt *target.Target) string {
	t.Helper()
	res, err := tgt.Client.Session().Do(t.Context(), wire.Request{Method: http.MethodGet, Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := res.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)["cluster_name"].(string)
}

func TestStartRestartClose(t *testing.T) {
	for name, security := range map[string]bool{"open": false, "secured": true} {
		t.Run(name, func(t *testing.T) {
			eng := needEngine(t)
			nothingLeft(t, eng)
			tgt := start(t, Config{Security: security, Restarts: true})
			info := tgt.Info
			if info.Kind != "container" || info.Image != testImage || info.Version != "9.5.3" || info.Security != security || info.IsElasticsearch {
				t.Errorf("info %+v", info)
			}
			if https := strings.HasPrefix(tgt.Client.URL(), "https://"); https != security {
				t.Errorf("reached at %s", tgt.Client.URL())
			}
			if got := clusterName(t, tgt); got != "start 1" {
				t.Errorf("cluster name %q", got)
			}
			if err := tgt.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := clusterName(t, tgt); got != "start 2" {
				t.Errorf("after a restart the cluster name is %q: its data is lost, or it was not restarted", got)
			}
			gone := volumeGone(t, eng)
			if err := tgt.Close(t.Context()); err != nil {
				t.Error(err)
			}
			gone()
		})
	}
}

func TestWaysOfNotComingUp(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  Config
		want []string
		log  string
	}{
		{"exits at once", Config{Image: testImage, Security: true, Env: map[string]string{"MODE": "exit"}},
			[]string{"exited with code 78 before it was ready", "sysctl -w vm.max_map_count=262144"}, "vm.max_map_count [65530] is too low"},
		{"memory runs out", Config{Image: testImage, Env: map[string]string{"MODE": "hungry"}, Memory: 32 << 20},
			[]string{"was killed because the memory ran out (exit code 137)", "raise --memory"}, ""},
		{"never answers", Config{Image: testImage, Env: map[string]string{"MODE": "silent"}, Limits: limits.Limits{Start: 3 * time.Second}},
			[]string{"was not ready within 3s: http://", "nothing listens", "it logged nothing: see by hand what it does (docker run --rm " + testImage + "), or raise --timeout-start"}, ""},
		{"never ready", Config{Image: testImage, Env: map[string]string{"MODE": "unready"}, Limits: limits.Limits{Start: 3 * time.Second}},
			[]string{"was not ready within 3s: http://", ": GET / was answered 503"}, ""},
		{"image that nobody has", Config{Image: "esconform-registry.invalid/none:1", Limits: limits.Limits{Start: 20 * time.Second}},
			[]string{"the image esconform-registry.invalid/none:1 is not here and cannot be pulled", "check the version or name"}, ""},
		{"image without the program", Config{Image: testImage + "x"},
			[]string{"the image " + testImage + "x is not here and cannot be pulled"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eng := needEngine(t)
			nothingLeft(t, eng)
			tgt, err := Start(t.Context(), tt.cfg)
			var failure *target.StartError
			if tgt != nil || !errors.As(err, &failure) {
				t.Fatalf("got %v, %v, want a *target.StartError", tgt, err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
			log := strings.Join(failure.Log, "\n")
			if strings.Contains(err.Error(), "\n") || !strings.Contains(log, tt.log) {
				t.Errorf("got error %q with log %q", err, log)
			}
			if tt.name == "exits at once" && !strings.Contains(log, "the password is <redacted>") {
				t.Errorf("the password is in the log: %q", log)
			}
		})
	}
}

func TestCancelledWhileStarting(t *testing.T) {
	eng := needEngine(t)
	for name, after := range map[string]time.Duration{"at once": 0, "while creating": 30 * time.Millisecond, "while waiting": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			nothingLeft(t, eng)
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("not cancelled"))
			defer cancel()
			timer := time.AfterFunc(after, cancel)
			defer timer.Stop()
			tgt, err := Start(ctx, Config{Image: testImage, Env: map[string]string{"MODE": "silent"}})
			if err == nil {
				_ = tgt.Close(t.Context())
				t.Fatal("it came up")
			}
			var start *target.StartError
			if !errors.As(err, &start) || !strings.Contains(err.Error(), "cancel") || strings.Contains(err.Error(), "\n") || len(start.Log) > 0 {
				t.Errorf("got %q, want one line that says so, and no log", err)
			}
		})
	}
}

func TestLabelsAndEnvironment(t *testing.T) {
	eng := needEngine(t)
	nothingLeft(t, eng)
	tgt := start(t, Config{RunID: "abcd0123", Env: map[string]string{"A": "b"}})
	for _, label := range []string{Label, Label + "=abcd0123"} {
		list, err := eng.client.ContainerList(t.Context(), client.ContainerListOptions{Filters: client.Filters{}.Add("label", label).Add("ancestor", testImage)})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%d containers carry the label %s (%v), want 1", len(list.Items), label, err)
		}
	}
	if err := tgt.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEnvironmentOfTheContainer(t *testing.T) {
	t.Parallel()
	common := map[string]string{
		"discovery.type": "single-node", "ES_JAVA_OPTS": "-Xmx2g", "ingest.geoip.downloader.enabled": "false",
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	}
	with := func(key, value string) map[string]string {
		env := map[string]string{key: value}
		for k, v := range common {
			env[k] = v
		}
		return env
	}
	own := map[string]string{"ES_JAVA_OPTS": "-Xmx2g"}
	if diff := cmp.Diff(with("xpack.security.enabled", "false"), (&instance{cfg: Config{Env: own}}).environment()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff(with("ELASTIC_PASSWORD", "secret"), (&instance{cfg: Config{Env: own, Security: true}, password: "secret"}).environment()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := (Config{Version: "9.5.3"}).image(); got != "docker.elastic.co/elasticsearch/elasticsearch:9.5.3" {
		t.Errorf("image %s", got)
	}
}

package container

import (
	"strings"
	"testing"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// What the engine is asked for: a port that the network does not see, memory
// that has an end, and data in memory where no restart has to find it again.
func TestHostOfTheContainer(t *testing.T) {
	eng := needEngine(t)
	for name, tt := range map[string]struct {
		cfg    Config
		memory int64
		tmpfs  bool
		heap   string
	}{
		"by default":       {Config{}, 2 << 30, true, "-Xms1024m -Xmx1024m"},
		"restarted":        {Config{Restarts: true}, 2 << 30, false, "-Xms1024m -Xmx1024m"},
		"with less memory": {Config{Memory: 600 << 20}, 600 << 20, true, "-Xms300m -Xmx300m"},
	} {
		t.Run(name, func(t *testing.T) {
			nothingLeft(t, eng)
			tt.cfg.RunID = "host-" + strings.ReplaceAll(name, " ", "-")
			tgt := start(t, tt.cfg)
			list, err := eng.client.ContainerList(t.Context(), client.ContainerListOptions{Filters: client.Filters{}.Add("label", Label+"="+tt.cfg.RunID)})
			if err != nil || len(list.Items) != 1 {
				t.Fatalf("%d containers: %v", len(list.Items), err)
			}
			found, err := eng.client.ContainerInspect(t.Context(), list.Items[0].ID, client.ContainerInspectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			host := found.Container.HostConfig
			if host.Memory != tt.memory || host.MemorySwap != tt.memory {
				t.Errorf("memory %d, with swap %d, want %d", host.Memory, host.MemorySwap, tt.memory)
			}
			if _, tmpfs := host.Tmpfs[dataDir]; tmpfs != tt.tmpfs {
				t.Errorf("data in memory: %t, want %t", tmpfs, tt.tmpfs)
			}
			if env := strings.Join(found.Container.Config.Env, "\n"); !strings.Contains(env, "ES_JAVA_OPTS="+tt.heap) {
				t.Errorf("environment %s, want %s in it", env, tt.heap)
			}
			for _, binding := range found.Container.NetworkSettings.Ports[network.MustParsePort(port)] {
				if eng.local() && binding.HostIP.IsUnspecified() {
					t.Errorf("published on %s: everybody in the network can reach it", binding.HostIP)
				}
			}
			if err := tgt.Restart(t.Context()); !tt.cfg.Restarts && (err == nil || !strings.Contains(err.Error(), "tag this one")) {
				t.Errorf("restarted without its data: %v", err)
			}
			if err := tgt.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

package container

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/target"
)

// engine is the container engine, for what testcontainers does not do.
type engine struct{ client *testcontainers.DockerClient }

// prepare sets testcontainers up. It reads its environment only once, so this
// has to come before anything else. Its reaper is not used: it is a container
// of its own, whose image may not be there, and what is started is removed.
var prepare = sync.OnceFunc(func() {
	const reaper = "TESTCONTAINERS_RYUK_DISABLED"
	if os.Getenv(reaper) == "" {
		_ = os.Setenv(reaper, "true") // fails only for a malformed name
	}
	log.SetDefault(log.NewNoopLogger())
})

// openEngine connects to the engine. There is no falling back to another one
// than DOCKER_HOST names.
func openEngine(ctx context.Context) (*engine, error) {
	prepare()
	absent := func(why string, err error) error {
		if errors.Is(ctx.Err(), context.Canceled) {
			return &target.StartError{What: "starting a container was cancelled"}
		}
		return &target.StartError{What: "start a container: " + why, Err: err, Advice: "start Docker, or set DOCKER_HOST; without an engine, use --url, or the embedded server"}
	}
	dc, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, absent("no container engine can be reached", short(err))
	}
	if _, err := dc.Ping(ctx, client.PingOptions{}); err != nil {
		_ = dc.Close()
		return nil, absent("no container engine can be reached", short(err))
	}
	if wanted := os.Getenv("DOCKER_HOST"); wanted != "" && wanted != dc.DaemonHost() {
		_ = dc.Close()
		return nil, absent(fmt.Sprintf("the container engine at DOCKER_HOST=%s cannot be reached", foreign.URL(wanted)), nil)
	}
	return &engine{client: dc}, nil
}

// local reports whether the engine is on this machine.
func (e *engine) local() bool {
	host := e.client.DaemonHost()
	return strings.HasPrefix(host, "unix:") || strings.HasPrefix(host, "npipe:")
}

// publishOn returns the address of the engine's host that ports are published
// on, none for all of them. Where the engine is on this machine, that is one
// that nobody in the network reaches: the server may have no security. A
// process that is in a container itself cannot reach loopback, but the gateway
// of the engine's network.
func (e *engine) publishOn(ctx context.Context) netip.Addr {
	if !e.local() {
		return netip.Addr{}
	}
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return loopback
	}
	defer provider.Close() //nolint:errcheck // nothing was asked of it but an address
	host, err := provider.DaemonHost(ctx)
	if err != nil {
		return loopback
	}
	bridge, err := e.client.NetworkInspect(ctx, "bridge", client.NetworkInspectOptions{})
	if err != nil {
		return loopback
	}
	for _, pool := range bridge.Network.IPAM.Config {
		if pool.Gateway.IsValid() && pool.Gateway.String() == host {
			return pool.Gateway
		}
	}
	return loopback
}

func (e *engine) close() { _ = e.client.Close() }

// remove removes a container that testcontainers did not hand out, because
// its creation was cancelled: the engine may go on with it for a while, so it
// is looked for as long as patience lasts.
func (e *engine) remove(ctx context.Context, name string, patience time.Duration) error {
	for end := time.Now().Add(patience); ; {
		_, err := e.client.ContainerRemove(ctx, name, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		if err == nil {
			return nil
		}
		if !errdefs.IsNotFound(err) {
			return fmt.Errorf("remove the container (docker rm -f -v %s): %w", name, err)
		}
		if time.Now().After(end) {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil
		}
	}
}

func (e *engine) hasImage(ctx context.Context, image string) bool {
	_, err := e.client.ImageInspect(ctx, image)
	return err == nil
}

// notStarted explains why there is no running container.
func (i *instance) notStarted(ctx context.Context, err error) error {
	image := i.cfg.image()
	look, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.cfg.Limits.Cleanup)
	defer cancel()
	e := &target.StartError{What: "start the container of image " + image, Err: short(err)}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e.What, e.Err = e.What+" was cancelled", nil
	case i.ctr == nil && !i.engine.hasImage(look, image):
		e.What = "start a container: the image " + image + " is not here and cannot be pulled"
		e.Advice = "check the version or name and the network; an image that is already on this machine is used as it is (docker pull, docker load)"
		if last := i.log.text(); ctx.Err() != nil && last != "" {
			e.Err = fmt.Errorf("%w; last attempt: %s", e.Err, last)
		}
	case ctx.Err() != nil:
		e.What += fmt.Sprintf(": not done within %s", i.cfg.Limits.Start)
		e.Advice = "raise --timeout-start"
	}
	return e
}

// shortError is the message of a cause without what testcontainers wraps
// around it.
type shortError struct{ error }

func (e shortError) Error() string {
	text := strings.Join(strings.Fields(e.error.Error()), " ")
	for _, stage := range []string{
		"generic container: ", "create container: ", "start container: ", "container create: ", "container start: ", "started hook: ",
		"get provider: ", "Error response from daemon: ", "check host ",
	} {
		text = strings.ReplaceAll(text, stage, "")
	}
	return text
}

func (e shortError) Unwrap() error { return e.error }

func short(err error) error {
	if err == nil {
		return nil
	}
	return shortError{err}
}

// lastLine keeps the last thing that testcontainers said, which is where it
// puts the reasons of failures that it tries again after.
type lastLine struct {
	mu   sync.Mutex
	line string
}

func (l *lastLine) Printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line = strings.TrimSpace(fmt.Sprintf(format, args...))
}

func (l *lastLine) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.line
}

// Package container starts Elasticsearch in a container and removes it again.
package container

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/testcontainers/testcontainers-go"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/target"
)

const (
	// repository is where the official images are.
	repository = "docker.elastic.co/elasticsearch/elasticsearch"
	// port is the one that Elasticsearch listens on in the container.
	port = "9200/tcp"
	// caFile is where Elasticsearch puts the authority that it makes for
	// itself when security is on.
	caFile = "/usr/share/elasticsearch/config/certs/http_ca.crt"
	// userName is the built-in superuser.
	userName = "elastic"
	// grace is how long a server may take to stop before it is killed.
	grace = 30 * time.Second
)

// Config chooses an image and how it is run.
type Config struct {
	Image    string // wins over Version
	Version  string // of the official image, such as 9.5.3
	Security bool   // TLS and a password instead of none of both
	Run      string // id of the run that the container is known by; default: its name
	// Env is added to the container's environment and wins over the defaults.
	Env         map[string]string
	Limits      limits.Limits
	MaxInFlight int

	memory int64 // limit in bytes; 0 for none
}

func (c Config) image() string {
	if c.Image != "" {
		return c.Image
	}
	return repository + ":" + c.Version
}

// environment returns what makes a single node that starts quickly and does
// not mind a full disk.
func (c Config) environment(password string) map[string]string {
	env := map[string]string{
		"discovery.type":                  "single-node",
		"ES_JAVA_OPTS":                    "-Xms1g -Xmx1g",
		"ingest.geoip.downloader.enabled": "false",
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	}
	if c.Security {
		env["ELASTIC_PASSWORD"] = password
	} else {
		env["xpack.security.enabled"] = "false"
	}
	maps.Copy(env, c.Env)
	return env
}

// instance is one container.
type instance struct {
	cfg      Config
	name     string
	password string // "" where security is off
	engine   *engine
	ctr      *testcontainers.DockerContainer
	log      *lastLine
	patience time.Duration // how long to look for a container whose creation was cancelled
}

// afterCancel is how long an engine may take to create a container that nobody
// waits for any more.
const afterCancel = 20 * time.Second

// Start starts a container and waits until Elasticsearch in it answers, as
// long as Limits.Start allows. The error is a *target.StartError; nothing is
// left of the container then.
func Start(ctx context.Context, cfg Config) (*target.Target, error) {
	cfg.Limits = cfg.Limits.WithDefaults()
	within, cancel := context.WithTimeout(ctx, cfg.Limits.Start)
	defer cancel()
	eng, err := openEngine(within)
	if err != nil {
		return nil, err
	}
	i := &instance{cfg: cfg, name: "esconform-" + rand.Text()[:12], engine: eng, log: &lastLine{}}
	if cfg.Security {
		i.password = rand.Text()
	}
	t, err := i.start(within)
	if err != nil {
		var start *target.StartError
		if left := i.close(ctx); left != nil && errors.As(err, &start) {
			start.Advice = strings.TrimPrefix(start.Advice+"; "+left.Error(), "; ")
		}
		return nil, err
	}
	return t, nil
}

func (i *instance) start(ctx context.Context) (*target.Target, error) {
	if err := i.run(ctx); err != nil {
		return nil, err
	}
	client, err := i.awaitReady(ctx)
	if err != nil {
		return nil, err
	}
	t, err := target.New(ctx, client, result.Target{Kind: "container", Image: i.cfg.image(), Security: i.cfg.Security}, target.Hooks{
		Restart: i.restart,
		Close:   i.close,
	})
	if err != nil {
		client.Close()
		return nil, err
	}
	t.Info.Security = i.cfg.Security
	return t, nil
}

// run creates and starts the container, with its image pulled if need be.
func (i *instance) run(ctx context.Context) error {
	ctr, err := testcontainers.Run(ctx, i.cfg.image(),
		testcontainers.WithLogger(i.log),
		testcontainers.WithName(i.name),
		testcontainers.WithLabels(i.labels()),
		testcontainers.WithEnv(i.cfg.environment(i.password)),
		testcontainers.WithExposedPorts(port),
		testcontainers.WithHostConfigModifier(func(host *container.HostConfig) {
			host.Memory, host.MemorySwap = i.cfg.memory, i.cfg.memory
		}),
	)
	i.ctr = ctr
	if ctx.Err() != nil {
		i.patience = afterCancel
	}
	if err != nil {
		return i.notStarted(ctx, err)
	}
	return nil
}

// restart stops the container and starts it again; its port on the host may
// be another one afterwards.
func (i *instance) restart(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, i.cfg.Limits.Start)
	defer cancel()
	timeout := grace
	if err := i.ctr.Stop(ctx, &timeout); err != nil {
		return "", fmt.Errorf("stop the container: %w", err)
	}
	if err := i.ctr.Start(ctx); err != nil {
		return "", i.notStarted(ctx, err)
	}
	client, err := i.awaitReady(ctx)
	if err != nil {
		return "", err
	}
	defer client.Close()
	return client.Host(), nil
}

// close kills the container and removes it with its anonymous volumes. A
// container that is gone already is no error, and a cancelled context no reason
// to leave it there.
func (i *instance) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.cfg.Limits.Cleanup)
	defer cancel()
	defer i.engine.close()
	if i.ctr == nil {
		return i.engine.remove(ctx, i.name, i.patience)
	}
	err := i.ctr.Terminate(ctx, testcontainers.StopContext(ctx), testcontainers.StopTimeout(0))
	if err != nil && !errdefs.IsNotFound(err) {
		return errors.Join(fmt.Errorf("remove the container (docker rm -f -v %s): %w", i.name, err), i.engine.remove(ctx, i.name, 0))
	}
	return nil
}

// scheme is the one that Elasticsearch speaks with this configuration.
func (i *instance) scheme() string {
	if i.cfg.Security {
		return "https"
	}
	return "http"
}

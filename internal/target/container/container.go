// Package container starts Elasticsearch in a container and removes it again.
package container

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"

	"github.com/esconform/esconform/internal/foreign"
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
	// dataDir is where official images keep their data.
	dataDir = "/usr/share/elasticsearch/data"
	// userName is the built-in superuser.
	userName = "elastic"
	// grace is how long a server may take to stop before it is killed.
	grace = 30 * time.Second
)

// Config chooses an image and how it is run.
type Config struct {
	RunID    string // of the run that the container is known by; default: its name
	Image    string // wins over Version
	Version  string // of the official image, such as 9.5.3
	Security bool   // TLS and a password instead of none of both; no TLS on a Volume
	// Nodes is how many containers there are, as one cluster; default 1.
	Nodes int
	// Restarts keeps the data where it outlives a restart. Otherwise it is in
	// memory, which makes writes faster, and the container cannot be restarted.
	Restarts bool
	Memory   int64 // limit in bytes of each container, half of it for the heap; 0: DefaultMemory
	// Volume is the name of a volume that the data is on: it outlives the
	// container, and is removed by whoever made it. Volumes are those of the Nodes.
	Volume  string
	Volumes []string
	// Next is the image that nodes on Volumes can be replaced by.
	Next string
	// Env is added to the container's environment and wins over the defaults.
	Env         map[string]string
	Limits      limits.Limits
	MaxInFlight int
	Secrets     *foreign.Secrets // see wire.Config
}

// DefaultMemory is what a container may use where nobody says otherwise.
const DefaultMemory = 2 << 30

func (c Config) image() string {
	if c.Image != "" {
		return c.Image
	}
	return Official(c.Version)
}

// Official is the name of the official image of a version.
func Official(version string) string { return repository + ":" + version }

// environment returns what makes a node that starts quickly and does not mind a
// full disk: a single one, unless it has others.
func (i *instance) environment() map[string]string {
	env := map[string]string{
		"ES_JAVA_OPTS":                                      i.cfg.heap(),
		"ingest.geoip.downloader.enabled":                   "false",
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	}
	switch {
	case !i.cfg.Security:
		env["xpack.security.enabled"] = "false"
	case !i.cfg.tls():
		env["xpack.security.enabled"], env["xpack.security.http.ssl.enabled"], env["xpack.security.transport.ssl.enabled"] = "true", "false", "false"
		env["xpack.security.autoconfiguration.enabled"], env["xpack.security.authc.api_key.enabled"] = "false", "true"
		fallthrough
	default:
		env["ELASTIC_PASSWORD"] = i.password
	}
	if len(i.peers) == 0 {
		env["discovery.type"] = "single-node"
	} else {
		maps.Copy(env, i.membership())
	}
	maps.Copy(env, i.cfg.Env)
	return env
}

// tls reports whether the server speaks TLS: it makes certificates for itself at
// its first start alone, and not where it finds the data of another. Nodes of
// several are given theirs.
func (c Config) tls() bool { return c.Security && (c.Volume == "" || c.Nodes > 1) }

func (c Config) memory() int64 { return cmp.Or(c.Memory, DefaultMemory) }

// heap leaves the other half to the JVM itself and to the files that the
// system keeps in memory.
func (c Config) heap() string {
	megabytes := c.memory() / 2 >> 20
	return fmt.Sprintf("-Xms%dm -Xmx%dm", megabytes, megabytes)
}

// host says how the engine runs the container.
func (i *instance) host(bind netip.Addr) func(*container.HostConfig) {
	return func(host *container.HostConfig) {
		host.Memory, host.MemorySwap = i.cfg.memory(), i.cfg.memory()
		host.PortBindings = network.PortMap{network.MustParsePort(port): {{HostIP: bind}}}
		if i.network != "" {
			host.NetworkMode = container.NetworkMode(i.network)
		}
		switch {
		case i.cfg.Volume != "":
			host.Mounts = append(host.Mounts, mount.Mount{Type: mount.TypeVolume, Source: i.cfg.Volume, Target: dataDir})
		case !i.cfg.Restarts:
			// Official images run as 1000:0; others may have any user, where
			// the engine heeds the mode (not all do).
			host.Tmpfs = map[string]string{dataDir: "rw,uid=1000,gid=0,mode=1777"}
		}
	}
}

// instance is one container.
type instance struct {
	cfg      Config
	name     string
	password string // "" where security is off
	engine   *engine
	ctr      *testcontainers.DockerContainer
	log      *lastLine
	network  string            // "": the engine's own
	peers    []string          // the names of all nodes of its cluster, none for a single one
	certs    map[string][]byte // by their names: authority, certificate and key, if it is given them
	ca       []byte            // of its certificate; nil: one that it makes for itself
	patience time.Duration     // how long to look for a container whose creation was cancelled

	deathMu sync.Mutex
	death   error // why it no longer runs, once that is known
}

// afterCancel is how long an engine may take to create a container that nobody
// waits for any more.
const afterCancel = 20 * time.Second

// Start starts a container, or several that are one cluster, and waits until
// Elasticsearch in it answers, as long as Limits.Start allows. The error is a
// *target.StartError; nothing is left of the container then.
func Start(ctx context.Context, cfg Config) (*target.Target, error) {
	cfg.Limits = cfg.Limits.WithDefaults()
	if cfg.Secrets == nil {
		cfg.Secrets = &foreign.Secrets{}
	}
	within, cancel := context.WithTimeout(ctx, cfg.Limits.Start)
	defer cancel()
	password := ""
	if cfg.Security {
		password = rand.Text()
		cfg.Secrets.AddLogin(userName, password)
	}
	server, err := newServer(within, cfg, password)
	if err != nil {
		return nil, err
	}
	t, err := server.start(within)
	if err != nil {
		var start *target.StartError
		if left := server.close(ctx); left != nil && errors.As(err, &start) {
			start.Advice = strings.TrimPrefix(start.Advice+"; "+left.Error(), "; ")
		}
		return nil, err
	}
	return t, nil
}

// server is what is started: a container, or a cluster of them.
type server interface {
	start(context.Context) (*target.Target, error)
	close(context.Context) error
}

func newServer(ctx context.Context, cfg Config, password string) (server, error) {
	if cfg.Nodes > 1 {
		return newCluster(ctx, cfg, password)
	}
	return newInstance(ctx, cfg, password)
}

func newInstance(ctx context.Context, cfg Config, password string) (*instance, error) {
	eng, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	return &instance{cfg: cfg, name: newName(), password: password, engine: eng, log: &lastLine{}}, nil
}

func newName() string { return "esconform-" + strings.ToLower(rand.Text()[:12]) }

func (i *instance) start(ctx context.Context) (*target.Target, error) {
	if err := i.run(ctx); err != nil {
		return nil, err
	}
	client, err := i.awaitReady(ctx)
	if err != nil {
		return nil, err
	}
	var t *target.Target
	err = target.Patiently(ctx, func(ctx context.Context) (err error) {
		t, err = target.New(ctx, client, result.Target{Kind: "container", Image: i.cfg.image(), Security: i.cfg.Security}, target.Hooks{
			Restart: i.restart,
			Died:    i.died,
			Stop:    i.stop,
			Close:   i.close,
		})
		return err
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
		testcontainers.WithLabels(labels(i.cfg.RunID, i.name)),
		testcontainers.WithEnv(i.environment()),
		testcontainers.WithExposedPorts(port),
		testcontainers.WithFiles(i.files()...),
		testcontainers.WithHostConfigModifier(i.host(i.engine.publishOn(ctx))),
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
func (i *instance) restart(ctx context.Context) ([]string, error) {
	if !i.cfg.Restarts && i.cfg.Volume == "" {
		return nil, errDataInMemory
	}
	ctx, cancel := context.WithTimeout(ctx, i.cfg.Limits.Start)
	defer cancel()
	if err := i.stop(ctx); err != nil {
		return nil, err
	}
	if err := i.again(ctx); err != nil {
		return nil, err
	}
	client, err := i.awaitReady(ctx)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return []string{client.Host()}, nil
}

var errDataInMemory = errors.New("the container's data is in memory and would be lost, since no scenario is tagged @restart; tag this one")

// stop has the server stop, as long as grace lasts.
func (i *instance) stop(ctx context.Context) error {
	timeout := grace
	if err := i.ctr.Stop(ctx, &timeout); err != nil {
		return fmt.Errorf("stop the container: %w", short(err))
	}
	return nil
}

// again starts the container that has ended.
func (i *instance) again(ctx context.Context) error {
	if err := i.ctr.Start(ctx); err != nil {
		return i.notStarted(ctx, err)
	}
	return nil
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
	if i.cfg.tls() {
		return "https"
	}
	return "http"
}

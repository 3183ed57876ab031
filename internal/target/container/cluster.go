package container

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// cluster is several nodes, each in a container, on a network of their own.
type cluster struct {
	cfg      Config
	name     string
	password string

	mu    sync.Mutex
	nodes []*instance
	ended map[int]bool // by us
}

func newCluster(ctx context.Context, cfg Config, password string) (*cluster, error) {
	c := &cluster{cfg: cfg, name: newName(), password: password, ended: map[int]bool{}}
	var names []string
	for n := range cfg.Nodes {
		cfg := cfg
		if n < len(cfg.Volumes) {
			cfg.Volume = cfg.Volumes[n]
		}
		i, err := newInstance(ctx, cfg, password)
		if err != nil {
			return nil, err
		}
		i.network = c.name
		c.nodes, names = append(c.nodes, i), append(names, i.name)
	}
	for _, i := range c.nodes {
		i.peers = names
	}
	if cfg.Security {
		return c, c.secure()
	}
	return c, nil
}

// membership are the settings by which a node finds the others.
func (i *instance) membership() map[string]string {
	settings := map[string]string{
		"cluster.name":                 i.network,
		"node.name":                    i.name,
		"discovery.seed_hosts":         strings.Join(i.peers, ","),
		"cluster.initial_master_nodes": strings.Join(i.peers, ","),
	}
	if i.cfg.Security {
		maps.Copy(settings, trust())
	}
	return settings
}

func (c *cluster) start(ctx context.Context) (*target.Target, error) {
	eng := c.nodes[0].engine
	_, err := eng.client.NetworkCreate(ctx, c.name, client.NetworkCreateOptions{Labels: labels(c.cfg.RunID, c.name)})
	if err != nil {
		return nil, &target.StartError{What: "make a network for the containers of a cluster", Err: short(err), Advice: "see whether the engine has too many networks (docker network ls)"}
	}
	if err := c.all(ctx, func(ctx context.Context, i *instance) error { return i.run(ctx) }); err != nil {
		return nil, err
	}
	reached, err := c.await(ctx)
	if err != nil {
		return nil, err
	}
	hooks := target.Hooks{Restart: c.restart, Died: c.died, Close: c.close}
	if c.cfg.Next != "" {
		hooks.Leave, hooks.Succeed, hooks.Next = c.leave, c.succeed, c.cfg.Next
	}
	if c.cfg.Restarts { // otherwise a node that is killed loses its data
		hooks.Kill, hooks.Revive = c.kill, c.revive
		hooks.Master = func(ctx context.Context) (int, error) { return c.master(ctx, reached) }
	}
	var t *target.Target
	err = target.Patiently(ctx, func(ctx context.Context) (err error) {
		t, err = target.New(ctx, reached, result.Target{Kind: "container", Image: c.cfg.image(), Nodes: c.cfg.Nodes}, hooks)
		return err
	})
	var start *target.StartError
	if err != nil && !errors.As(err, &start) {
		err = &target.StartError{What: fmt.Sprintf("the containers of image %s are no cluster", c.cfg.image()), Err: err, Advice: "use an official image of Elasticsearch"}
	}
	if err != nil {
		reached.Close()
		return nil, err
	}
	t.Info.Security = c.cfg.Security
	return t, nil
}

// all does something with each node at the same time.
func (c *cluster) all(ctx context.Context, do func(context.Context, *instance) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, i := range c.nodes {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// await waits until every node answers as one of the whole cluster, and returns
// a client for all.
func (c *cluster) await(ctx context.Context) (*wire.Client, error) {
	hosts, err := c.hosts(ctx)
	if err != nil {
		return nil, err
	}
	return wire.New(c.nodes[0].access(c.nodes[0].ca, hosts...))
}

func (c *cluster) hosts(ctx context.Context) ([]string, error) {
	hosts := make([]string, len(c.nodes))
	err := c.all(ctx, func(ctx context.Context, i *instance) error {
		alone, err := i.awaitReady(ctx)
		if err != nil {
			return err
		}
		defer alone.Close()
		hosts[slices.Index(c.nodes, i)] = alone.Host()
		return nil
	})
	return hosts, err
}

// restart stops all nodes and starts them again.
func (c *cluster) restart(ctx context.Context) ([]string, error) {
	if !c.cfg.Restarts {
		return nil, errDataInMemory
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Limits.Start)
	defer cancel()
	if err := c.all(ctx, func(ctx context.Context, i *instance) error { return i.stop(ctx) }); err != nil {
		return nil, err
	}
	if err := c.all(ctx, func(ctx context.Context, i *instance) error { return i.again(ctx) }); err != nil {
		return nil, err
	}
	return c.hosts(ctx)
}

// kill ends a node without a word to it or to the others.
func (c *cluster) kill(ctx context.Context, node int) error {
	c.note(node, true)
	i := c.node(node)
	_, err := i.engine.client.ContainerKill(ctx, i.name, client.ContainerKillOptions{Signal: "SIGKILL"})
	return err
}

// revive starts a node that was killed and waits until the cluster is whole.
func (c *cluster) revive(ctx context.Context, node int) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Limits.Start)
	defer cancel()
	if err := c.node(node).again(ctx); err != nil {
		return "", err
	}
	return c.back(ctx, node)
}

// back waits until the cluster is whole again.
func (c *cluster) back(ctx context.Context, node int) (string, error) {
	alone, err := c.node(node).awaitReady(ctx)
	if err != nil {
		return "", err
	}
	defer alone.Close()
	c.note(node, false)
	return alone.Host(), nil
}

// leave has a node stop in an orderly way, and removes all of it but its data.
func (c *cluster) leave(ctx context.Context, node int) error {
	c.note(node, true)
	i := c.node(node)
	return errors.Join(i.stop(ctx), i.close(ctx))
}

// succeed starts the next version in the place of a node that has left, and waits
// until the cluster is whole.
func (c *cluster) succeed(ctx context.Context, node int) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Limits.Start)
	defer cancel()
	old := c.node(node)
	cfg := old.cfg
	cfg.Image = cfg.Next
	i, err := newInstance(ctx, cfg, c.password)
	if err != nil {
		return "", err
	}
	i.name, i.network, i.peers, i.ca, i.certs = old.name, old.network, old.peers, old.ca, old.certs
	c.mu.Lock()
	c.nodes[node] = i
	c.mu.Unlock()
	if err := i.run(ctx); err != nil {
		return "", err
	}
	return c.back(ctx, node)
}

func (c *cluster) node(n int) *instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[n]
}

func (c *cluster) note(node int, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[node] = ended
}

// died returns why a node no longer runs that we have not ended.
func (c *cluster) died(ctx context.Context) error {
	c.mu.Lock()
	var all []*instance
	for n, i := range c.nodes {
		if !c.ended[n] {
			all = append(all, i)
		}
	}
	c.mu.Unlock()
	for _, i := range all {
		if died := i.died(ctx); died != nil {
			return died
		}
	}
	return nil
}

// master asks which node is the elected master.
func (c *cluster) master(ctx context.Context, reached *wire.Client) (int, error) {
	res, err := reached.Session().Do(ctx, wire.Request{Method: http.MethodGet, Path: "/_cluster/state/master_node,nodes?filter_path=master_node,nodes.*.name"})
	if err != nil {
		return 0, fmt.Errorf("ask who is the master: %w", err)
	}
	doc, err := res.JSON()
	if err != nil {
		return 0, fmt.Errorf("ask who is the master: %d: %w", res.Status, err)
	}
	id, _ := jsonval.Pointer(doc, "/master_node")
	name, _ := jsonval.Pointer(doc, fmt.Sprintf("/nodes/%v/name", id))
	n := slices.IndexFunc(c.nodes, func(i *instance) bool { return i.name == name })
	if n < 0 {
		return 0, fmt.Errorf("ask who is the master: %d %s names none of the nodes", res.Status, res.Text())
	}
	return n, nil
}

// close removes all containers, and then their network.
func (c *cluster) close(ctx context.Context) error {
	errs := make([]error, len(c.nodes)+1)
	var closing sync.WaitGroup
	for n, i := range c.nodes {
		closing.Go(func() { errs[n] = i.close(ctx) })
	}
	closing.Wait()
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.cfg.Limits.Cleanup)
	defer cancel()
	eng, err := openEngine(within) // each container has closed its own
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	defer eng.close()
	errs[len(c.nodes)] = eng.removeNetwork(within, c.name)
	return errors.Join(errs...)
}

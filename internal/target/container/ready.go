package container

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

const (
	// pollPause is the time between two looks at a container that starts.
	pollPause = 200 * time.Millisecond
	// probeLimit is how long an answer may take while it starts.
	probeLimit = 5 * time.Second
)

// awaitReady polls until Elasticsearch answers and accepts writes, and returns
// a client for it.
func (i *instance) awaitReady(ctx context.Context) (*wire.Client, error) {
	last := "nothing was tried yet"
	for {
		client, err := i.tryAll(ctx)
		if err == nil {
			return client, nil
		}
		if ctx.Err() == nil {
			last = err.Error()
		}
		if dead := i.dead(ctx, "before it was ready"); dead != nil {
			return nil, dead
		}
		select {
		case <-time.After(pollPause):
		case <-ctx.Done():
			return nil, i.neverReady(ctx, last)
		}
	}
}

func (i *instance) neverReady(ctx context.Context, last string) error {
	image := i.cfg.image()
	if errors.Is(ctx.Err(), context.Canceled) {
		return &target.StartError{What: "waiting for the container of image " + image + " was cancelled"}
	}
	log := i.tail()
	return &target.StartError{
		What:   fmt.Sprintf("the container of image %s was not ready within %s: %s", image, i.cfg.Limits.Start, last),
		Advice: cmp.Or(log.advice, log.look(image)+", or raise --timeout-start"),
		Log:    log.lines,
	}
}

// tryAll tries every address under which the container may be reached.
func (i *instance) tryAll(ctx context.Context) (*wire.Client, error) {
	hosts, err := i.hosts(ctx)
	if err != nil {
		return nil, err
	}
	ca := i.ca
	if i.cfg.tls() && ca == nil {
		if ca, err = i.readCA(ctx); err != nil {
			return nil, err
		}
	}
	var failures []string
	for _, host := range hosts {
		client, err := i.try(ctx, host, ca)
		if err == nil {
			return client, nil
		}
		failures = append(failures, err.Error())
	}
	return nil, errors.New(strings.Join(failures, "; "))
}

// hosts lists the addresses under which the container's port may be reached.
// The first is the regular one. A process that itself runs in a container may
// have to go another way: straight to the container, or to loopback where the
// network is the engine's own.
func (i *instance) hosts(ctx context.Context) ([]string, error) {
	info, err := i.ctr.Inspect(ctx)
	if err != nil {
		return nil, fmt.Errorf("inspect the container: %w", err)
	}
	mapped, err := i.ctr.MappedPort(ctx, port)
	if err != nil {
		return nil, fmt.Errorf("the container publishes no port %s", port)
	}
	host, err := i.ctr.Host(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the engine's host: %w", err)
	}
	published := fmt.Sprint(mapped.Num())
	hosts := []string{net.JoinHostPort(host, published)}
	if isLoopback(host) || !i.engine.local() {
		return hosts, nil
	}
	for _, network := range info.NetworkSettings.Networks {
		if network != nil && network.IPAddress.IsValid() {
			hosts = append(hosts, net.JoinHostPort(network.IPAddress.String(), strings.TrimSuffix(port, "/tcp")))
		}
	}
	return append(hosts, net.JoinHostPort("127.0.0.1", published)), nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// access says how to reach hosts, with this authority.
func (i *instance) access(ca []byte, hosts ...string) wire.Config {
	urls := make([]string, len(hosts))
	for n, host := range hosts {
		urls[n] = i.scheme() + "://" + host
	}
	cfg := wire.Config{URL: strings.Join(urls, ","), CACert: ca, AnyHost: ca != nil, Limits: i.cfg.Limits, MaxInFlight: i.cfg.MaxInFlight, Secrets: i.cfg.Secrets}
	if i.cfg.Security {
		cfg.Auth = wire.Auth{Username: userName, Password: i.password}
	}
	return cfg
}

// try asks once whether Elasticsearch is ready at an address.
func (i *instance) try(ctx context.Context, host string, ca []byte) (*wire.Client, error) {
	cfg := i.access(ca, host)
	cfg.Limits, cfg.MaxInFlight = limits.Limits{Request: probeLimit}, 0
	probe, err := wire.New(cfg)
	if err != nil {
		return nil, err
	}
	defer probe.Close()
	if err := ready(ctx, probe, len(i.peers)); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.URL, i.explain(err))
	}
	return wire.New(i.access(ca, host))
}

// explain says of a connection that was closed at once what that means of a
// port that the engine publishes: the engine accepts, whoever listens.
func (i *instance) explain(err error) error {
	var transport *wire.TransportError
	switch {
	case !errors.As(err, &transport) || transport.Kind != wire.KindClosed:
		return err
	case i.cfg.tls():
		return errors.New("nothing listens on port 9200 in the container yet")
	}
	return errors.New("nothing listens on port 9200 in the container yet, or it speaks TLS (--security)")
}

// ready returns nil where the node answers, has elected a master, and is in a
// cluster of so many nodes, 0 for any. The second question is asked only of those
// who know it.
func ready(ctx context.Context, client *wire.Client, nodes int) error {
	session := client.Session()
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/"})
	if err != nil {
		return err
	}
	if res.Status != http.StatusOK {
		return fmt.Errorf("GET / was answered %d", res.Status)
	}
	path := "/_cluster/health?wait_for_status=yellow&timeout=1s"
	if nodes > 0 {
		path += fmt.Sprint("&wait_for_nodes=", nodes)
	}
	res, err = session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return err
	}
	if res.Status == http.StatusRequestTimeout || res.Status >= http.StatusInternalServerError {
		return fmt.Errorf("GET /_cluster/health was answered %d", res.Status)
	}
	return nil
}

// readCA copies the authority that Elasticsearch makes at its first start.
func (i *instance) readCA(ctx context.Context) ([]byte, error) {
	file, err := i.ctr.CopyFileFromContainer(ctx, caFile)
	if err != nil {
		return nil, fmt.Errorf("the container has no %s yet", caFile)
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(file, 1<<20))
}

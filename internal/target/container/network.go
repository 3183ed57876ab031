package container

import (
	"context"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// removeNetwork removes a network. One that is gone already is no error.
func (e *engine) removeNetwork(ctx context.Context, name string) error {
	if _, err := e.client.NetworkRemove(ctx, name, client.NetworkRemoveOptions{}); err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove the network (docker network rm %s): %w", name, short(err))
	}
	return nil
}

// networks lists the networks with a label, or with one of a value.
func (e *engine) networks(ctx context.Context, label string) ([]Left, error) {
	list, err := e.client.NetworkList(ctx, client.NetworkListOptions{Filters: client.Filters{}.Add("label", label)})
	if err != nil {
		return nil, fmt.Errorf("list the networks of esconform: %w", short(err))
	}
	var out []Left
	for _, n := range list.Items {
		out = append(out, Left{What: "network", Run: n.Labels[Label], Name: n.Name, Alive: alive(n.Labels)})
	}
	return out, nil
}

package container

import (
	"context"
	"errors"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// Volume holds the data of several containers, one after the other.
type Volume struct {
	Name   string
	engine *engine
}

// NewVolume makes a volume that is known by the run, as its containers are.
func NewVolume(ctx context.Context, run string) (*Volume, error) {
	eng, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	v := &Volume{Name: newName(), engine: eng}
	_, err = eng.client.VolumeCreate(ctx, client.VolumeCreateOptions{Name: v.Name, Labels: labels(run, v.Name)})
	if err != nil {
		err = fmt.Errorf("make a volume for the data: %w", short(err))
		return nil, errors.Join(err, v.Remove(ctx)) // it may be there all the same
	}
	return v, nil
}

// Remove removes the volume, also after the end of ctx. No container may have
// it any more.
func (v *Volume) Remove(ctx context.Context) error {
	defer v.engine.close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return v.engine.removeVolume(ctx, v.Name)
}

func (e *engine) removeVolume(ctx context.Context, name string) error {
	_, err := e.client.VolumeRemove(ctx, name, client.VolumeRemoveOptions{Force: true})
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove the volume (docker volume rm %s): %w", name, short(err))
	}
	return nil
}

// volumes lists the volumes with a label, or with one of a value.
func (e *engine) volumes(ctx context.Context, label string) ([]Left, error) {
	list, err := e.client.VolumeList(ctx, client.VolumeListOptions{Filters: client.Filters{}.Add("label", label)})
	if err != nil {
		return nil, fmt.Errorf("list the volumes of esconform: %w", short(err))
	}
	var out []Left
	for _, v := range list.Items {
		out = append(out, Left{What: "volume", Run: v.Labels[Label], Name: v.Name, Alive: alive(v.Labels)})
	}
	return out, nil
}

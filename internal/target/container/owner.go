package container

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/client"

	"github.com/esconform/esconform/internal/lock"
)

// The labels of a container of esconform.
const (
	// Label marks it; its value is the id of the run.
	Label = "esconform.run"
	// labelHost is the machine that the run goes on on, labelLock the file
	// there by which it is known to go on.
	labelHost = "esconform.host"
	labelLock = "esconform.lock"
)

// labels tell others whose a container is. Where nothing shows that the run
// goes on, they do not say where to look for that: its container is then never
// taken for one that was left behind.
func labels(run, name string) map[string]string {
	labels := map[string]string{Label: cmp.Or(run, name)}
	if file := lock.OfRun(run); run != "" && lock.Held(file) {
		labels[labelHost], labels[labelLock] = machine(), file
	}
	return labels
}

func machine() string {
	name, _ := os.Hostname() // "" is the machine of nobody
	return name
}

// Left is a container, a volume or a network that a run may have left behind.
type Left struct {
	What, Run, Name string
	// Alive says why the run may be going on; it is empty where it is over.
	Alive string
}

// Abandoned lists the containers, volumes and networks of runs of this machine that
// are over.
func Abandoned(ctx context.Context) ([]Left, error) {
	eng, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	defer eng.close()
	all, err := eng.labelled(ctx, Label)
	return slices.DeleteFunc(all, func(l Left) bool { return l.Alive != "" }), err
}

// removal are the commands that remove what is left.
var removal = map[string]string{"container": "docker rm -f -v", "volume": "docker volume rm", "network": "docker network rm"}

// AliveError says that the run whose container is to be removed may be going
// on.
type AliveError struct{ Left }

func (e *AliveError) Error() string {
	return fmt.Sprintf("the %s %s stays: %s; where that is not so: %s %s", e.What, e.Name, e.Alive, removal[e.What], e.Name)
}

// RemoveOf removes the containers of a run that is over, then its volumes and
// networks, and returns them. The error is an *AliveError where it may be going on.
func RemoveOf(ctx context.Context, run string) (removed []Left, err error) {
	eng, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	defer eng.close()
	all, err := eng.labelled(ctx, Label+"="+run)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		if l.Alive != "" {
			return removed, &AliveError{l}
		}
		if err := eng.removeLeft(ctx, l); err != nil {
			return removed, err
		}
		removed = append(removed, l)
	}
	left, err := eng.labelled(ctx, Label+"="+run)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("the %s %s is still there after it was removed", left[0].What, left[0].Name)
	}
	return removed, err
}

func (e *engine) removeLeft(ctx context.Context, l Left) error {
	switch l.What {
	case "network":
		return e.removeNetwork(ctx, l.Name)
	case "volume":
		return e.removeVolume(ctx, l.Name)
	}
	return e.remove(ctx, l.Name, 0)
}

// labelled lists the containers, then the volumes and networks, with a label, or with one
// of a value.
func (e *engine) labelled(ctx context.Context, label string) ([]Left, error) {
	list, err := e.client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", label)})
	if err != nil {
		return nil, fmt.Errorf("list the containers of esconform: %w", short(err))
	}
	var out []Left
	for _, c := range list.Items {
		l := Left{What: "container", Run: c.Labels[Label], Name: c.ID}
		if len(c.Names) > 0 {
			l.Name = strings.TrimPrefix(c.Names[0], "/")
		}
		l.Alive = alive(c.Labels)
		out = append(out, l)
	}
	volumes, err := e.volumes(ctx, label)
	if err != nil {
		return nil, err
	}
	networks, err := e.networks(ctx, label)
	return slices.Concat(out, volumes, networks), err
}

// alive says why the run of a container may be going on, "" where it is over.
func alive(labels map[string]string) string {
	switch host := labels[labelHost]; {
	case host == "":
		return "nothing shows whether its run is over"
	case host != machine():
		return "its run went on on the machine " + host + ", where alone can be seen whether it is over"
	case lock.Held(labels[labelLock]):
		return "its run goes on"
	}
	return ""
}

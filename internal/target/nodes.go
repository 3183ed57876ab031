package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// oneCluster asks each of several nodes which cluster it is of. Only of one can
// be said that what one node has taken another one knows. An error that is no
// *StartError is one of the configuration.
func (t *Target) oneCluster(ctx context.Context) error {
	session := t.Client.Session()
	cluster := ""
	for i := range t.Client.Nodes() {
		node := t.Client.Node(i)
		res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", Node: i + 1, Purpose: purpose})
		if err != nil {
			return unreachable(ctx, node, err)
		}
		doc, err := res.JSON()
		uuid, _ := jsonval.Pointer(doc, "/cluster_uuid")
		name, isName := uuid.(string)
		switch {
		case err != nil || res.Status != http.StatusOK || !isName:
			return &StartError{
				What:   fmt.Sprintf("see whether the node %s is of the same cluster as the others: GET / was answered %d without a cluster_uuid", node, res.Status),
				Advice: "test with an account that has the cluster privilege monitor, or give one address",
			}
		case name == noCluster:
			return &StartError{What: fmt.Sprintf("the node %s is of no cluster yet", node), Advice: "wait until it has found the others, or look at its log"}
		case cluster == "":
			cluster = name
		case cluster != name:
			return fmt.Errorf("the nodes %s and %s are of different clusters (cluster_uuid %s and %s): give the addresses of one cluster", t.Client.Node(0), node, cluster, name)
		}
		t.lowest(doc, node)
	}
	return nil
}

// noCluster is what a node calls its cluster before it has found one.
const noCluster = "_na_"

// lowest takes the lowest version of all nodes for that of the cluster: no more
// can be required of it.
func (t *Target) lowest(doc any, node string) {
	text := numberIn(doc)
	v, err := esversion.Parse(text)
	if err != nil || !t.Version.Known() || v.Compare(t.Version) == 0 {
		return
	}
	t.Info.Note = strings.TrimSpace(t.Info.Note + fmt.Sprintf(" The node %s is of version %s, others are of %s.", node, text, t.Info.Version))
	if v.Compare(t.Version) < 0 {
		t.Version, t.Info.Version = v, text
	}
}

// numberIn is the version in an answer to GET /, "" where it has none.
func numberIn(doc any) string {
	number, _ := jsonval.Pointer(doc, "/version/number")
	text, _ := number.(string)
	return text
}

// ErrNotOurs says that the nodes are not ours to stop.
var ErrNotOurs = errors.New("nodes that were started by somebody else are not stopped")

// Controlled returns how many nodes the run may stop.
func (t *Target) Controlled() int {
	if t.hooks.Kill == nil {
		return 0
	}
	return t.Client.Nodes()
}

// Kill ends a node, of which the first is 0, as a loss of power does. Requests
// go to the others until Revive.
func (t *Target) Kill(ctx context.Context, node int) error {
	return t.away(ctx, node, "kill", t.hooks.Kill)
}

// Revive starts a node again that was killed, and has requests go to it once it
// answers as one of the cluster.
func (t *Target) Revive(ctx context.Context, node int) error {
	return t.back(ctx, node, "start the node %s again", t.hooks.Revive)
}

// Leave stops a node for good. Requests go to the others until Succeed.
func (t *Target) Leave(ctx context.Context, node int) error {
	return t.away(ctx, node, "stop", t.hooks.Leave)
}

func (t *Target) away(ctx context.Context, node int, what string, end func(context.Context, int) error) error {
	if end == nil {
		return ErrNotOurs
	}
	t.Client.Away(node)
	if err := end(ctx, node); err != nil {
		return fmt.Errorf("%s the node %s: %w", what, t.Client.Node(node), err)
	}
	return nil
}

// Succeed starts a newer node on the data of one that has left, and has requests
// go to it once it answers as one of the cluster.
func (t *Target) Succeed(ctx context.Context, node int) error {
	return t.back(ctx, node, "start a newer node in the place of %s", t.hooks.Succeed)
}

func (t *Target) back(ctx context.Context, node int, what string, start func(context.Context, int) (string, error)) error {
	host, err := start(ctx, node)
	if err != nil {
		return fmt.Errorf(what+": %w", t.Client.Node(node), err)
	}
	t.Client.Back(node, host)
	return nil
}

// VersionOf asks a node for its version.
func (t *Target) VersionOf(ctx context.Context, node int) (esversion.Version, error) {
	res, err := t.Client.Session().Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", Node: node + 1, Purpose: purpose})
	if err != nil {
		return esversion.Version{}, err
	}
	doc, err := res.JSON()
	text := numberIn(doc)
	if err != nil || text == "" {
		return esversion.Version{}, fmt.Errorf("ask the node %s for its version: GET / was answered %d without one", t.Client.Node(node), res.Status)
	}
	return esversion.Parse(text)
}

// Renewed asks the nodes again who they are, once all of them were replaced.
func (t *Target) Renewed(ctx context.Context) error {
	t.Info.Image, t.Info.Note = t.hooks.Next, ""
	return t.ask(ctx)
}

// Master returns the number of the node that is the elected master.
func (t *Target) Master(ctx context.Context) (int, error) {
	if t.hooks.Master == nil {
		return 0, ErrNotOurs
	}
	return t.hooks.Master(ctx)
}

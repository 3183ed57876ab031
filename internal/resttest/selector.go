package resttest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/steps"
)

// selector says which nodes may answer a request.
type selector struct {
	versions   ranges
	current    bool
	attributes map[string]string
}

func (d *do) readSelector(n *yaml.Node) error {
	all, err := entries(n)
	if err != nil {
		return err
	}
	s := &selector{attributes: map[string]string{}}
	for _, e := range all {
		switch {
		case e.key.Value == "version" && e.value.Value == "current":
			s.current = true
		case e.key.Value == "version":
			s.versions, err = readRanges(e.value)
		case e.key.Value == "attribute":
			var members []entry
			members, err = entries(e.value)
			for _, m := range members {
				s.attributes[m.key.Value] = m.value.Value
			}
		default:
			err = wrong(e.key, "node_selector knows no %q", e.key.Value)
		}
		if err != nil {
			return err
		}
	}
	d.selector = s
	return nil
}

// admit lets a request through where every node of the target is one that the
// selector takes: a run has one address and chooses no nodes.
func (s *selector) admit(ctx context.Context, x *Execution) error {
	doc, err := x.ask(ctx, "/_nodes?filter_path=nodes.*.version,nodes.*.attributes")
	if err != nil {
		return err
	}
	v, _ := walk(doc, []string{"nodes"})
	nodes, _ := v.(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		if why := s.lacks(x.env.Version, nodes[id]); why != "" {
			return &steps.SkipError{Reason: "node_selector: " + why + ", and a run chooses no nodes"}
		}
	}
	if len(nodes) == 0 {
		return &steps.SkipError{Reason: "node_selector: the target does not tell its nodes"}
	}
	return nil
}

func (s *selector) lacks(current esversion.Version, node any) string {
	text, _ := walk(node, []string{"version"})
	v, err := esversion.Parse(plain(text))
	switch {
	case err != nil, s.versions != nil && !s.versions.contain(v), s.current && v.Compare(current) != 0:
		return fmt.Sprintf("a node is of version %s", plain(text))
	}
	for name, want := range s.attributes {
		if got, _ := walk(node, []string{"attributes", name}); plain(got) != want {
			return fmt.Sprintf("a node's attribute %s is %s", name, brief(got))
		}
	}
	return ""
}

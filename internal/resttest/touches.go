package resttest

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/restspec"
)

// Touches says what a test shares with others, as far as its text tells.
type Touches struct {
	// Names of whatever kind. Tests without a common name may run beside each
	// other.
	Names []string
	// Alone: it changes, or looks at, what it does not name.
	Alone bool
}

// Disjoint reports whether two tests may run beside each other.
func (t Touches) Disjoint(names map[string]bool) bool {
	return !slices.ContainsFunc(t.Names, func(n string) bool { return names[n] })
}

// touches reads the names out of paths and bodies.
func (t *Test) touches() Touches {
	found := map[string]bool{}
	out := Touches{}
	for _, d := range t.calls() {
		req, err := d.plan(nil)
		if err != nil {
			continue
		}
		body, _ := d.document(nil)
		namesIn(d.body, found)
		for _, doc := range body.docs {
			namesIn(doc, found)
		}
		for part, v := range req.Parts {
			for _, name := range strings.Split(v, ",") {
				if names(part) && !refers(name) {
					found[name] = true
				}
			}
		}
		out.Alone = out.Alone || t.effect(nowhere(), d, req, body).unbounded || looksAtAll(d, req.Path.Parts)
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if strings.ContainsAny(name, "*<") || name == "_all" {
			out.Alone = true
		}
		out.Names = append(out.Names, name)
	}
	return out
}

// nowhere knows what requests create, and sends none.
var nowhere = sync.OnceValue(func() *resource.Scope { return resource.NewRegistry("").Scope(nil) })

// bodyTells lists calls that look at what their body names, and at nothing
// else.
var bodyTells = []string{
	"bulk", "indices.analyze", "mget", "msearch", "mtermvectors", "render_search_template", "security.has_privileges",
}

// wide are the namespaces whose answers are about everything there is.
var wide = []string{"cat", "cluster", "nodes", "tasks"}

// looksAtAll reports whether a call names nothing though its API takes the name
// of an index or of something of its own.
func looksAtAll(d *do, given []string) bool {
	if slices.ContainsFunc(given, names) || slices.Contains(harmless, d.name) || slices.Contains(bodyTells, d.name) {
		return false
	}
	if namespace, _, _ := strings.Cut(d.name, "."); slices.Contains(wide, namespace) {
		return true
	}
	return slices.ContainsFunc(d.api.Paths, func(p restspec.Path) bool { return slices.ContainsFunc(p.Parts, names) })
}

// names reports whether a part of a path names something.
func names(part string) bool {
	return part != "node_id" && part != "fields" && !strings.HasSuffix(part, "metric")
}

// naming are the members of bodies that name something.
var naming = []string{"index", "_index", "indices", "alias", "aliases", "index_patterns", "dest", "source_index", "dest_index", "name"}

// namesIn collects the names in a body.
func namesIn(doc any, into map[string]bool) {
	switch doc := doc.(type) {
	case []any:
		for _, item := range doc {
			namesIn(item, into)
		}
	case map[string]any:
		for key, v := range doc {
			if !slices.Contains(naming, key) {
				namesIn(v, into)
				continue
			}
			switch v := v.(type) {
			case string:
				into[v] = true
			case []any:
				for _, item := range v {
					if name, is := item.(string); is {
						into[name] = true
					} else {
						namesIn(item, into)
					}
				}
			case map[string]any:
				for name := range v {
					if key == "aliases" {
						into[name] = true
					}
				}
				namesIn(v, into)
			}
		}
	}
}

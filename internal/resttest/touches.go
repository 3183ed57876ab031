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
	// Names of whatever kind, also with wildcards. Tests without a common name
	// may run beside each other.
	Names []string
	// Alone: it changes, or looks at, what it does not name.
	Alone bool
	// Reads: it changes nothing, so that any number of such tests may run
	// beside each other.
	Reads bool
}

// Disjoint reports whether two tests may run beside each other.
func (t Touches) Disjoint(names map[string]bool) bool {
	for name, taken := range names {
		if taken && slices.ContainsFunc(t.Names, func(n string) bool { return overlap(n, name) }) {
			return false
		}
	}
	return true
}

// overlap reports whether two names may stand for the same thing.
func overlap(a, b string) bool {
	x, _, wildA := strings.Cut(a, "*")
	y, _, wildB := strings.Cut(b, "*")
	switch {
	case wildA && wildB:
		return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
	case wildA:
		return strings.HasPrefix(b, x)
	case wildB:
		return strings.HasPrefix(a, y)
	}
	return a == b
}

// touches reads the names out of paths and bodies.
func (t *Test) touches() Touches {
	found := map[string]bool{}
	out := Touches{Reads: true}
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
				if names(part, req.Path.Template) && !refers(name) {
					found[name] = true
				}
			}
		}
		out.Reads = out.Reads && !changes(d, req)
		out.Alone = out.Alone || t.effect(nowhere(), d, req, body).unbounded || looksAtAll(d, req.Path)
	}
	out.Names = slices.Sorted(maps.Keys(found))
	out.Alone = out.Alone || slices.ContainsFunc(out.Names, all)
	return out
}

// all reports whether a name stands for anything there is.
func all(name string) bool {
	return name == "_all" || strings.HasPrefix(name, "*") || strings.ContainsAny(name, "<")
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
func looksAtAll(d *do, called restspec.Path) bool {
	named := func(p restspec.Path) bool {
		return slices.ContainsFunc(p.Parts, func(part string) bool { return names(part, p.Template) })
	}
	if named(called) || slices.Contains(harmless, d.name) || slices.Contains(bodyTells, d.name) {
		return false
	}
	if namespace, _, _ := strings.Cut(d.name, "."); slices.Contains(wide, namespace) {
		return true
	}
	return slices.ContainsFunc(d.api.Paths, named)
}

// names reports whether a part of a path names something that tests may share.
// A document is in an index, which has a name.
func names(part, template string) bool {
	inIndex := part == "id" && strings.HasPrefix(template, indexTemplate)
	return !inIndex && part != "node_id" && part != "fields" && !strings.HasSuffix(part, "metric")
}

// indexTemplate is where an index lives.
const indexTemplate = "/{index}"

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

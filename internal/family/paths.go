package family

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Paths knows what the paths of requests are about.
type Paths struct {
	ids      *regexp.Regexp // an id, after what stands before it
	observed []*Resource    // those that observations have a name for
	stored   []string       // the indices in which resources are stored
	reading  []Request      // those that change nothing though their method might
}

// EmbeddedPaths are those of the project's own catalogues, read once.
var EmbeddedPaths = sync.OnceValue(func() *Paths {
	set, _ := Embedded() // a test reads them
	return PathsOf(set)
})

// PathsOf returns what a set knows of paths.
func PathsOf(set Set) *Paths {
	p := &Paths{}
	var before []string // patterns of what stands before ids
	for _, f := range set {
		for _, c := range f.Calls {
			if c.Reads {
				p.reading = append(p.reading, c.Request)
			}
		}
		for i := range f.Resources {
			r := &f.Resources[i]
			if r.Observed != "" {
				p.observed = append(p.observed, r)
			}
			if index, _, ok := strings.Cut(strings.TrimPrefix(r.Stored, "/"), "/"); ok {
				p.stored = append(p.stored, "/"+index)
			}
			before = append(before, r.beforeID()...)
		}
	}
	// The longer first: one may begin with the other.
	slices.SortFunc(before, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	p.ids = regexp.MustCompile(`^((?:` + strings.Join(slices.Compact(before), "|") + `)/)[^/_?][^/?]*`)
	return p
}

// beforeID are patterns of what stands before the id of a resource in paths.
func (r *Resource) beforeID() []string {
	requests := []Request{r.Read.Request}
	for _, c := range r.Create {
		requests = append(requests, c.Request)
	}
	var out []string
	for _, req := range requests {
		path, _, _ := strings.Cut(Plain(req.Path), "?")
		if prefix, _, ok := strings.Cut(path, "/{id}"); ok && prefix != "" {
			var pattern strings.Builder
			at := 0
			for _, name := range names.FindAllStringIndex(prefix, -1) {
				pattern.WriteString(regexp.QuoteMeta(prefix[at:name[0]]) + `[^/]+`)
				at = name[1]
			}
			out = append(out, pattern.String()+regexp.QuoteMeta(prefix[at:]))
		}
	}
	return out
}

// WithoutID returns a path with another text in the place of the id of a
// resource. One that begins with _ is none.
func (p *Paths) WithoutID(path, with string) string {
	at := p.ids.FindStringSubmatchIndex(path)
	if at == nil {
		return path
	}
	return path[:at[3]] + with + path[at[1]:]
}

// Observed is how observations name what a request creates, in the place of the
// id in its answer.
func (p *Paths) Observed(method, path string) string {
	for _, r := range p.observed {
		for _, c := range r.Create {
			if _, ok := c.Request.Is(method, path); ok {
				return r.Observed
			}
		}
	}
	return "id"
}

// Stored reports whether a path leads to where some API stores its resources.
func (p *Paths) Stored(path string) bool {
	return slices.ContainsFunc(p.stored, func(index string) bool { return strings.HasPrefix(path, index) })
}

// Reads reports whether a request is known to change nothing: by its method, or
// because a catalogue says so.
func (p *Paths) Reads(method, path string) bool {
	if method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
		return true
	}
	path, _, _ = strings.Cut(path, "?")
	return slices.ContainsFunc(p.reading, func(r Request) bool {
		_, reads := r.Is(method, path)
		return reads
	})
}

// Has reports whether a path begins as those of the family's resources do.
func (f *Family) Has(path string) bool {
	first := firstOf(path)
	return !strings.HasPrefix(first, "{") && slices.ContainsFunc(f.Resources, func(r Resource) bool {
		return firstOf(r.Read.Request.Path) == first || slices.ContainsFunc(r.Create, func(c Creation) bool { return firstOf(c.Request.Path) == first })
	})
}

// OfPath is the name of the family whose resources have paths that begin as this
// one does, or "".
func (s Set) OfPath(path string) string {
	for _, f := range s {
		if f.Has(path) {
			return f.Name
		}
	}
	return ""
}

// firstOf is the first segment of a path.
func firstOf(path string) string {
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "?")
	first, _, _ := strings.Cut(path, "/")
	return first
}

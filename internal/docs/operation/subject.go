package operation

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
)

var inBraces = regexp.MustCompile(`\{[^{}]+\}`)

// subject is what the path of an operation is about.
type subject struct {
	// res is the resource of a catalogue that it is about, and names what its
	// parameters are called there; nil where no catalogue knows it.
	res   *family.Resource
	names map[string]string
	// sources say where other parameters come from.
	sources map[string]source
	// creates: the operation makes what its last parameter names.
	creates bool
}

// source is how a parameter gets its value: something of a kind is made, an
// operation of the same document is called that makes it, or it is always the
// same.
type source struct {
	kind  string
	maker *op
	fixed string
	fresh bool // a name that nothing has
}

// own reports whether the path names something that the run makes.
func (s *subject) own() bool {
	if s.res != nil {
		return true
	}
	for _, src := range s.sources {
		if src.kind != "" || src.maker != nil || src.fresh {
			return true
		}
	}
	return false
}

// subject finds out what an operation's path is about. The error says what
// nobody knows.
func (r *runner) subject(o *op) (*subject, error) {
	s := &subject{names: map[string]string{}, sources: map[string]source{}}
	r.fromCatalogue(o, s)
	for i, seg := range o.segs {
		for _, word := range inBraces.FindAllString(seg, -1) {
			name := word[1 : len(word)-1]
			if s.names[name] != "" || s.sources[name] != (source{}) {
				continue
			}
			src, err := r.source(o, i, name)
			if err != nil {
				return nil, err
			}
			s.sources[name] = src
			s.creates = s.creates || src.fresh
		}
	}
	return s, nil
}

// fromCatalogue takes the resource whose path the operation's begins with, the
// longest.
func (r *runner) fromCatalogue(o *op, s *subject) {
	best := 0
	for _, f := range r.families {
		if slices.ContainsFunc(f.Apart, func(apart string) bool { return strings.HasPrefix(o.path+"/", apart+"/") }) {
			continue
		}
		for i := range f.Resources {
			res := &f.Resources[i]
			if !res.Makeable() {
				continue
			}
			for _, own := range append([][]string{ownPath(res)}, callPaths(res)...) {
				if names := fitted(own, o.segs); names != nil && len(own) > best {
					best, s.res, s.names = len(own), res, names
				}
			}
		}
		for _, c := range f.Calls {
			r.fromCall(o, s, c)
		}
	}
	if s.res != nil {
		s.creates = r.createsAt(o, s, best)
	}
}

// callPaths are the segments of the paths of calls about a resource that are not
// below its own.
func callPaths(res *family.Resource) [][]string {
	var out [][]string
	calls := slices.Clone(res.Calls)
	for _, c := range res.Create {
		if c.ID == "" || !strings.Contains(c.ID, "{answer}") && strings.Count(c.ID, "{") == len(res.Needs)+1 {
			calls = append(calls, c.Call)
		}
	}
	for _, c := range calls {
		path := family.Plain(c.Request.Path)
		if strings.Count(path, "{") == len(res.Needs)+1 && strings.HasSuffix(path, "/{id}") {
			out = append(out, strings.Split(strings.Trim(path, "/"), "/"))
		}
	}
	return out
}

// fromCall takes what a call of a catalogue names in its path, where it is this
// operation: the parameter is called as the kind that it names.
func (r *runner) fromCall(o *op, s *subject, c family.Call) {
	segs := strings.Split(strings.Trim(family.Plain(c.Request.Path), "/"), "/")
	names := fitted(segs, o.segs)
	if len(segs) != len(o.segs) || !slices.Contains(c.Request.Methods, o.method) {
		return
	}
	for param, kind := range names {
		if _, known := r.families.Kind(kind); known {
			s.sources[param] = source{kind: kind}
		}
	}
}

// createsAt reports whether the operation creates the resource whose path ends
// at a segment: it puts it there, or its catalogue says so.
func (r *runner) createsAt(o *op, s *subject, end int) bool {
	if end == len(o.segs) && o.method == http.MethodPut {
		return true
	}
	target := o.filled(func(string) string { return "x" })
	return slices.ContainsFunc(s.res.Create, func(c family.Creation) bool {
		_, is := c.Request.Is(o.method, target)
		return is && !c.Own && !strings.Contains(c.ID, "{answer}")
	})
}

// ownPath are the segments of the path of a resource, nil where it has none.
func ownPath(res *family.Resource) []string {
	path := res.Read.Request.Path
	if strings.Contains(path, "{raw}") && len(res.Create) > 0 { // its id has those of others in it
		path = "/" + res.Create[0].ID
	}
	path = family.Plain(path)
	if !strings.HasSuffix(path, "/{id}") {
		return nil
	}
	return strings.Split(strings.Trim(path, "/"), "/")
}

// fitted are the names in a catalogue of the parameters that a path begins
// with; nil where it begins otherwise.
func fitted(own, segs []string) map[string]string {
	if len(own) == 0 || len(own) > len(segs) {
		return nil
	}
	names := map[string]string{}
	for i, want := range own {
		name, isName := claim.Param(want)
		param, isParam := claim.Param(segs[i])
		switch {
		case isName && isParam:
			names[param] = name
		case isName || want != segs[i]:
			return nil
		}
	}
	return names
}

// source finds out what a parameter of the path stands for, by what the
// document says of other paths.
func (r *runner) source(o *op, at int, name string) (source, error) {
	last := at == len(o.segs)-1
	for _, p := range o.in(claim.InPath) {
		if values := p.Schema.Values(); p.Name == name && len(values) > 0 {
			return source{fixed: values[0]}, nil
		}
	}
	put := r.at(http.MethodPut, o.segs[:at+1])
	_, whole := claim.Param(o.segs[at])
	if maker := r.collection(o.segs[:at]); put != nil && maker != nil && r.at(http.MethodDelete, o.segs[:at+1]) == nil {
		return source{maker: maker}, nil // what is put there was made before
	}
	switch {
	case whole && last && put != nil && (o == put || o.method == http.MethodPost && o.api == put.api):
		return source{fresh: true}, nil
	case whole && put != nil:
		return source{maker: put}, nil
	}
	if maker := r.collection(o.segs[:at]); maker != nil && maker != o {
		return source{maker: maker}, nil
	}
	if _, known := r.families.Kind(name); known {
		return source{kind: name}, nil
	}
	if maker := r.makers[name]; maker != nil && maker != o {
		return source{maker: maker}, nil
	}
	if v := r.rules.Values[name]; v != "" {
		return source{fixed: v}, nil
	}
	return source{}, fmt.Errorf("nothing is known of what the parameter %s names: no catalogue of APIs has it, and no operation of the document creates it at this path", name)
}

// collection is the operation that makes a member of the collection at a path,
// whose answer tells its id; nil for none.
func (r *runner) collection(segs []string) *op {
	if len(segs) == 0 {
		return nil
	}
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		if o := r.at(method, segs); o != nil && o.answers("id", "_id") {
			return o
		}
	}
	return nil
}

// answers reports whether the document says that the answer has one of these
// members.
func (o *op) answers(names ...string) bool {
	return slices.ContainsFunc(o.load().responses, func(res responseOf) bool {
		return slices.ContainsFunc(res.Schema.Properties(), func(p propertyOf) bool { return slices.Contains(names, p.Name) })
	})
}

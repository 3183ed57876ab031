package restspec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/nearest"
)

// Arg is one argument of a call, as text.
type Arg struct{ Name, Value string }

// Request is what a call sends, but for its body.
type Request struct {
	API    *API
	Method string
	Path   Path
	Parts  map[string]string // values of the parts, not escaped
	Query  []Arg
}

// ParamError says that a call is not one that the specification allows.
type ParamError struct{ Text string }

// Error returns one line.
func (e *ParamError) Error() string { return e.Text }

// Call chooses path and method of a call: the path whose parts are all given
// and that takes most of them, and, of several methods, one that is made for a
// body where there is one.
func (a *API) Call(args []Arg, hasBody bool) (*Request, error) {
	given := map[string]string{}
	for _, arg := range args {
		given[arg.Name] = arg.Value
	}
	best, err := a.choose(given)
	if err != nil {
		return nil, err
	}
	req := &Request{API: a, Path: *best, Parts: map[string]string{}, Method: method(best.Methods, hasBody)}
	for _, arg := range args {
		switch {
		case slices.Contains(best.Parts, arg.Name):
			req.Parts[arg.Name] = arg.Value
		case a.Params[arg.Name]:
			req.Query = append(req.Query, arg)
		default:
			return nil, &ParamError{fmt.Sprintf("%s takes no %q%s", a.Name, arg.Name, nearest.Hint(arg.Name, a.words()))}
		}
	}
	return req, a.checkBody(hasBody)
}

func (a *API) checkBody(given bool) error {
	switch {
	case given && a.Body == nil:
		return &ParamError{a.Name + " takes no body"}
	case !given && a.Body != nil && a.Body.Required:
		return &ParamError{a.Name + " needs a body"}
	}
	return nil
}

func (a *API) choose(given map[string]string) (*Path, error) {
	var best *Path
	var missing string
	for i := range a.Paths {
		p := &a.Paths[i]
		if lacks := slices.IndexFunc(p.Parts, func(name string) bool { return given[name] == "" }); lacks >= 0 {
			missing = p.Parts[lacks]
			continue
		}
		if best == nil || len(p.Parts) > len(best.Parts) || len(p.Parts) == len(best.Parts) && best.Deprecated && !p.Deprecated {
			best = p
		}
	}
	if best == nil {
		return nil, &ParamError{fmt.Sprintf("%s needs %q", a.Name, missing)}
	}
	return best, nil
}

func method(methods []string, hasBody bool) string {
	i := slices.IndexFunc(methods, func(m string) bool { return m != "GET" && m != "HEAD" })
	if hasBody && i >= 0 {
		return methods[i]
	}
	return methods[0]
}

func (a *API) words() []string {
	var words []string
	for p := range a.Params {
		words = append(words, p)
	}
	for _, p := range a.Paths {
		words = append(words, p.Parts...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Target returns path and query as they go into the request line.
func (r *Request) Target() string {
	target := Fill(r.Path.Template, r.Parts)
	for i, arg := range r.Query {
		separator := "&"
		if i == 0 {
			separator = "?"
		}
		target += separator + url.QueryEscape(arg.Name) + "=" + readable.Replace(url.QueryEscape(arg.Value))
	}
	return target
}

// readable puts back what may stand in a path or a query as it is.
var readable = strings.NewReplacer("%2C", ",", "%2A", "*", "%3A", ":")

// Fill puts values into a template.
func Fill(template string, values map[string]string) string {
	segments := strings.Split(template, "/")
	for i, segment := range segments {
		if name, is := part(segment); is {
			segments[i] = readable.Replace(url.PathEscape(values[name]))
		}
	}
	return strings.Join(segments, "/")
}

// Reads reports whether a path can be called with GET or HEAD, so that calling
// it changes nothing.
func (p Path) Reads() bool {
	return slices.Contains(p.Methods, "GET") || slices.Contains(p.Methods, "HEAD")
}

// Owner returns the template of what a call of this path is about: its
// shortest beginning that ends in a part, can be deleted and can be read. The
// owner of "/{index}/_doc/{id}" is "/{index}"; "/_inference/{type}/{id}" has
// none but itself where "/_inference/{id}" is another way to name the same.
func (s *Spec) Owner(p Path) (template string, ok bool) {
	segments := strings.Split(p.Template, "/")
	for i, segment := range segments {
		if _, is := part(segment); !is {
			continue
		}
		template = strings.Join(segments[:i+1], "/")
		at, below := shape(template), strings.Join(segments[i+1:], "/")
		same := func(last string) bool { return strings.Contains(below, "{"+last+"}") }
		if len(s.deletable[at]) > 0 && s.reads[at] != "" && !slices.ContainsFunc(s.deletable[at], same) {
			return template, true
		}
	}
	return "", false
}

// Member returns the template of one member of the collection at a path, with
// the name of its last part, where a member can be deleted.
func (s *Spec) Member(collection string) (template, last string, ok bool) {
	for _, t := range s.deletes {
		rest, below := strings.CutPrefix(t, collection+"/")
		if name, is := part(rest); below && is {
			return t, name, true
		}
	}
	return "", "", false
}

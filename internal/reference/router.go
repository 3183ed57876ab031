package reference

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// action does what a request asks for, once it is found to be well formed.
type action func() (*response, *eserr.Error)

// handler reads a request: its parameters and its body.
type handler func(*call) (action, *eserr.Error)

// route is one method on one path. Segments in braces are variables.
type route struct {
	method   string
	path     string
	op       string
	handle   handler
	segments []string
}

// router finds the route of a request.
type router struct{ routes []route }

func newRouter(s *Server) *router {
	r := &router{}
	for _, group := range [][]route{s.rootRoutes(), s.jobRoutes(), s.connectorRoutes(), s.documentRoutes(), s.securityRoutes()} {
		for _, rt := range group {
			rt.segments = split(rt.path)
			r.routes = append(r.routes, rt)
		}
	}
	return r
}

// split cuts a path into its segments: slashes at the end do not count, two in
// a row make an empty segment.
func split(path string) []string {
	path = strings.TrimRight(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// match reads the variables of a path; score tells how many segments are
// literal, so that the more specific route wins.
func (rt route) match(segments []string) (vars map[string]string, score int, ok bool) {
	if len(segments) != len(rt.segments) {
		return nil, 0, false
	}
	vars = map[string]string{}
	for i, want := range rt.segments {
		if name, is := strings.CutPrefix(want, "{"); is {
			value, err := url.PathUnescape(segments[i])
			if err != nil {
				return nil, 0, false
			}
			vars[strings.TrimSuffix(name, "}")] = value
			continue
		}
		if want != segments[i] {
			return nil, 0, false
		}
		score += 1 << (len(segments) - i) // literals in front count most
	}
	return vars, score, true
}

// find returns the most specific route for a method and a path.
func (r *router) find(method, path string) (best *route, vars map[string]string) {
	segments, top := split(path), -1
	for i, rt := range r.routes {
		if rt.method != method && method != "" {
			continue
		}
		if v, score, ok := rt.match(segments); ok && score > top {
			best, vars, top = &r.routes[i], v, score
		}
	}
	return best, vars
}

// opOf names what a path is for: that of its route, or that of the path's most
// specific route where the method is not allowed.
func (r *router) opOf(method, path string) (op string, vars map[string]string) {
	for _, m := range []string{method, ""} {
		if rt, vars := r.find(m, path); rt != nil {
			return rt.op, vars
		}
	}
	return "", nil
}

// methods lists what is allowed on a path, in Elasticsearch's order.
func (r *router) methods(path string) []string {
	segments := split(path)
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead} {
		if slices.ContainsFunc(r.routes, func(rt route) bool {
			_, _, ok := rt.match(segments)
			return ok && rt.method == m
		}) {
			allowed = append(allowed, m)
		}
	}
	return allowed
}

// dispatch answers a call in the order of Elasticsearch's checks: headers,
// method, content type, body, parameters, privileges, and then what the route
// does.
func (r *router) dispatch(c *call) *response {
	if err := c.readMedia(); err != nil {
		return errorResponse(c, err)
	}
	if c.queryErr != nil {
		return errorResponse(c, c.queryErr)
	}
	rt, vars := r.find(c.method, c.path)
	if rt == nil {
		return r.noRoute(c)
	}
	c.op, c.vars = rt.op, vars
	if len(c.body) > 0 && c.request.format == formatNone {
		c.request = mediaType{}
		return plainError(406, "Content-Type header ["+c.header.Get("Content-Type")+"] is not supported")
	}
	resp, err := r.run(rt, c)
	if err != nil {
		return errorResponse(c, err)
	}
	return resp
}

func (r *router) run(rt *route, c *call) (*response, *eserr.Error) {
	act, err := rt.handle(c)
	if err != nil {
		return nil, err
	}
	if err := c.checkRest(); err != nil {
		return nil, err
	}
	if err := eserr.Validation(c.problems...); err != nil {
		return nil, err
	}
	if err := c.server.authorize(c); err != nil {
		return nil, err
	}
	return act()
}

// noRoute answers a request that no route takes.
func (r *router) noRoute(c *call) *response {
	allowed := r.methods(c.path)
	var resp *response
	switch {
	case c.method == http.MethodOptions:
		resp = textResponse(200, "")
	case len(allowed) == 0:
		resp = newResponse(400, xcontent.NewObject(
			"error", "no handler found for uri ["+c.uri+"] and method ["+c.method+"]"))
		resp.whole = true
		return resp
	default:
		resp = plainError(405, "Incorrect HTTP method for uri ["+c.uri+"] and method ["+c.method+
			"], allowed: ["+strings.Join(allowed, ", ")+"]")
	}
	if len(allowed) > 0 {
		resp.header.Set("Allow", strings.Join(allowed, ","))
	}
	return resp
}

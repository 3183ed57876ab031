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
type action func() (*Response, *eserr.Error)

// handler reads a request: its parameters and its body.
type handler func(*Call) (action, *eserr.Error)

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
	for _, group := range [][]route{s.rootRoutes(), s.jobRoutes(), s.connectorRoutes(), s.documentRoutes(), s.templateRoutes(), s.securityRoutes()} {
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

// match tells how many segments are literal, so that the more specific route
// wins.
func (rt *route) match(segments []string) (score int, ok bool) {
	if len(segments) != len(rt.segments) {
		return 0, false
	}
	for i, want := range rt.segments {
		if isVariable(want) {
			if _, err := url.PathUnescape(segments[i]); err != nil {
				return 0, false
			}
			continue
		}
		if want != segments[i] {
			return 0, false
		}
		score += 1 << (len(segments) - i) // literals in front count most
	}
	return score, true
}

// vars reads the variables of a path that matches.
func (rt *route) vars(segments []string) map[string]string {
	vars := map[string]string{}
	for i, want := range rt.segments {
		if isVariable(want) {
			vars[want[1:len(want)-1]], _ = url.PathUnescape(segments[i])
		}
	}
	return vars
}

func isVariable(segment string) bool { return strings.HasPrefix(segment, "{") }

// on returns the routes on the most specific path that a request can mean, with
// its variables. Others are not looked at, whatever their methods.
func (r *router) on(path string) (routes []*route, vars map[string]string) {
	segments, top := split(path), -1
	for i := range r.routes {
		score, ok := r.routes[i].match(segments)
		if !ok || score < top {
			continue
		}
		if score > top {
			routes, top = nil, score
		}
		routes = append(routes, &r.routes[i])
	}
	if len(routes) == 0 {
		return nil, nil
	}
	return routes, routes[0].vars(segments)
}

// find returns the route for a method and a path.
func (r *router) find(method, path string) (*route, map[string]string) {
	routes, vars := r.on(path)
	if i := slices.IndexFunc(routes, func(rt *route) bool { return rt.method == method }); i >= 0 {
		return routes[i], vars
	}
	return nil, nil
}

// opOf names what a path is for: that of its route, or that of any route there
// where the method is not allowed.
func (r *router) opOf(method, path string) (op string, vars map[string]string) {
	if rt, vars := r.find(method, path); rt != nil {
		return rt.op, vars
	}
	routes, vars := r.on(path)
	if len(routes) == 0 {
		return "", nil
	}
	return routes[0].op, vars
}

// methods lists what is allowed on a path, in Elasticsearch's order.
func (r *router) methods(path string) []string {
	routes, _ := r.on(path)
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead} {
		if slices.ContainsFunc(routes, func(rt *route) bool { return rt.method == m }) {
			allowed = append(allowed, m)
		}
	}
	return allowed
}

// Dispatch answers a call in the order of Elasticsearch's checks: headers,
// method, content type, body, parameters, privileges, and then what the route
// does.
func (s *Server) Dispatch(c *Call) *Response {
	if err := c.readMedia(); err != nil {
		return ErrorResponse(c, err)
	}
	if err := c.checkSingleValued(); err != nil {
		return ErrorResponse(c, err)
	}
	if c.queryErr != nil {
		return ErrorResponse(c, c.queryErr)
	}
	rt, vars := s.router.find(c.Method, c.Path)
	if rt == nil {
		return s.router.noRoute(c)
	}
	c.Op, c.Vars = rt.op, vars
	if len(c.Body) > 0 && c.request.format == formatNone {
		c.request = mediaType{}
		return PlainError(406, "Content-Type header ["+c.Header.Get("Content-Type")+"] is not supported")
	}
	resp, err := rt.run(c)
	if err != nil {
		return ErrorResponse(c, err)
	}
	return resp
}

// run refuses what is wrong with a call, and then does it.
func (rt *route) run(c *Call) (*Response, *eserr.Error) {
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
	if err := c.Server.authorize(c); err != nil {
		return nil, err
	}
	return act()
}

// typed are the methods on paths with a type, by their number of segments: up
// to version 8 they are known, if only to be refused.
var typed = map[int][]string{
	2: {http.MethodPost},
	3: {http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead},
}

// noRoute answers a request that no route takes.
func (r *router) noRoute(c *Call) *Response {
	allowed := r.methods(c.Path)
	if len(allowed) == 0 && major(c.Server.version) < 9 {
		allowed = typed[len(split(c.Path))]
	}
	var resp *Response
	switch {
	case c.Method == http.MethodOptions:
		resp = textResponse(200, "")
	case len(allowed) == 0 || slices.Contains(allowed, c.Method):
		resp = NewResponse(400, xcontent.NewObject(
			"error", "no handler found for uri ["+c.uri+"] and method ["+c.Method+"]"))
		resp.whole = true
		return resp
	default:
		resp = PlainError(405, "Incorrect HTTP method for uri ["+c.uri+"] and method ["+c.Method+
			"], allowed: ["+strings.Join(allowed, ", ")+"]")
	}
	if len(allowed) > 0 {
		resp.Header.Set("Allow", strings.Join(allowed, ","))
	}
	return resp
}

package reference

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// securityRoutes are the APIs that create who there is, as far as tests need
// them. They are there only where security is on.
func (s *Server) securityRoutes() []route {
	if s.security == nil {
		return nil
	}
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const (
		role, user, keys = "/_security/role/{name}", "/_security/user/{username}", "/_security/api_key"
		privileges       = "/_security/user/_has_privileges"
	)
	return []route{
		{method: get, path: "/_security/_authenticate", op: "authenticate", handle: s.whoAmI},
		{method: get, path: privileges, op: "has-privileges", handle: s.hasPrivileges},
		{method: post, path: privileges, op: "has-privileges", handle: s.hasPrivileges},
		{method: put, path: role, op: "put-role", handle: s.kept(s.putRole)},
		{method: post, path: role, op: "put-role", handle: s.kept(s.putRole)},
		{method: get, path: role, op: "get-role", handle: s.getRole},
		{method: get, path: "/_security/role", op: "get-role", handle: s.listRoles},
		{method: del, path: role, op: "delete-role", handle: s.kept(s.deleteRole)},
		{method: put, path: user, op: "put-user", handle: s.kept(s.putUser)},
		{method: post, path: user, op: "put-user", handle: s.kept(s.putUser)},
		{method: get, path: user, op: "get-user", handle: s.getUser},
		{method: get, path: "/_security/user", op: "get-user", handle: s.listUsers},
		{method: del, path: user, op: "delete-user", handle: s.kept(s.deleteUser)},
		{method: put, path: keys, op: "create-key", handle: s.kept(s.createKey)},
		{method: post, path: keys, op: "create-key", handle: s.kept(s.createKey)},
		{method: get, path: keys, op: "get-keys", handle: s.getKeys},
		{method: del, path: keys, op: "delete-keys", handle: s.kept(s.deleteKeys)},
		{method: get, path: "/_license", op: "license", handle: s.license},
		{method: get, path: "/_cat/indices", op: "cat-all", handle: s.catAll},
	}
}

// object reads a body that has to be an object.
func (c *Call) object() (*xcontent.Object, *eserr.Error) {
	if _, err := c.parser(); err != nil {
		return nil, err
	}
	body := c.Body
	if c.request.format == formatYAML {
		var err *eserr.Error
		if body, err = xcontent.FromYAML(body); err != nil {
			return nil, err
		}
	}
	return xcontent.ParseObject(body)
}

// answerWith is the action of a handler that has its answer ready.
func answerWith(status int, body any) action {
	return func() (*Response, *eserr.Error) { return NewResponse(status, body), nil }
}

func (s *Server) whoAmI(c *Call) (action, *eserr.Error) {
	kind, realm := "realm", xcontent.NewObject("name", "default_native", "type", "native")
	if c.Who.User == security.Superuser {
		realm = xcontent.NewObject("name", "reserved", "type", "reserved")
	}
	if c.Who.Key != nil {
		kind, realm = "api_key", xcontent.NewObject("name", "_es_api_key", "type", "_es_api_key")
	}
	o := xcontent.NewObject("username", c.Who.User, "roles", texts(c.Who.Assigned), "full_name", nil, "email", nil,
		"metadata", xcontent.NewObject(), "enabled", true, "authentication_realm", realm, "lookup_realm", realm.Clone(),
		"authentication_type", kind)
	if k := c.Who.Key; k != nil {
		o.Set("api_key", xcontent.NewObject("managed_by", "elasticsearch", "name", k.Name, "id", k.ID))
	}
	return answerWith(200, o), nil
}

func texts(list []string) []any {
	out := []any{}
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// stringsAt reads a text or a list of them.
func stringsAt(o *xcontent.Object, name string) []string {
	switch v := o.Get(name).(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}

func objectsAt(o *xcontent.Object, name string) []*xcontent.Object {
	var out []*xcontent.Object
	list, _ := o.Get(name).([]any)
	for _, item := range list {
		if obj, ok := item.(*xcontent.Object); ok {
			out = append(out, obj)
		}
	}
	return out
}

func (s *Server) hasPrivileges(c *Call) (action, *eserr.Error) {
	body, err := c.object()
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		all := true
		note := func(o *xcontent.Object, privilege string, has bool) {
			o.Set(privilege, has)
			all = all && has
		}
		cluster, indices := xcontent.NewObject(), xcontent.NewObject()
		for _, p := range stringsAt(body, "cluster") {
			note(cluster, p, c.Who.HasCluster(p))
		}
		for _, entry := range objectsAt(body, "index") {
			for _, index := range stringsAt(entry, "names") {
				on := xcontent.NewObject()
				for _, p := range stringsAt(entry, "privileges") {
					note(on, p, c.Who.HasIndex(index, p))
				}
				indices.Set(index, on)
			}
		}
		return ok("username", c.Who.User, "has_all_requested", all, "cluster", cluster, "index", indices,
			"application", xcontent.NewObject()), nil
	}, nil
}

// clusterPrivileges are those that a role can have.
func (s *Server) clusterPrivileges() []string {
	known := []string{"all", "manage", "manage_api_key", "manage_own_api_key", "manage_security", "monitor", "none", "read_security"}
	if s.features.SoftDelete {
		known = append(known, "manage_connector", "monitor_connector")
	}
	slices.Sort(known)
	return known
}

// readRole reads the description of a role.
func (s *Server) readRole(o *xcontent.Object) (security.Role, *eserr.Error) {
	r := security.Role{Cluster: stringsAt(o, "cluster"), RunAs: stringsAt(o, "run_as")}
	for _, p := range r.Cluster {
		if known := s.clusterPrivileges(); !slices.Contains(known, p) {
			return r, eserr.IllegalArgument("unknown cluster privilege [%s]. a privilege must be either one of the predefined cluster "+
				"privilege names [%s] or a pattern over one of the available cluster actions", p, strings.Join(known, ","))
		}
	}
	for _, name := range []string{"indices", "index"} {
		for _, entry := range objectsAt(o, name) {
			r.Indices = append(r.Indices, security.IndexPrivileges{
				Names: stringsAt(entry, "names"), Privileges: stringsAt(entry, "privileges"),
			})
		}
	}
	return r, nil
}

// writeRole describes a role as the API shows it.
func writeRole(r security.Role) *xcontent.Object {
	indices := []any{}
	for _, p := range r.Indices {
		indices = append(indices, xcontent.NewObject("names", texts(p.Names), "privileges", texts(p.Privileges),
			"allow_restricted_indices", false))
	}
	return xcontent.NewObject("cluster", texts(r.Cluster), "indices", indices, "applications", []any{},
		"run_as", texts(r.RunAs), "metadata", xcontent.NewObject(), "transient_metadata", xcontent.NewObject("enabled", true))
}

func (s *Server) putRole(c *Call) (action, *eserr.Error) {
	name := c.id("name")
	c.Param("refresh")
	body, err := c.object()
	if err != nil {
		return nil, err
	}
	r, err := s.readRole(body)
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		s.beforeWrite(c)
		return ok("role", xcontent.NewObject("created", s.security.PutRole(name, r))), nil
	}, nil
}

func (s *Server) getRole(c *Call) (action, *eserr.Error) {
	name := c.id("name")
	return func() (*Response, *eserr.Error) {
		r, found := s.security.Role(name)
		if !found {
			return NewResponse(404, xcontent.NewObject()), nil
		}
		return ok(name, writeRole(r)), nil
	}, nil
}

// listRoles lists those that somebody created.
func (s *Server) listRoles(*Call) (action, *eserr.Error) {
	return func() (*Response, *eserr.Error) {
		out := xcontent.NewObject()
		for _, name := range s.security.RoleNames() {
			if r, found := s.security.Role(name); found {
				out.Set(name, writeRole(r))
			}
		}
		return NewResponse(200, out), nil
	}, nil
}

func (s *Server) deleteRole(c *Call) (action, *eserr.Error) {
	name := c.id("name")
	c.Param("refresh")
	return func() (*Response, *eserr.Error) {
		s.beforeWrite(c)
		return foundOrNot(s.security.DeleteRole(name)), nil
	}, nil
}

func foundOrNot(found bool) *Response {
	status := 200
	if !found {
		status = 404
	}
	return NewResponse(status, xcontent.NewObject("found", found))
}

// shortest is how long a password has to be (measured).
const shortest = 6

func (s *Server) putUser(c *Call) (action, *eserr.Error) {
	name := c.id("username")
	c.Param("refresh")
	body, err := c.object()
	if err != nil {
		return nil, err
	}
	password := body.String("password")
	if body.Has("password") && len(password) < shortest {
		c.validate("passwords must be at least [6] characters long")
	}
	return func() (*Response, *eserr.Error) {
		s.beforeWrite(c)
		created, done := s.security.PutUser(name, password, stringsAt(body, "roles"))
		if !done {
			return nil, eserr.Validation("password must be specified unless you are updating an existing user")
		}
		return ok("created", created), nil
	}, nil
}

func (s *Server) getUser(c *Call) (action, *eserr.Error) {
	name := c.id("username")
	return func() (*Response, *eserr.Error) {
		roles, found := s.security.UserRoles(name)
		if !found {
			return NewResponse(404, xcontent.NewObject()), nil
		}
		return ok(name, writeUser(name, roles)), nil
	}, nil
}

func writeUser(name string, roles []string) *xcontent.Object {
	return xcontent.NewObject("username", name, "roles", texts(roles), "full_name", nil, "email", nil,
		"metadata", xcontent.NewObject(), "enabled", true)
}

func (s *Server) listUsers(*Call) (action, *eserr.Error) {
	return func() (*Response, *eserr.Error) {
		out := xcontent.NewObject()
		for _, name := range s.security.UserNames() {
			if roles, found := s.security.UserRoles(name); found {
				out.Set(name, writeUser(name, roles))
			}
		}
		return NewResponse(200, out), nil
	}, nil
}

func (s *Server) deleteUser(c *Call) (action, *eserr.Error) {
	name := c.id("username")
	c.Param("refresh")
	return func() (*Response, *eserr.Error) {
		s.beforeWrite(c)
		return foundOrNot(s.security.DeleteUser(name)), nil
	}, nil
}

func (s *Server) createKey(c *Call) (action, *eserr.Error) {
	c.Param("refresh")
	body, err := c.object()
	if err != nil {
		return nil, err
	}
	name := body.String("name")
	if name == "" {
		c.validate("api key name is required")
	}
	lifetime, err := readLifetime(body.String("expiration"))
	if err != nil {
		return nil, err
	}
	roles, err := s.readKeyRoles(body)
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		if c.Who.Key != nil && !slices.ContainsFunc(roles, isEmpty) {
			return nil, eserr.IllegalArgument("creating derived api keys requires an explicit role descriptor that is empty (has no privileges)")
		}
		s.beforeWrite(c)
		k, secret := s.security.CreateKey(c.Who, name, roles, lifetime)
		o := xcontent.NewObject("id", k.ID, "name", k.Name)
		if !k.Expires.IsZero() {
			o.Set("expiration", number(k.Expires.UnixMilli()))
		}
		o.Set("api_key", secret).Set("encoded", base64.StdEncoding.EncodeToString([]byte(k.ID+":"+secret)))
		return NewResponse(200, o), nil
	}, nil
}

func isEmpty(r security.Role) bool {
	return len(r.Cluster)+len(r.Indices)+len(r.RunAs) == 0
}

// readKeyRoles reads the roles of a new API key; none are nil.
func (s *Server) readKeyRoles(body *xcontent.Object) ([]security.Role, *eserr.Error) {
	described := body.Object("role_descriptors")
	if described == nil {
		return nil, nil
	}
	var roles []security.Role
	for _, name := range described.Keys() {
		o := described.Object(name)
		if o == nil {
			return nil, eserr.New(400, "parse_exception", "failed to parse role [%s]. expected an object", name)
		}
		r, err := s.readRole(o)
		if err != nil {
			return nil, err
		}
		roles = append(roles, r)
	}
	return roles, nil
}

var timeUnits = []struct {
	suffix string
	unit   time.Duration
}{
	{"nanos", time.Nanosecond}, {"micros", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second},
	{"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour},
}

// readLifetime reads a time value such as 1d; nothing is 0.
func readLifetime(text string) (time.Duration, *eserr.Error) {
	if text == "" {
		return 0, nil
	}
	for _, u := range timeUnits {
		if digits, is := strings.CutSuffix(text, u.suffix); is {
			if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n > 0 {
				return time.Duration(n) * u.unit, nil
			}
		}
	}
	return 0, eserr.IllegalArgument("failed to parse setting [expiration] with value [%s] as a time value: unit is missing or unrecognized", text)
}

// getKeys lists API keys, those of an id or a name where one is given. A name
// may end in a star.
func (s *Server) getKeys(c *Call) (action, *eserr.Error) {
	id, byID := c.Param("id")
	name, _ := c.Param("name")
	active, err := c.boolParam("active_only", false)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"owner", "username", "realm_name", "with_limited_by"} {
		c.Param(name)
	}
	return func() (*Response, *eserr.Error) {
		list := []any{}
		for _, k := range s.security.Keys(security.Filter{ID: id, Name: name, Active: active}) {
			o := xcontent.NewObject("id", k.ID, "name", k.Name, "type", "rest", "creation", number(k.Created.UnixMilli()))
			if !k.Expires.IsZero() {
				o.Set("expiration", number(k.Expires.UnixMilli()))
			}
			o.Set("invalidated", k.Invalidated).Set("username", k.Owner).Set("realm", "default_native").
				Set("metadata", xcontent.NewObject())
			list = append(list, o)
		}
		status := 200
		if byID && len(list) == 0 {
			status = 404
		}
		return NewResponse(status, xcontent.NewObject("api_keys", list)), nil
	}, nil
}

func (s *Server) deleteKeys(c *Call) (action, *eserr.Error) {
	body, err := c.object()
	if err != nil {
		return nil, err
	}
	ids, name := append(stringsAt(body, "ids"), stringsAt(body, "id")...), body.String("name")
	if len(ids) == 0 && name == "" {
		c.validate("One of [api key id(s), api key name, username, realm name] must be specified if [owner] flag is false")
	}
	return func() (*Response, *eserr.Error) {
		s.beforeWrite(c)
		if name != "" { // takes no notice of those that were invalidated before (measured)
			for _, k := range s.security.Keys(security.Filter{Name: name, Valid: true}) {
				ids = append(ids, k.ID)
			}
		}
		now, before := s.security.InvalidateKeys(ids)
		return ok("invalidated_api_keys", texts(now), "previously_invalidated_api_keys", texts(before), "error_count", number(0)), nil
	}, nil
}

func (s *Server) license(*Call) (action, *eserr.Error) {
	return answerWith(200, xcontent.NewObject("license", xcontent.NewObject("status", "active", "type", "basic", "uid", s.uuid))), nil
}

// catAll lists all indices, whatever columns are asked for.
func (s *Server) catAll(c *Call) (action, *eserr.Error) {
	for _, p := range []string{"h", "v", "s", "expand_wildcards", "bytes", "health"} {
		c.Param(p)
	}
	return func() (*Response, *eserr.Error) { return c.catNames(s.store.Names()), nil }, nil
}

package reference

import (
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// secure turns security on where the options have a password.
func (s *Server) secure(o Options) {
	if o.Password == "" {
		return
	}
	s.security = security.New(security.Config{Password: o.Password, Now: s.clock, NewID: s.NewID})
	s.indexPrivileges = !o.ClusterPrivileges && !s.version.AtLeast(sinceClusterPrivileges)
}

// authenticate finds out who a call is from. It answers those who do not say,
// before anything else is looked at.
func (s *Server) authenticate(c *Call) *Response {
	if s.security == nil || c.Method == http.MethodOptions {
		return nil
	}
	who, err := c.hooks.Authenticate(c)
	if err != nil {
		return ErrorResponse(c, err)
	}
	c.Who = who
	return nil
}

// authorize refuses a call of somebody who lacks a privilege for it, where
// security is on.
func (s *Server) authorize(c *Call) *eserr.Error {
	if c.Who == nil {
		return nil
	}
	return c.hooks.Authorize(c)
}

// referenceHeader marks answers that have no body to say whose they are.
const referenceHeader = "X-Esconform-Reference"

// refused gives an answer the headers of security, where the error is one of
// its: without the product, and with how to authenticate (measured).
func (r *Response) refused(e *eserr.Error) *Response {
	if e.Type != security.Type {
		return r
	}
	r.Header["X-Elastic-Product"] = nil
	r.Header.Set(referenceHeader, "true")
	for _, f := range e.Fields {
		if challenge, ok := f.Value.([]string); ok && f.Name == security.ChallengeField {
			r.Header["Www-Authenticate"] = challenge
			asJSON := []any{}
			for _, way := range challenge {
				asJSON = append(asJSON, way)
			}
			setChallenge(r, xcontent.NewObject("WWW-Authenticate", asJSON))
		}
	}
	return r
}

// setChallenge writes the challenge into the body of an error and its root
// cause.
func setChallenge(r *Response, challenge *xcontent.Object) {
	body := r.Body.(*xcontent.Object).Object("error")
	body.Set(security.ChallengeField, challenge)
	for _, root := range body.Get("root_cause").([]any) {
		root.(*xcontent.Object).Set(security.ChallengeField, challenge)
	}
}

// The privileges that grant something, in the order in which they are told
// (measured, those that the suite does not meet: from Elasticsearch's sources).
var (
	byMonitor      = []string{"monitor", "manage", "all"}
	byTemplates    = []string{"manage_index_templates", "monitor", "manage", "all"}
	byReadAPI      = []string{"monitor_connector", "manage_connector", "manage", "all"}
	byWriteAPI     = []string{"manage_connector", "manage", "all"}
	bySecurity     = []string{"manage_security", "all"}
	byReadSecurity = []string{"read_security", "manage_security", "all"}
	byKeys         = []string{"manage_api_key", "manage_security", "all"}
	byOwnKeys      = []string{"manage_own_api_key", "manage_api_key", "manage_security", "all"}

	byRead     = []string{"read", "all"}
	byWrite    = []string{"write", "all"}
	byIndex    = []string{"create_doc", "create", "index", "write", "all"}
	byMetadata = []string{"view_index_metadata", "manage", "all"}
	bySettings = []string{"monitor", "view_index_metadata", "manage", "all"}
)

// The names of what is done, and what grants it, by the op of the route.
var (
	clusterActions = map[string]security.Action{
		"root":           {Name: "cluster:monitor/main", Privileges: byMonitor},
		"health":         {Name: "cluster:monitor/health", Privileges: byMonitor},
		"index-template": {Name: "indices:admin/index_template/get", Privileges: byTemplates},
		"license":        {Name: "cluster:monitor/xpack/license/get", Privileges: byMonitor},
		"authenticate":   {Name: "cluster:admin/xpack/security/user/authenticate"}, // anybody
		"has-privileges": {Name: "cluster:admin/xpack/security/user/has_privileges"},
		"put-role":       {Name: "cluster:admin/xpack/security/role/put", Privileges: bySecurity},
		"get-role":       {Name: "cluster:admin/xpack/security/role/get", Privileges: byReadSecurity},
		"delete-role":    {Name: "cluster:admin/xpack/security/role/delete", Privileges: bySecurity},
		"put-user":       {Name: "cluster:admin/xpack/security/user/put", Privileges: bySecurity},
		"get-user":       {Name: "cluster:admin/xpack/security/user/get", Privileges: byReadSecurity},
		"delete-user":    {Name: "cluster:admin/xpack/security/user/delete", Privileges: bySecurity},
		"create-key":     {Name: "cluster:admin/xpack/security/api_key/create", Privileges: byOwnKeys},
		"get-keys":       {Name: "cluster:admin/xpack/security/api_key/get", Privileges: byKeys},
		"delete-keys":    {Name: "cluster:admin/xpack/security/api_key/invalidate", Privileges: byKeys},
	}
	indexActions = map[string]security.Action{
		"get-doc":      {Name: "indices:data/read/get", Privileges: byRead},
		"get-source":   {Name: "indices:data/read/get", Privileges: byRead},
		"search":       {Name: "indices:data/read/search", Privileges: byRead},
		"count":        {Name: "indices:data/read/search", Privileges: byRead},
		"put-doc":      {Name: "indices:data/write/index", Privileges: byIndex},
		"create-doc":   {Name: "indices:data/write/index", Privileges: byIndex},
		"delete-doc":   {Name: "indices:data/write/delete", Privileges: []string{"delete", "write", "all"}},
		"bulk":         {Name: "indices:data/write/bulk", Privileges: []string{"delete", "write", "all"}},
		"update-doc":   {Name: "indices:data/write/update", Privileges: []string{"index", "write", "all"}},
		"refresh":      {Name: "indices:admin/refresh", Privileges: []string{"maintenance", "manage", "all"}},
		"mapping":      {Name: "indices:admin/mappings/get", Privileges: byMetadata},
		"settings":     {Name: "indices:monitor/settings/get", Privileges: bySettings},
		"alias":        {Name: "indices:admin/aliases/get", Privileges: byMetadata},
		"cat":          {Name: "indices:monitor/settings/get", Privileges: bySettings},
		"cat-all":      {Name: "indices:monitor/settings/get", Privileges: bySettings},
		"index":        {Name: "indices:admin/get", Privileges: byMetadata},
		"create-index": {Name: "indices:admin/create", Privileges: []string{"create_index", "manage", "all"}},
		"delete-index": {Name: "indices:admin/delete", Privileges: []string{"delete_index", "manage", "all"}},
	}
	// apiActions are those of the connector API: its last part of the name,
	// and whether it writes.
	apiActions = map[string]apiAction{
		"create-connector": {"", true}, // put or post
		"get-connector":    {"get", false},
		"list-connectors":  {"list", false},
		"delete-connector": {"delete", true},
		"update-connector": {"update", true},
		"create-job":       {"sync_job/post", true},
		"get-job":          {"sync_job/get", false},
		"list-jobs":        {"sync_job/list", false},
		"delete-job":       {"sync_job/delete", true},
		"check-in":         {"sync_job/check_in", true},
		"cancel":           {"sync_job/cancel", true},
		"error":            {"sync_job/update_error", true},
		"stats":            {"sync_job/update_stats", true},
		"claim":            {"sync_job/claim", true},
	}
)

type apiAction struct {
	name   string
	writes bool
}

// Actions lists what a call does: somebody has to be allowed all of it. What
// is in no table is granted by "all" alone.
func (s *Server) Actions(c *Call) []security.Action {
	if a, ok := clusterActions[c.Op]; ok {
		return []security.Action{a}
	}
	if a, ok := indexActions[c.Op]; ok {
		a.Indices = []string{}
		for _, variable := range []string{"index", "name"} {
			if names := c.Vars[variable]; names != "" {
				a.Indices = literalNames(names)
			}
		}
		return []security.Action{a}
	}
	if a, ok := apiActions[c.Op]; ok {
		return s.apiActionsOf(c, a)
	}
	return []security.Action{{Name: "internal:" + c.Op, Privileges: []string{"all"}}}
}

// apiActionsOf are those of the connector API: of the cluster since 9.0, of
// the two indices before (source; not measured).
func (s *Server) apiActionsOf(c *Call, a apiAction) []security.Action {
	switch c.Op {
	case "create-connector":
		a.name = strings.ToLower(c.Method)
	case "update-connector":
		a.name = "update" + c.Path[strings.LastIndex(c.Path, "/")+1:]
	}
	if !s.indexPrivileges {
		by := byReadAPI
		if a.writes {
			by = byWriteAPI
		}
		return []security.Action{{Name: "cluster:admin/xpack/connector/" + a.name, Privileges: by}}
	}
	index := ConnectorAlias
	if strings.HasPrefix(a.name, "sync_job/") {
		index = JobAlias
	}
	kind, by := "read", byRead
	if a.writes {
		kind, by = "write", byWrite
	}
	actions := []security.Action{{Name: "indices:data/" + kind + "/xpack/connector/" + a.name, Privileges: by, Indices: []string{index}}}
	if c.Op == "create-job" {
		actions = append(actions, security.Action{
			Name: "indices:data/read/xpack/connector/get", Privileges: byRead, Indices: []string{ConnectorAlias},
		})
	}
	return actions
}

// alsoDenied adds the further refusals to that of a list of all indices
// (measured).
func (s *Server) alsoDenied(c *Call, denied *eserr.Error) *eserr.Error {
	if c.Op != "cat-all" {
		return denied
	}
	more := []any{}
	for _, a := range []security.Action{
		{Name: "cluster:monitor/state", Privileges: []string{"cross_cluster_replication", "read_ccr", "transport_client", "manage_ccr", "monitor", "manage", "all"}},
		{Name: "indices:monitor/stats", Privileges: []string{"monitor", "cross_cluster_replication", "manage", "all"}, Indices: []string{}},
	} {
		if denied := c.Who.Authorize(a); denied != nil {
			more = append(more, describe(denied, false))
		}
	}
	return denied.With(eserr.Field{Name: "suppressed", Value: more})
}

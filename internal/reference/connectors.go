package reference

import (
	"net/http"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

const ConnectorParam = "connector_id"

func (s *Server) connectorRoutes() []route {
	const base = "/_connector"
	one := base + "/{" + ConnectorParam + "}"
	routes := []route{
		{method: http.MethodPost, path: base, op: "create-connector", handle: s.postConnector},
		{method: http.MethodPut, path: base, op: "create-connector", handle: s.putConnector},
		{method: http.MethodGet, path: base, op: "list-connectors", handle: s.listConnectors},
		{method: http.MethodPut, path: one, op: "create-connector", handle: s.putConnector},
		{method: http.MethodGet, path: one, op: "get-connector", handle: s.getConnector},
		{method: http.MethodDelete, path: one, op: "delete-connector", handle: s.deleteConnector},
	}
	for name, handle := range s.connectorUpdates() {
		routes = append(routes, route{method: http.MethodPut, path: one + "/" + name, op: "update-connector", handle: handle})
	}
	return routes
}

func connectorNotFound(id string) *eserr.Error { return eserr.NotFound("connector [%s] not found", id) }

func isDeleted(d store.Doc) bool { return d.Source.Get("deleted") == true }

// findConnector reads a connector; one that was deleted softly only where
// that is asked for.
func (s *Server) findConnector(id string, includeDeleted bool) (store.Doc, *eserr.Error) {
	d, found := s.store.Get(ConnectorIndex, id)
	if !found || (isDeleted(d) && !includeDeleted) {
		return store.Doc{}, connectorNotFound(id)
	}
	return d, nil
}

func (s *Server) getConnector(c *Call) (action, *eserr.Error) {
	id := c.id(ConnectorParam)
	includeDeleted, err := s.softParam(c, "include_deleted")
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		d, err := s.findConnector(id, includeDeleted)
		if err != nil {
			return nil, err
		}
		return NewResponse(200, jobView(d)), nil
	}, nil
}

// softParam reads a parameter that came with soft deletion.
func (s *Server) softParam(c *Call, name string) (bool, *eserr.Error) {
	if !s.features.SoftDelete {
		return false, nil
	}
	return c.boolParam(name, false)
}

func (s *Server) postConnector(c *Call) (action, *eserr.Error) {
	return s.createConnector(c, "")
}

func (s *Server) putConnector(c *Call) (action, *eserr.Error) {
	return s.createConnector(c, c.id(ConnectorParam))
}

// createConnector creates a connector, or replaces the one of that id. Without
// an id it makes one.
func (s *Server) createConnector(c *Call, id string) (action, *eserr.Error) {
	body := xcontent.NewObject()
	if len(c.Body) > 0 {
		var err *eserr.Error
		if body, err = c.parse(s.parsers.connector); err != nil {
			return nil, err
		}
	}
	index, named := body.Get("index_name").(string)
	if named {
		c.validate(indexNameProblems(index)...)
	}
	if named && body.Get("is_native") == true && !isManagedIndex(index) {
		c.validate("Index [" + index + "] is invalid. Index attached to an Elastic-managed connector must start with the prefix: [" +
			managedPrefix + "]")
	}
	return func() (*Response, *eserr.Error) {
		if id == "" {
			id = s.NewID(20)
		}
		if err := s.checkIndexFree(id, index); err != nil {
			return nil, err
		}
		d, err := c.hooks.Put(c, ConnectorIndex, store.Doc{ID: id}, s.newConnector(body), store.Any)
		if err != nil {
			return nil, err
		}
		s.view.refresh()
		if !d.Created && c.Method == http.MethodPut {
			return ok("id", id, "result", "updated"), nil
		}
		return NewResponse(201, xcontent.NewObject("id", id, "result", "created")), nil
	}, nil
}

// newConnector makes the document of a connector from its defaults and the
// body.
func (s *Server) newConnector(body *xcontent.Object) *xcontent.Object {
	now := estime.Write(s.Now())
	native := body.Get("is_native") == true
	status := "created"
	if native {
		status = "needs_configuration"
	}
	schedule := xcontent.NewObject("enabled", false, "interval", "0 0 0 * * ?")
	o := xcontent.NewObject("configuration", xcontent.NewObject(), "custom_scheduling", xcontent.NewObject()).
		SetIf("description", body.Get("description")).
		Set("filtering", []any{xcontent.NewObject(
			"active", defaultFiltering(now), "domain", "DEFAULT", "draft", defaultFiltering(now))}).
		SetIf("index_name", body.Get("index_name")).
		Set("is_native", native).
		SetIf("language", body.Get("language")).
		Set("name", body.String("name")).
		Set("scheduling", xcontent.NewObject(
			"access_control", schedule, "full", schedule.Clone(), "incremental", schedule.Clone())).
		SetIf("service_type", body.Get("service_type")).
		Set("status", status).
		Set("sync_now", false)
	if s.features.SoftDelete {
		o.Set("deleted", false)
	}
	return o
}

// defaultFiltering lets everything through.
func defaultFiltering(now string) *xcontent.Object {
	return xcontent.NewObject(
		"advanced_snippet", xcontent.NewObject("created_at", now, "updated_at", now, "value", xcontent.NewObject()),
		"rules", []any{defaultRule(now, 0)},
		"validation", xcontent.NewObject("errors", []any{}, "state", "valid"))
}

func defaultRule(now string, order int64) *xcontent.Object {
	return xcontent.NewObject("created_at", now, "field", "_", "id", "DEFAULT", "order", number(order), "policy", "include",
		"rule", "regex", "updated_at", now, "value", ".*")
}

func (s *Server) deleteConnector(c *Call) (action, *eserr.Error) {
	id := c.id(ConnectorParam)
	hard, err := s.softParam(c, "hard")
	if err != nil {
		return nil, err
	}
	withJobs, err := c.boolParam("delete_sync_jobs", false)
	if err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		if hard || !s.features.SoftDelete {
			s.beforeWrite(c)
			_, found, err := s.store.Delete(ConnectorIndex, id, store.Any)
			if err != nil {
				return nil, err
			}
			if !found {
				return nil, connectorNotFound(id)
			}
		} else {
			if _, err := s.findConnector(id, false); err != nil {
				return nil, err
			}
			if _, _, err := s.update(c, ConnectorIndex, id, xcontent.NewObject("deleted", true)); err != nil {
				return nil, err
			}
		}
		s.view.refresh()
		if withJobs {
			return acknowledged(), s.deleteJobsOf(id)
		}
		return acknowledged(), nil
	}, nil
}

// deleteJobsOf removes all jobs of a connector.
func (s *Server) deleteJobsOf(connectorID string) *eserr.Error {
	for _, d := range s.store.All(JobIndex) {
		if d.Source.Path("connector", "id") != connectorID {
			continue
		}
		if _, _, err := s.store.Delete(JobIndex, d.ID, store.Any); err != nil {
			return err
		}
	}
	return nil
}

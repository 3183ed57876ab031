package reference

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

const connectorParam = "connector_id"

func (s *Server) connectorRoutes() []route {
	const base = "/_connector"
	one := base + "/{" + connectorParam + "}"
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
	d, found := s.store.Get(connectorIndex, id)
	if !found || (isDeleted(d) && !includeDeleted) {
		return store.Doc{}, connectorNotFound(id)
	}
	return d, nil
}

func (s *Server) getConnector(c *call) (action, *eserr.Error) {
	id := c.id(connectorParam)
	includeDeleted, err := s.softParam(c, "include_deleted")
	if err != nil {
		return nil, err
	}
	return func() (*response, *eserr.Error) {
		d, err := s.findConnector(id, includeDeleted)
		if err != nil {
			return nil, err
		}
		return newResponse(200, jobView(d)), nil
	}, nil
}

// softParam reads a parameter that came with soft deletion.
func (s *Server) softParam(c *call, name string) (bool, *eserr.Error) {
	if !s.features.softDelete {
		return false, nil
	}
	return c.boolParam(name, false)
}

func (s *Server) listConnectors(c *call) (action, *eserr.Error) {
	page, err := readPage(c)
	if err != nil {
		return nil, err
	}
	filters := map[string][]string{
		"index_name": c.listParam("index_name"), "name": c.listParam("connector_name"), "service_type": c.listParam("service_type"),
	}
	query, _ := c.param("query")
	includeDeleted, err := s.softParam(c, "include_deleted")
	if err == nil {
		err = page.check()
	}
	if err != nil {
		return nil, err
	}
	return func() (*response, *eserr.Error) {
		if err := page.checkWindow(connectorIndex); err != nil {
			return nil, err
		}
		var found []store.Doc
		for _, d := range s.store.All(connectorIndex) {
			if (includeDeleted || !isDeleted(d)) && connectorMatches(d.Source, filters, query) {
				found = append(found, d)
			}
		}
		slices.SortStableFunc(found, func(a, b store.Doc) int {
			na, nb := a.Source.String("index_name"), b.Source.String("index_name")
			if (na == "") != (nb == "") { // those without an index come last
				return strings.Compare(nb, na)
			}
			return strings.Compare(na, nb)
		})
		results := []any{}
		for _, d := range page.cut(found) {
			results = append(results, jobView(d))
		}
		return ok("count", number(len(found)), "results", results), nil
	}, nil
}

func connectorMatches(source *xcontent.Object, filters map[string][]string, query string) bool {
	for field, values := range filters {
		if len(values) > 0 && !slices.Contains(values, source.String(field)) {
			return false
		}
	}
	return query == "" || slices.ContainsFunc([]string{"index_name", "name", "description"}, func(field string) bool {
		return strings.Contains(source.String(field), query)
	})
}

func (s *Server) postConnector(c *call) (action, *eserr.Error) {
	return s.createConnector(c, "")
}

func (s *Server) putConnector(c *call) (action, *eserr.Error) {
	return s.createConnector(c, c.id(connectorParam))
}

// createConnector creates a connector, or replaces the one of that id. Without
// an id it makes one.
func (s *Server) createConnector(c *call, id string) (action, *eserr.Error) {
	body := xcontent.NewObject()
	if len(c.body) > 0 {
		var err *eserr.Error
		if body, err = c.parse(s.parsers.connector); err != nil {
			return nil, err
		}
	}
	index := body.String("index_name")
	c.validate(checkIndexName(index, body.Get("is_native") == true)...)
	return func() (*response, *eserr.Error) {
		if id == "" {
			id = s.newID(20)
		}
		if err := s.checkIndexFree(id, index); err != nil {
			return nil, err
		}
		d, err := s.put(c, connectorIndex, id, s.newConnector(body), store.Any)
		if err != nil {
			return nil, err
		}
		if !d.Created && c.method == http.MethodPut {
			return ok("id", id, "result", "updated"), nil
		}
		return newResponse(201, xcontent.NewObject("id", id, "result", "created")), nil
	}, nil
}

// checkIndexFree refuses an index that another connector writes to.
func (s *Server) checkIndexFree(id, index string) *eserr.Error {
	if index == "" {
		return nil
	}
	for _, d := range s.store.All(connectorIndex) {
		if d.ID != id && !isDeleted(d) && d.Source.String("index_name") == index {
			return eserr.StatusException(400, "Index name [%s] is used by another connector.", index)
		}
	}
	return nil
}

// checkIndexName says what is wrong with the name of a connector's index.
func checkIndexName(name string, native bool) []string {
	if name == "" {
		return nil
	}
	problem := ""
	switch {
	case strings.ContainsAny(name, `\/*?"<>| ,`):
		problem = `must not contain the following characters ['\\','/','*','?','"','<','>','|',' ',',']`
	case strings.Contains(name, "#"):
		problem = "must not contain '#'"
	case strings.Contains(name, ":"):
		problem = "must not contain ':'"
	case strings.ContainsAny(name[:1], "_-+"):
		problem = "must not start with '_', '-', or '+'"
	case len(name) > 255:
		problem = "index name is too long, (" + string(number(len(name))) + " > 255)"
	case name == "." || name == "..":
		problem = "must not be '.' or '..'"
	}
	var problems []string
	if problem != "" {
		problems = append(problems, "["+name+"] org.elasticsearch.indices.InvalidIndexNameException: Invalid index name ["+name+"], "+problem)
	}
	if native && !strings.HasPrefix(name, nativePrefix) {
		problems = append(problems, "Index ["+name+"] is invalid. Index attached to an Elastic-managed connector must start with the prefix: ["+nativePrefix+"]")
	}
	return problems
}

// nativePrefix is how the index of a connector has to begin that Elastic runs.
const nativePrefix = "content-"

// newConnector makes the document of a connector from its defaults and the
// body.
func (s *Server) newConnector(body *xcontent.Object) *xcontent.Object {
	now := estime.Write(s.now())
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
	if s.features.softDelete {
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

func defaultRule(now string, order int) *xcontent.Object {
	return xcontent.NewObject("created_at", now, "field", "_", "id", "DEFAULT", "order", number(order), "policy", "include",
		"rule", "regex", "updated_at", now, "value", ".*")
}

func (s *Server) deleteConnector(c *call) (action, *eserr.Error) {
	id := c.id(connectorParam)
	hard, err := s.softParam(c, "hard")
	if err != nil {
		return nil, err
	}
	withJobs, err := c.boolParam("delete_sync_jobs", false)
	if err != nil {
		return nil, err
	}
	return func() (*response, *eserr.Error) {
		if hard || !s.features.softDelete {
			s.beforeWrite(c)
			_, found, err := s.store.Delete(connectorIndex, id, store.Any)
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
			if _, _, err := s.update(c, connectorIndex, id, xcontent.NewObject("deleted", true)); err != nil {
				return nil, err
			}
		}
		if withJobs {
			return acknowledged(), s.deleteJobsOf(id)
		}
		return acknowledged(), nil
	}, nil
}

// deleteJobsOf removes all jobs of a connector.
func (s *Server) deleteJobsOf(connectorID string) *eserr.Error {
	for _, d := range s.store.All(jobIndex) {
		if d.Source.Path("connector", "id") != connectorID {
			continue
		}
		if _, _, err := s.store.Delete(jobIndex, d.ID, store.Any); err != nil {
			return err
		}
	}
	return nil
}

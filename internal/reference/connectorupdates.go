package reference

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// connectorUpdate turns a body into the fields to change. The document is set
// only where the route reads the connector first; such routes answer 404 with
// "connector [x] not found", the others "document missing".
type connectorUpdate struct {
	parser *xcontent.ObjectParser             // nil for a route without body
	check  func(body *xcontent.Object) string // what is wrong with a body that could be read, "" for nothing
	reads  bool
	change func(s *Server, id string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error)
	// before is checked before the connector is looked for.
	before func(s *Server, id string, body *xcontent.Object) *eserr.Error
	// atOnce: searches see the change at once, and not after a while.
	atOnce bool
}

// connectorUpdates are the routes below a connector.
func (s *Server) connectorUpdates() map[string]handler {
	p := s.parsers
	handlers := map[string]handler{}
	for name, u := range map[string]connectorUpdate{
		"_check_in":              {change: checkInConnector},
		"_name":                  {parser: p.name, check: needsOne("name", "description"), change: sameFields},
		"_index_name":            {parser: p.indexName, check: checkIndexName, before: checkNewIndex, reads: true, change: changeIndex},
		"_service_type":          {parser: p.serviceType, check: checkServiceType, reads: true, change: changeServiceType},
		"_status":                {parser: p.status, check: checkStatus, reads: true, change: changeStatus},
		"_error":                 {parser: p.connError, change: changeError},
		"_configuration":         {parser: p.configuration, check: checkConfiguration, reads: true, change: changeConfiguration, atOnce: true},
		"_features":              {parser: p.features, change: changeFeatures},
		"_pipeline":              {parser: p.pipeline, change: sameFields},
		"_scheduling":            {parser: p.scheduling, check: checkScheduling, change: sameFields},
		"_filtering":             {parser: p.filtering, check: checkFiltering, change: changeFiltering},
		"_filtering/_validation": {parser: p.validation, reads: true, change: changeValidation},
		"_filtering/_activate":   {reads: true, change: activateFiltering},
		"_last_sync":             {parser: p.lastSync, change: sameFields},
		"_api_key_id":            {parser: p.apiKey, check: needsOne("api_key_id", "api_key_secret_id"), change: sameFields},
		"_native":                {parser: p.native, reads: true, change: changeNative, atOnce: true},
	} {
		handlers[name] = func(c *Call) (action, *eserr.Error) { return s.updateConnector(c, u) }
	}
	return handlers
}

func (s *Server) updateConnector(c *Call, u connectorUpdate) (action, *eserr.Error) {
	id := c.id(ConnectorParam)
	body := xcontent.NewObject()
	if u.parser != nil {
		var err *eserr.Error
		if body, err = c.parse(u.parser); err != nil {
			return nil, err
		}
	}
	if id == "" {
		c.validate(`[connector_id] cannot be [null] or [""].`)
	}
	if u.check != nil {
		if problem := u.check(body); problem != "" {
			c.validate(problem)
		}
	}
	return func() (*Response, *eserr.Error) { return s.applyUpdate(c, u, id, body) }, nil
}

// applyUpdate changes the stored connector.
func (s *Server) applyUpdate(c *Call, u connectorUpdate, id string, body *xcontent.Object) (*Response, *eserr.Error) {
	if u.before != nil {
		if err := u.before(s, id, body); err != nil {
			return nil, err
		}
	}
	d, found := s.store.Get(ConnectorIndex, id)
	if u.reads && (!found || isDeleted(d)) {
		return nil, connectorNotFound(id)
	}
	partial, err := u.change(s, id, body, d)
	if err != nil {
		return nil, err
	}
	result, after, err := s.update(c, ConnectorIndex, id, partial)
	if err != nil {
		return nil, err
	}
	if found && result == "updated" {
		s.view.hide(d, after, s.Now())
	}
	if result == "updated" && u.atOnce {
		s.view.refresh()
	}
	return ok("result", result), nil
}

// given copies the fields of a body that are not null.
func given(body *xcontent.Object) *xcontent.Object {
	o := xcontent.NewObject()
	for _, k := range body.Keys() {
		if v := body.Get(k); v != nil {
			o.Set(k, v)
		}
	}
	return o
}

func sameFields(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	return given(body), nil
}

func checkInConnector(s *Server, _ string, _ *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	return xcontent.NewObject("last_seen", estime.Write(s.Now())), nil
}

// needsOne refuses a body in which both of two fields are missing or null.
func needsOne(a, b string) func(*xcontent.Object) string {
	return func(body *xcontent.Object) string {
		if body.Get(a) != nil || body.Get(b) != nil {
			return ""
		}
		return "[" + a + "] and [" + b + "] cannot both be [null]. Please provide a value for at least one of them."
	}
}

func checkIndexName(body *xcontent.Object) string {
	name, named := body.Get("index_name").(string)
	if !named {
		return ""
	}
	return strings.Join(indexNameProblems(name), "")
}

func checkNewIndex(s *Server, id string, body *xcontent.Object) *eserr.Error {
	return s.checkIndexFree(id, body.String("index_name"))
}

func changeIndex(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	index := body.String("index_name")
	if index != "" && d.Source.Get("is_native") == true && !isManagedIndex(index) {
		return nil, eserr.StatusException(400, "Index attached to an Elastic-managed connector must start with the prefix: [%s]. "+
			"The index name in the payload [%s] doesn't comply with this requirement.", managedPrefix, index)
	}
	return xcontent.NewObject("index_name", body.Get("index_name")), nil
}

func checkServiceType(body *xcontent.Object) string {
	if body.String("service_type") != "" {
		return ""
	}
	return `[service_type] cannot be [null] or [""].`
}

// storedStatus is the status that a connector has, which has to be one.
func storedStatus(d store.Doc) (string, *eserr.Error) {
	status, isText := d.Source.Get("status").(string)
	if !isText {
		status = "null"
	}
	return enum(connectorStatuses, "ConnectorStatus", status)
}

func changeServiceType(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	status, err := storedStatus(d)
	if status != "created" {
		status = "needs_configuration"
	}
	return xcontent.NewObject("service_type", body.Get("service_type"), "status", status), err
}

// connectorTransitions are the statuses that may follow one another.
var connectorTransitions = map[string][]string{
	"created":             {"needs_configuration", "error"},
	"needs_configuration": {"configured", "error"},
	"configured":          {"needs_configuration", "configured", "connected", "error"},
	"connected":           {"connected", "configured", "error"},
	"error":               {"connected", "configured", "error"},
}

func checkStatus(body *xcontent.Object) string {
	if body.Has("status") {
		return ""
	}
	return "[status] cannot be [null]."
}

func changeStatus(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	from, err := storedStatus(d)
	if err != nil {
		return nil, err
	}
	to := body.String("status")
	if !slices.Contains(connectorTransitions[from], to) {
		const text = "Invalid transition attempt from [%s] to [%s]. Such a status transition is not supported by the Connector Protocol."
		return nil, eserr.StatusException(400, text, from, to).
			CausedBy(eserr.JavaError("connector_invalid_status_transition_exception", text, from, to))
	}
	return xcontent.NewObject("status", to), nil
}

func changeError(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	status := "error"
	if body.String("error") == "" {
		status = "connected"
	}
	return xcontent.NewObject("error", body.Get("error"), "status", status), nil
}

func changeNative(_ *Server, id string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	index, named := d.Source.Get("index_name").(string)
	native := body.Get("is_native") == true
	if native && named && !isManagedIndex(index) {
		return nil, eserr.StatusException(400, "The index name [%s] attached to the connector [%s] must start with the required "+
			"prefix: [%s] to be Elastic-managed. Please update the attached index first to comply with this requirement.",
			index, id, managedPrefix)
	}
	status, err := storedStatus(d)
	if status == "connected" {
		status = "configured"
	}
	return xcontent.NewObject("is_native", native, "status", status), err
}

// nullPointer is what Elasticsearch fails with where it does not look for null.
func nullPointer() *eserr.Error { return eserr.JavaError("null_pointer_exception", "") }

func changeFeatures(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	if !body.Has("features") {
		return nil, nullPointer()
	}
	return body, nil
}

func checkScheduling(body *xcontent.Object) string {
	// A schedule for access control alone does not count: a defect of Elasticsearch's.
	if scheduling := body.Object("scheduling"); scheduling.Has("full") || scheduling.Has("incremental") {
		return ""
	}
	return "[scheduling] object needs to define at least one schedule type: [full | incremental | access_control]"
}

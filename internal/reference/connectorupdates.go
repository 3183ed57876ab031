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
	parser *xcontent.ObjectParser // nil for a route without body
	reads  bool
	change func(s *Server, id string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error)
}

// connectorUpdates are the routes below a connector.
func (s *Server) connectorUpdates() map[string]handler {
	p := s.parsers
	handlers := map[string]handler{}
	for name, u := range map[string]connectorUpdate{
		"_check_in":              {nil, false, checkInConnector},
		"_name":                  {p.name, false, nameConnector},
		"_index_name":            {p.indexName, true, changeIndex},
		"_service_type":          {p.serviceType, true, changeServiceType},
		"_status":                {p.status, true, changeStatus},
		"_error":                 {p.connError, false, changeError},
		"_configuration":         {p.configuration, true, changeConfiguration},
		"_features":              {p.features, false, sameFields},
		"_pipeline":              {p.pipeline, false, sameFields},
		"_scheduling":            {p.scheduling, false, changeScheduling},
		"_filtering":             {p.filtering, true, changeFiltering},
		"_filtering/_validation": {p.validation, true, changeValidation},
		"_filtering/_activate":   {nil, true, activateFiltering},
		"_last_sync":             {p.lastSync, false, lastSync},
		"_api_key_id":            {p.apiKey, false, changeAPIKey},
		"_native":                {p.native, true, changeNative},
	} {
		handlers[name] = func(c *call) (action, *eserr.Error) { return s.updateConnector(c, u) }
	}
	return handlers
}

func (s *Server) updateConnector(c *call, u connectorUpdate) (action, *eserr.Error) {
	id := c.id(connectorParam)
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
	return func() (*response, *eserr.Error) {
		var d store.Doc
		if u.reads {
			var err *eserr.Error
			if d, err = s.findConnector(id, false); err != nil {
				return nil, err
			}
		}
		partial, err := u.change(s, id, body, d)
		if err != nil {
			return nil, err
		}
		result, _, err := s.update(c, connectorIndex, id, partial)
		if err != nil {
			return nil, err
		}
		return ok("result", result), nil
	}, nil
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
	return xcontent.NewObject("last_seen", estime.Write(s.now())), nil
}

// needOne refuses a body in which both of two fields are missing or null.
func needOne(body *xcontent.Object, a, b string) *eserr.Error {
	if body.Get(a) == nil && body.Get(b) == nil {
		return eserr.Validation("[" + a + "] and [" + b + "] cannot both be [null]. Please provide a value for at least one of them.")
	}
	return nil
}

func nameConnector(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	return given(body), needOne(body, "name", "description")
}

func changeAPIKey(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	return given(body), needOne(body, "api_key_id", "api_key_secret_id")
}

func changeIndex(s *Server, id string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	index := body.String("index_name")
	if err := eserr.Validation(checkIndexName(index, false)...); err != nil {
		return nil, err
	}
	if index != "" && d.Source.Get("is_native") == true && !strings.HasPrefix(index, nativePrefix) {
		return nil, eserr.StatusException(400, "Index attached to an Elastic-managed connector must start with the prefix: [%s]. "+
			"The index name in the payload [%s] doesn't comply with this requirement.", nativePrefix, index)
	}
	return xcontent.NewObject("index_name", body.Get("index_name")), s.checkIndexFree(id, index)
}

func changeServiceType(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	if body.String("service_type") == "" {
		return nil, eserr.Validation("[service_type] cannot be [null] or [\"\"].")
	}
	status := "needs_configuration"
	if d.Source.String("status") == "created" {
		status = "created"
	}
	return xcontent.NewObject("service_type", body.Get("service_type"), "status", status), nil
}

// connectorTransitions are the statuses that may follow one another.
var connectorTransitions = map[string][]string{
	"created":             {"needs_configuration", "error"},
	"needs_configuration": {"configured", "error"},
	"configured":          {"needs_configuration", "configured", "connected", "error"},
	"connected":           {"connected", "configured", "error"},
	"error":               {"connected", "configured", "error"},
}

func changeStatus(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	from, to := d.Source.String("status"), body.String("status")
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
	index := d.Source.String("index_name")
	native := body.Get("is_native") == true
	if native && index != "" && !strings.HasPrefix(index, nativePrefix) {
		return nil, eserr.StatusException(400, "The index name [%s] attached to the connector [%s] must start with the required "+
			"prefix: [%s] to be Elastic-managed. Please update the attached index first to comply with this requirement.",
			index, id, nativePrefix)
	}
	status := d.Source.String("status")
	if status == "connected" {
		status = "configured"
	}
	return xcontent.NewObject("is_native", native, "status", status), nil
}

func lastSync(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	return given(body), nil
}

func changeScheduling(_ *Server, _ string, body *xcontent.Object, _ store.Doc) (*xcontent.Object, *eserr.Error) {
	scheduling := body.Object("scheduling")
	if scheduling.Get("full") == nil && scheduling.Get("incremental") == nil {
		return nil, eserr.Validation("[scheduling] object needs to define at least one schedule type: [full | incremental | access_control]")
	}
	return xcontent.NewObject("scheduling", scheduling), nil
}

func changeConfiguration(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	full, values := body.Object("configuration"), body.Object("values")
	switch {
	case full == nil && values == nil:
		return nil, eserr.Validation("[configuration] and [values] cannot both be null.")
	case full != nil && values != nil:
		return nil, eserr.Validation("[configuration] and [values] cannot both be provided in the same request.")
	}
	partial := xcontent.NewObject("status", "configured")
	if full != nil {
		return partial.Set("configuration", xcontent.Replace{Value: full}), nil
	}
	have := d.Source.Object("configuration")
	var unknown []string
	changes := xcontent.NewObject()
	for _, k := range values.Keys() {
		if have == nil || !have.Has(k) {
			unknown = append(unknown, k)
		}
		changes.Set(k, xcontent.NewObject("value", values.Get(k)))
	}
	if unknown != nil {
		return nil, eserr.StatusException(400, "Unknown [configuration] fields in the request payload: [%s]. "+
			"Remove them from request or register their schema first.", strings.Join(unknown, ", "))
	}
	return partial.Set("configuration", changes), nil
}

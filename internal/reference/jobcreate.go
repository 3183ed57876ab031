package reference

import (
	"cmp"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

func (s *Server) createJob(c *Call) (action, *eserr.Error) {
	body, err := c.parse(s.parsers.createJob)
	if err != nil {
		return nil, err
	}
	connectorID := body.String("id")
	if connectorID == "" {
		c.validate("[id] of the connector cannot be null or empty")
	}
	jobType, trigger := cmp.Or(body.String("job_type"), jobTypes[0]), cmp.Or(body.String("trigger_method"), triggerMethods[0])
	return func() (*Response, *eserr.Error) {
		snapshot, err := s.snapshot(connectorID, jobType)
		if err != nil {
			return nil, err
		}
		id := s.NewID(20)
		source := s.NewJob(snapshot, jobType, trigger)
		none := store.Doc{ID: id}
		if source, _, err = c.hooks.Merge(c, none, source); err != nil {
			return nil, err
		}
		if _, err := c.hooks.Put(c, JobIndex, none, source, store.Any); err != nil {
			return nil, err
		}
		return NewResponse(201, xcontent.NewObject("id", id)), nil
	}, nil
}

// snapshot is what a new job copies of its connector, which has to be fit for
// it.
func (s *Server) snapshot(id, jobType string) (*xcontent.Object, *eserr.Error) {
	connector, err := s.jobConnector(id)
	if err != nil {
		return nil, err
	}
	index := connector.String("index_name")
	if jobType == "access_control" && s.features.ACLIndex {
		index = ".search-acl-filter-" + cmp.Or(index, "null") // as Java writes it
	}
	if index == "" {
		return nil, eserr.StatusException(400, "Cannot start a sync for connector [%s] with no index attached. "+
			"Set the [index_name] property for the connector to enable syncing data.", id)
	}
	if s.features.ServiceType && connector.String("service_type") == "" {
		return nil, eserr.StatusException(400, "Cannot start a sync for connector [%s] with [service_type] not defined. "+
			"Set the service type of your connector before starting the sync.", id)
	}
	copied := xcontent.NewObject("id", id).SetIf("filtering", s.jobFiltering(connector)).Set("index_name", index)
	for _, field := range []string{"language", "pipeline", "service_type", "configuration"} {
		copied.SetIf(field, connector.Get(field))
	}
	return copied, nil
}

// jobConnector reads the connector of a new job as a whole: what is wrong with
// any part of it shows here.
func (s *Server) jobConnector(id string) (*xcontent.Object, *eserr.Error) {
	if _, exists := s.store.Resolve(ConnectorIndex); !exists {
		return nil, indexNotFound(ConnectorIndex)
	}
	d, found := s.store.Get(ConnectorIndex, id)
	if !found {
		return nil, eserr.NotFound("Connector with id '%s' does not exist.", id)
	}
	return s.parsers.storedConnector.Parse(xcontent.NewParser(xcontent.JSON(d.Source)))
}

// jobFiltering is what a new job filters by: what is active, in the first
// version the whole list.
func (s *Server) jobFiltering(connector *xcontent.Object) any {
	list, _ := connector.Get("filtering").([]any)
	switch {
	case !s.features.ActiveFiltering:
		return connector.Get("filtering")
	case len(list) == 0:
		return nil
	}
	return list[0].(*xcontent.Object).Get("active")
}

// NewJob makes the document of a job.
func (s *Server) NewJob(snapshot *xcontent.Object, jobType, trigger string) *xcontent.Object {
	now := estime.Write(s.Now())
	return xcontent.NewObject(
		"connector", snapshot,
		"created_at", now,
		"deleted_document_count", number(0),
		"indexed_document_count", number(0),
		"indexed_document_volume", number(0),
		"job_type", jobType,
		"last_seen", now,
		"metadata", xcontent.NewObject(),
		"status", "pending",
		"total_document_count", number(0),
		"trigger_method", trigger)
}

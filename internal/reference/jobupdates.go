package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// updateJob merges a partial document into a job.
func (s *Server) updateJob(c *Call, id string, partial *xcontent.Object) (*Response, *eserr.Error) {
	result, _, err := s.update(c, JobIndex, id, partial)
	if err != nil {
		if err.Type == "document_missing_exception" {
			err = jobNotFound(id)
		}
		return nil, err
	}
	return ok("result", result), nil
}

// stats is PUT /_connector/_sync_job/{id}/_stats.
func (s *Server) stats(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	body, err := c.parse(s.parsers.stats)
	if err != nil {
		return nil, err
	}
	c.validate(checkJobID(id)...)
	for _, count := range allCounts {
		if n, ok := body.Get(count).(xcontent.Number); ok && n[0] == '-' {
			c.validate("[" + count + "] cannot be negative.")
		}
	}
	return func() (*Response, *eserr.Error) {
		partial := xcontent.NewObject()
		for _, count := range allCounts {
			partial.SetIf(count, body.Get(count))
		}
		partial.Set("last_seen", estime.Write(s.Now()))
		partial.SetIf("last_seen", body.Get("last_seen"))
		partial.SetIf("metadata", body.Get("metadata"))
		return s.updateJob(c, id, partial)
	}, nil
}

// checkIn is PUT /_connector/_sync_job/{id}/_check_in.
func (s *Server) checkIn(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	c.validate(checkJobID(id)...)
	return func() (*Response, *eserr.Error) {
		return s.updateJob(c, id, xcontent.NewObject("last_seen", estime.Write(s.Now())))
	}, nil
}

// claim is PUT /_connector/_sync_job/{id}/_claim. It is never refused,
// whatever the status.
func (s *Server) claim(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	body, err := c.parse(s.parsers.claim)
	if err != nil {
		return nil, err
	}
	c.validate(checkJobID(id)...)
	return func() (*Response, *eserr.Error) {
		if _, err := s.findJob(c, id); err != nil {
			return nil, err
		}
		now := estime.Write(s.Now())
		partial := xcontent.NewObject("worker_hostname", body.Get("worker_hostname"), "status", "in_progress",
			"last_seen", now, "started_at", now)
		if cursor := body.Object("sync_cursor"); cursor != nil {
			partial.Set("connector", xcontent.NewObject("sync_cursor", cursor))
		}
		return s.updateJob(c, id, partial)
	}, nil
}

// transitions are the statuses that may follow one another.
var transitions = map[string][]string{
	"pending":     {"in_progress", "canceled"},
	"in_progress": {"canceling", "completed", "suspended", "error"},
	"suspended":   {"in_progress", "canceled"},
	"canceling":   {"canceled", "error"},
	"completed":   {},
	"canceled":    {},
	"error":       {},
}

// CheckTransition refuses a change of status that the protocol does not have.
func CheckTransition(from, to string) *eserr.Error {
	allowed, known := transitions[from]
	if !known {
		return eserr.IllegalArgument("Unknown ConnectorSyncStatus [%s].", from)
	}
	for _, next := range allowed {
		if next == to {
			return nil
		}
	}
	const text = "Invalid transition attempt from [%s] to [%s]. Such a ConnectorSyncStatus transition is not supported " +
		"by the Connector Protocol."
	return eserr.StatusException(400, text, from, to).
		CausedBy(eserr.JavaError("connector_sync_job_invalid_status_transition_exception", text, from, to))
}

// cancel is PUT /_connector/_sync_job/{id}/_cancel: at once where nobody works
// on the job, else a request to the worker.
func (s *Server) cancel(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	c.validate(checkJobID(id)...)
	return func() (*Response, *eserr.Error) {
		now := estime.Write(s.Now())
		if !s.features.StateMachine {
			return s.updateJob(c, id, xcontent.NewObject("status", "canceling", "cancelation_requested_at", now))
		}
		d, err := s.findJob(c, id)
		if err != nil {
			return nil, err
		}
		status := d.Source.String("status")
		if status == "pending" || status == "suspended" {
			return s.updateJob(c, id, xcontent.NewObject("status", "canceled", "completed_at", now,
				"cancelation_requested_at", now, "canceled_at", now))
		}
		if err := CheckTransition(status, "canceling"); err != nil {
			return nil, err
		}
		return s.updateJob(c, id, xcontent.NewObject("status", "canceling", "cancelation_requested_at", now))
	}, nil
}

// jobError is PUT /_connector/_sync_job/{id}/_error.
func (s *Server) jobError(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	body, err := c.parse(s.parsers.jobError)
	if err != nil {
		return nil, err
	}
	c.validate(checkJobID(id)...)
	if body.String("error") == "" {
		c.validate("[error] of the connector sync job cannot be null or empty")
	}
	return func() (*Response, *eserr.Error) {
		partial := xcontent.NewObject("error", body.String("error"), "status", "error")
		if !s.features.StateMachine {
			return s.updateJob(c, id, partial)
		}
		d, err := s.findJob(c, id)
		if err != nil {
			return nil, err
		}
		if err := CheckTransition(d.Source.String("status"), "error"); err != nil {
			return nil, err
		}
		return s.updateJob(c, id, partial)
	}, nil
}

package reference

import (
	"net/http"
	"slices"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

const JobParam = "connector_sync_job_id"

func (s *Server) jobRoutes() []route {
	const base = "/_connector/_sync_job"
	one := base + "/{" + JobParam + "}"
	routes := []route{
		{method: http.MethodPost, path: base, op: "create-job", handle: s.createJob},
		{method: http.MethodGet, path: base, op: "list-jobs", handle: s.listJobs},
		{method: http.MethodGet, path: one, op: "get-job", handle: s.getJob},
		{method: http.MethodDelete, path: one, op: "delete-job", handle: s.deleteJob},
		{method: http.MethodPut, path: one + "/_check_in", op: "check-in", handle: s.checkIn},
		{method: http.MethodPut, path: one + "/_cancel", op: "cancel", handle: s.cancel},
		{method: http.MethodPut, path: one + "/_error", op: "error", handle: s.jobError},
		{method: http.MethodPut, path: one + "/_stats", op: "stats", handle: s.stats},
	}
	if s.features.Claim {
		routes = append(routes, route{method: http.MethodPut, path: one + "/_claim", op: "claim", handle: s.claim})
	}
	return routes
}

// checkJobID refuses an empty id.
func checkJobID(id string) []string {
	if id == "" {
		return []string{"[connector_sync_job_id] of the connector sync job cannot be null or empty."}
	}
	return nil
}

// jobNotFound is what updates answer; reads answer with the bare id where the
// index exists.
func jobNotFound(id string) *eserr.Error {
	return eserr.NotFound("connector sync job [%s] not found", id)
}

// findJob reads a job for whoever is shown it.
func (s *Server) findJob(c *Call, id string) (store.Doc, *eserr.Error) {
	if _, exists := s.store.Resolve(JobIndex); !exists {
		return store.Doc{}, jobNotFound(id)
	}
	d, found := s.readDoc(c, JobIndex, id)
	if !found {
		return store.Doc{}, eserr.NotFound("%s", id)
	}
	return d, nil
}

// jobView is a job as the API shows it.
func jobView(d store.Doc) *xcontent.Object {
	view := xcontent.NewObject("id", d.ID)
	for _, k := range d.Source.Keys() {
		view.Set(k, d.Source.Get(k))
	}
	return view
}

func (s *Server) getJob(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	c.validate(checkJobID(id)...)
	return func() (*Response, *eserr.Error) {
		d, err := s.findJob(c, id)
		if err != nil {
			return nil, err
		}
		return NewResponse(200, jobView(d)), nil
	}, nil
}

func (s *Server) deleteJob(c *Call) (action, *eserr.Error) {
	id := c.id(JobParam)
	c.validate(checkJobID(id)...)
	return func() (*Response, *eserr.Error) {
		if _, exists := s.store.Resolve(JobIndex); !exists {
			return nil, jobNotFound(id)
		}
		s.beforeWrite(c)
		_, found, err := s.store.Delete(JobIndex, id, store.Any)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, eserr.NotFound("%s", id)
		}
		return acknowledged(), nil
	}, nil
}

func (s *Server) listJobs(c *Call) (action, *eserr.Error) {
	page, err := readPage(c)
	if err != nil {
		return nil, err
	}
	filters := map[string][]string{}
	if v, given := c.Param("connector_id"); given {
		filters["connector"] = []string{v}
	}
	if v, given := c.Param("status"); given {
		status, err := enum(syncStatuses, "ConnectorSyncStatus", v)
		if err != nil {
			return nil, err
		}
		filters["status"] = []string{status}
	}
	for _, v := range c.listParam("job_type") {
		typ, err := enum(jobTypes, "ConnectorSyncJobType", v)
		if err != nil {
			return nil, err
		}
		filters["job_type"] = append(filters["job_type"], typ)
	}
	if err := page.check(); err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		if _, exists := s.store.Resolve(JobIndex); !exists {
			return ok("count", number(0), "results", []any{}), nil
		}
		if err := page.checkWindow(JobIndex); err != nil {
			return nil, err
		}
		var jobs []store.Doc
		for _, d := range s.store.All(JobIndex) {
			if d, ok := c.hooks.Read(c, JobIndex, d); ok && jobMatches(d, filters) {
				jobs = append(jobs, d)
			}
		}
		s.sortJobs(jobs)
		results := []any{}
		for _, d := range page.cut(jobs) {
			results = append(results, jobView(d))
		}
		return ok("count", number(len(jobs)), "results", results), nil
	}, nil
}

func jobMatches(d store.Doc, filters map[string][]string) bool {
	for field, values := range filters {
		have := d.Source.String(field)
		if field == "connector" {
			have, _ = d.Source.Path("connector", "id").(string)
		}
		if !slices.Contains(values, have) {
			return false
		}
	}
	return true
}

// sortJobs orders jobs by their creation: newest first since 8.13.
func (s *Server) sortJobs(jobs []store.Doc) {
	slices.SortStableFunc(jobs, func(a, b store.Doc) int {
		ta, _ := estime.Parse(a.Source.String("created_at"))
		tb, _ := estime.Parse(b.Source.String("created_at"))
		order := ta.Compare(tb)
		if s.features.NewestFirst {
			order = -order
		}
		return order
	})
}

// page is the part of a list that is asked for.
type page struct{ from, size int }

func readPage(c *Call) (page, *eserr.Error) {
	from, err := c.intParam("from", 0)
	if err != nil {
		return page{}, err
	}
	size, err := c.intParam("size", 100)
	return page{from, size}, err
}

func (p page) check() *eserr.Error {
	switch {
	case p.from < 0:
		return eserr.IllegalArgument("Parameter [from] cannot be < 0")
	case p.size < 0:
		return eserr.IllegalArgument("Parameter [size] cannot be < 0")
	}
	return nil
}

// maxWindow is how deep a list can be read.
const maxWindow = 10_000

// checkWindow refuses a page that is too deep, as a failed search.
func (p page) checkWindow(index string) *eserr.Error {
	if p.from+p.size <= maxWindow {
		return nil
	}
	reason := eserr.IllegalArgument("Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. "+
		"See the scroll api for a more efficient way to request large data sets. "+
		"This limit can be set by changing the [index.max_result_window] index level setting.", maxWindow, p.from+p.size)
	return searchFailed([]search.Failure{{Index: index, Err: reason}})
}

func (p page) cut(docs []store.Doc) []store.Doc {
	from := min(p.from, len(docs))
	return docs[from:min(from+p.size, len(docs))]
}

package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// withoutEffect are parameters of searches and counts that change nothing
// where there is one node and no cache.
var withoutEffect = []string{
	"allow_partial_search_results", "batched_reduce_size", "ccs_minimize_roundtrips", "ignore_throttled", "max_concurrent_shard_requests",
	"pre_filter_shard_size", "preference", "request_cache", "routing", "search_type", "typed_keys",
}

// unsupportedParams are parameters that Elasticsearch knows and this server
// does not.
var unsupportedParams = []string{
	"analyze_wildcard", "analyzer", "default_operator", "df", "docvalue_fields", "explain", "lenient", "min_score", "q", "scroll", "stats",
	"stored_fields", "suggest_field", "terminate_after",
}

// searchParams passes over parameters without effect, and refuses those that
// would have one.
func (c *Call) searchParams() *eserr.Error {
	for _, name := range withoutEffect {
		c.Param(name)
	}
	for _, name := range unsupportedParams {
		if _, given := c.Param(name); given {
			return search.Unsupported("the parameter [" + name + "]")
		}
	}
	return nil
}

func (s *Server) search(c *Call) (action, *eserr.Error) {
	request := search.NewRequest()
	if len(c.Body) > 0 {
		p, err := c.parser()
		if err != nil {
			return nil, err
		}
		if err := request.ParseBody(p); err != nil {
			return nil, err
		}
	}
	if err := c.readSearch(request); err != nil {
		return nil, err
	}
	asInt, err := c.boolParam("rest_total_hits_as_int", false)
	if err != nil {
		return nil, err
	}
	names, err := s.indices(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		if request.From+request.Size > maxWindow && len(names) > 0 {
			return nil, page{request.From, request.Size}.checkWindow(names[0])
		}
		result := request.Run(s.searched(c, names), s.Now())
		if err := allFailed(result, len(names)); err != nil {
			return nil, err
		}
		if total := result.Hits.Object("total"); asInt && total != nil {
			result.Hits.Set("total", total.Get("value"))
		}
		answer := xcontent.NewObject("took", number(1), "timed_out", false)
		if request.CountsAll() {
			answer.Set("terminated_early", false)
		}
		answer.Set("_shards", searchShards(len(names), result.Failures)).Set("hits", result.Hits)
		return NewResponse(200, answer), nil
	}, nil
}

// readSearch reads the parameters of a search, which win over its body.
func (c *Call) readSearch(r *search.Request) *eserr.Error {
	if err := c.searchParams(); err != nil {
		return err
	}
	for _, p := range []struct {
		name string
		set  func(int) *eserr.Error
	}{{"from", r.SetFrom}, {"size", r.SetSize}} {
		if _, given := c.Param(p.name); !given {
			continue
		}
		n, err := c.intParam(p.name, 0)
		if err == nil {
			err = p.set(n)
		}
		if err != nil {
			return err
		}
	}
	for name, flag := range map[string]*bool{"version": &r.Version, "seq_no_primary_term": &r.SeqNo, "track_scores": &r.TrackScores} {
		var err *eserr.Error
		if *flag, err = c.boolParam(name, *flag); err != nil {
			return err
		}
	}
	if v, given := c.Param("track_total_hits"); given {
		if err := r.SetTrack(v); err != nil {
			return err
		}
	}
	if v, given := c.Param("timeout"); given {
		if err := search.CheckTime("timeout", v); err != nil {
			return err
		}
	}
	c.sourceParams(&r.Source)
	r.SetSort(c.listParam("sort"))
	c.validate(r.Validate()...)
	return nil
}

// sourceParams reads the parameters that say what of a document is shown.
func (c *Call) sourceParams(s *search.Source) {
	switch v, given := c.Param("_source"); {
	case !given:
	case v == "true" || v == "false":
		s.Hidden = v == "false"
	default:
		s.Includes = c.listParam("_source")
	}
	for name, into := range map[string]*[]string{"_source_includes": &s.Includes, "_source_excludes": &s.Excludes} {
		if list := c.listParam(name); list != nil {
			*into = list
		}
	}
}

// searched are indices as a search sees them.
func (s *Server) searched(c *Call, names []string) []search.Index {
	indices := make([]search.Index, len(names))
	for i, name := range names {
		docs := []store.Doc{}
		for _, d := range s.store.All(name) {
			if d, ok := c.hooks.Read(c, name, d); ok {
				docs = append(docs, d)
			}
		}
		ix := search.Index{Name: name, UUID: s.store.UUID(name), Fields: fieldsOf(name, docs), Docs: docs}
		if alias := s.aliasOf(name); alias != "" {
			ix.Aliases = []string{alias}
		}
		indices[i] = ix
	}
	return indices
}

// allFailed is the error of a search that no index could answer.
func allFailed(r search.Result, indices int) *eserr.Error {
	if len(r.Failures) == 0 || len(r.Failures) < indices {
		return nil
	}
	return searchFailed(r.Failures)
}

// searchFailed makes the error of a search out of what went wrong in each
// index.
func searchFailed(failures []search.Failure) *eserr.Error {
	shards := []any{}
	for _, f := range failures {
		shards = append(shards, shardFailure(f))
	}
	first := failures[0].Err
	failed := eserr.New(first.Status, "search_phase_execution_exception", "all shards failed").
		With(eserr.Field{Name: "phase", Value: "query"}, eserr.Field{Name: "grouped", Value: true},
			eserr.Field{Name: "failed_shards", Value: shards})
	failed.RootCause = first.Root()
	switch {
	case first.Family == eserr.Java: // Elasticsearch wraps it into one of its own
		wrapper := *first
		failed.Cause = wrapper.CausedBy(first)
	case failed.RootCause != first:
		failed.Cause = failed.RootCause
	}
	return failed
}

func shardFailure(f search.Failure) *xcontent.Object {
	reason := xcontent.NewObject()
	fill(reason, f.Err, false)
	return xcontent.NewObject("shard", number(0), "index", f.Index, "node", strings.Repeat("A", 22), "reason", reason)
}

// searchShards is what a search or a count says of its shards.
func searchShards(n int, failures []search.Failure) *xcontent.Object {
	o := xcontent.NewObject("total", number(n), "successful", number(n-len(failures)), "skipped", number(0), "failed", number(len(failures)))
	if len(failures) > 0 {
		list := []any{}
		for _, f := range failures {
			list = append(list, shardFailure(f))
		}
		o.Set("failures", list)
	}
	return o
}

func (s *Server) count(c *Call) (action, *eserr.Error) {
	request := search.NewRequest()
	if len(c.Body) > 0 {
		p, err := c.parser()
		if err != nil {
			return nil, err
		}
		if err := request.ParseQuery(p); err != nil {
			return nil, err
		}
	}
	if err := c.searchParams(); err != nil {
		return nil, err
	}
	names, err := s.indices(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		result := request.Run(s.searched(c, names), s.Now())
		if err := allFailed(result, len(names)); err != nil {
			return nil, err
		}
		return ok("count", number(result.Total), "_shards", searchShards(len(names), result.Failures)), nil
	}, nil
}

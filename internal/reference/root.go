package reference

import (
	"maps"
	"net/http"
	"slices"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Tagline and BuildFlavor are how GET / tells this server from Elasticsearch.
const (
	Tagline     = "esconform reference server, not Elasticsearch"
	BuildFlavor = "esconform-reference"
)

func (s *Server) rootRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/", op: "root", handle: s.root},
		{method: http.MethodHead, path: "/", op: "root", handle: s.root},
		{method: http.MethodGet, path: "/_cluster/health", op: "health", handle: s.health},
	}
}

func (s *Server) root(c *Call) (action, *eserr.Error) {
	return func() (*Response, *eserr.Error) {
		r := releaseOf(s.version)
		return ok(
			"name", "esconform",
			"cluster_name", "elasticsearch",
			"cluster_uuid", s.uuid,
			"version", xcontent.NewObject(
				"number", s.version.String(),
				"build_flavor", BuildFlavor,
				"build_type", "tar",
				"build_hash", r.hash,
				"build_date", r.date,
				"build_snapshot", false,
				"lucene_version", r.lucene,
				"minimum_wire_compatibility_version", r.wire,
				"minimum_index_compatibility_version", r.index),
			"tagline", Tagline), nil
	}, nil
}

func (s *Server) health(c *Call) (action, *eserr.Error) {
	for _, name := range []string{"wait_for_status", "timeout", "master_timeout", "local", "level"} {
		c.Param(name)
	}
	return func() (*Response, *eserr.Error) {
		return ok("cluster_name", "elasticsearch", "status", "green", "timed_out", false,
			"number_of_nodes", number(1), "number_of_data_nodes", number(1),
			"active_primary_shards", number(len(s.store.Names())), "active_shards", number(len(s.store.Names()))), nil
	}, nil
}

// sortedKeys returns the keys of a map, sorted.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

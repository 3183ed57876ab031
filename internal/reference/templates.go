package reference

import (
	"maps"
	"net/http"
	"path"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// indexTemplates give the indices of the API their mapping, settings and alias
// when the first write makes them (source: Elasticsearch's resources).
var indexTemplates = []struct{ name, index string }{
	{"elastic-connectors", ConnectorIndex},
	{"elastic-connectors-sync-jobs", JobIndex},
}

// sinceTemplateDates is when templates began to tell when they were made
// (source; measured on 9.5.3).
var sinceTemplateDates = esversion.MustParse("9.2.0")

func (s *Server) templateRoutes() []route {
	const all, one = "/_index_template", "/_index_template/{name}"
	return []route{
		{method: http.MethodGet, path: all, op: "index-template", handle: s.getTemplates},
		{method: http.MethodGet, path: one, op: "index-template", handle: s.getTemplates},
		{method: http.MethodHead, path: one, op: "index-template", handle: s.getTemplates},
	}
}

// templated tells whether the index templates are installed.
func (s *Server) templated() bool { return !s.clock().Before(s.templatesAt) }

// mappingOf returns the mapping that an index has from its template.
func (s *Server) mappingOf(index string) (mapping, bool) {
	m, ok := s.mappings[index]
	return m, ok && !s.store.Bare(index)
}

// Map has the mapping of an index know a field that it does not know in
// Elasticsearch, Unmap has it know a field no more. Searches go on as they did.
func (s *Server) Map(index, field, kind string) {
	s.remap(index, func(fields map[string]mapping) { fields[field] = leaf(kind) })
}

// Unmap is the contrary of Map.
func (s *Server) Unmap(index, field string) {
	s.remap(index, func(fields map[string]mapping) { delete(fields, field) })
}

func (s *Server) remap(index string, change func(fields map[string]mapping)) {
	properties := maps.Clone(s.mappings[index].properties)
	change(properties)
	s.mappings[index] = fields(properties)
}

// getTemplates answers as measured: a name that is not there is a 404, a
// pattern that fits nothing an empty list.
func (s *Server) getTemplates(c *Call) (action, *eserr.Error) {
	pattern, one := c.id("name"), c.Vars["name"] != ""
	for _, name := range []string{"local", "master_timeout", "flat_settings", "include_defaults"} {
		c.Param(name)
	}
	return func() (*Response, *eserr.Error) {
		found := []any{}
		for _, t := range indexTemplates {
			if fits, err := path.Match(pattern, t.name); s.templated() && (!one || err == nil && fits) {
				found = append(found, xcontent.NewObject("name", t.name, "index_template", s.describeTemplate(t.name, t.index)))
			}
		}
		if len(found) == 0 && one && !strings.Contains(pattern, "*") {
			return nil, eserr.NotFound("index template matching [%s] not found", pattern)
		}
		return ok("index_templates", found), nil
	}, nil
}

func (s *Server) describeTemplate(name, index string) *xcontent.Object {
	o := xcontent.NewObject(
		"index_patterns", []any{index},
		"composed_of", []any{"elastic-connectors-settings", name + "-mappings"},
		"priority", number(100),
		"version", number(3),
		"_meta", xcontent.NewObject("managed", true, "description", "Built-in template for "+name),
		"allow_auto_create", true)
	if s.version.AtLeast(sinceTemplateDates) {
		installed := number(s.templatesAt.UnixMilli())
		o.Set("created_date_millis", installed).Set("modified_date_millis", installed)
	}
	return o
}

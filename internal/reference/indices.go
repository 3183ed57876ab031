package reference

import (
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// aliasOf returns the alias of an index, "" where it has none.
func (s *Server) aliasOf(index string) string { return s.store.AliasOf(index) }

// checkCreateName refuses a name that no new index can have.
func checkCreateName(name string) *eserr.Error {
	switch {
	case name == "" || strings.ContainsAny(name[:1], "_-+"):
		return invalidIndexName(name, "must not start with '_', '-', or '+'")
	case name != strings.ToLower(name):
		return invalidIndexName(name, "must be lowercase")
	case strings.ContainsAny(name, fileNameSigns):
		return invalidIndexName(name, fileNameProblem)
	}
	return nil
}

func (s *Server) refresh(c *Call) (action, *eserr.Error) {
	names, err := s.indices(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		total := 0
		for _, index := range names {
			total += copies(index)
			if index == ConnectorIndex {
				s.view.refresh()
			}
		}
		return ok("_shards", xcontent.NewObject("total", number(total), "successful", number(len(names)), "failed", number(0))), nil
	}, nil
}

func (s *Server) createIndex(c *Call) (action, *eserr.Error) {
	name := c.id("index")
	for _, p := range []string{"timeout", "master_timeout", "wait_for_active_shards"} {
		c.Param(p)
	}
	if len(c.Body) > 0 {
		p, err := c.parser()
		if err != nil {
			return nil, err
		}
		if _, err := xcontent.ReadObject(p); err != nil {
			return nil, err
		}
	}
	return func() (*Response, *eserr.Error) {
		if err := checkCreateName(name); err != nil {
			return nil, err
		}
		created, err := s.store.Create(name)
		if err != nil {
			return nil, err
		}
		if !created {
			uuid := s.store.UUID(name)
			return nil, eserr.New(400, "resource_already_exists_exception", "index [%s/%s] already exists", name, uuid).
				With(eserr.Field{Name: "index_uuid", Value: uuid}, eserr.Field{Name: "index", Value: name})
		}
		return ok("acknowledged", true, "shards_acknowledged", true, "index", name), nil
	}, nil
}

func (s *Server) deleteIndex(c *Call) (action, *eserr.Error) {
	for _, p := range []string{"timeout", "master_timeout"} {
		c.Param(p)
	}
	names, err := s.indices(c)
	return func() (*Response, *eserr.Error) {
		for _, name := range indexNames(c.Vars["index"]) {
			if isPattern(name) {
				return nil, eserr.IllegalArgument("Wildcard expressions or all indices are not allowed")
			}
			if index, exists := s.store.Resolve(name); exists && index != name {
				return nil, eserr.IllegalArgument("The provided expression [%s] matches an alias, specify the corresponding concrete indices instead.", name)
			}
		}
		if err != nil {
			return nil, err
		}
		for _, index := range names {
			if err := s.store.Drop(index); err != nil {
				return nil, err
			}
		}
		return acknowledged(), nil
	}, nil
}

// describeIndices answers with one member for each index.
func (s *Server) describeIndices(c *Call, describe func(index string) *xcontent.Object) (action, *eserr.Error) {
	for _, name := range []string{"features", "flat_settings", "human", "include_defaults", "local", "master_timeout"} {
		c.Param(name)
	}
	names, err := s.indices(c)
	return func() (*Response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		described := xcontent.NewObject()
		for _, index := range names {
			described.Set(index, describe(index))
		}
		return NewResponse(200, described), nil
	}, nil
}

func (s *Server) getIndex(c *Call) (action, *eserr.Error) {
	return s.describeIndices(c, func(index string) *xcontent.Object {
		return xcontent.NewObject("aliases", s.aliasesOf(index), "mappings", s.indexMapping(index), "settings", s.indexSettings(index))
	})
}

func (s *Server) aliasesOf(index string) *xcontent.Object {
	aliases := xcontent.NewObject()
	if a := s.aliasOf(index); a != "" {
		aliases.Set(a, xcontent.NewObject())
	}
	return aliases
}

// indexMapping is the mapping as GET _mapping shows it.
func (s *Server) indexMapping(index string) *xcontent.Object {
	m, ok := s.mappingOf(index)
	if !ok {
		return xcontent.NewObject()
	}
	meta := xcontent.NewObject("version", number(3))
	if index == ConnectorIndex {
		meta = xcontent.NewObject("pipeline", xcontent.NewObject(
			"default_name", "ent-search-generic-ingestion", "default_extract_binary_content", true,
			"default_run_ml_inference", true, "default_reduce_whitespace", true), "version", number(3))
	}
	return xcontent.NewObject("dynamic", "false", "_meta", meta, "properties", m.describe().Get("properties"))
}

func (s *Server) indexSettings(index string) *xcontent.Object {
	settings := xcontent.NewObject("routing", xcontent.NewObject("allocation", xcontent.NewObject("include",
		xcontent.NewObject("_tier_preference", "data_content"))))
	replicas := "1"
	if _, ok := s.mappingOf(index); ok {
		replicas = "0"
		settings.Set("hidden", "true").Set("auto_expand_replicas", "0-1")
	}
	settings.Set("number_of_shards", "1").Set("number_of_replicas", replicas).
		Set("provided_name", index).Set("uuid", s.store.UUID(index))
	return xcontent.NewObject("index", settings)
}

func (s *Server) getMapping(c *Call) (action, *eserr.Error) {
	return s.describeIndices(c, func(index string) *xcontent.Object {
		return xcontent.NewObject("mappings", s.indexMapping(index))
	})
}

func (s *Server) getSettings(c *Call) (action, *eserr.Error) {
	return s.describeIndices(c, func(index string) *xcontent.Object {
		return xcontent.NewObject("settings", s.indexSettings(index))
	})
}

func (s *Server) getAlias(c *Call) (action, *eserr.Error) {
	pattern := c.id("name")
	if _, err := c.readIndicesOptions(); err != nil {
		return nil, err
	}
	return func() (*Response, *eserr.Error) {
		found := xcontent.NewObject()
		for _, index := range s.store.Names() {
			alias := s.aliasOf(index)
			if match, err := path.Match(pattern, alias); alias != "" && err == nil && match {
				found.Set(index, xcontent.NewObject("aliases", s.aliasesOf(index)))
			}
		}
		if found.Len() == 0 && !strings.ContainsAny(pattern, "*?") {
			return PlainError(404, "alias ["+pattern+"] missing"), nil
		}
		return NewResponse(200, found), nil
	}, nil
}

func (s *Server) catIndices(c *Call) (action, *eserr.Error) {
	pattern := c.id("index")
	for _, p := range []string{"h", "v", "s", "expand_wildcards", "bytes", "health"} {
		c.Param(p)
	}
	return func() (*Response, *eserr.Error) {
		names := slices.DeleteFunc(s.store.Names(), func(index string) bool {
			match, err := path.Match(pattern, index)
			return err != nil || !match
		})
		return c.catNames(names), nil
	}, nil
}

// catNames lists the names of indices, whatever columns are asked for.
func (c *Call) catNames(names []string) *Response {
	if c.Query["format"] != "json" {
		return textResponse(200, strings.Join(append(names, ""), "\n"))
	}
	list := []any{}
	for _, index := range names {
		list = append(list, xcontent.NewObject("index", index))
	}
	return NewResponse(200, list)
}

package reference

import (
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// aliasOf returns the alias of an index, "" where it has none.
func aliasOf(index string) string {
	switch index {
	case connectorIndex:
		return connectorAlias
	case jobIndex:
		return jobAlias
	}
	return ""
}

// checkCreateName refuses a name that no new index can have.
func checkCreateName(name string) *eserr.Error {
	switch {
	case name == "" || strings.ContainsAny(name[:1], "_-+"):
		return invalidIndexName(name, "must not start with '_', '-', or '+'")
	case name != strings.ToLower(name):
		return invalidIndexName(name, "must be lowercase")
	case strings.ContainsAny(name, `\/*?"<>| ,`):
		return invalidIndexName(name, `must not contain the following characters ['\\','/','*','?','"','<','>','|',' ',',']`)
	}
	return nil
}

func (s *Server) refresh(c *call) (action, *eserr.Error) {
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		return ok("_shards", shards(index)), nil
	}, nil
}

func (s *Server) createIndex(c *call) (action, *eserr.Error) {
	name := c.id("index")
	for _, p := range []string{"timeout", "master_timeout", "wait_for_active_shards"} {
		c.param(p)
	}
	if len(c.body) > 0 {
		if _, err := c.parser(); err != nil {
			return nil, err
		}
		if _, err := xcontent.ParseObject(c.body); err != nil {
			return nil, err
		}
	}
	return func() (*response, *eserr.Error) {
		if err := checkCreateName(name); err != nil {
			return nil, err
		}
		if !s.store.Create(name) {
			uuid := s.store.UUID(name)
			return nil, eserr.New(400, "resource_already_exists_exception", "index [%s/%s] already exists", name, uuid).
				With(eserr.Field{Name: "index_uuid", Value: uuid}, eserr.Field{Name: "index", Value: name})
		}
		return ok("acknowledged", true, "shards_acknowledged", true, "index", name), nil
	}, nil
}

func (s *Server) deleteIndex(c *call) (action, *eserr.Error) {
	for _, p := range []string{"timeout", "master_timeout", "ignore_unavailable", "allow_no_indices", "expand_wildcards"} {
		c.param(p)
	}
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		s.store.Drop(index)
		return acknowledged(), nil
	}, nil
}

func (s *Server) getIndex(c *call) (action, *eserr.Error) {
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		return ok(index, xcontent.NewObject("aliases", aliasesOf(index), "mappings", indexMapping(index),
			"settings", s.indexSettings(index))), nil
	}, nil
}

func aliasesOf(index string) *xcontent.Object {
	aliases := xcontent.NewObject()
	if a := aliasOf(index); a != "" {
		aliases.Set(a, xcontent.NewObject())
	}
	return aliases
}

// indexMapping is the mapping as GET _mapping shows it.
func indexMapping(index string) *xcontent.Object {
	m, ok := mappings[index]
	if !ok {
		return xcontent.NewObject()
	}
	meta := xcontent.NewObject("version", number(3))
	if index == connectorIndex {
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
	if _, ok := mappings[index]; ok {
		replicas = "0"
		settings.Set("hidden", "true").Set("auto_expand_replicas", "0-1")
	}
	settings.Set("number_of_shards", "1").Set("number_of_replicas", replicas).
		Set("provided_name", index).Set("uuid", s.store.UUID(index))
	return xcontent.NewObject("index", settings)
}

func (s *Server) getMapping(c *call) (action, *eserr.Error) {
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		return ok(index, xcontent.NewObject("mappings", indexMapping(index))), nil
	}, nil
}

func (s *Server) getSettings(c *call) (action, *eserr.Error) {
	index, err := s.existing(c)
	return func() (*response, *eserr.Error) {
		if err != nil {
			return nil, err
		}
		return ok(index, xcontent.NewObject("settings", s.indexSettings(index))), nil
	}, nil
}

func (s *Server) getAlias(c *call) (action, *eserr.Error) {
	pattern := c.id("name")
	return func() (*response, *eserr.Error) {
		found := xcontent.NewObject()
		for _, index := range s.store.Names() {
			alias := aliasOf(index)
			if match, err := path.Match(pattern, alias); alias != "" && err == nil && match {
				found.Set(index, xcontent.NewObject("aliases", aliasesOf(index)))
			}
		}
		if found.Len() == 0 && !strings.ContainsAny(pattern, "*?") {
			return plainError(404, "alias ["+pattern+"] missing"), nil
		}
		return newResponse(200, found), nil
	}, nil
}

func (s *Server) catIndices(c *call) (action, *eserr.Error) {
	pattern := c.id("index")
	for _, p := range []string{"h", "v", "s", "expand_wildcards", "bytes", "health"} {
		c.param(p)
	}
	return func() (*response, *eserr.Error) {
		names := slices.DeleteFunc(s.store.Names(), func(index string) bool {
			match, err := path.Match(pattern, index)
			return err != nil || !match
		})
		return c.catNames(names), nil
	}, nil
}

// catNames lists the names of indices, whatever columns are asked for.
func (c *call) catNames(names []string) *response {
	if c.query["format"] != "json" {
		return textResponse(200, strings.Join(append(names, ""), "\n"))
	}
	list := []any{}
	for _, index := range names {
		list = append(list, xcontent.NewObject("index", index))
	}
	return newResponse(200, list)
}

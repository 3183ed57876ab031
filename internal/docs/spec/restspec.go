package spec

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
)

// RestSpec reads every JSON file in a folder of rest-api-spec. A file that
// cannot be read is an error; _common.json is no API and is left out. dir is
// the folder's name in reports.
func RestSpec(dir string, fsys fs.FS) (*Set, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("read rest-api-spec %s: %w", dir, err)
	}
	set := &Set{byKey: map[string]func() *claim.Model{}}
	for _, name := range names {
		if strings.HasPrefix(name, "_") {
			continue
		}
		file := path.Join(dir, name)
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read rest-api-spec %s: %w", file, err)
		}
		var root yaml.Node
		if err := yaml.Unmarshal(b, &root); err != nil {
			return nil, fmt.Errorf("read rest-api-spec %s: not a JSON document: %w", file, err)
		}
		if len(root.Content) == 0 {
			return nil, fmt.Errorf("read rest-api-spec %s: the file is empty", file)
		}
		d := &document{file: file, root: root.Content[0], lines: strings.Split(string(b), "\n"), ascii: plain(b)}
		for id, api := range pairs(d.root) {
			set.add(d, id.Value, api)
		}
	}
	if set.Len() == 0 {
		return nil, fmt.Errorf("read rest-api-spec %s: no API in it: want the folder that holds files such as connector.sync_job_get.json", dir)
	}
	return set, nil
}

func (s *Set) add(d *document, id string, api *yaml.Node) {
	for _, p := range elements(get(get(api, "url"), "paths")) {
		for _, method := range elements(get(p, "methods")) {
			m := &claim.Model{Source: claim.SourceRestSpec, File: d.file, ID: id, Title: text(get(api, "documentation"), "description")}
			m.Routes = []claim.Route{{At: d.at(key(p, "path")), Method: method.Value, Path: text(p, "path")}}
			m.Stability = claim.Stability{At: d.at(key(api, "stability")), Word: text(api, "stability")}
			m.Fields = append(d.parts(get(p, "parts"), claim.InPath), d.parts(get(api, "params"), claim.InQuery)...)
			if body := key(api, "body"); body != nil {
				m.BodyAt = d.at(body)
			}
			m.Bound()
			s.byKey[m.Routes[0].Key()] = func() *claim.Model { return m }
		}
	}
}

func (d *document) parts(list *yaml.Node, in claim.Where) []claim.Field {
	var out []claim.Field
	for name, p := range pairs(list) {
		required := in == claim.InPath || text(p, "required") == "true"
		f := claim.Field{At: d.at(name), Name: name.Value, In: in, Type: text(p, "type"), Required: &required, Text: text(p, "description")}
		for _, o := range elements(get(p, "options")) {
			f.Values = append(f.Values, o.Value)
		}
		if v := get(p, "default"); v != nil {
			f.Default = &v.Value
		}
		out = append(out, f)
	}
	return out
}

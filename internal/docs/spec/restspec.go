package spec

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
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
		doc, err := tree.Parse(file, b)
		if err != nil {
			return nil, fmt.Errorf("read rest-api-spec %s: %w", file, err)
		}
		for api := range doc.Root().Pairs() {
			set.add(file, api)
		}
	}
	if set.Len() == 0 {
		return nil, fmt.Errorf("read rest-api-spec %s: no API in it: want the folder that holds files such as connector.sync_job_get.json", dir)
	}
	return set, nil
}

func (s *Set) add(file string, api tree.Node) {
	for _, p := range api.Get("url").Get("paths").Items() {
		for _, method := range p.Get("methods").Items() {
			verb, _ := method.Scalar()
			m := &claim.Model{Source: claim.SourceRestSpec, File: file, ID: api.Name(), Title: api.Get("documentation").Text("description")}
			m.Routes = []claim.Route{{At: p.Get("path").Place(), Method: verb, Path: p.Text("path")}}
			m.Stability = claim.Stability{At: api.Get("stability").Place(), Word: api.Text("stability")}
			m.Fields = append(parts(p.Get("parts"), claim.InPath), parts(api.Get("params"), claim.InQuery)...)
			m.BodyAt = api.Get("body").Place()
			m.Bound()
			s.byKey[m.Routes[0].Key()] = func() *claim.Model { return m }
		}
	}
}

func parts(list tree.Node, in claim.Where) []claim.Field {
	var out []claim.Field
	for p := range list.Pairs() {
		required := in == claim.InPath || p.Text("required") == "true"
		f := claim.Field{At: p.Place(), Name: p.Name(), In: in, Type: p.Text("type"), Required: &required, Text: p.Text("description")}
		f.Deprecated = p.Get("deprecated").There()
		for _, o := range p.Get("options").Items() {
			if v, ok := o.Scalar(); ok {
				f.Values = append(f.Values, v)
			}
		}
		if v, ok := p.Get("default").Scalar(); ok {
			f.Default = &v
		}
		out = append(out, f)
	}
	return out
}

// Package restspec reads Elasticsearch's REST API specification, one JSON file
// an API, and makes requests of calls: which path and method, what goes into
// the query, and what of it the specification does not allow.
package restspec

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/userfile"
)

// API is one API of the specification, such as indices.put_alias.
type API struct {
	Name  string
	Paths []Path
	// Params are the parameters of the query, those of every API included.
	Params map[string]bool
	Body   *Body // nil: it takes none
	// Accept and ContentType are the media types of its answers and bodies.
	Accept, ContentType []string
}

// Path is one way to call an API.
type Path struct {
	Template   string // "/{index}/_doc/{id}"
	Methods    []string
	Parts      []string // in the order of the template
	Deprecated bool
}

// Body says what an API takes as its body.
type Body struct {
	Required bool
	// Lines: one JSON document a line.
	Lines bool
}

// Spec is a set of APIs.
type Spec struct {
	apis    map[string]*API
	deletes []string          // templates of paths that a DELETE goes to, sorted
	reads   map[string]string // shapes of paths that can be read, and how: HEAD or GET
	// deletable has the shapes of paths that a DELETE goes to, with the names
	// of their last parts.
	deletable map[string][]string
}

// Open reads the specification out of a folder, or out of a jar as it is
// published.
func Open(name string) (*Spec, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read the REST specification: %w", err)
	}
	fsys := userfile.Dir(name, userfile.Small)
	if !info.IsDir() {
		jar, err := userfile.Open(name, userfile.Page)
		if err != nil {
			return nil, fmt.Errorf("read the REST specification: %w", err)
		}
		defer jar.Close() //nolint:errcheck // it is only read
		if fsys, err = zip.NewReader(jar, info.Size()); err != nil {
			return nil, fmt.Errorf("read the REST specification %s: %w; give the folder with its JSON files, or the jar", name, err)
		}
	}
	spec, err := Load(fsys)
	if err != nil {
		return nil, fmt.Errorf("read the REST specification %s: %w", name, err)
	}
	return spec, nil
}

// common is the file with the parameters that every API takes. The folder that
// holds it is that of the APIs.
const common = "_common.json"

// Load reads every API in the folder that holds _common.json.
func Load(fsys fs.FS) (*Spec, error) {
	dir, err := folder(fsys)
	if err != nil {
		return nil, err
	}
	shared, err := readFile(fsys, path.Join(dir, common))
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, path.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	s := Of()
	for _, name := range names {
		if path.Base(name) == common {
			continue
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var apis map[string]document
		if err := json.Unmarshal(raw, &apis); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for id, doc := range apis {
			s.add(doc.api(id, shared))
		}
	}
	slices.Sort(s.deletes)
	if len(s.apis) == 0 {
		return nil, errors.New("there is no API in it")
	}
	return s, nil
}

// Of is the specification that has these APIs.
func Of(apis ...*API) *Spec {
	s := &Spec{apis: map[string]*API{}, reads: map[string]string{}, deletable: map[string][]string{}}
	for _, api := range apis {
		s.add(api)
	}
	slices.Sort(s.deletes)
	return s
}

func folder(fsys fs.FS) (string, error) {
	found := ""
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && path.Base(name) == common {
			found = path.Dir(name)
			return fs.SkipAll
		}
		return err
	})
	if err == nil && found == "" {
		err = fmt.Errorf("no %s in it: want the folder that holds files such as indices.create.json", common)
	}
	return found, err
}

// document is an API as it is written.
type document struct {
	URL struct {
		Paths []struct {
			Path       string                     `json:"path"`
			Methods    []string                   `json:"methods"`
			Parts      map[string]json.RawMessage `json:"parts"`
			Deprecated json.RawMessage            `json:"deprecated"`
		} `json:"paths"`
	} `json:"url"`
	Params  map[string]json.RawMessage `json:"params"`
	Headers struct {
		Accept      []string `json:"accept"`
		ContentType []string `json:"content_type"`
	} `json:"headers"`
	Body *struct {
		Required  bool   `json:"required"`
		Serialize string `json:"serialize"`
	} `json:"body"`
}

func readFile(fsys fs.FS, name string) (document, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return document{}, err
	}
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return document{}, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

func (d document) api(name string, shared document) *API {
	// Every answer heeds format, though the specification says so of few APIs.
	api := &API{Name: name, Params: map[string]bool{"format": true}, Accept: d.Headers.Accept, ContentType: d.Headers.ContentType}
	for _, params := range []map[string]json.RawMessage{shared.Params, d.Params} {
		for p := range params {
			api.Params[p] = true
		}
	}
	for _, p := range d.URL.Paths {
		api.Paths = append(api.Paths, Path{Template: p.Path, Methods: p.Methods, Parts: parts(p.Path), Deprecated: len(p.Deprecated) > 0})
	}
	if d.Body != nil {
		api.Body = &Body{Required: d.Body.Required, Lines: d.Body.Serialize == "bulk"}
	}
	return api
}

func parts(template string) []string {
	var out []string
	for _, segment := range strings.Split(template, "/") {
		if name, is := part(segment); is {
			out = append(out, name)
		}
	}
	return out
}

func part(segment string) (string, bool) {
	name, opened := strings.CutPrefix(segment, "{")
	name, closed := strings.CutSuffix(name, "}")
	return name, opened && closed
}

func (s *Spec) add(api *API) {
	s.apis[api.Name] = api
	for _, p := range api.Paths {
		for _, m := range p.Methods {
			switch m {
			case "DELETE":
				s.deletes = append(s.deletes, p.Template)
				at := shape(p.Template)
				last, _ := part(p.Template[strings.LastIndex(p.Template, "/")+1:])
				s.deletable[at] = append(s.deletable[at], last)
			case "HEAD":
				s.reads[shape(p.Template)] = m
			case "GET":
				if at := shape(p.Template); s.reads[at] == "" {
					s.reads[at] = m
				}
			}
		}
	}
}

// shape is a template without the names of its parts.
func shape(template string) string {
	segments := strings.Split(template, "/")
	for i, segment := range segments {
		if _, is := part(segment); is {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

// API returns the API of this name.
func (s *Spec) API(name string) (*API, bool) {
	api, ok := s.apis[name]
	return api, ok
}

// Names lists the APIs, sorted.
func (s *Spec) Names() []string {
	names := make([]string, 0, len(s.apis))
	for n := range s.apis {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Reads returns the method that reads what lives at the template, or "".
func (s *Spec) Reads(template string) string { return s.reads[shape(template)] }

// Package lineage knows what older versions of Elasticsearch, of Kibana and of
// the connector service left in the indices of connectors, and puts it there.
package lineage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/nearest"
)

// Lineage is what a cluster holds that was of a version once.
type Lineage struct {
	Version   string     `yaml:"lineage"`
	About     string     `yaml:"about"`
	Time      string     `yaml:"time"` // at which its documents were made
	Documents []Document `yaml:"documents"`
}

// Document is one stored document. In its body {connector} and {index} stand
// for the connector that a sync job is of, and the name of an index;
// {created_at} and {created_at_offset} for when it was made, in two forms.
type Document struct {
	Name   string `yaml:"name"`
	Kind   string `yaml:"kind"`   // connector or sync job
	Writer string `yaml:"writer"` // who wrote it
	Why    string `yaml:"why"`    // what is special about it
	Source string `yaml:"source"` // how that is known

	// Fixture is the file that it is like, but for some members.
	Fixture string         `yaml:"fixture"`
	Set     map[string]any `yaml:"set"`
	Remove  []string       `yaml:"remove"`

	body []byte
	time string
}

// All returns the lineages that come with esconform, the oldest first.
var All = sync.OnceValues(func() ([]Lineage, error) { return readAll(fixtures.FS) })

func readAll(fixtures fs.FS) ([]Lineage, error) {
	files, err := fs.Glob(fixtures, "lineages/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Lineage
	for _, file := range files {
		l, err := read(fixtures, file)
		if err != nil {
			return nil, fmt.Errorf("read the lineage %s: %w", file, err)
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Lineage) int { return a.order().Compare(b.order()) })
	return all, nil
}

func (l Lineage) order() esversion.Version { return esversion.MustParse(l.Version + ".0") }

func read(fixtures fs.FS, file string) (l Lineage, err error) {
	raw, err := fs.ReadFile(fixtures, file)
	if err != nil {
		return l, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&l); err != nil {
		return l, err
	}
	for i := range l.Documents {
		d := &l.Documents[i]
		d.time = l.Time
		if d.body, err = d.read(fixtures); err != nil {
			return l, fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return l, nil
}

// MadeAt is the body of a document that was made at a time, "" for the time of
// its lineage, which is written with +00:00.
func (d Document) MadeAt(at string) []byte {
	at = cmp.Or(at, d.time)
	return []byte(strings.NewReplacer("{created_at_offset}", at, "{created_at}", strings.Replace(at, "+00:00", "Z", 1)).Replace(string(d.body)))
}

// read makes the body: the fixture with what is set, without what is removed.
func (d *Document) read(fixtures fs.FS) ([]byte, error) {
	raw, err := fs.ReadFile(fixtures, path.Join("documents", d.Fixture))
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	maps.Copy(doc, d.Set)
	for _, name := range d.Remove {
		if _, there := doc[name]; !there {
			return nil, fmt.Errorf("%s has no %s to remove", d.Fixture, name)
		}
		delete(doc, name)
	}
	return json.Marshal(doc)
}

// Select returns the lineages of these versions, the oldest first; "all" is all
// of them.
func Select(all []Lineage, versions []string) ([]Lineage, error) {
	if slices.Contains(versions, "all") {
		return all, nil
	}
	known := append([]string{"all"}, Versions(all)...)
	for _, v := range versions {
		if !slices.Contains(known, v) {
			return nil, fmt.Errorf("there is no lineage %q%s; known are %s", v, nearest.Hint(v, known), strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(l Lineage) bool { return !slices.Contains(versions, l.Version) }), nil
}

// Has reports whether a name is that of a document of a lineage, as
// 8.8/completed, and not of a file.
func Has(name string) bool { return strings.Contains(name, "/") && path.Ext(name) == "" }

// Find returns the document of a lineage by both names, as 8.8/completed.
func Find(name string) (Document, error) {
	all, err := All()
	if err != nil {
		return Document{}, err
	}
	for _, l := range all {
		for _, d := range l.Documents {
			if l.Version+"/"+d.Name == name {
				return d, nil
			}
		}
	}
	return Document{}, fmt.Errorf("there is no document %s in any lineage; see \"esconform list --lineages\"", name)
}

// Versions are those of the lineages.
func Versions(lineages []Lineage) (versions []string) {
	for _, l := range lineages {
		versions = append(versions, l.Version)
	}
	return versions
}

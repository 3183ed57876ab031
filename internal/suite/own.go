package suite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"testing/fstest"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/userfile"
	"github.com/esconform/esconform/steps"
)

// Own says which features are read beside those of the project.
type Own struct {
	Folders []string
	// Only leaves out the project's own scenarios, and what they alone prove.
	Only bool
}

// Open reads the features of the project and those in a user's folders.
func Open(own Own) (*Suite, error) {
	if own.Only && len(own.Folders) == 0 {
		return nil, errors.New("only features of your own are asked for: say where they are with --features")
	}
	sources := []Source{{Name: "features", FS: features.FS, Silent: own.Only}}
	for _, dir := range own.Folders {
		info, err := os.Stat(dir)
		if err != nil {
			return nil, fmt.Errorf("read features in %s: %w", dir, err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("read features in %s: it is a file; give the folder that holds it", dir)
		}
		sources = append(sources, Source{Name: dir, FS: userfile.Dir(dir, userfile.Small), User: true})
	}
	return Load(sources...)
}

// The folders beside a user's features.
const (
	fixturesFolder = "fixtures"
	schemasFolder  = "schemas"
)

// layers are files of which the first that has a name counts.
type layers []fs.FS

// Open opens a file of the first layer that has it.
func (l layers) Open(name string) (fs.File, error) {
	for _, layer := range l {
		if f, err := layer.Open(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// addFiles takes over the fixtures and the schemas of a user's folder.
func (s *Suite) addFiles(src Source) error {
	fixtures := fstest.MapFS{}
	err := walk(src, fixturesFolder, func(name string, content []byte) {
		fixtures[name] = &fstest.MapFile{Data: content}
		s.files[path.Join(src.Name, fixturesFolder, name)] = content
	})
	if err != nil {
		return err
	}
	s.Fixtures = append(layers{fixtures}, s.Fixtures)
	schemas := fstest.MapFS{}
	err = walk(src, schemasFolder, func(name string, content []byte) {
		schemas[name] = &fstest.MapFile{Data: content}
		s.files[path.Join(src.Name, schemasFolder, name)] = content
	})
	if err == nil && len(schemas) > 0 {
		var set *schema.Set
		if set, err = schema.Load(schemas); err == nil {
			s.Schemas, err = s.Schemas.With(set)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path.Join(src.Name, schemasFolder), err)
	}
	return nil
}

// walk reads every file of a folder in a source, if there is such a folder.
func walk(src Source, folder string, take func(name string, content []byte)) error {
	sub, err := fs.Sub(src.FS, folder)
	if err != nil {
		return err
	}
	err = fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(sub, name)
		if err == nil {
			take(name, content)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path.Join(src.Name, folder), err)
	}
	return nil
}

// checkFiles looks for steps that speak of a schema or a file that is not there.
func (s *Suite) checkFiles(c *Case) []string {
	var problems []string
	for _, st := range c.Steps {
		kind, name := steps.Reads(st.Text)
		switch {
		case kind == steps.Schema && !s.Schemas.Has(name):
			problems = append(problems, fmt.Sprintf("%s:%d: there is no schema %q, neither in %s beside the features nor among those of esconform", c.File, st.Line, name, schemasFolder))
		case kind != "" && kind != steps.Schema:
			if _, err := fs.Stat(s.Fixtures, path.Join(kind, name)); err != nil {
				problems = append(problems, fmt.Sprintf("%s:%d: there is no fixture %s, neither in %s beside the features nor among those of esconform", c.File, st.Line, path.Join(kind, name), fixturesFolder))
			}
		}
	}
	return problems
}

// forget leaves out the requirements that only the project's own scenarios
// prove.
func (s *Suite) forget() {
	s.Coverage, s.Only = nil, true
	s.Catalogue.Keep(func(id string) bool {
		return slices.ContainsFunc(s.Cases, func(c *Case) bool { return slices.Contains(c.Requirements, id) })
	})
}

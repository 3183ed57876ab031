package suite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/lineage"
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
	sources, err := own.sources()
	if err != nil {
		return nil, err
	}
	return Load(sources...)
}

// OpenFamilies reads the catalogues of APIs of the project and those in a user's
// folders of features.
func OpenFamilies(folders []string) (family.Set, error) {
	sources, err := Own{Folders: folders}.sources()
	if err != nil {
		return nil, err
	}
	return Families(sources...)
}

func (own Own) sources() ([]Source, error) {
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
	return sources, nil
}

// addFiles takes over the fixtures and the schemas of a user's folder.
func (s *Suite) addFiles(src Source) error {
	files, raw, err := s.Files.With(src.FS, src.Name)
	s.Files = files
	for name, content := range raw {
		s.files[path.Join(src.Name, name)] = content
	}
	return err
}

// checkFiles looks for steps that speak of a schema or a file that is not there.
func (s *Suite) checkFiles(c *Case) []string {
	var problems []string
	for _, st := range c.Steps {
		kind, name := steps.Reads(st.Text)
		switch {
		case kind == steps.Schema && !s.Schemas.Has(name):
			problems = append(problems, fmt.Sprintf("%s:%d: there is no schema %q, neither in schemas beside the features nor among those of esconform", c.File, st.Line, name))
		case kind == "documents" && lineage.Has(name):
			if _, err := lineage.Find(name); err != nil {
				problems = append(problems, fmt.Sprintf("%s:%d: %v", c.File, st.Line, err))
			}
		case kind != "" && kind != steps.Schema:
			if _, err := fs.Stat(s.Fixtures, path.Join(kind, name)); err != nil {
				problems = append(problems, fmt.Sprintf("%s:%d: there is no fixture %s, neither in fixtures beside the features nor among those of esconform", c.File, st.Line, path.Join(kind, name)))
			}
		}
	}
	return problems
}

// forget leaves out the requirements that only the project's own scenarios
// prove.
func (s *Suite) forget() {
	s.Coverage, s.Checks, s.Only = nil, nil, true
	s.Catalogue.Keep(func(id string) bool {
		return slices.ContainsFunc(s.Cases, func(c *Case) bool { return slices.Contains(c.Requirements, id) })
	})
}

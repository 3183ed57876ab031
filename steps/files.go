package steps

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/esconform/esconform/fixtures"
	"github.com/esconform/esconform/internal/schema"
)

// Files are what steps read: fixtures, and schemas of answers.
type Files struct {
	Fixtures fs.FS
	Schemas  *schema.Set
}

// Published returns the files of the project.
func Published() (Files, error) {
	set, err := schema.Published()
	return Files{fixtures.FS, set}, err
}

// With returns the files together with those in the folders fixtures and
// schemas of fsys, which come first, and what is in those by its path. Errors
// name the folder after name.
func (f Files) With(fsys fs.FS, name string) (Files, map[string][]byte, error) {
	raw := map[string][]byte{}
	folders := map[string]fstest.MapFS{"fixtures": {}, Schema: {}}
	for folder, files := range folders {
		err := fs.WalkDir(fsys, folder, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := fs.ReadFile(fsys, file)
			raw[file] = content
			files[strings.TrimPrefix(file, folder+"/")] = &fstest.MapFile{Data: content}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return f, nil, fmt.Errorf("read %s: %w", path.Join(name, folder), err)
		}
	}
	f.Fixtures = layers{folders["fixtures"], f.Fixtures}
	if len(folders[Schema]) == 0 {
		return f, raw, nil
	}
	set, err := schema.Load(folders[Schema])
	if err == nil {
		f.Schemas, err = f.Schemas.With(set)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", path.Join(name, Schema), err)
	}
	return f, raw, err
}

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

// Schema is what Reads says of a step that holds something against a schema.
const Schema = "schemas"

// reading are the steps that read a file, and the folder that has it.
var reading = []struct {
	pattern *regexp.Regexp
	folder  string
}{
	{regexp.MustCompile(`^the response matches the schema "([^"{]*)"$`), Schema},
	{regexp.MustCompile(` with the body of the fixture "([^"{]*)"$`), "bodies"},
	{regexp.MustCompile(`^a connector of the fixture "([^"{]*)" with`), "connectors"},
	{regexp.MustCompile(` has stored as the fixture "([^"{]*)"$`), "documents"},
}

// Reads says which file a step reads: its folder among the fixtures, or Schema,
// and its name; "" for none.
func Reads(step string) (folder, name string) {
	for _, r := range reading {
		if m := r.pattern.FindStringSubmatch(step); m != nil {
			return r.folder, m[1]
		}
	}
	return "", ""
}

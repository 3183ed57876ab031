// Package report renders the result of a run: for a terminal, and as files.
// It knows nothing of how scenarios are run.
package report

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report/cucumber"
	"github.com/esconform/esconform/internal/report/html"
	"github.com/esconform/esconform/internal/report/summary"
	"github.com/esconform/esconform/internal/result"
)

// The names of the files in a report folder.
const (
	JSONFile     = "report.json"
	HTMLFile     = "report.html"
	JUnitFile    = "junit.xml"
	SummaryFile  = "summary.md"
	JournalFile  = "journal.ndjson"
	CucumberFile = "cucumber.json"
)

// writer writes one file.
type writer struct {
	name  string
	write func(io.Writer, *result.Run) error
}

// writers lists the files that are written once, at the end of a run.
var writers = []writer{
	{JSONFile, JSON},
	{JUnitFile, JUnit},
	{HTMLFile, html.Write},
	{SummaryFile, summary.Write},
	{observe.File, observe.Write},
}

// extra lists the formats that are written only where they are asked for.
var extra = map[string]writer{
	"cucumber": {CucumberFile, cucumber.Write},
}

// Formats lists the further formats that Write knows, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(extra)) }

// Write writes every report file of a run into dir, and those of further
// formats. Each is written whole or not at all; the first error is returned
// after all were tried.
func Write(dir string, run *result.Run, formats ...string) error {
	var first error
	all := slices.Clone(writers)
	for _, f := range formats {
		all = append(all, extra[f])
	}
	for _, w := range all {
		var buf bytes.Buffer
		err := w.write(&buf, run)
		if err == nil {
			err = replace(filepath.Join(dir, w.name), buf.Bytes())
		}
		if err != nil && first == nil {
			first = fmt.Errorf("write %s: %w", filepath.Join(dir, w.name), err)
		}
	}
	return first
}

// replace writes a file beside its place and renames it, so that a reader
// never sees half of it.
func replace(name string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".esconform-*")
	if err != nil {
		return err
	}
	_, err = foreign.File(tmp).Write(content)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

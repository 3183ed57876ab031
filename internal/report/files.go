// Package report renders the result of a run: for a terminal, and as files.
// It knows nothing of how scenarios are run.
package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// format writes one file.
type format struct {
	name  string
	write func(io.Writer, *result.Run) error
}

// formats lists the files that are written once, at the end of a run. The
// first is the one that says what the verdict is.
var formats = []format{
	{JSONFile, JSON},
	{JUnitFile, JUnit},
	{HTMLFile, html.Write},
	{SummaryFile, summary.Write},
	{observe.File, observe.Write},
}

// extra lists the formats that are written only where they are asked for.
var extra = map[string]format{
	"cucumber": {CucumberFile, cucumber.Write},
}

// drawn lists the formats that a report can be drawn in again, by what they are
// called. What was observed is not among them: it is made of exchanges that a
// report does not have.
var drawn = map[string]format{
	"json": formats[0], "junit": formats[1], "html": formats[2], "summary": formats[3], "cucumber": extra["cucumber"],
}

// Drawn lists the formats that Draw knows, sorted.
func Drawn() []string { return slices.Sorted(maps.Keys(drawn)) }

// Draw writes a run into dir, in these formats, and returns the files.
func Draw(dir string, run *result.Run, names ...string) ([]string, error) {
	var files []File
	var paths []string
	for _, name := range names {
		f := drawn[name]
		files = append(files, File{Name: f.name, Write: func(w io.Writer) error { return f.write(w, run) }})
		paths = append(paths, filepath.Join(dir, f.name))
	}
	return paths, writeAll(dir, files, nil)
}

// Formats lists the further formats that Write knows, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(extra)) }

// Names lists the files that Write may write, whatever the formats.
func Names() []string {
	var names []string
	for _, f := range slices.Concat(formats, slices.Collect(maps.Values(extra))) {
		names = append(names, f.name)
	}
	return names
}

// File is a file of a report folder.
type File struct {
	Name  string
	Write func(io.Writer) error
	// Exact: it is written as it is, for what would be worth nothing otherwise.
	Exact bool
}

// filesOf lists the files of a run, and those of further formats. Each of more
// takes the place of the one of its name.
func filesOf(run *result.Run, further []string, more []File) []File {
	all := slices.Clone(formats)
	for _, f := range further {
		all = append(all, extra[f])
	}
	var files []File
	for _, f := range all {
		if !slices.ContainsFunc(more, func(m File) bool { return m.Name == f.name }) {
			files = append(files, File{Name: f.name, Write: func(w io.Writer) error { return f.write(w, run) }})
		}
	}
	return append(files, more...)
}

// Write writes every report file of a run into dir, and those of further
// formats. Where one of them cannot be written, the run has a verdict that not
// everybody can look up: it becomes inconclusive, in the run and in the files
// that can be written.
func Write(dir string, run *result.Run, further ...string) error {
	return write(dir, run, further, nil, func() error { return nil })
}

// write does what Write does. last is called before the verdict is put into
// place, and once more where that has changed.
func write(dir string, run *result.Run, further []string, more []File, last func() error) error {
	err := writeAll(dir, filesOf(run, further, more), last)
	if err == nil {
		return nil
	}
	run.Verdict, run.ExitCode = result.Inconclusive, result.ExitInconclusive
	run.Reason = "the report could not be written: " + strings.Join(strings.Fields(err.Error()), " ")
	for i, f := range filesOf(run, further, more) {
		failed := writeAll(dir, []File{f}, nil)
		if failed != nil && i == 0 {
			failed = writeAll(dir, filesOf(outline(run), nil, nil)[:1], nil)
		}
		if failed != nil {
			_ = os.Remove(filepath.Join(dir, f.Name)) // it may tell of the first verdict
		}
	}
	_ = last() // the journal has no last line then
	return err
}

// outline is a run without what takes the most space.
func outline(run *result.Run) *result.Run {
	short := *run
	short.Scenarios = slices.Clone(run.Scenarios)
	for i := range short.Scenarios {
		sc := &short.Scenarios[i]
		sc.Steps, sc.Exchanges, sc.Attempts = nil, nil, nil
		if sc.Failure != nil {
			failure := *sc.Failure
			failure.Exchange, sc.Failure = nil, &failure
		}
	}
	return &short
}

// WriteAll writes files as a whole: beside their places first, and none of
// them if one cannot be written. The first is put into its place last: it is
// there only if all of them are.
func WriteAll(dir string, files ...File) error { return writeAll(dir, files, nil) }

func writeAll(dir string, files []File, last func() error) (err error) {
	beside := make([]string, len(files))
	defer func() {
		for _, tmp := range beside {
			_ = os.Remove(tmp) // nothing is there where all went well
		}
	}()
	for i, f := range files {
		if beside[i], err = writeBeside(dir, f); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(dir, f.Name), err)
		}
	}
	for i := len(files) - 1; i >= 0; i-- {
		if i == 0 && last != nil {
			if err := last(); err != nil {
				return err
			}
		}
		if err := os.Rename(beside[i], filepath.Join(dir, files[i].Name)); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(dir, files[i].Name), err)
		}
	}
	return nil
}

// writeBeside writes a file beside its place, so that a reader never sees half
// of it, and returns its name, also of one that could not be written.
func writeBeside(dir string, f File) (name string, err error) {
	tmp, err := os.CreateTemp(dir, ".esconform-*")
	if err != nil {
		return "", err
	}
	var out io.Writer = tmp
	if !f.Exact {
		out = foreign.File(tmp)
	}
	lines := &lineWriter{out: out}
	err = errors.Join(f.Write(lines), lines.flush())
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	return tmp.Name(), err
}

// lineWriter passes on whole lines, many at once: no character is divided.
type lineWriter struct {
	out  io.Writer
	held []byte
}

// enough is how many bytes are passed on at once.
const enough = 64 << 10

func (w *lineWriter) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	if len(w.held) < enough {
		return len(p), nil
	}
	end := bytes.LastIndexByte(w.held, '\n') + 1
	_, err := w.out.Write(w.held[:end])
	w.held = append(w.held[:0], w.held[end:]...)
	return len(p), err
}

func (w *lineWriter) flush() error {
	_, err := w.out.Write(w.held)
	return err
}

package docs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report"
)

// The names of the report files and of the journal, which names what is
// created before it is.
const (
	JournalFile  = "docs-journal.ndjson"
	JSONFile     = "docs-report.json"
	HTMLFile     = "docs-report.html"
	MarkdownFile = "docs-report.md"
	SARIFFile    = "docs.sarif"
	JUnitFile    = "docs-junit.xml"
)

var writers = []struct {
	name  string
	write func(io.Writer, *render.Report) error
}{
	{JSONFile, render.JSON},
	{HTMLFile, func(w io.Writer, r *render.Report) error { return render.HTML(w, r.Brief()) }},
	{MarkdownFile, func(w io.Writer, r *render.Report) error { return render.Markdown(w, r.Brief()) }},
	{SARIFFile, render.SARIF},
	{JUnitFile, func(w io.Writer, r *render.Report) error { return report.JUnit(w, r.Brief().Judged()) }},
}

// Names lists the files that a run on these pages may write into its folder.
func Names(pages ...string) []string {
	var names []string
	for _, w := range writers {
		names = append(names, w.name)
	}
	names = append(names, render.JSONPatchName(0)) // of an earlier run, where this one has no document
	for n := 1; n < len(pages); n++ {
		names = append(names, render.JSONPatchName(n))
	}
	return names
}

// write writes every report that was asked for; the first error is returned
// after all were tried.
func write(cfg Config, rep *render.Report) error {
	var first error
	keep := func(name string, err error) {
		if err != nil && first == nil {
			first = fmt.Errorf("write %s: %w", name, err)
		}
	}
	if cfg.OutDir != "" {
		keep(cfg.OutDir, os.MkdirAll(cfg.OutDir, 0o755))
		keep("the report", report.WriteAll(cfg.OutDir, files(rep)...))
	}
	if cfg.Out != nil {
		keep("the report to the terminal", render.Terminal(cfg.Out, rep, cfg.Verbose))
	}
	switch {
	case cfg.Patch == "-" && cfg.Out != nil:
		keep("the patch", printPatch(cfg.Out, rep))
	case cfg.Patch != "" && cfg.Patch != "-":
		keep(cfg.Patch, writePatch(cfg.Patch, rep))
	}
	return first
}

// printPatch prints the patch, which has to be exact. One that could not be
// printed as it is could not be applied.
func printPatch(out io.Writer, rep *render.Report) error {
	var patch strings.Builder
	if err := render.Patch(&patch, rep); err != nil {
		return err
	}
	if !foreign.Harmless(patch.String()) {
		return errors.New("the pages hold characters that are not printed as they are: give --patch a file")
	}
	_, err := io.WriteString(out, patch.String())
	return err
}

func writeBaseline(name string, b *finding.Baseline) error {
	return report.WriteAll(filepath.Dir(name), report.File{Name: filepath.Base(name), Write: b.Write})
}

func writePatch(name string, rep *render.Report) error {
	return report.WriteAll(filepath.Dir(name), report.File{
		Name: filepath.Base(name), Exact: true, Write: func(out io.Writer) error { return render.Patch(out, rep) },
	})
}

func files(rep *render.Report) []report.File {
	var out []report.File
	for _, w := range writers {
		out = append(out, report.File{Name: w.name, Write: func(to io.Writer) error { return w.write(to, rep) }})
	}
	for n, patch := range rep.JSONPatches() {
		out = append(out, report.File{Name: render.JSONPatchName(n), Exact: true, Write: patch})
	}
	return out
}

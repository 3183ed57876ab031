package docs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/esconform/esconform/internal/docs/render"
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
	{HTMLFile, render.HTML},
	{MarkdownFile, render.Markdown},
	{SARIFFile, render.SARIF},
	{JUnitFile, func(w io.Writer, r *render.Report) error { return report.JUnit(w, r.AsRun()) }},
}

// Names lists the files that a run may write into its folder.
func Names() []string {
	var names []string
	for _, w := range writers {
		names = append(names, w.name)
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
		keep("the patch", render.Patch(cfg.Out, rep))
	case cfg.Patch != "" && cfg.Patch != "-":
		dir, name := filepath.Split(cfg.Patch)
		keep(cfg.Patch, report.WriteAll(dir, report.File{Name: name, Write: func(out io.Writer) error { return render.Patch(out, rep) }}))
	}
	return first
}

func files(rep *render.Report) []report.File {
	var out []report.File
	for _, w := range writers {
		out = append(out, report.File{Name: w.name, Write: func(to io.Writer) error { return w.write(to, rep) }})
	}
	return out
}

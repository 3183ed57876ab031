package docs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report"
)

// The names of the report files.
const (
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
		for _, w := range writers {
			name := filepath.Join(cfg.OutDir, w.name)
			keep(name, writeFile(name, func(out *bytes.Buffer) error { return escaped(out, w.write, rep) }))
		}
	}
	if cfg.Out != nil {
		keep("the report to the terminal", render.Terminal(cfg.Out, rep, cfg.Verbose))
	}
	switch {
	case cfg.Patch == "-" && cfg.Out != nil:
		keep("the patch", printPatch(cfg.Out, rep))
	case cfg.Patch != "" && cfg.Patch != "-":
		keep(cfg.Patch, writeFile(cfg.Patch, func(out *bytes.Buffer) error { return render.Patch(out, rep) }))
	}
	return first
}

func escaped(out *bytes.Buffer, write func(io.Writer, *render.Report) error, rep *render.Report) error {
	var raw bytes.Buffer
	if err := write(&raw, rep); err != nil {
		return err
	}
	_, err := foreign.File(out).Write(raw.Bytes())
	return err
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

// writeFile writes a file whole or not at all.
func writeFile(name string, content func(*bytes.Buffer) error) error {
	var buf bytes.Buffer
	if err := content(&buf); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".esconform-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(buf.Bytes())
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error is the one that counts
	}
	return err
}

package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/suite"
)

// printChecks prints what kinds of checks there are of the calls of each API.
func (a *app) printChecks(s *suite.Suite, asJSON bool) error {
	tables := map[string]requirement.Table{}
	for _, f := range s.Families {
		if t := s.Table(f.Name); len(t.Rows) > 0 {
			tables[f.Name] = t
		}
	}
	if asJSON {
		return a.printJSON(tables)
	}
	for _, f := range s.Families {
		if t, any := tables[f.Name]; any {
			fmt.Fprintf(a.stdout, "%s\n\n", f.Title)
			writeTable(a.stdout, t)
		}
	}
	return nil
}

// WriteChecks writes the tables of the project's own APIs as a Markdown page.
func WriteChecks(w io.Writer) {
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		panic(err) // they are part of the binary; a test reads them
	}
	fmt.Fprint(w, "# Checks\n\nHow many scenarios there are for each call of an API and each kind of check. A letter is the reason why there is none. What belongs to a kind is told by [features/checks.yaml](../features/checks.yaml); `esconform list --checks --json` names the scenarios and requirements. Generated from features and catalogues; `go test ./internal/cli -run ChecksPage -update` renews it.\n")
	for _, api := range s.Checks.Complete {
		f, _ := s.Families.Named(api)
		fmt.Fprintf(w, "\n## %s\n\n", f.Title)
		writeTable(w, s.Table(api))
	}
}

// writeTable writes one as Markdown, with the reasons below.
func writeTable(w io.Writer, t requirement.Table) {
	var reasons []string
	fmt.Fprintf(w, "| call | %s |\n|---%s|\n", strings.Join(t.Kinds, " | "), strings.Repeat("|---", len(t.Kinds)))
	for _, row := range t.Rows {
		fmt.Fprintf(w, "| `%s`", row.Call)
		for _, cell := range row.Cells {
			fmt.Fprintf(w, " | %s", shownCell(cell, &reasons))
		}
		fmt.Fprintln(w, " |")
	}
	for i, because := range reasons {
		fmt.Fprintf(w, "\n- %s: %s", letter(i), because)
	}
	fmt.Fprint(w, "\n\n")
}

// shownCell is a count, or the letter of a reason, which is added to those that
// there are.
func shownCell(c requirement.Cell, reasons *[]string) string {
	switch n := len(c.Scenarios); {
	case n > 0:
		return fmt.Sprint(n)
	case c.Because == "":
		return "-"
	}
	if !slices.Contains(*reasons, c.Because) {
		*reasons = append(*reasons, c.Because)
	}
	return letter(slices.Index(*reasons, c.Because))
}

func letter(i int) string { return string(rune('a' + i)) }

package selftest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// JSON writes the matrix as selftest.json.
func (m *Matrix) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(m)
}

// Markdown writes the matrix as two tables. It depends on nothing but faults
// and requirements, so that it can be kept in a repository.
func (m *Matrix) Markdown(w io.Writer) error {
	var b strings.Builder
	killed := len(m.Rows) - len(m.Survivors())
	fmt.Fprintf(&b, "%d of %d faults are killed; %d of %d requirements kill at least one.\n\n", killed, len(m.Rows), len(m.Strength)-len(m.Weak()), len(m.Strength))
	b.WriteString("| fault | what the server does wrong | killed by |\n|---|---|---|\n")
	for _, r := range m.Rows {
		by := "**survives**"
		if r.Killed {
			by = code(r.By)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Fault, cell(r.Sentence), by)
	}
	b.WriteString("\n| requirement | kills |\n|---|---|\n")
	for _, s := range m.Strength {
		fmt.Fprintf(&b, "| `%s` | %d |\n", s.Requirement, s.Kills)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Outdated returns what a text that holds the matrix of an earlier run lacks or
// has too much: faults and requirements, one line each. Which of several
// requirements notices a sporadic fault is a matter of luck, so those cells and
// the counts are not compared.
func (m *Matrix) Outdated(text string) []string {
	want := map[string]bool{}
	for _, r := range m.Rows {
		want[fmt.Sprintf("| `%s` | %s |", r.Fault, cell(r.Sentence))] = true
	}
	for _, s := range m.Strength {
		want[fmt.Sprintf("| `%s` |", s.Requirement)] = true
	}
	var problems []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		row := line[:strings.LastIndex(strings.TrimRight(line, " |\n"), "|")+1]
		if !want[row] {
			problems = append(problems, "no longer so: "+row)
		}
		delete(want, row)
	}
	for _, row := range slices.Sorted(maps.Keys(want)) {
		problems = append(problems, "missing: "+row)
	}
	return problems
}

func code(ids []string) string {
	return "`" + strings.Join(ids, "`, `") + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

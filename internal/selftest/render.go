package selftest

import (
	"encoding/json"
	"fmt"
	"io"
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

func code(ids []string) string {
	return "`" + strings.Join(ids, "`, `") + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

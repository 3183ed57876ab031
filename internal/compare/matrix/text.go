package matrix

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// JSON writes the matrix as JSON.
func (m *Matrix) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(m)
}

// words are the outcomes as a narrow column shows them.
var words = map[result.Outcome]string{
	result.Passed: "passed", result.Failed: "FAILED", result.Flaky: "FLAKY", result.Error: "error",
	result.NotRun: "-", result.Waived: "waived", result.Skipped: "n/a", "": "-",
}

// profiles lists the profiles of the rows, in the order of the rows.
func (m *Matrix) profiles() []string {
	var out []string
	for _, r := range m.Rows {
		if !slices.Contains(out, r.Profile) {
			out = append(out, r.Profile)
		}
	}
	return out
}

// Text writes the matrix for a terminal. Requirements that all versions meet,
// and those that apply to none of them, are counted and not listed, unless all
// is set. What became of each version is printed as it ends, not here.
func (m *Matrix) Text(w io.Writer, all bool) error {
	m = foreign.Shown(m)
	var b bytes.Buffer
	width := len("requirement")
	for _, r := range m.Rows {
		if _, same := r.uniform(); all || !same {
			width = max(width, len(r.Requirement))
		}
	}
	fmt.Fprintf(&b, "%-*s", width, "requirement")
	for _, c := range m.Columns {
		fmt.Fprintf(&b, "  %-8s", c.Name())
	}
	b.WriteString("  changed in\n")
	hidden := map[result.Outcome]int{}
	for _, r := range m.Rows {
		if outcome, same := r.uniform(); same && !all {
			hidden[outcome]++
			continue
		}
		fmt.Fprintf(&b, "%-*s", width, r.Requirement)
		for i, o := range r.Outcomes {
			fmt.Fprintf(&b, "  %-*s", max(8, len(m.Columns[i].Name())), words[o])
		}
		fmt.Fprintf(&b, "  %s\n", strings.Join(r.Changes, ", "))
	}
	if n := hidden[result.Passed]; n > 0 {
		fmt.Fprintf(&b, "passed on every version that ran, and not listed without --all: %d\n", n)
	}
	if n := hidden[result.Skipped]; n > 0 {
		fmt.Fprintf(&b, "apply to none of these targets, and not listed without --all: %d\n", n)
	}
	b.WriteString("\n")
	for _, s := range m.Steps {
		fmt.Fprintf(&b, "%s\n", s)
		for _, t := range s.Titles {
			fmt.Fprintf(&b, "  %s\n", t)
		}
	}
	fmt.Fprintf(&b, "\nverdict    %s: %s (exit code %d)\n", m.Verdict, m.Reason, m.ExitCode)
	_, err := w.Write(b.Bytes())
	return err
}

// uniform returns the outcome of a requirement that passed wherever it ran, or
// applied nowhere, and false for every other one. Versions that did not run say
// so in their own line.
func (r *Row) uniform() (result.Outcome, bool) {
	ran := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o result.Outcome) bool { return o == result.NotRun || o == "" })
	if len(ran) == 0 || ran[0] != result.Passed && ran[0] != result.Skipped {
		return "", false
	}
	return ran[0], !slices.ContainsFunc(ran, func(o result.Outcome) bool { return o != ran[0] })
}

// String says in one line what changed.
func (s Step) String() string {
	text := fmt.Sprintf("%s to %s: ", s.From, s.To)
	var parts []string
	for _, class := range compare.Classes() {
		if n := s.Unexpected[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, class))
		}
	}
	switch {
	case len(parts) > 0:
		text += "unexpected changes: " + strings.Join(parts, ", ")
	case s.Doubt == "":
		text += "no unexpected change"
	case s.Expected == 0:
		text += "not compared"
	}
	if s.Expected > 0 {
		if len(parts) > 0 || s.Doubt == "" {
			text += "; "
		}
		text += fmt.Sprintf("%d expected", s.Expected)
	}
	if s.Doubt != "" {
		text += " (" + s.Doubt + ")"
	}
	return text
}

// Markdown writes the matrix as a table for pull requests.
func (m *Matrix) Markdown(w io.Writer) error {
	m = foreign.Shown(m)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# esconform: %s\n\n%s.\n\n", m.Verdict, cell(m.Reason))
	b.WriteString("| requirement |")
	for _, c := range m.Columns {
		fmt.Fprintf(&b, " %s |", cell(c.Name()))
	}
	b.WriteString(" changed in |\n|---|" + strings.Repeat(":-:|", len(m.Columns)) + "---|\n| **verdict** |")
	for _, c := range m.Columns {
		fmt.Fprintf(&b, " **%s** |", c.Verdict)
	}
	b.WriteString(" |\n")
	for _, profile := range m.profiles() {
		fmt.Fprintf(&b, "| *%s* |%s |\n", cell(profile), strings.Repeat(" |", len(m.Columns)))
		for _, r := range m.Rows {
			if r.Profile != profile {
				continue
			}
			fmt.Fprintf(&b, "| `%s` |", cell(r.Requirement))
			for _, o := range r.Outcomes {
				fmt.Fprintf(&b, " %s |", words[o])
			}
			fmt.Fprintf(&b, " %s |\n", cell(strings.Join(r.Changes, ", ")))
		}
	}
	b.WriteString("\n")
	for _, c := range m.Columns {
		if !c.IsElasticsearch {
			fmt.Fprintf(&b, "- %s was emulated by esconform's reference server, which is not Elasticsearch.\n", cell(c.Name()))
		}
		if c.Verdict != result.Conformant {
			fmt.Fprintf(&b, "- %s is %s: %s\n", cell(c.Name()), c.Verdict, cell(c.Reason))
		}
	}
	for _, s := range m.Steps {
		fmt.Fprintf(&b, "- %s\n", cell(s.String()))
		for _, t := range s.Titles {
			fmt.Fprintf(&b, "  - %s\n", cell(t))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

var cellEscaper = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "`", "'", "\n", " ", "\r", " ", "*", `\*`, "@", "&#64;")

// cell keeps a text from breaking out of its cell.
func cell(s string) string { return cellEscaper.Replace(s) }

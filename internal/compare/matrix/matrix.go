// Package matrix puts the runs of one suite against several versions side by
// side: requirement by version, and where it changed.
package matrix

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Matrix is the table.
type Matrix struct {
	Schema   int            `json:"schema"`
	Suite    result.Suite   `json:"suite"`
	Verdict  result.Verdict `json:"verdict"`
	Reason   string         `json:"reason"`
	ExitCode int            `json:"exit_code"`
	Columns  []Column       `json:"columns"`
	Rows     []Row          `json:"requirements"`
	Steps    []Step         `json:"steps"` // from each version to the next
}

// FormatVersion is the value of Matrix.Schema that this package writes.
const FormatVersion = 1

// Column is one version, or one cluster of it. Reports that agree in everything
// that it says are one column.
type Column struct {
	Version string `json:"version"`
	// Reports are the report folders behind it, where there are any.
	Reports []string `json:"reports,omitempty"`
	// Deviates: more reports of the same version say something else.
	Deviates        bool                   `json:"deviates,omitempty"`
	Kind            string                 `json:"kind"`
	IsElasticsearch bool                   `json:"is_elasticsearch"`
	Verdict         result.Verdict         `json:"verdict"`
	Reason          string                 `json:"reason"`
	Counts          map[result.Outcome]int `json:"counts"`
}

// Name is the version and, where several reports are of that version, how many
// of them agree; one that deviates has the name of its report, too.
func (c Column) Name() string {
	name := c.Version
	if c.Deviates {
		name += " " + c.Reports[0]
	}
	if n := len(c.Reports); n > 1 {
		name += fmt.Sprintf(" (%d)", n)
	}
	return name
}

// Row is one requirement. Outcomes has one member for each column.
type Row struct {
	Requirement string           `json:"requirement"`
	Statement   string           `json:"statement"`
	Profile     string           `json:"profile"`
	Versions    string           `json:"versions,omitempty"`
	Outcomes    []result.Outcome `json:"outcomes"`
	// Changes are the columns whose outcome is another one than that of the
	// version before or, where they deviate, than that of their own version.
	// Versions without an outcome are passed over.
	Changes []string `json:"changes,omitempty"`
}

// Build makes the matrix of runs, in the order in which they are given. A
// version that could not be started is a run that is inconclusive.
func Build(runs []*result.Run) *Matrix {
	var b Builder
	for _, run := range runs {
		b.Add(run, "", func() (*observe.Set, error) { return observe.Of(run), nil })
	}
	return b.Matrix()
}

// Builder makes a matrix of runs that need not be in memory together.
type Builder struct {
	suite   result.Suite
	rows    []Row // their outcomes are those of the columns
	at      map[string]int
	columns []*column
}

// column is a column in the making.
type column struct {
	Column
	outcomes []result.Outcome // by row, up to the last that has one
	observed func() (*observe.Set, error)
}

// Add adds a run, whose scenarios are not needed. report is the name of its
// folder, if it has one; observed gives what was observed in it, when asked.
func (b *Builder) Add(run *result.Run, report string, observed func() (*observe.Set, error)) {
	b.suite = run.Suite
	c := &column{outcomes: b.outcomes(run.Requirements), observed: observed, Column: Column{
		Version: run.Target.Version, Kind: run.Target.Kind, IsElasticsearch: run.Target.IsElasticsearch,
		Verdict: run.Verdict, Reason: run.Reason, Counts: run.Counts,
	}}
	if report == "" {
		b.columns = append(b.columns, c)
		return
	}
	c.Reports = []string{report}
	if i := slices.IndexFunc(b.columns, c.agrees); i >= 0 {
		b.columns[i].Reports = append(b.columns[i].Reports, report)
		return
	}
	b.columns = append(b.columns, c)
}

func (c *column) agrees(d *column) bool {
	return c.Version == d.Version && c.Kind == d.Kind && c.IsElasticsearch == d.IsElasticsearch && c.Verdict == d.Verdict && c.Reason == d.Reason &&
		maps.Equal(c.Counts, d.Counts) && slices.Equal(c.outcomes, d.outcomes)
}

// outcomes are those of the requirements, row by row. The rows of those that no
// run had before are added.
func (b *Builder) outcomes(requirements []result.Requirement) []result.Outcome {
	if b.at == nil {
		b.at = map[string]int{}
	}
	out := make([]result.Outcome, len(b.rows), max(len(b.rows), len(requirements)))
	for _, r := range requirements {
		i, ok := b.at[r.ID]
		if !ok {
			i = len(b.rows)
			b.at[r.ID] = i
			b.rows = append(b.rows, Row{Requirement: r.ID, Statement: r.Statement, Profile: r.Profile, Versions: r.Versions})
			out = append(out, "")
		}
		out[i] = r.Outcome
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// Matrix is the matrix of all runs that were added. Where several are of one
// version, what most of those say that came to outcomes comes first, and counts
// as that version.
func (b *Builder) Matrix() *Matrix {
	m := &Matrix{Schema: FormatVersion, Suite: b.suite, Columns: []Column{}, Rows: []Row{}, Steps: []Step{}}
	b.order()
	for _, c := range b.columns {
		m.Columns = append(m.Columns, c.Column)
		c.outcomes = append(c.outcomes, make([]result.Outcome, len(b.rows)-len(c.outcomes))...)
	}
	for i, row := range b.rows {
		for _, c := range b.columns {
			row.Outcomes = append(row.Outcomes, c.outcomes[i])
		}
		if run := slices.ContainsFunc(row.Outcomes, said); run || !m.anythingRan() {
			row.Changes = changes(row.Outcomes, m.Columns)
			m.Rows = append(m.Rows, row)
		}
	}
	m.Steps = append(m.Steps, b.steps()...)
	m.decide()
	return m
}

// ran reports whether the run came to outcomes.
func (c *column) ran() bool { return slices.ContainsFunc(c.outcomes, said) }

// weight is how many reports say what it says, if that is anything.
func (c *column) weight() int {
	if !c.ran() {
		return 0
	}
	return len(c.Reports)
}

// order sorts the columns of reports by version, and marks those that deviate.
func (b *Builder) order() {
	if len(b.columns) == 0 || b.columns[0].Reports == nil {
		return
	}
	slices.SortStableFunc(b.columns, func(c, d *column) int {
		return cmp.Or(versionOf(c).Compare(versionOf(d)), strings.Compare(c.Version, d.Version), d.weight()-c.weight())
	})
	for i, c := range b.columns {
		c.Deviates = i > 0 && c.Version == b.columns[i-1].Version
	}
}

func versionOf(c *column) esversion.Version {
	v, _ := esversion.Parse(c.Version) // unknown where it is none
	return v
}

// anythingRan reports whether some version came to outcomes. Where it did,
// requirements that no version says anything of were not selected.
func (m *Matrix) anythingRan() bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool {
		return c.Counts[result.Passed]+c.Counts[result.Failed]+c.Counts[result.Skipped]+c.Counts[result.Flaky]+c.Counts[result.Waived] > 0
	})
}

// said reports whether an outcome says something of the version.
func said(o result.Outcome) bool {
	return o != "" && o != result.NotRun && o != result.Error
}

func changes(outcomes []result.Outcome, columns []Column) []string {
	var out []string
	var last result.Outcome // of the version
	for i, o := range outcomes {
		if !said(o) {
			continue
		}
		if last != "" && o != last {
			out = append(out, columns[i].Name())
		}
		if !columns[i].Deviates {
			last = o
		}
	}
	return out
}

// decide: one version that fails fails the matrix; one that came to no verdict,
// or a step that could not be compared, leaves it open.
func (m *Matrix) decide() {
	var bad, open []string
	for _, c := range m.Columns {
		switch c.Verdict {
		case result.Nonconformant:
			bad = append(bad, c.Name())
		case result.Conformant:
		default:
			open = append(open, c.Name())
		}
	}
	doubted := slices.IndexFunc(m.Steps, func(s Step) bool { return s.Doubt != "" })
	switch {
	case len(bad) > 0:
		m.Verdict, m.Reason = result.Nonconformant, "nonconformant on "+list(bad)
	case len(open) > 0 || len(m.Columns) == 0:
		m.Verdict, m.Reason = result.Inconclusive, "no verdict on "+list(open)
	case doubted >= 0:
		s := m.Steps[doubted]
		m.Verdict, m.Reason = result.Inconclusive, fmt.Sprintf("conformant on each version, but %s and %s cannot be compared: %s", s.From, s.To, s.Doubt)
	default:
		m.Verdict, m.Reason = result.Conformant, fmt.Sprintf("conformant on all %d versions", len(m.Columns))
	}
	m.ExitCode = m.Verdict.ExitCode()
}

func list(versions []string) string {
	if len(versions) == 0 {
		return "any version"
	}
	text := versions[0]
	for i, v := range versions[1:] {
		if i == len(versions)-2 {
			text += " and " + v
		} else {
			text += ", " + v
		}
	}
	return text
}

// Package matrix puts the runs of one suite against several versions side by
// side: requirement by version, and where it changed.
package matrix

import (
	"fmt"
	"slices"

	"github.com/esconform/esconform/internal/compare"
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

// Column is one version.
type Column struct {
	Version         string                 `json:"version"`
	Kind            string                 `json:"kind"`
	IsElasticsearch bool                   `json:"is_elasticsearch"`
	Verdict         result.Verdict         `json:"verdict"`
	Reason          string                 `json:"reason"`
	Counts          map[result.Outcome]int `json:"counts"`
}

// Row is one requirement. Outcomes has one member for each column.
type Row struct {
	Requirement string           `json:"requirement"`
	Statement   string           `json:"statement"`
	Profile     string           `json:"profile"`
	Versions    string           `json:"versions,omitempty"`
	Outcomes    []result.Outcome `json:"outcomes"`
	// Changes are the versions whose outcome is another one than that of the
	// version before. Versions without an outcome are passed over.
	Changes []string `json:"changes,omitempty"`
}

// Step is what changed from one version to the next, in answers.
type Step struct {
	From       string                `json:"from"`
	To         string                `json:"to"`
	Unexpected map[compare.Class]int `json:"unexpected"`
	Expected   int                   `json:"expected"`
	Titles     []string              `json:"titles,omitempty"` // of the unexpected ones
	Doubt      string                `json:"doubt,omitempty"`  // why the step could not be compared
}

// Build makes the matrix of runs, in the order in which they are given. A
// version that could not be started is a run that is inconclusive.
func Build(runs []*result.Run) *Matrix {
	m := &Matrix{Schema: FormatVersion, Columns: []Column{}, Rows: []Row{}, Steps: []Step{}}
	for _, run := range runs {
		m.Suite = run.Suite
		m.Columns = append(m.Columns, Column{
			Version: run.Target.Version, Kind: run.Target.Kind, IsElasticsearch: run.Target.IsElasticsearch,
			Verdict: run.Verdict, Reason: run.Reason, Counts: run.Counts,
		})
	}
	m.rows(runs)
	m.steps(runs)
	m.decide()
	return m
}

func (m *Matrix) rows(runs []*result.Run) {
	at := map[string]int{}
	for column, run := range runs {
		for _, r := range run.Requirements {
			i, ok := at[r.ID]
			if !ok {
				i = len(m.Rows)
				at[r.ID] = i
				m.Rows = append(m.Rows, Row{Requirement: r.ID, Statement: r.Statement, Profile: r.Profile, Versions: r.Versions, Outcomes: make([]result.Outcome, len(runs))})
			}
			m.Rows[i].Outcomes[column] = r.Outcome
		}
	}
	selected := m.Rows[:0]
	for _, row := range m.Rows {
		if run := slices.ContainsFunc(row.Outcomes, said); run || !m.anythingRan() {
			row.Changes = changes(row.Outcomes, m.Columns)
			selected = append(selected, row)
		}
	}
	m.Rows = selected
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
	var last result.Outcome
	for i, o := range outcomes {
		if !said(o) {
			continue
		}
		if last != "" && o != last {
			out = append(out, columns[i].Version)
		}
		last = o
	}
	return out
}

// steps compares each version with the last one before it that came to
// outcomes: one that could not be started says nothing of its neighbours.
func (m *Matrix) steps(runs []*result.Run) {
	var last *result.Run
	for _, run := range runs {
		if !slices.ContainsFunc(run.Requirements, func(r result.Requirement) bool { return said(r.Outcome) }) {
			continue
		}
		if last != nil {
			m.Steps = append(m.Steps, step(last, run))
		}
		last = run
	}
}

func step(from, to *result.Run) Step {
	s := Step{From: from.Target.Version, To: to.Target.Version, Unexpected: map[compare.Class]int{}}
	c, err := compare.Compare(observe.Of(from), observe.Of(to), compare.Options{})
	if err != nil {
		s.Doubt = err.Error()
		return s
	}
	if len(c.Doubts) > 0 {
		s.Doubt = c.Doubts[0]
	}
	for _, o := range c.Outcomes {
		if o.Expected == "" {
			s.unexpected(o.Class, "requirement "+o.Requirement+": "+string(o.Old)+" before, "+string(o.New)+" now")
		}
	}
	for _, e := range c.Entries {
		if e.Expected != "" {
			if e.Count > 0 || len(e.Requirements) > 0 { // the runs show it
				s.Expected++
			}
			continue
		}
		s.unexpected(e.Class, e.Title)
	}
	return s
}

func (s *Step) unexpected(class compare.Class, title string) {
	s.Unexpected[class]++
	s.Titles = append(s.Titles, string(class)+": "+title)
}

// decide: one version that fails fails the matrix; one that came to no verdict
// leaves it open.
func (m *Matrix) decide() {
	var bad, open []string
	for _, c := range m.Columns {
		switch c.Verdict {
		case result.Nonconformant:
			bad = append(bad, c.Version)
		case result.Conformant:
		default:
			open = append(open, c.Version)
		}
	}
	switch {
	case len(bad) > 0:
		m.Verdict, m.Reason = result.Nonconformant, "nonconformant on "+list(bad)
	case len(open) > 0 || len(m.Columns) == 0:
		m.Verdict, m.Reason = result.Inconclusive, "no verdict on "+list(open)
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

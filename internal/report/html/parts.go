package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/result"
)

// part is a part of the list of scenarios: what went wrong, by cause, what did
// not run, was waived or skipped, by reason, what passed, by feature.
type part struct {
	Title  string
	Of     string // what its groups are, "" where that is plain
	Count  int
	Open   bool
	Groups []group
}

// group are scenarios that are told in one line, until somebody opens it.
type group struct {
	Outcome    result.Outcome
	Title      string
	Notes      []string
	Open       bool
	Rows, More []row // More opens by itself: there are many
}

// Count is how many scenarios the group has.
func (g group) Count() int { return len(g.Rows) + len(g.More) }

// row is one line of the list of scenarios.
type row struct {
	*result.Scenario
	Index int
	Why   string // what to say in the list about one that did not pass
	Loud  bool   // it is printed as a whole
}

// examples is how many rows of a group are seen at once and printed as a whole;
// fewCauses are so few that the first is opened.
const (
	examples  = 3
	fewCauses = 3
)

// parts makes the list of scenarios, what went wrong first.
func parts(run *result.Run) []part {
	all := []part{
		{Title: "What went wrong", Of: "cause", Open: true, Groups: byCause(run)},
		{Title: "Not run", Open: true, Groups: byReason(run, result.NotRun)},
		{Title: "Waived", Open: true, Groups: byReason(run, result.Waived)},
		{Title: "Skipped", Open: true, Groups: byReason(run, result.Skipped)},
		{Title: "Passed", Of: "feature", Groups: byFeature(run)},
	}
	all[4].Open = len(all[0].Groups)+len(all[1].Groups) == 0
	all = slices.DeleteFunc(all, func(p part) bool { return len(p.Groups) == 0 })
	index := 0
	for i := range all {
		for k := range all[i].Groups {
			g := &all[i].Groups[k]
			all[i].Count += g.Count()
			for _, list := range [][]row{g.Rows, g.More} {
				for n := range list {
					list[n].Index = index
					index++
				}
			}
		}
	}
	return all
}

func newGroup(o result.Outcome, title string, scenarios []*result.Scenario) group {
	g := group{Outcome: o, Title: title}
	for i, s := range scenarios {
		r := row{Scenario: s, Loud: i < examples && o != result.Passed && o != result.Skipped}
		if s.Failure != nil && !strings.Contains(title, s.Failure.Message) {
			r.Why = s.Failure.Message
		}
		g.Rows = append(g.Rows, r)
	}
	if len(g.Rows) > examples && o != result.Passed {
		g.Rows, g.More = g.Rows[:examples], g.Rows[examples:]
	}
	return g
}

func byCause(run *result.Run) []group {
	byID := run.ScenarioOf()
	statements := map[string]string{}
	for _, r := range run.Requirements {
		statements[r.ID] = r.Statement
	}
	var groups []group
	for i, c := range run.Causes {
		list := make([]*result.Scenario, len(c.Scenarios))
		for k, id := range c.Scenarios {
			list[k] = byID[id]
		}
		g := newGroup(c.Outcome, c.Title(), list)
		g.Open, g.Notes = i == 0 && len(run.Causes) <= fewCauses, notes(&c, list[0].Failure, statements)
		groups = append(groups, g)
	}
	return groups
}

// notes say what is required, what was expected and what came.
func notes(c *result.Cause, f *result.Failure, statements map[string]string) []string {
	var out []string
	if len(c.Requirements) > 0 && c.Outcome != result.Error {
		text := statements[c.Requirements[0]]
		if n := len(c.Requirements) - 1; n > 0 {
			text += fmt.Sprintf(" (and %s)", result.Plural(n, "more requirement"))
		}
		out = append(out, text)
	}
	if f == nil {
		return out
	}
	sides := nonEmpty(prefixed("expected ", oneLine(f.Expected)), prefixed("got ", oneLine(f.Actual)))
	return append(out, nonEmpty(strings.Join(sides, ", "))...)
}

// oneLine is the beginning of a value; all of it is beside its scenario.
func oneLine(s string) string {
	text := []rune(strings.Join(strings.Fields(s), " "))
	if len(text) > 160 {
		return string(text[:160]) + "…"
	}
	return string(text)
}

func byReason(run *result.Run, o result.Outcome) []group {
	var groups []group
	for _, r := range result.ByReason(run.Scenarios, o) {
		groups = append(groups, newGroup(o, r.Reason, r.Scenarios))
	}
	return groups
}

func byFeature(run *result.Run) []group {
	byFile := map[string][]*result.Scenario{}
	var files []string
	for i := range run.Scenarios {
		s := &run.Scenarios[i]
		if s.Outcome != result.Passed {
			continue
		}
		if byFile[s.File] == nil {
			files = append(files, s.File)
		}
		byFile[s.File] = append(byFile[s.File], s)
	}
	var groups []group
	for _, file := range files {
		g := newGroup(result.Passed, byFile[file][0].Feature, byFile[file])
		g.Notes = []string{file}
		groups = append(groups, g)
	}
	return groups
}

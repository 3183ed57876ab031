// Package summary writes a run as Markdown, for pull requests and for the
// summary page of a CI job.
package summary

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Limit is the largest summary in bytes. A comment on GitHub may be as long as
// this; the summary of a job may be longer.
const Limit = 65536

const (
	failureRoom = 40000 // bytes for what failed; the rest is for the tables
	valueRoom   = 4000  // bytes of one value or body
)

var symbols = map[result.Outcome]string{
	result.Passed: "✅", result.Failed: "❌", result.Flaky: "🎲", result.Error: "⚠️",
	result.NotRun: "⏹️", result.Waived: "🏷️", result.Skipped: "⏭️",
}

var verdicts = map[result.Verdict]string{
	result.Conformant:    "✅ Conformant",
	result.Nonconformant: "❌ Nonconformant",
	result.Inconclusive:  "⚠️ Inconclusive",
}

// Write writes the summary of a run. It is never longer than Limit: where there
// is more to say, it names how much was left out and where it stands.
func Write(w io.Writer, run *result.Run) error {
	run = foreign.Shown(run)
	doc := &document{limit: Limit}
	doc.head(run)
	doc.causes(run)
	doc.waivers(run)
	doc.leftovers(run)
	doc.skips(run)
	doc.requirements(run)
	doc.foot(run)
	_, err := io.WriteString(w, doc.String())
	return err
}

// document gathers text up to a limit.
type document struct {
	strings.Builder
	limit int
}

// reserve is the room for the lines that say what was left out and for the
// foot, in bytes.
const reserve = 3000

// add appends text if it fits and reports whether it did.
func (d *document) add(limit int, text string) bool {
	if d.Len()+len(text) > min(limit, d.limit-reserve) {
		return false
	}
	d.WriteString(text)
	return true
}

func (d *document) head(run *result.Run) {
	title := verdicts[run.Verdict]
	if title == "" {
		title = "⚠️ " + inline(string(run.Verdict))
	}
	fmt.Fprintf(d, "## %s: %s\n\n", title, inline(cut(targetName(run.Target), 300)))
	fmt.Fprintf(d, "%s.\n\n", strings.TrimSuffix(inline(cut(run.Reason, 2000)), "."))
	if !run.Target.IsElasticsearch {
		d.WriteString("> **Not Elasticsearch.** This run was against the embedded reference server or another imitation: it says nothing about Elasticsearch.\n\n")
	}
	if run.Target.Fault != "" {
		fmt.Fprintf(d, "> The target carries the fault %s on purpose.\n\n", code(cut(run.Target.Fault, 300)))
	}
	if run.Target.InsecureTLS {
		d.WriteString("> The target's certificate was not verified (`--insecure`): nobody knows who answered.\n\n")
	}
	if run.CutShort != "" {
		fmt.Fprintf(d, "> The run was cut short: %s.\n\n", inline(cut(run.CutShort, 2000)))
	}
	if run.ExitCode == result.ExitWaiver {
		d.WriteString("> A waiver is stale or expired, so the gate does not let this run pass (exit code 4).\n\n")
	}
	var names, counts []string
	for _, o := range result.Outcomes() {
		if n := run.Counts[o]; n > 0 {
			names = append(names, symbols[o]+" "+word(o))
			counts = append(counts, fmt.Sprint(n))
		}
	}
	if run.Traffic.Requests > 0 {
		fmt.Fprintf(d, "Requests: %s.\n\n", run.Traffic)
	}
	if run.Resources.Leased > 0 {
		fmt.Fprintf(d, "Resources: %s.\n\n", run.Resources)
	}
	if len(names) > 0 {
		fmt.Fprintf(d, "| %s |\n|%s\n| %s |\n\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)), strings.Join(counts, " | "))
	}
}

func targetName(t result.Target) string {
	name := "Elasticsearch"
	if !t.IsElasticsearch {
		name = "reference server, emulating Elasticsearch"
		if t.Kind != "embedded" {
			name = "imitation of Elasticsearch"
		}
	}
	version := t.Version
	if version == "" {
		version = "of unknown version"
	}
	return name + " " + version
}

// mostRequirements is how many requirements of a cause are named, and
// mostReasons how many reasons to skip.
const (
	mostRequirements = 5
	mostReasons      = 8
)

func (d *document) causes(run *result.Run) {
	if len(run.Causes) == 0 {
		return
	}
	d.WriteString("### What went wrong\n\n")
	statements := map[string]string{}
	for _, r := range run.Requirements {
		statements[r.ID] = r.Statement
	}
	byID := run.ScenarioOf()
	for i, c := range run.Causes {
		if !d.add(failureRoom, oneCause(&c, byID, statements)) {
			fmt.Fprintf(d, "… and %s, see `report.html` or `report.json`.\n\n", result.Plural(len(run.Causes)-i, "more cause"))
			return
		}
	}
}

// oneCause is a cause with its simplest scenario, which can be unfolded.
func oneCause(c *result.Cause, byID map[string]*result.Scenario, statements map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s **%s**: %s\n\n", symbols[c.Outcome], result.Plural(c.Count, "scenario"), inline(cut(c.Title(), 1000)))
	for i, id := range c.Requirements {
		if i == mostRequirements {
			fmt.Fprintf(&b, "- and %s\n", result.Plural(len(c.Requirements)-i, "more requirement"))
			break
		}
		fmt.Fprintf(&b, "- %s %s\n", code(cut(id, 300)), inline(cut(statements[id], 1000)))
	}
	if len(c.Requirements) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(failure(byID[c.Scenarios[0]]))
	if others := c.Examples()[1:]; len(others) > 0 {
		var ids []string
		for _, id := range others {
			ids = append(ids, code(cut(id, 300)))
		}
		text := strings.Join(ids, ", ")
		if n := c.Count - len(c.Examples()); n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(&b, "The same in %s.\n\n", text)
	}
	return b.String()
}

// failure is one scenario that can be unfolded.
func failure(s *result.Scenario) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s <b>%s</b> %s</summary>\n\n", symbols[s.Outcome], html(cut(s.ID, 300)), html(oneLine(cut(s.Name, 300))))
	f := s.Failure
	if f == nil {
		fmt.Fprintf(&b, "%s\n\n</details>\n\n", inline(cut(s.Reason, 1000)))
		return b.String()
	}
	if s.Reason != "" {
		fmt.Fprintf(&b, "%s.\n\n", inline(cut(s.Reason, 1000)))
	}
	fmt.Fprintf(&b, "%s %s\n\n", code(cut(f.Location, 300)), inline(cut(f.Step, 1000)))
	fmt.Fprintf(&b, "%s\n\n", inline(cut(f.Message, 2000)))
	block := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s:\n\n%s\n\n", name, fenced(cut(text, valueRoom)))
		}
	}
	block("expected", f.Expected)
	block("actual", f.Actual)
	if f.Exchange != nil && *f.Exchange >= 0 && *f.Exchange < len(s.Exchanges) {
		e := s.Exchanges[*f.Exchange]
		block("node", e.Node)
		block("request", wire.Curl(e, "$ES"))
		if e.Response != nil {
			block(fmt.Sprintf("answer %d", e.Response.Status), e.Response.Body)
		}
		if e.Error != "" {
			block("no whole answer", e.Error)
		}
	}
	b.WriteString("</details>\n\n")
	return b.String()
}

func (d *document) waivers(run *result.Run) {
	if len(run.Waivers) == 0 {
		return
	}
	d.WriteString("### Waivers\n\n| line | waives | state | owner | until | reason |\n|---|---|---|---|---|---|\n")
	for i, u := range run.Waivers {
		reason := cell(u.Reason)
		if u.Link != "" {
			reason += " " + cell(u.Link)
		}
		if u.Why != "" {
			reason += "<br>" + cell(u.Why)
		}
		row := fmt.Sprintf("| %d | %s | %s | %s | %s | %s |\n", u.Line, code(cut(u.ID, 300)), cell(word(u.State)), cell(u.Owner), cell(u.Expires), reason)
		if !d.add(failureRoom+6000, row) {
			fmt.Fprintf(d, "\n… and %d more.\n", len(run.Waivers)-i)
			break
		}
	}
	d.WriteString("\n")
}

func (d *document) leftovers(run *result.Run) {
	if len(run.Resources.Leftovers) == 0 {
		return
	}
	d.WriteString("### Left behind in the target\n\n")
	if run.Resources.Command != "" {
		fmt.Fprintf(d, "This removes all of it: %s\n\n", code(cut(run.Resources.Command, 1000)))
	}
	for i, l := range run.Resources.Leftovers {
		item := fmt.Sprintf("- %s %s: %s\n", inline(cut(l.Kind, 100)), code(cut(l.ID, 300)), inline(cut(l.Why, 500)))
		if l.Command != "" {
			item += "  " + code(cut(l.Command, 1000)) + "\n"
		}
		if !d.add(failureRoom+10000, item) {
			fmt.Fprintf(d, "- … and %d more.\n", len(run.Resources.Leftovers)-i)
			break
		}
	}
	d.WriteString("\n")
}

// skips says what did not run, and what to do about it.
func (d *document) skips(run *result.Run) {
	for _, o := range []result.Outcome{result.NotRun, result.Skipped} {
		reasons := result.ByReason(run.Scenarios, o)
		if len(reasons) == 0 {
			continue
		}
		fmt.Fprintf(d, "### %s\n\n", strings.ToUpper(word(o)[:1])+word(o)[1:])
		for i, r := range reasons {
			item := fmt.Sprintf("- %s: %s\n", result.Plural(len(r.Scenarios), "scenario"), inline(cut(r.Reason, 500)))
			if i == mostReasons || !d.add(failureRoom+12000, item) {
				fmt.Fprintf(d, "- … and %s, see `report.html`\n", result.Plural(len(reasons)-i, "more reason"))
				break
			}
		}
		d.WriteString("\n")
	}
}

// requirements speaks of those that selected scenarios belong to.
func (d *document) requirements(run *result.Run) {
	selected := slices.DeleteFunc(slices.Clone(run.Requirements), func(r result.Requirement) bool { return len(r.Scenarios) == 0 })
	if len(selected) == 0 {
		return
	}
	d.WriteString("### Requirements\n\n")
	d.profileTable(selected)
	open := slices.DeleteFunc(selected, func(r result.Requirement) bool {
		return r.Outcome == result.Passed || r.Outcome == result.Skipped
	})
	if len(open) == 0 {
		return
	}
	fmt.Fprintf(d, "<details><summary>%s not proven</summary>\n\n", result.Plural(len(open), "requirement"))
	d.WriteString("| | not proven | what is required |\n|---|---|---|\n")
	for i, r := range open {
		row := fmt.Sprintf("| %s | %s | %s |\n", symbols[r.Outcome], code(cut(r.ID, 300)), cell(r.Statement))
		if !d.add(d.limit, row) {
			fmt.Fprintf(d, "\n… and %d more, see `report.html`.\n", len(open)-i)
			break
		}
	}
	d.WriteString("\n</details>\n\n")
}

// profileTable counts requirements by profile and outcome.
func (d *document) profileTable(requirements []result.Requirement) {
	var profiles []string
	counts := map[string]map[result.Outcome]int{}
	total := map[result.Outcome]int{}
	for _, r := range requirements {
		if counts[r.Profile] == nil {
			profiles = append(profiles, r.Profile)
			counts[r.Profile] = map[result.Outcome]int{}
		}
		counts[r.Profile][r.Outcome]++
		total[r.Outcome]++
	}
	var shown []result.Outcome
	for _, o := range result.Outcomes() {
		if total[o] > 0 {
			shown = append(shown, o)
		}
	}
	d.WriteString("| profile |")
	for _, o := range shown {
		name := word(o)
		if o == result.Passed {
			name = "proven"
		}
		fmt.Fprintf(d, " %s %s |", symbols[o], name)
	}
	d.WriteString("\n|---|" + strings.Repeat("---|", len(shown)) + "\n")
	for i, p := range profiles {
		if i == 20 {
			fmt.Fprintf(d, "| … %d more |\n", len(profiles)-i)
			break
		}
		fmt.Fprintf(d, "| %s |", inline(cut(p, 60)))
		for _, o := range shown {
			fmt.Fprintf(d, " %d |", counts[p][o])
		}
		d.WriteString("\n")
	}
	d.WriteString("\n")
}

func (d *document) foot(run *result.Run) {
	parts := []string{"esconform " + inline(cut(run.Suite.Version, 60))}
	if run.Suite.Digest != "" {
		parts = append(parts, "features "+code(cut(run.Suite.Digest, 80)))
	}
	parts = append(parts, "run "+code(cut(run.RunID, 80)), fmt.Sprintf("seed %d", run.Seed),
		fmt.Sprintf("%.1f s", run.DurationMS/1000), fmt.Sprintf("exit code %d", run.ExitCode))
	if run.Selection.Shard != "" {
		parts = append(parts, "shard "+inline(cut(run.Selection.Shard, 20)))
	}
	fmt.Fprintf(d, "<sub>%s</sub>\n", strings.Join(parts, " · "))
}

func word[T ~string](s T) string { return strings.ReplaceAll(string(s), "_", " ") }

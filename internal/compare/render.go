package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// JSON writes the comparison as JSON; its schema is compare.json.
func (c *Comparison) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}

// changeWords are the changes of outcomes as people read them.
var changeWords = map[string]string{
	NewlyFailing: "newly failing", Fixed: "fixed", NewlySkipped: "newly skipped", NewlyApplying: "newly applying",
	Undecided: "undecided", Gone: "gone", New: "new",
}

// Text writes the comparison for a terminal.
func (c *Comparison) Text(w io.Writer) error {
	c = foreign.Shown(c)
	var b bytes.Buffer
	fmt.Fprintf(&b, "old      %s\nnew      %s\ncompared %s in %s", describe(&c.Old), describe(&c.New), result.Plural(c.Compared, "exchange"), result.Plural(c.New.Scenarios, "scenario"))
	if c.Unpaired > 0 {
		fmt.Fprintf(&b, "; %d only on one side", c.Unpaired)
	}
	if len(c.Ignored) > 0 {
		fmt.Fprintf(&b, "; %s ignored as noise", result.Plural(len(c.Ignored), "place"))
	}
	b.WriteString("\n")
	for _, d := range c.Doubts {
		fmt.Fprintf(&b, "DOUBT    %s\n", d)
	}
	c.textOutcomes(&b)
	for _, e := range c.Entries {
		if e.Expected == "" {
			textEntry(&b, &e)
		}
	}
	c.textExpected(&b)
	fmt.Fprintf(&b, "\nverdict  %s: %s (exit code %d)\n", c.Verdict, c.Reason, c.ExitCode)
	_, err := w.Write(b.Bytes())
	return err
}

func describe(s *Side) string {
	what := "Elasticsearch"
	if !s.Target.IsElasticsearch {
		what = "not Elasticsearch"
	}
	text := fmt.Sprintf("%s (%s, %s), %s: %s", s.Target.Version, s.Target.Kind, what, s.Verdict, s.Reason)
	if s.Target.Fault != "" {
		text = fmt.Sprintf("%s with fault %s", text, s.Target.Fault)
	}
	if s.Name != "" {
		text = s.Name + "  " + text
	}
	return text
}

func (c *Comparison) textOutcomes(b *bytes.Buffer) {
	for _, o := range c.gather() {
		fmt.Fprintf(b, "\n%-9s requirement %s: %s (%s → %s)\n", o.Class, o.Requirement, changeWords[o.Change], or(string(o.Old), "none"), or(string(o.New), "none"))
		fmt.Fprintf(b, "  %s\n", o.Statement)
		if o.Reason != "" {
			fmt.Fprintf(b, "  %s\n", o.Reason)
		}
		if len(o.Scenarios) > 0 {
			fmt.Fprintf(b, "  scenarios %s\n", few(o.Scenarios))
		}
		if n := len(o.others); n > 0 {
			fmt.Fprintf(b, "  alike     %s: %s\n", result.Plural(n, "more requirement"), few(o.ids()))
		}
	}
}

func textEntry(b *bytes.Buffer, e *Entry) {
	fmt.Fprintf(b, "\n%-9s %s\n", e.Class, e.Title)
	fmt.Fprintf(b, "  seen in   %s of %s: %s\n", result.Plural(e.Count, "exchange"), result.Plural(len(e.Scenarios), "scenario"), few(e.Scenarios))
	if e.FollowUps > 0 {
		fmt.Fprintf(b, "  and       %s that come of it\n", result.Plural(e.FollowUps, "further difference"))
	}
	if len(e.Routes) > 0 {
		fmt.Fprintf(b, "  routes    %s\n", few(e.Routes))
	}
	if len(e.Requirements) > 0 {
		fmt.Fprintf(b, "  fails     %s\n", few(e.Requirements))
	}
	if len(e.Examples) == 0 {
		return
	}
	x := e.Examples[0]
	fmt.Fprintf(b, "  step      %s\n  old       %s\n  new       %s\n", x.Step, line(x.Old), line(x.New))
	if x.OldCurl == x.NewCurl {
		fmt.Fprintf(b, "  request   %s\n", line(x.NewCurl))
	} else {
		fmt.Fprintf(b, "  request   old: %s\n            new: %s\n", line(x.OldCurl), line(x.NewCurl))
	}
}

func (c *Comparison) textExpected(b *bytes.Buffer) {
	var lines []string
	for _, e := range c.Entries {
		if e.Expected == "" {
			continue
		}
		text := fmt.Sprintf("  %-9s %s", e.Class, strings.TrimPrefix(e.Expected, "expected: "))
		if e.Count > 0 || len(e.Requirements) > 0 {
			text += fmt.Sprintf(": %s, %s", result.Plural(len(e.Requirements), "requirement"), result.Plural(e.Count, "exchange"))
		}
		lines = append(lines, text)
	}
	for _, o := range c.plainExpected() {
		lines = append(lines, fmt.Sprintf("  %-9s %s: %s, %s", o.Class, o.Requirement, changeWords[o.Change], strings.TrimPrefix(o.Expected, "expected: ")))
	}
	if len(lines) > 0 {
		fmt.Fprintf(b, "\nexpected between these versions\n%s\n", strings.Join(lines, "\n"))
	}
}

// plainExpected lists the expected changes of outcomes that no entry explains.
func (c *Comparison) plainExpected() []OutcomeChange {
	covered := map[string]bool{}
	for _, e := range c.Entries {
		if e.Known != "" {
			for _, id := range e.Requirements {
				covered[id] = true
			}
		}
	}
	var out []OutcomeChange
	for _, o := range c.Outcomes {
		if o.Expected != "" && !covered[o.Requirement] {
			out = append(out, o)
		}
	}
	return out
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// few shows the start of a list.
func few(list []string) string {
	const most = 4
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// line keeps a value on one line of a terminal that is not too long.
func line(s string) string {
	const most = 500
	s = foreign.Line(s)
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// Noise writes what a run with learned noise does not compare.
func Noise(w io.Writer, s *observe.Set) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "noise     %s differ by themselves and are not compared\n", result.Plural(len(s.Header.Noise), "place"))
	for _, n := range s.Header.Noise {
		fmt.Fprintf(&b, "  %s  %s  %s %s\n", or(n.Pointer, "the whole exchange"), n.Scenario, n.Method, n.Path)
	}
	_, err := w.Write(b.Bytes())
	return err
}

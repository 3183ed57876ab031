package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Show writes one scenario of a run with everything that is kept of it.
func Show(w io.Writer, run *result.Run, sc *result.Scenario) error {
	shown := foreign.Shown(*sc)
	sc = &shown
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s  (%s)\n  %s\n  %s:%d\n", strings.ToUpper(words(sc.Outcome)), sc.ID, sc.Profile, sc.Name, sc.File, sc.Line)
	if c := run.CauseOf()[sc.ID]; c != nil && c.Count > 1 {
		fmt.Fprintf(&b, "  one of %d scenarios with one cause: %s\n", c.Count, foreign.Line(c.Title()))
	}
	if sc.Reason != "" {
		fmt.Fprintf(&b, "  %s\n", sc.Reason)
	}
	showRequired(&b, run, sc)
	showSteps(&b, sc.Steps)
	if len(sc.Attempts) == 0 {
		showEnding(&b, sc.Failure, sc.Exchanges)
	}
	for _, a := range sc.Attempts {
		fmt.Fprintf(&b, "\n%s: %s\n", words(a.Outcome), result.Plural(a.Count, "time"))
		showEnding(&b, a.Failure, a.Exchanges)
	}
	if sc.Evidence == result.EvidenceCapped {
		fmt.Fprintf(&b, "\nOf %s of a scenario that passed, the first and the last are kept, of them the start of long bodies and few headers; run with --evidence all to keep everything.\n", result.Plural(sc.Requests+sc.Leased, "exchange"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func showRequired(b *bytes.Buffer, run *result.Run, sc *result.Scenario) {
	b.WriteString("\nrequired\n")
	for _, r := range run.Requirements {
		if !slices.Contains(sc.Requirements, r.ID) && !slices.Contains(sc.Blames, r.ID) {
			continue
		}
		against := ""
		if slices.Contains(sc.Blames, r.ID) {
			against = ", which this failure is held against"
		}
		fmt.Fprintf(b, "  %s%s\n    %s\n", r.ID, against, foreign.Line(r.Statement))
	}
}

func showSteps(b *bytes.Buffer, steps []result.Step) {
	if len(steps) == 0 {
		return
	}
	b.WriteString("\nsteps\n")
	for _, s := range steps {
		fmt.Fprintf(b, "  %-7s %s %s\n", words(s.Outcome), s.Keyword, s.Text)
		block(b, "          ", s.Argument)
	}
}

// showEnding shows how a scenario, or one run of it, ended.
func showEnding(b *bytes.Buffer, f *result.Failure, exchanges []result.Exchange) {
	if f != nil {
		fmt.Fprintf(b, "\n%s: %s\n  %s  %s\n", f.Kind, f.Message, f.Location, f.Step)
		for _, side := range []struct{ name, text string }{{"expected", f.Expected}, {"actual", f.Actual}} {
			if side.text != "" {
				fmt.Fprintf(b, "  %s\n", side.name)
				block(b, "    ", side.text)
			}
		}
	}
	for i, e := range exchanges {
		mark := ""
		if f != nil && f.Exchange != nil && *f.Exchange == i {
			mark = "  <- shows it"
		}
		fmt.Fprintf(b, "\nexchange %d of %d, %.1f ms%s\n", i+1, len(exchanges), e.DurationMS, mark)
		if e.Purpose != "" {
			fmt.Fprintf(b, "  %s\n", e.Purpose)
		}
		if e.Node != "" {
			fmt.Fprintf(b, "  to the node %s\n", e.Node)
		}
		if e.Leased != "" {
			fmt.Fprintf(b, "  sent for %s, which begins with the same; what it made was lent to this scenario, as it was\n", e.Leased)
		}
		fmt.Fprintf(b, "  %s\n", strings.ReplaceAll(wire.Curl(e, "$ES"), "\n", "\n  "))
		fmt.Fprintf(b, "  > %s %s\n", e.Request.Method, e.Request.Path)
		showMessage(b, ">", &e.Request)
		if e.Response != nil {
			fmt.Fprintf(b, "  < %d\n", e.Response.Status)
			showMessage(b, "<", e.Response)
		}
		if e.Error != "" {
			fmt.Fprintf(b, "  ! %s\n", e.Error)
		}
	}
}

// showMessage shows headers and body; that of JSON is indented, its numbers as
// they were.
func showMessage(b *bytes.Buffer, side string, m *result.Message) {
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		fmt.Fprintf(b, "  %s %s: %s\n", side, name, strings.Join(m.Headers[name], ", "))
	}
	var indented bytes.Buffer
	if json.Indent(&indented, []byte(m.Body), "", "  ") != nil {
		indented.Reset()
		indented.WriteString(m.Body)
	}
	block(b, "    ", indented.String())
	if m.CutFrom > 0 {
		fmt.Fprintf(b, "    … the start of %d bytes\n", m.CutFrom)
	}
}

func block(b *bytes.Buffer, indent, text string) {
	if text = strings.TrimRight(text, "\n"); text != "" {
		fmt.Fprintf(b, "%s%s\n", indent, strings.ReplaceAll(text, "\n", "\n"+indent))
	}
}

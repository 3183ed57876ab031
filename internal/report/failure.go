package report

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// terminalLimit is how much of a value or body a terminal shows, in bytes; the
// files hold all of it.
const terminalLimit = 600

// FailureText describes a scenario that did not pass: what is required, what
// was expected, what came, and the request to try again. Statements gives the
// sentence of a requirement; nil leaves the sentences out.
func FailureText(sc *result.Scenario, statements map[string]string) string {
	var b strings.Builder
	for _, id := range sc.Blamed() {
		if s := statements[id]; s != "" {
			fmt.Fprintf(&b, "  %s\n", s)
		}
	}
	f := sc.Failure
	if f == nil {
		fmt.Fprintf(&b, "  %s:%d  %s\n", sc.File, sc.Line, sc.Reason)
		return b.String()
	}
	if sc.Reason != "" {
		fmt.Fprintf(&b, "  %s\n", sc.Reason)
	}
	fmt.Fprintf(&b, "  %s  %s\n", f.Location, f.Step)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, strings.ReplaceAll(value, "\n", "\n            "))
		}
	}
	row(f.Kind, f.Message)
	row("expected", f.Expected)
	row("actual", f.Actual)
	if f.Exchange != nil && *f.Exchange < len(sc.Exchanges) {
		e := sc.Exchanges[*f.Exchange]
		row("request", wire.Curl(e, "$ES"))
		row("answer", Answer(e))
		row("node", e.Node)
	}
	return b.String()
}

// Answer is the answer of an exchange in one line, or why there is none.
func Answer(e result.Exchange) string {
	if e.Response == nil {
		return "none: " + e.Error
	}
	text := fmt.Sprintf("%d %s", e.Response.Status, e.Response.Body)
	if e.Error != "" {
		text += " (" + e.Error + ")"
	}
	return strings.TrimSpace(text)
}

// cut shortens long lines for a terminal.
func cut(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if len(l) > terminalLimit {
			lines[i] = strings.ToValidUTF8(l[:terminalLimit], "") + fmt.Sprintf(" … (%d more bytes, see %s)", len(l)-terminalLimit, JSONFile)
		}
	}
	return strings.Join(lines, "\n")
}

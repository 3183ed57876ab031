package compare

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Markdown writes the comparison for a pull request.
func (c *Comparison) Markdown(w io.Writer) error {
	c = foreign.Shown(c)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s → %s: %s\n\n%s.\n\n", escape(c.Old.Target.Version), escape(c.New.Target.Version), c.Verdict, escape(c.Reason))
	fmt.Fprintf(&b, "- old: %s\n- new: %s\n- %s compared\n", escape(describe(&c.Old)), escape(describe(&c.New)), result.Plural(c.Compared, "exchange"))
	for _, d := range c.Doubts {
		fmt.Fprintf(&b, "- **doubt**: %s\n", escape(d))
	}
	c.markdownOutcomes(&b)
	if list := c.Unexpected(); len(list) > 0 {
		b.WriteString("\n## Differences\n")
		for _, e := range list {
			markdownEntry(&b, &e)
		}
	}
	c.markdownExpected(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (c *Comparison) markdownOutcomes(b *bytes.Buffer) {
	header := "\n## Requirements\n\n| class | requirement | change | old | new |\n|---|---|---|---|---|\n"
	for _, o := range c.gather() {
		alike := ""
		if n := len(o.others); n > 0 {
			alike = fmt.Sprintf(", and alike %s: %s", result.Plural(n, "more requirement"), escape(few(o.ids())))
		}
		fmt.Fprintf(b, "%s| %s | `%s` %s%s | %s | %s | %s |\n", header, o.Class, escape(o.Requirement), escape(o.Statement), alike, changeWords[o.Change], or(string(o.Old), "none"), or(string(o.New), "none"))
		header = ""
	}
}

func markdownEntry(b *bytes.Buffer, e *Entry) {
	fmt.Fprintf(b, "\n### %s: %s\n\n", e.Class, escape(e.Title))
	fmt.Fprintf(b, "%s of %s (%s)", result.Plural(e.Count, "exchange"), result.Plural(len(e.Scenarios), "scenario"), escape(few(e.Scenarios)))
	if e.FollowUps > 0 {
		fmt.Fprintf(b, ", %s that come of it", result.Plural(e.FollowUps, "further difference"))
	}
	b.WriteString(".\n")
	if len(e.Requirements) > 0 {
		fmt.Fprintf(b, "\nFails: %s.\n", escape(strings.Join(e.Requirements, ", ")))
	}
	for _, x := range e.Examples {
		b.WriteString("\n")
		fence(b, fmt.Sprintf("old      %s\nnew      %s\n%s", line(x.Old), line(x.New), curls(&x)))
	}
}

func curls(x *Example) string {
	if x.OldCurl == x.NewCurl {
		return "request  " + line(x.NewCurl)
	}
	return "request  " + line(x.OldCurl) + "\nnow      " + line(x.NewCurl)
}

// fence writes a text as code that it cannot break out of.
func fence(b *bytes.Buffer, text string) {
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	fmt.Fprintf(b, "%stext\n%s\n%s\n", ticks, text, ticks)
}

func (c *Comparison) markdownExpected(b *bytes.Buffer) {
	header := "\n## Expected between these versions\n\n"
	for _, e := range c.Entries {
		if e.Expected == "" {
			continue
		}
		fmt.Fprintf(b, "%s- %s: %s (%s, %s)\n", header, e.Class, escape(strings.TrimPrefix(e.Expected, "expected: ")), result.Plural(len(e.Requirements), "requirement"), result.Plural(e.Count, "exchange"))
		header = ""
	}
	for _, o := range c.plainExpected() {
		fmt.Fprintf(b, "%s- %s: `%s` %s: %s\n", header, o.Class, escape(o.Requirement), changeWords[o.Change], escape(strings.TrimPrefix(o.Expected, "expected: ")))
		header = ""
	}
}

var escaper = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "`", "'", "\n", " ", "\r", " ", "*", `\*`, "_", `\_`, "@", "&#64;", "[", `\[`)

func escape(s string) string { return escaper.Replace(s) }

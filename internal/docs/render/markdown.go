package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Markdown writes the report for people who read it where it is stored or
// attached.
func Markdown(w io.Writer, r *Report) error {
	r = foreign.Shown(r)
	p := &printer{w: w}
	p.line("# Documentation report: %s", r.Verdict)
	p.line("")
	p.line("%s.", md(r.Reason))
	p.line("")
	p.line("Target: %s %s at %s", md(r.Target.Kind), md(r.Target.Version), md(r.Target.URL))
	if !r.Target.IsElasticsearch {
		p.line("")
		p.line("**The target is not Elasticsearch but a stand-in.**")
	}
	p.line("")
	p.line("| page | %s | examples run |", strings.Join(verdictNames(), " | "))
	p.line("|---|%s---|", strings.Repeat("---:|", len(claim.Verdicts())))
	for _, pg := range r.Pages {
		var cells []string
		for _, v := range claim.Verdicts() {
			cells = append(cells, fmt.Sprint(pg.Counts[v]))
		}
		p.line("| %s<br>%s | %s | %d of %d |", md(pg.Title), md(pg.File), strings.Join(cells, " | "), pg.ExamplesRun, pg.Examples)
	}
	for _, class := range finding.Classes() {
		p.points(r, class)
	}
	for _, s := range []struct {
		title string
		want  func(claim.Claim) bool
	}{
		{"Waived", func(c claim.Claim) bool { return c.Waived != "" }},
		{"Not run, skipped or untestable", func(c claim.Claim) bool { return !c.Finding() && c.Verdict != claim.Confirmed }},
	} {
		p.section(s.title, r.Claims, s.want)
	}
	for _, pg := range r.Pages {
		p.coverageTable(pg)
	}
	p.confirmed(r)
	return p.err
}

func verdictNames() []string {
	var out []string
	for _, v := range claim.Verdicts() {
		out = append(out, strings.ToLower(strings.ReplaceAll(string(v), "_", " ")))
	}
	return out
}

// titles are what the reports call the classes of findings.
var titles = map[finding.Class]string{
	finding.Contradiction: "Contradicted", finding.Omission: "Observed, but not documented", finding.Style: "Style",
}

// points writes the findings of a class.
func (p *printer) points(r *Report, class finding.Class) {
	first := true
	for _, f := range r.Points {
		if f.Class != class {
			continue
		}
		if first {
			p.line("")
			p.line("## %s", titles[class])
			first = false
		}
		p.entry(r.claim(f.Places[0].Claim))
		if len(f.Places) == 1 {
			continue
		}
		p.line("")
		p.line("%s", md(strings.TrimSpace(f.Title+" It shows in "+result.Plural(len(f.Places), "place")+":")))
		p.line("")
		for _, pl := range f.Places {
			p.line("- %s: %s (%s)", md(where(pl)), md(oneLine(cut(pl.Observed))), md(pl.Claim))
		}
	}
}

func (p *printer) section(title string, claims []claim.Claim, want func(claim.Claim) bool) {
	first := true
	for _, c := range claims {
		if !want(c) {
			continue
		}
		if first {
			p.line("")
			p.line("## %s", title)
			first = false
		}
		p.entry(c)
	}
}

func (p *printer) entry(c claim.Claim) {
	p.line("")
	p.line("### %s", md(c.ID))
	p.line("")
	p.line("%s, %s", md(location(c)), string(c.Kind))
	p.line("")
	if c.Quote != "" {
		p.line("> %s", md(oneLine(c.Quote)))
		p.line("")
	}
	p.line("| | |")
	p.line("|---|---|")
	for _, row := range []struct{ name, text string }{
		{"documented", c.Documented}, {"observed", c.Observed}, {"verdict", string(c.Verdict)}, {"reason", c.Reason}, {"patch", c.Patch}, {"waived", c.Waived},
	} {
		if row.text != "" {
			p.line("| %s | %s |", row.name, md(oneLine(row.text)))
		}
	}
	for _, o := range c.Opinions {
		p.line("| %s | %s (%s:%d) |", o.Source, md(oneLine(o.Says)), md(o.File), o.Line)
	}
	if c.OddOneOut != "" {
		p.line("| stands alone | the %s |", c.OddOneOut)
	}
	for _, pr := range c.Proof {
		p.line("")
		fence := fenceFor(pr.Curl)
		p.line("%ssh", fence)
		p.line("%s", pr.Curl)
		p.line("%s", fence)
		if pr.Exchange != nil && pr.Exchange.Response != nil {
			p.line("")
			p.line("answered %d %s", pr.Exchange.Response.Status, md(cut(oneLine(pr.Exchange.Response.Body))))
		}
	}
}

// confirmed lists what is right in one line each.
func (p *printer) confirmed(r *Report) {
	if r.Counts[claim.Confirmed] == 0 {
		return
	}
	p.line("")
	p.line("## Confirmed")
	p.line("")
	if r.Left > 0 {
		p.line("%d claims are confirmed; docs-report.json lists them.", r.Left)
	}
	for _, c := range r.Claims {
		if c.Verdict == claim.Confirmed {
			p.line("- %s: %s", md(c.ID), md(oneLine(c.Documented)))
		}
	}
}

var mdEscapes = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "#", "\\#", "~", "\\~")

// md shows text as it is: nothing in it is markup.
func md(s string) string { return mdEscapes.Replace(s) }

// fenceFor is a fence longer than any in the text.
func fenceFor(s string) string {
	fence := "```"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence
}

package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

func location(c claim.Claim) string {
	if c.Line == 0 {
		return c.File
	}
	return fmt.Sprintf("%s:%d", c.File, c.Line)
}

// Terminal writes the findings, and a line for each page. With verbose it
// writes every claim.
func Terminal(w io.Writer, r *Report, verbose bool) error {
	r = foreign.Shown(r)
	p := &printer{w: w}
	if !r.Target.IsElasticsearch {
		p.line("The target is not Elasticsearch but the embedded reference server: what it does is what this suite takes Elasticsearch to do.")
		p.line("")
	}
	for _, f := range r.Points {
		p.finding(r, f)
	}
	for _, c := range r.Claims {
		if !c.Finding() && (verbose || c.Verdict == claim.NotRun && c.Kind == claim.KindUnread) || c.Waived != "" && verbose {
			p.claim(c)
		}
	}
	for _, pg := range r.Pages {
		p.line("%s  %s", pg.File, pg.Title)
		p.line("  claims %s", counts(pg.Counts))
		p.line("  examples run %d of %d", pg.ExamplesRun, pg.Examples)
		p.coverage(pg)
		if pg.Error != "" {
			p.line("  ended early: %s", pg.Error)
			continue
		}
		if len(pg.Operations) > 0 {
			continue // their reasons are told
		}
		for _, why := range r.notRun(pg.ID) {
			p.line("  not run: %s", why)
		}
	}
	p.line("")
	p.line("%s on %s: %s", result.Plural(len(r.Claims), "claim"), result.Plural(len(r.Pages), "page"), counts(r.Counts))
	if len(r.Points) > 0 {
		p.line("%s: %s", result.Plural(len(r.Points), "finding"), classes(r.Points))
	}
	for _, st := range r.Stale {
		p.line("baseline  %s: %s", st.Claim, st.Why)
	}
	for _, u := range r.Waivers {
		if u.State != "used" {
			p.line("waiver on line %d (%s) is %s: %s", u.Line, u.ID, u.State, u.Why)
		}
	}
	if left := r.Resources.Left(); left != "" {
		p.line("left behind: %s", left)
	}
	p.line("verdict  %s: %s (%s)", r.Verdict, r.Reason, r.exit())
	return p.err
}

// notRun returns the reasons why claims of a page were not held against the
// server, each once.
func (r *Report) notRun(page string) []string {
	var out []string
	for _, c := range r.Claims {
		if c.Verdict != claim.NotRun || c.Kind == claim.KindUnread || !strings.HasPrefix(c.ID, page+"/") || slices.Contains(out, c.Reason) {
			continue
		}
		out = append(out, c.Reason)
	}
	return out
}

// counts lists how many claims have each verdict.
func counts(n map[claim.Verdict]int) string {
	var parts []string
	for _, v := range claim.Verdicts() {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// classes lists how many findings are of each class.
func classes(points []finding.Finding) string {
	var parts []string
	for _, class := range finding.Classes() {
		n := 0
		for _, f := range points {
			if f.Class == class {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, class))
		}
	}
	return strings.Join(parts, ", ")
}

// maxPlaces is how many places of one finding the terminal shows.
const maxPlaces = 12

// finding writes one finding, and where it shows.
func (p *printer) finding(r *Report, f finding.Finding) {
	first := r.claim(f.Places[0].Claim)
	if len(f.Places) == 1 {
		p.claim(first)
		return
	}
	p.line("%-12s  %s  (%s, %s)", f.Verdict, f.ID, f.Kind, result.Plural(len(f.Places), "place"))
	if f.Title != "" {
		p.line("  %s", f.Title)
	}
	p.line("  %-10s  %s", "documented", oneLine(first.Documented))
	for i, place := range f.Places {
		if i == maxPlaces {
			p.line("  %-10s  … and in %s more", "at", result.Plural(len(f.Places)-i, "place"))
			break
		}
		p.line("  %-10s  %s  %s", "at", where(place), place.Claim)
		p.line("  %-10s  %s", "", cut(oneLine(place.Observed)))
	}
	p.proof(first)
	p.line("")
}

// where is where a finding shows.
func where(pl finding.Place) string {
	return location(claim.Claim{File: pl.File, Line: pl.Line})
}

func (p *printer) claim(c claim.Claim) {
	p.line("%-12s  %s  (%s)", c.Verdict, c.ID, c.Kind)
	if q := oneLine(c.Quote); q != "" {
		p.line("  %s  %s", location(c), q)
	} else {
		p.line("  %s", location(c))
	}
	for _, row := range []struct{ name, text string }{
		{"documented", c.Documented}, {"observed", c.Observed}, {"reason", c.Reason}, {"patch", c.Patch}, {"waived", c.Waived},
	} {
		if row.text != "" {
			p.line("  %-10s  %s", row.name, oneLine(row.text))
		}
	}
	for _, o := range c.Opinions {
		p.line("  %-10s  %s (%s:%d)", o.Source, oneLine(o.Says), o.File, o.Line)
	}
	if c.OddOneOut != "" {
		p.line("  %-10s  the %s stands alone", "odd one out", c.OddOneOut)
	}
	p.proof(c)
	p.line("")
}

// proof writes the last exchange that shows a claim.
func (p *printer) proof(c claim.Claim) {
	if len(c.Proof) == 0 {
		return
	}
	last := c.Proof[len(c.Proof)-1]
	p.line("  %-10s  %s", "request", last.Curl)
	if last.Exchange != nil && last.Exchange.Response != nil {
		p.line("  %-10s  %d %s", "answer", last.Exchange.Response.Status, cut(oneLine(last.Exchange.Response.Body)))
	}
}

const maxAnswer = 300 // characters of an answer on the terminal

func cut(s string) string {
	if r := []rune(s); len(r) > maxAnswer {
		return string(r[:maxAnswer]) + "…"
	}
	return s
}

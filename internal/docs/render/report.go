// Package render writes what the verification of reference pages found.
package render

import (
	"fmt"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/operation"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
)

// SchemaVersion is the version of the format of docs-report.json.
const SchemaVersion = 1

// Report is everything that was found.
type Report struct {
	Schema     int                   `json:"schema"`
	RunID      string                `json:"run_id"`
	Suite      result.Suite          `json:"suite"`
	Target     result.Target         `json:"target"`
	Started    time.Time             `json:"started"`
	DurationMS float64               `json:"duration_ms"`
	Verdict    result.Verdict        `json:"verdict"`
	Reason     string                `json:"reason"`
	ExitCode   int                   `json:"exit_code"`
	Counts     map[claim.Verdict]int `json:"counts"`
	Pages      []Page                `json:"pages"`
	Claims     []claim.Claim         `json:"claims"`
	// Points are the findings that are open, one for each cause, the gravest
	// first. Stale are entries of the baseline that accept nothing any more.
	Points    []finding.Finding  `json:"findings"`
	Stale     []finding.Stale    `json:"stale,omitempty"`
	Resources result.Resources   `json:"resources"`
	Waivers   []result.WaiverUse `json:"waivers,omitempty"`

	// Left is how many confirmed claims are not among Claims.
	Left int `json:"-"`

	sources []*asciidoc.Page // for the patch
	patches []documentPatch  // of the OpenAPI documents
	page    []int            // of each claim, the index of its page
}

// Page sums up one page.
type Page struct {
	File   string                `json:"file"`
	ID     string                `json:"id"`
	Title  string                `json:"title"`
	Form   asciidoc.Form         `json:"form"`
	Routes []string              `json:"routes"`
	Counts map[claim.Verdict]int `json:"counts"`
	// Examples is the number of snippets, ExamplesRun how many were run.
	Examples    int    `json:"examples"`
	ExamplesRun int    `json:"examples_run"`
	Asked       bool   `json:"asked"`           // whether the server was sent anything about it
	Error       string `json:"error,omitempty"` // what ended its probes early
	// Operations are those of an OpenAPI document, and how much of each was held
	// against the server.
	Operations []operation.Coverage `json:"operations,omitempty"`
	// Patch says what the JSON patch of an OpenAPI document has.
	Patch string `json:"patch,omitempty"`
}

// Add takes in what was found for one page; asked says whether the server was
// sent anything about it.
func (r *Report) Add(page *asciidoc.Page, m *claim.Model, claims []*claim.Claim, asked bool, err error) {
	p := Page{Asked: asked, File: m.File, ID: m.ID, Title: m.Title, Form: page.Form, Routes: []string{}, Counts: map[claim.Verdict]int{}}
	for _, rt := range m.Routes {
		p.Routes = append(p.Routes, rt.String())
	}
	if err != nil {
		p.Error = err.Error()
	}
	for _, c := range claims {
		p.Counts[c.Verdict]++
		if c.Kind == claim.KindExample && c.Documented != "what the example sends is stored" {
			p.Examples++
			if c.Verdict == claim.Confirmed || c.Verdict == claim.Contradicted {
				p.ExamplesRun++
			}
		}
		r.Claims = append(r.Claims, *c)
		r.page = append(r.page, len(r.Pages))
	}
	r.Pages = append(r.Pages, p)
	r.sources = append(r.sources, page)
}

// Accept passes over the findings that a baseline has.
func (r *Report) Accept(b *finding.Baseline) {
	if b == nil {
		return
	}
	for i, c := range r.Claims {
		if c.Finding() && b.Accepts(c) {
			r.Claims[i].Waived = "accepted in the baseline " + b.Path
		}
	}
	r.Stale = b.Stale(r.Claims, r.whole)
}

// Accepted are the entries of a baseline that accepts every finding.
func (r *Report) Accepted() []finding.Entry {
	var out []finding.Entry
	for i, c := range r.Claims {
		if c.Finding() {
			says := oneLine(cut(c.Documented)) + ": " + oneLine(cut(c.Observed))
			out = append(out, finding.Entry{Claim: c.ID, Page: r.Pages[r.page[i]].ID, Verdict: c.Verdict, Says: says})
		}
	}
	return out
}

// Renew returns a baseline that accepts what was found, and what another has on
// pages that were not held against the server now.
func (r *Report) Renew(b *finding.Baseline) *finding.Baseline { return b.With(r.Accepted(), r.whole) }

// whole reports whether the page of an entry was held against the server to the
// end; of an OpenAPI document, whether its operation was selected.
func (r *Report) whole(e finding.Entry) bool {
	return slices.ContainsFunc(r.Pages, func(p Page) bool {
		return p.ID == e.Page && p.Asked && p.Error == "" && (p.Form != formOpenAPI || p.selected(e.Claim))
	})
}

// Finish applies the waivers and decides the verdict.
func (r *Report) Finish(list *waiver.List, version esversion.Version, now time.Time) {
	run := r.AsRun()
	if list != nil {
		list.Apply(run, version, now)
		for i := range run.Scenarios {
			if run.Scenarios[i].Outcome == result.Waived && r.Claims[i].Waived == "" {
				r.Claims[i].Waived = run.Scenarios[i].Reason
			}
		}
		r.Waivers = run.Waivers
	}
	r.Points = append([]finding.Finding{}, finding.Group(r.Claims, open)...)
	r.Verdict, r.Reason = r.decide()
	run.Verdict = r.Verdict
	r.ExitCode = r.Verdict.ExitCode()
	if list != nil {
		r.ExitCode = waiver.Exit(run)
	}
	if r.ExitCode == result.ExitConformant && len(r.Stale) > 0 {
		r.ExitCode = result.ExitWaiver
	}
}

// open reports whether nobody has accepted a finding yet.
func open(c claim.Claim) bool { return c.Waived == "" }

// exit is the exit code, and why it is not that of the verdict.
func (r *Report) exit() string {
	if r.ExitCode == result.ExitWaiver && len(r.Stale) > 0 {
		return fmt.Sprintf("exit code %d: %s of the baseline accept nothing any more; --update-baseline takes them out", r.ExitCode, result.Plural(len(r.Stale), "point"))
	}
	return result.Exit(r.ExitCode)
}

// decide counts the claims and says what follows. A page that the server was
// not asked about says nothing of the server, whatever is wrong with the page;
// and how a page is written decides nothing.
func (r *Report) decide() (result.Verdict, string) {
	r.Counts = map[claim.Verdict]int{}
	notRun, ended, asked := 0, 0, 0
	for _, c := range r.Claims {
		r.Counts[c.Verdict]++
		if c.Verdict == claim.NotRun && c.Kind != claim.KindUnread {
			notRun++
		}
	}
	for _, p := range r.Pages {
		if p.Error != "" {
			ended++
		}
		if p.Asked {
			asked++
		}
	}
	n := r.pointsBy()
	also := ""
	if n.unasked > 0 {
		also = fmt.Sprintf("; %s to look at on pages of which it was not asked", result.Plural(n.unasked, "point"))
	}
	if n.style > 0 {
		also += fmt.Sprintf("; %s of style", result.Plural(n.style, "point"))
	}
	switch {
	case ended > 0:
		return result.Inconclusive, fmt.Sprintf("the probes of %s ended early: %s", result.Plural(ended, "page"), r.firstError())
	case asked == 0:
		return result.Inconclusive, "the server was not asked: " + r.firstReason() + also
	case n.server > 0:
		return result.Nonconformant, fmt.Sprintf("%s that the server does not bear out or that the documents leave out", result.Plural(n.server, "point")) + also
	case notRun > 0:
		return result.Inconclusive, fmt.Sprintf("%s could not be held against the server", result.Plural(notRun, "claim")) + also
	case r.Counts[claim.Confirmed] == 0:
		return result.Inconclusive, "not one claim was confirmed" + also
	}
	return result.Conformant, fmt.Sprintf("%s confirmed, nothing found that is wrong or missing", result.Plural(r.Counts[claim.Confirmed], "claim")) + also
}

// tally counts findings by what they say of the server.
type tally struct{ server, unasked, style int }

func (r *Report) pointsBy() tally {
	var out tally
	for _, f := range r.Points {
		switch {
		case f.Class == finding.Style:
			out.style++
		case slices.ContainsFunc(f.Places, func(p finding.Place) bool { return r.askedAbout(p.Claim) }):
			out.server++
		default:
			out.unasked++
		}
	}
	return out
}

// askedAbout reports whether the server was asked about the page of a claim.
func (r *Report) askedAbout(id string) bool {
	i := slices.IndexFunc(r.Claims, func(c claim.Claim) bool { return c.ID == id })
	return i >= 0 && r.Pages[r.page[i]].Asked
}

// claim returns the claim of that id.
func (r *Report) claim(id string) claim.Claim {
	i := slices.IndexFunc(r.Claims, func(c claim.Claim) bool { return c.ID == id })
	if i < 0 {
		return claim.Claim{ID: id}
	}
	return r.Claims[i]
}

// firstReason is why the first claim was not held against the server.
func (r *Report) firstReason() string {
	for _, c := range r.Claims {
		if c.Verdict == claim.NotRun && c.Kind != claim.KindUnread {
			return c.Reason
		}
	}
	return "no page makes a claim that it could be asked about"
}

func (r *Report) firstError() string {
	for _, p := range r.Pages {
		if p.Error != "" {
			return p.Error
		}
	}
	return ""
}

// Findings are the claims that somebody has to act on.
func (r *Report) Findings() []claim.Claim {
	var out []claim.Claim
	for _, c := range r.Claims {
		if c.Finding() && c.Waived == "" {
			out = append(out, c)
		}
	}
	return out
}

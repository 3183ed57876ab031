// Package render writes what the verification of reference pages found.
package render

import (
	"fmt"
	"time"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
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
	Resources  result.Resources      `json:"resources"`
	Waivers    []result.WaiverUse    `json:"waivers,omitempty"`

	sources []*asciidoc.Page // for the patch
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
	Error       string `json:"error,omitempty"` // what ended its probes early
}

// Add takes in what was found for one page.
func (r *Report) Add(page *asciidoc.Page, m *claim.Model, claims []*claim.Claim, err error) {
	p := Page{File: m.File, ID: m.ID, Title: m.Title, Form: page.Form, Routes: []string{}, Counts: map[claim.Verdict]int{}}
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
	}
	r.Pages = append(r.Pages, p)
	r.sources = append(r.sources, page)
}

// Finish applies the waivers and decides the verdict.
func (r *Report) Finish(list *waiver.List, version esversion.Version, now time.Time) {
	run := r.AsRun()
	if list != nil {
		list.Apply(run, version, now)
		for i := range run.Scenarios {
			if run.Scenarios[i].Outcome == result.Waived {
				r.Claims[i].Waived = run.Scenarios[i].Reason
			}
		}
		r.Waivers = run.Waivers
	}
	r.Counts = map[claim.Verdict]int{}
	findings, notRun := 0, 0
	for _, c := range r.Claims {
		r.Counts[c.Verdict]++
		switch {
		case c.Finding() && c.Waived == "":
			findings++
		case c.Verdict == claim.NotRun && c.Kind != claim.KindUnread:
			notRun++
		}
	}
	ended := 0
	for _, p := range r.Pages {
		if p.Error != "" {
			ended++
		}
	}
	switch {
	case ended > 0:
		r.Verdict, r.Reason = result.Inconclusive, fmt.Sprintf("the probes of %s ended early: %s", plural(ended, "page"), r.firstError())
	case findings > 0:
		r.Verdict, r.Reason = result.Nonconformant, fmt.Sprintf("%s that the server does not bear out or that the documents leave out", plural(findings, "point"))
	case notRun > 0:
		r.Verdict, r.Reason = result.Inconclusive, fmt.Sprintf("%s could not be held against the server", plural(notRun, "claim"))
	case r.Counts[claim.Confirmed] == 0:
		r.Verdict, r.Reason = result.Inconclusive, "not one claim was confirmed"
	default:
		r.Verdict, r.Reason = result.Conformant, fmt.Sprintf("%s confirmed, nothing found that is wrong or missing", plural(r.Counts[claim.Confirmed], "claim"))
	}
	run.Verdict = r.Verdict
	r.ExitCode = r.Verdict.ExitCode()
	if list != nil {
		r.ExitCode = waiver.Exit(run)
	}
}

func (r *Report) firstError() string {
	for _, p := range r.Pages {
		if p.Error != "" {
			return p.Error
		}
	}
	return ""
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
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

package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/operation"
	"github.com/esconform/esconform/internal/result"
)

// formOpenAPI is the form of an OpenAPI document among those of pages.
const formOpenAPI asciidoc.Form = "openapi"

// AddDocument takes in what was found out about an OpenAPI document.
func (r *Report) AddDocument(d *openapi.Document, found *operation.Outcome) {
	p := Page{Asked: found.Asked, File: d.File(), ID: d.ID, Title: d.Title, Form: formOpenAPI, Routes: []string{}, Counts: map[claim.Verdict]int{}, Operations: found.Coverage}
	for _, route := range found.Routes {
		p.Routes = append(p.Routes, route.String())
	}
	if found.Err != nil {
		p.Error = found.Err.Error()
	}
	for _, c := range found.Claims {
		p.Counts[c.Verdict]++
		if c.Kind == claim.KindExample {
			p.Examples++
			if c.Verdict == claim.Confirmed || c.Verdict == claim.Contradicted {
				p.ExamplesRun++
			}
		}
		r.Claims = append(r.Claims, *c)
		r.page = append(r.page, len(r.Pages))
	}
	r.patches = append(r.patches, documentPatch{doc: d, page: len(r.Pages)})
	r.Pages = append(r.Pages, p)
}

// selected reports whether a claim is about one of the operations that were
// asked about, or about a route that the document leaves out beside those.
func (p Page) selected(id string) bool {
	rest := strings.TrimPrefix(id, p.ID+"/")
	if parts := strings.Split(rest, "/"); parts[0] == "route" && len(parts) > 2 {
		api := parts[2]
		return slices.ContainsFunc(p.Routes, func(r string) bool { return strings.HasPrefix(r+"/", strings.Fields(r)[0]+" /"+api+"/") })
	}
	return slices.ContainsFunc(p.Operations, func(c operation.Coverage) bool { return strings.HasPrefix(rest, c.Operation+"/") })
}

// Covered sums up how much of a document's operations was held against the
// server.
func (p Page) Covered() string {
	n := map[string]int{}
	requests, accepted := 0, 0
	for _, c := range p.Operations {
		n[c.State]++
		requests += c.Requests
		accepted += c.Accepted
	}
	return fmt.Sprintf("%s: %d verified, %d partly, %d not run; %s, %d of them accepted", result.Plural(len(p.Operations), "operation"), n[operation.Verified], n[operation.Partly], n[operation.NotRun], result.Plural(requests, "request"), accepted)
}

// maxShown is how many claims are shown one by one where people read them.
const maxShown = 3000

// Brief is the report without the claims of OpenAPI documents that are confirmed,
// where there are more claims than anybody reads: they are in the JSON report.
func (r *Report) Brief() *Report {
	if len(r.Claims) <= maxShown {
		return r
	}
	brief := *r
	brief.Claims, brief.page = nil, nil
	for i, c := range r.Claims {
		if c.Verdict == claim.Confirmed && r.Pages[r.page[i]].Form == formOpenAPI {
			brief.Left++
			continue
		}
		brief.Claims = append(brief.Claims, c)
		brief.page = append(brief.page, r.page[i])
	}
	return &brief
}

// Reason is one reason why operations were not held against the server in full.
type Reason struct {
	State, Why string
	Operations []operation.Coverage
}

// Reasons lists why operations were not held against the server in full, the
// most frequent first.
func (p Page) Reasons() []Reason {
	var out []Reason
	for _, c := range p.Operations {
		if c.State == operation.Verified {
			continue
		}
		i := slices.IndexFunc(out, func(r Reason) bool { return r.State == c.State && r.Why == c.Why })
		if i < 0 {
			i = len(out)
			out = append(out, Reason{State: c.State, Why: c.Why})
		}
		out[i].Operations = append(out[i].Operations, c)
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return len(b.Operations) - len(a.Operations) })
	return out
}

// maxReasons is how many reasons the terminal shows.
const maxReasons = 10

// coverage writes how much of a document was held against the server.
func (p *printer) coverage(pg Page) {
	if len(pg.Operations) == 0 {
		return
	}
	p.line("  %s", pg.Covered())
	if pg.Patch != "" {
		p.line("  %s", pg.Patch)
	}
	reasons := pg.Reasons()
	for i, r := range reasons {
		if i == maxReasons {
			p.line("  … %d further reasons are in the reports", len(reasons)-i)
			break
		}
		p.line("  %-8s  %3d  %s (%s)", r.State, len(r.Operations), cut(oneLine(r.Why)), r.Operations[0].Operation)
	}
}

// coverageTable writes a row for each operation.
func (p *printer) coverageTable(pg Page) {
	if len(pg.Operations) == 0 {
		return
	}
	p.line("")
	p.line("## Operations of %s", md(pg.File))
	p.line("")
	p.line("%s.", pg.Covered())
	if pg.Patch != "" {
		p.line("")
		p.line("%s.", pg.Patch)
	}
	p.line("")
	p.line("| operation | route | state | why | requests |")
	p.line("|---|---|---|---|---:|")
	for _, c := range pg.Operations {
		p.line("| %s | %s | %s | %s | %d |", md(c.Operation), md(c.Route), c.State, md(oneLine(c.Why)), c.Requests)
	}
}

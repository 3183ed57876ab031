package render

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report/html"
)

var (
	//go:embed page.tmpl
	pageText string

	page = template.Must(template.New("docs").Funcs(template.FuncMap{
		"class": cssClass, "words": words, "where": location, "line": oneLine, "cut": cut, "place": where, "classes": classes,
	}).Parse(pageText))
)

// cssClass is the class of the run report that looks as a verdict should.
func cssClass(v claim.Verdict) string {
	return map[claim.Verdict]string{
		claim.Confirmed: "passed", claim.Contradicted: "failed", claim.Undocumented: "error",
		claim.NotRun: "not_run", claim.Untestable: "skipped", claim.Skipped: "skipped",
	}[v]
}

func words(v claim.Verdict) string { return strings.ToLower(strings.ReplaceAll(string(v), "_", " ")) }

type htmlView struct {
	*Report
	Style  template.CSS
	Policy string
	Groups []group
	Names  []claim.Verdict
}

// group is what the page lists under one heading.
type group struct {
	Title   string
	Open    bool
	Entries []entry
}

// entry is a claim, or a finding: its first claim and the places where it shows.
type entry struct {
	claim.Claim
	Title  string
	Places []finding.Place
}

// HTML writes the report as one file in the look of the report of a run. It
// needs no script and no network.
func HTML(w io.Writer, r *Report) error {
	r = foreign.Shown(r)
	style := html.Stylesheet()
	sum := sha256.Sum256([]byte(style))
	view := htmlView{
		Report: r, Style: template.CSS(style), Names: claim.Verdicts(),
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(sum[:])),
	}
	for _, class := range finding.Classes() {
		g := group{Title: titles[class], Open: class != finding.Style}
		for _, f := range r.Points {
			if f.Class == class {
				g.Entries = append(g.Entries, entryOf(r, f))
			}
		}
		view.Groups = append(view.Groups, g)
	}
	for _, v := range claim.Verdicts() {
		g := group{Title: words(v)}
		for _, c := range r.Claims {
			if c.Verdict == v && !c.Finding() {
				g.Entries = append(g.Entries, entry{Claim: c})
			}
		}
		view.Groups = append(view.Groups, g)
	}
	waived := group{Title: "Waived"}
	for _, c := range r.Claims {
		if c.Waived != "" {
			waived.Entries = append(waived.Entries, entry{Claim: c})
		}
	}
	view.Groups = append(view.Groups, waived)
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("render the HTML report: %w", err)
	}
	return nil
}

func entryOf(r *Report, f finding.Finding) entry {
	e := entry{Claim: r.claim(f.Places[0].Claim), Title: f.Title}
	if len(f.Places) > 1 {
		e.Places = f.Places
	}
	return e
}

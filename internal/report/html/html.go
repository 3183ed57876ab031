// Package html writes a run as one HTML file that needs nothing beside it: no
// network, no other file. What is listed is in the page as it is loaded; the
// details of a scenario are embedded as JSON and become elements only when
// somebody opens them, so that a page of a thousand scenarios opens at once.
//
// Whatever a server sent is put into the page as text and never as markup, and
// a content security policy lets nothing run but the script of this package.
package html

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

var (
	//go:embed style.css
	style string
	//go:embed app.js
	script string
	//go:embed page.tmpl
	pageText string

	page = template.Must(template.New("page").Funcs(template.FuncMap{
		"words": words, "symbol": symbol, "ms": milliseconds,
	}).Parse(pageText))
)

// Stylesheet returns the look of the report, for other pages that are to have
// the same.
func Stylesheet() string { return style }

// Write writes the report of a run.
func Write(w io.Writer, run *result.Run) error {
	out := bufio.NewWriter(w)
	view := newView(foreign.Shown(run))
	if err := page.ExecuteTemplate(out, "head", view); err != nil {
		return fmt.Errorf("render the HTML report: %w", err)
	}
	for i := range view.Scenarios {
		// The encoder escapes <, > and &, so that no text ends the element.
		data, err := json.Marshal(newDetails(view.Scenarios[i].Scenario))
		if err != nil {
			return fmt.Errorf("render scenario %s in HTML: %w", view.Scenarios[i].ID, err)
		}
		fmt.Fprintf(out, "<script type=\"application/json\" data-details=\"%d\">%s</script>\n", i, data)
	}
	if err := page.ExecuteTemplate(out, "foot", view); err != nil {
		return fmt.Errorf("render the HTML report: %w", err)
	}
	return out.Flush()
}

// policy allows the script and the style of this package and nothing else: no
// other script, no request of any kind.
func policy() string {
	return fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'",
		hash(script), hash(style))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

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
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"

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
		"words": words, "symbol": symbol, "ms": milliseconds, "plural": result.Plural,
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
	if err := writeDetails(out, view.Scenarios); err != nil {
		return err
	}
	if err := page.ExecuteTemplate(out, "foot", view); err != nil {
		return fmt.Errorf("render the HTML report: %w", err)
	}
	return out.Flush()
}

// packSize is how many scenarios are compressed together.
const packSize = 500

// writeDetails embeds what each row opens into. What wants to be read at once,
// or printed, stands there as it is; the many others are compressed, and
// unpacked by the page's script where one is opened.
func writeDetails(w io.Writer, rows []row) error {
	var quiet []row
	for _, r := range rows {
		if !r.Loud {
			quiet = append(quiet, r)
			continue
		}
		// The encoder escapes <, > and &, so that no text ends the element.
		data, err := json.Marshal(newDetails(r.Scenario))
		if err != nil {
			return fmt.Errorf("render scenario %s in HTML: %w", r.ID, err)
		}
		fmt.Fprintf(w, "<script type=\"application/json\" data-details=\"%d\">%s</script>\n", r.Index, data)
	}
	for pack := range slices.Chunk(quiet, packSize) {
		text, err := packed(pack)
		if err != nil {
			return fmt.Errorf("render scenarios in HTML: %w", err)
		}
		fmt.Fprintf(w, "<script type=\"application/gzip\" data-pack=\"%d\">%s</script>\n", pack[0].Index, text)
	}
	return nil
}

// packed are the rows' details by index, as compressed JSON in base64.
func packed(rows []row) (string, error) {
	byIndex := make(map[int]details, len(rows))
	for _, r := range rows {
		byIndex[r.Index] = newDetails(r.Scenario)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err := errors.Join(err, json.NewEncoder(z).Encode(byIndex), z.Close()); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
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

package matrix

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report/html"
	"github.com/esconform/esconform/internal/result"
)

//go:embed page.tmpl
var pageText string

// extra is the style of what only the matrix has.
const extra = `
.scroll { overflow-x: auto; }
.matrix th, .matrix td { white-space: nowrap; }
.matrix td.req { white-space: normal; min-width: 16rem; }
.matrix th:first-child, .matrix td.req { position: sticky; left: 0; background: var(--card); }
@media (max-width: 44rem) {
  .matrix thead { display: table-header-group; } .matrix { display: table; } .matrix tbody { display: table-row-group; }
  .matrix tr { display: table-row; } .matrix td { display: table-cell; padding: .3rem .4rem; } .matrix td.req { min-width: 9rem; max-width: 11rem; }
}
`

var page = template.Must(template.New("matrix").Funcs(template.FuncMap{
	"word": func(o result.Outcome) string { return words[o] },
	"class": func(o result.Outcome) string {
		if o == "" {
			return "not_run"
		}
		return string(o)
	},
}).Parse(pageText))

type view struct {
	*Matrix
	Style    template.CSS
	Policy   string
	Sections []section
	Emulated bool
}

type section struct {
	Profile string
	Rows    []Row
}

// HTML writes the matrix as one page that needs nothing beside it, in the look
// of the report.
func (m *Matrix) HTML(w io.Writer) error {
	m = foreign.Shown(m)
	style := html.Stylesheet() + extra
	sum := sha256.Sum256([]byte(style))
	v := view{
		Matrix: m,
		// The style is this program's own and holds nothing that a server sent.
		Style:  template.CSS(style), //nolint:gosec
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(sum[:])),
	}
	for _, profile := range m.profiles() {
		s := section{Profile: profile}
		for _, r := range m.Rows {
			if r.Profile == profile {
				s.Rows = append(s.Rows, r)
			}
		}
		v.Sections = append(v.Sections, s)
	}
	for _, c := range m.Columns {
		v.Emulated = v.Emulated || !c.IsElasticsearch
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("render the matrix in HTML: %w", err)
	}
	return nil
}

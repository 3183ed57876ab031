package render

import (
	"io"

	"github.com/esconform/esconform/internal/schema"
)

// JSON writes docs-report.json and holds it against its published schema.
func JSON(w io.Writer, r *Report) error { return schema.Write(w, "docs-report", r) }

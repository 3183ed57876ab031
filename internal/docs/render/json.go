package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/schemas"
)

var loadSchemas = sync.OnceValues(func() (*schema.Set, error) { return schema.Load(schemas.FS) })

// JSON writes docs-report.json and holds it against its published schema.
func JSON(w io.Writer, r *Report) error {
	raw, err := encode(r)
	if err != nil {
		return err
	}
	doc, err := jsonval.Decode(raw)
	if err != nil {
		return fmt.Errorf("read back what was written: %w", err)
	}
	set, err := loadSchemas()
	if err != nil {
		return err
	}
	if problems := set.Validate("docs-report", doc); len(problems) > 0 {
		return fmt.Errorf("the report does not match its schema (a defect of esconform): %s", problems[0])
	}
	_, err = w.Write(raw)
	return err
}

func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return buf.Bytes(), err
}

package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/schemas"
)

// Published returns the project's own schemas, compiled once.
var Published = sync.OnceValues(func() (*Set, error) { return Load(schemas.FS) })

// Write writes a file that the project publishes a schema of: v as JSON, held
// against the schema of this name before anything is written.
func Write(w io.Writer, name string, v any) error {
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	doc, err := jsonval.Decode(raw.Bytes())
	if err != nil {
		return fmt.Errorf("read back what was written: %w", err)
	}
	set, err := Published()
	if err != nil {
		return err
	}
	if problems := set.Validate(name, doc); len(problems) > 0 {
		return fmt.Errorf("the report does not match its schema %s (a defect of esconform): %s", name, problems[0])
	}
	_, err = w.Write(raw.Bytes())
	return err
}

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// JSON writes report.json and holds it against its own published schema.
func JSON(w io.Writer, run *result.Run) error {
	raw, err := encode(run)
	if err != nil {
		return err
	}
	doc, err := jsonval.Decode(raw)
	if err != nil {
		return fmt.Errorf("read back what was written: %w", err)
	}
	compiled, err := loadSchemas()
	if err != nil {
		return err
	}
	if problems := compiled.Validate("report", doc); len(problems) > 0 {
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

// Read reads a report.json.
func Read(r io.Reader) (*result.Run, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	doc, err := jsonval.Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	compiled, err := loadSchemas()
	if err != nil {
		return nil, err
	}
	if problems := compiled.Validate("report", doc); len(problems) > 0 {
		return nil, fmt.Errorf("not a report of this format: %s", strings.TrimSpace(problems[0].String()))
	}
	var run result.Run
	if err := json.Unmarshal(raw, &run); err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	return &run, nil
}

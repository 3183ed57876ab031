package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/userfile"
)

// JSON writes report.json and holds it against its own published schema.
func JSON(w io.Writer, run *result.Run) error {
	head := *run
	head.Scenarios = []result.Scenario{}
	written := make([]result.Scenario, len(run.Scenarios))
	for i, sc := range run.Scenarios {
		written[i] = sc.Written()
	}
	return schema.WriteLong(w, "report", &head, "scenarios", written)
}

// Read reads a report.json.
func Read(r io.Reader) (*result.Run, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	raw = userfile.TrimBOM(raw)
	doc, err := jsonval.Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	compiled, err := schema.Published()
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
	run.Causes = cause.Of(&run) // an older version knew none, or told them apart otherwise
	return &run, nil
}

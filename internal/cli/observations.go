package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/userfile"
)

// loadObservations reads what was observed in a run: from a report folder, a
// report.json, or a file of observations such as a baseline.
func loadObservations(name string) (*observe.Set, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read the run %s: %w; give a report folder, a report.json or a file of observations", name, err)
	}
	if !info.IsDir() {
		raw, err := userfile.Read(name, userfile.Report)
		if err != nil {
			return nil, fmt.Errorf("read the run: %w", err)
		}
		if strings.HasSuffix(name, ".ndjson") || observe.IsFile(raw) {
			set, err := observe.Parse(raw)
			if err != nil {
				return nil, fmt.Errorf("read observations %s: %w", name, err)
			}
			return set, nil
		}
		return observationsOfReport(name)
	}
	file := filepath.Join(name, observe.File)
	set, err := observe.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		set, err = observationsOfReport(filepath.Join(name, report.JSONFile))
	}
	if err != nil {
		return nil, err
	}
	end, err := report.JournalEnd(name)
	if err != nil {
		return nil, err
	}
	if set.Header.CutShort == "" && end.Journal != "" && !end.Whole {
		set.Header.CutShort, set.Header.Verdict = report.Unended, result.Inconclusive
	}
	return set, nil
}

func observationsOfReport(name string) (*observe.Set, error) {
	run, err := readReport(name)
	if err != nil {
		return nil, err
	}
	if err := report.Recall(filepath.Dir(name), run); err != nil {
		return nil, fmt.Errorf("read the run %s: %w", name, err)
	}
	return observe.Of(run), nil
}

func readReport(name string) (*result.Run, error) {
	file, err := userfile.Open(name, userfile.Report)
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	run, err := report.Read(file)
	if err != nil {
		return nil, fmt.Errorf("read the report %s: %w", name, err)
	}
	return run, nil
}

// writeFile writes a file as a whole: beside its place first.
func writeFile(name string, write func(*bytes.Buffer) error) error {
	var b bytes.Buffer
	err := write(&b)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(name), 0o755)
	}
	if err == nil {
		err = os.WriteFile(name+".tmp", foreign.Escape(b.Bytes()), 0o644)
	}
	if err == nil {
		err = os.Rename(name+".tmp", name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

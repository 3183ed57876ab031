package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/tidwall/gjson"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/userfile"
)

// Head reads the report in a folder but for its scenarios. Of a run that was
// killed there is only the journal: it is inconclusive.
func Head(dir string) (*result.Run, error) {
	name := filepath.Join(dir, JSONFile)
	raw, err := userfile.Read(name, userfile.Report)
	if errors.Is(err, fs.ErrNotExist) {
		return killed(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	run, err := head(userfile.TrimBOM(raw))
	if err != nil {
		return nil, fmt.Errorf("read the report %s: %w", name, err)
	}
	ends, err := JournalEnd(dir)
	if err != nil {
		return nil, err
	}
	if run.CutShort == "" && !ends.Of(run.RunID) {
		cutShort(run, Unended)
	}
	return run, nil
}

// head reads a report whose scenarios are as many of each outcome as it says,
// and looks at nothing else of them: they are most of it.
func head(raw []byte) (*result.Run, error) {
	if !json.Valid(raw) {
		return nil, errors.New("not a report: it is no JSON, or not all of it is there; run the suite again")
	}
	scenarios := gjson.GetBytes(raw, "scenarios")
	if !scenarios.IsArray() {
		return Read(bytes.NewReader(raw)) // it is no report, and says why
	}
	counts := map[result.Outcome]int{}
	scenarios.ForEach(func(_, sc gjson.Result) bool {
		counts[result.Outcome(sc.Get("outcome").Str)]++
		return true
	})
	end := scenarios.Index + len(scenarios.Raw)
	// What is left is decoded and held against the schema as any report is.
	run, err := Read(io.MultiReader(bytes.NewReader(raw[:scenarios.Index]), bytes.NewReader([]byte("[]")), bytes.NewReader(raw[end:])))
	if err == nil && !maps.Equal(counts, run.Counts) {
		err = fmt.Errorf("it counts %v scenarios and has %v; run the suite again", run.Counts, counts)
	}
	return run, err
}

func killed(dir string) (*result.Run, error) {
	record, err := OpenRecord(filepath.Join(dir, JournalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the report: there is neither a %s nor a journal in %s; give the folder that --out of a run named", JSONFile, dir)
	}
	if err != nil {
		return nil, err
	}
	defer record.Close()
	run := &record.Run
	cutShort(run, "there is its journal and no report, so it was killed")
	return run, nil
}

func cutShort(run *result.Run, why string) {
	run.CutShort, run.Verdict, run.Reason = why, result.Inconclusive, "the run was cut short: "+why
}

// Unended is why a run counts as cut short beside whose report the journal of a
// killed one lies.
const Unended = "its journal has no last line, so the run was killed and the report may be of an earlier one"

// Ending is what the first and the last line of a journal say.
type Ending struct {
	Journal string // its file; empty where there is none
	RunID   string
	Whole   bool // it has its last line
}

// Of reports whether it is the ending of the run, as far as is known.
func (e Ending) Of(runID string) bool { return e.Journal == "" || e.Whole && e.RunID == runID }

// tail is more than the last line of a journal takes.
const tail = 64 << 10

// JournalEnd reads the first and the last line of the journal in a folder.
func JournalEnd(dir string) (Ending, error) {
	e := Ending{Journal: filepath.Join(dir, JournalFile)}
	file, err := userfile.Open(e.Journal, userfile.Report)
	if errors.Is(err, fs.ErrNotExist) {
		return Ending{}, nil
	}
	if err != nil {
		return e, fmt.Errorf("read the journal of a run: %w", err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	var first, last journalLine
	if json.NewDecoder(file).Decode(&first) == nil && first.Run != nil {
		e.RunID = first.Run.RunID
	}
	end, err := lastLine(file)
	if err != nil {
		return e, fmt.Errorf("read the journal of a run: %w", err)
	}
	e.Whole = json.Unmarshal(end, &last) == nil && last.Type == "end"
	return e, nil
}

func lastLine(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, info.Size()-tail)
	text, err := io.ReadAll(io.NewSectionReader(file, from, tail))
	text = bytes.TrimSpace(text)
	return text[bytes.LastIndexByte(text, '\n')+1:], err
}

package report

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Journal writes one line for each scenario as it ends, a header first and a
// footer last. A journal without footer is that of a run that was killed. It
// is safe for concurrent use.
type Journal struct {
	mu  sync.Mutex
	enc *json.Encoder
	err error
}

// journalLine is one line of the journal. Type is "run", "scenario" or "end".
type journalLine struct {
	Type     string           `json:"type"`
	Run      *result.Run      `json:"run,omitempty"`
	Scenario *result.Scenario `json:"scenario,omitempty"`
	End      *journalEnd      `json:"end,omitempty"`
}

type journalEnd struct {
	Verdict  result.Verdict         `json:"verdict"`
	Reason   string                 `json:"reason"`
	ExitCode int                    `json:"exit_code"`
	Counts   map[result.Outcome]int `json:"counts"`
}

// NewJournal starts a journal with a header that names suite, target and
// selection.
func NewJournal(w io.Writer, header result.Run) *Journal {
	j := &Journal{enc: json.NewEncoder(foreign.File(w))}
	j.enc.SetEscapeHTML(false)
	header.Scenarios, header.Requirements = nil, nil
	j.write(journalLine{Type: "run", Run: &header})
	return j
}

// Scenario adds a line.
func (j *Journal) Scenario(s result.Scenario) {
	j.write(journalLine{Type: "scenario", Scenario: &s})
}

// End adds the footer, unless the run was cut short: only a whole run has a
// whole journal. It returns the first error of any line, for a journal with a
// hole must not pass for a whole one either.
func (j *Journal) End(run *result.Run) error {
	if run.CutShort == "" {
		j.write(journalLine{Type: "end", End: &journalEnd{run.Verdict, run.Reason, run.ExitCode, run.Counts}})
	}
	if j.err != nil {
		return fmt.Errorf("write the journal: %w", j.err)
	}
	return nil
}

func (j *Journal) write(line journalLine) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = j.enc.Encode(line)
	}
}

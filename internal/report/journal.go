package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/userfile"
)

// Journal is written while a run goes on: a header first, a line for each
// resource before it is created and when it is gone, one for each scenario as
// it ends, and a footer last. A journal without footer is that of a run that
// was killed. Each line is with the system when the call returns. It is safe
// for concurrent use.
type Journal struct {
	mu  sync.Mutex
	out io.Writer
	err error
}

// journalLine is one line of the journal. Type is "run", "target", "resource",
// "scenario" or "end".
type journalLine struct {
	Type     string                `json:"type"`
	Run      *result.Run           `json:"run,omitempty"`
	Target   *result.Target        `json:"target,omitempty"`
	Resource *result.ResourceEvent `json:"resource,omitempty"`
	Scenario *result.Scenario      `json:"scenario,omitempty"`
	End      *journalEnd           `json:"end,omitempty"`
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
	j := &Journal{out: foreign.File(w)}
	header.Scenarios, header.Requirements = nil, nil
	_ = j.write(journalLine{Type: "run", Run: &header}) // End tells
	return j
}

// Target adds what is known of the target once it is up.
func (j *Journal) Target(t result.Target) error {
	return j.write(journalLine{Type: "target", Target: &t})
}

// Resource adds an event of a resource. Whoever creates one has to wait for it
// to return, and not to create it after an error.
func (j *Journal) Resource(e result.ResourceEvent) error {
	return j.write(journalLine{Type: "resource", Resource: &e})
}

// Scenario adds a scenario.
func (j *Journal) Scenario(s result.Scenario) error {
	s = s.Written()
	return j.write(journalLine{Type: "scenario", Scenario: &s})
}

// End adds the footer, unless the run was cut short: only a whole run has a
// whole journal. It returns the first error of any line, for a journal with a
// hole must not pass for a whole one either.
func (j *Journal) End(run *result.Run) error {
	if run.CutShort != "" {
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.err
	}
	return j.write(journalLine{Type: "end", End: &journalEnd{run.Verdict, run.Reason, run.ExitCode, run.Counts}})
}

// write writes a line. After an error it writes no more.
func (j *Journal) write(line journalLine) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	err := enc.Encode(line)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil && err == nil {
		_, err = j.out.Write(text.Bytes())
	}
	if j.err == nil && err != nil {
		j.err = fmt.Errorf("write the journal: %w", err)
	}
	return j.err
}

// Record is what a journal says of a run that has ended, by itself or not.
type Record struct {
	Run       result.Run // its header
	Resources []result.ResourceEvent

	file *os.File
}

// OpenRecord reads the journal of a run that is over. The journal is locked
// until the record is closed, so that no run begins to write into its folder.
// That of a run that goes on is a *BusyError.
func OpenRecord(name string) (*Record, error) {
	file, err := open(name, 0)
	if err != nil {
		return nil, err
	}
	r := &Record{file: file}
	if err = userfile.Regular(file); err == nil {
		err = r.read(file)
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("read the journal %s: %w", name, err)
	}
	return r, nil
}

// Close lets the folder be used again.
func (r *Record) Close() { _ = r.file.Close() }

// read reads line by line. The last one of a run that was killed may have been
// cut off.
func (r *Record) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for n := 1; ; n++ {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if r.Run.RunID == "" {
				return errors.New("it does not say of which run it is")
			}
			return nil
		}
		if err != nil {
			return err
		}
		var line struct { // without what fills a journal
			Run      *result.Run
			Target   *result.Target
			Resource *result.ResourceEvent
		}
		if err := json.Unmarshal(text, &line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case line.Run != nil:
			r.Run = *line.Run
		case line.Target != nil:
			r.Run.Target = *line.Target
		case line.Resource != nil:
			r.Resources = append(r.Resources, *line.Resource)
		}
	}
}

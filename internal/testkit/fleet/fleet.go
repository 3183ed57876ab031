// Package fleet multiplies the report of a real run: into the reports of many
// clusters of several versions, and into those of the shards of one run. They
// are what merge and matrix are measured with.
package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// Base is a run that is multiplied.
type Base struct {
	dir   string
	run   *result.Run
	lines [][]byte // its scenarios, as report.json and the journal have them
}

// Read reads the report of a whole run.
func Read(dir string) (*Base, error) {
	file, err := os.Open(filepath.Join(dir, report.JSONFile))
	if err != nil {
		return nil, fmt.Errorf("read the run to multiply: %w", err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	b := &Base{dir: dir}
	if b.run, err = report.Read(file); err != nil {
		return nil, fmt.Errorf("read the run to multiply, %s: %w", dir, err)
	}
	for i := range b.run.Scenarios {
		b.lines = append(b.lines, encoded(b.run.Scenarios[i]))
	}
	return b, nil
}

// Version is that of the target.
func (b *Base) Version() string { return b.run.Target.Version }

// Cluster writes the report of the n-th cluster into dir: the run on another
// cluster of a version, on which bad scenarios, chosen by rng, fail. What was
// observed is else that of the base, and a link to its file where none fails.
func (b *Base) Cluster(dir string, n int, version string, bad int, rng *rand.Rand) error {
	run, lines := *b.run, slices.Clone(b.lines)
	run.RunID = fmt.Sprintf("%08x", n+1)
	run.Target.URL, run.Target.Version = fmt.Sprintf("https://cluster-%d:9200", n), version
	run.Scenarios = slices.Clone(run.Scenarios)
	failed := map[string]bool{}
	for len(failed) < bad {
		i := rng.IntN(len(run.Scenarios))
		if sc := &run.Scenarios[i]; sc.Outcome == result.Passed {
			failed[sc.ID] = true
			sc.Outcome, sc.Failure = result.Failed, &result.Failure{Kind: "assertion", Message: "the answer is another one"}
			sc.Blames = sc.Requirements
			lines[i] = encoded(*sc)
		}
	}
	conclude(&run)
	if err := write(dir, &run, lines); err != nil {
		return err
	}
	observed := filepath.Join(b.dir, observe.File)
	if bad == 0 {
		return os.Link(observed, filepath.Join(dir, observe.File))
	}
	set, err := observe.ReadFile(observed)
	if err != nil {
		return err
	}
	for i := range set.Requirements {
		set.Requirements[i].Outcome = run.Requirements[i].Outcome
	}
	for i := range set.Scenarios {
		if sc := &set.Scenarios[i]; failed[sc.ID] {
			sc.Outcome, sc.Blames = result.Failed, sc.Requirements
		}
	}
	return report.WriteAll(dir, report.File{Name: observe.File, Write: set.Write})
}

// Shards writes the reports of count shards into folders of dir, as runs with
// --shard would have written them.
func (b *Base) Shards(dir string, count int) error {
	set, err := observe.ReadFile(filepath.Join(b.dir, observe.File))
	if err != nil {
		return err
	}
	observed := make(map[string]observe.Scenario, len(set.Scenarios))
	for _, sc := range set.Scenarios {
		observed[sc.ID] = sc
	}
	for n := range count {
		run, part := *b.run, *set
		run.RunID, run.Selection.Shard = fmt.Sprintf("%08x", n+1), fmt.Sprintf("%d/%d", n+1, count)
		part.Header.Selection = run.Selection
		run.Scenarios, part.Scenarios = nil, nil
		var lines [][]byte
		for i := n; i < len(b.lines); i += count {
			run.Scenarios = append(run.Scenarios, b.run.Scenarios[i])
			part.Scenarios = append(part.Scenarios, observed[b.run.Scenarios[i].ID])
			lines = append(lines, b.lines[i])
		}
		conclude(&run)
		folder := filepath.Join(dir, fmt.Sprintf("part-%d", n))
		if err := write(folder, &run, lines); err != nil {
			return err
		}
		if err := report.WriteAll(folder, report.File{Name: observe.File, Write: part.Write}); err != nil {
			return err
		}
	}
	return nil
}

func conclude(run *result.Run) {
	run.Requirements = blame.Weigh(run.Requirements, run.Scenarios)
	run.Counts, run.Causes = suite.Count(run.Scenarios), cause.Of(run)
	run.Verdict, run.Reason = suite.Decide(run.Counts, run.CutShort)
	run.ExitCode = run.Verdict.ExitCode()
	run.Traffic, run.Resources = result.Traffic{}, result.Resources{}
	for _, sc := range run.Scenarios {
		run.Traffic.Add(sc)
	}
}

// write writes report.json and the journal, with scenarios that are encoded
// already: holding each against the schema would take most of the time.
func write(dir string, run *result.Run, lines [][]byte) error {
	if err := report.MakeFolder(dir); err != nil {
		return err
	}
	head := *run
	head.Scenarios = []result.Scenario{}
	var text bytes.Buffer
	if err := report.JSON(&text, &head); err != nil {
		return err
	}
	start, ok := bytes.CutSuffix(text.Bytes(), []byte("[\n]\n}\n"))
	if !ok {
		return fmt.Errorf("%s does not end with its scenarios", report.JSONFile)
	}
	return report.WriteAll(dir,
		report.File{Name: report.JSONFile, Exact: true, Write: func(w io.Writer) error {
			return join(w, start, "[\n", lines, ",\n", "\n]\n}\n")
		}},
		report.File{Name: report.JournalFile, Exact: true, Write: func(w io.Writer) error {
			var first, last bytes.Buffer
			report.NewJournal(&first, head)
			if err := report.NewJournal(&last, head).End(run); err != nil {
				return err
			}
			last.Next(first.Len())
			return join(w, first.Bytes(), `{"type":"scenario","scenario":`, lines, "}\n"+`{"type":"scenario","scenario":`, "}\n"+last.String())
		}},
	)
}

func join(w io.Writer, start []byte, before string, lines [][]byte, between, after string) error {
	parts := [][]byte{start, []byte(before), bytes.Join(lines, []byte(between)), []byte(after)}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

func encoded(sc result.Scenario) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(sc) // it holds nothing that cannot be encoded
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

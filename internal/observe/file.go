package observe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/userfile"
)

// File is the name of the observations in a report folder.
const File = "observations.ndjson"

// footer is the last line of a file: one without it was cut off.
type footer struct {
	End *end `json:"end"`
}

type end struct {
	Requirements int `json:"requirements"`
	Scenarios    int `json:"scenarios"`
	Observations int `json:"observations"`
}

// Write writes the observations of a run: a header, one line for each
// requirement, for each scenario, and for each of its exchanges, and a footer
// that counts them. The same behaviour gives the same file.
func Write(w io.Writer, run *result.Run) error { return Of(run).Write(w) }

// Write writes a set as Write does.
func (s *Set) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	write := func(text []byte) {
		out.Write(text)     //nolint:errcheck // Flush returns the first error
		out.WriteByte('\n') //nolint:errcheck
	}
	line := func(v any) { write(encode(v)) }
	line(s.Header)
	for _, r := range s.Requirements {
		line(r)
	}
	for i := range s.Scenarios {
		line(s.Scenarios[i])
		for _, text := range s.Scenarios[i].encoded() {
			write(text)
		}
	}
	line(footer{&end{len(s.Requirements), len(s.Scenarios), s.Count()}})
	return out.Flush()
}

// ReadFile reads a file of observations.
func ReadFile(name string) (*Set, error) {
	raw, err := userfile.Read(name, userfile.Report)
	if err != nil {
		return nil, fmt.Errorf("read observations: %w", err)
	}
	s, err := Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read observations %s: %w", name, err)
	}
	return s, nil
}

// IsFile reports whether a text begins as a file of observations does.
func IsFile(raw []byte) bool { return bytes.HasPrefix(userfile.TrimBOM(raw), headerStart) }

// Read reads what Write wrote.
func Read(r io.Reader) (*Set, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read observations: %w", err)
	}
	return Parse(raw)
}

// Parse reads what Write wrote. The set keeps parts of raw. The error names
// the line.
func Parse(raw []byte) (*Set, error) {
	p := parser{}
	raw = userfile.TrimBOM(raw)
	for n := 1; len(raw) > 0; n++ {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := p.line(line, n == 1); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return p.finish()
}

type parser struct {
	set    Set
	end    *end
	prefix []byte // of the lines of the last scenario
}

// The first key of a line says what it is.
var (
	headerStart      = []byte(`{"esconform_observations":`)
	requirementStart = []byte(`{"requirement":`)
	scenarioStart    = []byte(`{"scenario":`)
	observationStart = []byte(`{"observed":`)
	footerStart      = []byte(`{"end":`)
)

func (p *parser) line(line []byte, first bool) error {
	if first != bytes.HasPrefix(line, headerStart) {
		return errors.New("not a file of observations: it begins with a header and has one")
	}
	if p.end != nil {
		return errors.New("there is something after the end")
	}
	switch {
	case first:
		return p.header(line)
	case bytes.HasPrefix(line, requirementStart):
		var r Requirement
		err := strict(line, &r)
		p.set.Requirements = append(p.set.Requirements, r)
		return err
	case bytes.HasPrefix(line, scenarioStart):
		return p.scenario(line)
	case bytes.HasPrefix(line, observationStart):
		return p.observation(line)
	case bytes.HasPrefix(line, footerStart):
		var f footer
		err := strict(line, &f)
		p.end = f.End
		return err
	}
	return fmt.Errorf("unknown line %.60q", line)
}

func (p *parser) header(line []byte) error {
	if err := json.Unmarshal(line, &p.set.Header); err != nil {
		return err
	}
	if p.set.Header.Format != FormatVersion {
		return fmt.Errorf("observations of format %d; this version of esconform reads format %d: run the suite again", p.set.Header.Format, FormatVersion)
	}
	return nil
}

func (p *parser) scenario(line []byte) error {
	var s Scenario
	err := strict(line, &s)
	p.set.Scenarios = append(p.set.Scenarios, s)
	p.prefix = append(append(slices.Clone(observationStart), encode(s.ID)...), ',')
	return err
}

// observation adds the line to the scenario before it. Lines are many, and most
// are the same in both sets that are compared: they are decoded when somebody
// asks for them.
func (p *parser) observation(line []byte) error {
	last := len(p.set.Scenarios) - 1
	if last < 0 || !bytes.HasPrefix(line, p.prefix) {
		return fmt.Errorf("an exchange stands outside of its scenario: %.60q", line)
	}
	sc := &p.set.Scenarios[last]
	sc.lines = append(sc.lines, line)
	return nil
}

// Exchanges returns what was observed in the scenario, in order.
func (s *Scenario) Exchanges() ([]Observation, error) {
	if s.lines == nil {
		return s.Observations, nil
	}
	out := make([]Observation, len(s.lines))
	for i, line := range s.lines {
		if err := json.Unmarshal(line, &out[i]); err != nil {
			return nil, fmt.Errorf("read observations: scenario %s, exchange %d: %w", s.ID, i+1, err)
		}
	}
	return out, nil
}

// Differing returns the exchanges of two scenarios that were read from files
// and ask the same questions in the same order, as far as their lines differ.
// It is false where they do not: all exchanges are needed then.
func Differing(s, t *Scenario) (a, b []Observation, ok bool, err error) {
	if len(s.lines) == 0 || len(s.lines) != len(t.lines) {
		return nil, nil, false, nil
	}
	for i := range s.lines {
		if bytes.Equal(s.lines[i], t.lines[i]) {
			continue
		}
		before, answer, err := halves(s.lines[i])
		sameBefore, otherAnswer, err2 := halves(t.lines[i])
		var o Observation
		if err = errors.Join(err, err2); err == nil {
			if !bytes.Equal(before, sameBefore) {
				return nil, nil, false, nil
			}
			err = json.Unmarshal(append(slices.Clip(before), '}'), &o)
		}
		if err != nil {
			return nil, nil, false, fmt.Errorf("read observations: scenario %s, exchange %d: %w", s.ID, i+1, err)
		}
		o.Answer = readAnswer(s.lines[i], answer)
		a = append(a, o)
		o.Answer = readAnswer(t.lines[i], otherAnswer)
		b = append(b, o)
	}
	return a, b, true, nil
}

// halves splits a line into what stands before the answer and the answer, its
// last member. Most of a line is a body that is seldom needed decoded, and
// there are many lines: package json would read each of them four times.
func halves(line []byte) (before []byte, answer gjson.Result, err error) {
	if !valid(line) {
		return nil, answer, errors.New("not JSON")
	}
	answer = gjson.GetBytes(line, "answer")
	if !answer.IsObject() {
		return nil, answer, errors.New("there is no answer")
	}
	return bytes.TrimSuffix(line[:answer.Index], []byte(`,"answer":`)), answer, nil
}

// valid reports whether a line is JSON. The quick way recurses: a line that is
// long enough to nest very deeply goes the other one.
func valid(line []byte) bool {
	if len(line) > 1<<20 {
		return json.Valid(line)
	}
	return gjson.ValidBytes(line)
}

// readAnswer is json.Unmarshal for what package observe has written. The body
// is a part of the line.
func readAnswer(line []byte, answer gjson.Result) (out Answer) {
	answer.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "status":
			out.Status = int(value.Int())
		case "headers":
			out.Headers = map[string]string{}
			value.ForEach(func(name, value gjson.Result) bool {
				out.Headers[name.String()] = value.String()
				return true
			})
		case "body":
			out.Body = slices.Clip(line[value.Index : value.Index+len(value.Raw)])
		case "text":
			out.Text = value.String()
		case "error":
			out.Error = value.String()
		}
		return true
	})
	return out
}

// Same reports whether two scenarios that were read from files have the same
// lines. Where it says no, they may still mean the same.
func (s *Scenario) Same(t *Scenario) bool {
	return len(s.lines) > 0 && slices.EqualFunc(s.lines, t.lines, bytes.Equal)
}

// Count returns the number of exchanges.
func (s *Scenario) Count() int { return max(len(s.lines), len(s.Observations)) }

func (p *parser) finish() (*Set, error) {
	if p.set.Header.Format == 0 {
		return nil, errors.New("the file is empty")
	}
	if p.end == nil {
		return nil, errors.New("the file ends in the middle: its last line, which counts the others, is missing; run the suite again")
	}
	have := end{len(p.set.Requirements), len(p.set.Scenarios), p.set.Count()}
	if have != *p.end {
		return nil, fmt.Errorf("lines are missing: there are %d scenarios with %d exchanges, and the last line counts %d with %d", have.Scenarios, have.Observations, p.end.Scenarios, p.end.Observations)
	}
	slices.SortStableFunc(p.set.Scenarios, func(a, b Scenario) int { return strings.Compare(a.ID, b.ID) })
	for i := 1; i < len(p.set.Scenarios); i++ {
		if p.set.Scenarios[i].ID == p.set.Scenarios[i-1].ID {
			return nil, fmt.Errorf("scenario %s is in it twice", p.set.Scenarios[i].ID)
		}
	}
	return &p.set, nil
}

func strict(line []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// Package cucumber writes a run in the JSON format of Cucumber, for the tools
// that read it. The format knows no error, no waiver and no flakiness: what is
// not a proof is never "passed" in it.
package cucumber

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

type feature struct {
	URI      string    `json:"uri"`
	ID       string    `json:"id"`
	Keyword  string    `json:"keyword"`
	Name     string    `json:"name"`
	Line     int       `json:"line"`
	Elements []element `json:"elements"`
}

type element struct {
	ID      string `json:"id"`
	Keyword string `json:"keyword"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Line    int    `json:"line"`
	Tags    []tag  `json:"tags,omitempty"`
	Steps   []step `json:"steps"`
}

type tag struct {
	Name string `json:"name"`
	Line int    `json:"line"`
}

type step struct {
	Keyword string      `json:"keyword"`
	Name    string      `json:"name"`
	Line    int         `json:"line"`
	Match   match       `json:"match"`
	Result  stepResult  `json:"result"`
	Doc     *docString  `json:"doc_string,omitempty"`
	Embeds  []embedding `json:"embeddings,omitempty"`
}

type match struct {
	Location string `json:"location"`
}

type stepResult struct {
	Status   string `json:"status"`
	Duration int64  `json:"duration,omitempty"` // nanoseconds
	Error    string `json:"error_message,omitempty"`
}

type docString struct {
	Value string `json:"value"`
	Line  int    `json:"line"`
}

// embedding holds the exchanges of a scenario that did not pass.
type embedding struct {
	MIME string `json:"mime_type"`
	Data []byte `json:"data"` // encoded as base64
	Name string `json:"name"`
}

// Write writes the features of a run in the order of their first scenarios.
func Write(w io.Writer, run *result.Run) error {
	features := []*feature{}
	byFile := map[string]*feature{}
	for i := range run.Scenarios {
		s := &run.Scenarios[i]
		f := byFile[s.File]
		if f == nil {
			f = &feature{URI: s.File, ID: slug(s.Feature), Keyword: "Feature", Name: s.Feature, Line: 1}
			byFile[s.File] = f
			features = append(features, f)
		}
		e, err := newElement(f, s)
		if err != nil {
			return err
		}
		f.Elements = append(f.Elements, e)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(features)
}

func newElement(f *feature, s *result.Scenario) (element, error) {
	e := element{ID: f.ID + ";" + s.ID, Keyword: "Scenario", Type: "scenario", Name: s.Name, Line: s.Line, Steps: []step{}}
	for _, t := range s.Tags {
		e.Tags = append(e.Tags, tag{Name: t, Line: s.Line})
	}
	for _, st := range s.Steps {
		e.Steps = append(e.Steps, newStep(s, st))
	}
	end, err := ending(s)
	if err != nil {
		return e, err
	}
	if end != nil {
		e.Steps = append(e.Steps, *end)
	}
	return e, nil
}

func newStep(s *result.Scenario, st result.Step) step {
	out := step{
		Keyword: st.Keyword + " ", Name: st.Text, Line: st.Line,
		Match:  match{Location: fmt.Sprintf("%s:%d", s.File, st.Line)},
		Result: stepResult{Status: stepStatus(s, st.Outcome), Duration: int64(st.DurationMS * 1e6)},
	}
	if st.Argument != "" {
		out.Doc = &docString{Value: st.Argument, Line: st.Line + 1}
	}
	if (st.Outcome == result.Failed || st.Outcome == result.Error) && s.Failure != nil && out.Result.Status == "failed" {
		out.Result.Error = failureText(s.Failure)
	}
	return out
}

// stepStatus maps the outcome of a step. The failed step of a waived scenario
// is skipped, so that tools do not count what the gate lets through.
func stepStatus(s *result.Scenario, o result.Outcome) string {
	switch {
	case o == result.Passed:
		return "passed"
	case s.Outcome == result.Waived, o == result.Skipped, o == result.NotRun:
		return "skipped"
	default:
		return "failed"
	}
}

// ending returns a last step where the steps alone do not tell the outcome: a
// scenario that is not passed must have a step that is not.
func ending(s *result.Scenario) (*step, error) {
	status := map[result.Outcome]string{
		result.Failed: "failed", result.Flaky: "failed", result.Error: "failed", result.NotRun: "pending",
		result.Waived: "skipped", result.Skipped: "skipped",
	}[s.Outcome]
	if s.Outcome == result.Passed {
		if len(s.Steps) == 0 {
			status = "passed"
		} else {
			return nil, nil
		}
	}
	if status == "" {
		status = "failed" // an outcome that this format was never told of
	}
	end := &step{
		Keyword: "Then ", Name: "the outcome is " + strings.ReplaceAll(string(s.Outcome), "_", " "), Line: s.Line,
		Match:  match{Location: fmt.Sprintf("%s:%d", s.File, s.Line)},
		Result: stepResult{Status: status, Error: s.Reason},
	}
	if s.Failure != nil {
		end.Result.Error = strings.TrimSpace(s.Reason + "\n" + failureText(s.Failure))
	}
	if status == "failed" && len(s.Exchanges) > 0 {
		data, err := json.MarshalIndent(withCurl(s.Exchanges), "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write the exchanges of %s as Cucumber JSON: %w", s.ID, err)
		}
		end.Embeds = []embedding{{MIME: "application/json", Data: foreign.Escape(data), Name: "exchanges"}}
	}
	return end, nil
}

type exchange struct {
	Curl string `json:"curl"`
	result.Exchange
}

func withCurl(list []result.Exchange) []exchange {
	out := make([]exchange, len(list))
	for i, e := range list {
		out[i] = exchange{wire.Curl(e, "$ES"), e}
	}
	return out
}

func failureText(f *result.Failure) string {
	text := f.Message
	if f.Expected != "" {
		text += "\nexpected: " + f.Expected
	}
	if f.Actual != "" {
		text += "\nactual: " + f.Actual
	}
	if f.Location != "" {
		text += "\n" + f.Location
	}
	return text
}

// slug makes the id that Cucumber makes of a title.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, title)
}

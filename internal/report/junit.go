package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	Classname string       `xml:"classname,attr"`
	File      string       `xml:"file,attr"`
	Line      int          `xml:"line,attr"`
	Time      string       `xml:"time,attr"`
	Skipped   *junitDetail `xml:"skipped"`
	Error     *junitDetail `xml:"error"`
	Failure   *junitDetail `xml:"failure"`
}

type junitDetail struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes the run for CI systems: a suite for each feature, a test case
// for each scenario. A waived scenario is skipped, a flaky one failed; what did
// not run is an error, never a silent skip.
func JUnit(w io.Writer, run *result.Run) error {
	run = foreign.Shown(run)
	causes := run.CauseOf()
	all := junitSuites{Name: "esconform", Time: seconds(run.DurationMS)}
	index := map[string]int{}
	for i := range run.Scenarios {
		sc := &run.Scenarios[i]
		at, ok := index[sc.File]
		if !ok {
			at = len(all.Suites)
			index[sc.File] = at
			all.Suites = append(all.Suites, newJUnitSuite(run, sc))
		}
		all.Suites[at].add(sc, causes[sc.ID])
	}
	if run.CutShort != "" || len(run.Scenarios) == 0 {
		all.Suites = append(all.Suites, cutShortSuite(run))
	}
	for _, s := range all.Suites {
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func newJUnitSuite(run *result.Run, sc *result.Scenario) junitSuite {
	return junitSuite{
		Name: sc.Feature, Timestamp: run.Started.UTC().Format("2006-01-02T15:04:05"), Hostname: "localhost",
		Properties: []junitProperty{
			{"target", run.Target.Kind + " " + run.Target.Version},
			{"is_elasticsearch", fmt.Sprint(run.Target.IsElasticsearch)},
			{"seed", fmt.Sprint(run.Seed)},
		},
	}
}

// cutShortSuite makes an unfinished run red in systems that read nothing but
// JUnit.
func cutShortSuite(run *result.Run) junitSuite {
	s := newJUnitSuite(run, &result.Scenario{Feature: "the run itself"})
	s.Tests, s.Errors, s.Time = 1, 1, "0.000"
	s.Cases = []junitCase{{
		Name: "runs to its end", Classname: "esconform", File: "esconform", Time: "0.000",
		Error: &junitDetail{Message: run.Reason, Type: string(result.Inconclusive)},
	}}
	return s
}

func (s *junitSuite) add(sc *result.Scenario, c *result.Cause) {
	one := junitCase{
		Name: sc.Name + " [" + sc.ID + "]", File: sc.File, Line: sc.Line, Time: seconds(sc.DurationMS),
		Classname: strings.ReplaceAll(strings.TrimSuffix(sc.File, ".feature"), "/", "."),
	}
	s.Tests++
	switch sc.Outcome {
	case result.Passed:
	case result.Failed, result.Flaky:
		s.Failures++
		one.Failure = detail(sc, c)
	case result.Skipped, result.Waived:
		s.Skipped++
		one.Skipped = &junitDetail{Message: string(sc.Outcome) + ": " + sc.Reason}
	default:
		s.Errors++
		one.Error = detail(sc, c)
	}
	s.Cases = append(s.Cases, one)
	s.Time = seconds(parseSeconds(s.Time) + sc.DurationMS)
}

// detail says why a scenario did not pass. Systems gather by the message, so
// that of one cause is the same for all of its scenarios.
func detail(sc *result.Scenario, c *result.Cause) *junitDetail {
	d := &junitDetail{Message: said(sc), Type: string(sc.Outcome)}
	if f := sc.Failure; f != nil {
		d.Type = f.Kind
	}
	if c != nil && c.Count > 1 {
		d.Message = fmt.Sprintf("%s (one cause of %d scenarios)", c.Title(), c.Count)
	}
	d.Text = FailureText(sc, nil)
	return d
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }

func parseSeconds(s string) (ms float64) {
	_, _ = fmt.Sscanf(s, "%f", &ms)
	return ms * 1000
}

// Package annotations tells GitHub Actions about a run: annotations on the lines of
// the feature files, and the summary page of the job.
package annotations

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report/summary"
	"github.com/esconform/esconform/internal/result"
)

// maxAnnotations is how many annotations of one kind GitHub shows for one step
// of a job (its documentation, "workflow commands", limits); the rest would be
// dropped without a word.
const maxAnnotations = 10

// Active reports whether the program runs in GitHub Actions. getenv is
// os.Getenv or a stand-in for it.
func Active(getenv func(string) string) bool { return getenv("GITHUB_ACTIONS") == "true" }

// Annotate writes workflow commands that GitHub turns into annotations: an
// error for each cause of failures, for a run that is inconclusive, and for
// each waiver that is stale or expired; a warning for each cause of errors.
// waiverFile is the name of the waiver file, or "".
func Annotate(w io.Writer, run *result.Run, waiverFile string) error {
	run = foreign.Shown(run)
	var buf bytes.Buffer
	failures, errors, dues := split(run)

	errorRoom := maxAnnotations
	if run.Verdict == result.Inconclusive {
		errorRoom--
		command(&buf, "error", "", 0, "esconform: inconclusive", run.Reason)
	}
	errorRoom -= min(len(dues), errorRoom/2)
	byID := run.ScenarioOf()
	annotate := func(kind string, causes []result.Cause, room int, what string) {
		for i, c := range causes {
			if i == room-1 && len(causes) > room {
				command(&buf, kind, "", 0, "esconform", result.Plural(len(causes)-i, "more cause")+" of "+what+"; see the summary or report.html")
				break
			}
			annotateCause(&buf, kind, c, byID[c.Scenarios[0]])
		}
	}
	annotate("error", failures, errorRoom, "failures")
	annotate("warning", errors, maxAnnotations, "errors")
	for _, u := range dues {
		command(&buf, "error", waiverFile, u.Line, "esconform: waiver "+u.State, fmt.Sprintf("waiver of %s is %s: %s", u.ID, u.State, u.Why))
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func split(run *result.Run) (failures, errors []result.Cause, dues []result.WaiverUse) {
	for _, c := range run.Causes {
		if c.Outcome == result.Error {
			errors = append(errors, c)
		} else {
			failures = append(failures, c)
		}
	}
	for _, u := range run.Waivers {
		if u.State == "stale" || u.State == "expired" {
			dues = append(dues, u)
		}
	}
	return failures, errors, dues
}

// annotateCause puts a cause on the line of its simplest scenario.
func annotateCause(w io.Writer, kind string, c result.Cause, s *result.Scenario) {
	line, text := s.Line, s.Reason
	if f := s.Failure; f != nil {
		text = f.Message
		if f.Expected != "" {
			text += "\nexpected: " + short(f.Expected)
		}
		if f.Actual != "" {
			text += "\nactual: " + short(f.Actual)
		}
		if n, ok := lineOf(f.Location, s.File); ok {
			line = n
		}
	}
	if text == "" {
		text = string(s.Outcome)
	}
	if n := c.Count - 1; n > 0 {
		text += fmt.Sprintf("\nthe same in %s", result.Plural(n, "more scenario"))
	}
	command(w, kind, s.File, line, s.ID, text)
}

// lineOf reads the line of a location of the form file:line in a known file.
func lineOf(location, file string) (int, bool) {
	var n int
	rest, ok := strings.CutPrefix(location, file+":")
	if !ok {
		return 0, false
	}
	if _, err := fmt.Sscanf(rest, "%d", &n); err != nil || n < 1 {
		return 0, false
	}
	return n, true
}

// short keeps an annotation readable; the report holds everything.
func short(s string) string {
	const most = 500
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + " …"
}

// command writes one workflow command. What came from a server can neither end
// it nor begin another.
func command(w io.Writer, kind, file string, line int, title, text string) {
	var props []string
	if file != "" {
		props = append(props, "file="+property(filepath.ToSlash(file)))
		if line > 0 {
			props = append(props, fmt.Sprintf("line=%d", line))
		}
	}
	props = append(props, "title="+property(title))
	fmt.Fprintf(w, "::%s %s::%s\n", kind, strings.Join(props, ","), data(text))
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(s) }

// AppendSummary appends the Markdown summary of a run to the file that
// GITHUB_STEP_SUMMARY names. Where the variable is not set it does nothing.
func AppendSummary(getenv func(string) string, run *result.Run) error {
	name := getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("append to the summary of the job: %w", err)
	}
	err = summary.Write(foreign.File(f), run)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("append to the summary of the job: %w", err)
	}
	return nil
}

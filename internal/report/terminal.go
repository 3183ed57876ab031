package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Terminal shows a run to a person. It is safe for concurrent use.
type Terminal struct {
	out   io.Writer
	live  bool // one line that changes, instead of a line now and then
	width int
	own   func(sequence string) string
	paint func(result.Outcome, string) string

	mu      sync.Mutex
	total   int
	done    int
	bad     int
	line    bool // the changing line is on screen
	lastLog time.Time
	state   map[string]string // requirement statements, for failures
}

// TerminalOptions say what the output can show. Width is in columns; 0 means
// 80. Own returns what is to be written for a control sequence; nil: itself.
type TerminalOptions struct {
	Live, Color bool
	Width       int
	Own         func(sequence string) string
}

// NewTerminal returns a Terminal that writes to out.
func NewTerminal(out io.Writer, opt TerminalOptions) *Terminal {
	if opt.Width <= 0 {
		opt.Width = 80
	}
	if opt.Own == nil {
		opt.Own = func(sequence string) string { return sequence }
	}
	return &Terminal{out: out, live: opt.Live, width: opt.Width, own: opt.Own, paint: painter(opt)}
}

var outcomeColors = map[result.Outcome]color.Attribute{
	result.Passed: color.FgGreen, result.Failed: color.FgRed, result.Flaky: color.FgRed,
	result.Error: color.FgMagenta, result.NotRun: color.FgMagenta,
	result.Waived: color.FgYellow, result.Skipped: color.FgCyan,
}

func painter(opt TerminalOptions) func(result.Outcome, string) string {
	return func(o result.Outcome, s string) string {
		if !opt.Color {
			return s
		}
		c := color.New(outcomeColors[o], color.Bold)
		c.EnableColor()
		on, off, _ := strings.Cut(c.Sprint("|"), "|")
		return opt.Own(on) + s + opt.Own(off)
	}
}

// Begin shows what is tested and what was selected.
func (t *Terminal) Begin(run *result.Run, total int, selection string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	run = foreign.Shown(run)
	t.total = total
	t.state = map[string]string{}
	for _, r := range run.Requirements {
		t.state[r.ID] = r.Statement
	}
	fmt.Fprintf(t.out, "target     %s\n", TargetText(run.Target))
	if !run.Target.IsElasticsearch {
		fmt.Fprintln(t.out, t.paint(result.Skipped, "           this is not Elasticsearch: the verdict speaks of esconform's own reference server"))
	}
	if run.Target.InsecureTLS {
		fmt.Fprintln(t.out, t.paint(result.Waived, "           the server's certificate is not verified (--insecure)"))
	}
	fmt.Fprintf(t.out, "selection  %s: %s, seed %d, %d at a time\n", selection, result.Plural(total, "scenario"), run.Seed, run.Parallel)
}

// TargetText names a target in one line.
func TargetText(t result.Target) string {
	name := "Elasticsearch"
	if !t.IsElasticsearch {
		name = "reference server, emulating Elasticsearch"
	}
	text := fmt.Sprintf("%s, %s %s at %s", t.Kind, name, t.Version, t.URL)
	if t.Image != "" {
		text += ", image " + t.Image
	}
	if t.Fault != "" {
		text += ", with fault " + t.Fault
	}
	return text
}

// Scenario takes note of a scenario that ended; one that did not pass is shown
// at once.
func (t *Terminal) Scenario(s result.Scenario) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	switch s.Outcome {
	case result.Failed, result.Error, result.Flaky:
		t.bad++
		t.clear()
		s = foreign.Shown(s)
		t.failure(&s)
	}
	t.progress()
}

func (t *Terminal) failure(s *result.Scenario) {
	word := strings.ToUpper(string(s.Outcome))
	fmt.Fprintf(t.out, "%s  %s  (%s)\n  %s\n%s\n", t.paint(s.Outcome, word), s.ID, s.Profile, s.Name, strings.TrimRight(cut(FailureText(s, t.state)), "\n"))
}

func (t *Terminal) progress() {
	if t.live {
		text := fmt.Sprintf("%d of %d scenarios", t.done, t.total)
		if t.bad > 0 {
			text += fmt.Sprintf(", %d not passed", t.bad)
		}
		if len(text) >= t.width {
			text = text[:t.width-1]
		}
		fmt.Fprint(t.out, t.own("\r"), text, t.own("\x1b[K"))
		t.line = true
		return
	}
	if now := time.Now(); t.lastLog.IsZero() || now.Sub(t.lastLog) > 10*time.Second {
		if !t.lastLog.IsZero() {
			fmt.Fprintf(t.out, "%d of %d scenarios\n", t.done, t.total)
		}
		t.lastLog = now
	}
}

func (t *Terminal) clear() {
	if t.line {
		fmt.Fprint(t.out, t.own("\r\x1b[K"))
		t.line = false
	}
}

// End shows counts, requirements by profile, leftovers and the verdict.
func (t *Terminal) End(run *result.Run, dir string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	run = foreign.Shown(run)
	t.waived(run)
	fmt.Fprintf(t.out, "\nscenarios     %s, in %s\n", t.counts(run.Counts), (time.Duration(run.DurationMS) * time.Millisecond).Round(10*time.Millisecond))
	if run.Counts[result.NotRun] < len(run.Scenarios) { // otherwise the verdict says it all
		for _, row := range byProfile(run.Requirements) {
			fmt.Fprintf(t.out, "%-13s %s\n", row.profile, t.counts(row.counts))
		}
		t.apis(run.Requirements)
		t.skips(run)
	}
	if run.Traffic.Requests > 0 {
		fmt.Fprintf(t.out, "requests      %s\n", run.Traffic)
	}
	t.leftovers(run.Resources)
	for _, w := range run.Waivers {
		if w.State == "stale" || w.State == "expired" {
			fmt.Fprintf(t.out, "waiver        line %d, %s: %s: %s\n", w.Line, w.ID, w.State, w.Why)
		}
	}
	for _, line := range run.Target.Log {
		fmt.Fprintf(t.out, "log           | %s\n", line)
	}
	fmt.Fprintf(t.out, "verdict       %s: %s (%s)\n", t.paint(verdictColor(run.Verdict), string(run.Verdict)), run.Reason, result.Exit(run.ExitCode))
	if dir != "" {
		fmt.Fprintf(t.out, "reports       %s\n", dir)
	}
}

func verdictColor(v result.Verdict) result.Outcome {
	switch v {
	case result.Conformant:
		return result.Passed
	case result.Nonconformant:
		return result.Failed
	}
	return result.Error
}

// words is an outcome as people write it.
func words(o result.Outcome) string { return strings.ReplaceAll(string(o), "_", " ") }

func (t *Terminal) counts(counts map[result.Outcome]int) string {
	var parts []string
	for _, o := range result.Outcomes() {
		if n := counts[o]; n > 0 {
			parts = append(parts, t.paint(o, fmt.Sprintf("%d %s", n, words(o))))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

type profileRow struct {
	profile string
	counts  map[result.Outcome]int
}

// byProfile counts requirements, leaving out those that no scenario of this
// run belongs to.
func byProfile(reqs []result.Requirement) []profileRow {
	var rows []profileRow
	at := map[string]int{}
	for _, r := range reqs {
		if len(r.Scenarios) == 0 {
			continue
		}
		i, ok := at[r.Profile]
		if !ok {
			i = len(rows)
			at[r.Profile] = i
			rows = append(rows, profileRow{r.Profile, map[result.Outcome]int{}})
		}
		rows[i].counts[r.Outcome]++
	}
	return rows
}

// apis counts the APIs of a REST specification, with and without a test.
func (t *Terminal) apis(reqs []result.Requirement) {
	counts := map[result.Outcome]int{}
	untested := 0
	for _, r := range reqs {
		switch {
		case !strings.HasPrefix(r.ID, result.RestAPI):
		case r.Reason == result.NoTest:
			untested++
		default:
			counts[r.Outcome]++
		}
	}
	if len(counts)+untested > 0 {
		fmt.Fprintf(t.out, "APIs          %s, %d without a test\n", t.counts(counts), untested)
	}
}

// skips shows each reason for skipping, and for not running, once.
func (t *Terminal) skips(run *result.Run) {
	type why struct {
		outcome result.Outcome
		reason  string
	}
	counts := map[why]int{}
	var order []why
	for _, s := range byOutcome(run.Scenarios, result.Skipped, result.NotRun) {
		w := why{s.Outcome, s.Reason}
		if counts[w] == 0 {
			order = append(order, w)
		}
		counts[w]++
	}
	for i, w := range order {
		if i == 8 {
			fmt.Fprintf(t.out, "%-13s … and %d more reasons, see the report\n", "", len(order)-i)
			return
		}
		fmt.Fprintf(t.out, "%-13s %d: %s\n", words(w.outcome), counts[w], w.reason)
	}
}

func (t *Terminal) waived(run *result.Run) {
	for _, s := range byOutcome(run.Scenarios, result.Waived) {
		fmt.Fprintf(t.out, "%s  %s: %s\n", t.paint(result.Waived, "WAIVED"), s.ID, s.Reason)
	}
}

func (t *Terminal) leftovers(r result.Resources) {
	fmt.Fprintf(t.out, "resources     %s\n", r)
	if left := r.Left(); left != "" {
		fmt.Fprintf(t.out, "left behind   %s\n", left)
	}
}

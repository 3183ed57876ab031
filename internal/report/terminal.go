package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
)

// Terminal shows a run to a person. It is safe for concurrent use.
type Terminal struct {
	out   io.Writer
	width int
	own   func(sequence string) string
	paint func(result.Outcome, string) string

	mu       sync.Mutex
	progress progress
	causes   seenCauses
	state    map[string]string // requirement statements, for failures
}

// TerminalOptions say what the output can show: Live is one line that changes,
// instead of a line now and then. Width is in columns; 0 means 80. Own returns
// what is to be written for a control sequence; nil: itself. Now is time.Now or
// a stand-in for it.
type TerminalOptions struct {
	Live, Color bool
	Width       int
	Own         func(sequence string) string
	Now         func() time.Time
}

// NewTerminal returns a Terminal that writes to out.
func NewTerminal(out io.Writer, opt TerminalOptions) *Terminal {
	if opt.Width <= 0 {
		opt.Width = 80
	}
	if opt.Own == nil {
		opt.Own = func(sequence string) string { return sequence }
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	t := &Terminal{out: out, width: opt.Width, own: opt.Own, paint: painter(opt), progress: newProgress(opt)}
	if !opt.Live {
		t.width = terminalLimit
	}
	return t
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
	t.progress.begin(total)
	t.causes = newSeenCauses(run)
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

// Started takes note of a scenario that begins, for whoever wonders what takes
// so long.
func (t *Terminal) Started(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.start(id)
}

// Ended takes note of one that has ended, whatever it comes to.
func (t *Terminal) Ended(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.stop(id)
}

// Watch renews the line that says how far the run is, until what it returns is
// called.
func (t *Terminal) Watch() (stop func()) {
	if !t.progress.live {
		return func() {}
	}
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Second / 2):
				t.tick()
			}
		}
	}()
	return func() { close(done); <-over }
}

// Line shows a line of its own.
func (t *Terminal) Line(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	fmt.Fprintf(t.out, format+"\n", args...)
}

func (t *Terminal) tick() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.progress.total > 0 {
		t.say()
	}
}

// Scenario takes note of a scenario that ended. The first of each cause is
// shown at once, some more in a line, and the others are counted.
func (t *Terminal) Scenario(s result.Scenario) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.end(&s)
	if cause.Has(s.Outcome) {
		t.failure(&s)
	}
	t.say()
}

func (t *Terminal) failure(s *result.Scenario) {
	how := t.causes.note(s)
	if how == counted {
		return
	}
	t.clear()
	shown := foreign.Shown(*s)
	s = &shown
	word := t.paint(s.Outcome, strings.ToUpper(string(s.Outcome)))
	if how == inALine {
		fmt.Fprintf(t.out, "%s  %s: %s\n", word, s.ID, within(t.width-len(s.Outcome)-len(s.ID)-4, said(s)))
		return
	}
	fmt.Fprintf(t.out, "%s  %s  (%s)\n  %s\n%s\n", word, s.ID, s.Profile, s.Name, strings.TrimRight(cut(FailureText(s, t.state)), "\n"))
}

// said is why a scenario did not pass, in few words.
func said(s *result.Scenario) string {
	if s.Failure == nil {
		return s.Reason
	}
	return s.Failure.Message
}

func (t *Terminal) say() {
	if text := t.progress.say(t.width); text != "" && t.progress.live {
		fmt.Fprint(t.out, t.own("\r"), text, t.own("\x1b[K"))
	} else if text != "" {
		fmt.Fprintln(t.out, text)
	}
}

func (t *Terminal) clear() {
	if t.progress.shown {
		fmt.Fprint(t.out, t.own("\r\x1b[K"))
		t.progress.shown = false
	}
}

// End shows counts, requirements by profile, leftovers and the verdict.
func (t *Terminal) End(run *result.Run, dir string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	run = foreign.Shown(run)
	t.tellCauses(run)
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
	if nodes := byNode(run.Scenarios); nodes != "" {
		fmt.Fprintf(t.out, "shown         %s\n", nodes)
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

// How many reasons are shown for one outcome.
const (
	most       = 8
	mostWaived = 3
)

// skips shows each reason for skipping, and for not running, once.
func (t *Terminal) skips(run *result.Run) {
	for _, o := range []result.Outcome{result.Skipped, result.NotRun} {
		reasons := result.ByReason(run.Scenarios, o)
		for i, r := range reasons {
			if i == most {
				fmt.Fprintf(t.out, "%-13s … and %s, see the report\n", "", result.Plural(len(reasons)-i, "more reason"))
				break
			}
			fmt.Fprintf(t.out, "%-13s %d: %s\n", words(o), len(r.Scenarios), r.Reason)
		}
	}
}

func (t *Terminal) waived(run *result.Run) {
	reasons := result.ByReason(run.Scenarios, result.Waived)
	for i, r := range reasons {
		if i == mostWaived && len(reasons) > mostWaived+1 {
			fmt.Fprintf(t.out, "%s  %s, see the report\n", t.paint(result.Waived, "WAIVED"), result.Plural(len(reasons)-i, "more deviation"))
			break
		}
		what := r.Scenarios[0].ID
		if n := len(r.Scenarios) - 1; n > 0 {
			what += fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(t.out, "%s  %s: %s\n", t.paint(result.Waived, "WAIVED"), what, r.Reason)
	}
}

func (t *Terminal) leftovers(r result.Resources) {
	fmt.Fprintf(t.out, "resources     %s\n", r)
	if left := r.Left(); left != "" {
		fmt.Fprintf(t.out, "left behind   %s\n", left)
	}
}

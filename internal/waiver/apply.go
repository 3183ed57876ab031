package waiver

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
)

// The states of a waiver after a run, as result.WaiverUse.State holds them.
const (
	Used          = "used"           // at least one scenario would have failed the gate
	Stale         = "stale"          // it covers nothing, or everything it covers passes
	Expired       = "expired"        // its last day is over
	NotApplicable = "not_applicable" // this run says nothing about it
)

// Apply marks the failed scenarios that the list covers as waived and fills
// run.Waivers, one entry for each waiver, but for those of the project that were
// not needed. A flaky scenario is covered only by
// an intermittent waiver. A scenario that ended in error is never covered: an
// error says nothing about the target.
//
// Apply may be called again on a run that it was applied to before, such as one
// merged from shards: earlier waivings are undone first. It changes neither
// counts, nor requirements, nor the verdict; compute those afterwards.
// version is that of the target; today is compared by its calendar date.
func (l *List) Apply(run *result.Run, version esversion.Version, today time.Time) {
	undo(run)
	run.Waivers = nil
	date := today.Format(time.DateOnly)
	waivedBy := map[int]*Waiver{}
	for _, w := range l.Waivers {
		use := result.WaiverUse{
			Line: w.Line, ID: w.ID, Reason: w.Reason, Link: w.Link, Owner: w.Owner, Expires: w.Expires,
		}
		found := l.survey(w, run)
		switch ok, why := w.holdsFor(version); {
		case !ok:
			use.State, use.Why = NotApplicable, why
		case w.Expires != Never && date > w.Expires:
			use.State, use.Why = Expired, "its last day was "+w.Expires+": renew it or remove it"
			use.Scenarios = ids(run, found.covered)
		case len(found.covered) > 0:
			use.State, use.Scenarios = Used, ids(run, found.covered)
			for _, i := range found.covered {
				if waivedBy[i] == nil {
					waivedBy[i] = w
				}
			}
		default:
			use.State, use.Why = found.idle(w)
		}
		if w.shipped && use.State != Used {
			continue // nobody asked for it, so nobody has to be told
		}
		run.Waivers = append(run.Waivers, use)
	}
	for i, w := range waivedBy {
		run.Scenarios[i].Outcome = result.Waived
		run.Scenarios[i].Reason = w.why()
	}
}

// why is what a report says beside a waived scenario.
func (w *Waiver) why() string {
	details := []string{fmt.Sprintf("%s:%d", w.file, w.Line), "owner " + w.Owner}
	if w.Expires != Never {
		details = append(details, "until "+w.Expires)
	}
	if w.Link != "" {
		details = append(details, w.Link)
	}
	return fmt.Sprintf("%s (%s)", w.Reason, strings.Join(details, ", "))
}

// undo gives waived scenarios their own outcome back.
func undo(run *result.Run) {
	for i := range run.Scenarios {
		s := &run.Scenarios[i]
		if s.Outcome != result.Waived {
			continue
		}
		s.Outcome, s.Reason = result.Failed, ""
		passed := func(a result.Attempt) bool { return a.Outcome == result.Passed }
		if slices.ContainsFunc(s.Attempts, passed) {
			s.Outcome, s.Reason = result.Flaky, "passed and failed in one run"
		}
	}
}

// holdsFor reports whether the waiver is meant for a version, and if not, why.
// What is known of Elasticsearch holds where the version is not known, as do its
// requirements.
func (w *Waiver) holdsFor(v esversion.Version) (bool, string) {
	if w.constraint == nil {
		return true, ""
	}
	if !v.Known() {
		return w.shipped, fmt.Sprintf("holds for %s only, and the target's version is unknown", w.Versions)
	}
	sv, err := semver.NewVersion(v.String())
	if err != nil || !w.constraint.Check(sv) {
		return false, fmt.Sprintf("holds for %s only, and the target is %s", w.Versions, v)
	}
	return true, ""
}

// survey is what a run says about the scenarios of one waiver. The lists hold
// indices into run.Scenarios.
type survey struct {
	covered  []int // failed, or flaky where that is waived
	flaky    []int // flaky, where that is not waived
	passed   []int
	skipped  []int // not meant for this target
	silent   []int // error, not run: they say nothing
	missing  int   // known to the suite, not in the run
	selected bool  // the run is a selection
	nothing  bool  // the suite has nothing that the waiver's id stands for
}

func (l *List) survey(w *Waiver, run *result.Run) survey {
	f := survey{selected: isSelection(run.Selection), nothing: l.checked && !w.known}
	present := map[string]bool{}
	for i, s := range run.Scenarios {
		if !w.covers(s.ID, s.Requirements) && !w.covers(s.ID, s.Blames) {
			continue
		}
		present[s.ID] = true
		switch {
		case len(s.Blames) > 0 && !w.covers(s.ID, s.Blames):
			f.silent = append(f.silent, i) // held against another requirement
		case s.Outcome == result.Failed, s.Outcome == result.Flaky && w.Intermittent:
			f.covered = append(f.covered, i)
		case s.Outcome == result.Flaky:
			f.flaky = append(f.flaky, i)
		case s.Outcome == result.Passed:
			f.passed = append(f.passed, i)
		case s.Outcome == result.Skipped:
			f.skipped = append(f.skipped, i)
		default:
			f.silent = append(f.silent, i)
		}
	}
	for _, id := range w.scenarios {
		if !present[id] {
			f.missing++
		}
	}
	if !l.checked && f.selected {
		f.missing++ // nobody said what the suite has: assume that something was left out
	}
	return f
}

func isSelection(s result.Selection) bool {
	return len(s.Profiles) > 0 || s.Tags != "" || len(s.IDs) > 0 || s.Shard != ""
}

// idle says what state a waiver is in that covered no failure.
func (f survey) idle(w *Waiver) (state, why string) {
	switch {
	case f.nothing:
		return Stale, "no scenario or requirement has such an id: remove it"
	case len(f.flaky) > 0:
		return NotApplicable, "a flaky scenario is waived only with intermittent: true"
	case f.missing > 0:
		return NotApplicable, "not all of its scenarios were selected"
	case len(f.silent) > 0:
		return NotApplicable, fmt.Sprintf("%d of its scenarios ended in error or did not run", len(f.silent))
	case len(f.passed) == 0 && len(f.skipped) > 0:
		return NotApplicable, "its scenarios were skipped"
	case len(f.passed) == 0:
		return Stale, "nothing that ran is covered by it: remove it"
	case w.shipped:
		return NotApplicable, "the target does better"
	case w.Intermittent:
		return NotApplicable, "its scenarios passed this time"
	case len(f.passed) == 1:
		return Stale, "its scenario passes now: remove it"
	default:
		return Stale, fmt.Sprintf("its %d scenarios pass now: remove it", len(f.passed))
	}
}

func ids(run *result.Run, indices []int) []string {
	out := make([]string, len(indices))
	for i, n := range indices {
		out[i] = run.Scenarios[n].ID
	}
	return out
}

// Exit returns the exit code of a run to which waivers were applied and whose
// verdict is set. A verdict that is not conformant outranks a stale or expired
// waiver, except where each failure is one that an expired waiver covered: then
// the waiver is what is to be dealt with, and the code says so.
func Exit(run *result.Run) int {
	overdue := false
	lapsed := map[string]bool{} // scenarios whose waiver expired
	for _, u := range run.Waivers {
		switch u.State {
		case Expired:
			overdue = true
			for _, id := range u.Scenarios {
				lapsed[id] = true
			}
		case Stale:
			overdue = true
		}
	}
	switch {
	case !overdue:
		return run.Verdict.ExitCode()
	case run.Verdict == result.Conformant:
		return result.ExitWaiver
	case run.Verdict == result.Nonconformant && onlyLapsed(run, lapsed):
		return result.ExitWaiver
	default:
		return run.Verdict.ExitCode()
	}
}

// onlyLapsed reports whether scenarios failed, and all of them are in lapsed.
func onlyLapsed(run *result.Run, lapsed map[string]bool) bool {
	failed := slices.DeleteFunc(slices.Clone(run.Scenarios), func(s result.Scenario) bool {
		return s.Outcome != result.Failed && s.Outcome != result.Flaky
	})
	return len(failed) > 0 && !slices.ContainsFunc(failed, func(s result.Scenario) bool { return !lapsed[s.ID] })
}

// Problems returns one line for each waiver that is stale or expired, naming
// the line of the file.
func (l *List) Problems(run *result.Run) []string {
	var lines []string
	for _, u := range run.Waivers {
		if u.State == Stale || u.State == Expired {
			lines = append(lines, fmt.Sprintf("%s:%d: waiver of %s is %s: %s", l.Path, u.Line, u.ID, u.State, u.Why))
		}
	}
	return lines
}

// One returns a scenario as it is with the waivers applied, as far as it tells by
// itself.
func (l *List) One(s result.Scenario, v esversion.Version, today time.Time) result.Scenario {
	alone := result.Run{Scenarios: []result.Scenario{s}}
	l.Apply(&alone, v, today)
	return alone.Scenarios[0]
}

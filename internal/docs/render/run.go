package render

import (
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/result"
)

// outcomes maps verdicts to the outcomes of a run, for what reads those:
// waivers and JUnit.
var outcomes = map[claim.Verdict]result.Outcome{
	claim.Confirmed: result.Passed, claim.Contradicted: result.Failed, claim.Undocumented: result.Failed,
	claim.Untestable: result.Skipped, claim.Skipped: result.Skipped, claim.NotRun: result.NotRun,
}

// AsRun shows the report as a run whose scenarios are the claims.
func (r *Report) AsRun() *result.Run {
	run := &result.Run{
		Schema: result.FormatVersion, RunID: r.RunID, Suite: r.Suite, Target: r.Target, Started: r.Started,
		DurationMS: r.DurationMS, Verdict: r.Verdict, Reason: r.Reason, ExitCode: r.ExitCode, Resources: r.Resources,
		Waivers: r.Waivers, Counts: map[result.Outcome]int{},
	}
	for _, c := range r.Claims {
		s := result.Scenario{
			ID: c.ID, Name: c.ID, Feature: c.File, File: c.File, Line: c.Line, Profile: "documented",
			Requirements: []string{}, Outcome: outcomes[c.Verdict], Reason: c.Reason, Started: r.Started,
		}
		if c.Waived != "" {
			s.Outcome, s.Reason = result.Waived, c.Waived
		}
		if c.Finding() && c.Waived == "" {
			s.Failure = failure(c)
			s.Exchanges = exchanges(c)
		}
		run.Counts[s.Outcome]++
		run.Scenarios = append(run.Scenarios, s)
	}
	return run
}

// Judged is AsRun, but that nothing fails for how a page is written.
func (r *Report) Judged() *result.Run {
	run := r.AsRun()
	for i, c := range r.Claims {
		if s := &run.Scenarios[i]; s.Outcome == result.Failed && finding.ClassOf(c) == finding.Style {
			run.Counts[s.Outcome]--
			s.Outcome, s.Reason, s.Failure, s.Exchanges = result.Skipped, "style: "+oneLine(c.Observed), nil, nil
			run.Counts[s.Outcome]++
		}
	}
	return run
}

func failure(c claim.Claim) *result.Failure {
	f := &result.Failure{
		Kind: "assertion", Message: strings.ToLower(string(c.Verdict)) + ": " + oneLine(c.Quote),
		Expected: c.Documented, Actual: c.Observed, Location: location(c),
	}
	if len(c.Proof) > 0 {
		zero := 0
		f.Exchange = &zero
	}
	return f
}

func exchanges(c claim.Claim) []result.Exchange {
	var out []result.Exchange
	for _, p := range c.Proof {
		if p.Exchange != nil {
			out = append(out, *p.Exchange)
		}
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

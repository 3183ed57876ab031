package bisect

import (
	"fmt"
	"slices"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// Question returns a copy of the suite that asks every version about one
// requirement: the versions that the catalogue says it holds for do not keep
// its scenarios from running, since they are what is to be found out. The
// scenarios' ids are the selection to run.
func Question(s *suite.Suite, requirement string) (*suite.Suite, []string, error) {
	req, ok := s.Catalogue.Get(requirement)
	if !ok {
		return nil, nil, fmt.Errorf("--requirement %s: there is no such requirement; see them with \"esconform list --requirements\"", requirement)
	}
	held := req.Versions()
	out := *s
	out.Cases = slices.Clone(s.Cases)
	var ids []string
	for i, c := range out.Cases {
		if !slices.Contains(c.Requirements, requirement) {
			continue
		}
		lifted := *c
		// A bound of the scenario's own, such as of one of two variants of a
		// rule, stays.
		if same(lifted.Versions.Since, held.Since) {
			lifted.Versions.Since = esversion.Version{}
		}
		if same(lifted.Versions.Until, held.Until) {
			lifted.Versions.Until = esversion.Version{}
		}
		lifted.Requirements = nil
		out.Cases[i] = &lifted
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return nil, nil, fmt.Errorf("--requirement %s: no scenario proves it", requirement)
	}
	return &out, ids, nil
}

func same(a, b esversion.Version) bool { return a.Known() == b.Known() && a.Compare(b) == 0 }

// Answer is the outcome of a requirement whose scenarios a run held: the worst
// of theirs. A run that says nothing of them is an error.
func Answer(run *result.Run) (result.Outcome, error) {
	if run.CutShort != "" {
		return "", fmt.Errorf("the run was cut short: %s", run.CutShort)
	}
	for _, o := range []result.Outcome{result.Error, result.NotRun, result.Failed, result.Flaky, result.Waived, result.Passed, result.Skipped} {
		i := slices.IndexFunc(run.Scenarios, func(sc result.Scenario) bool { return sc.Outcome == o })
		if i < 0 {
			continue
		}
		if o == result.Error || o == result.NotRun {
			sc := run.Scenarios[i]
			why := sc.Reason
			if sc.Failure != nil {
				why = sc.Failure.Message
			}
			return "", fmt.Errorf("scenario %s did not come to an end: %s", sc.ID, why)
		}
		return o, nil
	}
	return "", fmt.Errorf("the run has no scenarios")
}

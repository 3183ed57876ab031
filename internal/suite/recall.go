package suite

import "github.com/esconform/esconform/internal/result"

// Recall gives the scenarios of a run that was read from a report what is not
// written of those that passed, as it stands in the feature files: steps and
// tags. A run of other features stays as it is.
func (s *Suite) Recall(run *result.Run) {
	if s.Digest != run.Suite.Digest {
		return
	}
	byID := make(map[string]*Case, len(s.Cases))
	for _, c := range s.Cases {
		byID[c.ID] = c
	}
	for i := range run.Scenarios {
		sc := &run.Scenarios[i]
		c := byID[sc.ID]
		if c == nil || sc.Evidence != result.EvidenceCapped || len(sc.Steps) > 0 {
			continue
		}
		sc.Tags = c.result().Tags
		for _, src := range c.Steps {
			sc.Steps = append(sc.Steps, src.result(result.Passed))
		}
	}
}

// result is the step as reports have it.
func (s CaseStep) result(o result.Outcome) result.Step {
	return result.Step{Keyword: s.Keyword, Text: s.Text, Line: s.Line, Argument: s.Argument, Outcome: o}
}

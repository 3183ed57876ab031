package suite

import (
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// evidence says how much is kept of what scenarios sent and got. Nobody looks
// through every exchange of thousands of scenarios that passed; what others make
// of them all is made as the scenario ends.
type evidence struct {
	observer *observe.Observer // nil: everything is kept
	repeated bool              // a scenario that passed may fail yet, and is flaky then
}

// shown is what is said of a scenario as it ends.
func (e *evidence) shown(sc result.Scenario) result.Scenario {
	if e.observer == nil {
		return sc
	}
	return sc.Capped()
}

// kept is what stands in the result of the run.
func (e *evidence) kept(sc result.Scenario) result.Scenario {
	kept := e.shown(sc)
	if kept.Evidence == result.EvidenceCapped && kept.Observed == nil {
		kept.Observed = e.observer.Observe(&sc)
	}
	return kept
}

// drops reports whether nobody asks for the exchanges of a scenario any more
// once it has ended like this.
func (e *evidence) drops(o result.Outcome) bool {
	return e.observer != nil && !e.repeated && o == result.Passed
}

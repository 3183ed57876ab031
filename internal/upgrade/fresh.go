package upgrade

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// compareFresh starts the new version without the data, where that can tell more:
// how its own indices are mapped, and whether what fails on the upgraded server
// does not fail there.
func (u *upgrade) compareFresh(ctx context.Context, run *result.Run) {
	failing := notPassed(run)
	refused := run.CutShort != "" && run.Counts[result.NotRun] == len(run.Scenarios)
	passed := len(failing) == 0 && run.CutShort == ""
	if passed {
		u.more = append(u.more, scenario(reqSuite, ""))
	}
	if ctx.Err() != nil || u.died || passed && len(u.settled) == 0 || run.CutShort != "" && !refused {
		return // what ended a run half-way says nothing of the data
	}
	err := u.fresh(ctx, run, failing)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		req := reqSuite
		if passed {
			req = reqAsFresh
		}
		u.more = append(u.more, broken(req, groupBacking, fmt.Errorf("compare with a fresh server: %w", err)))
	}
}

func (u *upgrade) fresh(ctx context.Context, run *result.Run, failing []string) error {
	tgt, err := u.Fresh.Start(ctx)
	if err != nil {
		return err
	}
	defer u.close(ctx, tgt)
	u.Say("fresh      %s", name(tgt))
	registry := u.registry()
	if err := target.Preflight(ctx, tgt, registry, u.families); err != nil {
		return err
	}
	if err := u.freshIndices(ctx, tgt, registry); err != nil {
		return err
	}
	if len(failing) == 0 && run.CutShort == "" {
		return nil
	}
	sc := scenario(reqSuite, "")
	switch {
	case run.CutShort != "": // and a fresh server was ready
		found := Difference{Requirement: reqSuite, ID: "what every scenario begins with", View: inSuite, Change: jsonval.Changed, Before: "passed", After: run.CutShort}
		fail(&sc, []Difference{found})
	default:
		found, err := u.passOnFresh(ctx, tgt, run, failing)
		if err != nil {
			return err
		}
		fail(&sc, found)
	}
	u.more = append(u.more, sc)
	return nil
}

// freshIndices compares the mappings of the APIs' own indices.
func (u *upgrade) freshIndices(ctx context.Context, tgt *target.Target, registry *resource.Registry) error {
	m := newMaker(u.set, registry.Scope(tgt.Client.Session()), tgt.Version)
	var kinds []Subject
	for _, f := range u.families {
		for i := range f.Resources {
			r := &f.Resources[i]
			if r.StoredIn() == "" || !makeable(r) {
				continue
			}
			of, _, err := m.needs(ctx, r)
			if err != nil {
				return err
			}
			s, err := m.one(ctx, r, variant{}, of)
			if err != nil {
				return err
			}
			kinds = append(kinds, s)
		}
	}
	seen, err := Look(ctx, tgt.Client, u.set, kinds)
	if err != nil {
		return err
	}
	for i := range seen {
		if isBacking(&seen[i]) {
			u.looked(topic{reqAsFresh, seen[i].Group}, onFresh, seen[i].Exchange)
		}
	}
	u.find(u.book.unexplained(asFresh(u.settled, seen)))
	return nil
}

// inSuite is how differences speak of what the suite finds.
const inSuite = "in the suite"

// passOnFresh runs what did not pass on a fresh server, and lists what passes
// there.
func (u *upgrade) passOnFresh(ctx context.Context, tgt *target.Target, run *result.Run, failing []string) ([]Difference, error) {
	plan := u.Suite
	plan.Target, plan.Registry, plan.Selection = tgt, u.registry(plan.Suite.Foreseen...), suite.Selection{IDs: failing}
	plan.OnStart, plan.OnBegin, plan.OnEnd, plan.OnScenario = nil, nil, nil, func(result.Scenario) {}
	fresh, err := suite.Perform(ctx, plan)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, sc := range fresh.Scenarios {
		if sc.Outcome != result.Passed {
			continue
		}
		i := slices.IndexFunc(run.Scenarios, func(other result.Scenario) bool { return other.ID == sc.ID })
		found = append(found, Difference{Requirement: reqSuite, ID: sc.ID, View: inSuite, Change: jsonval.Changed, Before: "passed", After: reason(run.Scenarios[i])})
	}
	return found, nil
}

// notPassed are the ids of the scenarios that something speaks against.
func notPassed(run *result.Run) []string {
	var ids []string
	for _, sc := range run.Scenarios {
		if slices.Contains([]result.Outcome{result.Failed, result.Flaky, result.Error, result.NotRun}, sc.Outcome) {
			ids = append(ids, sc.ID)
		}
	}
	return ids
}

// notStarted is what it comes to where a version does not start on the data: that
// is held against it only where it starts without.
func (u *upgrade) notStarted(ctx context.Context, cause error, started time.Time) (*result.Run, error) {
	var start *target.StartError
	if ctx.Err() != nil || !errors.As(cause, &start) {
		return nil, cause
	}
	fresh, err := u.Fresh.Start(ctx)
	if err != nil {
		return nil, cause
	}
	defer u.close(ctx, fresh)
	run, err := suite.NotStarted(u.Suite, fresh.Info, cause)
	if err != nil {
		return nil, err
	}
	sc := scenario(reqStarts, "")
	fail(&sc, []Difference{{Requirement: reqStarts, ID: u.New.Name, View: "at its start", Change: jsonval.Changed, Before: u.Old.Name, After: cause.Error()}})
	u.more = append(u.more, sc)
	u.book = newBook(nil, u.from, fresh.Version)
	u.topics = nil // nothing was seen of them
	if u.Suite.OnStart != nil {
		u.Suite.OnStart(run, len(run.Scenarios))
	}
	return u.conclude(run, started), nil
}

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
	for _, p := range ownIndices(u.settled, seen) {
		if p.old == nil {
			u.more = append(u.more, skipped(reqAsFresh, p.made.Group, "it is not shown on the upgraded server"))
			continue
		}
		u.looked(topic{reqAsFresh, p.made.Group}, onFresh, p.made.Exchange, p.old.Exchange)
		u.find(u.book.unexplained(p.mapping()))
	}
	return nil
}

// onFresh is how differences speak of what a fresh server has.
const onFresh = "on a fresh server"

// ownIndices are the indices of the APIs on a fresh server, each with that of the
// upgraded one, nil where that does not show it.
func ownIndices(upgraded, fresh Snapshot) []pair {
	var out []pair
	for i := range fresh {
		f := &fresh[i]
		if !isBacking(f) || f.View != viewRead || !f.There {
			continue
		}
		p := pair{made: f}
		if j := slices.IndexFunc(upgraded, func(s Sight) bool { return s.ID == f.ID && s.Kind == f.Kind && s.View == f.View && s.There }); j >= 0 {
			p.old = &upgraded[j]
		}
		out = append(out, p)
	}
	return out
}

// mapping lists what an upgraded index lacks of the mapping of a fresh one.
func (p pair) mapping() []Difference {
	want, _ := jsonval.Pointer(p.made.Doc, "/mappings")
	got, _ := jsonval.Pointer(p.old.Doc, "/mappings")
	var out []Difference
	for _, c := range jsonval.Match(want, got, jsonval.Matching{Subset: true, Ignore: []string{"_meta"}}) {
		out = append(out, Difference{
			Requirement: reqAsFresh, Group: p.old.Group, ID: p.old.ID, Kind: p.old.Kind, View: onFresh,
			Pointer: "/mappings" + c.Pointer, Change: c.Kind, Before: c.Before, After: c.After, Sights: [2]*Sight{p.made, p.old},
		})
	}
	return out
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

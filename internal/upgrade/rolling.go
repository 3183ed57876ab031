package upgrade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// needsRoll is the tag of scenarios that go on while nodes are replaced.
const needsRoll = "roll"

// few is how many scenarios of the suite are in flight while nodes are replaced.
const few = 2

// roll starts a cluster of the old version, has that make everything, and replaces
// its nodes one after the other, while scenarios write and the suite runs.
func (u *upgrade) roll(ctx context.Context) (*target.Target, error) {
	tgt, err := u.Old.Start(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.replaceAll(ctx, tgt); err != nil {
		err = u.why(ctx, tgt, err)
		u.close(ctx, tgt)
		return nil, err
	}
	return tgt, nil
}

func (u *upgrade) replaceAll(ctx context.Context, tgt *target.Target) error {
	if err := u.observeOld(ctx, tgt); err != nil {
		return err
	}
	tgt.Roll = target.NewRoll()
	following, leave := context.WithCancel(ctx)
	defer leave()
	followed := u.follow(following, tgt)
	err := u.oneNodeAfterTheOther(ctx, tgt)
	if err != nil {
		leave() // half of it says nothing
	}
	tgt.Roll.End()
	seen, failed := followed()
	tgt.Roll = nil
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	u.more = append(u.more, seen...)
	return tgt.Renewed(ctx)
}

func (u *upgrade) oneNodeAfterTheOther(ctx context.Context, tgt *target.Target) error {
	tgt.Roll.At(ctx, "before a node was replaced")
	last := tgt.Client.Nodes() - 1
	for node := range last + 1 {
		if err := settle(ctx, tgt); err != nil {
			return err
		}
		if err := u.replace(ctx, tgt, node); err != nil {
			return err
		}
		version, err := tgt.VersionOf(ctx, node)
		if err != nil {
			return err
		}
		u.to = version
		u.Say("replaced   node %d of %d by one of %s", node+1, last+1, version)
		tgt.Roll.At(ctx, fmt.Sprintf("after node %d was replaced", node+1))
		if node == last { // all are of one version, for which the whole suite follows
			return ctx.Err()
		}
		if err := settle(ctx, tgt); err != nil {
			return err
		}
		when := fmt.Sprintf("%d of %d nodes replaced", node+1, last+1)
		if err := u.round(ctx, tgt, when, false); err != nil {
			return err
		}
		u.unseen(when)
	}
	return nil
}

// replace replaces a node, while the suite runs.
func (u *upgrade) replace(ctx context.Context, tgt *target.Target, node int) error {
	when := fmt.Sprintf("node %d away", node+1)
	away, back := context.WithCancel(ctx)
	defer back()
	var beside errgroup.Group
	beside.Go(func() error {
		for away.Err() == nil {
			if err := u.round(away, tgt, when, true); err != nil {
				return err
			}
			rest(away)
		}
		return nil
	})
	err := u.exchange(ctx, tgt, node)
	back()
	if err := errors.Join(err, beside.Wait()); err != nil {
		return err
	}
	u.unseen(when)
	return nil
}

// unseen says of a time when no scenario came to anything that nothing was seen.
func (u *upgrade) unseen(when string) {
	if !slices.Contains(u.topics, topic{reqEither, when}) {
		u.more = append(u.more, skipped(reqEither, when, "none of the selected scenarios that hold for both versions, and may run beside others, came to an answer then; select more of them"))
	}
}

func (u *upgrade) exchange(ctx context.Context, tgt *target.Target, node int) error {
	if err := tgt.Leave(ctx, node); err != nil {
		return err
	}
	tgt.Roll.At(ctx, fmt.Sprintf("while node %d was away", node+1))
	if err := tgt.Succeed(ctx, node); err != nil {
		return &refusedError{err}
	}
	return nil
}

// settle waits until no copy of a shard is on its way, so that the next node can
// go: a copy that only a newer node may have is on none until there are two.
func settle(ctx context.Context, tgt *target.Target) error {
	const path = "/_cluster/health?wait_for_status=yellow&wait_for_no_initializing_shards=true&wait_for_no_relocating_shards=true&timeout=2s"
	limit := tgt.Client.Limits().Start
	end, last := time.Now().Add(limit), "no answer"
	for time.Now().Before(end) {
		res, err := tgt.Client.Session().Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Purpose: "see whether the next node can go"})
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			last = err.Error()
		case res.Status == http.StatusOK && !isDelayed(res):
			return nil
		default:
			last = fmt.Sprintf("%d %s", res.Status, res.Text())
		}
		rest(ctx)
	}
	return fmt.Errorf("wait until the cluster is ready for the next node: not within %s, last %s; see --timeout-start", limit, last)
}

// rest lets time pass between two attempts.
func rest(ctx context.Context) {
	select {
	case <-time.After(200 * time.Millisecond):
	case <-ctx.Done():
	}
}

// isDelayed reports whether a health says that copies wait for a node to return.
func isDelayed(res *wire.Response) bool {
	doc, err := res.JSON()
	if err != nil {
		return true
	}
	n, said := jsonval.Pointer(doc, "/delayed_unassigned_shards")
	return said && fmt.Sprint(n) != "0"
}

// follow starts the scenarios that go on while nodes are replaced, on what the
// cluster has, and returns once they do. followed waits for their end.
func (u *upgrade) follow(ctx context.Context, tgt *target.Target) (followed func() ([]result.Scenario, error)) {
	var cases []*suite.Case
	for _, c := range u.Suite.Suite.Cases {
		if slices.Contains(c.Needs, needsRoll) && u.Suite.Suite.Holds(c, tgt.Version) && u.has(ctx, tgt, c) {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return func() ([]result.Scenario, error) {
			return []result.Scenario{skipped(reqEither, "what is written", "no scenario writes while nodes are replaced: none is tagged @needs:"+needsRoll+" and is about what the cluster has")}, nil
		}
	}
	ended := make(chan struct{}, len(cases))
	plan := u.part(tgt, cases)
	plan.Parallel = len(cases)
	plan.OnScenario = func(result.Scenario) { ended <- struct{}{} }
	var run *result.Run
	var over atomic.Bool // with an error, perhaps before any has begun
	var beside errgroup.Group
	beside.Go(func() (err error) {
		defer over.Store(true)
		run, err = suite.Perform(ctx, plan)
		return err
	})
	for len(ended)+tgt.Roll.Followed() < len(cases) && !over.Load() && ctx.Err() == nil {
		rest(ctx)
	}
	u.Say("rolling    %s go on while nodes are replaced", result.Plural(tgt.Roll.Followed(), "scenario"))
	return func() ([]result.Scenario, error) {
		if err := beside.Wait(); err != nil {
			return nil, err
		}
		for i := range run.Scenarios {
			run.Scenarios[i].ID = idPrefix + run.Scenarios[i].ID // it stands in the suite, too, skipped
		}
		return run.Scenarios, nil
	}
}

// has reports whether a target has all that a scenario is about.
func (u *upgrade) has(ctx context.Context, tgt *target.Target, c *suite.Case) bool {
	return !slices.ContainsFunc(u.Suite.Suite.FamiliesOf(c), func(name string) bool {
		f, known := u.set.Named(name)
		return known && suite.Lacks(ctx, tgt, u.set, f) != ""
	})
}

// part is a plan of these scenarios alone, of which nobody is told.
func (u *upgrade) part(tgt *target.Target, cases []*suite.Case) suite.Plan {
	part := u.Suite.Suite.Part(cases)
	return suite.Plan{
		Suite: part, Target: tgt, Limits: u.Suite.Limits, Parallel: min(u.Suite.Parallel, few), Seed: u.Suite.Seed + int64(u.registries),
		Registry: u.registry(part.Foreseen...), Secrets: u.Suite.Secrets, Fixtures: u.Suite.Fixtures, WholeEvidence: true, OnScenario: func(result.Scenario) {},
	}
}

// both are the selected scenarios that hold for both versions, without those that
// nothing else may go on beside.
func (u *upgrade) both() ([]*suite.Case, error) {
	cases, err := u.Suite.Suite.Select(u.Suite.Selection)
	return slices.DeleteFunc(cases, func(c *suite.Case) bool {
		return c.Serial || c.Rest != nil || slices.Contains(c.Needs, needsRoll) || !u.Suite.Suite.Holds(c, u.from, u.to)
	}), err
}

// round runs what holds for both versions, and notes what neither of them may
// answer. While a node is away, errors that say so are none of that.
func (u *upgrade) round(ctx context.Context, tgt *target.Target, when string, away bool) error {
	cases, err := u.both()
	if err != nil {
		return err
	}
	about := topic{reqEither, when}
	if len(cases) == 0 {
		return nil
	}
	wrong, err := u.wrong(ctx, tgt, about, cases, away)
	if err != nil || len(wrong) == 0 || u.to.Compare(u.from) == 0 || !u.to.Known() {
		u.hold(about, wrong)
		return err
	}
	tgt.Version = u.to // of which the node was that answered, perhaps
	defer func() { tgt.Version = u.from }()
	again := slices.DeleteFunc(cases, func(c *suite.Case) bool {
		return !slices.ContainsFunc(wrong, func(sc result.Scenario) bool { return sc.ID == c.ID })
	})
	wrong, err = u.wrong(ctx, tgt, about, again, away)
	u.hold(about, wrong)
	return err
}

// wrong runs scenarios and returns those that something speaks against.
func (u *upgrade) wrong(ctx context.Context, tgt *target.Target, about topic, cases []*suite.Case, away bool) ([]result.Scenario, error) {
	run, err := suite.Perform(ctx, u.part(tgt, cases))
	if err != nil {
		return nil, err
	}
	var out []result.Scenario
	for _, sc := range run.Scenarios {
		switch {
		case sc.Outcome == result.Passed:
			u.looked(about, sc.Feature)
		case sc.Outcome == result.Skipped, sc.Outcome == result.NotRun && run.CutShort == "":
		case away && excused(sc):
		default:
			out = append(out, sc)
		}
	}
	return out, nil
}

// hold holds what is wrong against the cluster, if it is an assertion.
func (u *upgrade) hold(about topic, wrong []result.Scenario) {
	for _, sc := range wrong {
		if sc.Outcome == result.Error || sc.Outcome == result.NotRun {
			u.more = append(u.more, broken(about.req, about.group+", "+sc.ID, errors.New(reason(sc))))
			continue
		}
		d := Difference{Requirement: about.req, Group: about.group, ID: sc.ID, View: sc.Feature, Change: jsonval.Changed, Before: "passed", After: reason(sc)}
		if f := sc.Failure; f != nil && f.Exchange != nil {
			d.Sights[1] = &Sight{Exchange: sc.Exchanges[*f.Exchange]}
		}
		u.find([]Difference{d})
	}
}

// excused reports whether a scenario met an answer that says that a node is not
// there, or was not carried out at all.
func excused(sc result.Scenario) bool {
	return sc.Outcome == result.Error || sc.Outcome == result.NotRun || slices.ContainsFunc(sc.Exchanges, saysAway)
}

// saysAway reports whether there was no answer, or one that not all nodes have a
// part in.
func saysAway(e result.Exchange) bool {
	if e.Response == nil || wire.Unavailable(e.Response.Status) {
		return true
	}
	doc, err := jsonval.Decode([]byte(e.Response.Body))
	if err != nil {
		return false
	}
	for pointer, whole := range map[string]any{"/acknowledged": true, "/shards_acknowledged": true, "/_shards/failed": json.Number("0")} {
		if v, said := jsonval.Pointer(doc, pointer); said && !jsonval.Equal(v, whole) {
			return true
		}
	}
	return false
}

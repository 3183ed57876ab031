package upgrade

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// Server is one version, to be started on the data that is carried over, or, as
// Plan.Fresh, on none.
type Server struct {
	Name  string
	Start func(context.Context) (*target.Target, error)
}

// Before is run on the old version first; what it makes is carried over.
type Before struct {
	// Name is how reports speak of what comes from it.
	Name  string
	Suite *suite.Suite
	// LeftOut are what is not run of it, by their ids, with the reason.
	LeftOut map[string]string
	// Optional: what does not get through on the old version is skipped.
	Optional bool
}

// Plan is an upgrade.
type Plan struct {
	// Suite is how the suite is run on the upgraded server; it has its defaults,
	// and its catalogue knows the requirements of upgrades.
	Suite    suite.Plan
	Old, New Server
	Via      []Server
	Fresh    Server // New without the data
	// Rolling: Old is a cluster, whose nodes are replaced one after the other; New
	// is only named.
	Rolling bool
	// Families are the APIs whose resources are made.
	Families []*family.Family
	Before   []Before
	Changes  []Change
	// Say is told in a line what has been done.
	Say func(format string, args ...any)
}

// ErrUsage says that the servers are none that data could be taken between.
var ErrUsage = errors.New("upgrade")

// upgrade is one in progress.
type upgrade struct {
	Plan
	set  family.Set
	book *book
	*judge
	more []result.Scenario // beside those of the judge

	families []*family.Family  // that the old version has
	from, to esversion.Version // to: once a node has it
	old      *maker
	subjects []Subject
	makes    int // how many of the subjects are specimens; they come first
	before   Snapshot
	after    Snapshot
	settled  Snapshot // the indices of the APIs, at the end
	died     bool     // in mid-run, for whatever reason

	registries int
}

// Run takes data from one version to another and says what became of it, and
// whether the suite finds the upgraded server as it finds a fresh one. The error
// says why that could not be found out.
func Run(ctx context.Context, p Plan) (*result.Run, error) {
	u := &upgrade{Plan: p, set: p.Suite.Suite.Families, judge: newJudge()}
	started := time.Now()
	take := u.oneByOne
	if p.Rolling {
		take = u.roll
	}
	tgt, err := take(ctx)
	var refused *refusedError
	if errors.As(err, &refused) {
		return u.notStarted(ctx, refused.error, started)
	}
	if err != nil {
		return nil, err
	}
	defer u.close(ctx, tgt)
	run, err := u.upgraded(ctx, tgt)
	if err != nil {
		return nil, u.why(ctx, tgt, err)
	}
	u.close(ctx, tgt)
	u.compareFresh(ctx, run)
	return u.conclude(run, started), nil
}

// refusedError says that the new version does not start on the data.
type refusedError struct{ error }

// oneByOne has one version after the other start on the data.
func (u *upgrade) oneByOne(ctx context.Context) (*target.Target, error) {
	if err := u.makeOld(ctx); err != nil {
		return nil, err
	}
	for _, s := range u.Via {
		if err := u.pass(ctx, s); err != nil {
			return nil, err
		}
	}
	tgt, err := u.New.Start(ctx)
	if err != nil {
		return nil, &refusedError{err}
	}
	return tgt, nil
}

// pass starts a version on the data and stops it again.
func (u *upgrade) pass(ctx context.Context, s Server) error {
	tgt, err := s.Start(ctx)
	if err != nil {
		return err
	}
	defer u.close(ctx, tgt)
	u.Say("via        %s", name(tgt))
	if err := tgt.Stop(ctx); err != nil {
		return u.why(ctx, tgt, fmt.Errorf("stop Elasticsearch %s: %w", s.Name, err))
	}
	return nil
}

func name(tgt *target.Target) string {
	what := "reference server, emulating Elasticsearch"
	if tgt.Info.IsElasticsearch {
		what = "Elasticsearch"
	}
	return fmt.Sprintf("%s, %s %s", tgt.Info.Kind, what, tgt.Info.Version)
}

// close takes down what was started, also after the end of ctx.
func (u *upgrade) close(ctx context.Context, tgt *target.Target) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), u.Suite.Limits.Cleanup)
	defer cancel()
	if err := tgt.Close(ctx); err != nil {
		u.Say("not removed: %v", err)
	}
}

// why is an error with what is behind it: the end of the run, or of the server.
func (u *upgrade) why(ctx context.Context, tgt *target.Target, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if died := tgt.Died(ctx); died != nil {
		return died
	}
	return err
}

// registry is one of its own: what is made in a server of this run ends with it.
// Its names are those of the run, and of no other registry.
func (u *upgrade) registry(foreseen ...family.Creation) *resource.Registry {
	u.registries++
	r := resource.NewRegistry(fmt.Sprintf("%s-u%d", u.Suite.Registry.RunID(), u.registries))
	r.Know(u.set, foreseen...)
	return r
}

// makeOld has the old version make everything, and stops it.
func (u *upgrade) makeOld(ctx context.Context) error {
	tgt, err := u.Old.Start(ctx)
	if err != nil {
		return err
	}
	defer u.close(ctx, tgt)
	if err := u.observeOld(ctx, tgt); err != nil {
		return u.why(ctx, tgt, err)
	}
	if err := tgt.Stop(ctx); err != nil {
		return u.why(ctx, tgt, fmt.Errorf("stop Elasticsearch %s: %w", u.Old.Name, err))
	}
	return nil
}

// observeOld makes everything, and observes it.
func (u *upgrade) observeOld(ctx context.Context, tgt *target.Target) (err error) {
	u.from = tgt.Version
	u.Say("old        %s", name(tgt))
	if err := u.fill(ctx, tgt); err != nil {
		return err
	}
	if u.before, err = Look(ctx, tgt.Client, u.set, u.subjects); err != nil {
		return err
	}
	u.lookedAt(u.before)
	u.Say("made       %s, seen in %s", result.Plural(len(u.subjects), "thing"), result.Plural(len(u.before), "view"))
	return nil
}

// fill makes everything that is to be carried over.
func (u *upgrade) fill(ctx context.Context, tgt *target.Target) error {
	for _, f := range u.Families {
		if why := suite.Lacks(ctx, tgt, u.set, f); why != "" {
			u.more = append(u.more, skipped(reqLost, f.Title, why))
			continue
		}
		u.families = append(u.families, f)
	}
	registry := u.registry()
	if err := target.Preflight(ctx, tgt, registry, u.families); err != nil {
		return err
	}
	m := newMaker(u.set, registry.Scope(tgt.Client.Session()), tgt.Version)
	made, err := m.make(ctx, u.families)
	if err != nil {
		return err
	}
	u.more, u.old = append(u.more, m.couldNotMake()...), m
	u.subjects, u.makes = made, len(made)
	for _, b := range u.Before {
		if err := u.runBefore(ctx, tgt, b); err != nil {
			return err
		}
	}
	if len(u.subjects) == 0 {
		return errors.New("nothing was made that an upgrade could carry over: the old version has none of the selected APIs")
	}
	return nil
}

// runBefore runs what is to be run on the old version, and keeps what it makes.
func (u *upgrade) runBefore(ctx context.Context, tgt *target.Target, b Before) error {
	plan := suite.Plan{
		Suite: b.Suite, Target: tgt, Limits: u.Suite.Limits, Parallel: u.Suite.Parallel, Seed: u.Suite.Seed, Keep: true,
		Registry: u.registry(b.Suite.Foreseen...), Secrets: u.Suite.Secrets, OnScenario: func(result.Scenario) {},
	}
	run, err := suite.Perform(ctx, plan)
	if err != nil {
		return err
	}
	if run.CutShort != "" {
		return fmt.Errorf("run %s on the old version: %s", b.Name, run.CutShort)
	}
	passed := 0
	for _, sc := range run.Scenarios {
		switch {
		case sc.Outcome == result.Passed:
			passed++
		case sc.Outcome == result.Skipped, b.Optional:
			u.more = append(u.more, skipped(reqLost, b.Name+", "+sc.ID, "it does not get through on the old version: "+reason(sc)))
		default:
			u.more = append(u.more, broken(reqLost, b.Name+", "+sc.ID, fmt.Errorf("it did not pass on the old version: %s", reason(sc))))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.LeftOut)) {
		u.more = append(u.more, skipped(reqLost, b.Name+", "+id, b.LeftOut[id]))
	}
	kept := Kept(u.set, run.Resources, b.Name)
	u.subjects = append(u.subjects, kept...)
	u.Say("before     %s: %d of %d got through, %d left out; %s kept", b.Name, passed, len(run.Scenarios), len(b.LeftOut), result.Plural(len(kept), "thing"))
	return nil
}

// reason says why a scenario did not pass.
func reason(sc result.Scenario) string {
	if sc.Failure != nil {
		return sc.Failure.Message
	}
	return sc.Reason
}

// upgraded sees what the new version shows of it all, has old and new things take
// calls, and runs the suite.
func (u *upgrade) upgraded(ctx context.Context, tgt *target.Target) (*result.Run, error) {
	if u.from.Known() && tgt.Version.Known() && !tgt.Version.AtLeast(u.from) {
		return nil, fmt.Errorf("%w: the new version, %s, is older than the old one, %s; exchange them", ErrUsage, tgt.Version, u.from)
	}
	u.book = newBook(u.Changes, u.from, tgt.Version)
	tgt.Info.Note = strings.TrimSpace(tgt.Info.Note + " Upgraded from " + strings.Join(u.path(), ", then ") + ".")
	u.Say("upgraded   %s", name(tgt))
	u.more = append(u.more, scenario(reqStarts, ""))
	var err error
	if u.after, err = Look(ctx, tgt.Client, u.set, u.subjects); err != nil {
		return nil, err
	}
	u.lookedAt(u.after)
	found := u.book.unexplained(Compare(u.before, u.after))
	u.find(found)
	u.Say("compared   %s", result.Plural(len(found), "difference")+" that nothing explains")
	if err := u.newOnes(ctx, tgt); err != nil {
		return nil, err
	}
	plan := u.Suite
	plan.Target = tgt
	run, err := suite.Perform(ctx, plan)
	if err != nil || ctx.Err() != nil {
		return run, err
	}
	if u.died = run.CutShort != "" && tgt.Died(ctx) != nil; u.died {
		return run, nil
	}
	// What a server does to its own indices it may do some time after its start.
	u.settled, err = lookAtAll(ctx, tgt.Client, u.set, backings(u.set, u.subjects))
	return run, err
}

// path are the versions that the data comes from.
func (u *upgrade) path() []string {
	names := []string{u.Old.Name}
	for _, s := range u.Via {
		names = append(names, s.Name)
	}
	return names
}

// newOnes makes new things beside the old ones, and compares both.
func (u *upgrade) newOnes(ctx context.Context, tgt *target.Target) error {
	m := newMaker(u.set, u.registry().Scope(tgt.Client.Session()), tgt.Version)
	made, err := m.make(ctx, u.families)
	if err != nil {
		return err
	}
	u.find(u.book.unexplained(m.makesNoMore(u.old)))
	seen, err := Look(ctx, tgt.Client, u.set, slices.DeleteFunc(slices.Clone(made), func(s Subject) bool { return s.Verb != "" }))
	if err != nil {
		return err
	}
	for _, p := range counterparts(u.before, seen) {
		r, _ := u.set.Kind(p.made.Kind)
		if p.old == nil {
			u.more = append(u.more, skipped(reqDefaults, p.made.Group, "the old version makes none by calls alone"))
			continue
		}
		u.looked(topic{reqDefaults, p.made.Group}, viewNew, p.old.Exchange, p.made.Exchange)
		u.find(u.book.unexplained(p.defaults(r, u.before)))
	}
	pairs, err := calls(ctx, tgt.Client, u.set, tgt.Version, u.subjects[:u.makes], made)
	for _, p := range pairs {
		u.looked(topic{reqCalls, p.old.Group}, p.old.View, p.made.Exchange, p.old.Exchange)
		u.find(u.book.unexplained(p.differences()))
	}
	return err
}

// conclude puts both halves together, that of the upgrade first.
func (u *upgrade) conclude(run *result.Run, started time.Time) *result.Run {
	all := slices.Concat(u.judge.scenarios(), u.more, u.book.scenarios(u.before))
	all = foreign.Redact(u.Suite.Secrets, all)
	observer := observe.NewObserver(run.RunID, run.Started)
	for i := range all {
		if bare := all[i]; bare.Outcome == result.Passed { // who was seen first is chance: runs are compared by outcomes
			bare.Exchanges = nil
			all[i].Observed = observer.Observe(&bare)
		}
		u.Suite.OnScenario(all[i])
	}
	run.Scenarios = append(all, run.Scenarios...)
	u.Suite.Finish(run, started)
	return foreign.Redact(u.Suite.Secrets, run)
}

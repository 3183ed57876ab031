package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/target/container"
	"github.com/esconform/esconform/internal/upgrade"
	"github.com/esconform/esconform/internal/userfile"
)

// upgradeFlags are the flags of "esconform upgrade".
type upgradeFlags struct {
	versionFlags
	selection          selectionFlags
	from, to           string
	via                []string
	fromImage, toImage string
	rolling            bool
	fault              string
	apis, before       []string
	out, waivers       string
	formats            []string
}

func (a *app) upgradeCommand() *cobra.Command {
	var f upgradeFlags
	cmd := &cobra.Command{
		Use:   "upgrade",
		Short: "Take data from one version to another, and see what becomes of it",
		Long: `Start an old version, make every resource of the selected APIs in every state
that its catalogue knows, and observe it all through every view. Then stop it,
start the new version on the same data, and compare: nothing may be lost, and
nothing changed but what is documented. Old resources have to take every call as
new ones do, and the suite has to find the upgraded server as it finds a fresh one.

Both versions run in containers, one after the other, on a volume that is removed
at the end, or, with --emulate, as the embedded server. With --rolling they are a
cluster, whose nodes are replaced one after the other, each on a volume of its own,
while scenarios write and the suite runs. With --rest-tests, what the
set-ups of REST tests make is carried over, too; the tests themselves do not run.

What upgrades are documented to change is in apis/upgrades/changes.yaml.`,
		Example: `  esconform upgrade --from 8.19.21 --to 9.5.3
  esconform upgrade --from 8.12.0 --via 8.19.21 --to 9.5.3 --emulate
  esconform upgrade --from 8.19.21 --to 9.5.3 --tags @index-templates --rest-tests rest-api-spec/test --rest-spec rest-api-spec/api
  esconform upgrade --from 8.19.21 --to 9.5.3 --rolling --nodes 3 --memory 1g
  esconform upgrade --from-image es:8.19-patched --to-image es:9.5-build --before features-of-ours`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.upgrade(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.from, "from", "", "the old `version`")
	flags.StringVar(&f.to, "to", "", "the new `version`")
	flags.StringSliceVar(&f.via, "via", nil, "start this `version` on the data in between (several: repeat, or commas)")
	flags.StringVar(&f.fromImage, "from-image", "", "the `image` of the old version")
	flags.StringVar(&f.toImage, "to-image", "", "the `image` of the new version")
	f.versionFlags.register(flags)
	flags.BoolVar(&f.rolling, "rolling", false, "replace the nodes of a cluster one after the other, while the suite runs")
	f.nodes.register(flags)
	flags.StringVar(&f.fault, "fault", "", "with --emulate, `id` of a defect of the new version; see \"esconform list --faults\"")
	flags.StringSliceVar(&f.apis, "api", nil, "also make the resources of this `API`, whatever is selected; see \"esconform list --apis\"")
	flags.StringSliceVar(&f.before, "before", nil, "run the feature files of this `folder` on the old version, and keep what they make")
	f.selection.register(flags)
	flags.StringVar(&f.out, "out", "esconform-report", "`folder` for the report files")
	flags.StringSliceVar(&f.formats, "format", nil, "also write the report in this `format`: "+strings.Join(report.Formats(), ", "))
	flags.StringVar(&f.waivers, "waivers", "", "`file` with known deviations that do not fail the gate")
	for _, flag := range []string{"from", "to", "via"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, complete(knownReleases)) // the flags are there
	}
	return cmd
}

// check refuses what cannot work before anything starts.
func (f *upgradeFlags) check(getenv func(string) string) error {
	for _, c := range []struct {
		wrong bool
		text  string
	}{
		{f.from == "" && f.fromImage == "", "give the old version by --from or --from-image"},
		{f.to == "" && f.toImage == "", "give the new version by --to or --to-image"},
		{f.from != "" && f.fromImage != "", "--from and --from-image name different servers; give one of them"},
		{f.to != "" && f.toImage != "", "--to and --to-image name different servers; give one of them"},
		{f.emulate && f.fromImage+f.toImage != "", "--emulate has the embedded server behave like versions; leave out --from-image and --to-image"},
		{f.selection.shard != "" || f.selection.shardCount != 0, "--shard is for runs; an upgrade is whole: select scenarios with --tags or --id"},
		{f.rolling && f.emulate, "--rolling replaces the nodes of a cluster, and the embedded server is a single node; leave out --emulate"},
		{f.rolling && f.nodes < 3, "--rolling needs three nodes or more, so that the others go on while one is replaced; add --nodes 3"},
		{f.rolling && len(f.via) > 0, "--rolling goes from one version to the next; leave out --via, and make one upgrade for each step"},
		{!f.rolling && f.nodes > 1, "--nodes is for the nodes that are replaced one after the other; add --rolling"},
		{!f.emulate && f.fault != "", "--fault is for the embedded server; add --emulate"},
	} {
		if c.wrong {
			return errors.New(c.text)
		}
	}
	if err := f.checkOrder(); err != nil {
		return err
	}
	if err := fault.Into(&reference.Options{}, f.fault); err != nil {
		return fmt.Errorf("--fault: %w", err)
	}
	run := runFlags{parallel: f.parallel, seed: f.seed, repeat: 1, evidence: evidenceCapped, formats: f.formats, out: f.out, regression: regressionFlags{failOn: "breaking"}}
	run.target = *f.target(f.from)
	run.target.esVersion, run.target.emulate, run.target.nodes = "", "", 1
	return run.check(getenv)
}

// checkOrder refuses versions that are none, and one that is older than the one
// before it.
func (f *upgradeFlags) checkOrder() error {
	last, of := esversion.Version{}, ""
	check := func(flag, version string) error {
		if version == "" {
			return nil
		}
		v, err := esversion.Parse(version)
		if err != nil {
			return fmt.Errorf("%s: %w", flag, err)
		}
		if f.emulate {
			if _, err := reference.New(reference.Options{Version: v}); err != nil {
				return fmt.Errorf("%s: %w", flag, err)
			}
		}
		if last.Known() && !v.AtLeast(last) {
			return fmt.Errorf("%s %s is older than %s %s, and data is taken to later versions only", flag, v, of, last)
		}
		last, of = v, flag
		return nil
	}
	if err := check("--from", f.from); err != nil {
		return err
	}
	for _, v := range f.via {
		if v == "" {
			return errors.New("--via names an empty version; leave out the comma")
		}
		if err := check("--via", v); err != nil {
			return err
		}
	}
	return check("--to", f.to)
}

// upgrade carries out "esconform upgrade".
func (a *app) upgrade(ctx context.Context, f upgradeFlags) error {
	if err := f.check(a.getenv); err != nil {
		return err
	}
	plan, err := a.upgradePlan(&f)
	if err != nil {
		return err
	}
	waivers, err := loadWaivers(f.waivers, plan.Suite.Suite)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.limits.Run, fmt.Errorf("the time limit of the run, %s, is over (--timeout-run)", f.limits.Run))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	last := f.target(f.to)
	last.image = f.toImage
	r := &runner{app: a, flags: runFlags{target: *last, selection: f.selection, out: f.out, formats: f.formats, waivers: f.waivers},
		suite: plan.Suite.Suite, waivers: waivers, screen: a.screen(), stop: stop,
		waive: func(s result.Scenario) result.Scenario { return s }}
	plan.Say = r.screen.Line
	plan.Suite.Waivers, plan.Suite.Limits, plan.Suite.Parallel, plan.Suite.Seed = waivers, f.limits, f.parallel, f.seed
	plan.Suite.Tool, plan.Suite.Secrets, plan.Suite.Registry = tool(), a.secrets, a.begin()
	plan.Suite.OnStart, plan.Suite.OnScenario = r.start, r.scenario
	plan.Suite.OnBegin, plan.Suite.OnEnd = r.screen.Started, r.screen.Ended
	plan.Suite = plan.Suite.WithDefaults()
	if err := r.takeFolder(&plan.Suite); err != nil {
		return err
	}
	defer r.folder.Close()
	run, err := a.runUpgrade(ctx, &f, plan, r)
	if err != nil {
		return r.notStarted(plan.Suite, err)
	}
	return r.finish(run)
}

// runUpgrade runs it on data of its own, which is removed in the end.
func (a *app) runUpgrade(ctx context.Context, f *upgradeFlags, plan upgrade.Plan, r *runner) (*result.Run, error) {
	runID := plan.Suite.Registry.RunID()
	start := f.embedded(a, f.fault)
	if !f.emulate {
		defer a.remember(r.flags.target.remedyByID(runID))()
		a.mentionContainers(ctx)
		volumes, remove, err := a.volumes(ctx, runID, int(f.nodes))
		defer remove()
		if err != nil {
			return nil, &inconclusiveError{err}
		}
		start = f.containers(a, runID, volumes)
	}
	plan.Rolling = f.rolling
	plan.Old = upgrade.Server{Name: f.from + f.fromImage, Start: start(f.from, f.fromImage, onData)}
	plan.New = upgrade.Server{Name: f.to + f.toImage, Start: start(f.to, f.toImage, onDataLast)}
	plan.Fresh = upgrade.Server{Name: plan.New.Name, Start: start(f.to, f.toImage, withoutData)}
	for _, v := range f.via {
		plan.Via = append(plan.Via, upgrade.Server{Name: v, Start: start(v, "", onData)})
	}
	defer r.screen.Watch()()
	run, err := upgrade.Run(ctx, plan)
	var failed *target.StartError
	if err != nil && (errors.As(err, &failed) || ctx.Err() != nil || !errors.Is(err, upgrade.ErrUsage)) {
		err = &inconclusiveError{err}
	}
	return run, err
}

// volumes makes one for each node; remove removes them.
func (a *app) volumes(ctx context.Context, runID string, nodes int) (names []string, remove func(), err error) {
	var made []*container.Volume
	remove = func() {
		for _, v := range made {
			if err := v.Remove(ctx); err != nil {
				fmt.Fprintf(a.stderr, "esconform: %v\n", err)
			}
		}
	}
	for range nodes {
		v, err := container.NewVolume(ctx, runID)
		if err != nil {
			return nil, remove, err
		}
		made, names = append(made, v), append(names, v.Name)
	}
	return names, remove, nil
}

// disk is which data a server is started on.
type disk int

const (
	onData      disk = iota // that which is carried over
	onDataLast              // the same, by the version that is tested
	withoutData             // by that version, too
)

// starter starts a version, or an image.
type starter func(version, image string, on disk) func(context.Context) (*target.Target, error)

// containers starts versions one after the other on a volume, or on those of the
// nodes of a cluster.
func (f *upgradeFlags) containers(a *app, runID string, volumes []string) starter {
	return func(version, image string, on disk) func(context.Context) (*target.Target, error) {
		cfg := container.Config{
			RunID: runID, Version: version, Image: image, Security: f.security, Limits: f.limits, Memory: f.memory.bytes,
			Secrets: a.secrets, Restarts: true, Nodes: int(f.nodes),
		}
		switch {
		case on == withoutData:
		case f.rolling:
			cfg.Volumes, cfg.Next = volumes, cmp.Or(f.toImage, container.Official(f.to))
		default:
			cfg.Volume = volumes[0]
		}
		return func(ctx context.Context) (*target.Target, error) { return disposable(container.Start(ctx, cfg)) }
	}
}

// embedded has the embedded server behave like versions; the last has the fault.
func (f *upgradeFlags) embedded(a *app, fault string) starter {
	var data bytes.Buffer
	return func(version, _ string, on disk) func(context.Context) (*target.Target, error) {
		cfg := target.EmbeddedConfig{Emulate: esversion.MustParse(version), Security: f.security, Limits: f.limits, Secrets: a.secrets, Disk: &data}
		if on != onData {
			cfg.Fault = fault
		}
		if on == withoutData {
			cfg.Disk = nil
		}
		return func(ctx context.Context) (*target.Target, error) { return disposable(target.Embedded(ctx, cfg)) }
	}
}

func disposable(t *target.Target, err error) (*target.Target, error) {
	if err == nil {
		t.Disposable = true
	}
	return t, err
}

// upgradePlan reads what is run and made.
func (a *app) upgradePlan(f *upgradeFlags) (plan upgrade.Plan, err error) {
	sources := f.selection.sourceFlags
	f.selection.restTests, f.selection.restSpec = "", "" // only their set-ups are performed
	loaded, selection, err := f.selection.load(a.getenv)
	if err != nil {
		return plan, err
	}
	if err := upgrade.AddTo(loaded.Catalogue); err != nil {
		return plan, err
	}
	plan.Suite.Suite, plan.Suite.Selection = loaded, selection
	cases, err := loaded.Select(selection)
	if err != nil {
		return plan, err
	}
	if plan.Families, err = f.families(loaded, cases); err != nil {
		return plan, err
	}
	if plan.Before, err = f.beforehand(loaded, sources); err != nil {
		return plan, err
	}
	plan.Changes, err = upgrade.Changes()
	return plan, err
}

// families are those that the selected scenarios are about, and those that are
// named.
func (f *upgradeFlags) families(s *suite.Suite, cases []*suite.Case) ([]*family.Family, error) {
	chosen := map[string]bool{}
	for _, c := range cases {
		for _, name := range s.FamiliesOf(c) {
			chosen[name] = true
		}
	}
	var names []string
	for _, known := range s.Families {
		names = append(names, known.Name)
	}
	for _, name := range f.apis {
		if _, known := s.Families.Named(name); !known {
			return nil, fmt.Errorf("--api %s: there is no catalogue of such an API%s; see \"esconform list --apis\"", name, nearest.Hint(name, names))
		}
		chosen[name] = true
	}
	var out []*family.Family
	for _, known := range s.Families {
		if chosen[known.Name] {
			out = append(out, known)
		}
	}
	return out, nil
}

// beforehand is what is run on the old version first.
func (f *upgradeFlags) beforehand(loaded *suite.Suite, sources sourceFlags) ([]upgrade.Before, error) {
	var out []upgrade.Before
	for _, dir := range f.before {
		own, err := suite.Open(suite.Own{Folders: []string{dir}, Only: true})
		if err != nil {
			return nil, fmt.Errorf("--before: %w", err)
		}
		out = append(out, upgrade.Before{Name: dir, Suite: own})
	}
	if sources.restTests+sources.restSpec == "" {
		return out, nil
	}
	if err := sources.checkRest(); err != nil {
		return nil, err
	}
	if info, err := os.Stat(sources.restTests); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("read REST tests in %s: give the folder that holds them", sources.restTests)
	}
	spec, err := restspec.Open(sources.restSpec)
	if err != nil {
		return nil, err
	}
	setUps, left, err := suite.SetUps(loaded, sources.restTests, userfile.Dir(sources.restTests, userfile.Small), spec)
	if err != nil {
		return nil, err
	}
	return append(out, upgrade.Before{Name: "REST tests", Suite: setUps, LeftOut: left, Optional: true}), nil
}

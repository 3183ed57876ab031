package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/lineage"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/report/annotations"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/waiver"
)

// selectionFlags choose scenarios; run and list share them.
type selectionFlags struct {
	sourceFlags
	profiles, ids []string
	tags, shard   string
	shardCount    int
}

func (s *selectionFlags) register(f *pflag.FlagSet) {
	f.StringSliceVar(&s.profiles, "profile", nil, "only this `profile`: documented, contract, resilience or security (several: repeat, or commas)")
	f.StringVar(&s.tags, "tags", "", "only scenarios with these `tags`: and, or, not, parentheses")
	f.StringSliceVar(&s.ids, "id", nil, "only this scenario, outline or requirement `id`, in which * stands for anything (several: repeat, or commas)")
	s.sourceFlags.register(f)
	f.StringVar(&s.shard, "shard", "", "only `part` i of n equal ones, as 1/4")
	f.IntVar(&s.shardCount, "shard-count", 0, "`number` of parts, of which "+completionIndex+" (from 0) says the one to take, as Kubernetes sets it in an Indexed Job")
}

// completionIndex is the variable of an Indexed Job's pod.
const completionIndex = "JOB_COMPLETION_INDEX"

// part is the shard that the flags ask for.
func (s *selectionFlags) part(getenv func(string) string) (suite.Shard, error) {
	if s.shardCount == 0 {
		shard, err := suite.ParseShard(s.shard)
		if err != nil {
			return shard, fmt.Errorf("--shard: %w", err)
		}
		return shard, nil
	}
	if s.shard != "" {
		return suite.Shard{}, errors.New("--shard and --shard-count say the same in two ways; give one of them")
	}
	index, err := strconv.Atoi(getenv(completionIndex))
	if err != nil || index < 0 || index >= s.shardCount {
		return suite.Shard{}, fmt.Errorf("--shard-count %d: %s is %q, want 0 to %d", s.shardCount, completionIndex, getenv(completionIndex), s.shardCount-1)
	}
	return suite.Shard{Index: index + 1, Count: s.shardCount}, nil
}

func (s *selectionFlags) load(getenv func(string) string) (*suite.Suite, suite.Selection, error) {
	shard, err := s.part(getenv)
	if err != nil {
		return nil, suite.Selection{}, err
	}
	loaded, err := s.sourceFlags.load()
	return loaded, suite.Selection{Profiles: s.profiles, Tags: s.tags, IDs: s.ids, Shard: shard}, err
}

// runFlags are the flags of "esconform run".
type runFlags struct {
	target    targetFlags
	selection selectionFlags

	out           string
	parallel      int
	seed          int64
	repeat        int
	keepOnFailure bool
	noLease       bool
	evidence      string
	strictCleanup bool
	waivers       string
	explore       int
	lineages      []string
	formats       []string
	regression    regressionFlags
}

// The values of --evidence.
const (
	evidenceCapped = result.EvidenceCapped
	evidenceAll    = "all"
)

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the suite against a target and say whether it conforms",
		Long: `Run the suite against one target: the embedded reference server (default), a
container (--es-version, --image) or an existing cluster (--url). Whatever the
run creates it deletes again, also when Ctrl-C, SIGTERM or SIGHUP ends it early;
nothing else is touched. After one that was killed, see "esconform cleanup".

Passwords and API keys are read from ` + passwordVariable + ` and ` + apiKeyVariable + `, or
from files. Every flag can also be set by a variable (--es-version by
ESCONFORM_ES_VERSION) or in esconform.yaml.`,
		Example: `  esconform run
  esconform run --es-version 9.5.3 --security
  esconform run --url https://es:9200 --ca-cert ca.pem --api-key-file key
  esconform run --emulate 8.12.0 --profile documented
  esconform run --tags "@contract and not @restart" --parallel 4
  esconform run --id stats.required.each-missing`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.target.register(flags)
	f.selection.register(flags)
	flags.StringVar(&f.out, "out", "esconform-report", "`folder` for the report files")
	flags.IntVar(&f.parallel, "parallel", suite.DefaultParallel, "`number` of scenarios in flight")
	flags.Int64Var(&f.seed, "seed", 0, "`number` that order and random values come from; 0 takes one from the clock")
	flags.IntVar(&f.repeat, "repeat", 1, "run each scenario so many `times`; different outcomes are flaky")
	flags.BoolVar(&f.keepOnFailure, "keep-on-failure", false, "keep what a scenario that did not pass created")
	flags.BoolVar(&f.noLease, "no-lease", false, "have each scenario make all that it begins with and delete it by itself, instead of lending it to others")
	flags.StringVar(&f.evidence, "evidence", evidenceCapped, "how `much` to keep of scenarios that passed: capped is the first and the last exchange with long bodies cut, all is everything; of others everything is kept")
	flags.BoolVar(&f.strictCleanup, "strict-cleanup", false, "inconclusive where something is left behind")
	flags.StringSliceVar(&f.formats, "format", nil, "also write the report in this `format`: "+strings.Join(report.Formats(), ", "))
	flags.StringSliceVar(&f.lineages, "lineage", nil, "have documents in the target that this `version` has left, as 8.12, or all (several: repeat, or commas); see \"esconform list --lineages\"")
	flags.IntVar(&f.explore, "explore", 0, "also send this `number` of generated updates of each call that a catalogue has explored")
	flags.StringVar(&f.waivers, "waivers", "", "`file` with known deviations that do not fail the gate")
	f.regression.register(flags)
	return cmd
}

func (f *runFlags) check(getenv func(string) string) error {
	if f.parallel < 1 || f.parallel > 256 {
		return fmt.Errorf("--parallel %d: want 1 to 256", f.parallel)
	}
	if f.repeat < 1 || f.repeat > 10_000 {
		return fmt.Errorf("--repeat %d: want 1 to 10000", f.repeat)
	}
	if f.explore < 0 || f.explore > 1_000_000 {
		return fmt.Errorf("--explore %d: want 0 to 1000000", f.explore)
	}
	if f.evidence != evidenceCapped && f.evidence != evidenceAll {
		return fmt.Errorf("--evidence %s: want %s or %s", f.evidence, evidenceCapped, evidenceAll)
	}
	for _, format := range f.formats {
		if !slices.Contains(report.Formats(), format) {
			return fmt.Errorf("--format %s: there is no such format; formats are %s", format, strings.Join(report.Formats(), ", "))
		}
	}
	if f.seed < 0 {
		return fmt.Errorf("--seed %d: cannot be negative", f.seed)
	}
	if f.out == "" {
		return errors.New("--out: give a folder for the report files")
	}
	if err := f.regression.check(); err != nil {
		return err
	}
	return f.target.check(getenv)
}

// run carries out "esconform run". What can be wrong with the command line is
// found before anything starts.
func (a *app) run(ctx context.Context, f runFlags) error {
	if err := f.check(a.getenv); err != nil {
		return err
	}
	loaded, selection, err := f.selection.load(a.getenv)
	if err != nil {
		return err
	}
	cases, err := loaded.Select(selection)
	if err != nil {
		return err
	}
	waivers, err := loadWaivers(f.waivers, loaded)
	if err != nil {
		return err
	}
	lineages, err := selectLineages(f.lineages)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.target.limits.Run, fmt.Errorf("the time limit of the run, %s, is over (--timeout-run)", f.target.limits.Run))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	r := &runner{app: a, flags: f, suite: loaded, waivers: waivers, screen: a.screen(), stop: stop}
	plan := suite.Plan{
		Suite: loaded, Selection: selection, Limits: f.target.limits, Parallel: f.parallel, Seed: f.seed,
		Repeat: f.repeat, KeepOnFailure: f.keepOnFailure, NoLease: f.noLease, WholeEvidence: f.evidence == evidenceAll, StrictCleanup: f.strictCleanup, Explore: f.explore, Lineages: lineages, Waivers: waivers, Tool: tool(), Secrets: a.secrets,
		OnStart: r.start, OnScenario: r.scenario, OnBegin: r.screen.Started, OnEnd: r.screen.Ended, Registry: a.begin(),
	}.WithDefaults()
	if err := r.takeFolder(&plan); err != nil {
		return err
	}
	defer r.folder.Close()
	defer a.remember(f.target.remedy(f.out, f.selection.Folders))()
	if f.target.embeddedSecurity() {
		f.target.caFile = filepath.Join(f.out, "http_ca.crt")
	}
	f.target.runID, f.target.restarts = plan.Registry.RunID(), suite.Restarts(cases, int(f.target.nodes))
	tgt, err := a.open(ctx, &f.target)
	if err != nil {
		return r.notStarted(plan, err)
	}
	if f.target.caFile != "" {
		fmt.Fprintf(a.stdout, "the embedded server speaks TLS; its certificate authority is %s\n", f.target.caFile)
	}
	a.mentionOthers(ctx, &f.target, tgt)
	run, err := r.perform(ctx, plan, tgt)
	if err != nil {
		return err
	}
	return r.finish(run)
}

// selectLineages reads the lineages of these versions.
func selectLineages(versions []string) ([]lineage.Lineage, error) {
	if len(versions) == 0 {
		return nil, nil
	}
	all, err := lineage.All()
	if err != nil {
		return nil, err
	}
	chosen, err := lineage.Select(all, versions)
	if err != nil {
		return nil, fmt.Errorf("--lineage: %w", err)
	}
	return chosen, nil
}

// loadWaivers reads the waiver file, if there is one, and checks its ids.
func loadWaivers(file string, s *suite.Suite) (*waiver.List, error) {
	if file == "" {
		return nil, nil
	}
	list, err := waiver.Load(file)
	if err != nil {
		return nil, err
	}
	return list, list.Check(s.Waivable())
}

// runner shows and records one run.
type runner struct {
	*app
	flags   runFlags
	suite   *suite.Suite
	waivers *waiver.List
	screen  *report.Terminal
	folder  *report.Folder
	stop    context.CancelCauseFunc
	second  *result.Run // to learn noise from, or nil

	// waive marks a scenario that a waiver covers, so that the screen does not
	// tell of it as of others; what the whole run comes to decides.
	waive func(result.Scenario) result.Scenario
}

// takeFolder takes the report folder and begins the journal in it: everything
// that is created is noted there before.
func (r *runner) takeFolder(plan *suite.Plan) (err error) {
	names := append(report.Names(), comparisonJSON, comparisonMarkdown)
	if r.folder, err = report.Take(r.flags.out, report.JournalFile, plan.Header(r.flags.target.kind()), names...); err != nil {
		return err
	}
	if err := r.folder.KeepSpace(); err != nil {
		r.folder.Close()
		return err
	}
	plan.Registry.Journal(func(e result.ResourceEvent) error { return r.noted(r.folder.Journal().Resource(e)) })
	if r.flags.target.url != "" { // a target of the run's own takes along what is in it
		plan.Remedy = r.flags.target.remedy(r.flags.out, r.flags.selection.Folders)
	}
	return nil
}

// noted ends the run where its journal cannot be written any more.
func (r *runner) noted(err error) error {
	if err != nil {
		r.stop(err)
	}
	return err
}

func (r *runner) perform(ctx context.Context, plan suite.Plan, tgt *target.Target) (*result.Run, error) {
	defer r.closeTarget(ctx, tgt, r.flags.target.limits)
	plan.Target = tgt
	defer r.screen.Watch()()
	run, err := suite.Perform(ctx, plan)
	if err == nil {
		r.second, err = r.flags.regression.again(ctx, plan, run)
	}
	return run, err
}

// closeTarget takes down what open brought up, also after the end of ctx.
func (a *app) closeTarget(ctx context.Context, tgt *target.Target, l limits.Limits) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Cleanup)
	defer cancel()
	if err := tgt.Close(ctx); err != nil {
		fmt.Fprintf(a.stderr, "esconform: stop the target: %v\n", err)
	}
}

func (r *runner) start(header *result.Run, total int) {
	selection := suite.Selection{Profiles: header.Selection.Profiles, Tags: header.Selection.Tags, IDs: header.Selection.IDs, Shard: mustShard(header.Selection.Shard)}
	total *= header.Repeat
	r.screen.Begin(header, total, selection.String())
	r.waive = r.waiving(header.Target)
	_ = r.noted(r.folder.Journal().Target(header.Target))
}

// waiving applies waivers to one scenario at a time.
func (r *runner) waiving(t result.Target) func(result.Scenario) result.Scenario {
	list := r.waivers.With(r.suite.Known(t))
	if list == nil {
		return func(s result.Scenario) result.Scenario { return s }
	}
	version, _ := esversion.Parse(t.Version) // unknown where it is
	return func(s result.Scenario) result.Scenario { return list.One(s, version, time.Now()) }
}

func mustShard(text string) suite.Shard {
	s, _ := suite.ParseShard(text) // it was checked when the flag was read
	return s
}

func (r *runner) scenario(s result.Scenario) {
	r.screen.Scenario(r.waive(s))
	_ = r.noted(r.folder.Journal().Scenario(s))
}

// notStarted reports a target that did not come up. An error of usage is
// returned as it is.
func (r *runner) notStarted(plan suite.Plan, cause error) error {
	var inconclusive *inconclusiveError
	if !errors.As(cause, &inconclusive) {
		return cause
	}
	run, err := suite.NotStarted(plan, r.flags.target.kind(), cause)
	if err != nil {
		return err
	}
	if err := r.folder.Write(run, r.flags.formats); err != nil {
		fmt.Fprintf(r.stderr, "esconform: %v\n", err)
	}
	return cause
}

// finish writes the reports and shows what they say: what is printed, the
// report and the exit code tell of one and the same verdict.
func (r *runner) finish(run *result.Run) error {
	c, err := r.flags.regression.conclude(run, r.second, r.flags.out)
	if err != nil {
		run.ExitCode = result.ExitInconclusive
		run.Reason += "; " + err.Error()
	}
	err = errors.Join(err, r.folder.Write(run, r.flags.formats, c.files...))
	r.exitCode = run.ExitCode
	r.screen.End(run, r.flags.out)
	var shown error
	for _, show := range c.show {
		shown = errors.Join(shown, show(r.stdout))
	}
	if annotations.Active(r.getenv) {
		shown = errors.Join(shown, annotations.Annotate(r.stdout.Commands(), run, r.flags.waivers), annotations.AppendSummary(r.getenv, run))
	}
	if shown != nil { // the report is there for whoever wants to know
		fmt.Fprintf(r.stderr, "esconform: show what the run came to: %v\n", shown)
	}
	if err != nil {
		return &inconclusiveError{err}
	}
	return nil
}

// screen returns the view of a run that suits stdout.
func (a *app) screen() *report.Terminal {
	opt := report.TerminalOptions{Own: a.stdout.Own}
	if file, ok := a.stdout.Terminal(); ok && term.IsTerminal(int(file.Fd())) {
		opt.Live = a.getenv("TERM") != "dumb"
		opt.Color = opt.Live && a.getenv("NO_COLOR") == ""
		if w, _, err := term.GetSize(int(file.Fd())); err == nil {
			opt.Width = w
		}
	}
	return report.NewTerminal(a.stdout, opt)
}

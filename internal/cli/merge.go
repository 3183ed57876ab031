package cli

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/merge"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// mergeFlags are the flags of "esconform merge".
type mergeFlags struct {
	out, waivers string
}

func (a *app) mergeCommand() *cobra.Command {
	var f mergeFlags
	cmd := &cobra.Command{
		Use:   "merge DIR…",
		Short: "Put the reports of shards together into the report of one run",
		Long: `Put the report folders of shards (esconform run --shard 1/4 --out DIR) together
into the report that one run would have written, and come to its verdict.
Shards of different suites, targets or selections are refused, and so is a set
with a shard that is missing, there twice, or cut short.`,
		Example: `  esconform run --url https://es:9200 --shard 1/2 --out shard-1
  esconform run --url https://es:9200 --shard 2/2 --out shard-2
  esconform merge shard-1 shard-2 --out esconform-report`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s: give the report folders of all shards; see %q", cmd.CommandPath(), cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.merge(args, f) },
	}
	cmd.Flags().StringVar(&f.out, "out", "esconform-report", "`folder` for the report files")
	cmd.Flags().StringVar(&f.waivers, "waivers", "", "`file` with known deviations, applied to the whole")
	return cmd
}

func (a *app) merge(dirs []string, f mergeFlags) error {
	for _, dir := range dirs {
		if sameFolder(dir, f.out) {
			return fmt.Errorf("merge into --out %s: it is the folder of a shard, whose report would be lost; give another one", f.out)
		}
	}
	run, err := merge.Merge(dirs)
	if err != nil {
		return err
	}
	if err := conclude(run, f.waivers); err != nil {
		return err
	}
	folder, err := takeFolder(f.out, run)
	if err != nil {
		return err
	}
	defer folder.Close()
	err = writeRun(folder, run)
	a.tell(run, f.out)
	a.exitCode = run.ExitCode
	if err != nil {
		return &inconclusiveError{err}
	}
	return nil
}

// tell shows a run that is over as if it had just been made.
func (a *app) tell(run *result.Run, dir string) {
	screen := a.screen()
	screen.Begin(run, len(run.Scenarios), selectionOf(run).String())
	for _, sc := range run.Scenarios {
		screen.Scenario(sc)
	}
	screen.End(run, dir)
}

func selectionOf(run *result.Run) suite.Selection {
	return suite.Selection{Profiles: run.Selection.Profiles, Tags: run.Selection.Tags, IDs: run.Selection.IDs}
}

// conclude settles what only the whole run can tell: which requirements the
// failures are held against, and whether a waiver is stale. Where this is not
// the suite that the shards ran, what they say of their failures stands.
func conclude(run *result.Run, file string) error {
	loaded, err := sourcesOf(run.Selection).load()
	if err == nil && loaded.Digest == run.Suite.Digest {
		loaded.Recall(run)
		blame.NewJudge(loaded.Catalogue).Settle(run.Scenarios)
		merge.Conclude(run)
	}
	if file == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--waivers: %w", err)
	}
	list, err := loadWaivers(file, loaded)
	if err != nil {
		return err
	}
	version, _ := esversion.Parse(run.Target.Version) // unknown where it is
	list.With(loaded.Known(run.Target)).Apply(run, version, time.Now())
	merge.Conclude(run)
	return nil
}

func sameFolder(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/compare/matrix"
	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// matrixFlags are the flags of "esconform matrix".
type matrixFlags struct {
	versionFlags
	selection       selectionFlags
	parallelTargets int
	out             string
	all, asJSON     bool
	reports         bool
}

func (a *app) matrixCommand() *cobra.Command {
	var f matrixFlags
	cmd := &cobra.Command{
		Use:   "matrix VERSION… | --reports DIR…",
		Short: "Run the suite against several versions and show them side by side",
		Long: `Run the same suite against several versions of Elasticsearch, each in a
container (or emulated, with --emulate), and show requirement by version. A
version is 8.15.0; 8.12.0..9.5.3 stands for every known release in between. A
version that cannot be started is inconclusive and does not stop the others.

Each version's own report goes into a folder of --out.

With --reports nothing is run: the report folders of runs that were made before,
on whatever clusters, are put side by side. Clusters of one version that agree
are one column; one that deviates has a column of its own.`,
		Example: `  esconform matrix 8.12.0 8.14.0 8.15.0 8.19.21 9.5.3
  esconform matrix --emulate 8.12.0 9.5.3
  esconform matrix 9.0.0..9.5.3 --parallel-targets 2 --profile documented
  esconform matrix --reports reports/cluster-*`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s: give the versions or, with --reports, report folders; see %q", cmd.CommandPath(), cmd.CommandPath()+" --help")
			}
			return nil
		},
		ValidArgsFunction: complete(knownReleases),
		RunE:              func(cmd *cobra.Command, args []string) error { return a.matrix(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.versionFlags.register(flags)
	f.nodes.register(flags)
	f.selection.register(flags)
	flags.IntVar(&f.parallelTargets, "parallel-targets", 1, "`number` of versions at a time")
	flags.StringVar(&f.out, "out", "esconform-matrix", "`folder` for matrix.json, matrix.md, matrix.html and the reports")
	flags.BoolVar(&f.reports, "reports", false, "run nothing: put the reports in these folders side by side")
	flags.BoolVar(&f.all, "all", false, "also list requirements that every version meets")
	flags.BoolVar(&f.asJSON, "json", false, "print the matrix as JSON")
	return cmd
}

func (a *app) matrix(cmd *cobra.Command, args []string, f matrixFlags) error {
	find := a.runVersions
	if f.reports {
		find = shownReports
	}
	dirs, err := find(cmd, args, f)
	if err != nil {
		return err
	}
	m, err := readMatrix(dirs)
	if err != nil {
		return err
	}
	a.exitCode = m.ExitCode
	err = report.WriteAll(f.out, matrixFiles(m)...)
	if f.asJSON {
		err = errors.Join(err, m.JSON(a.stdout))
	} else {
		err = errors.Join(err, m.Text(a.stdout, f.all))
		fmt.Fprintf(a.stdout, "reports    %s\n", f.out)
	}
	if err != nil {
		return &inconclusiveError{err}
	}
	return nil
}

// shownReports are the folders given. Flags that are about running are refused,
// for nothing is run.
func shownReports(cmd *cobra.Command, dirs []string, f matrixFlags) (_ []string, err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if sourceOf(f) == "command line" && !slices.Contains([]string{"reports", "out", "all", "json"}, f.Name) {
			err = fmt.Errorf("--%s: with --reports nothing is run; leave it out", f.Name)
		}
	})
	if err != nil {
		return nil, err
	}
	return dirs, emptyMatrix(f.out)
}

// readMatrix makes the matrix of the reports in the folders, few of which are
// in memory at a time.
func readMatrix(dirs []string) (*matrix.Matrix, error) {
	limitMemory(comparedMemory)
	var b matrix.Builder
	var first *result.Run
	dirOf := map[string]string{}
	common := commonFolder(dirs)
	read := func(dir string) (headOf, error) {
		run, err := report.Head(dir)
		return headOf{dir, strings.TrimPrefix(filepath.Clean(dir), common), run}, err
	}
	err := report.InOrder(dirs, read, func(h headOf) error {
		if first == nil {
			first = h.run
		}
		other, twice := dirOf[h.run.RunID]
		switch {
		case twice:
			return fmt.Errorf("%s and %s are reports of the same run; give each once", other, h.dir)
		case h.run.Selection.Shard != first.Selection.Shard:
			return fmt.Errorf("%s and %s are reports of different parts of a run (--shard); put its shards together with \"esconform merge\" first", dirs[0], h.dir)
		case h.run.Suite.Digest != first.Suite.Digest:
			return fmt.Errorf("%s and %s are of different suites (digest %s and %s); run all with the same esconform", dirs[0], h.dir, first.Suite.Digest, h.run.Suite.Digest)
		}
		dirOf[h.run.RunID] = h.dir
		b.Add(h.run, h.name, func() (*observe.Set, error) { return loadObservations(h.dir) })
		return nil
	})
	return b.Matrix(), err
}

type headOf struct {
	dir, name string
	run       *result.Run
}

// commonFolder is the folder that all of them are in, with its last slash.
func commonFolder(dirs []string) string {
	common := filepath.Dir(filepath.Clean(dirs[0]))
	for _, dir := range dirs {
		for !strings.HasPrefix(filepath.Clean(dir), common+string(filepath.Separator)) {
			if common = filepath.Dir(common); common == "." || common == string(filepath.Separator) {
				return ""
			}
		}
	}
	return common + string(filepath.Separator)
}

// runVersions runs the suite against each version, so many at a time, and
// returns the folders of their reports.
func (a *app) runVersions(cmd *cobra.Command, args []string, f matrixFlags) ([]string, error) {
	ctx := cmd.Context()
	versions, plan, err := a.planMatrix(ctx, args, f)
	if err != nil {
		return nil, err
	}
	dirs := make([]string, len(versions))
	var group errgroup.Group
	group.SetLimit(f.parallelTargets)
	var mu sync.Mutex // of the terminal
	for i, v := range versions {
		dirs[i] = filepath.Join(f.out, v.String())
		group.Go(func() error {
			run, err := a.runIntoFolder(ctx, v, f, plan)
			if run == nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if !f.asJSON {
				fmt.Fprintf(a.stdout, "%-10s %s: %s\n", v, run.Verdict, run.Reason)
			}
			return err
		})
	}
	err = group.Wait()
	if err == nil && !f.asJSON {
		fmt.Fprintln(a.stdout)
	}
	return dirs, err
}

// planMatrix finds out what is to run, and what is wrong with that.
func (a *app) planMatrix(ctx context.Context, args []string, f matrixFlags) ([]esversion.Version, suite.Plan, error) {
	var none suite.Plan
	versions, err := releases.Select(args...)
	if err != nil {
		return nil, none, err
	}
	if err := f.check(); err != nil {
		return nil, none, err
	}
	if f.parallelTargets < 1 || f.parallelTargets > 32 {
		return nil, none, fmt.Errorf("--parallel-targets %d: want 1 to 32", f.parallelTargets)
	}
	loaded, selection, err := f.selection.load(a.getenv)
	if err != nil {
		return nil, none, err
	}
	if _, err := loaded.Select(selection); err != nil {
		return nil, none, err
	}
	if err := emptyMatrix(f.out); err != nil {
		return nil, none, err
	}
	if !f.emulate && !f.asJSON {
		a.mentionContainers(ctx)
	}
	return versions, suite.Plan{Suite: loaded, Selection: selection}, nil
}

// runIntoFolder runs the suite against one version, and leaves its report in a
// folder of its own.
func (a *app) runIntoFolder(ctx context.Context, v esversion.Version, f matrixFlags, plan suite.Plan) (*result.Run, error) {
	plan = a.plan(&f.versionFlags, plan)
	folder, err := takeFolder(filepath.Join(f.out, v.String()), plan.Header(f.target(v.String()).kind()))
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	run, err := a.runVersion(ctx, &f.versionFlags, v, plan)
	if err != nil {
		return nil, err
	}
	if err := writeRun(folder, run); err != nil {
		return run, &inconclusiveError{err}
	}
	return run, nil
}

func matrixFiles(m *matrix.Matrix) []report.File {
	return []report.File{{Name: "matrix.json", Write: m.JSON}, {Name: "matrix.md", Write: m.Markdown}, {Name: "matrix.html", Write: m.HTML}}
}

// emptyMatrix makes the folder, and removes what an earlier matrix has left in it.
func emptyMatrix(dir string) error {
	if err := report.MakeFolder(dir); err != nil {
		return err
	}
	for _, file := range matrixFiles(nil) {
		if err := os.Remove(filepath.Join(dir, file.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write into the folder --out %s: %w", dir, err)
		}
	}
	return nil
}

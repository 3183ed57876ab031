package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/compare/matrix"
	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
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
}

func (a *app) matrixCommand() *cobra.Command {
	var f matrixFlags
	cmd := &cobra.Command{
		Use:   "matrix VERSION…",
		Short: "Run the suite against several versions and show them side by side",
		Long: `Run the same suite against several versions of Elasticsearch, each in a
container (or emulated, with --emulate), and show requirement by version. A
version is 8.15.0; 8.12.0..9.5.3 stands for every known release in between. A
version that cannot be started is inconclusive and does not stop the others.

Each version's own report goes into a folder of --out.`,
		Example: `  esconform matrix 8.12.0 8.14.0 8.15.0 8.19.21 9.5.3
  esconform matrix --emulate 8.12.0 9.5.3
  esconform matrix 9.0.0..9.5.3 --parallel-targets 2 --profile documented`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s: give the versions; see %q", cmd.CommandPath(), cmd.CommandPath()+" --help")
			}
			return nil
		},
		ValidArgsFunction: complete(knownReleases),
		RunE:              func(cmd *cobra.Command, args []string) error { return a.matrix(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.versionFlags.register(flags)
	f.nodes.register(flags)
	f.selection.register(flags)
	flags.IntVar(&f.parallelTargets, "parallel-targets", 1, "`number` of versions at a time")
	flags.StringVar(&f.out, "out", "esconform-matrix", "`folder` for matrix.json, matrix.md, matrix.html and the reports")
	flags.BoolVar(&f.all, "all", false, "also list requirements that every version meets")
	flags.BoolVar(&f.asJSON, "json", false, "print the matrix as JSON")
	return cmd
}

func (a *app) matrix(ctx context.Context, args []string, f matrixFlags) error {
	versions, err := releases.Select(args...)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if f.parallelTargets < 1 || f.parallelTargets > 32 {
		return fmt.Errorf("--parallel-targets %d: want 1 to 32", f.parallelTargets)
	}
	loaded, selection, err := f.selection.load(a.getenv)
	if err != nil {
		return err
	}
	if _, err := loaded.Select(selection); err != nil {
		return err
	}
	if err := report.MakeFolder(f.out); err != nil {
		return err
	}
	if err := clearMatrix(f.out); err != nil {
		return err
	}
	if !f.emulate && !f.asJSON {
		a.mentionContainers(ctx)
	}
	runs, err := a.runVersions(ctx, versions, f, suite.Plan{Suite: loaded, Selection: selection})
	if err != nil {
		return err
	}
	m := matrix.Build(runs)
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

// runVersions runs the suite against each version, so many at a time.
func (a *app) runVersions(ctx context.Context, versions []esversion.Version, f matrixFlags, plan suite.Plan) ([]*result.Run, error) {
	runs := make([]*result.Run, len(versions))
	var group errgroup.Group
	group.SetLimit(f.parallelTargets)
	var mu sync.Mutex // of the terminal
	for i, v := range versions {
		group.Go(func() error {
			run, err := a.runIntoFolder(ctx, v, f, plan)
			if run == nil {
				return err
			}
			runs[i] = run
			mu.Lock()
			defer mu.Unlock()
			if !f.asJSON {
				fmt.Fprintf(a.stdout, "%-10s %s: %s\n", v, run.Verdict, run.Reason)
			}
			return err
		})
	}
	err := group.Wait()
	if err == nil && !f.asJSON {
		fmt.Fprintln(a.stdout)
	}
	return runs, err
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

// clearMatrix removes what an earlier matrix has left in the folder.
func clearMatrix(dir string) error {
	for _, file := range matrixFiles(nil) {
		if err := os.Remove(filepath.Join(dir, file.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write into the folder --out %s: %w", dir, err)
		}
	}
	return nil
}

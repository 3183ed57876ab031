package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
)

// onTerminal is the format of "esconform report" that is printed.
const onTerminal = "terminal"

// drawFlags are the flags of "esconform report".
type drawFlags struct {
	out     string
	formats []string
}

func (a *app) reportCommand() *cobra.Command {
	var f drawFlags
	formats := append([]string{onTerminal}, report.Drawn()...)
	cmd := &cobra.Command{
		Use:   "report FOLDER",
		Short: "Draw the report of an earlier run again",
		Long: `Draw the report of a run again, from the report.json in its folder: that of an
older version, of merged shards, of a run on another machine. What the run found
stays as it is, and so does its report.json unless --format json asks for it.`,
		Example: `  esconform report esconform-report
  esconform report old-report --format html --out drawn-again
  esconform report esconform-report --format terminal`,
		Args: words("the report folder of a run", 1),
		RunE: func(_ *cobra.Command, args []string) error { return a.draw(args[0], f) },
	}
	cmd.Flags().StringVar(&f.out, "out", "", "`folder` for the files, instead of that of the report")
	cmd.Flags().StringSliceVar(&f.formats, "format", []string{onTerminal, "html", "junit", "summary"}, "what to `draw`: "+strings.Join(formats, ", "))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// words demands so many arguments.
func words(what string, n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s: give %s; see %q", cmd.CommandPath(), what, cmd.CommandPath()+" --help")
		}
		return nil
	}
}

func (a *app) draw(dir string, f drawFlags) error {
	files := slices.DeleteFunc(slices.Clone(f.formats), func(name string) bool { return name == onTerminal })
	for _, name := range files {
		if !slices.Contains(report.Drawn(), name) {
			return fmt.Errorf("--format %s: there is no such format; formats are %s, %s", name, onTerminal, strings.Join(report.Drawn(), ", "))
		}
	}
	run, err := readFolder(dir)
	if err != nil {
		return err
	}
	if f.out == "" {
		f.out = dir
	} else if err := report.MakeFolder(f.out); err != nil {
		return err
	}
	if len(files) < len(f.formats) {
		a.tell(run, "")
	}
	written, err := report.Draw(f.out, run, files...)
	if err != nil {
		return err
	}
	for _, name := range written {
		fmt.Fprintf(a.stdout, "drawn         %s\n", name)
	}
	return nil
}

// readFolder reads the report in a folder, and what it does not have of the
// feature files.
func readFolder(dir string) (*result.Run, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no report folder %s; give one that --out of a run named", dir)
	}
	run, err := readReport(filepath.Join(dir, report.JSONFile))
	if err != nil {
		return nil, fmt.Errorf("%w; a run that goes on, or was killed, has no report", err)
	}
	if loaded, err := sourcesOf(run.Selection).load(); err == nil { // they may be somewhere else
		loaded.Recall(run)
	}
	return run, nil
}

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show FOLDER ID",
		Short: "Show one scenario of an earlier run with its exchanges",
		Long: `Show what became of one scenario of a run, from the report.json in its folder:
what is required, its steps, what was expected and what came, and each request
with its answer.`,
		Example: `  esconform show esconform-report stats.last-seen.defaults-to-now`,
		Args:    words("the report folder of a run, and the id of a scenario", 2),
		RunE:    func(_ *cobra.Command, args []string) error { return a.show(args[0], args[1]) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			switch len(args) {
			case 0:
				return nil, cobra.ShellCompDirectiveFilterDirs
			case 1:
				return idsOf(args[0], begun), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// idsOf offers the scenarios of the report in a folder.
func idsOf(dir, begun string) []cobra.Completion {
	run, err := readReport(filepath.Join(dir, report.JSONFile))
	if err != nil {
		return nil
	}
	var all []cobra.Completion
	for _, sc := range run.Scenarios {
		all = append(all, cobra.CompletionWithDesc(sc.ID, string(sc.Outcome)+": "+sc.Name))
	}
	return beginningWith(begun, all)
}

func (a *app) show(dir, id string) error {
	run, err := readFolder(dir)
	if err != nil {
		return err
	}
	byID := run.ScenarioOf()
	sc := byID[id]
	if sc == nil {
		ids := make([]string, len(run.Scenarios))
		for i := range run.Scenarios {
			ids[i] = run.Scenarios[i].ID
		}
		return fmt.Errorf("the run in %s has no scenario %q%s", dir, id, nearest.Hint(id, ids))
	}
	return report.Show(a.stdout, run, sc)
}

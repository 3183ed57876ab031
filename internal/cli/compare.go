package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/report"
)

// compareFlags are the flags of "esconform compare".
type compareFlags struct {
	failOn, out    string
	common, asJSON bool
}

func (a *app) compareCommand() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Say what changed between two runs, also where nothing was asserted",
		Long: `Compare two runs of the same suite: requirements that turned out otherwise, and
every answer that differs. OLD and NEW are report folders, report.json files or
files of observations.

Each difference is BREAKING, BEHAVIOUR, ADDITIVE or WORDING. Changes that are
documented between the two versions are expected and fail nothing. Runs of
different suites or selections are refused; --common compares what both have.

Exit codes: 0 nothing unexpected of the class of --fail-on, 1 something, 2 the
runs cannot be compared, 3 a run was cut short or inconclusive.`,
		Example: `  esconform run --es-version 8.19.21 --out old
  esconform run --es-version 9.5.3 --out new
  esconform compare old new
  esconform compare old new --fail-on any --out comparison`,
		Args: exactArgs(2, "OLD and NEW"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.compare(args[0], args[1], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.failOn, "fail-on", string(compare.FailOnBreaking), "exit 1 for changes of this `class`: breaking, behaviour (and breaking), or any")
	flags.BoolVar(&f.common, "common", false, "compare what both runs have where suites or selections differ")
	flags.BoolVar(&f.asJSON, "json", false, "print the comparison as JSON")
	flags.StringVar(&f.out, "out", "", "also write compare.json and compare.md into this `folder`")
	return cmd
}

// exactArgs is cobra.ExactArgs with a message that says what is wanted.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s: got %d arguments, want %s; see %q", cmd.CommandPath(), len(args), what, cmd.CommandPath()+" --help")
		}
		return nil
	}
}

func parseFailOn(text string) (compare.FailOn, error) {
	switch f := compare.FailOn(text); f {
	case compare.FailOnBreaking, compare.FailOnBehaviour, compare.FailOnAny:
		return f, nil
	}
	return "", fmt.Errorf("--fail-on %s: want breaking, behaviour or any", text)
}

// comparedMemory is softMemory for two runs at once, of 100,000 exchanges each.
const comparedMemory = 260 << 20

func (a *app) compare(oldName, newName string, f compareFlags) error {
	failOn, err := parseFailOn(f.failOn)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := report.MakeFolder(f.out); err != nil {
			return err
		}
	}
	// Both runs are in memory as a whole; what is decoded beside them is soon
	// let go of again.
	debug.SetGCPercent(40)
	limitMemory(comparedMemory)
	old, err := loadObservations(oldName)
	if err != nil {
		return err
	}
	now, err := loadObservations(newName)
	if err != nil {
		return err
	}
	c, err := compare.Compare(old, now, compare.Options{FailOn: failOn, Common: f.common, OldName: oldName, NewName: newName})
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := writeComparison(f.out, c); err != nil {
			return &inconclusiveError{err}
		}
	}
	a.exitCode = c.ExitCode
	if f.asJSON {
		return c.JSON(a.stdout)
	}
	return c.Text(a.stdout)
}

func writeComparison(dir string, c *compare.Comparison) error {
	return report.WriteAll(dir, comparisonFiles(c)...)
}

// The files of a comparison.
const (
	comparisonJSON     = "compare.json"
	comparisonMarkdown = "compare.md"
)

func comparisonFiles(c *compare.Comparison) []report.File {
	return []report.File{{Name: comparisonJSON, Write: c.JSON}, {Name: comparisonMarkdown, Write: c.Markdown}}
}

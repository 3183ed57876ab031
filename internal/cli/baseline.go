package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/result"
)

// defaultBaseline is the file that "esconform baseline accept" writes.
const defaultBaseline = "esconform-baseline.ndjson"

func (a *app) baselineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep the observations of a run as what later runs are compared with",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.acceptCommand())
	return cmd
}

func (a *app) acceptCommand() *cobra.Command {
	var file, from string
	cmd := &cobra.Command{
		Use:   "accept",
		Short: "Take the observations of the last run as the new baseline",
		Long: `Take the observations of a run as the new baseline. The file is made to be kept
in a repository: the same behaviour gives the same file, one line an exchange,
so that its diff shows what changed. A run that was cut short or came to no
verdict is refused.`,
		Example: `  esconform run --es-version 9.5.3
  esconform baseline accept
  git diff esconform-baseline.ndjson
  esconform run --es-version 9.6.0 --baseline esconform-baseline.ndjson`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.accept(file, from) },
	}
	cmd.Flags().StringVar(&file, "file", defaultBaseline, "the baseline, a `file` of observations")
	cmd.Flags().StringVar(&from, "from", "esconform-report", "the run to take, a report `folder`")
	return cmd
}

func (a *app) accept(file, from string) error {
	set, err := loadObservations(from)
	if err != nil {
		return err
	}
	if why, whole := set.Whole(); !whole {
		return &inconclusiveError{fmt.Errorf("accept %s as the baseline: %s; run the suite again", from, why)}
	}
	// A file that is no baseline must not be overwritten by mistake.
	old, err := loadObservations(file)
	if _, statErr := os.Stat(file); err != nil && !errors.Is(statErr, fs.ErrNotExist) {
		return fmt.Errorf("accept the baseline %s: the file that is there is none: %w", file, err)
	}
	if err := writeFile(file, func(b *bytes.Buffer) error { return set.Write(b) }); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s holds %s of %s on %s\n", file, result.Plural(set.Count(), "exchange"), result.Plural(len(set.Scenarios), "scenario"), set.Header.Target.Version)
	if old == nil {
		return nil
	}
	c, err := compare.Compare(old, set, compare.Options{OldName: "before", NewName: "now", Common: true})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "it replaces one on %s; unexpected differences accepted: %d, requirements with another outcome: %d\n",
		old.Header.Target.Version, len(c.Unexpected()), len(c.Outcomes))
	return nil
}

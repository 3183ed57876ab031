package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/compare/bisect"
	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// bisectFlags are the flags of "esconform bisect".
type bisectFlags struct {
	sources sourceFlags
	versionFlags
	requirement string
	versions    []string
}

func (a *app) bisectCommand() *cobra.Command {
	var f bisectFlags
	cmd := &cobra.Command{
		Use:   "bisect --requirement ID --versions RANGE",
		Short: "Find the version in which a requirement began or ceased to be met",
		Long: `Find the first version whose outcome of a requirement differs from that of the
oldest one, in as few runs as possible. Its scenarios run on every version,
whatever the catalogue says it holds for: that is what is to be found out.

Exit codes: 0 found, or nothing changed, 2 wrong usage, 3 an end of the range
gave no answer, or versions around the change did not.`,
		Example: `  esconform bisect --requirement stats.field.metadata --versions 8.12.0..9.5.3
  esconform bisect --requirement stats.metadata.merge --versions 8.14.0,8.15.0,9.0.0
  esconform bisect --emulate --requirement stats.last-seen.offset --versions 8.12.0..8.19.21`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.bisect(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.requirement, "requirement", "", "`id` of the requirement")
	f.sources.register(flags)
	flags.StringSliceVar(&f.versions, "versions", nil, "`list` of versions, or a range of known releases as 8.12.0..9.5.3")
	f.versionFlags.register(flags)
	return cmd
}

func (a *app) bisect(ctx context.Context, f bisectFlags) error {
	if f.requirement == "" {
		return errors.New("--requirement: give the id of a requirement; see them with \"esconform list --requirements\"")
	}
	versions, err := releases.Select(f.versions...)
	if err != nil {
		return fmt.Errorf("--versions: %w", err)
	}
	if len(versions) < 2 {
		return errors.New("--versions: give at least two versions")
	}
	if err := f.check(); err != nil {
		return err
	}
	loaded, err := f.sources.load()
	if err != nil {
		return err
	}
	question, ids, err := bisect.Question(loaded, f.requirement)
	if err != nil {
		return err
	}
	requirement, _ := loaded.Catalogue.Get(f.requirement)
	fmt.Fprintf(a.stdout, "%s\n%s\n%s, %s to %s\n\n", requirement.ID, requirement.Statement, result.Plural(len(versions), "version"), versions[0], versions[len(versions)-1])
	plan := suite.Plan{Suite: question, Selection: suite.Selection{IDs: ids}}
	found, err := bisect.Run(ctx, versions, func(ctx context.Context, v esversion.Version) (result.Outcome, error) {
		return a.ask(ctx, &f.versionFlags, v, plan)
	})
	if err != nil {
		return &inconclusiveError{err}
	}
	fmt.Fprintf(a.stdout, "\n%s (%s; the catalogue says: holds %s)\n", found, result.Plural(len(found.Steps), "run"), requirement.Versions())
	if len(found.Untested) > 0 {
		a.exitCode = result.ExitInconclusive
	}
	return nil
}

// ask runs the scenarios of the requirement against one version.
func (a *app) ask(ctx context.Context, f *versionFlags, v esversion.Version, plan suite.Plan) (result.Outcome, error) {
	run, err := a.runVersion(ctx, f, v, a.plan(f, plan))
	if err != nil {
		return "", err
	}
	outcome, err := bisect.Answer(run)
	if err != nil {
		fmt.Fprintf(a.stdout, "%-10s no answer: %v\n", v, err)
		return "", err
	}
	fmt.Fprintf(a.stdout, "%-10s %s\n", v, outcome)
	return outcome, nil
}

package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/schemas"
)

func (a *app) lintCommand() *cobra.Command {
	var sources sourceFlags
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Check that features, tags, catalogue, steps and schemas agree",
		Long: `Check that every scenario has an id, a profile and a requirement (your own may
go without one), every requirement a scenario, every call each kind of check or a
reason for none, every step exactly one definition, and every schema only keywords
that are enforced. Exits 1 where something disagrees, 2 where a file cannot be
read.`,
		Example: `  esconform lint
  esconform lint --features my-features
  esconform lint --rest-tests tests --rest-spec rest-api-spec.jar`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := sources.load()
			if err != nil {
				return err
			}
			problems := append(s.Check(), schema.Lint(schemas.FS)...)
			for _, p := range problems {
				fmt.Fprintln(a.stdout, p)
			}
			if len(problems) > 0 {
				a.exitCode = result.ExitNonconformant
			}
			fmt.Fprintf(a.stdout, "%s, %s, %s\n", result.Plural(len(s.Cases), "scenario"), result.Plural(len(s.Catalogue.All()), "requirement"), result.Plural(len(problems), "problem"))
			return nil
		},
	}
	sources.register(cmd.Flags())
	return cmd
}

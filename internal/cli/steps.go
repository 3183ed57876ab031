package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/steps"
)

func (a *app) stepsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "steps",
		Short: "Show the vocabulary of feature files: every step, with an example",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, d := range steps.Definitions() {
				fmt.Fprintf(a.stdout, "%s\n    %s\n    e.g. %s\n", d.Text, d.Doc, d.Example)
			}
			return nil
		},
	}
}

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/steps"
)

func (a *app) stepsCommand() *cobra.Command {
	var markdown bool
	var sources sourceFlags
	cmd := &cobra.Command{
		Use:     "steps",
		Short:   "Show the vocabulary of feature files: every step, with an example",
		Example: `  esconform steps | grep -i metadata`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if markdown {
				WriteSteps(a.stdout)
				return nil
			}
			loaded, err := sources.load()
			if err != nil {
				return err
			}
			for _, d := range loaded.Steps {
				fmt.Fprintf(a.stdout, "%s\n    %s\n    e.g. %s\n", d.Text, d.Doc, strings.ReplaceAll(d.Example, "\n", "\n         "))
			}
			return nil
		},
	}
	sources.register(cmd.Flags())
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print Markdown, as in docs/steps.md")
	return cmd
}

// WriteSteps writes the vocabulary as a Markdown page.
func WriteSteps(w io.Writer) {
	fmt.Fprint(w, "# Vocabulary\n\nEvery step that a feature file can use, by what it speaks of. Generated from the code; `go test ./internal/cli -run StepsPage -update` renews it.\n")
	noun := ""
	for _, d := range steps.Definitions() {
		if d.Noun != noun {
			noun = d.Noun
			fmt.Fprintf(w, "\n## %s\n", noun)
		}
		fmt.Fprintf(w, "\n**%s**\n\n%s\n\n```gherkin\n%s\n```\n", d.Text, d.Doc, d.Example)
	}
}

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Command is the whole command line, for what is generated from it.
func Command() *cobra.Command {
	return (&app{getenv: func(string) string { return "" }}).root()
}

// WriteReference writes the reference of the command line as Markdown, from
// the same texts that --help prints.
func WriteReference(w io.Writer) {
	root := Command()
	fmt.Fprintf(w, "# Command line\n\n%s\n\nEvery flag can also be set by a variable (`--es-version` by `ESCONFORM_ES_VERSION`) or in `esconform.yaml` (`es-version: 9.5.3`), in that order. Secrets have no flags: `%s`, or files. `esconform completion --help` says how to complete commands in a shell; an archive of a release holds completions and man pages.\n\nGenerated from the commands; `go test ./internal/cli -run Reference -update` renews it.\n",
		root.Long, strings.Join(secretVariables, "`, `"))
	for _, cmd := range root.Commands() {
		if cmd.Name() != "help" && cmd.Name() != "completion" {
			writeCommand(w, cmd)
		}
	}
}

func writeCommand(w io.Writer, cmd *cobra.Command) {
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n", cmd.CommandPath(), text)
	if cmd.Example != "" {
		fmt.Fprintf(w, "\n```\n%s\n```\n", strings.ReplaceAll(strings.TrimSpace(cmd.Example), "\n  ", "\n"))
	}
	if flags := cmd.LocalNonPersistentFlags(); flags.HasFlags() {
		fmt.Fprintf(w, "\n```\n%s\n```\n", flagUsages(flags))
	}
	for _, sub := range cmd.Commands() {
		writeCommand(w, sub)
	}
}

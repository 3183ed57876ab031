// Package cli is the command line of esconform: flags, configuration and exit
// codes. What the commands do is elsewhere.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/target"
)

// app is what the commands share.
type app struct {
	stdin          io.Reader
	stdout, stderr *foreign.Writer
	secrets        *foreign.Secrets // of the process
	getenv         func(string) string
	isSet          func(string) bool // also where a variable is empty
	exitCode       int               // of a command that came to a verdict
	own            ownership
}

// softMemory is where the garbage collector begins to work harder, in bytes:
// writing the reports needs several copies of a run for a moment.
const softMemory = 150 << 20

// Main runs one command line and returns its exit code. Ctrl-C, SIGTERM and
// SIGHUP end a run early and let it clean up; a second one ends the process at
// once.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	limitMemory(softMemory)
	log.SetOutput(io.Discard)      // net/http complains there of what the exchanges show
	signal.Ignore(syscall.SIGPIPE) // "| head" must not keep a run from cleaning up
	secrets := &foreign.Secrets{}
	a := &app{stdin: stdin, stdout: foreign.NewWriter(stdout, secrets), stderr: foreign.NewWriter(stderr, secrets), secrets: secrets, getenv: os.Getenv, isSet: isSet}
	a.learnSecrets(args)
	defer a.end()
	ctx, stop := a.heed()
	defer stop()
	code := a.execute(ctx, args)
	a.flush()
	return code
}

func isSet(variable string) bool {
	_, ok := os.LookupEnv(variable)
	return ok
}

// limitMemory has the garbage collector work harder from so many bytes on,
// unless the user says where: GOMEMLIMIT.
func limitMemory(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}

func (a *app) execute(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return a.exitCode
	}
	fmt.Fprintf(a.stderr, "esconform: %s\n", strings.Join(strings.Fields(err.Error()), " "))
	var start *target.StartError
	if errors.As(err, &start) {
		for _, line := range start.Log {
			fmt.Fprintf(a.stderr, "  | %s\n", foreign.Line(line))
		}
	}
	var inconclusive *inconclusiveError
	if errors.As(err, &inconclusive) {
		return result.ExitInconclusive
	}
	return result.ExitUsage
}

// inconclusiveError is an error after which nothing is known of the target;
// every other error of a command is one of usage.
type inconclusiveError struct{ err error }

func (e *inconclusiveError) Error() string { return e.err.Error() }
func (e *inconclusiveError) Unwrap() error { return e.err }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "esconform",
		Short: "Conformance suite for Elasticsearch's APIs",
		Long: `esconform answers one question about one Elasticsearch: do its APIs do what they
are required to do? It knows those of connectors and their sync jobs and of
index templates; any other is data ("esconform list --apis").

Exit codes: 0 conformant, 1 nonconformant, 2 wrong usage or configuration,
3 inconclusive (target away, set-up failed, cut short), 4 a waiver is stale or
expired.`,
		Example: `  esconform run                         against the embedded reference server
  esconform run --es-version 9.5.3      against a container
  esconform run --url https://es:9200   against an existing cluster
  esconform list --profile documented   what would run`,
		Version:       thisBuild().Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.configure(cmd)
		},
	}
	root.PersistentFlags().String("config", "", "configuration `file`; default esconform.yaml where there is one")
	root.AddCommand(a.commands()...)
	completeFlags(root)
	root.SetVersionTemplate("esconform {{.Version}}\n")
	root.SetUsageTemplate(usageTemplate(root.UsageTemplate()))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %q", err, cmd.CommandPath()+" --help")
	})
	return root
}

// noArgs refuses words that belong to no flag.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return fmt.Errorf("unknown command %q; see %q", args[0], cmd.CommandPath()+" --help")
	}
	return fmt.Errorf("%s takes flags only, and %q is none; see %q", cmd.CommandPath(), args[0], cmd.CommandPath()+" --help")
}

func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.runCommand(), a.listCommand(), a.lintCommand(), a.serveCommand(), a.docsCommand(),
		a.compareCommand(), a.baselineCommand(), a.matrixCommand(), a.upgradeCommand(), a.bisectCommand(), a.mergeCommand(), a.reportCommand(), a.showCommand(), a.cleanupCommand(),
		a.stepsCommand(), a.configCommand(), a.selftestCommand(), a.versionCommand(),
	}
}

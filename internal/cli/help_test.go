package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// eachCommand calls do with every command.
func eachCommand(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, below := range cmd.Commands() {
		eachCommand(below, do)
	}
}

// TestHelpNamesEveryFlag sees that no flag is lost, or shown twice, where they
// are put under headings, and that the template of cobra is one that it knows.
func TestHelpNamesEveryFlag(t *testing.T) {
	t.Parallel()
	eachCommand((&app{}).root(), func(cmd *cobra.Command) {
		usage := cmd.UsageString()
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if n := strings.Count(usage, "\n      --"+f.Name+" ") + strings.Count(usage, "\n  -h, --"+f.Name+" "); n != 1 {
				t.Errorf("%s --help has --%s %d times", cmd.CommandPath(), f.Name, n)
			}
		})
		if cmd.HasAvailableLocalFlags() && !strings.Contains(usage, flagUsages(cmd.LocalFlags())) {
			t.Errorf("%s --help does not have the flags under headings:\n%s", cmd.CommandPath(), usage)
		}
	})
}

// TestFlagsOfRunHaveHeadings finds a new flag of "esconform run" that nobody put
// under a heading, and headings that name a flag that is gone.
func TestFlagsOfRunHaveHeadings(t *testing.T) {
	t.Parallel()
	run := (&app{}).runCommand().Flags()
	var named []string
	for _, h := range headings {
		named = append(named, h.flags...)
	}
	run.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(named, f.Name) {
			t.Errorf("--%s is under no heading; add it to one of headings", f.Name)
		}
	})
	for _, name := range named {
		if run.Lookup(name) == nil {
			t.Errorf("a heading names --%s, which run does not have", name)
		}
	}
}

// TestFlagsHavePlaceholders finds flags whose value help calls by its Go type.
func TestFlagsHavePlaceholders(t *testing.T) {
	t.Parallel()
	eachCommand((&app{}).root(), func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if name, _ := pflag.UnquoteUsage(f); slices.Contains([]string{"string", "strings", "int", "uint", "float"}, name) {
				t.Errorf("%s: the value of --%s is called %q; give it a name in back quotes", cmd.CommandPath(), f.Name, name)
			}
		})
	})
}

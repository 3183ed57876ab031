package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/suite"
)

// offers are what a shell completes the values of flags with.
var offers = map[string]func(*suite.Suite) []cobra.Completion{
	"profile": func(*suite.Suite) []cobra.Completion { return suite.Profiles() },
	"format":  func(*suite.Suite) []cobra.Completion { return report.Formats() },
	"fail-on": func(*suite.Suite) []cobra.Completion {
		return []string{string(compare.FailOnBreaking), string(compare.FailOnBehaviour), string(compare.FailOnAny)}
	},
	"es-version":  knownReleases,
	"emulate":     knownReleases,
	"versions":    knownReleases,
	"requirement": requirements,
	"fault":       faults(fault.Known),
	"tags": func(s *suite.Suite) []cobra.Completion {
		var out []cobra.Completion
		for _, f := range s.Families {
			out = append(out, cobra.CompletionWithDesc("@"+f.Name, f.Title))
		}
		for _, c := range s.Cases {
			for _, tag := range c.Tags {
				if !strings.Contains(tag, ":") {
					out = append(out, tag)
				}
			}
		}
		return out
	},
	"id": func(s *suite.Suite) []cobra.Completion {
		var out []cobra.Completion
		for _, c := range s.Cases {
			out = append(out, cobra.CompletionWithDesc(c.ID, c.Name))
		}
		return append(out, requirements(s)...)
	},
}

func faults(all func() []fault.Fault) func(*suite.Suite) []cobra.Completion {
	return func(*suite.Suite) []cobra.Completion {
		var out []cobra.Completion
		for _, f := range all() {
			out = append(out, cobra.CompletionWithDesc(f.ID, f.Sentence))
		}
		return out
	}
}

func requirements(s *suite.Suite) []cobra.Completion {
	var out []cobra.Completion
	for _, r := range s.Catalogue.All() {
		out = append(out, cobra.CompletionWithDesc(r.ID, r.Statement))
	}
	return out
}

func knownReleases(*suite.Suite) []cobra.Completion {
	var out []cobra.Completion
	for _, v := range releases.Known() {
		out = append(out, v.String())
	}
	return out
}

// completeFlags has the flags of a command and of those below it completed.
func completeFlags(cmd *cobra.Command) {
	for name, offer := range offers {
		if f := cmd.Flags().Lookup(name); f != nil && f.NoOptDefVal == "" {
			_ = cmd.RegisterFlagCompletionFunc(name, complete(offer))
		}
	}
	for _, below := range cmd.Commands() {
		completeFlags(below)
	}
}

// complete offers what the suite has, with what the line adds to it. Of a list
// or an expression the last word is completed.
func complete(offer func(*suite.Suite) []cobra.Completion) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		s, err := suiteOfLine(cmd)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		last := strings.LastIndexAny(begun, ", (") + 1
		all := beginningWith(begun[last:], offer(s))
		for i := range all {
			all[i] = begun[:last] + all[i]
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

func beginningWith(begun string, all []cobra.Completion) []cobra.Completion {
	all = slices.DeleteFunc(all, func(c cobra.Completion) bool { return !strings.HasPrefix(c, begun) })
	slices.Sort(all)
	return slices.Compact(all)
}

// suiteOfLine is the suite with the features and REST tests that the line names
// so far.
func suiteOfLine(cmd *cobra.Command) (*suite.Suite, error) {
	var sources sourceFlags
	sources.Folders, _ = cmd.Flags().GetStringSlice("features") // not every command has these
	slices.Sort(sources.Folders)
	sources.Folders = slices.Compact(sources.Folders) // the line is read twice
	sources.restTests, _ = cmd.Flags().GetString("rest-tests")
	if sources.restTests != "" {
		sources.restSpec, _ = cmd.Flags().GetString("rest-spec")
	}
	return sources.load()
}

package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/suite"
)

// offers are what a shell completes the values of flags with.
var offers = map[string]func(*suite.Suite) []cobra.Completion{
	"profile": func(*suite.Suite) []cobra.Completion { return suite.Profiles() },
	"fault": func(*suite.Suite) []cobra.Completion {
		var out []cobra.Completion
		for _, f := range fault.All() {
			out = append(out, cobra.CompletionWithDesc(f.ID, f.Sentence))
		}
		return out
	},
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
		for _, r := range s.Catalogue.All() {
			out = append(out, cobra.CompletionWithDesc(r.ID, r.Statement))
		}
		return out
	},
}

// completeFlags has the flags of a command and of those below it completed.
// The features that the line names are read, too.
func completeFlags(cmd *cobra.Command) {
	for name, offer := range offers {
		if cmd.Flags().Lookup(name) == nil {
			continue
		}
		_ = cmd.RegisterFlagCompletionFunc(name, func(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			folders, _ := cmd.Flags().GetStringSlice("features") // not every command has it
			slices.Sort(folders)
			s, err := suite.Open(suite.Own{Folders: slices.Compact(folders)}) // the line is read twice
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			all := slices.DeleteFunc(offer(s), func(c cobra.Completion) bool { return !strings.HasPrefix(c, begun) })
			slices.Sort(all)
			return slices.Compact(all), cobra.ShellCompDirectiveNoFileComp
		})
	}
	for _, below := range cmd.Commands() {
		completeFlags(below)
	}
}

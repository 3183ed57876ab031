package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// version and commit are set when a release is built; see the Makefile.
var (
	version = "dev"
	commit  = ""
)

// tool names this program in reports.
func tool() result.Suite {
	t := result.Suite{Version: version, Commit: commit}
	if info, ok := debug.ReadBuildInfo(); ok && commit == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				t.Commit = s.Value
			}
		}
	}
	return t
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show version, commit and digest of the suite",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := suite.Open(suite.Own{})
			if err != nil {
				return err
			}
			t := tool()
			fmt.Fprintf(a.stdout, "esconform %s\ncommit    %s\nsuite     %s (%d scenarios)\ngo        %s %s/%s\n",
				t.Version, cmp.Or(t.Commit, "unknown"), s.Digest, len(s.Cases), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

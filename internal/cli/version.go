package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/result"
)

// version is set when a release is built; see the Makefile.
var version = "dev"

// tool names this program in reports.
func tool() result.Suite {
	t := result.Suite{Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
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
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := loadSuite(nil)
			if err != nil {
				return err
			}
			t := tool()
			commit := t.Commit
			if commit == "" {
				commit = "unknown"
			}
			fmt.Fprintf(a.stdout, "esconform %s\ncommit    %s\nsuite     %s (%d scenarios)\ngo        %s %s/%s\n",
				t.Version, commit, s.Digest, len(s.Cases), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

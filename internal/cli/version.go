package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// version and commit are set when a release is built; see .ci/dist.
var version, commit string

// build is what the program knows of its own making.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Dirty   bool   `json:"dirty"` // built from files that were not committed
}

// buildOf puts together what was set at build time and what Go recorded: a
// release knows both by the former, "go install" only its module's version, and
// a build in a clone what the version control says.
func buildOf(info *debug.BuildInfo, version, commit string) build {
	b := build{Version: version, Commit: commit}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = cmp.Or(b.Commit, s.Value)
		case "vcs.modified":
			b.Dirty = s.Value == "true"
		}
	}
	if main := info.Main.Version; main != "(devel)" {
		b.Version = cmp.Or(b.Version, main)
	}
	if b.Commit == "" && module.IsPseudoVersion(b.Version) {
		b.Commit, _ = module.PseudoVersionRev(b.Version)
	}
	b.Version = cmp.Or(b.Version, "dev")
	b.Dirty = b.Dirty || strings.HasSuffix(b.Version, "dirty") // of git describe --dirty
	return b
}

func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return buildOf(info, version, commit)
}

// tool names this program in reports.
func tool() result.Suite {
	b := thisBuild()
	return result.Suite{Version: b.Version, Commit: b.Commit}
}

// about is what "esconform version --json" prints.
type about struct {
	build
	Suite     string `json:"suite"` // digest of features and catalogues
	Scenarios int    `json:"scenarios"`
	Go        string `json:"go"`
	Platform  string `json:"platform"`
}

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show version, commit and digest of the suite",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := suite.Open(suite.Own{})
			if err != nil {
				return err
			}
			v := about{thisBuild(), s.Digest, len(s.Cases), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			if asJSON {
				return a.printJSON(v)
			}
			revision := cmp.Or(v.Commit, "unknown")
			if v.Dirty {
				revision += ", with changes that are not committed"
			}
			fmt.Fprintf(a.stdout, "esconform %s\ncommit    %s\nsuite     %s (%s)\ngo        %s %s\n",
				v.Version, revision, v.Suite, result.Plural(v.Scenarios, "scenario"), v.Go, v.Platform)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/docs"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/lock"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target/container"
)

// runID is what an id of a run looks like.
var runID = regexp.MustCompile(`^[0-9a-f]{8}$`)

func (a *app) cleanupCommand() *cobra.Command {
	var c cleanupFlags
	cmd := &cobra.Command{
		Use:   "cleanup FOLDER|RUN-ID",
		Short: "Remove what a run that was killed has left behind",
		Long: `Remove what a run has left behind in a cluster because it was killed, or could
not delete it, and the containers that it has left running. What was kept on
purpose (--keep-on-failure) is removed, too. Nothing else is touched, and
nothing of a run that is still going on.

A report folder has the journal of its run, which names everything before it is
created. Just that is deleted, and what is a part of it, as the sync jobs of a
connector.

An id (8 digits, part of every name that a run gives) is for runs whose folder
is lost. With --url, whatever the catalogues of APIs can list ("esconform list
--apis") is listed, and what has a name that begins with "esconform-" and the id
is deleted. Such a run may be going on elsewhere: only you can know. Without
--url, its containers are removed.

Everything is read once more to see that it is gone. The command can be
repeated at will.

Exit codes: 0 nothing is left, 2 wrong usage, or the run is going on, 3
something is left, or the cluster cannot be asked.`,
		Example: `  esconform cleanup esconform-report
  esconform cleanup esconform-report --ca-cert ca.pem --username elastic
  esconform cleanup 1a2b3c4d --url https://es:9200 --api-key-file key
  esconform cleanup 1a2b3c4d`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("give one report folder, or one id of a run; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.cleanup(cmd.Context(), args[0], c) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&c.url, "url", "", "`address` of the cluster; default: the one in the journal")
	flags.StringSliceVar(&c.features, "features", nil, "also know the APIs that this `folder` of features describes")
	c.registerAccess(flags)
	c.registerLimits(flags)
	return cmd
}

// cleanupFlags say where to clean up, and what is known of what is there.
type cleanupFlags struct {
	targetFlags
	features []string
}

func (a *app) cleanup(ctx context.Context, of string, c cleanupFlags) error {
	if _, err := os.Stat(of); err != nil && runID.MatchString(of) {
		return a.cleanupRun(ctx, of, c)
	}
	names, err := report.Journals(of, report.JournalFile, docs.JournalFile)
	if err != nil {
		if !runID.MatchString(filepath.Base(of)) {
			err = fmt.Errorf("%w; the id of a run has 8 digits, as 1a2b3c4d", err)
		}
		return err
	}
	for _, name := range names {
		if err := a.cleanupRecord(ctx, filepath.Join(of, name), c); err != nil {
			return err
		}
	}
	return nil
}

// cleanupRecord removes what the journal of a run names.
func (a *app) cleanupRecord(ctx context.Context, journal string, c cleanupFlags) error {
	record, err := report.OpenRecord(journal)
	if err != nil {
		return err
	}
	defer record.Close()
	run := record.Run
	if left := run.Resources.Left(); left != "" {
		return fmt.Errorf("%s is of several runs put together, which have left %s", journal, left)
	}
	switch run.Target.Kind {
	case "url":
		elsewhere := c.url != "" && strings.TrimRight(foreign.Bare(c.url), "/") != strings.TrimRight(run.Target.URL, "/")
		if c.url == "" {
			c.url = run.Target.URL
		}
		return a.cleanupCluster(ctx, run.RunID, c, func(sc *resource.Scope) error {
			sc.Adopt(record.Resources, elsewhere)
			return nil
		})
	case "container":
		return a.cleanupContainers(ctx, run.RunID)
	}
	fmt.Fprintf(a.stdout, "run %s  its target was the embedded server, which ended with it: nothing is left\n", run.RunID)
	return nil
}

// cleanupRun removes what carries the id of a run.
func (a *app) cleanupRun(ctx context.Context, id string, c cleanupFlags) error {
	if lock.Held(lock.OfRun(id)) {
		return fmt.Errorf("the run %s is going on on this machine; wait for its end, or stop it", id)
	}
	if c.url == "" {
		return a.cleanupContainers(ctx, id)
	}
	return a.cleanupCluster(ctx, id, c, func(sc *resource.Scope) error { return sc.Find(ctx) })
}

func (a *app) cleanupContainers(ctx context.Context, id string) error {
	removed, err := container.RemoveOf(ctx, id)
	for _, l := range removed {
		fmt.Fprintf(a.stdout, "run %s  removed the %s %s\n", id, l.What, l.Name)
	}
	var alive *container.AliveError
	switch {
	case errors.As(err, &alive):
		return err
	case err != nil:
		return &inconclusiveError{err}
	case len(removed) == 0:
		fmt.Fprintf(a.stdout, "run %s  has no container here: nothing is left\n", id)
	}
	return nil
}

// cleanupCluster deletes what a run has left in a cluster, as collect puts it
// into a scope.
func (a *app) cleanupCluster(ctx context.Context, id string, c cleanupFlags, collect func(*resource.Scope) error) error {
	if err := c.check(a.getenv); err != nil {
		return err
	}
	known, err := suite.OpenFamilies(c.features)
	if err != nil {
		return err
	}
	tgt, err := a.open(ctx, &c.targetFlags)
	if err != nil {
		return err
	}
	defer a.closeTarget(ctx, tgt, c.limits)
	ctx, cancel := context.WithTimeoutCause(ctx, c.limits.Run, fmt.Errorf("the time limit, %s, is over (--timeout-run)", c.limits.Run))
	defer cancel()
	registry := resource.NewRegistry(id)
	registry.Know(known)
	session := tgt.Client.Session()
	scope := registry.Scope(session)
	unknown := collect(scope)
	_ = scope.Cleanup(ctx) // what is left is in the summary
	registry.Sweep(ctx, session)
	return a.cleanedUp(id, registry.Summary(), unknown)
}

// cleanedUp says what was found and what became of it.
func (a *app) cleanedUp(id string, sum result.Resources, unknown error) error {
	sum = foreign.Shown(sum)
	fmt.Fprintf(a.stdout, "run %s  %s found, %d deleted\n", id, result.Plural(sum.Created, "resource"), sum.Deleted)
	for _, l := range sum.Leftovers {
		fmt.Fprintf(a.stdout, "left behind   %s %s: %s; remove it with: %s\n", l.Kind, l.ID, l.Why, l.Command)
	}
	if unknown != nil {
		return &inconclusiveError{fmt.Errorf("not everything of the run %s could be looked for: %w", id, unknown)}
	}
	if len(sum.Leftovers) > 0 {
		a.exitCode = result.ExitInconclusive
		return nil
	}
	fmt.Fprintf(a.stdout, "run %s  nothing is left\n", id)
	_ = os.Remove(lock.OfRun(id)) // a run that was killed leaves it
	return nil
}

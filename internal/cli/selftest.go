package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/selftest"
	"github.com/esconform/esconform/internal/userfile"
)

// selftestFlags are the flags of "esconform selftest".
type selftestFlags struct {
	list     bool
	faults   []string
	out      string
	parallel int
	whole    bool
	noLease  bool
	check    string
	sources  sourceFlags
}

func (a *app) selftestCommand() *cobra.Command {
	var f selftestFlags
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Run the suite against every known fault and print the kill matrix",
		Long: `Run the suite against the embedded server with each of its faults. Exits 0 only
if with every fault exactly those requirements fail that it names (or that are
excepted, with a reason), every requirement catches one, and the suite passes
where there is no fault.`,
		Example: `  esconform selftest
  esconform selftest --list
  esconform selftest --fault stats.values.deleted-document-count-off-by-one`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.selftest(cmd.Context(), f)
		},
	}
	cmd.Flags().BoolVar(&f.list, "list", false, "list the faults, one a line")
	cmd.Flags().StringSliceVar(&f.faults, "fault", nil, "only this fault `id` (several: repeat, or commas)")
	_ = cmd.RegisterFlagCompletionFunc("fault", complete(faults(fault.All))) // the flag is there
	cmd.Flags().StringVar(&f.out, "out", "esconform-report", "`folder` for selftest.json and selftest.md")
	cmd.Flags().IntVar(&f.parallel, "parallel", 0, "`number` of faults at a time; 0 is one for each CPU")
	cmd.Flags().BoolVar(&f.whole, "whole", false, "run the whole suite against each fault, not only the scenarios of the requirements that it names")
	cmd.Flags().BoolVar(&f.noLease, "no-lease", false, "lend nothing, as run --no-lease")
	f.sources.register(cmd.Flags())
	cmd.Flags().StringVar(&f.check, "check", "", "fail where this `file` does not list the current faults and requirements")
	return cmd
}

func (a *app) selftest(ctx context.Context, f selftestFlags) error {
	faults, err := chooseFaults(f.faults)
	if err != nil {
		return err
	}
	if f.list {
		a.printFaults(faults)
		return nil
	}
	loaded, err := f.sources.load()
	if err != nil {
		return err
	}
	if err := report.MakeFolder(f.out); err != nil {
		return err
	}
	if f.parallel <= 0 {
		f.parallel = runtime.NumCPU()
	}
	m, err := selftest.Run(ctx, selftest.Config{
		Suite: loaded, Faults: faults, Parallel: f.parallel, Whole: f.whole, NoLease: f.noLease, Seed: 1, Limits: limits.Default(), Tool: tool(),
		OnFault: func(r selftest.Row) {
			if r.Killed {
				a.inexact(r)
				return
			}
			security := ""
			if r.Security {
				security = " --security"
			}
			fmt.Fprintf(a.stdout, "SURVIVES  %s\n  %s\n  %s\n  add a scenario to %s that fails with: esconform run%s --fault %s\n",
				r.Fault, r.Sentence, r.Note, strings.Join(r.Requirements, " or "), security, r.Fault)
		},
	})
	if err != nil {
		return &inconclusiveError{err}
	}
	return a.reportMatrix(m, f)
}

// inexact shows a fault that is noticed by others than those that are to notice
// it, or not by all of these.
func (a *app) inexact(r selftest.Row) {
	if len(r.Beside) > 0 {
		fmt.Fprintf(a.stdout, "BESIDE    %s: %s, too: name them in the fault, or say why in internal/selftest/exact.yaml\n", r.Fault, strings.Join(r.Beside, ", "))
	}
	if len(r.Missed) > 0 {
		fmt.Fprintf(a.stdout, "MISSED    %s: not %s: a scenario has to fail at what it requires\n", r.Fault, strings.Join(r.Missed, ", "))
	}
}

func chooseFaults(ids []string) ([]fault.Fault, error) {
	all := fault.All()
	if len(ids) == 0 {
		return all, nil
	}
	var names []string
	byID := map[string]fault.Fault{}
	for _, f := range all {
		names = append(names, f.ID)
		byID[f.ID] = f
	}
	var chosen []fault.Fault
	for _, id := range ids {
		f, ok := byID[id]
		if !ok {
			return nil, fmt.Errorf("--fault %s: there is no such fault%s; see \"esconform selftest --list\"", id, nearest.Hint(id, names))
		}
		chosen = append(chosen, f)
	}
	return chosen, nil
}

func (a *app) reportMatrix(m *selftest.Matrix, f selftestFlags) error {
	var asJSON, asMarkdown bytes.Buffer
	if err := m.JSON(&asJSON); err != nil {
		return err
	}
	if err := m.Markdown(&asMarkdown); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"selftest.json": asJSON.Bytes(), "selftest.md": asMarkdown.Bytes()} {
		if err := os.WriteFile(filepath.Join(f.out, name), foreign.Escape(content), 0o644); err != nil {
			return &inconclusiveError{fmt.Errorf("write the matrix: %w", err)}
		}
	}
	partial := len(f.faults) > 0
	if !partial {
		for _, w := range m.Weak() {
			fmt.Fprintf(a.stdout, "WEAK      %s kills no fault: give it one, or remove it\n", w)
		}
	}
	fmt.Fprintf(a.stdout, "%s, %d killed, in %.1f s\n", result.Plural(len(m.Rows), "fault"), len(m.Rows)-len(m.Survivors()), m.DurationMS/1000)
	if partial {
		if len(m.Survivors())+len(m.Inexact()) > 0 {
			a.exitCode = 1
		}
		return nil
	}
	fmt.Fprintf(a.stdout, "verdict %s: %s\n", m.Verdict, m.Reason)
	a.exitCode = m.Verdict.ExitCode()
	if f.check == "" {
		return nil
	}
	have, err := userfile.Read(f.check, userfile.Small)
	if err != nil {
		return fmt.Errorf("read --check: %w", err)
	}
	if problems := m.Outdated(string(have)); len(problems) > 0 {
		return fmt.Errorf("%s does not hold the current matrix (%s, and %d more); renew it with \"make matrix\"", f.check, problems[0], len(problems)-1)
	}
	return nil
}

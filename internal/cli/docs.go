package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/docs"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/operation"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/waiver"
)

// docsFlags are the flags of "esconform docs".
type docsFlags struct {
	target                                       targetFlags
	root, openAPI, restSpec, out, patch, waivers string
	features                                     []string
	operations                                   operation.Selection
	clusterWide                                  bool
	baseline                                     string
	renew                                        bool
	verbose                                      bool
}

func (a *app) docsCommand() *cobra.Command {
	var f docsFlags
	cmd := &cobra.Command{
		Use:   "docs PAGE…",
		Short: "Hold reference pages against a live server, claim by claim",
		Long: `Read reference pages (asciidoc, a diff of it, or flattened), derive from each a
list of claims - its route, fields, codes, examples - and ask the server about
every one. A file that ends in .json, .yaml or .yml is an OpenAPI document: its
operations are asked about one by one. Exits 0 where nothing contradicts the server and nothing that it does
is missing from the page, 1 where something does, 3 where nothing can be said.`,
		Example: `  esconform docs set-stats.asciidoc
  esconform docs *.asciidoc --openapi openapi.json --es-version 9.5.3
  esconform docs set-stats.asciidoc --patch fix.diff
  esconform docs openapi.json --path '/_index_template*' --url http://localhost:9200`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("give at least one page; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, pages []string) error {
			return a.docs(cmd.Context(), f, pages)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringSliceVar(&f.features, "features", nil, "also know the APIs that this `folder` of features describes")
	flags.StringVar(&f.root, "docs-root", "", "`folder` of the documentation: follow include:: below it, and name files from there in the patch")
	flags.StringVar(&f.openAPI, "openapi", "", "compare with this OpenAPI `file` as well")
	flags.StringVar(&f.restSpec, "rest-spec", "", "compare with the rest-api-spec files of this `folder` as well")
	flags.StringSliceVar(&f.operations.IDs, "operation", nil, "of an OpenAPI document, only operations with such an `id`; * stands for any text")
	flags.StringSliceVar(&f.operations.Paths, "path", nil, "of an OpenAPI document, only operations with such a `path`, as /_index_template*")
	flags.StringSliceVar(&f.operations.Tags, "tag", nil, "of an OpenAPI document, only operations with such a `tag`")
	flags.BoolVar(&f.clusterWide, "allow-cluster-wide", false, "also call operations of an OpenAPI document that reach beyond what the run makes")
	flags.StringVar(&f.out, "out", "esconform-report", "`folder` for the report files")
	flags.StringVar(&f.patch, "patch", "", "write a diff that would make the pages true to this `file`; - prints it")
	flags.StringVar(&f.waivers, "waivers", "", "`file` with known findings that do not fail the gate")
	flags.StringVar(&f.baseline, "baseline", "", "`file` with accepted findings: only others fail the gate")
	flags.BoolVar(&f.renew, "update-baseline", false, "accept what is found: write it to the file of --baseline")
	flags.BoolVar(&f.verbose, "verbose", false, "print confirmed claims as well")
	f.target.register(flags)
	return cmd
}

func (a *app) docs(ctx context.Context, f docsFlags, pages []string) error {
	if err := f.target.check(a.getenv); err != nil {
		return err
	}
	var waivers *waiver.List
	if f.waivers != "" {
		var err error
		if waivers, err = waiver.Load(f.waivers); err != nil {
			return err
		}
	}
	baseline, err := f.accepted()
	if err != nil {
		return err
	}
	known, err := suite.OpenFamilies(f.features)
	if err != nil {
		return err
	}
	registry := a.begin()
	registry.Know(known)
	f.target.runID = registry.RunID()
	header := &result.Run{RunID: f.target.runID, Suite: tool(), Target: f.target.kind(), Started: time.Now().UTC()}
	folder, err := report.Take(f.out, docs.JournalFile, foreign.Redact(a.secrets, header), docs.Names(pages...)...)
	if err != nil {
		return err
	}
	defer folder.Close()
	registry.Journal(folder.Journal().Resource)
	remedy := f.target.remedy(f.out, f.features)
	defer a.remember(remedy)()
	ctx, cancel := context.WithTimeoutCause(ctx, f.target.limits.Run, fmt.Errorf("the time limit of the run, %s, is over (--timeout-run)", f.target.limits.Run))
	defer cancel()
	tgt, err := a.open(ctx, &f.target)
	if err != nil {
		return err
	}
	defer a.closeTarget(ctx, tgt, f.target.limits)
	registry.EndsWith(func() bool { return tgt.Died(ctx) != nil })
	a.mentionOthers(ctx, &f.target, tgt)
	if f.target.url == "" {
		remedy = "" // a target of the run's own takes along what is in it
	}
	rep, err := docs.Run(ctx, docs.Config{
		Pages: pages, Root: f.root, Operations: f.operations, ClusterWide: f.clusterWide, OpenAPI: f.openAPI, RestSpec: f.restSpec, Client: tgt.Client, Died: tgt.Died, Registry: registry, Remedy: remedy,
		Version: tgt.Version, Target: tgt.Info, Limits: f.target.limits, Waivers: waivers, Suite: tool(),
		Baseline: baseline, Renewed: f.renewed(),
		Ready: func(ctx context.Context, about []*family.Family) error {
			return target.AwaitAPI(ctx, tgt, registry.Families(), about)
		},
		OutDir: f.out, Patch: f.patch, Out: a.stdout, Verbose: f.verbose,
	})
	if err != nil {
		var usage *docs.UsageError
		if errors.As(err, &usage) {
			return err
		}
		return &inconclusiveError{err}
	}
	a.exitCode = rep.ExitCode
	_ = folder.Journal().End(rep.AsRun()) // the report is there, and is what counts
	return nil
}

// accepted reads the baseline. One that is to be written need not be there yet.
func (f *docsFlags) accepted() (*finding.Baseline, error) {
	if f.renew && f.baseline == "" {
		return nil, errors.New("--update-baseline has no file to write: add --baseline FILE")
	}
	if f.baseline == "" {
		return nil, nil
	}
	b, err := finding.LoadBaseline(f.baseline)
	if f.renew && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// renewed is the file that a new baseline goes to, "" for none.
func (f *docsFlags) renewed() string {
	if !f.renew {
		return ""
	}
	return f.baseline
}

// Package docs verifies reference pages against a live server, claim by claim.
package docs

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/operation"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/docs/verify"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/waiver"
	"github.com/esconform/esconform/internal/wire"
)

// Config says what to verify, against what, and where the reports go.
type Config struct {
	// Pages are files: asciidoc, a diff of it, or the flattened form; or OpenAPI
	// documents, in files that end in .json, .yaml or .yml.
	Pages []string
	// Root is the folder of the documentation: what pages include is read below
	// it, and a patch names files from there on. "" is none.
	Root string
	// Operations selects those of OpenAPI documents, ClusterWide has them called
	// even where they reach beyond what the run makes.
	Operations  operation.Selection
	ClusterWide bool
	// OpenAPI is a document in JSON or YAML, or "".
	OpenAPI string
	// RestSpec is a folder of rest-api-spec files, or "".
	RestSpec string

	// Ready waits until the APIs of these families, which the pages are about,
	// can be written to; nil waits for nothing.
	Ready  func(context.Context, []*family.Family) error
	Client *wire.Client
	// Died returns why the target is gone, nil while it is there; nil asks nobody.
	Died     func(context.Context) error
	Registry *resource.Registry
	Version  esversion.Version
	Target   result.Target
	Limits   limits.Limits
	// Parallel is how many pages are probed at the same time; 0 means 4.
	Parallel int
	Waivers  *waiver.List // may be nil
	// Baseline has the findings that are accepted; may be nil. Where Renewed is
	// set, one that accepts what was found now is written there.
	Baseline *finding.Baseline
	Renewed  string
	// Suite names the program in the reports.
	Suite result.Suite

	// OutDir gets the report files; "" writes none.
	OutDir string
	// Patch is a file for a diff that would make the pages true; "" writes
	// none, "-" writes it to Out.
	Patch string
	// Out gets the report for the terminal; nil writes none.
	Out io.Writer
	// Remedy is the command that removes what is left in the target.
	Remedy string
	// Verbose also prints the claims that need no attention.
	Verbose bool
}

// UsageError says that the pages or specifications cannot be read: nothing was
// sent to the server.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

const defaultParallel = 4

// Run verifies the pages, writes the reports, and returns the report with its
// verdict and exit code. An error is a *UsageError, or says that a report could
// not be written, or why there is none: ctx ended before, or the target died.
func Run(ctx context.Context, cfg Config) (*render.Report, error) {
	started := time.Now()
	in, err := read(ctx, cfg)
	if err != nil {
		return nil, err
	}
	cfg.Registry.Know(cfg.Registry.Families(), append(foreseen(cfg.Registry.Families(), in), creations(in)...)...)
	if cfg.Ready != nil {
		if err := cfg.Ready(ctx, about(cfg.Registry.Families(), in, cfg.Operations)); err != nil {
			return nil, err
		}
	}
	rep := &render.Report{Schema: render.SchemaVersion, RunID: cfg.Registry.RunID(), Suite: cfg.Suite, Target: cfg.Target, Started: started, Claims: []claim.Claim{}}
	pages := make([]pageResult, len(in.pages))
	var deaf error
	if len(in.pages) > 0 {
		deaf = probe.Listens(ctx, cfg.Client.Session(), cfg.Registry.RunID())
	}
	group, _ := errgroup.WithContext(ctx)
	group.SetLimit(parallel(cfg))
	for i, p := range in.pages {
		group.Go(func() error {
			pages[i] = verifyPage(ctx, cfg, p, in, deaf)
			return nil
		})
	}
	_ = group.Wait() // the functions return no errors
	unique(pages)
	for i, p := range pages {
		rep.Add(in.pages[i], p.model, p.claims, p.asked, p.err)
	}
	for _, d := range in.documents {
		verifyDocument(ctx, cfg, d, rep)
	}
	rep.DurationMS = float64(time.Since(started).Microseconds()) / 1000
	rep.Resources = sweep(ctx, cfg)
	if cfg.Died != nil {
		if died := cfg.Died(ctx); died != nil {
			return nil, died
		}
	}
	baseline := cfg.Baseline
	if cfg.Renewed != "" {
		baseline = rep.Renew(baseline)
		baseline.Path = cfg.Renewed
	}
	rep.Accept(baseline)
	rep.Finish(cfg.Waivers, cfg.Version, started)
	if cfg.OutDir != "" {
		rep.PatchDocuments()
	}
	rep = foreign.Redact(cfg.Client.Secrets(), rep)
	if cfg.Renewed != "" {
		if err := writeBaseline(cfg.Renewed, foreign.Redact(cfg.Client.Secrets(), baseline)); err != nil {
			return rep, err
		}
	}
	return rep, write(cfg, rep)
}

// foreseen are the creations that only the pages describe.
func foreseen(set family.Set, in *input) []family.Creation {
	var out []family.Creation
	for _, p := range in.pages {
		for _, c := range probe.Conventions(set, claim.FromPage(p)) {
			out = append(out, c.Creation())
		}
	}
	return out
}

// about lists the families whose calls the pages describe.
func about(set family.Set, in *input, sel operation.Selection) []*family.Family {
	var paths []string
	for _, p := range in.pages {
		m := claim.FromPage(p)
		for _, r := range m.Routes {
			paths = append(paths, r.Path)
		}
		for _, x := range m.Examples {
			for _, r := range x.Requests {
				paths = append(paths, r.Path)
			}
		}
	}
	for _, d := range in.documents {
		paths = append(paths, operation.Paths(d, sel)...)
	}
	var out []*family.Family
	for _, f := range set {
		if slices.ContainsFunc(paths, f.Has) {
			out = append(out, f)
		}
	}
	return out
}

// sweep deletes what could not be deleted before, and counts. It outlives ctx.
func sweep(ctx context.Context, cfg Config) result.Resources {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.Limits.WithDefaults().Sweep)
	defer cancel()
	cfg.Registry.Sweep(ctx, cfg.Client.Session())
	sum := cfg.Registry.Summary()
	if len(sum.Leftovers) > 0 {
		sum.Command = cfg.Remedy
	}
	return sum
}

// unique tells the claims of documents apart that more than one page leads to.
func unique(pages []pageResult) {
	seen := map[string]bool{}
	for _, p := range pages {
		for _, c := range p.claims {
			if seen[c.ID] {
				c.ID += "@" + p.model.ID
			}
			for base, n := c.ID, 2; seen[c.ID]; n++ {
				c.ID = fmt.Sprintf("%s-%d", base, n)
			}
			seen[c.ID] = true
		}
	}
}

func parallel(cfg Config) int {
	if cfg.Parallel > 0 {
		return cfg.Parallel
	}
	return defaultParallel
}

type pageResult struct {
	model  *claim.Model
	claims []*claim.Claim
	asked  bool // requests were sent
	err    error
}

// verifyPage reads, probes and judges one page, and cleans up after it; of a server
// that is deaf it asks nothing.
func verifyPage(ctx context.Context, cfg Config, page *asciidoc.Page, in *input, deaf error) pageResult {
	m := claim.FromPage(page)
	type other struct {
		namedSet
		model *claim.Model
		route claim.Route
	}
	var others []other
	var hints []*claim.Model
	for _, s := range in.specs {
		for _, r := range m.Routes {
			found, ok := s.set.Find(r)
			if ok {
				hints = append(hints, found)
			}
			others = append(others, other{s, found, r})
		}
	}
	session := cfg.Client.Session()
	scope := cfg.Registry.Scope(session)
	facts, err := &probe.Facts{}, deaf
	if err == nil {
		facts, err = probe.Run(ctx, cfg.Registry, scope, m, hints)
	}
	exchanges := session.Exchanges()

	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.Limits.WithDefaults().Cleanup)
	defer cancel()
	_ = scope.Cleanup(cleanup) // what stays is named in the registry's summary

	claims := verify.Judge(m, facts, exchanges, err, hints...)
	all := append([]*claim.Claim{}, claims...)
	for _, o := range others {
		if o.model == nil {
			all = append(all, verify.Absent(m, o.route, facts, o.source, o.file))
			continue
		}
		said := verify.Judge(o.model, verify.ForRoute(facts, o.route.Key()), exchanges, err)
		verify.Compare(claims, said, o.source)
		all = append(all, said...)
	}
	return pageResult{model: m, claims: all, asked: len(exchanges) > 0, err: err}
}

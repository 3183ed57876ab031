// Package operation holds the operations of an OpenAPI document against a live
// server: it plans how each can be called, sets up what that takes, asks about
// every claim, and judges the answers.
package operation

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
)

// Selection says which operations are asked about. Each empty list selects all;
// of patterns, * stands for any text.
type Selection struct {
	IDs, Paths, Tags []string
}

// Config says what to ask about, and whom.
type Config struct {
	Document *openapi.Document
	Select   Selection
	// ClusterWide allows calls that reach beyond what the run makes.
	ClusterWide bool
	Client      *wire.Client
	Registry    *resource.Registry
	Version     esversion.Version
	Limits      limits.Limits
	Parallel    int
}

// Outcome is what was found out about a document.
type Outcome struct {
	Claims   []*claim.Claim
	Coverage []Coverage
	Routes   []claim.Route
	Asked    bool  // requests were sent
	Err      error // what ended it early
}

// op is an operation as it is asked about.
type op struct {
	openapi.Operation
	id     string
	method string
	path   string
	segs   []string
	// api is the id without a number: the operations of one API that differ in
	// method or path have numbers.
	api string

	once      sync.Once
	params    []openapi.Parameter
	body      *openapi.Content
	responses []openapi.Response
}

var numbered = regexp.MustCompile(`-\d+$`)

func newOp(o openapi.Operation) *op {
	route := o.Route()
	return &op{Operation: o, id: o.ID(), method: route.Method, path: route.Path, segs: route.Segments(), api: numbered.ReplaceAllString(o.ID(), "")}
}

// load reads what the document says of the operation.
func (o *op) load() *op {
	o.once.Do(func() { o.params, o.body, o.responses = o.Parameters(), o.Body(), o.Responses() })
	return o
}

// in are the parameters of the path or of the query.
func (o *op) in(where claim.Where) []openapi.Parameter {
	return slices.DeleteFunc(slices.Clone(o.load().params), func(p openapi.Parameter) bool { return p.In != where })
}

func (o *op) String() string { return o.method + " " + o.path }

// reads reports whether the method promises to change nothing.
func (o *op) reads() bool { return o.method == "GET" || o.method == "HEAD" }

// runner asks about the operations of one document.
type runner struct {
	Config
	families family.Set
	rules    *rules
	ops      []*op
	byKey    map[string]*op
	// makers create what a parameter of that name stands for.
	makers map[string]*op

	// shared keeps what calls that change nothing are about.
	shared *keeper

	// deaf says why no answer of the server tells anything; nil where one may.
	deaf error

	askSecured  sync.Once
	hasAccounts bool
}

// Creations are the calls of a document that create what no catalogue knows
// and that can be deleted by its path.
func Creations(d *openapi.Document) []family.Creation {
	var apis []*restspec.API
	for _, o := range d.Operations() {
		route := o.Route()
		apis = append(apis, &restspec.API{Name: o.ID(), Paths: []restspec.Path{{Template: route.Path, Methods: []string{route.Method}}}})
	}
	return restspec.Of(apis...).Creations()
}

// Paths are those of the operations that a selection has.
func Paths(d *openapi.Document, s Selection) []string {
	var out []string
	for _, o := range d.Operations() {
		if one := newOp(o); s.has(one) {
			out = append(out, one.path)
		}
	}
	return out
}

// Run asks about the selected operations: first those that change nothing.
func Run(ctx context.Context, cfg Config) *Outcome {
	r := newRunner(cfg)
	var chosen []*op
	for _, o := range r.ops {
		if cfg.Select.has(o) {
			chosen = append(chosen, o)
		}
	}
	slices.SortStableFunc(chosen, func(a, b *op) int { return order(a) - order(b) })
	keeps := r.bench(ctx, r.ops[0])
	defer keeps.clean()
	r.shared = &keeper{bench: keeps, kept: map[string]map[string]string{}}
	r.deaf = probe.Listens(ctx, keeps.session, r.Registry.RunID())
	found := make([]part, len(chosen))
	out := &Outcome{Claims: []*claim.Claim{}}
	for from, to := 0, 0; from < len(chosen); from = to {
		for to = from; to < len(chosen) && order(chosen[to]) == order(chosen[from]); {
			to++
		}
		if err := r.together(ctx, chosen[from:to], found[from:to]); out.Err == nil {
			out.Err = err
		}
	}
	if out.Err == nil {
		out.Err = r.beyond(keeps, keys(chosen))
		keeps.finish()
	}
	for i, p := range found {
		out.Claims = append(out.Claims, p.claims...)
		out.Coverage = append(out.Coverage, p.coverage)
		out.Routes = append(out.Routes, chosen[i].Route())
		out.Asked = out.Asked || p.asked
	}
	out.Claims = joined(append(out.Claims, keeps.claims...))
	return out
}

// together asks about operations at the same time. Those that change something
// are not among those that change nothing: what these read would be of chance.
func (r *runner) together(ctx context.Context, ops []*op, found []part) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(max(1, r.Parallel))
	for i, o := range ops {
		group.Go(func() error {
			b := r.bench(within, o)
			err := b.run()
			found[i] = part{b.claims, b.coverage(), b.asked} // the answers are let go
			return err
		})
	}
	return group.Wait()
}

// part is what was found out about one operation.
type part struct {
	claims   []*claim.Claim
	coverage Coverage
	asked    bool
}

// keys are the routes of operations.
func keys(ops []*op) map[string]bool {
	out := map[string]bool{}
	for _, o := range ops {
		out[o.Route().Key()] = true
	}
	return out
}

func newRunner(cfg Config) *runner {
	r := &runner{Config: cfg, families: cfg.Registry.Families(), rules: theRules(), byKey: map[string]*op{}, makers: map[string]*op{}}
	for _, o := range cfg.Document.Operations() {
		one := newOp(o)
		r.ops = append(r.ops, one)
		r.byKey[o.Route().Key()] = one
	}
	r.learnMakers()
	return r
}

// order has what changes nothing first, and what takes away last.
func order(o *op) int {
	switch {
	case o.reads():
		return 0
	case o.method == "DELETE":
		return 2
	}
	return 1
}

func (s Selection) has(o *op) bool {
	return matches(s.IDs, o.id) && matches(s.Paths, o.path) && (len(s.Tags) == 0 || slices.ContainsFunc(o.Tags(), func(t string) bool { return matches(s.Tags, t) }))
}

// matches reports whether a text is one that a pattern stands for.
func matches(patterns []string, text string) bool {
	if len(patterns) == 0 {
		return true
	}
	return slices.ContainsFunc(patterns, func(p string) bool {
		parts := strings.Split(p, "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		return regexp.MustCompile("^(?:" + strings.Join(parts, ".*") + ")$").MatchString(text)
	})
}

// at is the operation of a method and template, nil for none.
func (r *runner) at(method string, segs []string) *op {
	return r.byKey[claim.Route{Method: method, Path: path.Join("/", strings.Join(segs, "/"))}.Key()]
}

// learnMakers finds the parameters whose name is that of what exactly one path
// of the document creates and deletes.
func (r *runner) learnMakers() {
	paths := map[string]map[string]*op{}
	for _, o := range r.ops {
		name, isParam := claim.Param(o.segs[len(o.segs)-1])
		if o.method != "PUT" || !isParam || r.at("DELETE", o.segs) == nil {
			continue
		}
		if paths[name] == nil {
			paths[name] = map[string]*op{}
		}
		paths[name][o.path] = o
	}
	for name, makers := range paths {
		for _, o := range makers {
			if len(makers) == 1 && strings.Count(o.path, "{") == 1 {
				r.makers[name] = o
			}
		}
	}
}

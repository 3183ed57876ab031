// Package steps is the vocabulary of the feature files: what each step does
// and what it demands. Steps never retry; each write is sent once.
//
// A World is made of parts, one for each noun, which embed those that they
// build on: what is saved under names, the requests, the resources of the
// catalogues, accounts, sync jobs and so on. A step is a row in the list of its
// noun, with a method of a part: see Definition.
//
// The suite runs on this vocabulary; a Go program with godog features of its
// own takes it over with Register.
package steps

import (
	"context"
	"io/fs"
	"math/rand"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/wire"
)

// Target is what steps need of the server under test, beside requests.
type Target interface {
	// Restart stops the server and starts it again with its data.
	Restart(ctx context.Context) error
}

// Nodes is what a Target may offer beside: nodes of a cluster, of which the first
// is 0, that may be ended at once and started again.
type Nodes interface {
	Controlled() int
	Kill(ctx context.Context, node int) error
	Revive(ctx context.Context, node int) error
	Master(ctx context.Context) (int, error)
}

// Rolls is what a Target may offer beside: that scenarios go on while its nodes are
// replaced, and do something at each moment of that.
type Rolls interface {
	FollowRoll(ctx context.Context, do func(when string) error) error
}

// Deps is what a scenario works with.
type Deps struct {
	Target   Target
	Version  esversion.Version // of the target
	Session  *wire.Session
	Scope    *resource.Scope
	Shared   *Shared
	Families family.Set
	Steps    []Definition // the vocabulary that the scenario is written in
	Schemas  *schema.Set
	Fixtures fs.FS // bodies are under bodies/
}

// World is the state of one scenario. It is used by one goroutine.
type World struct {
	*memory
	*requests
	*answers
	*things
	*comparisons
	*waits
	*accounts
	*jobs
	*stats
	*lists
	*writers
	*service
	*outages
}

// parts are those that steps are methods of.
func (w *World) parts() []any {
	return []any{
		w.requests, w.answers, w.things, w.comparisons, w.waits, w.accounts, w.jobs, w.stats, w.lists, w.writers, w.service, w.outages,
	}
}

// NewWorld returns the world of one scenario.
func NewWorld(d Deps) *World {
	w := &World{memory: &memory{saved: map[string]string{}}}
	w.requests = &requests{memory: w.memory, deps: d, rand: rand.New(rand.NewSource(1))}
	w.answers = &answers{w.requests}
	w.things = &things{requests: w.requests, byName: map[string]*thing{}}
	w.requests.watcher = w.things
	w.comparisons = &comparisons{w.things}
	w.waits = &waits{things: w.things, world: w}
	w.outages = &outages{things: w.things}
	w.jobs = &jobs{things: w.things}
	w.things.alike = map[string]func(expected, stored map[string]any) []jsonval.Change{jobName: Holds}
	w.stats = &stats{w.jobs}
	w.lists = &lists{w.jobs}
	w.writers = &writers{stats: w.stats, lists: w.lists}
	w.accounts = &accounts{jobs: w.jobs, lists: w.lists}
	w.service = &service{accounts: w.accounts, lists: w.lists}
	w.requests.senders = map[string]sender{"I": w.things.asRun, "they": w.accounts.try, "the service": w.service.asService}
	w.saved["complete_stats"] = string(encodeFields(w.stats.complete()))
	return w
}

// Seed sets the source of the scenario's random values.
func (w *World) Seed(r *rand.Rand) { w.rand = r }

// Release lets go of everything that the scenario has sent and read: godog
// keeps the functions of its steps to the end of the run.
func (w *World) Release() { *w = World{} }

// knows reports whether the target is of this version or later.
func (r *requests) knows(since esversion.Version) bool {
	return !r.deps.Version.Known() || r.deps.Version.AtLeast(since)
}

// Versions at which the API changed in ways that steps have to know of
// (source: Elasticsearch's release notes and pull requests).
var (
	sinceMetadata = esversion.MustParse("8.15.0") // _stats takes metadata, _claim appears
	// Sync jobs copy the active filtering only, and name the index of access control.
	sinceActiveFiltering    = esversion.MustParse("8.12.1")
	sinceAccessControlIndex = esversion.MustParse("8.15.0")
	sinceSourceAsIs         = esversion.MustParse("8.13.0") // what is read is handed back as it is stored
	sinceConnectorFilters   = esversion.MustParse("8.13.0") // connectors are listed by name
)

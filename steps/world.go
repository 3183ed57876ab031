// Package steps is the vocabulary of the feature files: what each step does
// and what it demands. Steps never retry; each write is sent once.
package steps

import (
	"context"
	"io/fs"
	"math/rand"
	"net/http"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/internal/wire"
)

// Target is what steps need of the server under test, beside requests.
type Target interface {
	// Restart stops the server and starts it again with its data.
	Restart(ctx context.Context) error
}

// Deps is what a scenario works with.
type Deps struct {
	Target   Target
	Version  esversion.Version // of the target
	Session  *wire.Session
	Scope    *resource.Scope
	Shared   *SharedConnectors
	Families family.Set
	Schemas  *schema.Set
	Fixtures fs.FS // bodies are under bodies/
}

// World is the state of one scenario. It is used by one goroutine.
type World struct {
	deps Deps
	rand *rand.Rand

	connector *connector
	job       *job // the one that the scenario is about
	other     *job // one that must not be touched
	requested *job // the one that the last request for a sync job is to create

	actor   *actor   // on whose behalf requests are sent
	attempt *attempt // what the actor did last

	next nextRequest
	last *wire.Response
	sent []byte // body of the last stats update
	// sentField is the JSON of a field of it, where a step chose its size.
	sentField []byte
	writers   []writer
	saved     map[string]string
	foreign   map[string]bool   // ids of sync jobs that the API did not make
	things    map[string]*thing // resources of catalogues, by the names they are saved as
	again     wire.Request      // the last one
}

// nextRequest holds what steps have asked for the request that follows.
type nextRequest struct {
	header http.Header
	query  string
	habit  *habit // nil for none
}

// connector is a connector of the scenario.
type connector struct {
	id     string
	before *connectorState
	copied *connectorState // as it was before the last request for a sync job
}

// job is a sync job of the scenario, or an id that should not be one.
type job struct {
	id        string
	connector string
	absent    bool // there is no such sync job

	// When its creation was sent and answered, by our own clock. Only
	// differences are ever used: they tell how much later than created_at
	// another time of the server has to be.
	creationSent, creationAnswered time.Time
	// The same for the last stats update.
	updateSent, updateAnswered time.Time

	current *stored // nil after a write, until it is read again
	before  *stored // as it was before the last update
}

// NewWorld returns the world of one scenario.
func NewWorld(d Deps) *World {
	return &World{deps: d, rand: rand.New(rand.NewSource(1)), saved: map[string]string{}, foreign: map[string]bool{}, things: map[string]*thing{}}
}

// Seed sets the source of the scenario's random values.
func (w *World) Seed(r *rand.Rand) { w.rand = r }

// Release lets go of everything that the scenario has sent and read: godog
// keeps the functions of its steps to the end of the run.
func (w *World) Release() { *w = World{} }

// knows reports whether the target is of this version or later.
func (w *World) knows(since esversion.Version) bool {
	return !w.deps.Version.Known() || w.deps.Version.AtLeast(since)
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

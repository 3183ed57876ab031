// Package reference is an implementation of Elasticsearch's connector and
// sync-job API, kept in memory: it answers as recorded exchanges with real
// nodes do. It is what the suite is developed and tested against, and no
// Elasticsearch.
package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/store"
)

// The indices in which Elasticsearch keeps connectors and sync jobs, and
// their aliases.
const (
	ConnectorIndex = ".elastic-connectors-v1"
	ConnectorAlias = ".elastic-connectors"
	JobIndex       = ".elastic-connectors-sync-jobs-v1"
	JobAlias       = ".elastic-connectors-sync-jobs"
)

// Options choose how a server behaves.
type Options struct {
	// Version to emulate, 8.12.0 or later; 9.5.3 where it is unknown.
	Version esversion.Version
	// Variant is how it differs from Elasticsearch.
	Variant Variant
	// WriteDelay is how long each write takes, at least.
	WriteDelay time.Duration
	// TemplatesAfter is how long after its start the server installs its index
	// templates. What is written before makes an index without alias and
	// mapping, as it does in Elasticsearch.
	TemplatesAfter time.Duration
	// Now is the server's clock; time.Now where it is nil.
	Now func() time.Time
	// Seed makes generated ids repeatable; 0 for random ones.
	Seed int64
	// Password turns security on: that of the superuser "elastic". TLS is up
	// to whoever serves.
	Password string
	// Patience is how long a client may take to send a request; a minute where
	// it is 0.
	Patience time.Duration
	// ClusterPrivileges has a version before 9.0 judge by cluster privileges,
	// as later ones do, in place of index privileges.
	ClusterPrivileges bool
}

// Server is the reference server. It is safe for concurrent use.
type Server struct {
	version  esversion.Version
	features Features
	parsers  *parsers
	router   *router
	store    *store.Store
	security *security.Service // nil where it is off
	data     *dataFile         // nil where nothing is kept
	unread   json.RawMessage   // who there was when security was on
	// indexPrivileges: the API is granted by privileges on its indices.
	indexPrivileges bool
	variant         Variant
	delay           time.Duration
	patience        time.Duration
	clock           func() time.Time
	templatesAt     time.Time // when they are installed
	uuid            string
	reversedSets    bool // how sets are written down, settled at the start as in Java

	idMu sync.Mutex
	ids  *rand.Rand

	busy     busy
	view     searchView // of the connectors
	mappings map[string]mapping
}

// busy counts the requests in flight for each document.
type busy struct {
	mu    sync.Mutex
	byID  map[string]int
	total int
}

// enter counts a request until leave is called.
func (b *busy) enter(id string) (leave func()) {
	b.add(id, 1)
	return func() { b.add(id, -1) }
}

func (b *busy) add(id string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total += n
	if b.byID[id] += n; b.byID[id] == 0 {
		delete(b.byID, id)
	}
}

// with tells how many requests are in flight for a document, and in all.
func (b *busy) with(id string) (same, all int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.byID[id], b.total
}

// New makes a server. It fails for a version without the API.
func New(o Options) (*Server, error) {
	if !o.Version.Known() {
		o.Version = DefaultVersion
	}
	if !o.Version.AtLeast(sinceFirst) {
		return nil, fmt.Errorf("emulate Elasticsearch %s: the sync-job API appeared in %s", o.Version, sinceFirst)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	source := rand.NewPCG(rand.Uint64(), rand.Uint64())
	if o.Seed != 0 {
		source = rand.NewPCG(uint64(o.Seed), 0)
	}
	s := &Server{
		version:  o.Version,
		features: featuresOf(o.Version),
		variant:  o.Variant,
		delay:    o.WriteDelay,
		patience: cmp.Or(o.Patience, requestTimeout),
		clock:    o.Now,
		ids:      rand.New(source),
		busy:     busy{byID: map[string]int{}},
		mappings: maps.Clone(mappings),
	}
	if o.Variant.Features != nil {
		o.Variant.Features(&s.features)
	}
	s.uuid = s.NewID(22)
	s.templatesAt = s.clock().Add(o.TemplatesAfter)
	s.reversedSets = s.ids.IntN(2) == 1
	s.secure(o)
	s.store = store.New(rand.New(rand.NewPCG(s.ids.Uint64(), 0)),
		map[string]string{ConnectorAlias: ConnectorIndex, JobAlias: JobIndex}, s.templated)
	s.parsers = newParsers(s.features, s.Now)
	s.router = newRouter(s)
	if o.Variant.Made != nil {
		o.Variant.Made(s)
	}
	return s, nil
}

// Version returns the version that is emulated.
func (s *Server) Version() esversion.Version { return s.version }

// Documents counts the stored connectors and sync jobs.
func (s *Server) Documents() int {
	return s.store.Count(ConnectorIndex) + s.store.Count(JobIndex)
}

// Store is where documents are kept.
func (s *Server) Store() *store.Store { return s.store }

// Security knows who there is; nil where it is off.
func (s *Server) Security() *security.Service { return s.security }

// InFlight tells how many updates are being answered for a sync job, and in
// all.
func (s *Server) InFlight(id string) (same, all int) { return s.busy.with(id) }

// Now is the server's time, to the nanosecond as Java's clock tells it.
func (s *Server) Now() time.Time { return s.clock().UTC() }

// crowdPause is how long a write waits without WriteDelay where others want
// the same document: without it a server this fast would hardly ever show the
// conflicts that a real one does.
const crowdPause = 500 * time.Microsecond

// beforeWrite passes the time that a write takes: outside of any lock, between
// reading and writing, so that writers come into each other's way as they do
// in Elasticsearch.
func (s *Server) beforeWrite(c *Call) {
	pause := s.delay
	if same, _ := s.busy.with(c.Vars[JobParam]); same > 1 {
		pause = max(pause, crowdPause)
	}
	if pause == 0 {
		runtime.Gosched()
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.ctx.Done():
	}
}

// NewID makes an id of n letters, like Elasticsearch's own.
func (s *Server) NewID(n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	s.idMu.Lock()
	defer s.idMu.Unlock()
	id := make([]byte, n)
	for i := range id {
		choice := len(letters)
		if i == 0 {
			choice -= 2 // no sign in front
		}
		id[i] = letters[s.ids.IntN(choice)]
	}
	return string(id)
}

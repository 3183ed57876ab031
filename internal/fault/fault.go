// Package fault is a catalogue of defects that a reference server can be told
// to have, one small deviation each, with the requirements that have to catch
// it. What the suite is worth is measured by it.
//
// A fault is a row: what it is called, the calls it shows in, and its effects.
// Effects are made of the words in request.go, answer.go and stored.go; each
// replaces a step of the server's hooks.
package fault

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/reference"
)

// Fault is one named defect.
type Fault struct {
	// ID names it, in the manner of requirement ids.
	ID string
	// Sentence says what is wrong with a server that has it.
	Sentence string
	// Requirements are the ids of those that have to catch it.
	Requirements []string
	// Emulate is the version to show it with, "" for the newest: faults of
	// one version's behaviour show only there.
	Emulate string
	// Security says that it shows only on a server with security on.
	Security bool

	ops      []string // the calls it shows in; all of them where it is empty
	nth      int64    // shows only in every nth of them, where it is above 1
	effects  []effect // the first is nearest to the server
	features func(*reference.Features)
	made     func(*reference.Server)
	loaded   func(*reference.Server)
}

// All returns the catalogue of those that the suite has to catch.
func All() []Fault { return slices.Clone(catalogue()) }

// Known returns all that Into takes: those of the catalogue, and of upgrades.
func Known() []Fault { return slices.Concat(catalogue(), Upgrades()) }

var catalogue = sync.OnceValue(func() []Fault {
	return slices.Concat(
		answerFaults(), requiredFaults(), countFaults(), coercionFaults(), lastSeenFaults(), dateFormatFaults(),
		metadataFaults(), bodyFaults(), atomicityFaults(), notFoundFaults(), readFaults(), sideEffectFaults(),
		routingFaults(), headerFaults(), concurrencyFaults(), versionFaults(), lifecycleFaults(), sporadicFaults(),
		securityFaults(), jobCallFaults(), jobStateFaults(), jobCreateFaults(), jobReadFaults(), jobListFaults(),
		otherWriterFaults(), lineageFaults(), clientFaults(), sizeFaults(), kindFaults(), goneFaults(), serviceFaults(),
		connectorFaults(),
	)
})

// Into has the server that is made of options have a fault; an empty id stands
// for none.
func Into(o *reference.Options, id string) error {
	if id == "" {
		return nil
	}
	names := []string{}
	for _, f := range Known() {
		if f.ID == id {
			o.Variant = reference.Variant{Features: f.features, Hooks: newLive(f).hooks, Made: f.made, Loaded: f.loaded}
			return nil
		}
		names = append(names, f.ID)
	}
	return fmt.Errorf("there is no fault %q%s; see \"esconform list --faults\"", id, nearest.Hint(id, names))
}

// group is faults whose ids begin alike, as the ids of their requirements do,
// and that show in the same calls.
type group struct {
	id, req string
	ops     []string
}

// alike are faults whose ids begin as those of their requirements do.
func alike(prefix string, ops ...string) group { return group{prefix, prefix, ops} }

// stats are the faults of updates of stats.
var stats = alike("stats.", "stats")

// fault makes a fault of the group. Requirements are separated by blanks.
func (g group) fault(id, what, reqs string, effects ...effect) Fault {
	f := Fault{ID: g.id + id, Sentence: what, ops: g.ops, effects: effects}
	for _, r := range strings.Fields(reqs) {
		f.Requirements = append(f.Requirements, g.req+r)
	}
	return f
}

// on has a fault show in other calls than the others of its group.
func (f Fault) on(ops ...string) Fault {
	f.ops = ops
	return f
}

// every has a fault show only in every nth call.
func (f Fault) every(nth int64) Fault {
	f.nth = nth
	return f
}

// Sporadic says whether the fault shows only in some of the calls that it is
// in: whether anybody sees it depends on the order of the calls.
func (f Fault) Sporadic() bool { return f.nth > 1 }

// emulating has a fault show with a version; without effects it is about what
// that version can do.
func (f Fault) emulating(version string) Fault {
	f.Emulate = version
	return f
}

// believing has a server believe that its version can do something else.
func (f Fault) believing(features func(*reference.Features)) Fault {
	f.features = features
	return f
}

// restarting has something happen to what is stored in a restart.
func (f Fault) restarting(loaded func(*reference.Server)) Fault {
	f.loaded = loaded
	return f
}

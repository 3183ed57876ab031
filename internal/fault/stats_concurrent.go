package fault

import (
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// concurrencyFaults let writers and readers into each other's way.
func concurrencyFaults() []Fault {
	f := group{"stats.concurrent.", "stats.", stats.ops}.fault
	restarts := alike("stats.restart.")
	restart := func(id, what string, change func(s *reference.Server, o *object)) Fault {
		return restarts.fault(id, what, "survives").restarting(func(s *reference.Server) {
			for _, d := range s.Store().All(reference.JobIndex) {
				force(s, reference.JobIndex, d.ID, func(o *object) { change(s, o) })
			}
		})
	}
	half := respond(409, func(c *call, _ *response) {
		if n, ok := sent(c, "indexed_document_count").(xcontent.Number); ok {
			forceJob(c, set("indexed_document_count", n))
		}
	})
	return []Fault{
		f("last-writer-wins", "Writers do not notice each other: the last one wins.", "concurrent.no-lost-update", lastWins),
		f("torn", "Each field of an update is written by itself.", "concurrent.whole-body concurrent.whole-reads update.one-write", torn),
		f("conflict-as-500", "A version conflict is answered with 500.", "concurrent.answers", restatus(409, 500)),
		f("conflict-as-400", "A version conflict is answered with 400.", "concurrent.answers", restatus(409, 400)),
		f("conflict-type", "A version conflict is reported as resource_already_exists_exception.", "concurrent.answers", retype(409, "", "resource_already_exists_exception")),
		f("conflict-swallowed", "A version conflict is answered as if the update had been made.", "concurrent.no-lost-update", saysUpdatedFor(409)),
		f("conflict-stored", "An update is stored also where it is answered with a version conflict.", "concurrent.no-lost-update concurrent.whole-body",
			respond(409, func(c *call, _ *response) { storeSent(c) })),
		f("half-stored", "An update that is answered with a version conflict is half stored.", "concurrent.no-lost-update concurrent.whole-body", half),
		f("one-at-a-time", "Updates of different sync jobs at once conflict.", "concurrent.other-jobs",
			crowded(func(_ *live, old doc, _ *object) *failure {
				return eserr.New(409, "version_conflict_engine_exception", "[%s]: version conflict, another document is being written", old.ID)
			})),
		f("bodies-mixed", "Updates of different sync jobs at once may store each other's counts.", "concurrent.other-jobs", crowded(mix)),
		restart("counts-lost", "A restart sets the counts of all sync jobs to 0.", func(_ *reference.Server, o *object) { resetCounts(o) }),
		restarts.fault("jobs-lost", "A restart loses all sync jobs.", "survives").restarting(func(s *reference.Server) { removeJobs(s, anyDoc) }),
		restart("metadata-lost", "A restart loses the metadata of all sync jobs.", func(_ *reference.Server, o *object) { o.Set("metadata", xcontent.NewObject()) }),
		restart("last-seen-moves", "A restart moves last_seen of all sync jobs.", func(s *reference.Server, o *object) { o.Set("last_seen", instant(s.Now())) }),
	}
}

// crowdPause is how long an update waits for others to come as far, tornPause
// how long one stands half written.
const (
	crowdPause = 3 * time.Millisecond
	tornPause  = time.Millisecond
)

// crowded has something happen where updates of different documents meet.
func crowded(meet func(l *live, old doc, partial *object) *failure) effect {
	return func(_ *call, h hooks, l *live) hooks {
		return step{merge: func(c *call, old doc, partial *object, plain merged) (*object, bool, *failure) {
			l.mu.Lock()
			l.other = partial.Clone().Set("of", old.ID)
			l.mu.Unlock()
			time.Sleep(crowdPause)
			if same, all := c.Server.InFlight(old.ID); all > same {
				if err := meet(l, old, partial); err != nil {
					return nil, false, err
				}
			}
			return plain()
		}}.on(h)
	}
}

// lastWins writes whatever others have written in between.
var lastWins = step{put: func(c *call, index string, old doc, next *object, _ store.Condition) (doc, *failure) {
	return reference.Plain{}.Put(c, index, old, next, store.Any)
}}.effect

// mix takes a count from another update.
func mix(l *live, old doc, partial *object) *failure {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.other.String("of") != old.ID {
		partial.SetIf("indexed_document_count", l.other.Get("indexed_document_count"))
	}
	return nil
}

// torn writes the changes of a document field by field, each for itself.
var torn = step{put: func(c *call, index string, old doc, next *object, _ store.Condition) (d doc, err *failure) {
	if err := c.Server.CheckMapping(index, old.ID, next); err != nil {
		return d, err
	}
	for _, k := range next.Keys() {
		if xcontent.Equal(old.Source.Get(k), next.Get(k)) && k != "last_seen" {
			continue
		}
		time.Sleep(tornPause)
		now, found := c.Server.Store().Get(index, old.ID)
		if !found {
			return d, jobNotFound(old.ID)
		}
		if d, err = c.Server.Store().Put(index, old.ID, now.Source.Clone().Set(k, next.Get(k)), store.Any); err != nil {
			return d, err
		}
	}
	return d, nil
}}.effect

package fault

import (
	"slices"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The effects in this file change what is stored, or what is shown of it.

// changesFrom changes what an update is about to merge into an old document.
func changesFrom(do func(c *call, old doc, partial *object)) effect {
	return step{merge: func(c *call, old doc, partial *object, plain merged) (*object, bool, *failure) {
		do(c, old, partial)
		return plain()
	}}.effect
}

// changes changes what an update is about to merge.
func changes(do change) effect {
	return changesFrom(func(_ *call, _ doc, partial *object) { do(partial) })
}

// storesFrom changes what an update has merged, or a new sync job; the old
// document of that has no source.
func storesFrom(do func(c *call, old doc, next *object)) effect {
	return step{merge: func(c *call, old doc, _ *object, plain merged) (*object, bool, *failure) {
		next, changed, err := plain()
		if err == nil {
			do(c, old, next)
			changed = changed || !xcontent.Equal(old.Source, next)
		}
		return next, changed, err
	}}.effect
}

// stores changes what is about to be stored.
func stores(do change) effect { return storesFrom(func(_ *call, _ doc, next *object) { do(next) }) }

// updates changes what an update has merged into an old document.
func updates(do func(old, next *object)) effect {
	return storesFrom(func(_ *call, old doc, next *object) {
		if old.Source != nil {
			do(old.Source, next)
		}
	})
}

// setsNow has an update set a field to the time.
func setsNow(field string) effect {
	return storesFrom(func(c *call, _ doc, next *object) { next.Set(field, now(c)) })
}

// storeField changes a field that an update merges, where it is there.
func storeField(field string, by mapping) effect { return changes(turnAny(by, field)) }

// storeCounts changes each count as a number.
func storeCounts(by func(int64) int64) effect { return changes(turnAny(calculated(by), allCounts...)) }

// drop keeps fields from being stored.
func drop(fields ...string) effect { return changes(unset(fields...)) }

// dropAll keeps everything from being stored.
var dropAll = changes(keep(func(string, any) bool { return false }))

// writesAgain has every update be a change.
var writesAgain = step{merge: func(_ *call, _ doc, _ *object, plain merged) (*object, bool, *failure) {
	next, _, err := plain()
	return next, true, err
}}.effect

// unmapped stores documents whatever the mapping says.
var unmapped = step{put: func(c *call, index string, old doc, next *object, on store.Condition) (doc, *failure) {
	return c.Server.Put(c, index, old.ID, next, on)
}}.effect

// now is the server's time as it is stored.
func now(c *call) string { return instant(c.Server.Now()) }

// force changes a stored document behind everybody's back.
func force(s *reference.Server, index, id string, do change) {
	d, found := s.Store().Get(index, id)
	if !found {
		return
	}
	next := d.Source.Clone()
	do(next)
	_, _ = s.Store().Put(index, id, next, store.Any) // without a condition nothing can fail
}

// forceJob changes the sync job of a call.
func forceJob(c *call, do change) { force(c.Server, reference.JobIndex, jobID(c), do) }

// forces changes the sync job of a call before that is answered.
func forces(do change) effect { return edit(func(c *call) { forceJob(c, do) }) }

// onJob changes the sync job of a call after answers of one kind.
func onJob(when test, do change) effect {
	return after(func(c *call, r *response) {
		if when(r) {
			forceJob(c, do)
		}
	})
}

// touchJob writes the sync job of a call again after answers of one kind.
func touchJob(when test) effect { return onJob(when, func(*object) {}) }

// addJob stores a further sync job.
func addJob(c *call, id string, source *object) bool {
	_, err := c.Server.Store().Put(reference.JobIndex, id, source, store.Absent)
	return err == nil
}

// newJobID makes an id such as the server's.
func newJobID(c *call) string { return c.Server.NewID(generatedID) }

// generatedID is the length of the ids that the server makes.
const generatedID = 20

// addsMissing creates the sync job of a call after a 404.
var addsMissing = respond(404, func(c *call, _ *response) { addJob(c, jobID(c), xcontent.NewObject("status", "pending")) })

// remove removes a document behind everybody's back.
func remove(s *reference.Server, index, id string) {
	_, _, _ = s.Store().Delete(index, id, store.Any) // without a condition nothing can fail
}

// removeJobs removes sync jobs that are such.
func removeJobs(s *reference.Server, are docs) {
	for _, d := range s.Store().All(reference.JobIndex) {
		if are(d) {
			remove(s, reference.JobIndex, d.ID)
		}
	}
}

// ofConnector holds for the sync jobs of a connector.
func ofConnector(id string) docs { return func(d doc) bool { return connectorOf(d) == id } }

// jobsOf lists the sync jobs of a connector.
func jobsOf(s *reference.Server, connector string) []doc {
	return slices.DeleteFunc(s.Store().All(reference.JobIndex), func(d doc) bool { return connectorOf(d) != connector })
}

// siblings are the other sync jobs of the connector of a call's sync job.
func siblings(c *call) []doc {
	d, found := job(c)
	if !found {
		return nil
	}
	return slices.DeleteFunc(jobsOf(c.Server, connectorOf(d)), func(other doc) bool { return other.ID == d.ID })
}

// shows changes what is shown of sync jobs that are such.
func shows(are docs, do change) effect {
	return step{read: func(_ *call, index string, d doc) (doc, bool) {
		if index == reference.JobIndex && are(d) {
			d.Source = d.Source.Clone()
			do(d.Source)
		}
		return d, true
	}}.effect
}

// hides does not show documents that are such.
func hides(are docs) effect {
	return step{read: func(_ *call, _ string, d doc) (doc, bool) { return d, !are(d) }}.effect
}

func anyDoc(doc) bool { return true }

// withoutUnknown removes what the API does not know.
var withoutUnknown = keep(func(k string, _ any) bool { return reference.Mapped(reference.JobIndex, k) })

// storeSent stores what a request for an update of stats sent.
func storeSent(c *call) {
	body := bodyOf(c)
	if body == nil {
		return
	}
	forceJob(c, func(o *object) {
		for _, f := range statsFields {
			if v := body.Get(f); v != nil {
				o.Merge(xcontent.NewObject(f, v))
			}
		}
	})
}

package reference

import (
	"slices"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// goneFaults are views that go on showing what was deleted, and deletions that
// reach too far or not far enough.
func goneFaults() []Fault { return slices.Concat(viewFaults(), connectorDeletionFaults()) }

// deletedMark is on documents that a fault only hides.
const deletedMark = "x_deleted"

// viewFaults delete a sync job everywhere but in one view.
func viewFaults() []Fault {
	f := func(id, sentence string, shown func(*call) bool) Fault {
		return named("sync-job.delete.views."+id, sentence, "sync-job.delete.views", Fault{
			request: func(c *call) *response {
				if c.op != "delete-job" {
					return nil
				}
				d, found := c.server.store.Get(jobIndex, c.vars[jobParam])
				if !found || d.Source.Has(deletedMark) {
					return nil
				}
				c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set(deletedMark, true) })
				return acknowledged()
			},
			read: func(c *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
				return d, found && (!d.Source.Has(deletedMark) || shown(c))
			},
		})
	}
	lists := func(filter string) func(*call) bool {
		return func(c *call) bool { _, given := c.query[filter]; return c.op == "list-jobs" && given }
	}
	plainList := func(c *call) bool { return c.op == "list-jobs" && !lists("status")(c) && !lists("job_type")(c) }
	status := func(status string) func(*call) bool {
		return func(c *call) bool { return c.op == "list-jobs" && c.query["status"] == status }
	}
	op := func(name string) func(*call) bool { return func(c *call) bool { return c.op == name } }
	return []Fault{
		f("list", "A deleted sync job stays in the list of its connector.", plainList),
		f("status", "A deleted sync job stays in the list of its status.", lists("status")),
		f("pending", "A deleted sync job stays among those that are pending.", status("pending")),
		f("canceled", "A deleted sync job stays among those that are canceled.", status("canceled")),
		f("job-type", "A deleted sync job stays in the list of its job type.", lists("job_type")),
		f("search", "A search of the index goes on finding a deleted sync job.", op("search")),
		f("document", "The stored document of a deleted sync job stays.", op("get-doc")),
	}
}

// connectorDeletionFaults are deletions of connectors that do something else to
// sync jobs.
func connectorDeletionFaults() []Fault {
	const flag = "delete_sync_jobs"
	f := func(id, sentence, requirement string, part Fault) Fault {
		return named("connector.delete."+id, sentence, "connector.delete."+requirement, part, "delete-connector")
	}
	// query changes the flag where it has this value; "" is an absent one.
	query := func(when func(c *call) bool, to string) Fault {
		return Fault{request: func(c *call) *response {
			if !when(c) {
				return nil
			}
			if c.query[flag] = to; to == "" {
				delete(c.query, flag)
			}
			return nil
		}}
	}
	is := func(value string) func(*call) bool {
		return func(c *call) bool { return c.method == "DELETE" && c.query[flag] == value }
	}
	// only deletes some of the sync jobs in place of all.
	only := func(is func(job store.Doc) bool) Fault {
		return Fault{request: func(c *call) *response {
			if c.query[flag] != "true" {
				return nil
			}
			delete(c.query, flag)
			c.server.dropJobs(func(d store.Doc) bool { return connectorOf(d) == c.vars[connectorParam] && is(d) })
			return nil
		}}
	}
	field := func(name, value string) func(store.Doc) bool {
		return func(d store.Doc) bool { return d.Source.String(name) == value }
	}
	not := func(is func(store.Doc) bool) func(store.Doc) bool { return func(d store.Doc) bool { return !is(d) } }
	return []Fault{
		f("sync-jobs.ignored", "delete_sync_jobs is passed over.", "sync-jobs", query(is("true"), "")),
		f("sync-jobs.hard-ignored", "delete_sync_jobs is passed over where the connector is removed for good.", "sync-jobs",
			query(func(c *call) bool { return is("true")(c) && c.query["hard"] == "true" }, "")),
		f("sync-jobs.pending", "delete_sync_jobs deletes those that are pending.", "sync-jobs", only(field("status", "pending"))),
		f("sync-jobs.not-in-progress", "delete_sync_jobs leaves those that are in progress.", "sync-jobs", only(not(field("status", "in_progress")))),
		f("sync-jobs.not-access-control", "delete_sync_jobs leaves access control sync jobs.", "sync-jobs", only(not(field("job_type", "access_control")))),
		f("keeps-sync-jobs.deletes", "Sync jobs are deleted with their connector, though nobody asks for it.", "keeps-sync-jobs", query(is(""), "true")),
		f("keeps-sync-jobs.false", "delete_sync_jobs=false deletes the sync jobs.", "keeps-sync-jobs", query(is("false"), "true")),
		f("keeps-sync-jobs.ends", "The sync jobs of a deleted connector are ended.", "keeps-sync-jobs", Fault{after: func(c *call, r *response) {
			for _, d := range c.server.store.All(jobIndex) {
				if r.status == 200 && connectorOf(d) == c.vars[connectorParam] {
					c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("status", "canceled") })
				}
			}
		}}),
		f("others.deleted", "delete_sync_jobs deletes the sync jobs of other connectors, too.", "others", Fault{after: func(c *call, r *response) {
			if r.status == 200 && c.query[flag] == "true" {
				c.server.dropJobs(func(store.Doc) bool { return true })
			}
		}}),
		f("not-found.deletes", "delete_sync_jobs deletes the sync jobs of a connector that is gone.", "not-found", Fault{after: func(c *call, r *response) {
			if r.status == 404 && c.query[flag] == "true" {
				c.server.dropJobs(func(d store.Doc) bool { return connectorOf(d) == c.vars[connectorParam] })
			}
		}}),
		f("not-found.acknowledged", "The deletion of a connector that is gone is acknowledged.", "not-found", Fault{answer: func(c *call, r *response) *response {
			if r.status == 404 && c.query[flag] == "true" {
				return acknowledged()
			}
			return r
		}}),
		f("bad-value.as-false", "A delete_sync_jobs that is no boolean is taken for false.", "bad-value", query(is("x"), "false")),
		f("bad-value.deletes", "A delete_sync_jobs that is no boolean is rejected, but the sync jobs are deleted.", "bad-value", Fault{after: func(c *call, r *response) {
			if r.status == 400 && c.query[flag] == "x" {
				c.server.dropJobs(func(d store.Doc) bool { return connectorOf(d) == c.vars[connectorParam] })
			}
		}}),
	}
}

// dropJobs removes sync jobs behind everybody's back.
func (s *Server) dropJobs(is func(store.Doc) bool) {
	for _, d := range s.store.All(jobIndex) {
		if is(d) {
			_, _, _ = s.store.Delete(jobIndex, d.ID, store.Any) // without a condition nothing can fail
		}
	}
}

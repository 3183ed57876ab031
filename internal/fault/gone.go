package fault

import (
	"net/http"
	"slices"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// goneFaults are views that go on showing what was deleted, and deletions that
// reach too far or not far enough.
func goneFaults() []Fault { return slices.Concat(viewFaults(), connectorDeletionFaults()) }

// deletedMark is on documents that a fault only hides.
const deletedMark = "x_deleted"

func isMarked(d doc) bool { return d.Source.Has(deletedMark) }

// viewFaults delete a sync job everywhere but in one view.
func viewFaults() []Fault {
	unmarked := func(d doc) bool { return !isMarked(d) }
	marks := when(all(op("delete-job"), jobIs(unmarked)), says(200, "acknowledged", true), edit(func(c *call) { forceJob(c, set(deletedMark, true)) }))
	f := func(id, what string, shown cond) Fault {
		return ofOne("sync-job.delete.views", "sync-job.delete.views")(id, what, marks, when(not(shown), hides(isMarked)))
	}
	lists := func(filter string) cond { return all(op("list-jobs"), given(filter)) }
	ofStatus := func(status string) cond {
		return all(op("list-jobs"), func(c *call) bool { return c.Query["status"] == status })
	}
	return []Fault{
		f("list", "A deleted sync job stays in the list of its connector.", all(op("list-jobs"), not(given("status")), not(given("job_type")))),
		f("status", "A deleted sync job stays in the list of its status.", lists("status")),
		f("pending", "A deleted sync job stays among those that are pending.", ofStatus("pending")),
		f("canceled", "A deleted sync job stays among those that are canceled.", ofStatus("canceled")),
		f("job-type", "A deleted sync job stays in the list of its job type.", lists("job_type")),
		f("search", "A search of the index goes on finding a deleted sync job.", op("search")),
		f("document", "The stored document of a deleted sync job stays.", op("get-doc")),
	}
}

// connectorDeletionFaults are deletions of connectors that do something else to
// sync jobs.
func connectorDeletionFaults() []Fault {
	const flag = "delete_sync_jobs"
	of := func(req string) func(id, what string, e effect) Fault {
		return func(id, what string, e effect) Fault {
			return ofOne("connector.delete", "connector.delete."+req, "delete-connector")(req+"."+id, what, e)
		}
	}
	flagIs := func(value string) cond { return func(c *call) bool { return c.Query[flag] == value } }
	asks := flagIs("true")
	sets := func(value string) effect { return setQuery(flag, to(value)) }
	ofCall := func(c *call) docs { return ofConnector(c.Vars[reference.ConnectorParam]) }
	// only deletes some of the sync jobs in place of all.
	only := func(are func(job doc) bool) effect {
		return when(asks, sets(""), edit(func(c *call) { removeJobs(c.Server, func(d doc) bool { return ofCall(c)(d) && are(d) }) }))
	}
	removes := func(status int, value string) effect {
		return when(flagIs(value), respond(status, func(c *call, _ *response) { removeJobs(c.Server, ofCall(c)) }))
	}
	accessControl := func(d doc) bool { return d.Source.String("job_type") == "access_control" }
	not := func(is docs) docs { return func(d doc) bool { return !is(d) } }
	deletion, hard := method(http.MethodDelete), func(c *call) bool { return c.Query["hard"] == "true" }
	syncJobs, keeps, others, notFound, badValue := of("sync-jobs"), of("keeps-sync-jobs"), of("others"), of("not-found"), of("bad-value")
	return []Fault{
		syncJobs("ignored", "delete_sync_jobs is passed over.", when(all(deletion, asks), sets(""))),
		syncJobs("hard-ignored", "delete_sync_jobs is passed over where the connector is removed for good.", when(all(deletion, asks, hard), sets(""))),
		syncJobs("bare-ignored", "delete_sync_jobs without a value is passed over.", when(all(deletion, func(c *call) bool { v, is := c.Query[flag]; return is && v == "" }), edit(func(c *call) { c.Query[flag] = "false" }))),
		syncJobs("pending", "delete_sync_jobs deletes those that are pending.", only(in("pending"))),
		syncJobs("not-in-progress", "delete_sync_jobs leaves those that are in progress.", only(not(in("in_progress")))),
		syncJobs("not-access-control", "delete_sync_jobs leaves access control sync jobs.", only(not(accessControl))),
		keeps("deletes", "Sync jobs are deleted with their connector, though nobody asks for it.", when(all(deletion, flagIs("")), sets("true"))),
		keeps("false", "delete_sync_jobs=false deletes the sync jobs.", when(all(deletion, flagIs("false")), sets("true"))),
		keeps("ends", "The sync jobs of a deleted connector are ended.", cancelsJobs(status(200))),
		others("deleted", "delete_sync_jobs deletes the sync jobs of other connectors, too.",
			when(asks, respond(200, func(c *call, _ *response) { removeJobs(c.Server, anyDoc) }))),
		notFound("deletes", "delete_sync_jobs deletes the sync jobs of a connector that is gone.", removes(404, "true")),
		notFound("acknowledged", "The deletion of a connector that is gone is acknowledged.", when(asks, instead(404, 200, xcontent.NewObject("acknowledged", true)))),
		badValue("as-false", "A delete_sync_jobs that is no boolean is taken for false.", when(all(deletion, flagIs("x")), sets("false"))),
		badValue("capitals", "A delete_sync_jobs in capitals is taken for true.", when(all(deletion, flagIs("TRUE")), sets("true"))),
		badValue("deletes", "A delete_sync_jobs that is no boolean is rejected, but the sync jobs are deleted.", removes(400, "x")),
	}
}

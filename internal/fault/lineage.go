package fault

import "strings"

// What older versions have left: sync jobs that the service ended before there
// were job types, or that wait since then, and connectors with one schedule.
var (
	endedUntyped = func(o *object) bool {
		return !o.Has("job_type") && strings.HasSuffix(o.String("completed_at"), "+00:00")
	}
	waitsUntyped = func(o *object) bool { return !o.Has("job_type") && o.String("status") == "suspended" }
	oneSchedule  = func(o *object) bool { return o.Path("scheduling", "enabled") != nil }
)

// lineageFaults are defects that show with what older versions have left.
func lineageFaults() []Fault {
	of := func(req, op string) func(id, what string, effects ...effect) Fault {
		return func(id, what string, effects ...effect) Fault {
			return alike("lineages.", op).fault(req+"."+id, what, req, effects...)
		}
	}
	read, listed, claim, stats := of("job.read", "get-job"), of("job.read", "list-jobs"), of("job.claim", "claim"), of("job.stats", "stats")
	ended := "Invalid transition attempt"
	byStatus := func(c *call) bool { return c.Query["status"] != "" }
	connector := of("connector.read", "get-connector")
	return []Fault{
		read("ended-refused", "A sync job that ended before there were job types is not read.", refusesStored(endedUntyped)),
		read("offset-lost", "The end of a sync job that has an offset is shown in UTC.", shows(source(endedUntyped), turnAny(texts(func(s string) string {
			return strings.Replace(s, "+00:00", "Z", 1)
		}), "completed_at"))),
		read("error-null-hidden", "That there was no error is not shown of a sync job that ended before there were job types.", shows(source(endedUntyped), unset("error"))),
		listed("ended-hidden", "Lists leave out sync jobs that ended before there were job types.", hides(source(endedUntyped))),
		listed("status-untyped", "A status is looked for among sync jobs with a job_type alone.", when(byStatus, hides(source(isUntyped)))),
		claim("ended-forgotten", "A claim of a sync job that ended before there were job types removes when that was.", stores(whereSuch(endedUntyped, unset("completed_at")))),
		claim("waiting-refused", "A suspended sync job without a job_type is not claimed.", refusesStored(waitsUntyped)),
		stats("typed", "Stats give a sync job that ended before there were job types the type full.", stores(whereSuch(endedUntyped, set("job_type", "full")))),
		of("job.check-in", "check-in")("ended-refused", "A sync job that ended before there were job types is not checked in.", refusesStored(endedUntyped)),
		of("job.ended", "cancel")("canceled-again", "Cancelling a sync job that ended before there were job types is answered with success.", when(jobIs(source(endedUntyped)), accepts(ended))),
		of("job.ended", "error")("error-again", "An error of a sync job that ended before there were job types is answered with success.", when(jobIs(source(endedUntyped)), accepts(ended))),
		of("job.cancel", "cancel")("waiting-refused", "A suspended sync job without a job_type is not canceled.", refusesStored(waitsUntyped)),
		of("job.delete", "delete-job")("ended-refused", "A sync job that ended before there were job types is not deleted.", refusesStored(endedUntyped)),
		connector("one-schedule-refused", "A connector with one schedule is not read.", refusesConnector(oneSchedule)),
		of("connector.check-in", "update-connector")("schedules-made", "A check-in makes three schedules of one.", when(ofCall("_check_in"), stores(whereSuch(oneSchedule, func(o *object) {
			o.Object("scheduling").Delete("enabled")
		})))),
		of("connector.last-sync", "update-connector")("nulls-dropped", "Setting the last sync drops what is null of a connector that another program has stored.", when(ofCall("_last_sync"), stores(whereSuch(queryList, withoutNulls)))),
	}
}

// whereSuch changes objects that are such.
func whereSuch(is func(*object) bool, do change) change {
	return func(o *object) {
		if is(o) {
			do(o)
		}
	}
}

package fault

import (
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
)

// Documents that the API does not make, and released versions have refused.
var (
	hasNullTimes  = has(isNull, "canceled_at", "completed_at", "started_at")
	hasNullCounts = has(isNull, "indexed_document_count")
	isUntyped     = lacks("job_type")
	hasRulesList  = func(o *object) bool { return isArray(o.Path("connector", "filtering")) }
	hasQueryList  = func(o *object) bool { return isArray(o.Path("connector", "filtering", "advanced_snippet", "value")) }
	isOfService   = lacks("metadata")
)

// queryList holds for connectors whose active advanced snippet is a list.
func queryList(o *object) bool {
	list, _ := o.Get("filtering").([]any)
	if len(list) == 0 {
		return false
	}
	first, _ := list[0].(*object)
	return first != nil && isArray(first.Path("active", "advanced_snippet", "value"))
}

// source holds for documents whose source is such.
func source(is func(*object) bool) docs { return func(d doc) bool { return is(d.Source) } }

// cannotParse is how versions refuse a stored document that they read into an
// object of their own.
func cannotParse(*call) *failure {
	return eserr.New(400, "x_content_parse_exception", "[1:1] [connector_sync_job] failed to parse the stored document")
}

// refusesStored refuses a call where the stored sync job is such a document, a
// list where it is to show one.
func refusesStored(is func(*object) bool) effect {
	return fails(func(c *call) *failure {
		for _, d := range c.Server.Store().All(reference.JobIndex) {
			if (d.ID == jobID(c) || c.Op == "list-jobs" && connectorOf(d) == c.Query["connector_id"]) && is(d.Source) {
				return cannotParse(c)
			}
		}
		return nil
	})
}

// refusesConnector refuses a call where the stored connector is such a document.
func refusesConnector(is func(*object) bool) effect {
	return fails(func(c *call) *failure {
		if d, found := c.Server.Store().Get(reference.ConnectorIndex, connectorID(c)); found && is(d.Source) {
			return cannotParse(c)
		}
		return nil
	})
}

// otherWriterFaults are defects that show with documents of other programs.
func otherWriterFaults() []Fault {
	of := func(req, op string) func(id, what string, e effect) Fault {
		return func(id, what string, e effect) Fault {
			return alike("other-writers.", op).fault(req+"."+id, what, req, e)
		}
	}
	read, listed, claim, stats := of("read", "get-job"), of("list", "list-jobs"), of("claim", "claim"), of("stats", "stats")
	connector := func(id, what, req, op string, e effect) Fault {
		return alike("other-writers.connector.", op).fault(id, what, req, e)
	}
	inBody := func(is func(*object) bool) effect { return when(connectorIs(is), fails(cannotParse)) }
	nullCounts := has(isNull, "last_indexed_document_count")
	nullLanguage := connectorIs(has(isNull, "language"))
	return []Fault{
		read("null-times", "A sync job that has null for a time is not read.", refusesStored(hasNullTimes)),
		read("null-counts", "A sync job that has null for a count is not read.", refusesStored(hasNullCounts)),
		read("filtering-list", "A sync job whose filtering is a list is not read.", refusesStored(hasRulesList)),
		read("snippet-list", "A sync job whose advanced snippet is a list is not read.", refusesStored(hasQueryList)),
		read("untyped", "A sync job without a job_type is not read.", refusesStored(isUntyped)),
		read("untyped-as-full", "A sync job without a job_type is read as a full one.", shows(source(isUntyped), set("job_type", "full"))),
		read("nulls-hidden", "What is null is left out where a sync job is read.", shows(source(hasNullTimes), withoutNulls)),
		read("zeros", "Counts that are null are read as 0.", shows(source(hasNullCounts), resetCounts)),
		listed("null-times", "One sync job that has null for a time spoils a list.", refusesStored(hasNullTimes)),
		listed("filtering-list", "One sync job whose filtering is a list spoils a list.", refusesStored(hasRulesList)),
		listed("snippet-list", "One sync job whose advanced snippet is a list spoils a list.", refusesStored(hasQueryList)),
		listed("untyped-hidden", "A sync job without a job_type is left out of lists.", hides(source(isUntyped))),
		listed("nulls-hidden", "What is null is left out of lists.", shows(source(hasNullTimes), withoutNulls)),
		claim("null-times", "A sync job that has null for a time is not claimed.", refusesStored(hasNullTimes)),
		claim("filtering-list", "A sync job whose filtering is a list is not claimed.", refusesStored(hasRulesList)),
		claim("cursor-lost", "A claim loses the cursor where filtering is a list.", stores(func(next *object) {
			if hasRulesList(next) {
				next.Object("connector").Delete("sync_cursor")
			}
		})),
		stats("null-counts", "Stats are refused where a count is null.", refusesStored(hasNullCounts)),
		stats("untyped", "Stats are refused where there is no job_type.", refusesStored(isUntyped)),
		stats("nulls-dropped", "Stats drop everything that is null.", stores(withoutNulls)),
		of("check-in", "check-in")("null-times", "A sync job that has null for a time is not checked in.", refusesStored(hasNullTimes)),
		of("error", "error")("untyped", "A sync job without a job_type takes no error.", refusesStored(isUntyped)),
		of("error", "error")("snippet-list", "A sync job whose advanced snippet is a list takes no error.", refusesStored(hasQueryList)),
		of("cancel", "cancel")("null-times", "A sync job that has null for a time is not canceled.", refusesStored(hasNullTimes)),
		of("cancel", "cancel")("of-service", "A sync job that the connector service made is not canceled.", refusesStored(isOfService)),
		of("delete", "delete-job")("filtering-list", "A sync job whose filtering is a list is not deleted.", refusesStored(hasRulesList)),
		connector("read.snippet-list", "A connector whose advanced snippet is a list is not read.", "read", "get-connector", refusesConnector(queryList)),
		connector("read.null-counts", "A connector that has null for a count is not read.", "read", "get-connector", refusesConnector(nullCounts)),
		connector("list.nulls-hidden", "What is null is left out of the list of connectors.", "read", "list-connectors", lists(func(_ *call, l list) {
			for i, v := range l.results {
				shown := v.(*object).Clone()
				withoutNulls(shown)
				l.results[i] = shown
			}
		})),
		connector("sync-job.null-counts", "A connector that has null for a count gets no sync job.", "sync-job", "create-job", inBody(nullCounts)),
		connector("sync-job.snippet-list", "A connector whose advanced snippet is a list gets no sync job.", "sync-job", "create-job", inBody(queryList)),
		connector("sync-job.null-copied", "A sync job copies what is null of its connector.", "sync-job", "create-job",
			when(nullLanguage, stores(func(next *object) { next.Object("connector").Set("language", nil) }))),
	}
}

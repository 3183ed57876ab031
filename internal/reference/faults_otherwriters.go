package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// named makes a fault of some calls that one requirement has to catch; part
// has the hooks.
func named(id, sentence, requirement string, part Fault, ops ...string) Fault {
	part.ID, part.Sentence, part.Requirements, part.ops = id, sentence, req(requirement), ops
	return part
}

// Documents that the API does not make, and released versions have refused.
var (
	hasNullTimes  = hasNull("canceled_at", "completed_at", "started_at")
	hasNullCounts = hasNull("indexed_document_count")
	isUntyped     = func(o *xcontent.Object) bool { return !o.Has("job_type") }
	hasRulesList  = func(o *xcontent.Object) bool { return isArray(o.Path("connector", "filtering")) }
	hasQueryList  = func(o *xcontent.Object) bool {
		return isArray(o.Path("connector", "filtering", "advanced_snippet", "value"))
	}
	isOfService = func(o *xcontent.Object) bool { return !o.Has("metadata") }
)

func hasNull(fields ...string) func(*xcontent.Object) bool {
	return func(o *xcontent.Object) bool {
		for _, f := range fields {
			if o.Has(f) && o.Get(f) == nil {
				return true
			}
		}
		return false
	}
}

// cannotParse is how versions refuse a stored document that they read into an
// object of their own.
func cannotParse(c *call) *response {
	return errorResponse(c, eserr.New(400, "x_content_parse_exception", "[1:1] [connector_sync_job] failed to parse the stored document"))
}

// refusesStored refuses a call where the stored sync job is such a document, a
// list where it is to show one.
func refusesStored(is func(*xcontent.Object) bool) Fault {
	return Fault{request: func(c *call) *response {
		for _, d := range c.server.store.All(jobIndex) {
			if (d.ID == c.vars[jobParam] || c.op == "list-jobs" && connectorOf(d) == c.query["connector_id"]) && is(d.Source) {
				return cannotParse(c)
			}
		}
		return nil
	}}
}

// showsStored shows such documents in another form.
func showsStored(is func(*xcontent.Object) bool, edit func(o *xcontent.Object)) Fault {
	return Fault{read: func(_ *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
		if found && is(d.Source) {
			d.Source = d.Source.Clone()
			edit(d.Source)
		}
		return d, found
	}}
}

func withoutNulls(o *xcontent.Object) {
	for _, k := range append([]string{}, o.Keys()...) {
		if o.Get(k) == nil {
			o.Delete(k)
		}
	}
}

// otherWriterFaults are defects that show with documents of other programs.
func otherWriterFaults() []Fault {
	f := func(id, sentence, requirement string, part Fault, ops ...string) Fault {
		return named("other-writers."+id, sentence, "other-writers."+requirement, part, ops...)
	}
	hidden := Fault{read: func(_ *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
		return d, found && !isUntyped(d.Source)
	}}
	connectorIs := func(is func(*xcontent.Object) bool, id func(*call) string) Fault {
		return Fault{request: func(c *call) *response {
			if d, found := c.server.store.Get(connectorIndex, id(c)); found && is(d.Source) {
				return cannotParse(c)
			}
			return nil
		}}
	}
	ofPath := func(c *call) string { return c.vars[connectorParam] }
	ofBody := func(c *call) string { id, _ := sent(c, "id").(string); return id }
	queryList := func(o *xcontent.Object) bool {
		list, _ := o.Get("filtering").([]any)
		if len(list) == 0 {
			return false
		}
		first, _ := list[0].(*xcontent.Object)
		return first != nil && isArray(first.Path("active", "advanced_snippet", "value"))
	}
	return []Fault{
		f("read.null-times", "A sync job that has null for a time is not read.", "read", refusesStored(hasNullTimes), "get-job"),
		f("read.null-counts", "A sync job that has null for a count is not read.", "read", refusesStored(hasNullCounts), "get-job"),
		f("read.filtering-list", "A sync job whose filtering is a list is not read.", "read", refusesStored(hasRulesList), "get-job"),
		f("read.snippet-list", "A sync job whose advanced snippet is a list is not read.", "read", refusesStored(hasQueryList), "get-job"),
		f("read.untyped", "A sync job without a job_type is not read.", "read", refusesStored(isUntyped), "get-job"),
		f("read.untyped-as-full", "A sync job without a job_type is read as a full one.", "read", showsStored(isUntyped, func(o *xcontent.Object) { o.Set("job_type", "full") }), "get-job"),
		f("read.nulls-hidden", "What is null is left out where a sync job is read.", "read", showsStored(hasNullTimes, withoutNulls), "get-job"),
		f("read.zeros", "Counts that are null are read as 0.", "read", showsStored(hasNullCounts, func(o *xcontent.Object) {
			for _, count := range allCounts {
				o.Set(count, number(0))
			}
		}), "get-job"),
		f("list.null-times", "One sync job that has null for a time spoils a list.", "list", refusesStored(hasNullTimes), "list-jobs"),
		f("list.filtering-list", "One sync job whose filtering is a list spoils a list.", "list", refusesStored(hasRulesList), "list-jobs"),
		f("list.snippet-list", "One sync job whose advanced snippet is a list spoils a list.", "list", refusesStored(hasQueryList), "list-jobs"),
		f("list.untyped-hidden", "A sync job without a job_type is left out of lists.", "list", hidden, "list-jobs"),
		f("list.nulls-hidden", "What is null is left out of lists.", "list", showsStored(hasNullTimes, withoutNulls), "list-jobs"),
		f("claim.null-times", "A sync job that has null for a time is not claimed.", "claim", refusesStored(hasNullTimes), "claim"),
		f("claim.filtering-list", "A sync job whose filtering is a list is not claimed.", "claim", refusesStored(hasRulesList), "claim"),
		f("claim.cursor-lost", "A claim loses the cursor where filtering is a list.", "claim", Fault{write: func(_ *call, _ store.Doc, next *xcontent.Object) {
			if hasRulesList(next) {
				next.Object("connector").Delete("sync_cursor")
			}
		}}, "claim"),
		f("stats.null-counts", "Stats are refused where a count is null.", "stats", refusesStored(hasNullCounts), "stats"),
		f("stats.untyped", "Stats are refused where there is no job_type.", "stats", refusesStored(isUntyped), "stats"),
		f("stats.nulls-dropped", "Stats drop everything that is null.", "stats", Fault{write: func(_ *call, _ store.Doc, next *xcontent.Object) { withoutNulls(next) }}, "stats"),
		f("check-in.null-times", "A sync job that has null for a time is not checked in.", "check-in", refusesStored(hasNullTimes), "check-in"),
		f("error.untyped", "A sync job without a job_type takes no error.", "error", refusesStored(isUntyped), "error"),
		f("error.snippet-list", "A sync job whose advanced snippet is a list takes no error.", "error", refusesStored(hasQueryList), "error"),
		f("cancel.null-times", "A sync job that has null for a time is not canceled.", "cancel", refusesStored(hasNullTimes), "cancel"),
		f("cancel.of-service", "A sync job that the connector service made is not canceled.", "cancel", refusesStored(isOfService), "cancel"),
		f("delete.filtering-list", "A sync job whose filtering is a list is not deleted.", "delete", refusesStored(hasRulesList), "delete-job"),
		f("connector.read.snippet-list", "A connector whose advanced snippet is a list is not read.", "connector.read", connectorIs(queryList, ofPath), "get-connector"),
		f("connector.read.null-counts", "A connector that has null for a count is not read.", "connector.read", connectorIs(hasNull("last_indexed_document_count"), ofPath), "get-connector"),
		f("connector.list.nulls-hidden", "What is null is left out of the list of connectors.", "connector.read", Fault{answer: respond(200, func(_ *call, r *response) *response {
			list, _ := r.body.(*xcontent.Object).Get("results").([]any)
			for i, v := range list {
				shown := v.(*xcontent.Object).Clone()
				withoutNulls(shown)
				list[i] = shown
			}
			return r
		})}, "list-connectors"),
		f("connector.sync-job.null-counts", "A connector that has null for a count gets no sync job.", "connector.sync-job", connectorIs(hasNull("last_indexed_document_count"), ofBody), "create-job"),
		f("connector.sync-job.snippet-list", "A connector whose advanced snippet is a list gets no sync job.", "connector.sync-job", connectorIs(queryList, ofBody), "create-job"),
		f("connector.sync-job.null-copied", "A sync job copies what is null of its connector.", "connector.sync-job", Fault{write: func(c *call, _ store.Doc, next *xcontent.Object) {
			copied := next.Object("connector")
			if d, found := c.server.store.Get(connectorIndex, copied.String("id")); found && d.Source.Has("language") && d.Source.Get("language") == nil {
				copied.Set("language", nil)
			}
		}}, "create-job"),
	}
}

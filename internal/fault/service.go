package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// serviceFaults are defects of what the connector service relies on.
func serviceFaults() []Fault {
	f := func(id, what, req, op string, e effect) Fault {
		return alike("service.", op).fault(id, what, req, e)
	}
	search := func(id, what string, e effect) Fault {
		req, _, _ := strings.Cut(id, ".")
		return f("search."+id, what, "search."+req, "search", e)
	}
	ignores := func(field string) effect { return editBody(unset(field)) }
	inBool := func(do change) effect {
		return editBody(func(o *object) {
			if q := objectAt(o, "query", "bool"); q != nil {
				do(q)
			}
		})
	}
	// without drops the clauses of a query that are such.
	without := func(are func(kind, query, field string) bool) effect {
		return inBool(func(q *object) { dropClauses(q, are) })
	}
	hits := func(change func(hits []any)) effect {
		return editAnswer(200, func(o *object) {
			if inner := objectAt(o, "hits"); inner != nil {
				list, _ := inner.Get("hits").([]any)
				change(list)
			}
		})
	}
	hit := func(do change) effect {
		return hits(func(list []any) {
			for _, h := range list {
				do(h.(*object))
			}
		})
	}
	on := func(index string) cond {
		return func(c *call) bool { return c.Vars["index"] == index || c.Vars["index"]+"-v1" == index }
	}
	excludes := func(c *call) bool {
		body := bodyOf(c)
		return body != nil && objectAt(body, "query", "bool") != nil && objectAt(body, "query", "bool").Has("must_not")
	}
	const matchNone = `{"query":{"match_none":{}}}`
	contains := func(part string) cond {
		return func(c *call) bool { return strings.Contains(string(c.Body), part) }
	}
	unconditional := both(setQuery("if_seq_no", to("")), setQuery("if_primary_term", to("")))
	head := func(from, to int) effect { return when(method(http.MethodHead), instead(from, to, nil)) }
	inJobs, inConnectors := on(reference.JobIndex), on(reference.ConnectorIndex)
	otherZone := func(o *object) bool { return strings.HasSuffix(o.String("completed_at"), "+00:00") }
	foreign := lacks(totalCount)
	anonymous := func(c *call) bool { return c.Vars["id"] == "" && c.Vars["index"] == reference.JobAlias }
	return []Fault{
		search("pending.suspended-only", "Of several values of a field a search finds the last.", inBool(func(q *object) { lastTerms(q.Get("must")) })),
		search("pending.job-type", "A search passes over job_type.", without(func(_, _, field string) bool { return field == "job_type" })),
		search("pending.status", "A search passes over status.", without(func(kind, _, field string) bool { return kind == "must" && field == "status" })),
		search("sort.ignored", "A search passes over the order that it asks for.", ignores("sort")),
		search("sort.reversed", "A search finds the newest first, whatever it asks for.", hits(slices.Reverse[[]any])),
		search("sort.from-ignored", "A search passes over from.", ignores("from")),
		search("seq-no.absent", "Hits have no sequence number.", hit(unset("_seq_no"))),
		search("seq-no.zero", "The sequence number of each hit is 0.", hit(set("_seq_no", number(0)))),
		search("seq-no.term", "The primary term of each hit is 0.", hit(set("_primary_term", number(0)))),
		search("whole-words.analysed", "The id of a connector is cut into words.",
			without(func(kind, _, field string) bool { return kind == "filter" && field == "connector.id" })),
		search("orphaned.must-not", "A search passes over must_not.", inBool(func(q *object) { q.Delete("must_not") })),
		search("orphaned.all-excluded", "must_not excludes everything.", when(all(inJobs, excludes), setBody(matchNone))),
		search("idle.ignored", "A search passes over a range.", without(func(_, query, _ string) bool { return query == "range" })),
		search("idle.refused", "A search knows no range.", when(contains(`"range"`), failsPlainly(400, "unknown query [range]"))),
		search("connectors.by-id", "A search passes over _id.", without(func(_, _, field string) bool { return field == "_id" })),
		search("connectors.none", "A search finds no connector by its id.", when(inConnectors, editBody(set("query", xcontent.NewObject("match_none", xcontent.NewObject()))))),
		f("index.hidden", "HEAD does not see the indices of the API.", "index.exists", "index", head(200, 404)),
		f("index.made-again", "Creating an index that is there is acknowledged.", "index.exists", "create-index", instead(400, 200, xcontent.NewObject("acknowledged", true))),
		f("index.exists-type", "Creating an index that is there is rejected as illegal_argument_exception.", "index.exists", "create-index",
			retype(400, "", "illegal_argument_exception")),
		f("index.always", "HEAD sees every index.", "index.absent", "index", head(404, 200)),
		f("stale.jobs", "A condition on a direct write of a sync job is passed over.", "stale", "update-doc", when(inJobs, unconditional)),
		f("stale.as-400", "A write of a stale document is answered with 400.", "stale", "update-doc", restatus(409, 400)),
		f("stale.type", "A write of a stale document is refused as illegal_argument_exception.", "stale", "update-doc", retype(409, "", "illegal_argument_exception")),
		f("stale.applies", "A write of a stale document is refused, but made.", "stale", "update-doc", respond(409, func(c *call, _ *response) {
			force(c.Server, reference.JobIndex, c.Vars["id"], set("worker_hostname", "stale"))
		})),
		f("stale.seq-no", "The sequence number of a document that is read is one too low.", "stale", "get-doc", editAnswer(200,
			turnAny(calculated(func(n int64) int64 { return max(n-1, 0) }), "_seq_no"))),
		f("stale.connectors", "A condition on a direct write of a connector is passed over.", "stale.connector", "update-doc", when(inConnectors, unconditional)),
		f("end.null-hidden", "An error that is null is not read back.", "end", "get-job", shows(source(has(isNull, "error")), unset("error"))),
		f("end.times-rewritten", "Times that the service wrote are read back in another form.", "end", "get-job", shows(source(otherZone), turn("completed_at", later(0)))),
		f("end.completed-as-canceled", "A sync job that was completed is read back as canceled.", "end", "get-job", shows(in("completed"), set("status", "canceled"))),
		f("end.refused", "A sync job with a time in another zone than Z is not read.", "end", "get-job", refusesStored(otherZone)),
		f("legacy-job.unknown", "A sync job that the API did not make is not found.", "legacy-job", "", hides(source(foreign))).on("get-job", "cancel"),
		f("legacy-job.refused", "Documents with an id of the server's are refused.", "legacy-job", "put-doc", when(anonymous, failsPlainly(405, "Incorrect HTTP method"))),
		f("legacy-job.not-canceled", "A sync job that the API did not make is not canceled.", "legacy-job", "cancel", refusesStored(foreign)),
		f("life.cursor-null", "A direct write that sets sync_cursor to null is refused.", "life", "update-doc",
			when(contains(`"sync_cursor": null`), failsPlainly(400, "sync_cursor is null"))),
		f("life.worker-lost", "Stats take the worker from a sync job.", "life", "stats", stores(unset("worker_hostname"))),
		f("life.total-lost", "A direct write loses total_document_count.", "life", "update-doc", drop(totalCount)),
		f("life.connector-status", "The status of the last sync of a connector is not kept.", "life", "update-doc", drop("last_sync_status")),
	}
}

// objectAt returns the object at a path, nil where there is none.
func objectAt(o *object, keys ...string) *object {
	inner, _ := o.Path(keys...).(*object)
	return inner
}

// clauseOf names the query and the field of a clause such as
// {"terms":{"status":[…]}}.
func clauseOf(v any) (query, field string, of *object) {
	o, isObject := v.(*object)
	if !isObject || o.Len() != 1 {
		return "", "", nil
	}
	query = o.Keys()[0]
	if of = o.Object(query); of == nil || of.Len() == 0 {
		return query, "", nil
	}
	return query, of.Keys()[0], of
}

// dropClauses takes clauses out of a bool query.
func dropClauses(q *object, are func(kind, query, field string) bool) {
	for _, kind := range slices.Clone(q.Keys()) {
		list, isList := q.Get(kind).([]any)
		if !isList {
			continue
		}
		kept := []any{}
		for _, clause := range list {
			if query, field, _ := clauseOf(clause); !are(kind, query, field) {
				kept = append(kept, clause)
			}
		}
		q.Set(kind, kept)
	}
}

// lastTerms leaves the last of the values of each terms query.
func lastTerms(clauses any) {
	list, _ := clauses.([]any)
	for _, clause := range list {
		if query, field, of := clauseOf(clause); query == "terms" && of != nil {
			if values, _ := of.Get(field).([]any); len(values) > 1 {
				of.Set(field, values[len(values)-1:])
			}
		}
	}
}

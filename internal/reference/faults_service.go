package reference

import (
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// serviceFaults are defects of what the connector service relies on.
func serviceFaults() []Fault {
	f := func(id, sentence, requirement string, part Fault, ops ...string) Fault {
		return named("service."+id, sentence, "service."+requirement, part, ops...)
	}
	search := func(id, sentence, requirement string, part Fault) Fault {
		return f("search."+id, sentence, "search."+requirement, part, "search")
	}
	body := func(edit func(body *xcontent.Object)) Fault {
		return Fault{request: editBody(func(_ *call, o *xcontent.Object) { edit(o) })}
	}
	// clauses drops the clauses of a query that are such.
	clauses := func(drop func(kind, query, field string) bool) Fault {
		return body(func(o *xcontent.Object) {
			if q, isBool := bodyPath(o, "query", "bool"); isBool {
				dropClauses(q, drop)
			}
		})
	}
	hits := func(edit func(hits []any) []any) Fault {
		return Fault{answer: respond(200, func(_ *call, r *response) *response {
			if inner, found := bodyPath(r.body, "hits"); found {
				list, _ := inner.Get("hits").([]any)
				inner.Set("hits", edit(list))
			}
			return r
		})}
	}
	hit := func(edit func(h *xcontent.Object)) Fault {
		return hits(func(list []any) []any {
			for _, h := range list {
				edit(h.(*xcontent.Object))
			}
			return list
		})
	}
	onIndex := func(index string, part Fault) Fault {
		inner := part.request
		part.request = func(c *call) *response {
			if c.vars["index"] != index && c.vars["index"] != c.server.aliasOf(index) {
				return nil
			}
			return inner(c)
		}
		return part
	}
	unconditional := Fault{request: func(c *call) *response {
		delete(c.query, "if_seq_no")
		delete(c.query, "if_primary_term")
		return nil
	}}
	method := func(m string, answer answerHook) Fault {
		return Fault{answer: func(c *call, r *response) *response {
			if c.method == m {
				return answer(c, r)
			}
			return r
		}}
	}
	status := func(from, to int) answerHook {
		return respond(from, func(_ *call, r *response) *response { return newResponse(to, nil) })
	}
	view := func(edit func(o *xcontent.Object)) Fault {
		return showsStored(func(*xcontent.Object) bool { return true }, edit)
	}
	return []Fault{
		search("pending.suspended-only", "Of several values of a field a search finds the last.", "pending", body(func(o *xcontent.Object) {
			if q, isBool := bodyPath(o, "query", "bool"); isBool {
				lastTerms(q.Get("must"))
			}
		})),
		search("pending.job-type", "A search passes over job_type.", "pending", clauses(func(_, _, field string) bool { return field == "job_type" })),
		search("pending.status", "A search passes over status.", "pending", clauses(func(kind, _, field string) bool { return kind == "must" && field == "status" })),
		search("sort.ignored", "A search passes over the order that it asks for.", "sort", body(func(o *xcontent.Object) { o.Delete("sort") })),
		search("sort.reversed", "A search finds the newest first, whatever it asks for.", "sort", hits(func(list []any) []any {
			out := make([]any, 0, len(list))
			for i := range list {
				out = append(out, list[len(list)-1-i])
			}
			return out
		})),
		search("sort.from-ignored", "A search passes over from.", "sort", body(func(o *xcontent.Object) { o.Delete("from") })),
		search("seq-no.absent", "Hits have no sequence number.", "seq-no", hit(func(h *xcontent.Object) { h.Delete("_seq_no") })),
		search("seq-no.zero", "The sequence number of each hit is 0.", "seq-no", hit(func(h *xcontent.Object) { h.Set("_seq_no", number(0)) })),
		search("seq-no.term", "The primary term of each hit is 0.", "seq-no", hit(func(h *xcontent.Object) { h.Set("_primary_term", number(0)) })),
		search("whole-words.analysed", "The id of a connector is cut into words.", "whole-words", clauses(func(kind, _, field string) bool { return kind == "filter" && field == "connector.id" })),
		search("orphaned.must-not", "A search passes over must_not.", "orphaned", body(func(o *xcontent.Object) {
			if q, isBool := bodyPath(o, "query", "bool"); isBool {
				q.Delete("must_not")
			}
		})),
		search("orphaned.all-excluded", "must_not excludes everything.", "orphaned", onIndex(jobIndex, Fault{request: func(c *call) *response {
			if q, isBool := parsedPath(c, "query", "bool"); isBool && q.Has("must_not") {
				c.body = []byte(`{"query":{"match_none":{}}}`)
			}
			return nil
		}})),
		search("idle.ignored", "A search passes over a range.", "idle", clauses(func(_, query, _ string) bool { return query == "range" })),
		search("idle.refused", "A search knows no range.", "idle", Fault{request: func(c *call) *response {
			if strings.Contains(string(c.body), `"range"`) {
				return plainError(400, "unknown query [range]")
			}
			return nil
		}}),
		search("connectors.by-id", "A search passes over _id.", "connectors", clauses(func(_, _, field string) bool { return field == "_id" })),
		search("connectors.none", "A search finds no connector by its id.", "connectors", onIndex(connectorIndex, body(func(o *xcontent.Object) {
			o.Set("query", xcontent.NewObject("match_none", xcontent.NewObject()))
		}))),
		f("index.hidden", "HEAD does not see the indices of the API.", "index.exists", method(http.MethodHead, status(200, 404)), "index"),
		f("index.made-again", "Creating an index that is there is acknowledged.", "index.exists",
			Fault{answer: respond(400, func(*call, *response) *response { return acknowledged() })}, "create-index"),
		f("index.exists-type", "Creating an index that is there is rejected as illegal_argument_exception.", "index.exists", Fault{answer: retype(400, "", "illegal_argument_exception")}, "create-index"),
		f("index.always", "HEAD sees every index.", "index.absent", method(http.MethodHead, status(404, 200)), "index"),
		f("stale.jobs", "A condition on a direct write of a sync job is passed over.", "stale", onIndex(jobIndex, unconditional), "update-doc"),
		f("stale.as-400", "A write of a stale document is answered with 400.", "stale", Fault{answer: restatus(409, 400)}, "update-doc"),
		f("stale.type", "A write of a stale document is refused as illegal_argument_exception.", "stale", Fault{answer: retype(409, "", "illegal_argument_exception")}, "update-doc"),
		f("stale.applies", "A write of a stale document is refused, but made.", "stale", Fault{after: func(c *call, r *response) {
			if r.status == 409 {
				c.server.force(jobIndex, c.vars["id"], func(o *xcontent.Object) { o.Set("worker_hostname", "stale") })
			}
		}}, "update-doc"),
		f("stale.seq-no", "The sequence number of a document that is read is one too low.", "stale", Fault{answer: respond(200, func(_ *call, r *response) *response {
			if o, isObject := r.body.(*xcontent.Object); isObject && o.Has("_seq_no") {
				o.Set("_seq_no", change(o.Get("_seq_no"), func(n int64) int64 { return max(n-1, 0) }))
			}
			return r
		})}, "get-doc"),
		f("stale.connectors", "A condition on a direct write of a connector is passed over.", "stale.connector", onIndex(connectorIndex, unconditional), "update-doc"),
		f("end.null-hidden", "An error that is null is not read back.", "end", view(func(o *xcontent.Object) {
			if o.Has("error") && o.Get("error") == nil {
				o.Delete("error")
			}
		}), "get-job"),
		f("end.times-rewritten", "Times that the service wrote are read back in another form.", "end", view(func(o *xcontent.Object) {
			if at := o.String("completed_at"); strings.HasSuffix(at, "+00:00") {
				o.Set("completed_at", moved(at, 0))
			}
		}), "get-job"),
		f("end.completed-as-canceled", "A sync job that was completed is read back as canceled.", "end", view(func(o *xcontent.Object) {
			if o.String("status") == "completed" {
				o.Set("status", "canceled")
			}
		}), "get-job"),
		f("end.refused", "A sync job with a time in another zone than Z is not read.", "end", refusesStored(func(o *xcontent.Object) bool {
			return strings.HasSuffix(o.String("completed_at"), "+00:00")
		}), "get-job"),
		f("legacy-job.unknown", "A sync job that the API did not make is not found.", "legacy-job", Fault{read: func(_ *call, _ *activeFault, _, _ string, d store.Doc, found bool) (store.Doc, bool) {
			return d, found && d.Source.Has("total_document_count")
		}}, "get-job", "cancel"),
		f("legacy-job.refused", "Documents with an id of the server's are refused.", "legacy-job", Fault{request: func(c *call) *response {
			if c.vars["id"] == "" && c.vars["index"] == jobAlias {
				return plainError(405, "Incorrect HTTP method")
			}
			return nil
		}}, "put-doc"),
		f("legacy-job.not-canceled", "A sync job that the API did not make is not canceled.", "legacy-job", refusesStored(func(o *xcontent.Object) bool { return !o.Has("total_document_count") }), "cancel"),
		f("life.cursor-null", "A direct write that sets sync_cursor to null is refused.", "life", Fault{request: func(c *call) *response {
			if strings.Contains(string(c.body), `"sync_cursor": null`) {
				return plainError(400, "sync_cursor is null")
			}
			return nil
		}}, "update-doc"),
		f("life.worker-lost", "Stats take the worker from a sync job.", "life", Fault{write: func(_ *call, _ store.Doc, next *xcontent.Object) { next.Delete("worker_hostname") }}, "stats"),
		f("life.total-lost", "A direct write loses total_document_count.", "life", Fault{update: drop("total_document_count")}, "update-doc"),
		f("life.connector-status", "The status of the last sync of a connector is not kept.", "life", Fault{update: drop("last_sync_status")}, "update-doc"),
	}
}

// parsedPath returns the object at a path in the body of a request.
func parsedPath(c *call, keys ...string) (*xcontent.Object, bool) {
	body, err := xcontent.ParseObject(c.body)
	if err != nil {
		return nil, false
	}
	return bodyPath(body, keys...)
}

// bodyPath returns the object at a path.
func bodyPath(v any, keys ...string) (*xcontent.Object, bool) {
	o, isObject := v.(*xcontent.Object)
	if !isObject {
		return nil, false
	}
	inner, isObject := o.Path(keys...).(*xcontent.Object)
	return inner, isObject && inner != nil
}

// clauseOf names the query and the field of a clause such as
// {"terms":{"status":[…]}}.
func clauseOf(v any) (query, field string, of *xcontent.Object) {
	o, isObject := v.(*xcontent.Object)
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
func dropClauses(q *xcontent.Object, drop func(kind, query, field string) bool) {
	for _, kind := range append([]string{}, q.Keys()...) {
		list, isList := q.Get(kind).([]any)
		if !isList {
			continue
		}
		kept := []any{}
		for _, clause := range list {
			if query, field, _ := clauseOf(clause); !drop(kind, query, field) {
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

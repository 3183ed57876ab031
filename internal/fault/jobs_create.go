package fault

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobCreateFaults are defects of the creation of sync jobs. Those of the
// answer show only where the connector has a sync job already: runs begin with
// the creation of one.
func jobCreateFaults() []Fault {
	return slices.Concat(creationAnswerFaults(), creationRequestFaults(), copyFaults())
}

// further has something come of the creation of a further sync job of a
// connector, once it is answered; sibling is the first one.
func further(do func(c *call, sibling doc, r *response)) effect {
	return func(c *call, h hooks, l *live) hooks {
		if !isFurther(c) {
			return h
		}
		sibling := jobsOf(c.Server, sentText(c, "id"))[0]
		return after(func(c *call, r *response) { do(c, sibling, r) })(c, h, l)
	}
}

// created has something come of it where it is answered with success.
func created(do func(c *call, sibling doc, r *response)) effect {
	return further(func(c *call, sibling doc, r *response) {
		if r.Status == 201 {
			do(c, sibling, r)
		}
	})
}

// isFurther holds for requests for a further sync job of a connector.
func isFurther(c *call) bool {
	return sentText(c, "id") != "" && len(jobsOf(c.Server, sentText(c, "id"))) > 0
}

func creationAnswerFaults() []Fault {
	f := jobs("create", "create-job").fault
	idOf := func(_ *call, sibling doc, r *response) { r.Body = xcontent.NewObject("id", sibling.ID) }
	whole := all(func(c *call) bool { return sent(c, "job_type") != nil }, func(c *call) bool { return sent(c, "trigger_method") != nil })
	touch := func(do change) effect {
		return created(func(c *call, sibling doc, _ *response) { force(c.Server, reference.JobIndex, sibling.ID, do) })
	}
	return []Fault{
		f("reused", "A further request for a sync job is answered with the id of the one that there is.", "route", when(isFurther, says(201)), created(idOf)),
		f("one-only", "A further sync job of a connector is refused.", "several", when(isFurther, failsWith(eserr.StatusException(400, "The connector has a sync job already.")))),
		f("code-200", "The creation of a sync job is answered with 200.", "code.201", when(isFurther, restatus(201, 200))),
		f("example-refused", "A request with all three fields is answered with 500.", "example", when(all(isFurther, whole), restatus(201, 500))),
		f("id-of-another", "The creation of a sync job is answered with the id of another.", "id", created(idOf)),
		f("touches-connector", "The creation of a sync job touches the connector.", "connector", created(func(c *call, sibling doc, _ *response) {
			force(c.Server, reference.ConnectorIndex, connectorOf(sibling), set("sync_now", false))
		})),
		f("touches-siblings", "The creation of a sync job touches another one.", "siblings", touch(seenLater)),
		f("cancels-siblings", "The creation of a sync job cancels another one.", "siblings", touch(set("status", "canceled"))),
		f("code-422", "A malformed request for a sync job is answered with 422.", "code.400", restatus(400, 422)),
		f("code-410", "A request for a sync job of a connector that does not exist is answered with 410.", "code.404", restatus(404, 410)),
		f("unknown-connector-unnamed", "The report of an unknown connector does not name it.", "unknown-connector", reasonIs(404, "The connector does not exist.")),
		f("unproduced", "The rejection of a request for a sync job has no product header.", "headers", productIs(unsuccessful, "")),
		f("text", "The rejection of a request for a sync job is sent as text/plain.", "headers", typeIs(unsuccessful, plainText)),
		f("empty-id-type", "An empty id is reported as illegal_argument_exception.", "empty-id", retype(400, "action_request_validation_exception", "illegal_argument_exception")),
		f("kinds-uncaused", "The rejection of an unknown kind does not tell which.", "rejects-unknown-kinds", errorLacks(400, "caused_by")),
		f("needs-index-type", "A connector without an index is reported as illegal_argument_exception.", "needs-index",
			retype(400, "status_exception", "illegal_argument_exception")),
	}
}

// sentConnector is the connector that a request for a sync job names.
func sentConnector(c *call) (doc, bool) {
	return c.Server.Store().Get(reference.ConnectorIndex, sentText(c, "id"))
}

// connectorIs holds where there is such a connector, and one that is such.
func connectorIs(is func(o *object) bool) cond {
	return func(c *call) bool {
		d, found := sentConnector(c)
		return found && is(d.Source)
	}
}

func creationRequestFaults() []Fault {
	f := jobs("create", "create-job").fault
	// anyConnector takes the newest connector where the request names none.
	anyConnector := func(c *call, h hooks, l *live) hooks {
		there := c.Server.Store().All(reference.ConnectorIndex)
		if len(there) == 0 {
			return h
		}
		return orElse("id", there[len(there)-1].ID)(c, h, l)
	}
	capitals := func(v any) bool {
		s, _ := v.(string)
		return s != strings.ToLower(s)
	}
	copied := further(func(c *call, sibling doc, r *response) {
		if r.Status == 400 {
			addJob(c, newJobID(c), sibling.Source)
		}
	})
	unready := after(func(c *call, r *response) {
		id, ok := sent(c, "id").(string)
		if ok && !successful(r) && len(jobsOf(c.Server, id)) == 0 {
			addJob(c, newJobID(c), xcontent.NewObject("connector", xcontent.NewObject("id", id), "status", "pending", "created_at", now(c)))
		}
	})
	withoutIndex := connectorIs(func(o *object) bool { return o.String("index_name") == "" })
	deleted := connectorIs(func(o *object) bool { return o.Get("deleted") == true })
	return []Fault{
		f("rejected-creates", "A rejected request for a sync job creates one nevertheless.", "rejects-atomically", copied),
		f("unready-creates", "A sync job that is refused for want of a connector, or of its index, is created nevertheless.", "rejects-atomically", unready),
		f("connector-guessed", "A request without id is taken for the newest connector.", "required", anyConnector),
		f("capitals-refused", "A job_type in capitals is rejected.", "any-case", refuse(has(capitals, "job_type"), "x_content_parse_exception", "Unknown ConnectorSyncJobType")),
		f("capitals-default", "A trigger_method in capitals is passed over.", "any-case", without("trigger_method", capitals)),
		f("empty-id-any", "An empty id is taken for the newest connector.", "empty-id", when(asks("id", ""), anyConnector, without("id", isEmpty))),
		f("null-dropped", "A job_type of null is passed over.", "type", without("job_type", isNull)),
		f("array-as-text", "A job_type in an array is read.", "type", editField("job_type", inPlaceOf(isArray, "full"))),
		f("boolean-as-default", "A trigger_method that is a boolean is passed over.", "type", without("trigger_method", isBoolean)),
		f("none-as-empty", "A request without a body is taken for one with an empty object.", "body.required", noneAsEmpty),
		f("array-as-first", "A body that is an array is taken for its first element.", "body.object", arrayAsFirst),
		f("malformed-completed", "A body that is cut off is read as far as it goes.", "body.well-formed", completeBody),
		f("unknown-dropped", "Unknown fields are passed over.", "body.unknown-field", dropUnknown("id", "job_type", "trigger_method")),
		f("last-of-two", "The last of two values of a field counts.", "body.duplicate-key", lastOfTwo),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("text-accepted", "A body sent as text/plain is read as JSON.", "headers.media-type", anyTypeAsJSON),
		f("without-index", "A sync job is created for a connector without an index.", "needs-index", when(withoutIndex, request(func(c *call) *response {
			return reference.NewResponse(201, xcontent.NewObject("id", newJobID(c)))
		}))),
		f("deleted-connector-404", "A connector that is marked as deleted cannot get a sync job.", "deleted-connector", when(deleted, fails(func(c *call) *failure {
			return eserr.NotFound("Connector with id '%s' does not exist.", sentText(c, "id"))
		}))),
	}
}

// copyFaults store a new sync job as something else.
func copyFaults() []Fault {
	f := jobs("create", "create-job").fault
	stored := func(id, what, req string, do change) Fault { return f(id, what, req, stores(do)) }
	// copies changes the copy of the connector.
	copies := func(id, what, req string, change func(connector, snapshot *object)) Fault {
		return f(id, what, req, storesFrom(func(c *call, _ doc, next *object) {
			if d, found := sentConnector(c); found {
				snapshot := next.Object("connector").Clone()
				change(d.Source, snapshot)
				next.Set("connector", snapshot)
			}
		}))
	}
	lost := func(id, what, field string) Fault {
		return copies(id+"-lost", what, "copies", func(_, snapshot *object) { snapshot.Delete(field) })
	}
	same := func(id, what, req, field, from, to string) Fault {
		return f(id, what, req, when(asks(field, from), stores(set(field, to))))
	}
	// filtering copies something of the first rules of the connector.
	filtering := func(id, what string, of func(first any) any) Fault {
		return copies(id, what, "copies-filtering", func(connector, snapshot *object) {
			if list, ok := connector.Get("filtering").([]any); ok && len(list) > 0 {
				snapshot.Set("filtering", xcontent.CloneValue(of(list[0])))
			}
		})
	}
	return []Fault{
		f("copy-follows", "A sync job shows its connector as that is now.", "copy-stays", step{read: following}.effect).on("get-job", "get-doc"),
		f("deleted-with-connector", "The deletion of a connector cancels its sync jobs.", "copy-stays", cancelsJobs(successful)).on("delete-connector"),
		stored("initial-total", "total_document_count of a new sync job is 1.", "initial", set(totalCount, number(1))),
		same("incremental-as-full", "A sync job that is requested as incremental is full.", "job-type", "job_type", "incremental", "full"),
		same("on-demand-as-scheduled", "A sync job that is requested on demand is scheduled.", "trigger-method", "trigger_method", "on_demand", "scheduled"),
		stored("extra-field", "A new sync job is stored with an error that is empty.", "stored", set("error", "")),
		stored("id-stored", "A new sync job is stored with its connector's id beside the copy.", "stored", func(next *object) {
			next.Set("connector_id", next.Path("connector", "id"))
		}),
		stored("hour-before", "created_at and last_seen lie an hour before the creation.", "created-at", turnAny(texts(later(-3600)), "created_at", "last_seen")),
		stored("last-seen-later", "last_seen of a new sync job lies a second after created_at.", "created-at", seenLater),
		lost("language", "The language of the connector is not copied.", "language"),
		lost("pipeline", "The pipeline of the connector is not copied.", "pipeline"),
		lost("configuration", "The configuration of the connector is not copied.", "configuration"),
		lost("service-type", "The service type of the connector is not copied.", "service_type"),
		copies("name-copied", "The name of the connector is copied, too.", "copies", func(connector, snapshot *object) { snapshot.SetIf("name", connector.Get("name")) }),
		copies("null-copied", "What the connector does not have is copied as null.", "copies", func(_, snapshot *object) {
			if !snapshot.Has("sync_cursor") {
				snapshot.Set("sync_cursor", nil)
			}
		}),
		filtering("draft-copied", "The draft of the filtering is copied in place of the active one.", func(first any) any { return first.(*object).Get("draft") }),
		filtering("filtering-whole", "The filtering is copied with its draft.", func(first any) any { return first }),
		copies("access-control-plain", "The index name of an access control sync job is that of the connector.", "access-control-index", func(connector, snapshot *object) {
			snapshot.Set("index_name", connector.Get("index_name"))
		}),
		copies("access-control-always", "The index name of every sync job is that of an access control one.", "access-control-index", func(connector, snapshot *object) {
			snapshot.Set("index_name", ".search-acl-filter-"+connector.String("index_name"))
		}),
	}
}

// following shows in a sync job what its connector is now.
func following(c *call, index string, d doc) (doc, bool) {
	connector, there := c.Server.Store().Get(reference.ConnectorIndex, connectorOf(d))
	if index != reference.JobIndex || !there {
		return d, true
	}
	snapshot := d.Source.Object("connector").Clone()
	for _, field := range []string{"service_type", "pipeline"} {
		snapshot.SetIf(field, connector.Source.Get(field))
	}
	d.Source = d.Source.Clone().Set("connector", snapshot)
	return d, true
}

// cancelsJobs cancels the sync jobs of the connector of a call.
func cancelsJobs(when test) effect {
	return after(func(c *call, r *response) {
		if !when(r) {
			return
		}
		for _, d := range jobsOf(c.Server, c.Vars[reference.ConnectorParam]) {
			force(c.Server, reference.JobIndex, d.ID, set("status", "canceled"))
		}
	})
}

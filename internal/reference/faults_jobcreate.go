package reference

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobCreateFaults are defects of the creation of sync jobs. Those of the
// answer show only where the connector has a sync job already: runs begin with
// the creation of one.
func jobCreateFaults() []Fault {
	return slices.Concat(creationAnswerFaults(), creationRequestFaults(), copyFaults())
}

func creationFault(id, sentence, requirement string) Fault {
	return Fault{ID: "sync-job.create." + id, Sentence: sentence, Requirements: req("sync-job.create." + requirement), ops: []string{"create-job"}}
}

// siblingOf returns a sync job of the connector that a request names.
func siblingOf(c *call) (store.Doc, bool) {
	id, _ := sent(c, "id").(string)
	for _, d := range c.server.store.All(jobIndex) {
		if id != "" && connectorOf(d) == id {
			return d, true
		}
	}
	return store.Doc{}, false
}

// further says whether the request is for a further sync job of a connector;
// the request hook has to be noteSibling.
func further(c *call) (store.Doc, bool) {
	d, ok := c.memo.(store.Doc)
	return d, ok
}

func noteSibling(c *call) *response {
	if d, found := siblingOf(c); found {
		c.memo = d
	}
	return nil
}

func creationAnswerFaults() []Fault {
	answer := func(id, sentence, requirement string, edit func(c *call, sibling store.Doc, r *response) *response) Fault {
		f := creationFault(id, sentence, requirement)
		f.request = noteSibling
		f.answer = func(c *call, r *response) *response {
			if d, ok := further(c); ok && r.status == 201 {
				return edit(c, d, r)
			}
			return r
		}
		return f
	}
	after := func(id, sentence, requirement string, edit func(c *call, sibling store.Doc)) Fault {
		f := creationFault(id, sentence, requirement)
		f.request = noteSibling
		f.after = func(c *call, r *response) {
			if d, ok := further(c); ok && r.status == 201 {
				edit(c, d)
			}
		}
		return f
	}
	instead := func(id, sentence, requirement string, make func(c *call, sibling store.Doc) *response) Fault {
		f := creationFault(id, sentence, requirement)
		f.request = func(c *call) *response {
			if d, found := siblingOf(c); found {
				return make(c, d)
			}
			return nil
		}
		return f
	}
	code := func(id, sentence, requirement string, hook answerHook) Fault {
		f := creationFault(id, sentence, requirement)
		f.answer = hook
		return f
	}
	return []Fault{
		instead("reused", "A further request for a sync job is answered with the id of the one that there is.", "route", func(_ *call, d store.Doc) *response {
			return newResponse(201, xcontent.NewObject("id", d.ID))
		}),
		instead("one-only", "A further sync job of a connector is refused.", "several", func(c *call, _ store.Doc) *response {
			return errorResponse(c, eserr.StatusException(400, "The connector has a sync job already."))
		}),
		answer("code-200", "The creation of a sync job is answered with 200.", "code.201", func(c *call, _ store.Doc, r *response) *response {
			return restatus(201, 200)(c, r)
		}),
		answer("example-refused", "A request with all three fields is answered with 500.", "example", func(c *call, _ store.Doc, r *response) *response {
			if sent(c, "job_type") != nil && sent(c, "trigger_method") != nil {
				return restatus(201, 500)(c, r)
			}
			return r
		}),
		answer("id-of-another", "The creation of a sync job is answered with the id of another.", "id", func(_ *call, d store.Doc, r *response) *response {
			r.body = xcontent.NewObject("id", d.ID)
			return r
		}),
		after("touches-connector", "The creation of a sync job touches the connector.", "connector", func(c *call, d store.Doc) {
			c.server.force(connectorIndex, connectorOf(d), func(o *xcontent.Object) { o.Set("sync_now", false) })
		}),
		after("touches-siblings", "The creation of a sync job touches another one.", "siblings", func(c *call, d store.Doc) {
			c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("last_seen", moved(o.String("last_seen"), 1)) })
		}),
		after("cancels-siblings", "The creation of a sync job cancels another one.", "siblings", func(c *call, d store.Doc) {
			c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("status", "canceled") })
		}),
		code("code-422", "A malformed request for a sync job is answered with 422.", "code.400", restatus(400, 422)),
		code("code-410", "A request for a sync job of a connector that does not exist is answered with 410.", "code.404", restatus(404, 410)),
		code("unknown-connector-unnamed", "The report of an unknown connector does not name it.", "unknown-connector",
			editReason(404, func(string) string { return "The connector does not exist." })),
		code("unproduced", "The rejection of a request for a sync job has no product header.", "headers", setHeader(unsuccessful, "X-Elastic-Product", "")),
		code("text", "The rejection of a request for a sync job is sent as text/plain.", "headers", setHeader(unsuccessful, "Content-Type", "text/plain; charset=UTF-8")),
		code("empty-id-type", "An empty id is reported as illegal_argument_exception.", "empty-id", retype(400, "action_request_validation_exception", "illegal_argument_exception")),
		code("kinds-uncaused", "The rejection of an unknown kind does not tell which.", "rejects-unknown-kinds", editError(400, func(e *xcontent.Object) { e.Delete("caused_by") })),
		code("needs-index-type", "A connector without an index is reported as illegal_argument_exception.", "needs-index", retype(400, "status_exception", "illegal_argument_exception")),
	}
}

func creationRequestFaults() []Fault {
	f := func(id, sentence, requirement string, hook requestHook) Fault {
		fault := creationFault(id, sentence, requirement)
		fault.request = hook
		return fault
	}
	// anyConnector takes a connector where the request names none.
	anyConnector := editBody(func(c *call, body *xcontent.Object) {
		if all := c.server.store.All(connectorIndex); !body.Has("id") && len(all) > 0 {
			body.Set("id", all[len(all)-1].ID)
		}
	})
	capitals := func(v any) bool {
		s, _ := v.(string)
		return s != strings.ToLower(s)
	}
	known := []string{"id", "job_type", "trigger_method"}
	creates := creationFault("rejected-creates", "A rejected request for a sync job creates one nevertheless.", "rejects-atomically")
	creates.request, creates.after = noteSibling, func(c *call, r *response) {
		if d, ok := further(c); ok && r.status == 400 {
			_, _ = c.server.store.Put(jobIndex, c.server.newID(generatedID), d.Source, store.Absent)
		}
	}
	unready := creationFault("unready-creates", "A sync job that is refused for want of a connector, or of its index, is created nevertheless.", "rejects-atomically")
	unready.after = func(c *call, r *response) {
		id, ok := sent(c, "id").(string)
		if !ok || r.status < 400 || slices.ContainsFunc(c.server.store.All(jobIndex), func(d store.Doc) bool { return connectorOf(d) == id }) {
			return
		}
		job := xcontent.NewObject("connector", xcontent.NewObject("id", id), "status", "pending", "created_at", estime.Write(c.server.now()))
		_, _ = c.server.store.Put(jobIndex, c.server.newID(generatedID), job, store.Absent)
	}
	return []Fault{
		creates, unready,
		f("connector-guessed", "A request without id is taken for the newest connector.", "required", anyConnector),
		f("capitals-refused", "A job_type in capitals is rejected.", "any-case", refuse(has("job_type", capitals), "x_content_parse_exception", "Unknown ConnectorSyncJobType")),
		f("capitals-default", "A trigger_method in capitals is passed over.", "any-case", without("trigger_method", capitals)),
		f("empty-id-any", "An empty id is taken for the newest connector.", "empty-id", func(c *call) *response {
			if sent(c, "id") == "" {
				_ = without("id", func(any) bool { return true })(c)
				return anyConnector(c)
			}
			return nil
		}),
		f("null-dropped", "A job_type of null is passed over.", "type", without("job_type", isNull)),
		f("array-as-text", "A job_type in an array is read.", "type", editField("job_type", inPlaceOf(isArray, "full"))),
		f("boolean-as-default", "A trigger_method that is a boolean is passed over.", "type", without("trigger_method", isBoolean)),
		f("none-as-empty", "A request without a body is taken for one with an empty object.", "body.required", func(c *call) *response {
			if len(c.body) == 0 {
				c.body = []byte("{}")
				c.header = c.header.Clone()
				c.header.Set("Content-Type", "application/json")
			}
			return nil
		}),
		f("array-as-first", "A body that is an array is taken for its first element.", "body.object", arrayAsFirst),
		f("malformed-completed", "A body that is cut off is read as far as it goes.", "body.well-formed", completeBody),
		f("unknown-dropped", "Unknown fields are passed over.", "body.unknown-field", dropUnknown(known)),
		f("last-of-two", "The last of two values of a field counts.", "body.duplicate-key", reencode),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("text-accepted", "A body sent as text/plain is read as JSON.", "headers.media-type", readAsJSON),
		f("without-index", "A sync job is created for a connector without an index.", "needs-index", func(c *call) *response {
			id, _ := sent(c, "id").(string)
			if d, found := c.server.store.Get(connectorIndex, id); found && d.Source.String("index_name") == "" {
				return newResponse(201, xcontent.NewObject("id", c.server.newID(generatedID)))
			}
			return nil
		}),
		f("deleted-connector-404", "A connector that is marked as deleted cannot get a sync job.", "deleted-connector", func(c *call) *response {
			id, _ := sent(c, "id").(string)
			if d, found := c.server.store.Get(connectorIndex, id); found && d.Source.Get("deleted") == true {
				return errorResponse(c, eserr.NotFound("Connector with id '%s' does not exist.", id))
			}
			return nil
		}),
	}
}

// copyFaults store a new sync job as something else.
func copyFaults() []Fault {
	f := func(id, sentence, requirement string, edit func(c *call, next *xcontent.Object)) Fault {
		fault := creationFault(id, sentence, requirement)
		fault.write = func(c *call, _ store.Doc, next *xcontent.Object) { edit(c, next) }
		return fault
	}
	inCopy := func(edit func(c *call, connector, snapshot *xcontent.Object)) func(*call, *xcontent.Object) {
		return func(c *call, next *xcontent.Object) {
			snapshot := next.Object("connector").Clone()
			d, _ := c.server.store.Get(connectorIndex, snapshot.String("id"))
			if d.Source != nil {
				edit(c, d.Source, snapshot)
				next.Set("connector", snapshot)
			}
		}
	}
	lacks := func(field string) func(*call, *xcontent.Object) {
		return inCopy(func(_ *call, _, snapshot *xcontent.Object) { snapshot.Delete(field) })
	}
	same := func(field, from, to string) func(*call, *xcontent.Object) {
		return func(c *call, next *xcontent.Object) {
			if sent(c, field) == from {
				next.Set(field, to)
			}
		}
	}
	current := Fault{
		ID: "sync-job.create.copy-follows", Sentence: "A sync job shows its connector as that is now.", Requirements: req("sync-job.create.copy-stays"), ops: []string{"get-job", "get-doc"},
		read: func(c *call, _ *activeFault, index, _ string, d store.Doc, found bool) (store.Doc, bool) {
			if !found || index != jobIndex {
				return d, found
			}
			if connector, there := c.server.store.Get(connectorIndex, connectorOf(d)); there && connector.Source != nil {
				snapshot := d.Source.Object("connector").Clone()
				for _, field := range []string{"service_type", "pipeline"} {
					snapshot.SetIf(field, connector.Source.Get(field))
				}
				d.Source = d.Source.Clone().Set("connector", snapshot)
			}
			return d, found
		},
	}
	gone := Fault{
		ID: "sync-job.create.deleted-with-connector", Sentence: "The deletion of a connector cancels its sync jobs.", Requirements: req("sync-job.create.copy-stays"), ops: []string{"delete-connector"},
		after: func(c *call, r *response) {
			for _, d := range c.server.store.All(jobIndex) {
				if successful(r) && connectorOf(d) == c.vars[connectorParam] {
					c.server.force(jobIndex, d.ID, func(o *xcontent.Object) { o.Set("status", "canceled") })
				}
			}
		},
	}
	return []Fault{
		current, gone,
		f("initial-total", "total_document_count of a new sync job is 1.", "initial", func(_ *call, next *xcontent.Object) { next.Set(totalCount, number(1)) }),
		f("incremental-as-full", "A sync job that is requested as incremental is full.", "job-type", same("job_type", "incremental", "full")),
		f("on-demand-as-scheduled", "A sync job that is requested on demand is scheduled.", "trigger-method", same("trigger_method", "on_demand", "scheduled")),
		f("extra-field", "A new sync job is stored with an error that is empty.", "stored", func(_ *call, next *xcontent.Object) { next.Set("error", "") }),
		f("id-stored", "A new sync job is stored with its connector's id beside the copy.", "stored", func(_ *call, next *xcontent.Object) {
			next.Set("connector_id", next.Object("connector").String("id"))
		}),
		f("hour-before", "created_at and last_seen lie an hour before the creation.", "created-at", func(_ *call, next *xcontent.Object) {
			next.Set("created_at", moved(next.String("created_at"), -3600)).Set("last_seen", moved(next.String("last_seen"), -3600))
		}),
		f("last-seen-later", "last_seen of a new sync job lies a second after created_at.", "created-at", func(_ *call, next *xcontent.Object) {
			next.Set("last_seen", moved(next.String("last_seen"), 1))
		}),
		f("language-lost", "The language of the connector is not copied.", "copies", lacks("language")),
		f("pipeline-lost", "The pipeline of the connector is not copied.", "copies", lacks("pipeline")),
		f("configuration-lost", "The configuration of the connector is not copied.", "copies", lacks("configuration")),
		f("service-type-lost", "The service type of the connector is not copied.", "copies", lacks("service_type")),
		f("name-copied", "The name of the connector is copied, too.", "copies", inCopy(func(_ *call, connector, snapshot *xcontent.Object) {
			snapshot.SetIf("name", connector.Get("name"))
		})),
		f("null-copied", "What the connector does not have is copied as null.", "copies", inCopy(func(_ *call, _, snapshot *xcontent.Object) {
			if !snapshot.Has("sync_cursor") {
				snapshot.Set("sync_cursor", nil)
			}
		})),
		f("draft-copied", "The draft of the filtering is copied in place of the active one.", "copies-filtering", inCopy(func(_ *call, connector, snapshot *xcontent.Object) {
			if list, ok := connector.Get("filtering").([]any); ok && len(list) > 0 {
				if first, ok := list[0].(*xcontent.Object); ok {
					snapshot.Set("filtering", xcontent.CloneValue(first.Get("draft")))
				}
			}
		})),
		f("filtering-whole", "The filtering is copied with its draft.", "copies-filtering", inCopy(func(_ *call, connector, snapshot *xcontent.Object) {
			if list, ok := connector.Get("filtering").([]any); ok && len(list) > 0 {
				snapshot.Set("filtering", xcontent.CloneValue(list[0]))
			}
		})),
		f("access-control-plain", "The index name of an access control sync job is that of the connector.", "access-control-index", inCopy(func(_ *call, connector, snapshot *xcontent.Object) {
			snapshot.Set("index_name", connector.Get("index_name"))
		})),
		f("access-control-always", "The index name of every sync job is that of an access control one.", "access-control-index", inCopy(func(_ *call, connector, snapshot *xcontent.Object) {
			snapshot.Set("index_name", ".search-acl-filter-"+connector.String("index_name"))
		})),
	}
}

package fault

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// connectorCall is a call that changes one part of a connector, for the faults
// that each of them can have alike.
type connectorCall struct {
	path, what string
	bodiless   bool
	// reads: it looks at the connector first.
	reads bool
	// always: it writes also where nothing changes.
	always bool
	// optional: nothing of its body has to be given.
	optional bool
}

var connectorCalls = []connectorCall{
	{path: "_check_in", what: "a check-in of a connector", bodiless: true, always: true},
	{path: "_name", what: "an update of the name"},
	{path: "_index_name", what: "an update of the index", reads: true},
	{path: "_service_type", what: "an update of the service type", reads: true},
	{path: "_status", what: "an update of the status", reads: true},
	{path: "_error", what: "an update of the error"},
	{path: "_configuration", what: "an update of the configuration", reads: true, always: true},
	{path: "_scheduling", what: "an update of the scheduling"},
	{path: "_pipeline", what: "an update of the pipeline"},
	{path: "_filtering", what: "an update of the filtering", reads: true},
	{path: "_filtering/_validation", what: "a validation of the filtering", reads: true},
	{path: "_filtering/_activate", what: "an activation of the filtering", bodiless: true, reads: true},
	{path: "_features", what: "an update of the features", optional: true},
	{path: "_last_sync", what: "an update of the last sync", optional: true},
	{path: "_api_key_id", what: "an update of the API key"},
	{path: "_native", what: "an update of is_native", reads: true},
}

// ofCall holds for the updates of connectors below a path.
func ofCall(path string) cond {
	return func(c *call) bool {
		rest, below := strings.CutSuffix(strings.TrimRight(c.Path, "/"), "/"+path)
		return below && c.Op == "update-connector" && strings.Count(rest, "/") == 2
	}
}

// connectorID is the id of the connector that a call is about.
func connectorID(c *call) string { return c.Vars[reference.ConnectorParam] }

// itsConnector is the connector that a call is about.
func itsConnector(c *call) (doc, bool) {
	return c.Server.Store().Get(reference.ConnectorIndex, connectorID(c))
}

func connectorExists(c *call) bool {
	_, found := itsConnector(c)
	return found
}

// isGone holds where the connector of a call is deleted softly.
func isGone(c *call) bool {
	d, found := itsConnector(c)
	return found && d.Source.Get("deleted") == true
}

func noID(c *call) bool { return connectorID(c) == "" }

// noConnector takes the connector of every call for one that does not exist.
var noConnector = fails(func(c *call) *failure { return eserr.NotFound("connector [%s] not found", connectorID(c)) })

// forceConnector changes the connector of a call.
func forceConnector(c *call, do change) {
	force(c.Server, reference.ConnectorIndex, connectorID(c), do)
}

// onConnector changes the connector of a call after answers of one kind.
func onConnector(when test, do change) effect {
	return after(func(c *call, r *response) {
		if when(r) {
			forceConnector(c, do)
		}
	})
}

// onOthers changes the other connectors after a success.
func onOthers(do change) effect {
	return after(func(c *call, r *response) {
		for _, d := range c.Server.Store().All(reference.ConnectorIndex) {
			if successful(r) && d.ID != connectorID(c) {
				force(c.Server, reference.ConnectorIndex, d.ID, do)
			}
		}
	})
}

// onItsJobs changes the sync jobs of the connector of a call after a success.
func onItsJobs(do change) effect {
	return after(func(c *call, r *response) {
		for _, d := range jobsOf(c.Server, connectorID(c)) {
			if successful(r) {
				force(c.Server, reference.JobIndex, d.ID, do)
			}
		}
	})
}

// accepts answers a rejection for a reason as an update that was made.
func accepts(reason string) effect { return insteadOf(tells(400, reason), 200, updated()) }

// rejects refuses calls as faulty.
var rejects = failsWith(eserr.IllegalArgument("it does not please the server"))

// mentions holds where the body has one of several texts in it.
func mentions(parts ...string) cond {
	return func(c *call) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return bytes.Contains(c.Body, []byte(p)) })
	}
}

func isObjectBody(c *call) bool { return bytes.HasPrefix(bytes.TrimSpace(c.Body), []byte("{")) }

func wholeJSON(c *call) bool { return isJSON(c.Body) }

// connectorUpdateFaults are defects of each update of a connector.
func connectorUpdateFaults() []Fault {
	var faults []Fault
	for _, cc := range connectorCalls {
		faults = slices.Concat(faults, cc.answers(), cc.routes(), cc.bodies())
	}
	return slices.Concat(faults, connectorViewFaults(), connectorRaceFaults())
}

// fault is one of the call's, which requirements of all updates catch.
func (cc connectorCall) fault(id, sentence, requirements string, effects ...effect) Fault {
	slug := strings.NewReplacer("_", "-", "/", "").Replace(strings.TrimPrefix(cc.path, "_"))
	return group{"connector.update." + slug + ".", "connector.update.", []string{"update-connector"}}.
		fault(id, strings.ReplaceAll(sentence, "CALL", cc.what), requirements, when(ofCall(cc.path), effects...))
}

// answers answer wrongly, or change what is not the call's.
func (cc connectorCall) answers() []Fault {
	f := cc.fault
	put := method(http.MethodPut)
	missing, deleted := "not-found.blind", f("deleted-refused", "A deleted connector is not found by CALL.", "deleted.blind", when(isGone, noConnector))
	if cc.reads {
		missing, deleted = "not-found.reads", f("deleted-found", "A deleted connector is found by CALL.", "deleted.reads", when(isGone, saysUpdated))
	}
	undone := "only-its-part"
	if !cc.bodiless && !strings.HasPrefix(cc.path, "_filtering") {
		undone += " route read-at-once"
	}
	list := []Fault{
		f("answered-only", "Nothing comes of CALL that is answered with success.", undone, when(all(put, connectorExists), saysUpdated)),
		f("code-201", "The answer to CALL has the status 201.", "answer", restatus(200, 201)),
		f("answer-acknowledged", `The answer to CALL is {"acknowledged":true}.`, "answer", rebody(200, xcontent.NewObject("acknowledged", true))),
		f("answer-extra", "The answer to CALL has a member that nobody knows.", "answer", editAnswer(200, set("took", number(1)))),
		f("updated-as-noop", "CALL that changes something is answered as one that does not.", "answer", reword(200, "updated", "noop")),
		f("touches-another-part", "CALL changes another part, too.", "only-its-part", stores(set("sync_now", true))),
		f("twice", "CALL is written twice.", "one-write", onConnector(resultIs("updated"), func(*object) {})),
		f("touches-siblings", "CALL changes other connectors, too.", "siblings", onOthers(set("sync_now", true))),
		f("touches-sync-jobs", "CALL reaches the sync jobs of the connector.", "sync-jobs", onItsJobs(set("error", "touched"))),
		f("unproduced", "The answer to CALL has no product header.", "headers", productIs(successful, "")),
		f("text", "The answer to CALL is sent as text/plain.", "headers", typeIs(successful, plainText)),
		f("not-found-type", "An unknown connector is reported as illegal_argument_exception by CALL.", missing, retype(404, "", "illegal_argument_exception")),
		f("not-found-unnamed", "The report of an unknown connector by CALL does not name it.", missing, reasonIs(404, "not found")),
		f("not-found-no-cause", "The report of an unknown connector by CALL has no root cause.", missing, errorLacks(404, "root_cause")),
		f("not-found-as-400", "An unknown connector is answered with 400 by CALL.", missing, restatus(404, 400)),
		f("not-found-creates", "An unknown connector is created by CALL that is answered with 404.", missing, respond(404, func(c *call, _ *response) {
			if !noID(c) && !isGone(c) {
				putConnector(c, connectorID(c), store.Absent)
			}
		})),
	}
	switch cc.path {
	case "_check_in":
		list = append(list,
			f("clears-error", "CALL clears its error.", "only-its-part", stores(unset("error"))),
			f("ends-sync-now", "CALL takes back that a sync was asked for.", "only-its-part", stores(set("sync_now", false))))
	case "_error":
	default:
		list = append(list, f("forgets-check-in", "CALL forgets when the connector was seen.", "only-its-part", stores(unset("last_seen"))))
	}
	if cc.path != "_filtering/_activate" && cc.path != "_check_in" {
		list = append(list, deleted)
	}
	if cc.always {
		return append(list, f("noop", "CALL that changes nothing else is not made.", "always", when(isRepeated(cc.path), says(200, "result", "noop"))))
	}
	return append(list,
		f("noop-as-updated", "CALL that changes nothing is answered as one that does.", "noop", reword(200, "noop", "updated")),
		f("noop-written", "CALL that changes nothing is written all the same.", "noop", writesAgain))
}

// isRepeated holds where the connector has been brought to where a call leads.
func isRepeated(path string) cond {
	return func(c *call) bool {
		d, found := itsConnector(c)
		if path == "_check_in" {
			return found && d.Source.Has("last_seen")
		}
		return found && d.Source.Get("status") == "configured" && sent(c, "configuration") != nil
	}
}

// routes take methods, paths and parameters wrongly.
func (cc connectorCall) routes() []Fault {
	f := cc.fault
	undone := when(connectorExists, saysUpdated)
	list := []Fault{
		f("post-accepted", "POST is taken for PUT by CALL.", "routing.methods", when(method(http.MethodPost), undone)),
		f("get-accepted", "GET is taken for PUT by CALL.", "routing.methods", when(method(http.MethodGet), undone)),
		f("delete-accepted", "DELETE is answered by CALL.", "routing.methods", when(method(http.MethodDelete), undone)),
		f("allow-missing", "The refusal of a method by CALL has no Allow header.", "routing.methods", when(not(method(http.MethodHead)), sends(status(405), "Allow", ""))),
		f("head-accepted", "HEAD is answered with 200 by CALL.", "routing.head", when(method(http.MethodHead), restatus(405, 200))),
		f("options-405", "OPTIONS is refused by CALL.", "routing.options", optionsRefused),
		f("parameter-ignored", "Unknown query parameters are passed over by CALL.", "routing.unknown-parameter", when(method(http.MethodPut), ignoreParameters)),
		f("empty-id-404", "An empty id is answered with 404 by CALL.", "id.empty", when(noID, noConnector)),
	}
	if cc.bodiless {
		return list
	}
	common := func(c *call) bool {
		return given("pretty")(c) || given("human")(c) || given("error_trace")(c) || given("filter_path")(c)
	}
	list = append(list,
		f("parameter-refused", "The query parameters of all APIs are rejected by CALL.", "routing.common-parameters", when(common, rejects)),
		f("parameter-undone", "Nothing comes of CALL with query parameters.", "routing.common-parameters", when(common, undone)),
		f("slash-undone", "Nothing comes of CALL with a slash at the end of the path.", "routing.trailing-slash", when(trailingSlash, undone)),
		f("slash-404", "A slash at the end of the path is answered with 404 by CALL.", "routing.trailing-slash", when(trailingSlash, noConnector)))
	switch cc.path {
	case "_name", "_error":
		list = append(list,
			f("pretty-ignored", "pretty is passed over by CALL.", "answer", ignorePretty),
			f("filter-path-ignored", "filter_path is passed over by CALL.", "routing.common-parameters", when(given("filter_path"), setQuery("filter_path", to("*")))))
	}
	switch cc.path {
	case "_name", "_native":
		list = append(list, f("blank-id-empty", "An id that is a blank is taken for none by CALL.", "id.decoded", when(func(c *call) bool { return connectorID(c) == " " }, rejects)))
	}
	switch cc.path {
	case "_name", "_status", "_error", "_native":
		list = append(list, f("id-not-decoded", "A percent-encoded id is not decoded by CALL.", "id.decoded", notDecoded))
	}
	return list
}

// bodies are read wrongly.
func (cc connectorCall) bodies() []Fault {
	f := cc.fault
	put := method(http.MethodPut)
	if cc.bodiless {
		return []Fault{f("body-ignored", "A body is passed over by CALL.", "body.refused", when(all(put, not(noBody)), ignoreBody))}
	}
	filled := all(put, not(noBody))
	list := []Fault{
		f("none-accepted", "A request without a body is answered by CALL as one that changes nothing.", "body.required", when(all(put, noBody), says(200, "result", "noop"))),
		f("any-json-accepted", "A body that is no object is passed over by CALL.", "body.object", when(all(filled, not(isObjectBody)), says(200, "result", "noop"))),
		f("malformed-accepted", "A body that is cut off is passed over by CALL.", "body.well-formed", when(all(filled, not(wholeJSON)), says(200, "result", "noop"))),
		f("unknown-accepted", "Unknown fields are passed over by CALL.", "body.unknown-field", editBody(unset("surprise", "status2", "id", "deleted", "sync_now"))),
		f("text-accepted", "A body sent as text/plain is read as JSON by CALL.", "media-type", anyTypeAsJSON),
		f("before-body", "An unknown connector is reported by CALL before the body is looked at.", "not-found.body-first",
			when(all(put, not(noID), not(noBody), not(connectorExists)), noConnector)),
	}
	if cc.path == "_name" {
		list = append(list,
			f("key-twice-accepted", "The last of two values of a field counts for CALL.", "body.well-formed", lastOfTwo),
			f("place-unsaid", "The rejection of a field by CALL does not say where it is.", "body.unknown-field", reasonOf("unknown field", func(reason string) string {
				_, what, _ := strings.Cut(reason, "] ")
				return what
			})))
	}
	if cc.optional {
		return list
	}
	empty := func(c *call) bool { return string(bytes.TrimSpace(c.Body)) == "{}" }
	return append(list, f("empty-accepted", "An empty object is passed over by CALL.", "body.required-field", when(all(put, empty), says(200, "result", "noop"))))
}

// connectorViewFaults show updates too late, or as something else.
func connectorViewFaults() []Fault {
	f := alike("connector.update.").fault
	long := func(c *call) bool { return len(c.Body) > 1<<20 }
	lists, gets := []string{"list-connectors"}, []string{"get-connector"}
	return []Fault{
		f("list-lacks-last-part", "Lists leave out what was set after the creation.", "visible", listed(unset("error", "pipeline", "features", "last_sync_error", "api_key_id"))).on(lists...),
		f("list-lacks-check-in", "Lists leave out when connectors were seen.", "visible", listed(unset("last_seen"))).on(lists...),
		f("list-without-configuration", "Lists show no configuration.", "visible-at-once visible", listed(set("configuration", xcontent.NewObject()))).on(lists...),
		f("list-without-native", "Lists show no connector as native.", "visible-at-once visible", listed(set("is_native", false))).on(lists...),
		f("read-without-status", "A read by id shows no status but the first.", "read-at-once both-ways route", editAnswer(200, set("status", "created"))).on(gets...),
		f("read-without-nulls", "A read by id lacks what is empty.", "both-ways", editAnswer(200, turnAny(within(each(withoutNulls)), "configuration"))).on(gets...),
		f("large.refused", "More than a megabyte is refused.", "large", when(long, failsPlainly(413, "the body is too large"))).on("update-connector"),
		f("large.lost", "More than a megabyte is answered, but not stored.", "large", when(all(long, connectorExists), saysUpdated)).on("update-connector"),
		f("large.creation-refused", "A creation of more than a megabyte is refused.", "large", when(long, failsPlainly(413, "the body is too large"))).on("create-connector"),
		f("no-such-path-accepted", "Whatever stands below a connector is answered as an update.", "routing.no-such-path",
			when(all(op(""), method(http.MethodPut), func(c *call) bool { return strings.HasPrefix(c.Path, "/_connector/") }), instead(400, 200, updated()))).on(),
	}
}

// connectorRaceFaults let writers into each other's way.
func connectorRaceFaults() []Fault {
	f := alike("connector.update.concurrent.", "update-connector").fault
	// slow lets others come in between, which conflicts follow from.
	slow := step{merge: func(_ *call, _ doc, _ *object, plain merged) (*object, bool, *failure) {
		defer time.Sleep(crowdPause)
		return plain()
	}}.effect
	half := respond(409, func(c *call, _ *response) {
		if body := bodyOf(c); body != nil && len(body.Keys()) > 1 {
			first := body.Keys()[0]
			forceConnector(c, set(first, body.Get(first)))
		}
	})
	return []Fault{
		f("last-writer-wins", "Writers of a connector do not notice each other: the last one wins.", "fields", slow, lastWins),
		f("half-stored", "An update of a connector that is answered with a version conflict is half stored.", "same", slow, half),
		f("conflict-as-500", "A version conflict of connectors is answered with 500.", "fields same", slow, restatus(409, 500)),
		f("conflict-swallowed", "A version conflict of connectors is answered as if the update had been made.", "fields", slow, saysUpdatedFor(409)),
	}
}

package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// writes edits a whole document that is about to be written.
func writes(do change) effect {
	return func(_ *call, h hooks, _ *live) hooks {
		return step{put: func(c *call, index string, old doc, next *object, on store.Condition) (doc, *failure) {
			do(next)
			return h.Put(c, index, old, next, on)
		}}.on(h)
	}
}

// creates answers a rejection for a reason as a creation that was made.
func creates(reason string) effect {
	return replace(tells(400, reason), func(c *call) *response {
		id := connectorID(c)
		if id == "" {
			id = newJobID(c)
		}
		putConnector(c, id, store.Any)
		return reference.NewResponse(201, xcontent.NewObject("id", id, "result", "created"))
	})
}

// putConnector stores a connector with next to nothing in it.
func putConnector(c *call, id string, on store.Condition) {
	_, _ = c.Server.Store().Put(reference.ConnectorIndex, id, xcontent.NewObject("name", "", "status", "created", "deleted", false), on)
}

// namesOwnIndex holds where a call names the index that its connector has.
func namesOwnIndex(c *call) bool {
	d, found := itsConnector(c)
	return found && sentText(c, "index_name") != "" && d.Source.String("index_name") == sentText(c, "index_name")
}

// indexOfGone holds where the index that a call names is that of a connector
// that is deleted.
func indexOfGone(c *call) bool {
	for _, d := range c.Server.Store().All(reference.ConnectorIndex) {
		if d.Source.Get("deleted") == true && d.ID != connectorID(c) && d.Source.String("index_name") == sentText(c, "index_name") && d.Source.Has("index_name") {
			return true
		}
	}
	return false
}

// connectorCreateFaults are defects of creations of connectors.
func connectorCreateFaults() []Fault {
	names := []string{"name", "description", "language", "service_type"}
	isTime := func(s string) bool { return strings.HasPrefix(s, "20") }
	f := alike("connector.create.", "create-connector").fault
	put := method(http.MethodPut)
	replacing := all(put, not(noID), connectorExists)
	// keeps leaves a part of a connector that is replaced.
	keeps := func(field string) effect {
		return when(replacing, func(c *call, h hooks, l *live) hooks {
			before, _ := itsConnector(c)
			return writes(func(o *object) { o.SetIf(field, before.Source.Get(field)) })(c, h, l)
		})
	}
	isNative := func(c *call) bool { v := sent(c, "is_native"); return v == true || v == "true" }
	faults := []Fault{
		f("answered-only", "Nothing comes of a creation that is answered with success.", "route defaults", when(all(put, not(noID), not(connectorExists), not(mentions("service_type"))), answer(func(c *call, _ *response) *response {
			remove(c.Server, reference.ConnectorIndex, connectorID(c))
			return reference.NewResponse(201, xcontent.NewObject("id", connectorID(c), "result", "created"))
		}))),
		f("slash-400", "A slash at the end of the path of a creation is refused.", "route", when(trailingSlash, rejects)),
		f("code-200", "A creation is answered with status 200.", "answer", restatus(201, 200)),
		f("answer-without-id", "The answer to a creation has no id.", "answer id.made", editAnswer(201, unset("id"))),
		f("answer-updated", "A creation is answered as an update.", "answer", reword(201, "created", "updated")),
		f("enabled", "The schedules of a new connector are enabled.", "defaults", writes(turnAny(within(inPlaceOf(equals(false), true)), "scheduling"))),
		f("edited", "The filtering of a new connector is edited.", "defaults", writes(turnAny(func(v any) any { return reworded(v, "valid", "edited") }, "filtering"))),
		f("without-default-rule", "The filtering of a new connector has no rule.", "defaults", writes(turnAny(within(each(turnAny(always([]any{}), "rules"))), "filtering"))),
		f("language-en", "The language of a new connector is en where none is given.", "defaults", writes(func(o *object) {
			if !o.Has("language") {
				o.Set("language", "en")
			}
		})),
		f("times-differ", "The draft of a new connector is a second later than the active filtering.", "one-time", writes(func(o *object) {
			if list, ok := o.Get("filtering").([]any); ok && len(list) > 0 {
				if first, ok := list[0].(*object); ok {
					turnAny(within(texts(where(isTime, later(1)))), "draft")(first)
				}
			}
		})),
		f("name-trimmed", "Texts of a new connector are stored without blanks around them.", "fields", editBody(turnAny(texts(strings.TrimSpace), names...))),
		f("text-ascii", "Texts of a new connector are stored in ASCII.", "fields", editBody(turnAny(texts(ascii), names...))),
		f("description-dropped", "The description of a new connector is not stored.", "fields", writes(unset("description"))),
		f("body-needed", "A creation without a body is rejected.", "optional", when(all(put, noBody), rejects)),
		f("name-needed", "A creation without a name is rejected.", "optional", when(all(isObjectBody, not(mentions(`"name"`))), rejects)),
		f("null-passed-over", "null is passed over in any field.", "null", editBody(withoutNulls)),
		f("null-index-stored", "An index_name of null is stored.", "null", when(mentions(`"index_name": null`), writes(set("index_name", nil)))),
		f("null-index-refused", "index_name must not be null.", "null", when(mentions(`"index_name": null`), rejects)),
		f("type-accepted", "Values of other types are passed over.", "type", creates("doesn't support values of type: VALUE_NUMBER")),
		f("type-as-text", "true is taken for a text.", "type", editBody(turnAny(where(isBoolean, asText), append(names, "index_name")...))),
		f("boolean-text-refused", "is_native must not be a text.", "boolean", when(mentions(`"is_native": "`), failsWith(eserr.IllegalArgument("is_native is no boolean")))),
		f("boolean-any", "Any text is taken for true.", "boolean", editField("is_native", inPlaceOf(func(v any) bool { return isWord(v) && v != "false" && v != "true" }, true))),
		f("unknown-dropped", "Unknown fields are passed over.", "unknown-field", dropUnknown("name", "description", "index_name", "is_native", "language", "service_type")),
		f("status-taken", "A creation takes a status.", "unknown-field", without("status", is[string])),
		f("any-json", "A body that is no object is passed over.", "body", when(all(put, not(noBody), not(isObjectBody)), creates("Expected START_OBJECT"))),
		f("malformed", "A body that is cut off is passed over.", "body", when(all(not(noBody), not(wholeJSON)), creates("["))),
		f("text-accepted", "A body sent as text/plain is read as JSON.", "media-type", anyTypeAsJSON),
		f("index-name-any", "Any index_name is taken.", "index-name.illegal", creates("Invalid index name")),
		f("index-name-long", "An index_name may be longer than 255 bytes.", "index-name.illegal", creates("index name is too long")),
		f("index-name-why", "It is not said what is wrong with an index_name.", "index-name.illegal", reasonOf("Invalid index name", func(string) string { return "Validation Failed: 1: bad index name;" })),
		f("index-name-lower", "An index_name must not have capitals.", "index-name.legal", when(mentions(`"A-`), rejects)),
		f("index-name-dot", "An index_name must not begin with a dot.", "index-name.legal", when(mentions(`"index_name": ".e`), rejects)),
		f("index-in-use", "The index of another connector is taken.", "index-name.in-use", creates("is used by another connector")),
		f("index-in-use-small", "Two names of indices are the same where they differ in capitals.", "index-name.in-use", when(func(c *call) bool {
			return slices.ContainsFunc(c.Server.Store().All(reference.ConnectorIndex), func(d doc) bool {
				one, other := d.Source.String("index_name"), sentText(c, "index_name")
				return one != other && strings.EqualFold(one, other)
			})
		}, rejects)),
		f("index-in-use-type", "An index in use is reported as illegal_argument_exception.", "index-name.in-use", retype(400, "status_exception", "illegal_argument_exception")),
		f("index-own", "A connector cannot be replaced with its own index.", "index-name.own", when(all(replacing, namesOwnIndex), rejects)),
		f("index-not-freed", "The index of a deleted connector stays taken.", "index-name.freed", when(indexOfGone, rejects)),
		f("index-not-freed-hard", "An index that a connector had is never free again.", "index-name.freed", when(all(put, not(noBody), func(c *call) bool {
			return strings.HasSuffix(connectorID(c), "-2") && !anyConnector(c, strings.TrimSuffix(connectorID(c), "-2"))
		}), rejects)),
		f("index-none-once", "Only one connector may have no index.", "index-name.none", when(all(put, func(c *call) bool { return strings.HasSuffix(connectorID(c), "-3") }), rejects)),
		f("native-created", "A native connector begins as created.", "native", writes(set("status", "created"))),
		f("native-prefix", "A native connector may have any index.", "native.prefix", creates("must start with the prefix: [content-]")),
		f("native-prefix-always", "A native connector needs an index.", "native.prefix", when(all(isNative, not(mentions(`"index_name": "`))), rejects)),
		f("replaced-as-created", "A replacement is answered as a creation.", "replaces answer", reword(200, "updated", "created")),
		f("replaced-merged", "A replacement leaves what is not given.", "replaces", when(replacing, func(c *call, h hooks, l *live) hooks {
			before, _ := itsConnector(c)
			return writes(func(o *object) {
				for _, k := range before.Source.Keys() {
					if !o.Has(k) {
						o.Set(k, before.Source.Get(k))
					}
				}
			})(c, h, l)
		})),
		f("replaced-keeps-status", "A replaced connector keeps its status.", "replaces", keeps("status")),
		f("replaced-keeps-cursor", "A replaced connector keeps the cursor of its last sync.", "replaces", keeps("sync_cursor")),
		f("replaced-keeps-last-seen", "A replaced connector has been seen.", "replaces", keeps("last_seen")),
		f("replaced-keeps-custom-schedules", "A replaced connector keeps its custom schedules.", "replaces", keeps("custom_scheduling")),
		f("replaced-refused", "A connector that is there cannot be replaced.", "replaces index-name.own", when(all(replacing, not(isGone)), failsWith(eserr.New(409, "version_conflict_engine_exception", "document already exists")))),
		f("not-revived", "A deleted connector stays deleted when it is created again.", "revives", when(all(replacing, isGone), writes(set("deleted", true)))),
		f("touches-others", "A creation touches other connectors.", "others", onOthers(set("sync_now", true))),
		f("sync-jobs-lost", "The sync jobs of a replaced connector are deleted.", "sync-jobs", when(replacing, after(func(c *call, _ *response) { removeJobs(c.Server, ofConnector(connectorID(c))) }))),
		f("id-slash", "An id must not have a slash.", "id.any", when(func(c *call) bool { return strings.Contains(connectorID(c), "/") }, rejects)),
		f("id-underscore", "An id must not begin with an underscore.", "id.any", when(func(c *call) bool { return strings.HasPrefix(connectorID(c), "_") }, rejects)),
		f("id-lower-case", "Ids are answered in small letters.", "id.any answer", editAnswer(201, turn("id", strings.ToLower))),
		f("id-latin-lost", "An id with letters beyond ASCII is shown without them.", "id.any", editAnswer(200, turn("id", func(s string) string { return strings.ReplaceAll(s, "ü", "u") }))).on("get-connector"),
		f("id-long-lost", "An id of more than 300 bytes is not found.", "id.any", when(func(c *call) bool { return len(connectorID(c)) > 300 }, noConnector)).on("get-connector", "update-connector"),
		f("id-too-long", "An id may be longer than 512 bytes.", "id.too-long", creates("is too long, must be no longer")),
		f("id-fixed", "The server always makes up the same id.", "id.made answer", when(noID, editAnswer(201, set("id", "aaaaaaaaaaaaaaaaaaaa")))),
		f("post-bare", "POST stores a connector without its defaults.", "post", when(method(http.MethodPost), writes(unset("scheduling")))),
		f("post-lenient", "POST takes what PUT rejects.", "type unknown-field null body index-name.illegal native.prefix", when(method(http.MethodPost), creates("["))),
		f("no-limit", "Texts have no limit.", "too-long", unmapped),
		f("description-limit", "A description must not be longer than other texts.", "too-long", when(func(c *call) bool { return len(c.Body) > maxTerm && mentions(`"description"`)(c) }, rejects)),
		f("hidden", "A new connector is not yet in lists.", "visible", listsNone).on("list-connectors"),
		f("patch-accepted", "Other methods are taken.", "routing.methods", instead(405, 200, updated())).on("create-connector", "get-connector", "list-connectors", "delete-connector"),
		f("allow-missing", "The refusal of a method has no Allow header.", "routing.methods", sends(status(405), "Allow", "")).on("create-connector", "get-connector", "list-connectors", "delete-connector"),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("pretty-refused", "The query parameter pretty is rejected.", "routing.common-parameters", refuseParameter("pretty")),
		f("filter-path-undone", "Nothing comes of a creation with filter_path.", "routing.common-parameters", when(all(put, given("filter_path")), says(201, "result", "created"))),
		f("unproduced", "The answer to a creation has no product header.", "headers", productIs(successful, "")),
		f("text", "The answer to a creation is sent as text/plain.", "headers", typeIs(successful, plainText)),
		f("error-text", "The rejection of a creation is sent as text/plain.", "headers", typeIs(status(400), plainText)),
	}
	for _, said := range []struct{ id, what, reqs, text string }{
		{"in-use-unnamed", "which index is in use", "index-name.in-use", "is used by another connector"},
		{"id-unsaid", "that an id is too long", "id.too-long", "is too long, must be no longer"},
		{"parameter-unnamed", "which query parameter is unknown", "routing.unknown-parameter", "unrecognized parameter"},
		{"prefix-unsaid", "which prefix the index of a native connector needs", "native.prefix", "must start with the prefix"},
		{"type-unnamed", "which field has a number", "type", "values of type: VALUE_NUMBER"},
		{"unknown-unnamed", "which field is unknown", "unknown-field", "unknown field"},
		{"null-unnamed", "which field is null", "null", "VALUE_NULL"},
	} {
		faults = append(faults, f(said.id, "The rejection of a creation does not say "+said.what+".", said.reqs, reasonOf(said.text, func(string) string { return "it does not please the server" })))
	}
	return append(faults, group{"connector.create.id-reserved.", "connector.create.", nil}.fault("taken", "_sync_job may be the id of a connector.", "id.reserved",
		when(func(c *call) bool { return strings.TrimRight(c.Path, "/") == "/_connector/_sync_job" }, instead(405, 201, xcontent.NewObject("id", "_sync_job", "result", "created")))))
}

func anyConnector(c *call, id string) bool {
	_, found := c.Server.Store().Get(reference.ConnectorIndex, id)
	return found
}

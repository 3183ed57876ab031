package fault

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// partOf makes faults of one update of connectors.
func partOf(area, path string) func(id, sentence, requirements string, effects ...effect) Fault {
	f := alike("connector."+area+".", "update-connector").fault
	return func(id, sentence, requirements string, effects ...effect) Fault {
		return f(id, sentence, requirements, when(ofCall(path), effects...))
	}
}

// The faults that parts of connectors have alike.
const (
	otherType  = "doesn't support values of type"
	notBoolean = "Failed to parse value"
)

// storesText changes texts that an update merges.
func storesText(by func(s string) string, fields ...string) effect {
	return changes(turnAny(texts(by), fields...))
}

func firstThree(s string) string { return s[:min(len(s), 3)] }

// inside changes every value below a field of what an update merges.
func inside(field string, by mapping) effect { return storeField(field, within(by)) }

// insideObjects changes every object below a field of what an update merges.
func insideObjects(field string, do change) effect { return inside(field, each(do)) }

// inPlaceOfOld has a field take the place of the old one as a whole.
func inPlaceOfOld(field string) effect { return storeField(field, asReplacement) }

// keepsOld leaves a field as it was where it was there.
func keepsOld(field string) effect {
	return changesFrom(func(_ *call, old doc, partial *object) { partial.SetIf(field, old.Source.Get(field)) })
}

// storesSent stores fields as they were sent.
func storesSent(fields ...string) effect {
	return changesFrom(func(c *call, _ doc, partial *object) {
		for _, k := range fields {
			partial.SetIf(k, sent(c, k))
		}
	})
}

// clearsOthers clears those of several fields that are not given.
func clearsOthers(fields ...string) effect {
	return changesFrom(func(_ *call, old doc, partial *object) {
		for _, k := range fields {
			if !partial.Has(k) && old.Source.Has(k) {
				partial.Set(k, "")
			}
		}
	})
}

// connectorPartFaults are defects of single updates of connectors.
func connectorPartFaults() []Fault {
	return slices.Concat(detailFaults(), statusFaults(), apiKeyFaults(), pipelineFaults(), scheduleFaults(), featureFaults(), lastSyncFaults())
}

func detailFaults() []Fault {
	name, index, kind := partOf("name", "_name"), partOf("index-name", "_index_name"), partOf("service-type", "_service_type")
	names := []string{"name", "description"}
	return []Fault{
		name("cut", "Names and descriptions are stored with three letters.", "fields", storesText(firstThree, names...)),
		name("trimmed", "Names and descriptions are stored without blanks around them.", "fields", storesText(strings.TrimSpace, names...)),
		name("one-line", "Descriptions are stored without line breaks.", "fields", storesText(func(s string) string { return strings.ReplaceAll(s, "\n", " ") }, "description")),
		name("description-dropped", "A description is not stored.", "fields null", drop("description")),
		name("empty-dropped", "An empty text is not stored.", "fields", changes(unsetIf(isEmpty, names...))),
		name("other-cleared", "What is not given is cleared.", "fields null", clearsOthers(names...)),
		name("null-accepted", "Nothing but null is passed over.", "null", accepts("cannot both be [null]")),
		name("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		index("lower-case", "An index is stored in small letters.", "stored", storesText(strings.ToLower, "index_name")),
		index("legal-refused", "An index must not begin with a dot.", "stored", when(mentions(`": ".`), mayReject("."))),
		index("null-refused", "null is no index.", "null", when(mentions("null"), rejects)),
		index("null-kept", "null leaves the index as it is.", "null", changes(withoutNulls)),
		index("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		index("illegal-accepted", "Any name is taken.", "illegal", accepts("Invalid index name")),
		index("illegal-why", "It is not said what is wrong with an index_name.", "illegal", reasonOf("Invalid index name", func(string) string { return "Validation Failed: 1: bad index name;" })),
		index("in-use-accepted", "The index of another connector is taken.", "in-use", accepts("is used by another connector")),
		index("in-use-first", "A connector without an index may get that of another.", "in-use", when(itsConnectorIs(func(o *object) bool { return !o.Has("index_name") }), accepts("is used by another connector"))),
		index("in-use-own", "A connector's own index is in use.", "in-use", when(namesOwnIndex, rejects)),
		index("in-use-later", "An unknown connector is reported before an index in use.", "in-use", when(not(connectorExists), noConnector)),
		index("not-freed", "The index of a deleted connector stays taken.", "freed", when(indexOfGone, rejects)),
		index("not-freed-hard", "An index with another's name is never free again.", "freed", when(func(c *call) bool {
			name := sentText(c, "index_name")
			return strings.Count(name, "-") == 2 && !strings.HasPrefix(name, "content") && !anyConnector(c, name)
		}, rejects)),
		index("native-accepted", "A native connector may have any index.", "native", accepts("Index attached to an Elastic-managed connector")),
		index("native-refused", "A native connector keeps its index.", "native", when(itsConnectorIs(func(o *object) bool { return o.Get("is_native") == true }), rejects)),
		kind("cut", "A service type is stored with three letters.", "stored", storesText(firstThree, "service_type")),
		kind("trimmed", "A service type is stored without blanks around it.", "stored", storesText(strings.TrimSpace, "service_type")),
		kind("first-refused", "A connector without a service type cannot get one.", "stored", when(itsConnectorIs(func(o *object) bool { return !o.Has("service_type") }), rejects)),
		kind("empty-accepted", "A service type may be empty.", "empty", accepts("[service_type] cannot be [null] or")),
		kind("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		kind("status-kept", "A service type leaves the status as it is.", "status", drop("status")),
		kind("status-always", "A service type brings a created connector into needs_configuration.", "status stored", storeField("status", always("needs_configuration"))),
	}
}

// mayReject refuses an index that begins with a sign and is otherwise legal.
func mayReject(sign string) effect {
	return when(func(c *call) bool { s := sentText(c, "index_name"); return strings.HasPrefix(s, sign) && len(s) > 2 }, rejects)
}

// itsConnectorIs holds where the connector of a call is such.
func itsConnectorIs(is func(*object) bool) cond {
	return func(c *call) bool {
		d, found := itsConnector(c)
		return found && is(d.Source)
	}
}

func statusFaults() []Fault {
	st, er, in := partOf("status", "_status"), partOf("error", "_error"), partOf("check-in", "_check_in")
	errorIs := func(v any, status string) effect {
		return changes(func(partial *object) {
			if partial.Get("error") == v {
				partial.Set("status", status)
			}
		})
	}
	from := func(status string) cond {
		return itsConnectorIs(func(o *object) bool { return o.String("status") == status })
	}
	list := []Fault{
		st("not-connected", "No connector becomes connected.", "allowed", storeField("status", inPlaceOf(equals("connected"), "configured"))),
		st("error-not-left", "A connector stays in error.", "allowed", when(all(from("error"), not(mentions(`"error"`))), rejects)),
		st("clears-error", "A status clears the error.", "error-kept", stores(unset("error"))),
		st("makes-error", "The status error makes an error.", "error-kept", stores(set("error", "unknown"))),
		st("same-refused", "The status that a connector has is rejected.", "same", when(func(c *call) bool {
			d, found := itsConnector(c)
			return found && d.Source.Get("status") == sent(c, "status")
		}, fails(func(c *call) *failure {
			return eserr.StatusException(400, "Invalid transition attempt from [%[1]s] to [%[1]s]. Such a status transition is not supported by the Connector Protocol.", sentText(c, "status")).
				CausedBy(eserr.JavaError("connector_invalid_status_transition_exception", "from [%[1]s] to [%[1]s]", sentText(c, "status")))
		}))),
		st("refused-accepted", "Any status may follow any other.", "refused", accepts("Invalid transition attempt")),
		st("refused-type", "A status that may not follow is reported as illegal_argument_exception.", "refused", retype(400, "status_exception", "illegal_argument_exception")),
		st("refused-no-cause", "A status that may not follow is reported without a cause.", "refused", editError(400, func(e *object) {
			if e.String("type") == "status_exception" {
				e.Delete("caused_by")
			}
		})),
		st("unknown-accepted", "Statuses that do not exist are passed over.", "unknown", accepts("Unknown ConnectorStatus")),
		st("unknown-unnamed", "A status that does not exist is not named.", "unknown", editError(400, func(e *object) {
			if cause := e.Object("caused_by"); cause != nil && strings.HasPrefix(cause.String("reason"), "Unknown ConnectorStatus") {
				cause.Set("reason", "Unknown ConnectorStatus.")
			}
		})),
		st("case-refused", "A status must be written in small letters.", "case", when(func(c *call) bool { s := sentText(c, "status"); return s != strings.ToLower(s) }, rejects)),
		st("case-kept", "A status is stored in the letters that it is given in.", "case", storesSent("status")),
		st("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		er("status-kept", "An error leaves the status as it is.", "set cleared empty text", drop("status")),
		er("cleared-error", "An error of null leaves a connector in error.", "cleared", errorIs(nil, "error")),
		er("cleared-configured", "An error of null brings a connector into configured.", "cleared", errorIs(nil, "configured")),
		er("empty-error", "An empty error brings a connector into error.", "empty", errorIs("", "error")),
		er("connected-kept", "An error leaves a connected connector connected.", "set", when(from("connected"), errorIs("boom", "connected"))),
		er("text-cut", "An error is stored with three letters.", "text set", storesText(firstThree, "error")),
		er("text-one-line", "An error is stored without line breaks.", "text", storesText(func(s string) string { return strings.ReplaceAll(s, "\n", " ") }, "error")),
		er("text-trimmed", "An error is stored without blanks around it.", "text", storesText(strings.TrimSpace, "error")),
		er("first-kept", "A second error does not take the place of the first.", "text", keepsOld("error")),
		er("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		in("an-hour-ago", "A check-in sets last_seen to an hour ago.", "last-seen", storesText(later(-3600), "last_seen")),
		in("dropped", "A check-in does not set last_seen.", "last-seen moves", drop("last_seen")),
		in("first-kept", "A second check-in does not move last_seen.", "moves", keepsOld("last_seen")),
		in("connects", "A check-in connects a connector.", "status last-seen", stores(set("status", "connected"))),
	}
	return list
}

func apiKeyFaults() []Fault {
	key, native := partOf("api-key", "_api_key_id"), partOf("native", "_native")
	ids := []string{"api_key_id", "api_key_secret_id"}
	return []Fault{
		key("cut", "The ids of keys are stored with three letters.", "stored", storesText(firstThree, ids...)),
		key("trimmed", "The ids of keys are stored without blanks around them.", "stored", storesText(strings.TrimSpace, ids...)),
		key("secret-dropped", "The id of a secret is not stored.", "stored null", drop("api_key_secret_id")),
		key("other-cleared", "What is not given is cleared.", "stored null", clearsOthers(ids...)),
		key("null-accepted", "Nothing but null is passed over.", "null", accepts("cannot both be [null]")),
		key("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		native("dropped", "is_native is not stored.", "stored text status", drop("is_native")),
		native("never-back", "A native connector stays native.", "stored text status", storeField("is_native", always(true))),
		native("text-refused", "is_native must not be a text.", "text", when(mentions(`: "`), rejects)),
		native("text-any", "Any text is taken for is_native.", "text", accepts(notBoolean)),
		native("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		native("prefix-accepted", "A connector of any index becomes native.", "prefix", accepts("must start with the required prefix")),
		native("prefix-unnamed", "The rejection of an index does not name it.", "prefix", reasonOf("must start with the required prefix", func(string) string { return "The index must start with the required prefix" })),
		native("index-needed", "A connector without an index does not become native.", "prefix status", when(itsConnectorIs(func(o *object) bool { return o.Get("index_name") == nil }), rejects)),
		native("connected-kept", "A connected connector stays connected.", "status", drop("status")),
		native("configured-always", "is_native brings every connector into configured.", "status stored", stores(set("status", "configured"))),
	}
}

func pipelineFaults() []Fault {
	f := partOf("pipeline", "_pipeline")
	return []Fault{
		f("name-cut", "The name of a pipeline is stored as p.", "stored", insideObjects("pipeline", set("name", "p"))),
		f("name-trimmed", "The name of a pipeline is stored without blanks around it.", "stored", insideObjects("pipeline", turn("name", strings.TrimSpace))),
		f("name-lower", "The name of a pipeline is stored in small letters.", "stored", insideObjects("pipeline", turn("name", strings.ToLower))),
		f("switch-off", "Every switch of a pipeline is off.", "stored boolean unknown-field", inside("pipeline", inPlaceOf(equals(true), false))),
		f("first-kept", "A pipeline that is there is not replaced.", "stored", keepsOld("pipeline")),
		f("incomplete-accepted", "Pipelines may be incomplete.", "required", accepts("Required [")),
		f("missing-unnamed", "It is not named what a pipeline lacks.", "required", reword(400, "Required [", "Required fields [")),
		f("type-accepted", "Values of other types are passed over.", "type", accepts("[connector_ingest_pipeline]")),
		f("boolean-text-refused", "Switches must not be texts.", "boolean", when(mentions(`: "true"`, `: "false"`, `_inference": ""`), rejects)),
		f("boolean-any", "Any text is taken for a switch.", "boolean", accepts(notBoolean)),
		f("unknown-stored", "Parts that nobody knows are stored.", "unknown-field", insideObjects("pipeline", set("surprise", number(1)))),
		f("unknown-refused", "Parts that nobody knows are rejected.", "unknown-field", when(mentions("surprise"), rejects)),
		f("any-accepted", "A pipeline that is no object is passed over.", "object", accepts("pipeline doesn't support values")),
	}
}

func scheduleFaults() []Fault {
	f := partOf("scheduling", "_scheduling")
	kinds := []string{"full", "incremental", "access_control"}
	isGood := func(_ string, v any) bool {
		in, ok := v.(*object)
		return ok && in.String("interval") == "0 0 1 * * ?"
	}
	return []Fault{
		f("enabled", "Every schedule is enabled.", "boolean", inside("scheduling", inPlaceOf(equals(false), true))),
		f("interval-fixed", "Every interval is that of midnight.", "stored cron.valid unknown-field", insideObjects("scheduling", turnAny(always("0 0 0 * * ?"), "interval"))),
		f("others-reset", "Schedules that are not given are reset.", "given stored", changes(func(partial *object) {
			if s := partial.Object("scheduling"); s != nil {
				for _, k := range kinds {
					if !s.Has(k) {
						s.Set(k, xcontent.NewObject("enabled", false, "interval", "0 0 9 * * ?"))
					}
				}
			}
		})),
		f("none-accepted", "A scheduling without any schedule is passed over.", "none", accepts("at least one schedule type")),
		f("incomplete-accepted", "Schedules may be incomplete.", "required", accepts("Required [")),
		f("missing-unnamed", "It is not named what a schedule lacks.", "required", reword(400, "Required [", "Required fields [")),
		f("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		f("boolean-text-refused", "enabled must not be a text.", "boolean", when(all(mentions(`"enabled": "`), not(mentions(`"yes"`, `"TRUE"`, `"1"`))), rejects)),
		f("boolean-any", "Any text is taken for enabled.", "boolean", accepts(notBoolean)),
		f("unknown-refused", "What nobody knows is rejected.", "unknown-field", when(all(mentions("surprise"), mentions("full")), rejects)),
		f("unknown-stored", "What nobody knows is stored.", "unknown-field", insideObjects("scheduling", func(o *object) {
			if o.Has("interval") {
				o.Set("surprise", number(1))
			}
		})),
		f("cron-no-year", "An interval has no year.", "cron.valid", when(mentions("2099"), rejects)),
		f("cron-no-last", "An interval knows no last day.", "cron.valid", when(mentions("L"), rejects)),
		f("cron-blanks", "Blanks in an interval are stored as one.", "cron.valid", insideObjects("scheduling", turn("interval", func(s string) string { return strings.Join(strings.Fields(s), " ") }))),
		f("cron-any", "Any interval is taken.", "cron.invalid whole", accepts("invalid cron expression")),
		f("cron-unnamed", "An interval that is none is not named.", "cron.invalid", reword(400, "invalid cron expression", "invalid interval")),
		f("half-stored", "The good schedules of a bad scheduling are stored.", "whole", respond(400, func(c *call, _ *response) {
			if s, ok := sent(c, "scheduling").(*object); ok {
				keep(isGood)(s)
				forceConnector(c, merge("scheduling", s))
			}
		})),
	}
}

func featureFaults() []Fault {
	f := partOf("features", "_features")
	return []Fault{
		f("enabled", "Every feature is enabled.", "stored merged boolean", inside("features", inPlaceOf(equals(false), true))),
		f("rules-dropped", "Features of rules are not stored.", "stored merged boolean empty", insideObjects("features", unset("sync_rules"))),
		f("replaced", "Features that are not given are taken away.", "merged empty unknown-field", inPlaceOfOld("features")),
		f("empty-refused", "Features must not be empty.", "empty", when(func(c *call) bool {
			o, ok := sent(c, "features").(*object)
			return ok && len(o.Keys()) == 0
		}, rejects)),
		f("boolean-text-refused", "enabled must not be a text.", "boolean", when(mentions(`: "true"`, `: "false"`, `"enabled": ""`), rejects)),
		f("boolean-any", "Any text is taken for enabled.", "boolean", accepts(notBoolean)),
		f("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		f("type-number", "A number is taken for enabled.", "type", accepts("VALUE_NUMBER")),
		f("enabled-missing", "A feature may lack enabled.", "enabled", accepts("Failed to build")),
		f("unknown-refused", "Features that nobody knows are rejected.", "unknown-field", when(mentions("surprise"), rejects)),
		f("unknown-stored", "Features that nobody knows are stored.", "unknown-field", when(mentions("surprise"), storesSent("features"))),
	}
}

func lastSyncFaults() []Fault {
	f := partOf("last-sync", "_last_sync")
	counts := []string{"last_deleted_document_count", "last_indexed_document_count"}
	dates := []string{"last_synced", "last_sync_scheduled_at", "last_incremental_sync_scheduled_at", "last_access_control_sync_scheduled_at"}
	statuses := []string{"last_sync_status", "last_access_control_sync_status"}
	empty := func(c *call) bool { return string(c.Body) == "{}" }
	return []Fault{
		f("error-cut", "Errors are stored with three letters.", "stored", storesText(firstThree, "last_sync_error", "last_access_control_sync_error")),
		f("count-zero", "Counts are stored as 0.", "stored given counts", changes(turnAny(always(number(0)), counts...))),
		f("null-stored", "null takes fields away.", "given", changesFrom(func(c *call, old doc, partial *object) {
			if body := bodyOf(c); body != nil {
				for _, k := range body.Keys() {
					if body.Get(k) == nil && old.Source.Has(k) {
						partial.Set(k, nil)
					}
				}
			}
		})),
		f("others-cleared", "What is not given is cleared.", "given", changesFrom(func(_ *call, old doc, partial *object) {
			if old.Source.Has("last_sync_error") && !partial.Has("last_sync_error") && len(partial.Keys()) > 0 {
				partial.Set("last_sync_error", "")
			}
		})),
		f("empty-refused", "An empty object is rejected.", "empty", when(empty, rejects)),
		f("empty-stored", "An empty object is a change.", "empty", when(empty, stores(set("last_sync_error", "")))),
		f("type-accepted", "Values of other types are passed over.", "type", accepts(otherType)),
		f("type-number", "Numbers are passed over.", "type", accepts("VALUE_NUMBER")),
		f("counts-int", "Counts have 32 bits.", "counts", when(mentions("9223372036854775807"), rejects)),
		f("counts-rounded", "Counts are rounded up.", "counts", when(mentions("7.9"), changes(turnAny(always(number(8)), counts...)))),
		f("counts-text-refused", "Counts must not be texts.", "counts", when(mentions(`count": "7"`), rejects)),
		f("counts-any", "Counts that are none are passed over.", "counts.rejected", accepts("_document_count]")),
		f("status-case-refused", "A status must be written in small letters.", "status", when(mentions("COMPLETED"), rejects)),
		f("status-case-kept", "A status is stored in the letters that it is given in.", "status", storesSent(statuses...)),
		f("status-any", "Statuses that do not exist are passed over.", "status", accepts("Unknown ConnectorSyncStatus")),
		f("dates-as-sent", "Times are stored as they are given.", "dates", storesSent(dates...)),
		f("dates-epoch-refused", "Times must not be milliseconds.", "dates", when(mentions(`"1685`, `: "0"`), rejects)),
		f("dates-any", "Times that are none are passed over.", "dates.rejected", accepts("failed to parse field [last_")),
		f("cursor-replaced", "A cursor takes the place of the one before.", "cursor", inPlaceOfOld("sync_cursor")),
		f("cursor-whole", "Numbers in a cursor are whole.", "cursor stored", inside("sync_cursor", inPlaceOf(isDecimal, number(2)))),
		f("cursor-null-dropped", "null in a cursor is passed over.", "cursor", insideObjects("sync_cursor", withoutNulls)),
	}
}

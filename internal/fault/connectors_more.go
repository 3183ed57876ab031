package fault

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// connectorFaults are defects of the calls that are about connectors.
func connectorFaults() []Fault {
	return slices.Concat(connectorCreateFaults(), connectorReadFaults(), connectorUpdateFaults(), connectorPartFaults(),
		configurationFaults(), filteringFaults(), connectorCopyFaults(), connectorClientFaults(), connectorMediaFaults(), connectorSecurityFaults())
}

// configured changes what an update makes of a configuration, which comes as one
// in the place of another, or as values.
func configured(by mapping) effect {
	return storeField("configuration", func(v any) any {
		if r, ok := v.(xcontent.Replace); ok {
			return xcontent.Replace{Value: walk(r.Value, by)}
		}
		return v
	})
}

// fieldsOf changes the fields of a configuration that is about to be stored.
func fieldsOf(do change) effect {
	return configured(each(func(o *object) {
		if o.Has("label") && o.Has("default_value") {
			do(o)
		}
	}))
}

// withValuesOf holds for requests that set values.
func withValuesOf(c *call) bool { return sent(c, "values") != nil }

// eachField changes each field of a configuration that values are set in.
func eachField(do change) effect {
	return storeField("configuration", objects(func(o *object) *object {
		return mapped(o, func(k string, v any, out *object) { out.Set(k, each(do)(xcontent.CloneValue(v))) })
	}))
}

func asReplacement(v any) any { return xcontent.Replace{Value: v} }

func configurationFaults() []Fault {
	f := partOf("configuration", "_configuration")
	enum := func(v any) bool { return slices.Contains([]any{"TextBox", "DROPDOWN", "LESS_THAN", "Regex"}, v) }
	return []Fault{
		f("label-cut", "Labels are stored with three letters.", "stored", fieldsOf(turn("label", firstThree))),
		f("label-trimmed", "Labels are stored without blanks around them.", "stored", fieldsOf(turn("label", strings.TrimSpace))),
		f("names-lower", "Names of fields are stored in small letters.", "stored", configured(objects(func(o *object) *object {
			return mapped(o, func(k string, v any, out *object) { out.Set(strings.ToLower(k), v) })
		}))),
		f("value-trimmed", "Values are stored without blanks around them.", "value", fieldsOf(turnAny(texts(strings.TrimSpace), "value"))),
		f("defaults-missing", "Fields are stored as they are given.", "stored null", fieldsOf(unsetIf(equals(false), "required", "sensitive"))),
		f("options-dropped", "Options are not stored.", "stored lists", fieldsOf(unset("options"))),
		f("validations-dropped", "Validations are not stored.", "stored", fieldsOf(unset("validations"))),
		f("merged", "A configuration is merged into the one before.", "replaces", storeField("configuration", func(v any) any {
			if r, ok := v.(xcontent.Replace); ok {
				return r.Value
			}
			return v
		})),
		f("status-kept", "A configuration leaves the status as it is.", "status stored", drop("status")),
		f("status-kept-by-values", "Values leave the status as it is.", "status", when(withValuesOf, drop("status"))),
		f("label-missing", "A field may lack its label.", "label", accepts("Required [label]")),
		f("null-refused", "A tooltip must not be null.", "null", when(mentions(`"tooltip": null`), rejects)),
		f("null-accepted", "null is passed over anywhere.", "null", accepts("VALUE_NULL")),
		f("null-any", "A display or a label may be null.", "null", accepts("but found")),
		f("type-accepted", "Parts of other types are passed over.", "type", accepts("[connector_configuration]")),
		f("type-number", "Numbers are passed over.", "type", accepts("VALUE_NUMBER")),
		f("order-rounded", "order is rounded up.", "numbers", when(mentions("7.9"), fieldsOf(set("order", number(8))))),
		f("order-text-refused", "order must not be a text.", "numbers", when(mentions(`"order": "7"`), rejects)),
		f("order-any", "An order that is none is passed over.", "numbers", accepts("failed to parse field [order]")),
		f("boolean-text-refused", "Switches must not be texts.", "boolean", when(mentions(`": "true"`, `": "false"`), rejects)),
		f("boolean-any", "Any text is taken for a switch.", "boolean", accepts(notBoolean)),
		f("enums-any", "Words that do not exist are passed over.", "enums", accepts("Unknown Configuration")),
		f("enums-case-kept", "Words are stored in the letters that they are given in.", "enums", when(mentions("TextBox", "LESS_THAN"), configured(func(v any) any {
			switch v {
			case "textbox":
				return "TextBox"
			case "less_than":
				return "LESS_THAN"
			}
			return v
		}))),
		f("enums-case-refused", "Words must be written in small letters.", "enums", when(anyIn(enum), rejects)),
		f("single-refused", "A single option is no list.", "lists", when(mentions(`"options": {`, `"depends_on": {`, `"validations": {`), rejects)),
		f("empty-dropped", "Empty lists are not stored.", "lists", fieldsOf(keep(func(_ string, v any) bool { l, ok := v.([]any); return !ok || len(l) > 0 }))),
		f("incomplete-accepted", "Options and the like may be incomplete.", "required-inside label", accepts("Required [")),
		f("unknown-refused", "Parts that nobody knows are rejected.", "unknown-field", when(mentions("surprise"), rejects)),
		f("unknown-stored", "Parts that nobody knows are stored.", "unknown-field", when(mentions("surprise"), fieldsOf(set("surprise", number(1))))),
		f("evaluated", "A value has to be of its type.", "not-evaluated", when(all(mentions(`"value": "text"`), mentions(`"int"`)), rejects)),
		f("required-evaluated", "A field that is required needs a value.", "not-evaluated", when(mentions(`"required": true, "value": null`), rejects)),
		f("no-name-accepted", "A field may have no name.", "empty-name", accepts("field name cannot be an empty string"), accepts("document_parsing_exception")),
		f("value-text", "Every value is stored as a text.", "value not-evaluated", fieldsOf(turnAny(where(func(v any) bool { return isNumber(v) || isBoolean(v) }, asText), "value"))),
		f("value-list-accepted", "A list is passed over as a value.", "value", accepts("Unsupported token")),
		f("values-dropped", "values are not stored.", "values values.merged", when(withValuesOf, drop("configuration"))),
		f("values-more", "values change the label, too.", "values", when(withValuesOf, eachField(set("label", "changed")))),
		f("values-noop-written", "The same values again are written.", "values", when(withValuesOf, writesAgain), reword(200, "noop", "updated")),
		f("values-replaced", "An object among values replaces the stored one.", "values.merged", when(withValuesOf, eachField(turnAny(where(isObject, asReplacement), "value")))),
		f("values-unknown-accepted", "values of fields that are not there are passed over.", "values.unknown", accepts("Unknown [configuration] fields")),
		f("values-unknown-unnamed", "values of fields that are not there are not named.", "values.unknown", reasonOf("Unknown [configuration] fields", func(string) string { return "Unknown fields" })),
		f("both-accepted", "values beside a configuration are passed over.", "both", accepts("cannot both be provided")),
		f("object-accepted", "A configuration that is no object is passed over.", "object", accepts("[connector_update_configuration_request] configuration"), accepts("values doesn't support")),
	}
}

// anyIn holds where such a value is anywhere in the body.
func anyIn(is kind) cond {
	return func(c *call) (found bool) {
		if body := bodyOf(c); body != nil {
			walk(body, func(v any) any { found = found || is(v); return v })
		}
		return found
	}
}

// draft changes the draft that an update is about to store.
func draft(do change) effect { return filteringPart("draft", do) }

func filteringPart(part string, do change) effect {
	return storeField("filtering", func(v any) any {
		if list, ok := v.([]any); ok && len(list) > 0 {
			if first, ok := list[0].(*object); ok && first.Object(part) != nil {
				first = first.Clone()
				do(first.Object(part))
				return append([]any{first}, list[1:]...)
			}
		}
		return v
	})
}

// inMember changes the object that is a member of another.
func inMember(field string, do change) change { return func(o *object) { do(o.Object(field)) } }

// activeToo has the draft become active at once.
var activeToo = storeField("filtering", func(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		if first, ok := list[0].(*object); ok {
			return []any{first.Clone().Set("active", first.Get("draft"))}
		}
	}
	return v
})

// ruleList changes the rules of the draft.
func ruleList(by func(rules []any) []any) effect {
	return draft(func(o *object) {
		if rules, ok := o.Get("rules").([]any); ok {
			o.Set("rules", by(slices.Clone(rules)))
		}
	})
}

// eachRule changes each rule of the draft but the default one.
func eachRule(do change) effect {
	return ruleList(func(rules []any) []any {
		for i, r := range rules {
			if o, ok := r.(*object); ok && o.String("id") != "DEFAULT" {
				o = o.Clone()
				do(o)
				rules[i] = o
			}
		}
		return rules
	})
}

func filteringFaults() []Fault {
	return slices.Concat(draftFaults(), wholeFilteringFaults(), activationFaults())
}

func draftFaults() []Fault {
	f := partOf("filtering", "_filtering")
	isDraft := func(c *call) bool { return sent(c, "filtering") == nil }
	last := func(do change) effect {
		return ruleList(func(rules []any) []any {
			if o, ok := rules[len(rules)-1].(*object); ok {
				o = o.Clone()
				do(o)
				rules[len(rules)-1] = o
			}
			return rules
		})
	}
	inDraft := func(id, sentence, requirements string, effects ...effect) Fault {
		return f(id, sentence, requirements, when(isDraft, effects...))
	}
	return []Fault{
		inDraft("rule-cut", "The value of a rule is stored with three letters.", "rules", eachRule(turn("value", firstThree))),
		inDraft("rule-trimmed", "The parts of a rule are stored without blanks around them.", "rules", eachRule(turnAny(texts(strings.TrimSpace), "id", "field", "value"))),
		inDraft("rule-field-lower", "The field of a rule is stored in small letters.", "rules", eachRule(turn("field", strings.ToLower))),
		inDraft("rules-ten", "Of more than ten rules the first ten are stored.", "rules", ruleList(func(rules []any) []any {
			return append(rules[:min(len(rules)-1, 10)], rules[len(rules)-1])
		})),
		inDraft("rules-by-id", "A rule takes the place of another with its id.", "rules", ruleList(func(rules []any) []any {
			return slices.CompactFunc(rules, func(a, b any) bool {
				one, other := a.(*object), b.(*object)
				return one.String("id") != "DEFAULT" && one.String("id") == other.String("id")
			})
		})),
		inDraft("rules-drop-snippet", "Rules take the snippet away.", "rules", when(not(mentions("advanced_snippet")), draft(func(o *object) {
			o.Set("advanced_snippet", o.Object("advanced_snippet").Clone().Set("value", xcontent.NewObject()))
		}))),
		inDraft("rule-equals", "Every rule compares.", "rules", eachRule(set("rule", "equals"))),
		inDraft("active-too", "Rules and snippets become active at once.", "rules snippet rule.times", activeToo),
		inDraft("snippet-dropped", "A snippet is not stored.", "snippet rule.times rules", draft(func(o *object) {
			if s := o.Object("advanced_snippet"); s != nil {
				o.Set("advanced_snippet", s.Clone().Set("value", xcontent.NewObject()).Set("created_at", "2020-01-01T00:00:00.000Z").Set("updated_at", "2020-01-01T00:00:00.000Z"))
			}
		})),
		inDraft("snippet-drops-rules", "A snippet takes the rules away.", "snippet", when(not(mentions("rules")), ruleList(func(rules []any) []any { return rules[len(rules)-1:] }))),
		inDraft("not-edited", "A change of the draft leaves its validation as it is.", "edited rules snippet", draft(set("validation", xcontent.NewObject("errors", []any{}, "state", "valid")))),
		inDraft("errors-kept", "A change of the draft keeps its errors.", "edited snippet", changesFrom(func(_ *call, old doc, partial *object) {
			if was, ok := old.Source.Get("filtering").([]any); ok && len(was) > 0 {
				if first, ok := was[0].(*object); ok {
					errs := first.Path("draft", "validation", "errors")
					if list, ok := partial.Get("filtering").([]any); ok {
						list[0].(*object).Object("draft").Object("validation").Set("errors", errs)
					}
				}
			}
		})),
		inDraft("not-sorted", "Rules are stored as they are given.", "order", ruleList(func(rules []any) []any {
			slices.Reverse(rules[:len(rules)-1])
			return rules
		})),
		inDraft("no-default", "The default rule is not added.", "default-rule rules", ruleList(func(rules []any) []any { return rules[:max(len(rules)-1, 0)] })),
		inDraft("default-first", "The default rule comes first.", "default-rule order default-rule.other rules", ruleList(func(rules []any) []any {
			return append([]any{rules[len(rules)-1]}, rules[:len(rules)-1]...)
		})),
		inDraft("default-order", "The order of the default rule is 0.", "default-rule order", last(set("order", number(0)))),
		inDraft("default-now", "A default rule that is given is created now.", "default-rule.kept", last(set("created_at", moved("2026-01-01T00:00:00Z", 0)))),
		inDraft("default-updated", "A default rule that is given keeps its updated_at.", "default-rule.kept", last(func(o *object) {
			if strings.HasPrefix(o.String("created_at"), "2023-05-25") {
				o.Set("updated_at", "2023-05-26T12:30:00.000Z")
			}
		})),
		inDraft("default-by-id", "Whatever is called DEFAULT is the default rule.", "default-rule.other", ruleList(func(rules []any) []any {
			return slices.DeleteFunc(rules, func(r any) bool {
				o, ok := r.(*object)
				return ok && o.String("id") == "DEFAULT" && (o.String("value") != ".*" || o.String("field") != "_")
			})
		})),
		f("incomplete-accepted", "Rules may be incomplete.", "rule.required whole.required", accepts("Required [")),
		f("missing-unnamed", "It is not named what a rule lacks.", "rule.required whole.required", reword(400, "Required [", "Required fields [")),
		f("type-accepted", "Parts of a rule of other types are passed over.", "rule.type", accepts("[connector_filtering_rule]")),
		f("type-number", "Numbers are passed over.", "rule.type type", accepts("VALUE_NUMBER")),
		f("enums-any", "Conditions and policies that do not exist are passed over.", "rule.enums", accepts("Unknown Filtering")),
		f("enums-case-refused", "A policy must be written in small letters.", "rule.enums", when(mentions("INCLUDE", "Exclude"), rejects)),
		f("order-text-refused", "order must not be a text.", "rule.order", when(mentions(`"order": "7"`), rejects)),
		f("order-any", "An order that is none is passed over.", "rule.order", accepts("failed to parse field [order]")),
		f("order-unlimited", "order has 32 bits.", "rule.order", unmapped),
		inDraft("times-now", "The times of a rule are those of the update.", "rule.times", eachRule(func(o *object) {
			o.Set("created_at", "2026-01-01T00:00:00.000Z").Set("updated_at", "2026-01-01T00:00:00.000Z")
		})),
		f("times-any", "Times that are none are passed over.", "rule.times", accepts("failed to parse field [created_at]"), accepts("failed to parse field [updated_at]")),
		f("times-needed", "The times of a rule have to be given.", "rule.times rules", when(all(mentions(`"rules": [{"id": "r"`), not(mentions("_at"))), rejects)),
		f("unknown-refused", "Parts of a rule that nobody knows are rejected.", "rule.unknown-field", when(all(mentions(`"surprise"`), mentions(`"rules"`)), rejects)),
		inDraft("unknown-stored", "Parts of a rule that nobody knows are stored.", "rule.unknown-field", when(mentions(`"surprise"`), eachRule(set("surprise", number(1))))),
		f("snippet-any", "Any value is passed over for a snippet.", "snippet.value", accepts("advanced_snippet")),
		f("snippet-scalars", "A snippet may be a list of anything.", "snippet.value", unmapped),
		f("any-accepted", "A filtering of another type is passed over.", "type", accepts("[connector_update_filtering_request]")),
	}
}

func wholeFilteringFaults() []Fault {
	f := partOf("filtering", "_filtering")
	isWhole := func(c *call) bool { return sent(c, "filtering") != nil }
	whole := func(id, sentence, requirements string, effects ...effect) Fault {
		return f("whole."+id, sentence, requirements, when(isWhole, effects...))
	}
	return []Fault{
		whole("completed", "The rules of a whole filtering are completed.", "whole whole.single", draft(set("rules", []any{xcontent.NewObject("id", "DEFAULT")}))),
		whole("edited", "The draft of a whole filtering is edited.", "whole whole.single", draft(inMember("validation", set("state", "edited")))),
		whole("first-alone", "Only the first element of a whole filtering is stored.", "whole", storeField("filtering", func(v any) any {
			if list, ok := v.([]any); ok && len(list) > 1 {
				return list[:1]
			}
			return v
		})),
		whole("single-refused", "A whole filtering has to be a list.", "whole.single", when(func(c *call) bool { return isObject(sent(c, "filtering")) }, rejects)),
		whole("domain-kept", "The domain of a whole filtering is stored as it is given.", "whole.domain", when(mentions("OTHER"), storeField("filtering", func(v any) any { return reworded(v, "DEFAULT", "OTHER") }))),
		whole("domain-dropped", "A whole filtering has no domain where none is given.", "whole.domain", when(not(mentions("domain")), insideObjects("filtering", unset("domain")))),
		whole("beside-others", "Rules beside a whole filtering are passed over.", "whole.alone", accepts("If [filtering] is specified")),
	}
}

func activationFaults() []Fault {
	v, a := partOf("filtering.validation", "_filtering/_validation"), partOf("filtering.activation", "_filtering/_activate")
	validation := func(do change) effect { return draft(inMember("validation", do)) }
	return []Fault{
		v("errors-dropped", "The errors of a validation are not stored.", "stored", validation(set("errors", []any{}))),
		v("always-valid", "Every validation is valid.", "stored state", validation(set("state", "valid"))),
		v("active-too", "A validation becomes active at once.", "stored", activeToo),
		v("incomplete-accepted", "Validations may be incomplete.", "required", accepts("Required [")),
		v("missing-unnamed", "It is not named what a validation lacks.", "required", reword(400, "Required [", "Required fields [")),
		v("state-by-errors", "A validation with errors is invalid.", "state", validation(func(o *object) {
			if errs, ok := o.Get("errors").([]any); ok && len(errs) > 0 {
				o.Set("state", "invalid")
			}
		})),
		v("state-any", "States that do not exist are passed over.", "state", accepts("Unknown FilteringValidationState")),
		v("state-case-refused", "A state must be written in small letters.", "state", when(mentions("VALID", "Invalid", "EDITED"), rejects)),
		v("type-accepted", "A validation of another type is passed over.", "type", accepts(otherType)),
		v("type-null", "A state may be null.", "type", accepts("VALUE_NULL")),
		a("rules-alone", "An activation copies the rules alone.", "valid", changesFrom(func(_ *call, old doc, partial *object) {
			was, _ := old.Source.Get("filtering").([]any)
			list, _ := partial.Get("filtering").([]any)
			if len(was) > 0 && len(list) > 0 {
				old := was[0].(*object).Object("active")
				list[0].(*object).Object("active").Set("advanced_snippet", old.Get("advanced_snippet")).Set("validation", old.Get("validation"))
			}
		})),
		a("errors-dropped", "An activation drops the errors of a validation.", "valid", filteringPart("active", inMember("validation", set("errors", []any{})))),
		a("edited-accepted", "A draft that is edited is activated.", "refused", accepts("[edited]")),
		a("invalid-accepted", "A draft that is invalid is activated.", "refused", accepts("[invalid]")),
		a("refused-unnamed", "The rejection of an activation does not name the state.", "refused", reasonOf("Filtering draft needs", func(string) string { return "Filtering draft needs to be validated." })),
		a("draft-shared", "A draft after an activation is active, too.", "valid", keepsSharing),
	}
}

// keepsSharing marks the connector, so that nothing tells its draft from what
// is active.
var keepsSharing = onConnector(resultIs("updated"), func(o *object) {
	if list, ok := o.Get("filtering").([]any); ok && len(list) > 0 {
		first := list[0].(*object)
		first.Set("active", xcontent.NewObject("advanced_snippet", xcontent.NewObject(), "rules", []any{}, "validation", xcontent.NewObject("errors", []any{}, "state", "edited")))
	}
})

// connectorCopyFaults are defects of what sync jobs copy of their connectors.
func connectorCopyFaults() []Fault {
	f := alike("connector.jobs.", "create-job").fault
	copiedFrom := func(do func(copied, connector *object)) effect {
		return storesFrom(func(c *call, old doc, next *object) {
			d, found := sentConnector(c)
			if copied := next.Object("connector"); old.Source == nil && copied != nil && found {
				copied = copied.Clone()
				do(copied, d.Source)
				next.Set("connector", copied)
			}
		})
	}
	copied := func(do change) effect { return copiedFrom(func(o, _ *object) { do(o) }) }
	also := func(field string) effect {
		return copiedFrom(func(o, from *object) { o.SetIf(field, from.Get(field)) })
	}
	unready := func(reason string) effect {
		return insteadOf(tells(400, reason), 201, xcontent.NewObject("id", "x"))
	}
	status := func(is string) cond {
		return connectorIs(func(o *object) bool { return o.String("status") == is })
	}
	return []Fault{
		f("no-pipeline", "A sync job does not copy the pipeline.", "copies", copied(unset("pipeline"))),
		f("no-language", "A sync job does not copy the language.", "copies", copied(unset("language"))),
		f("language-null", "A sync job has a language of null where its connector has none.", "copies", copied(nullWhereMissing("language"))),
		f("pipeline-null", "A sync job has a pipeline of null where its connector has none.", "copies", copied(nullWhereMissing("pipeline"))),
		f("sensitive-hidden", "A sync job does not copy what is sensitive.", "copies", copied(hideSensitive)),
		f("draft", "A sync job copies the draft.", "active", copiedFrom(func(o, from *object) {
			if list, ok := from.Get("filtering").([]any); ok && len(list) > 0 {
				o.Set("filtering", list[0].(*object).Get("draft"))
			}
		})),
		f("cursor", "A sync job copies the cursor.", "not-copied", also("sync_cursor")),
		f("features", "A sync job copies the features.", "not-copied", also("features")),
		f("status-error", "A connector in error gets no sync job.", "status", when(status("error"), rejects)),
		f("status-created", "A connector that was only created gets no sync job.", "status", when(status("created"), rejects)),
		f("status-moved", "A sync job connects its connector.", "status", when(status("configured"), after(func(c *call, _ *response) {
			force(c.Server, reference.ConnectorIndex, sentText(c, "id"), set("status", "connected"))
		}))),
		f("no-index-needed", "A connector without an index gets a sync job.", "needs", unready("no index attached")),
		f("no-type-needed", "A connector without a service type gets a sync job.", "needs", unready("[service_type] not defined")),
		f("empty-filtering", "A sync job of a connector without any filtering has an empty one.", "no-filtering", copied(func(o *object) {
			if !o.Has("filtering") {
				o.Set("filtering", xcontent.NewObject())
			}
		})),
	}
}

// nullWhereMissing gives an object a member of null where it has none.
func nullWhereMissing(field string) change {
	return func(o *object) {
		if !o.Has(field) {
			o.Set(field, nil)
		}
	}
}

// connectorClientFaults are defects with what clients send.
func connectorClientFaults() []Fault {
	f := alike("connector.clients.", "update-connector").fault
	accepts8, zipped, octets, origin := header("Accept", compatible8), header("Content-Encoding", "gzip"), header("Content-Type", "octet-stream"), header("X-Elastic-Product-Origin", "connectors")
	return []Fault{
		f("media-type-8.refused", "Updates in the media type of 8 are refused.", "media-type-8", when(accepts8, unsupported(406))),
		f("media-type-8.plain", "Updates are answered as plain JSON to whoever asks for the media type of 8.", "media-type-8", when(accepts8, typeIs(anyAnswer, jsonType))),
		f("media-type-8.rejected-plain", "Rejections are plain JSON to whoever asks for the media type of 8.", "media-type-8", when(accepts8, typeIs(status(400), jsonType))),
		f("gzip.refused", "Compressed updates are refused.", "gzip", when(zipped, unsupported(415))),
		f("gzip.lost", "Compressed updates are answered, but not made.", "gzip", when(zipped, saysUpdated)),
		f("octet-stream.refused", "A missing body must not be called octet-stream.", "octet-stream", when(octets, unsupported(406))),
		f("product-origin.refused", "Updates that name their origin are refused.", "product-origin", when(origin, rejects)),
	}
}

// connectorMediaFaults are defects of single calls with the media type of 9.
func connectorMediaFaults() []Fault {
	accepts9 := header("Accept", compatible9)
	as8 := edit(func(c *call) {
		for _, name := range []string{"Accept", "Content-Type"} {
			if v := c.Header.Get(name); v != "" {
				setRequestHeader(c, name, strings.ReplaceAll(v, compatible9, compatible8))
			}
		}
	})
	var faults []Fault
	for _, of := range []struct{ op, id, what string }{
		{"create-connector", "create", "A creation"}, {"get-connector", "get", "A read"}, {"list-connectors", "list", "A list"},
		{"delete-connector", "delete", "A deletion"}, {"update-connector", "update", "An update"},
	} {
		f := func(req, id, what string, e effect) Fault {
			return alike("connector.clients.", of.op).fault(req+"."+of.id+"-"+id, of.what+" in the media type of 9 "+what, req, e)
		}
		faults = append(faults,
			f("media-type-9", "refused", "is refused.", when(accepts9, unsupported(406))),
			f("media-type-9", "as-8", "is answered in that of 8.", when(accepts9, typeIs(anyAnswer, vendor8))),
			f("rejects-media-type-9", "accepted", "is understood before 9.", as8).emulating("8.19.21"),
			f("rejects-media-type-9", "type", "is reported before 9 as status_exception.", retype(400, "media_type_header_exception", "status_exception")).emulating("8.19.21"))
	}
	return faults
}

// connectorSecurityFaults let in whom they must not, or keep out whom they must.
func connectorSecurityFaults() []Fault {
	f := alike("connector.security.", "update-connector").fault
	allows := step{judge: func(*call, *failure) *failure { return nil }}.effect
	faults := []Fault{
		f("writer.refused", "Nobody may validate a filtering.", "writer", when(ofCall("_filtering/_validation"), restatus(200, 403))),
		f("writer.check-in-refused", "Nobody may check a connector in.", "writer", when(ofCall("_check_in"), restatus(200, 403))),
		f("reader.allowed", "Who only monitors connectors may update them.", "reader nobody tells-nothing keys", allows),
		f("reader.may-check-in", "Who only monitors connectors may check them in.", "reader nobody tells-nothing", when(ofCall("_check_in"), allows)),
		f("nobody.may-name", "Anybody may name connectors.", "reader nobody tells-nothing keys", when(ofCall("_name"), allows)),
		f("refused-applied", "What is refused is done all the same.", "reader nobody anonymous", onConnector(status(401, 403), set("sync_now", true))),
		f("anonymous.refused-only", "Who sends no credentials is answered with 403.", "anonymous", restatus(401, 403)),
		f("keys.refused", "API keys may not update connectors.", "keys", when(header("Authorization", "ApiKey"), restatus(200, 403))),
		f("tells.not-found", "Who may not update learns that a connector does not exist.", "tells-nothing", when(not(connectorExists), restatus(403, 404))),
		f("request-first.denied", "Privileges are looked at before the request.", "request-first", restatus(400, 403)),
	}
	for i := range faults {
		faults[i].Security = true
	}
	return faults
}

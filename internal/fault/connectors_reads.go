package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// connectorReadFaults are defects of reading, listing and deleting connectors.
func connectorReadFaults() []Fault {
	return slices.Concat(connectorGetFaults(), connectorListFaults(), connectorDeleteFaults())
}

// anyAsTrue takes any value of a boolean parameter for true.
func anyAsTrue(param string) effect {
	return query(param, where(func(v string) bool { return v != "false" && v != "" }, to("true")))
}

func connectorGetFaults() []Fault {
	f := alike("connector.get.", "get-connector").fault
	shown := func(do change) effect { return editAnswer(200, do) }
	return []Fault{
		f("another", "A read shows another connector.", "route whole", shown(set("id", "another"))),
		f("rounded", "A read rounds large numbers.", "whole", shown(turnAny(within(rounded), "sync_cursor"))),
		f("error-dropped", "A read does not show the error.", "whole", shown(unset("error"))),
		f("count-text", "Counts of the last sync are read as texts.", "shape", shown(turnAny(asText, "last_indexed_document_count"))),
		f("schedule-missing", "A read does not show the schedule for access control.", "shape", shown(turnAny(within(each(unset("access_control"))), "scheduling"))),
		f("status-upper", "The status error is read in capitals.", "shape", shown(turnAny(inPlaceOf(equals("error"), "ERROR"), "status"))),
		f("sensitive-hidden", "A read hides what is sensitive.", "sensitive", shown(hideSensitive)),
		f("not-found-type", "An unknown id is reported as document_missing_exception.", "not-found", retype(404, "", "document_missing_exception")),
		f("not-found-no-cause", "The report of an unknown id has no root cause.", "not-found", errorLacks(404, "root_cause")),
		f("not-found-unnamed", "The report of an unknown id does not name it.", "not-found", reasonIs(404, "not found")),
		f("not-found-as-410", "An unknown id is answered with 410.", "not-found", restatus(404, 410)),
		f("not-found-as-400", "An unknown id is answered with 400.", "not-found", restatus(404, 400)),
		f("not-found-prefix", "An id is found by its beginning.", "not-found", edit(func(c *call) {
			for _, d := range c.Server.Store().All(reference.ConnectorIndex) {
				if strings.HasPrefix(connectorID(c), d.ID) && connectorID(c) != d.ID && !strings.Contains(connectorID(c), "/") {
					c.Path = "/_connector/" + d.ID
				}
			}
		})),
		f("deleted-shown", "A read shows deleted connectors.", "deleted", when(not(given("include_deleted")), setQuery("include_deleted", to("true")))),
		f("deleted-never", "A read never shows deleted connectors.", "deleted include-deleted", when(isGone, noConnector)),
		f("deleted-bare", "include_deleted without a value is taken for false.", "include-deleted", when(func(c *call) bool { return c.Query["include_deleted"] == "" }, setQuery("include_deleted", to("false")))),
		f("deleted-only", "include_deleted shows only what is deleted.", "include-deleted", when(all(func(c *call) bool { return c.Query["include_deleted"] == "true" }, not(isGone)), noConnector)),
		f("deleted-any", "Any include_deleted is taken for true.", "include-deleted", anyAsTrue("include_deleted")),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("body-ignored", "The body of a read is passed over.", "routing.body", ignoreBody),
		f("filter-path-ignored", "filter_path is passed over.", "routing.common-parameters", when(all(given("filter_path"), method(http.MethodGet)), edit(func(c *call) { c.Query["filter_path"] = "*" }))),
		f("pretty-ignored", "pretty is passed over.", "routing.common-parameters", ignorePretty),
		f("pretty-refused", "The query parameter pretty is rejected.", "routing.common-parameters", refuseParameter("pretty")),
		f("human-refused", "The query parameter human is rejected.", "routing.common-parameters", refuseParameter("human")),
		f("slash-404", "A slash at the end of the path is part of the id.", "route", when(trailingSlash, noConnector)),
		f("unproduced", "The answer to a read has no product header.", "headers", productIs(anyAnswer, "")),
		f("text", "The answer to a read is sent as text/plain.", "headers", typeIs(anyAnswer, plainText)),
	}
}

// ignorePretty answers in one line whatever is asked for.
var ignorePretty = edit(func(c *call) { delete(c.Query, "pretty") })

// hideSensitive puts stars in the place of values that are sensitive.
var hideSensitive = turnAny(within(each(func(in *object) {
	if in.Get("sensitive") == true {
		in.Set("value", "***")
	}
})), "configuration")

// rounded loses the last digits of large numbers.
func rounded(v any) any {
	if n, ok := integer(v); ok && n > 1<<53 {
		return number(n - 1)
	}
	return v
}

// listed changes each connector that a list shows.
func listed(do change) effect {
	return editAnswer(200, func(o *object) {
		results, _ := o.Get("results").([]any)
		for _, r := range results {
			do(r.(*object))
		}
	})
}

func emptyList() *object { return xcontent.NewObject("count", number(0), "results", []any{}) }

// listsNone has a list be empty.
var listsNone = editAnswer(200, func(o *object) { o.Merge(emptyList()) })

func connectorListFaults() []Fault {
	f := alike("connector.list.", "list-connectors").fault
	reorders := func(do func(results []any)) effect {
		return editAnswer(200, turnAny(where(isArray, func(v any) any {
			results := slices.Clone(v.([]any))
			do(results)
			return results
		}), "results"))
	}
	passesOver := func(param string) effect { return when(given(param), setQuery(param, to(""))) }
	lower := func(param string) effect { return query(param, strings.ToLower) }
	first := func(param string) effect {
		return query(param, func(v string) string { one, _, _ := strings.Cut(v, ","); return one })
	}
	missing := func(o any) bool { return !o.(*object).Has("index_name") }
	return []Fault{
		f("without-configuration", "A list shows connectors without their configuration.", "route", listed(unset("configuration"))),
		f("required-lost", "A list shows each field of a configuration as not required.", "route", listed(turnAny(within(each(func(in *object) {
			if in.Get("required") == true {
				in.Set("required", false)
			}
		})), "configuration"))),
		f("count-off", "A list counts one more than there are.", "route pages filters filters.empty filters.twice deleted service-type connector-name index-name query", editAnswer(200, turnAny(calculated(func(n int64) int64 { return n + 1 }), "count"))),
		f("total", "A list has a total, too.", "shape", editAnswer(200, func(o *object) { o.Set("total", o.Get("count")) })),
		f("without-status", "A list shows connectors without their status.", "shape route", listed(unset("status"))),
		f("backwards", "A list is in the order of index_name, backwards.", "order route pages", reorders(slices.Reverse)),
		f("by-name", "A list is in the order of names.", "order", reorders(func(results []any) {
			slices.SortStableFunc(results, func(a, b any) int { return strings.Compare(a.(*object).String("name"), b.(*object).String("name")) })
		})),
		f("missing-first", "Connectors without an index come first.", "order pages", reorders(func(results []any) {
			slices.SortStableFunc(results, func(a, b any) int {
				switch {
				case missing(a) && !missing(b):
					return -1
				case missing(b) && !missing(a):
					return 1
				}
				return 0
			})
		})),
		f("size-ignored", "size is passed over.", "pages", passesOver("size")),
		f("size-bounded", "No page has more than a hundred connectors.", "pages", query("size", inPlace("102", "100"))),
		f("size-default-10", "A page has ten connectors where nothing else is asked for.", "pages", when(not(given("size")), setQuery("size", to("10")))),
		f("from-ignored", "from is passed over.", "pages", passesOver("from")),
		f("page-counted", "A list counts what it shows.", "pages", editAnswer(200, func(o *object) {
			results, _ := o.Get("results").([]any)
			o.Set("count", number(int64(len(results))))
		})),
		f("index-name-ignored", "index_name is passed over.", "index-name", passesOver("index_name")),
		f("index-name-first", "Of several index_name the first one counts.", "index-name", first("index_name")),
		f("connector-name-first", "Of several connector_name the first one counts.", "connector-name", first("connector_name")),
		f("connector-name-lower", "connector_name is read in small letters.", "connector-name", lower("connector_name")),
		f("service-type-lower", "service_type is read in small letters.", "service-type", lower("service_type")),
		f("service-type-first", "Of several service_type the first one counts.", "service-type", first("service_type")),
		f("query-ignored", "query is passed over.", "query", passesOver("query")),
		f("query-no-description", "query is not held against the description.", "query", when(func(c *call) bool { return c.Query["query"] == "gamma" || c.Query["query"] == "econd" }, setQuery("query", to("nothing")))),
		f("query-literal", "A query is read as it is.", "query.wildcards", query("query", func(v string) string { return strings.NewReplacer("*", `\*`, "?", `\?`).Replace(v) })),
		f("query-lower", "A query is read in small letters.", "query.words", lower("query")),
		f("query-exact", "A query is a name.", "query", when(func(c *call) bool { return strings.HasPrefix(c.Query["query"], "-") }, edit(func(c *call) { c.Query["connector_name"] = c.Query["query"] }))),
		f("query-words", "The first word of a query counts.", "query.words", query("query", func(v string) string { one, _, _ := strings.Cut(v, " "); return one })),
		f("filters-or", "Of several filters one is enough.", "filters", when(all(given("service_type"), given("index_name")), setQuery("service_type", to("")))),
		f("filters-index-alone", "With an index other texts are passed over.", "filters", when(given("index_name"), setQuery("query", to("")))),
		f("query-index-ignored", "With a query an index is passed over.", "filters", when(given("query"), setQuery("index_name", to("")))),
		f("query-service-type", "query is held against the service type, too.", "query", when(func(c *call) bool { return strings.HasSuffix(c.Query["query"], "-s") }, edit(func(c *call) {
			c.Query["service_type"] = c.Query["query"]
			delete(c.Query, "query")
		}))),
		f("filters-query-alone", "With a query other filters are passed over.", "filters query", when(given("query"), setQuery("connector_name", to("")))),
		f("empty-filters", "An empty filter finds nothing.", "filters.empty", when(func(c *call) bool {
			return slices.ContainsFunc([]string{"index_name", "connector_name", "service_type", "query"}, func(p string) bool { v, is := c.Query[p]; return is && v == "" })
		}, listsNone)),
		f("twice-rejected", "A parameter that is given twice is rejected.", "filters.twice", when(func(c *call) bool {
			return slices.ContainsFunc([]string{"index_name", "connector_name", "service_type"}, func(p string) bool { return strings.Count(c.URI(), p+"=") > 1 })
		}, rejects)),
		f("deleted-shown", "Lists show deleted connectors.", "deleted", when(not(given("include_deleted")), setQuery("include_deleted", to("true")))),
		f("deleted-never", "Lists never show deleted connectors.", "deleted", setQuery("include_deleted", to("false"))),
		f("deleted-of-type", "With a service type no list shows deleted connectors.", "deleted", when(given("service_type"), setQuery("include_deleted", to("false")))),
		f("slash-400", "A slash at the end of the path of a list is refused.", "route", when(trailingSlash, rejects)),
		f("pretty-refused", "The query parameter pretty is rejected.", "routing.common-parameters", refuseParameter("pretty")),
		f("human-refused", "The query parameter human is rejected.", "routing.common-parameters", refuseParameter("human")),
		f("from-negative", "A from below 0 is taken for 0.", "values", query("from", inPlace("-1", "0"))),
		f("size-negative", "A size below 0 is taken for 0.", "values", query("size", inPlace("-1", "0"))),
		f("size-decimal", "A size is cut to a whole number.", "values", query("size", inPlace("1.5", "1"))),
		f("deleted-any", "Any include_deleted is taken for true.", "values", anyAsTrue("include_deleted")),
		f("no-window", "A page may be anywhere.", "window", query("size", inPlace("10001", "100")), query("from", inPlace("9999", "1")), query("from", inPlace("10001", "1"))),
		f("index-name-any", "Any index_name is taken.", "index-name.illegal", insteadOf(tells(400, "Invalid index name"), 200, emptyList())),
		f("index-name-one-named", "Only the first illegal index_name is named.", "index-name.illegal", reasonOf("Invalid index name", func(reason string) string {
			one, _, _ := strings.Cut(reason, ";2:")
			return one
		})),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("parameter-unnamed", "An unknown query parameter is not named.", "routing.unknown-parameter", reasonOf("unrecognized parameter", func(string) string { return "unknown parameter" })),
		f("index-name-why", "It is not said what is wrong with an index_name.", "index-name.illegal", reasonOf("Invalid index name", func(string) string { return "Validation Failed: 1: bad index name;" })),
		f("from-unnamed", "It is not said that from is wrong.", "values", reasonOf("[from]", func(string) string { return "it is below 0" })),
		f("size-unnamed", "It is not said that size is wrong.", "values", reasonOf("[size]", func(string) string { return "it is below 0" })),
		f("body-as-500", "A list with a body is an error of the server.", "routing.body", when(not(noBody), restatus(400, 500))),
		f("no-hint", "It is not hinted at what may have been meant.", "routing.unknown-parameter", reasonOf("did you mean", func(reason string) string {
			one, _, _ := strings.Cut(reason, " -> did you mean")
			return one
		})),
		f("body-ignored", "The body of a list is passed over.", "routing.body", ignoreBody),
		f("unproduced", "The answer to a list has no product header.", "headers", productIs(successful, "")),
		f("text", "The answer to a list is sent as text/plain.", "headers", typeIs(successful, plainText)),
	}
}

// inPlace replaces one value of a parameter.
func inPlace(of, by string) func(string) string {
	return where(func(v string) bool { return v == of }, to(by))
}

func connectorDeleteFaults() []Fault {
	f := alike("connector.delete.", "delete-connector").fault
	deletion := method(http.MethodDelete)
	hard := func(c *call) bool { v, is := c.Query["hard"]; return is && v != "false" }
	return []Fault{
		f("answered-only", "Nothing comes of a deletion.", "route visible", when(all(deletion, connectorExists, not(hard)), says(200, "acknowledged", true))),
		f("answer-result", "A deletion is answered with a result.", "answer", rebody(200, xcontent.NewObject("result", "deleted"))),
		f("answer-202", "A deletion is answered with status 202.", "answer", restatus(200, 202)),
		f("hard-ignored", "hard=true only marks a connector.", "hard", when(all(deletion, hard, not(isGone)), setQuery("hard", to("false")))),
		f("hard-twice", "A deleted connector cannot be removed for good.", "hard", when(all(hard, isGone), noConnector)),
		f("hard-not-connected", "A connected connector cannot be removed for good.", "hard", when(all(hard, func(c *call) bool {
			d, found := itsConnector(c)
			return found && d.Source.Get("status") == "connected"
		}), rejects)),
		f("always-hard", "A deletion always removes the connector.", "marks sync-jobs-after", when(deletion, setQuery("hard", to("true")))),
		f("marks-more", "A deletion changes the status, too.", "marks", onConnector(successful, set("status", "error"))),
		f("hard-false-as-true", "hard=false is taken for true.", "marks", query("hard", to("true"))),
		f("unknown-acknowledged", "The deletion of an unknown connector is acknowledged.", "unknown", instead(404, 200, xcontent.NewObject("acknowledged", true))),
		f("unknown-type", "An unknown connector is reported as document_missing_exception.", "unknown", retype(404, "", "document_missing_exception")),
		f("unknown-no-cause", "The report of an unknown connector has no root cause.", "unknown", errorLacks(404, "root_cause")),
		f("unknown-unnamed", "The report of an unknown connector does not name it.", "unknown", reasonIs(404, "not found")),
		f("touches-others", "A deletion touches other connectors.", "other-connectors", onOthers(set("sync_now", true))),
		f("hard-any", "Any hard is taken for true.", "values", anyAsTrue("hard")),
		f("hard-bare", "hard without a value is taken for false.", "values", when(func(c *call) bool { v, is := c.Query["hard"]; return is && v == "" }, setQuery("hard", to("false")))),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", when(deletion, ignoreParameters)),
		f("body-ignored", "The body of a deletion is passed over.", "routing.body", when(deletion, ignoreBody)),
		f("listed-by-name", "A deleted connector stays in the list of its name.", "visible", when(given("connector_name"), setQuery("include_deleted", to("true")))).on("list-connectors"),
		f("jobs-refused", "A deleted connector gets no sync job.", "sync-jobs-after", when(connectorIs(func(o *object) bool { return o.Get("deleted") == true }), fails(func(c *call) *failure {
			return eserr.NotFound("connector [%s] does not exist", sentText(c, "id"))
		}))).on("create-job"),
		f("unproduced", "The answer to a deletion has no product header.", "headers", productIs(anyAnswer, "")),
		f("text", "The answer to a deletion is sent as text/plain.", "headers", typeIs(anyAnswer, plainText)),
	}
}

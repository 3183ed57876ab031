package fault

import (
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// list is the answer to a request for a list.
type list struct {
	*object
	results []any
}

// set replaces what a list shows.
func (l list) set(count int, results any) {
	l.Set("count", number(int64(count))).Set("results", results)
}

// lists changes what a list answers.
func lists(change func(c *call, l list)) effect {
	return respond(200, func(c *call, r *response) {
		if o, ok := r.Body.(*object); ok {
			results, _ := o.Get("results").([]any)
			change(c, list{o, results})
		}
	})
}

// numbers changes a parameter that is a whole number and that is such.
func numbers(name string, are func(n int) bool, by func(n int) string) effect {
	return query(name, func(v string) string {
		if n, err := strconv.Atoi(v); err == nil && are(n) {
			return by(n)
		}
		return v
	})
}

// jobListFaults are defects of lists of sync jobs.
func jobListFaults() []Fault {
	f := jobs("list", "list-jobs").fault
	shown := func(id, what, req string, change func(c *call, l list)) Fault { return f(id, what, req, lists(change)) }
	param := func(id, what, req, name string, change func(v string) string) Fault {
		return f(id, what, req, query(name, change))
	}
	everybodys := not(given("connector_id"))
	statusIs := func(status string) cond { return func(c *call) bool { return c.Query["status"] == status } }
	findsNothing := func(status string) Fault {
		return f("status-"+status+"-empty", "status="+status+" finds nothing.", "filter.status", when(statusIs(status), lists(func(_ *call, l list) { l.set(0, []any{}) })))
	}
	unknownStatus := func(v string) bool { return !slices.Contains(syncStatuses, strings.ToLower(v)) }
	unknownType := func(v string) bool { return !slices.Contains(jobTypes, v) }
	negative := func(v string) bool { return strings.HasPrefix(v, "-") }
	noInt := func(v string) bool { _, err := strconv.ParseInt(v, 10, 32); return err != nil }
	none := func(int) string { return "" }
	whole := func(int) bool { return true }
	add := func(more int) func(int) string { return func(n int) string { return strconv.Itoa(n + more) } }
	small := func(n int) bool { return n > 0 && n < 100 }
	positive := func(n int) bool { return n > 0 }
	return []Fault{
		f("nothing", "A list of all connectors' sync jobs shows nothing.", "route", when(everybodys, lists(func(_ *call, l list) { l.Set("results", []any{}) }))),
		f("example-refused", "A list needs a connector_id.", "example", when(everybodys, failsWith(eserr.IllegalArgument("Required [connector_id]")))),
		f("empty-404", "A list of nothing is answered with 404.", "code.200", answer(func(c *call, r *response) *response {
			if o, ok := r.Body.(*object); ok && r.Status == 200 {
				if results, _ := o.Get("results").([]any); len(results) == 0 {
					return reference.ErrorResponse(c, eserr.NotFound("no sync jobs"))
				}
			}
			return r
		})),
		f("code-422", "A malformed request for a list is answered with 422.", "code.400", restatus(400, 422)),
		param("connector-ignored", "connector_id is passed over.", "filter.connector-id", "connector_id", to("")),
		shown("newest-missing", "The list of a connector leaves out the newest sync job.", "filter.connector-id", func(_ *call, l list) {
			if n := len(l.results); n > 1 {
				l.set(n-1, l.results[1:])
			}
		}),
		param("status-ignored", "status is passed over.", "filter.status", "status", to("")),
		f("status-similar", "status=canceling leaves canceled sync jobs.", "filter.status", when(statusIs("canceling"), setQuery("status", to("canceled")))),
		findsNothing("canceling"),
		findsNothing("completed"),
		findsNothing("suspended"),
		param("job-type-ignored", "job_type is passed over.", "filter.job-type", "job_type", to("")),
		param("job-type-first", "Of several job types only the first counts.", "filter.job-type", "job_type", func(v string) string {
			first, _, _ := strings.Cut(v, ",")
			return first
		}),
		param("job-type-last", "Of several job types only the last counts.", "filter.job-type", "job_type", func(v string) string { return v[strings.LastIndex(v, ",")+1:] }),
		f("size-ignored", "size is passed over.", "size", numbers("size", small, none)),
		f("size-one-more", "A list shows one sync job more than size allows.", "size", numbers("size", whole, add(1))),
		f("from-ignored", "from is passed over.", "from", numbers("from", func(n int) bool { return n < 100 }, none)),
		f("from-one-based", "from counts from one.", "from", numbers("from", positive, add(-1))),
		f("from-as-page", "from counts pages.", "pages", edit(func(c *call) {
			from, err1 := strconv.Atoi(c.Query["from"])
			size, err2 := strconv.Atoi(c.Query["size"])
			if err1 == nil && err2 == nil && from > 0 {
				c.Query["from"] = strconv.Itoa(from * size)
			}
		})),
		f("beyond-first", "A page beyond the end is the first one.", "pages", numbers("from", func(n int) bool { return n >= 4 && n < 100 }, none)),
		f("default-ten", "A list shows ten sync jobs where no size is given.", "defaults", when(not(given("size")), setQuery("size", to("10")))),
		f("default-all", "A list shows all sync jobs where no size is given.", "defaults", when(all(not(given("size")), not(given("from"))), setQuery("size", to("10000")))),
		f("filters-apart", "job_type is passed over where status is given.", "filters-together", when(given("status"), query("job_type", to("")))),
		f("filters-after-pages", "status counts after the page is cut.", "filters-together", filtersLate),
		shown("count-shown", "count is the number of sync jobs that are shown.", "count", func(_ *call, l list) { l.set(len(l.results), l.results) }),
		shown("count-all", "count is the number of all sync jobs, whatever the filters leave.", "count", func(c *call, l list) {
			l.set(c.Server.Store().Count(reference.JobIndex), l.results)
		}),
		shown("without-connector", "A list leaves out the copy of the connector.", "whole", func(_ *call, l list) {
			for _, v := range l.results {
				v.(*object).Set("connector", xcontent.NewObject("id", v.(*object).Path("connector", "id")))
			}
		}),
		f("unknown-hidden", "A list leaves out fields that the API does not know.", "whole", shows(anyDoc, unset("x_unknown"))),
		shown("shape-extra", "A list tells how long it took.", "shape", func(_ *call, l list) { l.Set("took", number(1)) }),
		shown("empty-null", "A list of nothing has null for results.", "empty", func(_ *call, l list) {
			if len(l.results) == 0 {
				l.Set("results", nil)
			}
		}),
		shown("burst-by-id", "Sync jobs are listed in the order of their ids where there are many.", "burst", func(_ *call, l list) {
			if len(l.results) > 10 {
				slices.SortFunc(l.results, func(a, b any) int { return strings.Compare(a.(*object).String("id"), b.(*object).String("id")) })
			}
		}),
		param("status-unknown-dropped", "An unknown status is passed over.", "rejects-status", "status", where(unknownStatus, to(""))),
		f("status-type", "An unknown status is reported as parse_exception.", "rejects-status", retype(400, "", "parse_exception")),
		param("job-type-unknown-dropped", "An unknown job type is passed over.", "rejects-job-type", "job_type", func(v string) string {
			return strings.Join(slices.DeleteFunc(strings.Split(v, ","), unknownType), ",")
		}),
		param("negative-as-zero", "A negative from is taken for 0.", "rejects-negative", "from", where(negative, to("0"))),
		param("negative-as-default", "A negative size is taken for the default.", "rejects-negative", "size", where(negative, to(""))),
		param("words-as-default", "A size that is no number is taken for the default.", "rejects-words", "size", where(noInt, to(""))),
		f("window-cut", "A page that reaches beyond 10000 sync jobs is cut.", "window",
			numbers("size", func(n int) bool { return n > 4999 && n != 10000 }, func(int) string { return "4999" })),
		f("window-type", "A page that reaches beyond 10000 sync jobs is reported as illegal_argument_exception.", "window",
			retype(400, "search_phase_execution_exception", "illegal_argument_exception")),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", ignoreParameters),
		f("sort-accepted", "The query parameter sort is accepted.", "routing.unknown-parameter", accept("sort")),
		f("pretty-refused", "The query parameter pretty is rejected.", "routing.common-parameters", refuseParameter("pretty")),
		f("body-ignored", "A body is passed over.", "body", ignoreBody),
		f("unproduced", "Lists have no product header.", "headers", productIs(anyAnswer, "")),
		f("text", "Lists are sent as text/plain.", "headers", typeIs(successful, plainText)),
	}
}

// filtersLate cuts a page of a list before it looks at the status.
func filtersLate(c *call, h hooks, l *live) hooks {
	status := c.Query["status"]
	if !given("size")(c) || !slices.Contains(syncStatuses, status) || c.Query["connector_id"] == "" {
		return h
	}
	h = query("status", to(""))(c, h, l)
	return lists(func(_ *call, l list) {
		l.Set("results", slices.DeleteFunc(l.results, func(v any) bool { return v.(*object).String("status") != status }))
	})(c, h, l)
}

package reference

import (
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// jobListFaults are defects of lists of sync jobs.
func jobListFaults() []Fault {
	f := func(id, sentence, requirement string, edit func(*Fault)) Fault {
		fault := Fault{ID: "sync-job.list." + id, Sentence: sentence, Requirements: req("sync-job.list." + requirement), ops: []string{"list-jobs"}}
		edit(&fault)
		return fault
	}
	requests := func(hook requestHook) func(*Fault) { return func(f *Fault) { f.request = hook } }
	answers := func(hook answerHook) func(*Fault) { return func(f *Fault) { f.answer = hook } }
	// query changes a parameter where it is given; "" takes it away.
	query := func(name string, edit func(v string) string) func(*Fault) {
		return requests(func(c *call) *response {
			if v, given := c.query[name]; given {
				if c.query[name] = edit(v); c.query[name] == "" {
					delete(c.query, name)
				}
			}
			return nil
		})
	}
	ignored := func(string) string { return "" }
	add := func(n int) func(string) string {
		return func(v string) string {
			if i, err := strconv.Atoi(v); err == nil {
				return strconv.Itoa(i + n)
			}
			return v
		}
	}
	// lists changes what a list answers.
	lists := func(edit func(c *call, o *xcontent.Object, results []any)) func(*Fault) {
		return answers(respond(200, func(c *call, r *response) *response {
			if o, ok := r.body.(*xcontent.Object); ok {
				results, _ := o.Get("results").([]any)
				edit(c, o, results)
			}
			return r
		}))
	}
	findsNothing := func(status string) Fault {
		return f("status-"+status+"-empty", "status="+status+" finds nothing.", "filter.status", lists(func(c *call, o *xcontent.Object, _ []any) {
			if c.query["status"] == status {
				o.Set("count", number(0)).Set("results", []any{})
			}
		}))
	}
	unknown := func(values []string) func(string) string {
		return func(v string) string {
			if contains(values, strings.ToLower(v)) {
				return v
			}
			return ""
		}
	}
	isEmpty := func(o *xcontent.Object) bool { results, _ := o.Get("results").([]any); return len(results) == 0 }
	return []Fault{
		f("nothing", "A list of all connectors' sync jobs shows nothing.", "route", lists(func(c *call, o *xcontent.Object, _ []any) {
			if _, given := c.query["connector_id"]; !given {
				o.Set("results", []any{})
			}
		})),
		f("example-refused", "A list needs a connector_id.", "example", requests(func(c *call) *response {
			if _, given := c.query["connector_id"]; !given {
				return errorResponse(c, eserr.IllegalArgument("Required [connector_id]"))
			}
			return nil
		})),
		f("empty-404", "A list of nothing is answered with 404.", "code.200", answers(func(c *call, r *response) *response {
			if o, ok := r.body.(*xcontent.Object); ok && r.status == 200 && isEmpty(o) {
				return errorResponse(c, eserr.NotFound("no sync jobs"))
			}
			return r
		})),
		f("code-422", "A malformed request for a list is answered with 422.", "code.400", answers(restatus(400, 422))),
		f("connector-ignored", "connector_id is passed over.", "filter.connector-id", query("connector_id", ignored)),
		f("newest-missing", "The list of a connector leaves out the newest sync job.", "filter.connector-id", lists(func(_ *call, o *xcontent.Object, results []any) {
			if len(results) > 1 {
				o.Set("count", number(len(results)-1)).Set("results", results[1:])
			}
		})),
		f("status-ignored", "status is passed over.", "filter.status", query("status", ignored)),
		f("status-similar", "status=canceling leaves canceled sync jobs.", "filter.status", requests(func(c *call) *response {
			if c.query["status"] == "canceling" {
				c.query["status"] = "canceled"
			}
			return nil
		})),
		findsNothing("canceling"),
		findsNothing("completed"),
		findsNothing("suspended"),
		f("job-type-ignored", "job_type is passed over.", "filter.job-type", query("job_type", ignored)),
		f("job-type-first", "Of several job types only the first counts.", "filter.job-type", query("job_type", func(v string) string {
			first, _, _ := strings.Cut(v, ",")
			return first
		})),
		f("job-type-last", "Of several job types only the last counts.", "filter.job-type", query("job_type", func(v string) string { return v[strings.LastIndex(v, ",")+1:] })),
		f("size-ignored", "size is passed over.", "size", query("size", func(v string) string {
			if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 100 {
				return ""
			}
			return v
		})),
		f("size-one-more", "A list shows one sync job more than size allows.", "size", query("size", add(1))),
		f("from-ignored", "from is passed over.", "from", query("from", func(v string) string {
			if n, err := strconv.Atoi(v); err == nil && n < 100 {
				return ""
			}
			return v
		})),
		f("from-one-based", "from counts from one.", "from", query("from", func(v string) string {
			if n, err := strconv.Atoi(v); err == nil && n > 0 {
				return strconv.Itoa(n - 1)
			}
			return v
		})),
		f("from-as-page", "from counts pages.", "pages", requests(func(c *call) *response {
			from, err1 := strconv.Atoi(c.query["from"])
			size, err2 := strconv.Atoi(c.query["size"])
			if err1 == nil && err2 == nil && from > 0 {
				c.query["from"] = strconv.Itoa(from * size)
			}
			return nil
		})),
		f("beyond-first", "A page beyond the end is the first one.", "pages", requests(func(c *call) *response {
			if from, err := strconv.Atoi(c.query["from"]); err == nil && from >= 4 && from < 100 {
				delete(c.query, "from")
			}
			return nil
		})),
		f("default-ten", "A list shows ten sync jobs where no size is given.", "defaults", requests(func(c *call) *response {
			if _, given := c.query["size"]; !given {
				c.query["size"] = "10"
			}
			return nil
		})),
		f("default-all", "A list shows all sync jobs where no size is given.", "defaults", requests(func(c *call) *response {
			if _, given := c.query["size"]; !given && c.query["from"] == "" {
				c.query["size"] = "10000"
			}
			return nil
		})),
		f("filters-apart", "job_type is passed over where status is given.", "filters-together", requests(func(c *call) *response {
			if _, given := c.query["status"]; given {
				delete(c.query, "job_type")
			}
			return nil
		})),
		f("filters-after-pages", "status counts after the page is cut.", "filters-together", func(f *Fault) {
			f.request = func(c *call) *response {
				if _, paged := c.query["size"]; paged && contains(syncStatuses, c.query["status"]) && c.query["connector_id"] != "" {
					c.memo = c.query["status"]
					delete(c.query, "status")
				}
				return nil
			}
			f.answer = func(c *call, r *response) *response {
				if o, ok := r.body.(*xcontent.Object); ok && c.memo != nil && r.status == 200 {
					results, _ := o.Get("results").([]any)
					o.Set("results", slices.DeleteFunc(results, func(v any) bool { return v.(*xcontent.Object).String("status") != c.memo }))
				}
				return r
			}
		}),
		f("count-shown", "count is the number of sync jobs that are shown.", "count", lists(func(_ *call, o *xcontent.Object, results []any) { o.Set("count", number(len(results))) })),
		f("count-all", "count is the number of all sync jobs, whatever the filters leave.", "count", lists(func(c *call, o *xcontent.Object, _ []any) {
			o.Set("count", number(c.server.store.Count(jobIndex)))
		})),
		f("without-connector", "A list leaves out the copy of the connector.", "whole", lists(func(_ *call, _ *xcontent.Object, results []any) {
			for _, v := range results {
				v.(*xcontent.Object).Set("connector", xcontent.NewObject("id", v.(*xcontent.Object).Object("connector").String("id")))
			}
		})),
		f("unknown-hidden", "A list leaves out fields that the API does not know.", "whole", func(f *Fault) {
			f.read = func(_ *call, _ *activeFault, index, _ string, d store.Doc, found bool) (store.Doc, bool) {
				if found && index == jobIndex {
					d.Source = d.Source.Clone()
					d.Source.Delete("x_unknown")
				}
				return d, found
			}
		}),
		f("shape-extra", "A list tells how long it took.", "shape", lists(func(_ *call, o *xcontent.Object, _ []any) { o.Set("took", number(1)) })),
		f("empty-null", "A list of nothing has null for results.", "empty", lists(func(_ *call, o *xcontent.Object, results []any) {
			if len(results) == 0 {
				o.Set("results", nil)
			}
		})),
		f("burst-by-id", "Sync jobs are listed in the order of their ids where there are many.", "burst", lists(func(_ *call, _ *xcontent.Object, results []any) {
			if len(results) > 10 {
				slices.SortFunc(results, func(a, b any) int {
					return strings.Compare(a.(*xcontent.Object).String("id"), b.(*xcontent.Object).String("id"))
				})
			}
		})),
		f("status-unknown-dropped", "An unknown status is passed over.", "rejects-status", query("status", unknown(syncStatuses))),
		f("status-type", "An unknown status is reported as parse_exception.", "rejects-status", answers(retype(400, "", "parse_exception"))),
		f("job-type-unknown-dropped", "An unknown job type is passed over.", "rejects-job-type", query("job_type", func(v string) string {
			return strings.Join(slices.DeleteFunc(strings.Split(v, ","), func(s string) bool { return !contains(jobTypes, s) }), ",")
		})),
		f("negative-as-zero", "A negative from is taken for 0.", "rejects-negative", query("from", func(v string) string {
			if strings.HasPrefix(v, "-") {
				return "0"
			}
			return v
		})),
		f("negative-as-default", "A negative size is taken for the default.", "rejects-negative", query("size", func(v string) string {
			if strings.HasPrefix(v, "-") {
				return ""
			}
			return v
		})),
		f("words-as-default", "A size that is no number is taken for the default.", "rejects-words", query("size", func(v string) string {
			if _, err := strconv.ParseInt(v, 10, 32); err != nil {
				return ""
			}
			return v
		})),
		f("window-cut", "A page that reaches beyond 10000 sync jobs is cut.", "window", query("size", func(v string) string {
			if n, err := strconv.Atoi(v); err == nil && n > 4999 && n != maxWindow {
				return "4999"
			}
			return v
		})),
		f("window-type", "A page that reaches beyond 10000 sync jobs is reported as illegal_argument_exception.", "window",
			answers(retype(400, "search_phase_execution_exception", "illegal_argument_exception"))),
		f("parameter-ignored", "Unknown query parameters are passed over.", "routing.unknown-parameter", requests(ignoreParameters)),
		f("sort-accepted", "The query parameter sort is accepted.", "routing.unknown-parameter", requests(func(c *call) *response {
			c.param("sort")
			return nil
		})),
		f("pretty-refused", "The query parameter pretty is rejected.", "routing.common-parameters", requests(refuseParameter("pretty"))),
		f("body-ignored", "A body is passed over.", "body", requests(ignoreBody)),
		f("unproduced", "Lists have no product header.", "headers", answers(setHeader(anyAnswer, "X-Elastic-Product", ""))),
		f("text", "Lists are sent as text/plain.", "headers", answers(setHeader(successful, "Content-Type", "text/plain; charset=UTF-8"))),
	}
}

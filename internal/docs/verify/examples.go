package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

func (j *judge) examples() {
	hidden := 0
	for i := range j.m.Examples {
		x := &j.m.Examples[i]
		if x.Role == claim.RoleSetup {
			continue
		}
		base := fmt.Sprintf("example/%d", x.Number)
		if x.Hidden {
			hidden++
			base = fmt.Sprintf("example/hidden-%d", hidden)
		}
		var ef *probe.ExampleFacts
		if j.facts != nil {
			ef = j.facts.Examples[i]
		}
		j.exampleRuns(base, x, ef)
		if x.Skip != "" {
			j.marker(base, x, ef)
		}
		if x.Result != nil {
			j.exampleResult(base, x, ef)
		}
		if x.Hidden || x.Role != claim.RoleExample {
			continue
		}
		j.exampleStored(base, x, ef)
		j.exampleFields(base, x)
		j.exampleText(base, x)
		j.exampleAll(base, x)
	}
	j.callsTheAPI()
}

func ran(ef *probe.ExampleFacts) bool { return ef != nil && ef.NotRun == "" && len(ef.Calls) > 0 }

func (j *judge) exampleRuns(base string, x *claim.Example, ef *probe.ExampleFacts) {
	documented := "an example that works"
	if x.Catch != "" {
		documented = "an example that fails: " + x.Catch
	}
	c := j.add(base, claim.KindExample, x.At, documented)
	if !ran(ef) {
		if ef != nil && ef.NotRun != "" {
			c.Verdict, c.Reason = claim.NotRun, ef.NotRun
			return
		}
		j.cannot(c, "no request of it was sent")
		return
	}
	last := ef.Calls[len(ef.Calls)-1]
	for _, call := range ef.Calls {
		if lack := call.Lacks(); lack != "" && c.Verdict == "" {
			c.Verdict, c.Reason = claim.NotRun, lack
			j.prove(c, call)
			return
		}
		if !call.OK() && (call != last || x.Catch == "") {
			j.say(c, claim.Contradicted, fmt.Sprintf("%s %s: %s", call.Route.Method, call.Path, probe.Answer(call)), call)
			return
		}
	}
	if x.Catch != "" {
		j.say(c, verdict(!last.OK()), probe.Answer(last), last)
		return
	}
	j.say(c, claim.Confirmed, "run with ids of its own: "+short(probe.Answer(last)), last)
}

// marker says what became of a snippet that the page keeps from being tested.
func (j *judge) marker(base string, x *claim.Example, ef *probe.ExampleFacts) {
	c := j.add(base+"/skip", claim.KindMarker, claim.At{Line: x.SkipAt, Quote: "skip: " + x.Skip}, "the snippet is not to be run by tests")
	if c.Verdict != "" {
		return
	}
	c.Reason = "the page tells tests to skip it: " + x.Skip
	c.Verdict, c.Observed = claim.Skipped, "not run here either"
	if ran(ef) {
		c.Observed = "run here anyway, with ids of resources that were made for it and are deleted afterwards"
		j.prove(c, ef.Calls[len(ef.Calls)-1])
	}
}

func (j *judge) exampleResult(base string, x *claim.Example, ef *probe.ExampleFacts) {
	r := x.Result
	c := j.add(base+"/result", claim.KindExampleResult, r.At, "the answer that the page prints")
	switch {
	case !ran(ef):
		if c.Verdict == "" {
			c.Verdict, c.Reason = claim.NotRun, "its example was not run"
		}
		return
	case r.Skip != "":
		if c.Verdict == "" {
			c.Verdict, c.Reason = claim.Skipped, "the page tells tests to skip it: "+r.Skip
		}
		return
	}
	last := ef.Calls[len(ef.Calls)-1]
	if lack := last.Lacks(); lack != "" {
		if c.Verdict == "" {
			c.Verdict, c.Reason = claim.NotRun, lack
		}
		return
	}
	if r.NonJSON {
		j.nonJSON(c, r, last)
		return
	}
	want, err := jsonval.Decode([]byte(bareRef.ReplaceAllString(r.Body, `$1"$2"`)))
	if err != nil {
		j.cannot(c, "what the page prints is no JSON: "+err.Error(), last)
		return
	}
	diff := jsonval.Diff(resolved(ef.Bind(want), last.JSON, last.JSON), last.JSON)
	if len(diff) == 0 {
		j.say(c, claim.Confirmed, "the same", last)
		return
	}
	var parts []string
	for _, d := range diff {
		parts = append(parts, fmt.Sprintf("%s is %s instead of %s", d.Pointer, orNothing(d.After, d.Kind != "removed"), orNothing(d.Before, d.Kind != "added")))
	}
	j.say(c, claim.Contradicted, strings.Join(parts, "; "), last)
}

func orNothing(v any, there bool) string {
	if !there {
		return "absent"
	}
	return text(v)
}

// nonJSON matches text as Elasticsearch's snippet tests do: each line of the
// page is an expression whose blanks match any.
func (j *judge) nonJSON(c *claim.Claim, r *claim.Result, last *probe.Call) {
	pattern := regexp.MustCompile(`[ \t]+`).ReplaceAllString(strings.TrimSpace(r.Body), `\s+`)
	re, err := regexp.Compile(strings.ReplaceAll(pattern, "\n", `\s*\n\s*`))
	if err != nil {
		j.cannot(c, "what the page prints cannot be read as an expression: "+err.Error(), last)
		return
	}
	j.say(c, verdict(re.MatchString(last.Body)), short(last.Body), last)
}

func (j *judge) exampleStored(base string, x *claim.Example, ef *probe.ExampleFacts) {
	if !ran(ef) || len(ef.Stored) == 0 {
		return
	}
	last := ef.Calls[len(ef.Calls)-1]
	if !last.OK() {
		return
	}
	c := j.add(base+"/stored", claim.KindExample, x.At, "what the example sends is stored")
	sent, _ := last.Sent.(map[string]any)
	var same, other []string
	for _, name := range keys(ef.Stored) { // what is inside of another comes after it
		want, ok := lookup(sent, name)
		if !ok || slices.ContainsFunc(same, func(outer string) bool { return strings.HasPrefix(name, outer+".") }) {
			continue
		}
		if got := ef.Stored[name]; keeps(got, want) {
			same = append(same, name)
		} else {
			other = append(other, fmt.Sprintf("%s is %s instead of %s", name, text(got), text(want)))
		}
	}
	switch {
	case len(other) > 0:
		j.say(c, claim.Contradicted, strings.Join(other, "; "), last)
	case len(same) > 0:
		j.say(c, claim.Confirmed, "read back as sent: "+list(same), last)
	default:
		j.cannot(c, "nothing of it is to be found in what is stored", last)
	}
}

// own returns the requests of an example that call a route of the page.
func (j *judge) own(x *claim.Example) []claim.Request {
	var out []claim.Request
	for _, q := range x.Requests {
		for _, r := range j.m.Routes {
			if probe.Matches(r, q) {
				out = append(out, q)
				break
			}
		}
	}
	return out
}

func (j *judge) exampleFields(base string, x *claim.Example) {
	used := j.used(x)
	if len(used) == 0 {
		return
	}
	c := j.add(base+"/fields", claim.KindConsistency, x.At, "only documented fields and parameters")
	c.Verdict, c.Reason = "", ""
	var unknown []string
	for _, u := range used {
		if !j.isDocumented(u) {
			unknown = append(unknown, u)
		}
	}
	if len(unknown) > 0 {
		j.say(c, claim.Contradicted, "the example uses what the page does not document: "+list(unknown))
		return
	}
	j.say(c, claim.Confirmed, "all are documented: "+list(used))
}

// used lists the top-level fields and query parameters of an example.
func (j *judge) used(x *claim.Example) []string {
	var out []string
	for _, q := range j.own(x) {
		if j.m.FreeBody {
			q.Body = ""
		}
		if doc, err := jsonval.Decode([]byte(q.Body)); err == nil {
			body, _ := doc.(map[string]any)
			out = append(out, keys(body)...)
		}
		if _, query, ok := strings.Cut(q.Path, "?"); ok {
			for _, p := range strings.Split(query, "&") {
				name, _, _ := strings.Cut(p, "=")
				if !slices.Contains(generalParams, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// generalParams are taken by every API and documented in one place for all.
var generalParams = []string{"pretty", "human", "error_trace", "filter_path", "format", ""}

func (j *judge) isDocumented(name string) bool {
	for _, f := range j.m.Fields {
		if f.In != claim.InResponse && f.Name == name {
			return true
		}
	}
	return false
}

// exampleText compares the words in the sentence above a snippet with it.
func (j *judge) exampleText(base string, x *claim.Example) {
	words := claim.Words(x.Intro)
	if len(words) == 0 || !strings.Contains(strings.ToLower(x.Intro), "example") {
		return
	}
	all := ""
	for _, q := range x.Requests {
		all += q.Method + " " + q.Path + "\n" + q.Body + "\n"
	}
	var lost []string
	for _, w := range words {
		if !strings.Contains(all, w) && !j.isDocumented(strings.Trim(w, "<>")) {
			lost = append(lost, w)
		}
	}
	c := j.add(base+"/text", claim.KindExampleText, x.IntroAt, "the example is about "+list(words))
	c.Verdict, c.Reason = "", ""
	if len(lost) > 0 {
		j.say(c, claim.Contradicted, "the example has no "+list(lost))
		return
	}
	j.say(c, claim.Confirmed, "the example has them")
}

var (
	allRE      = regexp.MustCompile(`(?i)\b(?:all|every|each)\b (?:of )?(?:the )?(?:(mandatory|required)(?: and (optional))?|(optional)|available|possible|supported)\b`)
	allFieldRE = regexp.MustCompile(`(?i)\b(?:all|every|each)\b (?:of )?(?:the )?(?:\w+ )?(?:fields?|parameters?|stats?|attributes?|propert(?:y|ies)|settings?)\b`)
)

// exampleAll checks an example that is said to set everything.
func (j *judge) exampleAll(base string, x *claim.Example) {
	m := allRE.FindStringSubmatch(x.Intro)
	if m == nil && !allFieldRE.MatchString(x.Intro) || len(j.m.In(claim.InBody)) == 0 || len(j.own(x)) == 0 {
		return
	}
	onlyRequired := m != nil && m[1] != "" && m[2] == ""
	var missing []claim.Field
	used := j.used(x)
	for _, f := range j.m.In(claim.InBody) {
		if f.Parent() == "" && !slices.Contains(used, f.Name) && (!onlyRequired || f.Required != nil && *f.Required) {
			missing = append(missing, f)
		}
	}
	c := j.add(base+"/all", claim.KindExampleText, x.IntroAt, "the example sets all fields")
	c.Verdict, c.Reason = "", ""
	if len(missing) == 0 {
		j.say(c, claim.Confirmed, "it sets every documented field")
		return
	}
	var names []string
	for _, f := range missing {
		names = append(names, f.Name)
	}
	j.say(c, claim.Contradicted, leavesOut(names))
	c.Edits = j.completeExample(x, missing)
}

func leavesOut(names []string) string { return "it leaves out " + list(names) }

// completeExample adds the missing fields to the example's body.
func (j *judge) completeExample(x *claim.Example, missing []claim.Field) []claim.Edit {
	q := j.own(x)[0]
	if q.BodyEnd-q.BodyLine < 2 {
		return nil
	}
	var lines []string
	for i, f := range missing {
		value := j.sampleOf(f)
		comma := ","
		if i == len(missing)-1 {
			comma = ""
		}
		lines = append(lines, fmt.Sprintf("    %q: %s%s", f.Name, value, comma))
	}
	return []claim.Edit{
		{Line: q.BodyEnd - 1, Append: ","},
		{Line: q.BodyEnd - 1, Insert: lines},
	}
}

// sampleOf is a value that an example may show for a field: one that the server
// took, where it is none of the run's own making, or one as its type says.
func (j *judge) sampleOf(f claim.Field) string {
	switch {
	case f.Default != nil && class(f.Type) != "object":
		return quoted(*f.Default, f.Type)
	case len(f.Values) > 0:
		return quoted(f.Values[0], f.Type)
	}
	switch class(f.Type) {
	case "object":
		return `{ "key": "value" }`
	case "array":
		return `[ "value" ]`
	case "boolean":
		return "true"
	case "instant":
		return `"2023-01-02T10:00:00Z"`
	case "duration":
		return `"30s"`
	case "integer", "int", "long", "short", "number":
		return "1"
	case "float":
		return "1.0"
	}
	return `"value"`
}

// quoted is a word of a page as JSON of a type.
func quoted(word, typ string) string {
	switch class(typ) {
	case "boolean", "integer", "int", "long", "short", "number", "float":
		return word
	}
	return string(jsonval.Encode(word))
}

// callsTheAPI reports a page none of whose examples calls one of its routes.
func (j *judge) callsTheAPI() {
	visible := 0
	for i := range j.m.Examples {
		x := &j.m.Examples[i]
		if x.Hidden || x.Role != claim.RoleExample || len(x.Requests) == 0 {
			continue
		}
		visible++
		if len(j.own(x)) > 0 {
			return
		}
	}
	if visible == 0 || len(j.m.Routes) == 0 {
		return
	}
	x := j.firstVisible()
	c := j.add("consistency/route", claim.KindConsistency, x.At, "an example of "+routesText(j.m.Routes))
	c.Verdict, c.Reason = "", ""
	j.say(c, claim.Contradicted, fmt.Sprintf("no example calls it: %s %s", x.Requests[0].Method, x.Requests[0].Path))
}

func (j *judge) firstVisible() *claim.Example {
	for i := range j.m.Examples {
		if x := &j.m.Examples[i]; !x.Hidden && x.Role == claim.RoleExample && len(x.Requests) > 0 {
			return x
		}
	}
	return nil
}

// coverage reports documented fields that no example shows.
func (j *judge) coverage() {
	used := map[string]bool{}
	visible := false
	for i := range j.m.Examples {
		x := &j.m.Examples[i]
		if x.Hidden || x.Role != claim.RoleExample {
			continue
		}
		visible = true
		for _, u := range j.used(x) {
			used[u] = true
		}
	}
	var fields, missing []string
	for _, f := range append(j.m.In(claim.InBody), probe.Query(j.m)...) {
		if f.Parent() != "" {
			continue
		}
		fields = append(fields, f.Name)
		if !used[f.Name] {
			missing = append(missing, f.Name)
		}
	}
	if len(fields) == 0 || !visible {
		return
	}
	at := j.firstVisible().At
	c := j.add("example-coverage", claim.KindCoverage, at, "the examples show every documented field")
	c.Verdict, c.Reason = "", ""
	if len(missing) > 0 {
		j.say(c, claim.Undocumented, "no example shows "+list(missing))
		for _, all := range j.claims { // the example that is said to show all does not
			if all.Kind == claim.KindExampleText && all.Verdict == claim.Contradicted && all.Observed == leavesOut(missing) {
				all.Cause = all.ID
				c.Cause = all.ID
			}
		}
		return
	}
	j.say(c, claim.Confirmed, "each is in an example: "+list(fields))
}

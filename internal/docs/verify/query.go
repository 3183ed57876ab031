package verify

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func (j *judge) queryParams() {
	misplaced := 0
	for _, f := range probe.Query(j.m) {
		var ff *probe.FieldFacts
		if j.main != nil {
			ff = j.main.Field(claim.InQuery, f.Name)
		}
		if f.In == claim.InPath {
			if ff == nil || ff.Refused != nil {
				continue // a path parameter that no route has
			}
			misplaced++
		}
		f.In = claim.InQuery
		j.queryParam(f, ff)
	}
	if misplaced > 0 {
		j.misplaced(misplaced)
	}
	j.undocumentedParams()
}

func (j *judge) queryParam(f claim.Field, ff *probe.FieldFacts) {
	base := "query/" + f.Name
	c := j.add(base, claim.KindQueryParam, f.At, "a query parameter "+f.Name)
	switch {
	case ff == nil || ff.Refused == nil && len(ff.Trials) == 0:
		j.cannot(c, "it was not probed")
		return
	case ff.Refused != nil:
		j.say(c, claim.Contradicted, "the server does not know it: "+probe.Answer(ff.Refused), ff.Refused)
		return
	case ff.Sent == nil:
		j.cannot(c, "no value that was tried for it is accepted", ff.Trials[0].Call)
	default:
		j.paramUsed(c, ff)
	}
	j.required(base, f, ff)
	j.fieldType(base, f, ff)
	j.values(base, f, ff)
	j.takesList(base, f, ff)
	j.fieldDefault(base, f, ff)
}

// takesList judges a parameter that is said to take several values at once.
func (j *judge) takesList(base string, f claim.Field, ff *probe.FieldFacts) {
	if !f.TakesList() {
		return
	}
	c := j.add(base+"/list", claim.KindList, f.At, "several values at once, separated by commas")
	if ff.List == nil {
		j.cannot(c, "no two values are known that it takes")
		return
	}
	sent := f.Name + "=" + strings.Join(ff.ListValues, ",")
	if !ff.List.OK() {
		j.say(c, claim.Contradicted, fmt.Sprintf("each of %s is accepted, %s is not: %s", list(ff.ListValues), sent, probe.Answer(ff.List)), ff.List)
		return
	}
	var lost []string
	for _, v := range ff.ListValues {
		if ff.Selects[v] && !probe.Selected(ff.List, f.Name, v) {
			lost = append(lost, v)
		}
	}
	word := call(ff, probe.SampleWord)
	switch {
	case len(lost) > 0:
		j.say(c, claim.Contradicted, fmt.Sprintf("with %s there is no result of %s, which alone selects some", sent, list(lost)), ff.List)
	case word != nil && !word.OK():
		j.say(c, claim.Confirmed, sent+" is accepted, an unknown word is not", ff.List, word)
	case probe.Selected(ff.List, f.Name, ff.ListValues[0]) && probe.Selected(ff.List, f.Name, ff.ListValues[1]):
		j.say(c, claim.Confirmed, "with "+sent+" there are results of both", ff.List)
	default:
		j.cannot(c, sent+" is accepted as any word is, and no result shows that it is read as two values", ff.List)
	}
}

// paramUsed confirms a parameter, unless it is said to select and does not.
func (j *judge) paramUsed(c *claim.Claim, ff *probe.FieldFacts) {
	var selected []string
	for v, all := range ff.Filters {
		if !all {
			j.say(c, claim.Contradicted, fmt.Sprintf("with %s=%s there are results of other values", ff.Name, v), ff.Listed[v])
			return
		}
		selected = append(selected, v)
	}
	observed := "accepted: " + short(probe.Answer(ff.Sent))
	if len(selected) > 0 {
		observed = fmt.Sprintf("accepted, and every result has the value (%d values tried)", len(selected))
	}
	j.say(c, claim.Confirmed, observed, ff.Sent)
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// misplaced reports query parameters under the heading of path parameters.
func (j *judge) misplaced(n int) {
	at := j.m.PathAt
	c := j.beyond("path/heading", claim.KindMarkup, at, "path parameters")
	var names []string
	all := true
	for _, f := range j.m.In(claim.InPath) {
		if ff := j.main.Field(claim.InQuery, f.Name); ff != nil && ff.Refused == nil {
			names = append(names, f.Name)
		} else {
			all = false
		}
	}
	j.say(c, claim.Contradicted, "these are query parameters: "+list(names), j.main.Field(claim.InQuery, names[0]).Sent)
	if all && n > 0 {
		better := strings.NewReplacer("{api-path-parms-title}", "{api-query-parms-title}", "Path parameters", "Query parameters").Replace(at.Quote)
		c.Edits = j.swap(at, at.Quote, better)
	}
}

// undocumentedParams reports parameters that another document names, and the
// server takes.
func (j *judge) undocumentedParams() {
	if j.main == nil {
		return
	}
	at := claim.At{}
	if len(j.m.Routes) > 0 {
		at = j.m.Routes[0].At
	}
	documented := map[string]bool{}
	for _, f := range probe.Query(j.m) {
		documented[f.Name] = true
	}
	for _, key := range keys(j.main.Fields) {
		ff := j.main.Fields[key]
		if ff.In != claim.InQuery || documented[ff.Name] || ff.Sent == nil {
			continue
		}
		c := j.beyond("query/"+ff.Name, claim.KindQueryParam, at, "nothing on "+ff.Name)
		j.say(c, claim.Undocumented, "the server accepts it: "+short(probe.Answer(ff.Sent)), ff.Sent)
	}
}

package verify

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

func (j *judge) prose() {
	for _, s := range j.m.Prose {
		name := string(s.Kind)
		if s.Field != "" {
			name += "/" + s.Field
		}
		c := j.add("prose/"+name, claim.KindProse, s.At, documented(s))
		if j.main == nil {
			continue
		}
		switch s.Kind {
		case claim.SetsNow:
			j.setsNow(c, s)
		case claim.SetsValue:
			j.setsValue(c, s)
		case claim.NamesValue:
			j.namesValue(c, s)
		case claim.Ordered:
			j.ordered(c, s)
		case claim.Exists:
			j.mustExist(c, s)
		case claim.Removes:
			j.removes(c)
		case claim.Lists:
			j.canBeSet(c, s)
		default:
			j.cannot(c, "no request can show it")
		}
	}
}

func documented(s claim.Statement) string {
	switch s.Kind {
	case claim.SetsNow:
		return s.Field + " becomes the current time"
	case claim.SetsValue:
		return s.Field + " becomes " + s.Value
	case claim.NamesValue:
		return s.Value + " is a value of " + s.Field
	case claim.Ordered:
		return s.Value + " by the time of creation"
	case claim.Exists:
		return s.Field + " refers to something that exists"
	case claim.Removes:
		return "the resource is removed"
	case claim.Lists:
		return s.Field + " can be set"
	}
	return s.Quote
}

// changed lists the top-level fields that a call changed.
func changed(c *probe.Call) []string {
	seen := map[string]bool{}
	for _, ch := range jsonval.Diff(c.Before, c.After) {
		name, _, _ := strings.Cut(strings.TrimPrefix(ch.Pointer, "/"), "/")
		seen[name] = true
	}
	out := make([]string, 0, len(seen))
	for k := range seen {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (j *judge) setsNow(c *claim.Claim, s claim.Statement) {
	call := j.main.OK
	v, has := lookup(call.After, s.Field)
	if !has {
		j.say(c, claim.Contradicted, "there is no such field afterwards; changed are "+list(changed(call)), call)
		if name := similar(s.Field, changed(call)); name != "" {
			c.Edits = j.swap(s.At, "`"+s.Field+"`", "`"+name+"`")
		}
		return
	}
	after, isTime := instant(v)
	before, _ := lookup(call.Before, s.Field)
	created := time0(call.Before, "created_at")
	later, hasLater := instant(j.main.Later)
	switch {
	case !isTime:
		j.say(c, claim.Contradicted, s.Field+" is no time: "+text(v), call)
	case jsonval.Equal(v, before):
		j.say(c, claim.Contradicted, s.Field+" stays "+text(before), call)
	case !created.IsZero() && after.Before(created) || hasLater && after.After(later):
		j.say(c, claim.Contradicted, s.Field+" is not the time of the request: "+text(v), call)
	default:
		observed := fmt.Sprintf("%s is %s", s.Field, text(v))
		if hasLater {
			observed += ", before a check-in that followed (" + j.main.Later + ")"
		}
		j.say(c, claim.Confirmed, observed, call)
	}
}

// similar is the name out of a list that differs in a few letters only.
func similar(name string, from []string) string {
	best, limit := "", max(2, len(name)/5)
	for _, f := range from {
		if d := distance(name, f); d <= limit {
			best, limit = f, d-1
		}
	}
	return best
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for k := 1; k <= len(b); k++ {
			cost := prev
			if a[i-1] != b[k-1] {
				cost = min(prev, row[k], row[k-1]) + 1
			}
			prev, row[k] = row[k], cost
		}
	}
	return row[len(b)]
}

// setsValue looks at every state in which the call succeeds.
func (j *judge) setsValue(c *claim.Claim, s claim.Statement) {
	calls := map[string]*probe.Call{"": j.main.OK}
	if len(j.main.ByState) > 0 {
		calls = j.main.ByState
	}
	var parts []string
	var values []string
	var proof []*probe.Call
	all, some := true, false
	for _, st := range states(calls) {
		call := calls[st]
		if !call.OK() {
			continue
		}
		v, has := lookup(call.After, s.Field)
		got := text(v)
		if str, isText := v.(string); isText {
			got = str
		}
		if !has {
			got = "absent"
		}
		values = append(values, got)
		if got == s.Value {
			some = true
		} else {
			all = false
		}
		if st == "" {
			parts = append(parts, got)
		} else {
			parts = append(parts, st+" → "+got)
		}
		proof = append(proof, call)
	}
	if len(parts) == 0 {
		j.cannot(c, "no call succeeded")
		return
	}
	j.say(c, verdict(all), s.Field+": "+strings.Join(parts, ", "), proof...)
	if name := similar(s.Value, values); !all && !some && name != "" {
		c.Edits = j.swap(s.At, "`"+s.Value+"`", "`"+name+"`")
	}
}

func states(m map[string]*probe.Call) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Slice(out, func(a, b int) bool { return m[out[a]].Index < m[out[b]].Index })
	return out
}

func (j *judge) namesValue(c *claim.Claim, s claim.Statement) {
	call := j.main.Values[probe.ValueKey(s.Field, s.Value)]
	if call == nil {
		j.cannot(c, "nothing asks whether "+s.Field+" can have a value")
		return
	}
	j.say(c, verdict(probe.Known(call)), call.Path+": "+short(probe.Answer(call)), call)
	if c.Verdict != claim.Contradicted {
		return
	}
	var seen []string
	for _, st := range j.main.ByState {
		if v, _ := lookup(st.Before, s.Field); v != nil {
			seen = append(seen, fmt.Sprint(v))
		}
	}
	if name := similar(s.Value, seen); name != "" {
		c.Edits = j.swap(s.At, "`"+s.Value+"`", "`"+name+"`")
	}
}

func (j *judge) ordered(c *claim.Claim, s claim.Statement) {
	if j.main.Order == "" {
		j.cannot(c, "the order of three resources that were created one after the other could not be told", j.main.OrderCall)
		return
	}
	j.say(c, verdict(j.main.Order == s.Value), "three that were created one after the other: "+j.main.Order, j.main.OrderCall)
	if c.Verdict == claim.Contradicted {
		c.Edits = j.swap(s.At, s.Value, j.main.Order)
	}
}

func (j *judge) mustExist(c *claim.Claim, s claim.Statement) {
	if ff := j.main.Field(claim.InBody, s.Field); ff != nil && ff.Ref != "" {
		call := call(ff, probe.SampleWord)
		j.say(c, verdict(call != nil && call.Status == 404), "for one that does not exist: "+probe.Answer(call), call)
		return
	}
	for _, r := range j.m.Routes {
		if slices.Contains(r.Params(), s.Field) && j.main.Unknown != nil {
			j.say(c, verdict(j.main.Unknown.Status == 404), "for one that does not exist: "+probe.Answer(j.main.Unknown), j.main.Unknown)
			return
		}
	}
	if _, known := j.m.Field(claim.InBody, s.Field); !known && j.main.Unknown != nil {
		j.say(c, claim.Contradicted, fmt.Sprintf("there is no %s: the parameter is %s", s.Field, strings.Join(j.main.Route.Params(), ", ")), j.main.Unknown)
		return
	}
	j.cannot(c, "nothing is known of what "+s.Field+" refers to")
}

func (j *judge) removes(c *claim.Claim) {
	if j.main.Route.Method != "DELETE" {
		j.cannot(c, "the route is not one that deletes")
		return
	}
	call := j.main.OK
	observed := "afterwards it is still there"
	if call.Gone {
		observed = "afterwards it is not to be found"
	}
	j.say(c, verdict(call.Gone), observed, call)
}

func (j *judge) canBeSet(c *claim.Claim, s claim.Statement) {
	ff := j.main.Field(claim.InBody, s.Field)
	switch {
	case ff == nil || ff.Refused != nil:
		if _, documented := j.m.Field(claim.InBody, s.Field); !documented && ff == nil {
			j.say(c, claim.Contradicted, "the request has no such field", j.main.OK)
			return
		}
		if ff == nil {
			j.cannot(c, "no value that was tried for it is accepted")
			return
		}
		j.say(c, claim.Contradicted, "the server does not know it: "+probe.Answer(ff.Refused), ff.Refused)
	case ff.Found:
		j.say(c, claim.Confirmed, fmt.Sprintf("%s is stored as %s", text(ff.Value), text(ff.Stored)), ff.Sent)
	default:
		j.cannot(c, "it is accepted, but not to be found in what is stored", ff.Sent)
	}
}

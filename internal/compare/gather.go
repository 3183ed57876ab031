package compare

import (
	"regexp"

	"github.com/esconform/esconform/internal/result"
)

// gathered are requirements that turned out otherwise in the same way and for
// the same reason.
type gathered struct {
	OutcomeChange
	others []OutcomeChange
}

// mostAlike is how many requirements with one reason are told one by one.
const mostAlike = 3

// failedAt is why a requirement was not proven: something else failed before.
var failedAt = regexp.MustCompile(`failed at (what .* requires?)$`)

// gather puts together the unexpected changes of requirements that are many of
// a kind. What fails newly is never hidden behind another.
func (c *Comparison) gather() []gathered {
	type key struct {
		class    Class
		change   string
		old, now result.Outcome
		why      string
	}
	keyOf := func(o *OutcomeChange) key {
		k := key{o.Class, o.Change, o.Old, o.New, o.Reason}
		if m := failedAt.FindStringSubmatch(o.Reason); m != nil {
			k.why = m[1]
		}
		if o.Change == NewlyFailing {
			k.why = o.Requirement
		}
		return k
	}
	counts, at := map[key]int{}, map[key]int{}
	for i := range c.Outcomes {
		counts[keyOf(&c.Outcomes[i])]++
	}
	var out []gathered
	for _, o := range c.Outcomes {
		if o.Expected != "" {
			continue
		}
		k := keyOf(&o)
		if i, ok := at[k]; ok && counts[k] > mostAlike {
			out[i].others = append(out[i].others, o)
			continue
		}
		at[k] = len(out)
		out = append(out, gathered{OutcomeChange: o})
	}
	return out
}

// ids are the requirements that are told of with the first.
func (g *gathered) ids() []string {
	out := make([]string, len(g.others))
	for i, o := range g.others {
		out[i] = o.Requirement
	}
	return out
}

package suite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/requirement"
)

// Table says for each call of an API what kinds of checks there are of it.
func (s *Suite) Table(api string) requirement.Table {
	if s.Checks == nil {
		return requirement.Table{}
	}
	calls := slices.DeleteFunc(s.Catalogue.AllCalls(), func(call string) bool {
		_, at, _ := strings.Cut(call, " ")
		return s.Families.OfPath(at) != api
	})
	var proofs []requirement.Proof
	for _, c := range s.Cases {
		proofs = append(proofs, requirement.Proof{Scenario: c.ID, Requirements: c.Requirements, Requests: c.requests()})
	}
	return s.Checks.Table(calls, s.Catalogue, proofs)
}

// request is how steps name one: in their text, or in a row of a table.
var request = regexp.MustCompile(`\b([A-Z]{3,7})[\s|]+"?(/[^\s"|]*)`)

// requests are those that the steps of a scenario name.
func (c *Case) requests() []string {
	var all []string
	for _, st := range c.Steps {
		for _, m := range request.FindAllStringSubmatch(st.Text+"\n"+st.Argument, -1) {
			all = append(all, m[1]+" "+m[2])
		}
	}
	return all
}

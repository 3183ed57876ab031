package operation

import "github.com/esconform/esconform/internal/docs/claim"

// The words for how much of an operation was held against the server.
const (
	Verified = "verified" // a request was accepted, and everything was asked
	Partly   = "partly"   // a request was accepted, or the route is known, but not all was asked
	NotRun   = "not run"
)

// Coverage says how much of an operation was held against the server.
type Coverage struct {
	Operation string                `json:"operation"`
	Route     string                `json:"route"`
	State     string                `json:"state"`
	Why       string                `json:"why,omitempty"`
	Requests  int                   `json:"requests"`
	Accepted  int                   `json:"accepted"` // requests that were answered as a success
	Counts    map[claim.Verdict]int `json:"counts"`
}

func (b *bench) coverage() Coverage {
	c := Coverage{Operation: b.op.id, Route: b.op.String(), Requests: b.requests, Accepted: b.accepted, Counts: map[claim.Verdict]int{}, State: Verified}
	for _, one := range b.claims {
		c.Counts[one.Verdict]++
	}
	switch {
	case b.missing != nil:
		c.State, c.Why = NotRun, "the server has no such route"
	case b.base == nil && b.skipped != "":
		c.State, c.Why = NotRun, b.skipped
	case b.base == nil:
		c.State, c.Why = NotRun, b.whyNot()
	case !b.ended:
		c.State, c.Why = Partly, b.failure
	}
	return c
}

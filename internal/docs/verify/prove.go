package verify

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// The sizes of what a document may leave in a report, in bytes.
const (
	maxText  = 1000     // of a quote, or of what was documented and observed
	maxID    = 300      // of the id of a claim
	fullBody = 16 << 10 // a longer body is cut
	cutBody  = 4 << 10
	maxProof = 2 << 20 // of all exchanges
)

// prove adds the exchange that shows a verdict.
func (j *judge) prove(c *claim.Claim, call *probe.Call) {
	if call.Index < 0 || call.Index >= len(j.exchanges) {
		return
	}
	e := j.exchanges[call.Index]
	cut(&e.Request)
	if e.Response != nil {
		res := *e.Response
		cut(&res)
		e.Response = &res
	}
	curl := wire.Curl(e, "")
	if j.proof += size(e) + len(curl); j.proof > maxProof {
		j.unproved++
		return
	}
	c.Proof = append(c.Proof, claim.Proof{Curl: curl, Exchange: &e})
}

func cut(m *result.Message) {
	if len(m.Body) <= fullBody {
		return
	}
	m.CutFrom = max(m.CutFrom, len(m.Body))
	m.Body = strings.ToValidUTF8(m.Body[:cutBody], "")
}

// size is about what an exchange takes in a report.
func size(e result.Exchange) int {
	n := 500 + len(e.Request.Body)
	if e.Response != nil {
		n += len(e.Response.Body)
	}
	return n
}

// trim cuts what claims say to what a person reads, and says what is left out.
func (j *judge) trim() {
	for _, c := range j.claims {
		for _, s := range []*string{&c.Quote, &c.Documented, &c.Observed, &c.Reason} {
			*s = shorten(*s, maxText)
		}
	}
	if j.unproved > 0 {
		c := j.add("unread/proofs", claim.KindUnread, claim.At{Line: 1}, "")
		c.Verdict, c.Reason = claim.NotRun, fmt.Sprintf("%d exchanges are left out of this report: those of the document's claims would be more than %d MiB", j.unproved, maxProof>>20)
	}
}

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

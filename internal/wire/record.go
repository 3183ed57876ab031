package wire

import (
	"strings"
	"sync/atomic"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
)

const (
	// maxRecord is how many bytes of bodies one session keeps in full, and
	// maxTotal is the same for all sessions of a client: a report holds all
	// of them at once.
	maxRecord = 4 << 20
	maxTotal  = 48 << 20
	// maxKept is the longest body that is kept in full: nobody reads a longer
	// one, and the reports hold it several times.
	maxKept = 512 << 10
	// cutBody is to how many bytes bodies beyond that are cut, and bodies of
	// answers that could not be read to their end.
	cutBody = 4 << 10
	// soughtBody is how much of such a body is searched for secrets before it
	// is cut: no cut of what is kept may go through one.
	soughtBody = 16 * cutBody
)

// record is the exchanges of a session, bounded in memory.
type record struct {
	exchanges []result.Exchange
	sent      result.Sent
	bytes     int
	total     *totals // of the client
	redact    func(string) string
}

// totals are those of all sessions of a client.
type totals struct {
	requests, writes atomic.Int64
	bytes            atomic.Int64 // of the bodies that are kept
}

// count counts a request.
func (r *record) count(m *result.Message) {
	r.sent.Requests++
	r.total.requests.Add(1)
	if !family.EmbeddedPaths().Reads(m.Method, m.Path) {
		r.sent.Writes++
		r.total.writes.Add(1)
	}
}

// forget lets go of what is kept, but not of the counts.
func (r *record) forget() {
	r.total.bytes.Add(-int64(r.bytes))
	r.exchanges, r.bytes = nil, 0
}

// add counts and keeps an exchange, and returns its index.
func (r *record) add(e result.Exchange) int {
	r.count(&e.Request)
	return r.quote(e)
}

// quote keeps an exchange and returns its index.
func (r *record) quote(e result.Exchange) int {
	unread := e.Error != ""
	r.keep(&e.Request, false)
	if e.Response != nil {
		r.keep(e.Response, unread)
	}
	r.exchanges = append(r.exchanges, e)
	return len(r.exchanges) - 1
}

// setBody writes down a body, or the start of one that is not kept in full.
func setBody(m *result.Message, body []byte, redact func(string) string) {
	if len(body) <= maxKept {
		m.Body = string(body)
		return
	}
	m.CutFrom = len(body)
	start := redact(string(body[:soughtBody]))
	if len(start) < 2*cutBody { // next to nothing but secrets, the last one cut
		start = Redacted
	}
	m.Body = strings.Clone(start[:min(cutBody, len(start))])
}

func (r *record) keep(m *result.Message, cut bool) {
	size := len(m.Body)
	if size > cutBody && (cut || r.bytes+size > maxRecord || r.total.bytes.Load()+int64(size) > maxTotal) {
		m.CutFrom = size
		body := r.redact(m.Body)                               // no cut goes through a secret
		m.Body = strings.Clone(body[:min(cutBody, len(body))]) // lets go of the rest
	}
	r.bytes += len(m.Body)
	r.total.bytes.Add(int64(len(m.Body)))
}

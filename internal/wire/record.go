package wire

import (
	"strings"

	"github.com/esconform/esconform/internal/result"
)

const (
	// maxRecord is how many bytes of bodies one session keeps in full.
	maxRecord = 4 << 20
	// cutBody is to how many bytes bodies beyond that are cut.
	cutBody = 16 << 10
)

// record is the exchanges of a session, bounded in memory.
type record struct {
	exchanges []result.Exchange
	bytes     int
}

// add keeps an exchange and returns its index.
func (r *record) add(e result.Exchange) int {
	r.keep(&e.Request)
	if e.Response != nil {
		r.keep(e.Response)
	}
	r.exchanges = append(r.exchanges, e)
	return len(r.exchanges) - 1
}

func (r *record) keep(m *result.Message) {
	if r.bytes+len(m.Body) > maxRecord && len(m.Body) > cutBody {
		m.CutFrom = len(m.Body)
		m.Body = strings.Clone(m.Body[:cutBody]) // lets go of the rest
	}
	r.bytes += len(m.Body)
}

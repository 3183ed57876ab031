package suite

import (
	"strings"

	"github.com/esconform/esconform/internal/result"
)

const (
	// maxEvidence is how many bytes of bodies and values one run keeps in
	// full. A run of the whole suite needs a third of it; a server that sends
	// megabytes must not fill the memory.
	maxEvidence = 32 << 20
	// cutEvidence is to how many bytes they are cut beyond that.
	cutEvidence = 1 << 10
)

// budget is what is left of maxEvidence.
type budget int

// spend keeps the evidence of a scenario within the budget.
func (b *budget) spend(s *result.Scenario) {
	if f := s.Failure; f != nil {
		for _, text := range []*string{&f.Message, &f.Expected, &f.Actual} {
			if b.take(len(*text)) {
				*text = strings.Clone((*text)[:cutEvidence]) + " … (cut)"
			}
		}
	}
	for i := range s.Exchanges {
		e := &s.Exchanges[i]
		b.cut(&e.Request)
		if e.Response != nil {
			b.cut(e.Response)
		}
	}
}

// take accounts for n bytes and reports whether they are too many.
func (b *budget) take(n int) bool {
	over := n > cutEvidence && int(*b) < n
	if over {
		n = cutEvidence
	}
	*b -= budget(n)
	return over
}

func (b *budget) cut(m *result.Message) {
	if b.take(len(m.Body)) {
		m.CutFrom = max(m.CutFrom, len(m.Body))
		m.Body = strings.Clone(m.Body[:cutEvidence]) // lets go of the rest
	}
}
